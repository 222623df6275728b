//! `cargo xtask checklist`: writing help. The work is that of `veldboek-checklist`, which knows what a checklist is.

use crate::shell::{Failure, cargo};

/// Checks, previews, compares or imports checklists; `arguments` are those of `veldboek-checklist`.
///
/// # Errors
/// When it can't be built, or says that something is wrong.
pub fn help(arguments: &[&str]) -> Result<(), Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::new(format!("This folder is gone: {error}")))?;
    let program = ["run", "--quiet", "--package", "veldboek-authoring", "--bin", "veldboek-checklist", "--"];
    let mut command = cargo(&[&program, arguments].concat(), &here);
    let status = command.status().map_err(|error| Failure::new(format!("cargo run: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new("Er is iets niet goed; zie hierboven.")) }
}
