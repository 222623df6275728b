//! How far photos are, and their bytes for devices.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeFile;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::Digest;
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{PhotoState, PhotoStateReply, PhotoStateRequest};

use super::schemas;
use crate::auth::DeviceSession;
use crate::extract::{Json, Path};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};
use crate::storage::StoredPhoto;

/// Photos asked about in one request.
const MOST_PHOTOS: usize = 1_000;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(states)).routes(routes!(photo))
}

/// Zegt van elke foto hoe ver ze is.
#[utoipa::path(post, path = "/v1/fotos/_stand", tag = "fotos", operation_id = "vraagFotostand", security(("apparaat" = [])),
    request_body = schemas::PhotoStateRequest,
    responses((status = 200, body = schemas::PhotoStateReply), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn states(
    State(state): State<AppState>,
    session: DeviceSession,
    Json(request): Json<PhotoStateRequest>,
) -> Result<axum::Json<PhotoStateReply>, Problem> {
    if request.photos.len() > MOST_PHOTOS {
        return Err(Kind::TooLarge.into());
    }
    off_thread(move || {
        let mut reply = PhotoStateReply::default();
        for sha256 in request.photos {
            reply.photos.insert(sha256.to_string(), photo_state(&state, &session.peer, sha256)?);
            if state.photos.previews().is_there(sha256) && state.storage.photo_visible(&session.peer, sha256)? {
                reply.previews.insert(sha256);
            }
        }
        Ok(axum::Json(reply))
    })
    .await?
}

fn photo_state(state: &AppState, peer: &Peer, sha256: Digest) -> Result<PhotoState, Problem> {
    if let Some(photo) = state.storage.photo_known(peer, sha256)? {
        return Ok(PhotoState::Complete { receipt: photo.receipt });
    }
    let now = state.now().timestamp_millis();
    let Some(upload) = state.storage.upload_of(peer.person, sha256, now)? else { return Ok(PhotoState::Absent) };
    let offset = state.photos.offset(upload.upload).map_err(|error| {
        tracing::error!(%error, "an upload can't be read");
        Kind::Internal
    })?;
    Ok(PhotoState::Partial { location: format!("v1/{}", super::tus::location(upload.upload)), offset })
}

/// Geeft een foto, ook in delen, als een controle van dit apparaat haar toont.
#[utoipa::path(get, path = "/v1/fotos/{sha256}", tag = "fotos", operation_id = "haalFoto", security(("apparaat" = [])),
    params(("sha256" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 206), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn photo(
    State(state): State<AppState>,
    session: DeviceSession,
    Path(sha256): Path<Digest>,
    request: Request,
) -> Result<Response, Problem> {
    let found = state.ask(move |storage| storage.photo_shown(&session.peer, sha256)).await?;
    serve(&state, found.ok_or(Kind::UnknownPhoto)?, request).await
}

/// A photo's file, with ranges. Only pictures are shown by a browser; anything else is a download.
pub(super) async fn serve(state: &AppState, photo: StoredPhoto, request: Request) -> Result<Response, Problem> {
    let file = ServeFile::new(state.photos.path(photo.receipt.sha256));
    let mut response = file.oneshot(request).await.into_response();
    if response.status() == axum::http::StatusCode::NOT_FOUND {
        tracing::error!(sha256 = %photo.receipt.sha256, "a photo with a receipt is not on disk");
        return Err(Kind::Internal.into());
    }
    let is_picture = ["image/jpeg", "image/png", "image/webp"].contains(&photo.media_type.as_str());
    let shown = if is_picture { photo.media_type.as_str() } else { "application/octet-stream" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(shown).map_err(|_| Kind::Internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if !is_picture {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(response)
}
