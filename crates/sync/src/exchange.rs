//! What one device gives another of a controle without the backend, and what the other takes of it. Pure: whether it goes
//! by a file or over a line is not known here.
//!
//! The receiver believes nothing that it can check. Its own chains the giver shows by heads that it signed; records of third
//! devices stand under the giver's signature over the whole, as what it held. Whether the backend has a record is known by the
//! backend's receipts alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{
    Body, ChainId, DeviceCertificate, DeviceId, Digest, Inspection, InspectionId, OrganisationCode, PersonCard,
    PersonId, Record, RecordError, RecordId, Role, SignedHead, StreamId, StreamKind,
};

use crate::receipt::Receipt;
use crate::wire::{ChainEnd, RawRecord, Refusal, Refused, Withheld};

/// A head is signed after at most this many bytes of a chain, so that whoever brings it to the backend can do so in
/// batches.
pub const CHECKPOINT_BYTES: usize = 192 * 1024;

/// What is given of one controle, apart from the records and photos themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The controle.
    pub inspection: InspectionId,
    /// The streams of which something is given. Others are not named.
    pub streams: Vec<OfferedStream>,
    /// Signed heads of the giver's chains, one at least every [`CHECKPOINT_BYTES`], and those of others that the giver holds.
    pub heads: Vec<SignedHead>,
    /// The backend's receipts for these streams.
    pub receipts: Vec<Receipt>,
    /// Records that will never come.
    pub withheld: Vec<Withheld>,
    /// Certificates of other devices that the giver has seen, of people of the same team.
    pub cards: Vec<DeviceCertificate>,
    /// Photos of these streams whose originals the giver holds, whether they are given or not.
    pub holds: Vec<Digest>,
    /// How many records are given.
    pub records: u64,
    /// The photos that are given, in order.
    pub photos: Vec<OfferedPhoto>,
}

/// A stream of an offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferedStream {
    /// The stream.
    pub stream: StreamId,
    /// What it is for.
    pub kind: StreamKind,
    /// How far the giver has every chain of it.
    pub ends: Vec<ChainEnd>,
}

/// A photo of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedPhoto {
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What another device said that it holds of a controle: only what it lacks needs to be given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PeerHolds {
    /// Per stream, how far it has every chain.
    pub ends: BTreeMap<StreamId, Vec<ChainEnd>>,
    /// Photos whose originals it has.
    pub photos: Vec<Digest>,
}

impl From<&Offer> for PeerHolds {
    fn from(offer: &Offer) -> Self {
        Self {
            ends: offer.streams.iter().map(|one| (one.stream, one.ends.clone())).collect(),
            photos: offer.holds.clone(),
        }
    }
}

impl PeerHolds {
    /// How far the other device has a chain of which this one holds `ends`: the last number that it needs no more. None when it
    /// has nothing of it, or when branches leave in doubt what it has.
    pub fn upto(&self, chain: &ChainId, ends: &[ChainEnd], held: &HashSet<RecordId>) -> Option<u64> {
        let is_of_chain = |end: &&ChainEnd| (end.device, end.epoch) == (chain.device, chain.epoch);
        let mut theirs = self.ends.get(&chain.stream)?.iter().filter(is_of_chain);
        let (Some(end), None) = (theirs.next(), theirs.next()) else { return None };
        let is_single = ends.iter().filter(is_of_chain).count() == 1;
        (is_single && held.contains(&end.record)).then_some(end.seq)
    }
}

/// Whether a stream may be shared with somebody of the team, of this role and organisation.
pub fn may_share(kind: &StreamKind, role: Role, organisation: &OrganisationCode) -> bool {
    kind.leaves_the_device() && may_use_stream(kind, role, organisation, true)
}

/// Whether somebody takes part in a controle by these records of its team stream. Who only added themselves does not,
/// unless they opened it.
pub fn is_in_team(records: &[&Record], person: PersonId) -> bool {
    let added = |record: &&&Record| match record.body() {
        Some(Body::MemberAdded { member }) => member.person == person && record.header().author.person != person,
        Some(Body::StreamOpened { .. }) => record.header().author.person == person,
        _ => false,
    };
    let state = Inspection::from_records(records.iter().copied());
    state.members().iter().any(|member| member.person == person) && records.iter().any(|record| added(&record))
}

