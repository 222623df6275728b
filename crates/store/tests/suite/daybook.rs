//! The daybook in front of the records: an answer is one page, and nobody ever reads past it.

use std::fs;

use rusqlite::Connection;
use veldboek_domain::{Body, Clock, Record, RegisterKey, Slot, Value};
use veldboek_store::{Store, Summary};

use crate::support::{INSPECTION, TestDevice, author};

/// A page in SQLite's write-ahead log: its head and 4 KiB.
const FRAME: u64 = 24 + 4096;

fn summary(answered: u32) -> Summary {
    Summary { number: "VB-1".to_owned(), answered, questions: 100, ..Summary::default() }
}

/// An answer as the app writes it: with the line of the list, and nothing read.
fn jot(device: &mut TestDevice, question: &str, answered: u32) -> Record {
    let body = Body::Written { register: RegisterKey::Answer(Slot::of(question)), value: Value::text("ja") };
    let mut writer = device.store.writer(crate::support::STREAM).unwrap();
    let record = writer.write(&body, &author(), device.clock.stamp(), Vec::new()).unwrap();
    let new = device.store.append(std::slice::from_ref(&record), Some((INSPECTION, &summary(answered)))).unwrap();
    assert_eq!(new, 1);
    record
}

/// A device whose chain's end is known, so that what follows goes into the daybook.
fn at_work() -> TestDevice {
    let mut device = TestDevice::new();
    device.open_stream();
    jot(&mut device, "A0", 1);
    device
}

fn log_size(device: &TestDevice) -> u64 {
    fs::metadata(device.folder.path().join("veldboek.db-wal")).unwrap().len()
}

/// The same folder after a kill: as it lies on the disk, opened by another app.
fn after_a_kill(device: &TestDevice, damage: impl FnOnce(&Connection)) -> Store {
    let folder = tempfile::TempDir::new().unwrap();
    for name in ["veldboek.db", "veldboek.db-wal"] {
        fs::copy(device.folder.path().join(name), folder.path().join(name)).unwrap();
    }
    let raw = Connection::open(folder.path().join("veldboek.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex::encode(device.key.as_slice()))).unwrap();
    damage(&raw);
    drop(raw);
    let store = Store::open(folder.path(), &device.key).unwrap();
    // The files are open; the folder may go.
    store
}

fn waiting_lines(raw: &Connection) -> i64 {
    raw.query_row("SELECT count(*) FROM daybook", [], |row| row.get(0)).unwrap()
}

/// Blocks behind the log's end are no part of it: its length counts its pages as before.
#[test]
#[cfg(target_os = "linux")]
fn the_log_has_its_blocks_before_it_needs_them() {
    use std::os::unix::fs::MetadataExt;

    const ROOM: u64 = 4 * 1024 * 1024;
    let room_of =
        |device: &TestDevice| fs::metadata(device.folder.path().join("veldboek.db-wal")).unwrap().blocks() * 512;
    let mut device = TestDevice::new();
    assert!(log_size(&device) < ROOM / 4 && room_of(&device) > ROOM, "in one piece, while it is empty");
    device.open_stream();
    jot(&mut device, "A1", 2);
    assert!(log_size(&device) < ROOM / 4);
    device.store.check().unwrap();
    assert_eq!((log_size(&device), room_of(&device)), (0, 0), "it was emptied");
    jot(&mut device, "A2", 3);
    assert!(room_of(&device) > ROOM, "and comes back with the next answer");
}

#[test]
fn an_answer_is_one_page() {
    let mut device = at_work();
    let before = log_size(&device);
    jot(&mut device, "A1", 2);
    assert_eq!(log_size(&device) - before, FRAME);
}

#[test]
fn whoever_reads_finds_everything_in_its_place() {
    let mut device = at_work();
    let records: Vec<Record> = (1..4).map(|number| jot(&mut device, &format!("A{number}"), number + 1)).collect();
    assert!(records.iter().all(|record| device.store.holds(&record.id()).unwrap()));
    assert_eq!(device.store.all_records().unwrap()[2..], records);
    let (state, _) = device.store.inspection(INSPECTION).unwrap();
    assert_eq!(state.answer(&Slot::of("A3")), Some(&Value::text("ja")));
    assert_eq!(device.store.summary(INSPECTION).unwrap(), Some(summary(4)));
    assert!(device.store.stale().unwrap().is_empty(), "the list is level");
    let entered = device.store.projections().unwrap();
    device.store.rebuild().unwrap();
    assert_eq!(device.store.projections().unwrap(), entered);
}

#[test]
fn what_an_app_that_died_left_is_entered_at_the_next_start() {
    let mut device = at_work();
    device.store.stale().unwrap();
    let records: Vec<Record> = (1..4).map(|number| jot(&mut device, &format!("A{number}"), number + 1)).collect();
    let mut store = after_a_kill(&device, |raw| assert_eq!(waiting_lines(raw), 3));
    assert_eq!(store.all_records().unwrap()[2..], records);
    assert_eq!(store.stale().unwrap(), [INSPECTION], "the list is made anew");
    let entered = store.projections().unwrap();
    assert_eq!(entered, device.store.projections().unwrap());
    store.rebuild().unwrap();
    assert_eq!(store.projections().unwrap(), entered);
}

#[test]
fn a_line_that_rotted_keeps_its_place_and_the_others_are_entered() {
    let mut device = at_work();
    device.store.stale().unwrap();
    let records: Vec<Record> = (1..4).map(|number| jot(&mut device, &format!("A{number}"), number + 1)).collect();
    let spoil = |raw: &Connection| {
        raw.execute("UPDATE daybook SET body = x'00' WHERE id = ?1", [records[1].id().0]).unwrap();
    };
    let store = after_a_kill(&device, spoil);
    let held = store.all_records().unwrap();
    assert_eq!(held[2..], [records[0].clone(), records[2].clone()]);
    let raw_is_there = store.holds(&records[1].id()).unwrap();
    assert!(raw_is_there, "its bytes are not thrown away");
}

#[test]
fn the_daybook_does_not_grow_without_end() {
    let mut device = at_work();
    device.store.stale().unwrap();
    let records: Vec<Record> = (1..150).map(|number| jot(&mut device, &format!("A{number}"), number + 1)).collect();
    let store = after_a_kill(&device, |raw| assert!((1..=64).contains(&waiting_lines(raw)), "{}", waiting_lines(raw)));
    assert_eq!(store.all_records().unwrap()[2..], records);
    assert_eq!(device.store.all_records().unwrap()[2..], records);
}
