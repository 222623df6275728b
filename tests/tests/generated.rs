//! What is generated and committed is what would be generated now.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use veldboek_tests::contract;

#[test]
fn the_screens_know_the_commands_as_they_are() {
    let committed = fs::read_to_string(contract::file()).unwrap_or_default();
    assert!(committed == contract::contract(), "the commands' types are stale: run cargo xtask types");
}

#[test]
fn the_desk_knows_the_http_api_as_it_is() {
    let made = tool("openapi-typescript", &["../crates/backend/openapi.json"], b"");
    let made = tool("prettier", &["--stdin-filepath", "src/lib/platform/api.ts"], &made);
    let committed = fs::read(screens().join("src/lib/platform/api.ts")).unwrap_or_default();
    assert!(committed == made, "the API's types are stale: run cargo xtask types");
}

fn screens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui")
}

/// What one of the screens' tools makes of its input.
fn tool(name: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut tool = Command::new(screens().join("node_modules/.bin").join(name))
        .args(arguments)
        .current_dir(screens())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the screens' packages are installed: cargo xtask test does it");
    let mut to_tool = tool.stdin.take().expect("its input is piped");
    let input = input.to_owned();
    // Written beside the reading, so that neither waits for the other.
    let writer = std::thread::spawn(move || to_tool.write_all(&input));
    let output = tool.wait_with_output().expect("the tool ends");
    // A tool that does not read its input does not miss it.
    let _ = writer.join();
    assert!(output.status.success(), "{name} ended with {}", output.status);
    output.stdout
}
