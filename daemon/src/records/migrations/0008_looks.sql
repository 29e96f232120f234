-- Who looked at callers' data. Calls may be erased, and what was looked at stays known: there is no reference that would take it along.
CREATE TABLE looks (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us   INTEGER NOT NULL,
    by_user INTEGER NOT NULL,
    what    TEXT NOT NULL,
    call    TEXT CHECK (length(call) = 32)
) STRICT;
