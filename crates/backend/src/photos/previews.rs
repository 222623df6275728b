//! Small versions of photos, which devices send ahead of the originals. They are copies for looking: nothing vouches for
//! them, so that they never take an original's place in a report or an answer.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use veldboek_domain::Digest;

/// Small versions on disk, each under its original's hash.
pub(crate) struct Previews {
    folder: PathBuf,
    /// Numbers the files that are being written.
    begun: AtomicU64,
}

impl Previews {
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            // What a kill left half-written.
            if path.is_file() {
                fs::remove_file(path)?;
            }
        }
        Ok(Self { folder, begun: AtomicU64::new(0) })
    }

    fn path(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        self.folder.join(&name[..2]).join(name)
    }

    /// Whether there is one. Blocks.
    pub(crate) fn is_there(&self, sha256: Digest) -> bool {
        self.path(sha256).is_file()
    }

    /// A small version; none when there is none. Blocks.
    ///
    /// # Errors
    /// When the file can't be read.
    pub(crate) fn read(&self, sha256: Digest) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(sha256)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    /// Keeps a small version; the first one stays. True when this is it. Blocks.
    ///
    /// # Errors
    /// When the file can't be written.
    pub(crate) fn keep(&self, sha256: Digest, jpeg: &[u8]) -> io::Result<bool> {
        let path = self.path(sha256);
        if path.is_file() {
            return Ok(false);
        }
        fs::create_dir_all(path.parent().expect("a small version lies in a folder of its first two digits"))?;
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let begun = self.folder.join(format!("{sha256}.{number}"));
        let mut file = File::create_new(&begun)?;
        file.write_all(jpeg)?;
        // A device counts it as sent from here on.
        file.sync_data()?;
        fs::rename(begun, path)?;
        Ok(true)
    }
}
