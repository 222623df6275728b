//! The numbers of findings (B), assumptions (V) and photos: the same on the screen, at the desk and in the report.

use std::collections::{BTreeMap, BTreeSet};

use veldboek_checklist::{Checklist, Evaluation, InReport};
use veldboek_domain::codes::Regime;
use veldboek_domain::{
    Field, Inspection, Item, ItemId, Observation, ObservationKind, RegisterKey, SetKind, Slot, Value,
};

/// Where a finding or assumption comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Somebody wrote it as a finding.
    Item(ItemId),
    /// It is the observation that answers a question, or one of its options.
    Answer(Slot),
}

/// A finding or assumption with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// `B1`, or `V1` for an assumption.
    pub number: String,
    /// Where it comes from.
    pub source: Source,
    /// The kind of observation.
    pub kind: ObservationKind,
}

/// The numbers of one inspection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbering {
    /// Findings in order: own observations, statements and documents.
    pub findings: Vec<Observed>,
    /// Assumptions in order.
    pub assumptions: Vec<Observed>,
    /// Photos by item.
    pub photos: BTreeMap<ItemId, u32>,
}

impl Numbering {
    /// Numbers what counts: not withdrawn, not hidden, under supervision, and not of a question that never stands in the
    /// team's report. Observations of the checklist come first,
    /// in its order, then what was written as a finding, in the order of writing.
    pub fn of(inspection: &Inspection, checklist: &Checklist, evaluation: &Evaluation) -> Self {
        let mut numbering = Self::default();
        for (slot, observation) in observations(inspection, checklist, evaluation) {
            numbering.add(Source::Answer(slot), observation.kind);
        }
        for item in in_order(inspection, &SetKind::Finding) {
            numbering.add(Source::Item(item.id), kind(inspection, item.id));
        }
        let reported = |item: &Item| item.slot.as_ref().is_none_or(|slot| is_reported(checklist, slot));
        let photos = in_order(inspection, &SetKind::Photo);
        let sealed = photos.into_iter().filter(|item| item.sealed.is_some() && reported(item));
        numbering.photos = sealed.zip(1..).map(|(item, number)| (item.id, number)).collect();
        numbering
    }

    fn add(&mut self, source: Source, kind: ObservationKind) {
        let (letter, list) = match kind {
            ObservationKind::Assumption => ('V', &mut self.assumptions),
            _ => ('B', &mut self.findings),
        };
        let number = format!("{letter}{}", list.len() + 1);
        list.push(Observed { number, source, kind });
    }

    /// The number of what was written as a finding.
    pub fn item(&self, item: ItemId) -> Option<String> {
        let all = self.findings.iter().chain(&self.assumptions);
        let found = all.into_iter().find(|observed| observed.source == Source::Item(item));
        found.map(|observed| observed.number.clone())
    }
}

/// Items that count, under supervision, in the order of their making.
pub(super) fn in_order(inspection: &Inspection, set: &SetKind) -> Vec<Item> {
    let mut items: Vec<Item> = inspection.current(set).filter(|item| item.regime == Regime::AvgToezicht).collect();
    items.sort_by_key(|item| (item.added.at, item.id));
    items
}

/// The kind of a finding; own observation until somebody said otherwise.
pub(super) fn kind(inspection: &Inspection, item: ItemId) -> ObservationKind {
    match inspection.item_text(item, Field::Kind) {
        "statement" => ObservationKind::Statement,
        "document" => ObservationKind::Document,
        "assumption" => ObservationKind::Assumption,
        _ => ObservationKind::Own,
    }
}

/// The observations in answers that count, in the checklist's order.
pub(super) fn observations<'a>(
    inspection: &'a Inspection,
    checklist: &Checklist,
    evaluation: &Evaluation,
) -> Vec<(Slot, &'a Observation)> {
    let place: BTreeMap<&str, usize> =
        checklist.questions().enumerate().map(|(index, question)| (question.id.as_str(), index)).collect();
    let visible: BTreeSet<Slot> = evaluation.visible().into_iter().collect();
    let mut found: Vec<(Slot, &Observation)> = Vec::new();
    for (key, register) in inspection.registers() {
        let (RegisterKey::Answer(slot), Some(Value::Observation(observation))) = (key, register.settled()) else {
            continue;
        };
        let question = Slot { part: None, ..slot.clone() };
        if visible.contains(&question)
            && is_reported(checklist, &question)
            && is_chosen(inspection, slot)
            && !observation.text.trim().is_empty()
        {
            found.push((slot.clone(), observation));
        }
    }
    found.sort_by_key(|(slot, _)| (place.get(slot.question.as_str()).copied(), slot.clone()));
    found
}

/// Whether a question can stand in the team's report at all.
fn is_reported(checklist: &Checklist, slot: &Slot) -> bool {
    checklist.question(&slot.question).is_none_or(|question| question.in_report != InReport::Never)
}

/// Whether the option of an observation is still chosen; an observation of a whole question always counts.
fn is_chosen(inspection: &Inspection, slot: &Slot) -> bool {
    let Some(part) = &slot.part else { return true };
    match inspection.answer(&Slot { part: None, ..slot.clone() }) {
        Some(Value::Choices(chosen)) => chosen.contains(part),
        _ => false,
    }
}
