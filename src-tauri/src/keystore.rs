//! The operating system's keystore behind the app's [`SecretStore`] port. It may be absent: then a passphrase unlocks
//! the device instead of a PIN.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use veldboek_app::{SecretError, SecretStore};

/// The name under which the operating system's keystore shows the app's secret.
const SERVICE: &str = "nl.veldboek.app";
/// Written and read back once, to know that the keystore really keeps.
const TRIAL: &str = "trial";

/// The keystore of this device, when it answers and keeps what it is given.
pub(crate) fn open() -> Option<Arc<dyn SecretStore>> {
    let keystore = Keystore { store: native()? };
    keystore.keeps().then(|| Arc::new(keystore) as Arc<dyn SecretStore>)
}

struct Keystore {
    store: Arc<CredentialStore>,
}

impl Keystore {
    fn entry(&self, name: &str) -> Result<Entry, SecretError> {
        self.store.build(SERVICE, name, None).map_err(refused)
    }

    fn keeps(&self) -> bool {
        let kept = || -> Result<bool, SecretError> {
            self.put(TRIAL, b"veldboek")?;
            let same = self.get(TRIAL)?.as_deref() == Some(b"veldboek");
            self.remove(TRIAL)?;
            Ok(same)
        };
        kept().unwrap_or(false)
    }
}

impl SecretStore for Keystore {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SecretError> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.entry(name)?.set_secret(secret).map_err(refused)
    }

    fn remove(&self, name: &str) -> Result<(), SecretError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }
}

fn refused(error: Error) -> SecretError {
    SecretError(error.to_string())
}

#[cfg(target_os = "linux")]
fn native() -> Option<Arc<CredentialStore>> {
    zbus_secret_service_keyring_store::Store::new().ok().map(|store| store as _)
}

#[cfg(target_os = "windows")]
fn native() -> Option<Arc<CredentialStore>> {
    windows_native_keyring_store::Store::new().ok().map(|store| store as _)
}

#[cfg(target_os = "macos")]
fn native() -> Option<Arc<CredentialStore>> {
    apple_native_keyring_store::keychain::Store::new().ok().map(|store| store as _)
}

#[cfg(target_os = "ios")]
fn native() -> Option<Arc<CredentialStore>> {
    apple_native_keyring_store::protected::Store::new().ok().map(|store| store as _)
}

#[cfg(target_os = "android")]
fn native() -> Option<Arc<CredentialStore>> {
    android_native_keyring_store::Store::new().ok().map(|store| store as _)
}
