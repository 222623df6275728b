//! Power cuts: a process writes under `strace`, which takes down every call that changes a file. From that the folder is
//! built as a disk could have left it at any moment: what was not fsynced is there, gone or torn. It is then opened by the
//! real store or the real backend, and everything that was called kept or received before that moment must be there.
//!
//! - `trace`: the calls. `disk`: what a disk may hold of them.

mod disk;
mod trace;

use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde_json::Value as Json;
use tempfile::TempDir;
use veldboek_app::api::{Nothing, Unlock};
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, Digest, InspectionId};

use self::disk::Disk;
use self::trace::Deed;
use crate::backend::Backend;
use crate::device::{Device, SECRET, open};
use crate::dice::Dice;
use crate::files;
use crate::kept::{Kept, everything_holds, everything_is_there};
use crate::storm::memory_folder;

/// How many answers a traced tablet writes; every seventh has a photo.
const ANSWERS: u64 = 45;

/// What a process did from a known state of its folder on.
pub struct Traced {
    before: Disk,
    deeds: Vec<Deed>,
    folder: PathBuf,
    /// The tablet's controle; none for a backend.
    inspection: Option<InspectionId>,
    /// Holds what the disk begins with.
    _kept: TempDir,
}

/// Which moments were tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cuts {
    /// How often the power was cut.
    pub cuts: u64,
    /// Calls between which it was.
    pub calls: usize,
    /// Things that were called kept or received before it, over all cuts.
    pub promised: u64,
}

