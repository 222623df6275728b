//! The backend's disk is full: nothing is half taken, nothing is lost, the tablet's user reads what is the matter, and when there
//! is room again everything goes on from where it stopped.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod field;

use std::sync::Arc;

use field::{FSYNC_STEP, Field, HEADERS};
use tempfile::TempDir;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, RegisterKey, Value};
use veldboek_sync::run_sync;
use veldboek_tests::backend::Backend;
use veldboek_tests::block_on;
use veldboek_tests::device::Device;
use veldboek_tests::line::{Fault, Way};
use veldboek_tests::photo::jpeg_of;
use veldboek_tests::small_disk::SmallDisk;

/// The backend keeps 256 MiB free for records; photos are taken up to there.
const DISK: usize = 320;
const MIB: u64 = 1024 * 1024;

/// More than the room that the database already has in its files.
const NOTES: usize = 250;

/// The status of a check of the backend's health.
fn health(backend: &Backend, check: &str) -> u16 {
    let url = format!("{}/{check}", backend.url());
    block_on(async { reqwest::get(url).await.unwrap().status().as_u16() })
}

#[test]
fn records_wait_on_the_tablet_while_the_backends_disk_is_full() {
    let disk = SmallDisk::of(DISK);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start_in(TempDir::new_in(disk.path()).unwrap(), clock.clone());
    let enrol = |person: usize, name: &str| Device::enrolled(clock.clone(), &backend.url(), backend.code(person), name);
    let (writer, reader) = (enrol(0, "ALK-07"), enrol(1, "ODN-02"));
    let inspection = writer.today().first().unwrap().inspection;
    let slot = writer.inspection(inspection).slots[0].slot.clone();
    for number in 0..NOTES {
        let value = Value::text(&format!("{number} {}", "lang verhaal ".repeat(3_000)));
        writer.app().write(Write { inspection, register: RegisterKey::Note(slot.clone()), value }).unwrap();
    }
    let photo = writer.photograph(inspection, Some(&slot), jpeg_of(1, 300_000));
    disk.fill();

    let full = writer.sync();
    let problem = full.problem.expect("the tablet says what is the matter");
    assert_eq!((problem.code.as_str(), full.line.state), ("schijf-vol", SyncPhase::Failed));
    assert_eq!(problem.title.as_deref(), Some("Bij NHVeilig is de schijf vol"), "in the backend's own words");
    assert!(full.line.records_waiting > 0, "{:?}", full.line);
    assert_eq!(full.line.photos_waiting, 1);
    assert_eq!(full.line.received_at, None, "nothing is called received");
    assert_eq!((health(&backend, "gezond"), health(&backend, "gereed")), (200, 503));
    // Whoever only reads does not notice, and gets what the backend has receipts for.
    assert_eq!(reader.sync().line.state, SyncPhase::Received);
    let there = reader.inspection(inspection).slots.iter().find(|state| state.slot == slot).unwrap().note.clone();
    let number: u32 = there.split(' ').next().unwrap().parse().unwrap_or_default();
    assert!(full.line.records_waiting as usize >= NOTES - 1 - number as usize, "note {number} is there");

    disk.make_room();
    let sent = writer.sync();
    assert_eq!((sent.line.state, sent.problem), (SyncPhase::Received, None));
    assert_eq!((sent.records_received, sent.photos_received), (sent.records_total, 1));
    assert_eq!(health(&backend, "gereed"), 200);
    reader.sync();
    let view = reader.inspection(inspection);
    let note = &view.slots.iter().find(|state| state.slot == slot).unwrap().note;
    assert!(note.starts_with(&format!("{} lang verhaal", NOTES - 1)), "the last note is there");
    let original = PhotoSize::Original;
    let (here, there) = (writer.app().photo_bytes(photo, original), reader.app().photo_bytes(photo, original));
    assert!(here.unwrap() == there.unwrap(), "the photo came byte for byte");
}

#[tokio::test]
async fn a_photo_goes_on_from_where_the_backends_disk_was_full() {
    let disk = SmallDisk::of(DISK);
    let mut field = Field::in_folder(TempDir::new_in(disk.path()).unwrap()).await;
    let photo = field.photograph(1, 16 * MIB as usize);
    run_sync(&field.backend, &mut field.replica).await.unwrap();

    // A part is there when the line breaks down for good.
    field.line.breaks(Fault::CutThenAnswer(Way::Up, 6 * MIB, 1_000, 502));
    let cut = field.send().await;
    assert_eq!((cut.done.len(), cut.later.len()), (0, 1), "{cut:?}");
    disk.fill();
    field.line.breaks(Fault::None);
    let full = field.send().await;
    assert_eq!((full.done.len(), full.later.len(), full.set_apart.len()), (0, 1, 0), "{full:?}");
    let trouble = format!("{:?}", full.trouble.expect("it says what is the matter"));
    assert!(trouble.contains("schijf-vol"), "{trouble}");
    assert!(field.replica.photo_receipts.is_empty());

    disk.make_room();
    field.line.breaks(Fault::None);
    let sent = field.send().await;
    assert_eq!(sent.done.len(), 1, "{sent:?}");
    let again = field.line.up();
    assert!(again <= 16 * MIB - 6 * MIB + FSYNC_STEP + 4 * HEADERS, "{again} bytes for what was left");
    assert!(std::fs::read(field.kept(photo.sha256)).unwrap() == field.replica.photos[&photo.sha256], "byte for byte");

    // And one that has not begun is refused before a byte of it goes over the line.
    disk.fill();
    field.photograph(2, 16 * MIB as usize);
    field.line.breaks(Fault::None);
    let refused = field.send().await;
    assert_eq!((refused.done.len(), refused.later.len()), (0, 1), "{refused:?}");
    assert!(field.line.up() < 40 * HEADERS, "{} bytes for nothing", field.line.up());
}
