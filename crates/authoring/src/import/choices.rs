//! The sheet `choices`: lists of options.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::language::Languages;
use super::names::Names;
use super::remark::{Place, Remark, Remarks};
use super::sheet::Workbook;
use super::text::plain;

/// The lists by their names.
#[derive(Debug, Default)]
pub(crate) struct Lists(BTreeMap<String, List>);

/// A list of options.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) options: Vec<ListOption>,
    /// The kind of question of which these are the fixed options, such as `ja-nee`.
    pub(crate) fixed: Option<&'static str>,
    /// What the form calls them and what the checklist calls them.
    pub(crate) codes: Arc<Codes>,
    /// What there is to say about it, when it is used.
    remarks: Vec<Remark>,
}

/// An option.
#[derive(Clone, Debug)]
pub(crate) struct ListOption {
    pub(crate) code: String,
    pub(crate) label: String,
    original: String,
    place: Place,
}

/// The codes of a list: as in the form, as in the checklist.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Codes(pub(crate) Vec<(String, String)>);

impl Codes {
    /// The code in the checklist of one in the form.
    pub(crate) fn of(&self, original: &str) -> Option<&str> {
        self.0.iter().find(|(one, _)| one == original).map(|(_, code)| code.as_str())
    }

    /// These and others together; nothing when one name means two codes.
    pub(crate) fn with(&self, others: &Self) -> Option<Self> {
        let mut all = self.0.clone();
        for (original, code) in &others.0 {
            match self.of(original) {
                Some(known) if known != code => return None,
                Some(_) => {}
                None => all.push((original.clone(), code.clone())),
            }
        }
        Some(Self(all))
    }

    /// Whether no code changed its name.
    pub(crate) fn unchanged(&self) -> bool {
        self.0.iter().all(|(original, code)| original == code)
    }
}

/// A fixed option: its code, and the labels by which it is known.
type Fixed = (&'static str, &'static [&'static str]);

/// An option as it is written: its name, its text and where.
type Written = (String, String, Place);

/// Kinds with fixed options.
const FIXED: &[(&str, &[Fixed])] =
    &[("ja-nee", &[YES, NO]), ("ja-nee-onbekend", &[YES, NO, UNKNOWN]), ("ja-nee-nvt", &[YES, NO, NOT_APPLICABLE])];
const YES: Fixed = ("ja", &["ja"]);
const NO: Fixed = ("nee", &["nee"]);
const UNKNOWN: Fixed = ("onbekend", &["onbekend"]);
const NOT_APPLICABLE: Fixed = ("nvt", &["nvt", "n.v.t.", "n.v.t", "niet van toepassing"]);

impl Lists {
    /// Reads the sheet.
    pub(crate) fn read(workbook: &Workbook, languages: &Languages, remarks: &mut Remarks) -> Self {
        let mut found: BTreeMap<String, (Vec<Written>, Remarks)> = BTreeMap::new();
        let Some(sheet) = workbook.sheet("choices") else { return Self::default() };
        for row in &sheet.rows {
            let name = sheet.cell(row, "name");
            let Some(list) = sheet.cell(row, "list_name") else {
                if let Some(name) = name {
                    let message = format!("De keuze `{}` hoort bij geen lijst.", name.text);
                    remarks.left_out(name.place, message, "Vul de kolom list_name in.");
                }
                continue;
            };
            let (options, remarks) = found.entry(list.text.clone()).or_default();
            let Some(name) = name else {
                let message = format!("Deze keuze van de lijst `{}` heeft geen naam.", list.text);
                remarks.left_out(sheet.place(row, "name"), message, "Vul de kolom name in.");
                continue;
            };
            if options.iter().any(|(other, ..)| *other == name.text) {
                let message = format!("De keuze `{}` staat twee keer in de lijst `{}`.", name.text, list.text);
                remarks.left_out(name.place, message, "Geef een van beide een andere naam.");
                continue;
            }
            let label = languages.text(sheet, row, "label", remarks).map(|cell| plain(&cell.text));
            let label = label.filter(|label| !label.is_empty()).unwrap_or_else(|| {
                let message = format!("De keuze `{}` heeft geen tekst; haar naam staat er nu.", name.text);
                remarks.adjusted(sheet.place(row, "label"), message, "Schrijf wat mensen moeten lezen.");
                name.text.clone()
            });
            options.push((name.text, label, name.place));
        }
        let lists = found.into_iter().map(|(name, (options, remarks))| (name, list(options, remarks.into_sorted())));
        Self(lists.collect())
    }

    /// A list by its name.
    pub(crate) fn get(&self, name: &str) -> Option<&List> {
        self.0.get(name)
    }

    /// The names of all lists.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Says what there is to say about the lists that are used, and which are not.
    pub(crate) fn say(&self, used: &[String], remarks: &mut Remarks) {
        for (name, list) in &self.0 {
            if !used.contains(name) {
                let place = list.options.first().map(|option| option.place.clone());
                let message = format!("De lijst `{name}` is niet nodig.");
                place.into_iter().for_each(|place| remarks.aside(place, message.clone()));
                continue;
            }
            list.remarks.iter().for_each(|remark| remarks.push(remark.clone()));
            for option in list.options.iter().filter(|option| option.original != option.code) {
                let message = format!("In de lijst `{name}` heet `{}` nu `{}`.", option.original, option.code);
                remarks.renamed(option.place.clone(), message);
            }
        }
    }
}

fn list(options: Vec<Written>, remarks: Vec<Remark>) -> List {
    let labels: Vec<String> = options.iter().map(|(_, label, _)| label.to_lowercase()).collect();
    let fixed = FIXED.iter().find(|(_, fixed)| {
        fixed.len() == labels.len()
            && fixed.iter().zip(&labels).all(|((_, known), label)| known.contains(&label.as_str()))
    });
    let mut names = Names::default();
    let options: Vec<ListOption> = options
        .into_iter()
        .enumerate()
        .map(|(index, (original, label, place))| {
            let code = match fixed {
                Some((_, fixed)) => fixed[index].0.to_owned(),
                None => names.give_code(&original),
            };
            ListOption { code, label, original, place }
        })
        .collect();
    let codes = options.iter().map(|option| (option.original.clone(), option.code.clone())).collect();
    List { options, fixed: fixed.map(|(kind, _)| *kind), codes: Arc::new(Codes(codes)), remarks }
}
