-- What a timestamp authority has said about checkpoints that are kept in ledger_checkpoint: its answer
-- as it came (RFC 3161). Rows are only ever added.
CREATE TABLE ledger_timestamp (
  log    integer NOT NULL,
  size   bigint  NOT NULL,
  reply  bytea   NOT NULL,
  PRIMARY KEY (log, size)
);
