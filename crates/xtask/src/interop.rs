//! Clients and a server of tus that nobody here wrote: photos must go to and from them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure, program, say};
use crate::workspace::{root, target};

/// Installs npm's and Python's packages when they are not those of the pinned lists.
///
/// # Errors
/// When npm or Python is not there or fails.
pub fn install() -> Result<(), Failure> {
    install_for_node()?;
    install_for_python()
}

fn folder() -> PathBuf {
    root().join("tests/interop")
}

fn install_for_node() -> Result<(), Failure> {
    let kept = folder().join("node_modules/.installed");
    if is_of(&kept, &folder().join("package-lock.json")) {
        return Ok(());
    }
    say("Installing tus-js-client and @tus/server, to which photos must be able to go, with npm");
    shell::run(&mut program("npm", &["ci", "--omit=optional", "--no-fund", "--no-audit"], &folder()))?;
    keep(&kept, &folder().join("package-lock.json"))
}

fn install_for_python() -> Result<(), Failure> {
    let venv = target().join("interop-venv");
    let (kept, list) = (venv.join("installed"), folder().join("requirements.txt"));
    if is_of(&kept, &list) {
        return Ok(());
    }
    say("Installing tuspy, from which photos must be able to come, into target/interop-venv");
    let path = |path: &Path| path.to_str().expect("the project's folder has a name in UTF-8").to_owned();
    shell::run(&mut program("python3", &["-m", "venv", &path(&venv)], &root()))?;
    let pip = path(&venv.join("bin/pip"));
    shell::run(&mut program(&pip, &["install", "--quiet", "--no-deps", "-r", &path(&list)], &root()))?;
    keep(&kept, &list)
}

/// Whether what is installed is what the list names: a copy of it was kept.
fn is_of(kept: &Path, list: &Path) -> bool {
    let read = |path: &Path| fs::read(path).ok();
    read(kept).is_some_and(|kept| Some(kept) == read(list))
}

fn keep(kept: &Path, list: &Path) -> Result<(), Failure> {
    fs::copy(list, kept).map(drop).map_err(|error| Failure::new(format!("{}: {error}", kept.display())))
}
