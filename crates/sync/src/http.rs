//! Carries the device's half over HTTP: sessions, the record requests, announcements. Photos are in [`crate::photos`].
//!
//! Nothing here decides what to send or keep; that is [`RecordSync`]. There is no limit to how long an upload takes, only
//! to how long nothing moves.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, StatusCode, Url, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use veldboek_domain::{DeviceCertificate, DeviceId, Digest};

use crate::client::{Outcome, RecordSync, Replica, ReplyError, ReplyFault, Step};
use crate::problem::HttpError;
use crate::wire::{
    CertificateRequest, Challenge, ChallengeRequest, ComparePreamble, CompareRequest, CountsSent, EnrolRequest,
    Enrolment, PagePreamble, PhotoStateReply, PhotoStateRequest, PullRequest, PushReply, RECORDS_MEDIA_TYPE, RawRecord,
    Session, SessionRequest, TeamCards, read_frames, session_statement,
};

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long nothing may move over a connection, the time in which the backend writes to disk included.
const STALL_LIMIT: Duration = Duration::from_secs(45);
/// How long the line for announcements may be silent. The backend says something at least every 30 seconds.
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
/// How much of a body is handed to the connection at once.
const SLICE: usize = 64 * 1024;
/// The largest answer that is read: pages and comparisons with their preambles.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// The media type of the backend's announcements.
const EVENTS_MEDIA_TYPE: &str = "text/event-stream";
const JSON: &str = "application/json";

