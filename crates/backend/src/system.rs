//! The machine's own clock and randomness: the only place in the backend that asks for them.

use std::time::Instant;

use chrono::Local;
use veldboek_domain::{Clock, Entropy, Stamp};

/// The machine's wall clock.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose uptime begins now.
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter behind which the wall clock is passed in")]
    fn stamp(&self) -> Stamp {
        let uptime_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Stamp { at: Local::now().fixed_offset(), uptime_ms }
    }
}

/// The operating system's randomness.
#[derive(Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter behind which randomness is passed in")]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("an operating system without randomness can't run a server");
    }
}
