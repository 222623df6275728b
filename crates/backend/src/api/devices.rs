//! Enrolling a device, and its sessions.

use axum::extract::State;
use axum::http::StatusCode;
use ed25519_dalek::{Signature, Verifier};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::certificate::CertifiedDevice;
use veldboek_domain::{DeviceCertificate, Digest, PersonCard};
use veldboek_sync::receipt::public_key;
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{
    CertificateRequest, Challenge, ChallengeRequest, EnrolRequest, Enrolment, Session, SessionRequest, TeamCards,
    session_statement,
};

use super::schemas;
use crate::auth::DeviceSession;
use crate::extract::Json;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::AppState;
use crate::storage::{Device, Enrolled, NewDevice, TeamDevice};
use crate::tries;

/// What people call this backend.
const NAME: &str = "NHVeilig";
/// How long a challenge can be answered, in milliseconds.
const CHALLENGE_MS: i64 = 120_000;
/// How long a device's session lasts.
const SESSION: chrono::Duration = chrono::Duration::hours(12);

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(enrol))
        .routes(routes!(certify))
        .routes(routes!(team_cards))
        .routes(routes!(challenge))
        .routes(routes!(open_session))
}

/// The hash under which an enrolment code is kept; hyphens, spaces and case carry no meaning.
pub(crate) fn code_hash(code: &str) -> Digest {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Digest::of(letters.as_bytes())
}

