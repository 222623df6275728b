//! A disk of its own that can be full: a file system in memory with a fixed size.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const MIB: usize = 1024 * 1024;

/// A file system of a fixed size, mounted until this is dropped.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// A disk of this many MiB.
    ///
    /// # Panics
    /// When this machine does not let it; with what is missing.
    pub fn of(mebibytes: usize) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let size = format!("size={mebibytes}m,mode=700");
        let mut mount = Command::new("mount");
        let run = mount.args(["-t", "tmpfs", "-o", &size, "veldboek-test"]).arg(folder.path()).output();
        let Output { status, stderr, .. } = run.expect("the program `mount` is there");
        let why = String::from_utf8_lossy(&stderr);
        assert!(status.success(), "a file system can be mounted, which needs root: {}", why.trim());
        Self(folder)
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Somebody else takes all the room that is left.
    ///
    /// # Panics
    /// When it can't be written to for another reason.
    pub fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.filler()).expect("a file can be made");
        for piece in [MIB, 4096, 1] {
            let bytes = vec![0u8; piece];
            let error = loop {
                if let Err(error) = file.write(&bytes) {
                    break error;
                }
            };
            assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
        }
    }

    /// And gives it back.
    ///
    /// # Panics
    /// When it was not filled.
    pub fn make_room(&self) {
        std::fs::remove_file(self.filler()).expect("the disk was filled");
    }

    fn filler(&self) -> PathBuf {
        self.path().join("van-een-ander")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, since a program may still have a file open there. What stays mounted is in memory and goes with the machine.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).output();
    }
}
