-- The sum of migrations/, written by the test that compares it.

CREATE TABLE calls (
    id               TEXT PRIMARY KEY CHECK (length(id) = 32),
    line             TEXT NOT NULL,
    number           TEXT,
    name             TEXT,
    scenario         TEXT NOT NULL,
    scenario_version TEXT NOT NULL,
    started_us       INTEGER NOT NULL,
    ended_us         INTEGER,
    outcome          TEXT, generation INTEGER, permit TEXT,
    CHECK ((ended_us IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX calls_open ON calls (id) WHERE ended_us IS NULL;

CREATE INDEX calls_by_number ON calls (number) WHERE number IS NOT NULL;

CREATE TABLE disclosures (
    call       TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    text       TEXT NOT NULL,
    language   TEXT NOT NULL,
    started_us INTEGER NOT NULL,
    ended_us   INTEGER NOT NULL,
    PRIMARY KEY (call, started_us)
) STRICT, WITHOUT ROWID;

CREATE TABLE turns (
    call       TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    at_us      INTEGER NOT NULL,
    heard      TEXT,
    confidence REAL NOT NULL,
    understood TEXT NOT NULL,
    action     TEXT NOT NULL,
    said       TEXT NOT NULL,
    source     TEXT,
    latency_us INTEGER,
    PRIMARY KEY (call, ordinal)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE tasks (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    call      TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    sender    TEXT NOT NULL,
    callback  TEXT,
    text      TEXT NOT NULL,
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    at_us     INTEGER NOT NULL
, about TEXT NOT NULL DEFAULT 'message', promised_us INTEGER, done_us INTEGER) STRICT;

CREATE INDEX tasks_by_call ON tasks (call);

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

CREATE TABLE hand_overs (
    call      TEXT NOT NULL REFERENCES reports (call) ON DELETE CASCADE,
    ordinal   INTEGER NOT NULL,
    person    TEXT NOT NULL,
    result    TEXT NOT NULL,
    waited_ms INTEGER NOT NULL CHECK (waited_ms >= 0),
    PRIMARY KEY (call, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE looks (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us   INTEGER NOT NULL,
    by_user INTEGER NOT NULL,
    what    TEXT NOT NULL,
    call    TEXT CHECK (length(call) = 32)
) STRICT;
