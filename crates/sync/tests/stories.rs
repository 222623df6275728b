//! Devices and the backend over a line that works: what arrives, what does not, and what is named.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod support;

use std::collections::BTreeSet;

use support::{
    Answer, MemoryLedger, MemoryReplica, answer, backend, backend_key, card, key, noon, note, opened, peer,
    replica::device_key, stream, sync, sync_counted, take, team,
};
use veldboek_domain::{Body, ChainHead, ChainId, Record, RecordId, Role, SignedHead, StreamId, StreamKind};
use veldboek_sync::Receipt;
use veldboek_sync::client::{RecordSync, Replica, ReplyError, ReplyFault, Step, UnderWay};
use veldboek_sync::server::{self, Ledger, Peer};
use veldboek_sync::wire::{
    MAX_BATCH_BYTES, PROTOCOL, PagePreamble, PullRequest, PushPreamble, PushReply, RawRecord, Refusal, read_frames,
};

fn inspector(number: u8) -> Peer {
    peer(number, "gm-alkmaar", Role::Inspector)
}

fn officer(number: u8) -> Peer {
    peer(number, "gm-alkmaar", Role::InvestigatingOfficer)
}

fn held(replica: &MemoryReplica) -> BTreeSet<RecordId> {
    replica.records.keys().copied().collect()
}

#[test]
fn what_one_device_writes_another_has_after_both_synced() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    let written = devices[0].write(stream(1), &note("achterom, niet binnen geweest"));
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(sync(&mut ledger, &mut devices[1]).agreed);
    assert!(devices[1].records.contains_key(&written));
    assert_eq!(held(&devices[0]), held(&devices[1]));
}

#[test]
fn a_sync_with_nothing_new_is_one_small_request() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    for device in &mut devices {
        let (outcome, requests) = sync_counted(&mut ledger, device);
        assert!(outcome.agreed);
        assert_eq!(requests, 1);
    }
}

#[test]
fn a_batch_never_exceeds_its_limit_and_everything_arrives() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    for _ in 0..60 {
        devices[0].write(stream(1), &note(&"x".repeat(50_000)));
    }
    let mut machine = RecordSync::new(backend_key().verifying_key());
    let mut pushes = 0;
    loop {
        let step = machine.next(&mut devices[0]).unwrap();
        match &step {
            Step::Done(outcome) => break assert!(outcome.agreed),
            Step::Push(framed) => {
                pushes += 1;
                assert!(framed.len() <= MAX_BATCH_BYTES, "{} bytes", framed.len());
            }
            Step::Pull(_) | Step::Compare(_) => {}
        }
        let answer = answer(&mut ledger, &devices[0].peer, &step, &BTreeSet::new());
        take(&mut machine, &mut devices[0], &answer).unwrap();
    }
    assert!(pushes >= 3);
    assert!(sync(&mut ledger, &mut devices[1]).agreed);
    assert_eq!(held(&devices[0]), held(&devices[1]));
}

#[test]
fn many_short_chains_with_their_signed_heads_stay_within_a_batch() {
    let anna = inspector(1);
    let mut ledger = backend(&[&anna]);
    let mut device = MemoryReplica::new(&anna);
    for number in 0..1500 {
        device.write(stream(number), &opened(number, StreamKind::Team));
    }
    let mut machine = RecordSync::new(backend_key().verifying_key());
    let Step::Push(framed) = machine.next(&mut device).unwrap() else { panic!("there is something to push") };
    assert!(framed.len() <= MAX_BATCH_BYTES, "{} bytes", framed.len());
    assert!(sync(&mut ledger, &mut device).agreed);
    assert_eq!(ledger.records().count(), 1500);
}

#[test]
fn a_lost_reply_after_the_commit_costs_a_repetition_and_nothing_else() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let written = devices[0].write(stream(1), &note("eenmaal"));
    let mut lost = RecordSync::new(backend_key().verifying_key());
    let step = lost.next(&mut devices[0]).unwrap();
    answer(&mut ledger, &devices[0].peer, &step, &BTreeSet::new());
    assert!(
        devices[0].outgoing(MAX_BATCH_BYTES, &UnderWay::new()).unwrap().is_some(),
        "without a receipt it still waits"
    );
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(devices[0].outgoing(MAX_BATCH_BYTES, &UnderWay::new()).unwrap().is_none());
    assert!(ledger.record(&written).is_some());
}

