-- Times are microseconds since 1970-01-01 UTC, durations are microseconds. Calls bear their 32 hexadecimal digits, which order by time.
CREATE TABLE calls (
    id               TEXT PRIMARY KEY CHECK (length(id) = 32),
    line             TEXT NOT NULL,
    number           TEXT,
    name             TEXT,
    scenario         TEXT NOT NULL,
    scenario_version TEXT NOT NULL,
    started_us       INTEGER NOT NULL,
    ended_us         INTEGER,
    outcome          TEXT,
    CHECK ((ended_us IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

-- What a crash left behind is found without reading every call.
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
