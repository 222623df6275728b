//! What a browser may ask: the screens, the commands, and what goes as raw bytes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event as Sse, KeepAlive, Sse as Stream};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json_;
use tokio::sync::mpsc::unbounded_channel;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;
use veldboek_app::api::*;
use veldboek_app::{App, AppError};
use veldboek_domain::{DeviceId, InspectionId, ItemId};
use veldboek_tests::backend::built_screens;

use crate::Host;
use crate::trials::{brought, trial};

/// The header that names a photo.
const REQUEST_HEADER: &str = "veldboek-request";
/// The largest request: a photo.
const LARGEST_BODY: usize = 65 * 1024 * 1024;

/// All of them.
pub(crate) fn router(host: Arc<Host>) -> Router {
    let screens = built_screens();
    commands(Router::new())
        .route("/opdracht/photo_add", post(photo_add))
        .route("/opdracht/hand_in", post(hand_in))
        .route("/kaart", get(card))
        .route("/overdracht/{inspection}", get(handover))
        .route("/proef/bestand/{what}", get(brought))
        .route("/foto/{item}", get(photo))
        .route("/rapport/{inspection}", get(report))
        .route("/gebeurtenissen", get(events))
        .route("/proef/{what}", post(trial))
        .route_service("/", ServeFile::new(screens.join("index.html")))
        .nest_service("/assets", ServeDir::new(screens.join("assets")))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy()))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(host)
}

macro_rules! routes {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        fn commands(router: Router<Arc<Host>>) -> Router<Arc<Host>> {
            router$(.route(
                concat!("/opdracht/", stringify!($name)),
                post(async |State(host): State<Arc<Host>>, body: Bytes| {
                    run::<$request, $response>(host, &body, App::$name).await
                }),
            ))*
        }
    };
}
veldboek_app::commands!(routes);

macro_rules! named {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        /// Runs a command by its name.
        pub(crate) fn by_name(app: &App, name: &str, request: Json_) -> Result<Json_, AppError> {
            let unreadable = |error: serde_json::Error| AppError::Invalid(error.to_string());
            match name {
                $(stringify!($name) => {
                    let request: $request = serde_json::from_value(request).map_err(unreadable)?;
                    serde_json::to_value(app.$name(request)?).map_err(unreadable)
                })*
                other => Err(AppError::Invalid(format!("there is no command `{other}`"))),
            }
        }
    };
}
veldboek_app::commands!(named);

async fn run<Q, A>(host: Arc<Host>, body: &[u8], command: fn(&App, Q) -> Result<A, AppError>) -> Response
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
{
    let request = serde_json::from_slice(body).map_err(|error| AppError::Invalid(error.to_string()));
    answer(host, move |app| command(app, request?)).await
}

async fn answer<A: Serialize + Send + 'static>(
    host: Arc<Host>,
    work: impl FnOnce(&App) -> Result<A, AppError> + Send + 'static,
) -> Response {
    match on_thread(host, work).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error),
    }
}

async fn on_thread<A: Send + 'static>(
    host: Arc<Host>,
    work: impl FnOnce(&App) -> Result<A, AppError> + Send + 'static,
) -> Result<A, AppError> {
    let done = tokio::task::spawn_blocking(move || work(host.device.app())).await;
    done.unwrap_or_else(|error| Err(AppError::Internal(error.to_string())))
}

/// A failure as the screens read it.
pub(crate) fn refused(error: &AppError) -> Response {
    let status = match error.code() {
        "locked" => StatusCode::LOCKED,
        "not_found" => StatusCode::NOT_FOUND,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, Json(error)).into_response()
}

async fn photo_add(State(host): State<Arc<Host>>, headers: HeaderMap, body: Bytes) -> Response {
    let named = headers.get(REQUEST_HEADER).and_then(|header| STANDARD.decode(header).ok());
    let photo = named.and_then(|json| serde_json::from_slice::<PhotoAdd>(&json).ok());
    let photo = photo.ok_or_else(|| AppError::Invalid(format!("a photo comes with the header {REQUEST_HEADER}")));
    answer(host, move |app| app.photo_add(photo?, body.to_vec())).await
}

async fn hand_in(State(host): State<Arc<Host>>, body: Bytes) -> Response {
    answer(host, move |app| app.hand_in(&body)).await
}

async fn card(State(host): State<Arc<Host>>) -> Response {
    file(on_thread(host, App::device_card_bytes).await)
}

#[derive(Deserialize)]
struct Receiver {
    device: DeviceId,
}

async fn handover(
    State(host): State<Arc<Host>>,
    Path(inspection): Path<InspectionId>,
    Query(Receiver { device }): Query<Receiver>,
) -> Response {
    let request = HandoverRequest { inspection, device, everything: false };
    file(on_thread(host, move |app| app.handover_bytes(request)).await)
}

/// Raw bytes, or why there are none.
pub(crate) fn file(bytes: Result<Vec<u8>, AppError>) -> Response {
    match bytes {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Err(error) => refused(&error),
    }
}

#[derive(Deserialize)]
struct Size {
    size: PhotoSize,
}

async fn photo(State(host): State<Arc<Host>>, Path(item): Path<ItemId>, Query(asked): Query<Size>) -> Response {
    match on_thread(host, move |app| app.photo_bytes(item, asked.size)).await {
        Ok((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(error) => refused(&error),
    }
}

#[derive(Deserialize)]
struct Copy {
    copy: ReportCopy,
}

async fn report(
    State(host): State<Arc<Host>>,
    Path(inspection): Path<InspectionId>,
    Query(asked): Query<Copy>,
) -> Response {
    let request = ReportRequest { inspection, copy: asked.copy };
    match on_thread(host, move |app| app.report_bytes(request)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response(),
        Err(error) => refused(&error),
    }
}

async fn events(State(host): State<Arc<Host>>) -> impl IntoResponse {
    let changes = host.device.app().subscribe();
    let (sender, mut receiver) = unbounded_channel();
    std::thread::spawn(move || changes.iter().try_for_each(|change| sender.send(change)));
    let stream = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context)).map(|change| {
        Ok::<_, Infallible>(Sse::default().data(serde_json::to_string(&change).expect("an event is JSON")))
    });
    Stream::new(stream).keep_alive(KeepAlive::default())
}

/// The window's own content security policy, without what only a window has.
fn policy() -> HeaderValue {
    let config: Json_ =
        serde_json::from_str(include_str!("../../../../src-tauri/tauri.conf.json")).expect("it is JSON");
    let policy = config["app"]["security"]["csp"].as_object().expect("the policy is a map").iter();
    let lines = policy.map(|(directive, sources)| format!("{directive} {}", sources.as_str().expect("a text")));
    HeaderValue::from_str(&lines.collect::<Vec<_>>().join("; ")).expect("a policy is a header")
}
