-- Findings that two people accept for a while; at most one of a finding is asked for or holds.
CREATE TABLE risk_exception (
  id           text PRIMARY KEY,
  finding      text NOT NULL,
  state        text NOT NULL,
  requested_by text NOT NULL,
  reason       text NOT NULL,
  seconds      bigint NOT NULL CHECK (seconds > 0),
  requested_at timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL,
  answered_by  text CHECK (answered_by <> requested_by),
  expires_at   timestamptz,
  ended_by     text
);
CREATE UNIQUE INDEX risk_exception_alive ON risk_exception (finding)
  WHERE state IN ('REQUESTED', 'AGREED');
