//! `cargo xtask torture`: the seeded runs of the sync and the kills of the storage, many more of each than the tests have.

use crate::apt;
use crate::shell::{self, Failure, cargo, say};
use crate::workspace::root;

/// How many seeds, and how many kills, when nobody says.
const SEEDS: u32 = 100_000;
const KILLS: u32 = 1_000;

/// Runs the simulation over this many seeds, and kills the writer of the storage a thousand times.
///
/// # Errors
/// When the number can't be read, or with the seed that failed.
pub fn torture(seeds: Option<&str>) -> Result<(), Failure> {
    let number = |text: &str| text.parse().map_err(|_| Failure::new(format!("{text} is no number of seeds")));
    let seeds: u32 = seeds.map_or(Ok(SEEDS), number)?;
    apt::install(&[apt::BUILD, apt::WINDOW])?;
    say(&format!("{seeds} seeds of the sync under a network that loses, doubles, reorders and delays"));
    run("simulation", "VELDBOEK_SEEDS", seeds)?;
    say(&format!("{KILLS} kills of a tablet that writes answers and photos"));
    run("kill", "VELDBOEK_KILLS", KILLS)
}

fn run(test: &str, name: &str, number: u32) -> Result<(), Failure> {
    let mut command = cargo(&["test", "--workspace", "--test", test, "--", "--nocapture"], &root());
    shell::run(command.env(name, number.to_string()))
}
