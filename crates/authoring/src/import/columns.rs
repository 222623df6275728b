//! Columns and sheets that a checklist has no place for.

use super::remark::{Outcome, Place, Remarks};
use super::sheet::{Column, Sheet, Workbook};

/// Columns of the survey that are looked at row by row.
const SURVEY: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "appearance",
    "default",
    "readonly",
    "repeat_count",
    "parameters",
    "disabled",
    "trigger",
];

const CHOICES: &[&str] = &["list_name", "name", "label"];

const MEDIA: &[&str] = &["image", "audio", "video", "big_image", "big-image", "picture"];

/// Columns that steer another program.
const ASIDE: &[&str] =
    &["note", "notes", "comment", "comments", "autoplay", "sms_field", "sms_option", "hxl", "tags", "query"];

/// Names every column with anything in it, and every sheet, that is not taken over.
pub(crate) fn say_unused(workbook: &Workbook, remarks: &mut Remarks) {
    for (name, known, rest) in [("survey", SURVEY, Outcome::LeftOut), ("choices", CHOICES, Outcome::Aside)] {
        let Some(sheet) = workbook.sheet(name) else { continue };
        for column in sheet.columns.iter().filter(|column| !known.contains(&column.key.as_str())) {
            let rows: Vec<String> = sheet
                .rows
                .iter()
                .filter(|row| sheet.at(row, column).is_some())
                .map(|row| row.number.to_string())
                .collect();
            if !rows.is_empty() {
                say(sheet, column, &rows, rest, remarks);
            }
        }
    }
    for sheet in &workbook.sheets {
        let known = ["survey", "choices", "settings"].iter().any(|name| sheet.name.trim().eq_ignore_ascii_case(name));
        if !known && !sheet.rows.is_empty() {
            let place = Place::row(&sheet.name, sheet.header_row);
            match sheet.name.to_lowercase().as_str() {
                "external_choices" | "entities" | "osm" | "cascades" => remarks.left_out(
                    place,
                    format!("Het blad `{}` kent een checklist niet.", sheet.name),
                    "Schrijf uit wat u ervan nodig hebt.",
                ),
                _ => remarks.aside(place, format!("Het blad `{}` hoort niet bij het formulier.", sheet.name)),
            }
        }
    }
}

fn say(sheet: &Sheet, column: &Column, rows: &[String], rest: Outcome, remarks: &mut Remarks) {
    let place = Place::cell(&sheet.name, sheet.header_row, column.index);
    let shown = if rows.len() > 8 { format!("{}, ...", rows[..8].join(", ")) } else { rows.join(", ") };
    let where_ = if rows.len() == 1 { format!("rij {shown}") } else { format!("rijen {shown}") };
    let header = &column.header;
    if MEDIA.contains(&column.key.as_str()) {
        remarks.left_out(
            place,
            format!("Een checklist toont geen plaatjes, geluid of film bij een tekst: `{header}` ({where_})."),
            "Schrijf op wat erop te zien is, bijvoorbeeld in de helpkaart.",
        );
    } else if ASIDE.contains(&column.key.as_str()) || rest == Outcome::Aside {
        remarks.aside(place, format!("De kolom `{header}` ({where_}) is niet nodig."));
    } else {
        remarks.left_out(
            place,
            format!("De kolom `{header}` ({where_}) kent een checklist niet."),
            "Kijk of u haar nodig hebt.",
        );
    }
}
