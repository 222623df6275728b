//! What somebody may say when in an exchange: whoever asks for what was not offered, or gives what was not asked for, ends
//! it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod support;

use std::collections::BTreeMap;

use support::{backend_key, card, inspection, key, noon, peer};
use veldboek_domain::certificate::CertifiedDevice;
use veldboek_domain::{DeviceCertificate, Digest, InspectionId, Role};
use veldboek_sync::exchange::{Offer, OfferedPhoto, PeerHolds};
use veldboek_sync::nearby::message::{Amount, Batch, Message, Reason, Shared};
use veldboek_sync::nearby::talk::{Gift, Holdings, Taken, Talk, Trouble};
use veldboek_sync::wire::RawRecord;

/// A device with one controle and some photos of it, and none of the other's.
#[derive(Default)]
struct Device {
    photos: BTreeMap<Digest, Vec<u8>>,
    came: BTreeMap<Digest, Vec<u8>>,
}

impl Device {
    fn with_photo(bytes: &[u8]) -> (Self, Digest) {
        let sha256 = Digest::of(bytes);
        (Self { photos: BTreeMap::from([(sha256, bytes.to_vec())]), came: BTreeMap::new() }, sha256)
    }

    fn offer(&self) -> Offer {
        let photo = |(sha256, bytes): (&Digest, &Vec<u8>)| OfferedPhoto { sha256: *sha256, bytes: bytes.len() as u64 };
        Offer {
            inspection: inspection(1),
            streams: Vec::new(),
            heads: Vec::new(),
            receipts: Vec::new(),
            withheld: Vec::new(),
            cards: Vec::new(),
            holds: self.photos.keys().copied().collect(),
            records: 0,
            photos: self.photos.iter().map(photo).collect(),
        }
    }
}

impl Holdings for Device {
    type Error = std::convert::Infallible;

    fn shared(&mut self, _: &DeviceCertificate) -> Result<Vec<Shared>, Self::Error> {
        let holds = PeerHolds { photos: self.offer().holds, ..PeerHolds::default() };
        Ok(vec![Shared { inspection: inspection(1), number: "VB-1".into(), title: String::new(), holds }])
    }

    fn gift(&mut self, _: &DeviceCertificate, _: InspectionId, _: &PeerHolds) -> Result<Gift, Self::Error> {
        Ok(Gift { offer: self.offer(), records: Vec::new(), signing: None })
    }

    fn take(&mut self, _: &DeviceCertificate, _: &Offer, _: Vec<RawRecord>) -> Result<Taken, Self::Error> {
        Ok(Taken::Kept)
    }

    fn missing(&mut self, offer: &Offer) -> Result<Vec<OfferedPhoto>, Self::Error> {
        Ok(offer.photos.clone())
    }

    fn has_preview(&mut self, _: &Digest) -> Result<bool, Self::Error> {
        Ok(false)
    }

    fn preview(&mut self, _: &Digest) -> Result<Vec<u8>, Self::Error> {
        Ok(b"small".to_vec())
    }

    fn keep_preview(&mut self, _: &Digest, _: &[u8]) -> Result<(), Self::Error> {
        Ok(())
    }

    fn photo(&mut self, photo: &Digest) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(self.photos.get(photo).cloned())
    }

    fn parts(&mut self, _: &Digest) -> Result<Vec<u8>, Self::Error> {
        Ok(Vec::new())
    }

    fn keep_part(&mut self, _: &Digest, _: u64, _: &[u8]) -> Result<(), Self::Error> {
        Ok(())
    }

    fn keep_photo(&mut self, photo: &Digest, bytes: &[u8]) -> Result<bool, Self::Error> {
        self.came.insert(*photo, bytes.to_vec());
        Ok(true)
    }

    fn gone(&mut self, _: &Digest) -> Result<(), Self::Error> {
        Ok(())
    }
}

fn certificate(number: u8) -> DeviceCertificate {
    let person = peer(number, "gm-alkmaar", Role::Inspector);
    let public_key = &key(number).verifying_key();
    let device = CertifiedDevice { device: person.device, name: "ALK-07", public_key, recipient: "age1" };
    DeviceCertificate::sign(device, &card(&person), noon(), &backend_key())
}

/// A device that has heard what the other holds and has to give, and has begun.
fn begun(device: &mut Device, gives: Amount) -> Talk {
    let mut talk = Talk::begin(certificate(2), device).unwrap();
    talk.hear(Message::Holds(Vec::new()), device).unwrap();
    let gives = Some((inspection(1), gives)).filter(|(_, amount)| *amount != Amount::default());
    talk.hear(Message::Amounts(gives.into_iter().collect()), device).unwrap();
    talk.start([inspection(1)]);
    talk.hear(Message::Start(vec![inspection(1)]), device).unwrap();
    talk
}

/// Everything that it has to say now.
fn says(talk: &mut Talk, device: &mut Device) -> Vec<Message> {
    std::iter::from_fn(|| talk.say(device).unwrap()).collect()
}

fn refuses(talk: &mut Talk, device: &mut Device, message: Message) {
    let shown = format!("{message:?}");
    assert_eq!(talk.hear(message, device), Err(Trouble::Peer(Reason::Unreadable)), "{shown}");
}

