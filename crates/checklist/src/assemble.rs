//! Puts the parts that a checklist includes in their places, so that the rest of the reading sees one checklist.

use std::collections::HashSet;

use veldboek_domain::Digest;
use veldboek_domain::codes::PARTNERS;

use crate::build::{coded, need, optional, says_yes, text_of};
use crate::context::{PartFile, ReadingContext};
use crate::handling::{IncludedPart, PartnerSet};
use crate::model::Status;
use crate::problem::{Complaints, suggest};
use crate::read;
use crate::source::{
    At, CalculationSource, ChecklistSource, GroundSource, GroupSource, LeafletSource, PartSource, SectionSource, Text,
};

/// A checklist with everything that it includes in its place.
pub(crate) struct Assembled {
    pub(crate) source: ChecklistSource,
    pub(crate) parts: Vec<Part>,
    /// For each calculation, the part that brought it.
    pub(crate) brought_by: Vec<Option<usize>>,
    pub(crate) hash: Digest,
}

/// A part in a checklist.
pub(crate) struct Part {
    pub(crate) included: IncludedPart,
    /// What the checklist must have for it, by name, each with its place in the part.
    pub(crate) uses: Vec<Text>,
    /// Its own groups and calculations.
    pub(crate) own: HashSet<String>,
    /// Where the checklist includes it.
    pub(crate) place: usize,
}

impl Part {
    /// Whether its answers are closed to the team.
    pub(crate) fn is_closed(&self) -> bool {
        self.included.partner_set.as_ref().is_some_and(|set| set.closed)
    }
}

/// Includes every part that the checklist names. Problems are added.
pub(crate) fn assemble<'a>(
    mut source: ChecklistSource,
    text: &str,
    context: &'a ReadingContext,
    complaints: &mut Complaints<'a>,
) -> Assembled {
    let sections = std::mem::take(&mut source.onderdeel);
    let brought_by = vec![None; source.berekening.len()];
    let mut assembly = Assembly { source, parts: Vec::new(), brought_by, context, complaints };
    for section in sections {
        match named(section.get()) {
            Some((key, name)) => assembly.include(&section, key, &name),
            None => assembly.source.onderdeel.push(section),
        }
    }
    let Assembly { source, parts, brought_by, .. } = assembly;
    Assembled { source, hash: hash(text, &parts), parts, brought_by }
}

struct Assembly<'a, 'c> {
    source: ChecklistSource,
    parts: Vec<Part>,
    brought_by: Vec<Option<usize>>,
    context: &'a ReadingContext,
    complaints: &'c mut Complaints<'a>,
}

impl<'a> Assembly<'a, '_> {
    fn include(&mut self, section: &At<SectionSource>, key: &str, name: &Text) {
        alone(section, key, self.complaints);
        let Some(file) = self.find(name, key) else { return };
        if self.parts.iter().any(|other| other.included.id == file.id) {
            let message = format!("`{}` staat er twee keer.", name.get());
            self.complaints.add(name.start(), message, "Neem een deel een keer op, en in een versie.");
            return;
        }
        let base = self.complaints.add_file(&file.file, &file.text);
        if let Some(part) = read::document::<PartSource>(base, self.complaints) {
            check_kind(&part, key, name, self.complaints);
            self.put_in_place(part, base, name, section.get().zichtbaar.clone(), file);
        }
    }

    fn find(&mut self, name: &Text, key: &str) -> Option<&'a PartFile> {
        let Some((id, version)) = name.get().split_once('@') else {
            let message = format!("`{}` noemt geen versie.", name.get());
            let hint = format!("Schrijf de naam en de versie, zoals {key} = \"vondst@0.1\".");
            self.complaints.add(name.start(), message, hint);
            return None;
        };
        let found = self.context.part(id, version);
        if found.is_none() {
            let known: Vec<String> = self.context.part_names().collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let what = if key == "deel" { "Het deel" } else { "De partnerset" };
            let message = format!("{what} `{}` is er niet.", name.get());
            self.complaints.add(name.start(), message, suggest(name.get(), &known));
        }
        found
    }

    /// Puts what a part declares and its sections among those of the checklist.
    fn put_in_place(&mut self, part: PartSource, base: usize, name: &Text, visible: Option<Text>, file: &PartFile) {
        let partner = coded(&part.partner, PARTNERS, "De partner", self.complaints);
        let implied = partner
            .as_ref()
            .map(|partner| At::new(name.span(), format!("deelnemers.exists(d, d.partner == \"{partner}\")")));
        let also_visible: Vec<Text> = visible.into_iter().chain(implied).collect();
        let read = self.header(&part, base, partner, file, name);
        let index = self.parts.len();
        self.parts.push(read);
        self.declare(part.grondslag, part.groep, part.folder, part.berekening);
        self.brought_by.resize(self.source.berekening.len(), Some(index));
        for at in part.onderdeel {
            let span = at.span();
            let mut section = at.into_inner();
            if let Some((key, name)) = named(&section) {
                let message = format!("Een deel kan zelf geen `{key}` opnemen.");
                self.complaints.add(name.start(), message, "Neem het op in de checklist zelf, naast dit deel.");
                continue;
            }
            section.part = Some(index);
            section.also_visible.clone_from(&also_visible);
            self.source.onderdeel.push(At::new(span, section));
        }
    }

    fn header(
        &mut self,
        part: &PartSource,
        base: usize,
        partner: Option<String>,
        file: &PartFile,
        name: &Text,
    ) -> Part {
        let id = text_of(&part.id, "id", base, self.complaints);
        let version = text_of(&part.versie, "versie", base, self.complaints);
        let status = need(part.status, "status", base, self.complaints);
        let title = text_of(&part.titel, "titel", base, self.complaints);
        if part.onderdeel.is_empty() {
            self.complaints.add(base, "Er is geen enkel onderdeel.", "Voeg een tabel [[onderdeel]] toe met vragen.");
        }
        let groups = part.groep.iter().filter_map(|one| one.get().id.as_ref());
        let own = groups.chain(part.berekening.iter().filter_map(|one| one.get().naam.as_ref()));
        let closed = says_yes(&part.besloten);
        Part {
            included: IncludedPart {
                id: id.unwrap_or_else(|| file.id.clone()),
                version: version.unwrap_or_default(),
                status: status.unwrap_or(Status::Concept),
                title: title.unwrap_or_default(),
                description: optional(&part.omschrijving),
                without_persons: says_yes(&part.zonder_personen),
                partner_set: partner.map(|partner| PartnerSet { partner, closed }),
                file: file.file.clone(),
                hash: file.hash,
            },
            own: own.map(|text| text.get().clone()).collect(),
            uses: part.gebruikt.clone(),
            place: name.start(),
        }
    }

    fn declare(
        &mut self,
        grounds: Vec<At<GroundSource>>,
        groups: Vec<At<GroupSource>>,
        leaflets: Vec<At<LeafletSource>>,
        calculations: Vec<At<CalculationSource>>,
    ) {
        let Self { source, complaints, .. } = self;
        merge(&mut source.grondslag, grounds, "De grondslag", |one| one.id.as_ref(), complaints);
        merge(&mut source.groep, groups, "De groep", |one| one.id.as_ref(), complaints);
        merge(&mut source.folder, leaflets, "De folder", |one| one.id.as_ref(), complaints);
        merge(&mut source.berekening, calculations, "De berekening", |one| one.naam.as_ref(), complaints);
    }
}

