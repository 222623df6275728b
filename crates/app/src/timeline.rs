//! The time line of a controle and its differences.

use std::collections::{HashMap, HashSet};

use veldboek_checklist::words;
use veldboek_domain::{Body, Field, Part, RecordId, RegisterKey, Slot, Value};
use veldboek_store::Cleared;
use veldboek_sync::Receipt;

use crate::api::{Candidate, DifferenceView, OpenInspection, TimelineEntry};
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
            session.open(&self.library, request.inspection, &*self.config.clock)?;
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
            let entry = |record: &veldboek_domain::Record| {
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
                    superseded: superseded.contains(&record.id()),
                }
            };
            let mut told: Vec<TimelineEntry> = records.iter().map(entry).collect();
            for cleared in session.store.clearings_of(request.inspection)? {
                told.extend(clearing_entries(&cleared, &tail(&session.store.device().id)));
            }
            Ok(told)
        })
    }

    /// What people wrote differently without seeing each other's.
    ///
    /// # Errors
    /// A failure to read.
    pub fn differences(&self, request: OpenInspection) -> Result<Vec<DifferenceView>, AppError> {
        self.with(|session| {
            session.open(&self.library, request.inspection, &*self.config.clock)?;
            let opened = current(session)?;
            let viewer = Viewer { opened, me: session.store.device().person.person, device: session.store.device().id };
            Ok(opened.state.differences().map(|(key, register)| viewer.difference(key, register)).collect())
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
        superseded: false,
    };
    let back = cleared
        .back_at
        .as_deref()
        .map(|at| entry(at, "fetched_again", cleared.back_why.as_deref().unwrap_or_default()));
    let by = if cleared.by_itself { "by_itself" } else { "by_hand" };
    std::iter::once(entry(&cleared.at, "cleared", by)).chain(back).collect()
}

impl Viewer<'_> {
    fn difference(&self, key: &RegisterKey, register: &veldboek_domain::Register) -> DifferenceView {
        let slot = slot_of(key);
        let question = slot.and_then(|slot| self.opened.checklist.question(&slot.question));
        let candidates = register.candidates();
        DifferenceView {
            register: key.clone(),
            slot: slot.cloned(),
            title: title(self.opened, key),
            item_name: slot.and_then(|slot| slot.group).map(|item| self.item_name(item)).unwrap_or_default(),
            candidates: candidates
                .iter()
                .filter_map(|(value, holders)| {
                    let (_, written) = holders.iter().min_by_key(|(id, written)| (written.header.at, **id))?;
                    let card = self.opened.state.person(written.header.author.person);
                    Some(Candidate {
                        value: (*value).clone(),
                        text: told_value(self.opened, value, question),
                        author: self.name(&written.header),
                        function: card
                            .map(|card| format!("{}, {}", card.function, card.organisation_name))
                            .unwrap_or_default(),
                        at: written.header.at.to_rfc3339(),
                        device: tail(&written.header.device),
                    })
                })
                .collect(),
        }
    }

    fn item_name(&self, item: veldboek_domain::ItemId) -> String {
        self.opened.state.item_text(item, Field::Name).to_owned()
    }
}

fn slot_of(key: &RegisterKey) -> Option<&Slot> {
    match key {
        RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => Some(slot),
        RegisterKey::Inspection(_) | RegisterKey::Item(..) | RegisterKey::Section(_) => None,
    }
}

/// A value in words; somebody of the team by their name.
fn told_value(opened: &Opened, value: &Value, question: Option<&veldboek_checklist::Question>) -> String {
    match value {
        Value::Person(person) => opened.state.person(*person).map_or_else(|| tail(person), |card| card.name.clone()),
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
fn title(opened: &Opened, key: &RegisterKey) -> String {
    match key {
        RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => {
            let text = opened.checklist.question(&slot.question).map(|question| question.text.as_str());
            format!("{} {}", slot.question, text.unwrap_or_default()).trim().to_owned()
        }
        RegisterKey::Inspection(field) => field.to_string(),
        RegisterKey::Section(part) => part_title(opened, part),
        RegisterKey::Item(item, field) => {
            let numbering = opened.numbering();
            let number = numbering.item(*item).or_else(|| numbering.photos.get(item).map(|n| format!("foto {n}")));
            format!("{} {field}", number.unwrap_or_default()).trim().to_owned()
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
    (kind.unwrap_or_default(), subject, value)
}

fn item_title(opened: &Opened, item: veldboek_domain::ItemId) -> String {
    let title = title(opened, &RegisterKey::Item(item, Field::Title));
    title.strip_suffix("title").unwrap_or(&title).trim().to_owned()
}
