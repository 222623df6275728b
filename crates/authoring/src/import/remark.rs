//! What an import has to tell its author: what was left out, what became different, what got another name.

use std::fmt;

/// A cell, as a spreadsheet shows its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The sheet's name, as the file writes it.
    pub sheet: String,
    /// The row, from 1.
    pub row: usize,
    /// The column, from 0; nothing for the whole row.
    pub column: Option<usize>,
}

impl Place {
    /// A cell.
    pub fn cell(sheet: &str, row: usize, column: usize) -> Self {
        Self { sheet: sheet.to_owned(), row, column: Some(column) }
    }

    /// A whole row.
    pub fn row(sheet: &str, row: usize) -> Self {
        Self { sheet: sheet.to_owned(), row, column: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "{}!{}{}", self.sheet, letters(column), self.row),
            None => write!(f, "{}!rij {}", self.sheet, self.row),
        }
    }
}

/// The letters of a column: A, B, ..., Z, AA, ...
pub(crate) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = String::new();
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters
}

/// What happened to a piece of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is not in the checklist.
    LeftOut,
    /// It is in the checklist in another way.
    Adjusted,
    /// It has another name.
    Renamed,
    /// It needs nobody's attention: it is not for a checklist, such as the device's number.
    Aside,
}

/// One thing that the author must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What happened.
    pub outcome: Outcome,
    /// Where in the form.
    pub place: Place,
    /// What it is about and why.
    pub message: String,
    /// What to do about it; empty when nothing needs to be done.
    pub hint: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  {}", self.hint)?;
        }
        Ok(())
    }
}

/// Collects remarks.
#[derive(Debug, Default)]
pub(crate) struct Remarks(Vec<Remark>);

impl Remarks {
    pub(crate) fn add(&mut self, outcome: Outcome, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.push(Remark { outcome, place, message: message.into(), hint: hint.into() });
    }

    pub(crate) fn push(&mut self, remark: Remark) {
        if !self.0.contains(&remark) {
            self.0.push(remark);
        }
    }

    pub(crate) fn left_out(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.add(Outcome::LeftOut, place, message, hint);
    }

    pub(crate) fn adjusted(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.add(Outcome::Adjusted, place, message, hint);
    }

    pub(crate) fn renamed(&mut self, place: Place, message: impl Into<String>) {
        self.add(Outcome::Renamed, place, message, "");
    }

    pub(crate) fn aside(&mut self, place: Place, message: impl Into<String>) {
        self.add(Outcome::Aside, place, message, "");
    }

    /// In the order of the form: what was left out first, then by sheet as met, row and column.
    pub(crate) fn into_sorted(self) -> Vec<Remark> {
        let mut remarks = self.0;
        let order =
            |sheet: &str| ["survey", "choices", "settings"].iter().position(|known| sheet.eq_ignore_ascii_case(known));
        remarks.sort_by(|a, b| {
            let key = |remark: &Remark| {
                let place = &remark.place;
                (
                    remark.outcome,
                    order(&place.sheet).unwrap_or(usize::MAX),
                    place.sheet.clone(),
                    place.row,
                    place.column,
                )
            };
            key(a).cmp(&key(b))
        });
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_written_as_a_spreadsheet_shows_it() {
        assert_eq!(Place::cell("survey", 12, 5).to_string(), "survey!F12");
        assert_eq!(Place::cell("choices", 2, 26).to_string(), "choices!AA2");
        assert_eq!(letters(701), "ZZ");
        assert_eq!(letters(702), "AAA");
        assert_eq!(Place::row("survey", 3).to_string(), "survey!rij 3");
    }
}
