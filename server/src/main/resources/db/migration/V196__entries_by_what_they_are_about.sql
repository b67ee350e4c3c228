-- What an entry is about, in one word: the workflow, the declared thing or the task that it names.
-- Filled from here on; older entries are found by reading the period, as before.
ALTER TABLE ledger_entry ADD COLUMN about text;
CREATE INDEX ledger_entry_about ON ledger_entry (about, log, index) WHERE about IS NOT NULL;

-- The first index of a log from which on the column is filled.
ALTER TABLE ledger_log ADD COLUMN about_from bigint NOT NULL DEFAULT 0;
UPDATE ledger_log SET about_from = size;

-- What is part of every workflow's story whatever it names; little among many calls.
CREATE INDEX ledger_entry_common ON ledger_entry (log, index)
  WHERE type IN ('policy.activated', 'policy.gated', 'boot', 'seal', 'apply.requested',
                 'apply.settled', 'owner.succeeded', 'enforcement.requested',
                 'enforcement.settled', 'enforcement.changed', 'finding.raised',
                 'finding.closed', 'credential.swept', 'credential.quarantined',
                 'evaluation.planned', 'evaluation.judged', 'drift.noticed', 'drill.finished');
