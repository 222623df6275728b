//! Whatever moment the app is killed at: everything that it called kept is there, and everything holds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use veldboek_app::App;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, Digest, InspectionId, ItemId, Slot};
use veldboek_tests::backend::Backend;
use veldboek_tests::device::{Device, SECRET, open};
use veldboek_tests::process::kill_child;

const KILLS: u32 = 200;
/// Another number of kills, for long runs.
const MORE_KILLS: &str = "VELDBOEK_KILLS";
/// A writer is killed after it kept so many things at most, and then at a moment within the time of one more: on a slow
/// machine as on a quick one, kills fall into every part of writing an answer and of sealing a photo.
const MOST_KEPT: f64 = 10.0;
const LONGEST_MORE: Duration = Duration::from_millis(60);

/// What the app called kept: the newest text of each note, and each photo's hash.
#[derive(Default)]
struct Kept {
    notes: BTreeMap<Slot, (u64, String)>,
    photos: BTreeMap<ItemId, Digest>,
    next: u64,
}

impl Kept {
    fn take(&mut self, line: &str) {
        let Ok(said) = serde_json::from_str::<Json>(line) else { return };
        let Some(number) = said["number"].as_u64() else { return };
        self.next = self.next.max(number + 1);
        let read = |name: &str| said.get(name).cloned();
        if let Some(slot) = read("note") {
            let slot = serde_json::from_value(slot).expect("a slot");
            self.notes.insert(slot, (number, said["text"].as_str().expect("a text").to_owned()));
        }
        if let Some(item) = read("photo") {
            let sha256 = read("sha256").expect("a photo has a hash");
            let sha256 = serde_json::from_value(sha256).expect("a hash");
            self.photos.insert(serde_json::from_value(item).expect("an item"), sha256);
        }
    }
}

#[test]
fn everything_called_kept_survives_two_hundred_kills() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    let device = Device::enrolled(clock.clone(), &backend.url(), backend.code(0), "ALK-07");
    let inspection = device.today().first().expect("there is work for today").inspection;
    device.app().lock(Nothing {}).expect("an open app can be locked");
    drop(backend);

    let seed = seed();
    println!("seed {seed}: replay with VELDBOEK_SEED={seed}");
    let mut kept = Kept::default();
    let kills = std::env::var(MORE_KILLS).map_or(KILLS, |kills| kills.parse().expect("a number of kills"));
    for kill in 0..kills {
        write_and_die(device.folder(), inspection, &Moment::of(seed, kill), &mut kept);
        // A whole check reads everything; the small one looks at what was promised last.
        let app = open(device.folder(), &clock);
        app.unlock(Unlock { secret: SECRET.to_owned() }).unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        everything_is_there(&app, inspection, &kept, kill);
        if kill % 20 == 0 || kill + 1 == kills {
            everything_holds(&app, &kept, kill);
        }
    }
    assert!(kept.next > u64::from(kills), "the writers came to writing: {} answers", kept.next);
    assert!(kept.photos.len() > 10, "and to photos: {}", kept.photos.len());
}

/// When a writer dies.
struct Moment {
    /// After it said that it kept so many things.
    kept: usize,
    /// And so much later.
    more: Duration,
}

impl Moment {
    /// Another one for each kill, the same for the same seed.
    fn of(seed: u64, kill: u32) -> Self {
        let digest = Digest::of(format!("{seed}/{kill}").as_bytes());
        let share = |byte: usize| f64::from(digest.0[byte]) / 255.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        let kept = (MOST_KEPT * share(0)) as usize;
        Self { kept, more: LONGEST_MORE.mul_f64(share(1)) }
    }
}

/// Lets a writer live until its moment, kills it and takes down what it said.
fn write_and_die(folder: &Path, inspection: InspectionId, moment: &Moment, kept: &mut Kept) {
    let mut writer = Command::new(env!("CARGO_BIN_EXE_veldboek-writer"))
        .args([folder.as_os_str(), inspection.to_string().as_ref(), kept.next.to_string().as_ref()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the writer starts");
    let mut lines = BufReader::new(writer.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
    let ready = lines.next().expect("the writer says that it is ready");
    assert!(ready.contains("ready"), "{ready}");
    lines.by_ref().take(moment.kept).for_each(|line| kept.take(&line));
    let end = Instant::now() + moment.more;
    while Instant::now() < end {
        std::thread::yield_now();
    }
    assert!(kill_child(&mut writer), "the writer was still writing when it was killed");
    // What was said before the kill counts, also when nobody had read it yet.
    lines.for_each(|line| kept.take(&line));
}

fn everything_is_there(app: &App, inspection: InspectionId, kept: &Kept, kill: u32) {
    let view = app.open_inspection(OpenInspection { inspection }).expect("the controle opens");
    let notes: BTreeMap<&Slot, &str> = view.slots.iter().map(|state| (&state.slot, state.note.as_str())).collect();
    for (slot, (number, text)) in &kept.notes {
        let there = notes.get(slot).copied().unwrap_or_default();
        // A note that was kept a moment before the kill was perhaps never spoken of: it may be newer, never older.
        let newer = there.strip_prefix("aantekening ").and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        assert!(newer >= *number, "kill {kill}: {slot:?} was kept as `{text}` and is `{there}`");
    }
    let photos: BTreeMap<ItemId, Option<Digest>> = view.photos.iter().map(|photo| (photo.item, photo.sha256)).collect();
    for (item, sha256) in &kept.photos {
        assert_eq!(photos.get(item), Some(&Some(*sha256)), "kill {kill}: photo {item} was kept");
    }
}

fn everything_holds(app: &App, kept: &Kept, kill: u32) {
    for (item, sha256) in &kept.photos {
        let (_, bytes) = app.photo_bytes(*item, PhotoSize::Original).expect("a kept photo opens");
        assert_eq!(Digest::of(&bytes), *sha256, "kill {kill}: photo {item} has its bytes");
    }
    let check = app.check().expect("the check reads everything");
    assert_eq!(check.broken, Vec::<String>::new(), "kill {kill}: chains are whole");
    assert!(check.projections_equal, "kill {kill}: projections are equal to a rebuild");
}

fn seed() -> u64 {
    let given = std::env::var("VELDBOEK_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()))
}
