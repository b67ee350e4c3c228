-- Wishes to let act again what is suspended, and what became of them. Rows are never deleted; of
-- each party at most one is open.
CREATE TABLE resumption (
  id           text        PRIMARY KEY,
  kind         text        NOT NULL,
  name         text        NOT NULL,
  epoch        bigint      NOT NULL,
  state        text        NOT NULL
    CHECK (state IN ('REQUESTED', 'AGREED', 'DECLINED', 'LAPSED')),
  requested_by text        NOT NULL,
  reason       text        NOT NULL,
  requested_at timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL,
  answered_by  text,
  CHECK (answered_by <> requested_by),
  CHECK (state NOT IN ('AGREED', 'DECLINED') OR answered_by IS NOT NULL)
);
CREATE UNIQUE INDEX resumption_open ON resumption (kind, name) WHERE state = 'REQUESTED';
