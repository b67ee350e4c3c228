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
