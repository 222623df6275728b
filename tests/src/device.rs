//! A tablet with the field app and no window.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;
use veldboek_app::api::*;
use veldboek_app::{App, AppConfig, AppError, Connection, Reach};
use veldboek_checklist::Checklist;
use veldboek_domain::{Clock, DeviceId, InspectionId, ItemId, RegisterKey, Slot, Value};
use veldboek_store::{Hardness, KeyFile, Store};

/// What unlocks every device of the stories: a passphrase, since there is no keystore here.
pub const SECRET: &str = "rode tulpen op de dijk";

/// What the tablet's operating system says of its connection.
#[derive(Default)]
struct Mobile(AtomicBool);

impl Connection for Mobile {
    fn is_metered(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A tablet.
pub struct Device {
    folder: TempDir,
    clock: Arc<dyn Clock>,
    checklists: Vec<Arc<Checklist>>,
    mobile: Arc<Mobile>,
    reach: Reach,
    app: Arc<App>,
}

impl Device {
    /// A tablet out of the box.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::with_checklists(clock, Vec::new())
    }

    /// A tablet out of the box to which these checklists were handed out, besides those that come with the app.
    pub fn with_checklists(clock: Arc<dyn Clock>, checklists: Vec<Arc<Checklist>>) -> Self {
        Self::in_folder(TempDir::new().expect("a temporary folder can be made"), clock, checklists)
    }

    /// The same, that keeps everything in this folder.
    pub fn in_folder(folder: TempDir, clock: Arc<dyn Clock>, checklists: Vec<Arc<Checklist>>) -> Self {
        let (mobile, reach) = (Arc::<Mobile>::default(), Reach::Unannounced);
        let app = open_with(folder.path(), &clock, checklists.clone(), mobile.clone(), reach);
        Self { folder, clock, checklists, mobile, reach, app }
    }

    /// The same tablet, with another reach for devices nearby. In stories nothing is announced otherwise.
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self.restart();
        self
    }

    /// A tablet that belongs to somebody, unlocked, with the day's work on it.
    pub fn enrolled(clock: Arc<dyn Clock>, backend: &str, code: &str, name: &str) -> Self {
        let device = Self::new(clock);
        enrol(&device.app, backend, code, name).expect("the code is good");
        device.app.sync_now(Nothing {}).expect("the backend is there");
        device
    }

    /// The app.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The app, to be shared.
    pub fn shared(&self) -> Arc<App> {
        self.app.clone()
    }

    /// From here on the connection is a mobile one, or no longer.
    pub fn goes_mobile(&self, mobile: bool) {
        self.mobile.0.store(mobile, Ordering::SeqCst);
    }

    /// Where it keeps everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The battery is dead and back; the app is locked again.
    pub fn restart(&mut self) {
        self.app = open_with(self.folder.path(), &self.clock, self.checklists.clone(), self.mobile.clone(), self.reach);
    }

    /// The app was updated, with these checklists besides those that it had; it is unlocked.
    pub fn update(&mut self, checklists: &[Arc<Checklist>]) {
        self.checklists = checklists.to_vec();
        self.restart();
        self.app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    }

    /// Restarts and unlocks.
    pub fn restart_and_unlock(&mut self) {
        self.restart();
        self.app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    }

    /// A copy of everything that it keeps, as a backup program makes it while the app is not at work.
    ///
    /// # Panics
    /// When it can't be copied.
    pub fn backup(&self) -> TempDir {
        let copy = TempDir::new().expect("a temporary folder can be made");
        copy_folder(self.folder.path(), copy.path()).expect("the folder can be copied");
        copy
    }

    /// The tablet is set back to a backup, and unlocked.
    ///
    /// # Panics
    /// When the backup can't be put back.
    pub fn set_back(&mut self, backup: &TempDir) {
        let folder = TempDir::new().expect("a temporary folder can be made");
        copy_folder(backup.path(), folder.path()).expect("the folder can be copied");
        self.folder = folder;
        self.restart_and_unlock();
    }

    /// Today's controles.
    pub fn today(&self) -> Vec<InspectionRow> {
        self.app.today(Nothing {}).expect("the device is open").rows
    }

    /// Opens a controle.
    pub fn inspection(&self, inspection: InspectionId) -> InspectionView {
        self.app.open_inspection(OpenInspection { inspection }).expect("the controle is on this device")
    }

    /// The visible questions of a controle that take one option and are not locked, each with its place and options.
    pub fn choices(&self, inspection: InspectionId) -> Vec<(Slot, Vec<String>)> {
        let view = self.inspection(inspection);
        let asked = view.sections.iter().flat_map(|section| &section.questions);
        let options: BTreeMap<&str, Vec<String>> = asked
            .filter(|question| question.kind.is_choice())
            .map(|question| (question.id.as_str(), question.options.iter().map(|option| option.code.clone()).collect()))
            .collect();
        let open =
            view.slots.iter().filter(|state| state.visible && state.locked.is_none() && state.slot.part.is_none());
        open.filter_map(|state| Some((state.slot.clone(), options.get(state.slot.question.as_str())?.clone())))
            .collect()
    }

    /// Every question's place in a controle with its settled answer.
    pub fn answers(&self, inspection: InspectionId) -> BTreeMap<Slot, Value> {
        let states = self.inspection(inspection).slots.into_iter();
        states.filter_map(|state| Some((state.slot, state.value?))).collect()
    }

