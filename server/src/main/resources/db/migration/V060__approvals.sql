-- Held calls and people's answers. One row each, kept for the record; what the agent wanted to send
-- (`shown`) is there only while somebody may still have to read it.
CREATE TABLE approval (
  id          text        PRIMARY KEY,
  decision    text        NOT NULL,
  identity    text        NOT NULL,
  spiffe_id   text        NOT NULL,
  workflow    text        NOT NULL,
  task        text        NOT NULL,
  intent      text        NOT NULL,
  asker       text        NOT NULL,
  tool        text        NOT NULL,
  definition  text        NOT NULL,
  arguments   text        NOT NULL,
  policies    text        NOT NULL,
  because     text[]      NOT NULL,
  roles       text[]      NOT NULL,
  nonce       text        NOT NULL,
  shown       text,
  opened_at   timestamptz NOT NULL,
  lapses_at   timestamptz NOT NULL,
  state       text        NOT NULL
    CHECK (state IN ('PENDING', 'GRANTED', 'DECLINED', 'LAPSED', 'VOID', 'CONSUMED')),
  settled_at  timestamptz,
  settled_by  text,
  reason      text
);

-- The retry of a held call finds its approval: at most one is alive for exactly the same call.
CREATE UNIQUE INDEX approval_alive
    ON approval (task, tool, arguments, definition, policies)
 WHERE state IN ('PENDING', 'GRANTED');

CREATE INDEX approval_waiting ON approval (lapses_at) WHERE state IN ('PENDING', 'GRANTED');
