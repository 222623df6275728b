//! Two devices side by side, on one Wi-Fi or hotspot, without the backend.
//!
//! - [`finding`]: how they find each other by mDNS, under a name that says nothing of anybody.
//! - [`tls`]: the line between them, with the keys that they were enrolled with.
//! - [`greeting`] and [`code`]: whose they are, and the six digits that both people compare.
//! - [`talk`], with its halves `giving` and `taking`: what goes over, on [`crate::exchange`].
//! - [`message`]: how it becomes bytes; [`conversation`]: the whole from the first word to the last; [`carry`]: over a line.
//!
//! Only [`finding`], [`tls`] and [`carry`] know sockets.

pub mod carry;
pub mod code;
pub mod conversation;
pub mod finding;
mod giving;
pub mod greeting;
pub mod message;
mod taking;
pub mod talk;
pub mod tls;

pub use conversation::{Conversation, Ended};
pub use giving::Signing;
