//! The whole service: the API, health, the desk's files, headers, the log, and a stop that lets requests finish.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::services::{ServeDir, ServeFile};
use tracing::Instrument;

use crate::api;
use crate::demo::{Demo, NewAccount};
use crate::problem::{Kind, Problem};
use crate::state::{AppState, off_thread};

/// Free bytes under which the backend says that it is not ready.
const LITTLE_ROOM: u64 = 64 * 1024 * 1024;
/// How often expired uploads are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// The whole service as a router, for in-process use.
pub fn router(state: AppState) -> Router {
    let (api, _) = api::routes();
    let document: Arc<str> = api::document().into();
    let assets = Router::new()
        .fallback_service(ServeDir::new(state.ui.join("assets")))
        .layer(middleware::map_response(kept_for_long));
    let service = Router::new()
        .merge(api)
        .merge(Router::new().route("/v1/openapi.json", get(api::openapi)).with_state(document))
        .route("/gezond", get(alive))
        .route("/gereed", get(ready))
        .route_service("/", ServeFile::new(state.ui.join("desk.html")))
        .nest_service("/assets", assets)
        .fallback(api::nowhere)
        .method_not_allowed_fallback(api::no_method)
        .layer(middleware::from_fn(api::heard_out))
        .layer(middleware::map_response(with_headers))
        .layer(middleware::from_fn_with_state(state.clone(), logged))
        .with_state(state);
    // Around the routes, since it decides which one is meant.
    Router::new().fallback_service(MapRequestLayer::new(api::by_named_method).layer(service))
}

/// Whether the process lives.
async fn alive() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "gezond" }))
}

/// Whether it can take work: the database takes writes and the disk has room.
async fn ready(State(state): State<AppState>) -> Result<Json<serde_json::Value>, Problem> {
    let here = state.clone();
    let free = off_thread(move || {
        here.storage.check_writable()?;
        here.photos.free_bytes().map_err(|_| Problem::from(Kind::NotReady))
    })
    .await?
    .map_err(|_| Kind::NotReady)?;
    if free < LITTLE_ROOM {
        return Err(Problem::new(Kind::NotReady).because("de schijf is bijna vol"));
    }
    Ok(Json(serde_json::json!({ "status": "gereed", "vrije_bytes": free })))
}

/// The build names these files by their content, so they never change.
async fn kept_for_long(mut response: Response) -> Response {
    if response.status().is_success() {
        let for_long = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, for_long);
    }
    response
}

async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in api::SECURITY_HEADERS {
        if !headers.contains_key(*name) {
            headers.insert(*name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Logs a request by its route's template: never its address, query or body, which may hold personal data.
async fn logged(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let (id, _) = crate::identity::secret::<8>(state.entropy.as_ref());
    let begun = state.stamp().uptime_ms;
    let span = tracing::info_span!("request", id, %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("veldboek-verzoek", id);
    }
    // By the backend's own clock, so that a device can tell when its clock is wrong (RFC 9110, 6.6.1 and 5.6.7).
    let now = state.now().to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(now) = HeaderValue::try_from(now) {
        response.headers_mut().insert(header::DATE, now);
    }
    let status = response.status();
    let took_ms = state.stamp().uptime_ms.saturating_sub(begun);
    span.in_scope(|| {
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(status = status.as_u16(), took_ms, "answered");
        } else {
            tracing::info!(status = status.as_u16(), took_ms, "answered");
        }
    });
    response
}

/// A backend that listens.
pub struct Running {
    address: SocketAddr,
    state: AppState,
    server: JoinHandle<io::Result<()>>,
    /// What was made for a demonstration; none otherwise. It is kept nowhere else.
    pub demo: Option<Demo>,
    /// The first account, of an administrator, when there were no people at all. It is kept nowhere else.
    pub administrator: Option<NewAccount>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of its addresses.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What its handlers reach.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Takes no more requests, and waits until the running ones are finished.
    ///
    /// # Errors
    /// When the server failed.
    pub async fn stop(self) -> io::Result<()> {
        self.state.stop();
        self.finished().await
    }

    /// Waits until it stopped.
    ///
    /// # Errors
    /// When the server failed.
    pub async fn finished(self) -> io::Result<()> {
        self.server.await?
    }
}

/// Throws away the uploads that nobody came back for: at the start, and then every hour until the backend stops.
async fn swept(state: AppState) {
    let mut stopping = state.stopping();
    let mut hours = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            _ = hours.tick() => {}
        }
        // What failed is in the log; the next hour tries again.
        let _ = api::sweep(&state).await;
    }
}

/// Listens and serves until the state says to stop.
///
/// # Errors
/// When the address can't be listened on.
pub(crate) async fn serve(listen: SocketAddr, state: AppState) -> io::Result<Running> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let mut stopping = state.stopping();
    let stopped = async move {
        // A sender that is gone is a backend that is gone.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let service = router(state.clone());
    let server = axum::serve(listener, service).with_graceful_shutdown(stopped);
    let server = tokio::spawn(async move { server.await });
    tokio::spawn(swept(state.clone()));
    Ok(Running { address, state, server, demo: None, administrator: None })
}
