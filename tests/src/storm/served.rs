//! The backend without a socket: its router over its real database and files, which can die at any commit.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use tokio::runtime::Runtime;
use tower::ServiceExt;
use veldboek_backend::state::AppState;
use veldboek_backend::{Config, open, router};
use veldboek_domain::{DeviceId, PersonId, RecordId, StreamId};
use veldboek_faults::{Moment, arm, disarm};

use crate::files;

/// The largest answer that is read, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// What it answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A request as a device sends it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn json<T: serde::Serialize>(path: &str, body: &T) -> Self {
        let body = serde_json::to_vec(body).expect("wire types serialise");
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: Method::POST, path: path.to_owned(), headers, body }
    }
}

/// A record with its stream, its id, its header and its body.
pub(super) type Stored = (StreamId, RecordId, Vec<u8>, Option<Vec<u8>>);

/// The running backend.
pub(super) struct Served {
    runtime: Rc<Runtime>,
    config: Config,
    aside: PathBuf,
    /// None while it is down.
    running: Option<Running>,
}

struct Running {
    state: AppState,
    router: Router,
    /// Sees only what is committed.
    sees: Connection,
}

impl Running {
    fn over(config: &Config) -> Self {
        let state = open(config).expect("the backend opens its folder");
        let path = config.data.join("veldboek.sqlite");
        let sees = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database is there");
        Self { router: router(state.clone()), state, sees }
    }
}

impl Served {
    pub(super) fn start(runtime: Rc<Runtime>, config: Config, aside: PathBuf) -> Self {
        Self { runtime, running: Some(Running::over(&config)), config, aside }
    }

    /// Its database.
    pub(super) fn database(&self) -> PathBuf {
        self.config.data.join("veldboek.sqlite")
    }

    pub(super) fn state(&self) -> &AppState {
        &self.running().state
    }

    /// Stops and opens everything anew from its files, as they are.
    pub(super) fn restart(&mut self) {
        files::copy(&self.config.data, &self.aside);
        self.come_back();
    }

    /// Opens everything anew from the files that were laid aside. What holds the old files is closed first: SQLite removes
    /// its side files by their names when it closes.
    fn come_back(&mut self) {
        self.running = None;
        files::put_in_place(&self.aside, &self.config.data);
        self.running = Some(Running::over(&self.config));
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs unless it is just coming back")
    }

    fn sees(&self) -> &Connection {
        &self.running().sees
    }

    /// Answers a request; dies at a commit of it when that is given, and then there is no answer.
    pub(super) fn ask(&mut self, asked: &Asked, token: Option<&str>, dies: Option<(u32, Moment)>) -> Option<Answer> {
        let mut request = Request::builder().method(asked.method.clone()).uri(&asked.path);
        for (name, value) in &asked.headers {
            request = request.header(*name, value);
        }
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Body::from(asked.body.clone())).expect("a request is well formed");
        let died = Arc::new(AtomicBool::new(false));
        if let Some((passes, moment)) = dies {
            let (noted, from, to) = (died.clone(), self.config.data.clone(), self.aside.clone());
            arm(&self.database(), passes, moment, move || {
                files::copy(&from, &to);
                noted.store(true, Ordering::SeqCst);
            });
        }
        let router = self.running().router.clone();
        let answer = self.runtime.block_on(async move {
            let response = router.oneshot(request).await.expect("a router always answers");
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, LARGEST).await.expect("an answer has an end").to_vec();
            Answer { status: parts.status, headers: parts.headers, body }
        });
        disarm(&self.database());
        if died.load(Ordering::SeqCst) {
            self.come_back();
            return None;
        }
        Some(answer)
    }

    /// Whether a record, or the mark that it will not come, is committed.
    pub(super) fn holds(&self, record: &RecordId) -> bool {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM records WHERE id = ?1) OR EXISTS (SELECT 1 FROM withheld WHERE record = ?1)";
        self.sees().query_row(sql, [record.0], |row| row.get(0)).expect("the database can be read")
    }

    /// How far a chain's receipts may go: the last number of it that is held.
    pub(super) fn furthest(&self, stream: StreamId, device: DeviceId, epoch: u32) -> Option<u64> {
        let sql = "SELECT max(e.seq) FROM ends e JOIN chains c ON c.key = e.chain JOIN streams s ON s.key = c.stream
                   WHERE s.stream = ?1 AND c.device = ?2 AND c.epoch = ?3";
        let key = params![stream.0.as_bytes(), device.0.as_bytes(), epoch];
        let last: Option<i64> = self.sees().query_row(sql, key, |row| row.get(0)).expect("the database can be read");
        last.and_then(|last| u64::try_from(last).ok())
    }

    /// A stream's kind, its organisation, and whether a person takes part in its controle now.
    pub(super) fn stream(&self, stream: StreamId, person: PersonId) -> Option<(String, Option<String>, bool)> {
        let sql = "SELECT s.kind, s.organisation, EXISTS (SELECT 1 FROM members m WHERE m.inspection = s.inspection
                   AND m.person = ?2 AND m.active) FROM streams s WHERE s.stream = ?1";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let key = params![stream.0.as_bytes(), person.0.as_bytes()];
        self.sees().query_row(sql, key, row).optional().expect("the database can be read")
    }

    /// Every record, in the backend's order.
    pub(super) fn records(&self) -> Vec<Stored> {
        let sql =
            "SELECT s.stream, r.id, r.header, r.body FROM records r JOIN streams s ON s.key = r.stream ORDER BY r.n";
        let mut statement = self.sees().prepare(sql).expect("the database can be read");
        let rows = statement.query_map([], |row| {
            let stream = StreamId(uuid::Uuid::from_bytes(row.get(0)?));
            Ok((stream, veldboek_domain::Digest(row.get(1)?), row.get(2)?, row.get(3)?))
        });
        rows.expect("the database can be read").map(|row| row.expect("a row can be read")).collect()
    }

    /// Every record of a stream that will not come.
    pub(super) fn withheld(&self) -> Vec<(StreamId, RecordId)> {
        let sql = "SELECT s.stream, w.record FROM withheld w JOIN chains c ON c.key = w.chain
                   JOIN streams s ON s.key = c.stream";
        let mut statement = self.sees().prepare(sql).expect("the database can be read");
        let rows = statement.query_map([], |row| {
            Ok((StreamId(uuid::Uuid::from_bytes(row.get(0)?)), veldboek_domain::Digest(row.get(1)?)))
        });
        rows.expect("the database can be read").map(|row| row.expect("a row can be read")).collect()
    }
}
