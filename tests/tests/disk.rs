//! A full disk: what does not fit is refused in words, nothing is half-written, and nothing kept is lost.

use std::process::Command;
use std::sync::Arc;

use serde_json::Value as Json;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, ItemId, Slot};
use veldboek_tests::backend::Backend;
use veldboek_tests::device::{Device, SECRET, open};

/// Files may not grow beyond this: blocks of 1 KiB, as the shell counts them. The database fits, not much more does.
const LIMITS: [u32; 3] = [400, 700, 1100];

#[test]
fn a_full_disk_refuses_in_words_and_loses_nothing() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    let device = Device::enrolled(clock.clone(), &backend.url(), backend.code(0), "ALK-07");
    let inspection = device.today().first().expect("there is work for today").inspection;
    device.app().lock(Nothing {}).expect("an open app can be locked");
    drop(backend);

    let mut first = 0;
    for limit in LIMITS {
        // The shell ignores the signal that would kill the writer at the limit, so that the write itself fails.
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let output = Command::new("bash")
            .args(["-c", &script, "limited", env!("CARGO_BIN_EXE_veldboek-writer")])
            .args([device.folder().as_os_str(), inspection.to_string().as_ref(), first.to_string().as_ref()])
            .output()
            .expect("the writer starts");
        let said: Vec<Json> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(said.last().and_then(|last| last["refused"].as_str()), Some("storage_full"), "limit {limit}");

        let app = open(device.folder(), &clock);
        app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the device opens");
        let view = app.open_inspection(OpenInspection { inspection }).expect("the controle opens");
        for line in &said {
            if let (Some(slot), Some(text)) = (line.get("note"), line["text"].as_str()) {
                let slot: Slot = serde_json::from_value(slot.clone()).expect("a slot");
                let note = view.slots.iter().find(|state| state.slot == slot).map(|state| state.note.as_str());
                let newer = said.iter().rev().find(|other| other.get("note") == line.get("note"));
                assert_eq!(note, newer.and_then(|newest| newest["text"].as_str()), "limit {limit}: {text}");
            }
            if let Some(item) = line.get("photo") {
                let item: ItemId = serde_json::from_value(item.clone()).expect("an item");
                app.photo_bytes(item, PhotoSize::Original).expect("a kept photo opens");
            }
            first = first.max(line["number"].as_u64().map_or(0, |number| number + 1));
        }
        let check = app.check().expect("the check reads everything");
        assert_eq!((check.broken, check.projections_equal), (Vec::new(), true), "limit {limit}");
    }
}
