//! Clearing a controle: nothing of it is left, its chain is never begun anew, and files without rows are swept.

use veldboek_domain::record::Sealed;
use veldboek_domain::{
    Body, Clock, Digest, InspectionId, ItemId, Record, RegisterKey, SetKind, Slot, StreamId, StreamKind, Value,
};
use veldboek_store::{Receipted, StoreError, Summary};

use crate::support::{INSPECTION, STREAM, TestDevice, author, holds};

const WORDS: [&str; 4] = ["zwaluwenburg", "kastanjelaan", "fietsenrek", "gierkelder"];

/// So many records that every table's pages are split, moved and joined many times.
const MANY: usize = 400;

/// Everything is received.
fn receive_all(device: &mut TestDevice, last: &Record) {
    let receipted = Receipted { chain: last.header().chain(), seq: last.header().seq, receipt: "{}".to_owned() };
    device.store.keep_receipts(&[receipted]).unwrap();
}

fn seal(device: &mut TestDevice, stream: StreamId, item: u128, bytes: &[u8]) -> Digest {
    let (item, sha256) = (ItemId(uuid::Uuid::from_u128(item)), Digest::of(bytes));
    let sealed = Sealed {
        sha256,
        bytes: bytes.len() as u64,
        media_type: "image/jpeg".to_owned(),
        width: 4,
        height: 3,
        taken_at: None,
        position: None,
    };
    let mut writer = device.store.writer(stream).unwrap();
    let mut write = |body: &Body| writer.write(body, &author(), device.clock.stamp(), Vec::new()).unwrap();
    let records = [
        write(&Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None }),
        write(&Body::PhotoSealed { item, sealed }),
    ];
    let small = vec![b'k'; 6000];
    device.store.seal_photo(&sha256, bytes, Some(&small), &records, None).unwrap();
    device.store.keep_photo_receipt(&sha256, "{}").unwrap();
    sha256
}

fn file_of(device: &TestDevice, sha256: &Digest) -> std::path::PathBuf {
    let digits = sha256.to_string();
    device.folder.path().join("fotos").join(&digits[..2]).join(format!("{digits}.age"))
}

fn clear(device: &mut TestDevice) -> Result<(), StoreError> {
    let at = device.clock.stamp().at;
    device.store.clear(INSPECTION, false, "0.1", at)
}

/// Writes another controle between the records of the one that is cleared, so that their rows share pages.
fn beside(device: &mut TestDevice, number: usize) {
    let stream = StreamId(uuid::Uuid::from_u128(91));
    let mut writer = device.store.writer(stream).unwrap();
    let body = match number {
        0 => Body::StreamOpened { inspection: InspectionId(uuid::Uuid::from_u128(92)), stream_kind: StreamKind::Team },
        _ => Body::Written {
            register: RegisterKey::Answer(Slot::of(&format!("N{number}"))),
            value: Value::text("Dit blijft staan"),
        },
    };
    let record = writer.write(&body, &author(), device.clock.stamp(), Vec::new()).unwrap();
    device.store.append(&[record], None).unwrap();
}

#[test]
fn after_a_clearing_no_page_of_the_database_holds_a_word_of_it() {
    let mut device = TestDevice::new();
    device.open_stream();
    for number in 0..MANY {
        beside(&mut device, number);
        // Answers over answers, short and long, and the index brought level in between, as a search does.
        let words = format!("{} {} {}", WORDS[number % 4], WORDS[(number / 4) % 4], "x".repeat(number * 7 % 900));
        device.answer(&format!("V{}", number % 90), &words);
        if number % 50 == 0 {
            device.store.search(WORDS[0]).unwrap();
            let summary = Summary { address: format!("{} {number}", WORDS[0]), ..Summary::default() };
            device.store.keep_summaries(&[(INSPECTION, summary)]).unwrap();
        }
    }
    seal(&mut device, STREAM, 7, b"the bytes of a photo of the kastanjelaan");
    let last = device.answer("V1", WORDS[3]);
    let summary = Summary { number: "VB-2026-0007-K7".into(), town: WORDS[1].into(), ..Summary::default() };
    device.store.keep_summaries(&[(INSPECTION, summary)]).unwrap();
    device.store.search(WORDS[2]).unwrap();
    receive_all(&mut device, &last);
    let before = device.store.raw_pages().unwrap();
    assert!(WORDS.iter().all(|word| holds(&before, word.as_bytes())), "the pages are read as they are");
    assert!(holds(&before, &[b'k'; 64]));

    clear(&mut device).unwrap();
    let after = device.store.raw_pages().unwrap();
    for word in WORDS {
        assert!(!holds(&after, word.as_bytes()), "{word} is left");
    }
    assert!(!holds(&after, &[b'k'; 64]), "the small version is left");
    assert!(holds(&after, b"VB-2026-0007-K7"), "the line with its number stays");
    assert!(holds(&after, b"Dit blijft staan"), "and so does the other controle");
    let before = device.store.projections().unwrap();
    device.store.rebuild().unwrap();
    assert_eq!(device.store.projections().unwrap(), before);
}

