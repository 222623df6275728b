//! Checks a filled-in controle: whether its checklist is there, and its names and answers exist in it.
//!
//! Whether it comes out as it says is worked out by the tests of the checklists.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use veldboek_checklist::{Checklist, Problem, Question, QuestionKind, ReadingContext};

use crate::files::SourceFile;

/// Every problem of an example.
pub(super) fn check(file: &SourceFile, context: &ReadingContext) -> Vec<Problem> {
    let mut found = Found { file, problems: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    for error in &errors {
        found.add(
            error.span().unwrap_or_default(),
            format!("Dit is geen geldige TOML: {}.", error.message()),
            "Kijk naar aanhalingstekens, haakjes, dubbele sleutels en komma's op deze regel en die erboven.",
        );
    }
    if !errors.is_empty() {
        return found.problems;
    }
    let document = document.get_ref();
    let Some(name) = document.get("checklist") else {
        found.add(0..0, "De sleutel `checklist` ontbreekt.", "Noem het bestand: checklist = \"../naam.toml\".");
        return found.problems;
    };
    let path = name.get_ref().as_str().map(|name| file.path.parent().unwrap_or(std::path::Path::new(".")).join(name));
    let checklist = path.and_then(|path| SourceFile::read(&path).ok());
    let Some(checklist) = checklist else {
        found.add(
            name.span(),
            "Deze checklist is er niet.",
            "Noem het bestand vanaf de map van dit voorbeeld, zoals \"../naam.toml\".",
        );
        return found.problems;
    };
    // What is wrong with the checklist is said where it is checked itself.
    let Ok(checklist) = Checklist::read_with(&checklist.name(), &checklist.text, context) else {
        return found.problems;
    };
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

struct Found<'a> {
    file: &'a SourceFile,
    problems: Vec<Problem>,
}

impl Found<'_> {
    fn add(&mut self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        let mut end = span.start.min(self.file.text.len());
        while !self.file.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.file.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.problems.push(Problem {
            file: self.file.name(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            hint: hint.into(),
        });
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
            let (id, version) = (id.to_owned(), format!("{} {}", checklist.id(), checklist.version()));
            self.add(span, format!("Vraag `{id}` bestaat niet in {version}."), "Kijk de id na in de checklist.");
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
