//! Small versions of photos: they come ahead of the originals and go to who may see those.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::Digest;
use veldboek_sync::wire::MAX_PREVIEW_BYTES;

use crate::auth::DeviceSession;
use crate::extract::Path;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};

/// How every JPEG begins.
const JPEG: [u8; 3] = [0xFF, 0xD8, 0xFF];

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(put_preview, preview))
}

/// Bewaart de kleine versie van een foto die een controle van dit apparaat toont. De eerste blijft.
#[utoipa::path(put, path = "/v1/fotos/{sha256}/voorbeeld", tag = "fotos", operation_id = "bewaarVoorbeeld", security(("apparaat" = [])),
    params(("sha256" = String, Path)), request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn put_preview(
    State(state): State<AppState>,
    session: DeviceSession,
    Path(sha256): Path<Digest>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let is_jpeg = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "image/jpeg") && body.starts_with(&JPEG);
    if !is_jpeg || body.len() > MAX_PREVIEW_BYTES {
        return Err(Kind::NoPreview.into());
    }
    off_thread(move || {
        if !state.storage.photo_visible(&session.peer, sha256)? {
            return Err(Kind::UnknownPhoto.into());
        }
        if state.photos.previews().keep(sha256, &body).map_err(super::disk)? {
            state.announce(state.storage.photo_news(sha256)?);
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await?
}

/// Geeft de kleine versie van een foto die een controle van dit apparaat toont.
#[utoipa::path(get, path = "/v1/fotos/{sha256}/voorbeeld", tag = "fotos", operation_id = "haalVoorbeeld", security(("apparaat" = [])),
    params(("sha256" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn preview(
    State(state): State<AppState>,
    session: DeviceSession,
    Path(sha256): Path<Digest>,
) -> Result<Response, Problem> {
    off_thread(move || {
        if !state.storage.photo_visible(&session.peer, sha256)? {
            return Err(Kind::UnknownPhoto.into());
        }
        give(&state, sha256)
    })
    .await?
}

/// A small version, for who may see it. Blocks.
pub(super) fn give(state: &AppState, sha256: Digest) -> Result<Response, Problem> {
    let jpeg = state.photos.previews().read(sha256).map_err(super::disk)?.ok_or(Kind::UnknownPhoto)?;
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, jpeg).into_response())
}
