//! How much one request carries: everything while the line is good, less after a cut, more again after what went well.

use std::sync::atomic::{AtomicU64, Ordering};

/// No request is made smaller than this, in bytes: a server that syncs to its disk in steps of this size gains nothing
/// from smaller ones, and each request costs its headers and a wait for the answer.
pub const SMALLEST_REQUEST: u64 = 512 * 1024;
/// From here on a request carries all that is left.
const WHOLE: u64 = 32 * 1024 * 1024;

/// What the line lately bore; shared by all uploads over it.
///
/// A server keeps what came before a cut, but what stands between may not: a gateway that hands a request on only when
/// it is complete loses all of it. Smaller requests bound that.
#[derive(Debug)]
pub struct Pace(AtomicU64);

impl Default for Pace {
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

impl Pace {
    /// How many of the bytes that are left the next request carries.
    pub fn of(&self, left: u64) -> u64 {
        self.0.load(Ordering::Relaxed).min(left)
    }

    /// A request of this many bytes was answered: the next may carry twice as much.
    pub fn went_well(&self, bytes: u64) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |size| {
            // A small last part says nothing of larger ones.
            let bears = bytes.saturating_mul(2);
            (bears > size).then_some(if bears > WHOLE { u64::MAX } else { bears })
        });
    }

    /// A request of this many bytes broke, or arrived damaged: the next carries half as much.
    pub fn was_cut(&self, bytes: u64) {
        self.0.fetch_min((bytes / 2).max(SMALLEST_REQUEST), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn a_good_line_carries_a_whole_photo_in_one_request() {
        let pace = Pace::default();
        assert_eq!(pace.of(64 * MIB), 64 * MIB);
        pace.went_well(2 * MIB);
        assert_eq!(pace.of(64 * MIB), 64 * MIB);
    }

    #[test]
    fn cuts_make_requests_smaller_down_to_the_servers_own_step_and_successes_larger_again() {
        let pace = Pace::default();
        let mut sizes = Vec::new();
        for _ in 0..5 {
            pace.was_cut(pace.of(5 * MIB));
            sizes.push(pace.of(5 * MIB));
        }
        assert_eq!(sizes, [5 * MIB / 2, 5 * MIB / 4, 5 * MIB / 8, SMALLEST_REQUEST, SMALLEST_REQUEST]);
        for expected in [MIB, 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB, 32 * MIB, 64 * MIB] {
            pace.went_well(pace.of(64 * MIB));
            assert_eq!(pace.of(64 * MIB), expected);
        }
    }

    #[test]
    fn a_small_last_part_does_not_make_requests_smaller() {
        let pace = Pace::default();
        pace.was_cut(8 * MIB);
        pace.went_well(1000);
        assert_eq!(pace.of(64 * MIB), 4 * MIB);
    }
}