/// What the receiver holds of the controle already.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Streams that it knows, of whatever controle.
    pub streams: BTreeMap<StreamId, (InspectionId, StreamKind)>,
    /// Streams whose news its person may no longer read.
    pub closed: HashSet<StreamId>,
    /// Records that it holds of the streams of the offer.
    pub records: HashSet<RecordId>,
}

/// Who gives and who takes.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// The giver's device, by a certificate that was checked.
    pub giver: &'a DeviceCertificate,
    /// The person of the receiving device.
    pub receiver: &'a PersonCard,
}

/// What is taken of an offer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// Records that hold, in the order in which they came.
    pub records: Vec<Record>,
    /// Records that do not, each with the reason.
    pub refused: Vec<Refused>,
    /// Whether records before these are missing here: an offer of everything brings them.
    pub has_gaps: bool,
    /// Heads that their device signed, by certificates of this backend.
    pub heads: Vec<SignedHead>,
    /// Receipts of this backend for records that are held now.
    pub receipts: Vec<Receipt>,
    /// Certificates of this backend, the giver's own included.
    pub cards: Vec<DeviceCertificate>,
}

/// Judges an offer record by record: one that does not hold is named, the others are taken.
pub fn judge(
    offer: &Offer,
    parties: Parties<'_>,
    raw: Vec<RawRecord>,
    held: &Held,
    backend_key: &VerifyingKey,
) -> Judged {
    let giver = parties.giver;
    let mut judged = Judged { cards: certified(offer, giver, backend_key), ..Judged::default() };
    judged.heads = signed_heads(&offer.heads, &judged.cards);
    let mut read = Vec::with_capacity(raw.len());
    // Headers whose bodies do not hold: the way back goes on over them.
    let mut bare = Vec::new();
    for one in raw {
        let id = one.id();
        match Record::from_bytes(one.header.clone(), one.body) {
            Ok(record) => read.push(record),
            Err(error) => {
                judged.refused.push(Refused { record: id, reason: reason(&error) });
                bare.extend(Record::from_bytes(one.header, None).ok());
            }
        }
    }
    let streams = streams(offer, parties, &read, held);
    let covered = covered(giver.device, &judged.heads, &offer.withheld, read.iter().chain(&bare));
    let people: HashMap<DeviceId, PersonId> = judged.cards.iter().map(|card| (card.device, card.person)).collect();
    for record in read {
        let header = record.header();
        let refusal = match people.get(&header.device) {
            _ if !streams.contains(&header.stream) || opens_otherwise(offer, &record) => Some(Refusal::Stream),
            Some(person) if *person != header.author.person => Some(Refusal::NotAllowed),
            #[cfg(feature = "planted")]
            _ if veldboek_faults::is_planted(veldboek_faults::Bug::HandOverNotCovered) => None,
            _ if header.device == giver.device && !covered.contains(&record.id()) => Some(Refusal::BrokenChain),
            _ => None,
        };
        match refusal {
            Some(reason) => judged.refused.push(Refused { record: record.id(), reason }),
            None => judged.records.push(record),
        }
    }
    judged.has_gaps = has_gaps(&judged.records, &offer.withheld, held);
    let taken: HashSet<RecordId> = judged.records.iter().map(Record::id).collect();
    let is_here = |id: &RecordId| held.records.contains(id) || taken.contains(id);
    let receipts = offer.receipts.iter().filter(|receipt| receipt.verify(backend_key) && is_here(&receipt.head.record));
    judged.receipts = receipts.cloned().collect();
    judged
}

fn certified(offer: &Offer, giver: &DeviceCertificate, backend_key: &VerifyingKey) -> Vec<DeviceCertificate> {
    let others = offer.cards.iter().filter(|card| card.device != giver.device && card.verify(backend_key));
    std::iter::once(giver).chain(others).cloned().collect()
}

fn signed_heads(heads: &[SignedHead], cards: &[DeviceCertificate]) -> Vec<SignedHead> {
    let keys: HashMap<DeviceId, VerifyingKey> =
        cards.iter().filter_map(|card| Some((card.device, card.key()?))).collect();
    let is_signed = |head: &&SignedHead| keys.get(&head.chain.device).is_some_and(|key| head.verify(key));
    heads.iter().filter(is_signed).cloned().collect()
}