#[test]
fn a_wpg_record_is_in_no_page_for_who_may_not_read_it() {
    let (boa, other_boa, colleague) = (officer(1), officer(2), inspector(3));
    let stranger = peer(4, "od-nhn", Role::InvestigatingOfficer);
    let coordinator = peer(5, "gm-alkmaar", Role::Coordinator);
    let peers = [&boa, &other_boa, &colleague, &stranger, &coordinator];
    let (mut ledger, mut devices) = team(&peers[..4]);
    ledger.enrol(&coordinator);
    devices.push(MemoryReplica::new(&coordinator));
    devices[0].write(stream(7), &opened(1, StreamKind::Wpg { organisation: "gm-alkmaar".into() }));
    let secret = devices[0].write(stream(7), &note("verdachte"));
    for device in &mut devices {
        sync(&mut ledger, device);
    }
    let readers: Vec<bool> = devices.iter().map(|device| device.records.contains_key(&secret)).collect();
    assert_eq!(readers, [true, true, false, false, false]);
    for (peer, reads) in peers.iter().zip(readers) {
        let (page, records) =
            server::pull(&ledger, peer, &PullRequest { include_own: true, ..Default::default() }).unwrap();
        let (compared, others) = server::compare(&ledger, peer, &Default::default()).unwrap();
        assert_eq!(records.iter().chain(&others).any(|record| record.header().stream == stream(7)), reads);
        assert_eq!(compared.differing.contains_key(&stream(7)), reads);
        assert!(!page.closed.contains(&stream(7)), "that there is one is not told either");
    }
}

#[test]
fn a_coach_stream_is_never_offered_and_never_taken() {
    let coach = peer(1, "lto", Role::AgriCoach);
    let mut ledger = backend(&[&coach]);
    let mut device = MemoryReplica::new(&coach);
    device.write(stream(9), &opened(9, StreamKind::Coach));
    device.write(stream(9), &note("in vertrouwen"));
    let outcome = sync(&mut ledger, &mut device);
    assert!(outcome.agreed);
    assert_eq!(outcome.pushed, 0);
    assert_eq!(ledger.records().count(), 0);
}

#[test]
fn a_stream_granted_later_arrives_whole() {
    let (anna, bram) = (inspector(1), inspector(2));
    let mut ledger = backend(&[&anna, &bram]);
    let mut devices = [MemoryReplica::new(&anna), MemoryReplica::new(&bram)];
    devices[0].write(stream(1), &opened(1, StreamKind::Team));
    for number in 0..40 {
        devices[0].write(stream(1), &note(&format!("{number}{}", "x".repeat(40_000))));
    }
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(sync(&mut ledger, &mut devices[1]).agreed);
    assert!(devices[1].records.is_empty(), "not yet in the team");

    devices[0].write(stream(1), &Body::MemberAdded { member: card(&bram) });
    devices[0].write(stream(1), &note("daarna"));
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    let outcome = sync(&mut ledger, &mut devices[1]);
    assert!(outcome.agreed);
    assert_eq!(held(&devices[0]), held(&devices[1]));
    assert_eq!(outcome.received, 43, "nothing is sent twice");
}

#[test]
fn who_left_the_team_receives_nothing_new_and_keeps_what_was_refused() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    devices[0].write(stream(1), &Body::MemberRemoved { person: bram.person, reason: "andere dienst".into() });
    let later = devices[0].write(stream(1), &note("na het vertrek"));
    assert!(sync(&mut ledger, &mut devices[0]).agreed);

    let own = devices[1].write(stream(1), &note("zonder bereik geschreven"));
    let outcome = sync(&mut ledger, &mut devices[1]);
    assert_eq!(outcome.closed, [stream(1)]);
    assert_eq!(outcome.refused.len(), 1);
    assert_eq!((outcome.refused[0].record, outcome.refused[0].reason), (own, Refusal::NotAllowed));
    assert!(outcome.agreed, "about what may still be read");
    assert!(!devices[1].records.contains_key(&later));
    assert!(devices[1].records.contains_key(&own), "nothing local goes away");
    assert!(devices[1].receipts.iter().all(|receipt| receipt.head.record != own));
    assert_eq!(sync_counted(&mut ledger, &mut devices[1]).1, 1, "it is not offered for ever");
}

