-- Hand-overs between devices without a network.

CREATE TABLE cards (             -- certificates of other devices, checked before they are kept
    device BLOB PRIMARY KEY,
    card   TEXT NOT NULL,        -- JSON
    seen   TEXT NOT NULL         -- RFC 3339
) WITHOUT ROWID;

CREATE TABLE handed (            -- records of other devices that came by a hand-over, until the backend shows that it has them
    record BLOB PRIMARY KEY,
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX handed_by_chain ON handed (stream, device, epoch, seq);

CREATE TABLE heads (             -- heads that other devices signed: what is needed to bring their records to the backend
    stream    BLOB NOT NULL,
    device    BLOB NOT NULL,
    epoch     INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    record    BLOB NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (stream, device, epoch, seq, record)
) WITHOUT ROWID;

CREATE TABLE peers (             -- what another device said that it holds of a controle, as JSON
    device     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    holds      TEXT NOT NULL,
    PRIMARY KEY (device, inspection)
) WITHOUT ROWID;
