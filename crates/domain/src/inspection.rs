//! The state of one controle: a fold over its records that gives the same result in whatever order they arrive,
//! doubled or not.
//!
//! A record whose parents have not arrived is applied like any other; a record that an applied one supersedes never
//! comes to life, also when it arrives later.

mod steps;
mod team;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::codes::Regime;
use crate::ids::{InspectionId, ItemId, OrganisationCode, PersonId, RecordId, StreamId};
use crate::record::{Body, ChecklistRef, Header, Opening, PersonCard, Record, Sealed, SetKind};
use crate::register::{Field, Register, RegisterKey, Slot, Written};
use crate::stream::StreamKind;
use crate::value::{Signature, Value};

pub use steps::Status;
pub use team::Difference;

use steps::Milestone;

/// A photo or document of which the bytes are sealed.
pub type Photo = Sealed;

/// A member of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The item.
    pub id: ItemId,
    /// The set.
    pub set: SetKind,
    /// The question to which it belongs.
    pub slot: Option<Slot>,
    /// The item to which it belongs.
    pub parent: Option<ItemId>,
    /// The record that added it.
    pub added: Header,
    /// The stream in which it lives: says who can see it.
    pub stream: StreamId,
    /// Why it was withdrawn, by whom; none while it counts.
    pub withdrawn: Option<(String, Header)>,
    /// For a photo or document: what its bytes are, once sealed.
    pub sealed: Option<Sealed>,
    /// The regime under which it stands.
    pub regime: Regime,
}

/// A signature with its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// As drawn.
    pub signature: Signature,
    /// Whether by the author of the report.
    pub by_author: bool,
    /// Who, when, on which device.
    pub header: Header,
}

/// Everything known of one controle.
///
/// Equality compares what was folded, so two devices with the same records are equal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    id: Option<InspectionId>,
    seen: HashSet<RecordId>,
    superseded: HashSet<(StreamId, RecordId)>,
    streams: BTreeMap<StreamId, StreamKind>,
    opening: BTreeMap<RecordId, (Opening, Header)>,
    registers: BTreeMap<RegisterKey, Register>,
    written: HashMap<RecordId, (StreamId, RegisterKey)>,
    items: BTreeMap<ItemId, BTreeMap<RecordId, Item>>,
    withdrawals: BTreeMap<ItemId, BTreeMap<RecordId, (String, Header)>>,
    sealed: BTreeMap<ItemId, BTreeMap<RecordId, Sealed>>,
    regimes: BTreeSet<ItemId>,
    members: BTreeMap<RecordId, (PersonCard, Header)>,
    removed: BTreeMap<PersonId, BTreeSet<(StreamId, RecordId)>>,
    signatures: BTreeMap<RecordId, Signed>,
    chosen: BTreeMap<RecordId, Chosen>,
    milestones: BTreeMap<RecordId, (Milestone, Header)>,
    newer: BTreeSet<RecordId>,
}

/// Which signature stands for a side.
#[derive(Clone, Debug, PartialEq)]
struct Chosen {
    signature: RecordId,
    by_author: bool,
    stream: StreamId,
}

