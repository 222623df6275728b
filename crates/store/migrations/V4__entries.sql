-- One table where a table and an index were: where each record stands in its chain, and whether it still counts. An answer
-- then writes one page less.

CREATE TABLE entries (           -- a projection: the state is a fold over the records that count
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    n      INTEGER NOT NULL,     -- the record
    counts INTEGER NOT NULL,     -- 0: another took its place; 1: it counts; 2: it always will, none can take its place
    PRIMARY KEY (stream, device, epoch, seq, n)
) WITHOUT ROWID;

INSERT INTO entries (stream, device, epoch, seq, n, counts)
SELECT r.stream, r.device, r.epoch, r.seq, r.n, CASE WHEN l.n IS NULL THEN 0 WHEN l.fixed THEN 2 ELSE 1 END
FROM records r LEFT JOIN live l ON l.stream = r.stream AND l.n = r.n;

DROP INDEX records_by_chain;
DROP TABLE live;

-- The small version last: what stands behind it in a row is read only by going over its bytes.
CREATE TABLE photos_anew (
    sha256     BLOB PRIMARY KEY,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    here       INTEGER NOT NULL, -- whether the original lies in the vault
    sent       INTEGER NOT NULL DEFAULT 0,
    receipt    TEXT,
    thumb_sent INTEGER NOT NULL DEFAULT 0,
    thumb      BLOB
);
INSERT INTO photos_anew (sha256, bytes, media_type, here, sent, receipt, thumb_sent, thumb)
SELECT sha256, bytes, media_type, here, sent, receipt, thumb_sent, thumb FROM photos;
DROP TABLE photos;
ALTER TABLE photos_anew RENAME TO photos;

-- What the sync still has to do with photos is found without going over those that are done.
CREATE INDEX photos_unsettled ON photos (sha256) WHERE here = 0 OR receipt IS NULL;

-- The photos of one controle are found without going over those of all others.
CREATE INDEX photo_refs_by_stream ON photo_refs (stream);