#[test]
fn a_device_restored_from_a_backup_keeps_both_branches_and_begins_an_epoch() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let before = devices[0].write(stream(1), &note("in de back-up"));
    sync(&mut ledger, &mut devices[0]);
    let backup = devices[0].clone();
    let lost: Vec<_> =
        (0..5).map(|number| devices[0].write(stream(1), &note(&format!("na de back-up {number}")))).collect();
    sync(&mut ledger, &mut devices[0]);

    devices[0] = backup;
    let own: Vec<_> =
        (0..9).map(|number| devices[0].write(stream(1), &note(&format!("na terugzetten {number}")))).collect();
    let outcome = sync(&mut ledger, &mut devices[0]);
    assert!(outcome.agreed);
    assert_eq!(outcome.forks, [devices[0].chain(stream(1), 0)]);
    assert_eq!(devices[0].epoch(), 1);
    let next = devices[0].write(stream(1), &note("nieuw begin"));
    assert_eq!(devices[0].records[&next].header().seq, 0);
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(sync(&mut ledger, &mut devices[1]).agreed);
    for device in &devices {
        for id in lost.iter().chain(&own).chain([&before, &next]) {
            assert!(device.records.contains_key(id));
        }
    }
    assert_eq!(sync_counted(&mut ledger, &mut devices[0]).1, 1);
}

#[test]
fn a_restored_device_whose_replies_get_lost_still_sends_its_whole_branch() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let backup = devices[0].clone();
    for number in 0..3 {
        devices[0].write(stream(1), &note(&format!("verloren {number}")));
    }
    sync(&mut ledger, &mut devices[0]);
    devices[0] = backup;
    let mut own = Vec::new();
    for number in 0..6 {
        own.push(devices[0].write(stream(1), &note(&format!("tak {number}"))));
        let mut lost = RecordSync::new(backend_key().verifying_key());
        let step = lost.next(&mut devices[0]).unwrap();
        answer(&mut ledger, &devices[0].peer, &step, &BTreeSet::new());
    }
    let outcome = sync(&mut ledger, &mut devices[0]);
    assert!(outcome.agreed && outcome.refused.is_empty(), "{outcome:?}");
    assert_eq!(outcome.forks.len(), 1, "the device hears of it although the reply that said so was lost");
    assert_eq!(devices[0].epoch(), 1);
    assert!(own.iter().all(|id| ledger.record(id).is_some()));
}

#[test]
fn a_restored_device_that_wrote_nothing_goes_on_with_its_own_chain() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let backup = devices[0].clone();
    let lost = devices[0].write(stream(1), &note("na de back-up"));
    sync(&mut ledger, &mut devices[0]);
    devices[0] = backup;
    let outcome = sync(&mut ledger, &mut devices[0]);
    assert!(outcome.agreed && outcome.forks.is_empty());
    let next = devices[0].write(stream(1), &note("verder"));
    assert_eq!(devices[0].records[&next].header().prev, Some(lost));
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
}

#[test]
fn one_poisoned_record_is_named_and_the_others_arrive() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let ids: Vec<_> = (0..5).map(|number| devices[0].write(stream(1), &note(&format!("{number}")))).collect();
    devices[0].poisoned.insert(ids[2]);
    let outcome = sync(&mut ledger, &mut devices[0]);
    assert!(outcome.agreed);
    assert_eq!(outcome.refused.len(), 1);
    assert_eq!((outcome.refused[0].record, outcome.refused[0].reason), (ids[2], Refusal::BodyHash));
    let outcome = sync(&mut ledger, &mut devices[1]);
    assert!(outcome.agreed, "a chain that goes on over a record that will not come is whole");
    let arrived: Vec<bool> = ids.iter().map(|id| devices[1].records.contains_key(id)).collect();
    assert_eq!(arrived, [true, true, false, true, true]);
    assert_eq!(sync_counted(&mut ledger, &mut devices[1]).1, 1);
}

