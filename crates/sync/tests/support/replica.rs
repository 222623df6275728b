//! The device's port, honestly, in memory.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use ed25519_dalek::SigningKey;
use veldboek_domain::chain::stream_digest;
use veldboek_domain::{
    Body, ChainHead, ChainId, ChainWriter, DeviceId, Digest, Record, RecordError, RecordId, SignedHead, Stamp,
    StreamId, StreamKind,
};
use veldboek_sync::client::{Outgoing, ReadPhoto, Replica, UnderWay, WaitingPhoto};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{ChainEnd, Gap, RawRecord, Refusal, Refused, Withheld, framed_size};
use veldboek_sync::{PhotoReceipt, Receipt};

#[derive(Debug, thiserror::Error)]
#[error("rotten")]
pub struct Broken;

pub fn device_key(device: DeviceId) -> SigningKey {
    SigningKey::from_bytes(&Digest::of(device.0.as_bytes()).0)
}

#[derive(Clone, Debug)]
pub struct MemoryReplica {
    pub peer: Peer,
    pub records: BTreeMap<RecordId, Record>,
    /// Own records that will not come, with their place, and those of others.
    pub withheld: BTreeMap<RecordId, Withheld>,
    pub quarantined: BTreeMap<RecordId, Refusal>,
    /// Own records whose body is changed on its way out.
    pub poisoned: BTreeSet<RecordId>,
    pub closed: BTreeSet<StreamId>,
    /// How wrong its clock is.
    pub ahead: TimeDelta,
    pub forks: Vec<ChainId>,
    pub receipts: Vec<Receipt>,
    /// Originals by the name that their records give them.
    pub photos: BTreeMap<Digest, Vec<u8>>,
    pub photos_waiting: Vec<WaitingPhoto>,
    pub photos_missing: Vec<WaitingPhoto>,
    pub parts: BTreeMap<Digest, Vec<u8>>,
    pub previews: BTreeMap<Digest, Vec<u8>>,
    pub previews_waiting: Vec<Digest>,
    pub previews_missing: Vec<Digest>,
    pub photo_receipts: Vec<PhotoReceipt>,
    pub photos_apart: Vec<(Digest, String)>,
    /// Streams that never leave.
    local: BTreeSet<StreamId>,
    cursor: Option<String>,
    epoch: u32,
    written: u64,
    heads: BTreeMap<ChainId, ChainHead>,
    /// Own chains: the next number that needs a receipt.
    unreceipted: BTreeMap<ChainId, u64>,
    stopped: BTreeSet<ChainId>,
}

impl MemoryReplica {
    pub fn new(peer: &Peer) -> Self {
        Self {
            peer: peer.clone(),
            records: BTreeMap::new(),
            withheld: BTreeMap::new(),
            quarantined: BTreeMap::new(),
            poisoned: BTreeSet::new(),
            closed: BTreeSet::new(),
            ahead: TimeDelta::zero(),
            forks: Vec::new(),
            receipts: Vec::new(),
            photos: BTreeMap::new(),
            photos_waiting: Vec::new(),
            photos_missing: Vec::new(),
            parts: BTreeMap::new(),
            previews: BTreeMap::new(),
            previews_waiting: Vec::new(),
            previews_missing: Vec::new(),
            photo_receipts: Vec::new(),
            photos_apart: Vec::new(),
            local: BTreeSet::new(),
            cursor: None,
            epoch: 0,
            written: 0,
            heads: BTreeMap::new(),
            unreceipted: BTreeMap::new(),
            stopped: BTreeSet::new(),
        }
    }

    /// Writes a record on this device's chain of a stream.
    pub fn write(&mut self, stream: StreamId, body: &Body) -> RecordId {
        let chain = ChainId { stream, device: self.peer.device, epoch: self.epoch };
        let mut writer = ChainWriter::new(chain, self.heads.get(&chain).copied());
        self.written += 1;
        if let Body::StreamOpened { stream_kind: StreamKind::Coach, .. } = body {
            self.local.insert(stream);
        }
        let stamp = Stamp { at: super::noon() + self.ahead, uptime_ms: self.written };
        let record = writer.write(body, &super::author(&self.peer), stamp, Vec::new()).unwrap();
        self.heads.insert(chain, writer.head().unwrap());
        let id = record.id();
        self.records.insert(id, record);
        id
    }

