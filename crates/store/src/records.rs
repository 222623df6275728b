//! Appending and reading records.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;
use veldboek_domain::{
    ChainHead, ChainId, ChainWriter, DeviceId, Digest, Inspection, InspectionId, Record, RecordId, StreamId, StreamKind,
};

use crate::db::Store;
use crate::error::StoreError;
use crate::inspections::{self, Summary};
use crate::known::Known;
use crate::projections;
use crate::transaction::Transaction;

/// A stream that this device holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRow {
    /// The stream.
    pub stream: StreamId,
    /// Its controle.
    pub inspection: InspectionId,
    /// What it is for.
    pub kind: StreamKind,
    /// Whether the person may no longer read what is new in it.
    pub closed: bool,
}

impl Store {
    /// Appends records, updates every projection, and keeps the controle's summary when one is given, all in one
    /// transaction. When this returns, it is on disk. Records that are known change nothing.
    ///
    /// Returns how many were new.
    ///
    /// # Errors
    /// [`StoreError::Full`] and others; nothing of it is kept then.
    pub fn append(
        &mut self,
        records: &[Record],
        summary: Option<(InspectionId, &Summary)>,
    ) -> Result<usize, StoreError> {
        if let ([record], Some(summary)) = (records, summary)
            && self.db.write_down(record, summary)?
        {
            return Ok(1);
        }
        let mut known = self.db.known()?;
        let transaction = self.db.begin()?;
        let new = append_all(&transaction, records, summary.is_some(), &mut known)?;
        if let Some((inspection, summary)) = summary
            && known.listed.get(&inspection) != Some(summary)
        {
            inspections::put(&transaction, inspection, summary)?;
            known.listed.insert(inspection, summary.clone());
        }
        #[cfg(feature = "planted")]
        if veldboek_faults::is_planted(veldboek_faults::Bug::KeptBeforeCommit) {
            transaction.leave_open();
            return Ok(new);
        }
        transaction.commit()?;
        self.db.know(known);
        Ok(new)
    }

    /// A writer for this device's chain in a stream, where it stands now.
    ///
    /// # Errors
    /// A failure to read.
    pub fn writer(&self, stream: StreamId) -> Result<ChainWriter, StoreError> {
        let chain = ChainId { stream, device: self.device.id, epoch: self.epoch(stream) };
        let end = match self.db.end(&chain) {
            Some(end) => Some(end),
            None => chain_head(self.db.level()?, &chain)?,
        };
        // A controle that was cleared and comes back goes on behind its kept end, also while its records are still coming.
        Ok(ChainWriter::new(chain, end.max(self.away.own_end(&chain))))
    }

    /// The epoch in which this device writes a stream.
    pub(crate) fn epoch(&self, stream: StreamId) -> u32 {
        self.epochs.get(&stream).copied().unwrap_or(0)
    }

    /// A controle as it is: a fold over the records that still count, of every stream that this device holds.
    /// Records that do not hold any more are set apart and named; the rest is there.
    ///
    /// # Errors
    /// A failure to read.
    pub fn inspection(&self, inspection: InspectionId) -> Result<(Inspection, Vec<RecordId>), StoreError> {
        let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
                   WHERE e.stream IN (SELECT stream FROM streams WHERE inspection = ?1) AND e.counts > 0";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let mut rows = statement.query([inspection.0.as_bytes()])?;
        let mut state = Inspection::default();
        let mut rotten = Vec::new();
        while let Some(row) = rows.next()? {
            match read_record(row, 0) {
                Ok(record) => state.apply(&record),
                Err(Unreadable::Rotten(id)) => rotten.push(id),
                Err(Unreadable::Sql(error)) => return Err(error.into()),
            }
        }
        Ok((state, rotten))
    }

    /// Every record of a controle in the order of arrival, superseded ones too.
    ///
    /// # Errors
    /// A failure to read.
    pub fn history(&self, inspection: InspectionId) -> Result<Vec<Record>, StoreError> {
        let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
                   WHERE e.stream IN (SELECT stream FROM streams WHERE inspection = ?1) ORDER BY e.n";
        self.collect(sql, params![inspection.0.as_bytes()])
    }

    /// Every record of a stream in the order of arrival, superseded ones too.
    ///
    /// # Errors
    /// A failure to read.
    pub fn stream_history(&self, stream: StreamId) -> Result<Vec<Record>, StoreError> {
        let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
                   WHERE e.stream = ?1 ORDER BY e.n";
        self.collect(sql, params![stream.0.as_bytes()])
    }

    /// Every end of every chain of a stream, branches too.
    ///
    /// # Errors
    /// A failure to read.
    pub fn ends(&self, stream: StreamId) -> Result<Vec<(ChainId, ChainHead)>, StoreError> {
        projections::ends(self.db.level()?, stream)
    }

    /// Every record of this device, in the order of arrival.
    ///
    /// # Errors
    /// A failure to read.
    pub fn all_records(&self) -> Result<Vec<Record>, StoreError> {
        self.collect("SELECT id, header, body FROM records ORDER BY n", params![])
    }