const ONE_PHOTO: Amount = Amount { records: 0, photos: 1, bytes: 5 };

#[test]
fn only_what_was_offered_can_be_asked_for() {
    let (mut device, photo) = Device::with_photo(b"photo");
    let mut talk = Talk::begin(certificate(2), &mut device).unwrap();
    refuses(&mut talk, &mut device, Message::AskPhoto(photo, 0));
    let mut talk = begun(&mut device, Amount::default());
    refuses(&mut talk, &mut device, Message::AskPreview(photo));
    let said = says(&mut talk, &mut device);
    assert!(said.iter().any(|message| matches!(message, Message::Offer(batch) if batch.last)), "{said:?}");
    refuses(&mut talk, &mut device, Message::AskPhoto(Digest::of(b"of another controle"), 0));
    refuses(&mut talk, &mut device, Message::AskPhoto(photo, 5));
    talk.hear(Message::AskPreview(photo), &mut device).unwrap();
    talk.hear(Message::AskPhoto(photo, 2), &mut device).unwrap();
    let said = says(&mut talk, &mut device);
    assert_eq!(said, [Message::Preview(photo, b"small".to_vec()), Message::Part(photo, 2, b"oto".to_vec())]);
    for _ in 0..64 {
        talk.hear(Message::AskPhoto(photo, 0), &mut device).unwrap();
    }
    refuses(&mut talk, &mut device, Message::AskPhoto(photo, 0));
}

#[test]
fn only_what_was_announced_and_asked_for_is_taken() {
    let mut device = Device::default();
    let mut early = Talk::begin(certificate(2), &mut device).unwrap();
    refuses(&mut early, &mut device, Message::Start(vec![inspection(1)]));
    refuses(&mut early, &mut device, Message::Done);
    let (other, photo) = Device::with_photo(b"photo");
    let batch = |last| Batch { offer: other.offer(), last };
    let offer = |batch| Message::Offer(Box::new(batch));
    refuses(&mut early, &mut device, offer(batch(true)));

    let mut talk = begun(&mut device, ONE_PHOTO);
    let record = || Message::Record(RawRecord { header: vec![1], body: None });
    refuses(&mut talk, &mut device, record());
    refuses(&mut talk, &mut device, Message::Done);
    refuses(&mut talk, &mut device, Message::Part(photo, 0, b"photo".to_vec()));
    let mut elsewhere = batch(true);
    elsewhere.offer.inspection = inspection(9);
    refuses(&mut talk, &mut device, offer(elsewhere));
    talk.hear(offer(batch(true)), &mut device).unwrap();
    refuses(&mut talk, &mut device, offer(batch(true)));

    says(&mut talk, &mut device);
    talk.hear(Message::Preview(photo, b"small".to_vec()), &mut device).unwrap();
    refuses(&mut talk, &mut device, Message::Preview(photo, b"again".to_vec()));
    assert_eq!(says(&mut talk, &mut device), [Message::AskPhoto(photo, 0)], "small versions go ahead");
    refuses(&mut talk, &mut device, Message::Part(photo, 1, b"hoto".to_vec()));
    refuses(&mut talk, &mut device, Message::Part(photo, 0, b"photos".to_vec()));
    talk.hear(Message::Part(photo, 0, b"pho".to_vec()), &mut device).unwrap();
    talk.hear(Message::Part(photo, 3, b"to".to_vec()), &mut device).unwrap();
    assert_eq!(device.came.get(&photo).map(Vec::as_slice), Some(&b"photo"[..]));
    assert_eq!(talk.progress().came, ONE_PHOTO);
    assert_eq!(says(&mut talk, &mut device), [Message::Done]);
    talk.hear(Message::Done, &mut device).unwrap();
    assert!(talk.is_done());
    refuses(&mut talk, &mut device, Message::Done);
}

#[test]
fn while_photos_wait_only_records_go() {
    let (mut device, photo) = Device::with_photo(b"photo");
    let mut talk = begun(&mut device, Amount::default());
    talk.hear(Message::Pause(true), &mut device).unwrap();
    let said = says(&mut talk, &mut device);
    assert!(matches!(said.last(), Some(Message::Offer(_))), "{said:?}");
    talk.hear(Message::AskPhoto(photo, 0), &mut device).unwrap();
    assert_eq!(says(&mut talk, &mut device), []);
    talk.hear(Message::Pause(false), &mut device).unwrap();
    assert_eq!(says(&mut talk, &mut device), [Message::Part(photo, 0, b"photo".to_vec()), Message::Done]);
}

#[test]
fn what_either_person_chose_goes() {
    let (mut device, _) = Device::with_photo(b"photo");
    let mut talk = Talk::begin(certificate(2), &mut device).unwrap();
    talk.hear(Message::Holds(Vec::new()), &mut device).unwrap();
    talk.hear(Message::Amounts(BTreeMap::new()), &mut device).unwrap();
    talk.start([]);
    talk.hear(Message::Start(vec![inspection(1), inspection(7)]), &mut device).unwrap();
    let said = says(&mut talk, &mut device);
    let offered =
        |message: &&Message| matches!(message, Message::Offer(batch) if batch.offer.inspection == inspection(1));
    assert_eq!(said.iter().filter(offered).count(), 1, "{said:?}");
}
