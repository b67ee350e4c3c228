-- Keys that sign task tokens. The private part is wrapped under the master key.
CREATE TABLE signing_key (
  kid        text        PRIMARY KEY,
  public_jwk text        NOT NULL,
  wrapped    bytea       NOT NULL,
  created_at timestamptz NOT NULL,
  signs      boolean     NOT NULL
);
-- At most one key signs; the others are kept to check what they signed.
CREATE UNIQUE INDEX signing_key_one ON signing_key (signs) WHERE signs;

-- Proofs that may be used once. Rows go when the proof has expired by itself.
CREATE TABLE proof_seen (
  proof      bytea       PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX proof_seen_expires ON proof_seen (expires_at);

-- Numbers everything that takes authority away, so that a node knows what it has missed. Whoever
-- takes a number holds the row until commit: numbers become visible in their order.
CREATE TABLE standing_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq      bigint  NOT NULL
);
INSERT INTO standing_head (seq) VALUES (0);

-- Identities, workflows and people that were ever suspended.
CREATE TABLE standing (
  kind      text        NOT NULL,
  name      text        NOT NULL,
  suspended boolean     NOT NULL,
  epoch     bigint      NOT NULL,
  reason    text        NOT NULL,
  said_by   text        NOT NULL,
  since     timestamptz NOT NULL,
  seq       bigint      NOT NULL,
  PRIMARY KEY (kind, name)
);
CREATE INDEX standing_seq ON standing (seq);

-- Tasks are never deleted: the ledger refers to them.
CREATE TABLE task (
  id         text        PRIMARY KEY,
  identity   text        NOT NULL,
  subject    text        NOT NULL,
  workflow   text        NOT NULL,
  intent     text        NOT NULL,
  tools      jsonb,
  calls_max  bigint      NOT NULL,
  started_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz,
  ended_by   text,
  ended_seq  bigint
);
CREATE INDEX task_ended ON task (ended_seq) WHERE ended_seq IS NOT NULL;
CREATE INDEX task_alive ON task (expires_at) WHERE ended_at IS NULL;

-- Single tokens withdrawn before their time (RFC 7009).
CREATE TABLE token_withdrawn (
  jti        text        PRIMARY KEY,
  expires_at timestamptz NOT NULL,
  seq        bigint      NOT NULL
);
CREATE INDEX token_withdrawn_seq ON token_withdrawn (seq);
