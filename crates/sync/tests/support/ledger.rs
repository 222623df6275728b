//! The backend's port, honestly, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use ed25519_dalek::VerifyingKey;
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{
    ChainHead, ChainId, DeviceId, InspectionId, OrganisationCode, PersonCard, PersonId, Record, RecordId, Role,
    StreamId, StreamKind,
};
use veldboek_sync::Ledger;
use veldboek_sync::server::{Bound, EnrolledDevice, LogEntry, Part, Peer, StreamInfo};
use veldboek_sync::wire::Withheld;

#[derive(Clone, Debug, Default)]
pub struct MemoryLedger {
    devices: BTreeMap<DeviceId, (VerifyingKey, PersonId)>,
    people: BTreeMap<PersonId, (Role, OrganisationCode)>,
    streams: BTreeMap<StreamId, StreamInfo>,
    members: BTreeSet<(InspectionId, PersonId)>,
    /// Number in the order is the index plus one.
    log: Vec<Logged>,
    records: BTreeMap<RecordId, Record>,
    withheld: BTreeMap<RecordId, Withheld>,
    heads: BTreeMap<ChainId, ChainHead>,
    /// Ends of second and further branches.
    branches: BTreeSet<(ChainId, ChainHead)>,
    forked: BTreeSet<RecordId>,
    grants: BTreeMap<(StreamId, PersonId), u64>,
    revoked: BTreeSet<(StreamId, PersonId)>,
}

#[derive(Clone, Copy, Debug)]
enum Logged {
    Record(RecordId),
    Granted(StreamId, PersonId),
}

impl MemoryLedger {
    pub fn enrol(&mut self, peer: &Peer) {
        let key = super::replica::device_key(peer.device);
        self.devices.insert(peer.device, (key.verifying_key(), peer.person));
        self.people.insert(peer.person, (peer.role, peer.organisation.clone()));
    }

    pub fn record(&self, id: &RecordId) -> Option<&Record> {
        self.records.get(id)
    }

    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// Forgets everything of a chain from a number on, as a backend does that was restored from a backup.
    pub fn forget(&mut self, chain: ChainId, from: u64) {
        let gone: BTreeSet<RecordId> = self
            .records
            .values()
            .filter(|record| record.header().chain() == chain && record.header().seq >= from)
            .map(Record::id)
            .collect();
        self.records.retain(|id, _| !gone.contains(id));
        self.log.retain(|entry| !matches!(entry, Logged::Record(id) if gone.contains(id)));
        let last = self.records.values().filter(|record| record.header().chain() == chain);
        let last = last.max_by_key(|record| record.header().seq).unwrap();
        self.heads.insert(chain, ChainHead { seq: last.header().seq, record: last.id() });
    }

    fn grant(&mut self, stream: StreamId, person: PersonId) {
        let Some((role, organisation)) = self.people.get(&person) else { return };
        let info = &self.streams[&stream];
        let member = self.members.contains(&(info.inspection, person));
        let allowed = may_use_stream(&info.kind, *role, organisation, member);
        if allowed && !self.grants.contains_key(&(stream, person)) {
            self.log.push(Logged::Granted(stream, person));
            self.grants.insert((stream, person), self.log.len() as u64);
            self.revoked.remove(&(stream, person));
        }
    }

    fn advance(&mut self, chain: ChainId, prev: Option<RecordId>, head: ChainHead, forked: bool) {
        if forked {
            self.branches.retain(|(known, end)| !(*known == chain && Some(end.record) == prev));
            self.branches.insert((chain, head));
            self.forked.insert(head.record);
        } else {
            self.heads.insert(chain, head);
        }
    }
}

impl Ledger for MemoryLedger {
    type Error = Infallible;

    fn device(&self, device: DeviceId) -> Result<Option<EnrolledDevice>, Infallible> {
        let Some((key, owner)) = self.devices.get(&device).copied() else { return Ok(None) };
        let (role, organisation) = self.people[&owner].clone();
        Ok(Some(EnrolledDevice { key, owner, organisation, role }))
    }

    fn stream(&self, stream: StreamId) -> Result<Option<StreamInfo>, Infallible> {
        Ok(self.streams.get(&stream).cloned())
    }

    fn is_member(&self, inspection: InspectionId, person: PersonId) -> Result<bool, Infallible> {
        Ok(self.members.contains(&(inspection, person)))
    }

    fn inspection_exists(&self, inspection: InspectionId) -> Result<bool, Infallible> {
        Ok(self.streams.values().any(|info| info.inspection == inspection))
    }

    fn head(&self, chain: &ChainId) -> Result<Option<ChainHead>, Infallible> {
        Ok(self.heads.get(chain).copied())
    }

    fn holds(&self, record: &RecordId) -> Result<bool, Infallible> {
        Ok(self.records.contains_key(record) || self.withheld.contains_key(record))
    }

