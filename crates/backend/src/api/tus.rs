//! Photos go up by the tus 1.0.0 resumable protocol: creation, creation-with-upload, checksum, termination, expiration.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, FixedOffset};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::{Digest, StreamId};
use veldboek_sync::PhotoReceipt;
use veldboek_sync::wire::MAX_PHOTO_BYTES;

use crate::auth::DeviceSession;
use crate::extract::Path;
use crate::photos::{Received, UploadId, receive};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};
use crate::storage::{StoredPhoto, Upload};

/// The header with the receipt of a whole photo: base64 of its JSON.
pub(crate) const RECEIPT: HeaderName = HeaderName::from_static("veldboek-ontvangst");
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const BYTES: &str = "application/offset+octet-stream";
/// How long an upload is kept for its device.
const KEPT: chrono::Duration = chrono::Duration::days(7);
/// What must stay free on the disk for the records.
const RESERVED_BYTES: u64 = 256 * 1024 * 1024;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(options, create))
        .routes(routes!(head, patch, terminate))
        .layer(axum::middleware::map_response(speaks_tus))
}

async fn speaks_tus(mut response: Response) -> Response {
    response.headers_mut().insert(TUS_RESUMABLE, VERSION);
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert(TUS_VERSION, VERSION);
    }
    response
}

/// Where an upload goes on.
pub(crate) fn location(upload: UploadId) -> String {
    format!("/v1/fotos/uploads/{}", hex::encode(upload))
}

/// Zegt wat deze server van tus spreekt.
#[utoipa::path(options, path = "/v1/fotos", tag = "fotos", operation_id = "vraagTusOpties", responses((status = 204)))]
async fn options() -> Response {
    let headers = [
        ("tus-version", "1.0.0"),
        ("tus-extension", "creation,creation-with-upload,checksum,termination,expiration"),
        ("tus-checksum-algorithm", "sha256"),
    ];
    let mut response = (StatusCode::NO_CONTENT, headers).into_response();
    response.headers_mut().insert("tus-max-size", HeaderValue::from(MAX_PHOTO_BYTES));
    response
}

/// Begint een upload, met of zonder de eerste bytes. Een foto die er al is, is meteen klaar.
#[utoipa::path(post, path = "/v1/fotos", tag = "fotos", operation_id = "beginUpload", security(("apparaat" = [])),
    params(("Tus-Resumable" = String, Header), ("Upload-Length" = u64, Header), ("Upload-Metadata" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 201), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn create(
    State(state): State<AppState>,
    session: DeviceSession,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    let wanted = Wanted::read(&headers)?;
    let checksum = checksum(&headers)?;
    let (peer, stream) = (session.peer.clone(), wanted.stream);
    if !state.ask(move |storage| storage.may_read(&peer, stream)).await? {
        return Err(Kind::StreamNotAllowed.into());
    }
    sweep(&state).await?;
    let now = state.now();
    let mut id = UploadId::default();
    state.entropy.fill(&mut id);
    let mut upload = Upload {
        upload: id,
        person: session.peer.person,
        sha256: wanted.sha256,
        bytes: wanted.length,
        media_type: wanted.media_type,
        expires_at: (now + KEPT).timestamp_millis(),
        finished: false,
    };
    let known = state.ask(move |storage| storage.photo_known(&session.peer, wanted.sha256)).await?;
    upload.finished = known.is_some();
    let noted = upload.clone();
    if known.is_none() {
        room_for(&state, upload.bytes).await?;
    }
    state.ask(move |storage| storage.put_upload(&noted)).await?;
    let mut response = match known {
        Some(photo) => progress(StatusCode::CREATED, photo.receipt.bytes, Some(&photo.receipt)),
        None if carries_bytes(&headers)? => {
            let (offset, receipt) = take_bytes(&state, upload, body, checksum).await?;
            progress(StatusCode::CREATED, offset, receipt.as_ref())
        }
        None => progress(StatusCode::CREATED, 0, None),
    };
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, ascii(location(id)));
    headers.insert(UPLOAD_EXPIRES, http_date(now + KEPT));
    Ok(response)
}

/// Zegt hoeveel bytes er op schijf staan.
#[utoipa::path(head, path = "/v1/fotos/uploads/{upload}", tag = "fotos", operation_id = "vraagUpload", security(("apparaat" = [])),
    params(("upload" = String, Path)), responses((status = 200), (status = "4XX", description = "zie Problem")))]
