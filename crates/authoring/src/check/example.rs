//! Checks a filled-in controle: whether its checklist is there, and its names and answers exist in it.
//!
//! Whether it comes out as it says is worked out by the tests of the checklists.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use veldboek_checklist::{Checklist, Problem, Question, QuestionKind, ReadingContext};

use super::place::Found;
use crate::files::SourceFile;

/// Every problem of an example.
pub(super) fn check(file: &SourceFile, context: &ReadingContext, parts: &[&SourceFile]) -> Vec<Problem> {
    let mut found = Found::new(file);
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    if found.toml(&errors) {
        return found.problems;
    }
    let document = document.get_ref();
    let Some(checklist) = found.filled_in(document, context, parts) else { return found.problems };
    let items = items(document);
    for key in ["antwoorden", "redenen", "bijlagen"] {
        let Some(DeValue::Table(table)) = document.get(key).map(Spanned::get_ref) else { continue };
        for (slot, value) in table.iter() {
            if let Some(question) = found.question(&checklist, slot.get_ref(), &items, slot.span())
                && key == "antwoorden"
                && !slot.get_ref().contains('#')
            {
                found.answer(question, value);
            }
        }
    }
    if let Some(DeValue::Table(expected)) = document.get("verwacht").map(Spanned::get_ref) {
        for key in ["zichtbaar", "open", "telt_niet_mee"] {
            let Some(DeValue::Array(slots)) = expected.get(key).map(Spanned::get_ref) else { continue };
            for slot in slots.iter() {
                if let Some(text) = slot.get_ref().as_str() {
                    found.question(&checklist, text, &items, slot.span());
                }
            }
        }
    }
    found.problems
}

/// The names of the items in the groups.
fn items(document: &DeTable<'_>) -> Vec<String> {
    let Some(DeValue::Table(groups)) = document.get("groepen").map(Spanned::get_ref) else { return Vec::new() };
    let lists = groups.iter().filter_map(|(_, list)| match list.get_ref() {
        DeValue::Array(list) => Some(list),
        _ => None,
    });
    lists.flat_map(|list| list.iter()).filter_map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}

/// The name by which a part is included.
fn part_name(part: &SourceFile) -> Option<String> {
    let table: toml::Table = part.text.parse().ok()?;
    Some(format!("{}@{}", table.get("id")?.as_str()?, table.get("versie")?.as_str()?))
}

impl Found<'_> {
    /// The checklist that is filled in: one by its file, or the sets of partners alone.
    fn filled_in(
        &mut self,
        document: &DeTable<'_>,
        context: &ReadingContext,
        parts: &[&SourceFile],
    ) -> Option<Checklist> {
        let (name, text) = match (document.get("checklist"), document.get("partnersets").map(Spanned::get_ref)) {
            (Some(name), _) => {
                let folder = self.file.path.parent().unwrap_or(Path::new("."));
                let path = name.get_ref().as_str().map(|name| folder.join(name));
                match path.and_then(|path| SourceFile::read(&path).ok()) {
                    Some(file) => (file.name(), file.text),
                    None => {
                        let hint = "Noem het bestand vanaf de map van dit voorbeeld, zoals \"../naam.toml\".";
                        self.add(name.span(), "Deze checklist is er niet.", hint);
                        return None;
                    }
                }
            }
            (None, Some(DeValue::Array(sets))) => {
                let mut included = Vec::new();
                for set in sets.iter() {
                    let name = set.get_ref().as_str().unwrap_or_default();
                    let part = parts.iter().find(|part| part_name(part).as_deref() == Some(name));
                    match part {
                        Some(part) => included.push(*part),
                        None => self.add(
                            set.span(),
                            format!("De partnerset `{name}` is er niet."),
                            "Kijk naam en versie na.",
                        ),
                    }
                }
                ("partnersets".to_owned(), super::around(&included))
            }
            (None, _) => {
                let hint = "Noem het bestand: checklist = \"../naam.toml\"; of partnersets = [\"brandweer@0.1\"].";
                self.add(0..0, "De sleutel `checklist` ontbreekt.", hint);
                return None;
            }
        };
        // What is wrong with the checklist is said where it is checked itself.
        Checklist::read_with(&name, &text, context).ok()
    }

    /// The question of a place such as `E1@kapschuur#condens`.
    fn question<'c>(
        &mut self,
        checklist: &'c Checklist,
        slot: &str,
        items: &[String],
        span: Range<usize>,
    ) -> Option<&'c Question> {
        let head = slot.split('#').next().unwrap_or(slot);
        let (id, item) = head.split_once('@').map_or((head, None), |(id, item)| (id, Some(item)));
        if let Some(item) = item.filter(|item| !items.iter().any(|one| one == item)) {
            let hint = format!("Zet \"{item}\" bij de groep, onder [groepen].");
            self.add(span.clone(), format!("`{item}` staat bij geen groep."), hint);
        }
        let question = checklist.question(id);
        if question.is_none() {
            let filled_in = match checklist.id() {
                super::AROUND => "deze partnersets".to_owned(),
                id => format!("{id} {}", checklist.version()),
            };
            self.add(span, format!("Vraag `{id}` bestaat niet in {filled_in}."), "Kijk de id na.");
        }
        question
    }

    fn answer(&mut self, question: &Question, value: &Spanned<DeValue<'_>>) {
        let known: Vec<&str> = question.options.iter().map(|option| option.code.as_str()).collect();
        let texts: Vec<(String, Range<usize>)> = match value.get_ref() {
            DeValue::String(text) if question.kind.is_choice() => vec![(text.to_string(), value.span())],
            DeValue::Array(list) if question.kind == QuestionKind::SeveralOf => {
                list.iter().filter_map(|one| Some((one.get_ref().as_str()?.to_owned(), one.span()))).collect()
            }
            DeValue::Table(rows) if question.kind == QuestionKind::Matrix => {
                rows.iter().filter_map(|(_, one)| Some((one.get_ref().as_str()?.to_owned(), one.span()))).collect()
            }
            _ => return,
        };
        for (code, span) in texts {
            if !known.contains(&code.as_str()) {
                let message = format!("Vraag {} kent het antwoord \"{code}\" niet.", question.id);
                self.add(span, message, format!("Kies uit: {}.", known.join(", ")));
            }
        }
    }
}
