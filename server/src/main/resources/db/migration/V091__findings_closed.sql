-- A finding is closed by somebody, with a reason; when the same is seen again, it is raised anew as
-- another row, so that what was closed stays as it was.
ALTER TABLE finding
  ADD COLUMN closed_at     timestamptz,
  ADD COLUMN closed_by     text,
  ADD COLUMN closed_reason text,
  ADD CONSTRAINT finding_closed_by_somebody
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)
       AND (closed_at IS NULL) = (closed_reason IS NULL)),
  DROP CONSTRAINT finding_kind_subject_key;

CREATE UNIQUE INDEX finding_open ON finding (kind, subject) WHERE closed_at IS NULL;
