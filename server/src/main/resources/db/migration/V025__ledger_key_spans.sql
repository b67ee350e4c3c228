-- A log changes its signing key; each one signs for the sizes from its first up to the next one's.
ALTER TABLE ledger_key ADD COLUMN first_size bigint NOT NULL DEFAULT 0;
ALTER TABLE ledger_key ALTER COLUMN first_size DROP DEFAULT;
CREATE UNIQUE INDEX ledger_key_span ON ledger_key (log, first_size);
