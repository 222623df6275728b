//! Devices ask once a minute whether there is anything new, and mostly there is not: the same question, with nothing written
//! since, has the same answer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use veldboek_domain::DeviceId;
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{PagePreamble, PullRequest};

/// More devices than this are not kept in mind.
const MOST: usize = 4096;

/// The answers that brought nothing.
#[derive(Default)]
pub(super) struct Quiet {
    /// How often this process has written.
    writes: AtomicU64,
    given: Mutex<HashMap<DeviceId, Given>>,
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
        let given = self.given();
        let given = given.get(&peer.device)?;
        let is_same = given.writes == self.writes() && given.peer == *peer && given.request == *request;
        is_same.then(|| given.page.clone())
    }

    /// Keeps an answer that brought nothing.
    pub(super) fn keep(&self, writes: u64, peer: &Peer, request: &PullRequest, page: &PagePreamble) {
        let mut given = self.given();
        if given.len() >= MOST {
            given.clear();
        }
        let kept = Given { writes, peer: peer.clone(), request: request.clone(), page: page.clone() };
        given.insert(peer.device, kept);
    }

    fn given(&self) -> MutexGuard<'_, HashMap<DeviceId, Given>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
