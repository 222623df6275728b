//! Opening the database: the key, the settings on which durability rests, and the migrations.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use veldboek_domain::StreamId;

use crate::clearing::Away;
use crate::daybook::Database;
use crate::error::StoreError;
use crate::keys::DatabaseKey;
use crate::meta::{self, Device};
use crate::records;
use crate::reserve::Reserve;
use crate::still::Remembered;
use crate::vault::Vault;

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// What one device keeps. One writer: the caller holds it behind a lock.
pub struct Store {
    pub(crate) db: Database,
    pub(crate) vault: Vault,
    pub(crate) device: Device,
    /// The streams that this device writes in a later epoch than 0, as the table of facts says.
    pub(crate) epochs: HashMap<StreamId, u32>,
    pub(crate) remembered: Remembered,
    /// Controles that were cleared.
    pub(crate) away: Away,
    folder: PathBuf,
}

impl Store {
    /// Makes the database of a device that was just enrolled.
    ///
    /// # Errors
    /// [`StoreError::AlreadyEnrolled`] when there is one, or a failure to write.
    pub fn create(folder: &Path, key: &DatabaseKey, device: &Device) -> Result<Self, StoreError> {
        if database_path(folder).exists() {
            return Err(StoreError::AlreadyEnrolled);
        }
        std::fs::create_dir_all(folder)?;
        let connection = connect(folder, key)?;
        meta::put(&connection, meta::DEVICE, &serde_json::to_string(device).expect("a device serialises"))?;
        drop(connection);
        Self::open(folder, key)
    }

    /// Opens the database with its key. Nothing is replayed.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it can't be read with this key; it is left as it is. [`StoreError::InUse`] when another app
    /// works with it.
    pub fn open(folder: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        if !database_path(folder).exists() {
            return Err(StoreError::NotEnrolled);
        }
        Reserve::beside(folder).with(|| Self::open_once(folder, key))
    }

    fn open_once(folder: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let connection = connect(folder, key)?;
        let device: Device = meta::get(&connection, meta::DEVICE)?
            .and_then(|text| serde_json::from_str(&text).ok())
            .ok_or_else(|| StoreError::Damaged("the device's own entry is missing".to_owned()))?;
        let vault = Vault::open(&folder.join("fotos"), &device.vault_identity, device.recovery_recipient.as_deref())?;
        let epochs = records::epochs(&connection)?;
        let away = Away::load(&connection, device.id)?;
        let db = Database::open(connection, folder.to_owned())?;
        let remembered = Remembered::default();
        let folder = folder.to_owned();
        let mut store = Self { db, vault, device, epochs, remembered, away, folder };
        store.finish_clearing()?;
        Ok(store)
    }

    /// The device as it was enrolled.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Where it all lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Checks every page's seal and the tables' consistency; takes long on a large database.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with what was found.
    pub fn check(&self) -> Result<(), StoreError> {
        // The check reads the file alone. After a power cut the log may hold pages that are half-written there.
        self.db.empty_log()?;
        let mut statement = self.db.level()?.prepare("PRAGMA cipher_integrity_check")?;
        let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        match found.first() {
            Some(first) => Err(StoreError::Damaged(first.clone())),
            None => Ok(()),
        }
    }
}

/// The name of the database's file.
const DATABASE: &str = "veldboek.db";

fn database_path(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Where SQLite keeps the write-ahead log.
pub(crate) fn log_path(folder: &Path) -> PathBuf {
    folder.join(format!("{DATABASE}-wal"))
}

fn connect(folder: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(database_path(folder))?;
    // A raw key opens in 3 ms; a passphrase would cost 120 ms, and Argon2id guards the key already.
    let pragma = zeroize::Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex::encode(key.as_slice())));
    connection.execute_batch(&pragma)?;
    connection.execute_batch(
        "PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16000;
         PRAGMA secure_delete = ON;",
    )?;
    // A statement is planned once, whatever is bound to it: otherwise those with a range are planned anew at every use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    migrations::migrations::runner().set_grouped(true).run(&mut connection).map_err(migration_error)?;
    Ok(connection)
}

fn migration_error(error: refinery::Error) -> StoreError {
    match error.kind() {
        // A migration that this app does not know: a newer app was here.
        refinery::error::Kind::MissingVersion(_) | refinery::error::Kind::DivergentVersion(..) => StoreError::TooNew,
        _ => StoreError::Damaged(error.to_string()),
    }
}
