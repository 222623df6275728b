//! One photo down: goes on where a cut left it, and gives nothing whose hash is not the one asked for.

use std::sync::atomic::Ordering;

use reqwest::header::{CONTENT_RANGE, HeaderMap, HeaderValue, RANGE};
use reqwest::{Method, StatusCode};
use veldboek_domain::Digest;

use super::{LIMITS, PhotoProgress, PhotoRefusal, Round, Stop, Waiter};
use crate::client::{Replica, WaitingPhoto};
use crate::line::Ask;
use crate::problem::HttpError;
use crate::wire::MAX_PHOTO_BYTES;

impl<R: Replica, W: Waiter> Round<'_, R, W> {
    /// Fetches a photo until its bytes have its hash.
    pub(super) async fn download(&self, photo: &WaitingPhoto) -> Result<Vec<u8>, Stop> {
        let mut bytes = Vec::new();
        let (mut furthest, mut fruitless, mut damaged) = (0, 0, 0);
        loop {
            let error = match self.read_on(photo, &mut bytes).await {
                Ok(()) if Digest::of(&bytes) == photo.sha256 => return Ok(bytes),
                Ok(()) => {
                    damaged += 1;
                    bytes.clear();
                    if damaged == LIMITS.damaged {
                        return Err(Stop::Apart(PhotoRefusal::Hash));
                    }
                    continue;
                }
                Err(error) if error.is_passing() => error,
                Err(error) => return Err(Stop::of(error)),
            };
            if self.is_down() {
                return Err(Stop::Interrupted);
            }
            if bytes.len() > furthest {
                (furthest, fruitless) = (bytes.len(), 0);
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
    async fn read_on(&self, photo: &WaitingPhoto, bytes: &mut Vec<u8>) -> Result<(), HttpError> {
        let mut ask = Ask::new(Method::GET, self.backend.url(&format!("v1/fotos/{}", photo.sha256))?);
        if !bytes.is_empty() {
            let range = format!("bytes={}-", bytes.len());
            ask = ask.header(RANGE, HeaderValue::from_str(&range).expect("a number fits a header"));
        }
        let mut response = self.backend.ask(&ask).await?;
        let goes_on = response.status() == StatusCode::PARTIAL_CONTENT
            && starts_at(response.headers()) == Some(bytes.len() as u64);
        if !goes_on {
            bytes.clear();
        }
        while let Some(chunk) = self.backend.line().chunk(&mut response).await? {
            self.bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > MAX_PHOTO_BYTES {
                return Ok(());
            }
            let (sha256, of) = (photo.sha256, photo.bytes);
            (self.progress)(PhotoProgress { sha256, bytes: (bytes.len() as u64).min(of), of });
        }
        Ok(())
    }
}

/// The first byte's number of a partial answer.
fn starts_at(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}