    pub fn chain(&self, stream: StreamId, epoch: u32) -> ChainId {
        ChainId { stream, device: self.peer.device, epoch }
    }

    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Its bytes can no longer be read: what is left is its place in the chain.
    pub fn rot(&mut self, id: RecordId) {
        let record = self.records.remove(&id).unwrap();
        let head = ChainHead { seq: record.header().seq, record: id };
        self.withheld.insert(id, Withheld { chain: record.header().chain(), head, reason: "rotten".into() });
    }

    fn leaves(&self, stream: StreamId) -> bool {
        !self.closed.contains(&stream) && !self.local.contains(&stream)
    }

    /// Id, number and predecessor of everything known of each chain, by number. The predecessor of a withheld record is
    /// the one before it.
    fn places(&self) -> BTreeMap<ChainId, Vec<(ChainHead, Option<RecordId>)>> {
        let mut chains: BTreeMap<ChainId, Vec<(ChainHead, Option<RecordId>)>> = BTreeMap::new();
        for record in self.records.values() {
            let head = ChainHead { seq: record.header().seq, record: record.id() };
            chains.entry(record.header().chain()).or_default().push((head, record.header().prev));
        }
        for withheld in self.withheld.values().filter(|one| !self.records.contains_key(&one.head.record)) {
            let known = chains.entry(withheld.chain).or_default();
            let prev = known.iter().map(|(head, _)| *head);
            let others = self.withheld.values().filter(|one| one.chain == withheld.chain).map(|one| one.head);
            let before = prev.chain(others).find(|head| head.seq + 1 == withheld.head.seq);
            known.push((withheld.head, before.map(|head| head.record)));
        }
        for places in chains.values_mut() {
            places.sort_by_key(|(head, _)| (head.seq, head.record));
        }
        chains
    }

    /// The record before a withheld one, of which nothing but the place is known.
    fn before(&self, chain: &ChainId, seq: u64) -> Option<RecordId> {
        let places = self.places().remove(chain).unwrap_or_default();
        places.into_iter().find(|(head, _)| head.seq + 1 == seq).map(|(head, _)| head.record)
    }

    /// The ends of a chain's branches without a gap before them.
    fn tips(places: &[(ChainHead, Option<RecordId>)]) -> Vec<ChainHead> {
        let mut whole: BTreeMap<RecordId, ChainHead> = BTreeMap::new();
        let mut followed = BTreeSet::new();
        for (head, prev) in places {
            if head.seq == 0 || prev.is_some_and(|prev| whole.contains_key(&prev)) {
                whole.insert(head.record, *head);
                followed.extend(*prev);
            }
        }
        whole.into_values().filter(|head| !followed.contains(&head.record)).collect()
    }

    /// Takes a photo, named by these bytes; what is on disk may be others.
    pub fn photograph(&mut self, stream: StreamId, named_by: &[u8], on_disk: Vec<u8>) -> WaitingPhoto {
        let sha256 = Digest::of(named_by);
        let photo = WaitingPhoto { sha256, bytes: named_by.len() as u64, media_type: "image/jpeg".into(), stream };
        self.photos.insert(sha256, on_disk);
        self.photos_waiting.push(photo.clone());
        photo
    }

    /// An own chain's records from a number on, along the branch that this device wrote.
    fn own_branch(&self, chain: &ChainId, from: u64) -> Vec<ChainHead> {
        let mut at = self.heads.get(chain).copied();
        let mut branch = Vec::new();
        while let Some(head) = at.filter(|head| head.seq >= from) {
            branch.push(head);
            let prev = match self.records.get(&head.record) {
                Some(record) => record.header().prev,
                None => self.before(chain, head.seq),
            };
            at = prev.map(|record| ChainHead { seq: head.seq - 1, record });
        }
        branch.reverse();
        branch
    }
}

impl Replica for MemoryReplica {
    type Error = Broken;

    fn device(&self) -> DeviceId {
        self.peer.device
    }

    fn is_rotten(_: &Broken) -> bool {
        true
    }

