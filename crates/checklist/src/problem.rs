//! What is wrong with a checklist, where, and what its author can do about it.

use std::fmt;

use serde::Serialize;

/// Something in a file that an author must change. The texts are Dutch: authors of checklists are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

/// Every problem of a file, in the order of their place. Never empty.
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

/// Collects problems of one file and knows where each byte of it stands.
pub(crate) struct Complaints<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Problem>,
    /// Keys that were there but did not fit, each with the start of its table.
    set_aside: Vec<(usize, String)>,
}

impl<'a> Complaints<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new(), set_aside: Vec::new() }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Adds a problem at a byte of the file.
    pub(crate) fn add(&mut self, byte: usize, message: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = place(self.text, byte);
        let problem = Problem { file: self.file.to_owned(), line, column, message: message.into(), hint: hint.into() };
        if !self.found.contains(&problem) {
            self.found.push(problem);
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
        self.found.sort_by(|a, b| (a.line, a.column, &a.message).cmp(&(b.line, b.column, &b.message)));
        CheckError { problems: self.found }
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
