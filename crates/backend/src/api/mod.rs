//! The HTTP API under `/v1`: each handler unpacks, asks, and maps the failure.

mod accounts;
mod counts;
mod devices;
mod events;
mod heard;
mod inspections;
mod people;
mod photos;
mod presence;
mod previews;
mod records;
pub(crate) mod schemas;
mod tus;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use veldboek_sync::wire::MAX_BATCH_BYTES;

use crate::problem::{Kind, Problem};
use crate::state::AppState;

pub(crate) use devices::code_hash;
pub(crate) use heard::heard_out;
pub(crate) use people::enrolment_code;
pub(crate) use tus::{by_named_method, sweep};

/// The API's version, in the document and in the `API-Version` header of every answer.
pub const VERSION: &str = "1.0.0";

/// All of `/v1`, and the document that describes it.
pub(crate) fn routes() -> (axum::Router<AppState>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(head())
        .merge(devices::routes())
        .merge(records::routes())
        .merge(events::routes())
        .merge(tus::routes())
        .merge(photos::routes())
        .merge(previews::routes())
        .merge(accounts::routes())
        .merge(people::routes())
        .merge(inspections::routes())
        .merge(counts::routes())
        .merge(presence::routes())
        .split_for_parts();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "apparaat",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    components
        .add_security_scheme("bureau", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::auth::COOKIE))));
    // A little over the limit, so that what is too large is refused in words and not by a closed connection.
    let router = router.layer(DefaultBodyLimit::max(MAX_BATCH_BYTES + 64 * 1024));
    (router, document)
}

/// The document as it is served and committed.
pub fn document() -> String {
    let (_, document) = routes();
    let mut text = document.to_pretty_json().expect("an OpenAPI document serialises");
    text.push('\n');
    text
}

fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("NHVeilig")
        .version(VERSION)
        .description(Some(
            "Apparaten synchroniseren hier hun records en foto's; coördinatoren beoordelen hier controles. Persoonsgegevens \
             staan nooit in een adres. Fouten zijn application/problem+json (RFC 9457) met een nummer.",
        ))
        .contact(Some(ContactBuilder::new().name(Some("Veldboek")).build()))
        .license(Some(LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build()))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// What a failure of the photos' disk means.
fn disk(error: std::io::Error) -> Problem {
    tracing::error!(%error, "the photos' disk failed");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge | std::io::ErrorKind::QuotaExceeded => {
            Kind::DiskFull.into()
        }
        _ => Kind::Internal.into(),
    }
}

/// Serves the document.
pub(crate) async fn openapi(State(document): State<std::sync::Arc<str>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], document.to_string())
}

/// What is no address of ours.
pub(crate) async fn nowhere() -> Problem {
    Kind::NoSuchAddress.into()
}

/// An address of ours, but not this method.
pub(crate) async fn no_method() -> Problem {
    Kind::NoSuchMethod.into()
}

/// Headers that every answer carries, unless it has its own.
pub(crate) const SECURITY_HEADERS: &[(&str, &str)] = &[
    ("api-version", VERSION),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
         connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'self' blob:; frame-src 'self' blob:; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ("cache-control", "no-store"),
];
