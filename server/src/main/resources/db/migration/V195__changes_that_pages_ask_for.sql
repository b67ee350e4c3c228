-- Every page counts what waits for an answer; of many identities most changes are in quiet use.
CREATE INDEX model_change_unsettled ON model_change (opened_at, id)
  WHERE state NOT IN ('ACTIVE', 'RETIRED');
CREATE INDEX model_change_opened ON model_change (opened_at, id);
