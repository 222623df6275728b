//! The controle that is open on the screen: folded, evaluated, and kept level with every record that is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use veldboek_checklist::{Checklist, Evaluation, Facts, Question, QuestionKind, Section};
use veldboek_domain::{
    Address, Author, Body, ChainId, Clock, Entropy, Field, Inspection, InspectionId, ItemId, PersonId, Record,
    RecordId, RegisterKey, SetKind, Slot, StreamId, StreamKind, Value,
};
use veldboek_report::Numbering;
use veldboek_store::{Store, Summary};

use crate::api::Missing;
use crate::app::Session;
use crate::error::AppError;
use crate::library::{Library, family_word};

/// A controle in memory.
pub(crate) struct Opened {
    pub(crate) id: InspectionId,
    pub(crate) state: Inspection,
    pub(crate) checklist: Arc<Checklist>,
    pub(crate) evaluation: Evaluation,
    pub(crate) facts: Facts,
    /// For which partner the person of this device works; empty for none.
    partner: String,
    /// The sections of other partners, by their ids.
    unseen: Vec<String>,
    /// The person of this device.
    me: PersonId,
    /// How far the backend has each of this device's chains, and since when.
    pub(crate) receipts: HashMap<ChainId, (u64, String)>,
    /// Chains of other devices that came by a hand-over, each with the first number that the backend is not known to have.
    pub(crate) handed: BTreeMap<ChainId, u64>,
    /// The questions that may have changed by what was written last.
    pub(crate) touched: BTreeSet<Slot>,
    /// Records that do not hold any more; the rest is there.
    pub(crate) rotten: Vec<RecordId>,
    /// What was missing when a screen asked last: most of it is at every answer.
    pub(crate) missing: RefCell<Arc<Vec<Arc<Missing>>>>,
}

/// Something to be written: in which stream, what, and what it takes the place of.
pub(crate) struct Change {
    pub(crate) stream: StreamId,
    pub(crate) body: Body,
    pub(crate) supersedes: Vec<RecordId>,
}

/// Where something is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a stream that is there.
    Stream(StreamId),
    /// In the closed stream of the organisation for which the person works; it begins when it is needed first.
    OwnPartner,
}

impl Opened {
    pub(crate) fn load(
        store: &Store,
        library: &Library,
        id: InspectionId,
        clock: &dyn Clock,
    ) -> Result<Self, AppError> {
        let (state, rotten) = store.inspection(id)?;
        let followed = state.checklist().ok_or(AppError::NotFound("inspection"))?;
        let missing = || AppError::ChecklistMissing(followed.version.clone());
        let checklist = library.by_hash(&followed.hash).ok_or_else(missing)?;
        let facts = Facts::of(&state, clock.stamp().at.date_naive());
        let evaluation = Evaluation::of(&checklist, &state, &facts);
        let receipts = store.receipts_of(id)?.into_iter().map(|receipted| {
            let at = serde_json::from_str::<veldboek_sync::Receipt>(&receipted.receipt);
            let at = at.map(|receipt| receipt.at.to_rfc3339()).unwrap_or_default();
            (receipted.chain, (receipted.seq, at))
        });
        let partner = store.device().person.partner.clone();
        Ok(Self {
            id,
            receipts: receipts.collect(),
            handed: store.handed_of(id)?,
            state,
            unseen: unseen(&checklist, &partner),
            checklist,
            evaluation,
            facts,
            partner,
            me: store.device().person.person,
            touched: BTreeSet::new(),
            rotten,
            missing: RefCell::default(),
        })
    }

    /// Lets the day be this one: a law that began at midnight counts from then on.
    pub(crate) fn reach(&mut self, today: NaiveDate) {
        if self.facts.today != today {
            self.facts = Facts::of(&self.state, today);
            self.evaluation.refresh(&self.state, &self.facts);
        }
    }

    /// Whether the person of this device sees and answers a section: a partner's own questions are for its people only
    /// (each on its own ground: CCV, integraal toezicht).
    pub(crate) fn is_mine(&self, section: &Section) -> bool {
        is_for(section, &self.partner)
    }

