//! What the backend's tests share: a clock and randomness of their own, a running backend, devices that speak to it.

#![expect(dead_code, reason = "each test file uses its own part of this")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, FixedOffset};
use ed25519_dalek::{Signer, SigningKey};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value as Json;
use tempfile::TempDir;
use uuid::Uuid;
use veldboek_backend::{Config, Running};
use veldboek_domain::record::{ChecklistRef, Opening};
use veldboek_domain::{
    Author, Body, ChainId, ChainWriter, Clock, DeviceId, Digest, Entropy, InspectionId, PersonCard, PersonId, Record,
    RecordId, Role, SignedHead, Stamp, StreamId, StreamKind,
};
use veldboek_sync::wire::{
    Enrolment, PagePreamble, PullRequest, PushPreamble, PushReply, RECORDS_MEDIA_TYPE, RawRecord, Session, read_frames,
    session_statement, write_frames,
};

/// A clock that stands still until somebody moves it.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn forward(&self, by: chrono::Duration) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn stamp(&self) -> Stamp {
        let ms = self.0.load(Ordering::SeqCst);
        let zone = FixedOffset::east_opt(3600).unwrap();
        Stamp { at: DateTime::from_timestamp_millis(ms).unwrap().with_timezone(&zone), uptime_ms: 0 }
    }
}

/// Randomness that is the same in every run.
#[derive(Default)]
pub struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let n = self.0.fetch_add(1, Ordering::SeqCst);
            chunk.copy_from_slice(&Digest::of(&n.to_be_bytes()).0[..chunk.len()]);
        }
    }
}

/// A running backend with a folder of its own.
pub struct Backend {
    pub running: Option<Running>,
    pub folder: TempDir,
    pub clock: Arc<TestClock>,
    pub entropy: Arc<TestEntropy>,
    pub http: reqwest::Client,
}

impl Backend {
    pub async fn start() -> Self {
        Self::start_with(false).await
    }

    pub async fn start_with(demo: bool) -> Self {
        let at = DateTime::parse_from_rfc3339("2026-11-19T09:00:00+01:00").unwrap();
        let mut backend = Self {
            running: None,
            folder: TempDir::new().unwrap(),
            clock: Arc::new(TestClock(AtomicI64::new(at.timestamp_millis()))),
            entropy: Arc::default(),
            http: reqwest::Client::new(),
        };
        backend.begin(demo).await;
        backend
    }

    pub fn config(&self, demo: bool) -> Config {
        Config {
            demo,
            ui: self.folder.path().join("ui"),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            entropy: Arc::clone(&self.entropy) as Arc<dyn Entropy>,
            ..Config::in_folder(self.folder.path().join("data"))
        }
    }

    pub async fn begin(&mut self, demo: bool) {
        self.running = Some(veldboek_backend::start(self.config(demo)).await.unwrap());
    }

    pub async fn restart(&mut self) {
        self.running.take().unwrap().stop().await.unwrap();
        self.begin(false).await;
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn storage(&self) -> &dyn veldboek_backend::storage::Storage {
        self.running().state().storage.as_ref()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.running().url()))
    }

    pub async fn post(&self, path: &str, body: &Json) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// A person that the backend knows.
    pub fn person(&self, name: &str, organisation: &str, role: Role) -> PersonCard {
        let card = PersonCard {
            person: PersonId::new(self.clock.as_ref(), self.entropy.as_ref()),
            name: name.to_owned(),
            organisation: organisation.into(),
            organisation_name: format!("Organisatie {organisation}"),
            function: role.label().to_owned(),
            role,
            pass_number: String::new(),
            partner: String::new(),
        };
        self.storage().put_person(&card).unwrap();
        card
    }

    /// An enrolment code for a person.
    pub fn code(&self, person: &PersonCard, code: &str) {
        let until = (self.clock.stamp().at + chrono::Duration::hours(1)).timestamp_millis();
        self.storage().put_code(Digest::of(code.as_bytes()), person.person, until).unwrap();
    }

    /// An enrolled device with a session.
    pub async fn device(&self, name: &str, organisation: &str, role: Role) -> Device {
        let person = self.person(name, organisation, role);
        self.device_of(person).await
    }

    pub async fn device_of(&self, person: PersonCard) -> Device {
        let mut seed = [0; 32];
        self.entropy.fill(&mut seed);
        let key = SigningKey::from_bytes(&seed);
        let id = DeviceId::new(self.clock.as_ref(), self.entropy.as_ref());
        let code = format!("CODE{}", hex::encode_upper(&seed[..4]));
        self.code(&person, &code);
        let mut device = Device { id, key, person, token: String::new() };
        let reply = self.post("/v1/apparaten", &device.enrol_request(&code)).await;
        assert_eq!(reply.status(), StatusCode::CREATED);
        let enrolment: Enrolment = reply.json().await.unwrap();
        assert_eq!(enrolment.person, device.person);
        device.token = self.session(&device).await.unwrap();
        device
    }

    /// A new session for a device, or the problem.
    pub async fn session(&self, device: &Device) -> Result<String, Json> {
        let challenge: Json =
            self.post("/v1/sessies/uitdaging", &serde_json::json!({ "device": device.id })).await.json().await.unwrap();
        let reply = self.post("/v1/sessies", &device.answer(challenge["challenge"].as_str().unwrap())).await;
        match reply.status() {
            StatusCode::CREATED => Ok(reply.json::<Session>().await.unwrap().token),
            _ => Err(reply.json().await.unwrap()),
        }
    }

    pub fn as_device(&self, device: &Device, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&device.token)
    }

    /// Pushes records of one chain with a signed head.
    pub async fn push(&self, device: &Device, records: &[Record]) -> PushReply {
        let reply = self.push_bytes(device, device.batch(records)).await;
        assert_eq!(reply.status(), StatusCode::OK);
        reply.json().await.unwrap()
    }

    pub async fn push_bytes(&self, device: &Device, bytes: Vec<u8>) -> Response {
        let request = self.as_device(device, Method::POST, "/v1/records");
        request.header("content-type", RECORDS_MEDIA_TYPE).body(bytes).send().await.unwrap()
    }

    pub async fn pull_page(&self, device: &Device, request: &PullRequest) -> (PagePreamble, Vec<RawRecord>, Vec<u8>) {
        let request = self.as_device(device, Method::POST, "/v1/records/_ophalen").json(request);
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
        let bytes = reply.bytes().await.unwrap().to_vec();
        let (preamble, records) = read_frames(&bytes).unwrap();
        (preamble, records, bytes)
    }

    /// Pulls until nothing more is waiting.
    pub async fn pull(&self, device: &Device, cursor: Option<String>) -> (String, Vec<RecordId>) {
        let mut request = PullRequest { cursor, ..PullRequest::default() };
        let mut ids = Vec::new();
        loop {
            let (preamble, records, _) = self.pull_page(device, &request).await;
            ids.extend(records.iter().map(RawRecord::id));
            request.cursor = Some(preamble.cursor.clone());
            if !preamble.more {
                return (preamble.cursor, ids);
            }
        }
    }

    /// Sends a whole photo in one request.
    pub async fn send_photo(&self, device: &Device, stream: StreamId, bytes: &[u8]) -> Response {
        let request = self.create_upload(device, stream, Digest::of(bytes), bytes.len());
        request.header("content-type", "application/offset+octet-stream").body(bytes.to_vec()).send().await.unwrap()
    }

    pub fn create_upload(&self, device: &Device, stream: StreamId, sha256: Digest, length: usize) -> RequestBuilder {
        self.as_device(device, Method::POST, "/v1/fotos")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", length)
            .header("upload-metadata", metadata(stream, sha256))
    }
}

