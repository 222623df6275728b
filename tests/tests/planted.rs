//! Bugs that somebody could make are put in on purpose, one at a time, and each is found within a bounded number of
//! seeds. Without them the same runs pass. The table of them stands in `tests/FAULTS.md`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use veldboek_faults::{Bug, plant};
use veldboek_tests::power::Traced;
use veldboek_tests::storm::{Yard, nothing_unsigned_is_taken, pages_bring_everything, try_run};

/// Within how many seeds a bug must be found.
const MOST_SEEDS: u64 = 40;

/// What finds a bug.
#[derive(Clone, Copy)]
enum Finder {
    /// Seeds of the storm.
    Storm,
    /// A check with a name.
    Check(&'static str, fn(&Yard)),
    /// Power cuts of a tablet that writes.
    TabletPower,
    /// Power cuts of a backend that receives photos.
    BackendPower,
}

impl Finder {
    fn of(bug: Bug) -> Self {
        match bug {
            Bug::CursorSkipsARecord | Bug::LateStreamNotWhole => {
                Self::Check("pages bring everything", pages_bring_everything)
            }
            Bug::HandOverNotCovered => Self::Check("nothing unsigned is taken", nothing_unsigned_is_taken),
            Bug::RenameBeforeFsync => Self::TabletPower,
            Bug::OffsetBeforeFsync => Self::BackendPower,
            _ => Self::Storm,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Storm => "storm".to_owned(),
            Self::Check(name, _) => format!("check: {name}"),
            Self::TabletPower => "power cut of a tablet".to_owned(),
            Self::BackendPower => "power cut of a backend".to_owned(),
        }
    }

    /// Runs until something does not hold: after how many seeds, and what.
    fn look(self, yard: &mut Yard, seeds: u64) -> Option<(u64, String)> {
        match self {
            Self::Storm => (0..seeds).find_map(|seed| try_run(yard, seed).err().map(|words| (seed + 1, words))),
            Self::Check(_, check) => words_of(|| check(yard)).map(|words| (1, words)),
            Self::TabletPower => cut(Traced::tablet, env!("CARGO_BIN_EXE_veldboek-writer"), seeds),
            Self::BackendPower => cut(Traced::backend, env!("CARGO_BIN_EXE_veldboek-receiver"), seeds),
        }
    }
}

/// Cuts the power of a program that is traced now, with the bug that is planted now.
fn cut(trace: fn(&Path) -> Traced, program: &str, seeds: u64) -> Option<(u64, String)> {
    trace(Path::new(program)).cut(seeds).err()
}

fn words_of(work: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(work)).err()?;
    let words = panic.downcast_ref::<String>().cloned();
    words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()))
}

#[test]
fn every_planted_bug_is_found_and_without_it_the_same_runs_pass() {
    let mut yard = Yard::new();
    let mut table = Vec::new();
    for bug in Bug::ALL.iter().copied() {
        let finder = Finder::of(bug);
        plant(Some(bug));
        let found = finder.look(&mut yard, MOST_SEEDS);
        plant(None);
        let (seeds, words) = found.unwrap_or_else(|| panic!("{} is not found within {MOST_SEEDS} seeds", bug.name()));
        let first = words.lines().next().unwrap_or_default().chars().take(120).collect::<String>();
        println!("{:<26} {:<32} after {seeds:>2}: {first}", bug.name(), finder.words());
        table.push((bug, finder, seeds));
    }
    let most = table.iter().filter(|(_, finder, _)| matches!(finder, Finder::Storm)).map(|(.., seeds)| *seeds).max();
    for (bug, finder, seeds) in table {
        let seeds = if matches!(finder, Finder::Storm) { most.filter(|most| *most == seeds) } else { Some(seeds) };
        if let Some(seeds) = seeds {
            let found = finder.look(&mut yard, seeds);
            assert!(found.is_none(), "without {} the same runs pass: {found:?}", bug.name());
        }
    }
}

#[test]
fn the_table_names_exactly_the_bugs_that_exist() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("FAULTS.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let named: Vec<[String; 3]> = rows
        .map(|row| {
            let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
            std::array::from_fn(|_| cells.next().unwrap_or_default())
        })
        .collect();
    let exist: Vec<[String; 3]> =
        Bug::ALL.iter().map(|bug| [bug.name().to_owned(), bug.words().to_owned(), Finder::of(*bug).words()]).collect();
    assert_eq!(named, exist);
}
