//! The law as tests. Each rule has a check; the shipped text passes it, and the same text with the rule taken out does not.
//!
//! Where the reader itself keeps the rule, the text without it is refused.

mod refused;
mod shipped;

use veldboek_checklist::{CheckError, Checklist, ReadingContext};

use crate::support::shipped as text_of;

const T1: &str = "veilig-buitengebied/integrale-controle.toml";
const ACCESS: &str = "delen/toegang-en-rechtspositie.toml";
const FIND: &str = "delen/vondst.toml";
const CLOSING: &str = "delen/afsluiting.toml";

/// What a rule asks of a checklist; what is wrong when it does not keep it.
type Check = fn(&Checklist) -> Result<(), String>;

/// The integrale controle with one piece of text, in one of its files, replaced. The piece must be there, once.
fn t1_with(file: &str, piece: &str, instead: &str) -> Result<Checklist, CheckError> {
    let read = |path: &str| {
        let text = text_of(path);
        if path != file {
            return text;
        }
        assert_eq!(text.matches(piece).count(), 1, "{file} does not hold this once:\n{piece}");
        text.replace(piece, instead)
    };
    let mut context = ReadingContext::new();
    for folder in ["delen", "partners"] {
        let Ok(entries) = std::fs::read_dir(crate::support::folder().join(folder)) else { continue };
        let names = entries.map(|entry| entry.expect("listed").file_name());
        for name in names.filter(|name| name.to_string_lossy().ends_with(".toml")) {
            let path = format!("{folder}/{}", name.to_string_lossy());
            context.add_part(path.clone(), read(&path));
        }
    }
    Checklist::read_with(T1, &read(T1), &context)
}

/// The shipped text keeps the rule.
#[track_caller]
fn kept(check: Check) {
    if let Err(wrong) = check(&crate::support::t1()) {
        panic!("the shipped checklist does not keep the rule: {wrong}");
    }
}

/// Without this piece of text the rule is not kept, and the check sees it.
#[track_caller]
fn seen_without(check: Check, file: &str, piece: &str, instead: &str) {
    let checklist = t1_with(file, piece, instead).unwrap_or_else(|error| panic!("it should still read:\n{error}"));
    assert!(check(&checklist).is_err(), "the check does not see that the rule is gone from {file}");
}

/// Without this piece of text the checklist is not even read; the message of the first problem.
#[track_caller]
fn refused_without(file: &str, piece: &str, instead: &str, message: &str) {
    let error = t1_with(file, piece, instead).expect_err("the reader should refuse it");
    assert!(error.problems.iter().any(|problem| problem.message.contains(message)), "{error}");
}

/// Says what is wrong when something does not hold.
fn ask(holds: bool, wrong: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(wrong.to_owned()) }
}
