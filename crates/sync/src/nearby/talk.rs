//! The exchange itself, after both people saw the same code: what each holds, what each has to give, and then records and
//! photos both ways at once.
//!
//! It knows no sockets and no storage: messages go in by [`Talk::hear`] and are taken out by [`Talk::say`], one at a time
//! and only when the line can carry one, so that nothing piles up. Records are taken in batches by the same rules as a
//! file's ([`crate::exchange`]); what a lost line leaves is what came in whole batches and in parts of photos, and the
//! next conversation begins with what each holds by then.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use veldboek_domain::{DeviceCertificate, Digest, InspectionId, Record};

use super::giving::{Giving, Serving, Signing};
use super::message::{Amount, Message, Reason, Shared};
use super::taking::Taking;
use crate::exchange::{Offer, OfferedPhoto, PeerHolds};
use crate::wire::RawRecord;

/// What a device holds, as a conversation asks for it.
pub trait Holdings {
    /// What its storage fails with.
    type Error;

    /// The controles that both may have, and what this device holds of them.
    ///
    /// # Errors
    /// The storage's.
    fn shared(&mut self, peer: &DeviceCertificate) -> Result<Vec<Shared>, Self::Error>;

    /// What is to be given of a controle to who holds this.
    ///
    /// # Errors
    /// The storage's.
    fn gift(
        &mut self,
        peer: &DeviceCertificate,
        inspection: InspectionId,
        holds: &PeerHolds,
    ) -> Result<Gift, Self::Error>;

    /// Takes records; the whole of them is judged as a file's is.
    ///
    /// # Errors
    /// The storage's.
    fn take(&mut self, peer: &DeviceCertificate, offer: &Offer, raw: Vec<RawRecord>) -> Result<Taken, Self::Error>;

    /// Of these originals, those that records name and that are not here.
    ///
    /// # Errors
    /// The storage's.
    fn missing(&mut self, offer: &Offer) -> Result<Vec<OfferedPhoto>, Self::Error>;

    /// Whether a photo's small version is here.
    ///
    /// # Errors
    /// The storage's.
    fn has_preview(&mut self, photo: &Digest) -> Result<bool, Self::Error>;

    /// A photo's small version; empty when there is none.
    ///
    /// # Errors
    /// The storage's.
    fn preview(&mut self, photo: &Digest) -> Result<Vec<u8>, Self::Error>;

    /// A small version came.
    ///
    /// # Errors
    /// The storage's.
    fn keep_preview(&mut self, photo: &Digest, jpeg: &[u8]) -> Result<(), Self::Error>;

    /// An original's bytes; none when they can't be read any more.
    ///
    /// # Errors
    /// The storage's.
    fn photo(&mut self, photo: &Digest) -> Result<Option<Vec<u8>>, Self::Error>;

    /// What is here of an original that is on its way.
    ///
    /// # Errors
    /// The storage's.
    fn parts(&mut self, photo: &Digest) -> Result<Vec<u8>, Self::Error>;

    /// Keeps a part of an original, from this byte on.
    ///
    /// # Errors
    /// The storage's.
    fn keep_part(&mut self, photo: &Digest, from: u64, bytes: &[u8]) -> Result<(), Self::Error>;

    /// An original came whole: keeps it if its hash is equal, and says whether it was.
    ///
    /// # Errors
    /// The storage's.
    fn keep_photo(&mut self, photo: &Digest, bytes: &[u8]) -> Result<bool, Self::Error>;

    /// An original that the other side can't read any more.
    ///
    /// # Errors
    /// The storage's.
    fn gone(&mut self, photo: &Digest) -> Result<(), Self::Error>;
}

/// What is given of a controle.
#[derive(Clone, Debug, PartialEq)]
pub struct Gift {
    /// Everything beside the records.
    pub offer: Offer,
    /// The records; each chain's in order.
    pub records: Vec<Record>,
    /// Signs heads of this device's own chains for one batch of these records.
    pub signing: Option<Signing>,
}

/// How records were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What holds was kept.
    Kept,
    /// The giver is not in the team by what came so far: with more records it may be.
    NotYet,
}

/// Why a conversation is over before its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble<E> {
    /// The other side said something that can't be.
    Peer(Reason),
    /// This device's storage failed.
    Storage(E),
}

