//! tus with clients and a server that nobody here wrote: npm's `tus-js-client` and PyPI's `tuspy` send photos to our
//! backend, and our client sends to npm's `@tus/server`, over a line that breaks.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod field;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use field::support::replica::device_key;
use field::support::stream;
use field::{Counted, Field, HEADERS, STREAM, picture};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use veldboek_domain::Digest;
use veldboek_sync::tus::{self, Limits, Pace, Sending, Unsent, Upload};
use veldboek_sync::wire::session_statement;
use veldboek_sync::{HttpError, PhotoReceipt, Unsigned};
use veldboek_tests::line::{Fault, Line, Way};

const PHOTO: usize = 3 * 1024 * 1024 + 17;
/// What a client that does not wait for the backend's disk may have on its way when a line breaks.
const ON_ITS_WAY: u64 = 512 * 1024;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop")
}

/// A program of Node with what npm installed beside it.
fn node(script: &str) -> Command {
    assert!(
        folder().join("node_modules").is_dir(),
        "the tus clients of npm are not there. Run `cargo xtask prepare`, or `npm --prefix tests/interop ci`"
    );
    let mut command = Command::new("node");
    command.arg(folder().join(script)).kill_on_drop(true);
    command
}

/// A program of Python with what pip installed for it.
fn python(script: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let python = tests.ancestors().nth(3).unwrap().join("interop-venv/bin/python");
    assert!(python.exists(), "the tus client of PyPI is not there. Run `cargo xtask prepare`");
    let mut command = Command::new(python);
    command.arg(folder().join(script)).kill_on_drop(true);
    command
}

