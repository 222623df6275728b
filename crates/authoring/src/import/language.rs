//! Which language's texts are taken: Dutch when the form has it, else the form's own default.

use super::remark::Remarks;
use super::sheet::{Cell, Row, Sheet, Workbook};

/// Columns that have a language.
const TRANSLATED: &[&str] = &["label", "hint", "guidance_hint", "constraint_message", "required_message"];

/// Words by which Dutch is meant, alone or as a code between brackets.
const DUTCH: &[&str] = &["nl", "nld", "dut", "nl-nl", "nl_nl", "nederlands", "dutch", "hollands", "vlaams"];

/// The choice of languages of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Languages {
    /// In order of preference; none stands for columns without a language.
    order: Vec<Option<String>>,
    /// The one that is taken.
    pub(crate) taken: Option<String>,
    /// The others.
    pub(crate) aside: Vec<String>,
}

impl Languages {
    /// Chooses; `default` is what the settings say.
    pub(crate) fn choose(workbook: &Workbook, default: Option<&str>) -> Self {
        let mut all: Vec<Option<String>> = Vec::new();
        for sheet in ["survey", "choices"].iter().filter_map(|name| workbook.sheet(name)) {
            for column in sheet.columns.iter().filter(|column| TRANSLATED.contains(&column.key.as_str())) {
                let equal = |other: &Option<String>| match (other, &column.language) {
                    (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                    (a, b) => a == b,
                };
                if !all.iter().any(equal) {
                    all.push(column.language.clone());
                }
            }
        }
        let is = |wanted: &str, language: &Option<String>| language.as_deref().is_some_and(|one| same(one, wanted));
        let named_default = default.and_then(|wanted| all.iter().find(|language| is(wanted, language)));
        let plain = all.iter().find(|language| language.is_none());
        // What stands in columns without a language is in the default language.
        let plain_is_dutch = plain.is_some() && default.is_some_and(is_dutch);
        let dutch = all.iter().find(|language| language.as_deref().is_some_and(is_dutch));
        let mut order: Vec<Option<String>> = Vec::new();
        let chosen = dutch.or(plain.filter(|_| plain_is_dutch)).or(named_default).or(plain).or(all.first());
        for language in chosen.into_iter().chain(named_default).chain(plain).chain(all.iter()) {
            if !order.contains(language) {
                order.push(language.clone());
            }
        }
        let aside = order.iter().skip(1).flatten().cloned().collect();
        Self { taken: order.first().cloned().flatten(), order, aside }
    }

    /// A row's text in the chosen language; when it is empty there, in the next one, which is said.
    pub(crate) fn text(&self, sheet: &Sheet, row: &Row, key: &str, remarks: &mut Remarks) -> Option<Cell> {
        for (index, language) in self.order.iter().enumerate() {
            if let Some(cell) = sheet.cell_in(row, key, language.as_deref()) {
                let there = sheet.columns.iter().any(|column| column.is(key, self.taken.as_deref()));
                if index > 0 && there {
                    let from = language.as_deref().unwrap_or("de kolom zonder taal");
                    let wanted = self.taken.as_deref().unwrap_or("de kolom zonder taal");
                    let message = format!("Er is geen tekst in {wanted}; die uit {from} is genomen.");
                    remarks.adjusted(cell.place.clone(), message, "Vertaal hem in de checklist.");
                }
                return Some(cell);
            }
        }
        None
    }
}

/// Whether two names mean the same language: `Nederlands (nl)` and `nl`, or equal but for case.
fn same(a: &str, b: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        let lower = name.to_lowercase();
        let (word, code) = match lower.split_once('(') {
            Some((word, code)) => (word.trim().to_owned(), Some(code.trim_end_matches(')').trim().to_owned())),
            None => (lower.trim().to_owned(), None),
        };
        [Some(word), code].into_iter().flatten().filter(|part| !part.is_empty()).collect()
    };
    let (a, b) = (parts(a), parts(b));
    a.iter().any(|part| b.contains(part))
}

fn is_dutch(language: &str) -> bool {
    DUTCH.iter().any(|word| same(language, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch_is_known_by_its_name_and_its_code() {
        for dutch in ["nl", "Nederlands (nl)", "Dutch", "dutch (nl)", "NEDERLANDS", "Vlaams (nl-BE)"] {
            assert!(is_dutch(dutch), "{dutch}");
        }
        for other in ["English (en)", "Frysk", "nn", "default"] {
            assert!(!is_dutch(other), "{other}");
        }
    }
}
