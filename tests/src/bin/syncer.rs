//! Unlocks a device's folder, syncs once, says in one line of JSON how many photos were received, and ends: to be killed
//! halfway.
//!
//! `veldboek-syncer <folder>`

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::Clock;
use veldboek_tests::device::{SECRET, open};

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open(&PathBuf::from(folder), &clock);
    app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    let view = app.sync_now(Nothing {}).expect("the device's own storage works");
    println!("{}", json!({ "photos_received": view.photos_received, "problem": view.problem }));
}
