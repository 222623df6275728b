//! Which records came by a hand-over and are not known to be at the backend. What is not in this table is either this
//! device's own, or came from the backend.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use veldboek_domain::{ChainId, InspectionId, Record, SignedHead, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::records::{count, device, number, uuid};

/// Notes records of other devices that came by a hand-over.
pub(crate) fn note(connection: &Connection, records: &[&Record]) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO handed (record, stream, device, epoch, seq) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    let mut statement = connection.prepare_cached(sql)?;
    for record in records {
        let header = record.header();
        statement.execute(params![
            record.id().0,
            header.stream.0.as_bytes(),
            header.device.0.as_bytes(),
            header.epoch,
            number(header.seq)
        ])?;
    }
    Ok(())
}

/// Keeps a head that another device signed.
pub(crate) fn keep_head(connection: &Connection, head: &SignedHead) -> Result<(), StoreError> {
    let sql = "INSERT INTO heads (stream, device, epoch, seq, record, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![
        head.chain.stream.0.as_bytes(),
        head.chain.device.0.as_bytes(),
        head.chain.epoch,
        number(head.head.seq),
        head.head.record.0,
        head.signature
    ])?;
    Ok(())
}

/// These came from the backend: it has them.
pub(crate) fn at_the_backend(connection: &Connection, records: &[Record]) -> Result<(), StoreError> {
    if !connection.prepare_cached("SELECT 1 FROM handed LIMIT 1")?.exists([])? {
        return Ok(());
    }
    let mut statement = connection.prepare_cached("DELETE FROM handed WHERE record = ?1")?;
    for record in records {
        statement.execute([record.id().0])?;
    }
    Ok(())
}

/// The backend gave its receipt for a chain up to this number: nothing below it needs to be brought, and the heads that were
/// kept for that are done with.
pub(crate) fn receipted(connection: &Connection, chain: &ChainId, seq: u64) -> Result<(), StoreError> {
    for table in ["handed", "heads"] {
        let sql = format!("DELETE FROM {table} WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq <= ?4");
        let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch, number(seq)];
        connection.prepare_cached(&sql)?.execute(key)?;
    }
    Ok(())
}

/// The backend lacks a chain from this number on, whatever it had before: it is to be brought again.
pub(crate) fn again(connection: &Connection, chain: &ChainId, next: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO handed (record, stream, device, epoch, seq)
               SELECT r.id, e.stream, e.device, e.epoch, e.seq FROM entries e JOIN records r ON r.n = e.n
               WHERE e.stream = ?1 AND e.device = ?2 AND e.epoch = ?3 AND e.seq >= ?4 ON CONFLICT DO NOTHING";
    let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch, number(next)];
    connection.prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// The first number of a chain that is not known to be at the backend.
pub(crate) fn first(connection: &Connection, chain: &ChainId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT seq FROM handed WHERE stream = ?1 AND device = ?2 AND epoch = ?3 ORDER BY seq LIMIT 1";
    let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch];
    Ok(connection.prepare_cached(sql)?.query_row(key, |row| count(row, 0)).optional()?)
}

impl Store {
    /// Chains of a controle with records that came by a hand-over and are not known to be at the backend, each with the
    /// first such number.
    ///
    /// # Errors
    /// A failure to read.
    pub fn handed_of(&self, inspection: InspectionId) -> Result<BTreeMap<ChainId, u64>, StoreError> {
        let sql = "SELECT h.stream, h.device, h.epoch, MIN(h.seq) FROM handed h
                   JOIN streams s ON s.stream = h.stream WHERE s.inspection = ?1 GROUP BY h.stream, h.device, h.epoch";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([inspection.0.as_bytes()], |row| {
            let chain = ChainId { stream: StreamId(uuid(row, 0)?), device: device(row, 1)?, epoch: row.get(2)? };
            Ok((chain, count(row, 3)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many such records there are of a controle.
    pub(crate) fn handed_in(&self, inspection: InspectionId) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM handed WHERE stream IN (SELECT stream FROM streams WHERE inspection = ?1)";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        Ok(statement.query_row([inspection.0.as_bytes()], |row| count(row, 0))?)
    }

    /// As [`Store::handed_in`], of every controle that has any.
    pub(crate) fn handed_by_inspection(&self) -> Result<BTreeMap<InspectionId, u64>, StoreError> {
        let sql =
            "SELECT s.inspection, COUNT(*) FROM handed h JOIN streams s ON s.stream = h.stream GROUP BY s.inspection";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((InspectionId(uuid(row, 0)?), count(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
