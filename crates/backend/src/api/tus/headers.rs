//! What tus says in headers: read from a request, written into an answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use veldboek_domain::{Digest, StreamId};
use veldboek_sync::PhotoReceipt;
use veldboek_sync::wire::MAX_PHOTO_BYTES;

use crate::photos::Checksum;
use crate::problem::{Kind, Problem};
use crate::storage::Upload;

/// The header with the receipt of a whole photo: base64 of its JSON.
const RECEIPT: HeaderName = HeaderName::from_static("veldboek-ontvangst");
pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(super) const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const BYTES: &str = "application/offset+octet-stream";
/// What a client may say of an upload, in bytes.
const MOST_METADATA: usize = 4096;

/// What a device announces about a photo.
pub(super) struct Wanted {
    pub(super) sha256: Digest,
    pub(super) media_type: String,
    pub(super) stream: StreamId,
    pub(super) length: u64,
    /// All of it in the client's own words.
    pub(super) metadata: String,
}

impl Wanted {
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let bad = |reason: &'static str| Problem::new(Kind::UnreadablePhotoHead).because(reason);
        let length = number(headers, &UPLOAD_LENGTH)?;
        if length > MAX_PHOTO_BYTES {
            return Err(Kind::PhotoTooLarge.into());
        }
        if length == 0 {
            return Err(bad("Upload-Length is 0"));
        }
        let metadata = headers.get(UPLOAD_METADATA).and_then(|value| value.to_str().ok());
        let metadata = metadata.ok_or_else(|| bad("Upload-Metadata ontbreekt"))?;
        if metadata.len() > MOST_METADATA {
            return Err(bad("Upload-Metadata is te lang"));
        }
        let value = |wanted: &str| {
            let pairs = metadata.split(',').filter_map(|pair| pair.trim().split_once(' '));
            let (_, value) = pairs.into_iter().find(|(key, _)| *key == wanted)?;
            String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
        };
        let sha256 = value("sha256").and_then(|text| text.parse().ok());
        let media_type = value("media_type").filter(|text| is_media_type(text));
        let stream = value("stream").and_then(|text| text.parse().ok());
        Ok(Self {
            sha256: sha256.ok_or_else(|| bad("sha256 in Upload-Metadata ontbreekt of is niet te lezen"))?,
            media_type: media_type.ok_or_else(|| bad("media_type in Upload-Metadata ontbreekt of is niet te lezen"))?,
            stream: stream.ok_or_else(|| bad("stream in Upload-Metadata ontbreekt of is niet te lezen"))?,
            length,
            metadata: metadata.to_owned(),
        })
    }
}

fn is_media_type(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(&byte))
    };
    text.len() <= 100 && text.split_once('/').is_some_and(|(kind, subtype)| is_part(kind) && is_part(subtype))
}

pub(super) fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    let spoken = headers.get(TUS_RESUMABLE).is_some_and(|version| *version == VERSION);
    if spoken { Ok(()) } else { Err(Kind::TusVersion.into()) }
}

pub(super) fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    value.ok_or_else(|| Problem::new(Kind::UnreadablePhotoHead).because(format!("{name} ontbreekt of is geen getal")))
}

/// The checksum that a request names for its own bytes.
pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Problem> {
    let Some(value) = headers.get("upload-checksum") else { return Ok(None) };
    let read = value.to_str().ok().and_then(Checksum::read);
    let bad = || Problem::new(Kind::UnreadablePhotoHead).because("Upload-Checksum is geen sha256 of sha1 in base64");
    read.map(Some).ok_or_else(bad)
}

/// Whether the request has a photo's bytes in it; another media type is refused.
pub(super) fn carries_bytes(headers: &HeaderMap) -> Result<bool, Problem> {
    match headers.get(header::CONTENT_TYPE) {
        None => Ok(false),
        Some(media_type) if media_type == BYTES => Ok(true),
        Some(_) => Err(Kind::WrongPhotoMediaType.into()),
    }
}

/// An answer that says how many bytes are on disk, with the receipt when those are all.
pub(super) fn progress(status: StatusCode, offset: u64, receipt: Option<&PhotoReceipt>) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(offset));
    if let Some(receipt) = receipt {
        let json = serde_json::to_vec(receipt).expect("a receipt serialises");
        response.headers_mut().insert(RECEIPT, ascii(STANDARD.encode(json)));
    }
    response
}

pub(super) fn ascii(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("hexadecimal and base64 digits stand in a header")
}

/// Says when an unfinished upload may be thrown away.
pub(super) fn say_expiry(headers: &mut HeaderMap, upload: &Upload) {
    if let Some(at) = DateTime::from_timestamp_millis(upload.expires_at).filter(|_| !upload.finished) {
        headers.insert(UPLOAD_EXPIRES, ascii(at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    }
}

/// Gives back what the client said of an upload.
pub(super) fn say_metadata(headers: &mut HeaderMap, upload: &Upload) {
    if let Ok(metadata) = HeaderValue::try_from(&upload.metadata)
        && !metadata.is_empty()
    {
        headers.insert(UPLOAD_METADATA, metadata);
    }
}
