//! Bugs that are planted here, for the tests that show what finds them.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::SigningKey;
use uuid::Uuid;
use veldboek_faults::{Bug, is_planted};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{CountsSent, PushPreamble, PushReply, RawRecord};

use super::Embedded;
use super::records::take_batch;
use crate::storage::{News, StorageError};

/// A batch that was answered and is committed with the next one.
pub(super) struct Owed {
    peer: Peer,
    preamble: PushPreamble,
    batch: Vec<RawRecord>,
    at: DateTime<FixedOffset>,
}

/// [`Bug::RequestCountedTwice`]: every request is a visit of its own.
pub(super) fn counted_again(sent: &CountsSent) -> CountsSent {
    static TIMES: AtomicU64 = AtomicU64::new(0);
    let mut sent = sent.clone();
    if is_planted(Bug::RequestCountedTwice) {
        sent.id = Uuid::from_u64_pair(TIMES.fetch_add(1, Ordering::Relaxed), 0);
    }
    sent
}

impl Embedded {
    /// [`Bug::ReceiptBeforeCommit`]: commits what was answered last time, and only answers this time.
    pub(super) fn push_on_credit(
        &self,
        peer: &Peer,
        preamble: &PushPreamble,
        batch: Vec<RawRecord>,
        at: DateTime<FixedOffset>,
        key: &SigningKey,
    ) -> Result<(PushReply, News), StorageError> {
        let mut debt = self.owed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(owed) = debt.take() {
            self.with_ledger(owed.at.timestamp_millis(), |connection, ledger| {
                take_batch(connection, ledger, &owed.peer, &owed.preamble, owed.batch, owed.at, key)
            })?;
        }
        *debt = Some(Owed { peer: peer.clone(), preamble: preamble.clone(), batch: batch.clone(), at });
        let mut answer = None;
        let rolled_back = self.with_ledger(at.timestamp_millis(), |connection, ledger| {
            answer = Some(take_batch(connection, ledger, peer, preamble, batch, at, key)?);
            Err::<(), _>(StorageError::Unreadable(Bug::ReceiptBeforeCommit.name()))
        });
        match (answer, rolled_back) {
            (Some(answer), _) => Ok((answer, News::default())),
            (None, Err(error)) => Err(error),
            (None, Ok(_)) => Err(StorageError::Unreadable("a batch")),
        }
    }
}