async fn head(
    State(state): State<AppState>,
    session: DeviceSession,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    let upload = find(&state, &session, &id).await?;
    let sha256 = upload.sha256;
    let mut response = if upload.finished {
        let receipt = state.ask(move |storage| storage.photo_receipt(sha256)).await?;
        progress(StatusCode::OK, upload.bytes, receipt.as_ref())
    } else {
        let mut held = state.photos.take(upload.upload).await;
        let offset = off_thread(move || held.progress()).await?.map_err(disk)?.offset;
        progress(StatusCode::OK, offset, None)
    };
    let headers = response.headers_mut();
    headers.insert(UPLOAD_LENGTH, HeaderValue::from(upload.bytes));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Zet bytes achter wat er staat. Het antwoord op de laatste bytes draagt de ontvangst.
#[utoipa::path(patch, path = "/v1/fotos/uploads/{upload}", tag = "fotos", operation_id = "vervolgUpload", security(("apparaat" = [])),
    params(("upload" = String, Path), ("Tus-Resumable" = String, Header), ("Upload-Offset" = u64, Header), ("Upload-Checksum" = Option<String>, Header)),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn patch(
    State(state): State<AppState>,
    session: DeviceSession,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    if !carries_bytes(&headers)? {
        return Err(Kind::WrongPhotoMediaType.into());
    }
    let offset = number(&headers, &UPLOAD_OFFSET)?;
    let checksum = checksum(&headers)?;
    let upload = find(&state, &session, &id).await?;
    if upload.finished {
        return Err(Kind::WrongOffset.into());
    }
    let (offset, receipt) = take_bytes_at(&state, upload, body, checksum, Some(offset)).await?;
    Ok(progress(StatusCode::NO_CONTENT, offset, receipt.as_ref()))
}

/// Breekt een upload af en gooit de bytes weg.
#[utoipa::path(delete, path = "/v1/fotos/uploads/{upload}", tag = "fotos", operation_id = "breekUploadAf", security(("apparaat" = [])),
    params(("upload" = String, Path)), responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn terminate(
    State(state): State<AppState>,
    session: DeviceSession,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    check_version(&headers)?;
    let upload = find(&state, &session, &id).await?.upload;
    let held = state.photos.take(upload).await;
    let here = state.clone();
    off_thread(move || here.photos.discard(upload)).await?.map_err(disk)?;
    drop(held);
    state.ask(move |storage| storage.remove_upload(upload)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a device announces about a photo.
struct Wanted {
    sha256: Digest,
    media_type: String,
    stream: StreamId,
    length: u64,
}

impl Wanted {
    fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let bad = |reason: &'static str| Problem::new(Kind::UnreadablePhotoHead).because(reason);
        let length = number(headers, &UPLOAD_LENGTH)?;
        if length > MAX_PHOTO_BYTES {
            return Err(Kind::PhotoTooLarge.into());
        }
        if length == 0 {
            return Err(bad("Upload-Length is 0"));
        }
        let metadata = headers.get("upload-metadata").and_then(|value| value.to_str().ok());
        let metadata = metadata.ok_or_else(|| bad("Upload-Metadata ontbreekt"))?;
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
        })
    }
}

fn is_media_type(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(&byte))
    };
    text.len() <= 100 && text.split_once('/').is_some_and(|(kind, subtype)| is_part(kind) && is_part(subtype))
}

fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    let spoken = headers.get(TUS_RESUMABLE).is_some_and(|version| *version == VERSION);
    if spoken { Ok(()) } else { Err(Kind::TusVersion.into()) }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    value.ok_or_else(|| Problem::new(Kind::UnreadablePhotoHead).because(format!("{name} ontbreekt of is geen getal")))
}

/// The checksum that a request names for its own bytes.
fn checksum(headers: &HeaderMap) -> Result<Option<Digest>, Problem> {
    let Some(value) = headers.get("upload-checksum") else { return Ok(None) };
    let read = || {
        let (algorithm, digest) = value.to_str().ok()?.split_once(' ')?;
        let digest: [u8; 32] = STANDARD.decode(digest.trim()).ok()?.try_into().ok()?;
        (algorithm == "sha256").then_some(Digest(digest))
    };
    let bad = || Problem::new(Kind::UnreadablePhotoHead).because("Upload-Checksum is geen sha256 in base64");
    read().map(Some).ok_or_else(bad)
}

/// Whether the request has a photo's bytes in it; another media type is refused.
fn carries_bytes(headers: &HeaderMap) -> Result<bool, Problem> {
    match headers.get(header::CONTENT_TYPE) {
        None => Ok(false),
        Some(media_type) if media_type == BYTES => Ok(true),
        Some(_) => Err(Kind::WrongPhotoMediaType.into()),
    }
}

async fn find(state: &AppState, session: &DeviceSession, id: &str) -> Result<Upload, Problem> {
    let mut upload = UploadId::default();
    hex::decode_to_slice(id, &mut upload).map_err(|_| Kind::UnreadableAddress)?;
    let found = state.ask(move |storage| storage.upload(upload)).await?;
    let upload = found.filter(|found| found.person == session.peer.person).ok_or(Kind::UnknownUpload)?;
    if upload.expires_at <= state.now().timestamp_millis() {
        sweep(state).await?;
        return Err(Kind::UploadExpired.into());
    }
    Ok(upload)
}

