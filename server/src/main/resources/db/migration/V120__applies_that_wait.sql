-- Applies that wait for a second person: one row each, never deleted. Each is settled once, by
-- compare-and-set on its state; the ledger says so in the same transaction.
CREATE TABLE apply_request (
  id           text        PRIMARY KEY,
  state        text        NOT NULL
                           CHECK (state IN ('REQUESTED', 'AGREED', 'DECLINED', 'LAPSED', 'VOID')),
  requested_by text        NOT NULL,
  what         text        NOT NULL,
  version      bigint      NOT NULL,
  digest       text        NOT NULL,
  why          text        NOT NULL,
  changes      bigint      NOT NULL,
  requested_at timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL,
  answered_by  text,
  CHECK ((answered_by IS NOT NULL) = (state IN ('AGREED', 'DECLINED')))
);

-- The same change is asked for once at a time.
CREATE UNIQUE INDEX apply_request_open ON apply_request (digest) WHERE state = 'REQUESTED';
