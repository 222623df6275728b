//! What is wrong with a checklist, where, and what its author can do about it.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// Something in a file that an author must change. The texts are Dutch: authors of checklists are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Problem {
    /// The file's name as it was passed in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}\n  {}", self.file, self.line, self.column, self.message, self.hint)
    }
}

/// Every problem of a checklist and its parts, file by file in the order of their place. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
pub struct CheckError {
    /// The problems.
    pub problems: Vec<Problem>,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

/// Collects the problems of a checklist and of the parts that it includes.
///
/// All files stand behind each other in one run of bytes, each from its own base on. So a place is one number, also
/// between files, and this knows in which file, line and column that is.
pub(crate) struct Complaints<'a> {
    files: Vec<File<'a>>,
    found: Vec<(usize, Problem)>,
    /// Keys that were there but did not fit, each with the start of its table.
    set_aside: Vec<(usize, String)>,
}

struct File<'a> {
    name: &'a str,
    text: &'a str,
    base: usize,
}

impl<'a> Complaints<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { files: vec![File { name: file, text, base: 0 }], found: Vec::new(), set_aside: Vec::new() }
    }

    /// Adds a file; its bytes count from the base that comes back.
    pub(crate) fn add_file(&mut self, name: &'a str, text: &'a str) -> usize {
        let base = self.files.last().map_or(0, |last| last.base + last.text.len() + 1);
        self.files.push(File { name, text, base });
        base
    }

    /// The text of the file that starts at this base.
    pub(crate) fn text_at(&self, base: usize) -> &'a str {
        self.files[self.file_of(base)].text
    }

    /// The name of the file in which a byte stands.
    pub(crate) fn name_at(&self, byte: usize) -> &'a str {
        self.files[self.file_of(byte)].name
    }

    /// The text between two bytes of one file.
    pub(crate) fn slice(&self, span: &Range<usize>) -> &'a str {
        let file = &self.files[self.file_of(span.start)];
        file.text.get(span.start - file.base..span.end - file.base).unwrap_or_default()
    }

    /// Adds a problem at a byte.
    pub(crate) fn add(&mut self, byte: usize, message: impl Into<String>, hint: impl Into<String>) {
        let index = self.file_of(byte);
        let file = &self.files[index];
        let (line, column) = place(file.text, byte - file.base);
        let problem = Problem { file: file.name.to_owned(), line, column, message: message.into(), hint: hint.into() };
        if !self.found.iter().any(|(_, other)| *other == problem) {
            self.found.push((index, problem));
        }
    }

    /// Remembers that a key was there, so that nobody says that it is missing.
    pub(crate) fn set_aside(&mut self, table: usize, key: &str) {
        self.set_aside.push((table, key.to_owned()));
    }

    /// Whether a key was there and did not fit.
    pub(crate) fn was_set_aside(&self, table: usize, key: &str) -> bool {
        self.set_aside.iter().any(|(start, name)| *start == table && name == key)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn into_error(mut self) -> CheckError {
        self.found.sort_by(|(a_file, a), (b_file, b)| {
            (a_file, a.line, a.column, &a.message).cmp(&(b_file, b.line, b.column, &b.message))
        });
        CheckError { problems: self.found.into_iter().map(|(_, problem)| problem).collect() }
    }

    fn file_of(&self, byte: usize) -> usize {
        self.files.partition_point(|file| file.base <= byte).saturating_sub(1)
    }
}

/// Line and column, both from 1, the column in characters, of a byte in a text.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The one of `known` that looks most like `name`, when one is close enough to be meant.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(name.chars().count()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance: how many letters to add, drop or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// "Bedoelt u …?" when something close exists, else the list of what is allowed.
pub(crate) fn suggest(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(candidate) => format!("Bedoelt u `{candidate}`?"),
        None if known.is_empty() => {
            "Er is nog niets om uit te kiezen: voeg het eerst toe, of haal het hier weg.".to_owned()
        }
        None => format!("Kies uit: {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_second_file_is_named_with_that_file() {
        let mut complaints = Complaints::new("een.toml", "a = 1");
        let base = complaints.add_file("twee.toml", "b = 2\nc = 3");
        complaints.add(base + 6, "Tweede.", "");
        complaints.add(4, "Eerste.", "");
        let places: Vec<_> =
            complaints.into_error().problems.into_iter().map(|one| (one.file, one.line, one.column)).collect();
        assert_eq!(places, [("een.toml".to_owned(), 1, 5), ("twee.toml".to_owned(), 2, 1)]);
    }

    #[test]
    fn a_place_counts_characters_not_bytes() {
        assert_eq!(place("één\ntwéé x", "één\ntwéé ".len()), (2, 6));
        assert_eq!(place("abc", 0), (1, 1));
        assert_eq!(place("abc", 99), (1, 4));
    }

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        assert_eq!(nearest("verplich", ["verplicht", "zichtbaar"]), Some("verplicht"));
        assert_eq!(nearest("kleur", ["verplicht", "zichtbaar"]), None);
    }
}