impl<E> From<Reason> for Trouble<E> {
    fn from(reason: Reason) -> Self {
        Self::Peer(reason)
    }
}

/// How far an exchange is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is to come, as the other side said.
    pub to_come: Amount,
    /// What came.
    pub came: Amount,
    /// What is to be given.
    pub to_give: Amount,
    /// What was given.
    pub given: Amount,
}

/// An exchange at one end.
#[derive(Debug)]
pub struct Talk {
    pub(super) peer: DeviceCertificate,
    out: VecDeque<Message>,
    ours: Vec<Shared>,
    theirs: Option<Vec<Shared>>,
    amounts: BTreeMap<InspectionId, Amount>,
    their_amounts: Option<BTreeMap<InspectionId, Amount>>,
    started: Option<BTreeSet<InspectionId>>,
    their_start: Option<BTreeSet<InspectionId>>,
    under_way: bool,
    giving: Giving,
    serving: Serving,
    taking: Taking,
    paused: bool,
    their_pause: bool,
    said_done: bool,
    heard_done: bool,
    pub(super) progress: Progress,
}

impl Talk {
    /// Begins with who is at the other end, by a checked certificate, and says what is held here.
    ///
    /// # Errors
    /// The storage's.
    pub fn begin<H: Holdings>(peer: DeviceCertificate, holdings: &mut H) -> Result<Self, H::Error> {
        let ours = holdings.shared(&peer)?;
        Ok(Self {
            out: VecDeque::from([Message::Holds(ours.clone())]),
            peer,
            ours,
            theirs: None,
            amounts: BTreeMap::new(),
            their_amounts: None,
            started: None,
            their_start: None,
            under_way: false,
            giving: Giving::default(),
            serving: Serving::default(),
            taking: Taking::default(),
            paused: false,
            their_pause: false,
            said_done: false,
            heard_done: false,
            progress: Progress::default(),
        })
    }

    /// Hears a message.
    ///
    /// # Errors
    /// Why the conversation is over.
    pub fn hear<H: Holdings>(&mut self, message: Message, holdings: &mut H) -> Result<(), Trouble<H::Error>> {
        match message {
            Message::Holds(theirs) if self.theirs.is_none() => self.hear_holds(theirs, holdings),
            Message::Amounts(amounts) if self.their_amounts.is_none() => {
                self.their_amounts = Some(amounts);
                Ok(())
            }
            Message::Start(inspections) if self.their_start.is_none() && self.can_start() => {
                let theirs: BTreeSet<InspectionId> = inspections.into_iter().collect();
                if self.started.is_none() {
                    self.start(theirs.iter().copied());
                }
                self.their_start = Some(theirs);
                self.go();
                Ok(())
            }
            Message::Pause(paused) => {
                self.their_pause = paused;
                Ok(())
            }
            Message::Done if self.under_way && !self.heard_done && self.taking.has_all_records() => {
                self.heard_done = true;
                Ok(())
            }
            Message::AskPreview(photo) => Ok(self.serving.ask_preview(photo, &self.giving)?),
            Message::AskPhoto(photo, from) => Ok(self.serving.ask_photo(photo, from, &self.giving)?),
            message if self.under_way => self.taking.hear(message, &self.peer, &mut self.progress, holdings),
            _ => Err(Reason::Unreadable.into()),
        }
    }

    fn hear_holds<H: Holdings>(&mut self, theirs: Vec<Shared>, holdings: &mut H) -> Result<(), Trouble<H::Error>> {
        for ours in &self.ours {
            let nothing = PeerHolds::default();
            let held = theirs.iter().find(|one| one.inspection == ours.inspection);
            let held = held.map_or(&nothing, |one| &one.holds);
            // Equal ends and photos: nothing to read and nothing to give.
            if *held == ours.holds {
                continue;
            }
            let gift = holdings.gift(&self.peer, ours.inspection, held).map_err(Trouble::Storage)?;
            let amount = Amount {
                records: gift.records.len() as u64,
                photos: gift.offer.photos.len() as u64,
                bytes: gift.offer.photos.iter().map(|photo| photo.bytes).sum(),
            };
            if amount != Amount::default() {
                self.amounts.insert(ours.inspection, amount);
            }
        }
        self.theirs = Some(theirs);
        self.out.push_back(Message::Amounts(self.amounts.clone()));
        Ok(())
    }

