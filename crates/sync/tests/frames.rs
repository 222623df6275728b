//! What goes over the line comes out as it went in, and what can't be read says where.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod support;

use proptest::prelude::*;
use support::{MemoryReplica, note, peer, stream};
use veldboek_domain::{Digest, Role};
use veldboek_sync::wire::{PullRequest, RawRecord, framed_size, overall_digest, read_frames, write_frames};

#[test]
fn records_come_out_of_frames_byte_for_byte() {
    let mut replica = MemoryReplica::new(&peer(1, "gm-alkmaar", Role::Inspector));
    let ids = [replica.write(stream(1), &note("café")), replica.write(stream(1), &note(""))];
    let records: Vec<_> = ids.iter().map(|id| replica.records[id].clone()).collect();
    let preamble = PullRequest { cursor: Some("n".into()), ..PullRequest::default() };
    let bytes = write_frames(&preamble, &records);
    let (back, raws) = read_frames::<PullRequest>(&bytes).unwrap();
    assert_eq!(back.cursor, preamble.cursor);
    for (record, raw) in records.iter().zip(&raws) {
        assert_eq!(raw.id(), record.id());
        assert_eq!((&raw.header[..], raw.body.as_deref()), (record.header_bytes(), record.body_bytes()));
    }
    let alone = write_frames(&preamble, []).len();
    assert_eq!(bytes.len(), alone + records.iter().map(framed_size).sum::<usize>());
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

const ERASED: [u8; 4] = [0xff; 4];

fn check(bytes: &[u8], expected: &str) {
    let error = read_frames::<PullRequest>(bytes).unwrap_err();
    assert_eq!(error.to_string(), expected, "{bytes:?}");
}

#[test]
fn frames_that_can_not_be_read_say_where_they_break() {
    check(b"", "the bytes end at 0 inside a frame of 4");
    check(&[0, 0], "the bytes end at 2 inside a frame of 4");
    check(&[0, 0, 0, 9, b'{'], "the bytes end at 5 inside a frame of 9");
    check(&[0x7f, 0xff, 0xff, 0xff, b'{', b'}'], "the bytes end at 6 inside a frame of 2147483647");
    check(&ERASED, "the bytes end at 0 inside a frame of 4");
    check(&frame(b""), "the preamble can't be read: EOF while parsing a value at line 1 column 0");
    check(&frame(b"{"), "the preamble can't be read: EOF while parsing an object at line 1 column 1");
    check(
        &frame(b"[1,2,3,4]"),
        "the preamble can't be read: invalid type: integer `1`, expected a string at line 1 column 2",
    );
    check(&frame(br#"{"holds":"xyz"}"#), "the preamble can't be read: Odd number of digits at line 1 column 14");
    check(&[frame(b"{}"), frame(b"header")].concat(), "a header stands without its body");
    check(&[frame(b"{}"), ERASED.to_vec(), frame(b"body")].concat(), "a header stands without its body");
    check(
        &[frame(b"{}"), frame(b"header"), vec![0, 0, 0, 5, b'b']].concat(),
        "the bytes end at 21 inside a frame of 5",
    );
}

#[test]
fn an_erased_body_is_not_an_empty_one() {
    let bytes = [frame(b"{}"), frame(b"h1"), ERASED.to_vec(), frame(b"h2"), frame(b"")].concat();
    let (_, raws) = read_frames::<PullRequest>(&bytes).unwrap();
    assert_eq!(
        raws,
        [
            RawRecord { header: b"h1".to_vec(), body: None },
            RawRecord { header: b"h2".to_vec(), body: Some(Vec::new()) },
        ]
    );
}

#[test]
fn the_overall_digest_is_one_that_an_outsider_can_rebuild() {
    let digests = [(stream(2), Digest::of(b"two")), (stream(1), Digest::of(b"one"))].into();
    let lines = format!("{} {}\n{} {}", stream(1), Digest::of(b"one"), stream(2), Digest::of(b"two"));
    assert_eq!(overall_digest(&digests), Digest::of(lines.as_bytes()));
}

proptest! {
    #[test]
    fn any_frames_come_back(pairs in prop::collection::vec(
        (prop::collection::vec(any::<u8>(), 0..80), prop::option::of(prop::collection::vec(any::<u8>(), 0..80))), 0..8,
    )) {
        let mut bytes = frame(b"{}");
        for (header, body) in &pairs {
            bytes.extend(frame(header));
            bytes.extend(body.as_ref().map_or(ERASED.to_vec(), |body| frame(body)));
        }
        let (_, raws) = read_frames::<PullRequest>(&bytes).unwrap();
        let back: Vec<_> = raws.into_iter().map(|raw| (raw.header, raw.body)).collect();
        prop_assert_eq!(back, pairs);
    }

    #[test]
    fn no_bytes_make_the_reader_panic_or_read_past_the_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((_, raws)) = read_frames::<PullRequest>(&bytes) {
            let read: usize = raws.iter().map(|raw| raw.header.len() + raw.body.as_ref().map_or(0, Vec::len)).sum();
            prop_assert!(read <= bytes.len());
        }
    }

    #[test]
    fn frames_cut_anywhere_are_never_taken_for_other_records(cut in 0usize..64) {
        let whole = [frame(b"{}"), frame(b"header one"), frame(b"body one"), frame(b"header two"), ERASED.to_vec()].concat();
        let (_, all) = read_frames::<PullRequest>(&whole).unwrap();
        if let Ok((_, part)) = read_frames::<PullRequest>(&whole[..cut.min(whole.len())]) {
            prop_assert!(all.starts_with(&part));
        }
    }
}
