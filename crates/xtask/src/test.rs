//! `cargo xtask test`: every test there is, on a fresh machine. One failing part does not stop the others.

use crate::shell::{self, Failure, cargo, program, say};
use crate::workspace::{built, root, target, tools};
use crate::{apt, interop, ui};

/// The driver between WebDriver and the window.
const DRIVER: &str = "tauri-driver";
const DRIVER_VERSION: &str = "2.1.0";

/// Installs what is missing and builds the screens, which the window and the tests need.
///
/// # Errors
/// When something can't be installed from here.
pub fn prepare() -> Result<(), Failure> {
    apt::install(&[apt::BUILD, apt::WINDOW, apt::TEST])?;
    ui::build()?;
    interop::install()?;
    install_driver()?;
    install_verapdf()
}

/// The feature with crash points and planted bugs: nothing that is shipped has it.
pub const PLANTED: &str = "veldboek-tests/planted";

/// A part of the tests: its name and what runs it.
type Part = (&'static str, fn() -> Result<(), Failure>);

/// Prepares, builds once and runs every test.
///
/// # Errors
/// The names of the parts that failed.
pub fn test() -> Result<(), Failure> {
    prepare()?;
    let parts: [Part; 5] = [
        ("Rust: units, adapters, stories, faults, the real window, documents", rust),
        ("Screens: types", || npm("check")),
        ("Screens: units", || npm("test")),
        ("Screens: in a browser", || npm("test:screens")),
        ("Faults: a storm on real storage, power cuts, planted bugs", faults),
    ];
    let failed: Vec<&str> = parts.iter().filter(|(name, part)| !succeeds(name, *part)).map(|(name, _)| *name).collect();
    if failed.is_empty() {
        say("Every test passed");
        Ok(())
    } else {
        Err(Failure::new(format!("Failed:\n  {}", failed.join("\n  "))))
    }
}

fn succeeds(name: &str, part: fn() -> Result<(), Failure>) -> bool {
    say(name);
    match part() {
        Ok(()) => true,
        Err(failure) => {
            eprintln!("{failure}");
            false
        }
    }
}

fn rust() -> Result<(), Failure> {
    shell::run(&mut cargo(&["test", "--workspace", "--no-fail-fast"], &root()))
}

/// The tests that need crash points and planted bugs. They come last, since the programs that they build have both.
fn faults() -> Result<(), Failure> {
    let tests = ["--test", "storm", "--test", "power", "--test", "planted"];
    shell::run(cargo(&["test", "--workspace", "--features", PLANTED, "--no-fail-fast"], &root()).args(tests))
}

fn npm(task: &str) -> Result<(), Failure> {
    // The field host that the browser tests start is among the programs that the Rust tests built.
    let host = built("veldboek-fieldhost");
    shell::run(program("npm", &["run", "--silent", task], &ui::folder()).env("VELDBOEK_FIELDHOST", host))
}

fn install_driver() -> Result<(), Failure> {
    if tools().join("bin").join(DRIVER).exists() {
        return Ok(());
    }
    say("Installing tauri-driver, which drives the real window, into target/tools");
    let root = tools();
    let folder = root.to_str().expect("the project's folder has a name in UTF-8");
    let arguments = ["install", DRIVER, "--version", DRIVER_VERSION, "--locked", "--root", folder];
    shell::run(&mut cargo(&arguments, &crate::workspace::root()))
}

fn install_verapdf() -> Result<(), Failure> {
    // The class path names this folder, which may have been moved since.
    let folder = root();
    let named = std::fs::read_to_string(target().join("verapdf/classpath")).unwrap_or_default();
    if named.contains(folder.to_str().expect("the project's folder has a name in UTF-8")) {
        return Ok(());
    }
    say("Installing veraPDF, which checks the report against PDF/A and PDF/UA, into target/verapdf");
    let script = folder.join("crates/report/tests/verapdf/setup.sh");
    let script = script.to_str().expect("the project's folder has a name in UTF-8");
    shell::run(&mut program("sh", &[script], &folder))
}
