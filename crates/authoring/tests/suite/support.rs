//! What the tests share: forms made on the spot, and what becomes of them.

use std::path::PathBuf;

use rust_xlsxwriter::Workbook;
use veldboek_authoring::import::{Family, ImportError, Imported, Options, Outcome, import};
use veldboek_checklist::{Checklist, ReadingContext};

/// A form to be written as a spreadsheet.
#[derive(Default)]
pub struct Form {
    sheets: Vec<(String, Vec<Vec<String>>)>,
}

impl Form {
    /// A form with a survey: a line a row, `|` between the cells; the first line has the headers.
    pub fn survey(table: &str) -> Self {
        Self::default().sheet("survey", table)
    }

    /// The same with choices.
    pub fn choices(self, table: &str) -> Self {
        self.sheet("choices", table)
    }

    /// The same with settings.
    pub fn settings(self, table: &str) -> Self {
        self.sheet("settings", table)
    }

    /// The same with a sheet more.
    pub fn sheet(mut self, name: &str, table: &str) -> Self {
        let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
        let rows = lines.map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
        self.sheets.push((name.to_owned(), rows));
        self
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        for (name, rows) in &self.sheets {
            let sheet = workbook.add_worksheet();
            sheet.set_name(name).expect("a good name");
            for (row, cells) in (0..).zip(rows) {
                for (column, cell) in (0..).zip(cells) {
                    if !cell.is_empty() {
                        sheet.write_string(row, column, cell).expect("a cell");
                    }
                }
            }
        }
        workbook.save_to_buffer().expect("a workbook")
    }

    /// Takes it over.
    pub fn taken(&self) -> Imported {
        self.taken_for(Family::Vb).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Takes it over for a programme.
    pub fn taken_for(&self, family: Family) -> Result<Imported, ImportError> {
        import("formulier.xlsx", &self.bytes(), &options(family))
    }

    /// Why it is refused.
    pub fn refused(&self) -> String {
        match self.taken_for(Family::Vb) {
            Ok(done) => panic!("it is taken over:\n{}", done.toml),
            Err(error) => error.to_string(),
        }
    }
}

/// The options of every test.
pub fn options(family: Family) -> Options {
    Options { family, valid_from: "2026-11-01".parse().expect("a day") }
}

/// What came out, as a checklist.
pub fn read(done: &Imported) -> Checklist {
    Checklist::read_with("formulier.toml", &done.toml, &ReadingContext::new())
        .unwrap_or_else(|error| panic!("{error}\n{}", done.toml))
}

/// The remarks with one outcome, as they are shown.
pub fn said(done: &Imported, outcome: Outcome) -> Vec<String> {
    done.remarks.iter().filter(|remark| remark.outcome == outcome).map(ToString::to_string).collect()
}

/// Nothing was left out.
pub fn whole(done: &Imported) {
    assert_eq!(said(done, Outcome::LeftOut), Vec::<String>::new());
}

/// The lines of a question in the file, from its id to the next table.
pub fn lines_of(done: &Imported, id: &str) -> String {
    let start = done.toml.find(&format!("id = \"{id}\"")).unwrap_or_else(|| panic!("no {id} in\n{}", done.toml));
    let rest = &done.toml[start..];
    let end = rest.find("\n\n").unwrap_or(rest.len());
    rest[..end].trim().to_owned()
}

/// The folder of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
