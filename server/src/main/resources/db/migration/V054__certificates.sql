-- Authorities that sign X.509-SVIDs. The private part is wrapped; one that signs no more stays until
-- nothing that it signed can hold, and everything is listed as revoked that was taken away.
CREATE TABLE certificate_authority (
    id          text        PRIMARY KEY,
    certificate bytea       NOT NULL,
    wrapped     bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    signs_from  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);

-- X.509-SVIDs, each issued for one task. A row is there before anything is signed, and stays.
CREATE TABLE certificate (
    id           text        PRIMARY KEY,
    task         text        NOT NULL,
    token        text        NOT NULL,
    identity     text        NOT NULL,
    subject      text        NOT NULL,
    workflow     text        NOT NULL,
    owner        text        NOT NULL,
    -- What else the token rested on, `kind/name` each: the model, the key that vouched.
    beside       text[]      NOT NULL,
    -- Of all these together, when it was intended: one more, and it ends.
    epochs       bigint      NOT NULL,
    authority    text        NOT NULL,
    serial       text        NOT NULL,
    key          text        NOT NULL,
    state        text        NOT NULL
                 CHECK (state IN ('INTENT', 'ACTIVE', 'REVOKING', 'REVOKED', 'EXPIRED')),
    reason       text,
    intended_at  timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    active_at    timestamptz,
    thumbprint   text,
    revoking_at  timestamptz,
    ended_at     timestamptz,
    UNIQUE (authority, serial)
);

CREATE INDEX certificate_held ON certificate (expires_at) WHERE state IN ('INTENT', 'ACTIVE');
CREATE INDEX certificate_revoking ON certificate (authority) WHERE state = 'REVOKING';
CREATE INDEX certificate_listed ON certificate (authority, expires_at)
    WHERE state IN ('REVOKING', 'REVOKED');
CREATE INDEX certificate_task ON certificate (task);

-- The newest list of what an authority has revoked, as it is served. Made anew from the rows.
CREATE TABLE certificate_list (
    authority   text        PRIMARY KEY REFERENCES certificate_authority ON DELETE CASCADE,
    number      bigint      NOT NULL,
    der         bytea       NOT NULL,
    this_update timestamptz NOT NULL,
    next_update timestamptz NOT NULL,
    renew_at    timestamptz NOT NULL
);

-- How often the published bundle has changed (`spiffe_sequence`), and what it held last.
CREATE TABLE spiffe_bundle (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    sequence bigint  NOT NULL,
    digest   text    NOT NULL
);
INSERT INTO spiffe_bundle (sequence, digest) VALUES (0, '');
