//! The workspace keeps its own rules: who may know whom, what lies at the top, what the documents say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Every crate of the workspace with the crates of the workspace that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("veldboek-domain", &[]),
    ("veldboek-checklist", &["veldboek-domain"]),
    ("veldboek-authoring", &["veldboek-domain", "veldboek-checklist"]),
    ("veldboek-store", &["veldboek-domain", "veldboek-checklist", "veldboek-sync", "veldboek-faults"]),
    ("veldboek-sync", &["veldboek-domain", "veldboek-checklist", "veldboek-faults"]),
    ("veldboek-report", &["veldboek-domain", "veldboek-checklist"]),
    (
        "veldboek-app",
        &[
            "veldboek-domain",
            "veldboek-checklist",
            "veldboek-store",
            "veldboek-sync",
            "veldboek-report",
            "veldboek-faults",
        ],
    ),
    (
        "veldboek-backend",
        &["veldboek-domain", "veldboek-checklist", "veldboek-sync", "veldboek-report", "veldboek-faults"],
    ),
    ("veldboek", &["veldboek-app"]),
    ("veldboek-faults", &[]),
    ("veldboek-xtask", &[]),
    (
        "veldboek-tests",
        &[
            "veldboek-domain",
            "veldboek-checklist",
            "veldboek-store",
            "veldboek-sync",
            "veldboek-report",
            "veldboek-app",
            "veldboek-backend",
            "veldboek-faults",
        ],
    ),
];

/// Libraries that only some crates may know. The tests know axum for one reason: the field host, which serves the
/// field app to a browser on loopback.
const ONLY_KNOWN_TO: &[(&str, &[&str])] = &[
    ("tauri", &["veldboek"]),
    ("tauri-build", &["veldboek"]),
    ("keyring-core", &["veldboek"]),
    ("axum", &["veldboek-backend", "veldboek-tests"]),
    // The tests measure against bare SQL.
    ("rusqlite", &["veldboek-store", "veldboek-backend", "veldboek-tests"]),
    ("refinery", &["veldboek-store", "veldboek-backend"]),
    ("printpdf", &["veldboek-report"]),
    ("lopdf", &["veldboek-report"]),
    ("reqwest", &["veldboek-sync", "veldboek-tests"]),
    ("rustls", &["veldboek-sync"]),
    ("rcgen", &["veldboek-sync"]),
    ("mdns-sd", &["veldboek-sync"]),
    ("calamine", &["veldboek-authoring"]),
];

/// What may lie at the top of the repository, beside dotfiles.
const TOP_LEVEL: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "checklists",
    "crates",
    "icons",
    "publiccode.yml",
    "src-tauri",
    "tests",
    "ui",
];

#[test]
fn a_crate_uses_only_the_crates_below_it() {
    let metadata = metadata();
    let rule: BTreeMap<&str, BTreeSet<&str>> =
        MAY_USE.iter().map(|(name, below)| (*name, below.iter().copied().collect())).collect();
    let members: BTreeSet<&str> = packages(&metadata).iter().map(|package| package.name.as_str()).collect();
    assert_eq!(members, rule.keys().copied().collect(), "every member of the workspace stands in the rule");
    for package in packages(&metadata) {
        let used = uses(package).filter(|used| used.starts_with("veldboek")).collect::<BTreeSet<_>>();
        let allowed = &rule[package.name.as_str()];
        let broken: Vec<_> = used.difference(allowed).collect();
        assert!(broken.is_empty(), "{} may not use {broken:?}", package.name);
    }
}

#[test]
fn a_library_at_an_edge_is_known_to_its_own_crates_only() {
    let metadata = metadata();
    for (library, knows) in ONLY_KNOWN_TO {
        for package in packages(&metadata) {
            let used = uses(package).any(|used| used == *library);
            assert!(!used || knows.contains(&package.name.as_str()), "{} may not know {library}", package.name);
        }
        assert!(
            packages(&metadata).iter().any(|package| uses(package).any(|used| used == *library)),
            "nobody uses {library} any more: take it out of the rule"
        );
    }
}

#[test]
fn the_pure_crates_know_no_network_no_files_and_no_clock() {
    let metadata = metadata();
    for pure in ["veldboek-domain", "veldboek-checklist"] {
        let package =
            *packages(&metadata).iter().find(|package| package.name.as_str() == pure).expect("it is a member");
        for io in ["tokio", "reqwest", "rusqlite", "axum", "getrandom", "rustix", "tempfile"] {
            assert!(uses(package).all(|used| used != io), "{pure} is pure and may not use {io}");
        }
    }
}

#[test]
fn no_program_that_is_shipped_has_crash_points_or_planted_bugs() {
    let metadata = metadata();
    let with_faults: Vec<&Package> = packages(&metadata)
        .into_iter()
        .filter(|package| package.dependencies.iter().any(|used| used.name == "veldboek-faults"))
        .collect();
    assert!(with_faults.len() > 4, "store, sync, backend, app and the tests have them");
    for package in with_faults {
        for used in package.dependencies.iter().filter(|used| used.name == "veldboek-faults") {
            assert!(used.optional || used.kind == DependencyKind::Development, "{} always has them", package.name);
        }
        assert!(!package.features.contains_key("default"), "{} turns something on by itself", package.name);
    }
    for package in packages(&metadata) {
        let turned_on = package.dependencies.iter().filter(|used| used.name.starts_with("veldboek"));
        for used in turned_on.filter(|used| used.kind != DependencyKind::Development) {
            assert!(!used.features.iter().any(|feature| feature == "planted"), "{} plants bugs", package.name);
        }
        let of_tests = package.name.as_str() == "veldboek-tests";
        for (name, turns_on) in package.features.iter().filter(|(name, _)| *name != "planted") {
            let plants = turns_on.iter().any(|what| what.ends_with("planted"));
            assert!(!plants || of_tests, "the feature {name} of {} plants bugs", package.name);
        }
    }
    let tree = Command::new("cargo")
        .args(["tree", "--workspace", "--exclude", "veldboek-faults", "--edges", "normal,build", "--prefix", "none"])
        .current_dir(root())
        .output()
        .expect("cargo is there");
    let tree = String::from_utf8(tree.stdout).expect("names are UTF-8");
    assert!(tree.contains("veldboek-backend ") && tree.contains("veldboek "), "the tree is of everything: {tree}");
    assert!(!tree.contains("veldboek-faults"), "it is in a program without being asked for");
}

