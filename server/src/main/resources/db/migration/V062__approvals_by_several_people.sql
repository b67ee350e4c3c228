-- Which request an approval is for (`request`), apart from what it rests on (`assumptions`, their
-- canonical JSON), so that a repeat finds its approval although something has changed, and the
-- approval can say what. `terms` says who has to agree and to how much they may. An approval from
-- before has an empty `request`: no call finds it any more, and it lapses in its time.
ALTER TABLE approval
  ADD COLUMN request      text NOT NULL DEFAULT '',
  ADD COLUMN assumptions  text NOT NULL DEFAULT '[]',
  ADD COLUMN terms        text NOT NULL DEFAULT '',
  ADD COLUMN under        text REFERENCES approval (id),
  ADD COLUMN reminded_at  timestamptz,
  ADD COLUMN escalated_at timestamptz;

DROP INDEX approval_alive;
CREATE UNIQUE INDEX approval_alive
    ON approval (request)
 WHERE state IN ('PENDING', 'GRANTED') AND request <> '';
CREATE INDEX approval_request ON approval (request, opened_at);
CREATE INDEX approval_under ON approval (under) WHERE under IS NOT NULL;

-- Counted before another one is opened, and walked when somebody above them is stopped.
CREATE INDEX approval_alive_task ON approval (task) WHERE state IN ('PENDING', 'GRANTED');
CREATE INDEX approval_alive_identity ON approval (identity) WHERE state IN ('PENDING', 'GRANTED');
CREATE INDEX approval_alive_workflow ON approval (workflow) WHERE state IN ('PENDING', 'GRANTED');
CREATE INDEX approval_asked ON approval (identity, opened_at);

-- Those who have agreed, each once. What they wrote (`said`) is sealed.
CREATE TABLE approval_agreement (
  approval  text        NOT NULL REFERENCES approval (id),
  person    text        NOT NULL,
  roles     text[]      NOT NULL,
  uses      integer     NOT NULL CHECK (uses >= 1),
  until     timestamptz,
  free      text[]      NOT NULL,
  agreed_at timestamptz NOT NULL,
  said      bytea       NOT NULL,
  PRIMARY KEY (approval, person)
);

-- What was agreed to for a task: so many calls like the held one, until then. Each use is a row of
-- `approval` with `under` naming this one. `covers` is the kind of call, `fixed` its arguments but
-- for those that are `free`.
CREATE TABLE approval_allowance (
  approval text        PRIMARY KEY REFERENCES approval (id),
  covers   text        NOT NULL,
  fixed    text        NOT NULL,
  free     text[]      NOT NULL,
  uses     integer     NOT NULL CHECK (uses >= 2),
  until    timestamptz NOT NULL,
  state    text        NOT NULL CHECK (state IN ('OPEN', 'SPENT', 'LAPSED', 'VOID')),
  ended_at timestamptz,
  CHECK ((state = 'OPEN') = (ended_at IS NULL))
);
CREATE INDEX approval_allowance_open ON approval_allowance (covers) WHERE state = 'OPEN';
