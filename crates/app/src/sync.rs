//! Running the sync: on demand, and in the background while the app is unlocked.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use veldboek_domain::{DeviceId, Digest, Entropy};
use veldboek_sync::http::Backend;
use veldboek_sync::photos::carry_previews;
use veldboek_sync::problem::HttpError;
use veldboek_sync::receipt::public_key;
use veldboek_sync::{SyncError, run_sync};

use crate::api::{Event, Nothing, PhotosHeld, SyncPhase, SyncProblem, SyncView};
use crate::app::{App, lock};
use crate::counts;
use crate::error::{AppError, backend_code};
use crate::originals::UnderWay;
use crate::presence;
use crate::replica::AppReplica;

/// How long the background waits after a sync that went well, and at least after one that did not.
const CALM: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// Typing is bundled for this long before it is sent.
const BUNDLE: Duration = Duration::from_millis(700);

/// What the sync did last and does now.
#[derive(Default)]
pub(crate) struct SyncState {
    pub(crate) phase: SyncPhase,
    pub(crate) problem: Option<SyncProblem>,
    pub(crate) tried_at: Option<DateTime<FixedOffset>>,
    pub(crate) received_at: Option<DateTime<FixedOffset>>,
    pub(crate) under_way: UnderWay,
    /// Photos that somebody asked for and that are being fetched.
    pub(crate) by_hand: BTreeSet<Digest>,
    pub(crate) bytes_per_second: u64,
    /// By how many seconds this device's clock is ahead of the backend's, when that is more than a little.
    pub(crate) clock_off: Option<i64>,
    /// Whether the backend told which devices the team has, since the app began.
    knows_team: bool,
    backend: Option<(DeviceId, Arc<Backend>)>,
}

/// What drives the network: one thread for the whole app, so that a connection lives on from sync to sync.
pub(crate) struct Engine(Option<tokio::runtime::Runtime>);

