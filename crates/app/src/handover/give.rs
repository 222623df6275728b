//! Giving: what the other device may have of a controle, sealed into a file for it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;

use veldboek_domain::{
    ChainId, DeviceCertificate, Digest, Inspection, InspectionId, Record, RecordId, SignedHead, StreamId, StreamKind,
};
use veldboek_store::{PhotoRow, Store, StoreError, StreamContents, StreamRow};
use veldboek_sync::Receipt;
use veldboek_sync::envelope::{FORMAT, Preamble, Sealing};
use veldboek_sync::exchange::{Offer, OfferedPhoto, OfferedStream, PeerHolds, checkpoints, may_share};
use veldboek_sync::wire::{ChainEnd, Withheld};

use super::{FILE_ENDING, HandoverError, plain_name};
use crate::api::{HandoverMade, HandoverRequest};
use crate::app::{App, Session};
use crate::error::AppError;
use crate::replica::chain_end;

/// Where files lie until they are saved elsewhere. They are encrypted for their receiver alone.
const FOLDER: &str = "overdracht";

/// What goes over, before it is sealed.
struct Gift {
    preamble: Preamble,
    records: Vec<Record>,
    receiver: DeviceCertificate,
    key: ed25519_dalek::SigningKey,
    number: String,
    only_changes: bool,
}

impl App {
    /// Makes the file with which a controle goes to another device and tells about it; the bytes come with
    /// [`App::handover_bytes`]. Without `everything`, what the other device said to hold is left out.
    ///
    /// # Errors
    /// [`HandoverError::NotInTeam`], [`HandoverError::StaysHere`], [`HandoverError::NoCertificate`], a full storage.
    pub fn handover_export(&self, request: HandoverRequest) -> Result<HandoverMade, AppError> {
        let at = self.config.clock.stamp().at;
        let gift = self.with(|session| Gift::of(session, request, at))?;
        let path = self.handover_path(request);
        let folder = path.parent().expect("the file lies in a folder");
        // Only the last one is kept: it can be made again at any time.
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).map_err(StoreError::from)?;
        let photos_unread = self.seal(&gift, &path).inspect_err(|_| {
            let _ = fs::remove_file(&path);
        })?;
        let bytes = fs::metadata(&path).map_err(StoreError::from)?.len();
        let offer = &gift.preamble.offer;
        Ok(HandoverMade {
            file_name: format!("{}-{}.{FILE_ENDING}", plain_name(&gift.number), plain_name(&gift.receiver.name)),
            bytes,
            records: u32::try_from(offer.records).unwrap_or(u32::MAX),
            photos: u32::try_from(offer.photos.len()).unwrap_or(u32::MAX) - photos_unread,
            photos_unread,
            only_changes: gift.only_changes,
            device: gift.receiver.name,
            person: gift.receiver.person_name,
        })
    }

    /// The bytes of the file that [`App::handover_export`] made last for this request.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it was not made, or another one was made since.
    pub fn handover_bytes(&self, request: HandoverRequest) -> Result<Vec<u8>, AppError> {
        self.with(|_| Ok(()))?;
        fs::read(self.handover_path(request)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => AppError::NotFound("hand-over"),
            _ => StoreError::from(error).into(),
        })
    }

    fn handover_path(&self, request: HandoverRequest) -> PathBuf {
        let name = format!("{}-{}.{FILE_ENDING}", request.inspection, request.device);
        self.config.data.join(FOLDER).join(name)
    }

    /// Removes the file that was made of a controle, when it is the last one that was made. It can be made again as long as
    /// the controle is here.
    pub(crate) fn forget_handovers(&self, inspection: InspectionId) {
        let Ok(entries) = fs::read_dir(self.config.data.join(FOLDER)) else { return };
        let of_it = inspection.to_string();
        for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(&of_it)) {
            // It is encrypted for its receiver, and goes at the latest with the next hand-over.
            let _ = fs::remove_file(entry.path());
        }
    }

    /// Writes the file, photo by photo, so that the screen never waits long for the storage. Returns how many photos could not
    /// be read.
    fn seal(&self, gift: &Gift, path: &std::path::Path) -> Result<u32, AppError> {
        let file = BufWriter::with_capacity(256 * 1024, File::create(path).map_err(StoreError::from)?);
        let mut sealing = Sealing::begin(file, &gift.preamble, &gift.receiver.recipient)?;
        for record in &gift.records {
            sealing.record(record)?;
        }
        let mut unread = 0;
        for photo in &gift.preamble.offer.photos {
            match self.with(|session| Ok(session.store.photo(&photo.sha256)?)) {
                Ok(bytes) => sealing.photo(Some(&bytes))?,
                Err(AppError::Store(StoreError::PhotoMissing { .. } | StoreError::PhotoDamaged { .. })) => {
                    unread += 1;
                    sealing.photo(None)?;
                }
                Err(error) => return Err(error),
            }
        }
        let file = sealing.finish(&gift.key)?.into_inner().map_err(|error| StoreError::from(error.into_error()))?;
        file.sync_all().map_err(StoreError::from)?;
        Ok(unread)
    }
}

