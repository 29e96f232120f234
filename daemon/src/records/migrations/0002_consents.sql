-- Every question and every answer, yes or no: the last one of a purpose is the one that stands.
CREATE TABLE consents (
    number   INTEGER PRIMARY KEY,
    call     TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    purpose  TEXT NOT NULL,
    question TEXT NOT NULL,
    answer   TEXT NOT NULL,
    granted  INTEGER NOT NULL CHECK (granted IN (0, 1)),
    at_us    INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_by_call ON consents (call);
