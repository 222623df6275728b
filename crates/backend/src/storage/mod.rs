//! The port to storage: what the backend asks of a database. One story of tests (`tests/storage.rs`) runs on every
//! adapter. The calls block; the edge makes them off the async threads.
//!
//! The port offers operations, not handles: each one is a transaction of its own that is durable when it returns.

mod embedded;

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::{SigningKey, VerifyingKey};
use veldboek_domain::{
    Author, Body, ChainId, DeviceId, Digest, Inspection, InspectionId, ItemId, OrganisationCode, PersonCard, PersonId,
    Record, RecordId, Role, Stamp, StreamId, StreamKind,
};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{
    ComparePreamble, CompareRequest, CountsSent, PagePreamble, PullRequest, PushPreamble, PushReply, RawRecord,
};
use veldboek_sync::{PhotoReceipt, Receipt};

pub use embedded::Embedded;

/// Storage that can't do what was asked. Nothing of the operation is kept then.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No room is left.
    #[error("the disk is full")]
    Full,
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something in the database can't be read back.
    #[error("{0} in the database can't be read")]
    Unreadable(&'static str),
}

/// A new device, as it asks to be enrolled.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Its id.
    pub device: DeviceId,
    /// A name that people recognise.
    pub name: String,
    /// Its key.
    pub public_key: VerifyingKey,
    /// The `age` recipient to which hand-overs for it are encrypted; empty when it sent none.
    pub recipient: String,
}

/// A device of somebody with whom a person works in a team.
#[derive(Clone, Debug)]
pub struct TeamDevice {
    /// The device as it was enrolled.
    pub device: NewDevice,
    /// Its owner.
    pub person: PersonCard,
    /// Whether it was blocked.
    pub blocked: bool,
}

/// How an enrolment went.
#[derive(Clone, Debug)]
pub enum Enrolled {
    /// The device belongs to this person now.
    Done {
        /// The owner.
        person: PersonCard,
        /// The device's two characters.
        suffix: String,
    },
    /// The code is unknown, used or expired.
    WrongCode,
    /// A device with this id but another key or owner is enrolled already.
    Taken,
}

/// An enrolled device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub person: PersonId,
    /// Its key.
    pub public_key: VerifyingKey,
    /// When it was enrolled, in milliseconds since 1970.
    pub enrolled_at: i64,
    /// Whether it was blocked.
    pub blocked: bool,
}

/// Whose session a token is.
#[derive(Clone, Debug)]
pub struct SessionOf {
    /// The person.
    pub person: PersonCard,
    /// The device; none at the desk.
    pub device: Option<DeviceId>,
    /// Whether that device was blocked since.
    pub blocked: bool,
}

/// A desk account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The person.
    pub person: PersonId,
    /// The password's Argon2id hash as a PHC string.
    pub password: String,
}

/// Wrong tries at one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How many in a row.
    pub wrong: u32,
    /// When the last one was, in milliseconds since 1970.
    pub last_at: i64,
}

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

/// An upload that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id: 16 random bytes.
    pub upload: [u8; 16],
    /// Who began it.
    pub person: PersonId,
    /// SHA-256 that the bytes must have.
    pub sha256: Digest,
    /// How many bytes there will be.
    pub bytes: u64,
    /// Media type as announced.
    pub media_type: String,
    /// What the client said of it, as tus writes it down.
    pub metadata: String,
    /// When it may be thrown away, in milliseconds since 1970.
    pub expires_at: i64,
    /// Whether the photo is there.
    pub finished: bool,
}

/// A photo on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPhoto {
    /// The backend's word for it.
    pub receipt: PhotoReceipt,
    /// Media type as announced.
    pub media_type: String,
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

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number: 1, 2, ...
    pub n: u64,
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub person: PersonId,
    /// What was done, by code.
    pub action: String,
    /// To what, by id. Never a name of somebody who was visited.
    pub object: String,
    /// SHA-256 over the line before and this one.
    pub hash: Digest,
}

/// Whether the audit log is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditState {
    /// Every line holds the hash of the one before.
    Whole {
        /// How many lines there are.
        lines: u64,
    },
    /// This line does not fit the one before it.
    Broken {
        /// Its number.
        at: u64,
    },
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

