//! A tablet in a process of its own that meets another one on its network: opens the screen for devices nearby, and does
//! what its person would do. It says what it sees in lines of JSON on its standard output, and goes on when it is told to
//! on its standard input.
//!
//! `veldboek-neighbour <folder> opens|answers`
//!
//! - `{"listens": …}`: the screen is open; who opens waits for the other's name in the list and taps it;
//! - `{"code": …, "peer": …}`: both screens show a code; it waits for the line `zelfde` or `andere`;
//! - `{"outcome": …}` or `{"problem": …}`: the end; it waits for the end of its input, and closes the screen.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_app::{App, Reach};
use veldboek_domain::Clock;
use veldboek_tests::device::{SECRET, open_reaching};
use veldboek_tests::nearby::{reaches, state};
use veldboek_tests::until;

/// mDNS asks again after seconds, not milliseconds.
const FOUND_WITHIN: Duration = Duration::from_secs(60);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, role] = arguments.as_slice() else { panic!("folder, and `opens` or `answers`") };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open_reaching(&PathBuf::from(folder), &clock, Reach::Network);
    app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    let view = app.nearby_open(Nothing {}).expect("it can listen");
    println!("{}", json!({ "listens": view.addresses, "name": view.name, "announced": view.announced }));
    let opens = role == "opens";
    if opens {
        tap_the_first(&app);
    }
    let view = until("both show a code", FOUND_WITHIN, || {
        let view = state(&app);
        (view.stage == NearbyStage::Comparing).then_some(view)
    });
    println!("{}", json!({ "code": view.code, "peer": view.peer }));
    let same = read_line().expect("somebody compares") == "zelfde";
    app.nearby_compare(NearbyCompare { same }).expect("there is somebody");
    let ended = if same { exchange(&app, opens) } else { reaches(&app, NearbyStage::Ended) };
    println!("{}", json!({ "outcome": ended.outcome, "problem": ended.problem }));
    while read_line().is_some() {}
    app.nearby_close(Nothing {}).expect("it can always be closed");
}

fn tap_the_first(app: &App) {
    let name = until("another device is found", FOUND_WITHIN, || state(app).found.into_iter().next());
    println!("{}", json!({ "found": name }));
    app.nearby_connect(NearbyConnect::Name { name }).expect("it listens");
}

fn exchange(app: &App, starts: bool) -> NearbyView {
    if starts {
        let view = reaches(app, NearbyStage::Choosing);
        let inspections = view.inspections.iter().map(|one| one.inspection).collect();
        app.nearby_start(NearbyStart { inspections }).expect("there is somebody");
    }
    until("it is over", FOUND_WITHIN, || {
        let view = state(app);
        matches!(view.stage, NearbyStage::Done | NearbyStage::Ended).then_some(view)
    })
}

fn read_line() -> Option<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).expect("its input can be read");
    (read > 0).then(|| line.trim().to_owned())
}
