//! How devices and the backend come to hold the same records and photos.
//!
//! - [`wire`]: what goes over the line, and its limits.
//! - [`receipt`]: the backend's signed word that it holds something.
//! - [`server`]: the backend's half: takes a batch, gives a page. It knows no sockets, files or clock.
//! - [`client`]: the device's half, likewise.
//! - [`exchange`]: what one device gives another without the backend, and what the other takes of it; [`envelope`] seals it
//!   into bytes for one device.
//! - [`nearby`]: two devices side by side, over a line of their own.
//! - [`http`]: carries the device's half over HTTP; [`tus`] sends bytes to any tus server; [`photos`] carries photos by it;
//!   [`wait`] and [`problem`] say when to try again and what went wrong on the way.

pub mod client;
pub mod envelope;
pub mod exchange;
pub mod http;
mod line;
pub mod nearby;
pub mod photos;
pub mod problem;
pub mod receipt;
mod rounds;
pub mod server;
pub mod tus;
pub mod wait;
pub mod wire;

pub use client::{Outcome, RecordSync, Replica, Step};
pub use http::Backend;
pub use line::Unsigned;
pub use photos::{PhotoOutcome, carry_previews, fetch_photos, send_photos};
pub use problem::HttpError;
pub use receipt::{PhotoReceipt, Receipt};
pub use rounds::{SyncError, run_sync};
pub use server::Ledger;