    /// The sections that the person of this device sees.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &Section> {
        self.checklist.sections_for(Some(&self.partner))
    }

    /// Whether a question is among those sections.
    pub(crate) fn may_answer(&self, question: &str) -> bool {
        self.checklist.section_of(question).is_none_or(|section| self.is_mine(section))
    }

    /// Takes written records in: the state, and what the checklist says about it.
    fn take(&mut self, records: &[Record]) {
        self.touched.clear();
        for record in records {
            let body = record.body();
            let register = match &body {
                Some(Body::Written { register, .. }) => Some(register.clone()),
                _ => None,
            };
            self.state.apply_read(record, body);
            match register {
                Some(RegisterKey::Answer(slot) | RegisterKey::Reason(slot)) => {
                    self.evaluation.after(&slot, &self.state, &self.facts);
                    self.touched.extend(self.evaluation.touched());
                }
                Some(RegisterKey::Note(_)) => {}
                _ => {
                    self.facts = Facts::of(&self.state, self.facts.today);
                    self.evaluation.refresh(&self.state, &self.facts);
                    self.touched.extend(self.evaluation.touched());
                }
            }
        }
    }

    /// Required questions that are open. A signature is given by signing, which asks for all of these: it is none of them.
    pub(crate) fn open_questions(&self) -> Vec<(&Question, Option<ItemId>)> {
        let mut open = self.evaluation.open_questions_in(|section| self.sees(section));
        open.retain(|(question, _)| question.kind != QuestionKind::Signature);
        open
    }

    /// Whether the person of this device sees the section with this id.
    pub(crate) fn sees(&self, section: &str) -> bool {
        !self.unseen.iter().any(|id| id == section)
    }

    /// The numbers of findings, assumptions and photos.
    pub(crate) fn numbering(&self) -> Numbering {
        Numbering::of(&self.state, &self.checklist, &self.evaluation)
    }

    /// The address: as answered, otherwise as planned.
    pub(crate) fn address(&self) -> Address {
        let asked = self.checklist.questions().find(|question| question.kind == QuestionKind::Address);
        let answer = asked.and_then(|question| self.state.answer(&Slot::of(&question.id)));
        match answer.or_else(|| self.state.field(Field::Address)) {
            Some(Value::Address(address)) => address.clone(),
            _ => Address::default(),
        }
    }

    /// What a list shows of it.
    pub(crate) fn summary(&self) -> Summary {
        let opening = self.state.opening();
        let address = self.address();
        let total = self.evaluation.total_in(|section| self.sees(section));
        let counted =
            |set: SetKind| u32::try_from(self.state.current_ids(|item| item.set == set).count()).unwrap_or(u32::MAX);
        Summary {
            number: opening.map(|opening| opening.number.clone()).unwrap_or_default(),
            municipality: opening.map(|opening| opening.responsible_municipality.clone()).unwrap_or_default(),
            address: address.line,
            town: address.town,
            kind: self.checklist.title().to_owned(),
            family: family_word(self.checklist.family()).to_owned(),
            planned_at: match self.state.field(Field::PlannedAt) {
                Some(Value::DateTime(at)) => Some(at.to_rfc3339()),
                _ => None,
            },
            status: self.state.status().word().to_owned(),
            answered: u32::try_from(total.answered).unwrap_or(u32::MAX),
            questions: u32::try_from(total.visible).unwrap_or(u32::MAX),
            findings: counted(SetKind::Finding),
            photos: counted(SetKind::Photo),
            differences: u32::try_from(self.state.open_differences().len()).unwrap_or(u32::MAX),
            mine: u32::try_from(crate::sections::waiting_for(self, self.me)).unwrap_or(u32::MAX),
            team: self.state.members().iter().map(|card| card.name.clone()).collect(),
        }
    }

    /// The stream in which a register lives: an item's is that of the item, so that closed ones stay closed; a closed
    /// partner set's is that partner's own.
    pub(crate) fn place_of(&self, register: &RegisterKey) -> Result<Place, AppError> {
        match register {
            RegisterKey::Item(item, _) => match self.state.item(*item) {
                Some(item) => Ok(Place::Stream(self.stream_for(item.regime).unwrap_or(item.stream))),
                None => Err(AppError::NotFound("item")),
            },
            RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => self.place_of_slot(slot),
            _ => self.team(),
        }
    }

    /// The stream in which everything beside a question lives.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for a question of another partner.
    pub(crate) fn place_of_slot(&self, slot: &Slot) -> Result<Place, AppError> {
        if !self.may_answer(&slot.question) {
            return Err(AppError::NotAllowed);
        }
        match self.checklist.partner_set_of(&slot.question) {
            Some(set) if set.closed => Ok(Place::OwnPartner),
            _ => self.team(),
        }
    }

    fn team(&self) -> Result<Place, AppError> {
        self.state.team_stream().map(Place::Stream).ok_or(AppError::NotFound("stream"))
    }

    /// The closed stream of a regime, when there is one already.
    pub(crate) fn stream_for(&self, regime: veldboek_domain::codes::Regime) -> Option<StreamId> {
        let wpg = |kind: &&StreamKind| matches!(kind, StreamKind::Wpg { .. });
        match regime {
            veldboek_domain::codes::Regime::AvgToezicht => None,
            veldboek_domain::codes::Regime::WpgOpsporing => {
                self.state.streams().iter().find(|(_, kind)| wpg(kind)).map(|(stream, _)| *stream)
            }
        }
    }

    /// Items of a repeated group, in order.
    pub(crate) fn group_items(&self, group: &str) -> &[ItemId] {
        self.evaluation.group_items(group)
    }
}

