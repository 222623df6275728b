//! What two devices say to each other: it comes out as it went in, what can't be read is refused without being kept, and
//! the code on both screens is the same only when nobody sits in between.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use support::{backend_key, card, inspection, key, noon, peer};
use veldboek_domain::certificate::CertifiedDevice;
use veldboek_domain::{DeviceCertificate, Digest, Role};
use veldboek_sync::exchange::{Offer, PeerHolds};
use veldboek_sync::nearby::code::Binding;
use veldboek_sync::nearby::greeting::{Greeting, Knowledge, Line, Side};
use veldboek_sync::nearby::message::{Amount, Batch, Frames, Hello, MAX_PART_BYTES, Message, Reason, Shared};
use veldboek_sync::wire::RawRecord;

fn certificate(number: u8) -> DeviceCertificate {
    let person = peer(number, "gm-alkmaar", Role::Inspector);
    let public_key = &key(number).verifying_key();
    let device = CertifiedDevice { device: person.device, name: "ALK-07", public_key, recipient: "age1" };
    DeviceCertificate::sign(device, &card(&person), noon(), &backend_key())
}

fn offer() -> Offer {
    Offer {
        inspection: inspection(1),
        streams: Vec::new(),
        heads: Vec::new(),
        receipts: Vec::new(),
        withheld: Vec::new(),
        cards: vec![certificate(2)],
        holds: vec![Digest([8; 32])],
        records: 2,
        photos: Vec::new(),
    }
}

fn every_message() -> Vec<Message> {
    let digest = Digest([9; 32]);
    let shared =
        Shared { inspection: inspection(1), number: "VB-1".into(), title: "Dorp".into(), holds: PeerHolds::default() };
    let amount = Amount { records: 3, photos: 1, bytes: 7 };
    vec![
        Message::Hello(Box::new(Hello { format: 1, certificate: certificate(1) })),
        Message::Commitment(digest),
        Message::Nonce([4; 32]),
        Message::Same,
        Message::Holds(vec![shared]),
        Message::Amounts(BTreeMap::from([(inspection(1), amount)])),
        Message::Start(vec![inspection(1), inspection(2)]),
        Message::Offer(Box::new(Batch { offer: offer(), last: true })),
        Message::Record(RawRecord { header: b"header".to_vec(), body: Some(b"body".to_vec()) }),
        Message::Record(RawRecord { header: b"header".to_vec(), body: None }),
        Message::AskPreview(digest),
        Message::Preview(digest, b"jpeg".to_vec()),
        Message::AskPhoto(digest, u64::MAX),
        Message::Part(digest, 5, vec![1; MAX_PART_BYTES]),
        Message::Gone(digest),
        Message::Pause(true),
        Message::Done,
        Message::Alive,
        Message::Bye(Reason::Blocked),
    ]
}

#[test]
fn every_message_comes_out_of_its_frame_as_it_went_in() {
    let messages = every_message();
    let bytes: Vec<u8> = messages.iter().flat_map(|message| message.frame().unwrap()).collect();
    for piece in [1, 7, 4096, bytes.len()] {
        let (mut frames, mut back) = (Frames::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            frames.push(piece);
            while let Some(message) = frames.next_message().unwrap() {
                back.push(message);
            }
        }
        assert!(back == messages, "in pieces of {piece}");
        frames.end().unwrap();
    }
}

#[test]
fn a_line_that_ends_at_any_byte_gives_the_whole_messages_before_it_and_says_that_it_was_cut() {
    let messages: Vec<Message> =
        every_message().into_iter().filter(|message| !matches!(message, Message::Part(..))).collect();
    let frames: Vec<Vec<u8>> = messages.iter().map(|message| message.frame().unwrap()).collect();
    let bytes = frames.concat();
    for cut in 0..=bytes.len() {
        let mut reader = Frames::default();
        reader.push(&bytes[..cut]);
        let mut back = Vec::new();
        while let Some(message) = reader.next_message().unwrap() {
            back.push(message);
        }
        let mut left = cut;
        let whole = frames.iter().take_while(|frame| {
            let fits = frame.len() <= left;
            left -= if fits { frame.len() } else { 0 };
            fits
        });
        let whole = whole.count();
        assert!(back == messages[..whole], "cut at {cut}");
        match reader.end() {
            Ok(()) => assert_eq!(left, 0, "cut at {cut}"),
            Err(error) => assert_eq!(error.to_string(), format!("the line ended after {left} bytes of a message")),
        }
    }
}

