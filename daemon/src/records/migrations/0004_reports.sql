-- What became of each call.

CREATE TABLE reports (
    call         TEXT PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    reached      INTEGER NOT NULL CHECK (reached IN (0, 1)),
    why          TEXT NOT NULL,
    complaint    INTEGER NOT NULL CHECK (complaint IN (0, 1)),
    satisfaction INTEGER CHECK (satisfaction BETWEEN 1 AND 5),
    summary      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE errands (
    call    TEXT NOT NULL REFERENCES reports (call) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    flow    TEXT NOT NULL,
    result  TEXT,
    told    TEXT NOT NULL CHECK (json_valid(told)),
    PRIMARY KEY (call, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    call TEXT NOT NULL REFERENCES reports (call) ON DELETE CASCADE,
    tag  TEXT NOT NULL,
    PRIMARY KEY (call, tag)
) STRICT, WITHOUT ROWID;
