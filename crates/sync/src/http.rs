//! Carries the device's half over HTTP: sessions, the record requests, announcements. Photos are in [`crate::photos`].
//!
//! Nothing here decides what to send or keep; that is [`RecordSync`](crate::RecordSync). There is no limit to how long an upload takes, only
//! to how long nothing moves.

use std::pin::pin;
use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, mpsc};
use veldboek_domain::{DeviceCertificate, DeviceId, Digest, InspectionId};

use crate::line::{Ask, Line, base, join};
use crate::problem::HttpError;
use crate::tus::{Carrier, Pace};
use crate::wire::{
    CertificateRequest, Challenge, ChallengeRequest, ComparePreamble, CompareRequest, CountsSent, EnrolRequest,
    Enrolment, PagePreamble, PhotoStateReply, PhotoStateRequest, PresentOthers, PullRequest, PushReply,
    RECORDS_MEDIA_TYPE, RawRecord, Session, SessionRequest, TeamCards, read_frames, session_statement,
};

/// How long the line for announcements may be silent. The backend says something at least every 30 seconds.
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
/// The largest answer that is read: pages and comparisons with their preambles.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// The media type of the backend's announcements.
const EVENTS_MEDIA_TYPE: &str = "text/event-stream";

/// Enrols a device with the short code that an administrator gave.
///
/// # Errors
/// An [`HttpError`]; problem `code-klopt-niet` when the code is wrong, used or too old.
pub async fn enrol(address: &str, request: &EnrolRequest) -> Result<Enrolment, HttpError> {
    let base = base(address)?;
    let line = Line::new()?;
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
    pace: Pace,
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
        let line = Line::new()?;
        Ok(Self {
            line,
            base: base(address)?,
            device,
            device_key,
            backend_key,
            token: Mutex::new(None),
            pace: Pace::default(),
        })
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

    /// What the backend's clock said with its last answer, to a second; none before it answered.
    pub fn told_time(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.line.told_time()
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

    /// Says that this device has a controle open, and asks who else has.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn attend(&self, inspection: InspectionId) -> Result<PresentOthers, HttpError> {
        let ask = Ask::new(Method::PUT, self.url(&format!("v1/controles/{inspection}/aanwezigheid"))?);
        read_json(self.ask(&ask).await?, &self.line).await
    }

    /// Says that this device no longer has a controle open.
    ///
    /// # Errors
    /// An [`HttpError`].
    pub async fn leave(&self, inspection: InspectionId) -> Result<(), HttpError> {
        let ask = Ask::new(Method::DELETE, self.url(&format!("v1/controles/{inspection}/aanwezigheid"))?);
        self.ask(&ask).await.map(drop)
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

    /// How much of a photo one request carries over this line; kept from round to round.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// An address that the backend gave; refused when it leads elsewhere, since the session's token goes along.
    pub(crate) fn location(&self, location: &str) -> Result<Url, HttpError> {
        let url = join(&self.base, location)?;
        if url.origin() == self.base.origin() { Ok(url) } else { Err(HttpError::Address(location.to_owned())) }
    }
}

impl Carrier for Backend {
    async fn carry(&self, ask: &Ask) -> Result<Response, HttpError> {
        self.ask(ask).await
    }
}

async fn read_json<T: DeserializeOwned>(response: Response, line: &Line) -> Result<T, HttpError> {
    let status = response.status().as_u16();
    let body = line.read(response, MAX_ANSWER_BYTES).await?;
    serde_json::from_slice(&body).map_err(|_| HttpError::Unreadable { status })
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
