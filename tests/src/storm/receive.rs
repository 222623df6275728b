//! A backend at work, for who wants to know what it gave its word for.

use serde_json::{Value as Json, json};
use veldboek_app::api::{PhotoAdd, PhotoPending, Write};
use veldboek_domain::{RegisterKey, Slot, Value};
use veldboek_sync::client::{RecordSync, Replica, Step};
use veldboek_sync::wire::PushReply;

use super::photos;
use super::world::{OPENER, World, take};
use super::yard::Yard;
use crate::photo::jpeg_of;

/// The size of a photo, and how much of it one request carries, in bytes: more than the backend leaves unsynced.
const PHOTO_BYTES: usize = 700_000;
const PART: usize = 300_000;

/// Lets a backend take records and photos from a tablet. `says` hears of its folder first, then of every receipt and every
/// offset, as soon as the answer is there.
///
/// # Panics
/// When something fails.
pub fn receive(yard: &Yard, count: u32, mut says: impl FnMut(Json)) {
    let mut world = World::begin(yard, 0);
    says(json!({ "ready": yard.config.data }));
    for number in 0..count {
        let (inspection, register) = (world.inspection, RegisterKey::Answer(Slot::of("A")));
        let value = Value::text(&format!("antwoord {number}"));
        world.tablets[OPENER].app.write(Write { inspection, register, value }).expect("it is kept");
        let pending = PhotoPending { inspection, slot: Some(Slot::of("A")), parent: None, document: false };
        let item = world.tablets[OPENER].app.photo_pending(pending).expect("it is kept").item;
        let add = PhotoAdd { inspection, item, position: None };
        world.tablets[OPENER].app.photo_add(add, jpeg_of(number, PHOTO_BYTES)).expect("it is kept");
        world.pushes(&mut says);
        world.uploads(&mut says);
    }
}

impl World {
    fn pushes(&mut self, says: &mut impl FnMut(Json)) {
        let tablet = &mut self.tablets[OPENER];
        tablet.sync = Some(RecordSync::new(tablet.backend_key));
        loop {
            let app = self.tablets[OPENER].app.clone();
            let sync = self.tablets[OPENER].sync.as_mut().expect("it was just begun");
            let step = sync.next(&mut app.replica().expect("it is open")).expect("the storage works");
            if matches!(step, Step::Done(_)) {
                return;
            }
            let sent = self.sent(OPENER, step);
            let answer = self.asks_as(OPENER, &sent.asked, None).expect("nothing dies here");
            if let Step::Push(_) = sent.step {
                let reply: PushReply = serde_json::from_slice(&answer.body).expect("a reply");
                for receipt in &reply.receipts {
                    says(json!({ "record": receipt.head.record }));
                }
            }
            take(&mut self.tablets[OPENER], &sent.step, &answer).expect("it is taken");
        }
    }

    fn uploads(&mut self, says: &mut impl FnMut(Json)) {
        let waiting = self.tablets[OPENER].replica().photos_waiting().expect("it can be read");
        for photo in waiting {
            let bytes = self.tablets[OPENER].original(&photo.sha256).expect("a kept photo opens");
            let answer = self.asks_as(OPENER, &photos::create(&photo), None).expect("nothing dies here");
            let mut next = photos::after_tus(&answer, None);
            while let Some(photos::Next::Patch(location, offset)) = next {
                let from = usize::try_from(offset).expect("a small photo");
                let part = &bytes[from..bytes.len().min(from + PART)];
                let answer = self.asks_as(OPENER, &photos::patch(&location, offset, part), None).expect("nothing dies");
                next = photos::after_tus(&answer, Some(&location));
                if let Some(photos::Next::Patch(_, offset)) = &next {
                    let upload = location.rsplit('/').next();
                    says(json!({ "upload": upload, "offset": offset, "sha256": photo.sha256 }));
                }
            }
            let Some(photos::Next::Received(receipt)) = next else { panic!("a photo is received in the end") };
            says(json!({ "photo": receipt.sha256 }));
            self.tablets[OPENER].replica().acknowledge_photo(&receipt).expect("it is kept");
        }
    }
}
