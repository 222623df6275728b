//! A spreadsheet file as sheets with headed columns. The only place that knows `calamine`.
//!
//! Headers are taken as XLSForm takes them: `label::Nederlands (nl)` is the column `label` in a language, case and the
//! difference between a space and an underscore do not count (<https://xlsform.org/en/#the-survey-sheet>).

use std::io::Cursor;

use calamine::{Data, Reader, open_workbook_auto_from_rs};

use super::remark::Place;

/// A file with sheets.
#[derive(Debug)]
pub(crate) struct Workbook {
    pub(crate) sheets: Vec<Sheet>,
}

/// A sheet whose first row with anything in it holds the headers.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) header_row: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// A column with a header.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// From 0.
    pub(crate) index: usize,
    /// As written.
    pub(crate) header: String,
    /// What it is, such as `label` or `constraint_message`.
    pub(crate) key: String,
    /// The language behind `::`.
    pub(crate) language: Option<String>,
}

/// A row with anything in it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// From 1.
    pub(crate) number: usize,
    /// The texts by column, without empty ones.
    cells: Vec<(usize, String)>,
}

/// A cell with its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Workbook {
    /// Reads the bytes of an .xlsx, .xlsm, .xlsb, .ods or .xls file; nothing when they are none of these.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut file = open_workbook_auto_from_rs(Cursor::new(bytes)).ok()?;
        let names = file.sheet_names().to_vec();
        let sheets = names.into_iter().filter_map(|name| Some(sheet(&name, &file.worksheet_range(&name).ok()?)));
        Some(Self { sheets: sheets.collect() })
    }

    /// A sheet by its name; case does not count.
    pub(crate) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name))
    }
}

fn sheet(name: &str, range: &calamine::Range<Data>) -> Sheet {
    let (first_row, first_column) = range.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
    let mut rows: Vec<Row> = Vec::new();
    for (index, cells) in range.rows().enumerate() {
        let texts = cells.iter().enumerate().map(|(column, cell)| (first_column + column, text(cell)));
        let cells: Vec<(usize, String)> = texts.filter(|(_, text)| !text.is_empty()).collect();
        if !cells.is_empty() {
            rows.push(Row { number: first_row + index + 1, cells });
        }
    }
    let mut sheet = Sheet { name: name.to_owned(), header_row: 1, columns: Vec::new(), rows };
    if !sheet.rows.is_empty() {
        let headers = sheet.rows.remove(0);
        sheet.header_row = headers.number;
        sheet.columns = headers.cells.into_iter().map(|(index, header)| column(index, header)).collect();
    }
    sheet
}

fn column(index: usize, header: String) -> Column {
    // Old forms have one colon: label:English, bind:relevant.
    let (first, rest) = match header.split_once("::") {
        Some((first, rest)) => (first, Some(rest)),
        None => match header.split_once(':') {
            Some((first, rest)) if !first.eq_ignore_ascii_case("jr") => (first, Some(rest)),
            _ => (header.as_str(), None),
        },
    };
    let mut key = key(first);
    let mut language = rest.map(|rest| rest.trim().to_owned());
    if matches!(key.as_str(), "bind" | "body" | "control" | "media")
        && let Some(rest) = language.take()
    {
        // bind::relevant is relevant; media::image::English is image in a language.
        let (inner, tongue) = match rest.split_once("::") {
            Some((inner, tongue)) => (inner.to_owned(), Some(tongue.trim().to_owned())),
            None => (rest, None),
        };
        key = self::key(inner.trim_start_matches("jr:"));
        language = tongue;
    }
    Column { index, header, key, language }
}

/// The name of a column: lower case, with the other names that XLSForm knows for it.
fn key(header: &str) -> String {
    let key =
        header.trim().to_lowercase().split([' ', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    let known = match key.as_str() {
        "command" => "type",
        "caption" => "label",
        "relevance" => "relevant",
        "calculate" => "calculation",
        "read_only" => "readonly",
        "skip_logic" => "relevant",
        "constraintmsg" | "jr:constraintmsg" | "constraining_message" => "constraint_message",
        "requiredmsg" | "jr:requiredmsg" => "required_message",
        "count" | "jr:count" => "repeat_count",
        "list" | "list_name" => "list_name",
        "value" => "name",
        "big-image" => "big_image",
        "title" | "set_form_title" => "form_title",
        "id_string" | "set_form_id" => "form_id",
        other => other,
    };
    known.to_owned()
}

/// A cell as text: whole numbers without decimals, days and times as in ISO 8601, `yes` and `no` for booleans.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.replace('\u{a0}', " ").trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(true) => "yes".to_owned(),
        Data::Bool(false) => "no".to_owned(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            match (moment.as_f64() < 1.0, hour + minute + second == 0) {
                (true, _) => format!("{hour:02}:{minute:02}:{second:02}"),
                (false, true) => format!("{year:04}-{month:02}-{day:02}"),
                (false, false) => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
    }
}

impl Column {
    /// Whether it is this column in this language.
    pub(crate) fn is(&self, key: &str, language: Option<&str>) -> bool {
        let same = match (&self.language, language) {
            (Some(own), Some(wanted)) => own.eq_ignore_ascii_case(wanted),
            (own, wanted) => own.is_none() && wanted.is_none(),
        };
        self.key == key && same
    }
}

impl Sheet {
    /// Whether a column of this kind is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.columns.iter().any(|column| column.key == key)
    }

    /// The text of a row in a column without a language, with its place.
    pub(crate) fn cell(&self, row: &Row, key: &str) -> Option<Cell> {
        self.cell_in(row, key, None)
    }

    /// The text of a row in a column of a language.
    pub(crate) fn cell_in(&self, row: &Row, key: &str, language: Option<&str>) -> Option<Cell> {
        let mut columns = self.columns.iter().filter(|column| column.is(key, language));
        columns.find_map(|column| self.at(row, column))
    }

    /// The text of a row in a column.
    pub(crate) fn at(&self, row: &Row, column: &Column) -> Option<Cell> {
        let text = row.cells.iter().find(|(index, _)| *index == column.index)?.1.clone();
        Some(Cell { place: Place::cell(&self.name, row.number, column.index), text })
    }

    /// Where a row's cell of a column is, also when it is empty; the row when there is no such column.
    pub(crate) fn place(&self, row: &Row, key: &str) -> Place {
        match self.columns.iter().find(|column| column.key == key) {
            Some(column) => Place::cell(&self.name, row.number, column.index),
            None => Place::row(&self.name, row.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_by_their_old_and_new_names() {
        let read = |header: &str| {
            let column = column(0, header.to_owned());
            (column.key, column.language)
        };
        let plain = |key: &str| (key.to_owned(), None);
        assert_eq!(read("label::Nederlands (nl)"), ("label".into(), Some("Nederlands (nl)".into())));
        assert_eq!(read("label:English"), ("label".into(), Some("English".into())));
        assert_eq!(read("Constraint Message :: fr"), ("constraint_message".into(), Some("fr".into())));
        assert_eq!(read("list name"), plain("list_name"));
        assert_eq!(read("bind::relevant"), plain("relevant"));
        assert_eq!(read("bind:jr:constraintMsg"), plain("constraint_message"));
        assert_eq!(read("media::image::English (en)"), ("image".into(), Some("English (en)".into())));
        assert_eq!(read("relevance"), plain("relevant"));
        assert_eq!(read("jr:count"), plain("repeat_count"));
    }
}
