//! What is generated and committed is what would be generated now.

use std::fs;

use veldboek_tests::contract;

#[test]
fn the_screens_know_the_commands_as_they_are() {
    let committed = fs::read_to_string(contract::file()).unwrap_or_default();
    assert!(committed == contract::contract(), "the commands' types are stale: run cargo xtask types");
}
