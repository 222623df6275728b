//! What an answer need not ask the database again, since it was the last to write there.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use veldboek_domain::{ChainHead, ChainId, InspectionId, StreamId};

use crate::inspections::Summary;

/// More chains than this are not kept in mind.
const MOST: usize = 64;

/// What the tables say, as this connection left them. Any other write of it makes all of this unknown.
#[derive(Default)]
pub(crate) struct Known {
    /// SQLite's count of all changes, when this was true.
    at: u64,
    /// Ends of chains behind which nothing waits for its turn.
    pub(crate) ends: HashMap<ChainId, ChainHead>,
    /// Streams of controles for which the search index is known to be behind.
    pub(crate) unsearched: HashSet<StreamId>,
    /// Summaries of controles, where the list is level with the records.
    pub(crate) listed: HashMap<InspectionId, Summary>,
}

impl Known {
    fn is_true(&self, connection: &Connection) -> bool {
        self.at == connection.total_changes()
    }

    /// Where a chain ends, if that is known.
    pub(crate) fn end(&self, connection: &Connection, chain: &ChainId) -> Option<ChainHead> {
        self.ends.get(chain).copied().filter(|_| self.is_true(connection))
    }

    /// Takes out what is still true, to write on with. A failure on the way leaves nothing known.
    pub(crate) fn take(&mut self, connection: &Connection) -> Self {
        let known = std::mem::take(self);
        let is_much = [known.ends.len(), known.unsearched.len(), known.listed.len()].iter().any(|size| *size > MOST);
        if known.is_true(connection) && !is_much { known } else { Self::default() }
    }

    /// Keeps what was known when the last write was committed.
    pub(crate) fn committed(self, connection: &Connection) -> Self {
        Self { at: connection.total_changes(), ..self }
    }
}
