//! Measurements: what is measured, and against what.

pub mod answer;
pub mod checklist;
pub mod devices;
pub mod listing;
pub mod opening;
pub mod photos;
pub mod report;
pub mod start;
pub mod syncing;

use std::time::{Duration, Instant};

/// One line of the table.
pub struct Row {
    /// What was measured.
    pub figure: String,
    /// The measured value in words.
    pub measured: String,
    /// What it was measured against, with its value.
    pub reference: String,
    /// Measured over reference; none where there is no reference.
    pub ratio: Option<f64>,
    /// The budget in words.
    pub budget: &'static str,
}

impl Row {
    /// A duration against a reference duration.
    pub fn times(figure: &str, measured: Duration, reference: &str, against: Duration, budget: &'static str) -> Self {
        Self {
            figure: figure.to_owned(),
            measured: millis(measured),
            reference: format!("{reference} {}", millis(against)),
            ratio: Some(measured.as_secs_f64() / against.as_secs_f64()),
            budget,
        }
    }
}

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!("| figure | measured | reference in the same run | ratio | budget |");
    println!("|---|---|---|---|---|");
    for row in rows {
        let ratio = row.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        println!("| {} | {} | {} | {ratio} | {} |", row.figure, row.measured, row.reference, row.budget);
    }
}

/// The median of a number of runs. Pairs are measured in turn, so that the machine's drift meets both.
pub fn median(mut runs: Vec<Duration>) -> Duration {
    runs.sort_unstable();
    runs[runs.len() / 2]
}

/// Two things in turn, `runs` times each: their medians.
pub fn in_turn(runs: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> (Duration, Duration) {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        ones.push(timed(&mut one));
        others.push(timed(&mut other));
    }
    (median(ones), median(others))
}

/// How long something takes.
pub fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// A line of a process's own account of its memory, such as `VmHWM:` for the most that it ever had, in bytes.
///
/// # Panics
/// Where there is no such account: it is Linux's.
pub fn memory_of(process: &str, line: &str) -> usize {
    let account = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let found = account.lines().find_map(|one| one.strip_prefix(line)).expect("Linux counts memory");
    found.trim().trim_end_matches(" kB").trim().parse::<usize>().expect("it is a number") * 1024
}

fn millis(duration: Duration) -> String {
    format!("{:.3} ms", duration.as_secs_f64() * 1000.0)
}
