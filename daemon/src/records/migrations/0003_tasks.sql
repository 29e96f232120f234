-- A task's number is told to the caller, so it is never given again (AUTOINCREMENT), even after the task was erased.
CREATE TABLE tasks (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    call      TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    sender    TEXT NOT NULL,
    callback  TEXT,
    text      TEXT NOT NULL,
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    at_us     INTEGER NOT NULL
) STRICT;

CREATE INDEX tasks_by_call ON tasks (call);