fn check(bytes: &[u8], expected: &str) {
    let mut frames = Frames::default();
    frames.push(bytes);
    assert_eq!(frames.next_message().unwrap_err().to_string(), expected, "{bytes:?}");
}

#[test]
fn what_is_no_message_is_refused_in_words() {
    check(b"GET / HTTP/1.1\r\n", "there is no message of kind 47");
    check(&[0, 0, 0, 0, 0], "there is no message of kind 0");
    check(&[0, 0, 0, 0, 19], "there is no message of kind 19");
    check(&[0xff, 0xff, 0xff, 0xff, 13], "a message of kind 13 announces 4294967295 bytes and may have 262184");
    check(&[0, 0, 0, 33, 2], "a message of kind 2 announces 33 bytes and may have 32");
    check(&[0, 0, 0, 1, 16], "a message of kind 16 announces 1 bytes and may have 0");
    check(&[0, 0, 0, 2, 1, b'{', b'}'], "a message of kind 1 can't be read");
    check(&[0, 0, 0, 1, 15, 2], "a message of kind 15 can't be read");
    check(&[0, 0, 0, 3, 2, 1, 2, 3], "a message of kind 2 can't be read");
    // A record whose parts do not add up, and one without its body.
    check(&[0, 0, 0, 9, 9, 0, 0, 0, 9, 1, 2, 3, 4, 5], "a message of kind 9 can't be read");
    check(&[0, 0, 0, 5, 9, 0, 0, 0, 1, 1], "a message of kind 9 can't be read");
    check(&[0, 0, 0, 4, 9, 0xff, 0xff, 0xff, 0xff], "a message of kind 9 can't be read");
}

#[test]
fn more_than_a_message_may_have_is_not_sent_either() {
    let part = Message::Part(Digest([1; 32]), 0, vec![0; MAX_PART_BYTES + 1]);
    assert!(part.frame().unwrap_err().to_string().ends_with("announces 262185 bytes and may have 262184"));
    let record = RawRecord { header: vec![0; 65 * 1024], body: Some(vec![0; 64 * 1024]) };
    assert!(Message::Record(record).frame().is_err());
}

proptest! {
    #[test]
    fn whatever_comes_is_a_message_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..600), kind in 0u8..20) {
        let mut frames = Frames::default();
        frames.push(&bytes);
        while let Ok(Some(_)) = frames.next_message() {}
        let mut frames = Frames::default();
        frames.push(&[0, 0, u8::try_from(bytes.len() >> 8).unwrap(), u8::try_from(bytes.len() & 255).unwrap(), kind]);
        frames.push(&bytes);
        if let Ok(Some(message)) = frames.next_message() {
            let mut again = Frames::default();
            again.push(&message.frame().unwrap());
            prop_assert_eq!(again.next_message().unwrap(), Some(message));
        }
    }
}

/// One line between two devices, as both ends know it.
fn line(opener: u8, answerer: u8, exporter: u8) -> (Line, Line) {
    let keys = (key(opener).verifying_key(), key(answerer).verifying_key());
    let binding = Binding { exporter: [exporter; 32], opener: keys.0.to_bytes(), answerer: keys.1.to_bytes() };
    let at = |side, peer_key| Line { side, binding, peer_key };
    (at(Side::Opener, keys.1), at(Side::Answerer, keys.0))
}

fn knows(number: u8) -> Knowledge {
    Knowledge { own: certificate(number), backend_key: backend_key().verifying_key(), blocked: Vec::new() }
}

/// Lets two ends talk until neither has anything to say; the first refusal ends it.
fn greet(one: &mut Greeting, other: &mut Greeting, first: Vec<Message>) -> Result<(), Reason> {
    let mut to_other = first;
    while !to_other.is_empty() {
        let mut to_one = Vec::new();
        for message in to_other.drain(..) {
            to_one.extend(other.hear(message)?);
        }
        for message in to_one {
            to_other.extend(one.hear(message)?);
        }
    }
    Ok(())
}

