//! The service as a whole: the process, its stop, health, headers, the desk's files, and the document of the API.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::body::Body;
use axum::http::Request;
use common::{Backend, problem};
use reqwest::{Method, StatusCode};
use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;
use veldboek_domain::Role;

/// A backend process and where it listens.
struct Process {
    child: Child,
    line: Json,
}

impl Process {
    fn start(data: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_veldboek-backend"))
            .args(["--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, line: serde_json::from_str(&line).unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.line["address"].as_str().unwrap())
    }

    fn terminate(mut self) -> std::process::ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap()
    }
}

#[tokio::test]
async fn the_program_starts_without_configuration_says_where_and_stops_cleanly() {
    let folder = tempfile::TempDir::new().unwrap();
    let process = Process::start(folder.path(), &["--demo"]);
    assert_eq!(process.line["demo"]["codes"].as_array().unwrap().len(), 5);
    let reply = reqwest::get(process.url("/gezond")).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert!(process.terminate().success());
}

#[tokio::test]
async fn what_was_received_before_a_kill_is_there_after_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut process = Process::start(folder.path(), &["--demo"]);
    let code = process.line["demo"]["codes"][0]["code"].as_str().unwrap().to_owned();
    let http = reqwest::Client::new();
    let device = veldboek_domain::DeviceId(uuid::Uuid::from_u128(1));
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let request = serde_json::json!({
        "code": code, "device": device, "name": "ALK-07", "public_key": hex::encode(key.verifying_key().to_bytes())
    });
    let enrol = |url: String| http.post(url).json(&request).send();
    let first: Json = enrol(process.url("/v1/apparaten")).await.unwrap().json().await.unwrap();
    process.child.kill().unwrap();
    process.child.wait().unwrap();
    let process = Process::start(folder.path(), &[]);
    let again: Json = enrol(process.url("/v1/apparaten")).await.unwrap().json().await.unwrap();
    assert_eq!(again, first, "the enrolment, the backend's key and the recovery recipient are the same");
    assert!(process.terminate().success());
}

#[test]
fn a_word_that_means_nothing_is_named_with_the_usage() {
    let output = Command::new(env!("CARGO_BIN_EXE_veldboek-backend")).arg("--deom").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("--deom is not understood. Usage:"));
}

#[tokio::test]
async fn a_stop_lets_a_running_request_finish() {
    let mut backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let mut chain = dekker.chain(common::stream(1));
    chain.begin_inspection(common::inspection(1));
    backend.push(&dekker, &chain.records).await;
    let bytes = vec![7u8; 300_000];
    let (send, receive) = tokio::sync::mpsc::channel::<Result<Vec<u8>, std::io::Error>>(1);
    let body = futures_util::stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive)));
    let upload = backend
        .create_upload(&dekker, common::stream(1), veldboek_domain::Digest::of(&bytes), bytes.len())
        .header("content-type", "application/offset+octet-stream")
        .body(reqwest::Body::wrap_stream(body));
    let upload = tokio::spawn(upload.send());
    send.send(Ok(bytes[..100_000].to_vec())).await.unwrap();
    let uploads = backend.folder.path().join("data/uploads");
    while std::fs::read_dir(&uploads).unwrap().next().is_none() {
        tokio::task::yield_now().await;
    }
    let running = backend.running.take().unwrap();
    running.state().stop();
    send.send(Ok(bytes[100_000..].to_vec())).await.unwrap();
    drop(send);
    let reply = upload.await.unwrap().unwrap();
    assert_eq!(reply.status(), StatusCode::CREATED);
    assert!(reply.headers().contains_key("veldboek-ontvangst"));
    drop((reply, std::mem::take(&mut backend.http)));
    running.finished().await.unwrap();
}

