//! A full disk: what does not fit is refused in words, nothing is half-written, and nothing kept is lost.

use std::ffi::OsStr;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value as Json;
use tempfile::TempDir;
use veldboek_app::AppError;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, InspectionId, ItemId, RegisterKey, Slot, Value};
use veldboek_tests::backend::Backend;
use veldboek_tests::device::{Device, SECRET, enrol, open};
use veldboek_tests::photo::jpeg_of;
use veldboek_tests::small_disk::SmallDisk;

/// Files may not grow beyond this: blocks of 1 KiB, as the shell counts them. The database fits, not much more does.
const LIMITS: [u32; 3] = [400, 700, 1100];

/// A program whose files may not grow beyond a limit. The shell ignores the signal that would kill it there, so that the
/// write itself fails.
fn limited(blocks: u32, program: &str) -> Command {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, "limited", program]);
    command
}

/// Lets the syncer work under a limit, and gives what it said.
fn syncs(blocks: u32, arguments: &[&OsStr]) -> Json {
    let output = limited(blocks, env!("CARGO_BIN_EXE_veldboek-syncer")).args(arguments).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a line of JSON")
}

/// Two tablets of one team: the first one has written more than a small disk holds, and the backend has it.
struct Team {
    clock: Arc<dyn Clock>,
    backend: Backend,
    writer: Device,
    reader: Device,
    inspection: InspectionId,
    photo: ItemId,
}

impl Team {
    fn at_work() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let backend = Backend::start(clock.clone());
        let enrol =
            |person: usize, name: &str| Device::enrolled(clock.clone(), &backend.url(), backend.code(person), name);
        let (writer, reader) = (enrol(0, "ALK-07"), enrol(1, "ODN-02"));
        let inspection = writer.today().first().expect("there is work for today").inspection;
        let slot = writer.inspection(inspection).slots[0].slot.clone();
        for number in 0..40 {
            let value = Value::text(&format!("{number} {}", "lang verhaal ".repeat(3_000)));
            let register = RegisterKey::Note(slot.clone());
            writer.app().write(Write { inspection, register, value }).expect("the note is kept");
        }
        let photo = writer.photograph(inspection, Some(&slot), jpeg_of(1, 4 * 1024 * 1024));
        Self { clock, backend, writer, reader, inspection, photo }
    }

    /// The reader's app, opened anew: whatever came, it holds.
    fn reader_holds(&self, what: &str) {
        let app = open(self.reader.folder(), &self.clock);
        app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the device opens");
        let check = app.check().expect("the check reads everything");
        assert_eq!((check.broken, check.projections_equal), (Vec::new(), true), "{what}");
        let half: Vec<_> =
            std::fs::read_dir(self.reader.folder().join("fotos")).expect("it is there").flatten().collect();
        let half = half.iter().filter(|file| file.path().extension().is_some_and(|kind| kind == "deel")).count();
        assert_eq!(half, 0, "{what}: no photo is half there");
    }

    fn reader_has_everything(&self) {
        let app = open(self.reader.folder(), &self.clock);
        app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the device opens");
        let view = app.open_inspection(OpenInspection { inspection: self.inspection }).expect("the controle opens");
        assert!(view.slots.iter().any(|state| state.note.starts_with("39 lang verhaal")), "the last note is there");
        app.photo_bytes(self.photo, PhotoSize::Original).expect("the photo opens");
    }
}

#[test]
fn a_disk_that_is_full_during_a_sync_loses_nothing_and_the_next_sync_brings_the_rest() {
    let team = Team::at_work();
    assert_eq!(team.writer.sync().line.state, SyncPhase::Received);
    team.reader.app().lock(Nothing {}).expect("an open app can be locked");
    let folder = team.reader.folder().as_os_str();
    // First there is no room for the records, then none for the photo.
    for (blocks, what) in [(900, "records"), (3_500, "the photo")] {
        let said = syncs(blocks, &[folder]);
        assert_eq!(said["refused"], "storage_full", "{what}: {said}");
        team.reader_holds(what);
    }
    let said = syncs(1_000_000, &[folder]);
    assert_eq!(said["problem"], Json::Null, "{said}");
    team.reader_has_everything();
}

