-- A key signs from a moment on that is told ahead, so that every node and every reader of the
-- published keys knows it by then: of those whose time has come, the youngest signs.
ALTER TABLE signing_key
  ADD COLUMN signs_from  timestamptz,
  ADD COLUMN revoked_at  timestamptz,
  ADD COLUMN revoked_seq bigint;
UPDATE signing_key SET signs_from = created_at;
ALTER TABLE signing_key ALTER COLUMN signs_from SET NOT NULL;
ALTER TABLE signing_key DROP COLUMN signs;

-- A revoked key stays until the last token that it may have signed would have expired: nodes hear
-- of it by this number, among all that takes authority away.
CREATE INDEX signing_key_revoked ON signing_key (revoked_seq) WHERE revoked_seq IS NOT NULL;
