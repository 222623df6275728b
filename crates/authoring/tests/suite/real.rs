//! Forms that other projects ship: what becomes of each stands in `XLSFORMS.md`, and is worked out anew here.
//!
//! `VELDBOEK_WRITE_FORMS=1 cargo test -p veldboek-authoring forms` writes the table anew. With `VELDBOEK_MORE_FORMS` the
//! forms of another folder are put in a second table, which is kept as it was made.

use std::fs;
use std::path::{Path, PathBuf};

use veldboek_authoring::import::{Family, ImportError, Outcome, asked, import};

use crate::support::{options, read};

const MORE: &str = "## Ook overgenomen, niet in deze map";

#[test]
fn the_table_of_forms_is_as_the_forms_come_out() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("XLSFORMS.md");
    let kept = fs::read_to_string(&place).unwrap_or_default();
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let mut document = String::from(
        "# Formulieren van anderen\n\n\
         Wat er van elk formulier wordt als `cargo xtask checklist import` het overneemt. De tabel komt uit echte uitvoering: een\n\
         test rekent haar na en zegt het als zij niet meer klopt.\n\n\
         *Gevraagd*: rijen van het formulier die iets vragen. *Overgenomen*: vragen in de checklist; een tabel van keuzes wordt een\n\
         vraag, en een vraag met \"anders\" worden er twee. *Weggelaten* en *anders*: wat de import bij naam en cel noemt.\n",
    );
    for folder in ["pyxform", "xlsconv"] {
        document.push_str(&format!("\n## {folder}\n\n{}", table(&forms.join(folder))));
    }
    let mut more = kept.split_once(MORE).map(|(_, more)| format!("{MORE}{more}")).unwrap_or_default();
    if let Some(folder) = std::env::var_os("VELDBOEK_MORE_FORMS") {
        more = format!(
            "{MORE}\n\nUit hetzelfde pakket (`pyxform` 1.3.3); te groot of te gelijk om hier te bewaren. Zo gemaakt:\n\
             `VELDBOEK_WRITE_FORMS=1 VELDBOEK_MORE_FORMS=<map> cargo test -p veldboek-authoring forms`.\n\n{}",
            table(Path::new(&folder))
        );
    }
    document.push_str(&format!("\n{more}"));
    if std::env::var_os("VELDBOEK_WRITE_FORMS").is_some() {
        fs::write(&place, &document).expect("the table can be written");
    }
    let kept = fs::read_to_string(&place).expect("the table is there");
    assert!(kept == document, "XLSFORMS.md is not what the forms become; see the head of this file");
}

#[test]
fn every_form_that_is_taken_over_is_a_checklist() {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let mut taken = 0;
    for path in ["pyxform", "xlsconv"].iter().flat_map(|folder| files(&forms.join(folder))) {
        let bytes = fs::read(&path).expect("a form");
        for family in [Family::Vb, Family::Btp, Family::Agro] {
            let name = path.file_name().expect("a name").to_string_lossy();
            if let Ok(done) = import(&name, &bytes, &options(family)) {
                assert_eq!(read(&done).questions().count(), done.questions, "{name}");
                taken += 1;
            }
        }
    }
    assert!(taken > 60, "only {taken} forms were taken over");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let is_form = |path: &PathBuf| path.extension().is_some_and(|kind| kind.to_string_lossy().starts_with("xls"));
    let mut paths: Vec<PathBuf> = paths.filter(is_form).collect();
    paths.sort();
    paths
}

fn table(folder: &Path) -> String {
    let mut table = String::from(
        "| Bestand | Gevraagd | Overgenomen | Weggelaten | Anders | Wat er in de weg zat |\n|---|--:|--:|--:|--:|---|\n",
    );
    let (mut forms, mut refused, mut rows, mut questions, mut left) = (0, 0, 0, 0, 0);
    for path in files(folder) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = fs::read(&path).expect("a form");
        let asks = asked(&bytes);
        let asks_words = asks.map_or("-".to_owned(), |asks| asks.to_string());
        forms += 1;
        rows += asks.unwrap_or(0);
        match import(&name, &bytes, &options(Family::Vb)) {
            Ok(done) => {
                questions += done.questions;
                left += done.count(Outcome::LeftOut);
                let mut reasons: Vec<String> = Vec::new();
                for remark in done.remarks.iter().filter(|remark| remark.outcome == Outcome::LeftOut) {
                    reasons.push(remark.place.to_string());
                }
                let shown =
                    if reasons.len() > 6 { format!("{}, ...", reasons[..6].join(", ")) } else { reasons.join(", ") };
                table.push_str(&format!(
                    "| `{name}` | {asks_words} | {} | {} | {} | {shown} |\n",
                    done.questions,
                    done.count(Outcome::LeftOut),
                    done.count(Outcome::Adjusted)
                ));
            }
            Err(error) => {
                refused += 1;
                table.push_str(&format!("| `{name}` | {asks_words} | geweigerd | | | {} |\n", why(&error)));
            }
        }
    }
    table.push_str(&format!(
        "\nFormulieren: {forms}, met {rows} vragen. Overgenomen: {}, als {questions} vragen, met {left} dingen weggelaten. Geweigerd: {refused}.\n",
        forms - refused
    ));
    table
}

/// The first thing that says why, without a bar that would end the cell.
fn why(error: &ImportError) -> String {
    let words = match error {
        ImportError::NoWorkbook => error.to_string(),
        ImportError::Refused(remarks) => {
            let nothing_left = remarks.len() > 1 && remarks[0].message.starts_with("Er blijft");
            let first = if nothing_left { &remarks[1] } else { &remarks[0] };
            format!("{}: {}", first.place, first.message)
        }
    };
    words.lines().next().unwrap_or_default().replace('|', "\\|")
}
