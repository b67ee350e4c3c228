-- One log over all nodes' logs, kept by whichever node holds its fence (ADR 0028).
ALTER TABLE ledger_log ADD COLUMN kind text NOT NULL DEFAULT 'node'
  CHECK (kind IN ('node', 'root'));
ALTER TABLE ledger_log ADD COLUMN keeper text;        -- of the root log: the node that keeps it
ALTER TABLE ledger_log ADD COLUMN kept_at timestamptz; -- when it was there last; null once it left

-- What the root log has seen of one log last.
CREATE INDEX ledger_entry_seen ON ledger_entry (log, of, index) WHERE type = 'log.seen';

-- A process that was still there when another one had taken its log over: it says so here, since it
-- can write to no log any more. Rows are only ever added; the keeper of the root log reads them.
CREATE TABLE ledger_contest (
  log    integer     NOT NULL,
  epoch  bigint      NOT NULL,          -- of the process that had to stop
  at     timestamptz NOT NULL,
  told   boolean     NOT NULL DEFAULT false,
  PRIMARY KEY (log, epoch)
);
