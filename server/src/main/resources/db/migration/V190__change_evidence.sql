-- By what a verdict about a change is known, the plan that was frozen before, and what else is to be
-- known of it. Empty of what was written down before that was told apart.
ALTER TABLE model_change_evaluation
  ADD COLUMN how  text,
  ADD COLUMN plan text,
  ADD COLUMN said text NOT NULL DEFAULT '';
