//! Records and their projections.

use uuid::Uuid;
use veldboek_domain::{
    Body, ChainHead, ChainId, ChainWriter, Clock, DeviceId, Digest, Inspection, Record, RegisterKey, SignedHead, Slot,
    StreamKind, Value,
};
use veldboek_store::{Receipted, Store, StoreError, Summary};

use crate::support::{INSPECTION, STREAM, TestDevice, author, holds};

#[test]
fn what_was_appended_is_there_after_opening_again() {
    let mut device = TestDevice::new();
    device.open_stream();
    device.answer("L1", "Geen reactie");
    let device = device.reopen();
    let (state, rotten) = device.store.inspection(INSPECTION).unwrap();
    assert_eq!(state.answer(&Slot::of("L1")), Some(&Value::text("Geen reactie")));
    assert!(rotten.is_empty());
}

#[test]
fn the_state_from_live_records_equals_the_fold_over_all() {
    let mut device = TestDevice::new();
    device.open_stream();
    for round in 0..5 {
        for question in ["A1", "F2", "L1"] {
            device.answer(question, &format!("{question} {round}"));
        }
    }
    let all = Inspection::from_records(&device.store.history(INSPECTION).unwrap());
    let (live, _) = device.store.inspection(INSPECTION).unwrap();
    let values = |state: &Inspection| state.registers().map(|(k, r)| (k.clone(), r.clone())).collect::<Vec<_>>();
    assert_eq!(values(&live), values(&all));
}

#[test]
fn projections_equal_a_rebuild_in_any_order_of_arrival() {
    let mut writer = TestDevice::new();
    writer.open_stream();
    for round in 0..4 {
        writer.answer("F2", &format!("ronde {round}"));
        writer.answer("L1", &format!("reactie {round}"));
    }
    let mut records = writer.store.all_records().unwrap();
    for seed in 0..12u64 {
        records.sort_by_key(|record| Digest::of(&[record.id().0.as_slice(), &seed.to_be_bytes()].concat()));
        let mut reader = TestDevice::new();
        for record in &records {
            reader.store.receive(std::slice::from_ref(record), None).unwrap();
            reader.store.receive(std::slice::from_ref(record), None).unwrap();
        }
        let before = reader.store.projections().unwrap();
        reader.store.rebuild().unwrap();
        assert_eq!(reader.store.projections().unwrap(), before, "seed {seed}");
        assert_eq!(reader.store.digests().unwrap(), writer.store.digests().unwrap(), "seed {seed}");
    }
}

/// A chain of another device with two branches behind number 3.
fn forked() -> Vec<Record> {
    let chain = ChainId { stream: STREAM, device: DeviceId(Uuid::from_u128(8)), epoch: 0 };
    let clock = crate::support::TestClock::new();
    let mut writer = ChainWriter::new(chain, None);
    let opened = Body::StreamOpened { inspection: INSPECTION, stream_kind: StreamKind::Team };
    let write = |writer: &mut ChainWriter, text: &str| {
        let body = Body::Written { register: RegisterKey::Answer(Slot::of("L1")), value: Value::text(text) };
        writer.write(&body, &author(), clock.stamp(), Vec::new()).unwrap()
    };
    let mut records = vec![writer.write(&opened, &author(), clock.stamp(), Vec::new()).unwrap()];
    records.extend((1..4).map(|number| write(&mut writer, &number.to_string())));
    let mut other = writer.clone();
    records.extend((4..7).map(|number| write(&mut writer, &number.to_string())));
    records.extend((4..6).map(|number| write(&mut other, &format!("after the backup {number}"))));
    records
}

#[test]
fn branches_end_where_they_end_in_any_order_of_arrival() {
    let mut records = forked();
    let ends: Vec<Digest> = [&records[6], &records[8]].map(Record::id).to_vec();
    for seed in 0..40u64 {
        records.sort_by_key(|record| Digest::of(&[record.id().0.as_slice(), &seed.to_be_bytes()].concat()));
        let mut reader = TestDevice::new();
        // In pages of different sizes, as a stream that was granted late comes with its end first.
        for page in records.chunks(1 + (seed % 4) as usize) {
            reader.store.receive(page, None).unwrap();
        }
        let mut found: Vec<Digest> = reader.store.ends(STREAM).unwrap().iter().map(|(_, head)| head.record).collect();
        found.sort_unstable_by_key(|record| ends.iter().position(|end| end == record));
        assert_eq!(found, ends, "seed {seed}");
        let before = reader.store.projections().unwrap();
        reader.store.rebuild().unwrap();
        assert_eq!(reader.store.projections().unwrap(), before, "seed {seed}");
    }
}

