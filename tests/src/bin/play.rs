//! Enrols a device and, when asked, plays one complete controle on it, with no window: answers, findings, photos,
//! signature, PDF and sync, through the same `app` crate as the window.
//!
//! `veldboek-play enrol <folder> <backend> <code>` leaves an enrolled, locked device with the day's work in the folder.
//! `veldboek-play controle <folder> <pdf>` plays on such a device and writes the report.
//! Both print one line of JSON.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_app::{App, AppConfig, AppError};
use veldboek_domain::Clock;
use veldboek_tests::controle::Visit;
use veldboek_tests::device::{SECRET, enrol};

/// The size of the played photos: as a tablet's camera makes them.
const PHOTO_BYTES: usize = 2 * 1024 * 1024;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let played = match arguments.as_slice() {
        ["enrol", folder, backend, code] => prepare(Path::new(folder), backend, code),
        ["controle", folder, pdf] => play(Path::new(folder), Path::new(pdf)),
        _ => panic!("veldboek-play enrol <folder> <backend> <code> | controle <folder> <pdf>"),
    };
    match played {
        Ok(facts) => println!("{facts}"),
        Err(error) => {
            eprintln!("{}", json!(error));
            std::process::exit(1);
        }
    }
}

fn prepare(folder: &Path, backend: &str, code: &str) -> Result<Value, AppError> {
    let app = App::new(AppConfig::in_folder(folder.to_owned()))?;
    enrol(&app, backend, code, "ALK-07")?;
    app.sync_now(Nothing {})?;
    let status = app.status(Nothing {})?;
    let today = app.today(Nothing {})?.rows.len();
    Ok(json!({ "secret": SECRET, "person": status.person, "today": today }))
}

fn play(folder: &Path, pdf: &Path) -> Result<Value, AppError> {
    let app: Arc<App> = App::new(AppConfig::in_folder(folder.to_owned()))?;
    app.unlock(Unlock { secret: SECRET.to_owned() })?;
    let row = app.today(Nothing {})?.rows.into_iter().find(|row| row.status == "planned");
    let row = row.ok_or(AppError::NotFound("planned controle"))?;
    let mut visit = Visit::begin(&app, row.inspection, SystemClock.stamp().at, PHOTO_BYTES);
    visit.answer_everything()?;
    visit.find(
        "Gebruik past niet bij de functie",
        "In de voorste helft van de schuur staat een hefbrug met gereedschap.",
    )?;
    let view = visit.close()?;
    let request = ReportRequest { inspection: row.inspection, copy: ReportCopy::File };
    let made = app.report(request)?;
    std::fs::write(pdf, app.report_bytes(request)?).map_err(|error| AppError::Report(error.to_string()))?;
    let sync = app.sync_now(Nothing {})?;
    let answered = view.slots.iter().filter(|slot| slot.done).count();
    Ok(json!({
        "number": row.number,
        "address": format!("{}, {}", row.address, row.town),
        "answered": answered,
        "findings": view.findings.len(),
        "photos": view.photos.len(),
        "pages": made.pages,
        "records_received": sync.records_received,
        "records_total": sync.records_total,
        "photos_received": sync.photos_received,
        "photos_total": sync.photos_total,
    }))
}
