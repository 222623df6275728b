//! The device's storage as the sync sees it.

use std::collections::{BTreeMap, BTreeSet};

use veldboek_domain::{
    ChainHead, ChainId, DeviceId, Digest, InspectionId, Record, RecordError, RecordId, SignedHead, StreamId,
};
use veldboek_store::{PhotoRow, Receipted, Store, StoreError};
use veldboek_sync::client::{Outgoing, ReadPhoto, UnderWay, WaitingPhoto};
use veldboek_sync::wire::{ChainEnd, Gap, RawRecord, Refusal, Refused, Withheld, framed_size};
use veldboek_sync::{PhotoReceipt, Receipt, Replica};

use crate::app::{App, Session};
use crate::error::AppError;
use crate::notices::note_restored;

/// Why a record does not go: its bytes do not have the hash that its name says.
const ROTTEN: &str = "rotten";

/// Gives the sync the app's storage, call by call, so that a screen never waits for the network. See [`App::replica`].
pub struct AppReplica<'a> {
    app: &'a App,
    device: DeviceId,
    /// Controles for which something came.
    pub(crate) touched: BTreeSet<InspectionId>,
    /// Whether anything came or was received at all.
    pub(crate) moved: bool,
}

impl App {
    /// The device's storage as the sync sees it, for who carries the requests by another line than the app's own.
    ///
    /// # Errors
    /// [`AppError::Locked`].
    pub fn replica(&self) -> Result<AppReplica<'_>, AppError> {
        let device = self.with(|session| Ok(session.store.device().id))?;
        Ok(AppReplica::new(self, device))
    }
}

impl<'a> AppReplica<'a> {
    pub(crate) fn new(app: &'a App, device: DeviceId) -> Self {
        Self { app, device, touched: BTreeSet::new(), moved: false }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Session) -> Result<T, AppError>) -> Result<T, AppError> {
        self.app.with(work)
    }

    /// Forgets what is in memory of the open controle when something came for it.
    fn touch(&mut self, streams: impl IntoIterator<Item = StreamId>) -> Result<(), AppError> {
        for stream in streams {
            if let Some(inspection) = self.with(|session| Ok(session.store.inspection_of(stream)?))? {
                self.touched.insert(inspection);
                self.moved = true;
            }
        }
        let touched = &self.touched;
        self.app.with(|session| {
            touched.iter().for_each(|inspection| session.forget(*inspection));
            Ok(())
        })
    }
}

