//! Counts of visits that stay on their device: nothing else of an agro-coach's conversation or a survey ever comes here.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::Role;
use veldboek_sync::wire::CountsSent;

use super::schemas;
use crate::auth::{DeskSession, DeviceSession};
use crate::counts::{Shown, fits, suppress};
use crate::extract::Json;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send, totals))
}

/// Neemt de tellingen van een bezoek aan; nog een keer gestuurd tellen ze een keer. Wie ze stuurt wordt niet bewaard.
#[utoipa::path(post, path = "/v1/tellingen", tag = "tellingen", operation_id = "stuurTellingen", security(("apparaat" = [])),
    request_body = schemas::CountsSent,
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn send(
    State(state): State<AppState>,
    _: DeviceSession,
    Json(sent): Json<CountsSent>,
) -> Result<StatusCode, Problem> {
    if !state.checklists.iter().any(|checklist| fits(&sent, checklist)) {
        return Err(Problem::new(Kind::UnreadableInput).because("dit zijn geen tellingen van een bekende checklist"));
    }
    state.ask(move |storage| storage.put_counts(&sent)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// De tellingen samen.
#[derive(Serialize, ToSchema)]
struct Totals {
    /// By checklist and question.
    totals: Vec<Total>,
}

/// Hoe vaak iets is geantwoord.
#[derive(Serialize, ToSchema)]
struct Total {
    /// The checklist's id.
    checklist: String,
    /// The question's id.
    question: String,
    /// The option's code; none for a number.
    option: Option<String>,
    /// In how many visits; none when too few to show, or when it would tell one that is.
    visits: Option<u64>,
    /// The sum of the numbers; none for an option or when hidden.
    sum: Option<f64>,
}

impl From<Shown> for Total {
    fn from(shown: Shown) -> Self {
        let Shown { total, hidden } = shown;
        let told = |is: bool| is && !hidden;
        Self {
            visits: told(true).then_some(total.visits),
            sum: told(total.option.is_none()).then_some(total.sum),
            checklist: total.checklist,
            question: total.question,
            option: total.option,
        }
    }
}

/// Geeft de tellingen samen, zonder kleine aantallen.
#[utoipa::path(get, path = "/v1/tellingen", tag = "tellingen", operation_id = "geefTellingen", security(("bureau" = [])),
    responses((status = 200, body = Totals), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn totals(State(state): State<AppState>, session: DeskSession) -> Result<axum::Json<Totals>, Problem> {
    if !matches!(session.person.role, Role::Coordinator | Role::RegionalReader) {
        return Err(Kind::NotAllowed.into());
    }
    let totals = state.ask(|storage| storage.count_totals()).await?;
    Ok(axum::Json(Totals { totals: suppress(totals).into_iter().map(Total::from).collect() }))
}