    /// Whether both know what the other holds and has to give, so that an exchange can begin.
    pub fn can_start(&self) -> bool {
        self.theirs.is_some() && self.their_amounts.is_some()
    }

    /// The controles that can be exchanged, with what would come and what would be given, in the order of this device.
    pub fn choices(&self) -> Vec<(&Shared, Amount, Amount)> {
        let none = BTreeMap::new();
        let theirs = self.their_amounts.as_ref().unwrap_or(&none);
        let only_theirs = self.theirs.iter().flatten();
        let only_theirs = only_theirs.filter(|one| self.ours.iter().all(|ours| ours.inspection != one.inspection));
        let amount = |of: &BTreeMap<InspectionId, Amount>, one: &Shared| of.get(&one.inspection).copied();
        let both = self.ours.iter().chain(only_theirs).map(|one| {
            let (comes, goes) = (amount(theirs, one), amount(&self.amounts, one));
            (one, comes.unwrap_or_default(), goes.unwrap_or_default())
        });
        both.filter(|(_, comes, goes)| *comes != Amount::default() || *goes != Amount::default()).collect()
    }

    /// The person chose what is to be exchanged. What the other person chose goes as well.
    pub fn start(&mut self, inspections: impl IntoIterator<Item = InspectionId>) {
        if self.started.is_some() || !self.can_start() {
            return;
        }
        let chosen: BTreeSet<InspectionId> = inspections.into_iter().collect();
        self.out.push_back(Message::Start(chosen.iter().copied().collect()));
        self.started = Some(chosen);
        self.go();
    }

    /// Begins once both have said what is to be exchanged.
    fn go(&mut self) {
        let (Some(ours), Some(theirs)) = (&self.started, &self.their_start) else { return };
        if self.under_way {
            return;
        }
        self.under_way = true;
        for inspection in ours.union(theirs) {
            if let Some(amount) = self.amounts.get(inspection) {
                self.giving.queue(*inspection);
                self.progress.to_give += *amount;
            }
            if let Some(amount) = self.their_amounts.as_ref().and_then(|amounts| amounts.get(inspection)) {
                self.taking.expect(*inspection);
                self.progress.to_come += *amount;
            }
        }
    }

    /// Photos wait, or go on; the other device hears it.
    pub fn pause(&mut self, paused: bool) {
        if self.paused != paused {
            self.paused = paused;
            self.out.push_back(Message::Pause(paused));
        }
    }

    /// The next thing to say; none when there is nothing until more is heard or chosen.
    ///
    /// # Errors
    /// The storage's, or what the other side asks and can't have.
    pub fn say<H: Holdings>(&mut self, holdings: &mut H) -> Result<Option<Message>, Trouble<H::Error>> {
        if let Some(message) = self.out.pop_front() {
            return Ok(Some(message));
        }
        if !self.under_way || self.said_done && self.heard_done {
            return Ok(None);
        }
        if let Some(message) = self.giving.say(&self.peer, &self.theirs, &mut self.progress, holdings)? {
            return Ok(Some(message));
        }
        if self.is_paused() {
            return Ok(None);
        }
        if let Some(message) = self.taking.ask(&mut self.progress, holdings)? {
            return Ok(Some(message));
        }
        if let Some(message) = self.serving.say(&mut self.progress, holdings)? {
            return Ok(Some(message));
        }
        if !self.said_done && self.taking.is_done() {
            self.said_done = true;
            return Ok(Some(Message::Done));
        }
        Ok(None)
    }

    /// Who is at the other end.
    pub fn peer(&self) -> &DeviceCertificate {
        &self.peer
    }

    /// Whether the exchange goes on.
    pub fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// Whether photos wait because somebody, here or there, wants it so.
    pub fn is_paused(&self) -> bool {
        self.paused || self.their_pause
    }

    /// Whether this person wants that photos wait.
    pub fn paused_here(&self) -> bool {
        self.paused
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Whether both sides have everything.
    pub fn is_done(&self) -> bool {
        self.said_done && self.heard_done && self.out.is_empty()
    }
}
