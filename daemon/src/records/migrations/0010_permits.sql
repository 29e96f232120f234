-- Why we might call whom we called; nothing for a call that was taken.
ALTER TABLE calls ADD COLUMN permit TEXT;
