//! Devices ask once a minute whether there is anything new, and mostly there is not: the same question, with nothing written
//! since, has the same answer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use veldboek_domain::{DeviceId, Digest};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{PagePreamble, PullRequest};

use crate::storage::SessionOf;

/// More devices than this are not kept in mind.
const MOST: usize = 4096;

/// The answers that brought nothing, and who asked.
#[derive(Default)]
pub(super) struct Quiet {
    /// How often this process has written.
    writes: AtomicU64,
    given: Mutex<HashMap<DeviceId, Given>>,
    sessions: Mutex<HashMap<Digest, Open>>,
}

/// A session as it was looked up.
struct Open {
    writes: u64,
    /// Milliseconds since 1970.
    expires_at: i64,
    session: SessionOf,
}

struct Given {
    writes: u64,
    peer: Peer,
    request: PullRequest,
    page: PagePreamble,
}

impl Quiet {
    /// How often this process has written. Asked before the database is read: what is written meanwhile then makes the answer
    /// an old one.
    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// Something was written, and is committed. Said before anybody hears of it.
    pub(super) fn wrote(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
    }

    /// The answer to this question, when nothing was written since it was given.
    pub(super) fn answer(&self, peer: &Peer, request: &PullRequest) -> Option<PagePreamble> {
        let given = taken(&self.given);
        let given = given.get(&peer.device)?;
        let is_same = given.writes == self.writes() && given.peer == *peer && given.request == *request;
        is_same.then(|| given.page.clone())
    }

    /// Keeps an answer that brought nothing.
    pub(super) fn keep(&self, writes: u64, peer: &Peer, request: &PullRequest, page: &PagePreamble) {
        let mut given = taken(&self.given);
        if given.len() >= MOST {
            given.clear();
        }
        let kept = Given { writes, peer: peer.clone(), request: request.clone(), page: page.clone() };
        given.insert(peer.device, kept);
    }

    /// The session of this token, when nothing was written since it was looked up.
    pub(super) fn session(&self, token: &Digest, now: i64) -> Option<SessionOf> {
        let sessions = taken(&self.sessions);
        let open = sessions.get(token)?;
        let is_same = open.writes == self.writes() && open.expires_at > now;
        is_same.then(|| open.session.clone())
    }

    /// Keeps a session that was looked up, with the moment in milliseconds since 1970 at which it ends.
    pub(super) fn keep_session(&self, writes: u64, token: Digest, session: &SessionOf, expires_at: i64) {
        let mut sessions = taken(&self.sessions);
        if sessions.len() >= MOST {
            sessions.clear();
        }
        sessions.insert(token, Open { writes, expires_at, session: session.clone() });
    }
}

fn taken<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
