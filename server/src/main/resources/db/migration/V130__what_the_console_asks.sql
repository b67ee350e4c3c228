-- Pages ask for what belongs to one identity; without these they would read whole tables.
CREATE INDEX approval_before ON approval (identity, opened_at);
CREATE INDEX approval_pending ON approval (opened_at, id) WHERE state = 'PENDING';
CREATE INDEX credential_identity ON credential (identity, id);
CREATE INDEX task_identity ON task (identity, id);
