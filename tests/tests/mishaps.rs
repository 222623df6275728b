//! What happens to tablets: a backup is put back, a clock is years wrong, a tablet lies in a drawer for three months, a record and
//! a photo rot. Each ends well, and its user is told what happened.

use std::sync::Arc;

use chrono::TimeDelta;
use rusqlite::Connection;
use veldboek_app::AppError;
use veldboek_app::api::*;
use veldboek_domain::{Clock, Digest, Field, InspectionId, ItemId, RegisterKey, SetKind, Slot, Value};
use veldboek_store::{KeyFile, StoreError};
use veldboek_tests::backend::Backend;
use veldboek_tests::block_on;
use veldboek_tests::clock::StoryClock;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, SECRET};
use veldboek_tests::line::Line;
use veldboek_tests::photo::jpeg;
use veldboek_tests::region::first;

const MORNING: &str = "2026-11-19T09:00:00+01:00";

fn tablet(backend: &Backend, clock: &Arc<StoryClock>, person: usize) -> Device {
    let name = format!("TABLET-{person}");
    Device::enrolled(Arc::clone(clock) as Arc<dyn Clock>, &backend.url(), backend.code(person), &name)
}

/// Writes a finding down.
fn find(device: &Device, inspection: InspectionId, text: &str) -> ItemId {
    let fields = vec![(Field::Text, Value::text(text)), (Field::Kind, Value::choice("own"))];
    let finding = AddItem { inspection, set: SetKind::Finding, slot: None, parent: None, fields, regime: None };
    device.app().add_item(finding).expect("the finding is kept").item
}

/// Writes another text in a finding.
fn correct(device: &Device, inspection: InspectionId, finding: ItemId, text: &str) {
    let register = RegisterKey::Item(finding, Field::Text);
    device.app().write(Write { inspection, register, value: Value::text(text) }).expect("the text is kept");
}

/// What a tablet shows of the findings of [`find`].
fn texts(device: &Device, inspection: InspectionId) -> Vec<String> {
    device.inspection(inspection).findings.into_iter().map(|finding| finding.text).collect()
}

/// Syncs as the background does: again, when something stood in the way.
fn sync(device: &Device) -> SyncView {
    let mut view = device.sync();
    for _ in 0..4 {
        if view.line.state != SyncPhase::Received {
            view = device.sync();
        }
    }
    view
}

#[test]
fn a_tablet_that_was_set_back_to_last_weeks_backup_gets_back_what_it_sent_and_says_what_may_be_gone() {
    let clock = Arc::new(StoryClock::at(MORNING));
    let mut backend = Backend::start(Arc::clone(&clock) as Arc<dyn Clock>);
    let mut set_back = tablet(&backend, &clock, 0);
    let colleague = tablet(&backend, &clock, 1);
    let inspection = first(&set_back);
    find(&set_back, inspection, "voor de back-up");
    set_back.sync();
    let backup = set_back.backup();

    clock.forward(TimeDelta::days(7));
    find(&set_back, inspection, "na de back-up, verzonden");
    let item = set_back.photograph(inspection, None, jpeg(3));
    set_back.sync();
    backend.stop();
    find(&set_back, inspection, "na de back-up, nooit verzonden");
    set_back.set_back(&backup);
    assert_eq!(texts(&set_back, inspection), ["voor de back-up"]);
    find(&set_back, inspection, "meteen weer aan het werk");

    backend.start_again();
    let synced = sync(&set_back);
    assert_eq!(synced.line.state, SyncPhase::Received, "{:?}", synced.line);
    assert_eq!(synced.line.quarantined, 0, "nothing is set apart for it: {:?}", synced.quarantined);
    let [Notice::Restored { titles, .. }] = &synced.notices[..] else { panic!("it is told: {:?}", synced.notices) };
    assert_eq!(titles, &[set_back.inspection(inspection).row.address]);
    let expected = ["voor de back-up", "na de back-up, verzonden", "meteen weer aan het werk"];
    assert_eq!(texts(&set_back, inspection), expected);
    let (_, bytes) = set_back.app().photo_bytes(item, PhotoSize::Original).expect("the photo came back");
    assert_eq!(Digest::of(&bytes), Digest::of(&jpeg(3)));

    find(&set_back, inspection, "en verder");
    assert_eq!(set_back.sync().line.state, SyncPhase::Received);
    colleague.sync();
    assert_eq!(texts(&colleague, inspection), texts(&set_back, inspection));
    assert_eq!(texts(&colleague, inspection).len(), 4);
    let check = set_back.app().check().expect("it can be looked at");
    assert!(check.broken.is_empty() && check.projections_equal, "{check:?}");

    set_back.restart_and_unlock();
    assert_eq!(set_back.sync().notices.len(), 1, "it stays until its user has read it");
    let read = set_back.app().notices_read(Nothing {}).expect("it can be put away");
    assert!(read.notices.is_empty() && set_back.sync().notices.is_empty());
}

