//! The sheet `settings`.

use super::remark::Remarks;
use super::sheet::Workbook;

/// What the settings say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) title: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) default_language: Option<String>,
}

/// Settings that need no attention: they are about the program that sends the form.
const ASIDE: &[&str] = &[
    "submission_url",
    "public_key",
    "auto_send",
    "auto_delete",
    "style",
    "omit_instanceid",
    "clean_text_values",
    "prefix",
    "delimiter",
    "sms_keyword",
    "sms_separator",
    "sms_allow_media",
    "sms_date_format",
    "sms_datetime_format",
    "sms_response",
    "allow_choice_duplicates",
    "instance_xmlns",
    "name",
    "namespaces",
    "client_editable",
];

/// Reads the sheet; without one everything is open.
pub(crate) fn read(workbook: &Workbook, remarks: &mut Remarks) -> Settings {
    let mut settings = Settings::default();
    let Some(sheet) = workbook.sheet("settings") else { return settings };
    let Some(row) = sheet.rows.first() else { return settings };
    for column in &sheet.columns {
        let Some(cell) = sheet.at(row, column) else { continue };
        match column.key.as_str() {
            "form_title" => settings.title = Some(super::text::plain(&cell.text)).filter(|title| !title.is_empty()),
            "form_id" => settings.id = Some(cell.text),
            "version" => settings.version = Some(cell.text),
            "default_language" => settings.default_language = Some(cell.text),
            "instance_name" => {
                remarks.aside(cell.place, "Een controle heet naar haar nummer en adres, niet naar `instance_name`.");
            }
            other if ASIDE.contains(&other) => {
                remarks.aside(cell.place, format!("De instelling `{}` is niet nodig.", column.header));
            }
            _ => remarks.left_out(
                cell.place,
                format!("De instelling `{}` kent een checklist niet.", column.header),
                "Kijk of u haar nodig hebt.",
            ),
        }
    }
    for row in sheet.rows.iter().skip(1) {
        let place = super::remark::Place::row(&sheet.name, row.number);
        remarks.aside(place, "Alleen de eerste rij met instellingen telt.");
    }
    settings
}