impl Replica for AppReplica<'_> {
    type Error = AppError;

    fn device(&self) -> DeviceId {
        self.device
    }

    fn is_rotten(error: &AppError) -> bool {
        matches!(error, AppError::Store(StoreError::PhotoDamaged { .. } | StoreError::PhotoMissing { .. }))
    }

    fn outgoing(&mut self, max_bytes: usize, under_way: &UnderWay) -> Result<Option<Outgoing>, AppError> {
        let at = self.app.config.clock.stamp().at;
        self.with(|session| {
            let mut outgoing = Outgoing::default();
            let mut left = max_bytes;
            relay(&session.store, under_way, &mut outgoing, &mut left)?;
            own(&session.store, under_way, &mut outgoing, left)?;
            for one in outgoing.withheld.iter().filter(|one| one.reason == ROTTEN) {
                session.store.set_apart(&one.head.record, "record", Some(one.chain.stream), ROTTEN, at)?;
            }
            let is_empty = outgoing.records.is_empty() && outgoing.withheld.is_empty();
            Ok((!is_empty).then_some(outgoing))
        })
    }

    fn acknowledge(&mut self, receipts: &[Receipt]) -> Result<(), AppError> {
        let kept: Vec<Receipted> = receipts
            .iter()
            .map(|receipt| Receipted {
                chain: receipt.chain,
                seq: receipt.head.seq,
                receipt: serde_json::to_string(receipt).expect("a receipt serialises"),
            })
            .collect();
        self.with(|session| Ok(session.store.keep_receipts(&kept)?))?;
        self.touch(receipts.iter().map(|receipt| receipt.chain.stream))
    }

    fn quarantine(&mut self, refused: &[Refused]) -> Result<(), AppError> {
        let at = self.app.config.clock.stamp().at;
        self.with(|session| {
            for one in refused {
                session.store.set_apart(&one.record, "record", None, one.reason.code(), at)?;
            }
            Ok(())
        })
    }

    fn rewind(&mut self, gaps: &[Gap]) -> Result<(), AppError> {
        self.with(|session| {
            for gap in gaps {
                session.store.rewind(&gap.chain, gap.next)?;
            }
            Ok(())
        })?;
        self.touch(gaps.iter().map(|gap| gap.chain.stream))
    }

    fn fork(&mut self, chains: &[ChainId]) -> Result<(), AppError> {
        let at = self.app.config.clock.stamp().at;
        self.with(|session| {
            for chain in chains {
                if session.store.begin_epoch(chain)?
                    && let Some(inspection) = session.store.inspection_of(chain.stream)?
                {
                    note_restored(&mut session.store, inspection, at)?;
                }
            }
            Ok(())
        })
    }

    fn cursor(&self) -> Result<Option<String>, AppError> {
        self.with(|session| Ok(session.store.cursor()?))
    }

    fn receive(&mut self, records: Vec<RawRecord>, cursor: Option<&str>) -> Result<Vec<Refused>, AppError> {
        let mut refused = Vec::new();
        let mut whole: Vec<Record> = Vec::with_capacity(records.len());
        for raw in records {
            let id = raw.id();
            #[cfg(feature = "planted")]
            let raw = unchecked(raw);
            match Record::from_bytes(raw.header, raw.body) {
                Ok(record) => whole.push(record),
                Err(error) => refused.push(Refused { record: id, reason: refusal(&error) }),
            }
        }
        let at = self.app.config.clock.stamp().at;
        self.with(|session| {
            session.call_back(&whole, at)?;
            Ok(session.store.receive(&whole, cursor)?)
        })?;
        let streams: BTreeSet<StreamId> = whole.iter().map(|record| record.header().stream).collect();
        self.touch(streams)?;
        Ok(refused)
    }

    fn withhold(&mut self, withheld: &[Withheld]) -> Result<(), AppError> {
        self.with(|session| {
            for one in withheld {
                session.store.withhold(&one.chain, one.head, &one.reason)?;
            }
            Ok(())
        })
    }

    fn close_streams(&mut self, streams: &[StreamId]) -> Result<(), AppError> {
        self.with(|session| {
            for stream in streams {
                session.store.close_stream(*stream)?;
            }
            Ok(())
        })
    }

    fn digests(&self) -> Result<BTreeMap<StreamId, Digest>, AppError> {
        self.with(|session| Ok(session.store.digests()?))
    }

    fn ends(&self) -> Result<BTreeMap<StreamId, Vec<ChainEnd>>, AppError> {
        let ends = self.with(|session| Ok(session.store.all_ends()?))?;
        Ok(ends.into_iter().map(|(stream, ends)| (stream, ends.iter().map(chain_end).collect())).collect())
    }

    fn previews_waiting(&self) -> Result<Vec<Digest>, AppError> {
        let waits = |row: &PhotoRow| row.here && row.thumb && !row.thumb_sent && row.receipt.is_none() && !row.local;
        self.names(waits)
    }

    fn preview(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, AppError> {
        self.with(|session| Ok(session.store.thumb(sha256)?))
    }

    fn preview_sent(&mut self, sha256: &Digest) -> Result<(), AppError> {
        self.with(|session| Ok(session.store.note_thumb_sent(sha256)?))
    }

    fn previews_missing(&self) -> Result<Vec<Digest>, AppError> {
        self.names(|row| !row.here && !row.thumb && !row.local)
    }

    fn receive_preview(&mut self, sha256: &Digest, jpeg: &[u8]) -> Result<(), AppError> {
        // Made anew from its pixels: what somebody else's device sent is shown, not kept as it came.
        let Some(thumb) = crate::photos::thumb(jpeg) else { return Ok(()) };
        self.with(|session| Ok(session.store.receive_thumb(sha256, &thumb)?))?;
        self.touch_photo(sha256)
    }

    fn photos_waiting(&self) -> Result<Vec<WaitingPhoto>, AppError> {
        let waits = |row: &PhotoRow| row.here && row.receipt.is_none() && !row.local && row.set_apart.is_none();
        self.photos(waits)
    }

    fn acknowledge_photo(&mut self, receipt: &PhotoReceipt) -> Result<(), AppError> {
        let text = serde_json::to_string(receipt).expect("a receipt serialises");
        self.with(|session| Ok(session.store.keep_photo_receipt(&receipt.sha256, &text)?))
    }

    fn quarantine_photo(&mut self, sha256: &Digest, reason: &str) -> Result<(), AppError> {
        let at = self.app.config.clock.stamp().at;
        self.with(|session| Ok(session.store.set_apart(sha256, "photo", None, reason, at)?))
    }

    fn photo(&self, sha256: &Digest) -> Result<ReadPhoto<AppError>, AppError> {
        let sealed = self.with(|session| Ok(session.store.sealed_photo(sha256)?))?;
        Ok(Box::new(move || Ok(sealed.open()?)))
    }

    fn photos_missing(&self) -> Result<Vec<WaitingPhoto>, AppError> {
        let fetched = self.app.fetched_by_hand();
        self.photos(|row| !row.here && !row.local && !fetched.contains(&row.sha256))
    }

    fn photo_parts(&self, sha256: &Digest) -> Result<Vec<u8>, AppError> {
        self.with(|session| Ok(session.store.photo_parts(sha256)?))
    }

    fn keep_photo_part(&mut self, sha256: &Digest, from: u64, bytes: &[u8]) -> Result<(), AppError> {
        self.with(|session| match session.store.keep_photo_part(sha256, from, bytes) {
            // A part saves bytes after a kill; without room for it the photo may still come whole.
            Err(StoreError::Full) => Ok(()),
            kept => Ok(kept?),
        })
    }

    fn drop_photo_parts(&mut self, sha256: &Digest) -> Result<(), AppError> {
        self.with(|session| Ok(session.store.drop_photo_parts(sha256)?))
    }

    fn receive_photo(&mut self, sha256: &Digest, bytes: &[u8]) -> Result<(), AppError> {
        let thumb = crate::photos::thumb(bytes);
        self.with(|session| Ok(session.store.receive_photo(sha256, bytes, thumb.as_deref())?))?;
        self.touch_photo(sha256)
    }

    fn holds(&self, record: &RecordId) -> Result<bool, AppError> {
        self.with(|session| Ok(session.store.holds(record)?))
    }
}

