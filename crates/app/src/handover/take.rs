//! Taking: a file from another device is checked whole before anything of it is used; then what holds is kept, and what does
//! not is named.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, Cursor, Seek};

use veldboek_domain::{Body, Digest, Inspection, InspectionId, Record, RegisterKey, StreamId, StreamKind};
use veldboek_store::{Receipted, Store};
use veldboek_sync::envelope::{self, HandedPhoto, Photos, Preamble, Receiver};
use veldboek_sync::exchange::{Held, Judged, OfferedStream, Parties, PeerHolds, is_in_team, judge};
use veldboek_sync::receipt::public_key;
use veldboek_sync::wire::RawRecord;

use super::HandoverError;
use crate::api::{Event, HandedIn, HandoverReceived, NotTaken};
use crate::app::{App, Session};
use crate::error::AppError;

/// How a file in the `age` format begins.
const AGE: &[u8] = b"age-encryption.org/";

impl App {
    /// Takes a file that somebody brought: another device's card, or a hand-over.
    ///
    /// # Errors
    /// As [`App::add_device_card`] and [`App::handover_import`]; nothing was changed then.
    pub fn hand_in(&self, bytes: &[u8]) -> Result<HandedIn, AppError> {
        if bytes.starts_with(AGE) {
            return Ok(HandedIn::Handover { received: self.handover_import(bytes)? });
        }
        match self.add_device_card(bytes) {
            Ok(device) => Ok(HandedIn::Card { device }),
            Err(AppError::Handover(HandoverError::NotACard)) => Err(envelope::EnvelopeError::NotAHandover.into()),
            Err(error) => Err(error),
        }
    }

    /// Takes a hand-over from bytes. Twice the same changes nothing.
    ///
    /// # Errors
    /// A [`HandoverError`]; nothing was changed then. With a full storage, what was kept so far stays, and the same file brings
    /// the rest later.
    pub fn handover_import(&self, bytes: &[u8]) -> Result<HandoverReceived, AppError> {
        self.handover_import_from(Cursor::new(bytes))
    }

    /// As [`App::handover_import`], from whatever can be read twice.
    ///
    /// # Errors
    /// As [`App::handover_import`].
    pub fn handover_import_from(&self, source: impl BufRead + Seek) -> Result<HandoverReceived, AppError> {
        let own = self.with(|session| Ok(session.store.device().clone()))?;
        let backend_key = public_key(&own.backend_key)
            .ok_or_else(|| AppError::Internal("the backend's key can't be read".to_owned()))?;
        let receiver = Receiver { device: own.id, identity: &own.handover_identity, backend_key: &backend_key };
        let mut envelope = envelope::open(source, receiver)?;
        let preamble = envelope.preamble().clone();
        let (raw, mut photos) = envelope.contents()?;
        let mut received = self.with(|session| take_records(session, &preamble, raw, &backend_key, self.now()))?;
        self.take_photos(&preamble, &mut photos, &mut received)?;
        received.is_known = received.records == 0 && received.photos == 0 && received.not_taken.is_empty();
        self.tell(&Event::InspectionChanged { inspection: received.inspection });
        // What came is not received by the backend: the line on top says at once that it waits.
        self.tell(&Event::Sync { line: self.sync_line()? });
        self.wake.notify_one();
        Ok(received)
    }

    pub(crate) fn now(&self) -> chrono::DateTime<chrono::FixedOffset> {
        self.config.clock.stamp().at
    }

    /// Keeps the photos that records name and that are not here, one by one.
    fn take_photos<R: BufRead + Seek>(
        &self,
        preamble: &Preamble,
        photos: &mut Photos<'_, R>,
        received: &mut HandoverReceived,
    ) -> Result<(), AppError> {
        let mut wanted = self.with(|session| wanted_photos(&session.store, preamble.offer.inspection))?;
        while let Some(HandedPhoto { photo, bytes }) = photos.next_photo()? {
            // What no record names is not kept, and what is here stays as it is.
            if !wanted.remove(&photo.sha256) {
                continue;
            }
            match bytes {
                Some(bytes) if self.keep_handed_photo(&photo.sha256, &bytes)? => received.photos += 1,
                _ => received.not_taken.push(unreadable_photo(&photo.sha256)),
            }
        }
        Ok(())
    }

    /// Keeps an original that another device gave, if its bytes have the hash; says whether they have.
    pub(crate) fn keep_handed_photo(&self, sha256: &Digest, bytes: &[u8]) -> Result<bool, AppError> {
        if Digest::of(bytes) != *sha256 {
            return Ok(false);
        }
        let thumb = crate::photos::thumb(bytes);
        self.with(|session| {
            session.forget_all();
            Ok(session.store.receive_photo(sha256, bytes, thumb.as_deref())?)
        })?;
        Ok(true)
    }
}

/// A photo that was announced and did not come as its hash says.
pub(crate) fn unreadable_photo(sha256: &Digest) -> NotTaken {
    NotTaken { what: "photo".to_owned(), id: sha256.short(), reason: "rotten".to_owned() }
}

/// The photos of a controle that records name and that are not here.
pub(crate) fn wanted_photos(store: &Store, inspection: InspectionId) -> Result<HashSet<Digest>, AppError> {
    let rows = store.photos_of(inspection)?.into_iter();
    Ok(rows.filter(|row| !row.here).map(|row| row.sha256).collect())
}

