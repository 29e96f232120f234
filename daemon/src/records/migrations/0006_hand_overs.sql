-- The people whom it was tried to hand each call to, in order: what came of it, and how long the caller waited.

CREATE TABLE hand_overs (
    call      TEXT NOT NULL REFERENCES reports (call) ON DELETE CASCADE,
    ordinal   INTEGER NOT NULL,
    person    TEXT NOT NULL,
    result    TEXT NOT NULL,
    waited_ms INTEGER NOT NULL CHECK (waited_ms >= 0),
    PRIMARY KEY (call, ordinal)
) STRICT, WITHOUT ROWID;
