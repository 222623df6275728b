//! Controles at the desk: the list, one of them, its photos and report, and the review.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use veldboek_domain::{Author, Body, Digest, Inspection, InspectionId, ItemId, Status};

use crate::auth::{Coordinator, DeskSession};
use crate::desk::plan::{Plan, PlanRequest};
use crate::desk::timeline::{Timeline, timeline};
use crate::desk::view::{InspectionView, KeptPhoto, shows, view};
use crate::desk::{Folder, plan, report};
use crate::extract::{Json, Path};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};
use crate::storage::{ListFilter, ListRow};

/// Rows on a page, unless fewer are asked for.
const PAGE: u64 = 100;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(plan_inspection))
        .routes(routes!(inspection))
        .routes(routes!(inspection_timeline))
        .routes(routes!(inspection_photo))
        .routes(routes!(inspection_preview))
        .routes(routes!(inspection_report))
        .routes(routes!(review))
        .routes(routes!(checklists))
}

/// Waarop de werkvoorraad wordt gezocht. Leeg geeft alles.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct Search {
    /// Any of these statuses: `planned`, `busy`, `stopped`, `broken_off`, `closed`, `sent_back`, `agreed`.
    statuses: Vec<String>,
    /// The responsible municipality, by name.
    municipality: Option<String>,
    /// Part of a team member's or organisation's name.
    team: Option<String>,
    /// Words in number, address, town, municipality or team.
    text: Option<String>,
    /// At least this many days since it was submitted, or else planned.
    older_than_days: Option<u32>,
    /// Rows to pass over.
    offset: u64,
    /// Rows to give: at most 100, which is also the default.
    limit: Option<u64>,
}

/// Een bladzijde van de werkvoorraad.
#[derive(Serialize, ToSchema)]
struct Found {
    /// Oldest first.
    inspections: Vec<Row>,
    /// How many there are in all.
    total: u64,
}

/// Een regel van de werkvoorraad.
#[derive(Serialize, ToSchema)]
struct Row {
    /// The controle.
    inspection: Uuid,
    /// Working number.
    number: String,
    /// Checklist family.
    family: String,
    /// Street and number.
    address: String,
    /// Town.
    town: String,
    /// Responsible municipality.
    municipality: String,
    /// The organisation that works.
    source_organisation: String,
    /// Where it stands.
    status: String,
    /// When it is planned.
    planned_at: Option<DateTime<Utc>>,
    /// When it was submitted.
    submitted_at: Option<DateTime<Utc>>,
    /// When the last record arrived.
    received_at: Option<DateTime<Utc>>,
    /// The team's names.
    team: Vec<String>,
    /// How many questions have an answer.
    answers: u32,
    /// How many findings.
    findings: u32,
    /// How many assumptions.
    assumptions: u32,
    /// How many photos.
    photos: u32,
    /// How many measures.
    measures: u32,
    /// How many open differences.
    differences: u32,
    /// How many photos are still on a tablet only.
    photos_waiting: u32,
}

impl From<ListRow> for Row {
    fn from(row: ListRow) -> Self {
        Self {
            inspection: row.inspection.0,
            number: row.number,
            family: row.family,
            address: row.address,
            town: row.town,
            municipality: row.municipality,
            source_organisation: row.source_organisation.0,
            status: row.status,
            planned_at: row.planned_at.and_then(DateTime::from_timestamp_millis),
            submitted_at: row.submitted_at.and_then(DateTime::from_timestamp_millis),
            received_at: DateTime::from_timestamp_millis(row.received_at),
            team: row.team,
            answers: row.answers,
            findings: row.findings,
            assumptions: row.assumptions,
            photos: row.photos,
            measures: row.measures,
            differences: row.differences,
            photos_waiting: row.photos_waiting,
        }
    }
}

