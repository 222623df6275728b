-- The `age` recipient (X25519) to which hand-overs for a device are encrypted; empty for an app that sent none.
ALTER TABLE devices ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