#[test]
fn the_top_level_stays_a_short_list() {
    let top: BTreeSet<String> = tracked()
        .iter()
        .map(|path| path.components().next().expect("a path has a part").as_os_str().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    let expected: BTreeSet<String> = TOP_LEVEL.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(top, expected);
}

#[test]
fn the_readme_names_two_commands_and_both_exist() {
    let readme = read("README.md");
    let commands: BTreeSet<&str> = readme
        .split("```")
        .skip(1)
        .step_by(2)
        .flat_map(str::lines)
        .filter(|line| line.starts_with("cargo "))
        .map(str::trim)
        .collect();
    assert_eq!(commands, BTreeSet::from(["cargo xtask run", "cargo xtask test"]));
    let tasks = read("crates/xtask/src/main.rs");
    for command in commands {
        let task = command.strip_prefix("cargo xtask ").expect("it is a task");
        assert!(tasks.contains(&format!("[\"{task}\"] =>")), "{command} does not exist");
    }
}

#[test]
fn every_task_that_a_document_names_exists() {
    let tasks = read("crates/xtask/src/main.rs");
    for document in documents() {
        for (_, rest) in split_all(&read(&document), "cargo xtask ") {
            let task: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(tasks.contains(&format!("[\"{task}\"")), "{document} names cargo xtask {task}");
        }
    }
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    for document in documents() {
        let text = read(&document);
        let folder = Path::new(&document).parent().expect("a file lies in a folder");
        for (_, rest) in split_all(&text, "](") {
            let target = rest.split(')').next().expect("a split has a first part");
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, heading) =
                target.split_once('#').map_or((target, None), |(path, heading)| (path, Some(heading)));
            let path = if path.is_empty() { PathBuf::from(&document) } else { folder.join(path) };
            assert!(root().join(&path).exists(), "{document} links to {target}, which is not there");
            if let Some(heading) = heading {
                let headings = headings(&read(&path.to_string_lossy()));
                assert!(headings.contains(heading), "{document} links to #{heading}; there is {headings:?}");
            }
        }
    }
}

#[test]
fn no_file_knows_the_machine_on_which_it_was_written() {
    let folders = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    for path in tracked() {
        if path.ends_with("Cargo.lock") || path.ends_with("package-lock.json") {
            continue;
        }
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        for (number, line) in text.lines().enumerate() {
            let machine = folders.iter().any(|folder| {
                split_all(line, folder).iter().any(|(before, after)| {
                    let begins = !before.ends_with(|letter: char| letter.is_alphanumeric() || "._-}".contains(letter));
                    begins && after.starts_with(|letter: char| letter.is_ascii_lowercase())
                })
            });
            assert!(!machine, "{}:{} names a folder of a machine: {line}", path.display(), number + 1);
        }
    }
}

#[test]
fn the_lock_files_of_npm_name_no_download_addresses() {
    for lock in ["ui/package-lock.json", "tests/interop/package-lock.json"] {
        let named = read(lock).contains("\"resolved\": \"http");
        assert!(!named, "{lock}: npm install --omit-lockfile-registry-resolved");
    }
}

#[test]
fn only_the_platform_folder_of_the_screens_knows_tauri() {
    for path in tracked().iter().filter(|path| path.starts_with("ui/src") && !path.starts_with("ui/src/lib/platform")) {
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        assert!(!text.contains("@tauri-apps/"), "{} imports Tauri", path.display());
    }
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace")
}

fn packages(metadata: &Metadata) -> Vec<&Package> {
    metadata.workspace_packages()
}

/// What a crate uses when it is built; what only its tests use may be anything.
fn uses(package: &Package) -> impl Iterator<Item = &str> {
    package.dependencies.iter().filter(|used| used.kind != DependencyKind::Development).map(|used| used.name.as_str())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("this crate lies in the workspace")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file that belongs to the project.
fn tracked() -> Vec<PathBuf> {
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git is there");
    assert!(list.status.success(), "git lists the project's files");
    let names = String::from_utf8(list.stdout).expect("names are UTF-8");
    names.split_terminator('\0').map(PathBuf::from).filter(|path| root().join(path).exists()).collect()
}

/// Every document of the project itself.
fn documents() -> Vec<String> {
    let documents = tracked().into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    documents.map(|path| path.to_string_lossy().into_owned()).filter(|path| !path.contains("project.inlang")).collect()
}

/// The text before and after every place where a word stands.
fn split_all<'a>(text: &'a str, word: &str) -> Vec<(&'a str, &'a str)> {
    text.match_indices(word).map(|(at, found)| (&text[..at], &text[at + found.len()..])).collect()
}

/// The anchors of a document's headings.
fn headings(text: &str) -> BTreeSet<String> {
    let heads = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    heads
        .map(|head| {
            let kept = head.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        })
        .collect()
}
