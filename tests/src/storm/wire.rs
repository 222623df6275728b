//! The requests of a device, as its own client words them: see `veldboek_sync::http`.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use ed25519_dalek::{Signer, SigningKey};
use veldboek_domain::{
    Author, Body, ChainHead, ChainId, ChainWriter, DeviceId, Record, RecordId, RegisterKey, SignedHead, Slot, Stamp,
    StreamId, Value,
};
use veldboek_sync::client::Step;
use veldboek_sync::wire::{
    Challenge, ChallengeRequest, ComparePreamble, PROTOCOL, PagePreamble, PushPreamble, RECORDS_MEDIA_TYPE, RawRecord,
    Session, SessionRequest, read_frames, session_statement, write_frames,
};

use super::served::{Asked, Served};

/// What a step of the sync asks of the backend.
pub(super) fn asked(step: &Step) -> Asked {
    match step {
        Step::Push(framed) => push(framed.clone()),
        Step::Pull(request) => Asked::json("/v1/records/_ophalen", request),
        Step::Compare(request) => Asked::json("/v1/records/_vergelijk", request),
        Step::Done(_) => unreachable!("there is nothing to ask"),
    }
}

pub(super) fn push(framed: Vec<u8>) -> Asked {
    let headers = vec![("content-type", RECORDS_MEDIA_TYPE.to_owned())];
    Asked { method: Method::POST, path: "/v1/records".to_owned(), headers, body: framed }
}

/// Begins a session over a perfect line.
pub(super) fn sign_in(served: &mut Served, device: DeviceId, key: &SigningKey) -> String {
    let ask = Asked::json("/v1/sessies/uitdaging", &ChallengeRequest { device });
    let answer = served.ask(&ask, None, None).expect("nothing dies here");
    assert_eq!(answer.status, StatusCode::OK, "a device gets its challenge");
    let Challenge { challenge } = serde_json::from_slice(&answer.body).expect("a challenge");
    let signature = hex::encode(key.sign(session_statement(device, &challenge).as_bytes()).to_bytes());
    let answer = served.ask(&Asked::json("/v1/sessies", &SessionRequest { device, challenge, signature }), None, None);
    let answer = answer.expect("nothing dies here");
    assert_eq!(answer.status, StatusCode::CREATED, "a device gets its session");
    serde_json::from_slice::<Session>(&answer.body).expect("a session").token
}

/// The framed bytes of raw records: as they are, whether they hold or not.
fn framed(preamble: &PushPreamble, records: &[RawRecord]) -> Vec<u8> {
    let mut bytes = write_frames(preamble, &[]);
    for record in records {
        for frame in [Some(&record.header), record.body.as_ref()] {
            let length = frame.map_or(u32::MAX, |frame| u32::try_from(frame.len()).expect("a record is small"));
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend(frame.into_iter().flatten());
        }
    }
    bytes
}

/// The last record of a batch in which a device wrote words.
pub(super) fn last_words(batch: &[u8], device: DeviceId) -> Option<RecordId> {
    let (_, records) = read_frames::<PushPreamble>(batch).expect("a batch that the client made");
    let records = records.into_iter().rev().filter_map(|raw| Record::from_bytes(raw.header, raw.body).ok());
    let mut words = records.filter(|record| record.header().device == device && says_words(record));
    words.next().map(|record| record.id())
}

fn says_words(record: &Record) -> bool {
    matches!(record.body(), Some(Body::Written { value: Value::Text(_), .. }))
}

/// A batch in which these records have another body than they say.
pub(super) fn poisoned(batch: &[u8], poisoned: &BTreeSet<RecordId>) -> Vec<u8> {
    let (preamble, mut records) = read_frames::<PushPreamble>(batch).expect("a batch that the client made");
    for raw in records.iter_mut().filter(|raw| poisoned.contains(&raw.id())) {
        raw.body = Some(b"{}".to_vec());
    }
    framed(&preamble, &records)
}

/// A batch of one record that its device never wrote, with a head that another device signed.
pub(super) fn forged(team: StreamId, device: DeviceId, author: &Author, words: &str, key: &SigningKey) -> Vec<u8> {
    let chain = ChainId { stream: team, device, epoch: 9 };
    let at = chrono::DateTime::UNIX_EPOCH.fixed_offset();
    let body = Body::Written { register: RegisterKey::Answer(Slot::of("A")), value: Value::text(words) };
    let mut writer = ChainWriter::new(chain, None);
    let record = writer.write(&body, author, Stamp { at, uptime_ms: 0 }, Vec::new()).expect("a small record");
    let head = ChainHead { seq: 0, record: record.id() };
    let heads = vec![SignedHead::sign(chain, head, key)];
    write_frames(&PushPreamble { protocol: PROTOCOL, heads, withheld: Vec::new() }, &[record])
}

/// Changes a byte of the last record of a page on its way to the device. Whether there was one.
pub(super) fn spoil(step: &Step, body: &mut [u8]) -> bool {
    let holds_records = match step {
        Step::Pull(_) => read_frames::<PagePreamble>(body).is_ok_and(|(_, records)| !records.is_empty()),
        Step::Compare(_) => read_frames::<ComparePreamble>(body).is_ok_and(|(_, records)| !records.is_empty()),
        Step::Push(_) | Step::Done(_) => false,
    };
    if holds_records && let Some(last) = body.last_mut() {
        *last ^= 1;
    }
    holds_records
}