impl AppReplica<'_> {
    /// Something of a photo came: who looks at its controle sees it.
    fn touch_photo(&mut self, sha256: &Digest) -> Result<(), AppError> {
        self.touched.extend(self.with(|session| Ok(session.store.inspections_of_photo(sha256)?))?);
        Ok(())
    }

    /// The names of photos of a kind.
    fn names(&self, wanted: impl Fn(&PhotoRow) -> bool) -> Result<Vec<Digest>, AppError> {
        Ok(self.photos(wanted)?.into_iter().map(|photo| photo.sha256).collect())
    }

    /// A photo as the sync asks for it.
    pub(crate) fn waiting(row: PhotoRow) -> WaitingPhoto {
        WaitingPhoto { sha256: row.sha256, bytes: row.bytes, media_type: row.media_type, stream: row.stream }
    }

    /// Photos of a kind, each once, oldest first; of those with which something is to be done.
    fn photos(&self, wanted: impl Fn(&PhotoRow) -> bool) -> Result<Vec<WaitingPhoto>, AppError> {
        let rows = self.with(|session| Ok(session.store.unsettled_photos()?))?;
        let mut known = BTreeSet::new();
        let rows = rows.into_iter().filter(|row| wanted(row) && known.insert(row.sha256));
        Ok(rows.map(Self::waiting).collect())
    }
}

