//! The keys: a random database key, wrapped by what the person knows together with what the operating system keeps,
//! and by the organisation's recovery key. Wrong tries slow down.
//!
//! The wrapping key is Argon2id (RFC 9106) over the PIN or passphrase, with the keystore's secret as its own secret
//! input; the wrap is XChaCha20-Poly1305. The recovery copy is a file in the `age` format.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};
use veldboek_domain::{Clock, Entropy};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::reserve::Reserve;
use crate::vault::sync_folder;

/// The version of this file's form, and the oldest app that may open it.
const FORMAT: u32 = 1;
/// Shortest PIN, with a keystore behind it.
pub const SHORTEST_PIN: usize = 6;
/// Shortest passphrase, without a keystore: a short PIN alone falls in hours.
pub const SHORTEST_PASSPHRASE: usize = 12;
/// Wrong tries that cost no wait: people mistype with gloves on.
const FREE_TRIES: u32 = 3;
/// The longest wait in seconds.
const LONGEST_WAIT: u64 = 3600;

/// The 32 bytes that open the database. They leave memory when dropped.
pub type DatabaseKey = Zeroizing<[u8; 32]>;

/// What the person types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// Six digits or more, together with the operating system's keystore.
    Pin,
    /// A passphrase of twelve characters or more, on its own.
    Passphrase,
}

/// What lies beside the database: the wrapped key and the tries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyFile {
    format: u32,
    oldest_reader: u32,
    secret_kind: SecretKind,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    wrapped: String,
    recovery: Option<String>,
    wrong_tries: u32,
    last_wrong: Option<DateTime<FixedOffset>>,
}

/// How hard guessing is made: 64 MiB and three passes cost a tablet about a tenth of a second.
#[derive(Clone, Copy, Debug)]
pub struct Hardness {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Hardness {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3 }
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("sleutel.json")
}

impl KeyFile {
    /// Makes a random database key and wraps it.
    ///
    /// `keystore` is the operating system's secret, where there is one; `recovery` the organisation's recipient.
    ///
    /// # Errors
    /// [`StoreError::SecretTooShort`], [`StoreError::AlreadyEnrolled`], or a failure to write.
    pub fn create(
        folder: &Path,
        secret: &str,
        keystore: Option<&[u8]>,
        recovery: Option<&str>,
        hardness: Hardness,
        entropy: &dyn Entropy,
    ) -> Result<(Self, DatabaseKey), StoreError> {
        if path(folder).exists() {
            return Err(StoreError::AlreadyEnrolled);
        }
        let (secret_kind, minimum) = match keystore {
            Some(_) => (SecretKind::Pin, SHORTEST_PIN),
            None => (SecretKind::Passphrase, SHORTEST_PASSPHRASE),
        };
        if secret.chars().count() < minimum {
            return Err(StoreError::SecretTooShort { minimum });
        }
        let mut key = Zeroizing::new([0u8; 32]);
        entropy.fill(&mut *key);
        let mut salt = [0u8; 16];
        entropy.fill(&mut salt);
        let mut nonce = [0u8; 24];
        entropy.fill(&mut nonce);
        let mut file = Self {
            format: FORMAT,
            oldest_reader: FORMAT,
            secret_kind,
            memory_kib: hardness.memory_kib,
            passes: hardness.passes,
            lanes: 1,
            salt: BASE64.encode(salt),
            nonce: BASE64.encode(nonce),
            wrapped: String::new(),
            recovery: recovery.map(|recipient| wrap_for_recovery(recipient, &key)).transpose()?,
            wrong_tries: 0,
            last_wrong: None,
        };
        let wrapping = file.wrapping_key(secret, keystore)?;
        let wrapped = cipher(&wrapping)
            .encrypt(&XNonce::from(nonce), key.as_slice())
            .map_err(|_| StoreError::KeyFile("the key could not be wrapped".to_owned()))?;
        file.wrapped = BASE64.encode(wrapped);
        file.save(folder)?;
        Ok((file, key))
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// [`StoreError::NotEnrolled`], [`StoreError::TooNew`] or [`StoreError::KeyFile`]; the file is left as it is.
    pub fn load(folder: &Path) -> Result<Self, StoreError> {
        let text = match fs::read(path(folder)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StoreError::NotEnrolled),
            Err(error) => return Err(error.into()),
        };
        let file: Self = serde_json::from_slice(&text).map_err(|error| StoreError::KeyFile(error.to_string()))?;
        if file.oldest_reader > FORMAT { Err(StoreError::TooNew) } else { Ok(file) }
    }

    /// What the person types.
    pub fn secret_kind(&self) -> SecretKind {
        self.secret_kind
    }

    /// Wrong tries since the last right one.
    pub fn wrong_tries(&self) -> u32 {
        self.wrong_tries
    }

    /// Seconds until the next try is taken.
    pub fn wait_seconds(&self, now: DateTime<FixedOffset>) -> u64 {
        let Some(last) = self.last_wrong else { return 0 };
        let pause = pause_after(self.wrong_tries);
        let passed = now.signed_duration_since(last);
        // A clock that was set back does not shorten the wait.
        let passed = if passed < TimeDelta::zero() { 0 } else { passed.num_seconds().unsigned_abs() };
        pause.saturating_sub(passed)
    }

