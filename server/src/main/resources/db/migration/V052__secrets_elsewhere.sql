-- Where a secret's value is; what is not here has its reference encrypted in its place, bound to the
-- name in another way, so that a row edited from one to the other does not open.
ALTER TABLE secret ADD COLUMN kept text NOT NULL DEFAULT 'here'
    CHECK (kept IN ('here', 'environment', 'file', 'vault', 'vault-dynamic'));
-- Until when one node alone uses it: a refresh token that the server replaces with each use.
ALTER TABLE secret ADD COLUMN leased_until timestamptz;
