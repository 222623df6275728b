//! The backend's half of the records' sync, without sockets, files or clock: decides what of a batch is taken, and what
//! a device may receive. A storage adapter implements [`Ledger`]; every call of [`push`] runs inside one transaction
//! of that adapter, which commits before the reply leaves.
//!
//! A device may also bring the records of another one, which it got by a hand-over: see [`relay`] for what must hold.

mod ledger;
mod pull;
mod relay;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::SigningKey;
use veldboek_domain::chain::{ChainError, continues};
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{Body, ChainHead, ChainId, Record, RecordError, RecordId, SignedHead, StreamKind};
#[cfg(feature = "planted")]
use veldboek_faults::{Bug, is_planted};

use crate::receipt::Receipt;
use crate::wire::{Gap, PushPreamble, PushReply, RawRecord, Refusal, Refused, Withheld};

pub use self::ledger::{Bound, EnrolledDevice, Ledger, LogEntry, Part, Peer, StreamInfo};
pub use self::pull::{compare, pull};

/// Takes a batch: checks chain, signature, size and right, stores what holds, and names what does not, one by one.
/// Nothing is refused because of a difference of opinion. The caller commits before it sends the reply.
///
/// # Errors
/// The adapter's failures only; nothing is to be committed then.
pub fn push<L: Ledger>(
    ledger: &mut L,
    peer: &Peer,
    preamble: &PushPreamble,
    batch: Vec<RawRecord>,
    at: DateTime<FixedOffset>,
    key: &SigningKey,
) -> Result<PushReply, L::Error> {
    let mut reply = PushReply::default();
    let mut chains: BTreeMap<ChainId, Vec<Incoming>> = BTreeMap::new();
    for raw in batch {
        let id = raw.id();
        match Incoming::read(raw) {
            Ok((chain, incoming)) => chains.entry(chain).or_default().push(incoming),
            Err(reason) => reply.refused.push(Refused { record: id, reason }),
        }
    }
    for withheld in &preamble.withheld {
        chains.entry(withheld.chain).or_default().push(Incoming::Withheld(withheld.clone()));
    }
    let signed: HashMap<ChainId, &SignedHead> = preamble.heads.iter().map(|head| (head.chain, head)).collect();
    for incoming in chains.values_mut() {
        incoming.sort_by_key(Incoming::seq);
    }
    for (chain, incoming) in relay::in_order(ledger, peer, chains)? {
        let mut taker = Taker { ledger, peer, chain, reply: &mut reply };
        if let Some(head) = taker.take(incoming, signed.get(&chain).copied())? {
            reply.receipts.push(Receipt::sign(chain, head, at, key));
        }
    }
    Ok(reply)
}

/// Stands in every body that adds or removes a member.
const MEMBER: &[u8] = b"member_";

enum Incoming {
    Whole(Box<Record>),
    Withheld(Withheld),
}

impl Incoming {
    /// Reads a raw record. One whose header holds but whose body does not is passed over as withheld, so that the
    /// chain behind it can be taken; it is refused by name all the same, by [`Taker`].
    fn read(raw: RawRecord) -> Result<(ChainId, Self), Refusal> {
        let record = Record::from_bytes(raw.header.clone(), raw.body).map_err(|error| match error {
            RecordError::BodyHash => Refusal::BodyHash,
            RecordError::TooLarge(_) => Refusal::TooLarge,
            RecordError::UnreadableHeader(_) => Refusal::Unreadable,
        });
        match record {
            Ok(record) => Ok((record.header().chain(), Self::Whole(Box::new(record)))),
            Err(Refusal::Unreadable) => Err(Refusal::Unreadable),
            Err(reason) => {
                let bare = Record::from_bytes(raw.header, None).map_err(|_| reason)?;
                let head = ChainHead { seq: bare.header().seq, record: bare.id() };
                let chain = bare.header().chain();
                Ok((chain, Self::Withheld(Withheld { chain, head, reason: reason.code().to_owned() })))
            }
        }
    }

    fn seq(&self) -> u64 {
        match self {
            Self::Whole(record) => record.header().seq,
            Self::Withheld(withheld) => withheld.head.seq,
        }
    }

    fn id(&self) -> RecordId {
        match self {
            Self::Whole(record) => record.id(),
            Self::Withheld(withheld) => withheld.head.record,
        }
    }

    fn place(&self) -> ChainHead {
        ChainHead { seq: self.seq(), record: self.id() }
    }

    fn prev(&self) -> Option<RecordId> {
        match self {
            Self::Whole(record) => record.header().prev,
            Self::Withheld(_) => None,
        }
    }
}

/// Where a record belongs in its chain.
enum Place {
    /// Behind the end of the first branch.
    Main,
    /// On another branch.
    Branch,
    /// Records in between are missing.
    Gap {
        /// The next number that can be taken.
        next: u64,
    },
    /// It does not name a record that is held.
    Nowhere,
}

/// Takes the part of a batch that belongs to one chain.
struct Taker<'a, L: Ledger> {
    ledger: &'a mut L,
    peer: &'a Peer,
    chain: ChainId,
    reply: &'a mut PushReply,
}

