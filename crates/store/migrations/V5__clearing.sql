-- Controles that were cleared from this device: what stays is a line with the number, and where each chain ended.

CREATE TABLE clearings (
    n          INTEGER PRIMARY KEY,
    inspection BLOB NOT NULL,
    number     TEXT NOT NULL,
    at         TEXT NOT NULL,    -- RFC 3339
    by_itself  INTEGER NOT NULL, -- 1: the retention rule did it, 0: a person
    rule       TEXT NOT NULL,    -- version of the retention rules
    back_at    TEXT,             -- when it was asked for again, RFC 3339; NULL while it is away
    back_why   TEXT              -- 'asked', 'sent_back', 'assigned' or 'handed_over'
);
CREATE INDEX clearings_by_inspection ON clearings (inspection);

CREATE TABLE away (              -- streams of cleared controles: what comes of them is let go
    stream     BLOB PRIMARY KEY,
    inspection BLOB NOT NULL,
    closed     INTEGER NOT NULL DEFAULT 0 -- 1: the person may no longer read it
) WITHOUT ROWID;

CREATE TABLE kept_ends (         -- ends of chains, so that no number is ever given twice and both sides still agree
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (stream, device, epoch, record)
) WITHOUT ROWID;

CREATE TABLE unlinked (          -- photos whose rows are gone and whose files are to go
    sha256 BLOB PRIMARY KEY
) WITHOUT ROWID;

-- Parts that wait for the person of this device.
ALTER TABLE inspections ADD COLUMN mine INTEGER NOT NULL DEFAULT 0;

-- What the rules let go by itself is asked for after every sync.
CREATE INDEX inspections_done ON inspections (family) WHERE status IN ('closed', 'agreed');

-- Words that leave the index leave its pages as well.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT INTO search (search) VALUES ('optimize');
