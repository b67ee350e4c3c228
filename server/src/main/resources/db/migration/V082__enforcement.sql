-- Wishes to observe policy without enforcing it, and what became of them. Rows are never deleted;
-- at most one is alive.
CREATE TABLE enforcement (
  id           text        PRIMARY KEY,
  state        text        NOT NULL
    CHECK (state IN ('REQUESTED', 'ACTIVE', 'DECLINED', 'LAPSED', 'EXPIRED', 'ENDED')),
  requested_by text        NOT NULL,
  reason       text        NOT NULL,
  seconds      bigint      NOT NULL,
  requested_at timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL,
  answered_by  text,
  expires_at   timestamptz,
  CHECK (answered_by <> requested_by),
  CHECK (state NOT IN ('ACTIVE', 'EXPIRED') OR (answered_by IS NOT NULL AND expires_at IS NOT NULL))
);
CREATE UNIQUE INDEX enforcement_alive
    ON enforcement ((true)) WHERE state IN ('REQUESTED', 'ACTIVE');