#[test]
fn a_record_that_comes_after_its_place_was_passed_over_is_no_branch() {
    let records = forked();
    let (chain, gone) = (records[3].header().chain(), &records[3]);
    let mut reader = TestDevice::new();
    let head = ChainHead { seq: gone.header().seq, record: gone.id() };
    reader.store.receive(&[&records[..3], &records[4..7]].concat(), None).unwrap();
    reader.store.withhold(&chain, head, "body_hash").unwrap();
    assert_eq!(reader.store.ends(STREAM).unwrap().len(), 1);
    reader.store.receive_handed(std::slice::from_ref(gone), &[]).unwrap();
    let ends = reader.store.ends(STREAM).unwrap();
    assert_eq!(ends.iter().map(|(_, head)| head.record).collect::<Vec<_>>(), [records[6].id()]);
    let before = reader.store.projections().unwrap();
    reader.store.rebuild().unwrap();
    assert_eq!(reader.store.projections().unwrap(), before);
}

#[test]
fn a_chain_that_was_refused_counts_up_to_there_until_the_backend_sends_it() {
    let records = forked();
    let mut reader = TestDevice::new();
    reader.store.receive_handed(&records[..7], &[]).unwrap();
    let at = reader.clock.stamp().at;
    reader.store.set_apart(&records[5].id(), "record", None, "not_allowed", at).unwrap();
    let end = |store: &Store| store.all_ends().unwrap()[&STREAM].iter().map(|(_, head)| head.seq).collect::<Vec<_>>();
    assert_eq!(end(&reader.store), [4], "the backend has what is before it");
    reader.store.close_stream(STREAM).unwrap();
    assert!(reader.store.all_ends().unwrap().is_empty(), "who may not read it says nothing of it");
    reader.store.receive(&records[5..6], None).unwrap();
    assert_eq!(end(&reader.store), [6], "the backend holds it now, and its reader may read it again");
    assert!(reader.store.set_apart_list().unwrap().is_empty());
}

#[test]
fn nothing_that_was_typed_can_be_read_in_the_files() {
    let mut device = TestDevice::new();
    device.open_stream();
    device.answer("L1", "Kraaienhofsweg, de slang is van de droger");
    let bytes = device.reopen().bytes();
    assert!(!holds(&bytes, b"Kraaienhofsweg"));
    assert!(!holds(&bytes, b"answer:L1"));
    assert!(!holds(&bytes, b"SQLite format 3"));
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let device = TestDevice::new();
    let database = device.folder.path().join("veldboek.db");
    let folder = device.folder;
    drop(device.store);
    let before = std::fs::read(&database).unwrap();
    let opened = Store::open(folder.path(), &veldboek_store::DatabaseKey::new([5; 32])).map(drop);
    assert!(matches!(opened, Err(StoreError::Damaged(_))), "{opened:?}");
    assert_eq!(std::fs::read(&database).unwrap(), before);
    assert!(Store::open(folder.path(), &device.key).is_ok());
}

#[test]
fn a_record_that_supersedes_from_a_closed_stream_silences_nobody() {
    let mut device = TestDevice::new();
    device.open_stream();
    let said = device.answer("L1", "Dit zag ik");
    let wpg = veldboek_domain::StreamId(Uuid::from_u128(9));
    let chain = ChainId { stream: wpg, device: DeviceId(Uuid::from_u128(3)), epoch: 0 };
    let mut writer = ChainWriter::new(chain, None);
    let kind = StreamKind::Wpg { organisation: "gm-alkmaar".into() };
    let opened = Body::StreamOpened { inspection: INSPECTION, stream_kind: kind };
    let silence = Body::Written { register: RegisterKey::Answer(Slot::of("L1")), value: Value::Cleared };
    let records = [
        writer.write(&opened, &author(), device.clock.stamp(), Vec::new()).unwrap(),
        writer.write(&silence, &author(), device.clock.stamp(), vec![said.id()]).unwrap(),
    ];
    device.store.append(&records, None).unwrap();
    let (state, _) = device.store.inspection(INSPECTION).unwrap();
    let register = state.register(&RegisterKey::Answer(Slot::of("L1"))).unwrap();
    assert!(register.live().any(|(id, _)| *id == said.id()));
}

#[test]
fn a_stream_that_never_leaves_the_device_is_in_nothing_that_is_sent() {
    let mut device = TestDevice::new();
    device.write(&Body::StreamOpened { inspection: INSPECTION, stream_kind: StreamKind::Coach }, Vec::new());
    device.answer("2.1", "vertrouwelijk");
    assert!(device.store.waiting_chains().unwrap().is_empty());
    assert!(device.store.digests().unwrap().is_empty());
    assert!(device.store.records_by_inspection().unwrap().is_empty());
}