    fn open_stream(&mut self, stream: StreamId, info: &StreamInfo, opener: PersonId) -> Result<(), Infallible> {
        self.streams.insert(stream, info.clone());
        if info.kind == StreamKind::Team {
            self.members.insert((info.inspection, opener));
        }
        for person in self.people.keys().copied().collect::<Vec<_>>() {
            self.grant(stream, person);
        }
        Ok(())
    }

    fn append(&mut self, record: &Record, forked: bool) -> Result<(), Infallible> {
        let header = record.header();
        self.advance(header.chain(), header.prev, ChainHead { seq: header.seq, record: record.id() }, forked);
        self.records.insert(record.id(), record.clone());
        self.log.push(Logged::Record(record.id()));
        Ok(())
    }

    fn withhold(&mut self, withheld: &Withheld, forked: bool) -> Result<(), Infallible> {
        let behind =
            |(chain, end): &&(ChainId, ChainHead)| *chain == withheld.chain && end.seq + 1 == withheld.head.seq;
        let prev = self.branches.iter().find(behind).map(|(_, end)| end.record);
        self.advance(withheld.chain, prev, withheld.head, forked);
        self.withheld.insert(withheld.head.record, withheld.clone());
        Ok(())
    }

    fn withheld(&self, stream: StreamId) -> Result<Vec<Withheld>, Infallible> {
        Ok(self.withheld.values().filter(|one| one.chain.stream == stream).cloned().collect())
    }

    fn add_member(&mut self, inspection: InspectionId, member: &PersonCard) -> Result<(), Infallible> {
        self.members.insert((inspection, member.person));
        let of_inspection = self.streams.iter().filter(|(_, info)| info.inspection == inspection);
        for stream in of_inspection.map(|(stream, _)| *stream).collect::<Vec<_>>() {
            self.grant(stream, member.person);
        }
        Ok(())
    }

    fn remove_member(&mut self, inspection: InspectionId, person: PersonId) -> Result<(), Infallible> {
        self.members.remove(&(inspection, person));
        for (stream, info) in &self.streams {
            if info.inspection == inspection && self.grants.remove(&(*stream, person)).is_some() {
                self.revoked.insert((*stream, person));
            }
        }
        Ok(())
    }

    fn readable(&self, peer: &Peer) -> Result<BTreeMap<StreamId, u64>, Infallible> {
        let own = self.grants.iter().filter(|((_, person), _)| *person == peer.person);
        Ok(own.map(|((stream, _), n)| (*stream, *n)).collect())
    }

    fn revoked(&self, peer: &Peer, _: &BTreeMap<StreamId, u64>) -> Result<Vec<StreamId>, Infallible> {
        Ok(self.revoked.iter().filter(|(_, person)| *person == peer.person).map(|(stream, _)| *stream).collect())
    }

    fn log_after(
        &self,
        peer: &Peer,
        streams: &BTreeMap<StreamId, u64>,
        after: u64,
        bound: Bound,
    ) -> Result<Part<LogEntry>, Infallible> {
        let numbered = self.log.iter().zip(1u64..).filter(|(_, n)| *n > after);
        let entries = numbered.filter_map(|(entry, n)| match entry {
            Logged::Record(id) => {
                let record = &self.records[id];
                let readable = streams.contains_key(&record.header().stream);
                readable.then(|| LogEntry::Record { n, record: Box::new(record.clone()) })
            }
            Logged::Granted(stream, person) => {
                (*person == peer.person).then_some(LogEntry::Granted { n, stream: *stream })
            }
        });
        bound.read(entries.map(Ok), size_of)
    }

    fn stream_records(
        &self,
        stream: StreamId,
        after: u64,
        upto: u64,
        bound: Bound,
    ) -> Result<Part<(u64, Record)>, Infallible> {
        let numbered = self.log.iter().zip(1u64..).filter(|(_, n)| *n > after && *n <= upto);
        let records = numbered.filter_map(|(entry, n)| match entry {
            Logged::Record(id) => Some((n, self.records[id].clone())),
            Logged::Granted(..) => None,
        });
        let of_stream = records.filter(|(_, record)| record.header().stream == stream);
        bound.read(of_stream.map(Ok), |(_, record)| record.size())
    }

    fn ends(&self, stream: StreamId) -> Result<Vec<(ChainId, ChainHead)>, Infallible> {
        let heads = self.heads.iter().map(|(chain, head)| (*chain, *head));
        let all = heads.chain(self.branches.iter().copied());
        Ok(all.filter(|(chain, _)| chain.stream == stream).collect())
    }

    fn chain_records(&self, chain: &ChainId, from: u64, limit: usize) -> Result<Vec<Record>, Infallible> {
        let of_chain = self.records.values().filter(|record| record.header().chain() == *chain);
        let mut found: Vec<&Record> =
            of_chain.filter(|record| record.header().seq >= from || self.forked.contains(&record.id())).collect();
        found.sort_by_key(|record| (record.header().seq, record.id()));
        Ok(found.into_iter().take(limit).cloned().collect())
    }
}

fn size_of(entry: &LogEntry) -> usize {
    match entry {
        LogEntry::Record { record, .. } => record.size(),
        LogEntry::Granted { .. } => 0,
    }
}