/// Runs a program with what it is asked, and gives what it says.
async fn run(mut program: Command, asked: &Json) -> Json {
    let ended = program.arg(asked.to_string()).stdin(Stdio::null()).output();
    let ended = tokio::time::timeout(Duration::from_secs(120), ended).await.expect("it ends").unwrap();
    let words = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{words}");
    serde_json::from_slice(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {words}"))
}

/// A field with a photo that another program sends.
struct Sent {
    field: Field,
    folder: TempDir,
    token: String,
    bytes: Vec<u8>,
    sha256: Digest,
}

impl Sent {
    async fn new() -> Self {
        let field = Field::new().await;
        let folder = TempDir::new().unwrap();
        let bytes = picture(5, PHOTO);
        std::fs::write(folder.path().join("foto.jpg"), &bytes).unwrap();
        let token = token(&field).await;
        Self { field, folder, token, sha256: Digest::of(&bytes), bytes }
    }

    /// What a program is asked to send, with more of its own.
    fn asked(&self, more: Json) -> Json {
        let mut asked = json!({
            "endpoint": format!("{}/v1/fotos", self.field.line.url()),
            "token": self.token,
            "file": self.folder.path().join("foto.jpg"),
            "metadata": {
                "filename": "foto.jpg",
                "sha256": self.sha256.to_string(),
                "media_type": "image/jpeg",
                "stream": stream(STREAM).to_string(),
            },
        });
        asked.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        asked
    }

    /// The backend has the photo byte for byte, and gave its receipt.
    fn check(&self, said: &Json) {
        assert_eq!(said["error"], Json::Null, "{said}");
        let kept = std::fs::read(self.field.kept(self.sha256)).expect("the photo is in its place");
        assert!(kept == self.bytes && Digest::of(&kept) == self.sha256, "byte for byte");
        let receipt = STANDARD.decode(said["receipt"].as_str().expect("a receipt came")).unwrap();
        let receipt: PhotoReceipt = serde_json::from_slice(&receipt).unwrap();
        assert!(receipt.verify(self.field.backend.backend_key()));
        assert_eq!((receipt.sha256, receipt.bytes), (self.sha256, self.bytes.len() as u64));
    }
}

/// A session of the device, as a program without our client gets it.
async fn token(field: &Field) -> String {
    let device = field.replica.peer.device;
    let http = reqwest::Client::new();
    let post = async |path: &str, body: Json| -> Json {
        let reply = http.post(format!("{}{path}", field.running.url())).json(&body).send().await.unwrap();
        reply.error_for_status().unwrap().json().await.unwrap()
    };
    let asked = post("/v1/sessies/uitdaging", json!({ "device": device })).await;
    let challenge = asked["challenge"].as_str().unwrap();
    let signature = device_key(device).sign(session_statement(device, challenge).as_bytes());
    let signed = json!({ "device": device, "challenge": challenge, "signature": hex::encode(signature.to_bytes()) });
    post("/v1/sessies", signed).await["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn tus_js_client_sends_a_photo_in_every_way_that_it_knows() {
    let ways = [
        json!({}),
        json!({ "chunk": 700_000 }),
        json!({ "chunk": 1_000_000, "during_creation": true }),
        json!({ "chunk": 1_000_000, "override": true }),
    ];
    for way in ways {
        let sent = Sent::new().await;
        let said = run(node("tus-js-client.mjs"), &sent.asked(way.clone())).await;
        println!("{way}: {} requests", said["requests"]);
        sent.check(&said);
    }
}

#[tokio::test]
async fn tus_js_client_outlasts_a_line_that_is_cut() {
    let sent = Sent::new().await;
    sent.field.line.breaks(Fault::Cut(Way::Up, 1_000_000));
    let said = run(node("tus-js-client.mjs"), &sent.asked(json!({ "retry": [100, 100, 200, 200, 400, 400] }))).await;
    let (up, cuts) = (sent.field.line.up(), sent.field.line.strikes());
    println!("{up} bytes up with {cuts} cuts");
    sent.check(&said);
    assert!(cuts >= 3, "{cuts} cuts");
    assert!(up <= sent.bytes.len() as u64 + cuts * ON_ITS_WAY + 12 * HEADERS, "{up} bytes up with {cuts} cuts");
}

#[tokio::test]
async fn tus_js_client_goes_on_in_another_process_where_one_ended() {
    let sent = Sent::new().await;
    sent.field.line.breaks(Fault::Cut(Way::Up, 2_000_000));
    let broken = run(node("tus-js-client.mjs"), &sent.asked(json!({}))).await;
    assert!(broken["error"].is_string(), "{broken}");
    sent.field.line.breaks(Fault::None);
    let said = run(node("tus-js-client.mjs"), &sent.asked(json!({ "url": broken["url"] }))).await;
    let up = sent.field.line.up();
    println!("{up} bytes up by the second process");
    sent.check(&said);
    assert!(up <= sent.bytes.len() as u64 - 2_000_000 + ON_ITS_WAY + 4 * HEADERS, "{up} bytes up again");
}

#[tokio::test]
async fn tus_js_client_breaks_an_upload_off() {
    let sent = Sent::new().await;
    sent.field.line.breaks(Fault::Cut(Way::Up, 2_000_000));
    let broken = run(node("tus-js-client.mjs"), &sent.asked(json!({}))).await;
    sent.field.line.breaks(Fault::None);
    let uploads = sent.field.folder.path().join("data/uploads");
    assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 1);
    run(node("tus-js-client.mjs"), &sent.asked(json!({ "url": broken["url"], "terminate": true }))).await;
    assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 0);
}

#[tokio::test]
async fn tuspy_sends_a_photo_with_a_checksum_on_every_part() {
    let sent = Sent::new().await;
    let said = run(python("tuspy.py"), &sent.asked(json!({ "chunk": 700_000, "checksum": true }))).await;
    sent.check(&said);
}

#[tokio::test]
async fn tuspy_outlasts_a_line_that_is_cut_and_goes_on_in_another_process() {
    let sent = Sent::new().await;
    let half = run(python("tuspy.py"), &sent.asked(json!({ "chunk": 1_000_000, "stop_at": 1_000_000 }))).await;
    assert_eq!((&half["error"], &half["offset"]), (&Json::Null, &json!(1_000_000)), "{half}");
    sent.field.line.breaks(Fault::Cut(Way::Up, 900_000));
    let more = json!({ "chunk": PHOTO, "retries": 9, "checksum": true, "url": half["url"] });
    let said = run(python("tuspy.py"), &sent.asked(more)).await;
    let (up, cuts) = (sent.field.line.up(), sent.field.line.strikes());
    println!("{up} bytes up with {cuts} cuts");
    assert_eq!(said["begun_at"], 1_000_000);
    sent.check(&said);
    assert!(cuts >= 2, "{cuts} cuts");
    let left = sent.bytes.len() as u64 - 1_000_000;
    assert!(up <= left + cuts * ON_ITS_WAY + 12 * HEADERS, "{up} bytes up with {cuts} cuts");
}

