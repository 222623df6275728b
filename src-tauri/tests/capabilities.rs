//! The window may call what the app's one list names, and nothing else.

use std::collections::BTreeSet;

macro_rules! names {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        &[$(stringify!($name)),*]
    };
}

const COMMANDS: &[&str] = veldboek_app::commands!(names);

#[test]
fn the_window_may_call_every_command_and_nothing_else() {
    let capability = read(include_str!("../capabilities/field.json"));
    let written = strings(&capability["permissions"]);
    let commands = COMMANDS.iter().chain(&["photo_add", "hand_in"]);
    let expected: BTreeSet<String> = commands
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .chain(["core:event:allow-listen".to_owned(), "core:event:allow-unlisten".to_owned()])
        .collect();
    assert_eq!(written, expected, "capabilities/field.json lists one permission for each command of `commands!`");
}

#[test]
fn the_page_loads_nothing_from_elsewhere_and_runs_no_text_as_program() {
    let config = read(include_str!("../tauri.conf.json"));
    let policy = config["app"]["security"]["csp"].as_object().expect("the policy is a map");
    let own = ["'self'", "'none'", "blob:", "ipc:", "veldboek:", "http://ipc.localhost", "http://veldboek.localhost"];
    for (directive, sources) in policy {
        for source in sources.as_str().expect("sources are a text").split(' ') {
            assert!(own.contains(&source), "{directive} lets in {source}");
        }
    }
    assert_eq!(policy["default-src"], "'none'");
    assert_eq!(strings(&config["app"]["security"]["capabilities"]), BTreeSet::from(["field".to_owned()]));
}

fn read(json: &str) -> serde_json::Value {
    serde_json::from_str(json).expect("the file is JSON")
}

fn strings(list: &serde_json::Value) -> BTreeSet<String> {
    let list = list.as_array().expect("a list");
    list.iter().map(|entry| entry.as_str().expect("a text").to_owned()).collect()
}
