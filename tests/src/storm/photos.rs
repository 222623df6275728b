//! Photos over the backend's own tus, one request at a time: each may be the last one before something dies.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use veldboek_domain::Digest;
use veldboek_sync::PhotoReceipt;
use veldboek_sync::client::{Replica, WaitingPhoto};
use veldboek_sync::wire::{PhotoState, PhotoStateReply, PhotoStateRequest};

use super::served::{Answer, Asked};

/// What the next request for a photo is.
pub(super) enum Next {
    /// Ask how far it is.
    State,
    /// Begin its upload.
    Create,
    /// Add bytes from here on.
    Patch(String, u64),
    /// Nothing: this is the receipt.
    Received(PhotoReceipt),
}

/// What a photo's state means for the next request.
pub(super) fn after_state(photo: &WaitingPhoto, answer: &Answer) -> Option<Next> {
    let reply: PhotoStateReply = serde_json::from_slice(&answer.body).ok().filter(|_| answer.status.is_success())?;
    Some(match reply.photos.get(&photo.sha256.to_string())? {
        PhotoState::Absent => Next::Create,
        PhotoState::Partial { location, offset } => Next::Patch(format!("/{location}"), *offset),
        PhotoState::Complete { receipt } => Next::Received(receipt.clone()),
    })
}

/// What an answer of tus means for the next request. None when the upload must be begun again.
pub(super) fn after_tus(answer: &Answer, location: Option<&str>) -> Option<Next> {
    if !answer.status.is_success() {
        return None;
    }
    let text = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(receipt) = text("veldboek-ontvangst") {
        let bytes = STANDARD.decode(receipt).ok()?;
        return Some(Next::Received(serde_json::from_slice(&bytes).ok()?));
    }
    let location = location.map_or_else(|| text("location").map(|at| format!("/v1/{at}")), |at| Some(at.to_owned()))?;
    Some(Next::Patch(location, text("upload-offset")?.parse().ok()?))
}

pub(super) fn state(sha256: Digest) -> Asked {
    Asked::json("/v1/fotos/_stand", &PhotoStateRequest { photos: vec![sha256] })
}

pub(super) fn create(photo: &WaitingPhoto) -> Asked {
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    let metadata = [
        pair("sha256", &photo.sha256.to_string()),
        pair("media_type", &photo.media_type),
        pair("stream", &photo.stream.to_string()),
    ];
    let headers = vec![
        ("tus-resumable", "1.0.0".to_owned()),
        ("upload-length", photo.bytes.to_string()),
        ("upload-metadata", metadata.join(",")),
    ];
    Asked { method: Method::POST, path: "/v1/fotos".to_owned(), headers, body: Vec::new() }
}

pub(super) fn patch(location: &str, offset: u64, bytes: &[u8]) -> Asked {
    let headers = vec![
        ("tus-resumable", "1.0.0".to_owned()),
        ("upload-offset", offset.to_string()),
        ("content-type", "application/offset+octet-stream".to_owned()),
        ("upload-checksum", format!("sha256 {}", STANDARD.encode(Digest::of(bytes).0))),
    ];
    Asked { method: Method::PATCH, path: location.to_owned(), headers, body: bytes.to_vec() }
}

pub(super) fn get(sha256: Digest) -> Asked {
    Asked { method: Method::GET, path: format!("/v1/fotos/{sha256}"), headers: Vec::new(), body: Vec::new() }
}

/// Keeps an original that came, when it did.
pub(super) fn keep(replica: &mut impl Replica, photo: &WaitingPhoto, answer: &Answer) -> bool {
    answer.status == StatusCode::OK && replica.receive_photo(&photo.sha256, &answer.body).is_ok()
}
