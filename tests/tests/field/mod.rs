//! A device in the field: a running backend, a line to it that can break, and photos that wait.
#![expect(dead_code, reason = "each test file uses its own part of this")]

#[path = "../../../crates/sync/tests/support/mod.rs"]
pub mod support;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::dice::Dice;
use support::replica::device_key;
use support::{MemoryReplica, opened, stream};
use tempfile::TempDir;
use veldboek_backend::system::SystemEntropy;
use veldboek_backend::{Config, Running};
use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, DeviceId, Digest, ItemId, SetKind, StreamKind};
use veldboek_sync::client::WaitingPhoto;
use veldboek_sync::photos::{Backoff, OnProgress, Waiter};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{EnrolRequest, MAX_PHOTO_BYTES};
use veldboek_sync::{Backend, PhotoOutcome, fetch_photos, receipt, run_sync, send_photos};
use veldboek_tests::clock::StoryClock;
use veldboek_tests::line::Line;

/// How many bytes the backend may have received and not yet on disk.
pub const FSYNC_STEP: u64 = 512 * 1024;
/// Headers of a request and of what goes with it.
pub const HEADERS: u64 = 4 * 1024;
pub const STREAM: u64 = 1;

/// The app's own back-off, at the pace of a loopback line, with a count.
pub struct Counted {
    backoff: Backoff,
    pub waits: AtomicU32,
}

impl Counted {
    pub fn new() -> Self {
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

pub fn quiet() -> OnProgress {
    Arc::new(|_| ())
}

/// A running backend, a line to it, and an enrolled device with a team stream that the backend has.
pub struct Field {
    pub running: Running,
    pub clock: Arc<StoryClock>,
    pub folder: TempDir,
    pub line: Line,
    pub backend: Arc<Backend>,
    pub replica: MemoryReplica,
    pub waits: Counted,
}

impl Field {
    pub async fn new() -> Self {
        Self::in_folder(TempDir::new().unwrap()).await
    }

    /// With the backend's data in this folder.
    pub async fn in_folder(folder: TempDir) -> Self {
        let clock = Arc::new(StoryClock::at("2026-11-19T09:00:00+01:00"));
        let config = Config { demo: true, clock: clock.clone(), ..Config::in_folder(folder.path().join("data")) };
        let running = veldboek_backend::start(config).await.unwrap();
        let line = Line::to(running.address()).await;
        let code = running.demo.as_ref().unwrap().codes[0].code.clone();
        let (backend, replica) = enrolled(&line, &code, 1).await;
        let mut field = Self { running, clock, folder, line, backend, replica, waits: Counted::new() };
        field.replica.write(stream(STREAM), &opened(STREAM, StreamKind::Team));
        let outcome = run_sync(&field.backend, &mut field.replica).await.unwrap();
        assert!(outcome.agreed, "{outcome:?}");
        field
    }

    /// From here on nothing goes over a connection that stood before, and the session begins anew.
    pub fn reconnect(&mut self) {
        let device = self.replica.peer.device;
        let key = *self.backend.backend_key();
        let backend = Backend::new(&self.line.url(), device, device_key(device), key).unwrap();
        self.backend = Arc::new(backend.with_stall_limit(Duration::from_secs(2)));
    }

    pub fn photograph(&mut self, number: u64, bytes: usize) -> WaitingPhoto {
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

    pub async fn send(&mut self) -> PhotoOutcome {
        send_photos(&self.backend, &mut self.replica, &self.waits, quiet()).await.unwrap()
    }

    /// Fetches photos of which this device, as another member's, has nothing.
    pub async fn fetch_missing(&mut self, photos: &[Digest]) -> PhotoOutcome {
        let missing = photos.iter().map(|sha256| WaitingPhoto {
            sha256: *sha256,
            bytes: self.replica.photos[sha256].len() as u64,
            media_type: "image/jpeg".into(),
            stream: stream(STREAM),
        });
        self.replica.photos_missing = missing.collect();
        self.replica.photos.clear();
        fetch_photos(&self.backend, &mut self.replica, &self.waits, quiet()).await.unwrap()
    }

    /// Sends what waits, and gives how many bytes a request carries at most, at each step of the way.
    pub async fn send_watching(&mut self) -> Vec<u64> {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let (noted, backend) = (Arc::clone(&sizes), Arc::clone(&self.backend));
        let on_progress: OnProgress = Arc::new(move |_| noted.lock().unwrap().push(backend.pace().of(MAX_PHOTO_BYTES)));
        let outcome = send_photos(&self.backend, &mut self.replica, &self.waits, on_progress).await.unwrap();
        assert!(outcome.later.is_empty(), "{outcome:?}");
        let mut sizes = sizes.lock().unwrap().clone();
        sizes.dedup();
        sizes
    }

    /// Where the backend keeps a whole photo.
    pub fn kept(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        self.folder.path().join("data/fotos").join(&name[..2]).join(name)
    }

    pub async fn fetch(&mut self) -> PhotoOutcome {
        forget_photos(&mut self.replica);
        fetch_photos(&self.backend, &mut self.replica, &self.waits, quiet()).await.unwrap()
    }
}

/// What the device sent is gone from it and is to come back.
pub fn forget_photos(replica: &mut MemoryReplica) {
    let missing = replica.photo_receipts.iter().map(|receipt| WaitingPhoto {
        sha256: receipt.sha256,
        bytes: receipt.bytes,
        media_type: "image/jpeg".into(),
        stream: stream(STREAM),
    });
    replica.photos_missing = missing.collect();
    replica.photos.clear();
}

pub async fn enrolled(line: &Line, code: &str, number: u64) -> (Arc<Backend>, MemoryReplica) {
    let address = line.url();
    let device = DeviceId(uuid::Uuid::from_u64_pair(0x0197_0000_0000_7000, (1 << 63) | number));
    let key = device_key(device);
    let public_key = hex::encode(key.verifying_key().to_bytes());
    let request = EnrolRequest {
        code: code.to_owned(),
        device,
        name: format!("ALK-0{number}"),
        public_key,
        recipient: String::new(),
    };
    let enrolment = veldboek_sync::http::enrol(&address, &request).await.unwrap();
    let backend_key = receipt::public_key(&enrolment.backend_key).unwrap();
    let backend = Backend::new(&address, device, key, backend_key).unwrap().with_stall_limit(Duration::from_secs(2));
    let card = enrolment.person;
    assert!(card.role.inspects(), "the first code of the demonstration is for the field");
    let peer = Peer { device, person: card.person, organisation: card.organisation, role: card.role };
    (Arc::new(backend), MemoryReplica::new(&peer))
}

pub fn picture(number: u64, bytes: usize) -> Vec<u8> {
    let mut dice = Dice(number);
    let words = (0..bytes.div_ceil(8)).flat_map(|_| dice.roll().to_be_bytes());
    words.take(bytes).collect()
}
