//! The table of `cargo xtask bench`: each figure beside a reference that was measured in the same run, with the ratio and
//! the budget. It fails nothing: a machine's mood is no defect.
//!
//! `veldboek-bench [answer] [listing] [checklist] [syncing] [photos] [report]`: these only, or all.

use veldboek_tests::bench::{self, Row};

/// A part of the table.
type Part = (&'static str, fn() -> Vec<Row>);

const PARTS: [Part; 6] = [
    ("answer", || vec![bench::answer::durable()]),
    ("listing", || bench::listing::listed_and_searched().into_iter().collect()),
    ("checklist", || vec![bench::checklist::reevaluated()]),
    ("syncing", || bench::syncing::records().into_iter().chain([bench::syncing::nothing_new()]).collect()),
    ("photos", || vec![bench::photos::sent(), bench::photos::cut()]),
    ("report", || vec![bench::report::rendered()]),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let parts = PARTS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|one| one == name));
    bench::print(&parts.flat_map(|(_, measure)| measure()).collect::<Vec<_>>());
}
