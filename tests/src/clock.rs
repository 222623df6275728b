//! A clock that stands still until the story moves it.

use std::sync::Mutex;

use chrono::{DateTime, FixedOffset, TimeDelta};
use veldboek_domain::{Clock, Stamp};

/// A clock in the hands of the story.
#[derive(Debug)]
pub struct StoryClock(Mutex<(DateTime<FixedOffset>, u64)>);

impl StoryClock {
    /// A clock that shows this moment, RFC 3339.
    ///
    /// # Panics
    /// When it is no moment.
    pub fn at(moment: &str) -> Self {
        Self(Mutex::new((DateTime::parse_from_rfc3339(moment).expect("a moment as RFC 3339"), 0)))
    }

    /// Time goes by.
    pub fn forward(&self, by: TimeDelta) {
        let mut now = self.0.lock().expect("nobody panics while holding it");
        now.0 += by;
        now.1 += u64::try_from(by.num_milliseconds()).unwrap_or(0);
    }
}

impl Clock for StoryClock {
    fn stamp(&self) -> Stamp {
        let mut now = self.0.lock().expect("nobody panics while holding it");
        // A clock that is read twice has gone on a little, as a real one has.
        now.0 += TimeDelta::milliseconds(1);
        now.1 += 1;
        Stamp { at: now.0, uptime_ms: now.1 }
    }
}
