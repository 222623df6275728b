//! Whatever moment the power is cut at, and whatever of the unsynced bytes reached the disk: what the app called kept and
//! what the backend gave its word for is there, and everything holds.

use std::path::Path;

use veldboek_tests::power::Traced;

/// How many cuts the tests try of each.
const CUTS: u64 = 60;
/// Another number of cuts, for long runs.
const MORE_CUTS: &str = "VELDBOEK_CUTS";

fn cuts() -> u64 {
    std::env::var(MORE_CUTS).map_or(CUTS, |cuts| cuts.parse().expect("a number of cuts"))
}

fn check(what: &str, traced: &Traced) {
    let done = traced.cut(cuts()).unwrap_or_else(|(seed, words)| panic!("{what}, after {seed} cuts: {words}"));
    assert!(done.promised > done.cuts, "things were promised before the cuts: {done:?}");
    println!("power: {} cuts of {what} between {} calls, none lost anything", done.cuts, done.calls);
}

#[test]
fn a_tablet_keeps_what_it_called_kept_through_power_cuts() {
    check("a tablet that writes", &Traced::tablet(Path::new(env!("CARGO_BIN_EXE_veldboek-writer"))));
}

#[test]
fn a_backend_keeps_what_it_gave_its_word_for_through_power_cuts() {
    check("a backend that receives", &Traced::backend(Path::new(env!("CARGO_BIN_EXE_veldboek-receiver"))));
}
