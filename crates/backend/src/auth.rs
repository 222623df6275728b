//! Who asks: a device with its token, or somebody at the desk with a cookie.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use veldboek_domain::{Digest, PersonCard};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{PagePreamble, PullRequest};

use crate::problem::{Kind, Problem};
use crate::state::{AppState, off_thread};
use crate::storage::{SessionOf, Storage, StorageError, desk_peer};

/// The desk's cookie.
pub(crate) const COOKIE: &str = "veldboek_sessie";
/// The header that the desk sends with everything that changes something: another site's form can't.
pub(crate) const CLIENT_HEADER: &str = "veldboek-client";

/// A session of a device.
#[derive(Clone, Debug)]
pub struct DeviceSession {
    /// Its person and device.
    pub peer: Peer,
}

/// A session at the desk.
#[derive(Clone, Debug)]
pub struct DeskSession {
    /// Who.
    pub person: PersonCard,
    /// The same, as the sync's rules see them.
    pub peer: Peer,
    /// The hash of the token.
    pub token: Digest,
}

/// A session of either kind, for what both may read.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who reads.
    pub peer: Peer,
}

/// A coordinator at the desk.
pub struct Coordinator(pub DeskSession);
/// An administrator at the desk.
pub struct Administrator(pub DeskSession);

impl Deref for Coordinator {
    type Target = DeskSession;
    fn deref(&self) -> &DeskSession {
        &self.0
    }
}

impl Deref for Administrator {
    type Target = DeskSession;
    fn deref(&self) -> &DeskSession {
        &self.0
    }
}

/// The token that a device sent, not looked up yet: what is asked once a minute by every device looks it up in the same go as
/// what was asked ([`DeviceToken::ask`]).
pub struct DeviceToken(Digest);

impl DeviceToken {
    /// The answer to a device that asks again what it asked before, when nothing was written since: nothing is looked up.
    pub fn unchanged(&self, state: &AppState, request: &PullRequest) -> Option<PagePreamble> {
        let session = state.storage.remembered_session(self.0, state.now().timestamp_millis())?;
        let peer = in_force(Some(session)).and_then(device_peer).ok()?;
        state.storage.unchanged(&peer, request)
    }

    /// Asks the storage in the name of the token's device.
    ///
    /// # Errors
    /// [`Kind::NotSignedIn`], [`Kind::DeviceBlocked`], or the storage's failure.
    pub async fn ask<T: Send + 'static>(
        self,
        state: &AppState,
        question: impl FnOnce(&dyn Storage, &Peer) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (storage, now) = (Arc::clone(&state.storage), state.now().timestamp_millis());
        let asked = move || {
            let session = in_force(storage.session(self.0, now)?)?;
            Ok(question(storage.as_ref(), &device_peer(session)?)?)
        };
        off_thread(asked).await?
    }
}

async fn session(state: &AppState, token: Digest) -> Result<SessionOf, Problem> {
    let now = state.now().timestamp_millis();
    if let Some(remembered) = state.storage.remembered_session(token, now) {
        return in_force(Some(remembered));
    }
    in_force(state.ask(move |storage| storage.session(token, now)).await?)
}

fn in_force(found: Option<SessionOf>) -> Result<SessionOf, Problem> {
    let session = found.ok_or(Kind::NotSignedIn)?;
    if session.blocked { Err(Kind::DeviceBlocked.into()) } else { Ok(session) }
}

fn device_peer(session: SessionOf) -> Result<Peer, Problem> {
    let SessionOf { person, device, .. } = session;
    let device = device.ok_or(Kind::NotSignedIn)?;
    Ok(Peer { device, person: person.person, organisation: person.organisation, role: person.role })
}

fn bearer(headers: &HeaderMap) -> Option<Digest> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Digest::of(token.trim().as_bytes()))
}

fn cookie(headers: &HeaderMap) -> Option<Digest> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| Digest::of(token.as_bytes()))
}

/// Refuses what another site may have sent in somebody's name: no header of ours, or an origin that is not this host.
pub(crate) fn own_request(parts: &Parts) -> Result<(), Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    if !parts.headers.contains_key(CLIENT_HEADER) {
        return Err(Problem::new(Kind::ForeignRequest).because("de kopregel Veldboek-Client ontbreekt"));
    }
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = text(header::ORIGIN) {
        let host = origin.split_once("://").map(|(_, host)| host);
        if host != text(header::HOST) {
            return Err(Problem::new(Kind::ForeignRequest).because("de herkomst is een andere site"));
        }
    }
    Ok(())
}

impl FromRequestParts<AppState> for DeviceSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Kind::NotSignedIn)?;
        Ok(Self { peer: device_peer(session(state, token).await?)? })
    }
}

impl FromRequestParts<AppState> for DeviceToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        Ok(Self(bearer(&parts.headers).ok_or(Kind::NotSignedIn)?))
    }
}

impl FromRequestParts<AppState> for DeskSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = cookie(&parts.headers).ok_or(Kind::NotSignedIn)?;
        own_request(parts)?;
        let found = session(state, token).await?;
        if found.device.is_some() {
            return Err(Kind::NotSignedIn.into());
        }
        let peer = desk_peer(&found.person, state.identity.own.device);
        Ok(Self { person: found.person, peer, token })
    }
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if bearer(&parts.headers).is_some() {
            let session = DeviceSession::from_request_parts(parts, state).await?;
            return Ok(Self { peer: session.peer });
        }
        let session = DeskSession::from_request_parts(parts, state).await?;
        Ok(Self { peer: session.peer })
    }
}

impl FromRequestParts<AppState> for Coordinator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let session = DeskSession::from_request_parts(parts, state).await?;
        if session.person.role.reviews() { Ok(Self(session)) } else { Err(Kind::NotAllowed.into()) }
    }
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let session = DeskSession::from_request_parts(parts, state).await?;
        if session.person.role == veldboek_domain::Role::Administrator {
            Ok(Self(session))
        } else {
            Err(Kind::NotAllowed.into())
        }
    }
}
