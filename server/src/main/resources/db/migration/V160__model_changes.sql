-- What decides an identity, as it was proposed, classified, evaluated and approved; never deleted.
CREATE TABLE model_change (
  id           text PRIMARY KEY,
  identity     text NOT NULL,
  workflow     text NOT NULL,
  model        text NOT NULL,
  origin       text NOT NULL,
  state        text NOT NULL,
  fingerprint  text NOT NULL,
  declared     text NOT NULL,
  parts        text NOT NULL,
  revisions    text NOT NULL,
  before       text,
  class        text,
  axes         text[],
  suspends     text[],
  suites       text[],
  triggers     text,
  assessment   text,
  why          text NOT NULL,
  requested_by text NOT NULL,
  opened_at    timestamptz NOT NULL,
  moved_at     timestamptz NOT NULL,
  approved_by  text CHECK (approved_by <> requested_by OR approved_by = 'remit'),
  expires_at   timestamptz
);
CREATE UNIQUE INDEX model_change_alive ON model_change (identity, fingerprint)
  WHERE state <> 'RETIRED';

-- What evaluations have said of a change, the last of each suite.
CREATE TABLE model_change_evaluation (
  change_id text NOT NULL REFERENCES model_change (id),
  suite     text NOT NULL,
  run       text NOT NULL,
  verdict   text NOT NULL,
  by        text NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (change_id, suite)
);

-- What answers have shown first of what an approved change runs on. Permits nothing.
CREATE TABLE model_change_seen (
  change_id text NOT NULL REFERENCES model_change (id),
  kind      text NOT NULL,
  value     text NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (change_id, kind)
);
