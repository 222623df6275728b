//! One device brings what another one wrote: what the backend takes, and what it does not believe.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod support;

use support::{
    MemoryLedger, MemoryReplica, author, backend_key, card, noon, note, opened, peer, replica::device_key, stream,
    sync, team,
};
use veldboek_domain::{Body, ChainHead, ChainId, ChainWriter, Record, Role, SignedHead, Stamp, StreamId, StreamKind};
use veldboek_sync::server::{self, Ledger, Peer};
use veldboek_sync::wire::{PROTOCOL, PushPreamble, PushReply, RawRecord, Refusal, Withheld};

fn inspector(number: u8) -> Peer {
    peer(number, "gm-alkmaar", Role::Inspector)
}

fn head_of(record: &Record) -> ChainHead {
    ChainHead { seq: record.header().seq, record: record.id() }
}

fn signed(peer: &Peer, record: &Record) -> SignedHead {
    SignedHead::sign(record.header().chain(), head_of(record), &device_key(peer.device))
}

/// The device's records of a stream, in order.
fn chain(device: &MemoryReplica, stream: StreamId) -> Vec<Record> {
    let own = |record: &&Record| record.header().stream == stream && record.header().device == device.peer.device;
    let mut records: Vec<Record> = device.records.values().filter(own).cloned().collect();
    records.sort_by_key(|record| record.header().seq);
    records
}

/// `by` brings these records with these heads.
fn bring(
    ledger: &mut MemoryLedger,
    by: &Peer,
    records: &[Record],
    heads: Vec<SignedHead>,
    withheld: Vec<Withheld>,
) -> PushReply {
    let raw = records.iter().map(|record| RawRecord {
        header: record.header_bytes().to_vec(),
        body: record.body_bytes().map(<[u8]>::to_vec),
    });
    let preamble = PushPreamble { protocol: PROTOCOL, heads, withheld };
    server::push(ledger, by, &preamble, raw.collect(), noon(), &backend_key()).unwrap()
}

fn reasons(reply: &PushReply) -> Vec<Refusal> {
    reply.refused.iter().map(|one| one.reason).collect()
}

#[test]
fn a_colleague_brings_what_a_lost_tablet_wrote_and_it_keeps_its_author_and_device() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    for text in ["sleuf", "vaten", "kelder"] {
        devices[0].write(stream(1), &note(text));
    }
    let records = chain(&devices[0], stream(1));
    let last = records.last().unwrap();
    let new = &records[2..];
    let reply = bring(&mut ledger, &bram, new, vec![signed(&anna, last)], Vec::new());
    assert_eq!((reply.refused.len(), reply.gaps.len()), (0, 0));
    assert_eq!(reply.receipts[0].head, head_of(last), "with a receipt for the chain of the tablet that is gone");
    assert!(reply.receipts[0].verify(&backend_key().verifying_key()));
    assert_eq!(ledger.record(&last.id()).unwrap().header().author, author(&anna));
    assert!(sync(&mut ledger, &mut devices[0]).agreed, "and if it comes back, there is nothing between them");
    assert!(sync(&mut ledger, &mut devices[1]).agreed);
}

#[test]
fn nobody_writes_in_another_ones_name() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    for number in 0..4 {
        devices[0].write(stream(1), &note(&format!("echt {number}")));
    }
    let records = chain(&devices[0], stream(1));
    let true_end = records.last().unwrap().clone();
    // Two records of Bram's making that continue what the backend has, under a true head of Anna's that lies further on.
    let at_the_backend = head_of(&records[1]);
    let own = records[1].header().chain();
    let mut forger = ChainWriter::new(own, Some(at_the_backend));
    let stamp = Stamp { at: noon(), uptime_ms: 1 };
    let forged: Vec<Record> =
        (0..2).map(|_| forger.write(&note("vals"), &author(&anna), stamp, Vec::new()).unwrap()).collect();
    let batch = [forged[0].clone(), forged[1].clone(), true_end.clone()];
    let reply = bring(&mut ledger, &bram, &batch, vec![signed(&anna, &true_end)], Vec::new());
    assert_eq!(reasons(&reply), [Refusal::Signature, Refusal::Signature]);
    assert!(forged.iter().all(|record| ledger.record(&record.id()).is_none()));
    assert_eq!(ledger.head(&own).unwrap(), Some(at_the_backend), "nothing was taken: records in between are missing");
    assert_eq!(reply.gaps[0].next, at_the_backend.seq + 1);

    let reply = bring(&mut ledger, &bram, &forged, vec![signed(&bram, &forged[1])], Vec::new());
    assert_eq!(reasons(&reply), [Refusal::Signature, Refusal::Signature], "signed by who brings it");
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
}