#[test]
fn a_session_that_ended_while_much_waits_is_begun_anew_and_everything_goes() {
    let clock = Arc::new(StoryClock::at(MORNING));
    let backend = Backend::start(Arc::clone(&clock) as Arc<dyn Clock>);
    let line = block_on(Line::to(backend.address()));
    let tablet = Device::enrolled(Arc::clone(&clock) as Arc<dyn Clock>, &line.url(), backend.code(0), "TABLET-0");
    let inspection = first(&tablet);
    let slot = tablet.inspection(inspection).slots[0].slot.clone();
    for number in 0..60 {
        let value = Value::text(&format!("{number} {}", "lang verhaal ".repeat(3_000)));
        tablet.app().write(Write { inspection, register: RegisterKey::Note(slot.clone()), value }).expect("it is kept");
    }
    clock.forward(TimeDelta::hours(13));
    let synced = tablet.sync();
    assert_eq!((synced.line.state, synced.problem), (SyncPhase::Received, None));
}

#[test]
fn a_tablet_with_its_clock_in_2031_loses_nothing_wins_nothing_and_says_that_its_clock_is_wrong() {
    let clock = Arc::new(StoryClock::at(MORNING));
    let wrong = Arc::new(StoryClock::at("2031-03-03T09:00:00+01:00"));
    let backend = Backend::start(Arc::clone(&clock) as Arc<dyn Clock>);
    let mut ahead = tablet(&backend, &wrong, 0);
    let colleague = tablet(&backend, &clock, 1);
    let inspection = first(&colleague);
    let finding = find(&ahead, inspection, "van de tablet die voorloopt");
    let synced = ahead.sync();
    assert_eq!(synced.line.state, SyncPhase::Received, "{:?}", synced.problem);
    let [Notice::Clock { seconds }] = synced.notices[..] else { panic!("it is told: {:?}", synced.notices) };
    assert_eq!(seconds / 86_400, 1_565, "four years, three months and a half");
    let row = synced.inspections.iter().find(|row| row.inspection == inspection).expect("the controle is there");
    let received_at = row.received_at.as_deref().expect("it was received");
    assert!(received_at.starts_with("2026-11-19"), "the backend gives its own time: {received_at}");

    colleague.sync();
    correct(&colleague, inspection, finding, "verbeterd door een collega");
    colleague.sync();
    ahead.sync();
    for device in [&ahead, &colleague] {
        assert_eq!(texts(device, inspection), ["verbeterd door een collega"], "no clock decides");
        assert!(device.inspection(inspection).row.differences == 0);
    }

    ahead.app().lock(Nothing {}).expect("it locks");
    for _ in 0..4 {
        let wrong_secret = ahead.app().unlock(Unlock { secret: "niet de goede wachtzin".to_owned() });
        let Err(AppError::Store(StoreError::WrongSecret { wait_seconds } | StoreError::MustWait { wait_seconds })) =
            wrong_secret
        else {
            panic!("a wrong passphrase opens nothing: {wrong_secret:?}")
        };
        wrong.forward(TimeDelta::seconds(i64::try_from(wait_seconds).expect("a wait is short")));
    }
    let _ = ahead.app().unlock(Unlock { secret: "niet de goede wachtzin".to_owned() });
    wrong.forward(clock.stamp().at.signed_duration_since(wrong.stamp().at));
    let status = ahead.app().status(Nothing {}).expect("it says how it stands");
    assert!((1..=3600).contains(&status.wait_seconds), "no wait until 2031: {}", status.wait_seconds);
    wrong.forward(TimeDelta::seconds(i64::from(status.wait_seconds)));
    clock.forward(TimeDelta::seconds(i64::from(status.wait_seconds)));
    ahead.app().unlock(Unlock { secret: SECRET.to_owned() }).expect("it opens with the right passphrase");
    let synced = ahead.sync();
    assert_eq!((synced.line.state, synced.notices), (SyncPhase::Received, Vec::new()), "the clock is right again");
    ahead.restart_and_unlock();
    assert_eq!(texts(&ahead, inspection), ["verbeterd door een collega"]);
}

#[test]
fn a_tablet_that_was_offline_for_three_months_brings_everything_and_says_what_it_brought_and_got() {
    let clock = Arc::new(StoryClock::at(MORNING));
    let mut backend = Backend::start(Arc::clone(&clock) as Arc<dyn Clock>);
    let away = tablet(&backend, &clock, 0);
    let colleague = tablet(&backend, &clock, 1);
    let inspection = first(&away);
    backend.stop();
    for day in 0..92 {
        find(&away, inspection, &format!("dag {day}"));
        clock.forward(TimeDelta::days(1));
    }
    let items = [1, 2, 3].map(|number| away.photograph(inspection, None, jpeg(number)));
    let waiting = away.sync();
    assert_eq!(waiting.line.state, SyncPhase::Offline);
    assert!(waiting.line.records_waiting >= 92 && waiting.line.photos_waiting == 3, "{:?}", waiting.line);
    assert!(waiting.notices.is_empty(), "nothing is told before it is true");
    backend.start_again();
    for _ in 0..10 {
        find(&colleague, inspection, "van een collega");
    }
    colleague.sync();

    let synced = sync(&away);
    assert_eq!(synced.line.state, SyncPhase::Received, "{:?}", synced.problem);
    let [Notice::Away { days, sent, received, .. }] = synced.notices[..] else { panic!("{:?}", synced.notices) };
    assert_eq!(days, 92);
    assert!(sent >= 92 && received >= 10, "{sent} sent, {received} received");
    colleague.sync();
    assert_eq!(texts(&colleague, inspection).len(), 102);
    assert_eq!(texts(&colleague, inspection), texts(&away, inspection));
    for item in items {
        assert!(colleague.app().photo_bytes(item, PhotoSize::Original).is_ok(), "the photos arrived");
    }
    away.app().notices_read(Nothing {}).expect("it can be put away");
    clock.forward(TimeDelta::days(1));
    assert!(away.sync().notices.is_empty(), "a day later there is nothing to tell");
}