/// A device reads why it was refused, and goes on over the same connection, also when it was refused before it had sent all.
#[tokio::test]
async fn a_request_that_is_refused_is_heard_out_and_its_connection_lives_on() {
    let mut backend = Backend::start().await;
    let running = backend.running.take().unwrap();
    let mut line = TcpStream::connect(running.address()).await.unwrap();
    let body = vec![7u8; 16 * 1024 * 1024];
    let head = format!("POST /v1/records HTTP/1.1\r\nhost: veldboek\r\ncontent-length: {}\r\n\r\n", body.len());
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&body).await.unwrap();
    line.write_all(b"GET /gezond HTTP/1.1\r\nhost: veldboek\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut replies = String::new();
    line.read_to_string(&mut replies).await.unwrap();
    let statuses: Vec<&str> = replies.split("HTTP/1.1 ").skip(1).filter_map(|reply| reply.get(..3)).collect();
    assert_eq!(statuses, ["401", "200"]);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_listener_does_not_hold_up_a_stop() {
    let mut backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let events = backend.as_device(&dekker, Method::GET, "/v1/gebeurtenissen").send().await.unwrap();
    assert_eq!(events.status(), StatusCode::OK);
    backend.running.take().unwrap().stop().await.unwrap();
    assert_eq!(events.text().await.unwrap_or_default(), "");
}

#[tokio::test]
async fn every_answer_carries_the_version_and_the_security_headers() {
    let backend = Backend::start().await;
    for path in ["/gezond", "/gereed", "/v1/openapi.json", "/v1/ik", "/nergens"] {
        let reply = backend.request(Method::GET, path).send().await.unwrap();
        let headers = reply.headers();
        assert_eq!(headers["api-version"], veldboek_backend::api::VERSION, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"), "{path}");
        assert!(headers.contains_key("veldboek-verzoek"), "{path}");
    }
}

#[tokio::test]
async fn the_desks_files_are_served_and_hashed_ones_kept_for_long() {
    let backend = Backend::start().await;
    let ui = backend.folder.path().join("ui");
    std::fs::create_dir_all(ui.join("assets")).unwrap();
    std::fs::write(ui.join("desk.html"), "<!doctype html><title>Veldboek</title>").unwrap();
    std::fs::write(ui.join("assets/desk-4f2a.js"), "export {};").unwrap();
    let page = backend.request(Method::GET, "/").send().await.unwrap();
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(page.text().await.unwrap().contains("Veldboek"));
    let script = backend.request(Method::GET, "/assets/desk-4f2a.js").send().await.unwrap();
    assert_eq!(script.headers()["cache-control"], "public, max-age=31536000, immutable");
    let outside = backend.request(Method::GET, "/assets/..%2f..%2fdata/backend.key").send().await.unwrap();
    assert_eq!(outside.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_router_works_without_a_socket() {
    let folder = tempfile::TempDir::new().unwrap();
    let state = veldboek_backend::open(&veldboek_backend::Config::in_folder(folder.path())).unwrap();
    let request = Request::get("/gereed").body(Body::empty()).unwrap();
    let reply = veldboek_backend::router(state).oneshot(request).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_not_ready() {
    let backend = Backend::start().await;
    let path = backend.folder.path().join("data/veldboek.sqlite");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("ALTER TABLE audit RENAME TO audit_gone").unwrap();
    let desk = backend.request(Method::GET, "/gereed").send().await.unwrap();
    assert_eq!(desk.status(), StatusCode::OK, "the check writes without touching any table");
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = backend.request(Method::GET, "/gereed").send().await.unwrap();
    assert_eq!(problem(locked).await, 503);
}

#[test]
fn the_document_of_the_api_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = veldboek_backend::api::document();
    if std::env::var_os("VELDBOEK_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == committed,
        "openapi.json is stale: run `VELDBOEK_UPDATE_SNAPSHOTS=1 cargo test -p veldboek-backend --test service` and commit it"
    );
}

#[test]
fn the_document_describes_the_wire_types_as_they_are() {
    use veldboek_domain::{ChainHead, ChainId, DeviceId, Digest, StreamId};
    use veldboek_sync::wire;
    let document: Json = serde_json::from_str(&veldboek_backend::api::document()).unwrap();
    let check = |name: &str, example: Json| {
        let schema = &document["components"]["schemas"][name]["properties"];
        let described: Vec<&String> =
            schema.as_object().unwrap_or_else(|| panic!("{name} is not described")).keys().collect();
        let mut sent: Vec<&String> = example.as_object().unwrap().keys().collect();
        sent.sort();
        let mut described = described;
        described.sort();
        assert_eq!(described, sent, "{name}");
    };
    let json = |value: &dyn erased::Example| value.json();
    let device = DeviceId(uuid::Uuid::nil());
    let chain = ChainId { stream: StreamId(uuid::Uuid::nil()), device, epoch: 0 };
    let head = ChainHead { seq: 0, record: Digest::of(b"") };
    let at = chrono::DateTime::parse_from_rfc3339("2026-11-19T14:03:00+01:00").unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let text = String::new;
    let person = veldboek_domain::PersonCard {
        person: veldboek_domain::PersonId(uuid::Uuid::nil()),
        name: text(),
        organisation: "x".into(),
        organisation_name: text(),
        function: text(),
        role: Role::Inspector,
        pass_number: "1".to_owned(),
        partner: "brandweer".to_owned(),
    };
    check("PersonCard", json(&person));
    let (public_key, recipient) = (key.verifying_key(), "age1");
    let certified =
        veldboek_domain::certificate::CertifiedDevice { device, name: "", public_key: &public_key, recipient };
    let certificate = veldboek_domain::DeviceCertificate::sign(certified, &person, at, &key);
    check("DeviceCertificate", json(&certificate));
    let one = wire::PresentDevice { name: text(), device: text() };
    check("PresentDevice", json(&one));
    check("PresentOthers", json(&wire::PresentOthers { others: vec![one], seconds: 60 }));
    check("TeamCards", json(&wire::TeamCards::default()));
    check("CertificateRequest", json(&wire::CertificateRequest { recipient: text() }));
    let (code, name, public_key, recipient) = (text(), text(), text(), text());
    check("EnrolRequest", json(&wire::EnrolRequest { code, device, name, public_key, recipient }));
    check(
        "Enrolment",
        json(&wire::Enrolment {
            person,
            backend: text(),
            backend_key: text(),
            recovery_recipient: text(),
            number_suffix: text(),
            source_organisation: text(),
            certificate: Some(certificate),
        }),
    );
    check("ChallengeRequest", json(&wire::ChallengeRequest { device }));
    check("Challenge", json(&wire::Challenge { challenge: text() }));
    check("SessionRequest", json(&wire::SessionRequest { device, challenge: text(), signature: text() }));
    check("Session", json(&wire::Session { token: text(), expires_at: at }));
    check("Receipt", json(&veldboek_sync::Receipt::sign(chain, head, at, &key)));
    check("PushReply", json(&wire::PushReply::default()));
    check("Refused", json(&wire::Refused { record: Digest::of(b""), reason: wire::Refusal::Stream }));
    check("Gap", json(&wire::Gap { chain, next: 0 }));
    check("Chain", json(&chain));
    check("PullRequest", json(&wire::PullRequest::default()));
    check("CompareRequest", json(&wire::CompareRequest::default()));
    check("ChainEnd", json(&wire::ChainEnd { device, epoch: 0, seq: 0, record: Digest::of(b"") }));
    check("PhotoStateRequest", json(&wire::PhotoStateRequest::default()));
    check("PhotoStateReply", json(&wire::PhotoStateReply::default()));
    let counted = wire::CountLine { question: text(), option: Some(text()), number: Some(1.0) };
    check("CountLine", json(&counted));
    let (checklist, version, month) = (text(), text(), text());
    check(
        "CountsSent",
        json(&wire::CountsSent { id: uuid::Uuid::nil(), checklist, version, month, lines: vec![counted] }),
    );
    check("PhotoReceipt", json(&veldboek_sync::PhotoReceipt::sign(Digest::of(b""), 0, at, &key)));
}

/// An example of a wire type as JSON.
mod erased {
    use serde::Serialize;

    pub trait Example {
        fn json(&self) -> serde_json::Value;
    }

    impl<T: Serialize> Example for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

#[test]
fn no_address_of_the_api_asks_for_personal_data_or_a_query() {
    let document: Json = serde_json::from_str(&veldboek_backend::api::document()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/v1/") && !path.ends_with('/'), "{path}");
        for operation in operations.as_object().unwrap().values() {
            let none = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&none);
            assert!(parameters.iter().all(|parameter| parameter["in"] != "query"), "{path}");
            assert!(operation["operationId"].is_string(), "{path}");
        }
    }
}
