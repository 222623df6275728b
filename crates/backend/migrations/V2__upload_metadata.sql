-- What a client said of an upload, in its own words: tus gives it back to who asks where the upload stands.
ALTER TABLE uploads ADD COLUMN metadata TEXT NOT NULL DEFAULT '';
