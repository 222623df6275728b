//! Room on the disk for what was kept already: an answer lies in the daybook before it is entered into its tables, and opening
//! the database takes some room as well. When somebody else fills the disk meanwhile, the reserve gives way, piece by piece, so
//! that people still read what they kept. Nothing new is written with it.

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;

use crate::error::StoreError;

/// The size of a piece, in bytes.
const PIECE: u64 = 1024 * 1024;
/// More than entering the whole daybook takes: its lines, their places in the log, and their old pages made empty.
const PIECES: u64 = 4;

/// Files of which only the room matters.
pub(crate) struct Reserve {
    folder: PathBuf,
    /// Whether it need not be looked at.
    taken: Cell<bool>,
}

impl Reserve {
    /// Beside the database in this folder.
    pub(crate) fn beside(folder: &Path) -> Self {
        Self { folder: folder.join("ruimte"), taken: Cell::new(false) }
    }

    /// Takes what is missing of it, where there is plenty. That it can't be taken is no failure.
    pub(crate) fn take(&self) {
        if !self.taken.replace(true) {
            let _ = fs::create_dir_all(&self.folder)
                .and_then(|()| (0..PIECES).try_for_each(|piece| self.take_piece(piece)));
        }
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
