//! Carries photos: up by the tus 1.0 protocol, down with ranges. A cut costs what the backend had not yet on disk, and a
//! photo that does not hold is set apart while the others go on.
//!
//! - `upload`: one photo up. `download`: one photo down. `previews`: small versions, ahead of both.

mod download;
mod previews;
mod upload;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;
use veldboek_domain::Digest;

use crate::client::{Replica, ReplyFault, WaitingPhoto};
use crate::http::Backend;
use crate::problem::HttpError;
use crate::receipt::PhotoReceipt;
use crate::rounds::SyncError;
use crate::tus::Limits;
use crate::wire::PhotoState;

pub use self::previews::{PreviewOutcome, carry_previews};
pub use crate::wait::{Backoff, Waiter};

/// How many photos go over the line at the same time: while one waits for the other side's disk and answer, another uses
/// the line. More than two bring nothing on a good line and share a bad one, so that none of them comes through.
const PARALLEL: usize = 2;
/// How many photos more are decrypted and ready, so that the line does not wait for the device.
const AHEAD: usize = 1;
/// How often one photo is tried.
const LIMITS: Limits = Limits { fruitless: 6, damaged: 3 };
/// How many photos are asked after at once.
const STATES: usize = 256;

/// How far one photo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoProgress {
    /// The photo.
    pub sha256: Digest,
    /// Bytes handed to the connection or received, those before a cut included.
    pub bytes: u64,
    /// The photo's size in bytes.
    pub of: u64,
}

/// Told as a photo moves. It may go back after a cut.
pub type OnProgress = Arc<dyn Fn(PhotoProgress) + Send + Sync>;

/// Why a photo was set apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoRefusal {
    /// The bytes on this device are no longer those of the photo.
    #[error("the bytes on this device no longer have the photo's hash")]
    Rotten,
    /// Larger than a photo may be.
    #[error("the photo is larger than a photo may be")]
    TooLarge,
    /// The other side found another hash, also after sending it again from the beginning.
    #[error("the photo's hash was not equal after it was carried over")]
    Hash,
    /// The backend refused it, with this code from its catalogue.
    #[error("the backend refused the photo: {0}")]
    Refused(String),
}

impl PhotoRefusal {
    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Rotten => "rotten",
            Self::TooLarge => "too_large",
            Self::Hash => "hash",
            Self::Refused(code) => code,
        }
    }
}

/// How a round of photos ended.
#[derive(Debug, Default)]
pub struct PhotoOutcome {
    /// Photos that are now on the other side, on disk, with an equal hash.
    pub done: Vec<Digest>,
    /// Photos that were set apart, each with its reason.
    pub set_apart: Vec<(Digest, PhotoRefusal)>,
    /// Photos for a next time.
    pub later: Vec<Digest>,
    /// The first thing that stood in the way of those.
    pub trouble: Option<HttpError>,
    /// Bytes of photos handed to the connection or received, those sent again included. After a cut not all of them
    /// may have left the device.
    pub bytes: u64,
}

/// Sends every photo of this device that has no receipt, oldest first, two at a time, while the next one is decrypted.
///
/// # Errors
/// The storage's failures, and a receipt that does not hold. What the network does is in the outcome.
pub async fn send_photos<R: Replica + Send, W: Waiter>(
    backend: &Backend,
    replica: &mut R,
    waiter: &W,
    progress: OnProgress,
) -> Result<PhotoOutcome, SyncError<R::Error>>
where
    R::Error: Send + 'static,
{
    let waiting = replica.photos_waiting().map_err(SyncError::Replica)?;
    let round = Round::new(backend, replica, waiter, progress);
    for photos in waiting.chunks(STATES) {
        let names: Vec<Digest> = photos.iter().map(|photo| photo.sha256).collect();
        let mut states = match backend.photo_states(&names).await {
            Ok(reply) => reply.photos,
            Err(error) => {
                round.put_off(names, Some(error));
                continue;
            }
        };
        let photos = photos.iter().map(|photo| (photo, states.remove(&photo.sha256.to_string())));
        let photos: Vec<(&WaitingPhoto, PhotoState)> =
            photos.map(|(photo, state)| (photo, state.unwrap_or(PhotoState::Absent))).collect();
        stream::iter(photos).for_each_concurrent(PARALLEL + AHEAD, |(photo, state)| round.send(photo, state)).await;
    }
    round.end()
}

/// Fetches every photo that records name, that is not on this device and that the backend has, two at a time.
///
/// # Errors
/// The storage's failures. What the network does is in the outcome.
pub async fn fetch_photos<R: Replica + Send, W: Waiter>(
    backend: &Backend,
    replica: &mut R,
    waiter: &W,
    progress: OnProgress,
) -> Result<PhotoOutcome, SyncError<R::Error>>
where
    R::Error: Send,
{
    let missing = replica.photos_missing().map_err(SyncError::Replica)?;
    let round = Round::new(backend, replica, waiter, progress);
    for photos in missing.chunks(STATES) {
        let names: Vec<Digest> = photos.iter().map(|photo| photo.sha256).collect();
        let states = match backend.photo_states(&names).await {
            Ok(reply) => reply.photos,
            Err(error) => {
                round.put_off(names, Some(error));
                continue;
            }
        };
        let is_there =
            |photo: &WaitingPhoto| matches!(states.get(&photo.sha256.to_string()), Some(PhotoState::Complete { .. }));
        let (there, later): (Vec<_>, Vec<_>) = photos.iter().partition(|photo| is_there(photo));
        round.put_off(later.iter().map(|photo| photo.sha256), None);
        stream::iter(there).for_each_concurrent(PARALLEL, |photo| round.fetch(photo)).await;
    }
    round.end()
}

