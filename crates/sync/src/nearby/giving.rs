//! The giving half of an exchange: records in batches that hold by themselves, and photos as they are asked for.

use std::collections::{BTreeMap, VecDeque};

use ed25519_dalek::SigningKey;
use veldboek_domain::{ChainHead, ChainId, DeviceCertificate, DeviceId, Digest, InspectionId, Record, SignedHead};

use super::message::{Batch, MAX_PART_BYTES, Message, Reason, Shared};
use super::talk::{Gift, Holdings, Progress, Trouble};
use crate::exchange::{CHECKPOINT_BYTES, Offer, PeerHolds};
use crate::wire::{RawRecord, framed_size};

/// How many requests of the other side may wait at once.
const MAX_WAITING: usize = 64;

/// Signs heads of this device's own chains, so that every batch ends in one.
#[derive(Clone)]
pub struct Signing {
    /// The device.
    pub device: DeviceId,
    /// Its key.
    pub key: SigningKey,
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signing").field("device", &self.device).finish_non_exhaustive()
    }
}

impl PartialEq for Signing {
    fn eq(&self, other: &Self) -> bool {
        self.device == other.device
    }
}

impl Signing {
    /// Heads of this device's own chains at the end of these records.
    fn heads(&self, records: &[Record]) -> Vec<SignedHead> {
        let mut last: BTreeMap<ChainId, &Record> = BTreeMap::new();
        for record in records.iter().filter(|record| record.header().device == self.device) {
            last.insert(record.header().chain(), record);
        }
        let sign = |(chain, record): (ChainId, &Record)| {
            let head = ChainHead { seq: record.header().seq, record: record.id() };
            SignedHead::sign(chain, head, &self.key)
        };
        last.into_iter().map(sign).collect()
    }
}

/// Records on their way out.
#[derive(Debug, Default)]
pub(super) struct Giving {
    queue: VecDeque<InspectionId>,
    batches: VecDeque<(Batch, Vec<Record>)>,
    records: VecDeque<Record>,
    /// The originals that the other side may ask for.
    photos: BTreeMap<Digest, u64>,
}

impl Giving {
    pub(super) fn queue(&mut self, inspection: InspectionId) {
        self.queue.push_back(inspection);
    }

    pub(super) fn say<H: Holdings>(
        &mut self,
        peer: &DeviceCertificate,
        theirs: &Option<Vec<Shared>>,
        progress: &mut Progress,
        holdings: &mut H,
    ) -> Result<Option<Message>, Trouble<H::Error>> {
        if let Some(record) = self.records.pop_front() {
            progress.given.records += 1;
            let (header, body) = (record.header_bytes().to_vec(), record.body_bytes().map(<[u8]>::to_vec));
            return Ok(Some(Message::Record(RawRecord { header, body })));
        }
        if self.batches.is_empty()
            && let Some(inspection) = self.queue.pop_front()
        {
            let nothing = PeerHolds::default();
            let held = theirs.iter().flatten().find(|one| one.inspection == inspection);
            let held = held.map_or(&nothing, |one| &one.holds);
            let gift = holdings.gift(peer, inspection, held).map_err(Trouble::Storage)?;
            self.photos.extend(gift.offer.photos.iter().map(|photo| (photo.sha256, photo.bytes)));
            self.batches = batches(gift);
        }
        let Some((batch, records)) = self.batches.pop_front() else { return Ok(None) };
        self.records = records.into();
        Ok(Some(Message::Offer(Box::new(batch))))
    }
}

/// Cuts a gift into batches that each can be judged alone: its own chains' heads are signed at the end of each, and what
/// speaks of the whole comes with the last.
fn batches(gift: Gift) -> VecDeque<(Batch, Vec<Record>)> {
    let Gift { offer, records, signing } = gift;
    let mut parts: Vec<Vec<Record>> = vec![Vec::new()];
    let mut bytes = 0;
    for record in records {
        bytes += framed_size(&record);
        if bytes > CHECKPOINT_BYTES && !parts.last().is_none_or(Vec::is_empty) {
            parts.push(Vec::new());
            bytes = framed_size(&record);
        }
        parts.last_mut().expect("there is a part").push(record);
    }
    let count = parts.len();
    let batch = |(at, records): (usize, Vec<Record>)| {
        let last = at + 1 == count;
        let mut offer = if last { offer.clone() } else { without_the_whole(&offer) };
        offer.records = records.len() as u64;
        offer.heads.extend(signing.iter().flat_map(|signing| signing.heads(&records)));
        (Batch { offer, last }, records)
    };
    parts.into_iter().enumerate().map(batch).collect()
}

fn without_the_whole(offer: &Offer) -> Offer {
    Offer { receipts: Vec::new(), photos: Vec::new(), ..offer.clone() }
}

/// What the other side asked for.
#[derive(Debug)]
enum Wanted {
    Preview(Digest),
    Photo(Digest, u64),
}

/// Photos on their way out.
#[derive(Debug, Default)]
pub(super) struct Serving {
    wanted: VecDeque<Wanted>,
    /// The original that is being given, and how far.
    open: Option<(Digest, Vec<u8>, usize)>,
}

impl Serving {
    pub(super) fn ask_preview(&mut self, photo: Digest, giving: &Giving) -> Result<(), Reason> {
        self.add(Wanted::Preview(photo), giving.photos.contains_key(&photo))
    }

    pub(super) fn ask_photo(&mut self, photo: Digest, from: u64, giving: &Giving) -> Result<(), Reason> {
        self.add(Wanted::Photo(photo, from), giving.photos.get(&photo).is_some_and(|bytes| from < *bytes))
    }

    /// Only what was offered is given, and only so much waits.
    fn add(&mut self, wanted: Wanted, is_offered: bool) -> Result<(), Reason> {
        if !is_offered || self.wanted.len() >= MAX_WAITING {
            return Err(Reason::Unreadable);
        }
        self.wanted.push_back(wanted);
        Ok(())
    }

    pub(super) fn say<H: Holdings>(
        &mut self,
        progress: &mut Progress,
        holdings: &mut H,
    ) -> Result<Option<Message>, Trouble<H::Error>> {
        if let Some((photo, bytes, at)) = self.open.take() {
            let end = bytes.len().min(at + MAX_PART_BYTES);
            let part = Message::Part(photo, at as u64, bytes[at..end].to_vec());
            progress.given.bytes += (end - at) as u64;
            if end < bytes.len() {
                self.open = Some((photo, bytes, end));
            } else {
                progress.given.photos += 1;
            }
            return Ok(Some(part));
        }
        match self.wanted.pop_front() {
            None => Ok(None),
            Some(Wanted::Preview(photo)) => {
                let jpeg = holdings.preview(&photo).map_err(Trouble::Storage)?;
                Ok(Some(Message::Preview(photo, jpeg)))
            }
            Some(Wanted::Photo(photo, from)) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX);
                match holdings.photo(&photo).map_err(Trouble::Storage)? {
                    Some(bytes) if from < bytes.len() => {
                        // What the other side has already counts as given.
                        progress.given.bytes += from as u64;
                        self.open = Some((photo, bytes, from));
                        self.say(progress, holdings)
                    }
                    _ => Ok(Some(Message::Gone(photo))),
                }
            }
        }
    }
}
