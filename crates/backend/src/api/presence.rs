//! Who has a controle open: told by devices, for the people who may read its team's stream.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use veldboek_domain::{DeviceId, InspectionId, StreamId};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{PresentDevice, PresentOthers};

use super::schemas;
use crate::auth::{DeviceSession, Reader};
use crate::extract::Path;
use crate::presence::LEASE;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::AppState;
use crate::storage::News;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(attend, leave, present))
}

/// Meldt dat dit apparaat de controle open heeft, en geeft wie haar nog meer open heeft. De melding vervalt vanzelf.
#[utoipa::path(put, path = "/v1/controles/{controle}/aanwezigheid", tag = "controles", operation_id = "meldAanwezigheid", security(("apparaat" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 200, body = schemas::PresentOthers), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn attend(
    State(state): State<AppState>,
    session: DeviceSession,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<PresentOthers>, Problem> {
    let stream = team_stream(&state, &session.peer, InspectionId(id)).await?;
    if state.leases.renew(session.peer.device, InspectionId(id), state.now()) {
        state.announce(News { looked_at: vec![(InspectionId(id), stream)], ..News::default() });
    }
    others(&state, &session.peer, InspectionId(id)).await.map(axum::Json)
}

/// Meldt dat dit apparaat de controle niet meer open heeft.
#[utoipa::path(delete, path = "/v1/controles/{controle}/aanwezigheid", tag = "controles", operation_id = "beeindigAanwezigheid", security(("apparaat" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn leave(
    State(state): State<AppState>,
    session: DeviceSession,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let stream = team_stream(&state, &session.peer, InspectionId(id)).await?;
    if state.leases.end(session.peer.device, InspectionId(id)) {
        state.announce(News { looked_at: vec![(InspectionId(id), stream)], ..News::default() });
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Geeft wie de controle nu open heeft.
#[utoipa::path(get, path = "/v1/controles/{controle}/aanwezigheid", tag = "controles", operation_id = "geefAanwezigheid",
    security(("apparaat" = []), ("bureau" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 200, body = schemas::PresentOthers), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn present(
    State(state): State<AppState>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<PresentOthers>, Problem> {
    team_stream(&state, &reader.peer, InspectionId(id)).await?;
    others(&state, &reader.peer, InspectionId(id)).await.map(axum::Json)
}

/// The team's stream of a controle, for who may read it; for anybody else there is no such controle.
async fn team_stream(state: &AppState, peer: &Peer, inspection: InspectionId) -> Result<StreamId, Problem> {
    let peer = peer.clone();
    let stream = state
        .ask(move |storage| {
            let Some(stream) = storage.team_stream(inspection)? else { return Ok(None) };
            Ok(storage.may_read(&peer, stream)?.then_some(stream))
        })
        .await?;
    stream.ok_or(Kind::UnknownInspection.into())
}

async fn others(state: &AppState, peer: &Peer, inspection: InspectionId) -> Result<PresentOthers, Problem> {
    let mut devices = state.leases.of(inspection, state.now());
    devices.retain(|device| *device != peer.device);
    let others = state.ask(move |storage| devices.into_iter().map(|device| named(storage, device)).collect()).await?;
    let others: Vec<Option<PresentDevice>> = others;
    Ok(PresentOthers { others: others.into_iter().flatten().collect(), seconds: LEASE.num_seconds().unsigned_abs() })
}

fn named(
    storage: &dyn crate::storage::Storage,
    device: DeviceId,
) -> Result<Option<PresentDevice>, crate::storage::StorageError> {
    let Some(device) = storage.device(device)? else { return Ok(None) };
    let person = storage.person(device.person)?;
    Ok(person.map(|person| PresentDevice { name: person.name, device: device.name }))
}
