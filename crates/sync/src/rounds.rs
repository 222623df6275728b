//! The rounds of a sync of records, asked one after the other over HTTP.

use std::future::Future;
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::client::{Outcome, RecordSync, Replica, ReplyError, ReplyFault, Step};
use crate::http::Backend;
use crate::problem::HttpError;
use crate::wire::{PagePreamble, PullRequest, RawRecord};

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
    let mut sync = RecordSync::new(*backend.backend_key());
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
