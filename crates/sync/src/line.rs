//! Requests over a connection, with a limit to how long nothing moves. Who asks, and what the answers mean, is not here.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, Url, redirect};
use serde::Serialize;

use crate::problem::HttpError;
use crate::tus::Carrier;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long nothing may move over a connection, the time in which the backend writes to disk included.
const STALL_LIMIT: Duration = Duration::from_secs(45);
/// How much of a body is handed to the connection at once.
const SLICE: usize = 64 * 1024;
const JSON: &str = "application/json";

/// A server that asks for no sign-in.
pub struct Unsigned(Line);

impl Unsigned {
    /// A line to it that gives up when nothing moves for this long.
    ///
    /// # Errors
    /// [`HttpError::Unreachable`] when the connections' settings can't be made.
    pub fn new(stall: Duration) -> Result<Self, HttpError> {
        Ok(Self(Line { stall, ..Line::new()? }))
    }
}

impl Carrier for Unsigned {
    async fn carry(&self, ask: &Ask) -> Result<Response, HttpError> {
        self.0.send(ask, None).await
    }
}

/// One request, so that it can be sent again.
#[derive(Clone)]
pub struct Ask {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
    on_slice: Option<OnSlice>,
}

/// Told as the connection takes a part of a body: how many bytes it took of it in all, and the size of this part.
type OnSlice = Arc<dyn Fn(u64, u64) + Send + Sync>;

impl Ask {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: None, on_slice: None }
    }

    pub(crate) fn json<Q: Serialize>(url: Url, request: &Q) -> Self {
        let body = serde_json::to_vec(request).expect("wire types serialise");
        Self::new(Method::POST, url).body(JSON, body)
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(crate) fn body(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header(CONTENT_TYPE, HeaderValue::from_static(media_type))
    }

    pub(crate) fn on_slice(mut self, told: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.on_slice = Some(Arc::new(told));
        self
    }
}

/// Sends and reads with a limit to how long nothing moves.
pub(crate) struct Line {
    client: Client,
    /// What the other side's clock said with its last answer.
    told: Mutex<Option<DateTime<Utc>>>,
    pub(crate) stall: Duration,
}

impl Line {
    pub(crate) fn new() -> Result<Self, HttpError> {
        Ok(Self { client: client()?, told: Mutex::default(), stall: STALL_LIMIT })
    }

    /// Sends a request; the answer is a success.
    pub(crate) async fn send(&self, ask: &Ask, token: Option<&str>) -> Result<Response, HttpError> {
        let mut request = self.client.request(ask.method.clone(), ask.url.clone()).headers(ask.headers.clone());
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let sent = Arc::new(AtomicU64::new(0));
        if let Some(body) = ask.body.clone().filter(|body| body.len() <= SLICE && ask.on_slice.is_none()) {
            request = request.body(body);
        } else if let Some(body) = &ask.body {
            let sliced = sliced(body.clone(), Arc::clone(&sent), ask.on_slice.clone());
            request = request.header(CONTENT_LENGTH, body.len()).body(sliced);
        }
        let answer = self.unless_stalled(&sent, request.send()).await?;
        let response = answer.map_err(HttpError::Unreachable)?;
        if let Some(time) = time_of(response.headers()) {
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(time);
        }
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read(response, SLICE).await.unwrap_or_default();
        Err(match HttpError::read(status, &headers, &body) {
            HttpError::Unreadable { status: 401 } => HttpError::SignedOut,
            error => error,
        })
    }

    /// What the other side's clock said with its last answer, to a second.
    pub(crate) fn told_time(&self) -> Option<DateTime<Utc>> {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a body of at most `limit` bytes.
    pub(crate) async fn read(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, HttpError> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk(&mut response).await? {
            if body.len() + chunk.len() > limit {
                return Err(HttpError::Unreadable { status });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The next part of a body.
    pub(crate) async fn chunk(&self, response: &mut Response) -> Result<Option<Bytes>, HttpError> {
        let chunk = tokio::time::timeout(self.stall, response.chunk()).await;
        chunk.map_err(|_| self.stalled())?.map_err(HttpError::Unreachable)
    }

    async fn unless_stalled<T>(&self, moved: &AtomicU64, work: impl Future<Output = T>) -> Result<T, HttpError> {
        let mut work = pin!(work);
        loop {
            let before = moved.load(Ordering::Relaxed);
            if let Ok(done) = tokio::time::timeout(self.stall, &mut work).await {
                return Ok(done);
            }
            if moved.load(Ordering::Relaxed) == before {
                return Err(self.stalled());
            }
        }
    }

    fn stalled(&self) -> HttpError {
        HttpError::Stalled(self.stall.as_secs())
    }
}

/// The time of an answer (RFC 9110, 6.6.1), of which RFC 2822's dates are a superset.
fn time_of(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let text = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc())
}

/// A body in slices that are counted as the connection takes them.
fn sliced(body: Bytes, sent: Arc<AtomicU64>, told: Option<OnSlice>) -> reqwest::Body {
    let slices = stream::iter(0..body.len().div_ceil(SLICE)).map(move |slice| {
        let from = slice * SLICE;
        let slice = body.slice(from..body.len().min(from + SLICE));
        let size = slice.len() as u64;
        let total = sent.fetch_add(size, Ordering::Relaxed) + size;
        if let Some(told) = &told {
            told(total, size);
        }
        Ok::<Bytes, std::convert::Infallible>(slice)
    });
    reqwest::Body::wrap_stream(slices)
}

fn client() -> Result<Client, HttpError> {
    Client::builder()
        .user_agent(concat!("veldboek/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .redirect(redirect::Policy::none())
        .build()
        .map_err(HttpError::Unreachable)
}

/// The address of a backend: https, or http on this machine itself.
pub(crate) fn base(address: &str) -> Result<Url, HttpError> {
    let refused = || HttpError::Address(address.to_owned());
    let mut url: Url = address.parse().map_err(|_| refused())?;
    let here = match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let host: Result<std::net::IpAddr, _> = host.trim_matches(['[', ']']).parse();
            host.is_ok_and(|host| host.is_loopback())
        }
        None => false,
    };
    if !(url.scheme() == "https" || url.scheme() == "http" && here) {
        return Err(refused());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

pub(crate) fn join(base: &Url, path: &str) -> Result<Url, HttpError> {
    base.join(path).map_err(|_| HttpError::Address(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, accepted: bool) {
        assert_eq!(base(address).is_ok(), accepted, "{address}");
    }

    #[test]
    fn inspection_data_goes_over_https_or_stays_on_this_machine() {
        check("https://nhveilig.example", true);
        check("https://example/nhveilig", true);
        check("http://127.0.0.1:8080", true);
        check("http://localhost:8080", true);
        check("http://[::1]:8080", true);
        check("http://nhveilig.example", false);
        check("http://192.168.1.4:8080", false);
        check("http://localhost.example", false);
        check("ftp://localhost", false);
        check("nhveilig", false);
    }

    #[test]
    fn a_path_below_which_the_backend_lies_is_kept() {
        let base = base("https://example/nhveilig").unwrap();
        assert_eq!(join(&base, "v1/records").unwrap().as_str(), "https://example/nhveilig/v1/records");
    }
}
