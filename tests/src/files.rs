//! Folders as a whole: copied, as a backup does or a kill leaves them, and put in each other's place.

use std::fs;
use std::path::Path;

/// Makes `to` equal to `from`, as it is on disk at this moment.
pub(crate) fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    copy_into(from, to);
}

fn copy_into(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_into(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

/// Puts `from` in the place of `to`.
pub(crate) fn put_in_place(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::rename(from, to).expect("a folder can be moved");
}
