//! Photos: taken, carried up and down.

use veldboek_app::api::{PhotoAdd, PhotoPending};
use veldboek_domain::{Digest, Slot};
use veldboek_sync::client::Replica;

use super::super::photos;
use super::super::tablet::Kept;
use super::World;

impl World {
    pub(super) fn photograph(&mut self, who: usize) {
        let bytes = crate::photo::numbered(&self.photo, self.dice.roll());
        let (inspection, dies, sha256) = (self.inspection, self.dies(), Digest::of(&bytes));
        let taken = self.tablets[who].does(dies, |tablet| {
            let slot = Some(Slot::of("A"));
            let pending = PhotoPending { inspection, slot, parent: None, document: false };
            let item = tablet.app.photo_pending(pending)?.item;
            tablet.app.photo_add(PhotoAdd { inspection, item, position: None }, bytes)
        });
        match taken {
            Some(Ok(_)) => {
                self.tablets[who].kept.push(Kept::Photo(sha256));
                self.notes("photographs", sha256);
            }
            Some(Err(error)) => self.refused(who, &error),
            None => self.notes("dies while photographing", who),
        }
    }

    /// A few requests for photos, until one of them gets lost or something dies.
    pub(super) fn photo_round(&mut self, who: usize) {
        let requests = 2 + self.dice.below(7);
        if !self.cut_off.contains(&who) {
            self.carry_photos(who, requests, true);
        }
    }

    /// Carries the first photo that waits up, and the first that is missing down. Whether anything was carried.
    pub(in crate::storm) fn carry_photos(&mut self, who: usize, requests: usize, faults: bool) -> bool {
        let waiting = self.tablets[who].replica().photos_waiting().expect("it can be read");
        let missing = self.tablets[who].replica().photos_missing().expect("it can be read");
        let mut carried = false;
        for photo in missing {
            let dies = self.dies().filter(|_| faults);
            let Some(answer) = self.asks_as(who, &photos::get(photo.sha256), dies) else { return false };
            let dies = self.dies().filter(|_| faults);
            let kept = self.tablets[who].does(dies, |tablet| photos::keep(&mut tablet.replica(), &photo, &answer));
            if kept == Some(true) {
                self.notes("photo fetched", photo.sha256);
                carried = true;
                break;
            }
        }
        let Some(photo) = waiting.first().cloned() else { return carried };
        let bytes = self.tablets[who].original(&photo.sha256).expect("a kept photo opens");
        let mut next = photos::Next::State;
        for _ in 0..requests {
            let (asked, location) = match &next {
                photos::Next::State => (photos::state(photo.sha256), None),
                photos::Next::Create => (photos::create(&photo), None),
                photos::Next::Patch(location, offset) => {
                    let from = usize::try_from(*offset).expect("a small photo");
                    let part = (bytes.len() - from).div_ceil(if self.dice.chance(50) { 2 } else { 1 });
                    (photos::patch(location, *offset, &bytes[from..from + part]), Some(location.clone()))
                }
                photos::Next::Received(_) => break,
            };
            // The second commit of a request with bytes is that of the whole photo.
            let second = location.is_some() && self.dice.chance(30);
            let dies = self.dies().map(|(passes, moment)| (if second { 1 } else { passes }, moment)).filter(|_| faults);
            let Some(answer) = self.asks_as(who, &asked, dies) else {
                self.notes("backend dies", "with a photo");
                return carried;
            };
            if faults && self.dice.chance(12) {
                self.notes("reply lost", "of a photo");
                return carried;
            }
            let after = match &next {
                photos::Next::State => photos::after_state(&photo, &answer),
                _ => photos::after_tus(&answer, location.as_deref()),
            };
            let Some(after) = after else { return carried };
            next = after;
        }
        let photos::Next::Received(receipt) = next else { return carried };
        self.check_photo(&receipt);
        let dies = self.dies().filter(|_| faults);
        let acknowledged = self.tablets[who].does(dies, |tablet| tablet.replica().acknowledge_photo(&receipt));
        self.notes("photo received", photo.sha256);
        acknowledged.is_some()
    }
}

/// A photo that an app takes: flat, so that its small version is small as well.
pub(super) fn small_photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(96, 2, |x, y| image::Rgb([x as u8, y as u8, 90]));
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("an image in memory can be encoded");
    bytes.into_inner()
}
