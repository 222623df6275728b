//! The project's own tasks: `cargo xtask <task>`. They install what is missing, start and stop every server
//! themselves, and say what they do. Nothing is built here but what the task needs.

mod apt;
mod bench;
mod checklist;
mod interop;
mod run;
mod screenshot;
mod shell;
mod test;
mod torture;
mod types;
mod ui;
mod workspace;

use std::process::ExitCode;

use shell::Failure;

const USAGE: &str = "\
cargo xtask run [--once]   try it: backend, desk and field app with invented work for today
                           (without a display one controle is played; --once ends after it)
cargo xtask test           every test, from units to the real window
cargo xtask prepare        install and build what lints and tests need, and stop there
cargo xtask bench [PART...]
                           the table of figures, each beside its reference; or the named parts of it
cargo xtask torture [--seeds N]
                           the seeded runs of the sync in memory (N) and on real parts (a 20th of N), kills and power
                           cuts (a 100th of N each): many more than in the tests
cargo xtask types          write the TypeScript types, openapi.json and the checklist schema anew
cargo xtask checklist check FILE|DIR
                           every problem of every file, with its place and what to do
cargo xtask checklist preview FILE [OUT.html]
                           a checklist as it will look, as one page
cargo xtask checklist diff OLD NEW
                           what differs between two versions, in words
cargo xtask checklist import FORM.xlsx [OUT.toml] [--familie vb|btp|agro]
                           take over an XLSForm as a concept
cargo xtask screenshot     make the README's screenshot from the real program";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match task(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn task(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["run"] => run::run(run::Until::Stopped),
        ["run", "--once"] => run::run(run::Until::Played),
        ["test"] => test::test(),
        ["prepare"] => test::prepare(),
        ["bench", parts @ ..] => bench::bench(parts),
        ["torture"] => torture::torture(None),
        ["torture", "--seeds", seeds] => torture::torture(Some(seeds)),
        ["types"] => types::write(),
        ["checklist", rest @ ..] => checklist::help(rest),
        ["screenshot"] => screenshot::make(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::new(format!("What to do? One of:\n\n{USAGE}"))),
    }
}
