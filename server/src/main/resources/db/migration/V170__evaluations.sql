-- Evaluations: the frozen plan of each, what was answered, what people say of it.
CREATE TABLE evaluation (
  id           text PRIMARY KEY,
  origin       text NOT NULL,
  plan         text NOT NULL,
  candidate    text NOT NULL,
  baseline     text,
  blind        text NOT NULL,
  secret       text NOT NULL,
  revealed     boolean NOT NULL DEFAULT false,
  state        text NOT NULL,
  verdict      text,
  axes         text[],
  planned_by   text NOT NULL,
  planned_at   timestamptz NOT NULL,
  judged_at    timestamptz,
  -- Whose turn it is to ask: moves without an entry.
  wanted       boolean NOT NULL DEFAULT false,
  leased_until timestamptz
);
CREATE INDEX evaluation_candidate ON evaluation (candidate, planned_at);

CREATE TABLE evaluation_answer (
  evaluation text NOT NULL REFERENCES evaluation,
  trial      text NOT NULL,
  outcome    text NOT NULL,
  harm       text NOT NULL,
  content    text NOT NULL,
  tokens     bigint NOT NULL,
  microcents bigint NOT NULL,
  millis     bigint NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (evaluation, trial)
);

CREATE TABLE evaluation_label (
  evaluation text NOT NULL REFERENCES evaluation,
  trial      text NOT NULL,
  by         text NOT NULL,
  label      text NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (evaluation, trial, by)
);

-- Fixed probes of a model in use, and what their detector has come to.
CREATE TABLE evaluation_probes (
  name         text PRIMARY KEY,
  candidate    text NOT NULL,
  approved     text NOT NULL,
  days         bigint NOT NULL,
  evidence     text[] NOT NULL,
  failed       bigint NOT NULL,
  asked        bigint NOT NULL,
  alarm        boolean NOT NULL,
  at           timestamptz NOT NULL
);
CREATE TABLE evaluation_probes_due (
  name text PRIMARY KEY,
  due  timestamptz NOT NULL
);
-- What a version has answered about itself so far; another answer is a sign of drift.
CREATE TABLE evaluation_seen (
  fingerprint text NOT NULL,
  sign        text NOT NULL,
  said        text NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (fingerprint, sign)
);
