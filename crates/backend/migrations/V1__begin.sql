-- Moments are milliseconds since 1970 (UTC), except where a signature covers the text. Ids are 16 bytes, hashes 32.

CREATE TABLE organisations (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE people (
    person       BLOB PRIMARY KEY,
    name         TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisations (code),
    function     TEXT NOT NULL,
    role         TEXT NOT NULL,
    pass_number  TEXT NOT NULL,
    -- The partner for which they work, by code; empty for none.
    partner      TEXT NOT NULL
) STRICT;

-- Working numbers that the backend gave, by what stands before them.
CREATE TABLE numbers (
    prefix TEXT PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    name     TEXT PRIMARY KEY,
    person   BLOB NOT NULL REFERENCES people (person),
    password TEXT NOT NULL
) STRICT;

-- Wrong tries by SHA-256 of what was tried, so that a mistyped password in the name field is not kept.
CREATE TABLE tries (
    subject BLOB PRIMARY KEY,
    wrong   INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;

CREATE TABLE enrolment_codes (
    code       BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (person),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

CREATE TABLE devices (
    device      BLOB PRIMARY KEY,
    person      BLOB NOT NULL REFERENCES people (person),
    name        TEXT NOT NULL,
    public_key  BLOB NOT NULL,
    suffix      TEXT NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL,
    blocked_at  INTEGER
) STRICT;

CREATE TABLE challenges (
    challenge  BLOB PRIMARY KEY,
    device     BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Sessions by SHA-256 of their token: of a device, or of a person at the desk.
CREATE TABLE sessions (
    token      BLOB PRIMARY KEY,
    person     BLOB NOT NULL REFERENCES people (person),
    device     BLOB REFERENCES devices (device),
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE streams (
    key          INTEGER PRIMARY KEY,
    stream       BLOB NOT NULL UNIQUE,
    inspection   BLOB NOT NULL,
    kind         TEXT NOT NULL,
    organisation TEXT
) STRICT;
CREATE INDEX streams_by_inspection ON streams (inspection);

CREATE TABLE chains (
    key    INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (key),
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    UNIQUE (stream, device, epoch)
) STRICT;

-- Branch 0 is the chain; others exist when a device was restored from a backup.
CREATE TABLE ends (
    chain  INTEGER NOT NULL REFERENCES chains (key),
    branch INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (chain, branch)
) STRICT, WITHOUT ROWID;

CREATE TABLE signed_heads (
    chain     INTEGER PRIMARY KEY REFERENCES chains (key),
    seq       INTEGER NOT NULL,
    record    BLOB NOT NULL,
    signature TEXT NOT NULL
) STRICT;

CREATE TABLE receipts (
    chain     INTEGER NOT NULL REFERENCES chains (key),
    seq       INTEGER NOT NULL,
    record    BLOB NOT NULL,
    at        TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- n is the backend's own order; grants share it.
CREATE TABLE records (
    n           INTEGER PRIMARY KEY,
    id          BLOB NOT NULL,
    stream      INTEGER NOT NULL,
    chain       INTEGER NOT NULL,
    branch      INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    header      BLOB NOT NULL,
    body        BLOB
) STRICT;
CREATE UNIQUE INDEX records_by_id ON records (id);
CREATE INDEX records_by_stream ON records (stream, n);
CREATE INDEX records_by_chain ON records (chain, seq, branch);

CREATE TABLE withheld (
    record BLOB PRIMARY KEY,
    chain  INTEGER NOT NULL REFERENCES chains (key),
    seq    INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    inspection   BLOB NOT NULL,
    person       BLOB NOT NULL,
    organisation TEXT NOT NULL,
    role         TEXT NOT NULL,
    active       INTEGER NOT NULL,
    PRIMARY KEY (inspection, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    n       INTEGER PRIMARY KEY,
    person  BLOB NOT NULL,
    stream  INTEGER NOT NULL REFERENCES streams (key),
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX grants_by_person ON grants (person, stream, n);

CREATE TABLE photos (
    sha256     BLOB PRIMARY KEY,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    at         TEXT NOT NULL,
    signature  TEXT NOT NULL
) STRICT;

-- Which streams show a photo: from the records that name its hash.
CREATE TABLE photo_links (
    sha256 BLOB NOT NULL,
    stream INTEGER NOT NULL REFERENCES streams (key),
    item   BLOB NOT NULL,
    PRIMARY KEY (sha256, stream, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_links_by_item ON photo_links (item);

-- Who sent a photo's bytes, and so may know that it is there.
CREATE TABLE photo_senders (
    sha256 BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (sha256, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
    upload     BLOB PRIMARY KEY,
    person     BLOB NOT NULL,
    sha256     BLOB NOT NULL,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    finished   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX uploads_by_photo ON uploads (sha256, person);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- The desk's list: folded from the team's stream in the transaction that took the records. Can be dropped and rebuilt.
CREATE TABLE controles (
    inspection          BLOB PRIMARY KEY,
    number              TEXT NOT NULL,
    family              TEXT NOT NULL,
    address             TEXT NOT NULL,
    town                TEXT NOT NULL,
    municipality        TEXT NOT NULL,
    source_organisation TEXT NOT NULL,
    status              TEXT NOT NULL,
    planned_at          INTEGER,
    submitted_at        INTEGER,
    received_at         INTEGER NOT NULL,
    team                TEXT NOT NULL,
    answers             INTEGER NOT NULL,
    findings            INTEGER NOT NULL,
    assumptions         INTEGER NOT NULL,
    photos              INTEGER NOT NULL,
    measures            INTEGER NOT NULL,
    differences         INTEGER NOT NULL,
    searchable          TEXT NOT NULL
) STRICT;
CREATE INDEX controles_by_status ON controles (status, submitted_at);
CREATE INDEX controles_by_municipality ON controles (municipality, submitted_at);

-- Counts of visits that stay on their device: no person, no device, no place, no day. The id is random.
CREATE TABLE counts (
    id        BLOB NOT NULL,
    line      INTEGER NOT NULL,
    checklist TEXT NOT NULL,
    month     TEXT NOT NULL,
    question  TEXT NOT NULL,
    option    TEXT,
    number    REAL,
    PRIMARY KEY (id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_by_checklist ON counts (checklist, question);

-- Append-only: each row holds the hash of the one before. Names of visited people never stand here.
CREATE TABLE audit (
    n      INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    person BLOB NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    prev   BLOB NOT NULL,
    hash   BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_erased BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
