//! Where the app keeps its data, and that one window at a time works with it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};

/// Names another folder for the data: for tests and the demonstration.
const ANOTHER_FOLDER: &str = "VELDBOEK_DATA";

/// Why the window can't start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HomeError {
    /// The operating system names no folder for the app's data.
    #[error("the operating system names no folder for the app's data; set {ANOTHER_FOLDER} to one")]
    Nowhere(#[source] tauri::Error),
    /// The folder can't be made or written.
    #[error("the data folder {folder} can't be used: {source}")]
    Unusable {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Another window works with the same data.
    #[error("Veldboek is open already with {0}: go to that window")]
    Taken(PathBuf),
}

/// Held as long as this window works with the data.
pub(crate) struct Guard(File);

impl Drop for Guard {
    /// Lets go at once. Closing alone would leave the folder taken for as long as a program that was started meanwhile
    /// has the file as well.
    fn drop(&mut self) {
        // If the operating system refuses, it lets go when the process ends.
        let _ = self.0.unlock();
    }
}

/// The folder for the app's data; made when it is not there.
pub(crate) fn folder(handle: &AppHandle) -> Result<PathBuf, HomeError> {
    let folder = match std::env::var_os(ANOTHER_FOLDER) {
        Some(folder) => PathBuf::from(folder),
        None => handle.path().app_local_data_dir().map_err(HomeError::Nowhere)?,
    };
    fs::create_dir_all(&folder).map_err(|source| HomeError::Unusable { folder: folder.clone(), source })?;
    Ok(folder)
}

/// Takes the folder for this window. The operating system lets go of it when the process ends, however it ends.
pub(crate) fn guard(folder: &Path) -> Result<Guard, HomeError> {
    let unusable = |source| HomeError::Unusable { folder: folder.to_owned(), source };
    let file = File::create(folder.join("window.lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(Guard(file)),
        Err(TryLockError::WouldBlock) => Err(HomeError::Taken(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_at_a_time_works_with_the_data() {
        let folder = std::env::temp_dir().join(format!("veldboek-window-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let first = guard(&folder).unwrap();
        assert!(matches!(guard(&folder), Err(HomeError::Taken(_))), "a second window is kept out");
        let inherited = first.0.try_clone().unwrap();
        drop(first);
        assert!(guard(&folder).is_ok(), "after the first has ended the next may work, whoever has its file");
        drop(inherited);
        fs::remove_dir_all(&folder).unwrap();
    }
}
