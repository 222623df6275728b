//! Records, the controles that follow from them, and the desk's list.

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::SigningKey;
use veldboek_domain::{
    Author, Body, ChainId, DeviceId, Inspection, InspectionId, OrganisationCode, PersonId, Record, RecordId, Stamp,
    StreamId, StreamKind,
};
use veldboek_sync::Receipt;
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{
    ComparePreamble, CompareRequest, PagePreamble, PullRequest, PushPreamble, PushReply, RawRecord,
};

use super::StorageError;

/// What a push changed, for those who wait for news.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Streams with their kind and the last number given.
    pub streams: Vec<(StreamId, StreamKind, u64)>,
    /// People whose rights changed.
    pub people: Vec<PersonId>,
    /// Controles that somebody opened or left, each with its team's stream: who may read that may hear of it.
    pub looked_at: Vec<(InspectionId, StreamId)>,
}

/// The backend as a device of its own: it writes records for people at the desk.
#[derive(Clone)]
pub struct OwnDevice {
    /// Its id.
    pub device: DeviceId,
    /// Its key; the same that signs receipts.
    pub key: SigningKey,
}

/// A controle to be planned.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The controle.
    pub inspection: InspectionId,
    /// Its team stream.
    pub stream: StreamId,
    /// The records, in order; the stream's opening comes first.
    pub bodies: Vec<Body>,
}

/// What a person at the desk sets out to write, given what is there: bodies with the records that they replace.
pub type Decide<'a, E> = dyn FnOnce(&Inspection) -> Result<Vec<(Body, Vec<RecordId>)>, E> + 'a;

/// A record with what the backend knows about it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its number in the backend's order.
    pub n: u64,
    /// The record.
    pub record: Record,
    /// When it arrived, in milliseconds since 1970.
    pub received_at: i64,
}

/// What a person may see of a controle: the records of the streams that they may read.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The records in the backend's order.
    pub records: Vec<Held>,
    /// The last receipt per chain and what it covers, oldest first.
    pub receipts: Vec<Receipt>,
    /// Devices by id, with their names.
    pub devices: Vec<(DeviceId, String)>,
    /// The signed heads of the chains: chain, number, record, signature, public key.
    pub heads: Vec<SeenHead>,
}

/// A chain's signed head.
#[derive(Clone, Debug)]
pub struct SeenHead {
    /// The chain.
    pub chain: ChainId,
    /// The last record's number.
    pub seq: u64,
    /// The last record.
    pub record: RecordId,
    /// The device's signature, hexadecimal.
    pub signature: String,
    /// The device's public key, hexadecimal; empty when it is not known.
    pub public_key: String,
}

/// A row of the desk's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// The controle.
    pub inspection: InspectionId,
    /// Its working number.
    pub number: String,
    /// The checklist family.
    pub family: String,
    /// Street and number.
    pub address: String,
    /// Town.
    pub town: String,
    /// Responsible municipality.
    pub municipality: String,
    /// The organisation that works.
    pub source_organisation: OrganisationCode,
    /// Where it stands, by the words of [`veldboek_domain::Status`].
    pub status: String,
    /// When it is planned, in milliseconds since 1970.
    pub planned_at: Option<i64>,
    /// When it was last closed by its author.
    pub submitted_at: Option<i64>,
    /// When the last record arrived.
    pub received_at: i64,
    /// The team's names, in order.
    pub team: Vec<String>,
    /// How many questions have an answer.
    pub answers: u32,
    /// How many findings count.
    pub findings: u32,
    /// How many assumptions count.
    pub assumptions: u32,
    /// How many photos count.
    pub photos: u32,
    /// How many measures are proposed.
    pub measures: u32,
    /// About how many things people differ.
    pub differences: u32,
    /// How many photos are named whose originals have not arrived.
    pub photos_waiting: u32,
}

/// Which rows of the list, and which page of them.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Any of these statuses; all when empty.
    pub statuses: Vec<String>,
    /// This municipality.
    pub municipality: Option<String>,
    /// A part of a team member's name or organisation.
    pub team: Option<String>,
    /// Words that all occur in number, address, town, municipality or team.
    pub text: Option<String>,
    /// Submitted, or else planned or received, at or before this moment, in milliseconds since 1970.
    pub before: Option<i64>,
    /// How many rows to pass over.
    pub offset: u64,
    /// How many rows to give.
    pub limit: u64,
}

/// Records and their streams.
pub trait RecordStorage {
    /// Takes a batch in one transaction and commits; the reply may leave then.
    ///
    /// # Errors
    /// [`StorageError`]; nothing is kept then.
    fn push(
        &self,
        peer: &Peer,
        preamble: &PushPreamble,
        batch: Vec<RawRecord>,
        at: DateTime<FixedOffset>,
        key: &SigningKey,
    ) -> Result<(PushReply, News), StorageError>;
    /// The answer that this device got when it asked the same last, if it brought nothing and nothing was written since. From
    /// memory, without waiting for anything; none when it has to be looked up.
    fn unchanged(&self, peer: &Peer, request: &PullRequest) -> Option<PagePreamble>;
    /// The next page for a device.
    ///
    /// # Errors
    /// [`StorageError`].
    fn pull(&self, peer: &Peer, request: &PullRequest) -> Result<(PagePreamble, Vec<Record>), StorageError>;
    /// What a device lacks, by comparing chains.
    ///
    /// # Errors
    /// [`StorageError`].
    fn compare(&self, peer: &Peer, request: &CompareRequest) -> Result<(ComparePreamble, Vec<Record>), StorageError>;
    /// The streams that somebody may read now.
    ///
    /// # Errors
    /// [`StorageError`].
    fn readable(&self, peer: &Peer) -> Result<Vec<StreamId>, StorageError>;
    /// Whether somebody may read this stream now; false for an unknown one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn may_read(&self, peer: &Peer, stream: StreamId) -> Result<bool, StorageError>;
    /// The team's stream of a controle; none for an unknown one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn team_stream(&self, inspection: InspectionId) -> Result<Option<StreamId>, StorageError>;
    /// The next number behind a prefix; 1, 2, ... and never the same again.
    ///
    /// # Errors
    /// [`StorageError`].
    fn next_number(&self, prefix: &str) -> Result<u64, StorageError>;
    /// Plans a controle: a new team stream written by the backend's own device.
    ///
    /// # Errors
    /// [`StorageError`].
    fn plan(&self, own: &OwnDevice, author: &Author, stamp: Stamp, planned: &Planned) -> Result<News, StorageError>;
    /// Writes records to a controle's team stream by the backend's own device, decided on what stands there; none when
    /// the controle is unknown.
    ///
    /// # Errors
    /// [`StorageError`]; the inner result is the caller's own refusal.
    fn write(
        &self,
        own: &OwnDevice,
        author: &Author,
        stamp: Stamp,
        inspection: InspectionId,
        decide: Box<Decide<'_, crate::problem::Problem>>,
    ) -> Result<Option<Result<News, crate::problem::Problem>>, StorageError>;
    /// What somebody may see of a controle; none when there is nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    fn seen(&self, peer: &Peer, inspection: InspectionId) -> Result<Option<Seen>, StorageError>;
    /// A page of the list of controles, with how many rows the filter has in all. Holds team streams only.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(&self, filter: &ListFilter) -> Result<(Vec<ListRow>, u64), StorageError>;
    /// Drops the list and folds it again from the records.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rebuild_list(&self) -> Result<(), StorageError>;
}
