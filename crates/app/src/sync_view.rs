//! What the sync did and what waits, as a screen shows it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use veldboek_domain::{Digest, InspectionId, ItemId};
use veldboek_store::{PhotoRow, SetApart, Store};
use veldboek_sync::{PhotoReceipt, Receipt};

use crate::api::{InspectionSync, Nothing, Notice, PhotoSync, Quarantined, SyncLine, SyncPhase, SyncView};
use crate::app::{App, Session, lock};
use crate::error::AppError;
use crate::notices::notices;
use crate::originals::Moving;

/// A photo of a tablet's camera, in bytes: to tell for how many there is room.
const USUAL_PHOTO: u64 = 5 * 1024 * 1024;
/// Below this many photos of room, the screen says so.
const LITTLE_ROOM: u64 = 40;

/// The newest receipt of each controle.
pub(crate) fn newest_receipts(store: &Store) -> Result<HashMap<InspectionId, Receipt>, AppError> {
    let mut newest: HashMap<InspectionId, Receipt> = HashMap::new();
    for (inspection, text) in store.all_receipts()? {
        let Ok(receipt) = serde_json::from_str::<Receipt>(&text) else { continue };
        match newest.get(&inspection) {
            Some(known) if known.at >= receipt.at => {}
            _ => {
                newest.insert(inspection, receipt);
            }
        }
    }
    Ok(newest)
}

/// What the store says of everything that is to be sent.
pub(crate) struct Stock {
    photos: Vec<PhotoRow>,
    records: BTreeMap<InspectionId, (u64, u64)>,
    set_apart: Vec<SetApart>,
}

impl Stock {
    fn read(store: &Store) -> Result<Self, AppError> {
        Ok(Self {
            photos: store.all_photos()?,
            records: store.records_by_inspection()?,
            set_apart: store.set_apart_list()?,
        })
    }
}

/// What names a controle on the screen of the sync, and its newest receipt.
#[derive(Default)]
pub(crate) struct Label {
    title: String,
    number: String,
    receipt: Option<Receipt>,
}

fn labels(store: &Store) -> Result<HashMap<InspectionId, Label>, AppError> {
    let mut receipts = newest_receipts(store)?;
    let label = |inspection: InspectionId| {
        let summary = store.summary(inspection)?.unwrap_or_default();
        let parts = [summary.address, summary.town].into_iter().filter(|part| !part.is_empty());
        let title = parts.collect::<Vec<_>>().join(", ");
        Ok((inspection, Label { title, number: summary.number, receipt: receipts.remove(&inspection) }))
    };
    store.records_by_inspection()?.into_keys().map(label).collect()
}

/// What the top bar tells.
struct Standing {
    stock: Arc<Stock>,
    notices: Vec<Notice>,
    /// For how many photos there is room.
    room: u64,
}

impl Standing {
    fn of(session: &Session, clock_off: Option<i64>) -> Result<Self, AppError> {
        Ok(Self {
            stock: session.stock.or_read(&session.store, (), || Stock::read(&session.store).map(Arc::new))?,
            notices: notices(&session.store, clock_off)?,
            room: session.store.room_for_photos(USUAL_PHOTO)?,
        })
    }
}

impl App {
    /// The top bar's line, as facts.
    pub(crate) fn sync_line(&self) -> Result<SyncLine, AppError> {
        Ok(self.line_of(&self.standing()?))
    }

    fn standing(&self) -> Result<Standing, AppError> {
        let clock_off = lock(&self.sync).clock_off;
        self.with(|session| Standing::of(session, clock_off))
    }

    fn line_of(&self, standing: &Standing) -> SyncLine {
        let Standing { stock, notices, room } = standing;
        let Stock { photos, records, set_apart } = &**stock;
        let waiting = photos.iter().filter(|row| waits(row));
        let (count, bytes) =
            waiting.fold((0u32, 0u64), |(count, bytes), row| (count + 1, bytes + row.bytes.saturating_sub(row.sent)));
        let records: u64 = records.values().map(|(total, received)| total.saturating_sub(*received)).sum();
        let state = lock(&self.sync);
        // "Received" is said only while nothing waits.
        let phase = match state.phase {
            SyncPhase::Received if records > 0 || count > 0 => SyncPhase::Idle,
            phase => phase,
        };
        SyncLine {
            state: phase,
            records_waiting: small(records),
            photos_waiting: count,
            bytes_waiting: bytes,
            received_at: state.received_at.filter(|_| records == 0 && count == 0).map(|at| at.to_rfc3339()),
            quarantined: u32::try_from(set_apart.len()).unwrap_or(u32::MAX),
            room_for_photos: (*room < LITTLE_ROOM).then(|| small(*room)),
            notices: u32::try_from(notices.len()).unwrap_or(u32::MAX),
        }
    }

