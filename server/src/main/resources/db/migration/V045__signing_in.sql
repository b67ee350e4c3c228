-- Local accounts: the hash says itself how it was made (PHC string).
CREATE TABLE sign_in_account (
  person text        PRIMARY KEY,
  hash   text        NOT NULL,
  set_by text        NOT NULL,
  set_at timestamptz NOT NULL
);

-- Invitations to choose a password, each good once. Only the SHA-256 is kept, as of all below.
CREATE TABLE sign_in_link (
  hash       bytea       PRIMARY KEY,
  person     text        NOT NULL,
  issued_by  text        NOT NULL,
  expires_at timestamptz NOT NULL
);

-- People who are signed in at a browser.
CREATE TABLE sign_in_session (
  hash       bytea       PRIMARY KEY,
  person     text        NOT NULL,
  epoch      bigint      NOT NULL,
  how        text        NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  ends_at    timestamptz NOT NULL
);
CREATE INDEX sign_in_session_ends ON sign_in_session (ends_at);
CREATE INDEX sign_in_session_person ON sign_in_session (person);

-- Sign-ins that are under way at the identity provider, each bound to one browser.
CREATE TABLE sign_in_attempt (
  state      bytea       PRIMARY KEY,
  browser    bytea       NOT NULL,
  nonce      text        NOT NULL,
  verifier   text        NOT NULL,
  next       text        NOT NULL,
  expires_at timestamptz NOT NULL
);

-- Wrong passwords in a row, by the name that was tried.
CREATE TABLE sign_in_failure (
  name     text        PRIMARY KEY,
  failures integer     NOT NULL,
  last_at  timestamptz NOT NULL
);

-- The person for whom an agent works, where one signed in.
ALTER TABLE task ADD COLUMN person text;
CREATE INDEX task_person ON task (person) WHERE person IS NOT NULL AND ended_at IS NULL;
