//! What the backend's storage offers to its half of the sync.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use veldboek_domain::{
    ChainHead, ChainId, DeviceId, InspectionId, OrganisationCode, PersonCard, PersonId, Record, RecordId, Role,
    StreamId, StreamKind,
};

use crate::wire::Withheld;

/// Who asks: the person and device of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The device.
    pub device: DeviceId,
    /// The person to whom it was given.
    pub person: PersonId,
    /// The person's organisation.
    pub organisation: OrganisationCode,
    /// The person's role.
    pub role: Role,
}

/// What the backend knows of an enrolled device and of the person to whom it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledDevice {
    /// The device's key.
    pub key: VerifyingKey,
    /// The person.
    pub owner: PersonId,
    /// The person's organisation.
    pub organisation: OrganisationCode,
    /// The person's role.
    pub role: Role,
}

/// What the backend knows of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// The controle.
    pub inspection: InspectionId,
    /// What it is for.
    pub kind: StreamKind,
}

/// An entry of the backend's own order. One writer gives the numbers, so a cursor can't skip one.
#[derive(Clone, Debug, PartialEq)]
pub enum LogEntry {
    /// A record arrived.
    Record {
        /// Its number in the order.
        n: u64,
        /// The record.
        record: Box<Record>,
    },
    /// From here on a person may read a stream; what came before is sent whole.
    Granted {
        /// Its number in the order.
        n: u64,
        /// The stream.
        stream: StreamId,
    },
}

impl LogEntry {
    /// The entry's number in the order.
    pub fn n(&self) -> u64 {
        match self {
            Self::Record { n, .. } | Self::Granted { n, .. } => *n,
        }
    }
}

/// How much of the order is read at once.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The most entries.
    pub entries: usize,
    /// No more is read once the records have this many bytes; one more than these may be given.
    pub bytes: usize,
}

/// A part of the order.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// Its entries, in order.
    pub entries: Vec<T>,
    /// Whether it ends where the order ends; otherwise the bound ended it.
    pub is_last: bool,
}

impl Bound {
    /// Reads until the bound: `size` says how many bytes an entry has.
    ///
    /// # Errors
    /// The first failure to read.
    pub fn read<T, E>(
        self,
        entries: impl IntoIterator<Item = Result<T, E>>,
        size: impl Fn(&T) -> usize,
    ) -> Result<Part<T>, E> {
        let mut part = Part { entries: Vec::new(), is_last: true };
        let mut bytes = 0;
        for entry in entries {
            if part.entries.len() == self.entries || bytes > self.bytes {
                part.is_last = false;
                break;
            }
            let entry = entry?;
            bytes += size(&entry);
            part.entries.push(entry);
        }
        Ok(part)
    }
}

/// What the backend's storage offers to this half. Adapters differ, the decisions are here.
pub trait Ledger {
    /// The adapter's own failure.
    type Error;

    /// An enrolled device, also one that was blocked since: it gets no session, but what it wrote before can be brought by
    /// a colleague's.
    fn device(&self, device: DeviceId) -> Result<Option<EnrolledDevice>, Self::Error>;
    /// What is known of a stream.
    fn stream(&self, stream: StreamId) -> Result<Option<StreamInfo>, Self::Error>;
    /// Whether a person takes part in a controle.
    fn is_member(&self, inspection: InspectionId, person: PersonId) -> Result<bool, Self::Error>;
    /// Whether anybody opened this controle before.
    fn inspection_exists(&self, inspection: InspectionId) -> Result<bool, Self::Error>;
    /// The end of a chain's first branch.
    fn head(&self, chain: &ChainId) -> Result<Option<ChainHead>, Self::Error>;
    /// Whether a record is held (or known to be withheld).
    fn holds(&self, record: &RecordId) -> Result<bool, Self::Error>;

    /// Registers a stream with its first record; whoever opens a team stream takes part in the controle.
    fn open_stream(&mut self, stream: StreamId, info: &StreamInfo, opener: PersonId) -> Result<(), Self::Error>;
    /// Stores a record and gives it the next number. `forked` when it is on a second branch of its chain.
    fn append(&mut self, record: &Record, forked: bool) -> Result<(), Self::Error>;
    /// Notes that a record will not come, so that its chain (or, when `forked`, another branch of it) goes on over it.
    /// Its number and id count for [`Ledger::head`], [`Ledger::ends`] and [`Ledger::holds`] as if it were there.
    fn withhold(&mut self, withheld: &Withheld, forked: bool) -> Result<(), Self::Error>;
    /// The records of a stream that will not come. Devices need them to see that a chain has no loss.
    fn withheld(&self, stream: StreamId) -> Result<Vec<Withheld>, Self::Error>;
    /// Lets a person take part in a controle: every stream that [`may_use_stream`] allows is granted, with a number.
    fn add_member(&mut self, inspection: InspectionId, member: &PersonCard) -> Result<(), Self::Error>;
    /// Ends a person's part in a controle.
    fn remove_member(&mut self, inspection: InspectionId, person: PersonId) -> Result<(), Self::Error>;

    /// The streams that a person may read now, each with the number at which it was granted.
    fn readable(&self, peer: &Peer) -> Result<BTreeMap<StreamId, u64>, Self::Error>;
    /// The streams that a person could read once and may no longer: not among those that they may read now.
    fn revoked(&self, peer: &Peer, readable: &BTreeMap<StreamId, u64>) -> Result<Vec<StreamId>, Self::Error>;
    /// Entries after number `after`, in order, within the bound: records of the given streams and grants to this person.
    fn log_after(
        &self,
        peer: &Peer,
        streams: &BTreeMap<StreamId, u64>,
        after: u64,
        bound: Bound,
    ) -> Result<Part<LogEntry>, Self::Error>;
    /// Records of one stream with numbers above `after` and up to `upto`, in order, within the bound.
    fn stream_records(
        &self,
        stream: StreamId,
        after: u64,
        upto: u64,
        bound: Bound,
    ) -> Result<Part<(u64, Record)>, Self::Error>;
    /// All ends of a stream's chains, one per branch, withheld records included.
    fn ends(&self, stream: StreamId) -> Result<Vec<(ChainId, ChainHead)>, Self::Error>;
    /// Records of a chain from number `from` on, and all of its other branches, in order, at most `limit`.
    fn chain_records(&self, chain: &ChainId, from: u64, limit: usize) -> Result<Vec<Record>, Self::Error>;
}
