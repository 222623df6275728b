//! Photos and records between a device and a real backend, over a line that cuts, stalls, corrupts and answers for the
//! backend. What the line does costs bytes and time, never a photo.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

#[path = "../../crates/sync/tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use support::replica::device_key;
use support::{Dice, MemoryReplica, note, opened, stream};
use tempfile::TempDir;
use veldboek_backend::system::SystemEntropy;
use veldboek_backend::{Config, Running};
use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, DeviceId, Digest, ItemId, SetKind, StreamKind};
use veldboek_sync::client::WaitingPhoto;
use veldboek_sync::photos::{Backoff, OnProgress, PhotoRefusal, Waiter};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::EnrolRequest;
use veldboek_sync::{Backend, HttpError, fetch_photos, receipt, run_sync, send_photos};
use veldboek_tests::clock::StoryClock;
use veldboek_tests::line::{Fault, Line};

/// How many bytes the backend may have received and not yet on disk.
const FSYNC_STEP: u64 = 512 * 1024;
/// Headers of a request and of what goes with it.
const HEADERS: u64 = 4 * 1024;
const STREAM: u64 = 1;

/// The app's own back-off, at the pace of a loopback line, with a count.
struct Counted {
    backoff: Backoff,
    waits: AtomicU32,
}

impl Counted {
    fn new() -> Self {
        let (first, longest) = (Duration::from_millis(50), Duration::from_millis(200));
        let entropy = Arc::new(SystemEntropy);
        Self { backoff: Backoff { first, longest, entropy }, waits: AtomicU32::new(0) }
    }
}

impl Waiter for Counted {
    async fn wait(&self, again: u32) {
        self.waits.fetch_add(1, Ordering::SeqCst);
        self.backoff.wait(again).await;
    }
}

fn quiet() -> OnProgress {
    Arc::new(|_| ())
}

/// A running backend, a line to it, and an enrolled device with a team stream that the backend has.
struct Field {
    running: Running,
    clock: Arc<StoryClock>,
    _folder: TempDir,
    line: Line,
    backend: Arc<Backend>,
    replica: MemoryReplica,
    waits: Counted,
}

impl Field {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(StoryClock::at("2026-11-19T09:00:00+01:00"));
        let config = Config { demo: true, clock: clock.clone(), ..Config::in_folder(folder.path().join("data")) };
        let running = veldboek_backend::start(config).await.unwrap();
        let line = Line::to(running.address()).await;
        let code = running.demo.as_ref().unwrap().codes[0].code.clone();
        let (backend, replica) = enrolled(&line, &code, 1).await;
        let mut field = Self { running, clock, _folder: folder, line, backend, replica, waits: Counted::new() };
        field.replica.write(stream(STREAM), &opened(STREAM, StreamKind::Team));
        let outcome = run_sync(&field.backend, &mut field.replica).await.unwrap();
        assert!(outcome.agreed, "{outcome:?}");
        field
    }

    fn photograph(&mut self, number: u64, bytes: usize) -> WaitingPhoto {
        let bytes = picture(number, bytes);
        let photo = self.replica.photograph(stream(STREAM), &bytes, bytes.clone());
        let item = ItemId(uuid::Uuid::from_u64_pair(0xf, number));
        let body = Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None };
        self.replica.write(stream(STREAM), &body);
        let (sha256, bytes, media_type) = (photo.sha256, photo.bytes, photo.media_type.clone());
        let sealed = Sealed { sha256, bytes, media_type, width: 1, height: 1, taken_at: None, position: None };
        self.replica.write(stream(STREAM), &Body::PhotoSealed { item, sealed });
        photo
    }

    async fn send(&mut self) -> veldboek_sync::PhotoOutcome {
        send_photos(&self.backend, &mut self.replica, &self.waits, quiet()).await.unwrap()
    }

    async fn fetch(&mut self) -> veldboek_sync::PhotoOutcome {
        forget_photos(&mut self.replica);
        fetch_photos(&self.backend, &mut self.replica, &self.waits, quiet()).await.unwrap()
    }
}

/// What the device sent is gone from it and is to come back.
fn forget_photos(replica: &mut MemoryReplica) {
    let missing = replica.photo_receipts.iter().map(|receipt| WaitingPhoto {
        sha256: receipt.sha256,
        bytes: receipt.bytes,
        media_type: "image/jpeg".into(),
        stream: stream(STREAM),
    });
    replica.photos_missing = missing.collect();
    replica.photos.clear();
}

