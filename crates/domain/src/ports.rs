//! What the domain asks of the world: the time and randomness. Both are passed in.

use chrono::{DateTime, FixedOffset};

/// A moment as evidence for people: it decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The device's wall clock with its UTC offset.
    pub at: DateTime<FixedOffset>,
    /// Milliseconds since the device started: shows when the wall clock was changed.
    pub uptime_ms: u64,
}

/// The device's clock.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn stamp(&self) -> Stamp;
}

/// A source of randomness fit for keys and ids.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}
