-- What a task is about (message, call-back, complaint, task, own-data, opt-out, threat), and by when its caller was told that they are called back.
ALTER TABLE tasks ADD COLUMN about TEXT NOT NULL DEFAULT 'message';
ALTER TABLE tasks ADD COLUMN promised_us INTEGER;
