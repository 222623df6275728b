//! Records and chains: exact bytes, visible loss.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use chrono::DateTime;
use ed25519_dalek::SigningKey;
use uuid::Uuid;
use veldboek_domain::chain::{ChainError, continues};
use veldboek_domain::record::{Body, MAX_RECORD_BYTES, RecordError};
use veldboek_domain::{
    Author, ChainId, ChainWriter, DeviceId, Digest, PersonId, Record, RegisterKey, SignedHead, Slot, Stamp, StreamId,
    Value,
};

fn writer() -> ChainWriter {
    let chain = ChainId { stream: StreamId(Uuid::from_u128(1)), device: DeviceId(Uuid::from_u128(2)), epoch: 0 };
    ChainWriter::new(chain, None)
}

fn write(writer: &mut ChainWriter, text: &str) -> Result<Record, RecordError> {
    let author = Author { person: PersonId(Uuid::from_u128(3)), organisation: "gm-alkmaar".into() };
    let at = DateTime::parse_from_rfc3339("2026-11-19T14:03:22+01:00").unwrap();
    let body = Body::Written { register: RegisterKey::Answer(Slot::of("L1")), value: Value::text(text) };
    writer.write(&body, &author, Stamp { at, uptime_ms: 5 }, Vec::new())
}

#[test]
fn the_same_bytes_give_the_same_record() {
    let record = write(&mut writer(), "Geen reactie").unwrap();
    let again = Record::from_bytes(record.header_bytes().to_vec(), record.body_bytes().map(<[u8]>::to_vec)).unwrap();
    assert_eq!(again, record);
    assert_eq!(again.id(), Digest::of(record.header_bytes()));
}

#[test]
fn a_changed_body_is_noticed() {
    let record = write(&mut writer(), "Geen reactie").unwrap();
    let mut body = record.body_bytes().unwrap().to_vec();
    *body.last_mut().unwrap() = b' ';
    assert_eq!(Record::from_bytes(record.header_bytes().to_vec(), Some(body)), Err(RecordError::BodyHash));
}

#[test]
fn an_erased_body_leaves_the_chain_provable() {
    let mut writer = writer();
    let first = write(&mut writer, "een").unwrap();
    let second = write(&mut writer, "twee").unwrap();
    let erased = Record::from_bytes(first.header_bytes().to_vec(), None).unwrap();
    assert_eq!(erased.body(), None);
    assert!(!erased.is_from_newer_version());
    assert_eq!(second.header().prev, Some(erased.id()));
}

#[test]
fn a_kind_of_a_newer_version_is_kept_as_such() {
    let record = write(&mut writer(), "een").unwrap();
    let body = br#"{"kind":"something_new","x":1}"#.to_vec();
    let mut header = record.header().clone();
    header.body_hash = Digest::of(&body);
    let newer = Record::from_bytes(serde_json::to_vec(&header).unwrap(), Some(body)).unwrap();
    assert!(newer.is_from_newer_version());
}

#[test]
fn a_record_over_the_limit_is_refused_and_the_chain_stays() {
    let mut writer = writer();
    let refused = write(&mut writer, &"x".repeat(MAX_RECORD_BYTES));
    assert!(matches!(refused, Err(RecordError::TooLarge(size)) if size > MAX_RECORD_BYTES));
    assert_eq!(writer.head(), None);
}

#[test]
fn gaps_forks_and_wrong_parents_are_told_apart() {
    let mut one = writer();
    let first = write(&mut one, "een").unwrap();
    let head = one.head();
    let second = write(&mut one, "twee").unwrap();
    let third = write(&mut one, "drie").unwrap();
    assert_eq!(continues(head.as_ref(), second.header()), Ok(()));
    assert_eq!(continues(head.as_ref(), third.header()), Err(ChainError::Gap { expected: 1, found: 2 }));
    assert_eq!(continues(one.head().as_ref(), second.header()), Err(ChainError::Fork { seq: 1 }));
    let mut other = writer();
    write(&mut other, "anders").unwrap();
    assert_eq!(continues(other.head().as_ref(), second.header()), Err(ChainError::WrongPrev { seq: 1 }));
    assert_eq!(first.header().seq, 0);
}

#[test]
fn a_signed_head_holds_for_its_own_key_and_content_only() {
    let mut writer = writer();
    write(&mut writer, "een").unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    let signed = SignedHead::sign(writer.chain(), writer.head().unwrap(), &key);
    assert!(signed.verify(&key.verifying_key()));
    assert!(!signed.verify(&SigningKey::from_bytes(&[8; 32]).verifying_key()));
    let mut changed = signed.clone();
    changed.head.seq = 9;
    assert!(!changed.verify(&key.verifying_key()));
}
