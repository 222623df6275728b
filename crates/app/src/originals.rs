//! The originals of photos on their way: how far and how fast, what holds them, and one that somebody wants to see now.

use std::collections::{BTreeSet, HashMap};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use veldboek_domain::Digest;
use veldboek_sync::SyncError;
use veldboek_sync::http::Backend;
use veldboek_sync::photos::{Backoff, OnProgress, PhotoOutcome, fetch_photo, fetch_photos, send_photos};
use veldboek_sync::problem::HttpError;

use crate::api::{Event, FetchPhoto, Nothing, PhotoArrival, PhotosHeld};
use crate::app::{App, lock};
use crate::error::AppError;
use crate::replica::AppReplica;

/// How often screens hear how far photos are, and the app looks whether they may still go.
const TELL_EVERY: Duration = Duration::from_millis(500);
/// Over how long a photo's speed is taken.
const SPEED_OVER: Duration = Duration::from_secs(1);

/// Photos on their way, by their names.
pub(crate) type UnderWay = Arc<Mutex<HashMap<Digest, Moving>>>;

/// How far one photo is, and how fast it goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moving {
    pub(crate) bytes: u64,
    pub(crate) per_second: u64,
    /// Where and when the present measurement of speed began.
    from: u64,
    since: Instant,
}

impl Moving {
    pub(crate) fn begun(bytes: u64, now: Instant) -> Self {
        Self { bytes, per_second: 0, from: bytes, since: now }
    }

    /// It is this far now; after a cut that may be less far than before.
    pub(crate) fn at(&mut self, bytes: u64, now: Instant) {
        if bytes < self.from {
            *self = Self::begun(bytes, now);
        }
        self.bytes = bytes;
        let took = now.saturating_duration_since(self.since);
        if took >= SPEED_OVER {
            self.per_second = per_second(bytes - self.from, took);
            (self.from, self.since) = (bytes, now);
        }
    }
}

impl App {
    /// Why originals wait; none when they may go.
    pub(crate) fn photos_held(&self) -> Result<Option<PhotosHeld>, AppError> {
        let settings = self.settings(Nothing {})?;
        let metered = || self.config.connection.as_ref().is_some_and(|connection| connection.is_metered());
        Ok(match () {
            () if settings.photos_paused => Some(PhotosHeld::Paused),
            () if !settings.photos_on_mobile_data && metered() => Some(PhotosHeld::Metered),
            () => None,
        })
    }

    /// Carries originals both ways, for as long as nothing holds them. What stands in the way comes back.
    pub(crate) async fn carry_originals(
        &self,
        backend: &Backend,
        replica: &mut AppReplica<'_>,
    ) -> Result<Option<HttpError>, SyncError<AppError>> {
        let work = async {
            let began = Instant::now();
            let waiter = self.photo_waiter();
            let sent = send_photos(backend, replica, &waiter, self.on_progress()).await?;
            self.note_speed(&sent, began.elapsed());
            let fetched = fetch_photos(backend, replica, &waiter, self.on_progress()).await?;
            // What just came from the backend is there: it gives its receipt for the asking, and no byte goes back.
            let asked = if sent.trouble.is_none() && !fetched.done.is_empty() {
                send_photos(backend, replica, &waiter, self.on_progress()).await?.trouble
            } else {
                None
            };
            Ok(sent.trouble.or(fetched.trouble).or(asked))
        };
        let ended = self.unless_held(work).await;
        lock(&lock(&self.sync).under_way).clear();
        ended
    }

    /// Works on, tells how far photos are, and stops when something holds them: what is on disk on the other side stays.
    async fn unless_held(
        &self,
        work: impl Future<Output = Result<Option<HttpError>, SyncError<AppError>>>,
    ) -> Result<Option<HttpError>, SyncError<AppError>> {
        let mut work = pin!(work);
        let mut told = 0;
        loop {
            if let Ok(ended) = tokio::time::timeout(TELL_EVERY, &mut work).await {
                return ended;
            }
            if self.photos_held().map_err(SyncError::Replica)?.is_some() {
                return Ok(None);
            }
            let moved = lock(&lock(&self.sync).under_way).values().map(|moving| moving.bytes).sum();
            if std::mem::replace(&mut told, moved) != moved {
                let line = self.sync_line().map_err(SyncError::Replica)?;
                self.tell(&Event::Sync { line });
            }
        }
    }