#[test]
fn nobody_passes_over_another_ones_record() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    for number in 0..3 {
        devices[0].write(stream(1), &note(&format!("bewijs {number}")));
    }
    let records = chain(&devices[0], stream(1));
    let (hidden, last) = (&records[2], records.last().unwrap());
    let gone = Withheld { chain: hidden.header().chain(), head: head_of(hidden), reason: "rotten".to_owned() };
    let reply = bring(&mut ledger, &bram, &records[3..], vec![signed(&anna, last)], vec![gone]);
    assert!(reply.receipts.is_empty());
    assert!(!ledger.holds(&hidden.id()).unwrap(), "what Anna wrote is not written off by Bram");
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(ledger.record(&hidden.id()).is_some());
}

#[test]
fn both_must_have_the_right_to_the_stream() {
    let (anna, bram, clara) = (inspector(1), inspector(2), inspector(3));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    ledger.enrol(&clara);
    devices[0].write(stream(1), &note("van Anna"));
    let records = chain(&devices[0], stream(1));
    let last = records.last().unwrap();
    let reply = bring(&mut ledger, &clara, &records[2..], vec![signed(&anna, last)], Vec::new());
    assert_eq!(reasons(&reply), [Refusal::NotAllowed], "Clara is not in the team");

    let chain_of_clara = ChainId { stream: stream(1), device: clara.device, epoch: 0 };
    let mut writer = ChainWriter::new(chain_of_clara, None);
    let stamp = Stamp { at: noon(), uptime_ms: 1 };
    let of_clara = writer.write(&note("van Clara"), &author(&clara), stamp, Vec::new()).unwrap();
    let reply = bring(&mut ledger, &bram, std::slice::from_ref(&of_clara), vec![signed(&clara, &of_clara)], Vec::new());
    assert_eq!(reasons(&reply), [Refusal::NotAllowed], "nor does Bram's right make up for hers");

    devices[0].write(stream(1), &Body::MemberAdded { member: card(&clara) });
    let records = chain(&devices[0], stream(1));
    let last = records.last().unwrap();
    let both = [records[2].clone(), records[3].clone(), of_clara.clone()];
    let heads = vec![signed(&anna, last), signed(&clara, &of_clara)];
    let reply = bring(&mut ledger, &clara, &both, heads, Vec::new());
    assert!(reply.refused.is_empty(), "in these very records Anna added her: {:?}", reply.refused);
}

#[test]
fn a_closed_stream_is_brought_by_who_may_read_it_only() {
    let (anna, bram) = (peer(1, "gm-alkmaar", Role::InvestigatingOfficer), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    devices[0].write(stream(7), &opened(1, StreamKind::Wpg { organisation: "gm-alkmaar".into() }));
    let records = chain(&devices[0], stream(7));
    let reply = bring(&mut ledger, &bram, &records, vec![signed(&anna, &records[0])], Vec::new());
    assert_eq!(reasons(&reply), [Refusal::NotAllowed]);
    assert!(ledger.record(&records[0].id()).is_none());
}

#[test]
fn a_controle_that_the_backend_never_saw_is_opened_in_the_name_of_who_began_it() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    devices[0].write(stream(2), &opened(2, StreamKind::Team));
    devices[0].write(stream(2), &Body::MemberAdded { member: card(&bram) });
    let records = chain(&devices[0], stream(2));
    let reply = bring(&mut ledger, &bram, &records, vec![signed(&anna, &records[1])], Vec::new());
    assert!(reply.refused.is_empty(), "{:?}", reply.refused);
    let controle = support::inspection(2);
    assert!(ledger.is_member(controle, anna.person).unwrap() && ledger.is_member(controle, bram.person).unwrap());
}
