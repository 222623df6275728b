//! Photos' bytes: running uploads in one folder, whole photos under their hash in another, small versions in a third.
//!
//! **An offset that was given is on disk**, and a photo is called complete only after its SHA-256 was found equal, its
//! bytes and its name were fsynced, and its receipt was kept.

mod checksum;
mod previews;
mod receive;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedMutexGuard, Semaphore, watch};
use veldboek_domain::Digest;

pub(crate) use checksum::{ALGORITHMS, Checksum};
pub(crate) use previews::Previews;
pub(crate) use receive::{Received, receive};

/// An upload's id.
pub type UploadId = [u8; 16];

/// Uploads that may run at once: each holds a thread that writes, and records must never wait for one.
const RUNNING_UPLOADS: usize = 64;

/// Photos on disk.
pub struct Photos {
    whole: PathBuf,
    partial: PathBuf,
    previews: Previews,
    slots: Mutex<HashMap<UploadId, Arc<Slot>>>,
    room: Arc<Semaphore>,
}

/// A running upload, held by at most one request.
#[derive(Default)]
pub(crate) struct Slot {
    state: Arc<tokio::sync::Mutex<Option<Progress>>>,
    /// How many requests asked for the upload; whoever holds it lets go for a later one.
    turn: watch::Sender<u64>,
    /// How many bytes are on disk for certain; `u64::MAX` as long as nobody looked.
    synced: AtomicU64,
}

/// How far an upload is: the bytes on disk, and their hash so far.
#[derive(Clone)]
pub(crate) struct Progress {
    pub(crate) offset: u64,
    pub(crate) hasher: Sha256,
}

/// An upload in the hands of one request.
pub(crate) struct Held {
    pub(crate) slot: Arc<Slot>,
    pub(crate) state: OwnedMutexGuard<Option<Progress>>,
    pub(crate) path: PathBuf,
    turn: u64,
}

impl Held {
    /// Waits until a later request wants the upload: this one's connection is probably dead.
    pub(crate) async fn wanted_elsewhere(&self) {
        let mut turns = self.slot.turn.subscribe();
        let mine = self.turn;
        // The slot is held here, so its sender lives.
        let _ = turns.wait_for(|turn| *turn > mine).await;
    }

    /// How far the upload is. After a restart the file is fsynced and read again, so that the offset holds.
    ///
    /// # Errors
    /// When the file can't be read.
    pub(crate) fn progress(&mut self) -> io::Result<Progress> {
        if let Some(progress) = &*self.state {
            return Ok(progress.clone());
        }
        let progress = read_progress(&self.path)?;
        self.slot.synced.store(progress.offset, Ordering::Release);
        *self.state = Some(progress.clone());
        Ok(progress)
    }
}

fn read_progress(path: &Path) -> io::Result<Progress> {
    let mut hasher = Sha256::new();
    let mut offset = 0;
    match File::open(path) {
        Ok(mut file) => {
            file.sync_data()?;
            let mut buffer = vec![0; 256 * 1024];
            loop {
                let read = file.read(&mut buffer)?;
                if read == 0 {
                    break;
                }
                hasher.update(&buffer[..read]);
                offset += read as u64;
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(Progress { offset, hasher })
}

impl Photos {
    /// The photos in this folder; its own folders are made when they are not there.
    ///
    /// # Errors
    /// When a folder can't be made.
    pub fn open(data: &Path) -> io::Result<Self> {
        let (whole, partial) = (data.join("fotos"), data.join("uploads"));
        fs::create_dir_all(&whole)?;
        fs::create_dir_all(&partial)?;
        File::open(data)?.sync_all()?;
        let previews = Previews::open(data.join("voorbeelden"))?;
        Ok(Self { whole, partial, previews, slots: Mutex::default(), room: Arc::new(Semaphore::new(RUNNING_UPLOADS)) })
    }

    /// Small versions.
    pub(crate) fn previews(&self) -> &Previews {
        &self.previews
    }

    /// Where a whole photo is.
    pub fn path(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        self.whole.join(&name[..2]).join(name)
    }

    fn partial_path(&self, upload: UploadId) -> PathBuf {
        self.partial.join(hex::encode(upload))
    }

    fn slot(&self, upload: UploadId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Arc::new(Slot { synced: AtomicU64::new(u64::MAX), ..Slot::default() });
        Arc::clone(slots.entry(upload).or_insert_with(fresh))
    }

    /// Takes an upload over from whoever holds it: they write down what they have and let go.
    pub(crate) async fn take(&self, upload: UploadId) -> Held {
        let slot = self.slot(upload);
        let mut turn = 0;
        slot.turn.send_modify(|last| {
            *last += 1;
            turn = *last;
        });
        let state = Arc::clone(&slot.state).lock_owned().await;
        Held { slot, state, path: self.partial_path(upload), turn }
    }

    /// How many bytes of an upload are on disk, without taking it over. Blocks.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn offset(&self, upload: UploadId) -> io::Result<u64> {
        match self.slot(upload).synced.load(Ordering::Acquire) {
            u64::MAX => Ok(read_progress(&self.partial_path(upload))?.offset),
            synced => Ok(synced),
        }
    }

    /// Forgets an upload and its bytes.
    ///
    /// # Errors
    /// When the file can't be removed.
    pub fn discard(&self, upload: UploadId) -> io::Result<()> {
        self.forget(upload);
        match fs::remove_file(self.partial_path(upload)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The uploads of which there are bytes. Blocks.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn partial(&self) -> io::Result<Vec<UploadId>> {
        let mut uploads = Vec::new();
        for file in fs::read_dir(&self.partial)? {
            let mut upload = UploadId::default();
            if hex::decode_to_slice(file?.file_name().as_encoded_bytes(), &mut upload).is_ok() {
                uploads.push(upload);
            }
        }
        Ok(uploads)
    }

    /// Forgets an upload whose bytes went elsewhere.
    pub(crate) fn forget(&self, upload: UploadId) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload);
    }

    /// Waits for room to receive.
    pub(crate) fn room(&self) -> Arc<Semaphore> {
        Arc::clone(&self.room)
    }

    /// Puts a whole, fsynced upload under its hash, and fsyncs the name. Blocks.
    ///
    /// # Errors
    /// When the file can't be moved.
    pub fn keep(&self, upload: UploadId, sha256: Digest) -> io::Result<()> {
        let path = self.path(sha256);
        let folder = path.parent().expect("a photo lies in a folder of its first two digits");
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            File::open(&self.whole)?.sync_all()?;
        }
        fs::rename(self.partial_path(upload), &path)?;
        File::open(folder)?.sync_all()?;
        self.forget(upload);
        Ok(())
    }

    /// Bytes that are free where photos go. Blocks.
    ///
    /// # Errors
    /// When the file system does not say.
    pub fn free_bytes(&self) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(&self.whole)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}
