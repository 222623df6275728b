//! A backend and devices in memory, over the real state machines of both sides.
#![expect(dead_code, reason = "each test file uses a part of this")]

pub mod dice;
pub mod ledger;
pub mod replica;

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::SigningKey;
use uuid::Uuid;
use veldboek_domain::{
    Author, Body, DeviceId, Field, InspectionId, OrganisationCode, PersonCard, PersonId, RecordId, RegisterKey, Role,
    StreamId, StreamKind, Value,
};
use veldboek_sync::client::{Outcome, RecordSync, ReplyError, Step};
use veldboek_sync::server::{self, Peer};
use veldboek_sync::wire::{PushPreamble, read_frames, write_frames};

pub use ledger::MemoryLedger;
pub use replica::MemoryReplica;

pub fn noon() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-02T12:00:00+01:00").unwrap()
}

pub fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

pub fn backend_key() -> SigningKey {
    key(200)
}

/// Person and device number `number` of an organisation, with a role.
pub fn peer(number: u8, organisation: &str, role: Role) -> Peer {
    Peer {
        device: DeviceId(Uuid::from_u64_pair(0xd, u64::from(number))),
        person: PersonId(Uuid::from_u64_pair(0xe, u64::from(number))),
        organisation: OrganisationCode::from(organisation),
        role,
    }
}

pub fn author(peer: &Peer) -> Author {
    Author { person: peer.person, organisation: peer.organisation.clone() }
}

pub fn card(peer: &Peer) -> PersonCard {
    PersonCard {
        person: peer.person,
        name: "J. de Vries".into(),
        organisation: peer.organisation.clone(),
        organisation_name: peer.organisation.to_string(),
        function: peer.role.label().into(),
        role: peer.role,
        pass_number: String::new(),
        partner: String::new(),
    }
}

pub fn inspection(number: u64) -> InspectionId {
    InspectionId(Uuid::from_u64_pair(0xa, number))
}

pub fn stream(number: u64) -> StreamId {
    StreamId(Uuid::from_u64_pair(0xb, number))
}

pub fn opened(number: u64, kind: StreamKind) -> Body {
    Body::StreamOpened { inspection: inspection(number), stream_kind: kind }
}

pub fn note(text: &str) -> Body {
    Body::Written { register: RegisterKey::Inspection(Field::Method), value: Value::text(text) }
}

/// A backend that knows these people and devices.
pub fn backend(peers: &[&Peer]) -> MemoryLedger {
    let mut ledger = MemoryLedger::default();
    for peer in peers {
        ledger.enrol(peer);
    }
    ledger
}

/// Answers one request as the backend does: what a request changed is kept only with its reply.
pub fn answer(ledger: &mut MemoryLedger, peer: &Peer, step: &Step, poisoned: &BTreeSet<RecordId>) -> Answer {
    match step {
        Step::Push(framed) => {
            let (preamble, mut batch) = read_frames::<PushPreamble>(framed).unwrap();
            for raw in batch.iter_mut().filter(|raw| poisoned.contains(&raw.id())) {
                raw.body = Some(b"{}".to_vec());
            }
            let mut transaction = ledger.clone();
            let reply = server::push(&mut transaction, peer, &preamble, batch, noon(), &backend_key()).unwrap();
            *ledger = transaction;
            Answer::Pushed(reply)
        }
        Step::Pull(request) => {
            let (page, records) = server::pull(ledger, peer, request).unwrap();
            Answer::Pulled(write_frames(&page, &records))
        }
        Step::Compare(request) => {
            let (compared, records) = server::compare(ledger, peer, request).unwrap();
            Answer::Compared(write_frames(&compared, &records))
        }
        Step::Done(_) => unreachable!("there is nothing to ask"),
    }
}

#[derive(Clone, Debug)]
pub enum Answer {
    Pushed(veldboek_sync::wire::PushReply),
    Pulled(Vec<u8>),
    Compared(Vec<u8>),
}

pub type Fault = ReplyError<replica::Broken>;

pub fn take(sync: &mut RecordSync, replica: &mut MemoryReplica, answer: &Answer) -> Result<(), Fault> {
    match answer {
        Answer::Pushed(reply) => sync.on_pushed(replica, reply),
        Answer::Pulled(bytes) => {
            let (page, records) = read_frames(bytes).unwrap();
            sync.on_pulled(replica, page, records)
        }
        Answer::Compared(bytes) => {
            let (compared, records) = read_frames(bytes).unwrap();
            sync.on_compared(replica, compared, records)
        }
    }
}

/// A whole sync over a perfect line, with how many requests it took.
pub fn sync_counted(ledger: &mut MemoryLedger, replica: &mut MemoryReplica) -> (Outcome, usize) {
    let mut sync = RecordSync::new(backend_key().verifying_key());
    for requests in 0..500 {
        match sync.next(replica).unwrap() {
            Step::Done(outcome) => return (outcome, requests),
            step => {
                let answer = answer(ledger, &replica.peer, &step, &replica.poisoned);
                take(&mut sync, replica, &answer).unwrap();
            }
        }
    }
    panic!("a sync ends");
}

pub fn sync(ledger: &mut MemoryLedger, replica: &mut MemoryReplica) -> Outcome {
    sync_counted(ledger, replica).0
}

/// A team stream (number 1) opened by its first device, with the others as members, on every device.
pub fn team(peers: &[&Peer]) -> (MemoryLedger, Vec<MemoryReplica>) {
    let mut ledger = backend(peers);
    let mut replicas: Vec<MemoryReplica> = peers.iter().map(|peer| MemoryReplica::new(peer)).collect();
    replicas[0].write(stream(1), &opened(1, StreamKind::Team));
    for peer in &peers[1..] {
        replicas[0].write(stream(1), &Body::MemberAdded { member: card(peer) });
    }
    for replica in &mut replicas {
        assert!(sync(&mut ledger, replica).agreed, "a new team agrees");
    }
    (ledger, replicas)
}
