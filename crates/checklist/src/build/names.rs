//! Every name that a condition may use, and what the parts ask of the checklist.

use std::collections::HashMap;

use super::question;
use crate::assemble::Part;
use crate::expression::{Known, Name, Names};
use crate::language::{FACTS, FUNCTIONS, RESERVED};
use crate::problem::Complaints;
use crate::source::{At, ChecklistSource, SectionSource, Text};

/// Every question's section and id, in order; questions without an id are left out.
pub(super) fn all_questions(source: &ChecklistSource) -> impl Iterator<Item = (&SectionSource, &Text)> {
    source.onderdeel.iter().flat_map(|section| {
        let section = section.get();
        section.vraag.iter().filter_map(move |question| Some((section, question.get().id.as_ref()?)))
    })
}

/// Gathers every name that a condition may use; each must be unique among all of them.
///
/// Questions keep their index over the whole file, so one without an id still takes a place.
pub(super) fn names(source: &ChecklistSource, parts: &[Part], complaints: &mut Complaints<'_>) -> Names {
    let mut names = Names::default();
    for part in parts {
        let uses = part.uses.iter().map(|text| text.get().clone());
        names.open_to.push(uses.chain(part.own.iter().cloned()).collect());
    }
    for fact in FACTS {
        names.names.insert((*fact).to_owned(), Name::Fact);
    }
    let mut group_index = HashMap::new();
    for (index, group) in source.groep.iter().enumerate() {
        let id = group.get().id.as_ref();
        names.groups.push(id.map(|id| id.get().clone()).unwrap_or_default());
        if let Some(id) = id {
            group_index.insert(id.get().as_str(), index);
            declare(&mut names, id, Name::Group(index), complaints);
        }
    }
    let group_of = |id: &Option<Text>| id.as_ref().and_then(|id| group_index.get(id.get().as_str()).copied());
    for section in source.onderdeel.iter().map(At::get) {
        for at in &section.vraag {
            let question = at.get();
            let index = names.questions.len();
            names.questions.push(Known {
                id: question.id.as_ref().map(|id| id.get().clone()).unwrap_or_default(),
                group: group_of(&section.groep),
                signal: question.signaal,
                part: section.part,
                closed: section.part.filter(|part| parts[*part].is_closed()),
                codes: question::codes(question),
            });
            if let Some(id) = &question.id {
                declare(&mut names, id, Name::Question(index), complaints);
            }
        }
    }
    for (index, calculation) in source.berekening.iter().map(At::get).enumerate() {
        let name = calculation.naam.as_ref();
        names
            .calculations
            .push((name.map(|name| name.get().clone()).unwrap_or_default(), group_of(&calculation.groep)));
        if let Some(name) = name {
            declare(&mut names, name, Name::Calculation(index), complaints);
        }
    }
    names
}

/// What a part uses must be in the checklist; what is missing is said where the part is included.
pub(super) fn used(parts: &[Part], names: &Names, complaints: &mut Complaints<'_>) {
    for (index, part) in parts.iter().enumerate() {
        for text in &part.uses {
            let there = match names.names.get(text.get()) {
                Some(Name::Question(question)) => names.questions[*question].part != Some(index),
                Some(Name::Group(_) | Name::Calculation(_)) => true,
                Some(Name::Fact) | None => false,
            };
            if !there {
                let name = format!("{}@{}", part.included.id, part.included.version);
                let message = format!("`{name}` gebruikt `{}`, en die heeft deze checklist niet.", text.get());
                let hint = "Voeg een vraag, groep of berekening met die naam toe, of neem dit deel niet op.";
                complaints.add(part.place, message, hint);
            }
        }
    }
}

fn declare(names: &mut Names, text: &Text, name: Name, complaints: &mut Complaints<'_>) {
    let id = text.get();
    let mut letters = id.chars();
    let good = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if !good {
        complaints.add(
            text.start(),
            format!("`{id}` kan geen naam zijn."),
            "Begin met een letter en gebruik alleen letters, cijfers en _, zoals A5a.",
        );
    } else if RESERVED.contains(&id.as_str()) || FUNCTIONS.contains(&id.as_str()) {
        complaints.add(text.start(), format!("`{id}` is een woord van de voorwaarden zelf."), "Kies een andere naam.");
    } else if names.names.contains_key(id) {
        let message = format!("De naam `{id}` is al in gebruik.");
        complaints.add(text.start(), message, "Elke vraag, groep en berekening heeft een eigen naam; kies een andere.");
    } else {
        names.names.insert(id.clone(), name);
    }
}
