//! A real backend on a loopback port, in the hands of the story: it can be stopped, and started again at the same
//! address with the same data.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use veldboek_backend::demo::Demo;
use veldboek_backend::{Config, Running};
use veldboek_domain::{Clock, Role};

use crate::block_on;

/// A backend with demonstration data.
pub struct Backend {
    folder: TempDir,
    clock: Arc<dyn Clock>,
    address: SocketAddr,
    running: Option<Running>,
    demo: Demo,
}

impl Backend {
    /// Starts a backend with demonstration data on a free loopback port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(clock: Arc<dyn Clock>) -> Self {
        Self::start_in(TempDir::new().expect("a temporary folder can be made"), clock)
    }

    /// The same, with its data in this folder.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_in(folder: TempDir, clock: Arc<dyn Clock>) -> Self {
        let config = config(folder.path(), &clock, SocketAddr::from(([127, 0, 0, 1], 0)), true);
        let mut running = block_on(veldboek_backend::start(config)).expect("the backend starts");
        let demo = running.demo.take().expect("a demonstration was asked for");
        let address = running.address();
        Self { folder, clock, address, running: Some(running), demo }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for devices and browsers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The code that enrols a device for a person of the demonstration: 0 and 1 work in one team, 2 is its BOA,
    /// 3 an agro-coach, 4 of the BRP.
    pub fn code(&self, person: usize) -> &str {
        &self.demo.codes[person].code
    }

    /// All enrolment codes.
    pub fn codes(&self) -> Vec<&str> {
        self.demo.codes.iter().map(|code| code.code.as_str()).collect()
    }

    /// The name and password of the coordinator at the desk.
    pub fn coordinator(&self) -> (&str, &str) {
        self.account(Role::Coordinator)
    }

    /// The name and password of who manages people and devices.
    pub fn administrator(&self) -> (&str, &str) {
        self.account(Role::Administrator)
    }

    fn account(&self, role: Role) -> (&str, &str) {
        let account = self.demo.accounts.iter().find(|account| account.role == role.label());
        let account = account.expect("the demonstration has an account for every role at the desk");
        (&account.name, &account.password)
    }

    /// Every byte that it keeps, of every file in its folder.
    ///
    /// # Panics
    /// When the folder can't be read.
    pub fn everything_kept(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the backend's folder can be read").flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    bytes.extend(std::fs::read(entry.path()).unwrap_or_default());
                }
            }
        }
        bytes
    }

    /// Whether it listens.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The network is gone.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            block_on(running.stop()).expect("the backend stops");
        }
    }

    /// Stops for good and leaves nothing behind.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn end(&mut self) {
        self.stop();
        // What can't be removed lies among the temporary files, where it is found by whoever tidies them up.
        let _ = std::fs::remove_dir_all(self.folder.path());
    }

    /// The network is back: the same address, the same data.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&mut self) {
        if self.running.is_none() {
            let config = config(self.folder.path(), &self.clock, self.address, false);
            self.running = Some(block_on(veldboek_backend::start(config)).expect("the backend starts again"));
        }
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop();
    }
}

fn config(folder: &Path, clock: &Arc<dyn Clock>, listen: SocketAddr, demo: bool) -> Config {
    Config { listen, demo, ui: built_screens(), clock: clock.clone(), ..Config::in_folder(folder.join("data")) }
}

/// The folder of the built screens.
pub fn built_screens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist")
}