/// The key with which a section includes something, and what.
fn named(section: &SectionSource) -> Option<(&'static str, Text)> {
    match (&section.deel, &section.partnerset) {
        (Some(name), _) => Some(("deel", name.clone())),
        (None, Some(name)) => Some(("partnerset", name.clone())),
        (None, None) => None,
    }
}

/// Nothing but a condition may stand beside what is included.
fn alone(at: &At<SectionSource>, key: &str, complaints: &mut Complaints<'_>) {
    let section = at.get();
    let texts = [
        ("id", &section.id),
        ("titel", &section.titel),
        ("toelichting", &section.toelichting),
        ("groep", &section.groep),
        ("partner", &section.partner),
        ("thema", &section.thema),
    ];
    let mut beside: Vec<(&str, usize)> =
        texts.iter().filter_map(|(name, text)| Some((*name, text.as_ref()?.start()))).collect();
    beside.extend(section.in_rapport.is_some().then_some(("in_rapport", at.start())));
    beside.extend(section.vraag.first().map(|question| ("vraag", question.start())));
    if let (Some(_), Some(set)) = (&section.deel, &section.partnerset) {
        beside.push(("partnerset", set.start()));
    }
    for (name, place) in beside {
        let message = format!("Naast `{key}` kan `{name}` niet staan.");
        complaints.add(
            place,
            message,
            "Alleen `zichtbaar` mag ernaast. Wat het deel zegt, staat in zijn eigen bestand.",
        );
    }
}

/// A partner set is included as one, and only a partner set says whose it is.
fn check_kind(part: &PartSource, key: &str, name: &Text, complaints: &mut Complaints<'_>) {
    match (&part.partner, key) {
        (Some(_), "deel") => complaints.add(
            name.start(),
            format!("`{}` is de set van een partner.", name.get()),
            format!("Schrijf partnerset = \"{}\".", name.get()),
        ),
        (None, "partnerset") => complaints.add(
            name.start(),
            format!("`{}` is geen partnerset: het bestand noemt geen `partner`.", name.get()),
            format!("Schrijf deel = \"{}\", of zet `partner` bovenin dat bestand.", name.get()),
        ),
        _ => {}
    }
    if let (None, Some(closed)) = (&part.partner, &part.besloten) {
        complaints.add(
            closed.start(),
            "`besloten` hoort bij een partnerset.",
            "Zet `partner` bovenin dit bestand, of haal `besloten` weg.",
        );
    }
}

/// Adds what a part declares. The same in two files is one; under one name but different is a problem at the second.
fn merge<T: PartialEq>(
    into: &mut Vec<At<T>>,
    from: Vec<At<T>>,
    what: &str,
    name: impl Fn(&T) -> Option<&Text>,
    complaints: &mut Complaints<'_>,
) {
    let known = into.len();
    for one in from {
        let same = into[..known]
            .iter()
            .find(|other| name(other.get()).zip(name(one.get())).is_some_and(|(other, one)| other.get() == one.get()));
        match same {
            None => into.push(one),
            Some(other) if *other == one => {}
            Some(other) => {
                let text = name(one.get()).expect("it was compared by its name");
                let elsewhere = complaints.name_at(other.start());
                let message = format!("{what} `{}` staat hier anders dan in {elsewhere}.", text.get());
                complaints.add(text.start(), message, "Maak beide gelijk, of geef een van beide een andere naam.");
            }
        }
    }
}

/// The hash of a checklist: of its bytes, or, when it includes parts, of a text with the hashes of all files.
fn hash(text: &str, parts: &[Part]) -> Digest {
    let own = Digest::of(text.as_bytes());
    if parts.is_empty() {
        return own;
    }
    let mut lines = format!("{own}\n");
    for part in parts {
        lines.push_str(&format!("{}@{}={}\n", part.included.id, part.included.version, part.included.hash));
    }
    Digest::of(lines.as_bytes())
}