#[test]
fn a_poisoned_record_is_named_again_when_the_reply_was_lost() {
    let (mut ledger, mut devices) = team(&[&inspector(1)]);
    let bad = devices[0].write(stream(1), &note("bedorven"));
    devices[0].poisoned.insert(bad);
    let mut lost = RecordSync::new(backend_key().verifying_key());
    let step = lost.next(&mut devices[0]).unwrap();
    answer(&mut ledger, &devices[0].peer, &step, &devices[0].poisoned);
    let outcome = sync(&mut ledger, &mut devices[0]);
    assert_eq!(outcome.refused.len(), 1, "a receipt over it would otherwise look as if it had arrived");
    assert_eq!(devices[0].quarantined.get(&bad), Some(&Refusal::BodyHash));
}

#[test]
fn a_record_that_rotted_before_it_was_sent_does_not_hold_up_what_follows() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let ids: Vec<_> = (0..3).map(|number| devices[0].write(stream(1), &note(&format!("{number}")))).collect();
    devices[0].rot(ids[2]);
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(sync(&mut ledger, &mut devices[1]).agreed, "also while it is the last one");
    let next = devices[0].write(stream(1), &note("verder"));
    assert!(sync(&mut ledger, &mut devices[0]).agreed);
    assert!(sync(&mut ledger, &mut devices[1]).agreed);
    assert!(devices[1].records.contains_key(&next));
}

#[test]
fn a_backend_that_lost_records_asks_for_them_again() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let ids: Vec<_> = (0..6).map(|number| devices[0].write(stream(1), &note(&format!("{number}")))).collect();
    sync(&mut ledger, &mut devices[0]);
    ledger.forget(devices[0].chain(stream(1), 0), 4);
    assert!(ids.iter().any(|id| ledger.record(id).is_none()));
    let next = devices[0].write(stream(1), &note("daarna"));
    let outcome = sync(&mut ledger, &mut devices[0]);
    assert!(outcome.agreed, "{outcome:?}");
    assert!(ids.iter().chain([&next]).all(|id| ledger.record(id).is_some()));

    ledger.forget(devices[0].chain(stream(1), 0), 4);
    assert!(sync(&mut ledger, &mut devices[0]).agreed, "also when nothing new is written");
    assert!(ids.iter().all(|id| ledger.record(id).is_some()));
}

#[test]
fn closed_streams_opened_in_the_same_batch_wait_for_their_team_stream() {
    let boa = officer(1);
    let mut ledger = backend(&[&boa]);
    let mut device = MemoryReplica::new(&boa);
    device.write(stream(5), &opened(1, StreamKind::Team));
    device.write(stream(2), &opened(1, StreamKind::Wpg { organisation: "gm-alkmaar".into() }));
    let outcome = sync(&mut ledger, &mut device);
    assert!(outcome.agreed && outcome.refused.is_empty(), "{outcome:?}");
}

#[test]
fn a_batch_that_another_device_signed_is_refused_by_name() {
    let (anna, bram) = (inspector(1), inspector(2));
    let (mut ledger, mut devices) = team(&[&anna, &bram]);
    let id = devices[0].write(stream(1), &note("van Anna"));
    let mut machine = RecordSync::new(backend_key().verifying_key());
    let Step::Push(framed) = machine.next(&mut devices[0]).unwrap() else { panic!("there is something to push") };
    let (mut preamble, batch) = read_frames::<PushPreamble>(&framed).unwrap();
    for head in &mut preamble.heads {
        *head = SignedHead::sign(head.chain, head.head, &device_key(bram.device));
    }
    let reply = server::push(&mut ledger, &anna, &preamble, batch, noon(), &backend_key()).unwrap();
    assert_eq!(
        reply.refused.iter().map(|one| (one.record, one.reason)).collect::<Vec<_>>(),
        [(id, Refusal::Signature)]
    );
    assert!(reply.receipts.is_empty());
    assert!(ledger.record(&id).is_none());
}

