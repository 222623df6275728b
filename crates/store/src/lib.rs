//! What one device keeps: the encrypted database with the records and their projections, the photo vault, the keys.
//!
//! The records are the truth; every other table can be dropped and rebuilt ([`Store::rebuild`]). An append and its
//! projections are one transaction. Photos are evidence: their bytes never change, each lies in a file of its own in the
//! `age` format. This is the only crate on the device that knows SQLite.

mod branches;
mod clearing;
mod daybook;
mod db;
mod error;
mod handed;
mod handover;
mod inspections;
mod kept_ends;
pub mod keys;
mod known;
mod meta;
mod photos;
#[cfg(feature = "planted")]
mod planted;
mod projections;
mod received;
mod records;
mod reserve;
mod still;
mod sync;
mod transaction;
mod vault;

pub use clearing::{Cleared, Unreceived};
pub use db::Store;
pub use error::StoreError;
pub use handover::{Known, Relay, StreamContents};
pub use inspections::Summary;
pub use keys::{DatabaseKey, Hardness, KeyFile, SecretKind};
pub use meta::Device;
pub use photos::PhotoRow;
pub use received::Receipted;
pub use records::StreamRow;
pub use still::Still;
pub use sync::{SetApart, Waiting};
pub use vault::SealedPhoto;
