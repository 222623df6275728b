//! One photo down: goes on where a cut or a kill left it, and gives nothing whose hash is not the one asked for.

use std::sync::atomic::Ordering;

use reqwest::header::{CONTENT_RANGE, HeaderMap, HeaderValue, RANGE};
use reqwest::{Method, StatusCode};
use veldboek_domain::Digest;

use super::{LIMITS, PhotoProgress, PhotoRefusal, Round, Stop, Waiter, lock};
use crate::client::{Replica, WaitingPhoto};
use crate::line::Ask;
use crate::problem::HttpError;
use crate::rounds::SyncError;
use crate::wire::MAX_PHOTO_BYTES;

/// How much is in memory alone before it is kept: what a kill costs at most, in bytes.
const PART: usize = 1024 * 1024;

/// A photo that is coming.
struct Coming {
    bytes: Vec<u8>,
    /// How many of them are kept as parts.
    kept: usize,
}

/// Why reading ended before the photo did.
enum Broken {
    Line(HttpError),
    Stop(Stop),
}

impl From<HttpError> for Broken {
    fn from(error: HttpError) -> Self {
        Self::Line(error)
    }
}

impl<R: Replica, W: Waiter> Round<'_, R, W> {
    /// Fetches a photo until its bytes have its hash.
    pub(super) async fn download(&self, photo: &WaitingPhoto) -> Result<Vec<u8>, Stop> {
        let bytes = self.local(|replica| replica.photo_parts(&photo.sha256))?;
        let mut coming = Coming { kept: bytes.len(), bytes };
        let (mut furthest, mut fruitless, mut damaged) = (0, 0, 0);
        loop {
            let error = match self.read_on(photo, &mut coming).await {
                Ok(()) if Digest::of(&coming.bytes) == photo.sha256 => return Ok(coming.bytes),
                Ok(()) => {
                    damaged += 1;
                    self.begin_again(photo, &mut coming)?;
                    if damaged == LIMITS.damaged {
                        return Err(Stop::Apart(PhotoRefusal::Hash));
                    }
                    continue;
                }
                Err(Broken::Stop(stop)) => return Err(stop),
                Err(Broken::Line(error)) if error.is_passing() => error,
                Err(Broken::Line(error)) => return Err(Stop::of(error)),
            };
            if self.is_down() {
                return Err(Stop::Interrupted);
            }
            if coming.bytes.len() > furthest {
                (furthest, fruitless) = (coming.bytes.len(), 0);
                continue;
            }
            fruitless += 1;
            if fruitless > LIMITS.fruitless {
                return Err(Stop::of(error));
            }
            self.waiter.wait(fruitless).await;
        }
    }

    /// Reads on behind the bytes that came before, or from the beginning when the backend does not go on there.
    async fn read_on(&self, photo: &WaitingPhoto, coming: &mut Coming) -> Result<(), Broken> {
        if coming.bytes.len() as u64 >= photo.bytes.max(1) {
            return Ok(());
        }
        let mut ask = Ask::new(Method::GET, self.backend.url(&format!("v1/fotos/{}", photo.sha256))?);
        if !coming.bytes.is_empty() {
            let range = format!("bytes={}-", coming.bytes.len());
            ask = ask.header(RANGE, HeaderValue::from_str(&range).expect("a number fits a header"));
        }
        let mut response = self.backend.ask(&ask).await?;
        let goes_on = response.status() == StatusCode::PARTIAL_CONTENT
            && starts_at(response.headers()) == Some(coming.bytes.len() as u64);
        if !goes_on {
            self.begin_again(photo, coming).map_err(Broken::Stop)?;
        }
        while let Some(chunk) = self.backend.line().chunk(&mut response).await? {
            self.bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            coming.bytes.extend_from_slice(&chunk);
            if coming.bytes.len() as u64 > MAX_PHOTO_BYTES {
                return Ok(());
            }
            self.keep(photo, coming).map_err(Broken::Stop)?;
            let (sha256, of) = (photo.sha256, photo.bytes);
            (self.progress)(PhotoProgress { sha256, bytes: (coming.bytes.len() as u64).min(of), of });
        }
        Ok(())
    }

    /// Keeps what came when it is a part's worth, and the photo is not here yet.
    fn keep(&self, photo: &WaitingPhoto, coming: &mut Coming) -> Result<(), Stop> {
        let whole = coming.bytes.len() as u64 >= photo.bytes;
        if whole || coming.bytes.len() - coming.kept < PART {
            return Ok(());
        }
        let part = &coming.bytes[coming.kept..];
        self.local(|replica| replica.keep_photo_part(&photo.sha256, coming.kept as u64, part))?;
        coming.kept = coming.bytes.len();
        Ok(())
    }

    fn begin_again(&self, photo: &WaitingPhoto, coming: &mut Coming) -> Result<(), Stop> {
        coming.bytes.clear();
        if std::mem::take(&mut coming.kept) > 0 {
            self.local(|replica| replica.drop_photo_parts(&photo.sha256))?;
        }
        Ok(())
    }

    /// Asks the device's own storage; its failure ends the round.
    fn local<T>(&self, ask: impl FnOnce(&mut R) -> Result<T, R::Error>) -> Result<T, Stop> {
        let asked = ask(&mut lock(&self.replica));
        asked.map_err(|error| {
            self.fail(SyncError::Replica(error));
            Stop::Interrupted
        })
    }
}

/// The first byte's number of a partial answer.
fn starts_at(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}