/// Takes the records of an offer: what holds is kept, and what does not is named. The same for a file and for a line.
pub(crate) fn take_records(
    session: &mut Session,
    preamble: &Preamble,
    raw: Vec<RawRecord>,
    backend_key: &ed25519_dalek::VerifyingKey,
    now: chrono::DateTime<chrono::FixedOffset>,
) -> Result<HandoverReceived, AppError> {
    let (offer, giver) = (&preamble.offer, &preamble.giver);
    let me = session.store.device().person.clone();
    let held = held(&session.store, preamble)?;
    let judged = judge(offer, Parties { giver, receiver: &me }, raw, &held, backend_key);
    check_giver(&session.store, preamble, &judged)?;
    session.forget_all();
    // A colleague who hands it over wants it looked at: a cleared controle comes back.
    session.store.call_back(offer.inspection, "handed_over", now)?;
    let new: HashSet<Digest> = session.store.receive_handed(&judged.records, &judged.heads)?.into_iter().collect();
    keep_beside(&mut session.store, preamble, &judged, now)?;
    let is_answer = |record: &&Record| {
        let body = new.contains(&record.id()).then(|| record.body()).flatten();
        matches!(body, Some(Body::Written { register: RegisterKey::Answer(_), .. }))
    };
    let answers = judged.records.iter().filter(is_answer).count();
    let not_taken = judged.refused.iter().map(|one| NotTaken {
        what: "record".to_owned(),
        id: one.record.short(),
        reason: one.reason.code().to_owned(),
    });
    let (state, _) = session.store.inspection(offer.inspection)?;
    Ok(HandoverReceived {
        inspection: offer.inspection,
        number: state.opening().map(|opening| opening.number.clone()).unwrap_or_default(),
        title: title(&state),
        person: giver.person_name.clone(),
        organisation: giver.organisation_name.clone(),
        device: giver.name.clone(),
        made_at: preamble.at.to_rfc3339(),
        records: u32::try_from(new.len()).unwrap_or(u32::MAX),
        answers: u32::try_from(answers).unwrap_or(u32::MAX),
        photos: 0,
        not_taken: not_taken.collect(),
        has_gaps: judged.has_gaps,
        is_known: false,
    })
}

fn held(store: &Store, preamble: &Preamble) -> Result<Held, AppError> {
    let mut held = Held::default();
    for stream in preamble.offer.streams.iter().map(|one| one.stream) {
        if let Some(row) = store.stream(stream)? {
            held.streams.insert(stream, (row.inspection, row.kind));
            if row.closed {
                held.closed.insert(stream);
            }
        }
        held.records.extend(store.record_ids(stream)?);
    }
    Ok(held)
}

/// Nothing is taken from somebody who is not in the team, by what is known here and what the others' records say.
fn check_giver(store: &Store, preamble: &Preamble, judged: &Judged) -> Result<(), AppError> {
    let is_team = |one: &&OfferedStream| one.kind == StreamKind::Team;
    let team: HashSet<StreamId> = preamble.offer.streams.iter().filter(is_team).map(|one| one.stream).collect();
    let mut known: BTreeMap<Digest, Record> = BTreeMap::new();
    for stream in &team {
        known.extend(store.stream_history(*stream)?.into_iter().map(|record| (record.id(), record)));
    }
    let came = judged.records.iter().filter(|record| team.contains(&record.header().stream));
    known.extend(came.map(|record| (record.id(), record.clone())));
    let records: Vec<&Record> = known.values().collect();
    if is_in_team(&records, preamble.giver.person) { Ok(()) } else { Err(HandoverError::GiverNotInTeam.into()) }
}

/// Keeps what comes beside the records and their heads: what will never come, receipts, cards, and what the other device holds.
fn keep_beside(
    store: &mut Store,
    preamble: &Preamble,
    judged: &Judged,
    now: chrono::DateTime<chrono::FixedOffset>,
) -> Result<(), AppError> {
    let offer = &preamble.offer;
    for gone in &offer.withheld {
        if store.inspection_of(gone.chain.stream)? == Some(offer.inspection) && !store.holds(&gone.head.record)? {
            store.withhold(&gone.chain, gone.head, &gone.reason)?;
        }
    }
    let receipts: Vec<Receipted> = judged
        .receipts
        .iter()
        .map(|receipt| Receipted {
            chain: receipt.chain,
            seq: receipt.head.seq,
            receipt: serde_json::to_string(receipt).expect("a receipt serialises"),
        })
        .collect();
    store.keep_receipts(&receipts)?;
    let own = store.device().id;
    for card in judged.cards.iter().filter(|card| card.device != own) {
        store.keep_card(card, now)?;
    }
    let holds = serde_json::to_string(&PeerHolds::from(offer)).expect("what a device holds serialises");
    Ok(store.keep_peer(preamble.giver.device, offer.inspection, &holds)?)
}

/// Street and number, and town.
pub(crate) fn title(state: &Inspection) -> String {
    match state.field(veldboek_domain::Field::Address) {
        Some(veldboek_domain::Value::Address(address)) => {
            let parts = [address.line.as_str(), address.town.as_str()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}