fn strace(program: &Path, log: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-xx", "-s", "2000000", "-e", trace::CALLS, "-o"]).arg(log).arg(program);
    if let Some(bug) = veldboek_faults::planted() {
        command.env(veldboek_faults::PLANTED, bug.name());
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

fn start(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| panic!("strace (Debian: apt install strace) can't be started: {error}"))
}

impl Traced {
    /// Lets a tablet write answers and photos.
    ///
    /// # Panics
    /// When it can't, or strace is missing.
    pub fn tablet(writer: &Path) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let backend = Backend::start(clock.clone());
        let device = Device::enrolled(clock, &backend.url(), backend.code(0), "ALK-07");
        let inspection = device.today().first().expect("there is work for today").inspection;
        device.app().lock(Nothing {}).expect("an open app can be locked");
        drop(backend);
        let kept = TempDir::new_in(memory_folder()).expect("a temporary folder can be made");
        let (copy, log) = (kept.path().join("before"), kept.path().join("trace"));
        files::copy(device.folder(), &copy);
        let folder = device.folder().to_owned();
        let mut command = strace(writer, &log);
        command.arg(&folder).arg(inspection.to_string()).args(["0", &ANSWERS.to_string()]);
        let output = start(&mut command).wait_with_output().expect("the writer ends");
        assert!(output.status.success(), "the writer ends well: {}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(&log).expect("strace wrote its trace");
        std::fs::remove_file(&log).expect("the trace can be removed");
        let deeds = trace::read(&text, &folder);
        Self { before: Disk::of(&folder, &copy), deeds, folder, inspection: Some(inspection), _kept: kept }
    }

    /// Lets a backend take records and photos.
    ///
    /// # Panics
    /// When it can't, or strace is missing.
    pub fn backend(receiver: &Path) -> Self {
        let kept = TempDir::new_in(memory_folder()).expect("a temporary folder can be made");
        let (copy, log) = (kept.path().join("before"), kept.path().join("trace"));
        let mut child = start(&mut strace(receiver, &log));
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
        let ready: Json = serde_json::from_str(&lines.next().expect("it says where it is")).expect("a line of JSON");
        let folder = PathBuf::from(ready["ready"].as_str().expect("a folder"));
        files::copy(&folder, &copy);
        child.stdin.take().expect("its input is piped").write_all(b"\n").expect("it listens");
        assert!(lines.count() > 0, "it gives its word for something");
        assert!(child.wait().expect("it ends").success(), "the receiver ends well");
        let text = std::fs::read_to_string(&log).expect("strace wrote its trace");
        std::fs::remove_file(&log).expect("the trace can be removed");
        let mut deeds = trace::read(&text, &folder);
        let ready = deeds.iter().position(|deed| matches!(deed, Deed::Says(line) if line.contains("ready")));
        deeds.drain(..=ready.expect("it said where it is"));
        // Behind its last word it tidies its folder away.
        let last = deeds.iter().rposition(|deed| matches!(deed, Deed::Says(_))).expect("it gave its word");
        deeds.truncate(last + 1);
        Self { before: Disk::of(&folder, &copy), deeds, folder, inspection: None, _kept: kept }
    }

    /// Cuts the power at as many moments as there are seeds.
    ///
    /// # Errors
    /// After how many seeds something did not hold, and what.
    pub fn cut(&self, seeds: u64) -> Result<Cuts, (u64, String)> {
        let mut cuts = Cuts { calls: self.deeds.len(), ..Cuts::default() };
        for seed in 0..seeds {
            let tried = catch_unwind(AssertUnwindSafe(|| self.cut_once(seed)));
            cuts.promised += tried.map_err(|panic| {
                let words = panic.downcast_ref::<String>().cloned();
                (
                    seed + 1,
                    words.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default(),
                )
            })?;
            cuts.cuts += 1;
        }
        Ok(cuts)
    }

    fn cut_once(&self, seed: u64) -> u64 {
        let mut dice = Dice(seed.wrapping_mul(0x51_7c_c1));
        let moment = dice.below(self.deeds.len() + 1);
        let mut disk = self.before.clone();
        let mut said = Vec::new();
        for deed in &self.deeds[..moment] {
            disk.take(deed);
            if let Deed::Says(line) = deed {
                said.extend(serde_json::from_str::<Json>(line).ok());
                self.check_offset(&disk, said.last());
            }
        }
        let left = TempDir::new_in(memory_folder()).expect("a temporary folder can be made");
        disk.cut(&mut dice, left.path());
        let when = format!("power cut {seed}, after {moment} of {} calls", self.deeds.len());
        match self.inspection {
            Some(inspection) => check_tablet(left.path(), inspection, &said, &when),
            None => check_backend(left.path(), &said, &when),
        }
        said.len() as u64
    }

    /// The offset that a backend gives is on its disk.
    fn check_offset(&self, disk: &Disk, said: Option<&Json>) {
        if let Some(said) = said
            && let (Some(upload), Some(offset)) = (said["upload"].as_str(), said["offset"].as_u64())
        {
            let certain = disk.certain(&self.folder.join("uploads").join(upload)).len() as u64;
            assert!(certain >= offset, "the offset {offset} was given, and {certain} bytes are on disk");
        }
    }
}

fn check_tablet(folder: &Path, inspection: InspectionId, said: &[Json], when: &str) {
    let mut kept = Kept::default();
    said.iter().for_each(|line| kept.take(&line.to_string()));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open(folder, &clock);
    app.unlock(Unlock { secret: SECRET.to_owned() }).unwrap_or_else(|error| panic!("{when}: {error}"));
    everything_is_there(&app, inspection, &kept, when);
    everything_holds(&app, &kept, when);
}

fn check_backend(folder: &Path, said: &[Json], when: &str) {
    let config = veldboek_backend::Config::in_folder(folder);
    let state = veldboek_backend::open(&config).unwrap_or_else(|error| panic!("{when}: {error}"));
    let database = folder.join("veldboek.sqlite");
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = rusqlite::Connection::open_with_flags(database, flags).expect("the database is there");
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be read");
    assert_eq!(sound, "ok", "{when}: the database is sound");
    for line in said {
        let read = |name: &str| serde_json::from_value::<Digest>(line[name].clone()).ok();
        if let Some(record) = read("record") {
            let sql = "SELECT EXISTS (SELECT 1 FROM records WHERE id = ?1)";
            let held: bool = database.query_row(sql, [record.0], |row| row.get(0)).expect("it can be read");
            assert!(held, "{when}: record {record} has a receipt and is not there");
        }
        if let Some(photo) = read("photo") {
            let bytes = std::fs::read(state.photos.path(photo)).unwrap_or_default();
            assert_eq!(Digest::of(&bytes), photo, "{when}: photo {photo} has a receipt and is not whole");
            let receipt = state.storage.photo_receipt(photo).expect("it can be read");
            assert!(receipt.is_some(), "{when}: the receipt of photo {photo} is gone");
        }
    }
}
