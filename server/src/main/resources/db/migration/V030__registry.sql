-- The one version of everything declared, and the digest of the policy set that goes with it. The
-- row is the fence: whoever changes it from the version that their plan was made against, wins.
CREATE TABLE registry (
  only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  version    bigint      NOT NULL CHECK (version >= 0),
  policies   text        NOT NULL,
  changed_at timestamptz NOT NULL
);

INSERT INTO registry (version, policies, changed_at) VALUES (0, '', now());

-- What each declared thing is now. Never deleted: what is declared no longer is retired.
CREATE TABLE declared (
  kind       text        NOT NULL,
  name       text        NOT NULL,
  revision   bigint      NOT NULL CHECK (revision > 0),
  retired    boolean     NOT NULL,
  spec       jsonb       NOT NULL,
  digest     text        NOT NULL,
  file_set   text        NOT NULL,
  changed_by text        NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (kind, name)
);

-- What each of them ever was.
CREATE TABLE declared_revision (
  kind       text        NOT NULL,
  name       text        NOT NULL,
  revision   bigint      NOT NULL,
  version    bigint      NOT NULL,
  action     text        NOT NULL,
  spec       jsonb       NOT NULL,
  digest     text        NOT NULL,
  file_set   text        NOT NULL,
  changed_by text        NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (kind, name, revision)
);

CREATE INDEX declared_revision_by_version ON declared_revision (version);

CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'revisions are kept as they are';
END
$$;

CREATE TRIGGER declared_revision_is_kept
  BEFORE UPDATE OR DELETE OR TRUNCATE ON declared_revision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
