//! The time line of a controle.

use std::collections::{HashMap, HashSet};

use veldboek_checklist::words;
use veldboek_domain::alongside::alongside;
use veldboek_domain::{Body, Field, Part, PersonId, Record, RecordId, RegisterKey, Slot, Value};
use veldboek_store::Cleared;
use veldboek_sync::Receipt;

use crate::api::{OpenInspection, TimelineEntry};
use crate::app::App;
use crate::error::AppError;
use crate::items::current;
use crate::opened::Opened;
use crate::view::{Viewer, author_name, tail};

impl App {
    /// Every record of a controle, in the order of arrival: who, when, on which device, what.
    ///
    /// # Errors
    /// A failure to read.
    pub fn timeline(&self, request: OpenInspection) -> Result<Vec<TimelineEntry>, AppError> {
        self.with(|session| {
            session.open(self.library()?, request.inspection, &*self.config.clock)?;
            let opened = current(session)?;
            let records = session.store.history(request.inspection)?;
            let receipts: HashMap<_, _> = session
                .store
                .receipts_of(request.inspection)?
                .into_iter()
                .filter_map(|kept| Some((kept.chain, (kept.seq, serde_json::from_str::<Receipt>(&kept.receipt).ok()?))))
                .collect();
            let superseded: HashSet<RecordId> =
                records.iter().flat_map(|record| record.header().supersedes.iter().copied()).collect();
            let viewer = Viewer { opened, me: session.store.device().person.person, device: session.store.device().id };
            let beside = alongside(&records, |record| part_of(opened, record));
            let entry = |record: &Record| {
                let header = record.header();
                let (kind, subject, value) = told(opened, record.body());
                let receipt = receipts.get(&header.chain()).filter(|(seq, _)| *seq >= header.seq);
                TimelineEntry {
                    at: header.at.to_rfc3339(),
                    author: author_name(opened, header),
                    device: tail(&header.device),
                    kind,
                    subject,
                    value,
                    record: record.id().short(),
                    receipt: receipt.map(|(_, receipt)| receipt.number()),
                    received: viewer.received_at(header).is_some(),
                    superseded: superseded.contains(&record.id()),
                    alongside: beside.get(&record.id()).map(|person| person_name(opened, *person)),
                }
            };
            let mut told: Vec<TimelineEntry> = records.iter().map(entry).collect();
            for cleared in session.store.clearings_of(request.inspection)? {
                told.extend(clearing_entries(&cleared, &tail(&session.store.device().id)));
            }
            Ok(told)
        })
    }
}

/// What this device did with the controle as a whole: it was cleared from it, and fetched again. No record says so: it is
/// about this device alone.
fn clearing_entries(cleared: &Cleared, device: &str) -> Vec<TimelineEntry> {
    let entry = |at: &str, kind: &str, value: &str| TimelineEntry {
        at: at.to_owned(),
        author: String::new(),
        device: device.to_owned(),
        kind: kind.to_owned(),
        subject: cleared.number.clone(),
        value: value.to_owned(),
        record: String::new(),
        receipt: None,
        received: true,
        superseded: false,
        alongside: None,
    };
    let back = cleared
        .back_at
        .as_deref()
        .map(|at| entry(at, "fetched_again", cleared.back_why.as_deref().unwrap_or_default()));
    let by = if cleared.by_itself { "by_itself" } else { "by_hand" };
    std::iter::once(entry(&cleared.at, "cleared", by)).chain(back).collect()
}

pub(crate) fn slot_of(key: &RegisterKey) -> Option<&Slot> {
    match key {
        RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => Some(slot),
        RegisterKey::Inspection(_) | RegisterKey::Item(..) | RegisterKey::Section(_) => None,
    }
}

/// The part of the checklist in which a record wrote something.
fn part_of(opened: &Opened, record: &Record) -> Option<Part> {
    let Some(Body::Written { register, .. }) = record.body() else { return None };
    let slot = slot_of(&register)?;
    let section = opened.checklist.section_of(&slot.question)?;
    Some(Part { section: section.id.clone(), item: slot.group })
}

