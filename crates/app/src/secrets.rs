//! The operating system's keystore, as the app needs it. The window has an adapter; there may be none.

/// The keystore failed or refused.
#[derive(Debug, thiserror::Error)]
#[error("the keystore of this device failed: {0}")]
pub struct SecretError(pub String);

/// Keeps small secrets outside the app's folder, bound to the user of the operating system.
pub trait SecretStore: Send + Sync {
    /// The secret under a name; none when it was never kept.
    ///
    /// # Errors
    /// When the keystore can't be asked.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SecretError>;

    /// Keeps a secret under a name.
    ///
    /// # Errors
    /// When the keystore refuses.
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), SecretError>;

    /// Forgets a secret; one that was never kept is no error.
    ///
    /// # Errors
    /// When the keystore can't be asked.
    fn remove(&self, name: &str) -> Result<(), SecretError>;
}
