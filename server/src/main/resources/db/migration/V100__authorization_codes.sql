-- What a person agreed to, until the client has fetched its first token, and afterwards to notice
-- a code that comes twice. Only the SHA-256 of the code is kept.
CREATE TABLE authorization_code (
  hash         bytea       PRIMARY KEY,
  task         text        NOT NULL,
  client       text        NOT NULL,
  redirect_uri text        NOT NULL,
  challenge    text        NOT NULL,
  resource     text        NOT NULL,
  person       text        NOT NULL,
  epoch        bigint      NOT NULL,
  identity     text        NOT NULL,
  intent       text        NOT NULL,
  expires_at   timestamptz NOT NULL
);
CREATE INDEX authorization_code_expires ON authorization_code (expires_at);

-- What gets the next token of a task; each is good once, and a second use ends the task.
CREATE TABLE refresh_token (
  hash       bytea       PRIMARY KEY,
  task       text        NOT NULL REFERENCES task,
  client     text        NOT NULL,
  resource   text        NOT NULL,
  person     text        NOT NULL,
  epoch      bigint      NOT NULL,
  identity   text        NOT NULL,
  -- The key or certificate that must be shown with it; as in the entry `token.issued`.
  holder     text,
  expires_at timestamptz NOT NULL
);
CREATE INDEX refresh_token_expires ON refresh_token (expires_at);