#[test]
fn receipts_end_the_waiting_and_an_older_one_takes_nothing_back() {
    let mut device = TestDevice::new();
    device.open_stream();
    let last = device.answer("L1", "Geen reactie");
    let chain = last.header().chain();
    let waiting = device.store.waiting_records(&chain, None, 1 << 20).unwrap();
    assert_eq!(waiting.records.len(), 2);
    let head = device.store.writer(STREAM).unwrap().head().unwrap();
    assert!(
        SignedHead::sign(chain, head, &device.store.device().key().unwrap())
            .verify(&device.store.device().key().unwrap().verifying_key())
    );
    for seq in [1, 0] {
        device.store.keep_receipts(&[Receipted { chain, seq, receipt: "{}".to_owned() }]).unwrap();
    }
    assert!(device.store.waiting_chains().unwrap().is_empty());
    device.store.rewind(&chain, 1).unwrap();
    assert_eq!(device.store.waiting_records(&chain, None, 1 << 20).unwrap().records, [last]);
}

#[test]
fn a_batch_is_bounded_and_goes_on_where_it_ended() {
    let mut device = TestDevice::new();
    let chain = device.open_stream().header().chain();
    for round in 0..20 {
        device.answer("L1", &format!("{round} {}", "x".repeat(500)));
    }
    let mut sent = 0;
    while sent < 21 {
        let waiting = device.store.waiting_records(&chain, None, 4096).unwrap();
        let bytes: usize = waiting.records.iter().map(|record| record.size() + 8).sum();
        assert!(bytes <= 4096 && !waiting.records.is_empty());
        sent += waiting.records.len();
        let seq = waiting.records.last().unwrap().header().seq;
        device.store.keep_receipts(&[Receipted { chain, seq, receipt: "{}".to_owned() }]).unwrap();
    }
    assert_eq!(sent, 21);
}

#[test]
fn a_refused_record_is_withheld_and_the_rest_goes_on() {
    let mut device = TestDevice::new();
    device.open_stream();
    let bad = device.answer("F2", "te groot");
    device.answer("L1", "Geen reactie");
    let at = device.clock.stamp().at;
    device.store.set_apart(&bad.id(), "record", None, "too_large", at).unwrap();
    let waiting = device.store.waiting_records(&bad.header().chain(), None, 1 << 20).unwrap();
    assert_eq!(waiting.records.len(), 2);
    assert_eq!(waiting.withheld.len(), 1);
    device.store.set_apart(&bad.id(), "record", None, "not_allowed", at).unwrap();
    assert!(device.store.waiting_chains().unwrap().is_empty(), "a chain without the right waits for a person");
}

#[test]
fn a_new_epoch_begins_a_new_chain_and_keeps_the_old_one() {
    let mut device = TestDevice::new();
    let old = device.open_stream().header().chain();
    device.store.begin_epoch(&old).unwrap();
    device.store.begin_epoch(&old).unwrap();
    let record = device.answer("L1", "Na de back-up");
    assert_eq!((record.header().epoch, record.header().seq), (1, 0));
    assert_eq!(device.store.waiting_chains().unwrap().len(), 2);
}

#[test]
fn everything_that_was_written_is_found_by_the_beginning_of_its_words() {
    let mut device = TestDevice::new();
    device.open_stream();
    device.answer("L1", "De slang is van de graandroger van dhr. Woźniak");
    device
        .store
        .keep_summaries(&[(INSPECTION, Summary { number: "VB-2026-0001-K7".into(), ..Summary::default() })])
        .unwrap();
    for words in ["graan", "wozniak", "slang droger van"] {
        let found = device.store.search(words).unwrap();
        assert_eq!(found.len(), usize::from(words != "slang droger van"), "{words}");
    }
    device.answer("L1", "Toch niet");
    assert!(device.store.search("graan").unwrap().is_empty(), "what was replaced is no longer found");
    assert!(device.store.search("\" OR *").unwrap().is_empty());
}

#[test]
fn the_list_is_stale_after_every_append_until_its_summary_is_kept() {
    let mut device = TestDevice::new();
    device.open_stream();
    assert_eq!(device.store.stale().unwrap(), [INSPECTION]);
    let summary =
        Summary { planned_at: Some("2026-11-19T09:30:00+01:00".into()), status: "busy".into(), ..Summary::default() };
    device.store.keep_summaries(&[(INSPECTION, summary.clone())]).unwrap();
    assert!(device.store.stale().unwrap().is_empty());
    assert_eq!(device.store.work_until("2026-11-19").unwrap(), [(INSPECTION, summary)]);
    device.answer("L1", "x");
    assert_eq!(device.store.stale().unwrap(), [INSPECTION]);
}
