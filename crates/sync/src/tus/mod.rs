//! The client's half of tus 1.0, for any server that speaks it: begin an upload, ask where it stands, add bytes with a
//! checksum, break it off. [`Sending`] puts these together until everything is there.
//!
//! Nothing here knows of photos, receipts or this project's own backend.

mod pace;
mod send;

use std::future::Future;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response, Url};

use crate::line::Ask;
use crate::problem::HttpError;

pub use pace::{Pace, SMALLEST_REQUEST};
pub use send::{Limits, Sending, Told, Unsent};

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const BYTES: &str = "application/offset+octet-stream";
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// Carries requests to a server, with whatever that server wants to know of who asks.
pub trait Carrier: Sync {
    /// Sends a request; the answer is a success.
    ///
    /// # Errors
    /// An [`HttpError`].
    fn carry(&self, ask: &Ask) -> impl Future<Output = Result<Response, HttpError>> + Send;
}

/// An upload that a server knows.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its address.
    pub url: Url,
    /// How many bytes the server has; none when it is to be asked.
    pub offset: Option<u64>,
}

/// What a server said of an upload.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How many bytes it has.
    pub offset: u64,
    /// All that it said besides.
    pub headers: HeaderMap,
}

/// What a server says that it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// The extensions, by their names in the protocol.
    pub extensions: Vec<String>,
    /// The checksum algorithms, the server's preferred one first.
    pub checksums: Vec<String>,
    /// The largest upload in bytes, when there is a limit.
    pub largest: Option<u64>,
}

/// Asks what a server can do.
///
/// # Errors
/// An [`HttpError`].
pub async fn offered(carrier: &impl Carrier, endpoint: &Url) -> Result<Offered, HttpError> {
    let answer = carrier.carry(&Ask::new(Method::OPTIONS, endpoint.clone())).await?;
    let list = |name: &HeaderName| {
        let words = answer.headers().get(name).and_then(|words| words.to_str().ok()).unwrap_or_default();
        words.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
    };
    let largest = number(answer.headers(), &TUS_MAX_SIZE).ok();
    Ok(Offered { extensions: list(&TUS_EXTENSION), checksums: list(&TUS_CHECKSUM_ALGORITHM), largest })
}

/// Begins an upload of `length` bytes. A server that has them all already may say so.
///
/// # Errors
/// An [`HttpError`]; [`HttpError::Address`] when the upload would be at another server, since what signs in goes along.
pub async fn create(
    carrier: &impl Carrier,
    endpoint: &Url,
    length: u64,
    metadata: &[(&str, String)],
) -> Result<(Upload, Answer), HttpError> {
    let ask = ask(Method::POST, endpoint).header(UPLOAD_LENGTH, HeaderValue::from(length));
    let response = carrier.carry(&ask.header(UPLOAD_METADATA, written(metadata))).await?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let location = location.ok_or(HttpError::Unreadable { status })?;
    let refused = || HttpError::Address(location.to_owned());
    let url = endpoint.join(location).map_err(|_| refused())?;
    if url.origin() != endpoint.origin() {
        return Err(refused());
    }
    let offset = number(&headers, &UPLOAD_OFFSET).unwrap_or(0);
    Ok((Upload { url, offset: Some(offset) }, Answer { offset, headers }))
}

/// Asks how many bytes a server has of an upload.
///
/// # Errors
/// An [`HttpError`].
pub async fn stand(carrier: &impl Carrier, upload: &Url) -> Result<Answer, HttpError> {
    answer(&carrier.carry(&ask(Method::HEAD, upload)).await?)
}

/// Adds bytes behind those that a server has. `told` hears how many of them the connection took in all, and last.
///
/// # Errors
/// An [`HttpError`]. Some of the bytes may have arrived all the same: [`stand`] says how many.
pub async fn append(
    carrier: &impl Carrier,
    upload: &Url,
    offset: u64,
    bytes: Bytes,
    sha256: Option<[u8; 32]>,
    told: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<Answer, HttpError> {
    let mut ask = ask(Method::PATCH, upload).header(UPLOAD_OFFSET, HeaderValue::from(offset)).on_slice(told);
    if let Some(sha256) = sha256 {
        let checksum = format!("sha256 {}", STANDARD.encode(sha256));
        ask = ask.header(UPLOAD_CHECKSUM, HeaderValue::try_from(checksum).expect("base64 fits a header"));
    }
    answer(&carrier.carry(&ask.body(BYTES, bytes)).await?)
}

/// Breaks an upload off: the server throws away what it has of it.
///
/// # Errors
/// An [`HttpError`].
pub async fn terminate(carrier: &impl Carrier, upload: &Url) -> Result<(), HttpError> {
    carrier.carry(&ask(Method::DELETE, upload)).await.map(drop)
}

fn ask(method: Method, url: &Url) -> Ask {
    Ask::new(method, url.clone()).header(TUS_RESUMABLE, VERSION)
}

fn answer(response: &Response) -> Result<Answer, HttpError> {
    let headers = response.headers().clone();
    let status = response.status().as_u16();
    let offset = number(&headers, &UPLOAD_OFFSET).map_err(|()| HttpError::Unreadable { status })?;
    Ok(Answer { offset, headers })
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, ()> {
    headers.get(name).and_then(|text| text.to_str().ok()?.parse().ok()).ok_or(())
}

fn written(metadata: &[(&str, String)]) -> HeaderValue {
    let pairs: Vec<String> = metadata.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
    HeaderValue::try_from(pairs.join(",")).expect("base64 and names fit a header")
}
