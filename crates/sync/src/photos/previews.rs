//! Small versions: they go ahead of the originals, so that a team sees a photo minutes before all of it is there. They are
//! copies for looking: nothing vouches for them, and an original that comes takes their place.

use std::sync::{Mutex, PoisonError};

use futures_util::{StreamExt, stream};
use reqwest::{Method, Url};
use veldboek_domain::Digest;

use super::{PARALLEL, STATES, lock};
use crate::client::Replica;
use crate::http::Backend;
use crate::line::Ask;
use crate::problem::HttpError;
use crate::rounds::SyncError;
use crate::wire::MAX_PREVIEW_BYTES;

const JPEG: &str = "image/jpeg";

/// How a round of small versions ended.
#[derive(Debug, Default)]
pub struct PreviewOutcome {
    /// Those that are now on the other side.
    pub done: Vec<Digest>,
    /// The first thing that stood in the way of others.
    pub trouble: Option<HttpError>,
}

/// Sends the small version of every photo of this device that the backend does not have, then fetches those that it has
/// and this device has not.
///
/// # Errors
/// The storage's failures. What the network does is in the outcome.
pub async fn carry_previews<R: Replica + Send>(
    backend: &Backend,
    replica: &mut R,
) -> Result<PreviewOutcome, SyncError<R::Error>>
where
    R::Error: Send,
{
    let (waiting, missing) = match (replica.previews_waiting(), replica.previews_missing()) {
        (Ok(waiting), Ok(missing)) => (waiting, missing),
        (Err(error), _) | (_, Err(error)) => return Err(SyncError::Replica(error)),
    };
    let round = Round { backend, replica: Mutex::new(replica), outcome: Mutex::default(), failure: Mutex::new(None) };
    stream::iter(&waiting).for_each_concurrent(PARALLEL, |photo| round.carry(photo, true)).await;
    for photos in missing.chunks(STATES) {
        match backend.photo_states(photos).await {
            Ok(reply) => {
                let there = photos.iter().filter(|photo| reply.previews.contains(photo));
                stream::iter(there).for_each_concurrent(PARALLEL, |photo| round.carry(photo, false)).await;
            }
            Err(error) => round.note(error),
        }
    }
    let failure = round.failure.into_inner().unwrap_or_else(PoisonError::into_inner);
    let outcome = round.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
    failure.map_or(Ok(outcome), |error| Err(SyncError::Replica(error)))
}

struct Round<'a, R: Replica> {
    backend: &'a Backend,
    replica: Mutex<&'a mut R>,
    outcome: Mutex<PreviewOutcome>,
    failure: Mutex<Option<R::Error>>,
}

impl<R: Replica> Round<'_, R> {
    async fn carry(&self, photo: &Digest, up: bool) {
        // Small versions are a courtesy: the first thing that goes wrong leaves the rest for a next time.
        if lock(&self.outcome).trouble.is_some() || lock(&self.failure).is_some() {
            return;
        }
        match if up { self.send(photo).await } else { self.fetch(photo).await } {
            Ok(Ok(())) => lock(&self.outcome).done.push(*photo),
            Ok(Err(error)) => drop(lock(&self.failure).get_or_insert(error)),
            // The backend does not want this one: others go on.
            Err(error) if error.status().is_some_and(|status| (400..429).contains(&status)) => {}
            Err(error) => self.note(error),
        }
    }

    async fn send(&self, photo: &Digest) -> Result<Result<(), R::Error>, HttpError> {
        let jpeg = match lock(&self.replica).preview(photo) {
            Ok(Some(jpeg)) if jpeg.len() <= MAX_PREVIEW_BYTES => jpeg,
            Ok(_) => return Ok(lock(&self.replica).preview_sent(photo)),
            Err(error) => return Ok(Err(error)),
        };
        let ask = Ask::new(Method::PUT, self.address(photo)?).body(JPEG, jpeg);
        self.backend.ask(&ask).await?;
        Ok(lock(&self.replica).preview_sent(photo))
    }

    async fn fetch(&self, photo: &Digest) -> Result<Result<(), R::Error>, HttpError> {
        let response = self.backend.ask(&Ask::new(Method::GET, self.address(photo)?)).await?;
        let jpeg = self.backend.line().read(response, MAX_PREVIEW_BYTES).await?;
        Ok(lock(&self.replica).receive_preview(photo, &jpeg))
    }

    fn address(&self, photo: &Digest) -> Result<Url, HttpError> {
        self.backend.url(&format!("v1/fotos/{photo}/voorbeeld"))
    }

    fn note(&self, error: HttpError) {
        lock(&self.outcome).trouble.get_or_insert(error);
    }
}
