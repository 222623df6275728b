//! The connection, and the daybook in front of the records.
//!
//! Every page that is written is encrypted and sealed anew, and that is most of what an answer costs. So an answer that simply
//! goes on in its chain is written down in the daybook: one page, on disk when [`Database::write_down`] returns. It is entered
//! into the records, and into everything that follows from them, before anybody reads or writes anything else:
//! [`Database::level`] is the only way to the connection. Entering need not wait for the disk, since all of it follows from
//! lines that are there; a tablet that died in between enters them when it starts.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Connection;
use veldboek_domain::chain::continues;
use veldboek_domain::{ChainHead, ChainId, InspectionId, Record};

use crate::error::StoreError;
use crate::inspections::{self, Summary};
use crate::known::Known;
use crate::projections::{Folding, put_rotten_entry};
use crate::records::{self, Unreadable, read_record};
use crate::reserve::Reserve;
use crate::transaction::Transaction;

/// A line of the daybook.
const LINE: &str =
    "INSERT INTO daybook (id, stream, device, epoch, seq, header, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// More lines than this, or more bytes, are not left in the daybook.
const MOST_LINES: usize = 64;
const MOST_BYTES: usize = 1024 * 1024;
/// Below this much room on the disk, in bytes, nothing is left for later: what is kept must be readable on a full disk too. When
/// others fill it afterwards, there is [`Reserve`].
const MUCH_ROOM: u64 = 64 * 1024 * 1024;

/// The connection to the database, which is level with the daybook for everybody who gets hold of it.
pub(crate) struct Database {
    connection: Connection,
    folder: PathBuf,
    reserve: Reserve,
    known: RefCell<Known>,
    /// Lines in the daybook.
    lines: Cell<usize>,
    /// What was written down since it was entered last, in bytes.
    size: Cell<usize>,
    /// What the list is to show of the controles of these lines.
    summaries: RefCell<BTreeMap<InspectionId, Summary>>,
    /// Whether every line has such a summary: not those of an app that died.
    list_is_level: Cell<bool>,
    /// Whether a commit waits for the disk. It does whenever anything but entering writes.
    waits: Cell<bool>,
}

impl Database {
    /// Over a connection to the database in this folder. What an app that died left in the daybook is entered now.
    ///
    /// # Errors
    /// A failure to write.
    pub(crate) fn open(connection: Connection, folder: PathBuf) -> Result<Self, StoreError> {
        let lines = connection.query_row("SELECT count(*) FROM daybook", [], |row| row.get::<_, i64>(0))?;
        let database = Self {
            connection,
            reserve: Reserve::beside(&folder),
            folder,
            known: RefCell::default(),
            lines: Cell::new(usize::try_from(lines).unwrap_or(usize::MAX)),
            size: Cell::new(0),
            summaries: RefCell::default(),
            list_is_level: Cell::new(lines == 0),
            waits: Cell::new(true),
        };
        // While the log is empty, it gets its room in one piece. Where that can't be had, everything works without it.
        let _ = database.take_room();
        database.enter()?;
        Ok(database)
    }

    /// The connection, when everything that was written down is in its place.
    ///
    /// # Errors
    /// A failure to write.
    pub(crate) fn level(&self) -> Result<&Connection, StoreError> {
        self.enter()?;
        Ok(&self.connection)
    }

    /// The same, for what needs it for itself alone.
    ///
    /// # Errors
    /// A failure to write.
    pub(crate) fn level_mut(&mut self) -> Result<&mut Connection, StoreError> {
        self.enter()?;
        Ok(&mut self.connection)
    }