    /// Lets a wait begin anew when the clock was set back since the last wrong try. That shortens no wait, and a try that was
    /// made while the clock was years ahead does not close the device for years.
    ///
    /// # Errors
    /// A failure to write.
    pub fn follow_clock(&mut self, folder: &Path, now: DateTime<FixedOffset>) -> Result<(), StoreError> {
        if self.last_wrong.is_some_and(|last| last > now) {
            self.last_wrong = Some(now);
            self.save(folder)?;
        }
        Ok(())
    }

    /// Unwraps the database key. A wrong try is on disk before it is answered, so that killing the app is no way around.
    ///
    /// # Errors
    /// [`StoreError::MustWait`] or [`StoreError::WrongSecret`].
    pub fn unlock(
        &mut self,
        folder: &Path,
        secret: &str,
        keystore: Option<&[u8]>,
        clock: &dyn Clock,
    ) -> Result<DatabaseKey, StoreError> {
        let now = clock.stamp().at;
        self.follow_clock(folder, now)?;
        let wait_seconds = self.wait_seconds(now);
        if wait_seconds > 0 {
            return Err(StoreError::MustWait { wait_seconds });
        }
        let wrapping = self.wrapping_key(secret, keystore)?;
        match self.unwrap_with(&wrapping) {
            Some(key) => {
                if self.wrong_tries > 0 {
                    self.wrong_tries = 0;
                    self.last_wrong = None;
                    self.save(folder)?;
                }
                Ok(key)
            }
            None => {
                self.wrong_tries += 1;
                self.last_wrong = Some(now);
                self.save(folder)?;
                Err(StoreError::WrongSecret { wait_seconds: pause_after(self.wrong_tries) })
            }
        }
    }

    /// The recovery copy of the key, for the organisation that holds the recovery identity.
    pub fn recovery_copy(&self) -> Option<Vec<u8>> {
        self.recovery.as_deref().and_then(|text| BASE64.decode(text).ok())
    }

    fn unwrap_with(&self, wrapping: &[u8; 32]) -> Option<DatabaseKey> {
        let nonce: [u8; 24] = BASE64.decode(&self.nonce).ok()?.try_into().ok()?;
        let wrapped = BASE64.decode(&self.wrapped).ok()?;
        let plain = Zeroizing::new(cipher(wrapping).decrypt(&XNonce::from(nonce), wrapped.as_slice()).ok()?);
        plain.as_slice().try_into().ok().map(Zeroizing::new)
    }

    fn wrapping_key(&self, secret: &str, keystore: Option<&[u8]>) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let unreadable = |what: &dyn std::fmt::Display| StoreError::KeyFile(what.to_string());
        let salt = BASE64.decode(&self.salt).map_err(|error| unreadable(&error))?;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|e| unreadable(&e))?;
        let argon = match keystore {
            Some(pepper) => Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params)
                .map_err(|error| unreadable(&error))?,
            None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        };
        let mut key = Zeroizing::new([0u8; 32]);
        argon.hash_password_into(secret.as_bytes(), &salt, &mut *key).map_err(|error| unreadable(&error))?;
        Ok(key)
    }

    /// Writes it; also on a full disk, so that wrong tries count there too.
    fn save(&self, folder: &Path) -> Result<(), StoreError> {
        Reserve::beside(folder).with(|| self.save_once(folder))
    }

    fn save_once(&self, folder: &Path) -> Result<(), StoreError> {
        fs::create_dir_all(folder)?;
        let text = serde_json::to_vec_pretty(self).expect("a key file serialises");
        let temporary = folder.join("sleutel.json.nieuw");
        let mut file = File::create(&temporary)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&temporary, path(folder))?;
        sync_folder(folder)
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

/// 0 s for the first three, then 30 s, doubled each time, at most an hour.
fn pause_after(wrong_tries: u32) -> u64 {
    match wrong_tries.checked_sub(FREE_TRIES) {
        None => 0,
        Some(beyond) => (30u64 << beyond.min(20)).min(LONGEST_WAIT),
    }
}

fn wrap_for_recovery(recipient: &str, key: &DatabaseKey) -> Result<String, StoreError> {
    let recipient: age::x25519::Recipient =
        recipient.parse().map_err(|error: &str| StoreError::KeyFile(error.to_owned()))?;
    let wrapped = age::encrypt(&recipient, key.as_slice()).map_err(|error| StoreError::KeyFile(error.to_string()))?;
    Ok(BASE64.encode(wrapped))
}

/// The recipient of an `age` identity; none when it can't be read.
pub fn recipient_of(identity: &str) -> Option<String> {
    Some(identity.parse::<age::x25519::Identity>().ok()?.to_public().to_string())
}

/// A fresh `age` identity as text, with its recipient.
pub fn new_identity() -> (Zeroizing<String>, String) {
    let identity = age::x25519::Identity::generate();
    (Zeroizing::new(identity.to_string().expose_secret().to_owned()), identity.to_public().to_string())
}
