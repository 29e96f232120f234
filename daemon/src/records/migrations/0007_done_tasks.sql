-- When a person said that a task is done; nothing before.
ALTER TABLE tasks ADD COLUMN done_us INTEGER;
