//! The app itself: what it holds, and how its parts come by it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use veldboek_checklist::{CheckError, Checklist};
use veldboek_domain::{Clock, Entropy, InspectionId, Record};
use veldboek_store::{Hardness, Still, Store};
use veldboek_sync::nearby::finding::Reach;

use crate::api::{Event, OtherHere};
use crate::error::AppError;
use crate::library::Library;
use crate::nearby::Nearby;
use crate::network::Connection;
use crate::opened::Opened;
use crate::secrets::SecretStore;
use crate::shelf::Shelf;
use crate::sync::{Engine, SyncState};
use crate::sync_view::{Label, Stock};

/// What an app is made of.
pub struct AppConfig {
    /// The folder with everything that this device keeps.
    pub data: PathBuf,
    /// The device's clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids and keys.
    pub entropy: Arc<dyn Entropy>,
    /// The operating system's keystore, where there is one.
    pub secrets: Option<Arc<dyn SecretStore>>,
    /// What the operating system says of the connection, where it does.
    pub connection: Option<Arc<dyn Connection>>,
    /// Checklists besides those that come with the app, such as newer versions that were handed out.
    pub checklists: Vec<Arc<Checklist>>,
    /// How hard guessing the PIN or passphrase is made.
    pub hardness: Hardness,
    /// Where devices nearby are looked for, while somebody looks.
    pub reach: Reach,
}

impl AppConfig {
    /// A device in this folder, with the system's clock and randomness.
    pub fn in_folder(data: PathBuf) -> Self {
        Self {
            data,
            clock: Arc::new(crate::system::SystemClock),
            entropy: Arc::new(crate::system::SystemEntropy),
            secrets: None,
            connection: None,
            checklists: Vec::new(),
            hardness: Hardness::default(),
            reach: Reach::default(),
        }
    }
}

/// The field app without a window. Commands are blocking and short; hosts call them from a thread of their own.
pub struct App {
    pub(crate) config: AppConfig,
    /// Read when it is needed first: the screen that unlocks the app needs none of it.
    library: LazyLock<Result<Library, CheckError>, LoadLibrary>,
    pub(crate) open: Mutex<Option<Session>>,
    pub(crate) sync: Mutex<SyncState>,
    /// Held while a sync runs, so that two never run at once.
    pub(crate) syncing: tokio::sync::Mutex<()>,
    pub(crate) wake: tokio::sync::Notify,
    /// Wakes what tells the backend which controle is on the screen.
    pub(crate) attend: tokio::sync::Notify,
    pub(crate) engine: Engine,
    /// The controle that is on the screen.
    pub(crate) on_screen: Mutex<Option<InspectionId>>,
    /// Who else has a controle open, as the backend said last.
    pub(crate) others: Mutex<Option<(InspectionId, Vec<OtherHere>)>>,
    /// Other devices nearby, while somebody looks for them.
    pub(crate) nearby: Mutex<Option<Nearby>>,
    /// The app itself, for what goes on beside the commands.
    pub(crate) this: Weak<App>,
    listeners: Mutex<Vec<Sender<Event>>>,
}

/// Reads the checklists.
type LoadLibrary = Box<dyn FnOnce() -> Result<Library, CheckError> + Send>;

/// What is in memory while the app is unlocked; locking drops it, keys included.
pub(crate) struct Session {
    pub(crate) store: Store,
    /// The controle that is open on the screen, folded and evaluated.
    pub(crate) opened: Option<Opened>,
    /// Others that were read lately.
    pub(crate) shelf: Shelf,
    /// What is to be sent, and the controles that it is of.
    pub(crate) stock: Still<(), Arc<Stock>>,
    pub(crate) labels: Still<(), Arc<HashMap<InspectionId, Label>>>,
}

impl Session {
    /// Unlocked, with nothing read yet.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, opened: None, shelf: Shelf::default(), stock: Still::default(), labels: Still::default() }
    }
}

