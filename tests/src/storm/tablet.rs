//! One tablet: the real app over its folder, and its half of the sync, driven step by step.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::{SigningKey, VerifyingKey};
use veldboek_app::api::{Nothing, Unlock};
use veldboek_app::{App, AppError, AppReplica};
use veldboek_domain::{Clock, Digest, RecordId};
use veldboek_faults::{Moment, arm, disarm};
use veldboek_store::{Device, KeyFile, Store};
use veldboek_sync::client::{RecordSync, Replica as _};
use veldboek_sync::receipt::public_key;

use super::unless_it_dies;
use super::yard::{Kit, StormClock};
use crate::device::SECRET;
use crate::files;

/// Something that the app called kept.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    /// Words, and whether they belong in the closed stream.
    Words(String, bool),
    /// A photo.
    Photo(Digest),
}

/// A tablet in the storm.
pub(super) struct Tablet {
    pub(super) app: Arc<App>,
    pub(super) clock: Arc<StormClock>,
    folder: PathBuf,
    aside: PathBuf,
    backup: PathBuf,
    pub(super) has_backup: bool,
    pub(super) device: Device,
    pub(super) key: SigningKey,
    pub(super) backend_key: VerifyingKey,
    pub(super) token: Option<String>,
    pub(super) sync: Option<RecordSync>,
    /// The request whose reply it waits for.
    pub(super) waits_for: Option<u64>,
    pub(super) kept: Vec<Kept>,
    /// Records of its own that are changed each time that they leave it.
    pub(super) poisoned: BTreeSet<RecordId>,
}

impl Tablet {
    pub(super) fn new(kit: &Kit, aside: PathBuf) -> Self {
        let (app, clock) = (kit.app.clone(), kit.clock.clone());
        app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
        let device = store_at(&kit.folder, &*clock).device().clone();
        let key = device.key().expect("a device has a key");
        let backend_key = public_key(&device.backend_key).expect("the backend's key");
        Self {
            app,
            clock,
            folder: kit.folder.clone(),
            backup: aside.with_extension("backup"),
            aside,
            has_backup: false,
            device,
            key,
            backend_key,
            token: None,
            sync: None,
            waits_for: None,
            kept: Vec::new(),
            poisoned: BTreeSet::new(),
        }
    }

    /// Its storage as the sync sees it.
    pub(super) fn replica(&self) -> AppReplica<'_> {
        self.app.replica().expect("the app is open")
    }

    /// An original that it has.
    pub(super) fn original(&self, sha256: &Digest) -> Result<Vec<u8>, AppError> {
        self.replica().photo(sha256)?()
    }

    /// Its storage, opened beside the app.
    pub(super) fn store(&self) -> Store {
        store_at(&self.folder, &*self.clock)
    }

    /// Does something; dies at a commit of it when that is given, and then comes back with the files of that moment.
    pub(super) fn does<T>(&mut self, dies: Option<(u32, Moment)>, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let database = self.folder.join("veldboek.db");
        if let Some((passes, moment)) = dies {
            let (from, to) = (self.folder.clone(), self.aside.clone());
            arm(&database, passes, moment, move || files::copy(&from, &to));
        }
        let done = unless_it_dies(|| work(self));
        disarm(&database);
        if done.is_none() {
            self.come_back();
        }
        done
    }

    /// Is killed between two things that it does.
    pub(super) fn is_killed(&mut self) {
        files::copy(&self.folder, &self.aside);
        self.come_back();
    }

    /// Somebody makes a backup of its files while it works.
    pub(super) fn is_backed_up(&mut self) {
        files::copy(&self.folder, &self.backup);
        self.has_backup = true;
    }

    /// Comes back with the files of its backup.
    pub(super) fn is_restored(&mut self) {
        files::copy(&self.backup, &self.aside);
        self.has_backup = false;
        self.come_back();
    }

    /// Opens what was laid aside in the place of its folder. Nothing that was in memory is left.
    fn come_back(&mut self) {
        self.gives_up();
        self.app.lock(Nothing {}).expect("an app can be locked");
        files::put_in_place(&self.aside, &self.folder);
        self.unlocks();
    }

    pub(super) fn unlocks(&self) {
        self.app.unlock(Unlock { secret: SECRET.to_owned() }).expect("what is on disk opens");
    }

    /// No answer in time, or the app ended.
    pub(super) fn gives_up(&mut self) {
        self.sync = None;
        self.waits_for = None;
    }
}

fn store_at(folder: &std::path::Path, clock: &dyn Clock) -> Store {
    let mut keys = KeyFile::load(folder).expect("it belongs to somebody");
    let key = keys.unlock(folder, SECRET, None, clock).expect("the secret is right");
    Store::open(folder, &key).expect("its database can be opened")
}
