-- Security event tokens that were taken, so that a copy of one does nothing. A row goes when its
-- token would be refused for its age.
CREATE TABLE signal_seen (
  transmitter text        NOT NULL,
  jti         text        NOT NULL,
  digest      text        NOT NULL,
  forget_at   timestamptz NOT NULL,
  PRIMARY KEY (transmitter, jti)
);
CREATE INDEX signal_seen_forget ON signal_seen (forget_at);

-- How far each node has looked at its log for misuse; what is below was looked at.
CREATE TABLE detection_position (
  log  text   PRIMARY KEY,
  next bigint NOT NULL CHECK (next >= 0)
);

-- Which identity has got tokens with which credential, lately.
CREATE TABLE detection_credential (
  credential text        NOT NULL,
  identity   text        NOT NULL,
  used_at    timestamptz NOT NULL,
  PRIMARY KEY (credential, identity)
);
