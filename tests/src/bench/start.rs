//! The start of the app, against that of an empty window.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use veldboek_app::system::SystemClock;
use veldboek_domain::Clock;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt, EventMask};
use x11rb::rust_connection::RustConnection;

use super::{Row, median};
use crate::backend::Backend;
use crate::device::Device;
use crate::process::end_group;

const PATIENCE: Duration = Duration::from_secs(60);
const ROUNDS: usize = 15;

/// From the start of the process to the screen that asks for the passphrase, against an empty window of the same toolkit.
pub fn started() -> Row {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    let device = Device::enrolled(clock, &backend.url(), backend.code(0), "ALK-07");
    let data = device.backup();
    let display = Display::start();
    let start = |program: &Path, title: &str| display.run(program, data.path(), title);
    let (app, empty) = (program("veldboek"), program("examples/empty"));
    // Both are read from disk once before anything is measured.
    start(&app, "Ontgrendelen");
    start(&empty, "Leeg");
    let (ours, theirs) = (0..ROUNDS).map(|_| (start(&app, "Ontgrendelen"), start(&empty, "Leeg"))).unzip();
    let (ours, theirs) = (median(ours), median(theirs));
    Row::times("start of the app to the first usable screen", ours, "an empty window", theirs, "1.3 x")
}

/// A program that lies where this one does.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a program knows where it lies");
    let program = own.with_file_name(name);
    assert!(program.exists(), "{} is built: cargo xtask bench does it", program.display());
    program
}

/// A display without a screen.
struct Display {
    server: Child,
    name: String,
    connection: RustConnection,
    root: u32,
    title: Atom,
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("Xvfb is installed: cargo xtask bench does it");
        let mut line = String::new();
        let out = server.stdout.take().expect("its output is read");
        BufReader::new(out).read_line(&mut line).expect("it names its display");
        let name = format!(":{}", line.trim());
        let (connection, screen) = x11rb::connect(Some(&name)).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        let title = connection.intern_atom(false, b"_NET_WM_NAME").expect("a name can be asked for");
        let title = title.reply().expect("it has a number").atom;
        let told = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        connection.change_window_attributes(root, &told).expect("windows can be waited for");
        Self { server, name, connection, root, title }
    }

    /// Runs a program until a window has this in its name, and ends it. Returns how long that name took to appear.
    fn run(&self, program: &Path, data: &Path, title: &str) -> Duration {
        let begun = Instant::now();
        let mut process = Command::new("dbus-run-session")
            .arg("--")
            .arg(program)
            .env("DISPLAY", &self.name)
            .env("NO_AT_BRIDGE", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("VELDBOEK_DATA", data)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("dbus-run-session is installed: cargo xtask bench does it");
        while !self.names().iter().any(|name| name.contains(title)) {
            assert!(begun.elapsed() < PATIENCE, "{} shows its window; seen: {:?}", program.display(), self.names());
            self.wait();
        }
        let took = begun.elapsed();
        end_group(&mut process);
        took
    }

    /// Waits until something happens on the display, for a second at most.
    fn wait(&self) {
        let mut line = [PollFd::new(self.connection.stream(), PollFlags::IN)];
        let second = Timespec { tv_sec: 1, tv_nsec: 0 };
        poll(&mut line, Some(&second)).expect("the display's line can be waited for");
        while self.connection.poll_for_event().expect("the display answers").is_some() {}
    }

    /// The names of all windows; from here on each tells when its name changes, and the display when there is another one.
    fn names(&self) -> Vec<String> {
        let tree = self.connection.query_tree(self.root).ok().and_then(|tree| tree.reply().ok());
        let windows = tree.map(|tree| tree.children).unwrap_or_default();
        windows.into_iter().filter_map(|window| self.name_of(window)).collect()
    }

    fn name_of(&self, window: u32) -> Option<String> {
        let told = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        self.connection.change_window_attributes(window, &told).ok()?;
        let asked = self.connection.get_property(false, window, self.title, AtomEnum::ANY, 0, 256).ok()?;
        // A window may be gone before it is asked.
        Some(String::from_utf8_lossy(&asked.reply().ok()?.value).into_owned())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        end_group(&mut self.server);
    }
}