/// Why a sync did not come to its end. Everything that was acknowledged before stays so.
#[derive(Debug, thiserror::Error)]
pub enum SyncError<E> {
    /// The backend could not be asked, or did not agree to answer.
    #[error(transparent)]
    Backend(#[from] HttpError),
    /// The device's own storage failed.
    #[error("the device's storage failed")]
    Replica(#[source] E),
    /// The backend's answer does not hold.
    #[error(transparent)]
    Fault(#[from] ReplyFault),
}

impl<E> From<ReplyError<E>> for SyncError<E> {
    fn from(error: ReplyError<E>) -> Self {
        match error {
            ReplyError::Replica(error) => Self::Replica(error),
            ReplyError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Syncs the records of a device with the backend until both hold the same.
///
/// The replica's calls are blocking and short. While the backend works, the device reads the next batch; while the device
/// stores a page, the backend makes the next one.
///
/// # Errors
/// A [`SyncError`]; the next sync goes on where this one stopped.
pub async fn run_sync<R: Replica>(backend: &Arc<Backend>, replica: &mut R) -> Result<Outcome, SyncError<R::Error>> {
    let mut sync = RecordSync::new(backend.backend_key);
    let mut next_page: Option<(PullRequest, Asked<Page>)> = None;
    loop {
        let step = sync.next(replica).map_err(SyncError::Replica)?;
        match step {
            Step::Push(framed) => {
                let push = Asked::start(backend, |backend| async move { backend.push(framed).await });
                sync.prepare(replica).map_err(SyncError::Replica)?;
                let reply = push.done().await?;
                sync.on_pushed(replica, &reply)?;
            }
            Step::Pull(request) => {
                let asked = next_page.take().filter(|(asked, _)| asked.is_like(&request));
                let (page, records) = take_page(backend, &request, asked.map(|(_, page)| page)).await?;
                if page.more {
                    let next = PullRequest { cursor: Some(page.cursor.clone()), holds: None, ..request };
                    let ask = next.clone();
                    let pull = Asked::start(backend, |backend| async move { backend.pull(&ask).await });
                    next_page = Some((next, pull));
                }
                sync.on_pulled(replica, page, records)?;
            }
            Step::Compare(request) => {
                let (compared, records) = backend.compare(&request).await?;
                sync.on_compared(replica, compared, records)?;
            }
            Step::Done(outcome) => return Ok(outcome),
        }
    }
}

type Page = (PagePreamble, Vec<RawRecord>);

/// The page that was asked ahead, or a new one: what was asked ahead can't say whether both sides hold the same, so an empty
/// page is asked again.
async fn take_page(backend: &Backend, request: &PullRequest, ahead: Option<Asked<Page>>) -> Result<Page, HttpError> {
    if let Some(ahead) = ahead {
        let (page, records) = ahead.done().await?;
        if !records.is_empty() {
            return Ok((page, records));
        }
    }
    backend.pull(request).await
}

/// A request that goes on while the device does something else; given up when nobody waits for it any more.
struct Asked<T>(JoinHandle<Result<T, HttpError>>);

impl<T: Send + 'static> Asked<T> {
    fn start<F>(backend: &Arc<Backend>, ask: impl FnOnce(Arc<Backend>) -> F) -> Self
    where
        F: Future<Output = Result<T, HttpError>> + Send + 'static,
    {
        Self(tokio::spawn(ask(Arc::clone(backend))))
    }

    async fn done(mut self) -> Result<T, HttpError> {
        match (&mut self.0).await {
            Ok(answer) => answer,
            Err(gone) => match gone.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Only a runtime that shuts down ends it, and then nobody waits here either.
                Err(_) => Err(HttpError::Stalled(0)),
            },
        }
    }
}

impl<T> Drop for Asked<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Enrols a device with the short code that an administrator gave.
///
/// # Errors
/// An [`HttpError`]; problem `code-klopt-niet` when the code is wrong, used or too old.
pub async fn enrol(address: &str, request: &EnrolRequest) -> Result<Enrolment, HttpError> {
    let base = base(address)?;
    let line = Line { client: client()?, stall: STALL_LIMIT };
    let ask = Ask::json(join(&base, "v1/apparaten")?, request);
    read_json(line.send(&ask, None).await?, &line).await
}

/// Something changed at the backend. A hint to sync: what changed comes with the sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The kind of change.
    pub event: String,
    /// What the backend says about it.
    pub data: String,
}

/// The backend as one enrolled device sees it. The session is begun when it is first needed and renewed when it ends.
pub struct Backend {
    line: Line,
    base: Url,
    device: DeviceId,
    device_key: SigningKey,
    backend_key: VerifyingKey,
    token: Mutex<Option<String>>,
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Backend")
            .field("base", &self.base.as_str())
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

impl Backend {
    /// The backend at `address`, for a device that was enrolled there. `backend_key` is the one that the enrolment named:
    /// receipts of any other are not believed.
    ///
    /// # Errors
    /// [`HttpError::Address`].
    pub fn new(
        address: &str,
        device: DeviceId,
        device_key: SigningKey,
        backend_key: VerifyingKey,
    ) -> Result<Self, HttpError> {
        let line = Line { client: client()?, stall: STALL_LIMIT };
        Ok(Self { line, base: base(address)?, device, device_key, backend_key, token: Mutex::new(None) })
    }

    /// The same backend, with another limit to how long nothing may move over a connection (45 seconds).
    #[must_use]
    pub fn with_stall_limit(mut self, limit: Duration) -> Self {
        self.line.stall = limit;
        self
    }

    /// The key with which this backend signs receipts.
    pub fn backend_key(&self) -> &VerifyingKey {
        &self.backend_key
    }

    /// Begins a new session: asks for a challenge and signs it with the device's key.
    ///
    /// # Errors
    /// [`HttpError::SignedOut`] when the signature is not accepted, [`HttpError::Blocked`], and what any request can meet.
    pub async fn session(&self) -> Result<(), HttpError> {
        let mut token = self.token.lock().await;
        *token = Some(self.sign_in().await?);
        Ok(())
    }

    /// Sends framed records.
    ///
    /// # Errors
    /// An [`HttpError`]. The batch may have been taken all the same: sending it again is safe.
    pub async fn push(&self, framed: Vec<u8>) -> Result<PushReply, HttpError> {
        let ask = Ask::new(Method::POST, self.url("v1/records")?).body(RECORDS_MEDIA_TYPE, framed);
        read_json(self.ask(&ask).await?, &self.line).await
    }

    /// Asks for a page of what is new.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn pull(&self, request: &PullRequest) -> Result<(PagePreamble, Vec<RawRecord>), HttpError> {
        self.ask_for_records("v1/records/_ophalen", request).await
    }

    /// Compares how far both sides have every chain.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn compare(&self, request: &CompareRequest) -> Result<(ComparePreamble, Vec<RawRecord>), HttpError> {
        self.ask_for_records("v1/records/_vergelijk", request).await
    }

    /// Asks how far photos are.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn photo_states(&self, photos: &[Digest]) -> Result<PhotoStateReply, HttpError> {
        let request = PhotoStateRequest { photos: photos.to_vec() };
        let ask = Ask::json(self.url("v1/fotos/_stand")?, &request);
        read_json(self.ask(&ask).await?, &self.line).await
    }

    /// Asks for the backend's word about this device, with the recipient to which hand-overs for it are encrypted.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn certificate(&self, recipient: &str) -> Result<DeviceCertificate, HttpError> {
        let request = CertificateRequest { recipient: recipient.to_owned() };
        let ask = Ask::json(self.url("v1/apparaten/_certificaat")?, &request);
        read_json(self.ask(&ask).await?, &self.line).await
    }

