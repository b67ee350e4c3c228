-- Wishes to bring a pilot into production; at most one of a workflow waits for an answer.
CREATE TABLE promotion (
  id           text PRIMARY KEY,
  workflow     text NOT NULL,
  state        text NOT NULL,
  requested_by text NOT NULL,
  gate         text NOT NULL,
  world        text NOT NULL,
  requested_at timestamptz NOT NULL,
  lapses_at    timestamptz NOT NULL,
  answered_by  text CHECK (answered_by <> requested_by)
);
CREATE UNIQUE INDEX promotion_alive ON promotion (workflow) WHERE state = 'REQUESTED';

-- Workflows in production whose proofs have decayed, and when they are demoted.
CREATE TABLE promotion_decay (
  workflow   text PRIMARY KEY,
  items      text[] NOT NULL,
  noticed_at timestamptz NOT NULL,
  demotes_at timestamptz NOT NULL
);
