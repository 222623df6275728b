//! The time line: every record of the team's stream in words, with who, when, which device and which receipt.

use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use veldboek_checklist::words;
use veldboek_domain::alongside::alongside;
use veldboek_domain::codes::Regime;
use veldboek_domain::{Body, ItemId, Part, Record, RegisterKey, SetKind, Slot, StreamKind, Value};

use super::Folder;

/// De tijdlijn van een controle.
#[derive(Serialize, ToSchema)]
pub(crate) struct Timeline {
    /// In the order in which they arrived.
    lines: Vec<TimelineLine>,
}

/// Een record in woorden.
#[derive(Serialize, ToSchema)]
struct TimelineLine {
    /// Its number in the backend's order.
    n: u64,
    /// SHA-256 of its header: the record's name.
    record: String,
    /// When, by the device's clock.
    at: DateTime<FixedOffset>,
    /// Who.
    author: String,
    /// The organisation for which they acted.
    organisation: String,
    /// The device's name.
    device: String,
    /// The record's place in its chain.
    seq: u64,
    /// What happened, in words.
    text: String,
    /// Which question or item it is about: `F2`, or an item's id.
    about: Option<String>,
    /// When it arrived here.
    received_at: Option<DateTime<Utc>>,
    /// The receipt's number, to read aloud; none for records that the backend wrote itself.
    receipt: Option<String>,
    /// Who worked on the same part at about the same time, without a sign that they saw each other's work.
    alongside: Option<String>,
}

/// Builds the time line.
pub(crate) fn timeline(folder: &Folder) -> Timeline {
    let receipts = folder.receipt_numbers();
    let beside = alongside(folder.records.iter().map(|held| &held.record), |record| part_of(folder, record));
    let lines = folder.records.iter().filter(|held| !is_taken_over(folder, &held.record)).map(|held| {
        let header = held.record.header();
        let (text, about) = in_words(folder, &held.record);
        TimelineLine {
            n: held.n,
            record: held.record.id().to_string(),
            at: header.at,
            author: folder.person(header.author.person),
            organisation: header.author.organisation.to_string(),
            device: folder.device(header.device),
            seq: header.seq,
            text,
            about,
            received_at: DateTime::from_timestamp_millis(held.received_at),
            receipt: receipts.get(&held.record.id()).cloned(),
            alongside: beside.get(&held.record.id()).map(|person| folder.person(*person)),
        }
    });
    Timeline { lines: lines.collect() }
}

/// The part of the checklist in which a record wrote something.
fn part_of(folder: &Folder, record: &Record) -> Option<Part> {
    let Some(Body::Written { register, .. }) = record.body() else { return None };
    let (RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot)) = register else {
        return None;
    };
    let section = folder.checklist.as_ref()?.section_of(&slot.question)?.id.clone();
    Some(Part { section, item: slot.group })
}

/// Whether a record is about something that an investigation took over: that is not the desk's to read (Wpg).
fn is_taken_over(folder: &Folder, record: &Record) -> bool {
    let taken = |item: ItemId| {
        let found = folder.inspection.item(item);
        found.is_some_and(|found| found.regime == Regime::WpgOpsporing)
    };
    match record.body() {
        Some(Body::Written { register: RegisterKey::Item(item, _), .. })
        | Some(Body::ItemAdded { item, .. } | Body::ItemWithdrawn { item, .. } | Body::PhotoSealed { item, .. }) => {
            taken(item) || folder.inspection.item(item).and_then(|item| item.parent).is_some_and(taken)
        }
        _ => false,
    }
}

