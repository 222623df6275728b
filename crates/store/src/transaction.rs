//! A transaction whose own statements are prepared once: an answer is a transaction, and preparing two statements anew
//! costs as much as several rows.

use std::ops::Deref;

use rusqlite::Connection;

use crate::error::StoreError;

/// Everything in it is kept, or nothing: without [`Transaction::commit`] it is rolled back.
pub(crate) struct Transaction<'c> {
    connection: &'c Connection,
    is_open: bool,
}

impl<'c> Transaction<'c> {
    /// Begins one. Whoever writes holds the store for writing meanwhile, so that no two are ever within each other.
    pub(crate) fn begin(connection: &'c Connection) -> Result<Self, StoreError> {
        #[cfg(feature = "planted")]
        crate::planted::commit_what_was_left(connection)?;
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self { connection, is_open: true })
    }

    /// Keeps it: on disk when this returns.
    #[cfg_attr(feature = "planted", track_caller)]
    pub(crate) fn commit(mut self) -> Result<(), StoreError> {
        #[cfg(feature = "planted")]
        veldboek_faults::reach(self.connection.path(), veldboek_faults::Moment::Before);
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.is_open = false;
        #[cfg(feature = "planted")]
        veldboek_faults::reach(self.connection.path(), veldboek_faults::Moment::After);
        Ok(())
    }

    /// Leaves it open, for the bug that calls something kept too early.
    #[cfg(feature = "planted")]
    pub(crate) fn leave_open(mut self) {
        self.is_open = false;
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // A full disk may have rolled it back already; then there is none to roll back, and that is what was wanted.
        if self.is_open && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
