-- Secrets that are planted to see where they turn up. The value is encrypted by the master key.
CREATE TABLE canary (
  id         text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('resource', 'workflow')),
  name       text NOT NULL,
  owner      text NOT NULL,
  place      text NOT NULL,
  planted    boolean NOT NULL,
  planted_by text NOT NULL,
  planted_at timestamptz NOT NULL,
  retired_by text,
  retired_at timestamptz,
  wrapped    bytea NOT NULL
);

-- Where canaries were seen. What the entries of calls tell, kept so that it can be asked by task.
CREATE TABLE canary_sighting (
  canary   text NOT NULL,
  task     text NOT NULL,
  identity text NOT NULL,
  flow     text NOT NULL,
  target   text NOT NULL,
  decision text NOT NULL,
  seen_at  timestamptz NOT NULL
);
CREATE INDEX canary_sighting_task ON canary_sighting (task, seen_at);
CREATE INDEX canary_sighting_identity ON canary_sighting (identity, seen_at);
CREATE INDEX canary_sighting_canary ON canary_sighting (canary, seen_at);