/// People, devices, accounts and sessions.
pub trait PeopleStorage {
    /// Adds or changes an organisation and a person in it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_person(&self, person: &PersonCard) -> Result<(), StorageError>;
    /// A person.
    ///
    /// # Errors
    /// [`StorageError`].
    fn person(&self, person: PersonId) -> Result<Option<PersonCard>, StorageError>;
    /// Everybody, by name.
    ///
    /// # Errors
    /// [`StorageError`].
    fn people(&self) -> Result<Vec<PersonCard>, StorageError>;
    /// Everybody's devices.
    ///
    /// # Errors
    /// [`StorageError`].
    fn devices(&self) -> Result<Vec<Device>, StorageError>;
    /// Gives a person an account at the desk, or another password.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_account(&self, name: &str, account: &Account) -> Result<(), StorageError>;
    /// An account by its name.
    ///
    /// # Errors
    /// [`StorageError`].
    fn account(&self, name: &str) -> Result<Option<Account>, StorageError>;
    /// Keeps an enrolment code, by its hash.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_code(&self, code: Digest, person: PersonId, expires_at: i64) -> Result<(), StorageError>;
    /// Uses a code up and enrols a device. The same device with the same key is enrolled again by the same code, so that
    /// a lost reply costs nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    fn enrol(&self, code: Digest, device: &NewDevice, now: i64) -> Result<Enrolled, StorageError>;
    /// A device.
    ///
    /// # Errors
    /// [`StorageError`].
    fn device(&self, device: DeviceId) -> Result<Option<Device>, StorageError>;
    /// Keeps the recipient of a device.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_recipient(&self, device: DeviceId, recipient: &str) -> Result<(), StorageError>;
    /// The devices with a recipient of everybody with whom a person is in a team now, blocked ones too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn team_devices(&self, person: PersonId) -> Result<Vec<TeamDevice>, StorageError>;
    /// Blocks a device and ends its sessions; false when it is unknown.
    ///
    /// # Errors
    /// [`StorageError`].
    fn block_device(&self, device: DeviceId, now: i64) -> Result<bool, StorageError>;
    /// Keeps a challenge, by its hash.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_challenge(&self, challenge: Digest, device: DeviceId, expires_at: i64, now: i64)
    -> Result<(), StorageError>;
    /// Uses a challenge up; false when it is unknown, expired or another device's.
    ///
    /// # Errors
    /// [`StorageError`].
    fn take_challenge(&self, challenge: Digest, device: DeviceId, now: i64) -> Result<bool, StorageError>;
    /// Begins a session, by its token's hash.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_session(
        &self,
        token: Digest,
        person: PersonId,
        device: Option<DeviceId>,
        expires_at: i64,
        now: i64,
    ) -> Result<(), StorageError>;
    /// Whose session this is; none when it is unknown or expired.
    ///
    /// # Errors
    /// [`StorageError`].
    fn session(&self, token: Digest, now: i64) -> Result<Option<SessionOf>, StorageError>;
    /// The same from memory, without waiting for anything; none when it has to be looked up.
    fn remembered_session(&self, token: Digest, now: i64) -> Option<SessionOf>;
    /// Ends a session.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_session(&self, token: Digest) -> Result<(), StorageError>;
    /// Wrong tries at something.
    ///
    /// # Errors
    /// [`StorageError`].
    fn tries(&self, subject: Digest) -> Result<Tries, StorageError>;
    /// Counts a wrong try.
    ///
    /// # Errors
    /// [`StorageError`].
    fn count_try(&self, subject: Digest, now: i64) -> Result<(), StorageError>;
    /// Forgets the wrong tries.
    ///
    /// # Errors
    /// [`StorageError`].
    fn forget_tries(&self, subject: Digest) -> Result<(), StorageError>;
}

