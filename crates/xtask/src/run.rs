//! `cargo xtask run`: the whole of it on this machine, with invented work for today.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::shell::{self, Failure, Server, cargo, program, say};
use crate::workspace::{built, root};
use crate::{apt, ui};

/// How long to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Until the window is closed or Ctrl-C.
    Stopped,
    /// Until one controle is played, without a window.
    Played,
}

/// Builds, starts the backend, and opens the field app or plays one controle.
///
/// # Errors
/// What is missing or went wrong, in words.
pub fn run(until: Until) -> Result<(), Failure> {
    let windowed = until == Until::Stopped && has_display();
    apt::install(&[apt::BUILD, apt::WINDOW])?;
    ui::build()?;
    build()?;
    let demo = fresh_demo()?;
    let backend = start_backend(&demo)?;
    let device = enrol(&demo, &backend)?;
    say("Ready");
    let (address, name, password) = desk(&backend)?;
    println!("Desk       {address}\n           sign in as {name} with {password}");
    if windowed {
        println!("Field app  opens now; unlock with: {}", device["secret"].as_str().unwrap_or_default());
        println!("           {} controles are planned for today. Close the window to end.", device["today"]);
        return shell::run(program(text(&built("veldboek")), &[], &root()).env("VELDBOEK_DATA", demo.join("field")));
    }
    play(&demo)?;
    println!("Desk       {address}\n           sign in as {name} with {password}");
    if until == Until::Stopped {
        println!("\nNo display was found, so no window was opened. The desk stays up: Ctrl-C ends.");
        let mut backend = backend;
        backend.wait();
    }
    Ok(())
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|display| !display.is_empty()))
}

/// The whole workspace, window or not: what is built here need not be built again for the tests.
fn build() -> Result<(), Failure> {
    say("Building the programs (the first time takes some minutes)");
    shell::run(&mut cargo(&["build", "--workspace", "--bins"], &root()))
}

/// The folder of the demonstration, empty. What an earlier demonstration left is thrown away: it is invented.
fn fresh_demo() -> Result<PathBuf, Failure> {
    let demo = root().join("demo");
    if demo.exists() {
        std::fs::remove_dir_all(&demo).map_err(|error| Failure::new(format!("{}: {error}", demo.display())))?;
    }
    std::fs::create_dir_all(demo.join("field"))
        .map_err(|error| Failure::new(format!("{}: {error}", demo.display())))?;
    Ok(demo)
}

/// Starts the backend on a free loopback port, with embedded storage and demonstration data.
pub fn start_backend(demo: &Path) -> Result<Server, Failure> {
    say("Starting the backend");
    let data = demo.join("backend");
    let screens = root().join("ui/dist");
    let arguments = ["--data", text(&data), "--listen", "127.0.0.1:0", "--ui", text(&screens), "--demo"];
    Server::start(&mut program(text(&built("veldboek-backend")), &arguments, &root()))
}

/// Enrols the demonstration's device, with work for today.
pub fn enrol(demo: &Path, backend: &Server) -> Result<Value, Failure> {
    say("Enrolling the field app");
    let address = backend.said("/address")?;
    let code = backend.said("/demo/codes/0/code")?;
    let field = demo.join("field");
    player(&["enrol", text(&field), &address, &code])
}

fn play(demo: &Path) -> Result<(), Failure> {
    say("Playing one controle: answers, a finding, photos, signature, PDF and sync");
    let pdf = demo.join("controlerapport.pdf");
    let facts = player(&["controle", text(&demo.join("field")), text(&pdf)])?;
    println!("Controle   {} at {}", facts["number"].as_str().unwrap_or("?"), facts["address"].as_str().unwrap_or("?"));
    println!("           {} answers, {} findings, {} photos", facts["answered"], facts["findings"], facts["photos"]);
    println!(
        "Received   {} of {} records and {} of {} photos, by receipts of the backend",
        facts["records_received"], facts["records_total"], facts["photos_received"], facts["photos_total"]
    );
    println!("Report     {} ({} pages)", pdf.display(), facts["pages"]);
    Ok(())
}

fn player(arguments: &[&str]) -> Result<Value, Failure> {
    let name = built("veldboek-play");
    let output = program(text(&name), arguments, &root()).output();
    let output = output.map_err(|error| Failure::new(format!("veldboek-play: {error}")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    match said.lines().last().and_then(|line| serde_json::from_str(line).ok()) {
        Some(facts) if output.status.success() => Ok(facts),
        _ => Err(Failure::new(format!("veldboek-play failed: {}", String::from_utf8_lossy(&output.stderr)))),
    }
}

/// The desk's address, and how to sign in.
fn desk(backend: &Server) -> Result<(String, String, String), Failure> {
    Ok((backend.said("/address")?, backend.said("/demo/accounts/0/name")?, backend.said("/demo/accounts/0/password")?))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the project's folder has a name in UTF-8")
}
