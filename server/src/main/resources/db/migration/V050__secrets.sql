-- Upstream secrets, each encrypted under the master key and bound to its name.
CREATE TABLE secret (
  name      text        PRIMARY KEY,
  wrapped   bytea       NOT NULL,
  rotate    boolean     NOT NULL,
  stored_by text        NOT NULL,
  stored_at timestamptz NOT NULL
);