#[tokio::test]
async fn tuspy_is_told_of_bytes_that_changed_on_the_way_and_sends_them_again() {
    let sent = Sent::new().await;
    sent.field.line.breaks(Fault::Corrupt(Way::Up, 1_300_000));
    let asked = json!({ "chunk": 1_000_000, "checksum": true });
    let refused = run(python("tuspy.py"), &sent.asked(asked)).await;
    assert_eq!(refused["status"], 460, "{refused}");
    assert_eq!(refused["offset"], 1_000_000, "nothing of the damaged part was kept");
    let asked = json!({ "chunk": 1_000_000, "checksum": true, "url": refused["url"] });
    let said = run(python("tuspy.py"), &sent.asked(asked)).await;
    assert_eq!(said["begun_at"], 1_000_000);
    sent.check(&said);
    assert_eq!(sent.field.line.strikes(), 1);
}

/// `@tus/server` on a loopback port, and a line to it.
struct Foreign {
    _process: Child,
    folder: TempDir,
    line: Line,
    carrier: Unsigned,
    pace: Pace,
    waits: Counted,
    told: Arc<AtomicU64>,
}

impl Foreign {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = node("server.mjs");
        let mut process =
            command.arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node is there");
        let mut says = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(Duration::from_secs(60), says.next_line()).await.expect("it listens");
        let says: Json = serde_json::from_str(&line.unwrap().expect("it says where")).unwrap();
        let port = u16::try_from(says["port"].as_u64().unwrap()).unwrap();
        let line = Line::to(([127, 0, 0, 1], port).into()).await;
        let carrier = Unsigned::new(Duration::from_secs(2)).unwrap();
        let (pace, waits, told) = (Pace::default(), Counted::new(), Arc::default());
        Self { _process: process, folder, line, carrier, pace, waits, told }
    }

    fn endpoint(&self) -> reqwest::Url {
        format!("{}/uploads", self.line.url()).parse().unwrap()
    }

    /// Sends bytes as a photo is sent, until the server has them all.
    async fn send(&self, bytes: &[u8], begun: Option<Upload>) -> Result<(), Unsent> {
        let told = Arc::clone(&self.told);
        let sending = Sending {
            carrier: &self.carrier,
            waiter: &self.waits,
            pace: &self.pace,
            stop: &AtomicBool::new(false),
            endpoint: self.endpoint(),
            metadata: vec![("filename", "foto.jpg".to_owned()), ("filetype", "image/jpeg".to_owned())],
            bytes: bytes.to_vec().into(),
            sha256: Digest::of(bytes),
            checksums: true,
            limits: Limits { fruitless: 6, damaged: 3 },
            told: Arc::new(move |_, slice| {
                told.fetch_add(slice, Ordering::Relaxed);
            }),
        };
        let whole = bytes.len() as u64;
        sending.until(begun, move |answer| Ok((answer.offset == whole).then_some(()))).await
    }

    /// The files that it keeps, without its notes on them.
    fn kept(&self) -> Vec<Vec<u8>> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_none()).map(|file| std::fs::read(file).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_foreign_server_says_what_it_can() {
    let foreign = Foreign::start().await;
    let offered = tus::offered(&foreign.carrier, &foreign.endpoint()).await.unwrap();
    assert!(offered.extensions.iter().any(|extension| extension == "creation"), "{offered:?}");
    assert!(offered.extensions.iter().any(|extension| extension == "termination"), "{offered:?}");
    let ours = Field::new().await;
    let endpoint = format!("{}/v1/fotos", ours.line.url()).parse().unwrap();
    let offered = tus::offered(&foreign.carrier, &endpoint).await.unwrap();
    assert_eq!((offered.checksums, offered.largest), (vec!["sha256".into(), "sha1".into()], Some(64 * 1024 * 1024)));
}

#[tokio::test]
async fn our_client_sends_to_a_foreign_server_over_a_line_that_is_cut() {
    let foreign = Foreign::start().await;
    let bytes = picture(1, PHOTO);
    foreign.send(&bytes, None).await.unwrap();
    assert!(foreign.kept() == [bytes]);
    assert_eq!(foreign.told.load(Ordering::Relaxed), PHOTO as u64, "a good line carries every byte once");
    for every in [1_500_000, 700_000] {
        let foreign = Foreign::start().await;
        let bytes = picture(every, PHOTO);
        foreign.line.breaks(Fault::Cut(Way::Up, every));
        foreign.send(&bytes, None).await.unwrap();
        let (up, cuts) = (foreign.line.up(), foreign.line.strikes());
        println!("{up} bytes up with {cuts} cuts, one every {every} bytes");
        assert!(foreign.kept() == [bytes], "byte for byte");
        assert!(cuts >= PHOTO as u64 / every, "{cuts} cuts");
        assert!(up <= PHOTO as u64 + cuts * ON_ITS_WAY + 12 * HEADERS, "{up} bytes up with {cuts} cuts");
    }
}

#[tokio::test]
async fn our_client_outlasts_a_foreign_servers_gateway_and_a_silent_line() {
    let foreign = Foreign::start().await;
    let bytes = picture(2, PHOTO);
    foreign.line.breaks(Fault::CutThenAnswer(Way::Up, 1_000_000, 3, 502));
    foreign.send(&bytes, None).await.unwrap();
    assert_eq!(foreign.line.strikes(), 4);
    assert!(foreign.kept() == [bytes]);
    let foreign = Foreign::start().await;
    let bytes = picture(3, PHOTO);
    foreign.line.breaks(Fault::Stall(Way::Up, 1_000_000));
    foreign.send(&bytes, None).await.unwrap();
    assert_eq!(foreign.line.strikes(), 1);
    assert!(foreign.kept() == [bytes]);
}

#[tokio::test]
async fn our_client_goes_on_with_an_upload_that_began_before_and_breaks_one_off() {
    let foreign = Foreign::start().await;
    let bytes = picture(4, PHOTO);
    let metadata = [("filename", "foto.jpg".to_owned())];
    let (upload, _) = tus::create(&foreign.carrier, &foreign.endpoint(), PHOTO as u64, &metadata).await.unwrap();
    let part = bytes[..1_000_000].to_vec().into();
    let answer = tus::append(&foreign.carrier, &upload.url, 0, part, None, |_, _| ()).await.unwrap();
    assert_eq!(answer.offset, 1_000_000);
    foreign.line.breaks(Fault::None);
    foreign.send(&bytes, Some(Upload { offset: None, ..upload.clone() })).await.unwrap();
    assert!(foreign.line.up() < PHOTO as u64 - 1_000_000 + 4 * HEADERS, "{} bytes up", foreign.line.up());
    assert!(foreign.kept() == [bytes]);
    tus::terminate(&foreign.carrier, &upload.url).await.unwrap();
    assert!(foreign.kept().is_empty());
    let gone = tus::stand(&foreign.carrier, &upload.url).await.unwrap_err();
    assert!(matches!(gone.status(), Some(404 | 410)), "{gone}");
}

#[tokio::test]
async fn an_upload_that_would_be_at_another_server_is_refused() {
    let elsewhere = axum::Router::new().fallback(async || {
        (axum::http::StatusCode::CREATED, [("location", "http://127.0.0.1:1/uploads/1"), ("upload-offset", "0")])
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/uploads", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, elsewhere).await });
    let carrier = Unsigned::new(Duration::from_secs(2)).unwrap();
    let refused = tus::create(&carrier, &endpoint, 1, &[]).await.unwrap_err();
    assert!(matches!(refused, HttpError::Address(_)), "{refused}");
    server.abort();
}
