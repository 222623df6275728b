//! Sends until a server has everything: begins the upload or goes on where it stands, as often as the line breaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use reqwest::Url;
use veldboek_domain::Digest;

use super::{Answer, Carrier, Pace, Upload, append, create, stand};
use crate::http::is_gone;
use crate::problem::HttpError;
use crate::wait::Waiter;

/// How often something is tried.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Tries in a row by which not a single byte more arrived.
    pub fruitless: u32,
    /// Times that everything arrived and was refused as a whole.
    pub damaged: u32,
}

/// Why a server does not have everything.
#[derive(Debug)]
pub enum Unsent {
    /// It refused the whole again and again: it found other bytes than were announced (HTTP status 422).
    Damaged,
    /// It takes nothing of this size.
    TooLarge,
    /// It refused what was said of the upload; trying again brings nothing.
    Refused(HttpError),
    /// Trying again now brings nothing.
    Error(HttpError),
    /// The caller wanted no more tries.
    Stopped,
}

/// Told as the connection takes bytes: the place behind them, and how many they were.
pub type Told = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Bytes on their way to a server.
pub struct Sending<'a, C, W> {
    /// What carries the requests.
    pub carrier: &'a C,
    /// How long to wait between tries.
    pub waiter: &'a W,
    /// How much one request carries.
    pub pace: &'a Pace,
    /// No more tries once this is true.
    pub stop: &'a AtomicBool,
    /// Where uploads begin.
    pub endpoint: Url,
    /// What is said of the upload at its beginning.
    pub metadata: Vec<(&'a str, String)>,
    /// Everything that is to be there.
    pub bytes: Bytes,
    /// The SHA-256 of all of it.
    pub sha256: Digest,
    /// Whether requests carry a checksum: an extension that a server must offer.
    pub checksums: bool,
    /// How often it is tried.
    pub limits: Limits,
    /// Told as it goes.
    pub told: Told,
}

/// Whether tries still bring something: they are bounded as long as nothing more arrives.
#[derive(Default)]
struct Reach {
    furthest: u64,
    fruitless: u32,
    damaged: u32,
}

impl Reach {
    fn note(&mut self, offset: u64) {
        if offset > self.furthest {
            (self.furthest, self.fruitless) = (offset, 0);
        }
    }
}

impl<C: Carrier, W: Waiter> Sending<'_, C, W> {
    /// Sends until `ends` finds in an answer that everything is there and well, and gives what it found. `begun` is an
    /// upload of these bytes that the server knows already.
    ///
    /// # Errors
    /// [`Unsent`]. Tries are bounded as long as nothing more arrives; every byte that does gives new ones.
    pub async fn until<D>(
        &self,
        mut begun: Option<Upload>,
        ends: impl Fn(&Answer) -> Result<Option<D>, HttpError> + Sync,
    ) -> Result<D, Unsent>
    where
        D: Send,
    {
        let mut reach = Reach::default();
        while !self.stop.load(Ordering::Relaxed) {
            let before = reach.furthest;
            let error = match self.try_once(&mut begun, &mut reach, &ends).await {
                Ok(Some(found)) => return Ok(found),
                // One part of it went well: on with the next.
                Ok(None) if reach.furthest > before => continue,
                Ok(None) => HttpError::Unreadable { status: 204 },
                Err(error) => self.after(error, &mut begun, &mut reach)?,
            };
            reach.fruitless += 1;
            if reach.fruitless > self.limits.fruitless {
                return Err(Unsent::Error(error));
            }
            // Also after a cut that cost nothing: asking at once would take the upload from the request that broke
            // before the server has written down what came with it.
            self.waiter.wait(reach.fruitless).await;
        }
        Err(Unsent::Stopped)
    }

    /// Begins the upload or asks where it stands, and sends the next part.
    async fn try_once<D>(
        &self,
        begun: &mut Option<Upload>,
        reach: &mut Reach,
        ends: &(impl Fn(&Answer) -> Result<Option<D>, HttpError> + Sync),
    ) -> Result<Option<D>, HttpError> {
        let upload = match begun {
            Some(upload) => upload,
            None => {
                let length = self.bytes.len() as u64;
                let (upload, answer) = create(self.carrier, &self.endpoint, length, &self.metadata).await?;
                let upload = begun.insert(upload);
                if let Some(found) = ends(&answer)? {
                    return Ok(Some(found));
                }
                upload
            }
        };
        let offset = match upload.offset {
            Some(offset) => offset,
            None => {
                let answer = stand(self.carrier, &upload.url).await?;
                if let Some(found) = ends(&answer)? {
                    return Ok(Some(found));
                }
                answer.offset
            }
        };
        reach.note(offset);
        let part = self.part(offset);
        let (told, size) = (Arc::clone(&self.told), part.len() as u64);
        let told = move |sent, slice| told(offset + sent, slice);
        // Until the answer says otherwise, where it stands is to be asked.
        upload.offset = None;
        let sent = append(self.carrier, &upload.url, offset, part.clone(), self.checksum(&part), told).await;
        let answer = sent.inspect_err(|error| self.note_cut(error, size))?;
        self.pace.went_well(size);
        upload.offset = Some(answer.offset);
        reach.note(answer.offset);
        ends(&answer)
    }

    /// The bytes of the next request.
    fn part(&self, offset: u64) -> Bytes {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.bytes.len());
        let left = (self.bytes.len() as u64).saturating_sub(offset);
        self.bytes.slice(place(offset)..place(offset + self.pace.of(left)))
    }

    /// The checksum of a part. Of the whole it is known already.
    fn checksum(&self, part: &Bytes) -> Option<[u8; 32]> {
        let whole = part.len() == self.bytes.len();
        self.checksums.then(|| if whole { self.sha256.0 } else { Digest::of(part).0 })
    }

    /// A line that broke, or that changed bytes, bears less; so does a gateway that says that the request is too large.
    fn note_cut(&self, error: &HttpError, size: u64) {
        if error.is_passing() || matches!(error.status(), Some(413 | 460)) {
            self.pace.was_cut(size);
        }
    }

    /// What an error means for the next try; an `Err` when there is none.
    fn after(&self, error: HttpError, begun: &mut Option<Upload>, reach: &mut Reach) -> Result<HttpError, Unsent> {
        if let Some(upload) = begun {
            upload.offset = None;
        }
        if is_gone(&error) {
            *begun = None;
            return Ok(error);
        }
        let in_words = matches!(error, HttpError::Problem(_));
        match error.status() {
            // The server stands elsewhere than thought, or a part was damaged on the way and not kept.
            Some(409 | 460) => Ok(error),
            // All bytes arrived, and they are not what was announced: the upload is gone.
            Some(422) if in_words => {
                *begun = None;
                reach.damaged += 1;
                reach.furthest = 0;
                if reach.damaged < self.limits.damaged { Ok(error) } else { Err(Unsent::Damaged) }
            }
            // Nothing of this size can begin; once it has begun, it is one request that something on the way finds too
            // large, and the next is smaller.
            Some(413) if begun.is_none() => Err(Unsent::TooLarge),
            Some(413) => Ok(error),
            Some(400 | 415) => Err(Unsent::Refused(error)),
            _ if error.is_passing() => Ok(error),
            _ => Err(Unsent::Error(error)),
        }
    }
}
