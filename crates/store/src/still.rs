//! What was read before and still stands, since nothing was written since.
//!
//! A tablet asks itself the same few questions at every sync and for every line on the screen, and mostly nothing changed. One
//! connection writes to the database, so its own count of changes says whether an answer still holds.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use veldboek_domain::{ChainId, Digest, InspectionId, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::handover::Relay;

/// Answers to one question, by what was asked about.
pub struct Still<K, V>(RefCell<Answers<K, V>>);

struct Answers<K, V> {
    /// The connection's count of changes when these were read.
    at: u64,
    answers: HashMap<K, V>,
}

impl<K, V> Default for Still<K, V> {
    fn default() -> Self {
        Self(RefCell::new(Answers { at: 0, answers: HashMap::new() }))
    }
}

impl<K: Eq + Hash, V: Clone> Still<K, V> {
    /// The answer as it was read last; read now, if something was written since. Within a transaction it is always read, and not
    /// kept: what is rolled back was counted as well.
    ///
    /// # Errors
    /// A failure to read.
    pub fn or_read<E: From<StoreError>>(
        &self,
        store: &Store,
        key: K,
        read: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        let connection = store.db.level()?;
        if !connection.is_autocommit() {
            return read();
        }
        let at = connection.total_changes();
        if let Some(answer) = self.0.borrow().answers.get(&key).filter(|_| self.0.borrow().at == at) {
            return Ok(answer.clone());
        }
        let answer = read()?;
        let mut kept = self.0.borrow_mut();
        if kept.at != at {
            *kept = Answers { at, answers: HashMap::new() };
        }
        kept.answers.insert(key, answer.clone());
        Ok(answer)
    }
}

/// What every sync asks, mostly to hear that nothing changed.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(crate) facts: Still<String, Option<String>>,
    pub(crate) waiting: Still<(), Vec<ChainId>>,
    pub(crate) relays: Still<(), Vec<Relay>>,
    pub(crate) digests: Still<(), BTreeMap<StreamId, Digest>>,
    pub(crate) unsettled: Still<(), bool>,
    pub(crate) stale: Still<(), Vec<InspectionId>>,
    pub(crate) done: Still<String, Vec<InspectionId>>,
}
