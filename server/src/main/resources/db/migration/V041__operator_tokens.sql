-- What people show to the API. Only the SHA-256 of a token is kept; it has 256 random bits.
CREATE TABLE operator_token (
  hash       bytea       PRIMARY KEY,
  person     text        NOT NULL,
  issued_by  text        NOT NULL,
  issued_at  timestamptz NOT NULL,
  expires_at timestamptz
);
CREATE INDEX operator_token_person ON operator_token (person);