    fn outgoing(&mut self, max_bytes: usize, under_way: &UnderWay) -> Result<Option<Outgoing>, Broken> {
        let mut outgoing = Outgoing::default();
        let mut bytes = 0;
        let chains: Vec<ChainId> = self.heads.keys().copied().collect();
        for chain in chains.into_iter().filter(|chain| !self.stopped.contains(chain) && self.leaves(chain.stream)) {
            let mut last = None;
            let from = self.unreceipted.get(&chain).copied().unwrap_or(0);
            let from = from.max(under_way.get(&chain).map_or(0, |seq| seq + 1));
            for head in self.own_branch(&chain, from) {
                match self.records.get(&head.record).filter(|record| !self.quarantined.contains_key(&record.id())) {
                    Some(record) => {
                        bytes += framed_size(record);
                        if bytes > max_bytes {
                            break;
                        }
                        outgoing.records.push(record.clone());
                    }
                    None => {
                        let reason = self.quarantined.get(&head.record).map_or("rotten", |reason| reason.code());
                        outgoing.withheld.push(Withheld { chain, head, reason: reason.into() });
                    }
                }
                last = Some(head);
            }
            outgoing.heads.extend(last.map(|head| SignedHead::sign(chain, head, &device_key(chain.device))));
        }
        Ok((!outgoing.heads.is_empty()).then_some(outgoing))
    }

    fn acknowledge(&mut self, receipts: &[Receipt]) -> Result<(), Broken> {
        for receipt in receipts {
            let next = self.unreceipted.entry(receipt.chain).or_default();
            *next = (*next).max(receipt.head.seq + 1);
        }
        self.receipts.extend_from_slice(receipts);
        Ok(())
    }

    fn quarantine(&mut self, refused: &[Refused]) -> Result<(), Broken> {
        for one in refused {
            self.quarantined.insert(one.record, one.reason);
            if matches!(one.reason, Refusal::NotAllowed | Refusal::Signature | Refusal::Stream) {
                let chain = self.records.get(&one.record).map(|record| record.header().chain());
                self.stopped.extend(chain.or_else(|| self.withheld.get(&one.record).map(|one| one.chain)));
            }
        }
        Ok(())
    }

    fn rewind(&mut self, gaps: &[Gap]) -> Result<(), Broken> {
        for gap in gaps {
            self.unreceipted.insert(gap.chain, gap.next);
        }
        Ok(())
    }

    fn fork(&mut self, chains: &[ChainId]) -> Result<(), Broken> {
        if chains.iter().any(|chain| chain.epoch == self.epoch) {
            self.epoch += 1;
        }
        self.forks.extend_from_slice(chains);
        Ok(())
    }

    fn cursor(&self) -> Result<Option<String>, Broken> {
        Ok(self.cursor.clone())
    }

    fn receive(&mut self, records: Vec<RawRecord>, cursor: Option<&str>) -> Result<Vec<Refused>, Broken> {
        let mut refused = Vec::new();
        for raw in records {
            let id = raw.id();
            match Record::from_bytes(raw.header, raw.body) {
                Ok(record) => {
                    self.quarantined.remove(&id);
                    self.closed.remove(&record.header().stream);
                    self.keep(record);
                    self.stopped.retain(|chain| {
                        let of_chain =
                            |id: &&RecordId| self.records.get(*id).is_some_and(|r| r.header().chain() == *chain);
                        self.quarantined.keys().any(|id| of_chain(&id))
                    });
                }
                Err(error) => {
                    let reason = match error {
                        RecordError::BodyHash => Refusal::BodyHash,
                        RecordError::TooLarge(_) => Refusal::TooLarge,
                        RecordError::UnreadableHeader(_) => Refusal::Unreadable,
                    };
                    refused.push(Refused { record: id, reason });
                }
            }
        }
        self.cursor = cursor.map(str::to_owned).or(self.cursor.take());
        Ok(refused)
    }

    fn withhold(&mut self, withheld: &[Withheld]) -> Result<(), Broken> {
        for one in withheld {
            self.withheld.entry(one.head.record).or_insert_with(|| one.clone());
        }
        Ok(())
    }

    fn close_streams(&mut self, streams: &[StreamId]) -> Result<(), Broken> {
        self.closed.extend(streams);
        Ok(())
    }

    fn digests(&self) -> Result<BTreeMap<StreamId, Digest>, Broken> {
        let digests = self.ends()?.into_iter().map(|(stream, ends)| {
            let ends = ends.into_iter().map(|end| {
                let chain = ChainId { stream, device: end.device, epoch: end.epoch };
                (chain, ChainHead { seq: end.seq, record: end.record })
            });
            (stream, stream_digest(ends))
        });
        Ok(digests.collect())
    }

