//! `cargo xtask torture`: the seeded runs of the sync, and the kills and power cuts of the storage, many more of each than the
//! tests have. What comes out is one line for `tests/FAULTS.md`.

use std::time::Instant;

use crate::apt;
use crate::shell::{self, Failure, cargo, output, say};
use crate::test::PLANTED;
use crate::workspace::root;

/// How many seeds in memory when nobody says.
const SEEDS: u32 = 100_000;
/// One in so many of them is run on real parts as well.
const REAL: u32 = 20;
/// One in so many is a kill of a tablet, and a power cut of a tablet and of a backend.
const KILLS: u32 = 100;

/// Runs the simulation over this many seeds, and its shares of storms, kills and power cuts.
///
/// # Errors
/// When the number can't be read, or with the seed that failed.
pub fn torture(seeds: Option<&str>) -> Result<(), Failure> {
    let number = |text: &str| text.parse().map_err(|_| Failure::new(format!("{text} is no number of seeds")));
    let seeds: u32 = seeds.map_or(Ok(SEEDS), number)?;
    let (storms, kills) = ((seeds / REAL).max(1), (seeds / KILLS).max(1));
    apt::install(&[apt::BUILD, apt::WINDOW, apt::TORTURE])?;
    let began = Instant::now();
    say(&format!("{seeds} seeds of the sync in memory: a network that loses, doubles, reorders and delays"));
    run(&["--test", "simulation"], "VELDBOEK_SEEDS", seeds)?;
    say(&format!("{kills} kills of a tablet that writes answers and photos"));
    run(&["--test", "kill"], "VELDBOEK_KILLS", kills)?;
    say(&format!("{storms} seeds on the real app, the real backend and their storage, which die at their commits"));
    run(&["--features", PLANTED, "--test", "storm"], "VELDBOEK_SEEDS", storms)?;
    say(&format!("{kills} power cuts each of a tablet that writes and of a backend that receives"));
    run(&["--features", PLANTED, "--test", "power"], "VELDBOEK_CUTS", kills)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let ended = output("date", &["+%Y-%m-%d %H:%M"]).unwrap_or_default();
    let minutes = began.elapsed().as_secs().div_ceil(60);
    say(&format!(
        "{}: {seeds} seeds in memory, {storms} on real parts, {kills} kills, 2 x {kills} power cuts, none failed; \
         {minutes} minutes on {cores} cores",
        ended.trim()
    ));
    Ok(())
}

fn run(tests: &[&str], name: &str, number: u32) -> Result<(), Failure> {
    // Built for speed: many seeds take longer than a build.
    let mut command = cargo(&["test", "--release", "--workspace"], &root());
    command.args(tests).args(["--", "--nocapture"]);
    shell::run(command.env(name, number.to_string()))
}
