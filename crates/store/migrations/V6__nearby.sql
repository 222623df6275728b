-- Devices of which the backend said that they were blocked: nothing is exchanged with them, whatever they show.
CREATE TABLE blocked (
    device BLOB PRIMARY KEY
) WITHOUT ROWID;
