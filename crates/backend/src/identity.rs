//! The backend's own identity: the key that signs receipts and its own records, its device id, and the organisation's
//! recovery recipient. Made at the first start, kept in files that only the backend's user may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use age::secrecy::ExposeSecret;
use ed25519_dalek::SigningKey;
use uuid::Uuid;
use veldboek_domain::{Clock, DeviceId, Digest, Entropy};

use crate::storage::OwnDevice;

/// Who the backend is.
#[derive(Clone)]
pub struct Identity {
    /// The backend as a device.
    pub own: OwnDevice,
    /// The age recipient to which devices wrap their database key.
    pub recovery_recipient: String,
}

impl Identity {
    /// Reads the identity in this folder, or makes it.
    ///
    /// # Errors
    /// When a file can't be read or written, or does not hold what it should.
    pub fn open(folder: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> io::Result<Self> {
        let key = read_or_make(&folder.join("backend.key"), || {
            let mut seed = [0u8; 32];
            entropy.fill(&mut seed);
            format!("{} {}", hex::encode(seed), DeviceId::new(clock, entropy))
        })?;
        let own = own_device(&key).ok_or_else(|| damaged("backend.key"))?;
        let recovery_recipient = match fs::read_to_string(folder.join("recovery.recipient")) {
            Ok(recipient) => recipient.trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_recovery(folder)?,
            Err(error) => return Err(error),
        };
        Ok(Self { own, recovery_recipient })
    }

    /// The public key that receipts are checked with, hexadecimal.
    pub fn public_key(&self) -> String {
        hex::encode(self.own.key.verifying_key().to_bytes())
    }
}

/// Without a recipient of the organisation's own, one is made, and its secret half laid beside it for the administrator
/// to take to a safe place.
fn make_recovery(folder: &Path) -> io::Result<String> {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    write_new(&folder.join("recovery.secret"), identity.to_string().expose_secret())?;
    write_new(&folder.join("recovery.recipient"), &recipient)?;
    tracing::warn!("a recovery key was made: take recovery.secret to a safe place away from this server");
    Ok(recipient)
}

fn own_device(text: &str) -> Option<OwnDevice> {
    let (seed, device) = text.trim().split_once(' ')?;
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(seed, &mut bytes).ok()?;
    Some(OwnDevice { device: DeviceId(device.parse::<Uuid>().ok()?), key: SigningKey::from_bytes(&bytes) })
}

fn read_or_make(path: &Path, make: impl FnOnce() -> String) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = make();
            write_new(path, &text)?;
            Ok(text)
        }
        Err(error) => Err(error),
    }
}

/// Whole or not at all: a key half written would lock everybody out at the next start.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

fn damaged(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{name} does not hold a key: put it back from a backup"))
}

/// A secret of `N` random bytes as text, and the hash under which it is kept.
pub(crate) fn secret<const N: usize>(entropy: &dyn Entropy) -> (String, Digest) {
    let mut bytes = [0u8; N];
    entropy.fill(&mut bytes);
    let text = hex::encode(bytes);
    let hash = Digest::of(text.as_bytes());
    (text, hash)
}

/// Letters and digits that can be read aloud: none looks or sounds like another.
const SPOKEN: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A random text of this many characters that can be read aloud, 5 bits each.
pub(crate) fn spoken(entropy: &dyn Entropy, characters: usize) -> String {
    let mut bytes = vec![0u8; characters];
    entropy.fill(&mut bytes);
    bytes.into_iter().map(|byte| char::from(SPOKEN[usize::from(byte % 32)])).collect()
}
