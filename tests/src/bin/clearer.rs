//! Clears one controle from a tablet and may be killed at any moment: says on its standard output when it begins and when the
//! app called it done.
//!
//! `veldboek-clearer <folder> <inspection>`

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, InspectionId};
use veldboek_tests::device::{SECRET, open};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, inspection] = arguments.as_slice() else { panic!("folder and inspection") };
    let inspection: InspectionId = inspection.parse().expect("an inspection's id");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open(&PathBuf::from(folder), &clock);
    app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    // The rules are read, so that what takes its time from here on is the clearing.
    app.retention(Nothing {}).expect("the rules can be read");
    let mut output = std::io::stdout().lock();
    let mut say = |word: &str| writeln!(output, "{word}").and_then(|()| output.flush()).expect("somebody listens");
    say("ready");
    app.clear_inspection(OpenInspection { inspection }).expect("it may be cleared");
    say("cleared");
}
