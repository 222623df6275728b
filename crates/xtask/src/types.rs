//! `cargo xtask types`: everything that is generated from Rust and committed. Tests fail when it is stale.

use crate::shell::{self, Failure, cargo, program, say};
use crate::ui;
use crate::workspace::root;

/// Writes the commands' TypeScript types, the backend's OpenAPI document with its TypeScript types, and the
/// checklists' schema.
///
/// # Errors
/// When a generator fails.
pub fn write() -> Result<(), Failure> {
    ui::install()?;
    say("The commands' types");
    shell::run(&mut cargo(&["run", "--quiet", "--package", "veldboek-tests", "--bin", "veldboek-types"], &root()))?;
    say("The backend's OpenAPI document");
    let openapi = ["test", "--quiet", "--package", "veldboek-backend", "--test", "service"];
    shell::run(cargo(&openapi, &root()).env("VELDBOEK_UPDATE_SNAPSHOTS", "1"))?;
    say("The checklists' schemas");
    let schemas = ["test", "--quiet", "--package", "veldboek-checklist", "schema"];
    shell::run(cargo(&schemas, &root()).env("VELDBOEK_WRITE_SCHEMA", "1"))?;
    say("The desk's types");
    shell::run(&mut program("npm", &["run", "--silent", "types:api"], &ui::folder()))
}