impl Engine {
    pub(crate) fn start() -> Result<Self, AppError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|error| AppError::Internal(error.to_string()))
    }

    pub(crate) fn handle(&self) -> tokio::runtime::Handle {
        self.0.as_ref().expect("the engine runs until it is dropped").handle().clone()
    }

    /// Runs a future beside everything else.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.handle().spawn(future));
    }

    /// Runs a future to its end. The caller's thread must not drive another runtime.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.handle().block_on(future)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The last holder of the app may be the background itself, where waiting is not allowed.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl App {
    /// Syncs now and returns when records and photos are through, or with what stands in the way as the view's problem.
    ///
    /// # Errors
    /// A failure of the device's own storage.
    pub fn sync_now(&self, _: Nothing) -> Result<SyncView, AppError> {
        self.engine.block_on(self.sync_round())?;
        self.sync_state(Nothing {})
    }

    /// Syncs in the background from here on, as long as the app lives: after every change, when the backend announces
    /// something, and otherwise at a polite interval.
    pub fn start_background_sync(self: &Arc<Self>) {
        let (app, handle) = (Arc::downgrade(self), self.engine.handle());
        let spawned = std::thread::Builder::new()
            .name("veldboek-sync".to_owned())
            .spawn(move || handle.block_on(background(app)));
        self.start_presence();
        if spawned.is_err() {
            lock(&self.sync).problem = Some(coded("internal"));
        }
    }

    /// One round: records, then photos. What the network does is in the state; only the device's own failures are errors.
    async fn sync_round(&self) -> Result<(), AppError> {
        let _alone = self.syncing.lock().await;
        let backend = self.backend()?;
        self.note_phase(SyncPhase::Busy, None)?;
        let device = self.with(|session| Ok(session.store.device().id))?;
        self.certify(&backend).await?;
        let knows_team = lock(&self.sync).knows_team;
        let mut replica = AppReplica::new(self, device);
        let ended = self.carry(&backend, &mut replica).await;
        self.tell_touched(&mut replica);
        // A changed controle may have another team.
        if ended.is_ok() && (!knows_team || replica.moved) {
            self.learn_cards(&backend).await?;
            lock(&self.sync).knows_team = true;
        }
        match self.clear_what_may_go() {
            Ok(()) | Err(AppError::Locked) => {}
            Err(error) => return Err(error),
        }
        let (phase, problem) = match ended {
            Ok(None) => (SyncPhase::Received, None),
            Ok(Some(error)) => phase_of(&error),
            Err(SyncError::Backend(error)) => phase_of(&error),
            Err(SyncError::Fault(_)) => (SyncPhase::Failed, Some(coded("untrue_reply"))),
            Err(SyncError::Replica(AppError::Locked)) => (SyncPhase::Idle, None),
            Err(SyncError::Replica(error)) => {
                self.note_phase(SyncPhase::Failed, Some(coded(error.code())))?;
                return Err(error);
            }
        };
        self.note_phase(phase, problem)
    }

    /// Tells for which controles something came.
    pub(crate) fn tell_touched(&self, replica: &mut AppReplica<'_>) {
        for inspection in std::mem::take(&mut replica.touched) {
            self.tell(&Event::InspectionChanged { inspection });
        }
    }

    /// Carries records and photos; what stands in the way of photos comes back as an error of the network.
    async fn carry(
        &self,
        backend: &Arc<Backend>,
        replica: &mut AppReplica<'_>,
    ) -> Result<Option<HttpError>, SyncError<AppError>> {
        let outcome = run_sync(backend, replica).await?;
        self.note_contact(backend, &outcome).map_err(SyncError::Replica)?;
        let counts = self.send_counts(backend).await.map_err(SyncError::Replica)?;
        let is_paused = || Ok(self.photos_held()? == Some(PhotosHeld::Paused));
        if !self.with(|session| Ok(session.store.has_unsettled_photos()?)).map_err(SyncError::Replica)?
            || is_paused().map_err(SyncError::Replica)?
        {
            return Ok(counts);
        }
        let previews = carry_previews(backend, replica).await?;
        self.tell_touched(replica);
        let trouble = previews.trouble.or(counts);
        if self.photos_held().map_err(SyncError::Replica)?.is_some() {
            return Ok(trouble);
        }
        Ok(self.carry_originals(backend, replica).await?.or(trouble))
    }

    /// Sends the counts of closed visits that stay here; what the network or the backend has against it comes back.
    async fn send_counts(&self, backend: &Backend) -> Result<Option<HttpError>, AppError> {
        let waiting = self.with(|session| counts::waiting(&session.store))?;
        for sent in waiting.0 {
            if let Err(error) = backend.send_counts(&sent).await {
                return Ok(Some(error));
            }
            self.with(|session| counts::received(&mut session.store, &sent))?;
        }
        Ok(None)
    }

    fn note_phase(&self, phase: SyncPhase, problem: Option<SyncProblem>) -> Result<(), AppError> {
        let now = self.config.clock.stamp().at;
        {
            let mut state = lock(&self.sync);
            state.phase = phase;
            state.problem = problem;
            state.tried_at = Some(now);
            if phase == SyncPhase::Received {
                state.received_at = Some(now);
            }
        }
        if !self.is_heard() {
            return Ok(());
        }
        match self.sync_line() {
            Ok(line) => self.tell(&Event::Sync { line }),
            Err(AppError::Locked) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The backend of this device; its session is kept from round to round.
    pub(crate) fn backend(&self) -> Result<Arc<Backend>, AppError> {
        let device = self.with(|session| Ok(session.store.device().clone()))?;
        let mut state = lock(&self.sync);
        if let Some((id, backend)) = &state.backend
            && *id == device.id
        {
            return Ok(Arc::clone(backend));
        }
        let key = public_key(&device.backend_key)
            .ok_or_else(|| AppError::Internal("the backend's key can't be read".to_owned()))?;
        let backend = Arc::new(Backend::new(&device.backend_address, device.id, device.key()?, key)?);
        state.backend = Some((device.id, Arc::clone(&backend)));
        Ok(backend)
    }
}

fn phase_of(error: &HttpError) -> (SyncPhase, Option<SyncProblem>) {
    let mut problem = coded(backend_code(error));
    let phase = match error {
        HttpError::Unreachable(_) | HttpError::Stalled(_) => SyncPhase::Offline,
        HttpError::SignedOut | HttpError::Blocked => SyncPhase::SignedOut,
        HttpError::Problem(said) => {
            problem.title = Some(said.title.clone());
            problem.detail = Some(said.detail.clone());
            SyncPhase::Failed
        }
        _ => SyncPhase::Failed,
    };
    (phase, Some(problem))
}

/// A problem for which the screen has words of its own.
fn coded(code: &str) -> SyncProblem {
    SyncProblem { code: code.to_owned(), title: None, detail: None }
}

async fn background(app: Weak<App>) {
    let mut pause = FIRST_PAUSE;
    while let Some(strong) = app.upgrade() {
        // While the app is locked there is nothing to read.
        let _ = strong.read_ahead();
        let went_well = match strong.sync_round().await {
            Ok(()) => lock(&strong.sync).phase == SyncPhase::Received,
            Err(_) => false,
        };
        pause = if went_well { CALM } else { (pause * 2).min(LONGEST_PAUSE) };
        let listening = if went_well { strong.backend().ok() } else { None };
        wait(&strong, listening, jitter(pause, &*strong.config.entropy)).await;
    }
}

/// Waits for a change on this device, an announcement of the backend, or the end of the pause.
async fn wait(app: &App, backend: Option<Arc<Backend>>, pause: Duration) {
    let announced = async {
        if let Some(backend) = backend
            && let Ok(mut announcements) = backend.events().await
        {
            while let Some(announcement) = announcements.recv().await {
                if announcement.event != presence::EVENT {
                    return;
                }
                app.attend.notify_one();
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = app.wake.notified() => tokio::time::sleep(BUNDLE).await,
        () = announced => {}
        () = tokio::time::sleep(pause) => {}
    }
}

/// Up to a quarter longer or shorter, so that tablets do not all come at once.
fn jitter(pause: Duration, entropy: &dyn Entropy) -> Duration {
    let mut random = [0u8; 1];
    entropy.fill(&mut random);
    pause.mul_f64(0.75 + f64::from(random[0]) / 512.0)
}