fn is_for(section: &Section, partner: &str) -> bool {
    section.partner_set.as_ref().is_none_or(|set| set.partner == partner)
}

fn unseen(checklist: &Checklist, partner: &str) -> Vec<String> {
    let others = checklist.sections().iter().filter(|section| !is_for(section, partner));
    others.map(|section| section.id.clone()).collect()
}

impl Session {
    /// The stream of a place, with what opens it when it is not there yet.
    pub(crate) fn stream_at(
        &self,
        place: Place,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<(StreamId, Vec<Change>), AppError> {
        if let Place::Stream(stream) = place {
            return Ok((stream, Vec::new()));
        }
        let opened = self.opened.as_ref().ok_or(AppError::NotFound("inspection"))?;
        let organisation = self.store.device().person.organisation.clone();
        if let Some(stream) = opened.state.partner_stream(&organisation) {
            return Ok((stream, Vec::new()));
        }
        let stream = StreamId::new(clock, entropy);
        let stream_kind = StreamKind::Partner { organisation };
        let body = Body::StreamOpened { inspection: opened.id, stream_kind };
        Ok((stream, vec![Change { stream, body, supersedes: Vec::new() }]))
    }

    /// Who writes: the person of this device, for their organisation.
    pub(crate) fn author(&self) -> Author {
        let person = &self.store.device().person;
        Author { person: person.person, organisation: person.organisation.clone() }
    }

    /// Writes changes to the open controle: into memory, and durably with all projections. When it fails, memory is
    /// read anew from disk, and nothing was called kept.
    pub(crate) fn commit(&mut self, changes: Vec<Change>, clock: &dyn Clock) -> Result<Vec<Record>, AppError> {
        self.seal(changes, clock, |store, records, summary| store.append(records, Some(summary)).map(drop))
    }

    /// As [`Session::commit`], with another way to bring the records to disk.
    pub(crate) fn seal(
        &mut self,
        changes: Vec<Change>,
        clock: &dyn Clock,
        keep: impl FnOnce(&mut Store, &[Record], (InspectionId, &Summary)) -> Result<(), veldboek_store::StoreError>,
    ) -> Result<Vec<Record>, AppError> {
        let records = self.write(changes, clock)?;
        let Some(mut opened) = self.opened.take() else { return Err(AppError::NotFound("inspection")) };
        opened.take(&records);
        keep(&mut self.store, &records, (opened.id, &opened.summary()))?;
        self.opened = Some(opened);
        Ok(records)
    }

    /// Makes the records of changes, each on its stream's chain.
    pub(crate) fn write(&self, changes: Vec<Change>, clock: &dyn Clock) -> Result<Vec<Record>, AppError> {
        let author = self.author();
        let mut writers = HashMap::new();
        let mut records = Vec::with_capacity(changes.len());
        for change in changes {
            let writer = match writers.entry(change.stream) {
                std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::hash_map::Entry::Vacant(entry) => entry.insert(self.store.writer(change.stream)?),
            };
            records.push(writer.write(&change.body, &author, clock.stamp(), change.supersedes)?);
        }
        Ok(records)
    }
}
