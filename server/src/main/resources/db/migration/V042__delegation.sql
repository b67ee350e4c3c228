-- A task that is a part of another, handed on by whoever has that one.
ALTER TABLE task ADD COLUMN parent text REFERENCES task;
CREATE INDEX task_parent ON task (parent) WHERE parent IS NOT NULL;