impl Inspection {
    /// Folds records in whatever order.
    pub fn from_records<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut inspection = Self::default();
        for record in records {
            inspection.apply(record);
        }
        inspection
    }

    /// Takes one record in; a doubled one changes nothing.
    pub fn apply(&mut self, record: &Record) {
        self.apply_read(record, record.body());
    }

    /// The same, for who has read the record's body ([`Record::body`]) already.
    pub fn apply_read(&mut self, record: &Record, body: Option<Body>) {
        if !self.seen.insert(record.id()) {
            return;
        }
        // A record supersedes only in its own stream, so that people who may not read a closed stream see the same
        // values in the shared one as those who may.
        let stream = record.header().stream;
        for parent in &record.header().supersedes {
            if self.superseded.insert((stream, *parent)) {
                self.forget(stream, parent);
            }
        }
        match body {
            Some(body) if body.is_supersedable() && self.superseded.contains(&(stream, record.id())) => {}
            Some(body) => self.apply_body(record.id(), record.header(), body),
            None if record.is_from_newer_version() => {
                self.newer.insert(record.id());
            }
            None => {}
        }
    }

    fn forget(&mut self, stream: StreamId, superseded: &RecordId) {
        if let Some((lives_in, key)) = self.written.get(superseded).cloned()
            && lives_in == stream
        {
            self.written.remove(superseded);
            if let Some(register) = self.registers.get_mut(&key) {
                register.remove(superseded);
                if register.is_empty() {
                    self.registers.remove(&key);
                }
            }
        }
        self.signatures.retain(|id, signed| id != superseded || signed.header.stream != stream);
        self.chosen.retain(|id, chosen| id != superseded || chosen.stream != stream);
        self.milestones.retain(|id, (_, header)| id != superseded || header.stream != stream);
        self.members.retain(|id, (_, header)| id != superseded || header.stream != stream);
        self.removed.retain(|_, records| {
            records.remove(&(stream, *superseded));
            !records.is_empty()
        });
    }

    fn apply_body(&mut self, id: RecordId, header: &Header, body: Body) {
        match body {
            Body::StreamOpened { inspection, stream_kind } => {
                self.id.get_or_insert(inspection);
                self.streams.insert(header.stream, stream_kind);
            }
            Body::InspectionOpened(opening) => {
                self.opening.insert(id, (opening, header.clone()));
            }
            Body::Written { register, value } => {
                let written = Written { value, header: header.clone() };
                self.written.insert(id, (header.stream, register.clone()));
                self.registers.entry(register).or_default().insert(id, written);
            }
            Body::ItemAdded { item, set, slot, parent } => {
                let added = Item {
                    id: item,
                    set,
                    slot,
                    parent,
                    added: header.clone(),
                    stream: header.stream,
                    withdrawn: None,
                    sealed: None,
                    regime: Regime::AvgToezicht,
                };
                self.items.entry(item).or_default().insert(id, added);
            }
            Body::ItemWithdrawn { item, reason } => {
                self.withdrawals.entry(item).or_default().insert(id, (reason, header.clone()));
            }
            Body::PhotoSealed { item, sealed } => {
                self.sealed.entry(item).or_default().insert(id, sealed);
            }
            Body::MemberAdded { member } => {
                self.members.insert(id, (member, header.clone()));
            }
            Body::MemberRemoved { person, .. } => {
                self.removed.entry(person).or_default().insert((header.stream, id));
            }
            Body::RegimeSwitched { item, regime, .. } => {
                if regime == Regime::WpgOpsporing {
                    self.regimes.insert(item);
                }
            }
            Body::Signed { signature, by_author } => {
                self.signatures.insert(id, Signed { signature, by_author, header: header.clone() });
            }
            Body::SignatureChosen { signature, by_author, .. } => {
                self.chosen.insert(id, Chosen { signature, by_author, stream: header.stream });
            }
            Body::Closed { version } => self.milestone(id, header, Milestone::Closed(version)),
            Body::Reopened { version, reason } => self.milestone(id, header, Milestone::Reopened(version, reason)),
            Body::Stopped { .. } => self.milestone(id, header, Milestone::Stopped),
            Body::StopEnded { broken_off, .. } => self.milestone(id, header, Milestone::StopEnded { broken_off }),
            Body::Reviewed { agreed, note, .. } => self.milestone(id, header, Milestone::Reviewed { agreed, note }),
        }
    }

    fn milestone(&mut self, id: RecordId, header: &Header, milestone: Milestone) {
        self.milestones.insert(id, (milestone, header.clone()));
    }

    /// The controle; none before a stream's opening record arrived.
    pub fn id(&self) -> Option<InspectionId> {
        self.id
    }

    /// How it was opened. With more than one opening, the one with the smallest record id: the same everywhere.
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.values().next().map(|(opening, _)| opening)
    }

    /// Who opened it.
    pub fn opened_by(&self) -> Option<&Header> {
        self.opening.values().next().map(|(_, header)| header)
    }

    /// The known streams.
    pub fn streams(&self) -> &BTreeMap<StreamId, StreamKind> {
        &self.streams
    }

    /// The team's stream.
    pub fn team_stream(&self) -> Option<StreamId> {
        let own = |kind: &StreamKind| matches!(kind, StreamKind::Team | StreamKind::Coach);
        self.streams.iter().find(|(_, kind)| own(kind)).map(|(stream, _)| *stream)
    }

    /// One organisation's own closed stream, when there is one.
    pub fn partner_stream(&self, organisation: &OrganisationCode) -> Option<StreamId> {
        let own = |kind: &StreamKind| matches!(kind, StreamKind::Partner { organisation: of } if of == organisation);
        self.streams.iter().find(|(_, kind)| own(kind)).map(|(stream, _)| *stream)
    }

    /// The version of the checklist that the controle follows: that of the opening, until somebody moved it. While people
    /// differ about a move, the opening's holds.
    pub fn checklist(&self) -> Option<&ChecklistRef> {
        match self.field(Field::Checklist) {
            Some(Value::Checklist(moved)) => Some(moved),
            _ => self.opening().map(|opening| &opening.checklist),
        }
    }

    /// A register, when somebody wrote it.
    pub fn register(&self, key: &RegisterKey) -> Option<&Register> {
        self.registers.get(key)
    }

    /// All registers.
    pub fn registers(&self) -> impl Iterator<Item = (&RegisterKey, &Register)> {
        self.registers.iter()
    }

    /// The settled value of a register; none while people differ or nobody wrote.
    pub fn value(&self, key: &RegisterKey) -> Option<&Value> {
        self.registers.get(key).and_then(Register::settled)
    }

    /// The settled answer at a place; a cleared answer is none.
    pub fn answer(&self, slot: &Slot) -> Option<&Value> {
        self.value(&RegisterKey::Answer(slot.clone())).filter(|value| !matches!(value, Value::Cleared))
    }

    /// The settled value of a field of the controle.
    pub fn field(&self, field: Field) -> Option<&Value> {
        self.value(&RegisterKey::Inspection(field))
    }

    /// The settled value of a field of an item.
    pub fn item_field(&self, item: ItemId, field: Field) -> Option<&Value> {
        self.value(&RegisterKey::Item(item, field))
    }

    /// The settled text of a field of an item; empty when there is none.
    pub fn item_text(&self, item: ItemId, field: Field) -> &str {
        match self.item_field(item, field) {
            Some(Value::Text(text)) | Some(Value::Choice(text)) => text,
            _ => "",
        }
    }

    /// The registers about which people differ.
    pub fn differences(&self) -> impl Iterator<Item = (&RegisterKey, &Register)> {
        self.registers.iter().filter(|(_, register)| register.differs())
    }

    /// An item, with what is known of its withdrawal, its bytes and its regime.
    pub fn item(&self, id: ItemId) -> Option<Item> {
        let mut item = self.items.get(&id)?.values().next()?.clone();
        item.withdrawn = self.withdrawals.get(&id).and_then(|all| all.values().next()).cloned();
        item.sealed = self.sealed.get(&id).and_then(|all| all.values().next()).cloned();
        if self.regimes.contains(&id) || matches!(self.streams.get(&item.stream), Some(StreamKind::Wpg { .. })) {
            item.regime = Regime::WpgOpsporing;
        }
        Some(item)
    }

    /// All items of a set, withdrawn ones too, in the order of their making.
    pub fn items_of<'a>(&'a self, wanted: impl Fn(&SetKind) -> bool + 'a) -> impl Iterator<Item = Item> + 'a {
        let made = self.items.iter().filter_map(|(id, made)| Some((*id, made.values().next()?)));
        made.filter(move |(_, item)| wanted(&item.set)).filter_map(|(id, _)| self.item(id))
    }

    /// How many sealed photos and documents belong to a question.
    pub fn attachments(&self, slot: &Slot) -> usize {
        let hangs =
            |item: &Item| item.slot.as_ref() == Some(slot) && matches!(item.set, SetKind::Photo | SetKind::Document);
        self.current_ids(hangs).filter(|id| self.sealed.contains_key(id)).count()
    }

    /// The ids of the items that count, in the order of their making. What was added says which are wanted: withdrawal, bytes
    /// and regime are not known to it.
    pub fn current_ids<'a>(&'a self, wanted: impl Fn(&Item) -> bool + 'a) -> impl Iterator<Item = ItemId> + 'a {
        let added = self.items.iter().filter_map(|(id, added)| Some((*id, added.values().next()?)));
        added.filter(move |(id, item)| !self.withdrawals.contains_key(id) && wanted(item)).map(|(id, _)| id)
    }

    /// The items of a set that count.
    pub fn current<'a>(&'a self, set: &'a SetKind) -> impl Iterator<Item = Item> + 'a {
        self.current_ids(move |item| item.set == *set).filter_map(|id| self.item(id))
    }

    /// The people in the team now, each once, in the order in which they came to it.
    pub fn members(&self) -> Vec<&PersonCard> {
        let mut members: BTreeMap<PersonId, (&Header, &PersonCard)> = BTreeMap::new();
        for (card, header) in self.members.values() {
            if !self.removed.contains_key(&card.person) {
                members.entry(card.person).or_insert((header, card));
            }
        }
        let mut members: Vec<(&Header, &PersonCard)> = members.into_values().collect();
        members.sort_by_key(|(header, card)| (header.at, header.seq, card.person));
        members.into_iter().map(|(_, card)| card).collect()
    }

    /// What is known of a person, also when they left.
    pub fn person(&self, person: PersonId) -> Option<&PersonCard> {
        self.members.values().map(|(card, _)| card).find(|card| card.person == person)
    }

    /// Records of a newer version: kept, synced, not understood.
    pub fn from_newer_version(&self) -> usize {
        self.newer.len()
    }
}
