//! Writing help for checklists in a terminal; see `veldboek_authoring::command`.

use std::process::ExitCode;

use veldboek_authoring::command;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command::run(&arguments, today(), &mut std::io::stdout().lock(), &mut std::io::stderr().lock()) {
        Ok(ending) => ExitCode::from(ending.code()),
        // Nobody listens any more, such as behind `| head`.
        Err(_) => ExitCode::FAILURE,
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where the system's clock comes in")]
fn today() -> chrono::NaiveDate {
    chrono::Local::now().date_naive()
}
