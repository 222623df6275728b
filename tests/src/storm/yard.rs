//! What every seed begins with: a backend and enrolled tablets, made once over a real socket, then copied.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, FixedOffset, TimeDelta};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use veldboek_app::api::Nothing;
use veldboek_app::{App, AppConfig};
use veldboek_backend::Config;
use veldboek_checklist::Checklist;
use veldboek_domain::{Clock, Digest, Entropy, PersonCard, PersonId, Role, Stamp};
use veldboek_store::Hardness;

use crate::device::enrol;
use crate::files;

/// The people, each with a tablet: a BOA, an inspector, a BOA who comes late, and somebody of another organisation.
pub(super) const PEOPLE: [(&str, Role); 4] = [
    ("gm-alkmaar", Role::InvestigatingOfficer),
    ("gm-alkmaar", Role::Inspector),
    ("gm-alkmaar", Role::InvestigatingOfficer),
    ("od-nhn", Role::TeamLeader),
];

/// A checklist with one question, so that a seed is about storage and sync.
const CHECKLIST: &str = "id = \"storm\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"Storm\"
geldig_vanaf = 2026-01-01\n[[onderdeel]]\nid = \"S\"\ntitel = \"S\"\n[[onderdeel.vraag]]\nid = \"A\"
tekst = \"Wat ziet u?\"\nsoort = \"tekst\"\n";

/// A clock that goes on by itself a little each time that it is read, and stands anywhere.
pub(super) struct StormClock(Mutex<(DateTime<FixedOffset>, u64)>);

impl StormClock {
    fn new() -> Self {
        Self(Mutex::new((begin(), 0)))
    }

    pub(super) fn set(&self, ahead: TimeDelta) {
        *self.0.lock().expect("nobody panics while holding it") = (begin() + ahead, 0);
    }

    pub(super) fn forward(&self, by: TimeDelta) {
        self.0.lock().expect("nobody panics while holding it").0 += by;
    }
}

impl Clock for StormClock {
    fn stamp(&self) -> Stamp {
        let mut now = self.0.lock().expect("nobody panics while holding it");
        now.0 += TimeDelta::milliseconds(1);
        now.1 += 1;
        Stamp { at: now.0, uptime_ms: now.1 }
    }
}

fn begin() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+01:00").expect("a moment as RFC 3339")
}

/// Randomness that repeats itself.
pub(super) struct StormEntropy(AtomicU64);

impl StormEntropy {
    fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    pub(super) fn set(&self, seed: u64) {
        self.0.store(seed << 20, Ordering::SeqCst);
    }
}

impl Entropy for StormEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let digest = Digest::of(&self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&digest.0[..chunk.len()]);
        }
    }
}

/// A tablet's app, which outlives the seeds: it is locked, and its folder is another one at each.
pub(super) struct Kit {
    pub(super) app: Arc<App>,
    pub(super) folder: PathBuf,
    pub(super) clock: Arc<StormClock>,
    pub(super) entropy: Arc<StormEntropy>,
    /// Its card, for the others.
    pub(super) card: Vec<u8>,
}

impl Kit {
    fn new(folder: PathBuf, checklist: &Arc<Checklist>, number: u64) -> Self {
        let (clock, entropy) = (Arc::new(StormClock::new()), Arc::new(StormEntropy::new()));
        entropy.set(1_000 + number);
        let config = AppConfig {
            clock: clock.clone(),
            entropy: entropy.clone(),
            checklists: vec![checklist.clone()],
            hardness: Hardness { memory_kib: 64, passes: 1 },
            ..AppConfig::in_folder(folder.clone())
        };
        let app = App::new(config).expect("the app's own checklists can be read");
        Self { app, folder, clock, entropy, card: Vec::new() }
    }
}

/// A place to run seeds in, one after another.
pub struct Yard {
    folder: TempDir,
    pub(super) kits: Vec<Kit>,
    pub(super) people: Vec<PersonCard>,
    pub(super) config: Config,
    pub(super) clock: Arc<StormClock>,
    pub(super) entropy: Arc<StormEntropy>,
    pub(super) runtime: Rc<Runtime>,
    /// Whether the seeds tell at once what happens in them.
    pub talks: bool,
}