/// The streams of the offer that both people may use and whose purpose is known: from before, or by their opening record.
fn streams(offer: &Offer, parties: Parties<'_>, records: &[Record], held: &Held) -> HashSet<StreamId> {
    let opened: HashSet<StreamId> = records
        .iter()
        .filter(|record| matches!(record.body(), Some(Body::StreamOpened { .. })) && !opens_otherwise(offer, record))
        .map(|record| record.header().stream)
        .collect();
    let is_known = |one: &&OfferedStream| match held.streams.get(&one.stream) {
        Some((inspection, kind)) => *inspection == offer.inspection && *kind == one.kind,
        None => opened.contains(&one.stream),
    };
    let Parties { giver, receiver } = parties;
    let is_theirs = |one: &&OfferedStream| {
        !held.closed.contains(&one.stream)
            && may_share(&one.kind, giver.role, &giver.organisation)
            && may_share(&one.kind, receiver.role, &receiver.organisation)
    };
    offer.streams.iter().filter(is_theirs).filter(is_known).map(|one| one.stream).collect()
}

/// Whether a record opens a stream as something else than the offer says.
fn opens_otherwise(offer: &Offer, record: &Record) -> bool {
    let Some(Body::StreamOpened { inspection, stream_kind }) = record.body() else { return false };
    let named = offer.streams.iter().find(|one| one.stream == record.header().stream);
    inspection != offer.inspection || named.is_none_or(|named| named.kind != stream_kind)
}

/// The giver's records that lie on the way back from a head that it signed, over what it withholds.
fn covered<'a>(
    giver: DeviceId,
    heads: &[SignedHead],
    withheld: &[Withheld],
    records: impl Iterator<Item = &'a Record>,
) -> HashSet<RecordId> {
    let own: Vec<&Record> = records.filter(|record| record.header().device == giver).collect();
    let by_id: HashMap<RecordId, &Record> = own.iter().map(|record| (record.id(), *record)).collect();
    let gone: HashMap<RecordId, &Withheld> = withheld.iter().map(|one| (one.head.record, one)).collect();
    let mut at_number: HashMap<(ChainId, u64), Vec<RecordId>> = HashMap::new();
    for record in &own {
        at_number.entry((record.header().chain(), record.header().seq)).or_default().push(record.id());
    }
    let mut to_visit: Vec<RecordId> =
        heads.iter().filter(|head| head.chain.device == giver).map(|head| head.head.record).collect();
    let mut covered = HashSet::new();
    while let Some(id) = to_visit.pop() {
        if !covered.insert(id) {
            continue;
        }
        if let Some(record) = by_id.get(&id) {
            to_visit.extend(record.header().prev);
        } else if let Some(gone) = gone.get(&id)
            && let Some(before) = gone.head.seq.checked_sub(1)
        {
            to_visit.extend(at_number.get(&(gone.chain, before)).into_iter().flatten());
        }
    }
    covered
}

fn has_gaps(records: &[Record], withheld: &[Withheld], held: &Held) -> bool {
    let mut known: HashSet<RecordId> = records.iter().map(Record::id).collect();
    known.extend(withheld.iter().map(|one| one.head.record));
    let is_known = |id: &RecordId| known.contains(id) || held.records.contains(id);
    records.iter().any(|record| record.header().prev.is_some_and(|prev| !is_known(&prev)))
}

/// The heads to sign of one chain, given its records in order: one at least every [`CHECKPOINT_BYTES`], and the end.
pub fn checkpoints<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<&'a Record> {
    let mut points = Vec::new();
    let (mut bytes, mut last) = (0, None);
    for record in records {
        bytes += crate::wire::framed_size(record);
        if bytes >= CHECKPOINT_BYTES {
            points.push(record);
            (bytes, last) = (0, None);
        } else {
            last = Some(record);
        }
    }
    points.extend(last);
    points
}

fn reason(error: &RecordError) -> Refusal {
    match error {
        RecordError::UnreadableHeader(_) => Refusal::Unreadable,
        RecordError::BodyHash => Refusal::BodyHash,
        RecordError::TooLarge(_) => Refusal::TooLarge,
    }
}