impl Gift {
    fn of(
        session: &mut Session,
        request: HandoverRequest,
        at: chrono::DateTime<chrono::FixedOffset>,
    ) -> Result<Self, AppError> {
        let store = &session.store;
        let giver = store.device().certificate.clone().ok_or(HandoverError::NoCertificate)?;
        let receiver = store.card(request.device)?.ok_or(AppError::NotFound("device"))?.card;
        let (state, _) = store.inspection(request.inspection)?;
        let streams = shared(store, request.inspection, &state, &receiver)?;
        let peer = match store.peer(request.device, request.inspection)? {
            Some(text) if !request.everything => serde_json::from_str::<PeerHolds>(&text).ok(),
            _ => None,
        };
        let (offer, records) = offer(store, request, &streams, &state, peer.as_ref())?;
        Ok(Self {
            preamble: Preamble { format: FORMAT, giver, receiver: receiver.device, at, offer },
            records,
            receiver,
            key: store.device().key()?,
            number: state.opening().map(|opening| opening.number.clone()).unwrap_or_default(),
            only_changes: peer.is_some(),
        })
    }
}

/// The streams that both may have, the team's first.
pub(crate) fn shared(
    store: &Store,
    inspection: InspectionId,
    state: &Inspection,
    receiver: &DeviceCertificate,
) -> Result<Vec<StreamRow>, AppError> {
    let mut rows = store.streams(inspection)?;
    if rows.is_empty() {
        return Err(AppError::NotFound("inspection"));
    }
    if rows.iter().any(|row| !row.kind.leaves_the_device()) {
        return Err(HandoverError::StaysHere.into());
    }
    if !super::is_member(state, receiver.person) {
        return Err(HandoverError::NotInTeam.into());
    }
    rows.retain(|row| !row.closed && may_share(&row.kind, receiver.role, &receiver.organisation));
    rows.sort_by_key(|row| row.kind != StreamKind::Team);
    match rows.first() {
        Some(first) if first.kind == StreamKind::Team => Ok(rows),
        // Who no longer reads the team's stream has nothing to give from it.
        _ => Err(AppError::NotAllowed),
    }
}