    /// Asks for the cards of the devices of this person's teams.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn team_cards(&self) -> Result<TeamCards, HttpError> {
        let ask = Ask::new(Method::GET, self.url("v1/apparaten/_kaarten")?);
        read_json(self.ask(&ask).await?, &self.line).await
    }

    /// Sends the counts of one visit. Sent again, they count once.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn send_counts(&self, counts: &CountsSent) -> Result<(), HttpError> {
        let ask = Ask::json(self.url("v1/tellingen")?, counts);
        self.ask(&ask).await.map(drop)
    }

    /// Listens for announcements until the connection ends; then the receiver is closed, and connecting again is the
    /// caller's. Announcements that the caller does not take in time are dropped, since the first says it all.
    ///
    /// # Errors
    /// An [`HttpError`] when listening can't begin.
    pub async fn events(&self) -> Result<mpsc::Receiver<Announcement>, HttpError> {
        let ask = Ask::new(Method::GET, self.url("v1/gebeurtenissen")?)
            .header(ACCEPT, HeaderValue::from_static(EVENTS_MEDIA_TYPE));
        let response = self.ask(&ask).await?;
        let status = response.status().as_u16();
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with(EVENTS_MEDIA_TYPE) {
            return Err(HttpError::Unreadable { status });
        }
        let (sender, receiver) = mpsc::channel(16);
        tokio::spawn(listen(response, sender));
        Ok(receiver)
    }

    async fn ask_for_records<Q: Serialize, P: DeserializeOwned>(
        &self,
        path: &str,
        request: &Q,
    ) -> Result<(P, Vec<RawRecord>), HttpError> {
        let response = self.ask(&Ask::json(self.url(path)?, request)).await?;
        let status = response.status().as_u16();
        let bytes = self.line.read(response, MAX_ANSWER_BYTES).await?;
        read_frames(&bytes).map_err(|_| HttpError::Unreadable { status })
    }

    /// Asks with the session's token; begins a new session once when it is no longer accepted.
    pub(crate) async fn ask(&self, ask: &Ask) -> Result<Response, HttpError> {
        let token = self.token(None).await?;
        match self.line.send(ask, Some(&token)).await {
            Err(HttpError::SignedOut) => {
                let token = self.token(Some(&token)).await?;
                self.line.send(ask, Some(&token)).await
            }
            answer => answer,
        }
    }

    /// The session's token; a new one when there is none or when it is still the one that was refused.
    async fn token(&self, refused: Option<&str>) -> Result<String, HttpError> {
        let mut token = self.token.lock().await;
        match token.as_deref() {
            Some(token) if refused != Some(token) => Ok(token.to_owned()),
            _ => {
                *token = None;
                let new = self.sign_in().await?;
                *token = Some(new.clone());
                Ok(new)
            }
        }
    }

    async fn sign_in(&self) -> Result<String, HttpError> {
        let ask = Ask::json(self.url("v1/sessies/uitdaging")?, &ChallengeRequest { device: self.device });
        let Challenge { challenge } = read_json(self.line.send(&ask, None).await?, &self.line).await?;
        let signature = self.device_key.sign(session_statement(self.device, &challenge).as_bytes());
        let signature = hex::encode(signature.to_bytes());
        let ask = Ask::json(self.url("v1/sessies")?, &SessionRequest { device: self.device, challenge, signature });
        let session: Session = read_json(self.line.send(&ask, None).await?, &self.line).await?;
        Ok(session.token)
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    pub(crate) fn url(&self, path: &str) -> Result<Url, HttpError> {
        join(&self.base, path)
    }

    /// An address that the backend gave; refused when it leads elsewhere, since the session's token goes along.
    pub(crate) fn location(&self, location: &str) -> Result<Url, HttpError> {
        let url = join(&self.base, location)?;
        if url.origin() == self.base.origin() { Ok(url) } else { Err(HttpError::Address(location.to_owned())) }
    }
}

