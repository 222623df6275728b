//! The photo vault: one file per original, in the `age` format, so that another program can check it.
//!
//! Order of writing: temporary file, encrypt, fsync, rename, fsync the folder; then the record that names the hash,
//! never the other way round. What was written is read back and compared before it counts.
//!
//! An original that is on its way from the backend lies in parts, each an encrypted file of its own, so that a kill costs
//! no more than the last of them. Nothing vouches for a part: the whole's hash does, when the original is written.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use veldboek_domain::Digest;

use crate::error::StoreError;

/// The encrypted originals of one device.
pub(crate) struct Vault {
    folder: PathBuf,
    identity: age::x25519::Identity,
    recipients: Vec<age::x25519::Recipient>,
}

/// The folder of originals that are on their way.
const PARTS: &str = "onderweg";

/// How much is read or written at once, in bytes.
const PIECE: usize = 256 * 1024;

/// Room that is left free for the database, whatever the photos want: 64 MiB.
const SPARE_BYTES: u64 = 64 * 1024 * 1024;

impl Vault {
    pub(crate) fn open(folder: &Path, identity: &str, recovery: Option<&str>) -> Result<Self, StoreError> {
        let unreadable = |error: &str| StoreError::KeyFile(error.to_owned());
        let identity: age::x25519::Identity = identity.parse().map_err(unreadable)?;
        let mut recipients = vec![identity.to_public()];
        if let Some(recovery) = recovery {
            recipients.push(recovery.parse().map_err(unreadable)?);
        }
        fs::create_dir_all(folder.join(PARTS))?;
        let vault = Self { folder: folder.to_owned(), identity, recipients };
        vault.sweep()?;
        Ok(vault)
    }

