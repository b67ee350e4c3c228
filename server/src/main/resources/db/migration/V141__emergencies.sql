-- Emergencies: glass that was broken for one identity or workflow at one resource, and what became
-- of it. Rows are never deleted; at most one of a workflow is asked for or open.
CREATE TABLE emergency (
  id           text        PRIMARY KEY,
  state        text        NOT NULL
    CHECK (state IN ('REQUESTED', 'OPEN', 'DECLINED', 'LAPSED', 'EXPIRED', 'SPENT', 'ENDED')),
  workflow     text        NOT NULL,
  identity     text,
  resource     text        NOT NULL,
  tool         text,
  calls        bigint      NOT NULL CHECK (calls > 0),
  used         bigint      NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND calls),
  seconds      bigint      NOT NULL CHECK (seconds > 0),
  reason       text        NOT NULL,
  requested_by text        NOT NULL,
  requested_at timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL,
  answered_by  text        CHECK (answered_by <> requested_by),
  expires_at   timestamptz,
  review_by    timestamptz,
  reviewed_by  text        CHECK (reviewed_by <> requested_by AND reviewed_by <> answered_by),
  reviewed_at  timestamptz,
  justified    boolean,
  CHECK (state NOT IN ('OPEN', 'EXPIRED', 'SPENT') OR (expires_at IS NOT NULL AND review_by IS NOT NULL))
);
CREATE UNIQUE INDEX emergency_alive ON emergency (workflow) WHERE state IN ('REQUESTED', 'OPEN');
CREATE INDEX emergency_unreviewed ON emergency (review_by)
  WHERE review_by IS NOT NULL AND reviewed_at IS NULL;