/// Meldt een apparaat aan met een code van de beheerder.
#[utoipa::path(post, path = "/v1/apparaten", tag = "apparaten", operation_id = "meldApparaatAan",
    request_body = schemas::EnrolRequest,
    responses((status = 201, body = schemas::Enrolment), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn enrol(
    State(state): State<AppState>,
    Json(request): Json<EnrolRequest>,
) -> Result<(StatusCode, axum::Json<Enrolment>), Problem> {
    let key = public_key(&request.public_key).ok_or(Kind::UnreadableKey)?;
    let recipient = Some(request.recipient).filter(|text| is_recipient(text)).unwrap_or_default();
    let device = NewDevice { device: request.device, name: request.name, public_key: key, recipient };
    let certified = device.clone();
    let (code, now) = (code_hash(&request.code), state.now().timestamp_millis());
    let tried = tries::Subject::enrolment();
    tries::allow(&state, tried).await?;
    match state.ask(move |storage| storage.enrol(code, &device, now)).await? {
        Enrolled::WrongCode => {
            tries::count(&state, tried).await?;
            Err(Kind::WrongCode.into())
        }
        Enrolled::Taken => Err(Kind::DeviceTaken.into()),
        Enrolled::Done { person, suffix } => Ok((
            StatusCode::CREATED,
            axum::Json(Enrolment {
                certificate: (!certified.recipient.is_empty()).then(|| certificate(&state, &certified, &person)),
                source_organisation: person.organisation.to_string(),
                person,
                backend: NAME.to_owned(),
                backend_key: state.identity.public_key(),
                recovery_recipient: state.identity.recovery_recipient.clone(),
                number_suffix: suffix,
            }),
        )),
    }
}

/// Geeft dit apparaat een certificaat, waarmee het zich zonder netwerk aan andere apparaten bekendmaakt.
#[utoipa::path(post, path = "/v1/apparaten/_certificaat", tag = "apparaten", operation_id = "vraagCertificaat",
    request_body = schemas::CertificateRequest, security(("apparaat" = [])),
    responses((status = 200, body = schemas::DeviceCertificate), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn certify(
    State(state): State<AppState>,
    session: DeviceSession,
    Json(request): Json<CertificateRequest>,
) -> Result<axum::Json<DeviceCertificate>, Problem> {
    if !is_recipient(&request.recipient) {
        return Err(Kind::UnreadableKey.into());
    }
    let Peer { device, person, .. } = session.peer;
    let recipient = request.recipient.clone();
    let (device, person) = state
        .ask(move |storage| {
            storage.put_recipient(device, &recipient)?;
            Ok((storage.device(device)?, storage.person(person)?))
        })
        .await?;
    let (Some(device), Some(person)) = (device, person) else { return Err(Kind::NotSignedIn.into()) };
    let Device { device, name, public_key, .. } = device;
    let device = NewDevice { device, name, public_key, recipient: request.recipient };
    Ok(axum::Json(certificate(&state, &device, &person)))
}

/// Geeft de kaarten van de apparaten van collega's met wie deze persoon in een team zit.
#[utoipa::path(get, path = "/v1/apparaten/_kaarten", tag = "apparaten", operation_id = "haalKaarten", security(("apparaat" = [])),
    responses((status = 200, body = schemas::TeamCards), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn team_cards(State(state): State<AppState>, session: DeviceSession) -> Result<axum::Json<TeamCards>, Problem> {
    let Peer { device: own, person, .. } = session.peer;
    let mut devices = state.ask(move |storage| storage.team_devices(person)).await?;
    devices.retain(|one| one.device.device != own);
    let (blocked, free): (Vec<TeamDevice>, Vec<TeamDevice>) = devices.into_iter().partition(|one| one.blocked);
    Ok(axum::Json(TeamCards {
        cards: free.iter().map(|one| certificate(&state, &one.device, &one.person)).collect(),
        blocked: blocked.iter().map(|one| one.device.device).collect(),
    }))
}

fn certificate(state: &AppState, device: &NewDevice, person: &PersonCard) -> DeviceCertificate {
    let NewDevice { device, name, public_key, recipient } = device;
    let device = CertifiedDevice { device: *device, name, public_key, recipient };
    DeviceCertificate::sign(device, person, state.now(), &state.identity.own.key)
}

/// Whether a text is an `age` recipient to which a hand-over can be encrypted.
fn is_recipient(text: &str) -> bool {
    text.parse::<age::x25519::Recipient>().is_ok()
}

/// Geeft een uitdaging om te ondertekenen.
#[utoipa::path(post, path = "/v1/sessies/uitdaging", tag = "apparaten", operation_id = "vraagUitdaging",
    request_body = schemas::ChallengeRequest,
    responses((status = 200, body = schemas::Challenge), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn challenge(
    State(state): State<AppState>,
    Json(request): Json<ChallengeRequest>,
) -> Result<axum::Json<Challenge>, Problem> {
    let (challenge, hash) = state.secret();
    let now = state.now().timestamp_millis();
    state.ask(move |storage| storage.put_challenge(hash, request.device, now + CHALLENGE_MS, now)).await?;
    Ok(axum::Json(Challenge { challenge }))
}

/// Begint een sessie met een ondertekende uitdaging.
#[utoipa::path(post, path = "/v1/sessies", tag = "apparaten", operation_id = "beginSessie",
    request_body = schemas::SessionRequest,
    responses((status = 201, body = schemas::Session), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn open_session(
    State(state): State<AppState>,
    Json(request): Json<SessionRequest>,
) -> Result<(StatusCode, axum::Json<Session>), Problem> {
    let now = state.now();
    let (hash, device) = (Digest::of(request.challenge.as_bytes()), request.device);
    let fresh = state.ask(move |storage| storage.take_challenge(hash, device, now.timestamp_millis())).await?;
    if !fresh {
        return Err(Kind::ChallengeExpired.into());
    }
    let found = state.ask(move |storage| storage.device(device)).await?.ok_or(Kind::WrongSignature)?;
    if !is_signed(&request, &found.public_key) {
        return Err(Kind::WrongSignature.into());
    }
    if found.blocked {
        return Err(Kind::DeviceBlocked.into());
    }
    let (token, token_hash) = state.secret();
    let (expires_at, now) = (now + SESSION, now.timestamp_millis());
    let until = expires_at.timestamp_millis();
    state.ask(move |storage| storage.put_session(token_hash, found.person, Some(device), until, now)).await?;
    Ok((StatusCode::CREATED, axum::Json(Session { token, expires_at })))
}

fn is_signed(request: &SessionRequest, key: &ed25519_dalek::VerifyingKey) -> bool {
    let mut bytes = [0u8; 64];
    hex::decode_to_slice(&request.signature, &mut bytes).is_ok()
        && key
            .verify(session_statement(request.device, &request.challenge).as_bytes(), &Signature::from_bytes(&bytes))
            .is_ok()
}