    /// Fetches the original of a photo that somebody wants to see, ahead of all others and whatever holds those: it was
    /// asked for. Waits for the network.
    ///
    /// # Errors
    /// [`AppError::NotFound`], a failure of the device's own storage, or what stands between it and the backend.
    pub fn fetch_photo(&self, request: FetchPhoto) -> Result<PhotoArrival, AppError> {
        let row = self.with(|session| Ok(session.store.photo_row(request.item)?))?;
        let row = row.ok_or(AppError::NotFound("photo"))?;
        if row.here {
            return Ok(PhotoArrival::Here);
        }
        if row.local {
            return Ok(PhotoArrival::NotYet);
        }
        let photo = AppReplica::waiting(row);
        let moves = lock(&lock(&self.sync).under_way).contains_key(&photo.sha256);
        if moves || !lock(&self.sync).by_hand.insert(photo.sha256) {
            return Ok(PhotoArrival::Coming);
        }
        let device = self.with(|session| Ok(session.store.device().id));
        let fetched = device.and_then(|device| {
            let backend = self.backend()?;
            let mut replica = AppReplica::new(self, device);
            let waiter = self.photo_waiter();
            let fetch = fetch_photo(&backend, &mut replica, &photo, &waiter, Arc::new(|_| ()));
            let fetched = self.engine.block_on(fetch);
            self.tell_touched(&mut replica);
            fetched.map_err(failure)
        });
        lock(&self.sync).by_hand.remove(&photo.sha256);
        arrival(fetched?)
    }

    /// Photos that are fetched because somebody asked for them: the background leaves them alone.
    pub(crate) fn fetched_by_hand(&self) -> BTreeSet<Digest> {
        lock(&self.sync).by_hand.clone()
    }

    fn photo_waiter(&self) -> Backoff {
        let entropy = Arc::clone(&self.config.entropy);
        Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(8), entropy }
    }

    fn on_progress(&self) -> OnProgress {
        let under_way = Arc::clone(&lock(&self.sync).under_way);
        Arc::new(move |progress| {
            let now = Instant::now();
            let mut under_way = lock(&under_way);
            under_way
                .entry(progress.sha256)
                .or_insert_with(|| Moving::begun(progress.bytes, now))
                .at(progress.bytes, now);
        })
    }

    fn note_speed(&self, sent: &PhotoOutcome, took: Duration) {
        if sent.bytes > 0 {
            lock(&self.sync).bytes_per_second = per_second(sent.bytes, took);
        }
    }
}

fn failure(error: SyncError<AppError>) -> AppError {
    match error {
        SyncError::Replica(error) => error,
        SyncError::Backend(error) => error.into(),
        SyncError::Fault(fault) => AppError::Internal(fault.to_string()),
    }
}

fn arrival(outcome: PhotoOutcome) -> Result<PhotoArrival, AppError> {
    match outcome.trouble {
        // The backend does not have it, or not for this person yet.
        Some(error) if error.status() == Some(404) => Ok(PhotoArrival::NotYet),
        Some(error) => Err(error.into()),
        None if outcome.done.is_empty() => Ok(PhotoArrival::NotYet),
        None => Ok(PhotoArrival::Here),
    }
}

fn per_second(bytes: u64, took: Duration) -> u64 {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    bytes.saturating_mul(1000) / millis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photos_speed_is_that_of_the_last_second_and_a_cut_begins_anew() {
        let began = Instant::now();
        let later = |millis| began + Duration::from_millis(millis);
        let mut moving = Moving::begun(1_000_000, began);
        moving.at(1_400_000, later(400));
        assert_eq!((moving.bytes, moving.per_second), (1_400_000, 0), "too short to say");
        moving.at(3_000_000, later(2000));
        assert_eq!(moving.per_second, 1_000_000);
        moving.at(3_100_000, later(4000));
        assert_eq!(moving.per_second, 50_000);
        moving.at(2_000_000, later(4100));
        assert_eq!((moving.bytes, moving.per_second), (2_000_000, 0));
    }
}
