//! What a device keeps: keys, records and their projections, photos, search.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod clearing;
mod daybook;
mod handover;
mod keys;
mod older;
mod photos;
mod records;
mod rot;
mod support;
