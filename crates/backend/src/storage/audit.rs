//! The log of who looked at what.

use chrono::{DateTime, FixedOffset};
use veldboek_domain::{Digest, PersonId};

use super::StorageError;

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number: 1, 2, ...
    pub n: u64,
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub person: PersonId,
    /// What was done, by code.
    pub action: String,
    /// To what, by id. Never a name of somebody who was visited.
    pub object: String,
    /// SHA-256 over the line before and this one.
    pub hash: Digest,
}

/// Whether the audit log is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditState {
    /// Every line holds the hash of the one before.
    Whole {
        /// How many lines there are.
        lines: u64,
    },
    /// This line does not fit the one before it.
    Broken {
        /// Its number.
        at: u64,
    },
}

/// The audit log.
pub trait AuditStorage {
    /// Adds a line.
    ///
    /// # Errors
    /// [`StorageError`].
    fn note(&self, at: DateTime<FixedOffset>, person: PersonId, action: &str, object: &str)
    -> Result<(), StorageError>;
    /// The last lines, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn audit_lines(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, StorageError>;
    /// Checks the log from the first line to the last.
    ///
    /// # Errors
    /// [`StorageError`].
    fn verify_audit(&self) -> Result<AuditState, StorageError>;
}