#[test]
fn both_ends_of_one_line_show_the_same_code_and_agree_when_both_people_do() {
    let (here, there) = line(1, 2, 5);
    let (mut opener, first) = Greeting::begin(here, knows(1), [1; 32]);
    let (mut answerer, silent) = Greeting::begin(there, knows(2), [2; 32]);
    assert_eq!(silent, [], "who only listens tells nobody its name");
    assert_eq!(opener.say_same(), None, "there is no code to have seen yet");
    greet(&mut opener, &mut answerer, first).unwrap();
    assert_eq!(opener.code(), answerer.code());
    assert!(opener.code().is_some());
    let same = opener.say_same().unwrap();
    assert_eq!(opener.say_same(), None, "it is said once");
    answerer.hear(same).unwrap();
    assert!(answerer.agreed().is_none() && opener.agreed().is_none(), "one of two is not enough");
    opener.hear(answerer.say_same().unwrap()).unwrap();
    assert_eq!(opener.agreed(), Some(&certificate(2)));
    assert_eq!(answerer.agreed(), Some(&certificate(1)));
}

#[test]
fn who_carries_the_numbers_from_one_line_to_the_other_is_found_by_the_commitment() {
    // Two lines, 1 to 3 and 3 to 2: the one in between shows its own certificate and carries everything else over.
    let ((here, _), (_, there)) = (line(1, 3, 5), line(3, 2, 6));
    let (mut opener, _) = Greeting::begin(here, knows(1), [1; 32]);
    let (mut answerer, _) = Greeting::begin(there, knows(2), [2; 32]);
    let hello = || Message::Hello(Box::new(Hello { format: 1, certificate: certificate(3) }));
    let from_answerer = answerer.hear(hello()).unwrap();
    opener.hear(hello()).unwrap();
    let nonce = opener.hear(from_answerer[1].clone()).unwrap().remove(0);
    let revealed = answerer.hear(nonce).unwrap().remove(0);
    assert_eq!(opener.hear(revealed), Err(Reason::OtherCode), "the commitment was made for another line");
}

#[test]
fn a_number_that_is_not_the_one_that_was_committed_to_ends_it() {
    let (here, _) = line(1, 2, 5);
    let commitment = here.binding.commitment(&[2; 32]);
    let (mut opener, _) = Greeting::begin(here, knows(1), [1; 32]);
    opener.hear(Message::Hello(Box::new(Hello { format: 1, certificate: certificate(2) }))).unwrap();
    opener.hear(Message::Commitment(commitment)).unwrap();
    assert_eq!(opener.hear(Message::Nonce([3; 32])), Err(Reason::OtherCode));
}

#[test]
fn a_certificate_of_another_key_backend_or_version_and_a_blocked_device_are_refused() {
    let hears = |knowledge: Knowledge, hello: Hello| {
        let (_, there) = line(1, 2, 5);
        Greeting::begin(there, knowledge, [2; 32]).0.hear(Message::Hello(Box::new(hello))).err()
    };
    let good = || Hello { format: 1, certificate: certificate(1) };
    assert_eq!(hears(knows(2), good()), None);
    assert_eq!(hears(knows(2), Hello { certificate: certificate(3), ..good() }), Some(Reason::Stranger), "another key");
    let mut raised = good();
    raised.certificate.role = Role::InvestigatingOfficer;
    assert_eq!(hears(knows(2), raised), Some(Reason::Stranger), "changed");
    let elsewhere = Knowledge { backend_key: key(99).verifying_key(), ..knows(2) };
    assert_eq!(hears(elsewhere, good()), Some(Reason::Stranger), "another backend");
    assert_eq!(hears(knows(2), Hello { format: 2, ..good() }), Some(Reason::Version));
    let blocked = Knowledge { blocked: vec![certificate(1).device], ..knows(2) };
    assert_eq!(hears(blocked, good()), Some(Reason::Blocked));
    let itself = Knowledge { own: certificate(1), ..knows(2) };
    assert_eq!(hears(itself, good()), Some(Reason::Stranger), "its own certificate");
}

#[test]
fn what_is_not_somebodys_turn_is_refused() {
    for message in every_message() {
        let (_, there) = line(1, 2, 5);
        let (mut answerer, _) = Greeting::begin(there, knows(2), [2; 32]);
        let is_hello = matches!(message, Message::Hello(_));
        assert_eq!(answerer.hear(message).is_ok(), is_hello, "only a greeting comes first");
    }
}
