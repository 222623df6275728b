//! `cargo xtask bench`: every figure beside a reference from the same run.

use std::process::Command;

use crate::apt;
use crate::shell::{self, Failure, cargo, say};
use crate::ui;
use crate::workspace::{root, target};

/// Builds for speed and prints the table, or the parts of it that are named: `cargo xtask bench answer sync`.
///
/// # Errors
/// When the build or a measurement fails; never because of a figure.
pub fn bench(parts: &[&str]) -> Result<(), Failure> {
    apt::install(&[apt::BUILD, apt::WINDOW])?;
    // The window, which is built with the others, holds the built screens.
    ui::build()?;
    say("Building for speed (this takes some minutes)");
    shell::run(&mut cargo(&["build", "--workspace", "--release", "--bins", "--example", "empty"], &root()))?;
    shell::run(Command::new(target().join("release/veldboek-bench")).args(parts).current_dir(root()))
}
