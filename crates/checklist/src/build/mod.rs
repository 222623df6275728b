//! From the author's tables to a checklist: every name unique and known, every code in its list, every condition compiled.

mod asked;
mod declared;
mod handover;
mod names;
mod outgoing;
mod persons;
mod places;
mod plan;
mod question;
mod rules;

use std::sync::Arc;

use chrono::NaiveDate;
use veldboek_domain::codes::{Code, PARTNERS, THEMES};

use crate::assemble::{Assembled, Part};
use crate::checklist::Checklist;
use crate::context::ReadingContext;
use crate::expression::Names;
use crate::handling::InReport;
use crate::model::{Ground, Group, Leaflet, Section};
use crate::problem::{Complaints, suggest};
use crate::source::{At, ChecklistSource, Day, SectionSource, Text};

/// Builds a checklist. Problems are added; nothing comes back when too little could be read.
pub(crate) fn checklist(
    assembled: &Assembled,
    context: &ReadingContext,
    complaints: &mut Complaints<'_>,
) -> Option<Checklist> {
    let Assembled { source, parts, brought_by, hash } = assembled;
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
    let family = need(source.familie.as_ref(), "familie", 0, complaints).map(|family| *family.get());
    let title = text_of(&source.titel, "titel", 0, complaints);
    let valid_from =
        need(source.geldig_vanaf.as_ref(), "geldig_vanaf", 0, complaints).and_then(|day| read_day(day, complaints));
    let valid_until = source.geldig_tot.as_ref().and_then(|day| read_day(day, complaints));
    in_order(valid_from, valid_until, source.geldig_tot.as_ref(), complaints);
    if source.onderdeel.is_empty() {
        complaints.add(0, "Er is geen enkel onderdeel.", "Voeg een tabel [[onderdeel]] toe met vragen.");
    }

    let grounds = declared::grounds(source, complaints);
    let groups = declared::groups(source, complaints);
    let leaflets = declared::leaflets(source, complaints);
    let names = names::names(source, parts, complaints);
    names::used(parts, &names, complaints);
    let lists = Lists { grounds: &grounds, leaflets: &leaflets, groups: &groups, names: &names, parts, brought_by };
    let sections: Vec<Section> = source
        .onderdeel
        .iter()
        .enumerate()
        .map(|(index, section)| read_section(source, index, section, &lists, complaints))
        .collect();
    let calculations = declared::calculations(source, complaints);
    rules::check(assembled, &sections, context, complaints);
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
        without_persons: says_yes(&source.zonder_personen),
        outgoing: source.uitgaand.as_ref().map(|outgoing| *outgoing.get()).unwrap_or_default(),
        anonymous: says_yes(&source.anoniem),
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
    /// For each calculation, the part that brought it.
    brought_by: &'a [Option<usize>],
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
        in_report: in_report(section, lists),
        questions: question::questions(section, lists, complaints),
    }
}

/// Where a section stands in the team's report: what is closed to the team, never.
fn in_report(section: &SectionSource, lists: &Lists<'_>) -> InReport {
    match section.part.and_then(|part| lists.parts[part].included.partner_set.as_ref()) {
        Some(set) if set.closed => InReport::Never,
        _ => section.in_rapport.unwrap_or_default(),
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

/// Whether a key that may be left out says `true`.
pub(crate) fn says_yes(key: &Option<At<bool>>) -> bool {
    key.as_ref().is_some_and(|yes| *yes.get())
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
