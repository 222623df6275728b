//! `cargo xtask screenshot`: the README's picture, from the real program.

use crate::shell::{self, Failure, cargo, program, say};
use crate::workspace::{built, root};
use crate::{apt, ui};

/// Starts the field host, plays the beginning of a controle in a browser and keeps the picture.
///
/// # Errors
/// When something of it is missing or fails.
pub fn make() -> Result<(), Failure> {
    apt::install(&[apt::BUILD, apt::BROWSER])?;
    ui::build()?;
    shell::run(&mut cargo(&["build", "--package", "veldboek-tests", "--bins"], &root()))?;
    say("Making the picture");
    shell::run(
        program("node", &["scripts/screenshot.mjs"], &ui::folder())
            .env("VELDBOEK_FIELDHOST", built("veldboek-fieldhost")),
    )
}