/// Zoekt in de werkvoorraad.
#[utoipa::path(post, path = "/v1/controles/_zoek", tag = "controles", operation_id = "zoekControles", request_body = Search, security(("bureau" = [])),
    responses((status = 200, body = Found), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn search(
    State(state): State<AppState>,
    session: Coordinator,
    Json(search): Json<Search>,
) -> Result<axum::Json<Found>, Problem> {
    let now = state.now();
    let person = session.person.person;
    let before = search.older_than_days.map(|days| (now - Duration::days(days.into())).timestamp_millis());
    let filter = ListFilter {
        statuses: search.statuses,
        municipality: search.municipality,
        team: search.team,
        text: search.text,
        before,
        offset: search.offset,
        limit: search.limit.unwrap_or(PAGE).min(PAGE),
    };
    let (rows, total) = state
        .ask(move |storage| {
            storage.note(now, person, "werkvoorraad-gezien", "-")?;
            storage.list(&filter)
        })
        .await?;
    Ok(axum::Json(Found { inspections: rows.into_iter().map(Row::from).collect(), total }))
}

/// Notes who looks, and folds what they may see. Blocks.
fn open_folder(state: &AppState, session: &DeskSession, id: Uuid, action: &str) -> Result<Folder, Problem> {
    state.storage.note(state.now(), session.person.person, action, &id.to_string())?;
    let seen = state.storage.seen(&session.peer, InspectionId(id))?.ok_or(Kind::UnknownInspection)?;
    Folder::of(seen, &state.checklists, state.storage.people()?).ok_or(Kind::UnknownInspection.into())
}

/// Geeft een controle om te beoordelen.
#[utoipa::path(get, path = "/v1/controles/{controle}", tag = "controles", operation_id = "geefControle", security(("bureau" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 200, body = InspectionView), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn inspection(
    State(state): State<AppState>,
    session: Coordinator,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<InspectionView>, Problem> {
    off_thread(move || {
        let folder = open_folder(&state, &session, id, "controle-gezien")?;
        let kept = |sha256: &Digest| KeptPhoto {
            receipt: state.storage.photo_receipt(*sha256).ok().flatten(),
            preview: state.photos.previews().is_there(*sha256),
        };
        Ok(axum::Json(view(&folder, id, kept)))
    })
    .await?
}

/// Geeft wie wat wanneer deed, op welk apparaat en met welk bewijs.
#[utoipa::path(get, path = "/v1/controles/{controle}/tijdlijn", tag = "controles", operation_id = "geefTijdlijn", security(("bureau" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 200, body = Timeline), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn inspection_timeline(
    State(state): State<AppState>,
    session: Coordinator,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<Timeline>, Problem> {
    off_thread(move || Ok(axum::Json(timeline(&open_folder(&state, &session, id, "tijdlijn-gezien")?)))).await?
}

/// Geeft een foto van een controle.
#[utoipa::path(get, path = "/v1/controles/{controle}/fotos/{foto}", tag = "controles", operation_id = "geefControlefoto", security(("bureau" = [])),
    params(("controle" = Uuid, Path), ("foto" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn inspection_photo(
    State(state): State<AppState>,
    session: Coordinator,
    Path((id, item)): Path<(Uuid, Uuid)>,
    request: Request,
) -> Result<Response, Problem> {
    let here = state.clone();
    let photo = off_thread(move || {
        let folder = open_folder(&here, &session, id, "foto-gezien")?;
        if !shows(&folder, ItemId(item), folder.inspection.team_stream()) {
            return Err(Kind::UnknownPhoto.into());
        }
        let found = here.storage.photo_of_item(&session.peer, InspectionId(id), ItemId(item))?;
        found.ok_or(Problem::from(Kind::UnknownPhoto))
    })
    .await??;
    super::photos::serve(&state, photo, request).await
}

/// Geeft de kleine versie van een foto van een controle, die er eerder is dan de foto zelf.
#[utoipa::path(get, path = "/v1/controles/{controle}/fotos/{foto}/voorbeeld", tag = "controles", operation_id = "geefControlefotovoorbeeld", security(("bureau" = [])),
    params(("controle" = Uuid, Path), ("foto" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn inspection_preview(
    State(state): State<AppState>,
    session: Coordinator,
    Path((id, item)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    off_thread(move || {
        let folder = open_folder(&state, &session, id, "foto-gezien")?;
        let sealed = folder.inspection.item(ItemId(item)).and_then(|item| item.sealed);
        let sealed = sealed.filter(|_| shows(&folder, ItemId(item), folder.inspection.team_stream()));
        super::previews::give(&state, sealed.ok_or(Kind::UnknownPhoto)?.sha256)
    })
    .await?
}

/// Geeft het controlerapport als PDF.
#[utoipa::path(get, path = "/v1/controles/{controle}/rapport", tag = "controles", operation_id = "geefRapport", security(("bureau" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn inspection_report(
    State(state): State<AppState>,
    session: Coordinator,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let pdf = off_thread(move || {
        let folder = open_folder(&state, &session, id, "rapport-gezien")?;
        report::pdf(&folder, &state.photos)
    })
    .await??;
    Ok((
        [
            (header::CONTENT_TYPE, "application/pdf"),
            (header::CONTENT_DISPOSITION, "inline; filename=\"controlerapport.pdf\""),
        ],
        pdf,
    ))
}

/// Een beoordeling.
#[derive(Deserialize, ToSchema)]
struct Review {
    /// Whether the coordinator agrees; otherwise it goes back to the team.
    agreed: bool,
    /// What the team must do.
    #[serde(default)]
    note: String,
    /// The day by which.
    #[serde(default)]
    due: Option<NaiveDate>,
}

/// Beoordeelt een ingediende controle: akkoord, of terug naar het team.
#[utoipa::path(post, path = "/v1/controles/{controle}/beoordeling", tag = "controles", operation_id = "beoordeelControle", request_body = Review, security(("bureau" = [])),
    params(("controle" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn review(
    State(state): State<AppState>,
    session: Coordinator,
    Path(id): Path<Uuid>,
    Json(review): Json<Review>,
) -> Result<StatusCode, Problem> {
    if !review.agreed && review.note.trim().is_empty() {
        return Err(Kind::NoteMissing.into());
    }
    let (author, stamp, here) = (author(&session), state.stamp(), state.clone());
    let news = off_thread(move || {
        here.storage.note(stamp.at, session.person.person, "beoordeeld", &id.to_string())?;
        let decide = move |inspection: &Inspection| decide(inspection, &review);
        here.storage.write(&here.identity.own, &author, stamp, InspectionId(id), Box::new(decide))
    })
    .await??
    .ok_or(Kind::UnknownInspection)??;
    state.announce(news);
    Ok(StatusCode::NO_CONTENT)
}

fn decide(inspection: &Inspection, review: &Review) -> Result<Vec<(Body, Vec<veldboek_domain::RecordId>)>, Problem> {
    if inspection.status() != Status::Closed {
        return Err(Kind::NotReviewable.into());
    }
    if review.agreed && !inspection.open_differences().is_empty() {
        return Err(Kind::DifferencesOpen.into());
    }
    let body = Body::Reviewed { agreed: review.agreed, note: review.note.trim().to_owned(), due: review.due };
    Ok(vec![(body, inspection.milestone_parents())])
}

fn author(session: &DeskSession) -> Author {
    Author { person: session.person.person, organisation: session.person.organisation.clone() }
}

/// Een geplande controle.
#[derive(Serialize, ToSchema)]
struct PlannedInspection {
    /// The controle.
    inspection: Uuid,
    /// Its working number.
    number: String,
}

/// Plant een controle: zij verschijnt op de tablets van het team.
#[utoipa::path(post, path = "/v1/controles", tag = "controles", operation_id = "planControle", request_body = PlanRequest, security(("bureau" = [])),
    responses((status = 201, body = PlannedInspection), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn plan_inspection(
    State(state): State<AppState>,
    session: Coordinator,
    Json(request): Json<PlanRequest>,
) -> Result<(StatusCode, axum::Json<PlannedInspection>), Problem> {
    let planned = off_thread(move || {
        let people = state.storage.people()?;
        let plan = Plan::check(request, &state.checklists, &people, session.person.organisation.clone())?;
        let (inspection, number) = plan::open(&state, &plan, &author(&session))?;
        state.storage.note(state.now(), session.person.person, "gepland", &inspection.to_string())?;
        Ok::<_, Problem>(PlannedInspection { inspection: inspection.0, number })
    })
    .await??;
    Ok((StatusCode::CREATED, axum::Json(planned)))
}

/// De checklists om mee te plannen.
#[derive(Serialize, ToSchema)]
struct Checklists {
    /// By id.
    checklists: Vec<ChecklistRow>,
}

/// Een checklist.
#[derive(Serialize, ToSchema)]
struct ChecklistRow {
    /// Its id.
    id: String,
    /// Its version.
    version: String,
    /// Its title.
    title: String,
    /// Its family.
    family: &'static str,
    /// Whether nobody approved it yet.
    concept: bool,
    /// SHA-256 of its file.
    hash: String,
}

/// Geeft de checklists.
#[utoipa::path(get, path = "/v1/checklists", tag = "controles", operation_id = "geefChecklists", security(("bureau" = [])),
    responses((status = 200, body = Checklists), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn checklists(State(state): State<AppState>, _: DeskSession) -> axum::Json<Checklists> {
    let offered = veldboek_checklist::current(&state.checklists);
    let rows = offered.iter().filter(|checklist| plan::is_planned_here(checklist)).map(|checklist| ChecklistRow {
        id: checklist.id().to_owned(),
        version: checklist.version().to_owned(),
        title: checklist.title().to_owned(),
        family: plan::family(checklist),
        concept: checklist.status() == veldboek_checklist::Status::Concept,
        hash: checklist.hash().to_string(),
    });
    axum::Json(Checklists { checklists: rows.collect() })
}
