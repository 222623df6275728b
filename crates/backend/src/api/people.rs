//! People, devices and the log, for who manages them.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use veldboek_domain::codes::PARTNERS;
use veldboek_domain::{DeviceId, OrganisationCode, PersonCard, PersonId, Role};

use super::schemas;
use crate::auth::{Administrator, DeskSession};
use crate::demo::account;
use crate::extract::{Json, Path};
use crate::identity::spoken;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};
use crate::storage::{AuditState, Device};

/// How long an enrolment code can be used.
const CODE: chrono::Duration = chrono::Duration::days(2);
/// Characters of an enrolment code: 5 bits each.
const CODE_LENGTH: usize = 10;
/// Lines of the log in one answer.
const LINES: u32 = 200;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(people, add_person))
        .routes(routes!(make_code))
        .routes(routes!(devices))
        .routes(routes!(block))
        .routes(routes!(log))
}

/// Mensen.
#[derive(Serialize, ToSchema)]
struct People {
    /// By name.
    #[schema(value_type = Vec<schemas::PersonCard>)]
    people: Vec<PersonCard>,
}

/// Geeft de mensen die met NHVeilig werken, voor beheer en om een team te kiezen.
#[utoipa::path(get, path = "/v1/mensen", tag = "beheer", operation_id = "geefMensen", security(("bureau" = [])),
    responses((status = 200, body = People), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn people(State(state): State<AppState>, session: DeskSession) -> Result<axum::Json<People>, Problem> {
    let (now, person) = (state.now(), session.person.person);
    let people = state
        .ask(move |storage| {
            storage.note(now, person, "mensen-gezien", "-")?;
            storage.people()
        })
        .await?;
    Ok(axum::Json(People { people }))
}

/// Iemand om toe te voegen.
#[derive(Deserialize, ToSchema)]
struct NewPerson {
    /// Name as it stands in a report.
    name: String,
    /// The organisation's code: lower case letters, digits and hyphens.
    organisation: String,
    /// The organisation's name.
    organisation_name: String,
    /// The function, such as `toezichthouder bouw`.
    function: String,
    /// The role.
    #[schema(value_type = schemas::Role)]
    role: Role,
    /// The number of the pass.
    #[serde(default)]
    pass_number: String,
    /// For which partner they work, by its code such as `brandweer`; empty for none.
    #[serde(default)]
    partner: String,
    /// The name of an account at the desk, for who works there.
    #[serde(default)]
    account: Option<String>,
}

impl NewPerson {
    fn is_complete(&self) -> bool {
        let code =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let filled = [&self.name, &self.organisation, &self.organisation_name, &self.function];
        let account = self.account.as_ref().is_none_or(|name| !name.trim().is_empty());
        let partner = self.partner.is_empty() || PARTNERS.iter().any(|known| known.code == self.partner);
        filled.iter().all(|text| !text.trim().is_empty()) && code(&self.organisation) && account && partner
    }
}

/// Iemand die is toegevoegd.
#[derive(Serialize, ToSchema)]
struct AddedPerson {
    /// The person.
    #[schema(value_type = schemas::PersonCard)]
    person: PersonCard,
    /// The account's first password. Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// Voegt iemand toe, met een account voor wie aan het bureau werkt.
#[utoipa::path(post, path = "/v1/mensen", tag = "beheer", operation_id = "voegPersoonToe", request_body = NewPerson, security(("bureau" = [])),
    responses((status = 201, body = AddedPerson), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn add_person(
    State(state): State<AppState>,
    session: Administrator,
    Json(new): Json<NewPerson>,
) -> Result<(StatusCode, axum::Json<AddedPerson>), Problem> {
    if !new.is_complete() {
        return Err(Kind::IncompletePerson.into());
    }
    let added = off_thread(move || add(&state, session.person.person, new)).await??;
    Ok((StatusCode::CREATED, axum::Json(added)))
}

fn add(state: &AppState, by: PersonId, new: NewPerson) -> Result<AddedPerson, Problem> {
    if let Some(name) = &new.account
        && state.storage.account(name)?.is_some()
    {
        return Err(Kind::AccountTaken.into());
    }
    let person = PersonCard {
        person: PersonId::new(state.clock.as_ref(), state.entropy.as_ref()),
        name: new.name,
        organisation: OrganisationCode(new.organisation),
        organisation_name: new.organisation_name,
        function: new.function,
        role: new.role,
        pass_number: new.pass_number,
        partner: new.partner,
    };
    state.storage.note(state.now(), by, "persoon-toegevoegd", &person.person.to_string())?;
    state.storage.put_person(&person)?;
    let password = match new.account {
        None => None,
        Some(name) => {
            let account = account(state, &person, &name).map_err(|error| {
                tracing::error!(%error, "an account can't be made");
                Kind::Internal
            })?;
            Some(account.password)
        }
    };
    Ok(AddedPerson { person, password })
}

/// Voor wie een code is.
#[derive(Deserialize, ToSchema)]
struct CodeFor {
    /// The person who gets the device.
    person: Uuid,
}

/// Een code om één apparaat mee aan te melden.
#[derive(Serialize, ToSchema)]
struct Code {
    /// To type on the device; hyphens carry no meaning. Shown once.
    code: String,
    /// Until when it can be used.
    expires_at: DateTime<Utc>,
}

/// Maakt een code waarmee iemand één apparaat aanmeldt.
#[utoipa::path(post, path = "/v1/apparaatcodes", tag = "beheer", operation_id = "maakApparaatcode", request_body = CodeFor, security(("bureau" = [])),
    responses((status = 201, body = Code), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn make_code(
    State(state): State<AppState>,
    session: Administrator,
    Json(request): Json<CodeFor>,
) -> Result<(StatusCode, axum::Json<Code>), Problem> {
    let code = enrolment_code(&state);
    let (hash, now, by) = (super::code_hash(&code), state.now(), session.person.person);
    let (expires_at, person) = (now + CODE, PersonId(request.person));
    let known = state
        .ask(move |storage| {
            if storage.person(person)?.is_none() {
                return Ok(false);
            }
            storage.put_code(hash, person, expires_at.timestamp_millis())?;
            storage.note(now, by, "apparaatcode-gemaakt", &person.to_string())?;
            Ok(true)
        })
        .await?;
    if !known {
        return Err(Kind::UnknownPerson.into());
    }
    Ok((StatusCode::CREATED, axum::Json(Code { code, expires_at: expires_at.to_utc() })))
}

/// A fresh enrolment code in two halves.
pub(crate) fn enrolment_code(state: &AppState) -> String {
    let code = spoken(state.entropy.as_ref(), CODE_LENGTH);
    let (first, second) = code.split_at(CODE_LENGTH / 2);
    format!("{first}-{second}")
}

/// Apparaten.
#[derive(Serialize, ToSchema)]
struct Devices {
    /// By name.
    devices: Vec<DeviceRow>,
}

/// Een apparaat.
#[derive(Serialize, ToSchema)]
struct DeviceRow {
    /// Its id.
    device: Uuid,
    /// The name that people gave it.
    name: String,
    /// Its owner.
    person: Uuid,
    /// When it was enrolled.
    enrolled_at: DateTime<Utc>,
    /// Whether it was blocked.
    blocked: bool,
}

impl From<Device> for DeviceRow {
    fn from(device: Device) -> Self {
        Self {
            device: device.device.0,
            name: device.name,
            person: device.person.0,
            enrolled_at: DateTime::from_timestamp_millis(device.enrolled_at).unwrap_or_default(),
            blocked: device.blocked,
        }
    }
}

/// Geeft de apparaten.
#[utoipa::path(get, path = "/v1/apparaten", tag = "beheer", operation_id = "geefApparaten", security(("bureau" = [])),
    responses((status = 200, body = Devices), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn devices(State(state): State<AppState>, session: Administrator) -> Result<axum::Json<Devices>, Problem> {
    let (now, by) = (state.now(), session.person.person);
    let devices = state
        .ask(move |storage| {
            storage.note(now, by, "apparaten-gezien", "-")?;
            storage.devices()
        })
        .await?;
    Ok(axum::Json(Devices { devices: devices.into_iter().map(DeviceRow::from).collect() }))
}

/// Blokkeert een verloren apparaat: het komt er niet meer in.
#[utoipa::path(post, path = "/v1/apparaten/{apparaat}/_blokkeer", tag = "beheer", operation_id = "blokkeerApparaat", security(("bureau" = [])),
    params(("apparaat" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn block(
    State(state): State<AppState>,
    session: Administrator,
    Path(device): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let (now, by) = (state.now(), session.person.person);
    let known = state
        .ask(move |storage| {
            storage.note(now, by, "apparaat-geblokkeerd", &device.to_string())?;
            storage.block_device(DeviceId(device), now.timestamp_millis())
        })
        .await?;
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(Kind::UnknownDevice.into()) }
}

/// Het logboek.
#[derive(Serialize, ToSchema)]
struct Log {
    /// Newest first.
    lines: Vec<LogLine>,
    /// Whether every line holds the hash of the one before.
    whole: bool,
}

/// Een regel van het logboek.
#[derive(Serialize, ToSchema)]
struct LogLine {
    /// Its number.
    n: u64,
    /// When.
    at: String,
    /// Who.
    person: Uuid,
    /// What was done, by code.
    action: String,
    /// To what, by id.
    object: String,
    /// SHA-256 over the line before and this one.
    hash: String,
}

/// Geeft de laatste regels van het logboek, en of het heel is.
#[utoipa::path(get, path = "/v1/logboek", tag = "beheer", operation_id = "geefLogboek", security(("bureau" = [])),
    responses((status = 200, body = Log), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn log(State(state): State<AppState>, session: Administrator) -> Result<axum::Json<Log>, Problem> {
    let (now, by) = (state.now(), session.person.person);
    let (lines, whole) = state
        .ask(move |storage| {
            storage.note(now, by, "logboek-gezien", "-")?;
            let whole = matches!(storage.verify_audit()?, AuditState::Whole { .. });
            Ok((storage.audit_lines(None, LINES)?, whole))
        })
        .await?;
    let lines = lines.into_iter().map(|line| LogLine {
        n: line.n,
        at: line.at,
        person: line.person.0,
        action: line.action,
        object: line.object,
        hash: line.hash.to_string(),
    });
    Ok(axum::Json(Log { lines: lines.collect(), whole }))
}
