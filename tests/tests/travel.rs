//! How photos come to the backend and to the other members of a team: small versions first, no originals over a mobile
//! connection, one that somebody looks at ahead of all others, and nothing twice after a kill.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, InspectionId, ItemId};
use veldboek_tests::backend::Backend;
use veldboek_tests::device::{Device, SECRET};
use veldboek_tests::line::{Fault, Line, Way};
use veldboek_tests::photo::jpeg_of;
use veldboek_tests::process::kill_child;
use veldboek_tests::{block_on, until};

const MIB: u64 = 1024 * 1024;
/// Records, requests and answers that go with a photo.
const BESIDES: u64 = 128 * 1024;

/// Two members of one team, each with a line of its own to the backend.
struct Team {
    _backend: Backend,
    dekker: Device,
    visser: Device,
    up: Line,
    down: Line,
    inspection: InspectionId,
}

impl Team {
    fn begin() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let backend = Backend::start(clock.clone());
        let (up, down) = (block_on(Line::to(backend.address())), block_on(Line::to(backend.address())));
        let dekker = Device::enrolled(clock.clone(), &up.url(), backend.code(0), "ALK-07");
        let visser = Device::enrolled(clock, &down.url(), backend.code(1), "ODN-02");
        let inspection = dekker.today().first().expect("there is work for today").inspection;
        up.breaks(Fault::None);
        down.breaks(Fault::None);
        Self { _backend: backend, dekker, visser, up, down, inspection }
    }

    fn photograph(&self, number: u32, size: u64) -> ItemId {
        self.dekker.photograph(self.inspection, None, jpeg_of(number, usize::try_from(size).unwrap()))
    }

    fn seen_by_visser(&self, item: ItemId) -> PhotoView {
        let view = self.visser.inspection(self.inspection);
        view.photos.into_iter().find(|photo| photo.item == item).expect("the record of the photo came")
    }
}

fn mobile_data(device: &Device, may: bool) {
    let settings = device.app().settings(Nothing {}).unwrap();
    device.app().change_settings(Settings { photos_on_mobile_data: may, ..settings }).unwrap();
}

#[test]
fn over_a_mobile_connection_small_versions_go_and_originals_wait_for_wifi() {
    let team = Team::begin();
    mobile_data(&team.dekker, false);
    team.dekker.goes_mobile(true);
    let items: Vec<ItemId> = (0..3).map(|number| team.photograph(number, 3 * MIB)).collect();
    let waits = team.dekker.sync();
    assert_eq!(waits.photos_held, Some(PhotosHeld::Metered), "and the screen says why");
    assert_eq!((waits.line.records_waiting, waits.line.photos_waiting), (0, 3));
    assert!(team.up.up() < 3 * 128 * 1024 + BESIDES, "{} bytes up", team.up.up());

    team.visser.sync();
    for item in &items {
        let photo = team.seen_by_visser(*item);
        assert!(photo.preview && !photo.here, "the member sees a small version before the original is anywhere else");
        let (media_type, small) = team.visser.app().photo_bytes(*item, PhotoSize::Thumb).unwrap();
        assert_eq!(media_type, "image/jpeg");
        assert!(small.starts_with(&[0xFF, 0xD8, 0xFF]) && small.len() < 128 * 1024, "{} bytes", small.len());
    }
    let asked = team.visser.app().fetch_photo(FetchPhoto { item: items[0] }).unwrap();
    assert_eq!(asked, PhotoArrival::NotYet);

    team.dekker.goes_mobile(false);
    let sent = team.dekker.sync();
    assert_eq!((sent.photos_held, sent.photos_received), (None, 3), "{:?}", sent.problem);
    team.visser.sync();
    assert!(items.iter().all(|item| team.seen_by_visser(*item).here));
}

#[test]
fn a_connection_that_becomes_mobile_halfway_stops_what_is_on_its_way() {
    let team = Team::begin();
    mobile_data(&team.dekker, false);
    team.photograph(1, 8 * MIB);
    team.up.breaks(Fault::Stall(Way::Up, 3 * MIB));
    let app = team.dekker.shared();
    let syncing = std::thread::spawn(move || app.sync_now(Nothing {}).unwrap());
    until("the line is silent", Duration::from_secs(60), || (team.up.strikes() == 1).then_some(()));
    until("the screen shows how far it is", Duration::from_secs(60), || {
        let view = team.dekker.app().sync_state(Nothing {}).unwrap();
        let photos = view.inspections.iter().flat_map(|row| &row.photos);
        photos.map(|photo| photo.sent).max().filter(|sent| *sent >= 2 * MIB)
    });
    team.dekker.goes_mobile(true);
    let ended = syncing.join().unwrap();
    assert_eq!(ended.photos_held, Some(PhotosHeld::Metered));
    assert_eq!(ended.photos_received, 0);
    team.up.breaks(Fault::None);
    team.dekker.goes_mobile(false);
    assert_eq!(team.dekker.sync().photos_received, 1);
    assert!(team.up.up() <= 5 * MIB + MIB / 2 + BESIDES, "{} bytes up: what was there stayed there", team.up.up());
}

#[test]
fn paused_photos_wait_with_their_small_versions() {
    let team = Team::begin();
    let settings = team.dekker.app().settings(Nothing {}).unwrap();
    team.dekker.app().change_settings(Settings { photos_paused: true, ..settings }).unwrap();
    team.photograph(1, 3 * MIB);
    let waits = team.dekker.sync();
    assert_eq!(waits.photos_held, Some(PhotosHeld::Paused));
    assert!(team.up.up() < 64 * 1024, "{} bytes up", team.up.up());
}