impl Yard {
    /// Enrols everybody, in a folder in memory where there is one.
    ///
    /// # Panics
    /// When something of it does not work.
    pub fn new() -> Self {
        let folder = TempDir::new_in(memory_folder()).expect("a temporary folder can be made");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = Rc::new(runtime.expect("a runtime starts"));
        let (clock, entropy) = (Arc::new(StormClock::new()), Arc::new(StormEntropy::new()));
        let config = Config {
            clock: clock.clone(),
            entropy: entropy.clone(),
            ui: folder.path().join("ui"),
            ..Config::in_folder(folder.path().join("backend"))
        };
        let checklist = Arc::new(Checklist::read("storm.toml", CHECKLIST).unwrap_or_else(|error| panic!("{error}")));
        let kit = |number: usize| Kit::new(folder.path().join(number.to_string()), &checklist, number as u64);
        let kits: Vec<Kit> = (0..PEOPLE.len()).map(kit).collect();
        let mut yard = Self { folder, kits, people: Vec::new(), config, clock, entropy, runtime, talks: false };
        yard.enrol();
        for number in 0..yard.kits.len() {
            files::copy(&yard.kits[number].folder, &yard.kept(&number.to_string()));
        }
        files::copy(&yard.config.data, &yard.kept("backend"));
        yard
    }

    /// Over a real socket, from a thread of its own: a tablet waits for its answers.
    fn enrol(&mut self) {
        let serving = Runtime::new().expect("a runtime starts");
        let running = serving.block_on(veldboek_backend::start(self.config.clone())).expect("the backend starts");
        let state = running.state();
        for (number, (organisation, role)) in PEOPLE.iter().enumerate() {
            let card = PersonCard {
                person: PersonId::new(&*self.config.clock, &*self.config.entropy),
                name: format!("Persoon {number}"),
                organisation: (*organisation).into(),
                organisation_name: (*organisation).to_owned(),
                function: role.label().to_owned(),
                role: *role,
                pass_number: String::new(),
                partner: String::new(),
            };
            let code = format!("CODE{number}");
            let until = (state.now() + TimeDelta::days(1)).timestamp_millis();
            state.storage.put_person(&card).expect("a person is added");
            state.storage.put_code(Digest::of(code.as_bytes()), card.person, until).expect("a code is added");
            let kit = &mut self.kits[number];
            enrol(&kit.app, &running.url(), &code, &format!("TABLET-{number}")).expect("the code is good");
            kit.card = kit.app.device_card_bytes().expect("an enrolled tablet has a card");
            self.people.push(card);
        }
        for kit in &self.kits {
            for other in self.kits.iter().filter(|other| other.card != kit.card) {
                kit.app.add_device_card(&other.card).expect("the card is of the same backend");
            }
            kit.app.lock(Nothing {}).expect("an open app can be locked");
        }
        serving.block_on(running.stop()).expect("the backend stops");
    }

    fn kept(&self, name: &str) -> PathBuf {
        self.folder.path().join("kept").join(name)
    }

    /// A folder beside the tablets, for what a seed lays aside.
    pub(super) fn aside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts everything back as it was after enrolling.
    pub(super) fn begin_again(&self) {
        for (number, kit) in self.kits.iter().enumerate() {
            // A seed that failed may have left it armed.
            veldboek_faults::disarm(&kit.folder.join("veldboek.db"));
            kit.app.lock(Nothing {}).expect("an open app can be locked");
            files::copy(&self.kept(&number.to_string()), &kit.folder);
        }
        veldboek_faults::disarm(&self.config.data.join("veldboek.sqlite"));
        files::copy(&self.kept("backend"), &self.config.data);
    }
}

impl Default for Yard {
    fn default() -> Self {
        Self::new()
    }
}

/// Where files are in memory, when this machine has such a folder; otherwise that for temporary files.
pub fn memory_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}
