-- Prompts and resources can be held like tools, and what an approval is bound to is one digest
-- (`bound`) over all of it, so that a long address does not have to fit into an index. What the
-- agent wants to send is sealed at rest; what was kept in the clear is dropped. An approval from
-- before is bound to nothing any more (`bound` is empty): it covers no call and lapses in its time.
ALTER TABLE approval RENAME COLUMN tool TO item;
ALTER TABLE approval
  ADD COLUMN method   text NOT NULL DEFAULT 'tools/call',
  ADD COLUMN resource text NOT NULL DEFAULT '',
  ADD COLUMN server   text NOT NULL DEFAULT '',
  ADD COLUMN bound    text NOT NULL DEFAULT '';
UPDATE approval SET resource = split_part(item, '/', 1);
ALTER TABLE approval
  ALTER COLUMN method   DROP DEFAULT,
  ALTER COLUMN resource DROP DEFAULT,
  ALTER COLUMN server   DROP DEFAULT,
  ALTER COLUMN bound    DROP DEFAULT,
  DROP COLUMN shown,
  ADD COLUMN shown bytea;

DROP INDEX approval_alive;
CREATE UNIQUE INDEX approval_alive
    ON approval (bound)
 WHERE state IN ('PENDING', 'GRANTED') AND bound <> '';
CREATE INDEX approval_bound ON approval (bound, opened_at);

-- What became of a call that was made under an approval, so that a repeat of it gets the answer and
-- is not made again. The row is there from the moment the approval is used; the answer is sealed,
-- and the row goes when its time is up or the task ends.
CREATE TABLE approval_outcome (
  approval   text        PRIMARY KEY REFERENCES approval (id),
  decision   text        NOT NULL,
  state      text        NOT NULL
    CHECK (state IN ('UNKNOWN', 'NOT_SENT', 'ANSWERED', 'TOO_LARGE')),
  answer     bytea,
  used_at    timestamptz NOT NULL,
  keep_until timestamptz NOT NULL
);

CREATE INDEX approval_outcome_kept ON approval_outcome (keep_until);
