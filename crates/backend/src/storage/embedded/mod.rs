//! The embedded adapter: one SQLite file in WAL mode, fsynced at every commit, one writer and a few readers.

mod audit;
mod counts;
mod ledger;
mod list;
mod people;
mod photos;
#[cfg(feature = "planted")]
mod planted;
mod quiet;
mod records;

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, Transaction};
use uuid::Uuid;
use veldboek_domain::Digest;

use self::list::Folded;
use self::quiet::Quiet;
use super::{Storage, StorageError};

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// Readers kept open between requests.
const IDLE_READERS: usize = 4;

/// SQLite in one file.
pub struct Embedded {
    path: PathBuf,
    writer: Mutex<Writer>,
    readers: Mutex<Vec<Connection>>,
    quiet: Quiet,
    /// What was answered and not committed yet.
    #[cfg(feature = "planted")]
    owed: Mutex<Option<planted::Owed>>,
}

/// The writer while somebody writes.
struct Writing<'a> {
    writer: MutexGuard<'a, Writer>,
    quiet: &'a Quiet,
}

impl Deref for Writing<'_> {
    type Target = Writer;

    fn deref(&self) -> &Writer {
        &self.writer
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Writer {
        &mut self.writer
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.quiet.wrote();
    }
}

/// The one connection that writes, with the controles that it folded last.
struct Writer {
    connection: Connection,
    folded: Folded,
}

impl Embedded {
    /// Opens the database in this folder, or makes it, and brings its tables up to date, all or nothing.
    ///
    /// # Errors
    /// [`StorageError`] when the file can't be opened or a migration failed; the file is as it was then.
    pub fn open(folder: &Path) -> Result<Self, StorageError> {
        let path = folder.join("veldboek.sqlite");
        let mut connection = Connection::open(&path)?;
        set_up(&connection)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
        migrations::migrations::runner()
            .set_grouped(true)
            .run(&mut connection)
            .map_err(|error| StorageError::Failed(Box::new(error)))?;
        let writer = Mutex::new(Writer { connection, folded: Folded::default() });
        Ok(Self {
            path,
            writer,
            readers: Mutex::new(Vec::new()),
            quiet: Quiet::default(),
            #[cfg(feature = "planted")]
            owed: Mutex::default(),
        })
    }

    /// The writer. A panic while it was held rolled its transaction back, so it can be used on; what was folded may be
    /// ahead of the database then and is folded anew.
    fn writer(&self) -> Writing<'_> {
        let writer = self.writer.lock().unwrap_or_else(|poisoned| {
            self.writer.clear_poison();
            let mut writer = poisoned.into_inner();
            writer.folded = Folded::default();
            writer
        });
        Writing { writer, quiet: &self.quiet }
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                set_up(&connection)?;
                connection
            }
        };
        // Prepared once, since most questions are shorter than reading these two words anew.
        connection.prepare_cached("BEGIN")?.execute([])?;
        let result = work(&connection);
        connection.prepare_cached("COMMIT")?.execute([])?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        result
    }

    #[cfg_attr(feature = "planted", track_caller)]
    fn transact<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let mut writer = self.writer();
        let transaction = writer.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        commit(transaction)?;
        Ok(result)
    }

    /// Like [`Self::transact`], without waiting for the disk: it is durable with the next transaction that is.
    fn transact_lazily<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let mut writer = self.writer();
        writer.connection.execute_batch("PRAGMA synchronous = NORMAL")?;
        let result = (|| {
            let transaction = writer.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            commit(transaction)?;
            Ok(result)
        })();
        writer.connection.execute_batch("PRAGMA synchronous = FULL")?;
        result
    }
}

/// Commits: on disk when this returns, unless the transaction is a lazy one.
#[cfg_attr(feature = "planted", track_caller)]
fn commit(transaction: Transaction<'_>) -> Result<(), StorageError> {
    #[cfg(feature = "planted")]
    let database = transaction.path().map(str::to_owned);
    #[cfg(feature = "planted")]
    veldboek_faults::reach(database.as_deref(), veldboek_faults::Moment::Before);
    transaction.commit()?;
    #[cfg(feature = "planted")]
    veldboek_faults::reach(database.as_deref(), veldboek_faults::Moment::After);
    Ok(())
}

impl Storage for Embedded {
    fn check_writable(&self) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute_batch("PRAGMA user_version = 1")?;
            Ok(())
        })
    }
}

fn set_up(connection: &Connection) -> Result<(), StorageError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // A statement is planned once, whatever is bound to it: otherwise those with a range are planned anew at every use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Failed(Box::new(error)),
        }
    }
}

fn uuid_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(index).map(Uuid::from_bytes)
}

fn digest_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Digest> {
    row.get::<_, [u8; 32]>(index).map(Digest)
}

fn number_at(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(index).map(i64::cast_unsigned)
}

/// Numbers of this backend stay far below 2^63.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
