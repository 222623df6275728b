//! A device to test on: a folder, a clock that stands where it is put, and randomness that repeats itself.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, FixedOffset, TimeDelta};
use tempfile::TempDir;
use uuid::Uuid;
use veldboek_domain::{
    Author, Body, Clock, DeviceId, Digest, Entropy, InspectionId, PersonCard, PersonId, Record, RegisterKey, Role,
    Slot, Stamp, StreamId, StreamKind, Value,
};
use veldboek_store::keys::{Hardness, new_identity};
use veldboek_store::{DatabaseKey, Device, KeyFile, Store};

pub const SECRET: &str = "een lange wachtzin";
pub const STREAM: StreamId = StreamId(Uuid::from_u128(1));
pub const INSPECTION: InspectionId = InspectionId(Uuid::from_u128(2));
/// As soft as Argon2 allows: the tests are about what happens, not about how long it takes.
pub const SOFT: Hardness = Hardness { memory_kib: 8, passes: 1 };

pub struct TestClock(pub Mutex<DateTime<FixedOffset>>);

impl TestClock {
    pub fn new() -> Self {
        Self(Mutex::new(DateTime::parse_from_rfc3339("2026-11-19T14:03:22+01:00").unwrap()))
    }

    pub fn pass(&self, seconds: i64) {
        *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
    }
}

impl Clock for TestClock {
    fn stamp(&self) -> Stamp {
        Stamp { at: *self.0.lock().unwrap(), uptime_ms: 1 }
    }
}

#[derive(Default)]
pub struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let digest = Digest::of(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            chunk.copy_from_slice(&digest.0[..chunk.len()]);
        }
    }
}

pub struct TestDevice {
    pub folder: TempDir,
    pub clock: TestClock,
    pub key: DatabaseKey,
    pub store: Store,
}

impl TestDevice {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let (_, key) = KeyFile::create(folder.path(), SECRET, None, None, SOFT, &Counting::default()).unwrap();
        let store = Store::create(folder.path(), &key, &device()).unwrap();
        Self { folder, clock: TestClock::new(), key, store }
    }

    pub fn reopen(self) -> Self {
        let Self { folder, clock, key, store } = self;
        drop(store);
        let store = Store::open(folder.path(), &key).unwrap();
        Self { folder, clock, key, store }
    }

    pub fn write(&mut self, body: &Body, supersedes: Vec<Digest>) -> Record {
        let mut writer = self.store.writer(STREAM).unwrap();
        let record = writer.write(body, &author(), self.clock.stamp(), supersedes).unwrap();
        self.store.append(std::slice::from_ref(&record), None).unwrap();
        record
    }

    pub fn open_stream(&mut self) -> Record {
        self.write(&Body::StreamOpened { inspection: INSPECTION, stream_kind: StreamKind::Team }, Vec::new())
    }

    pub fn answer(&mut self, question: &str, text: &str) -> Record {
        let register = RegisterKey::Answer(Slot::of(question));
        let (state, _) = self.store.inspection(INSPECTION).unwrap();
        let parents = state.register(&register).map(|held| held.parents()).unwrap_or_default();
        self.write(&Body::Written { register, value: Value::text(text) }, parents)
    }

    /// Every byte that lies in the device's folder.
    pub fn bytes(&self) -> Vec<u8> {
        fn read(folder: &std::path::Path, into: &mut Vec<u8>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { read(&path, into) } else { into.extend(std::fs::read(path).unwrap()) }
            }
        }
        let mut bytes = Vec::new();
        read(self.folder.path(), &mut bytes);
        bytes
    }
}

pub fn author() -> Author {
    Author { person: PersonId(Uuid::from_u128(4)), organisation: "gm-alkmaar".into() }
}

pub fn device() -> Device {
    Device {
        id: DeviceId(Uuid::from_u128(3)),
        name: "ALK-07".to_owned(),
        person: PersonCard {
            person: author().person,
            name: "M. Dekker".to_owned(),
            organisation: "gm-alkmaar".into(),
            organisation_name: "Gemeente Alkmaar".to_owned(),
            function: "toezichthouder bouw".to_owned(),
            role: Role::Inspector,
            pass_number: "40917".to_owned(),
            partner: String::new(),
        },
        backend_address: "http://127.0.0.1:1".to_owned(),
        backend_name: "NHVeilig".to_owned(),
        backend_key: "00".repeat(32),
        source_organisation: "gm-alkmaar".to_owned(),
        number_suffix: "K7".to_owned(),
        signing_key: "07".repeat(32),
        vault_identity: new_identity().0.to_string(),
        recovery_recipient: None,
        handover_identity: String::new(),
        certificate: None,
    }
}

pub fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
