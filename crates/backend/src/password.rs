//! Passwords of the desk's own accounts: Argon2id (RFC 9106) with the parameters that OWASP recommends.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use veldboek_domain::Entropy;

/// A password that can't be hashed: longer than Argon2 takes.
#[derive(Debug, thiserror::Error)]
#[error("the password can't be hashed")]
pub struct UnusablePassword;

/// The password's hash as a PHC string.
///
/// # Errors
/// [`UnusablePassword`].
pub fn hash(password: &str, entropy: &dyn Entropy) -> Result<String, UnusablePassword> {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|_| UnusablePassword)
}

/// Whether a password has this hash. Without one it takes as long, so that the time does not tell which accounts exist.
pub fn matches(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let right = Argon2::default().verify_password(password.as_bytes(), hash.unwrap_or(NOBODY)).is_ok();
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemEntropy;

    #[test]
    fn only_the_right_password_matches() {
        let kept = hash("weiland-7-molen", &SystemEntropy).unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(matches("weiland-7-molen", Some(&kept)));
        assert!(!matches("weiland-7-mole", Some(&kept)));
        assert!(!matches("weiland-7-molen", None));
    }
}
