-- What this device writes stands here first, one page an answer. Before anything is read it is entered into the records, and
-- into everything that follows from them.

CREATE TABLE daybook (
    n      INTEGER PRIMARY KEY,
    id     BLOB NOT NULL,
    stream BLOB NOT NULL,
    device BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    header BLOB NOT NULL,
    body   BLOB
);
