-- Which place of the status list belongs to which token: one row for all tokens of one transaction
-- of issue. What the places say is computed and never stored. Rows go when their tokens expired.
CREATE TABLE status_place (
  page       text        NOT NULL,
  places     bigint[]    NOT NULL,
  tokens     text[]      NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX status_place_page ON status_place (page);
CREATE INDEX status_place_expires ON status_place (expires_at);
