//! What the checklists refer to: the sources, the table of differences and the directory of whom to call.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{checklist, ours, own_questions};
use crate::support::{folder, shipped};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Directory {
    verwijzing: Vec<Referral>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Referral {
    code: String,
    naam: String,
    waarvoor: String,
    telefoon: String,
    te_toetsen: bool,
    bron: String,
    opmerking: String,
}

fn directory() -> Vec<Referral> {
    let directory: Directory = toml::from_str(&shipped("doorverwijzingen.toml")).expect("the directory reads");
    directory.verwijzing
}

/// The rows of a table in Markdown, cell by cell.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with('|'));
    lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// Texts that look like a telephone number, also 112.
fn numbers(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '-'));
    let looks = |word: &&str| *word == "112" || (word.starts_with("0") && word.len() >= 9 && word.contains('-'));
    words.filter(looks).map(str::to_owned).collect()
}

#[test]
fn every_source_that_a_ground_names_stands_in_the_list_of_sources() {
    let mut known: BTreeSet<String> = rows(&shipped("BRONNEN.md")).iter().map(|row| row[0].clone()).collect();
    known.insert("K".to_owned());
    let mut named: Vec<String> = directory().into_iter().map(|one| one.bron).collect();
    for one in ours() {
        let grounds = own_questions(&one).flat_map(|question| question.grounds.clone());
        named.extend(grounds.filter_map(|ground| ground.reference));
    }
    for reference in named.iter().flat_map(|reference| reference.split(", ")) {
        assert!(known.contains(reference), "source {reference} is not in BRONNEN.md");
    }
}

#[test]
fn the_directory_names_each_organisation_once_and_marks_every_number_for_checking() {
    let directory = directory();
    let codes: BTreeSet<_> = directory.iter().map(|one| &one.code).collect();
    assert_eq!(codes.len(), directory.len(), "a code stands twice");
    for one in &directory {
        assert!(!one.naam.is_empty() && !one.waarvoor.is_empty(), "{} says too little", one.code);
        assert!(one.te_toetsen, "{} was never looked up", one.code);
        assert!(!one.telefoon.is_empty() || !one.opmerking.is_empty(), "{} has no number and no word why", one.code);
    }
    let given: BTreeSet<&str> =
        directory.iter().map(|one| one.telefoon.as_str()).filter(|one| !one.is_empty()).collect();
    assert_eq!(given, BTreeSet::from(["0800-7000", "0900-8844", "112"]), "no source gave another number");
    for code in [
        "noodnummer",
        "politie",
        "meld-misdaad-anoniem",
        "veilig-thuis",
        "zorgcoordinator-mensenhandel",
        "comensha",
        "scharlaken-koord",
        "zorg-om-boer-en-tuinder",
        "huisarts",
        "agro-coach",
        "omgevingsdienst",
        "netbeheerder",
    ] {
        assert!(directory.iter().any(|one| one.code == code), "{code} is missing");
    }
}

#[test]
fn every_number_that_a_checklist_names_stands_in_the_directory() {
    let known: BTreeSet<String> =
        directory().iter().flat_map(|one| numbers(&format!("{} {}", one.telefoon, one.opmerking))).collect();
    for family in ["veilig-buitengebied", "agro-coach", "delen"] {
        for file in
            std::fs::read_dir(folder().join(family)).expect("the folder").map(|entry| entry.expect("listed").path())
        {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let unknown: Vec<_> = numbers(&text).difference(&known).cloned().collect();
            assert!(unknown.is_empty(), "{} names {unknown:?}", file.display());
        }
    }
}

#[test]
fn every_question_in_the_table_of_differences_is_there() {
    let table = rows(&shipped("AFWIJKINGEN.md"));
    for (name, id) in [("T1", "vb-ic"), ("T2", "agro")] {
        let checklist = checklist(id);
        let own: Vec<_> = table.iter().filter(|row| row[0] == name).collect();
        assert!(own.len() >= 10, "{name} has {} rows", own.len());
        for row in own {
            assert_eq!(row.len(), 4, "{row:?}");
            assert!(!row[3].is_empty(), "{name} {} does not say why", row[1]);
            for question in row[2].split(", ") {
                assert!(checklist.question(question).is_some(), "{name} {}: {question} is not in the file", row[1]);
            }
        }
    }
}