pub fn metadata(stream: StreamId, sha256: Digest) -> String {
    let value = |text: String| STANDARD.encode(text);
    format!(
        "sha256 {},media_type {},stream {}",
        value(sha256.to_string()),
        value("image/jpeg".to_owned()),
        value(stream.to_string())
    )
}

/// The number of a problem, with a check that it is problem+json.
pub async fn problem(reply: Response) -> u64 {
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    let status = reply.status().as_u16();
    let document: Json = reply.json().await.unwrap();
    assert_eq!(document["status"], status);
    document["number"].as_u64().unwrap()
}

/// A device with its key.
pub struct Device {
    pub id: DeviceId,
    pub key: SigningKey,
    pub person: PersonCard,
    pub token: String,
}

impl Device {
    pub fn enrol_request(&self, code: &str) -> Json {
        serde_json::json!({
            "code": code, "device": self.id, "name": "ALK-07", "public_key": hex::encode(self.key.verifying_key().to_bytes())
        })
    }

    pub fn answer(&self, challenge: &str) -> Json {
        let signature = self.key.sign(session_statement(self.id, challenge).as_bytes());
        serde_json::json!({
            "device": self.id, "challenge": challenge, "signature": hex::encode(signature.to_bytes())
        })
    }

    pub fn author(&self) -> Author {
        Author { person: self.person.person, organisation: self.person.organisation.clone() }
    }

    /// A chain in a stream.
    pub fn chain(&self, stream: StreamId) -> Chain<'_> {
        let chain = ChainId { stream, device: self.id, epoch: 0 };
        Chain { device: self, writer: ChainWriter::new(chain, None), records: Vec::new() }
    }

    /// Records of one chain, framed and signed.
    pub fn batch(&self, records: &[Record]) -> Vec<u8> {
        let last = records.last().unwrap();
        let head = veldboek_domain::ChainHead { seq: last.header().seq, record: last.id() };
        let heads = vec![SignedHead::sign(last.header().chain(), head, &self.key)];
        write_frames(&PushPreamble { protocol: 1, heads, withheld: Vec::new() }, records)
    }
}

/// A chain being written.
pub struct Chain<'a> {
    device: &'a Device,
    pub writer: ChainWriter,
    pub records: Vec<Record>,
}

impl Chain<'_> {
    pub fn write(&mut self, body: &Body) -> Record {
        self.write_over(body, Vec::new())
    }

    pub fn write_over(&mut self, body: &Body, supersedes: Vec<RecordId>) -> Record {
        let at = DateTime::parse_from_rfc3339("2026-11-19T14:03:00+01:00").unwrap();
        let record = self.writer.write(body, &self.device.author(), Stamp { at, uptime_ms: 0 }, supersedes).unwrap();
        self.records.push(record.clone());
        record
    }

    /// A chain that begins a stream.
    pub fn open(&mut self, inspection: InspectionId, stream_kind: StreamKind) {
        self.write(&Body::StreamOpened { inspection, stream_kind });
    }

    pub fn begin_inspection(&mut self, inspection: InspectionId) {
        self.open(inspection, StreamKind::Team);
        self.write(&Body::InspectionOpened(Opening {
            number: "VB-2026-0042-K7".to_owned(),
            family: "vb".to_owned(),
            checklist: ChecklistRef {
                id: "VB-IC".to_owned(),
                version: "0.1".to_owned(),
                hash: Digest::of(b"checklist"),
            },
            source_organisation: "gm-alkmaar".into(),
            responsible_municipality: "Alkmaar".to_owned(),
        }));
    }
}

pub fn stream(n: u128) -> StreamId {
    StreamId(Uuid::from_u128(n))
}

pub fn inspection(n: u128) -> InspectionId {
    InspectionId(Uuid::from_u128(n))
}
