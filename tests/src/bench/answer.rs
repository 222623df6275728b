//! One answer, durable, through the app.

use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;
use veldboek_app::api::{PlanInspection, Write};
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, InspectionId, RegisterKey, Slot, Value};

use super::{Row, in_turn};
use crate::backend::Backend;
use crate::controle::address;
use crate::device::Device;

/// A device with a controle of its own, and the backend with which it was enrolled.
pub struct Bench {
    /// The backend; it listens.
    pub backend: Backend,
    /// The device.
    pub device: Device,
    /// The controle.
    pub inspection: InspectionId,
}

impl Bench {
    /// Prepares one.
    pub fn new() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let backend = Backend::start(clock.clone());
        let device = Device::enrolled(clock, &backend.url(), backend.code(0), "ALK-07");
        let plan = PlanInspection { checklist: "vb-ic".to_owned(), address: address(), planned_at: None };
        let inspection = device.app().plan_inspection(plan).expect("a controle can be made").inspection;
        Self { backend, device, inspection }
    }
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

/// One answer against a bare insert and commit in the same kind of encrypted file.
pub fn durable() -> Row {
    let bench = Bench::new();
    let folder = TempDir::new().expect("a temporary folder can be made");
    let bare = bare(&folder);
    let mut number = 0u32;
    let mut count = 0i64;
    let body = vec![7u8; 700];
    let (answer, insert) = in_turn(
        400,
        || {
            number += 1;
            let register = RegisterKey::Answer(Slot::of("A1a"));
            let value = Value::text(&format!("adressenlijst {number}"));
            bench.device.app().write(Write { inspection: bench.inspection, register, value }).expect("it is kept");
        },
        || {
            count += 1;
            bare.execute("INSERT INTO bare (n, body) VALUES (?1, ?2)", (count, &body)).expect("a row goes in");
        },
    );
    Row::times("one answer, durable, through the app", answer, "a bare insert and commit", insert, "1.2 x")
}

fn bare(folder: &TempDir) -> Connection {
    let connection = Connection::open(folder.path().join("bare.db")).expect("a database opens");
    connection
        .execute_batch(
            "PRAGMA key = \"x'0707070707070707070707070707070707070707070707070707070707070707'\";
             PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE bare (n INTEGER PRIMARY KEY, body BLOB);",
        )
        .expect("a table can be made");
    connection
}
