//! Counts of visits of which nothing else leaves the device.

use veldboek_sync::wire::CountsSent;

use super::StorageError;

/// Counts of visits that stay on their device.
pub trait CountStorage {
    /// Keeps the counts of one visit; the same id again takes their place.
    ///
    /// # Errors
    /// [`StorageError`]; nothing is kept then.
    fn put_counts(&self, sent: &CountsSent) -> Result<(), StorageError>;
    /// Every total, by checklist, question and option.
    ///
    /// # Errors
    /// [`StorageError`].
    fn count_totals(&self) -> Result<Vec<CountTotal>, StorageError>;
}

/// How often something was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CountTotal {
    /// The checklist's id.
    pub checklist: String,
    /// The question's id.
    pub question: String,
    /// The option's code; none for a number.
    pub option: Option<String>,
    /// In how many visits.
    pub visits: u64,
    /// The sum of the numbers; 0 for an option.
    pub sum: f64,
}
