-- Whether the backend has a photo's small version, which goes ahead of the original.
ALTER TABLE photos ADD COLUMN thumb_sent INTEGER NOT NULL DEFAULT 0;
