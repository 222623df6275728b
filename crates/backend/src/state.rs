//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use tokio::sync::{broadcast, watch};
use veldboek_checklist::Checklist;
use veldboek_domain::{Clock, Digest, Entropy, Stamp};

use crate::identity::Identity;
use crate::photos::Photos;
use crate::presence::Leases;
use crate::problem::{Kind, Problem};
use crate::storage::{News, Storage, StorageError};

/// News that a slow listener may miss: it hears of the next one all the same.
const NEWS_KEPT: usize = 256;

/// The running backend's parts.
pub struct Parts {
    /// Records, people, photos' descriptions and the audit log.
    pub storage: Arc<dyn Storage>,
    /// Photos' bytes.
    pub photos: Photos,
    /// The backend's keys.
    pub identity: Identity,
    /// Who has which controle open.
    pub leases: Leases,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The checklists that the backend knows.
    pub checklists: Vec<Arc<Checklist>>,
    /// Where the desk's built files are.
    pub ui: PathBuf,
    /// Whether the desk is reached over https, so that cookies may go over nothing else.
    pub behind_https: bool,
}

/// What every handler can reach; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    parts: Arc<Parts>,
    news: broadcast::Sender<Arc<News>>,
    stop: Arc<watch::Sender<bool>>,
}

impl std::ops::Deref for AppState {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl AppState {
    /// From its parts.
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts), news: broadcast::channel(NEWS_KEPT).0, stop: Arc::new(watch::channel(false).0) }
    }

    /// The present moment.
    pub fn stamp(&self) -> Stamp {
        self.clock.stamp()
    }

    /// The present moment by the wall clock.
    pub fn now(&self) -> DateTime<FixedOffset> {
        self.clock.stamp().at
    }

    /// Asks the storage off the async threads.
    ///
    /// # Errors
    /// The storage's failure as a problem.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Storage) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, Problem> {
        let storage = Arc::clone(&self.storage);
        off_thread(move || question(storage.as_ref())).await?.map_err(Problem::from)
    }

    /// Tells those who wait that something changed.
    pub fn announce(&self, news: News) {
        if !(news.streams.is_empty() && news.people.is_empty() && news.looked_at.is_empty()) {
            // Nobody listening is no failure.
            let _ = self.news.send(Arc::new(news));
        }
    }

    /// Listens for news from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<News>> {
        self.news.subscribe()
    }

    /// Tells what would run on for ever that the backend stops.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Becomes true when the backend stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// A random token, and the hash under which it is kept.
    pub fn secret(&self) -> (String, Digest) {
        crate::identity::secret::<32>(self.entropy.as_ref())
    }
}

/// Runs work that blocks. A panic in it is a failure of this request only.
///
/// # Errors
/// [`Kind::Internal`] when it panicked.
pub(crate) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await.map_err(|error| {
        tracing::error!(%error, "work off the async threads failed");
        Kind::Internal.into()
    })
}
