//! From the author's tables to a checklist: every name unique and known, every code in its list, every condition compiled.

mod plan;
mod question;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use veldboek_domain::codes::{Code, PARTNERS, THEMES};

use crate::assemble::{Assembled, Part};
use crate::checklist::Checklist;
use crate::context::ReadingContext;
use crate::expression::{Known, Name, Names};
use crate::language::{FACTS, FUNCTIONS, RESERVED};
use crate::model::{Calculation, Ground, Group, Leaflet, Section};
use crate::problem::{Complaints, suggest};
use crate::source::{At, ChecklistSource, Day, SectionSource, Text};

/// Builds a checklist. Problems are added; nothing comes back when too little could be read.
pub(crate) fn checklist(
    assembled: &Assembled,
    context: &ReadingContext,
    complaints: &mut Complaints<'_>,
) -> Option<Checklist> {
    let Assembled { source, parts, hash } = assembled;
    let id = text_of(&source.id, "id", 0, complaints);
    if let (Some(text), Some(id)) = (&source.id, &id)
        && !is_code(id)
    {
        complaints.add(
            text.start(),
            format!("`{id}` is geen goede naam voor een checklist."),
            "Gebruik kleine letters, cijfers en streepjes, zoals vb-ic.",
        );
    }
    let version = text_of(&source.versie, "versie", 0, complaints);
    let status = need(source.status, "status", 0, complaints);
    let family = need(source.familie, "familie", 0, complaints);
    let title = text_of(&source.titel, "titel", 0, complaints);
    let valid_from =
        need(source.geldig_vanaf.as_ref(), "geldig_vanaf", 0, complaints).and_then(|day| read_day(day, complaints));
    let valid_until = source.geldig_tot.as_ref().and_then(|day| read_day(day, complaints));
    in_order(valid_from, valid_until, source.geldig_tot.as_ref(), complaints);
    if source.onderdeel.is_empty() {
        complaints.add(0, "Er is geen enkel onderdeel.", "Voeg een tabel [[onderdeel]] toe met vragen.");
    }

    let grounds = grounds(source, complaints);
    let groups = groups(source, complaints);
    let leaflets = leaflets(source, complaints);
    let names = names(source, parts, complaints);
    used(parts, &names, complaints);
    let lists = Lists { grounds: &grounds, leaflets: &leaflets, groups: &groups, names: &names, parts };
    let sections: Vec<Section> = source
        .onderdeel
        .iter()
        .enumerate()
        .map(|(index, section)| read_section(source, index, section, &lists, complaints))
        .collect();
    let calculations = calculations(source, complaints);
    let _ = context;
    let plan = plan::plan(source, &sections, &calculations, &lists, complaints)?;
    Some(Checklist {
        id: id?,
        version: version?,
        status: status?,
        family: family?,
        title: title?,
        description: optional(&source.omschrijving),
        valid_from: valid_from?,
        valid_until,
        hash: *hash,
        parts: parts.iter().map(|part| part.included.clone()).collect(),
        without_persons: source.zonder_personen,
        outgoing: source.uitgaand.as_ref().map(|outgoing| *outgoing.get()).unwrap_or_default(),
        anonymous: source.anoniem.as_ref().is_some_and(|anonymous| *anonymous.get()),
        sections,
        groups,
        grounds,
        leaflets,
        calculations,
        plan: Arc::new(plan),
    })
}

/// The lists to which sections and questions refer.
struct Lists<'a> {
    grounds: &'a [Ground],
    leaflets: &'a [Leaflet],
    groups: &'a [Group],
    names: &'a Names,
    parts: &'a [Part],
}

impl Lists<'_> {
    fn group(&self, id: &Option<Text>) -> Option<usize> {
        let id = id.as_ref()?.get();
        self.groups.iter().position(|group| group.id == *id)
    }
}