/// Throws expired uploads away.
async fn sweep(state: &AppState) -> Result<(), Problem> {
    let now = state.now().timestamp_millis();
    for upload in state.ask(move |storage| storage.remove_expired_uploads(now)).await? {
        let here = state.clone();
        off_thread(move || here.photos.discard(upload)).await?.map_err(disk)?;
    }
    Ok(())
}

async fn room_for(state: &AppState, bytes: u64) -> Result<(), Problem> {
    let here = state.clone();
    let free = off_thread(move || here.photos.free_bytes()).await?.map_err(disk)?;
    if free < bytes + RESERVED_BYTES { Err(Kind::DiskFull.into()) } else { Ok(()) }
}

async fn take_bytes(
    state: &AppState,
    upload: Upload,
    body: Body,
    checksum: Option<Digest>,
) -> Result<(u64, Option<PhotoReceipt>), Problem> {
    take_bytes_at(state, upload, body, checksum, None).await
}

/// Receives in a task of its own: when the connection dies, what came is still written down.
async fn take_bytes_at(
    state: &AppState,
    upload: Upload,
    body: Body,
    checksum: Option<Digest>,
    at: Option<u64>,
) -> Result<(u64, Option<PhotoReceipt>), Problem> {
    let state = state.clone();
    let task = tokio::spawn(async move {
        let _room = state.photos.room().acquire_owned().await;
        let mut held = state.photos.take(upload.upload).await;
        let (mut held, here) = off_thread(move || {
            let here = held.progress().map(|progress| progress.offset);
            (held, here)
        })
        .await?;
        let here = here.map_err(disk)?;
        if at.is_some_and(|at| at != here) {
            return Err(Problem::new(Kind::WrongOffset).because(format!("hier staan {here} bytes")));
        }
        let (received, progress, still) =
            receive(held, body.into_data_stream(), upload.bytes, checksum).await.map_err(disk)?;
        held = still;
        match received {
            Received::Damaged => return Err(Kind::ChunkDamaged.into()),
            Received::TooLong => return Err(Problem::new(Kind::PhotoTooLarge).because("meer bytes dan Upload-Length")),
            Received::Whole | Received::Cut => {}
        }
        if progress.offset < upload.bytes {
            return Ok::<_, Problem>((progress.offset, None));
        }
        let found = Digest(sha2::Digest::finalize(progress.hasher).into());
        let receipt = finish(&state, &upload, found).await?;
        drop(held);
        Ok((progress.offset, Some(receipt)))
    });
    task.await.map_err(|error| {
        tracing::error!(%error, "receiving a photo failed");
        Problem::from(Kind::Internal)
    })?
}

/// The last byte came: compares the hash, puts the photo in its place and signs for it.
async fn finish(state: &AppState, upload: &Upload, found: Digest) -> Result<PhotoReceipt, Problem> {
    let (id, sha256, here) = (upload.upload, upload.sha256, state.clone());
    if found != sha256 {
        tracing::warn!(upload = hex::encode(id), "a photo came whole with another hash than its record names");
        off_thread(move || here.photos.discard(id)).await?.map_err(disk)?;
        state.ask(move |storage| storage.remove_upload(id)).await?;
        return Err(Problem::new(Kind::PhotoDamaged).because(format!("verwacht {sha256}, gekregen {found}")));
    }
    off_thread(move || here.photos.keep(id, sha256)).await?.map_err(disk)?;
    let receipt = PhotoReceipt::sign(sha256, upload.bytes, state.now(), &state.identity.own.key);
    let photo = StoredPhoto { receipt, media_type: upload.media_type.clone() };
    let person = upload.person;
    Ok(state.ask(move |storage| storage.put_photo(&photo, person, id)).await?.receipt)
}

fn disk(error: std::io::Error) -> Problem {
    tracing::error!(%error, "the photos' disk failed");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge | std::io::ErrorKind::QuotaExceeded => {
            Kind::DiskFull.into()
        }
        _ => Kind::Internal.into(),
    }
}

fn progress(status: StatusCode, offset: u64, receipt: Option<&PhotoReceipt>) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(offset));
    if let Some(receipt) = receipt {
        let json = serde_json::to_vec(receipt).expect("a receipt serialises");
        response.headers_mut().insert(RECEIPT, ascii(STANDARD.encode(json)));
    }
    response
}

fn ascii(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("hexadecimal and base64 digits stand in a header")
}

fn http_date(at: DateTime<FixedOffset>) -> HeaderValue {
    ascii(at.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
