//! Today's work, search, and making a new controle.

use std::collections::{BTreeMap, HashMap};

use chrono::DateTime;
use veldboek_domain::record::{ChecklistRef, Opening};
use veldboek_domain::{Address, Body, Field, InspectionId, RegisterKey, Slot, StreamId, StreamKind, Value};
use veldboek_store::{PhotoRow, Store, Summary};
use veldboek_sync::Receipt;

use crate::api::{ChecklistRow, InspectionRow, Nothing, Opened as Made, PlanInspection, Search, Today};
use crate::app::{App, Session};
use crate::counts::stays;
use crate::error::AppError;
use crate::items::plain;
use crate::library::{checklist_row, family_word, may_carry_out};
use crate::opened::{Change, Opened};
use crate::sync_view::waits;

/// What waits for a receipt, per controle.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    records: BTreeMap<InspectionId, (u64, u64)>,
    photos: HashMap<InspectionId, u32>,
    receipts: HashMap<InspectionId, Receipt>,
}

impl Waiting {
    /// Records and photos.
    fn of(&self, inspection: InspectionId) -> (u32, u32) {
        let (total, received) = self.records.get(&inspection).copied().unwrap_or((0, 0));
        let records = u32::try_from(total.saturating_sub(received)).unwrap_or(u32::MAX);
        (records, self.photos.get(&inspection).copied().unwrap_or(0))
    }
}

/// Asks the store what waits.
pub(crate) fn waiting(store: &Store) -> Result<Waiting, AppError> {
    let mut waiting = Waiting { records: store.records_by_inspection()?, ..Waiting::default() };
    for photo in store.unsettled_photos()? {
        if waits(&photo) {
            *waiting.photos.entry(photo.inspection).or_insert(0) += 1;
        }
    }
    waiting.receipts = crate::sync_view::newest_receipts(store)?;
    Ok(waiting)
}

/// What waits of one controle, whose photos these are.
pub(crate) fn waiting_of(store: &Store, inspection: InspectionId, photos: &[PhotoRow]) -> Result<Waiting, AppError> {
    let count = photos.iter().filter(|photo| waits(photo)).count();
    let receipts = store.receipts_of(inspection)?;
    let receipts = receipts.iter().filter_map(|kept| serde_json::from_str::<Receipt>(&kept.receipt).ok());
    let newest = receipts.max_by_key(|receipt| receipt.at).map(|receipt| (inspection, receipt));
    Ok(Waiting {
        records: BTreeMap::from([(inspection, store.records_of(inspection)?)]),
        photos: HashMap::from([(inspection, u32::try_from(count).unwrap_or(u32::MAX))]),
        receipts: newest.into_iter().collect(),
    })
}

/// A controle as a list shows it.
pub(crate) fn row(inspection: InspectionId, summary: Summary, waiting: &Waiting) -> InspectionRow {
    let (records_waiting, photos_waiting) = waiting.of(inspection);
    let waits = records_waiting.saturating_add(photos_waiting);
    let receipt = waiting.receipts.get(&inspection).filter(|_| waits == 0);
    InspectionRow {
        inspection,
        number: summary.number,
        address: summary.address,
        town: summary.town,
        municipality: summary.municipality,
        kind: summary.kind,
        family: summary.family,
        planned_at: summary.planned_at,
        status: summary.status,
        answered: summary.answered,
        questions: summary.questions,
        findings: summary.findings,
        photos: summary.photos,
        differences: summary.differences,
        waiting: waits,
        records_waiting,
        photos_waiting,
        received_at: receipt.map(|receipt| receipt.at.to_rfc3339()),
        receipt: receipt.map(Receipt::number),
        mine: summary.mine,
        team: summary.team,
    }
}

impl App {
    /// Today's controles in route order, then those that are open from earlier days.
    ///
    /// # Errors
    /// A failure to read.
    pub fn today(&self, _: Nothing) -> Result<Today, AppError> {
        let date = self.config.clock.stamp().at.date_naive().to_string();
        self.with(|session| {
            self.refresh_list(session)?;
            let waiting = waiting(&session.store)?;
            let rows = session.store.work_until(&date)?;
            let rows = rows.into_iter().map(|(id, summary)| row(id, summary, &waiting)).collect();
            Ok(Today { date, rows })
        })
    }

    /// Searches numbers, addresses and everything that was written on this device.
    ///
    /// # Errors
    /// A failure to read.
    pub fn search(&self, request: Search) -> Result<Vec<InspectionRow>, AppError> {
        self.with(|session| {
            self.refresh_list(session)?;
            let waiting = waiting(&session.store)?;
            let found = session.store.search(&request.text)?;
            Ok(found.into_iter().map(|(id, summary)| row(id, summary, &waiting)).collect())
        })
    }