#[test]
fn a_rotten_record_and_a_rotten_photo_in_a_queue_of_500_are_named_and_all_others_arrive() {
    let clock = Arc::new(StoryClock::at(MORNING));
    let mut backend = Backend::start(Arc::clone(&clock) as Arc<dyn Clock>);
    let mut device = tablet(&backend, &clock, 0);
    let colleague = tablet(&backend, &clock, 1);
    let inspection = first(&device);
    backend.stop();
    let before = device.sync().line;
    let answered = device.choices(inspection).into_iter().next().expect("there is a question to answer");
    device.answer(inspection, &answered.0, Value::choice(&answered.1[0]));
    let photos: Vec<_> =
        (0..5).map(|number| (device.photograph(inspection, None, jpeg(number)), jpeg(number))).collect();
    let mut number = 0;
    while device.app().sync_state(Nothing {}).expect("it is open").line.records_waiting < 495 {
        find(&device, inspection, &format!("aantekening {number}"));
        number += 1;
    }
    assert_eq!(before.photos_waiting, 0);
    rot_record(&device, &answered.0);
    rot_photo(&device, &Digest::of(&photos[2].1));
    device.restart_and_unlock();

    backend.start_again();
    device.sync();
    let after = device.sync();
    assert_eq!(after.quarantined.len(), 2, "two are named: {:?}", after.quarantined);
    let record = after.quarantined.iter().find(|one| one.what == "record").expect("the record is named");
    assert_eq!(record.reason, "rotten");
    let photo = after.quarantined.iter().find(|one| one.what == "photo").expect("the photo is named");
    assert_eq!(photo.item, Some(photos[2].0));
    assert_eq!((after.records_total - after.records_received, after.photos_received), (0, 4));

    colleague.sync();
    assert_eq!(texts(&colleague, inspection).len(), number, "every other record arrived");
    let desk = Desk::sign_in(&backend);
    for (at, (item, bytes)) in photos.iter().enumerate().filter(|(at, _)| *at != 2) {
        assert_eq!(Digest::of(&desk.photo(inspection, *item)), Digest::of(bytes), "photo {at} arrived");
    }
    find(&device, inspection, "en het werk gaat door");
    assert_eq!(device.sync().line.records_waiting, 0);
}

/// Changes one byte of the body of the record that answers a question, as a bad memory cell does before it is encrypted.
fn rot_record(device: &Device, slot: &Slot) {
    let store = device.store();
    let is_it = |record: &veldboek_domain::Record| match record.body() {
        Some(veldboek_domain::Body::Written { register: RegisterKey::Answer(answered), .. }) => answered == *slot,
        _ => false,
    };
    let record = store.all_records().expect("records are read").into_iter().rfind(is_it).expect("it was answered");
    let mut body = record.body_bytes().expect("it has a body").to_vec();
    body[10] ^= 1;
    drop(store);
    device.app().lock(Nothing {}).expect("it locks");
    let mut keys = KeyFile::load(device.folder()).expect("it belongs to somebody");
    let clock = StoryClock::at(MORNING);
    let key = keys.unlock(device.folder(), SECRET, None, &clock).expect("the secret is right");
    let connection = Connection::open(device.folder().join("veldboek.db")).expect("the file opens");
    let pragma = format!("PRAGMA key = \"x'{}'\";", hex::encode(key.as_slice()));
    connection.execute_batch(&pragma).expect("the key fits");
    let changed = connection.execute("UPDATE records SET body = ?2 WHERE id = ?1", (record.id().0, body));
    assert_eq!(changed.expect("it is changed"), 1);
}

fn rot_photo(device: &Device, sha256: &Digest) {
    let folder = device.folder().join("fotos");
    let name = sha256.to_string();
    let mut files = vec![folder];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).expect("a folder is read").flatten().map(|entry| entry.path()));
        } else if path.to_string_lossy().contains(&name) {
            let mut bytes = std::fs::read(&path).expect("the photo's file is read");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            return std::fs::write(&path, bytes).expect("the photo's file is written");
        }
    }
    panic!("the photo's file is there");
}