fn read_section(
    source: &ChecklistSource,
    index: usize,
    at: &At<SectionSource>,
    lists: &Lists<'_>,
    complaints: &mut Complaints<'_>,
) -> Section {
    let section = at.get();
    let id = text_of(&section.id, "id", at.start(), complaints).unwrap_or_default();
    let earlier = source.onderdeel[..index].iter();
    if let Some(text) = &section.id
        && earlier.filter_map(|other| other.get().id.as_ref()).any(|other| other.get() == text.get())
    {
        twice(text, "Onderdeel", complaints);
    }
    if let Some(group) = &section.groep
        && lists.group(&section.groep).is_none()
    {
        let known: Vec<&str> = lists.groups.iter().map(|group| group.id.as_str()).collect();
        complaints.add(
            group.start(),
            format!("De groep `{}` bestaat niet.", group.get()),
            suggest(group.get(), &known),
        );
    }
    Section {
        id,
        title: text_of(&section.titel, "titel", at.start(), complaints).unwrap_or_default(),
        explanation: optional(&section.toelichting),
        group: optional(&section.groep),
        partner: coded(&section.partner, PARTNERS, "De partner", complaints),
        theme: coded(&section.thema, THEMES, "Het thema", complaints),
        partner_set: section.part.and_then(|part| lists.parts[part].included.partner_set.clone()),
        in_report: section.in_rapport.unwrap_or_default(),
        questions: question::questions(section, lists, complaints),
    }
}