/// Pushes one record and gives the reply through `tamper` to the machine.
fn tampered(tamper: impl Fn(&mut Receipt, &[Record])) -> (ReplyFault, MemoryReplica) {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let mut device = devices.swap_remove(0);
    device.receipts.clear();
    device.write(stream(1), &note("wacht op bewijs"));
    let records: Vec<Record> = device.records.values().cloned().collect();
    let mut machine = RecordSync::new(backend_key().verifying_key());
    let step = machine.next(&mut device).unwrap();
    let Answer::Pushed(mut reply) = answer(&mut ledger, &device.peer, &step, &BTreeSet::new()) else { unreachable!() };
    tamper(&mut reply.receipts[0], &records);
    match machine.on_pushed(&mut device, &reply) {
        Err(ReplyError::Fault(fault)) => (fault, device),
        other => panic!("a tampered receipt was taken: {other:?}"),
    }
}

#[test]
fn a_receipt_that_does_not_hold_is_never_kept() {
    let resign =
        |receipt: &Receipt, chain: ChainId, head: ChainHead| Receipt::sign(chain, head, receipt.at, &backend_key());
    let faults = [
        tampered(|receipt, _| *receipt = Receipt::sign(receipt.chain, receipt.head, noon(), &key(66))),
        tampered(|receipt, _| receipt.head.seq += 1),
        tampered(|receipt, _| receipt.signature.clear()),
        tampered(|receipt, _| {
            let chain = ChainId { stream: stream(99), ..receipt.chain };
            *receipt = resign(receipt, chain, receipt.head);
        }),
        tampered(|receipt, _| {
            let head = ChainHead { record: veldboek_domain::Digest::of(b"elsewhere"), ..receipt.head };
            *receipt = resign(receipt, receipt.chain, head);
        }),
    ];
    let expected = [
        ReplyFault::ReceiptSignature(stream(1)),
        ReplyFault::ReceiptSignature(stream(1)),
        ReplyFault::ReceiptSignature(stream(1)),
        ReplyFault::ReceiptForOther(stream(99)),
        ReplyFault::ReceiptUnknown(veldboek_domain::Digest::of(b"elsewhere")),
    ];
    for ((fault, mut device), expected) in faults.into_iter().zip(expected) {
        assert_eq!(fault, expected);
        assert!(device.receipts.is_empty());
        assert!(device.outgoing(MAX_BATCH_BYTES, &UnderWay::new()).unwrap().is_some(), "it still waits");
    }
}

#[test]
fn a_refusal_of_a_record_that_was_not_sent_changes_nothing() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let innocent = *devices[0].records.keys().next().unwrap();
    devices[0].write(stream(1), &note("nieuw"));
    let mut machine = RecordSync::new(backend_key().verifying_key());
    let step = machine.next(&mut devices[0]).unwrap();
    let Answer::Pushed(mut reply) = answer(&mut ledger, &devices[0].peer, &step, &BTreeSet::new()) else {
        unreachable!()
    };
    reply.refused.push(veldboek_sync::wire::Refused { record: innocent, reason: Refusal::BodyHash });
    machine.on_pushed(&mut devices[0], &reply).unwrap();
    assert!(devices[0].quarantined.is_empty());
}

#[test]
fn a_backend_that_promises_more_and_gives_nothing_ends_the_sync() {
    let mut device = MemoryReplica::new(&inspector(1));
    device.receive(Vec::new(), Some("here")).unwrap();
    let mut machine = RecordSync::new(backend_key().verifying_key());
    assert!(matches!(machine.next(&mut device).unwrap(), Step::Pull(_)));
    let page = PagePreamble { cursor: "here".into(), more: true, ..PagePreamble::default() };
    let answer = machine.on_pulled(&mut device, page, Vec::new());
    assert!(matches!(answer, Err(ReplyError::Fault(ReplyFault::Endless))));
}

#[test]
fn a_backend_that_never_agrees_ends_the_sync_without_agreement() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let mut machine = RecordSync::new(backend_key().verifying_key());
    for requests in 0.. {
        assert!(requests < 50, "a sync ends");
        let step = machine.next(&mut devices[0]).unwrap();
        if let Step::Done(outcome) = step {
            assert!(!outcome.agreed);
            break;
        }
        let mut said = answer(&mut ledger, &devices[0].peer, &step, &BTreeSet::new());
        if let Answer::Pulled(bytes) = &mut said {
            let (mut page, _) = read_frames::<PagePreamble>(bytes).unwrap();
            page.agrees = Some(false);
            *bytes = veldboek_sync::wire::write_frames(&page, []);
        }
        take(&mut machine, &mut devices[0], &said).unwrap();
    }
}

