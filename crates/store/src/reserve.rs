//! Room on the disk for what was kept already: an answer lies in the daybook before it is entered into its tables, and opening
//! the database takes some room as well. When somebody else fills the disk meanwhile, the reserve gives way, piece by piece, so
//! that people still read what they kept. Nothing new is written with it.
//!
//! The write-ahead log has its room beforehand too, which is about speed: a commit then writes into blocks that are there, in
//! one piece, instead of waiting until one is found for it.

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;

use crate::db::log_path;
use crate::error::StoreError;

/// The size of a piece, in bytes.
const PIECE: u64 = 1024 * 1024;
/// More than entering the whole daybook takes: its lines, their places in the log, and their old pages made empty.
const PIECES: u64 = 4;

/// What the write-ahead log grows to before it begins anew, in bytes: SQLite's 1,000 pages, with their heads and what a
/// transaction that is on its way adds.
const LOG: u64 = 4 * 1024 * 1024 + 512 * 1024;

/// Files of which only the room matters.
pub(crate) struct Reserve {
    folder: PathBuf,
    log: PathBuf,
    /// Whether it need not be looked at.
    taken: Cell<bool>,
}

impl Reserve {
    /// Beside the database in this folder.
    pub(crate) fn beside(folder: &Path) -> Self {
        Self { folder: folder.join("ruimte"), log: log_path(folder), taken: Cell::new(false) }
    }

    /// Takes what is missing of it, where there is plenty. That it can't be taken is no failure.
    pub(crate) fn take(&self) {
        if !self.taken.replace(true) {
            let _ = fs::create_dir_all(&self.folder)
                .and_then(|()| (0..PIECES).try_for_each(|piece| self.take_piece(piece)));
            let _ = File::options().append(true).open(&self.log).and_then(|log| give_blocks(&log));
        }
    }

    /// The write-ahead log was emptied, and its room went with it.
    pub(crate) fn forget_log(&self) {
        self.taken.set(false);
    }

    /// Does what needs room. While the disk is full, a piece is given back and it is tried again.
    ///
    /// # Errors
    /// [`StoreError::Full`] when nothing is left of the reserve, and any other failure of the work.
    pub(crate) fn with<T>(&self, mut work: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
        loop {
            match work() {
                Err(StoreError::Full) if self.give() => {}
                done => return done,
            }
        }
    }

    fn take_piece(&self, piece: u64) -> io::Result<()> {
        let file = File::options().create(true).append(true).open(self.path(piece))?;
        if file.metadata()?.len() < PIECE { file.allocate(PIECE) } else { Ok(()) }
    }

    /// Gives a piece back; false when there is none.
    fn give(&self) -> bool {
        self.taken.set(false);
        (0..PIECES).any(|piece| fs::remove_file(self.path(piece)).is_ok())
    }

    fn path(&self, piece: u64) -> PathBuf {
        self.folder.join(piece.to_string())
    }
}

/// Gives the log its blocks. Its length stays: what lies behind its end is none of its pages.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn give_blocks(log: &File) -> io::Result<()> {
    Ok(rustix::fs::fallocate(log, rustix::fs::FallocateFlags::KEEP_SIZE, 0, LOG)?)
}

/// Elsewhere the log finds its blocks as it grows.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn give_blocks(_: &File) -> io::Result<()> {
    Ok(())
}
