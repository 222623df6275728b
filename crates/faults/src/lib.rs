//! Crash points and planted bugs. The crates that have them use this one only with their feature `planted`, which no
//! program that is shipped has; a test says so. Only the standard library.
//!
//! A crash point is a commit: [`arm`] makes a database die before or after one, with what its process would leave on
//! disk at that moment. A planted bug is a mistake that somebody could make: [`plant`] puts one into this process, so
//! that a test can show what finds it.

mod bugs;
mod crashes;

pub use bugs::{Bug, PLANTED, is_planted, plant, planted};
pub use crashes::{Crash, Moment, Site, arm, disarm, reach, reached};
