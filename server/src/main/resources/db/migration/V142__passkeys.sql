-- Passkeys of people with local accounts: public keys, and nothing secret.
CREATE TABLE passkey (
  id         text        PRIMARY KEY,
  person     text        NOT NULL,
  label      text        NOT NULL,
  credential bytea       NOT NULL,
  counter    bigint      NOT NULL,
  added_at   timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX passkey_person ON passkey (person);

-- Challenges that a passkey has signed: each counts once, and is forgotten when it counts no more.
CREATE TABLE passkey_challenge (
  hash       bytea       PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
