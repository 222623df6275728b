//! The table of `cargo xtask bench`: each figure beside a reference that was measured in the same run, with the ratio and
//! the budget. It fails nothing: a machine's mood is no defect. Words on the command line name the parts to be measured.

use std::path::Path;

use veldboek_tests::bench::{self, Row};

/// Measures one part of the table.
type Part = fn() -> Vec<Row>;

const PARTS: &[(&str, Part)] = &[
    ("answer", || vec![bench::answer::durable()]),
    ("opening", bench::opening::opened),
    ("list", bench::listing::listed_and_searched),
    ("checklist", || vec![bench::checklist::reevaluated()]),
    ("sync", bench::syncing::records),
    ("nothing-new", || vec![bench::syncing::nothing_new()]),
    ("photos", || vec![bench::photos::sent()]),
    ("cuts", || vec![bench::photos::cut()]),
    ("report", bench::report::rendered),
    ("start", || vec![bench::start::started()]),
    ("devices", || vec![bench::devices::memory()]),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [bench::report::IN_A_PROCESS_OF_ITS_OWN, folder, inspection] =
        words.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        return bench::report::render_alone(Path::new(folder), inspection);
    }
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let parts = PARTS.iter().filter(|(name, _)| wanted(name));
    let rows: Vec<Row> = parts.flat_map(|(_, measure)| measure()).collect();
    bench::print(&rows);
}
