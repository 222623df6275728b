//! The real clock and the real randomness, for hosts. Everything else takes them as ports.

use std::sync::OnceLock;
use std::time::Instant;

use veldboek_domain::{Clock, Entropy, Stamp};

/// The device's clock, with its offset from UTC.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the system's clock comes in")]
    fn stamp(&self) -> Stamp {
        static STARTED: OnceLock<Instant> = OnceLock::new();
        let uptime = STARTED.get_or_init(Instant::now).elapsed();
        Stamp {
            at: chrono::Local::now().fixed_offset(),
            uptime_ms: u64::try_from(uptime.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the system's randomness comes in")]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}
