-- Links that show a secret once. Of the link itself there is only a digest; a row is never deleted.
CREATE TABLE secret_link (
    id         text        PRIMARY KEY,
    code       bytea       NOT NULL UNIQUE,
    task       text        NOT NULL,
    identity   text        NOT NULL,
    resource   text        NOT NULL,
    profile    text        NOT NULL,
    secret     text        NOT NULL,
    decision   text        NOT NULL,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    opened_at  timestamptz
);