/// What is known of photos; their bytes are files.
pub trait PhotoStorage {
    /// Notes an upload. It need not survive a power cut: the device begins again then.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_upload(&self, upload: &Upload) -> Result<(), StorageError>;
    /// Keeps an upload for longer. It need not survive a power cut either.
    ///
    /// # Errors
    /// [`StorageError`].
    fn extend_upload(&self, upload: [u8; 16], expires_at: i64) -> Result<(), StorageError>;
    /// An upload.
    ///
    /// # Errors
    /// [`StorageError`].
    fn upload(&self, upload: [u8; 16]) -> Result<Option<Upload>, StorageError>;
    /// This person's running upload of a photo.
    ///
    /// # Errors
    /// [`StorageError`].
    fn upload_of(&self, person: PersonId, sha256: Digest, now: i64) -> Result<Option<Upload>, StorageError>;
    /// Forgets an upload.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove_upload(&self, upload: [u8; 16]) -> Result<(), StorageError>;
    /// Forgets the uploads that expired, and names them.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove_expired_uploads(&self, now: i64) -> Result<Vec<[u8; 16]>, StorageError>;
    /// Notes that a photo is on disk, that this person sent it, and that the upload is finished. Gives the receipt that
    /// stands: the first one when the photo was there already.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_photo(&self, photo: &StoredPhoto, sender: PersonId, upload: [u8; 16]) -> Result<StoredPhoto, StorageError>;
    /// A photo that this person may know of: they sent it, or a stream that they may read shows it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_known(&self, peer: &Peer, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError>;
    /// A photo that this person may look at: a stream that they may read shows it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_shown(&self, peer: &Peer, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError>;
    /// Whether a stream that this person may read shows a photo, which need not be here yet.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_visible(&self, peer: &Peer, sha256: Digest) -> Result<bool, StorageError>;
    /// For the people whose streams show a photo: something of it came.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_news(&self, sha256: Digest) -> Result<News, StorageError>;
    /// A photo by its item in a controle, when a stream that this person may read shows it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_of_item(
        &self,
        peer: &Peer,
        inspection: InspectionId,
        item: ItemId,
    ) -> Result<Option<StoredPhoto>, StorageError>;
    /// The receipt of a photo, for who may already see the record that names it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_receipt(&self, sha256: Digest) -> Result<Option<PhotoReceipt>, StorageError>;
}

/// Counts of visits that stay on their device.
pub trait CountStorage {
    /// Keeps the counts of one visit; the same id again takes their place.
    ///
    /// # Errors
    /// [`StorageError`]; nothing is kept then.
    fn put_counts(&self, sent: &CountsSent) -> Result<(), StorageError>;
    /// Every total, by checklist, question and option.
    ///
    /// # Errors
    /// [`StorageError`].
    fn count_totals(&self) -> Result<Vec<CountTotal>, StorageError>;
}

/// How often something was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CountTotal {
    /// The checklist's id.
    pub checklist: String,
    /// The question's id.
    pub question: String,
    /// The option's code; none for a number.
    pub option: Option<String>,
    /// In how many visits.
    pub visits: u64,
    /// The sum of the numbers; 0 for an option.
    pub sum: f64,
}

/// The audit log.
pub trait AuditStorage {
    /// Adds a line.
    ///
    /// # Errors
    /// [`StorageError`].
    fn note(&self, at: DateTime<FixedOffset>, person: PersonId, action: &str, object: &str)
    -> Result<(), StorageError>;
    /// The last lines, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn audit_lines(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, StorageError>;
    /// Checks the log from the first line to the last.
    ///
    /// # Errors
    /// [`StorageError`].
    fn verify_audit(&self) -> Result<AuditState, StorageError>;
}

/// The whole port.
pub trait Storage:
    RecordStorage + PeopleStorage + PhotoStorage + CountStorage + AuditStorage + Send + Sync + 'static
{
    /// Whether something can be written now.
    ///
    /// # Errors
    /// [`StorageError`] that says why not.
    fn check_writable(&self) -> Result<(), StorageError>;
}

/// Who somebody at the desk is, as the sync's rules see them.
pub(crate) fn desk_peer(person: &PersonCard, own: DeviceId) -> Peer {
    Peer { device: own, person: person.person, organisation: person.organisation.clone(), role: person.role }
}

/// The word of a role in storage.
pub(crate) fn role_word(role: Role) -> &'static str {
    role.word()
}

/// The role with this word.
pub(crate) fn role_named(word: &str) -> Option<Role> {
    [
        Role::Inspector,
        Role::InvestigatingOfficer,
        Role::TeamLeader,
        Role::AgriCoach,
        Role::Coordinator,
        Role::TemplateOwner,
        Role::RegionalReader,
        Role::Administrator,
    ]
    .into_iter()
    .find(|role| role_word(*role) == word)
}
