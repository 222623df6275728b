//! What `veldboek-writer` says that the app called kept, and whether it is there.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use veldboek_app::App;
use veldboek_app::api::*;
use veldboek_domain::{Digest, InspectionId, ItemId, Slot};

/// What the app called kept: the newest text of each note, and each photo's hash.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The newest text of each note, with its number.
    pub notes: BTreeMap<Slot, (u64, String)>,
    /// Each photo's hash.
    pub photos: BTreeMap<ItemId, Digest>,
    /// The number that comes next.
    pub next: u64,
}

impl Kept {
    /// Takes down a line of the writer.
    ///
    /// # Panics
    /// When the writer says something else than it does.
    pub fn take(&mut self, line: &str) {
        let Ok(said) = serde_json::from_str::<Json>(line) else { return };
        let Some(number) = said["number"].as_u64() else { return };
        self.next = self.next.max(number + 1);
        let read = |name: &str| said.get(name).cloned();
        if let Some(slot) = read("note") {
            let slot = serde_json::from_value(slot).expect("a slot");
            self.notes.insert(slot, (number, said["text"].as_str().expect("a text").to_owned()));
        }
        if let Some(item) = read("photo") {
            let sha256 = read("sha256").expect("a photo has a hash");
            let sha256 = serde_json::from_value(sha256).expect("a hash");
            self.photos.insert(serde_json::from_value(item).expect("an item"), sha256);
        }
    }
}

/// What was called kept is there.
///
/// # Panics
/// When it is not; `when` says after what.
pub fn everything_is_there(app: &App, inspection: InspectionId, kept: &Kept, when: &str) {
    let view = app.open_inspection(OpenInspection { inspection }).expect("the controle opens");
    let notes: BTreeMap<&Slot, &str> = view.slots.iter().map(|state| (&state.slot, state.note.as_str())).collect();
    for (slot, (number, text)) in &kept.notes {
        let there = notes.get(slot).copied().unwrap_or_default();
        // A note that was kept a moment before the kill was perhaps never spoken of: it may be newer, never older.
        let newer = there.strip_prefix("aantekening ").and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        assert!(newer >= *number, "{when}: {slot:?} was kept as `{text}` and is `{there}`");
    }
    let photos: BTreeMap<ItemId, Option<Digest>> = view.photos.iter().map(|photo| (photo.item, photo.sha256)).collect();
    for (item, sha256) in &kept.photos {
        assert_eq!(photos.get(item), Some(&Some(*sha256)), "{when}: photo {item} was kept");
    }
}

/// Photos have their bytes, chains are whole, and projections are equal to a rebuild.
///
/// # Panics
/// When they are not; `when` says after what.
pub fn everything_holds(app: &App, kept: &Kept, when: &str) {
    for (item, sha256) in &kept.photos {
        let (_, bytes) = app.photo_bytes(*item, PhotoSize::Original).expect("a kept photo opens");
        assert_eq!(Digest::of(&bytes), *sha256, "{when}: photo {item} has its bytes");
    }
    let check = app.check().expect("the check reads everything");
    assert_eq!(check.broken, Vec::<String>::new(), "{when}: chains are whole");
    assert!(check.projections_equal, "{when}: projections are equal to a rebuild");
}