    /// Brings the list level with records that came from elsewhere.
    pub(crate) fn refresh_list(&self, session: &mut Session) -> Result<(), AppError> {
        let mut summaries = Vec::new();
        for inspection in session.store.stale()? {
            match Opened::load(&session.store, self.library()?, inspection, &*self.config.clock) {
                Ok(opened) => summaries.push((inspection, opened.summary())),
                // Its opening or its checklist is not here yet: it is listed when it is.
                Err(AppError::NotFound(_) | AppError::ChecklistMissing(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(session.store.keep_summaries(&summaries)?)
    }

    /// The checklists that a new controle can follow: those that the person of this device carries out.
    ///
    /// # Errors
    /// [`AppError::Locked`].
    pub fn checklists(&self, _: Nothing) -> Result<Vec<ChecklistRow>, AppError> {
        self.with(|session| {
            let offered = self.library()?.for_role(session.store.device().person.role);
            Ok(offered.iter().map(|checklist| checklist_row(checklist)).collect())
        })
    }

    /// Makes a new controle on this device, with the person of this device as its first member.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`] for an unknown checklist, [`AppError::Invalid`].
    pub fn plan_inspection(&self, request: PlanInspection) -> Result<Made, AppError> {
        let (clock, entropy) = (&*self.config.clock, &*self.config.entropy);
        let checklist = self.library()?.by_id(&request.checklist).ok_or(AppError::NotFound("checklist"))?;
        let planned_at = match &request.planned_at {
            Some(text) => DateTime::parse_from_rfc3339(text)
                .map_err(|_| AppError::Invalid("the planned moment is no date and time".to_owned()))?,
            None => clock.stamp().at,
        };
        let inspection = InspectionId::new(clock, entropy);
        let stream = StreamId::new(clock, entropy);
        self.with(|session| {
            let person = session.store.device().person.clone();
            if !may_carry_out(person.role, &checklist) {
                return Err(AppError::NotAllowed);
            }
            // What stays on the device has no place in its records either: nothing leads from a count to a house.
            let local = stays(&checklist);
            let stream_kind = if local { StreamKind::Coach } else { StreamKind::Team };
            let address = if local { Address::default() } else { request.address.clone() };
            let opening = Opening {
                number: next_number(session, checklist.family(), planned_at.format("%Y"))?,
                family: family_word(checklist.family()).to_owned(),
                checklist: ChecklistRef {
                    id: checklist.id().to_owned(),
                    version: checklist.version().to_owned(),
                    hash: checklist.hash(),
                },
                source_organisation: session.store.device().source_organisation.as_str().into(),
                responsible_municipality: address.municipality.clone(),
            };
            let field = |field, value| plain(stream, Body::Written { register: RegisterKey::Inspection(field), value });
            let mut changes = vec![
                plain(stream, Body::StreamOpened { inspection, stream_kind }),
                plain(stream, Body::InspectionOpened(opening)),
                plain(stream, Body::MemberAdded { member: person }),
                field(Field::PlannedAt, Value::DateTime(planned_at)),
                field(Field::Address, Value::Address(address.clone())),
            ];
            changes.extend(first_answer(&checklist, stream, &address));
            let items = veldboek_checklist::first_items(&checklist, clock, entropy);
            changes.extend(items.into_iter().map(|body| plain(stream, body)));
            let records = session.write(changes, clock)?;
            session.store.append(&records, None)?;
            let summary = session.open(self.library()?, inspection, clock)?.summary();
            Ok(session.store.keep_summaries(&[(inspection, summary)])?)
        })?;
        self.wake.notify_one();
        Ok(Made { inspection })
    }
}

/// The address is the first answer to the question for it: who begins a controle on the spot has just given it.
fn first_answer(checklist: &veldboek_checklist::Checklist, stream: StreamId, address: &Address) -> Option<Change> {
    let asked = checklist.questions().find(|question| question.kind == veldboek_checklist::QuestionKind::Address)?;
    let register = RegisterKey::Answer(Slot::of(&asked.id));
    Some(plain(stream, Body::Written { register, value: Value::Address(address.clone()) }))
}

/// The next working number of this device: `VB-2026-0042-K7`.
fn next_number(
    session: &mut Session,
    family: veldboek_checklist::Family,
    year: impl std::fmt::Display,
) -> Result<String, AppError> {
    let name = format!("number:{year}");
    let last: u32 = session.store.fact(&name)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    session.store.keep_fact(&name, &(last + 1).to_string())?;
    let suffix = &session.store.device().number_suffix;
    Ok(format!("{}-{year}-{:04}-{suffix}", family_word(family).to_uppercase(), last + 1))
}
