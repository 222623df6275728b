//! The window's start.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use veldboek_app::system::SystemClock;
use veldboek_domain::Clock;

use super::{Row, median};
use crate::backend::Backend;
use crate::device::{enrol, open};
use crate::process::end_group;

const RUNS: usize = 9;
const PATIENCE: Duration = Duration::from_secs(60);

/// From the start of the program until the first screen on which somebody can type, against an empty window of the same
/// kind. Both give the window its page's name at that moment.
pub fn started() -> Row {
    let device = TempDir::new().expect("a temporary folder can be made");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    let app = open(device.path(), &clock);
    enrol(&app, &backend.url(), backend.code(0), "ALK-07").expect("the code is good");
    drop((app, backend));
    let display = Display::start();
    let (mut app, mut empty) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let times = [
            display.time(&beside("examples/empty"), device.path(), "Leeg"),
            display.time(&beside("veldboek"), device.path(), "Ontgrendelen"),
        ];
        // The first start of each reads the program from disk.
        if run > 0 {
            empty.push(times[0]);
            app.push(times[1]);
        }
    }
    Row::times("start of the app to the first usable screen", median(app), "an empty window", median(empty), "1.3 x")
}

/// A program that was built with this one.
fn beside(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a program knows where it lies");
    let program = own.parent().expect("a program lies in a folder").join(name);
    assert!(program.exists(), "{} is built by `cargo xtask bench`", program.display());
    program
}

/// A display of its own.
struct Display {
    process: Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        let number = (90..200).find(|number| !Path::new(&format!("/tmp/.X{number}-lock")).exists());
        let name = format!(":{}", number.expect("a display is free"));
        let mut command = Command::new("Xvfb");
        command.args([&name, "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]).process_group(0);
        let process = command.stderr(Stdio::null()).spawn().expect("Xvfb is installed: cargo xtask bench does it");
        let display = Self { process, name };
        display.wait_for("root window", Instant::now());
        display
    }

    fn time(&self, program: &Path, data: &Path, name: &str) -> Duration {
        let begun = Instant::now();
        let mut command = Command::new("dbus-run-session");
        command.arg("--").arg(program).env("DISPLAY", &self.name).env("VELDBOEK_DATA", data);
        command.env("NO_AT_BRIDGE", "1").env("LIBGL_ALWAYS_SOFTWARE", "1").process_group(0);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = command.spawn().expect("dbus-run-session is installed: cargo xtask bench does it");
        let took = self.wait_for(name, begun);
        end_group(&mut process);
        took
    }

    /// Waits until a window's name holds this word.
    fn wait_for(&self, word: &str, begun: Instant) -> Duration {
        loop {
            let windows = Command::new("xwininfo").args(["-display", &self.name, "-root", "-tree"]).output();
            let windows = windows.expect("xwininfo is installed: cargo xtask bench does it").stdout;
            let took = begun.elapsed();
            if String::from_utf8_lossy(&windows).to_lowercase().contains(&word.to_lowercase()) {
                return took;
            }
            assert!(took < PATIENCE, "no window is named {word}");
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        end_group(&mut self.process);
    }
}
