//! Two processes in two networks with a cable between them and nothing else: they find each other by mDNS, show the same
//! code, exchange a controle with a photo, and bring it to the backend afterwards.

use std::io::{BufRead, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;

use serde_json::Value as Json;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, Value};
use veldboek_tests::backend::Backend;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, SECRET};
use veldboek_tests::network::Cable;
use veldboek_tests::photo::jpeg_of;
use veldboek_tests::process::end_group;

/// A tablet in a process of its own at one end of the cable.
struct Neighbour {
    process: Child,
    says: Lines<BufReader<ChildStdout>>,
    hears: Option<ChildStdin>,
}

impl Neighbour {
    fn at(cable: &Cable, end: usize, folder: &Path, role: &str) -> Self {
        use std::os::unix::process::CommandExt as _;
        let mut command = cable.at(end, Path::new(env!("CARGO_BIN_EXE_veldboek-neighbour")));
        command.args([folder.as_os_str(), role.as_ref()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.process_group(0).spawn().expect("the neighbour starts");
        let says = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let hears = process.stdin.take();
        Self { process, says, hears }
    }

    /// The next line in which it says this.
    fn line(&mut self, name: &str) -> Json {
        loop {
            let line = self.says.next().unwrap_or_else(|| panic!("it ended before it said `{name}`"));
            let said: Json = serde_json::from_str(&line.expect("it can be read")).expect("a line of JSON");
            if said.get(name).is_some() {
                return said;
            }
        }
    }

    fn hears(&mut self, line: &str) {
        writeln!(self.hears.as_mut().expect("it listens"), "{line}").expect("it listens");
    }

    /// Its person closes the screen.
    fn closes(&mut self) {
        drop(self.hears.take());
        assert!(self.process.wait().expect("it ends").success());
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        end_group(&mut self.process);
    }
}

fn locked(tablet: &Device) -> &Path {
    tablet.app().lock(Nothing {}).expect("an open app can be locked");
    tablet.folder()
}

fn unlocked(tablet: &Device) {
    tablet.app().unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
}

#[test]
fn two_processes_in_two_networks_find_each_other_exchange_and_converge() {
    let cable = Cable::lay();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut backend = Backend::start(clock.clone());
    let tablet =
        |person: usize, name: &str| Device::enrolled(clock.clone(), &backend.url(), backend.code(person), name);
    let (dekker, munteanu) = (tablet(0, "TABLET-0"), tablet(1, "TABLET-1"));
    let inspection = dekker.today().first().expect("there is work for today").inspection;
    backend.stop();
    let choices = dekker.choices(inspection);
    for (slot, options) in choices.iter().take(5) {
        dekker.answer(inspection, slot, Value::choice(&options[0]));
    }
    let bytes = jpeg_of(1, 3 * 1024 * 1024);
    let photo = dekker.photograph(inspection, Some(&choices[0].0), bytes.clone());
    let (slot, options) = &choices[7];
    munteanu.answer(inspection, slot, Value::choice(&options[0]));

    let mut one = Neighbour::at(&cable, 0, locked(&dekker), "opens");
    let mut other = Neighbour::at(&cable, 1, locked(&munteanu), "answers");
    let (here, there) = (one.line("listens"), other.line("listens"));
    assert!(here["listens"][0].as_str().is_some_and(|address| address.starts_with("10.77.0.1:")), "{here}");
    assert_eq!(one.line("found")["found"], there["name"], "found by its random name");
    let (here, there) = (one.line("code"), other.line("code"));
    assert_eq!(here["code"], there["code"], "the same code on both screens");
    assert_eq!((&here["peer"]["device"], &there["peer"]["device"]), (&"TABLET-1".into(), &"TABLET-0".into()));
    one.hears("zelfde");
    other.hears("zelfde");
    let (here, there) = (one.line("outcome"), other.line("outcome"));
    assert_eq!((&here["problem"], &there["problem"]), (&Json::Null, &Json::Null));
    assert_eq!((&here["outcome"]["answers"], &there["outcome"]["answers"]), (&1.into(), &5.into()));
    assert_eq!((&here["outcome"]["photos"], &there["outcome"]["photos"]), (&0.into(), &1.into()));
    one.closes();
    other.closes();

    unlocked(&dekker);
    unlocked(&munteanu);
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
    let (_, came) = munteanu.app().photo_bytes(photo, PhotoSize::Original).expect("the photo came");
    assert!(came == bytes, "the same bytes");
    // The one that took it all brings it to the backend; the tablet on which it was written is not needed.
    backend.start_again();
    let synced = munteanu.sync();
    assert_eq!((synced.line.state, synced.line.records_waiting), (SyncPhase::Received, 0), "{:?}", synced.problem);
    assert!(synced.quarantined.is_empty());
    assert!(Desk::sign_in(&backend).photo(inspection, photo) == bytes);
    assert_eq!(dekker.sync().line.state, SyncPhase::Received);
    let held = |tablet: &Device| tablet.app().check().expect("it is open");
    assert_eq!(held(&dekker), held(&munteanu));
    assert!(held(&dekker).broken.is_empty());
}
