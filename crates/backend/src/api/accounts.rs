//! Signing in and out at the desk.

use axum::extract::{FromRequestParts, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::PersonCard;

use super::schemas;
use crate::auth::{COOKIE, DeskSession, own_request};
use crate::extract::Json;
use crate::password;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::state::{AppState, off_thread};
use crate::tries;

/// How long somebody stays signed in.
const SESSION: chrono::Duration = chrono::Duration::hours(10);

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in)).routes(routes!(sign_out)).routes(routes!(me))
}

/// Naam en wachtwoord.
#[derive(Deserialize, ToSchema)]
struct SignIn {
    /// The account's name.
    name: String,
    /// The password.
    password: String,
}

/// Refuses a sign-in that another site sends.
struct FromDesk;

impl FromRequestParts<AppState> for FromDesk {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &AppState) -> Result<Self, Problem> {
        own_request(parts).map(|()| Self)
    }
}

/// Meldt iemand aan op het bureau; het koekje gaat alleen terug naar deze site.
#[utoipa::path(post, path = "/v1/aanmelden", tag = "bureau", operation_id = "meldAan", request_body = SignIn,
    responses((status = 200, body = schemas::PersonCard), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn sign_in(
    State(state): State<AppState>,
    _: FromDesk,
    Json(request): Json<SignIn>,
) -> Result<(HeaderMap, axum::Json<PersonCard>), Problem> {
    let subject = tries::Subject::account(&request.name);
    tries::allow(&state, subject).await?;
    let SignIn { name, password } = request;
    let account = state.ask(move |storage| storage.account(&name)).await?;
    let kept = account.as_ref().map(|account| account.password.clone());
    let right = off_thread(move || password::matches(&password, kept.as_deref())).await?;
    let Some(account) = account.filter(|_| right) else {
        tries::count(&state, subject).await?;
        return Err(Kind::SignInFailed.into());
    };
    tries::forget(&state, subject).await?;
    let now = state.now();
    let (token, hash) = state.secret();
    let person = account.person;
    let until = (now + SESSION).timestamp_millis();
    let card = state
        .ask(move |storage| {
            storage.put_session(hash, person, None, until, now.timestamp_millis())?;
            storage.note(now, person, "aangemeld", "-")?;
            storage.person(person)
        })
        .await?;
    let headers = cookie(&state, &token, SESSION.num_seconds());
    Ok((headers, axum::Json(card.ok_or(Kind::SignInFailed)?)))
}

/// Meldt af.
#[utoipa::path(post, path = "/v1/afmelden", tag = "bureau", operation_id = "meldAf", security(("bureau" = [])),
    responses((status = 204), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn sign_out(State(state): State<AppState>, session: DeskSession) -> Result<Response, Problem> {
    state.ask(move |storage| storage.end_session(session.token)).await?;
    Ok((StatusCode::NO_CONTENT, cookie(&state, "", 0)).into_response())
}

/// Zegt wie er is aangemeld.
#[utoipa::path(get, path = "/v1/ik", tag = "bureau", operation_id = "wieBenIk", security(("bureau" = [])),
    responses((status = 200, body = schemas::PersonCard), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn me(session: DeskSession) -> axum::Json<PersonCard> {
    axum::Json(session.person)
}

fn cookie(state: &AppState, token: &str, seconds: i64) -> HeaderMap {
    let secure = if state.behind_https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/v1; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, HeaderValue::try_from(cookie).expect("a token is hexadecimal digits"));
    headers
}