#[test]
fn a_disk_that_is_full_while_a_file_is_taken_loses_nothing_and_the_same_file_brings_the_rest() {
    let mut team = Team::at_work();
    team.backend.stop();
    let file = team.writer.hand_over(team.inspection, &team.reader);
    let stick = TempDir::new().expect("a temporary folder can be made");
    let path = stick.path().join("overdracht.veldboek");
    std::fs::write(&path, &file).expect("the stick takes it");
    team.reader.app().lock(Nothing {}).expect("an open app can be locked");
    let arguments = [team.reader.folder().as_os_str(), path.as_os_str()];
    for (blocks, what) in [(900, "records"), (3_500, "the photo")] {
        let said = syncs(blocks, &arguments);
        assert_eq!(said["refused"], "storage_full", "{what}: {said}");
        team.reader_holds(what);
    }
    let said = syncs(1_000_000, &arguments);
    assert_eq!(said["photos"], 1, "{said}");
    team.reader_has_everything();
}

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
        let output = limited(limit, env!("CARGO_BIN_EXE_veldboek-writer"))
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

/// How large the disk is that others fill, in MiB: with this much room an answer is written down first and entered later.
const SHARED_DISK: usize = 160;
/// How many notes are kept before that: so many that few or many of them are not entered yet, and the log is short or long.
const KEPT: [usize; 3] = [20, 60, 190];

#[test]
fn what_was_kept_is_read_when_others_fill_the_disk_right_after() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    for (person, kept) in KEPT.into_iter().enumerate() {
        let disk = SmallDisk::of(SHARED_DISK);
        let folder = TempDir::new_in(disk.path()).expect("a folder can be made there");
        let mut device = Device::in_folder(folder, clock.clone(), Vec::new());
        enrol(device.app(), &backend.url(), backend.code(person), "ALK-07").expect("the code is good");
        device.sync();
        let notes = Notes::of(&device);
        (1..=kept).for_each(|number| notes.write(&device, number).expect("it is kept"));
        disk.fill();
        assert_eq!(notes.last(&device), kept.to_string(), "in the app that kept it");
        let refused = (1..200).find_map(|more| Some((more, notes.write(&device, kept + more).err()?)));
        let (more, error) = refused.expect("there is no room for more");
        assert_eq!(error.code(), "storage_full");
        let last = (kept + more - 1).to_string();
        assert_eq!(notes.last(&device), last, "after something was refused");
        disk.fill();
        device.restart_and_unlock();
        assert_eq!(notes.last(&device), last, "in an app that died and starts anew");
        device.app().lock(Nothing {}).expect("it locks");
        disk.fill();
        device.app().unlock(Unlock { secret: SECRET.to_owned() }).expect("it opens without any room");
        assert_eq!(notes.last(&device), last, "after it was locked");
        disk.make_room();
        device.app().lock(Nothing {}).expect("it locks");
        disk.fill();
        device
            .app()
            .unlock(Unlock { secret: SECRET.to_owned() })
            .expect("it opens when others took the room meanwhile");
        assert_eq!(notes.last(&device), last, "after others took the room while it was locked");
        disk.make_room();
        notes.write(&device, 1_000).expect("there is room again");
        assert_eq!(notes.last(&device), "1000");
        let check = device.app().check().expect("the check reads everything");
        assert_eq!((check.broken, check.projections_equal), (Vec::new(), true));
    }
}

/// Long notes at one question.
struct Notes {
    inspection: InspectionId,
    slot: Slot,
}

impl Notes {
    fn of(device: &Device) -> Self {
        let inspection = device.today().first().expect("there is work for today").inspection;
        Self { inspection, slot: device.inspection(inspection).slots[0].slot.clone() }
    }

    fn write(&self, device: &Device, number: usize) -> Result<(), AppError> {
        let value = Value::text(&format!("{number} {}", "lang verhaal ".repeat(1_200)));
        let register = RegisterKey::Note(self.slot.clone());
        device.app().write(Write { inspection: self.inspection, register, value }).map(drop)
    }

    /// The number of the note that the list's controle shows.
    fn last(&self, device: &Device) -> String {
        assert!(device.today().iter().any(|row| row.inspection == self.inspection), "it is in the list");
        let slots = device.inspection(self.inspection).slots;
        let state = slots.into_iter().find(|state| state.slot == self.slot).expect("the question is there");
        state.note.split(' ').next().unwrap_or_default().to_owned()
    }
}
