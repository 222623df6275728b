//! Unlocks a device's folder, syncs once, or takes a file from another tablet, says in one line of JSON what came of it, and
//! ends: to be killed halfway, or to find its disk full. When the app refuses, it says the code of the refusal.
//!
//! `veldboek-syncer <folder> [<file>]`

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::Clock;
use veldboek_tests::device::{SECRET, open};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open(&PathBuf::from(folder), &clock);
    app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    let done = match arguments.next() {
        Some(file) => {
            let bytes = std::fs::read(file).expect("the file can be read");
            app.handover_import(&bytes)
                .map(|received| json!({ "records": received.records, "photos": received.photos }))
        }
        None => app
            .sync_now(Nothing {})
            .map(|view| json!({ "photos_received": view.photos_received, "problem": view.problem })),
    };
    println!("{}", done.unwrap_or_else(|error| json!({ "refused": error.code() })));
}