async fn enrolled(line: &Line, code: &str, number: u64) -> (Arc<Backend>, MemoryReplica) {
    let address = line.url();
    let device = DeviceId(uuid::Uuid::from_u64_pair(0x0197_0000_0000_7000, (1 << 63) | number));
    let key = device_key(device);
    let public_key = hex::encode(key.verifying_key().to_bytes());
    let (name, recipient) = (format!("ALK-0{number}"), String::new());
    let request = EnrolRequest { code: code.to_owned(), device, name, public_key, recipient };
    let enrolment = veldboek_sync::http::enrol(&address, &request).await.unwrap();
    let backend_key = receipt::public_key(&enrolment.backend_key).unwrap();
    let backend = Backend::new(&address, device, key, backend_key).unwrap().with_stall_limit(Duration::from_secs(2));
    let card = enrolment.person;
    assert!(card.role.inspects(), "the first code of the demonstration is for the field");
    let peer = Peer { device, person: card.person, organisation: card.organisation, role: card.role };
    (Arc::new(backend), MemoryReplica::new(&peer))
}

fn picture(number: u64, bytes: usize) -> Vec<u8> {
    let mut dice = Dice(number);
    let words = (0..bytes.div_ceil(8)).flat_map(|_| dice.roll().to_be_bytes());
    words.take(bytes).collect()
}

#[tokio::test]
async fn photos_go_up_once_and_come_back_byte_for_byte() {
    let mut field = Field::new().await;
    let photos: Vec<_> = (0..5).map(|number| field.photograph(number, 700_000 + number as usize)).collect();
    field.line.breaks(Fault::None);
    let outcome = field.send().await;
    assert_eq!(outcome.done.len(), 5, "{outcome:?}");
    assert_eq!(field.replica.photo_receipts.len(), 5);
    assert!(field.replica.photos_waiting.is_empty());
    let whole: u64 = photos.iter().map(|photo| photo.bytes).sum();
    assert!(field.line.up() < whole + 12 * HEADERS, "{} bytes for {whole}", field.line.up());

    let before = field.replica.photos.clone();
    let outcome = field.fetch().await;
    assert_eq!(outcome.later.len(), 5, "no record names them yet, so nobody is given them: {outcome:?}");
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    let outcome = field.fetch().await;
    assert_eq!(outcome.done.len(), 5, "{outcome:?}");
    assert_eq!(field.replica.photos, before);
}

#[tokio::test]
async fn a_photo_that_is_there_already_costs_no_bytes() {
    let mut field = Field::new().await;
    let photo = field.photograph(1, 600_000);
    field.send().await;
    field.replica.photos_waiting.push(photo);
    field.line.breaks(Fault::None);
    let outcome = field.send().await;
    assert_eq!(outcome.done.len(), 1);
    assert_eq!(outcome.bytes, 0);
    assert!(field.line.up() < 2 * HEADERS);
}

#[tokio::test]
async fn a_cut_costs_at_most_what_was_not_yet_on_disk() {
    let mut field = Field::new().await;
    for every in [1_500_000, 900_000, 333_333] {
        let photo = field.photograph(every, 6 * 1024 * 1024);
        field.line.breaks(Fault::CutUp(every));
        let outcome = field.send().await;
        assert_eq!(outcome.done.len(), 1, "{outcome:?}");
        let (up, cuts) = (field.line.up(), field.line.strikes());
        assert!(cuts >= photo.bytes / every, "{cuts} cuts");
        assert!(up <= photo.bytes + cuts * (FSYNC_STEP + 2 * HEADERS) + 4 * HEADERS, "{up} bytes up with {cuts} cuts");
    }
}

#[tokio::test]
async fn a_line_that_goes_silent_is_left_and_the_photo_goes_on() {
    let mut field = Field::new().await;
    field.photograph(3, 3 * 1024 * 1024);
    field.line.breaks(Fault::Stall(1_000_000));
    let outcome = field.send().await;
    assert_eq!(outcome.done.len(), 1, "{outcome:?}");
    assert_eq!(field.line.strikes(), 1);
}

#[tokio::test]
async fn bytes_that_changed_on_the_way_are_refused_and_sent_again() {
    let mut field = Field::new().await;
    field.photograph(4, 2 * 1024 * 1024);
    field.line.breaks(Fault::Corrupt(900_000));
    let outcome = field.send().await;
    assert_eq!(field.line.strikes(), 1);
    assert_eq!(outcome.done.len(), 1, "{outcome:?}");
    assert!(outcome.bytes > 2 * 1024 * 1024, "the damaged part was sent again");
    assert!(outcome.set_apart.is_empty());
}

#[tokio::test]
async fn a_gateway_that_fails_for_a_while_is_outlasted() {
    let mut field = Field::new().await;
    let photo = field.photograph(5, 2 * 1024 * 1024);
    field.line.breaks(Fault::CutThenAnswer(1_000_000, 3, 502));
    let outcome = field.send().await;
    assert_eq!(outcome.done, [photo.sha256], "{outcome:?}");
    assert_eq!(field.line.strikes(), 4, "one cut and three answers of the gateway");
    assert!(field.waits.waits.load(Ordering::SeqCst) >= 4, "each try waits for its turn");
}

