//! Records that came by a hand-over: kept like any other, called received by nobody but the backend.

use ed25519_dalek::SigningKey;
use uuid::Uuid;
use veldboek_domain::{
    Body, ChainHead, ChainId, ChainWriter, Clock, DeviceId, Field, Record, RegisterKey, SignedHead, StreamKind, Value,
};
use veldboek_store::Receipted;

use crate::support::{INSPECTION, STREAM, TestDevice, author};

/// The chain of a tablet that is not this one.
fn other_chain() -> ChainId {
    ChainId { stream: STREAM, device: DeviceId(Uuid::from_u128(77)), epoch: 0 }
}

fn others(device: &TestDevice, count: usize) -> Vec<Record> {
    let mut writer = ChainWriter::new(other_chain(), None);
    let mut records = Vec::new();
    for number in 0..count {
        let body = match number {
            0 => Body::StreamOpened { inspection: INSPECTION, stream_kind: StreamKind::Team },
            _ => Body::Written {
                register: RegisterKey::Inspection(Field::Method),
                value: Value::text(&format!("regel {number}")),
            },
        };
        records.push(writer.write(&body, &author(), device.clock.stamp(), Vec::new()).unwrap());
    }
    records
}

fn head(record: &Record) -> SignedHead {
    let head = ChainHead { seq: record.header().seq, record: record.id() };
    SignedHead::sign(record.header().chain(), head, &SigningKey::from_bytes(&[7; 32]))
}

fn receipt(seq: u64) -> Receipted {
    Receipted { chain: other_chain(), seq, receipt: String::new() }
}

#[test]
fn what_was_handed_over_is_received_once_the_backend_shows_or_receipts_it() {
    let mut device = TestDevice::new();
    let records = others(&device, 6);
    assert_eq!(device.store.receive_handed(&records, &[]).unwrap().len(), 6);
    assert_eq!(device.store.receive_handed(&records, &[]).unwrap().len(), 0, "twice is nothing new");
    let received = |device: &TestDevice| {
        let each = (0..6).map(|seq| device.store.is_received(&other_chain(), seq).unwrap());
        each.filter(|received| *received).count()
    };
    assert_eq!(received(&device), 0);
    assert_eq!(device.store.records_by_inspection().unwrap()[&INSPECTION], (6, 0));
    device.store.receive(&records[..2], Some("2")).unwrap();
    assert_eq!(received(&device), 2, "these came from the backend as well");
    device.store.keep_receipts(&[receipt(3)]).unwrap();
    assert_eq!(received(&device), 4);
    assert_eq!(device.store.records_by_inspection().unwrap()[&INSPECTION], (2, 0));
    device.store.keep_receipts(&[receipt(5)]).unwrap();
    assert_eq!(received(&device), 6);
    assert!(device.store.handed_of(INSPECTION).unwrap().is_empty());
}

#[test]
fn a_pull_of_what_was_never_handed_over_is_received_at_once() {
    let mut device = TestDevice::new();
    let records = others(&device, 3);
    device.store.receive(&records, Some("3")).unwrap();
    assert!(device.store.is_received(&other_chain(), 2).unwrap());
    device.store.receive_handed(&records, &[]).unwrap();
    assert!(device.store.is_received(&other_chain(), 2).unwrap(), "a file that says the same takes nothing back");
}

#[test]
fn a_chain_is_brought_as_far_as_its_own_device_signed_it_and_nothing_is_missing() {
    let mut device = TestDevice::new();
    let records = others(&device, 6);
    device.store.receive_handed(&records, &[]).unwrap();
    assert!(device.store.relays().unwrap().is_empty(), "without a signed head there is nothing to show");
    device.store.receive_handed(&records, &[head(&records[2]), head(&records[5])]).unwrap();
    let relay = device.store.relays().unwrap().remove(0);
    assert_eq!((relay.chain, relay.from, relay.heads.len()), (other_chain(), 0, 2));
    let way = device.store.way_back(&relay.chain, &relay.heads[1].head, relay.from).unwrap().unwrap();
    assert_eq!(way, records);

    device.store.keep_receipts(&[receipt(2)]).unwrap();
    let relay = device.store.relays().unwrap().remove(0);
    assert_eq!((relay.from, relay.heads.len()), (3, 1), "the rest");
    device.store.rewind(&other_chain(), 1).unwrap();
    assert_eq!(device.store.relays().unwrap()[0].from, 1, "the backend lost what it had said to hold");

    let mut gap = TestDevice::new();
    gap.store.receive_handed(&[&records[..3], &records[4..]].concat(), &[]).unwrap();
    let end = head(&records[5]).head;
    assert_eq!(gap.store.way_back(&other_chain(), &end, 0).unwrap(), None, "one in between is missing");
}

#[test]
fn what_the_backend_refused_for_its_right_waits_for_a_person() {
    let mut device = TestDevice::new();
    let records = others(&device, 3);
    device.store.receive_handed(&records, &[head(&records[2])]).unwrap();
    let at = device.clock.stamp().at;
    device.store.set_apart(&records[1].id(), "record", None, "not_allowed", at).unwrap();
    assert!(device.store.relays().unwrap().is_empty());
}
