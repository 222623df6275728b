//! One photo up: tus, with what our backend asks to know of a photo and the receipt that it gives.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::Url;

use super::{LIMITS, PhotoProgress, PhotoRefusal, Round, Stop, Waiter, lock};
use crate::client::{Replica, WaitingPhoto};
use crate::http::Backend;
use crate::problem::HttpError;
use crate::receipt::PhotoReceipt;
use crate::rounds::SyncError;
use crate::tus::{Answer, Sending, Unsent, Upload};
use crate::wire::{MAX_PHOTO_BYTES, PhotoState};

/// The response header with the receipt of a photo that is complete: base64 of its JSON.
const RECEIPT_HEADER: &str = "veldboek-ontvangst";

impl<R: Replica, W: Waiter> Round<'_, R, W>
where
    R::Error: Send + 'static,
{
    pub(super) async fn send(&self, photo: &WaitingPhoto, state: PhotoState) {
        if self.is_down() {
            return self.put_off([photo.sha256], None);
        }
        match self.carry_up(photo, state).await {
            Ok(receipt) => {
                let kept = lock(&self.replica).acknowledge_photo(&receipt);
                self.note_kept(photo, kept);
            }
            Err(stop) => self.note_stop(photo, stop, true),
        }
    }

    async fn carry_up(&self, photo: &WaitingPhoto, state: PhotoState) -> Result<PhotoReceipt, Stop> {
        if let PhotoState::Complete { receipt } = state {
            return self.checked(photo, receipt);
        }
        if photo.bytes > MAX_PHOTO_BYTES {
            return Err(Stop::Apart(PhotoRefusal::TooLarge));
        }
        let bytes = self.local_bytes(photo).await?;
        let _place = self.line.acquire().await.map_err(|_| Stop::Interrupted)?;
        self.upload(photo, bytes, state).await
    }

    async fn local_bytes(&self, photo: &WaitingPhoto) -> Result<Bytes, Stop> {
        let read = lock(&self.replica).photo(&photo.sha256);
        let bytes = match read {
            Ok(read) => match tokio::task::spawn_blocking(read).await {
                Ok(bytes) => bytes,
                Err(ended) if ended.is_panic() => resume_unwind(ended.into_panic()),
                // The app ends.
                Err(_) => return Err(Stop::Interrupted),
            },
            Err(error) => Err(error),
        };
        match bytes {
            Ok(bytes) if bytes.len() as u64 == photo.bytes => Ok(bytes.into()),
            Ok(_) => Err(Stop::Apart(PhotoRefusal::Rotten)),
            Err(error) if R::is_rotten(&error) => Err(Stop::Apart(PhotoRefusal::Rotten)),
            Err(error) => {
                self.fail(SyncError::Replica(error));
                Err(Stop::Interrupted)
            }
        }
    }
}

impl<R: Replica, W: Waiter> Round<'_, R, W> {
    /// Sends a photo until the backend gives its receipt.
    async fn upload(&self, photo: &WaitingPhoto, bytes: Bytes, state: PhotoState) -> Result<PhotoReceipt, Stop> {
        let endpoint = self.backend.url("v1/fotos").map_err(Stop::of)?;
        let begun = match state {
            PhotoState::Partial { location, .. } => self.known(&location),
            PhotoState::Absent | PhotoState::Complete { .. } => None,
        };
        match self.sending(photo, bytes, endpoint).until(begun, receipt).await {
            Ok(receipt) => self.checked(photo, receipt),
            Err(unsent) => Err(stop(unsent)),
        }
    }

    fn sending(&self, photo: &WaitingPhoto, bytes: Bytes, endpoint: Url) -> Sending<'_, Backend, W> {
        let (progress, moved) = (Arc::clone(&self.progress), Arc::clone(&self.bytes));
        let (sha256, of) = (photo.sha256, photo.bytes);
        Sending {
            carrier: self.backend,
            waiter: self.waiter,
            pace: self.backend.pace(),
            stop: &self.down,
            endpoint,
            metadata: vec![
                ("sha256", photo.sha256.to_string()),
                ("media_type", photo.media_type.clone()),
                ("stream", photo.stream.to_string()),
            ],
            bytes,
            sha256,
            checksums: true,
            limits: LIMITS,
            told: Arc::new(move |place, slice| {
                moved.fetch_add(slice, Ordering::Relaxed);
                progress(PhotoProgress { sha256, bytes: place.min(of), of });
            }),
        }
    }

    fn known(&self, location: &str) -> Option<Upload> {
        let url = self.backend.location(location).ok()?;
        Some(Upload { url, offset: None })
    }
}

/// The receipt, when the backend gave one: then the photo is complete.
fn receipt(answer: &Answer) -> Result<Option<PhotoReceipt>, HttpError> {
    let Some(header) = answer.headers.get(RECEIPT_HEADER) else { return Ok(None) };
    let bytes = STANDARD.decode(header.as_bytes()).ok();
    let receipt = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    receipt.map(Some).ok_or(HttpError::Unreadable { status: 200 })
}

fn stop(unsent: Unsent) -> Stop {
    match unsent {
        Unsent::Damaged => Stop::Apart(PhotoRefusal::Hash),
        Unsent::TooLarge => Stop::Apart(PhotoRefusal::TooLarge),
        Unsent::Refused(HttpError::Problem(problem)) => Stop::Apart(PhotoRefusal::Refused(problem.code)),
        Unsent::Refused(error) | Unsent::Error(error) => Stop::of(error),
        Unsent::Stopped => Stop::Interrupted,
    }
}
