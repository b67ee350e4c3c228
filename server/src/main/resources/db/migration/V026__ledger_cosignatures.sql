-- What witnesses have said about checkpoints that are kept in ledger_checkpoint. Only ever added.
CREATE TABLE ledger_cosignature (
  log      integer NOT NULL,
  size     bigint  NOT NULL,
  witness  text    NOT NULL,             -- C2SP verifier key
  line     text    NOT NULL,             -- the signature line of the note, without its newline
  at       timestamptz NOT NULL,
  PRIMARY KEY (log, size, witness)
);