#[test]
fn nothing_is_removed_while_a_record_or_photo_has_no_receipt() {
    let mut device = TestDevice::new();
    let opened = device.open_stream();
    let photo = seal(&mut device, STREAM, 7, b"a photo");
    receive_all(&mut device, &opened);
    let before = device.store.projections().unwrap();
    let refused = clear(&mut device);
    assert!(matches!(refused, Err(StoreError::NotReceived(left)) if left.records == 2), "{refused:?}");
    assert_eq!(device.store.projections().unwrap(), before);
    assert_eq!(device.store.photo(&photo).unwrap(), b"a photo");
}

#[test]
fn what_never_leaves_the_device_is_never_cleared() {
    let mut device = TestDevice::new();
    device.write(&Body::StreamOpened { inspection: INSPECTION, stream_kind: StreamKind::Coach }, Vec::new());
    let last = device.answer("2.1", "vertrouwelijk");
    receive_all(&mut device, &last);
    assert!(matches!(clear(&mut device), Err(StoreError::NotReceived(_))));
}

#[test]
fn a_photo_that_another_controle_shows_stays() {
    let mut device = TestDevice::new();
    device.open_stream();
    beside(&mut device, 0);
    let other = StreamId(uuid::Uuid::from_u128(91));
    let shared = seal(&mut device, other, 8, b"a photo in two controles");
    assert_eq!(seal(&mut device, STREAM, 7, b"a photo in two controles"), shared);
    let last = device.answer("A1", "klaar");
    receive_all(&mut device, &last);
    clear(&mut device).unwrap();
    assert_eq!(device.store.photo(&shared).unwrap(), b"a photo in two controles");
}

#[test]
fn a_file_that_could_not_be_removed_is_swept_at_the_next_start() {
    let mut device = TestDevice::new();
    device.open_stream();
    let photo = seal(&mut device, STREAM, 7, b"a photo");
    let last = device.answer("A1", "klaar");
    receive_all(&mut device, &last);
    let path = file_of(&device, &photo);
    // A folder in its place can't be removed as a file: the clearing ends here, as after a kill.
    let file = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(clear(&mut device).is_err());
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, file).unwrap();
    let mut device = device.reopen();
    assert!(!path.exists(), "the start swept it");
    assert!(device.store.streams(INSPECTION).unwrap().is_empty(), "and its rows are gone");
    assert_eq!(std::fs::metadata(device.folder.path().join("veldboek.db-wal")).map_or(0, |log| log.len()), 0);
    assert!(!holds(&device.store.raw_pages().unwrap(), b"klaar"));
}

#[test]
fn a_chain_that_comes_back_in_part_goes_on_behind_its_end() {
    let mut device = TestDevice::new();
    let mut records = vec![device.open_stream()];
    for number in 0..5 {
        records.push(device.answer("A1", &format!("antwoord {number}")));
    }
    let last = records.last().unwrap().clone();
    receive_all(&mut device, &last);
    let digest = device.store.digests().unwrap();
    clear(&mut device).unwrap();
    assert_eq!(device.store.digests().unwrap(), digest, "both sides still agree");
    let mut device = device.reopen();
    assert!(device.store.call_back(INSPECTION, "asked", device.clock.stamp().at).unwrap());
    assert!(device.store.digests().unwrap().is_empty(), "asked for, and nothing here: the backend sends it whole");

    device.store.receive(&records[..3], None).unwrap();
    let next = device.answer("A2", "verder gewerkt");
    assert_eq!((next.header().seq, next.header().prev), (6, Some(last.id())), "no number is given twice");
    receive_all(&mut device, &last);
    let refused = clear(&mut device);
    assert!(
        matches!(refused, Err(StoreError::NotReceived(_))),
        "one that is not back whole is not cleared: {refused:?}"
    );
    device.store.receive(&records[3..], None).unwrap();
    let ends = device.store.ends(STREAM).unwrap();
    assert_eq!(ends.len(), 1, "one chain, no branch");
    assert_eq!(ends[0].1.record, next.id());
    receive_all(&mut device, &next);
    clear(&mut device).unwrap();
}