/// What is given of these streams to who holds this: everything when nothing is known of that.
pub(crate) fn offer(
    store: &Store,
    request: HandoverRequest,
    streams: &[StreamRow],
    state: &Inspection,
    peer: Option<&PeerHolds>,
) -> Result<(Offer, Vec<Record>), AppError> {
    let mut offer = Offer {
        inspection: request.inspection,
        streams: Vec::new(),
        heads: Vec::new(),
        receipts: Vec::new(),
        withheld: Vec::new(),
        cards: cards(store, request, state)?,
        holds: Vec::new(),
        records: 0,
        photos: Vec::new(),
    };
    let mut given = Vec::new();
    for row in streams {
        let ends: Vec<ChainEnd> = store.ends(row.stream)?.iter().map(chain_end).collect();
        let StreamContents { mut records, rotten } = store.stream_contents(row.stream)?;
        let held: HashSet<RecordId> = records.iter().map(Record::id).collect();
        let upto = |chain: &ChainId| peer.and_then(|peer| peer.upto(chain, &ends, &held));
        records.retain(|record| upto(&record.header().chain()).is_none_or(|upto| record.header().seq > upto));
        offer.heads.extend(heads(store, row.stream, &records)?);
        offer.receipts.extend(receipts(store, row.stream)?);
        let rotten = rotten.into_iter().map(|(chain, head)| (chain, head, "rotten".to_owned()));
        let withheld = store.withheld_of(row.stream)?.into_iter().chain(rotten);
        offer.withheld.extend(withheld.map(|(chain, head, reason)| Withheld { chain, head, reason }));
        offer.streams.push(OfferedStream { stream: row.stream, kind: row.kind.clone(), ends });
        given.append(&mut records);
    }
    let photos = photos(store, request.inspection, streams)?;
    offer.holds = photos.iter().map(|photo| photo.sha256).collect();
    let has = |photo: &OfferedPhoto| peer.is_some_and(|peer| peer.photos.contains(&photo.sha256));
    offer.photos = photos.into_iter().filter(|photo| !has(photo)).collect();
    offer.records = given.len() as u64;
    Ok((offer, given))
}

/// Heads for what is given: this device's own, signed now, and those of others that it holds.
fn heads(store: &Store, stream: StreamId, given: &[Record]) -> Result<Vec<SignedHead>, AppError> {
    let device = store.device();
    let key = device.key()?;
    let mut chains: BTreeMap<ChainId, Vec<&Record>> = BTreeMap::new();
    for record in given.iter().filter(|record| record.header().device == device.id) {
        chains.entry(record.header().chain()).or_default().push(record);
    }
    let mut heads = store.heads(stream)?;
    for (chain, mut records) in chains {
        records.sort_by_key(|record| record.header().seq);
        heads.extend(checkpoints(records).into_iter().map(|record| {
            let head = veldboek_domain::ChainHead { seq: record.header().seq, record: record.id() };
            SignedHead::sign(chain, head, &key)
        }));
    }
    // Ends of branches, where this device was restored from a backup.
    let own = store.ends(stream)?.into_iter().filter(|(chain, _)| chain.device == device.id);
    heads.extend(own.map(|(chain, head)| SignedHead::sign(chain, head, &key)));
    Ok(heads)
}

/// The backend's receipts as it gave them; none that it went back on since.
fn receipts(store: &Store, stream: StreamId) -> Result<Vec<Receipt>, AppError> {
    let kept = store.stream_receipts(stream)?.into_iter();
    let read = kept.filter_map(|kept| {
        let receipt: Receipt = serde_json::from_str(&kept.receipt).ok()?;
        (receipt.head.seq == kept.seq).then_some(receipt)
    });
    Ok(read.collect())
}

/// Cards of the team's other devices.
fn cards(store: &Store, request: HandoverRequest, state: &Inspection) -> Result<Vec<DeviceCertificate>, AppError> {
    let known = store.cards()?.into_iter().map(|known| known.card);
    Ok(known.filter(|card| card.device != request.device && super::is_member(state, card.person)).collect())
}

/// The photos of these streams whose originals are here, each once.
pub(crate) fn photos(
    store: &Store,
    inspection: InspectionId,
    streams: &[StreamRow],
) -> Result<Vec<OfferedPhoto>, AppError> {
    let shared: BTreeSet<StreamId> = streams.iter().map(|row| row.stream).collect();
    let mut known: BTreeSet<Digest> = BTreeSet::new();
    let is_given = |row: &PhotoRow| row.here && shared.contains(&row.stream);
    let rows = store.photos_of(inspection)?.into_iter().filter(is_given);
    Ok(rows
        .filter(|row| known.insert(row.sha256))
        .map(|row| OfferedPhoto { sha256: row.sha256, bytes: row.bytes })
        .collect())
}
