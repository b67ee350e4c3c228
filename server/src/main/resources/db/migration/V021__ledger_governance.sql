-- What was declared and reviewed is little among many calls, and every evidence bundle asks for it.
CREATE INDEX ledger_entry_governance ON ledger_entry (log, index)
 WHERE type IN ('registry.changed', 'policy.activated', 'policy.gated', 'definition.pinned');