#[tokio::test]
async fn a_gateway_that_keeps_failing_leaves_the_photos_for_a_next_time() {
    let mut field = Field::new().await;
    let key = *field.backend.backend_key();
    let device = field.replica.peer.device;
    let address = field.line.url();
    field.backend = Arc::new(Backend::new(&address, device, device_key(device), key).unwrap());
    let photos: Vec<Digest> = (0..4).map(|number| field.photograph(number, 50_000).sha256).collect();
    field.line.breaks(Fault::Answer(u64::MAX, 502));
    let outcome = field.send().await;
    assert_eq!(outcome.later, photos);
    assert!(matches!(outcome.trouble, Some(HttpError::Unreadable { status: 502 })), "{:?}", outcome.trouble);
    assert!(field.line.strikes() < 20, "tries are bounded: {}", field.line.strikes());
    assert_eq!(field.replica.photos_waiting.len(), 4, "nothing goes away");

    field.line.breaks(Fault::None);
    assert_eq!(field.send().await.done.len(), 4);
}

#[tokio::test]
async fn a_photo_that_rotted_on_the_device_is_set_apart_and_the_others_go_on() {
    let mut field = Field::new().await;
    let good = field.photograph(7, 100_000);
    let mut rotten = picture(8, 100_000);
    rotten[50_000] ^= 1;
    let bad = field.replica.photograph(stream(STREAM), &picture(8, 100_000), rotten);
    let last = field.photograph(9, 100_000);
    let outcome = field.send().await;
    assert_eq!(outcome.set_apart, [(bad.sha256, PhotoRefusal::Rotten)]);
    assert_eq!(field.replica.photos_apart, [(bad.sha256, "rotten".to_owned())]);
    let mut done = outcome.done;
    done.sort_unstable();
    let mut expected = [good.sha256, last.sha256];
    expected.sort_unstable();
    assert_eq!(done, expected);
}

#[tokio::test]
async fn a_photo_of_a_stream_that_the_backend_does_not_know_waits() {
    let mut field = Field::new().await;
    let bytes = picture(10, 50_000);
    let photo = field.replica.photograph(stream(99), &bytes, bytes.clone());
    let outcome = field.send().await;
    assert_eq!(outcome.later, [photo.sha256]);
    assert!(field.replica.photos_apart.is_empty());
}

#[tokio::test]
async fn a_cut_download_goes_on_where_it_stopped() {
    let mut field = Field::new().await;
    let photo = field.photograph(11, 3 * 1024 * 1024);
    field.send().await;
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    field.line.breaks(Fault::CutDown(700_000));
    let outcome = field.fetch().await;
    assert_eq!(outcome.done, [photo.sha256], "{outcome:?}");
    let cuts = field.line.strikes();
    assert!(cuts >= 4, "{cuts} cuts");
    assert!(field.line.down() <= photo.bytes + cuts * (FSYNC_STEP / 4), "{} bytes down", field.line.down());
}

#[tokio::test]
async fn a_session_that_ended_is_begun_anew_without_anybody_noticing() {
    let mut field = Field::new().await;
    field.clock.forward(TimeDelta::days(30));
    field.replica.write(stream(STREAM), &note("na het einde van de sessie"));
    assert!(run_sync(&field.backend, &mut field.replica).await.unwrap().agreed);
}

#[tokio::test]
async fn a_device_with_another_key_gets_no_session() {
    let field = Field::new().await;
    let address = field.line.url();
    let other_key = device_key(DeviceId(uuid::Uuid::nil()));
    let device = field.replica.peer.device;
    let stranger = Backend::new(&address, device, other_key, *field.backend.backend_key()).unwrap();
    assert!(matches!(stranger.session().await, Err(HttpError::SignedOut)));
}

#[tokio::test]
async fn records_sync_over_a_line_that_is_cut_again_and_again() {
    let mut field = Field::new().await;
    for number in 0..40 {
        field.replica.write(stream(STREAM), &note(&format!("{number}{}", "x".repeat(40_000))));
    }
    let written = field.replica.records.len();
    for every in [400_000, 900_000, 2_000_000] {
        field.line.breaks(Fault::CutUp(every));
        let _ = run_sync(&field.backend, &mut field.replica).await;
    }
    field.line.breaks(Fault::None);
    let outcome = run_sync(&field.backend, &mut field.replica).await.unwrap();
    assert!(outcome.agreed, "{outcome:?}");
    assert_eq!(field.replica.records.len(), written);
}

#[tokio::test]
async fn a_device_hears_that_there_is_something_new() {
    let mut field = Field::new().await;
    let mut news = field.backend.events().await.unwrap();
    field.replica.write(stream(STREAM), &note("hoor je mij"));
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(20), news.recv()).await.unwrap().unwrap();
    assert_eq!(heard.event, "nieuw");
    field.running.stop().await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(20), async { while news.recv().await.is_some() {} });
    ended.await.expect("the listener is told that the line ended");
}