    /// Everything about the sync.
    ///
    /// # Errors
    /// A failure to read.
    pub fn sync_state(&self, _: Nothing) -> Result<SyncView, AppError> {
        let standing = self.standing()?;
        let line = self.line_of(&standing);
        let Standing { stock, notices, .. } = standing;
        let Stock { photos, records, set_apart } = &*stock;
        let mut photos = photos.clone();
        let photos_held = self.photos_held()?;
        let under_way = lock(&lock(&self.sync).under_way).clone();
        let (problem, tried_at, bytes_per_second) = {
            let state = lock(&self.sync);
            (state.problem.clone(), state.tried_at, state.bytes_per_second)
        };
        self.with(|session| {
            for photo in &mut photos {
                if let Some(moving) = under_way.get(&photo.sha256).filter(|_| photo.receipt.is_none()) {
                    photo.sent = photo.sent.max(moving.bytes);
                }
            }
            let own: Vec<&PhotoRow> =
                photos.iter().filter(|row| (row.here || row.receipt.is_some()) && !row.local).collect();
            let (total, received) =
                records.values().fold((0, 0), |(total, received), (t, r)| (total + t, received + r));
            Ok(SyncView {
                line,
                records_received: small(received),
                records_total: small(total),
                photos_received: u32::try_from(own.iter().filter(|row| row.receipt.is_some()).count())
                    .unwrap_or(u32::MAX),
                photos_total: u32::try_from(own.len()).unwrap_or(u32::MAX),
                bytes_received: own.iter().map(|row| if row.receipt.is_some() { row.bytes } else { row.sent }).sum(),
                bytes_total: own.iter().map(|row| row.bytes).sum(),
                bytes_per_second,
                photos_held,
                inspections: inspections(session, &stock, &photos, &under_way)?,
                quarantined: quarantined(session, &photos, set_apart)?,
                notices,
                problem,
                address: session.store.device().backend_address.clone(),
                tried_at: tried_at.map(|at| at.to_rfc3339()),
            })
        })
    }
}

/// Whether a photo of this device is to be brought to the backend.
pub(crate) fn waits(row: &PhotoRow) -> bool {
    row.here && row.receipt.is_none() && !row.local
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn inspections(
    session: &Session,
    stock: &Stock,
    photos: &[PhotoRow],
    under_way: &HashMap<Digest, Moving>,
) -> Result<Vec<InspectionSync>, AppError> {
    let labels = session.labels.or_read(&session.store, (), || labels(&session.store).map(Arc::new))?;
    let unnamed = Label::default();
    let mut views = Vec::new();
    for (inspection, (total, received)) in &stock.records {
        let Label { title, number, receipt } = labels.get(inspection).unwrap_or(&unnamed);
        let receipt = receipt.as_ref();
        let own: Vec<PhotoSync> = photos
            .iter()
            .filter(|row| row.inspection == *inspection && (row.here || row.receipt.is_some()))
            .zip(1..)
            .map(|(row, number)| photo_sync(row, number, under_way.get(&row.sha256)))
            .collect();
        views.push(InspectionSync {
            inspection: *inspection,
            title: title.clone(),
            number: number.clone(),
            records_received: small(*received),
            records_total: small(*total),
            photos: own,
            receipt: receipt.map(Receipt::number),
            received_at: receipt.map(|receipt| receipt.at.to_rfc3339()),
        });
    }
    let left = |view: &InspectionSync| {
        view.records_total > view.records_received || view.photos.iter().any(|photo| photo.receipt.is_none())
    };
    views.sort_by_key(|view| (!left(view), std::cmp::Reverse(view.received_at.clone())));
    Ok(views)
}

fn photo_sync(row: &PhotoRow, number: u32, moving: Option<&Moving>) -> PhotoSync {
    let receipt = row.receipt.as_deref().and_then(|text| serde_json::from_str::<PhotoReceipt>(text).ok());
    PhotoSync {
        item: row.item,
        number,
        caption: String::new(),
        sent: if receipt.is_some() { row.bytes } else { row.sent },
        bytes: row.bytes,
        bytes_per_second: moving.filter(|_| receipt.is_none()).map_or(0, |moving| moving.per_second),
        received_at: receipt.as_ref().map(|receipt| receipt.at.to_rfc3339()),
        receipt: receipt.map(|receipt| receipt.number()),
    }
}

fn quarantined(session: &Session, photos: &[PhotoRow], list: &[SetApart]) -> Result<Vec<Quarantined>, AppError> {
    list.iter().map(|one| quarantined_view(session, photos, one.clone())).collect()
}

fn quarantined_view(session: &Session, photos: &[PhotoRow], one: SetApart) -> Result<Quarantined, AppError> {
    let inspection = match one.stream {
        Some(stream) => session.store.inspection_of(stream)?,
        None => None,
    };
    let summary = inspection.map(|id| session.store.summary(id)).transpose()?.flatten().unwrap_or_default();
    let item: Option<ItemId> = photos.iter().find(|row| row.sha256 == one.id).map(|row| row.item);
    let slot = session.store.record(&one.id)?.and_then(|record| match record.body() {
        Some(veldboek_domain::Body::Written { register: veldboek_domain::RegisterKey::Answer(slot), .. }) => Some(slot),
        _ => None,
    });
    Ok(Quarantined {
        what: one.what,
        inspection,
        title: summary.address,
        subject: slot.as_ref().map(|slot| slot.question.clone()).unwrap_or_else(|| one.id.short()),
        slot,
        item,
        reason: one.reason,
        at: one.at,
    })
}