/// Somebody's name, or a few digits when the team does not know them.
fn person_name(opened: &Opened, person: PersonId) -> String {
    opened.state.person(person).map_or_else(|| tail(&person), |card| card.name.clone())
}

/// A value in words; somebody of the team by their name.
pub(crate) fn told_value(opened: &Opened, value: &Value, question: Option<&veldboek_checklist::Question>) -> String {
    match value {
        Value::Person(person) => person_name(opened, *person),
        other => words::in_words(other, question),
    }
}

/// A part of the checklist: its section's title, and the item's name when it repeats.
fn part_title(opened: &Opened, part: &Part) -> String {
    let section = opened.checklist.sections().iter().find(|section| section.id == part.section);
    let title = section.map_or(part.section.as_str(), |section| section.title.as_str());
    match part.item {
        Some(item) => format!("{title}, {}", veldboek_checklist::item_name(&opened.checklist, &opened.state, item)),
        None => title.to_owned(),
    }
}

/// What a register is about: a question, an item's number, a field.
pub(crate) fn title(opened: &Opened, key: &RegisterKey) -> String {
    match key {
        RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => {
            let text = opened.checklist.question(&slot.question).map(|question| question.text.as_str());
            format!("{} {}", slot.question, text.unwrap_or_default()).trim().to_owned()
        }
        RegisterKey::Inspection(field) => words::field_name(field).to_owned(),
        RegisterKey::Section(part) => part_title(opened, part),
        RegisterKey::Item(item, field) => {
            let numbering = opened.numbering();
            let number = numbering.item(*item).or_else(|| numbering.photos.get(item).map(|n| format!("foto {n}")));
            let (number, field) = (number.unwrap_or_default(), words::field_name(field).to_lowercase());
            format!("{number} {field}").trim().to_owned()
        }
    }
}

/// A record's kind as a code, what it is about, and its value in words.
fn told(opened: &Opened, body: Option<Body>) -> (String, String, String) {
    let Some(body) = body else { return ("newer".to_owned(), String::new(), String::new()) };
    let kind = serde_json::to_value(&body).ok().and_then(|json| json["kind"].as_str().map(str::to_owned));
    let (subject, value) = match &body {
        Body::Written { register, value } => {
            let question = slot_of(register).and_then(|slot| opened.checklist.question(&slot.question));
            (title(opened, register), told_value(opened, value, question))
        }
        Body::ItemAdded { slot, .. } => {
            (slot.as_ref().map(|slot| slot.question.clone()).unwrap_or_default(), String::new())
        }
        Body::ItemWithdrawn { item, reason } => (item_title(opened, *item), reason.clone()),
        Body::PhotoSealed { item, sealed } => (item_title(opened, *item), sealed.sha256.short()),
        Body::MemberAdded { member } => (member.name.clone(), member.function.clone()),
        Body::MemberRemoved { reason, .. } => (String::new(), reason.clone()),
        Body::RegimeSwitched { item, reason, .. } => (item_title(opened, *item), reason.clone()),
        Body::Signed { signature, .. } => (signature.name.clone(), signature.capacity.clone()),
        Body::SignatureChosen { by_author, reason, .. } => {
            (if *by_author { "author" } else { "visited" }.to_owned(), reason.clone())
        }
        Body::Closed { version } => (version.to_string(), String::new()),
        Body::Reopened { version, reason } => (version.to_string(), reason.clone()),
        Body::Stopped { place, .. } => (place.clone(), String::new()),
        Body::StopEnded { note, .. } | Body::Reviewed { note, .. } => (String::new(), note.clone()),
        Body::InspectionOpened(opening) => (opening.number.clone(), String::new()),
        Body::StreamOpened { stream_kind, .. } => (stream_kind.word().to_owned(), String::new()),
    };
    let kind = match &body {
        Body::Written { register: RegisterKey::Section(_), .. } => "section_asked".to_owned(),
        _ => kind.unwrap_or_default(),
    };
    (kind, subject, value)
}

fn item_title(opened: &Opened, item: veldboek_domain::ItemId) -> String {
    let title = title(opened, &RegisterKey::Item(item, Field::Title));
    title.strip_suffix("titel").unwrap_or(&title).trim().to_owned()
}