/// One request, so that it can be sent again.
#[derive(Clone)]
pub(crate) struct Ask {
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

    fn json<Q: Serialize>(url: Url, request: &Q) -> Self {
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
    stall: Duration,
}

impl Line {
    /// Sends a request; the answer is a success.
    pub(crate) async fn send(&self, ask: &Ask, token: Option<&str>) -> Result<Response, HttpError> {
        let mut request = self.client.request(ask.method.clone(), ask.url.clone()).headers(ask.headers.clone());
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let sent = Arc::new(AtomicU64::new(0));
        if let Some(body) = &ask.body {
            let sliced = sliced(body.clone(), Arc::clone(&sent), ask.on_slice.clone());
            request = request.header(CONTENT_LENGTH, body.len()).body(sliced);
        }
        let answer = self.unless_stalled(&sent, request.send()).await?;
        let response = answer.map_err(HttpError::Unreachable)?;
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

async fn read_json<T: DeserializeOwned>(response: Response, line: &Line) -> Result<T, HttpError> {
    let status = response.status().as_u16();
    let body = line.read(response, MAX_ANSWER_BYTES).await?;
    serde_json::from_slice(&body).map_err(|_| HttpError::Unreadable { status })
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

async fn listen(response: Response, sender: mpsc::Sender<Announcement>) {
    let mut events = pin!(response.bytes_stream().eventsource());
    loop {
        let next = tokio::select! {
            next = tokio::time::timeout(SILENCE_LIMIT, events.next()) => next,
            () = sender.closed() => return,
        };
        let Ok(Some(Ok(event))) = next else { return };
        // A full channel means that the caller is told already.
        let _ = sender.try_send(Announcement { event: event.event, data: event.data });
    }
}

fn client() -> Result<Client, HttpError> {
    Client::builder()
        .user_agent(concat!("veldboek/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .redirect(redirect::Policy::none())
        .build()
        .map_err(HttpError::Unreachable)
}

fn base(address: &str) -> Result<Url, HttpError> {
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

fn join(base: &Url, path: &str) -> Result<Url, HttpError> {
    base.join(path).map_err(|_| HttpError::Address(path.to_owned()))
}

/// Whether an answer says that what was asked for is not there.
pub(crate) fn is_gone(error: &HttpError) -> bool {
    let gone = |status: u16| status == StatusCode::NOT_FOUND.as_u16() || status == StatusCode::GONE.as_u16();
    match error {
        HttpError::Problem(problem) => gone(problem.status),
        // The answer to a HEAD has no body to read.
        HttpError::Unreadable { status } => gone(*status),
        _ => false,
    }
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