#[test]
fn a_photo_that_somebody_looks_at_comes_ahead_of_all_others() {
    let team = Team::begin();
    let items: Vec<ItemId> = (0..4).map(|number| team.photograph(number, 2 * MIB)).collect();
    team.dekker.sync();
    mobile_data(&team.visser, false);
    team.visser.goes_mobile(true);
    team.visser.sync();
    assert!(items.iter().all(|item| !team.seen_by_visser(*item).here));
    team.down.breaks(Fault::None);
    let asked = team.visser.app().fetch_photo(FetchPhoto { item: items[2] }).unwrap();
    assert_eq!(asked, PhotoArrival::Here, "it was asked for, so a mobile connection does not hold it");
    assert!(team.down.down() <= 2 * MIB + BESIDES, "{} bytes down", team.down.down());
    for (number, item) in items.iter().enumerate() {
        assert_eq!(team.seen_by_visser(*item).here, number == 2);
    }
    let bytes = team.visser.app().photo_bytes(items[2], PhotoSize::Original).unwrap().1;
    assert!(bytes == jpeg_of(2, 2 * 1024 * 1024), "byte for byte");
    team.visser.goes_mobile(false);
    team.visser.sync();
    assert!(items.iter().all(|item| team.seen_by_visser(*item).here), "the others come by themselves");
}

/// A process that syncs what is in a folder.
fn syncer(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veldboek-syncer"));
    command.arg(folder).stdin(Stdio::null()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

/// Kills a process that syncs once the line has gone silent and so many parts are kept.
fn kill_on(folder: &Path, line: &Line, fault: Fault, kept: usize) {
    line.breaks(fault);
    let mut killed = syncer(folder);
    until("the line is silent", Duration::from_secs(60), || (line.strikes() == 1).then_some(()));
    until("what came is kept", Duration::from_secs(60), || (parts(folder).len() >= kept).then_some(()));
    assert!(kill_child(&mut killed), "it was the kill that ended it");
}

/// Kills a process that syncs, and lets another one do the rest.
fn kill_and_go_on(folder: &Path, line: &Line, fault: Fault, kept: usize) {
    kill_on(folder, line, fault, kept);
    line.breaks(Fault::None);
    let ended = syncer(folder).wait_with_output().unwrap();
    assert!(ended.status.success());
    println!("after the kill: {} bytes up, {} down", line.up(), line.down());
}

#[test]
fn what_the_backend_had_on_disk_is_not_sent_again_after_the_app_was_killed() {
    let mut team = Team::begin();
    team.photograph(1, 8 * MIB);
    team.dekker.app().lock(Nothing {}).unwrap();
    kill_and_go_on(team.dekker.folder(), &team.up, Fault::Stall(Way::Up, 5 * MIB), 0);
    assert!(team.up.up() <= 3 * MIB + MIB / 2 + BESIDES, "{} bytes up after the kill", team.up.up());
    team.dekker.restart_and_unlock();
    let view = team.dekker.app().sync_state(Nothing {}).unwrap();
    assert_eq!((view.photos_received, view.photos_total), (1, 1));
}

#[test]
fn what_came_of_a_photo_is_not_fetched_again_after_the_app_was_killed_and_lies_encrypted_until_then() {
    let mut team = Team::begin();
    let item = team.photograph(1, 8 * MIB);
    team.dekker.sync();
    team.visser.app().lock(Nothing {}).unwrap();
    kill_and_go_on(team.visser.folder(), &team.down, Fault::Stall(Way::Down, 5 * MIB), 4);
    // A part of a MiB is kept at once; what came behind the last part is fetched again.
    assert!(team.down.down() <= 3 * MIB + MIB + MIB / 4 + BESIDES, "{} bytes down after the kill", team.down.down());
    team.visser.restart();
    team.visser.app().unlock(Unlock { secret: SECRET.to_owned() }).unwrap();
    assert!(team.seen_by_visser(item).here);
    let bytes = team.visser.app().photo_bytes(item, PhotoSize::Original).unwrap().1;
    assert!(bytes == jpeg_of(1, 8 * 1024 * 1024), "byte for byte");
    assert_eq!(parts(team.visser.folder()), Vec::<PathBuf>::new(), "the parts are gone once the photo is here");
}

#[test]
fn parts_of_a_photo_lie_encrypted_and_a_broken_one_is_fetched_again() {
    let mut team = Team::begin();
    let item = team.photograph(1, 6 * MIB);
    team.dekker.sync();
    team.visser.app().lock(Nothing {}).unwrap();
    kill_on(team.visser.folder(), &team.down, Fault::Stall(Way::Down, 5 * MIB), 4);
    let kept = parts(team.visser.folder());
    let photo = jpeg_of(1, 6 * 1024 * 1024);
    for part in &kept {
        let bytes = std::fs::read(part).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1"), "{}", part.display());
        let pieces = [MIB / 2, 2 * MIB, 4 * MIB].map(|at| &photo[usize::try_from(at).unwrap()..][..24]);
        let seen = bytes.windows(24).any(|window| pieces.contains(&window));
        assert!(!seen, "{} holds the photo in the clear", part.display());
    }
    let mut broken = std::fs::read(&kept[1]).unwrap();
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    std::fs::write(&kept[1], broken).unwrap();
    team.down.breaks(Fault::None);
    assert!(syncer(team.visser.folder()).wait_with_output().unwrap().status.success());
    println!("{} bytes down", team.down.down());
    assert!(team.down.down() >= 4 * MIB, "all from the broken part on came again");
    team.visser.restart_and_unlock();
    assert!(team.seen_by_visser(item).here);
}

/// The files with parts of photos, in order.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.components().any(|part| part.as_os_str() == "onderweg") {
                found.push(path);
            }
        }
    }
    found.retain(|path| path.extension().is_some());
    found.sort();
    found
}
