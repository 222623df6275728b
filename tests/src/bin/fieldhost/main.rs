//! Serves the built screens and the app's one list of commands to a browser on loopback, from the same `app` crate as
//! the window, beside a real backend with demonstration data. A test tool: it listens on 127.0.0.1 only, and ends when
//! its standard input is closed.
//!
//! `veldboek-fieldhost [--state new|locked|open] [--person team|boa|partner|coach] [--newer-checklist]` prints one line
//! of JSON with the addresses and then serves:
//!
//! - `POST /opdracht/<command>`: a command as JSON; a failure is `{code, details}` with a status of its own;
//! - `POST /opdracht/photo_add`: a photo's raw bytes, named by the header `veldboek-request` (base64 of `PhotoAdd`);
//! - `POST /opdracht/hand_in`: the raw bytes of a file that somebody brought;
//! - `GET /kaart` and `GET /overdracht/<inspection>?device=<device>`: this tablet's card, and the file for another one;
//! - `GET /foto/<item>?size=thumb|original` and `GET /rapport/<inspection>?copy=file|leave_behind`: raw bytes;
//! - `GET /gebeurtenissen`: what changes, as server-sent events;
//! - `POST /proef/<what>`: what happens outside the tablet, see [`trials::Trial`];
//! - `GET /proef/bestand/<what>?inspection=<inspection>`: a file that somebody brings, see [`trials::Brought`].
//!
//! The tablet belongs to somebody of the team, to its BOA, to somebody of a partner with closed questions of its own, or to
//! an agro-coach. With `--newer-checklist` it was handed a newer version of the checklist that today's controles follow.

mod demonstration;
mod routes;
mod trials;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::json;
use veldboek_app::Reach;
use veldboek_app::api::Nothing;
use veldboek_domain::Clock;
use veldboek_tests::backend::Backend;
use veldboek_tests::clock::StoryClock;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, SECRET, enrol};

/// The moment at which every story in a browser begins.
const BEGIN: &str = "2026-11-19T09:00:00+01:00";

struct Host {
    device: Device,
    backend: Mutex<Backend>,
    colleague: Mutex<Option<Device>>,
    outsider: Mutex<Option<Device>>,
    second: Mutex<Option<Device>>,
    clock: Arc<StoryClock>,
}

/// How a host begins.
struct Begin {
    state: String,
    person: String,
    newer_checklist: bool,
}

impl Begin {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut begin = Self { state: "locked".to_owned(), person: "team".to_owned(), newer_checklist: false };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--newer-checklist" => begin.newer_checklist = true,
                "--state" => begin.state = one_of(arguments.next(), &["new", "locked", "open"]),
                "--person" => begin.person = one_of(arguments.next(), &["team", "boa", "partner", "coach"]),
                other => panic!("there is no argument `{other}`"),
            }
        }
        begin
    }
}

fn one_of(given: Option<String>, known: &[&str]) -> String {
    given.filter(|given| known.contains(&given.as_str())).unwrap_or_else(|| panic!("one of {known:?}"))
}

fn main() {
    let host = Arc::new(Host::begin(&Begin::read(std::env::args().skip(1))));
    veldboek_tests::block_on(serve(host.clone()));
    host.end();
}

impl Host {
    fn begin(begin: &Begin) -> Self {
        let clock = Arc::new(StoryClock::at(BEGIN));
        let backend = Backend::start(clock.clone());
        let handed_out =
            if begin.newer_checklist { vec![Arc::new(demonstration::newer_checklist())] } else { Vec::new() };
        let device = Device::with_checklists(clock.clone() as Arc<dyn Clock>, handed_out).reaching(Reach::Loopback);
        if begin.state != "new" {
            let (code, name) = match begin.person.as_str() {
                "boa" => (backend.code(2).to_owned(), "ALK-09"),
                "partner" => (Desk::sign_in_to_manage(&backend).add_person(&demonstration::partner()), "BRP-01"),
                "coach" => (Desk::sign_in_to_manage(&backend).add_person(&demonstration::coach()), "LTO-03"),
                _ => (backend.code(0).to_owned(), "ALK-07"),
            };
            enrol(device.app(), &backend.url(), &code, name).expect("the code is good");
            device.sync();
        }
        if begin.state == "locked" {
            device.app().lock(Nothing {}).expect("an open app can be locked");
        }
        Self {
            device,
            backend: Mutex::new(backend),
            colleague: Mutex::default(),
            outsider: Mutex::default(),
            second: Mutex::default(),
            clock,
        }
    }

    /// Stops what runs and leaves nothing behind; a browser that still listens may hold the rest until the process ends.
    fn end(&self) {
        self.backend.lock().expect("nobody panics while holding it").end();
        drop(self.colleague.lock().expect("nobody panics while holding it").take());
        drop(self.second.lock().expect("nobody panics while holding it").take());
        drop(self.outsider.lock().expect("nobody panics while holding it").take());
        // What can't be removed lies among the temporary files, where it is found by whoever tidies them up.
        let _ = std::fs::remove_dir_all(self.device.folder());
    }
}

async fn serve(host: Arc<Host>) {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let facts = {
        let backend = host.backend.lock().expect("nobody panics while holding it");
        let (name, password) = backend.coordinator();
        json!({
            "host": format!("http://{address}"),
            "backend": backend.url(),
            "desk": { "address": backend.url(), "name": name, "password": password },
            "enrolment_codes": backend.codes(),
            "secret": SECRET,
        })
    };
    println!("{facts}");
    let service = axum::serve(listener, routes::router(host));
    tokio::select! {
        ended = async { service.await } => ended.expect("it serves until it is told to end"),
        () = input_closed() => {}
    }
}

/// Returns when whoever started this is gone.
async fn input_closed() {
    let (gone, parent) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        // An input that can't be read is a parent that is gone, too.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(gone);
    });
    // It is never sent anything: its end is the news.
    let _ = parent.await;
}