    /// Answers a question.
    pub fn answer(&self, inspection: InspectionId, slot: &Slot, value: Value) -> Kept {
        self.try_answer(inspection, slot, value).expect("the answer is kept")
    }

    /// Answers a question, or says why not.
    ///
    /// # Errors
    /// What the app says.
    pub fn try_answer(&self, inspection: InspectionId, slot: &Slot, value: Value) -> Result<Kept, AppError> {
        self.app.write(Write { inspection, register: RegisterKey::Answer(slot.clone()), value })
    }

    /// Takes a photo for a question.
    pub fn photograph(&self, inspection: InspectionId, slot: Option<&Slot>, bytes: Vec<u8>) -> ItemId {
        self.try_photograph(inspection, slot, bytes).expect("the photo is kept")
    }

    /// Takes a photo for a question, or says why not.
    ///
    /// # Errors
    /// What the app says.
    pub fn try_photograph(
        &self,
        inspection: InspectionId,
        slot: Option<&Slot>,
        bytes: Vec<u8>,
    ) -> Result<ItemId, AppError> {
        let pending = PhotoPending { inspection, slot: slot.cloned(), parent: None, document: false };
        let item = self.app.photo_pending(pending)?.item;
        self.app.photo_add(PhotoAdd { inspection, item, position: None }, bytes)?;
        Ok(item)
    }

    /// Sees another tablet's card, and gives its id.
    ///
    /// # Panics
    /// When one of them has nothing to show, or the card does not hold.
    pub fn sees(&self, other: &Device) -> DeviceId {
        let card = other.app.device_card_bytes().expect("an enrolled tablet has a card");
        self.app.add_device_card(&card).expect("the card is of the same backend").device
    }

    /// Makes the file with which a controle goes to another tablet.
    ///
    /// # Panics
    /// When it can't be made.
    pub fn hand_over(&self, inspection: InspectionId, to: &Device) -> Vec<u8> {
        let request = HandoverRequest { inspection, device: self.sees(to), everything: false };
        self.app.handover_export(request).expect("the file can be made");
        self.app.handover_bytes(request).expect("the file was just made")
    }

    /// What it keeps, while the app is locked: for what only an intruder or an older app would do to it. The app opens again
    /// when this is dropped.
    ///
    /// # Panics
    /// When it can't be opened with the stories' secret.
    pub fn store(&self) -> Beside<'_> {
        self.app.lock(Nothing {}).expect("it locks");
        Beside { store: Some(self.open_store(self.folder.path())), device: self }
    }

    /// Looks at a copy of what it keeps; the app goes on meanwhile.
    ///
    /// # Panics
    /// When it can't be copied or opened.
    pub fn look<T>(&self, at: impl FnOnce(&Store) -> T) -> T {
        let copy = self.backup();
        at(&self.open_store(copy.path()))
    }

    fn open_store(&self, folder: &Path) -> Store {
        let mut keys = KeyFile::load(folder).expect("it belongs to somebody");
        let key = keys.unlock(folder, SECRET, None, &*self.clock).expect("the secret is right");
        Store::open(folder, &key).expect("its database can be opened")
    }

    /// Syncs until this round has ended.
    pub fn sync(&self) -> SyncView {
        self.app.sync_now(Nothing {}).expect("the backend answers")
    }
}

/// A device's store in the hands of the story.
pub struct Beside<'a> {
    store: Option<Store>,
    device: &'a Device,
}

impl Deref for Beside<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store.as_ref().expect("it is there until it is dropped")
    }
}

impl DerefMut for Beside<'_> {
    fn deref_mut(&mut self) -> &mut Store {
        self.store.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        self.store = None;
        if !std::thread::panicking() {
            self.device.app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
        }
    }
}

/// Copies a folder with everything in it.
///
/// # Errors
/// What the file system says.
pub fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Enrols a device with the stories' secret.
///
/// # Errors
/// What the app says.
pub fn enrol(app: &App, backend: &str, code: &str, name: &str) -> Result<AppStatus, AppError> {
    app.enrol(EnrolDevice {
        address: backend.to_owned(),
        code: code.to_owned(),
        device_name: name.to_owned(),
        secret: SECRET.to_owned(),
    })
}

/// An app over a folder, as it is after a start: locked when it belongs to somebody.
pub fn open(folder: &Path, clock: &Arc<dyn Clock>) -> Arc<App> {
    open_with(folder, clock, Vec::new(), Arc::default(), Reach::Unannounced)
}

/// The same, with a reach for devices nearby.
pub fn open_reaching(folder: &Path, clock: &Arc<dyn Clock>, reach: Reach) -> Arc<App> {
    open_with(folder, clock, Vec::new(), Arc::default(), reach)
}

fn open_with(
    folder: &Path,
    clock: &Arc<dyn Clock>,
    checklists: Vec<Arc<Checklist>>,
    mobile: Arc<Mobile>,
    reach: Reach,
) -> Arc<App> {
    let config = AppConfig {
        clock: clock.clone(),
        checklists,
        connection: Some(mobile),
        // Guessing is made cheap, so that a story may unlock a hundred times.
        hardness: Hardness { memory_kib: 64, passes: 1 },
        reach,
        ..AppConfig::in_folder(folder.to_owned())
    };
    App::new(config).expect("the app's own checklists can be read")
}
