-- Which nodes are there, since when, and how far each has come in applying what was taken away.
-- `seen` is the database's own time; a node that has not been seen for long refuses everything by itself.
CREATE TABLE standing_node (
  node  text        PRIMARY KEY,
  seq   bigint      NOT NULL,
  since timestamptz NOT NULL,
  seen  timestamptz NOT NULL
);

-- Suspensions and ended tasks whose outcome is to be measured, and what was measured: the row comes
-- with the change itself, so that whoever dies meanwhile leaves it to another node.
CREATE TABLE control (
  taken    text        PRIMARY KEY,
  kind     text        NOT NULL,
  name     text        NOT NULL,
  epoch    bigint      NOT NULL,
  seq      bigint      NOT NULL,
  by_whom  text        NOT NULL,
  begun_at timestamptz NOT NULL,
  outcome  jsonb
);
CREATE INDEX control_due ON control (begun_at) WHERE outcome IS NULL;

-- How many open calls and streams each node has cut for one of them. Rows go after a day.
CREATE TABLE control_cut (
  taken text        NOT NULL,
  node  text        NOT NULL,
  cut   bigint      NOT NULL,
  at    timestamptz NOT NULL,
  PRIMARY KEY (taken, node)
);

-- Rehearsed suspensions, as `drill.finished` says them.
CREATE TABLE drill (
  id       text        PRIMARY KEY,
  workflow text        NOT NULL,
  at       timestamptz NOT NULL,
  outcome  text        NOT NULL,
  report   jsonb       NOT NULL
);
CREATE INDEX drill_workflow ON drill (workflow, at DESC);

-- When a node has last begun a drill of a workflow by itself, so that no other one does.
CREATE TABLE drill_due (
  workflow   text        PRIMARY KEY,
  claimed_at timestamptz NOT NULL
);