    fn ends(&self) -> Result<BTreeMap<StreamId, Vec<ChainEnd>>, Broken> {
        let mut ends: BTreeMap<StreamId, Vec<ChainEnd>> = BTreeMap::new();
        for (chain, mut places) in self.places() {
            if !self.leaves(chain.stream) {
                continue;
            }
            if self.stopped.contains(&chain) {
                let next = self.unreceipted.get(&chain).copied().unwrap_or(0);
                places.retain(|(head, _)| head.seq < next);
            }
            let tips = Self::tips(&places).into_iter().map(|head| ChainEnd {
                device: chain.device,
                epoch: chain.epoch,
                seq: head.seq,
                record: head.record,
            });
            ends.entry(chain.stream).or_default().extend(tips);
        }
        ends.retain(|_, ends| !ends.is_empty());
        Ok(ends)
    }

    fn previews_waiting(&self) -> Result<Vec<Digest>, Broken> {
        Ok(self.previews_waiting.clone())
    }

    fn preview(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, Broken> {
        Ok(self.previews.get(sha256).cloned())
    }

    fn preview_sent(&mut self, sha256: &Digest) -> Result<(), Broken> {
        self.previews_waiting.retain(|waiting| waiting != sha256);
        Ok(())
    }

    fn previews_missing(&self) -> Result<Vec<Digest>, Broken> {
        Ok(self.previews_missing.clone())
    }

    fn receive_preview(&mut self, sha256: &Digest, jpeg: &[u8]) -> Result<(), Broken> {
        self.previews_missing.retain(|missing| missing != sha256);
        self.previews.insert(*sha256, jpeg.to_vec());
        Ok(())
    }

    fn photos_waiting(&self) -> Result<Vec<WaitingPhoto>, Broken> {
        Ok(self.photos_waiting.clone())
    }

    fn acknowledge_photo(&mut self, receipt: &PhotoReceipt) -> Result<(), Broken> {
        self.photos_waiting.retain(|photo| photo.sha256 != receipt.sha256);
        self.photo_receipts.push(receipt.clone());
        Ok(())
    }

    fn quarantine_photo(&mut self, sha256: &Digest, reason: &str) -> Result<(), Broken> {
        self.photos_waiting.retain(|photo| photo.sha256 != *sha256);
        self.photos_apart.push((*sha256, reason.to_owned()));
        Ok(())
    }

    fn photo(&self, sha256: &Digest) -> Result<ReadPhoto<Broken>, Broken> {
        let bytes = self.photos.get(sha256).filter(|bytes| Digest::of(bytes) == *sha256).cloned();
        Ok(Box::new(move || bytes.ok_or(Broken)))
    }

    fn photos_missing(&self) -> Result<Vec<WaitingPhoto>, Broken> {
        Ok(self.photos_missing.clone())
    }

    fn photo_parts(&self, sha256: &Digest) -> Result<Vec<u8>, Broken> {
        Ok(self.parts.get(sha256).cloned().unwrap_or_default())
    }

    fn keep_photo_part(&mut self, sha256: &Digest, from: u64, bytes: &[u8]) -> Result<(), Broken> {
        let parts = self.parts.entry(*sha256).or_default();
        assert_eq!(parts.len() as u64, from, "parts come one behind the other");
        parts.extend_from_slice(bytes);
        Ok(())
    }

    fn drop_photo_parts(&mut self, sha256: &Digest) -> Result<(), Broken> {
        self.parts.remove(sha256);
        Ok(())
    }

    fn receive_photo(&mut self, sha256: &Digest, bytes: &[u8]) -> Result<(), Broken> {
        if Digest::of(bytes) != *sha256 {
            return Err(Broken);
        }
        self.photos_missing.retain(|photo| photo.sha256 != *sha256);
        self.parts.remove(sha256);
        self.photos.insert(*sha256, bytes.to_vec());
        Ok(())
    }

    fn holds(&self, record: &RecordId) -> Result<bool, Broken> {
        Ok(self.records.contains_key(record) || self.withheld.contains_key(record))
    }
}

impl MemoryReplica {
    fn keep(&mut self, record: Record) {
        let (chain, seq) = (record.header().chain(), record.header().seq);
        let prev = record.header().prev;
        let continues = self.heads.get(&chain).map(|head| head.record) == prev;
        if chain.device == self.peer.device && !self.records.contains_key(&record.id()) && continues {
            self.heads.insert(chain, ChainHead { seq, record: record.id() });
            let next = self.unreceipted.entry(chain).or_default();
            *next = (*next).max(seq + 1);
        }
        self.records.entry(record.id()).or_insert(record);
    }
}