    /// Removes what a kill left half-written: it was never called kept.
    fn sweep(&self) -> Result<(), StoreError> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "deel") {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    pub(crate) fn path(&self, sha256: &Digest) -> PathBuf {
        let digits = sha256.to_string();
        self.folder.join(&digits[..2]).join(format!("{digits}.age"))
    }

    /// Stores an original and verifies what was written. A failure leaves nothing behind.
    pub(crate) fn write(&self, sha256: &Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let target = self.path(sha256);
        if target.exists() && self.read(sha256).is_ok() {
            return Ok(());
        }
        if fs4::available_space(&self.folder)? < bytes.len() as u64 + SPARE_BYTES {
            return Err(StoreError::Full);
        }
        let temporary = self.folder.join(format!("{sha256}.deel"));
        let written = self.write_to(&temporary, bytes).and_then(|()| self.compare(&temporary, sha256));
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        let parent = target.parent().expect("a photo's file lies in a folder");
        fs::create_dir_all(parent)?;
        fs::rename(&temporary, &target)?;
        sync_folder(parent)?;
        sync_folder(&self.folder)?;
        self.drop_parts(sha256)
    }

    fn parts_folder(&self, sha256: &Digest) -> PathBuf {
        self.folder.join(PARTS).join(sha256.to_string())
    }

    /// Keeps a part of an original that is on its way: the bytes from this place on.
    pub(crate) fn keep_part(&self, sha256: &Digest, from: u64, bytes: &[u8]) -> Result<(), StoreError> {
        if fs4::available_space(&self.folder)? < bytes.len() as u64 + SPARE_BYTES {
            return Err(StoreError::Full);
        }
        let folder = self.parts_folder(sha256);
        fs::create_dir_all(&folder)?;
        let temporary = folder.join("deel");
        self.write_to(&temporary, bytes)?;
        fs::rename(temporary, folder.join(format!("{from:012}.age")))?;
        Ok(())
    }

    /// What is here of an original that is on its way, from its first byte on. A part that can't be opened is gone, with
    /// all behind it: they are fetched again.
    pub(crate) fn parts(&self, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        loop {
            let path = self.parts_folder(sha256).join(format!("{:012}.age", bytes.len()));
            match self.sealed_at(&path, sha256).and_then(SealedPhoto::open) {
                Ok(part) if !part.is_empty() => bytes.extend_from_slice(&part),
                Ok(_) | Err(_) => return Ok(bytes),
            }
        }
    }

    /// Forgets the parts of an original.
    pub(crate) fn drop_parts(&self, sha256: &Digest) -> Result<(), StoreError> {
        match fs::remove_dir_all(self.parts_folder(sha256)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Removes an original and its parts for good. One that is not there is what was wanted.
    pub(crate) fn remove(&self, sha256: &Digest) -> Result<(), StoreError> {
        let path = self.path(sha256);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Err(_) => {}
            Ok(()) => sync_folder(path.parent().expect("a photo's file lies in a folder"))?,
        }
        self.drop_parts(sha256)
    }

    fn write_to(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let recipients = self.recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).expect("the vault has its own recipient");
        let file = BufWriter::with_capacity(PIECE, File::create(path)?);
        let mut writer = encryptor.wrap_output(file)?;
        writer.write_all(bytes)?;
        let file = writer.finish()?.into_inner().map_err(|error| StoreError::from(error.into_error()))?;
        #[cfg(feature = "planted")]
        if veldboek_faults::is_planted(veldboek_faults::Bug::RenameBeforeFsync) {
            return Ok(());
        }
        file.sync_all()?;
        Ok(())
    }

    fn compare(&self, path: &Path, sha256: &Digest) -> Result<(), StoreError> {
        self.decrypt(path, sha256).map(drop)
    }

    /// The original's bytes, compared with their hash.
    pub(crate) fn read(&self, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        self.decrypt(&self.path(sha256), sha256)
    }

    /// The same, found here and opened by who holds it.
    pub(crate) fn sealed(&self, sha256: &Digest) -> Result<SealedPhoto, StoreError> {
        self.sealed_at(&self.path(sha256), sha256)
    }

    fn decrypt(&self, path: &Path, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        let bytes = self.sealed_at(path, sha256)?.open()?;
        if Digest::of(&bytes) == *sha256 { Ok(bytes) } else { Err(damaged(sha256)) }
    }

    fn sealed_at(&self, path: &Path, sha256: &Digest) -> Result<SealedPhoto, StoreError> {
        match File::open(path) {
            Ok(file) => Ok(SealedPhoto { file, identity: self.identity.clone(), sha256: *sha256 }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(StoreError::PhotoMissing { sha256: sha256.to_string() })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Photos of this size for which there is room.
    pub(crate) fn room_for(&self, bytes: u64) -> Result<u64, StoreError> {
        Ok(fs4::available_space(&self.folder)?.saturating_sub(SPARE_BYTES) / bytes.max(1))
    }
}

/// An original of the vault that is not decrypted yet. It is whole in itself: the store may be used, and locked, before it
/// is opened.
pub struct SealedPhoto {
    file: File,
    identity: age::x25519::Identity,
    sha256: Digest,
}

impl SealedPhoto {
    /// The original's bytes. The seal of each piece is compared, the whole's hash is not. Takes as long as decrypting them does:
    /// 10 ms for a photo of 5 MiB are to be reckoned with.
    ///
    /// # Errors
    /// [`StoreError::PhotoDamaged`], or a failure to read.
    pub fn open(self) -> Result<Vec<u8>, StoreError> {
        let length = self.file.metadata()?.len();
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        let file = std::io::BufReader::with_capacity(PIECE, self.file);
        let damaged = || damaged(&self.sha256);
        let decryptor = age::Decryptor::new_buffered(file).map_err(|_| damaged())?;
        let identities = std::iter::once(&self.identity as &dyn age::Identity);
        let mut reader = decryptor.decrypt(identities).map_err(|_| damaged())?;
        reader.read_to_end(&mut bytes).map_err(|_| damaged())?;
        Ok(bytes)
    }
}

fn damaged(sha256: &Digest) -> StoreError {
    StoreError::PhotoDamaged { sha256: sha256.to_string() }
}

/// Makes a rename or a new file in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    // Windows has no such handle; there a rename is durable with the file system's journal.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
