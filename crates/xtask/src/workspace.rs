//! Where things are.

use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("this crate lies in the workspace")
}

/// The folder of what is built.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program that was built here, in the development profile.
pub fn built(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// The folder for tools that are installed for this project alone.
pub fn tools() -> PathBuf {
    target().join("tools")
}