fn in_words(folder: &Folder, record: &Record) -> (String, Option<String>) {
    let Some(body) = record.body() else {
        let text = if record.is_from_newer_version() { "Uit een nieuwere versie" } else { "Inhoud gewist" };
        return (text.to_owned(), None);
    };
    let of_item = |item: ItemId| Some(item.to_string());
    match body {
        Body::StreamOpened { stream_kind, .. } => (stream(&stream_kind).to_owned(), None),
        Body::InspectionOpened(opening) => (format!("Controle {} geopend", opening.number), None),
        Body::Written { register, value } => written(folder, &register, &value),
        Body::ItemAdded { item, set, .. } => (format!("{} toegevoegd", set_word(&set)), of_item(item)),
        Body::ItemWithdrawn { item, reason } => (format!("Ingetrokken: {reason}"), of_item(item)),
        Body::PhotoSealed { item, sealed } => {
            (format!("Opgenomen en verzegeld, zegel {}", sealed.sha256.short()), of_item(item))
        }
        Body::MemberAdded { member } => (format!("{} doet mee", member.name), None),
        Body::MemberRemoved { person, reason } => {
            (format!("{} doet niet meer mee: {reason}", folder.person(person)), None)
        }
        Body::RegimeSwitched { item, .. } => ("Overgedragen aan de opsporing".to_owned(), of_item(item)),
        Body::Signed { signature, .. } => (format!("Getekend door {} ({})", signature.name, signature.capacity), None),
        Body::SignatureChosen { by_author, reason, .. } => {
            let side = if by_author { "de opsteller" } else { "de bezochte" };
            (format!("Handtekening van {side} gekozen: {reason}"), None)
        }
        Body::Closed { version } => (format!("Rapport versie {version} afgerond"), None),
        Body::Reopened { version, reason } => (format!("Correctie begonnen, versie {version}: {reason}"), None),
        Body::Stopped { .. } => ("STOP ingedrukt".to_owned(), None),
        Body::StopEnded { broken_off: true, note } => (format!("Controle afgebroken: {note}"), None),
        Body::StopEnded { broken_off: false, note } => (format!("Na STOP verder gegaan: {note}"), None),
        Body::Reviewed { agreed: true, note, .. } => (with_note("Akkoord", &note), None),
        Body::Reviewed { agreed: false, note, due } => {
            let due = due.map(|due| format!(", vóór {}", due.format("%d-%m-%Y"))).unwrap_or_default();
            (with_note(&format!("Terug naar team{due}"), &note), None)
        }
    }
}

fn with_note(text: &str, note: &str) -> String {
    if note.is_empty() { text.to_owned() } else { format!("{text}: {note}") }
}

fn stream(kind: &StreamKind) -> &'static str {
    match kind {
        StreamKind::Team => "Dossier van het team begonnen",
        StreamKind::Partner { .. } | StreamKind::Wpg { .. } | StreamKind::Coach => "Gesloten dossier begonnen",
    }
}

fn set_word(set: &SetKind) -> &'static str {
    match set {
        SetKind::Finding => "Bevinding",
        SetKind::Photo => "Foto",
        SetKind::Document => "Document",
        SetKind::Participant => "Deelnemer",
        SetKind::Measure => "Maatregel",
        SetKind::Group { .. } => "Onderdeel",
    }
}

fn written(folder: &Folder, register: &RegisterKey, value: &Value) -> (String, Option<String>) {
    let asked =
        |slot: &Slot| folder.checklist.as_ref().and_then(|checklist| checklist.question(&slot.question).cloned());
    let of = |slot: &Slot| Some(slot.to_string());
    match register {
        RegisterKey::Answer(slot) if *value == Value::Cleared => {
            (format!("{}: antwoord weggehaald", slot.question), of(slot))
        }
        RegisterKey::Answer(slot) => {
            (format!("{}: {}", slot.question, words::in_words(value, asked(slot).as_ref())), of(slot))
        }
        RegisterKey::Note(slot) => {
            (format!("{}, toelichting: {}", slot.question, words::in_words(value, None)), of(slot))
        }
        RegisterKey::Reason(slot) => {
            (format!("{}, reden zonder antwoord: {}", slot.question, words::in_words(value, None)), of(slot))
        }
        RegisterKey::Inspection(field) => (words::field_in_words(field, value), None),
        RegisterKey::Item(item, field) => (words::field_in_words(field, value), Some(item.to_string())),
        RegisterKey::Section(part) => {
            let whom = match value {
                Value::Person(person) => folder.person(*person),
                _ => "niemand in het bijzonder".to_owned(),
            };
            let title = folder.checklist.as_ref().and_then(|checklist| {
                checklist.sections().iter().find(|section| section.id == part.section).map(|one| one.title.clone())
            });
            (format!("Onderdeel {} gevraagd aan {whom}", title.unwrap_or_else(|| part.section.clone())), None)
        }
    }
}
