//! The app and the backend on real storage in a storm of faults: whatever happens, in the end everybody holds the same,
//! and nothing that was called kept is missing.
//!
//! A failing seed is printed; `VELDBOEK_SEED=<seed> cargo test --workspace --features veldboek-tests/planted --test storm`
//! runs it alone, and `cargo xtask torture` runs many more of them.

use std::collections::BTreeMap;
use std::time::Instant;

use veldboek_faults::Moment;
use veldboek_tests::storm::{Happened, Ran, Yard, run, try_run};

/// How many seeds the tests run.
const SEEDS: u64 = 240;
/// Another number of seeds, for long runs.
const MORE_SEEDS: &str = "VELDBOEK_SEEDS";

fn add(sum: &mut Happened, ran: &Ran) {
    for (kind, times) in &ran.happened {
        *sum.entry(kind).or_default() += times;
    }
}

/// Runs every `step`th seed from `first` on.
fn run_some(first: u64, seeds: u64, step: u64) -> Happened {
    let mut yard = Yard::new();
    let mut happened = Happened::new();
    for seed in (first..seeds).step_by(usize::try_from(step).expect("a small number")) {
        match try_run(&mut yard, seed) {
            Ok(ran) => add(&mut happened, &ran),
            Err(words) => panic!("seed {seed} fails: {words}. VELDBOEK_SEED={seed} runs it alone"),
        }
    }
    happened
}

#[test]
fn everything_holds_after_every_storm() {
    if let Ok(seed) = std::env::var("VELDBOEK_SEED") {
        let mut yard = Yard::new();
        yard.talks = true;
        run(&mut yard, seed.parse().expect("a seed is a number"));
        return;
    }
    let seeds = std::env::var(MORE_SEEDS).map_or(SEEDS, |count| count.parse().expect("a number of seeds"));
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let began = Instant::now();
    let mut happened = Happened::new();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|first| scope.spawn(move || run_some(first, seeds, threads))).collect();
        for run in runs {
            let part = run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            part.into_iter().for_each(|(kind, times)| *happened.entry(kind).or_default() += times);
        }
    });
    let took = began.elapsed();
    for (kind, times) in &happened {
        println!("{times:>8} {kind}");
    }
    let mut sites: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    let reached = veldboek_faults::reached();
    for ((site, moment), times) in &reached {
        sites.entry(site).or_default()[usize::from(*moment == Moment::After)] += times;
    }
    for (site, [before, after]) in &sites {
        println!("died {before:>6} times before and {after:>6} times after the commit at {site}");
    }
    println!(
        "storm: {seeds} seeds on real parts, none failed; {} commits died at; {:.1} seeds a second on {threads} cores",
        sites.len(),
        seeds as f64 / took.as_secs_f64()
    );
    if seeds >= SEEDS {
        for kind in EXPECTED {
            assert!(happened.contains_key(kind), "it never happened that somebody or something {kind}");
        }
    }
}

/// What must happen at least once, so that it is tested at all.
const EXPECTED: [&str; 16] = [
    "writes",
    "dies while writing",
    "dies while taking",
    "dies while photographing",
    "dies while taking a file",
    "backend dies",
    "backend restarts",
    "is killed",
    "is restored",
    "request doubled",
    "reply lost",
    "record spoiled on the line",
    "opens a closed stream",
    "is added late",
    "is removed",
    "loses the closed stream",
];

#[test]
fn the_same_seed_gives_the_same_storm() {
    let mut yard = Yard::new();
    for seed in [3, 42, 77] {
        let (one, other) = (run(&mut yard, seed), run(&mut yard, seed));
        assert_eq!(one.trace, other.trace, "seed {seed}");
    }
}
