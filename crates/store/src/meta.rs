//! Small facts about the device itself, kept inside the encrypted database.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use veldboek_domain::{DeviceCertificate, DeviceId, PersonCard};
use zeroize::Zeroizing;

use crate::db::Store;
use crate::error::StoreError;

pub(crate) const DEVICE: &str = "device";

/// The device as it was enrolled, with its secrets. Its `Debug` shows none of them.
#[derive(Clone, Serialize, Deserialize)]
pub struct Device {
    /// The device's id.
    pub id: DeviceId,
    /// The name that people recognise.
    pub name: String,
    /// Who works with it.
    pub person: PersonCard,
    /// The backend's address.
    pub backend_address: String,
    /// The backend's name for people.
    pub backend_name: String,
    /// The backend's Ed25519 public key, hexadecimal.
    pub backend_key: String,
    /// The organisation that works: bronorganisatie.
    pub source_organisation: String,
    /// What makes working numbers unique.
    pub number_suffix: String,
    /// The device's Ed25519 signing key, hexadecimal.
    pub signing_key: String,
    /// The vault's `age` identity.
    pub vault_identity: String,
    /// The organisation's recovery recipient (`age`), when there is one.
    pub recovery_recipient: Option<String>,
    /// The `age` identity for hand-overs: files for this device are encrypted to its public half. Empty on a device that
    /// was enrolled before there were hand-overs, until its next sync.
    #[serde(default)]
    pub handover_identity: String,
    /// The backend's word about this device, to show to other devices; none until the backend gave it.
    #[serde(default)]
    pub certificate: Option<DeviceCertificate>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Device {
    /// The device's signing key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it can't be read.
    pub fn key(&self) -> Result<SigningKey, StoreError> {
        let mut bytes = Zeroizing::new([0u8; 32]);
        hex::decode_to_slice(&self.signing_key, bytes.as_mut_slice())
            .map_err(|_| StoreError::Damaged("the device's signing key can't be read".to_owned()))?;
        Ok(SigningKey::from_bytes(&bytes))
    }
}

pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn put(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}

impl Store {
    /// Keeps the device's own entry anew: with its identity for hand-overs, or its certificate.
    ///
    /// # Errors
    /// A failure to write; the entry is as it was then.
    pub fn keep_device(&mut self, device: Device) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        put(&transaction, DEVICE, &serde_json::to_string(&device).expect("a device serialises"))?;
        transaction.commit()?;
        self.device = device;
        Ok(())
    }

    /// A small fact that the app keeps under a name: settings, the time of the last sync.
    ///
    /// # Errors
    /// A failure to read.
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.remembered_fact(format!("app:{name}"))
    }

    /// A fact by its whole name, which is read once until something is written.
    pub(crate) fn remembered_fact(&self, key: String) -> Result<Option<String>, StoreError> {
        self.remembered.facts.or_read(self, key.clone(), || get(self.db.level()?, &key))
    }

    /// Keeps a small fact.
    ///
    /// # Errors
    /// A failure to write.
    pub fn keep_fact(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        put(&transaction, &format!("app:{name}"), value)?;
        transaction.commit()
    }

    /// Forgets a small fact.
    ///
    /// # Errors
    /// A failure to write.
    pub fn drop_fact(&mut self, name: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM meta WHERE key = ?1";
        self.db.level()?.prepare_cached(sql)?.execute([format!("app:{name}")])?;
        Ok(())
    }
}
