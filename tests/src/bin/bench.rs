//! The table of `cargo xtask bench`: each figure beside a reference that was measured in the same run, with the ratio and
//! the budget. It fails nothing: a machine's mood is no defect.

use veldboek_tests::bench;

fn main() {
    let mut rows = vec![bench::answer::durable()];
    rows.extend(bench::listing::listed_and_searched());
    rows.push(bench::checklist::reevaluated());
    rows.extend(bench::syncing::records());
    rows.push(bench::syncing::nothing_new());
    rows.push(bench::photos::sent());
    rows.push(bench::photos::cut());
    rows.push(bench::report::rendered());
    bench::print(&rows);
}