/// Fetches one photo, ahead of all others: somebody wants to look at it.
///
/// # Errors
/// The storage's failures. What the network does is in the outcome; [`PhotoOutcome::later`] without trouble means that the
/// backend does not have it yet.
pub async fn fetch_photo<R: Replica + Send, W: Waiter>(
    backend: &Backend,
    replica: &mut R,
    photo: &WaitingPhoto,
    waiter: &W,
    progress: OnProgress,
) -> Result<PhotoOutcome, SyncError<R::Error>>
where
    R::Error: Send,
{
    let round = Round::new(backend, replica, waiter, progress);
    round.fetch(photo).await;
    round.end()
}

/// Why one photo did not come over.
enum Stop {
    /// It is set apart; the others go on.
    Apart(PhotoRefusal),
    /// A next time; the others go on.
    Later(HttpError),
    /// A next time, and the others need not be tried now.
    Down(HttpError),
    /// Another photo found that the round is over.
    Interrupted,
    /// The backend's answer does not hold.
    Fault(ReplyFault),
}

impl Stop {
    /// What an error means that trying again now does not mend.
    fn of(error: HttpError) -> Self {
        match error {
            HttpError::Problem(ref problem) if problem.status < 500 && problem.status != 429 => Self::Later(error),
            error => Self::Down(error),
        }
    }
}

/// What the photos of one round share.
struct Round<'a, R: Replica, W> {
    backend: &'a Backend,
    waiter: &'a W,
    progress: OnProgress,
    replica: Mutex<&'a mut R>,
    /// Places on the line.
    line: Semaphore,
    found: Mutex<Found<R::Error>>,
    /// Bytes handed to the connection or received.
    bytes: Arc<AtomicU64>,
    down: AtomicBool,
}

struct Found<E> {
    outcome: PhotoOutcome,
    failure: Option<SyncError<E>>,
}

impl<'a, R: Replica, W: Waiter> Round<'a, R, W> {
    fn new(backend: &'a Backend, replica: &'a mut R, waiter: &'a W, progress: OnProgress) -> Self {
        Self {
            backend,
            waiter,
            progress,
            replica: Mutex::new(replica),
            line: Semaphore::new(PARALLEL),
            found: Mutex::new(Found { outcome: PhotoOutcome::default(), failure: None }),
            bytes: Arc::default(),
            down: AtomicBool::new(false),
        }
    }

    fn checked(&self, photo: &WaitingPhoto, receipt: PhotoReceipt) -> Result<PhotoReceipt, Stop> {
        let holds = receipt.sha256 == photo.sha256
            && receipt.bytes == photo.bytes
            && receipt.verify(self.backend.backend_key());
        if holds { Ok(receipt) } else { Err(Stop::Fault(ReplyFault::PhotoReceipt(photo.sha256))) }
    }

    async fn fetch(&self, photo: &WaitingPhoto) {
        if self.is_down() {
            return self.put_off([photo.sha256], None);
        }
        match self.download(photo).await {
            Ok(bytes) => {
                let kept = lock(&self.replica).receive_photo(&photo.sha256, &bytes);
                self.note_kept(photo, kept);
            }
            Err(stop) => self.note_stop(photo, stop, false),
        }
    }

    fn note_kept(&self, photo: &WaitingPhoto, kept: Result<(), R::Error>) {
        match kept {
            Ok(()) => lock(&self.found).outcome.done.push(photo.sha256),
            Err(error) => self.fail(SyncError::Replica(error)),
        }
    }

    fn note_stop(&self, photo: &WaitingPhoto, stop: Stop, ours: bool) {
        match stop {
            Stop::Apart(refusal) => {
                // A photo of somebody else's that does not come over whole is not ours to set apart: it may come later.
                if ours && let Err(error) = lock(&self.replica).quarantine_photo(&photo.sha256, refusal.code()) {
                    self.fail(SyncError::Replica(error));
                }
                lock(&self.found).outcome.set_apart.push((photo.sha256, refusal));
            }
            Stop::Later(error) => self.put_off([photo.sha256], Some(error)),
            Stop::Down(error) => {
                self.down.store(true, Ordering::Relaxed);
                self.put_off([photo.sha256], Some(error));
            }
            Stop::Interrupted => self.put_off([photo.sha256], None),
            Stop::Fault(fault) => self.fail(SyncError::Fault(fault)),
        }
    }

    fn put_off(&self, photos: impl IntoIterator<Item = Digest>, error: Option<HttpError>) {
        let outcome = &mut lock(&self.found).outcome;
        outcome.later.extend(photos);
        if outcome.trouble.is_none() {
            outcome.trouble = error;
        }
    }

    /// Notes a failure that ends the round.
    fn fail(&self, failure: SyncError<R::Error>) {
        self.down.store(true, Ordering::Relaxed);
        lock(&self.found).failure.get_or_insert(failure);
    }

    fn is_down(&self) -> bool {
        self.down.load(Ordering::Relaxed)
    }

    fn end(self) -> Result<PhotoOutcome, SyncError<R::Error>> {
        let found = self.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        match found.failure {
            Some(failure) => Err(failure),
            None => Ok(PhotoOutcome { bytes: self.bytes.load(Ordering::Relaxed), ..found.outcome }),
        }
    }
}

/// Each holder only notes one thing, so what a panicking one left is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