#[test]
fn every_receipt_names_what_the_backend_holds() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    for number in 0..10 {
        devices[number % 2].write(stream(1), &note(&format!("{number}")));
        sync(&mut ledger, &mut devices[number % 2]);
    }
    let all: Vec<(StreamId, RecordId)> =
        devices.iter().flat_map(|device| &device.receipts).map(|one| (one.chain.stream, one.head.record)).collect();
    assert!(all.len() >= 10);
    for (_, record) in all {
        assert!(ledger.holds(&record).unwrap());
    }
}

/// Pushes one record of a device without what stands before it.
fn push_alone(ledger: &mut MemoryLedger, peer: &Peer, record: &Record) -> PushReply {
    let end = ChainHead { seq: record.header().seq, record: record.id() };
    let head = SignedHead::sign(record.header().chain(), end, &device_key(peer.device));
    let preamble = PushPreamble { protocol: PROTOCOL, heads: vec![head], withheld: Vec::new() };
    let (header, body) = (record.header_bytes().to_vec(), record.body_bytes().map(<[u8]>::to_vec));
    server::push(ledger, peer, &preamble, vec![RawRecord { header, body }], noon(), &backend_key()).unwrap()
}

#[test]
fn a_branch_behind_a_record_in_the_middle_of_another_one_is_kept() {
    let (mut ledger, mut devices) = team(&[&inspector(1), &inspector(2)]);
    let backup = devices[0].clone();
    devices[0].write(stream(1), &note("op de eerste tak"));
    sync(&mut ledger, &mut devices[0]);
    let mut second = backup;
    second.write(stream(1), &note("op de tweede tak"));
    let mut third = second.clone();
    second.write(stream(1), &note("en verder"));
    second.write(stream(1), &note("en nog verder"));
    assert!(sync(&mut ledger, &mut second).agreed);

    // Its number is the one behind the end of the first branch, and it stands behind the middle of the second.
    let id = third.write(stream(1), &note("nog een keer teruggezet"));
    let reply = push_alone(&mut ledger, &third.peer, &third.records[&id]);
    assert!(reply.refused.is_empty(), "{reply:?}");
    assert!(ledger.record(&id).is_some());
    let outcome = sync(&mut ledger, &mut third);
    assert!(outcome.agreed && outcome.refused.is_empty(), "{outcome:?}");
    sync(&mut ledger, &mut devices[1]);
    assert_eq!(held(&devices[1]), held(&third));
}

#[test]
fn a_record_that_hangs_on_one_of_another_stream_is_no_branch() {
    let anna = officer(1);
    let (mut ledger, mut devices) = team(&[&anna, &inspector(2)]);
    let elsewhere = devices[0].write(stream(2), &opened(1, StreamKind::Wpg { organisation: "gm-alkmaar".into() }));
    devices[0].write(stream(1), &note("zoals het hoort"));
    sync(&mut ledger, &mut devices[0]);
    let chain = ChainId { stream: stream(1), device: anna.device, epoch: 0 };
    let end = ledger.head(&chain).unwrap().unwrap();
    for seq in [end.seq, end.seq + 1] {
        let mut writer = veldboek_domain::ChainWriter::new(chain, Some(ChainHead { seq: seq - 1, record: elsewhere }));
        let stamp = veldboek_domain::Stamp { at: noon(), uptime_ms: 1 };
        let record = writer.write(&note("hangt elders aan"), &support::author(&anna), stamp, Vec::new()).unwrap();
        let reply = push_alone(&mut ledger, &anna, &record);
        let refused: Vec<_> = reply.refused.iter().map(|one| (one.record, one.reason)).collect();
        assert_eq!(refused, [(record.id(), Refusal::BrokenChain)], "number {seq}");
        assert!(ledger.record(&record.id()).is_none());
    }
}
