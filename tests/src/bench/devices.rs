//! A thousand devices at one backend.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use uuid::Uuid;
use veldboek_app::system::{SystemClock, SystemEntropy};
use veldboek_domain::{
    Author, Body, ChainId, ChainWriter, Clock, DeviceId, Field, InspectionId, RegisterKey, Role, SignedHead, StreamId,
    StreamKind, Value,
};
use veldboek_sync::wire::{EnrolRequest, PROTOCOL, PullRequest, PushPreamble, write_frames};
use veldboek_sync::{Backend, http, receipt};

use super::{Row, memory_of};
use crate::block_on;
use crate::desk::Desk;

const DEVICES: u32 = 1_000;
const ROUNDS: u32 = 3;
const ANSWERS: u32 = 20;
/// How many devices sync at the same moment.
const AT_ONCE: usize = 64;

/// The peak memory of a backend in a process of its own, with a thousand enrolled devices that all listen for
/// announcements, open a controle each and sync some answers a few times.
pub fn memory() -> Row {
    allow_connections();
    let backend = Process::start();
    let administrator = backend.account(Role::Administrator.label());
    let desk = Desk::sign_in_at(backend.url.clone(), (&administrator.0, &administrator.1));
    let codes: Vec<String> = (0..DEVICES).map(|number| desk.add_person(&person(number))).collect();
    let url = backend.url.clone();
    block_on(async {
        let enrolled = stream::iter(codes.iter().zip(0..)).map(|(code, number)| Tablet::enrol(&url, code, number));
        let mut tablets: Vec<Tablet> = enrolled.buffer_unordered(AT_ONCE).collect().await;
        let mut lines = Vec::new();
        for tablet in &tablets {
            lines.push(tablet.backend.events().await.expect("it listens"));
        }
        for _ in 0..ROUNDS {
            stream::iter(&mut tablets).for_each_concurrent(AT_ONCE, Tablet::sync).await;
        }
    });
    let peak = memory_of(&backend.process.id().to_string(), "VmHWM:");
    Row {
        figure: "backend memory with 1,000 enrolled devices syncing".to_owned(),
        measured: format!("{} MB at its peak", peak / 1_000_000),
        reference: format!("{} records pushed", DEVICES * ROUNDS * ANSWERS),
        ratio: None,
        budget: "200 MB",
    }
}

/// Two for each device: one to sync, one to listen.
fn allow_connections() {
    let now = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: now.maximum, maximum: now.maximum })
        .expect("connections are allowed");
}

fn person(number: u32) -> Json {
    json!({
        "name": format!("Toezichthouder {number}"), "organisation": "gm-alkmaar", "organisation_name": "Gemeente Alkmaar",
        "function": "toezichthouder", "role": "inspector", "pass_number": format!("{number}"), "partner": ""
    })
}

struct Process {
    process: Child,
    _folder: TempDir,
    url: String,
    demo: Json,
}

impl Process {
    fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let program =
            std::env::current_exe().expect("a program knows where it lies").with_file_name("veldboek-backend");
        let mut command = Command::new(program);
        command.arg("--data").arg(folder.path()).args(["--listen", "127.0.0.1:0", "--demo"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the backend is built by `cargo xtask bench`");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output was asked for");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let said: Json = serde_json::from_str(&line).expect("it says so in JSON");
        let url = said["address"].as_str().expect("an address is a text").to_owned();
        Self { process, _folder: folder, url, demo: said["demo"].clone() }
    }

    fn account(&self, name: &str) -> (String, String) {
        let accounts = self.demo["accounts"].as_array().expect("a list");
        let held = accounts.iter().find(|account| account["role"].as_str().is_some_and(|role| role.contains(name)));
        let held = held.unwrap_or_else(|| panic!("no account is that of a {name}: {accounts:?}"));
        let text = |key: &str| held[key].as_str().expect("a text").to_owned();
        (text("name"), text("password"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw).expect("a child has an id");
        // One that ended already is what was wanted.
        let _ = kill_process(id, Signal::TERM);
        let _ = self.process.wait();
    }
}

/// A device as the backend sees it: it signs, pushes and pulls.
struct Tablet {
    backend: Arc<Backend>,
    key: ed25519_dalek::SigningKey,
    author: Author,
    writer: ChainWriter,
    cursor: Option<String>,
}

impl Tablet {
    async fn enrol(url: &str, code: &str, number: u32) -> Self {
        let device = DeviceId::new(&SystemClock, &SystemEntropy);
        let key = ed25519_dalek::SigningKey::from_bytes(&[u8::try_from(number % 251).unwrap_or(0); 32]);
        let public_key = hex::encode(key.verifying_key().to_bytes());
        let request = EnrolRequest {
            code: code.to_owned(),
            device,
            name: format!("ALK-{number}"),
            public_key,
            recipient: String::new(),
        };
        let enrolment = http::enrol(url, &request).await.expect("the code is good");
        let backend_key = receipt::public_key(&enrolment.backend_key).expect("the backend has a key");
        let backend = Backend::new(url, device, key.clone(), backend_key).expect("the address is right");
        let person = enrolment.person;
        let author = Author { person: person.person, organisation: person.organisation };
        let stream = StreamId(Uuid::from_u64_pair(1, u64::from(number)));
        let writer = ChainWriter::new(ChainId { stream, device, epoch: 0 }, None);
        Self { backend: Arc::new(backend), key, author, writer, cursor: None }
    }

    async fn sync(&mut self) {
        let inspection = InspectionId(self.writer.chain().stream.0);
        let begin =
            (self.writer.head().is_none()).then_some(Body::StreamOpened { inspection, stream_kind: StreamKind::Team });
        let answers = (0..ANSWERS).map(|number| Body::Written {
            register: RegisterKey::Inspection(Field::Method),
            value: Value::text(&format!("aantekening {number}")),
        });
        let bodies: Vec<Body> = begin.into_iter().chain(answers).collect();
        let mut write = |body| self.writer.write(&body, &self.author, SystemClock.stamp(), Vec::new());
        let records: Vec<_> = bodies.into_iter().map(|body| write(body).expect("it is small")).collect();
        let head = SignedHead::sign(self.writer.chain(), self.writer.head().expect("it wrote"), &self.key);
        let preamble = PushPreamble { protocol: PROTOCOL, heads: vec![head], withheld: Vec::new() };
        let reply = self.backend.push(write_frames(&preamble, &records)).await.expect("it is taken");
        assert_eq!((reply.receipts.len(), reply.refused.len()), (1, 0), "all of it is received");
        loop {
            let request = PullRequest { cursor: self.cursor.take(), ..PullRequest::default() };
            let (page, _) = self.backend.pull(&request).await.expect("it answers");
            self.cursor = Some(page.cursor);
            if !page.more {
                return;
            }
        }
    }
}