fn grounds(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Ground> {
    let mut grounds: Vec<Ground> = Vec::new();
    for at in &source.grondslag {
        let ground = at.get();
        let id = text_of(&ground.id, "id", at.start(), complaints);
        unique(&ground.id, "Grondslag", grounds.iter().map(|other| other.id.as_str()), complaints);
        let article = text_of(&ground.artikel, "artikel", at.start(), complaints);
        let text = text_of(&ground.tekst, "tekst", at.start(), complaints);
        let valid_from = ground.geldig_vanaf.as_ref().and_then(|day| read_day(day, complaints));
        let valid_until = ground.geldig_tot.as_ref().and_then(|day| read_day(day, complaints));
        in_order(valid_from, valid_until, ground.geldig_tot.as_ref(), complaints);
        let Some(id) = id else { continue };
        grounds.push(Ground {
            id,
            article: article.unwrap_or_default(),
            text: text.unwrap_or_default(),
            valid_from,
            valid_until,
            to_be_checked: ground.te_toetsen,
            reference: optional(&ground.bron),
        });
    }
    grounds
}

fn groups(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Group> {
    let mut groups = Vec::new();
    for at in &source.groep {
        let group = at.get();
        let id = text_of(&group.id, "id", at.start(), complaints);
        let title = text_of(&group.titel, "titel", at.start(), complaints);
        let item_title = text_of(&group.enkelvoud, "enkelvoud", at.start(), complaints);
        groups.push(Group {
            id: id.unwrap_or_default(),
            title: title.unwrap_or_default(),
            item_title: item_title.unwrap_or_default(),
            minimum: group.minimum,
        });
    }
    groups
}

fn leaflets(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Leaflet> {
    let mut leaflets: Vec<Leaflet> = Vec::new();
    for at in &source.folder {
        let leaflet = at.get();
        let id = text_of(&leaflet.id, "id", at.start(), complaints);
        unique(&leaflet.id, "Folder", leaflets.iter().map(|other| other.id.as_str()), complaints);
        let title = text_of(&leaflet.titel, "titel", at.start(), complaints);
        leaflets.extend(id.zip(title).map(|(id, title)| Leaflet { id, title }));
    }
    leaflets
}

fn calculations(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Calculation> {
    let known: Vec<&str> =
        source.groep.iter().filter_map(|group| Some(group.get().id.as_ref()?.get().as_str())).collect();
    let questions: Vec<&str> = all_questions(source).map(|(_, id)| id.get().as_str()).collect();
    let mut calculations = Vec::new();
    for at in &source.berekening {
        let calculation = at.get();
        let name = text_of(&calculation.naam, "naam", at.start(), complaints);
        let title = text_of(&calculation.titel, "titel", at.start(), complaints);
        text_of(&calculation.waarde, "waarde", at.start(), complaints);
        if let Some(group) = &calculation.groep
            && !known.contains(&group.get().as_str())
        {
            let message = format!("De groep `{}` bestaat niet.", group.get());
            complaints.add(group.start(), message, suggest(group.get(), &known));
        }
        if let Some(question) = &calculation.bij
            && !questions.contains(&question.get().as_str())
        {
            let message = format!("Vraag `{}` bestaat niet.", question.get());
            complaints.add(question.start(), message, suggest(question.get(), &questions));
        }
        calculations.push(Calculation {
            name: name.unwrap_or_default(),
            title: title.unwrap_or_default(),
            group: optional(&calculation.groep),
            beside: optional(&calculation.bij),
        });
    }
    calculations
}

/// Every question's section and id, in order; questions without an id are left out.
fn all_questions(source: &ChecklistSource) -> impl Iterator<Item = (&SectionSource, &Text)> {
    source.onderdeel.iter().flat_map(|section| {
        let section = section.get();
        section.vraag.iter().filter_map(move |question| Some((section, question.get().id.as_ref()?)))
    })
}

/// Gathers every name that a condition may use; each must be unique among all of them.
///
/// Questions keep their index over the whole file, so one without an id still takes a place.
fn names(source: &ChecklistSource, parts: &[Part], complaints: &mut Complaints<'_>) -> Names {
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
fn used(parts: &[Part], names: &Names, complaints: &mut Complaints<'_>) {
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

fn unique<'k>(
    text: &Option<Text>,
    what: &str,
    mut others: impl Iterator<Item = &'k str>,
    complaints: &mut Complaints<'_>,
) {
    if let Some(text) = text
        && others.any(|other| other == text.get())
    {
        twice(text, what, complaints);
    }
}

fn twice(text: &Text, what: &str, complaints: &mut Complaints<'_>) {
    complaints.add(
        text.start(),
        format!("{what} `{}` staat er twee keer.", text.get()),
        "Geef een van beide een andere naam.",
    );
}

/// A code of a list; an unknown one is a problem.
pub(crate) fn coded(text: &Option<Text>, list: &[Code], what: &str, complaints: &mut Complaints<'_>) -> Option<String> {
    let text = text.as_ref()?;
    if list.iter().any(|code| code.code == text.get()) {
        return Some(text.get().clone());
    }
    let known: Vec<&str> = list.iter().map(|code| code.code).collect();
    complaints.add(text.start(), format!("{what} `{}` bestaat niet.", text.get()), suggest(text.get(), &known));
    None
}

/// A value that must be there; `place` is where its table starts.
pub(crate) fn need<T>(value: Option<T>, key: &str, place: usize, complaints: &mut Complaints<'_>) -> Option<T> {
    if value.is_none() && !complaints.was_set_aside(place, key) {
        complaints.add(place, format!("De sleutel `{key}` ontbreekt."), format!("Voeg `{key}` toe in deze tabel."));
    }
    value
}

/// A text that must be there and say something.
pub(crate) fn text_of(text: &Option<Text>, key: &str, place: usize, complaints: &mut Complaints<'_>) -> Option<String> {
    let text = need(text.as_ref(), key, place, complaints)?;
    if text.get().trim().is_empty() {
        complaints.add(text.start(), format!("`{key}` is leeg."), "Vul een tekst in.");
        return None;
    }
    Some(text.get().trim().to_owned())
}

pub(crate) fn optional(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.get().trim().to_owned()).filter(|text| !text.is_empty())
}

fn read_day(day: &At<Day>, complaints: &mut Complaints<'_>) -> Option<NaiveDate> {
    let date = day.get().0.date.filter(|_| day.get().0.time.is_none());
    let read =
        date.and_then(|date| NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
    if read.is_none() {
        complaints.add(day.start(), "Dit is geen dag.", "Schrijf een dag zonder tijd, zoals 2026-11-01.");
    }
    read
}

fn in_order(
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    place: Option<&At<Day>>,
    complaints: &mut Complaints<'_>,
) {
    if let (Some(from), Some(until), Some(place)) = (from, until, place)
        && until < from
    {
        complaints.add(
            place.start(),
            "Deze dag ligt voor `geldig_vanaf`.",
            "`geldig_tot` is de laatste dag waarop het geldt.",
        );
    }
}

/// Lower case letters, digits and hyphens.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}
