//! One photo up: creation, the bytes, and going on where the backend stands after a cut.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Url};
use veldboek_domain::Digest;

use super::{MAX_DAMAGED, MAX_FRUITLESS, PhotoProgress, PhotoRefusal, Round, Stop, Waiter};
use crate::client::{Replica, WaitingPhoto};
use crate::http::{Ask, is_gone};
use crate::problem::HttpError;
use crate::receipt::PhotoReceipt;
use crate::wire::PhotoState;

/// The response header with the receipt of a photo that is complete: base64 of its JSON.
const RECEIPT_HEADER: &str = "veldboek-ontvangst";
const TUS_VERSION: &str = "1.0.0";
const BYTES_MEDIA_TYPE: &str = "application/offset+octet-stream";
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// An upload that the backend knows.
struct Upload {
    url: Url,
    /// How many bytes are on its disk; none when it is to be asked.
    offset: Option<u64>,
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

impl<R: Replica, W: Waiter> Round<'_, R, W> {
    /// Sends a photo until the backend gives its receipt. Tries are bounded as long as nothing more arrives; every byte
    /// that does gives new ones.
    pub(super) async fn upload(
        &self,
        photo: &WaitingPhoto,
        bytes: Bytes,
        state: PhotoState,
    ) -> Result<PhotoReceipt, Stop> {
        let mut upload = match state {
            PhotoState::Partial { location, .. } => self.known(&location),
            PhotoState::Absent | PhotoState::Complete { .. } => None,
        };
        let mut reach = Reach::default();
        while !self.is_down() {
            let error = match self.try_once(photo, &bytes, &mut upload, &mut reach).await {
                Ok(Some(receipt)) => return self.checked(photo, receipt),
                Ok(None) => HttpError::Unreadable { status: 204 },
                Err(error) => self.after(error, &mut upload, &mut reach)?,
            };
            reach.fruitless += 1;
            if reach.fruitless > MAX_FRUITLESS {
                return Err(Stop::of(error));
            }
            // Also after a cut that cost nothing: asking at once would take the upload from the request that broke
            // before the backend has written down what came with it.
            self.waiter.wait(reach.fruitless).await;
        }
        Err(Stop::Interrupted)
    }

    /// What an error means for the next try; an `Err` when there is none.
    fn after(&self, error: HttpError, upload: &mut Option<Upload>, reach: &mut Reach) -> Result<HttpError, Stop> {
        if let Some(upload) = upload {
            upload.offset = None;
        }
        if is_gone(&error) {
            *upload = None;
            return Ok(error);
        }
        let HttpError::Problem(problem) = &error else {
            return if error.is_passing() { Ok(error) } else { Err(Stop::of(error)) };
        };
        match problem.status {
            // The backend stands elsewhere than thought, or a part was damaged on the way and not kept.
            409 | 460 => Ok(error),
            // All bytes arrived, and they are not the photo: the upload is gone.
            422 => {
                *upload = None;
                reach.damaged += 1;
                reach.furthest = 0;
                if reach.damaged < MAX_DAMAGED { Ok(error) } else { Err(Stop::Apart(PhotoRefusal::Hash)) }
            }
            413 => Err(Stop::Apart(PhotoRefusal::TooLarge)),
            400 | 415 => Err(Stop::Apart(PhotoRefusal::Refused(problem.code.clone()))),
            _ if error.is_passing() => Ok(error),
            _ => Err(Stop::of(error)),
        }
    }