/// Adds records of other devices that came by a hand-over: each chain up to the last head, signed by its own device, that
/// fits. They go first, since they may be what makes this person part of the team.
fn relay(store: &Store, under_way: &UnderWay, outgoing: &mut Outgoing, left: &mut usize) -> Result<(), StoreError> {
    for relay in store.relays()? {
        let from = under_way.get(&relay.chain).map_or(relay.from, |seq| relay.from.max(seq + 1));
        let mut longest = None;
        for head in relay.heads.into_iter().filter(|head| head.head.seq >= from) {
            // Where a record is missing or does not hold, what lies behind it can't be shown to belong to the chain.
            let Some(records) = store.way_back(&relay.chain, &head.head, from)? else { break };
            let size: usize = records.iter().map(framed_size).sum();
            let is_first = outgoing.records.is_empty() && longest.is_none();
            if size > *left && !is_first {
                break;
            }
            longest = Some((head, records, size));
        }
        if let Some((head, records, size)) = longest {
            *left = left.saturating_sub(size);
            outgoing.heads.push(head);
            outgoing.records.extend(records);
        }
    }
    Ok(())
}

/// Adds what this device wrote and has no receipt for.
fn own(store: &Store, under_way: &UnderWay, outgoing: &mut Outgoing, mut left: usize) -> Result<(), StoreError> {
    let chains = store.waiting_chains()?;
    if chains.is_empty() {
        return Ok(());
    }
    let key = store.device().key()?;
    for chain in chains {
        let waiting = store.waiting_records(&chain, under_way.get(&chain).copied(), left)?;
        let size: usize = waiting.records.iter().map(framed_size).sum();
        if size > left && !outgoing.records.is_empty() {
            break;
        }
        left = left.saturating_sub(size);
        let record_end = waiting.records.last().map(head_of);
        let withheld_end = waiting.withheld.last().map(|(head, _)| *head);
        let Some(end) = record_end.max(withheld_end) else { continue };
        outgoing.heads.push(SignedHead::sign(chain, end, &key));
        let withheld = waiting.withheld.into_iter();
        outgoing.withheld.extend(withheld.map(|(head, reason)| Withheld { chain, head, reason }));
        outgoing.records.extend(waiting.records);
        if left == 0 {
            break;
        }
    }
    Ok(())
}

/// The bug that is planted here: what does not have its hash is taken as if its body were erased.
#[cfg(feature = "planted")]
fn unchecked(raw: RawRecord) -> RawRecord {
    let bad = Record::from_bytes(raw.header.clone(), raw.body.clone()) == Err(RecordError::BodyHash);
    let taken = bad && veldboek_faults::is_planted(veldboek_faults::Bug::HashNotCheckedOnPull);
    if taken { RawRecord { body: None, ..raw } } else { raw }
}

fn head_of(record: &Record) -> ChainHead {
    ChainHead { seq: record.header().seq, record: record.id() }
}

pub(crate) fn chain_end((chain, head): &(ChainId, ChainHead)) -> ChainEnd {
    ChainEnd { device: chain.device, epoch: chain.epoch, seq: head.seq, record: head.record }
}

fn refusal(error: &RecordError) -> Refusal {
    match error {
        RecordError::UnreadableHeader(_) => Refusal::Unreadable,
        RecordError::BodyHash => Refusal::BodyHash,
        RecordError::TooLarge(_) => Refusal::TooLarge,
    }
}
