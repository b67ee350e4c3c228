-- The keys that wrap bodies' keys: one for what is kept about one subject on one day. Destroying one
-- (`wrapped` becomes null) erases every body under it. Rows of ledger_body from before say `master`.
CREATE TABLE ledger_kek (
  name         text        PRIMARY KEY,
  task         text,                     -- the task that the bodies belong to
  workflow     text,                     -- its workflow
  person       text,                     -- who wrote them, or for whom the agent acted
  until        timestamptz NOT NULL,     -- no body under it was recorded then or later
  wrapped      bytea,                    -- the key, encrypted by the master key; null once destroyed
  destroyed_at timestamptz,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE INDEX ledger_kek_task ON ledger_kek (task) WHERE wrapped IS NOT NULL;
CREATE INDEX ledger_kek_workflow ON ledger_kek (workflow, until) WHERE wrapped IS NOT NULL;
CREATE INDEX ledger_kek_person ON ledger_kek (person) WHERE wrapped IS NOT NULL;
CREATE INDEX ledger_body_kek ON ledger_body (kek);

-- What people wrote when they answered a held call, sealed under a subject's key. What was written
-- before stands in the approval's own row.
CREATE TABLE approval_said (
  approval text  PRIMARY KEY,
  said     bytea NOT NULL
);

-- What may not be erased, by whom it was said, and until whom. Rows are never deleted.
CREATE TABLE legal_hold (
  id        text        PRIMARY KEY,
  kind      text        NOT NULL CHECK (kind IN ('task', 'person', 'workflow')),
  subject   text        NOT NULL,
  reason    text        NOT NULL,
  placed_by text        NOT NULL,
  placed_at timestamptz NOT NULL,
  lifted_by text,
  lifted_at timestamptz,
  CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE UNIQUE INDEX legal_hold_standing ON legal_hold (kind, subject) WHERE lifted_at IS NULL;