    pub(crate) fn collect(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Record>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            match read_record(row, 0) {
                Ok(record) => records.push(record),
                Err(Unreadable::Rotten(_)) => {}
                Err(Unreadable::Sql(error)) => return Err(error.into()),
            }
        }
        Ok(records)
    }

    /// Whether a record is held, or known to be withheld.
    ///
    /// # Errors
    /// A failure to read.
    pub fn holds(&self, record: &RecordId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM records WHERE id = ?1 UNION SELECT 1 FROM withheld WHERE record = ?1";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        Ok(statement.exists([record.0])?)
    }

    /// The streams of a controle.
    ///
    /// # Errors
    /// A failure to read.
    pub fn streams(&self, inspection: InspectionId) -> Result<Vec<StreamRow>, StoreError> {
        let sql = "SELECT stream, inspection, kind, closed FROM streams WHERE inspection = ?1";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([inspection.0.as_bytes()], stream_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The controle to which a stream belongs.
    ///
    /// # Errors
    /// A failure to read.
    pub fn inspection_of(&self, stream: StreamId) -> Result<Option<InspectionId>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached("SELECT inspection FROM streams WHERE stream = ?1")?;
        Ok(statement.query_row([stream.0.as_bytes()], |row| uuid(row, 0).map(InspectionId)).optional()?)
    }

    /// Drops every projection and folds it anew from the records. The app never needs this at start; it is for a
    /// projection that changed its form, and for the test that both are equal.
    ///
    /// # Errors
    /// A failure to write; everything stays as it was then.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        projections::rebuild(&transaction)?;
        transaction.commit()?;
        Ok(())
    }
}

/// Appends records and updates the projections; the caller commits. `list_is_level` when the caller keeps the summary of
/// their controle as well. What is known afterwards is true once it is committed.
pub(crate) fn append_all<'r>(
    transaction: &Transaction<'_>,
    records: impl IntoIterator<Item = &'r Record>,
    list_is_level: bool,
    known: &mut Known,
) -> Result<usize, StoreError> {
    let mut folding = projections::Folding::new(transaction, known);
    let mut new = 0;
    for record in records {
        if let Some(n) = insert(transaction, record)? {
            folding.take(n, record)?;
            new += 1;
        }
    }
    folding.finish(list_is_level)?;
    Ok(new)
}

pub(crate) fn insert(connection: &Connection, record: &Record) -> Result<Option<i64>, StoreError> {
    let sql = "INSERT INTO records (id, stream, device, epoch, seq, header, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING";
    Ok((put(connection, sql, record)? == 1).then(|| connection.last_insert_rowid()))
}

/// Writes a record into a table of the same columns: id, stream, device, epoch, seq, header and body. Gives how many rows were
/// written.
pub(crate) fn put(connection: &Connection, sql: &str, record: &Record) -> Result<usize, StoreError> {
    let header = record.header();
    Ok(connection.prepare_cached(sql)?.execute(params![
        record.id().0,
        header.stream.0.as_bytes(),
        header.device.0.as_bytes(),
        header.epoch,
        number(header.seq),
        record.header_bytes(),
        record.body_bytes(),
    ])?)
}

pub(crate) fn chain_head(connection: &Connection, chain: &ChainId) -> Result<Option<ChainHead>, StoreError> {
    let sql = "SELECT seq, head FROM chains WHERE stream = ?1 AND device = ?2 AND epoch = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch];
    let head = statement.query_row(key, |row| Ok(ChainHead { seq: count(row, 0)?, record: digest(row, 1)? }));
    Ok(head.optional()?)
}

/// What stands before a stream's id in the name of the fact that says in which epoch this device writes it.
pub(crate) const EPOCH: &str = "epoch:";

/// The epochs in which this device writes streams, where that is not 0: one more for each fork.
pub(crate) fn epochs(connection: &Connection) -> Result<HashMap<StreamId, u32>, StoreError> {
    let sql = "SELECT substr(key, ?2), value FROM meta WHERE substr(key, 1, ?2 - 1) = ?1";
    let mut statement = connection.prepare(sql)?;
    let first = number(EPOCH.len() as u64 + 1);
    let rows =
        statement.query_map(params![EPOCH, first], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut epochs = HashMap::new();
    for row in rows {
        let (stream, epoch) = row?;
        if let (Ok(stream), Ok(epoch)) = (stream.parse(), epoch.parse()) {
            epochs.insert(stream, epoch);
        }
    }
    Ok(epochs)
}

pub(crate) enum Unreadable {
    Rotten(RecordId),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Unreadable {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// Reads id, header and body from three columns, and checks that they belong together.
pub(crate) fn read_record(row: &Row<'_>, first: usize) -> Result<Record, Unreadable> {
    let id = digest(row, first)?;
    let record = Record::from_bytes(row.get(first + 1)?, row.get(first + 2)?).map_err(|_| Unreadable::Rotten(id))?;
    if record.id() == id { Ok(record) } else { Err(Unreadable::Rotten(id)) }
}

fn stream_row(row: &Row<'_>) -> rusqlite::Result<StreamRow> {
    let kind: String = row.get(2)?;
    let kind = serde_json::from_str(&kind).map_err(|_| rusqlite::Error::InvalidQuery)?;
    Ok(StreamRow {
        stream: StreamId(uuid(row, 0)?),
        inspection: InspectionId(uuid(row, 1)?),
        kind,
        closed: row.get(3)?,
    })
}

pub(crate) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    Ok(Digest(row.get(column)?))
}

pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

pub(crate) fn device(row: &Row<'_>, column: usize) -> rusqlite::Result<DeviceId> {
    uuid(row, column).map(DeviceId)
}

/// SQLite's integers are signed; sequence numbers and sizes stay far below the sign.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    Ok(u64::try_from(value).unwrap_or(0))
}