/// What a check of the device's storage found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Records that are held.
    pub records: usize,
    /// What does not hold, in words.
    pub broken: Vec<String>,
    /// Whether the projections are equal to a rebuild.
    pub projections_equal: bool,
}

impl App {
    /// Makes the app over a folder. Nothing is opened yet: see [`App::status`].
    ///
    /// # Errors
    /// [`AppError::Internal`] when the operating system gives no thread for the network.
    pub fn new(config: AppConfig) -> Result<Arc<Self>, AppError> {
        let engine = Engine::start()?;
        let handed_out = config.checklists.clone();
        let load: LoadLibrary = Box::new(move || Library::with(&handed_out));
        Ok(Arc::new_cyclic(|this| Self {
            library: LazyLock::new(load),
            config,
            open: Mutex::new(None),
            sync: Mutex::new(SyncState::default()),
            syncing: tokio::sync::Mutex::new(()),
            wake: tokio::sync::Notify::new(),
            attend: tokio::sync::Notify::new(),
            engine,
            on_screen: Mutex::new(None),
            others: Mutex::new(None),
            nearby: Mutex::new(None),
            this: this.clone(),
            listeners: Mutex::new(Vec::new()),
        }))
    }

    /// The checklists on this device.
    ///
    /// # Errors
    /// [`AppError::Checklists`] when the app's own can't be read.
    pub(crate) fn library(&self) -> Result<&Library, AppError> {
        self.library.as_ref().map_err(|error| AppError::Checklists(error.to_string()))
    }

    /// Reads the checklists on a thread of its own, while something else takes its time.
    pub(crate) fn load_library(&self) {
        if let Some(app) = self.this.upgrade() {
            std::thread::spawn(move || LazyLock::force(&app.library).is_ok());
        }
    }

    /// Tells of everything that happens without being asked.
    pub fn subscribe(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        lock(&self.listeners).push(sender);
        receiver
    }

    /// Whether somebody is told.
    pub(crate) fn is_heard(&self) -> bool {
        !lock(&self.listeners).is_empty()
    }

    pub(crate) fn tell(&self, event: &Event) {
        lock(&self.listeners).retain(|listener| listener.send(event.clone()).is_ok());
    }

    /// Whether a controle is on the screen.
    pub(crate) fn is_on_screen(&self, inspection: InspectionId) -> bool {
        *lock(&self.on_screen) == Some(inspection)
    }

    /// Works with what is open.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Session) -> Result<T, AppError>) -> Result<T, AppError> {
        match lock(&self.open).as_mut() {
            Some(session) => work(session),
            None => Err(AppError::Locked),
        }
    }

    /// Looks whether chains are whole, records hold and projections are equal to a rebuild.
    ///
    /// # Errors
    /// A failure to read, or [`AppError::Locked`].
    pub fn check(&self) -> Result<Check, AppError> {
        self.with(|session| {
            session.forget_all();
            let mut broken = Vec::new();
            if let Err(error) = session.store.check() {
                broken.push(error.to_string());
            }
            let records = session.store.all_records()?;
            broken.extend(broken_chains(&session.store, &records)?);
            let before = session.store.projections()?;
            session.store.rebuild()?;
            let projections_equal = before == session.store.projections()?;
            Ok(Check { records: records.len(), broken, projections_equal })
        })
    }
}

/// Records that follow on nothing that is here or is known never to come. Two that follow on the same one are no fault: the
/// device came back from a backup, and both branches stand.
fn broken_chains(store: &Store, records: &[Record]) -> Result<Vec<String>, AppError> {
    let mut broken = Vec::new();
    for header in records.iter().map(Record::header) {
        let follows = match header.prev {
            Some(prev) => store.holds(&prev)?,
            None => header.seq == 0,
        };
        if !follows {
            broken.push(format!("{}: what stands before record {} is missing", header.stream, header.seq));
        }
    }
    Ok(broken)
}

/// A panic in a command leaves nothing half-done in memory that the database does not hold, so the lock is taken over.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
