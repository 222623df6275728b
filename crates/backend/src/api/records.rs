//! Records: pushed, pulled and compared, as framed bytes.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{
    CompareRequest, MAX_BATCH_BYTES, PROTOCOL, PullRequest, PushPreamble, PushReply, RECORDS_MEDIA_TYPE, read_frames,
    write_frames,
};

use super::schemas;
use crate::auth::{DeviceSession, DeviceToken};
use crate::extract::{Body, Json};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::AppState;
use crate::storage::Storage;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(push)).routes(routes!(pull)).routes(routes!(compare))
}

/// Neemt wijzigingen aan; het antwoord komt pas als ze vaststaan op schijf.
#[utoipa::path(post, path = "/v1/records", tag = "records", operation_id = "stuurRecords",
    request_body(content = Vec<u8>, content_type = "application/vnd.veldboek.records"), security(("apparaat" = [])),
    responses((status = 200, body = schemas::PushReply), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn push(
    State(state): State<AppState>,
    session: DeviceSession,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<axum::Json<PushReply>, Problem> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != RECORDS_MEDIA_TYPE) {
        return Err(Kind::WrongMediaType.into());
    }
    if bytes.len() > MAX_BATCH_BYTES {
        return Err(Kind::TooLarge.into());
    }
    let at = state.now();
    let key = state.identity.own.key.clone();
    let (preamble, batch) = read_frames::<PushPreamble>(&bytes)
        .map_err(|error| Problem::new(Kind::UnreadableRecords).because(frame_reason(&error)))?;
    if preamble.protocol > PROTOCOL {
        return Err(Kind::ProtocolTooNew.into());
    }
    let (reply, news) = state.ask(move |storage| storage.push(&session.peer, &preamble, batch, at, &key)).await?;
    state.announce(news);
    Ok(axum::Json(reply))
}

/// Geeft een bladzijde met wat nieuw is.
#[utoipa::path(post, path = "/v1/records/_ophalen", tag = "records", operation_id = "haalRecordsOp",
    request_body = schemas::PullRequest, security(("apparaat" = [])),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.veldboek.records"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn pull(
    State(state): State<AppState>,
    token: DeviceToken,
    Json(request): Json<PullRequest>,
) -> Result<impl IntoResponse, Problem> {
    let page = match token.unchanged(&state, &request) {
        Some(preamble) => write_frames(&preamble, &[]),
        None => {
            let answer = move |storage: &dyn Storage, peer: &Peer| {
                let (preamble, records) = storage.pull(peer, &request)?;
                Ok(write_frames(&preamble, &records))
            };
            token.ask(&state, answer).await?
        }
    };
    Ok(([(header::CONTENT_TYPE, RECORDS_MEDIA_TYPE)], page))
}

/// Vergelijkt hoe ver beide kanten zijn en geeft wat het apparaat mist.
#[utoipa::path(post, path = "/v1/records/_vergelijk", tag = "records", operation_id = "vergelijkRecords",
    request_body = schemas::CompareRequest, security(("apparaat" = [])),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.veldboek.records"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn compare(
    State(state): State<AppState>,
    session: DeviceSession,
    Json(request): Json<CompareRequest>,
) -> Result<impl IntoResponse, Problem> {
    let page = state
        .ask(move |storage| {
            let (preamble, records) = storage.compare(&session.peer, &request)?;
            Ok(write_frames(&preamble, &records))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, RECORDS_MEDIA_TYPE)], page))
}

/// What is wrong with the frames, without a byte of what is in them.
fn frame_reason(error: &veldboek_sync::wire::FrameError) -> String {
    use veldboek_sync::wire::FrameError;
    match error {
        FrameError::Short { at, wanted } => format!("de bytes eindigen bij {at} in een deel van {wanted}"),
        FrameError::Preamble(_) => "de aanhef is niet te lezen".to_owned(),
        FrameError::Unpaired => "een kop staat zonder inhoud".to_owned(),
    }
}