    /// Creates the upload or asks where it stands, and sends the rest. The receipt, when the photo is complete.
    async fn try_once(
        &self,
        photo: &WaitingPhoto,
        bytes: &Bytes,
        upload: &mut Option<Upload>,
        reach: &mut Reach,
    ) -> Result<Option<PhotoReceipt>, HttpError> {
        let current = match upload {
            Some(upload) => upload,
            None => match self.create(photo).await? {
                (_, Some(receipt)) => return Ok(Some(receipt)),
                (created, None) => upload.insert(created),
            },
        };
        let offset = match current.offset {
            Some(offset) => offset,
            None => match self.offset(current).await? {
                (_, Some(receipt)) => return Ok(Some(receipt)),
                (offset, None) => offset,
            },
        };
        reach.note(offset);
        let rest = bytes.slice(usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len())..);
        let ask = tus(Method::PATCH, current.url.clone())
            .header(UPLOAD_OFFSET, HeaderValue::from(offset))
            .header(UPLOAD_CHECKSUM, checksum(photo, &rest))
            .body(BYTES_MEDIA_TYPE, rest);
        let answer = self.counted(photo, offset, ask).await?;
        let at = number(&answer, &UPLOAD_OFFSET)?;
        current.offset = Some(at);
        reach.note(at);
        receipt(&answer)
    }

    /// Begins an upload. A photo whose hash is there already is complete at once.
    async fn create(&self, photo: &WaitingPhoto) -> Result<(Upload, Option<PhotoReceipt>), HttpError> {
        let word = |text: &str| STANDARD.encode(text);
        let metadata = format!(
            "sha256 {},media_type {},stream {}",
            word(&photo.sha256.to_string()),
            word(&photo.media_type),
            word(&photo.stream.to_string())
        );
        let metadata = HeaderValue::from_str(&metadata).expect("base64 and names fit a header");
        let ask = tus(Method::POST, self.backend.url("v1/fotos")?)
            .header(UPLOAD_LENGTH, HeaderValue::from(photo.bytes))
            .header(UPLOAD_METADATA, metadata);
        let response = self.backend.ask(&ask).await?;
        let status = response.status().as_u16();
        let headers = response.headers();
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let url = self.backend.location(location.ok_or(HttpError::Unreadable { status })?)?;
        Ok((Upload { url, offset: Some(0) }, receipt(headers)?))
    }

    /// Asks how many bytes are on the backend's disk, and for the receipt when that is all of them.
    async fn offset(&self, upload: &Upload) -> Result<(u64, Option<PhotoReceipt>), HttpError> {
        let response = self.backend.ask(&tus(Method::HEAD, upload.url.clone())).await?;
        Ok((number(response.headers(), &UPLOAD_OFFSET)?, receipt(response.headers())?))
    }

    /// Sends bytes of a photo while telling how far it is.
    async fn counted(&self, photo: &WaitingPhoto, offset: u64, ask: Ask) -> Result<HeaderMap, HttpError> {
        let (progress, bytes) = (Arc::clone(&self.progress), Arc::clone(&self.bytes));
        let (sha256, of) = (photo.sha256, photo.bytes);
        let ask = ask.on_slice(move |sent, slice| {
            bytes.fetch_add(slice, Ordering::Relaxed);
            progress(PhotoProgress { sha256, bytes: (offset + sent).min(of), of });
        });
        Ok(self.backend.ask(&ask).await?.headers().clone())
    }

    fn known(&self, location: &str) -> Option<Upload> {
        let url = self.backend.location(location).ok()?;
        Some(Upload { url, offset: None })
    }
}

fn tus(method: Method, url: Url) -> Ask {
    Ask::new(method, url).header(TUS_RESUMABLE, HeaderValue::from_static(TUS_VERSION))
}

/// The tus checksum of what is sent. Of a whole photo it is the name that it has already.
fn checksum(photo: &WaitingPhoto, rest: &Bytes) -> HeaderValue {
    let whole = rest.len() as u64 == photo.bytes;
    let digest = if whole { photo.sha256 } else { Digest::of(rest) };
    HeaderValue::from_str(&format!("sha256 {}", STANDARD.encode(digest.0))).expect("base64 fits a header")
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, HttpError> {
    let number = headers.get(name).and_then(|text| text.to_str().ok()?.parse().ok());
    number.ok_or(HttpError::Unreadable { status: 200 })
}

fn receipt(headers: &HeaderMap) -> Result<Option<PhotoReceipt>, HttpError> {
    let Some(header) = headers.get(RECEIPT_HEADER) else { return Ok(None) };
    let bytes = STANDARD.decode(header.as_bytes()).ok();
    let receipt = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    receipt.map(Some).ok_or(HttpError::Unreadable { status: 200 })
}
