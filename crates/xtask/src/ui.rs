//! The screens: their packages and their build.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::shell::{self, Failure, program, say};
use crate::workspace::root;

/// The folder of the screens.
pub fn folder() -> PathBuf {
    root().join("ui")
}

/// Installs npm's packages when they are not those of the lock file.
///
/// # Errors
/// When npm is not there or fails.
pub fn install() -> Result<(), Failure> {
    if !shell::exists("npm") {
        return Err(Failure::new("npm is not there. Install Node.js 20.19 or newer: https://nodejs.org"));
    }
    let lock = folder().join("package-lock.json");
    if is_newer(&folder().join("node_modules/.package-lock.json"), &lock) {
        return Ok(());
    }
    say("Installing the screens' packages, with npm");
    shell::run(&mut program("npm", &["ci", "--no-fund", "--no-audit"], &folder()))
}

/// Builds the screens into `ui/dist`, when something in them is newer.
///
/// # Errors
/// When npm or the build fails.
pub fn build() -> Result<(), Failure> {
    install()?;
    let built = folder().join("dist/index.html");
    let sources = ["src", "messages", "index.html", "desk.html", "vite.config.ts", "package-lock.json"];
    if sources.iter().all(|source| is_newer(&built, &folder().join(source))) {
        return Ok(());
    }
    say("Building the screens");
    shell::run(&mut program("npm", &["run", "build", "--silent"], &folder()))
}

fn is_newer(built: &Path, source: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|facts| facts.modified()).ok();
    changed(built).is_some_and(|built| newest(source).is_some_and(|source| source <= built))
}

/// The newest change in a file or a folder; what the build itself generates does not count.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = path.metadata().ok()?.modified().ok()?;
    if !path.is_dir() || path.ends_with("paraglide") {
        return Some(if path.is_dir() { SystemTime::UNIX_EPOCH } else { own });
    }
    let entries = std::fs::read_dir(path).ok()?.flatten();
    entries.filter_map(|entry| newest(&entry.path())).chain([SystemTime::UNIX_EPOCH]).max()
}
