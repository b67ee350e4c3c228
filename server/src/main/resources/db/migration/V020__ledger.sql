-- The ledger. Rows of ledger_entry, ledger_node and ledger_checkpoint are only ever added.

-- One row for each log; the head that every append compares and sets.
CREATE TABLE ledger_log (
  log         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node        text   NOT NULL UNIQUE,
  origin      text   NOT NULL UNIQUE,
  epoch       bigint NOT NULL,           -- who may append: raised by each start, the fence
  last_n      bigint NOT NULL,           -- number of the last entry of that epoch
  size        bigint NOT NULL,
  root        bytea  NOT NULL,
  note        text   NOT NULL,           -- the signed checkpoint of exactly this size and root
  created_at  timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 20);                -- one hot row: leave its page room for new versions

CREATE TABLE ledger_key (
  log         integer NOT NULL REFERENCES ledger_log,
  vkey        text    NOT NULL,          -- C2SP verifier key
  wrapped     bytea   NOT NULL,          -- PKCS #8 private key, encrypted by the master key
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (log, vkey)
);

CREATE TABLE ledger_entry (
  log    integer NOT NULL,
  index  bigint  NOT NULL,
  id     text,
  of     text,
  type   text    NOT NULL,
  leaf   bytea   NOT NULL,               -- RFC 6962 leaf hash: a tile of level 0 is 256 of these
  bytes  bytea   NOT NULL,
  PRIMARY KEY (log, index)
);
CREATE INDEX ledger_entry_id ON ledger_entry (id) WHERE id IS NOT NULL;
CREATE INDEX ledger_entry_of ON ledger_entry (of) WHERE of IS NOT NULL;

-- Hashes of tiles of level 1 and above; one for each 256^level entries.
CREATE TABLE ledger_node (
  log    integer  NOT NULL,
  level  smallint NOT NULL,
  index  bigint   NOT NULL,
  hash   bytea    NOT NULL,
  PRIMARY KEY (log, level, index)
);

-- Older checkpoints, at most one a second: between two of them a rewritten tree is pinned down.
CREATE TABLE ledger_checkpoint (
  log    integer NOT NULL,
  size   bigint  NOT NULL,
  note   text    NOT NULL,
  PRIMARY KEY (log, size)
);

-- Personal and bulky values, each under a key of its own. Without the wrapped key the ciphertext
-- says nothing, and the entry's commitment proves nothing about a guessed value.
CREATE TABLE ledger_body (
  log         integer NOT NULL,
  index       bigint  NOT NULL,
  name        text    NOT NULL,
  ciphertext  bytea   NOT NULL,
  kek         text    NOT NULL,          -- name of the key that wrapped the body's key
  wrapped     bytea,                     -- null once erased
  PRIMARY KEY (log, index, name)
);
ALTER TABLE ledger_body ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
