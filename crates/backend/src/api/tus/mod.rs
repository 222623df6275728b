//! Photos go up by the tus 1.0.0 resumable protocol: creation, creation-with-upload, checksum, termination, expiration.

mod headers;
mod over;
mod work;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_sync::wire::MAX_PHOTO_BYTES;

use self::headers::{
    TUS_RESUMABLE, TUS_VERSION, UPLOAD_LENGTH, UPLOAD_OFFSET, VERSION, Wanted, ascii, carries_bytes, check_version,
    checksum, number, progress, say_expiry, say_metadata,
};
use self::work::{KEPT, find, room_for, take_bytes};
use super::disk;
use crate::auth::DeviceSession;
use crate::extract::Path;
use crate::photos::{ALGORITHMS, UploadId};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};
use crate::storage::Upload;

pub(crate) use self::over::by_named_method;
pub(crate) use self::work::sweep;

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

/// Where an upload goes on, seen from `/v1/`: whoever put the backend below a path of theirs changes nothing here.
pub(crate) fn location(upload: UploadId) -> String {
    format!("fotos/uploads/{}", hex::encode(upload))
}

/// Zegt wat deze server van tus spreekt.
#[utoipa::path(options, path = "/v1/fotos", tag = "fotos", operation_id = "vraagTusOpties", responses((status = 204)))]
async fn options() -> Response {
    let headers = [
        ("tus-version", "1.0.0"),
        ("tus-extension", "creation,creation-with-upload,checksum,termination,expiration"),
        ("tus-checksum-algorithm", ALGORITHMS),
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
        metadata: wanted.metadata,
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
            let (offset, receipt) = take_bytes(&state, upload.clone(), body, checksum, None).await?;
            upload.finished = receipt.is_some();
            progress(StatusCode::CREATED, offset, receipt.as_ref())
        }
        None => progress(StatusCode::CREATED, 0, None),
    };
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, ascii(location(id)));
    say_expiry(headers, &upload);
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
    say_metadata(headers, &upload);
    say_expiry(headers, &upload);
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
    let mut upload = find(&state, &session, &id).await?;
    if upload.finished {
        return Err(Kind::WrongOffset.into());
    }
    upload.expires_at = (state.now() + KEPT).timestamp_millis();
    let (id, expires_at) = (upload.upload, upload.expires_at);
    state.ask(move |storage| storage.extend_upload(id, expires_at)).await?;
    let (offset, receipt) = take_bytes(&state, upload.clone(), body, checksum, Some(offset)).await?;
    upload.finished = receipt.is_some();
    let mut response = progress(StatusCode::NO_CONTENT, offset, receipt.as_ref());
    say_expiry(response.headers_mut(), &upload);
    Ok(response)
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
