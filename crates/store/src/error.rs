//! What can go wrong with what a device keeps.

use std::io;

use crate::clearing::Unreceived;

/// A failure of the store. Every variant has a stable code for the screen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The PIN or passphrase is wrong.
    #[error("the PIN or passphrase is wrong; the next try is in {wait_seconds} s")]
    WrongSecret {
        /// Seconds until the next try.
        wait_seconds: u64,
    },
    /// A try before the wait after wrong ones was over.
    #[error("the next try is in {wait_seconds} s")]
    MustWait {
        /// Seconds until the next try.
        wait_seconds: u64,
    },
    /// The PIN or passphrase is too short for what protects it.
    #[error("at least {minimum} characters are needed")]
    SecretTooShort {
        /// How many.
        minimum: usize,
    },
    /// There is nothing here yet.
    #[error("this device has not been enrolled")]
    NotEnrolled,
    /// There is something here already.
    #[error("this device has been enrolled already")]
    AlreadyEnrolled,
    /// The key file can't be read.
    #[error("the key file can't be read: {0}")]
    KeyFile(String),
    /// A newer app wrote this; it is left as it is.
    #[error("this was written by a newer version of the app")]
    TooNew,
    /// Another app works with this database.
    #[error("another app works with this database")]
    InUse,
    /// Storage is full. Nothing half-written is left.
    #[error("the storage of this device is full")]
    Full,
    /// Part of the database can't be read any more.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The photo's file is not there.
    #[error("the photo {sha256} is not on this device")]
    PhotoMissing {
        /// Its SHA-256.
        sha256: String,
    },
    /// The photo's file does not have its hash any more.
    #[error("the photo {sha256} does not match its seal")]
    PhotoDamaged {
        /// Its SHA-256.
        sha256: String,
    },
    /// The backend is not known to have everything of a controle: nothing of it is removed.
    #[error("the backend does not have everything of this controle yet: {0:?}")]
    NotReceived(Unreceived),
    /// Any other failure of the database.
    #[error("the database failed: {0}")]
    Database(rusqlite::Error),
    /// Any other failure of the file system.
    #[error("the storage failed: {0}")]
    Io(io::Error),
}

impl StoreError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongSecret { .. } => "wrong_secret",
            Self::MustWait { .. } => "must_wait",
            Self::SecretTooShort { .. } => "secret_too_short",
            Self::NotEnrolled => "not_enrolled",
            Self::AlreadyEnrolled => "already_enrolled",
            Self::KeyFile(_) => "key_file",
            Self::TooNew => "too_new",
            Self::InUse => "in_use",
            Self::Full => "storage_full",
            Self::Damaged(_) => "database_damaged",
            Self::PhotoMissing { .. } => "photo_missing",
            Self::PhotoDamaged { .. } => "photo_damaged",
            Self::NotReceived(_) => "not_received",
            Self::Database(_) => "database",
            Self::Io(_) => "storage",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure) if is_write_failure(&error) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

/// A write that the system refused: with a limit on file sizes or a full quota SQLite calls it an input/output failure.
fn is_write_failure(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error().map(|error| error.extended_code),
        Some(
            rusqlite::ffi::SQLITE_IOERR_WRITE
                | rusqlite::ffi::SQLITE_IOERR_FSYNC
                | rusqlite::ffi::SQLITE_IOERR_TRUNCATE
                | rusqlite::ffi::SQLITE_IOERR_SHMSIZE
        )
    )
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}
