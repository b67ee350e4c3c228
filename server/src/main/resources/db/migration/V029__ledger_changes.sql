-- How many governance changes there were, over all logs. Each takes the next numbers in its own
-- transaction and holds the row until it ends, so the order of numbers is that of the commits.
CREATE TABLE ledger_change (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  last  bigint  NOT NULL
);
INSERT INTO ledger_change (last) VALUES (0);
