-- What looks wrong, who must act. One row for each kind and subject, never deleted; what is seen
-- again is counted.
CREATE TABLE finding (
  id        text        PRIMARY KEY,
  kind      text        NOT NULL,
  subject   text        NOT NULL,
  severity  text        NOT NULL CHECK (severity IN ('LOW', 'MEDIUM', 'HIGH')),
  summary   text        NOT NULL,
  remedy    text        NOT NULL,
  for_role  text        NOT NULL,
  raised_at timestamptz NOT NULL,
  seen_at   timestamptz NOT NULL,
  times     bigint      NOT NULL,
  UNIQUE (kind, subject)
);