impl<L: Ledger> Taker<'_, L> {
    /// Returns the last record of this batch that is held afterwards: what the receipt may say to this device, also when
    /// it is on another branch than the backend's first. None when nothing of the batch is held.
    fn take(&mut self, incoming: Vec<Incoming>, signed: Option<&SignedHead>) -> Result<Option<ChainHead>, L::Error> {
        let last = incoming.last().map(Incoming::place);
        let Some(writer) = self.signer(signed, last)? else {
            for one in &incoming {
                self.refuse(one.id(), Refusal::Signature);
            }
            return Ok(None);
        };
        let incoming = if self.is_relayed() { self.only_covered(incoming, last) } else { incoming };
        if let Err(reason) = self.may_write(&writer, &incoming)? {
            return self.refuse_new(&incoming, reason);
        }
        let mut head = self.ledger.head(&self.chain)?;
        let mut at: Option<ChainHead> = None;
        for one in &incoming {
            if self.ledger.holds(&one.id())? {
                self.name_again(one)?;
                at = Some(one.place());
                continue;
            }
            match self.place(at.as_ref(), head.as_ref(), one)? {
                Place::Main => {
                    self.store(&writer, one, false)?;
                    head = Some(one.place());
                }
                #[cfg(feature = "planted")]
                Place::Branch if is_planted(Bug::ForkThrownAway) => self.note_fork(),
                Place::Branch => {
                    self.store(&writer, one, true)?;
                    self.note_fork();
                }
                Place::Gap { next } => {
                    self.reply.gaps.push(Gap { chain: self.chain, next });
                    break;
                }
                Place::Nowhere => {
                    self.refuse(one.id(), Refusal::BrokenChain);
                    continue;
                }
            }
            at = Some(one.place());
        }
        if at.is_some() && at != head && self.branches()? > 1 {
            self.note_fork();
        }
        Ok(at)
    }

    /// Finds a record's place: behind the one before it in this batch, behind the chain's end, behind another branch's
    /// end, or beginning a branch.
    fn place(&self, at: Option<&ChainHead>, head: Option<&ChainHead>, one: &Incoming) -> Result<Place, L::Error> {
        if at.is_some() && continues_at(at, one).is_ok() {
            return Ok(if at == head { Place::Main } else { Place::Branch });
        }
        let Err(error) = continues_at(head, one) else { return Ok(Place::Main) };
        let behind_a_branch = |(chain, end): &(ChainId, ChainHead)| {
            *chain == self.chain && Some(end.record) == one.prev() && end.seq + 1 == one.seq()
        };
        if one.prev().is_some() && self.ledger.ends(self.chain.stream)?.iter().any(behind_a_branch) {
            return Ok(Place::Branch);
        }
        Ok(match error {
            ChainError::Gap { expected, .. } => Place::Gap { next: expected },
            // Also behind a record in the middle of another branch, where the first one ends just before.
            ChainError::Fork { .. } | ChainError::WrongPrev { .. } if self.has_parent(one)? => Place::Branch,
            ChainError::Fork { .. } | ChainError::WrongPrev { .. } => Place::Nowhere,
        })
    }

    fn branches(&self) -> Result<usize, L::Error> {
        Ok(self.ledger.ends(self.chain.stream)?.iter().filter(|(chain, _)| *chain == self.chain).count())
    }

    fn note_fork(&mut self) {
        if !self.reply.forks.contains(&self.chain) {
            self.reply.forks.push(self.chain);
        }
    }

    /// Names a record again that was passed over before: the reply that named it may have been lost.
    fn name_again(&mut self, one: &Incoming) -> Result<(), L::Error> {
        if let Incoming::Withheld(withheld) = one
            && let Some(reason) = refusal(&withheld.reason)
            && self.ledger.withheld(self.chain.stream)?.iter().any(|known| known.head.record == one.id())
        {
            self.refuse(one.id(), reason);
        }
        Ok(())
    }

    /// Refuses what is not held yet. What was taken before stays taken, and its receipt may have been lost.
    fn refuse_new(&mut self, incoming: &[Incoming], reason: Refusal) -> Result<Option<ChainHead>, L::Error> {
        let mut held = None;
        let mut unbroken = true;
        for one in incoming {
            if self.ledger.holds(&one.id())? {
                held = if unbroken { Some(one.place()) } else { held };
            } else {
                unbroken = false;
                self.refuse(one.id(), reason);
            }
        }
        Ok(held)
    }

    /// The device that wrote the chain, when it signed its head where this batch ends.
    fn signer(&self, signed: Option<&SignedHead>, last: Option<ChainHead>) -> Result<Option<EnrolledDevice>, L::Error> {
        let (Some(signed), Some(last)) = (signed, last) else { return Ok(None) };
        let writer = self.ledger.device(self.chain.device)?;
        #[cfg(feature = "planted")]
        if is_planted(Bug::SignatureNotChecked) {
            return Ok(writer.filter(|_| signed.head == last));
        }
        Ok(writer.filter(|writer| signed.head == last && signed.verify(&writer.key)))
    }

    fn may_write(&self, writer: &EnrolledDevice, incoming: &[Incoming]) -> Result<Result<(), Refusal>, L::Error> {
        let stranger = incoming.iter().any(|one| match one {
            Incoming::Whole(record) => record.header().author.person != writer.owner,
            Incoming::Withheld(_) => false,
        });
        if stranger {
            return Ok(Err(Refusal::NotAllowed));
        }
        let info = match self.ledger.stream(self.chain.stream)? {
            Some(info) => info,
            None => match incoming.first().and_then(opening) {
                Some(info) if info.kind.leaves_the_device() => info,
                _ => return Ok(Err(Refusal::Stream)),
            },
        };
        let is_new = !self.ledger.inspection_exists(info.inspection)?;
        let member = self.ledger.is_member(info.inspection, writer.owner)?
            || (is_new && info.kind == StreamKind::Team && writer.role.inspects());
        let allowed = may_use_stream(&info.kind, writer.role, &writer.organisation, member)
            && (!self.is_relayed() || self.may_bring(&info, incoming)?);
        Ok(if allowed { Ok(()) } else { Err(Refusal::NotAllowed) })
    }

    /// Whether the record before this one stands in its place of the same chain: a branch that hangs on anything else
    /// would have an end that no other device can find.
    fn has_parent(&self, one: &Incoming) -> Result<bool, L::Error> {
        let Incoming::Whole(record) = one else { return Ok(false) };
        let header = record.header();
        let (Some(prev), Some(seq)) = (header.prev, header.seq.checked_sub(1)) else {
            return Ok(header.prev.is_none() && header.seq == 0);
        };
        if !self.ledger.holds(&prev)? {
            return Ok(false);
        }
        let is_it = |held: &Record| held.id() == prev && held.header().seq == seq;
        let is_passed_over = |gone: &Withheld| gone.chain == self.chain && gone.head == ChainHead { seq, record: prev };
        Ok(self.ledger.chain_records(&self.chain, seq, pull::WHOLE_CHAIN)?.iter().any(is_it)
            || self.ledger.withheld(self.chain.stream)?.iter().any(is_passed_over))
    }

    fn store(&mut self, writer: &EnrolledDevice, one: &Incoming, forked: bool) -> Result<(), L::Error> {
        match one {
            Incoming::Whole(record) => {
                self.note_stream(writer, record)?;
                self.ledger.append(record, forked)?;
                self.note_members(record)
            }
            Incoming::Withheld(withheld) => {
                if let Some(reason) = refusal(&withheld.reason) {
                    self.refuse(withheld.head.record, reason);
                }
                self.ledger.withhold(withheld, forked)
            }
        }
    }

    fn note_stream(&mut self, writer: &EnrolledDevice, record: &Record) -> Result<(), L::Error> {
        if self.ledger.stream(self.chain.stream)?.is_none()
            && let Some(Body::StreamOpened { inspection, stream_kind }) = record.body()
        {
            let info = StreamInfo { inspection, kind: stream_kind };
            self.ledger.open_stream(self.chain.stream, &info, writer.owner)?;
        }
        Ok(())
    }

    fn note_members(&mut self, record: &Record) -> Result<(), L::Error> {
        // Most bodies are about nobody's membership, and looking for the word is much cheaper than reading them.
        if !record.body_bytes().is_some_and(|body| body.windows(MEMBER.len()).any(|window| window == MEMBER)) {
            return Ok(());
        }
        let Some(info) = self.ledger.stream(self.chain.stream)? else { return Ok(()) };
        if info.kind != StreamKind::Team {
            return Ok(());
        }
        match record.body() {
            Some(Body::MemberAdded { member }) => self.ledger.add_member(info.inspection, &member),
            Some(Body::MemberRemoved { person, .. }) => self.ledger.remove_member(info.inspection, person),
            _ => Ok(()),
        }
    }

    fn refuse(&mut self, record: RecordId, reason: Refusal) {
        self.reply.refused.push(Refused { record, reason });
    }
}

fn refusal(code: &str) -> Option<Refusal> {
    [Refusal::BodyHash, Refusal::TooLarge].into_iter().find(|reason| reason.code() == code)
}

fn opens_team(incoming: &[Incoming]) -> bool {
    incoming.first().and_then(opening).is_some_and(|info| info.kind == StreamKind::Team)
}

fn opening(one: &Incoming) -> Option<StreamInfo> {
    match one {
        Incoming::Whole(record) => match record.body() {
            Some(Body::StreamOpened { inspection, stream_kind }) => Some(StreamInfo { inspection, kind: stream_kind }),
            _ => None,
        },
        Incoming::Withheld(_) => None,
    }
}

fn continues_at(head: Option<&ChainHead>, one: &Incoming) -> Result<(), ChainError> {
    match one {
        Incoming::Whole(record) => continues(head, record.header()),
        Incoming::Withheld(withheld) => {
            let expected = head.map_or(0, |head| head.seq + 1);
            match withheld.head.seq {
                found if found > expected => Err(ChainError::Gap { expected, found }),
                seq if seq < expected => Err(ChainError::Fork { seq }),
                _ => Ok(()),
            }
        }
    }
}
