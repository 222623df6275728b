//! `cargo xtask bench`: every figure beside a reference from the same run.

use crate::apt;
use crate::shell::{self, Failure, cargo, say};
use crate::workspace::root;

/// Builds for speed and prints the table.
///
/// # Errors
/// When the build or a measurement fails; never because of a figure.
pub fn bench() -> Result<(), Failure> {
    apt::install(&[apt::BUILD])?;
    say("Building for speed (this takes some minutes)");
    shell::run(&mut cargo(&["build", "--release", "--package", "veldboek-tests", "--bin", "veldboek-bench"], &root()))?;
    shell::run(&mut cargo(
        &["run", "--release", "--quiet", "--package", "veldboek-tests", "--bin", "veldboek-bench"],
        &root(),
    ))
}