    /// Begins a transaction, when everything that was written down is in its place.
    ///
    /// # Errors
    /// A failure to write.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.enter()?;
        Transaction::begin(&self.connection)
    }

    /// Where a chain ends, the lines of the daybook included, if that is known.
    pub(crate) fn end(&self, chain: &ChainId) -> Option<ChainHead> {
        self.known.borrow().end(&self.connection, chain)
    }

    /// Takes out what is known of the tables, to write on with.
    ///
    /// # Errors
    /// A failure to write.
    pub(crate) fn known(&mut self) -> Result<Known, StoreError> {
        self.enter()?;
        Ok(self.known.get_mut().take(&self.connection))
    }

    /// Keeps what is known since the last write was committed.
    pub(crate) fn know(&mut self, known: Known) {
        *self.known.get_mut() = known.committed(&self.connection);
    }

    /// Writes a record down that goes on in a chain whose end is known, with what the list is to show of its controle: on disk
    /// when this returns. False when it is none of those, or there is little room; nothing is written then.
    ///
    /// # Errors
    /// A failure to write; nothing of it is kept then.
    pub(crate) fn write_down(
        &mut self,
        record: &Record,
        (inspection, summary): (InspectionId, &Summary),
    ) -> Result<bool, StoreError> {
        self.wait_for_disk(true)?;
        let chain = record.header().chain();
        let end = self.end(&chain);
        let goes_on = end.is_some() && continues(end.as_ref(), record.header()).is_ok();
        let (lines, size) = (self.lines.get(), self.size.get() + record.size());
        if !goes_on || lines >= MOST_LINES || size > MOST_BYTES || (lines == 0 && !self.take_room()?) {
            return Ok(false);
        }
        let mut known = self.known.get_mut().take(&self.connection);
        let transaction = Transaction::begin(&self.connection)?;
        records::put(&transaction, LINE, record)?;
        #[cfg(feature = "planted")]
        if veldboek_faults::is_planted(veldboek_faults::Bug::KeptBeforeCommit) {
            transaction.leave_open();
            self.lines.set(lines + 1);
            return Ok(true);
        }
        transaction.commit()?;
        known.ends.insert(chain, ChainHead { seq: record.header().seq, record: record.id() });
        self.know(known);
        self.lines.set(lines + 1);
        self.size.set(size);
        let summaries = self.summaries.get_mut();
        if summaries.get(&inspection) != Some(summary) {
            summaries.insert(inspection, summary.clone());
        }
        Ok(true)
    }

    /// Brings everything from the write-ahead log into the database's file, and empties the log.
    ///
    /// # Errors
    /// A failure to write.
    pub(crate) fn empty_log(&self) -> Result<(), StoreError> {
        self.level()?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.reserve.forget_log();
        Ok(())
    }

    /// Puts aside, where there is plenty of room, what entering the daybook takes. Says whether there is plenty: only then
    /// something may be left for later.
    fn take_room(&self) -> Result<bool, StoreError> {
        let has = fs4::available_space(&self.folder)? >= MUCH_ROOM;
        if has {
            self.reserve.take();
        }
        Ok(has)
    }

    /// From here on a commit waits for the disk, or does not.
    fn wait_for_disk(&self, waits: bool) -> Result<(), StoreError> {
        if self.waits.get() != waits {
            self.connection.execute_batch(if waits {
                "PRAGMA synchronous = FULL"
            } else {
                "PRAGMA synchronous = NORMAL"
            })?;
            self.waits.set(waits);
        }
        Ok(())
    }

    /// Enters the daybook's lines.
    fn enter(&self) -> Result<(), StoreError> {
        #[cfg(feature = "planted")]
        crate::planted::commit_what_was_left(&self.connection)?;
        if self.lines.get() == 0 {
            return self.wait_for_disk(true);
        }
        self.wait_for_disk(false)?;
        let entered = self.reserve.with(|| self.enter_lines());
        self.wait_for_disk(true)?;
        *self.known.borrow_mut() = entered?.committed(&self.connection);
        self.lines.set(0);
        self.size.set(0);
        self.summaries.borrow_mut().clear();
        self.list_is_level.set(true);
        Ok(())
    }

    fn enter_lines(&self) -> Result<Known, StoreError> {
        let (mut known, list_is_level) = (Known::default(), self.list_is_level.get());
        let transaction = Transaction::begin(&self.connection)?;
        let mut folding = Folding::new(&transaction, &mut known);
        let mut statement = transaction.prepare_cached("SELECT n, id, header, body FROM daybook ORDER BY n")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match read_record(row, 1) {
                Ok(record) => {
                    if let Some(n) = records::insert(&transaction, &record)? {
                        folding.take(n, &record)?;
                    }
                }
                Err(Unreadable::Rotten(_)) => enter_rotten(&transaction, row.get(0)?)?,
                Err(Unreadable::Sql(error)) => return Err(error.into()),
            }
        }
        drop(rows);
        drop(statement);
        folding.finish(list_is_level)?;
        for (inspection, summary) in self.summaries.borrow().iter() {
            inspections::put(&transaction, *inspection, summary)?;
            known.listed.insert(*inspection, summary.clone());
        }
        transaction.prepare_cached("DELETE FROM daybook")?.execute([])?;
        transaction.commit()?;
        Ok(known)
    }
}

/// A line that can't be read any more keeps its bytes and its place in its chain, and says nothing.
fn enter_rotten(connection: &Connection, line: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO records (id, stream, device, epoch, seq, header, body)
               SELECT id, stream, device, epoch, seq, header, body FROM daybook WHERE n = ?1 ON CONFLICT (id) DO NOTHING";
    if connection.prepare_cached(sql)?.execute([line])? == 1 {
        put_rotten_entry(connection, connection.last_insert_rowid())?;
    }
    Ok(())
}
