//! The sheet `survey` as a tree: rows, and groups with rows in them.

use super::kind::{self, RowKind};
use super::remark::{Outcome, Place, Remark, Remarks};
use super::sheet::{Cell, Row, Sheet};

/// A row of the survey, or a group of them.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    Row(Item<'a>),
    Group(Group<'a>),
}

/// A row with what it is.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) row: &'a Row,
    pub(crate) kind: RowKind,
    /// The column `name`; empty when it is.
    pub(crate) name: String,
}

/// A group.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) item: Item<'a>,
    pub(crate) repeat: bool,
    pub(crate) entries: Vec<Entry<'a>>,
}

impl Item<'_> {
    /// What to call the row in a sentence.
    pub(crate) fn shown(&self) -> &str {
        if self.name.is_empty() { "zonder naam" } else { &self.name }
    }
}

/// Builds the tree. Rows that are nothing are named in the remarks.
///
/// # Errors
/// What is wrong with the structure: groups that do not fit into each other, or that a checklist can't hold.
pub(crate) fn tree<'a>(sheet: &'a Sheet, remarks: &mut Remarks) -> Result<Vec<Entry<'a>>, Vec<Remark>> {
    let mut wrong = Vec::new();
    let mut open: Vec<Group<'a>> = Vec::new();
    let mut top: Vec<Entry<'a>> = Vec::new();
    for row in &sheet.rows {
        if sheet.cell(row, "disabled").is_some_and(|cell| is_yes(&cell.text)) {
            remarks.aside(Place::row(&sheet.name, row.number), "Deze rij staat uit (`disabled`).");
            continue;
        }
        let Some(written) = sheet.cell(row, "type") else {
            if let Some(name) = sheet.cell(row, "name") {
                let message = format!("De rij `{}` heeft geen soort.", name.text);
                remarks.left_out(name.place, message, "Vul de kolom type in, of haal de rij weg.");
            }
            continue;
        };
        let name = sheet.cell(row, "name").map(|cell| cell.text).unwrap_or_default();
        let item = Item { row, kind: kind::read(&written.text), name };
        match item.kind {
            RowKind::Begin { repeat } => {
                if repeat && let Some(outer) = open.iter().find(|group| group.repeat) {
                    let message = format!(
                        "De herhaalde groep `{}` staat in de herhaalde groep `{}`.",
                        item.shown(),
                        outer.item.shown()
                    );
                    wrong.push(refused(
                        written.place,
                        message,
                        "Een checklist herhaalt een groep maar een keer diep. Haal de binnenste groep eruit, of maak er vragen van.",
                    ));
                }
                open.push(Group { item, repeat, entries: Vec::new() });
            }
            RowKind::End { repeat } => match open.pop() {
                Some(group) if group.repeat == repeat => add(&mut open, &mut top, Entry::Group(group)),
                Some(group) => {
                    let message = format!(
                        "Hier sluit {}, maar open is {} `{}`.",
                        group_words(repeat),
                        group_words(group.repeat),
                        group.item.shown()
                    );
                    wrong.push(refused(
                        written.place,
                        message,
                        "Zet begin en end van dezelfde soort om de rijen heen.",
                    ));
                    add(&mut open, &mut top, Entry::Group(group));
                }
                None => {
                    let message = format!("Hier sluit {}, maar er is geen open.", group_words(repeat));
                    wrong.push(refused(written.place, message, "Haal deze rij weg, of zet er een begin boven."));
                }
            },
            RowKind::Structure(what) => {
                let message = format!("Een checklist kent geen {}.", what.trim_start_matches("een "));
                wrong.push(refused(written.place, message, "Schrijf de vragen uit, of gebruik een herhaalde groep."));
            }
            RowKind::Stray => stray(&written, remarks),
            _ => add(&mut open, &mut top, Entry::Row(item)),
        }
    }
    for group in open {
        let message = format!("De groep `{}` wordt nergens gesloten.", group.item.shown());
        wrong.push(refused(
            sheet.place(group.item.row, "type"),
            message,
            "Zet er een rij onder met end group of end repeat.",
        ));
    }
    if wrong.is_empty() { Ok(top) } else { Err(wrong) }
}

fn add<'a>(open: &mut [Group<'a>], top: &mut Vec<Entry<'a>>, entry: Entry<'a>) {
    match open.last_mut() {
        Some(group) => group.entries.push(entry),
        None => top.push(entry),
    }
}

fn stray(written: &Cell, remarks: &mut Remarks) {
    let message = format!("De soort `{}` kent XLSForm niet.", written.text);
    remarks.left_out(
        written.place.clone(),
        message,
        "Kijk de kolom type na; voorbeelden: text, integer, select_one LIJST, note.",
    );
}

fn refused(place: Place, message: String, hint: &str) -> Remark {
    Remark { outcome: Outcome::LeftOut, place, message, hint: hint.to_owned() }
}

fn group_words(repeat: bool) -> &'static str {
    if repeat { "een herhaalde groep" } else { "een groep" }
}

/// Whether a cell says yes, in the ways that XLSForm takes.
pub(crate) fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "yes" | "true" | "true()" | "1" | "ja")
}

/// Whether a cell says no.
pub(crate) fn is_no(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "no" | "false" | "false()" | "0" | "nee")
}
