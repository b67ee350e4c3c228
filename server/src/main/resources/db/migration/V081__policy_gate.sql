-- Which policy sets have passed the gate between the two engines, and which code those were. A row
-- here spares a start from trying the set again; its ledger entry is `policy.gated`.
CREATE TABLE policy_gate (
  policies     text        NOT NULL,     -- digest of the policy set and its schema
  compiled     text        NOT NULL,     -- digest of our evaluator's classes
  reference    text        NOT NULL,     -- cedar-java, by its file name
  generated    bigint      NOT NULL,
  recorded     bigint      NOT NULL,
  incomparable bigint      NOT NULL,
  passed_at    timestamptz NOT NULL,
  PRIMARY KEY (policies, compiled, reference)
);
