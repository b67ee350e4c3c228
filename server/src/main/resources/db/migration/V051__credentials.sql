-- Credentials that live for one task. A row is there before anything is done at the database it is
-- for, says how to reach that (a resource may be declared otherwise meanwhile), and is never deleted.
CREATE TABLE credential (
    id            text        PRIMARY KEY,
    task          text        NOT NULL,
    identity      text        NOT NULL,
    subject       text        NOT NULL,
    workflow      text        NOT NULL,
    owner         text        NOT NULL,
    -- Of identity, workflow and owner together, when it was intended: one more, and it ends.
    epochs        bigint      NOT NULL,
    resource      text        NOT NULL,
    profile       text        NOT NULL,
    decision      text        NOT NULL,
    role          text        NOT NULL UNIQUE,
    host          text        NOT NULL,
    port          integer     NOT NULL,
    database      text        NOT NULL,
    administrator text        NOT NULL,
    secret        text        NOT NULL,
    tls           text        NOT NULL,
    state         text        NOT NULL
                  CHECK (state IN ('INTENT', 'ACTIVE', 'REVOKING', 'STUCK', 'REVOKED')),
    reason        text,
    intended_at   timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    active_at     timestamptz,
    revoking_at   timestamptz,
    ended_at      timestamptz,
    attempts      integer     NOT NULL DEFAULT 0,
    next_try_at   timestamptz,
    last_error    text
);

CREATE INDEX credential_due ON credential (attempts, next_try_at)
    WHERE state IN ('REVOKING', 'STUCK');
CREATE INDEX credential_lent ON credential (expires_at) WHERE state IN ('INTENT', 'ACTIVE');
CREATE INDEX credential_task ON credential (task);

-- How this deployment calls itself in the names of its roles; made once.
CREATE TABLE credential_deployment (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text    NOT NULL
);

-- What was last written on the marker at each database. A marker that is ahead of it means that
-- this database was restored, or copied.
CREATE TABLE credential_place (
    place           text        PRIMARY KEY,
    beat            bigint      NOT NULL,
    quarantined_at  timestamptz
);
