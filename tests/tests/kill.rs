//! Whatever moment the app is killed at: everything that it called kept is there, and everything holds.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, Digest, InspectionId};
use veldboek_tests::backend::Backend;
use veldboek_tests::device::{Device, SECRET, open};
use veldboek_tests::kept::{Kept, everything_holds, everything_is_there};
use veldboek_tests::process::kill_child;

const KILLS: u32 = 200;
/// Another number of kills, for long runs.
const MORE_KILLS: &str = "VELDBOEK_KILLS";
/// A writer is killed after it kept so many things at most, and then at a moment within the time of one more: on a slow
/// machine as on a quick one, kills fall into every part of writing an answer and of sealing a photo.
const MOST_KEPT: f64 = 10.0;
const LONGEST_MORE: Duration = Duration::from_millis(60);

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
        let when = format!("kill {kill}");
        everything_is_there(&app, inspection, &kept, &when);
        if kill % 20 == 0 || kill + 1 == kills {
            everything_holds(&app, &kept, &when);
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

fn seed() -> u64 {
    let given = std::env::var("VELDBOEK_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()))
}
