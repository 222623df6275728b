//! Broken checklists: each file's messages, with their place and hint, are kept in a snapshot beside it. All of them can
//! include what stands in `delen`.

use std::path::{Path, PathBuf};

use veldboek_checklist::{Checklist, ReadingContext, Retention, StopText};

#[test]
fn every_broken_checklist_gets_all_its_messages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut context = ReadingContext::new();
    for path in files(&folder.join("delen")) {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        context.add_part(format!("delen/{name}"), std::fs::read_to_string(&path).expect("text"));
    }
    let files = files(&folder);
    assert!(files.len() >= 28, "the corpus has shrunk to {}", files.len());
    for path in files {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("text");
        let error = if name.starts_with("stop-") {
            StopText::read(&name, &text).err()
        } else if name.starts_with("bewaren-") {
            Retention::read(&name, &text).err()
        } else {
            Checklist::read_with(&name, &text, &context).err()
        };
        let error = error.unwrap_or_else(|| panic!("{name} reads, but should not"));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.trim_end_matches(".toml"), error.to_string()));
    }
}

/// The TOML files of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
}

/// The place of the only message that holds `part`.
fn place(sections: &str, part: &str) -> (usize, usize) {
    let text = crate::support::whole(sections);
    let error = Checklist::read("klein.toml", &text).expect_err("it is broken");
    let hits: Vec<_> = error.problems.iter().filter(|problem| problem.message.contains(part)).collect();
    assert_eq!(hits.len(), 1, "{error}");
    (hits[0].line, hits[0].column)
}

#[test]
fn a_mistake_inside_a_condition_is_shown_at_its_own_letter() {
    let with = |condition: &str| {
        format!(
            "[[onderdeel]]\nid = \"S\"\ntitel = \"S\"\n[[onderdeel.vraag]]\nid = \"A\"\ntekst = \"A?\"\nsoort = \"ja-nee\"\n[[onderdeel.vraag]]\nid = \"B\"\ntekst = \"B?\"\nsoort = \"ja-nee\"\nzichtbaar = {condition}\n"
        )
    };
    assert_eq!(place(&with("'A == \"ja\" || X == \"ja\"'"), "`X` bestaat niet"), (18, 27));
    assert_eq!(place(&with("\"A == \\\"ja\\\" || X == \\\"ja\\\"\""), "`X` bestaat niet"), (18, 29));
    assert_eq!(place(&with("'''\nA == \"ja\" ||\n  X == \"ja\"'''"), "`X` bestaat niet"), (20, 3));
    assert_eq!(place(&with("'A == \"jaa\"'"), "\"jaa\""), (18, 19));
    assert_eq!(place(&with("'A == == \"ja\"'"), "niet te lezen"), (18, 19));
}

#[test]
fn twenty_mistakes_give_twenty_messages_each_at_its_own_letter() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/twintig-fouten.toml");
    let text = std::fs::read_to_string(path).expect("text");
    let marked = text.lines().zip(1..).filter_map(|(line, number)| {
        let (_, column) = line.split_once("# fout in kolom ")?;
        Some((number, column.parse().expect("a column")))
    });
    let mut marked: Vec<(usize, usize)> = marked.collect();
    marked.sort_unstable();
    assert_eq!(marked.len(), 20);
    let error = Checklist::read("twintig-fouten.toml", &text).expect_err("it is broken");
    let found: Vec<(usize, usize)> = error.problems.iter().map(|problem| (problem.line, problem.column)).collect();
    assert_eq!(found, marked, "{error}");
    let mut messages: Vec<_> = error.problems.iter().map(|problem| &problem.message).collect();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), 20, "two of them say the same");
}
