-- The truth: records as they were written, what the backend acknowledged, and what lies in the vault.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE records (
    n      INTEGER PRIMARY KEY,  -- the order of arrival on this device
    id     BLOB NOT NULL UNIQUE, -- SHA-256 of the header
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    header BLOB NOT NULL,
    body   BLOB                  -- NULL once erased
);
CREATE INDEX records_by_chain ON records (stream, device, epoch, seq);

CREATE TABLE receipts (
    stream  BLOB NOT NULL,
    device  BLOB NOT NULL,
    epoch   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (stream, device, epoch)
) WITHOUT ROWID;

CREATE TABLE withheld (          -- records that will never come: a chain goes on over them
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (stream, device, epoch, seq, record)
) WITHOUT ROWID;

CREATE TABLE quarantine (
    record BLOB PRIMARY KEY,     -- a record's id or a photo's SHA-256
    what   TEXT NOT NULL,        -- 'record' or 'photo'
    stream BLOB,
    reason TEXT NOT NULL,
    at     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE photos (
    sha256     BLOB PRIMARY KEY,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    here       INTEGER NOT NULL, -- whether the original lies in the vault
    sent       INTEGER NOT NULL DEFAULT 0,
    receipt    TEXT,
    thumb      BLOB
);

-- Projections: updated in the transaction of the append, dropped and rebuilt from the records at will.

CREATE TABLE streams (
    stream     BLOB PRIMARY KEY,
    inspection BLOB NOT NULL,
    kind       TEXT NOT NULL,    -- JSON of the stream's kind
    local      INTEGER NOT NULL, -- 1: never leaves this device
    closed     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX streams_by_inspection ON streams (inspection);

CREATE TABLE chains (
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,     -- the last number without a gap before it
    head   BLOB NOT NULL,
    PRIMARY KEY (stream, device, epoch)
) WITHOUT ROWID;

CREATE TABLE branches (          -- ends of chains that were forked
    head   BLOB PRIMARY KEY,
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE superseded (        -- a record supersedes only in its own stream
    id     BLOB NOT NULL,
    stream BLOB NOT NULL,
    PRIMARY KEY (id, stream)
) WITHOUT ROWID;

CREATE TABLE live (              -- records that still count: the state is a fold over these
    stream BLOB NOT NULL,
    n      INTEGER NOT NULL,
    fixed  INTEGER NOT NULL,     -- 1: no later record can take its place
    PRIMARY KEY (stream, n)
) WITHOUT ROWID;

CREATE TABLE photo_refs (
    item       BLOB PRIMARY KEY,
    sha256     BLOB NOT NULL,
    stream     BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX photo_refs_by_photo ON photo_refs (sha256);

CREATE TABLE inspections (
    inspection   BLOB PRIMARY KEY,
    number       TEXT NOT NULL DEFAULT '',
    address      TEXT NOT NULL DEFAULT '',
    town         TEXT NOT NULL DEFAULT '',
    municipality TEXT NOT NULL DEFAULT '',
    kind         TEXT NOT NULL DEFAULT '',
    family       TEXT NOT NULL DEFAULT '',
    planned_at   TEXT,
    status       TEXT NOT NULL DEFAULT 'planned',
    answered     INTEGER NOT NULL DEFAULT 0,
    questions    INTEGER NOT NULL DEFAULT 0,
    findings     INTEGER NOT NULL DEFAULT 0,
    photos       INTEGER NOT NULL DEFAULT 0,
    differences  INTEGER NOT NULL DEFAULT 0,
    team         TEXT NOT NULL DEFAULT '[]',
    stale        INTEGER NOT NULL DEFAULT 1, -- the columns above are behind the records
    unsearched   INTEGER NOT NULL DEFAULT 1  -- the search index is behind the records
);
CREATE INDEX inspections_by_plan ON inspections (planned_at);
CREATE INDEX inspections_stale ON inspections (inspection) WHERE stale = 1;
CREATE INDEX inspections_unsearched ON inspections (inspection) WHERE unsearched = 1;

CREATE VIRTUAL TABLE search USING fts5 (inspection UNINDEXED, text, tokenize = 'unicode61 remove_diacritics 2');
