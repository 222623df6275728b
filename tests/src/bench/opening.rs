//! A large controle, opened.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use veldboek_app::api::{OpenInspection, PlanInspection, Write};
use veldboek_app::system::SystemClock;
use veldboek_checklist::Checklist;
use veldboek_domain::{Clock, InspectionId, RegisterKey, Slot, Value};
use veldboek_store::KeyFile;

use super::{Row, checklist, in_turn};
use crate::backend::Backend;
use crate::controle::address;
use crate::device::{Device, SECRET, enrol};
use crate::photo::jpeg;

const QUESTIONS: u32 = 500;
const PHOTOS: u32 = 50;

/// More controles than the app keeps in memory, so that going round reads each from disk.
const ROUND: usize = 10;

/// A controle of 500 questions, all answered, and 50 photos: from the touch on it to everything that its screen shows,
/// against reading its rows bare. As one of the day's work, which the app reads ahead; and read from disk at the touch.
pub fn opened() -> Vec<Row> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    let large = Checklist::read("groot.toml", &checklist::large()).expect("the checklist is right");
    let device = Device::with_checklists(clock, vec![Arc::new(large)]);
    enrol(device.app(), &backend.url(), backend.code(0), "ALK-07").expect("the code is good");
    let plan = PlanInspection { checklist: "groot".to_owned(), address: address(), planned_at: None };
    let inspections: Vec<InspectionId> = (0..ROUND)
        .map(|_| {
            let inspection = device.app().plan_inspection(plan.clone()).expect("a controle can be made").inspection;
            fill(&device, inspection);
            inspection
        })
        .collect();
    let copy = device.backup();
    let bare = bare(copy.path());
    let row = |figure: &str, among: &[InspectionId]| {
        let (mut opening, mut reading) = (among.iter().cycle(), among.iter().cycle());
        let mut open = || {
            let inspection = *opening.next().expect("a cycle has no end");
            drop(device.app().open_inspection(OpenInspection { inspection }).expect("it opens"));
        };
        among.iter().for_each(|_| open());
        let (opened, read) = in_turn(40, open, || read_rows(&bare, *reading.next().expect("a cycle has no end")));
        Row::times(figure, opened, "reading its rows bare", read, "4 x")
    };
    vec![
        row("a controle of 500 questions and 50 photos, opened", &inspections[..2]),
        row("the same, when it is not in memory yet", &inspections),
    ]
}

fn fill(device: &Device, inspection: InspectionId) {
    for number in 0..QUESTIONS {
        let register = RegisterKey::Answer(Slot::of(&format!("Q{number}")));
        let value = Value::choice(if number % 2 == 0 { "ja" } else { "nee" });
        device.app().write(Write { inspection, register, value }).expect("it is kept");
    }
    for number in 0..PHOTOS {
        device.photograph(inspection, Some(&Slot::of(&format!("Q{number}"))), jpeg(number));
    }
}

/// A copy of the device's own file, with its own key.
fn bare(folder: &Path) -> Connection {
    let mut file = KeyFile::load(folder).expect("the key file can be read");
    let key = file.unlock(folder, SECRET, None, &SystemClock).expect("the secret is right");
    let connection = Connection::open(folder.join("veldboek.db")).expect("the file opens");
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{}'\"; PRAGMA cache_size = -16000;", hex::encode(key.as_slice())))
        .expect("the key fits");
    connection
}

fn read_rows(connection: &Connection, inspection: InspectionId) {
    let of_it = "(SELECT stream FROM streams WHERE inspection = ?1)";
    for sql in [
        format!(
            "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
             WHERE e.stream IN {of_it} AND e.counts > 0"
        ),
        format!("SELECT p.* FROM photo_refs f JOIN photos p ON p.sha256 = f.sha256 WHERE f.stream IN {of_it}"),
    ] {
        let mut statement = connection.prepare_cached(&sql).expect("it is SQL");
        let columns = statement.column_count();
        let mut rows = statement.query([inspection.0.as_bytes()]).expect("it runs");
        while let Some(row) = rows.next().expect("a row is read") {
            for column in 0..columns {
                std::hint::black_box(row.get::<_, Cell>(column).expect("a column is read"));
            }
        }
    }
}
