//! Writes answers and photos through the app until it is killed, and says on its standard output what the app called
//! kept: one line of JSON each, after the app's answer and never before. When the app refuses something, it says the code
//! of the refusal and ends.
//!
//! `veldboek-writer <folder> <inspection> <first number> [<number after the last>]`

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, InspectionId, RegisterKey, Slot, Value};
use veldboek_tests::device::{SECRET, open};
use veldboek_tests::photo::{jpeg, numbered};

/// Every so many answers a photo is taken.
const PHOTO_EVERY: u64 = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, inspection, first, end) = match arguments.as_slice() {
        [folder, inspection, first] => (folder, inspection, first, u64::MAX),
        [folder, inspection, first, end] => (folder, inspection, first, end.parse().expect("a number")),
        _ => panic!("folder, inspection and first number"),
    };
    let inspection: InspectionId = inspection.parse().expect("an inspection's id");
    let first: u64 = first.parse().expect("a number");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open(&PathBuf::from(folder), &clock);
    app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    let view = app.open_inspection(OpenInspection { inspection }).expect("the controle is on this device");
    let places: Vec<Slot> = view.slots.iter().map(|state| state.slot.clone()).collect();
    let photo = jpeg(1);
    let mut output = std::io::stdout().lock();
    let mut report = |line: serde_json::Value| {
        writeln!(output, "{line}").and_then(|()| output.flush()).expect("somebody listens");
    };
    report(json!({ "ready": true }));
    for number in first..end {
        let slot = &places[usize::try_from(number).expect("small") % places.len()];
        let text = format!("aantekening {number}");
        let note = Write { inspection, register: RegisterKey::Note(slot.clone()), value: Value::text(&text) };
        if let Err(error) = app.write(note) {
            return report(json!({ "refused": error.code() }));
        }
        report(json!({ "note": slot, "text": text, "number": number }));
        if number % PHOTO_EVERY == 0 {
            let pending = PhotoPending { inspection, slot: Some(slot.clone()), parent: None, document: false };
            let item = match app.photo_pending(pending) {
                Ok(added) => added.item,
                Err(error) => return report(json!({ "refused": error.code() })),
            };
            let bytes = numbered(&photo, number);
            let sha256 = veldboek_domain::Digest::of(&bytes);
            if let Err(error) = app.photo_add(PhotoAdd { inspection, item, position: None }, bytes) {
                return report(json!({ "refused": error.code() }));
            }
            report(json!({ "photo": item, "sha256": sha256, "number": number }));
        }
    }
}
