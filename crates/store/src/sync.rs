//! What the sync needs of the store: what waits, what came, what was set apart.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension, params};
use veldboek_domain::chain::stream_digest;
use veldboek_domain::{ChainHead, ChainId, Digest, Record, RecordId, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::known::Known;
use crate::records::{EPOCH, Unreadable, append_all, count, device, digest, number, read_record, uuid};
use crate::{clearing, handed, kept_ends, meta, projections};

const CURSOR: &str = "sync:cursor";

/// Own records of one chain that have no receipt, from the first on.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Records that hold, in order.
    pub records: Vec<Record>,
    /// Records that will not be sent: rotten on disk, or refused before. Number, id, reason.
    pub withheld: Vec<(ChainHead, String)>,
}

/// Something set apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetApart {
    /// A record's id or a photo's SHA-256.
    pub id: Digest,
    /// `record` or `photo`.
    pub what: String,
    /// The stream, when known.
    pub stream: Option<StreamId>,
    /// Why, by code.
    pub reason: String,
    /// RFC 3339.
    pub at: String,
}

/// What comes from the backend it holds, whatever it refused before; and of a stream that it sends, its person may read
/// what is new.
fn are_read_again(connection: &Connection, records: &[Record]) -> Result<(), StoreError> {
    if connection.prepare_cached("SELECT 1 FROM quarantine WHERE what = 'record' LIMIT 1")?.exists([])? {
        let mut statement = connection.prepare_cached("DELETE FROM quarantine WHERE record = ?1")?;
        for record in records {
            statement.execute([record.id().0])?;
        }
    }
    let streams: BTreeSet<StreamId> = records.iter().map(|record| record.header().stream).collect();
    for stream in streams {
        connection
            .prepare_cached("UPDATE streams SET closed = 0 WHERE stream = ?1 AND closed = 1")?
            .execute([stream.0.as_bytes()])?;
    }
    Ok(())
}

impl Store {
    /// This device's chains that may leave it and have records without a receipt.
    ///
    /// # Errors
    /// A failure to read.
    pub fn waiting_chains(&self) -> Result<Vec<ChainId>, StoreError> {
        self.remembered.waiting.or_read(self, (), || self.read_waiting_chains())
    }

    fn read_waiting_chains(&self) -> Result<Vec<ChainId>, StoreError> {
        let sql = "SELECT c.stream, c.device, c.epoch FROM chains c
                   JOIN streams s ON s.stream = c.stream AND s.local = 0 AND s.closed = 0
                   LEFT JOIN receipts r ON r.stream = c.stream AND r.device = c.device AND r.epoch = c.epoch
                   WHERE c.device = ?1 AND c.seq > COALESCE(r.seq, -1) AND NOT EXISTS (
                       SELECT 1 FROM quarantine q JOIN records b ON b.id = q.record
                       WHERE q.stream = c.stream AND b.device = c.device AND b.epoch = c.epoch
                         AND q.reason IN ('not_allowed', 'signature', 'stream'))
                   ORDER BY c.stream, c.epoch";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([self.device.id.0.as_bytes()], |row| {
            Ok(ChainId { stream: StreamId(uuid(row, 0)?), device: device(row, 1)?, epoch: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records of an own chain without a receipt, until `max_bytes` (counted as header, body and 8 more each). Those up
    /// to `under_way` are passed over.
    ///
    /// # Errors
    /// A failure to read.
    pub fn waiting_records(
        &self,
        chain: &ChainId,
        under_way: Option<u64>,
        max_bytes: usize,
    ) -> Result<Waiting, StoreError> {
        let received = self.receipted(chain)?.map(|receipted| receipted.seq);
        let from = received.max(under_way).map_or(0, |seq| seq + 1);
        let sql = "SELECT r.id, r.header, r.body, e.seq, q.reason FROM entries e JOIN records r ON r.n = e.n
                   LEFT JOIN quarantine q ON q.record = r.id
                   WHERE e.stream = ?1 AND e.device = ?2 AND e.epoch = ?3 AND e.seq >= ?4 ORDER BY e.seq, e.n";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch, number(from)];
        let mut rows = statement.query(key)?;
        let mut waiting = Waiting::default();
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            let head = ChainHead { seq: count(row, 3)?, record: digest(row, 0)? };
            let refused: Option<String> = row.get(4)?;
            match (read_record(row, 0), refused) {
                (Err(Unreadable::Sql(error)), _) => return Err(error.into()),
                (_, Some(reason)) => waiting.withheld.push((head, reason)),
                (Err(Unreadable::Rotten(_)), None) => waiting.withheld.push((head, "rotten".to_owned())),
                (Ok(record), None) => {
                    bytes += record.size() + 8;
                    if bytes > max_bytes && !(waiting.records.is_empty() && waiting.withheld.is_empty()) {
                        break;
                    }
                    waiting.records.push(record);
                }
            }
        }
        Ok(waiting)
    }

    /// One record, when it is held and holds.
    ///
    /// # Errors
    /// A failure to read.
    pub fn record(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        Ok(self.collect("SELECT id, header, body FROM records WHERE id = ?1", params![id.0])?.pop())
    }

    /// Sends a chain again from a number on: the backend has less than it said.
    ///
    /// # Errors
    /// A failure to write.
    pub fn rewind(&mut self, chain: &ChainId, next: u64) -> Result<(), StoreError> {
        let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch, number(next)];
        let sql = if next == 0 {
            "DELETE FROM receipts WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq >= ?4"
        } else {
            "UPDATE receipts SET seq = ?4 - 1 WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq >= ?4"
        };
        let transaction = self.db.begin()?;
        transaction.prepare_cached(sql)?.execute(key)?;
        if chain.device != self.device.id {
            handed::again(&transaction, chain, next)?;
        }
        transaction.commit()
    }

    /// Begins a new epoch in a stream: this device was restored from a backup and its old numbers are taken. Returns whether it
    /// did; a chain of another device or of an epoch that has ended changes nothing.
    ///
    /// # Errors
    /// A failure to write.
    pub fn begin_epoch(&mut self, chain: &ChainId) -> Result<bool, StoreError> {
        if chain.device != self.device.id || self.epoch(chain.stream) != chain.epoch {
            return Ok(false);
        }
        let next = chain.epoch + 1;
        let transaction = self.db.begin()?;
        meta::put(&transaction, &format!("{EPOCH}{}", chain.stream), &next.to_string())?;
        transaction.commit()?;
        self.epochs.insert(chain.stream, next);
        Ok(true)
    }

    /// Stores records that came from the backend, with the place where the page ended, in one transaction. A page that brings
    /// nothing costs no write.
    ///
    /// # Errors
    /// A failure to write; neither is kept then.
    pub fn receive(&mut self, records: &[Record], cursor: Option<&str>) -> Result<usize, StoreError> {
        if records.is_empty() && (cursor.is_none() || self.cursor()?.as_deref() == cursor) {
            return Ok(0);
        }
        let (here, away) = clearing::divide(&mut self.away, records);
        let transaction = self.db.begin()?;
        let new = append_all(&transaction, here, false, &mut Known::default())?;
        clearing::let_go(&transaction, &away)?;
        handed::at_the_backend(&transaction, records)?;
        are_read_again(&transaction, records)?;
        if let Some(cursor) = cursor {
            meta::put(&transaction, CURSOR, cursor)?;
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Where the last page ended.
    ///
    /// # Errors
    /// A failure to read.
    pub fn cursor(&self) -> Result<Option<String>, StoreError> {
        self.remembered_fact(CURSOR.to_owned())
    }

    /// The digest of every stream that may leave this device.
    ///
    /// # Errors
    /// A failure to read.
    pub fn digests(&self) -> Result<BTreeMap<StreamId, Digest>, StoreError> {
        self.remembered.digests.or_read(self, (), || {
            let ends = self.all_ends()?;
            Ok(ends.into_iter().map(|(stream, ends)| (stream, stream_digest(ends))).collect())
        })
    }

    /// Notes that a record will never come: its chain goes on over it. A known one changes nothing.
    ///
    /// # Errors
    /// A failure to write.
    pub fn withhold(&mut self, chain: &ChainId, gone: ChainHead, reason: &str) -> Result<(), StoreError> {
        if self.is_away(chain.stream) {
            let transaction = self.db.begin()?;
            kept_ends::pass_over(&transaction, chain, gone)?;
            return transaction.commit();
        }
        let transaction = self.db.begin()?;
        let sql = "INSERT INTO withheld (stream, device, epoch, seq, record, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT DO NOTHING";
        let changed = transaction.prepare_cached(sql)?.execute(params![
            chain.stream.0.as_bytes(),
            chain.device.0.as_bytes(),
            chain.epoch,
            number(gone.seq),
            gone.record.0,
            reason
        ])?;
        if changed == 1
            && !transaction.prepare_cached("SELECT 1 FROM records WHERE id = ?1")?.exists([gone.record.0])?
        {
            projections::pass_over(&transaction, chain, gone)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Notes that the person may no longer read what is new in a stream.
    ///
    /// # Errors
    /// A failure to write.
    pub fn close_stream(&mut self, stream: StreamId) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        transaction
            .prepare_cached("UPDATE streams SET closed = 1 WHERE stream = ?1 AND closed = 0")?
            .execute([stream.0.as_bytes()])?;
        if self.away.holds(stream) {
            transaction.execute("UPDATE away SET closed = 1 WHERE stream = ?1", [stream.0.as_bytes()])?;
        }
        transaction.commit()
    }

    /// Sets a record or photo apart under a reason; the rest goes on.
    ///
    /// # Errors
    /// A failure to write.
    pub fn set_apart(
        &mut self,
        id: &Digest,
        what: &str,
        stream: Option<StreamId>,
        reason: &str,
        at: DateTime<FixedOffset>,
    ) -> Result<(), StoreError> {
        let stream = match stream {
            Some(stream) => Some(stream.0.as_bytes().to_vec()),
            None => self.stream_of(id)?,
        };
        let sql = "INSERT INTO quarantine (record, what, stream, reason, at) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (record) DO UPDATE SET reason = excluded.reason";
        let transaction = self.db.begin()?;
        transaction.prepare_cached(sql)?.execute(params![id.0, what, stream, reason, at.to_rfc3339()])?;
        transaction.commit()
    }

    fn stream_of(&self, id: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT stream FROM records WHERE id = ?1 UNION SELECT stream FROM photo_refs WHERE sha256 = ?1";
        Ok(self.db.level()?.prepare_cached(sql)?.query_row([id.0], |row| row.get(0)).optional()?)
    }

    /// Everything set apart.
    ///
    /// # Errors
    /// A failure to read.
    pub fn set_apart_list(&self) -> Result<Vec<SetApart>, StoreError> {
        let sql = "SELECT record, what, stream, reason, at FROM quarantine ORDER BY at";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let stream: Option<[u8; 16]> = row.get(2)?;
            Ok(SetApart {
                id: digest(row, 0)?,
                what: row.get(1)?,
                stream: stream.map(|bytes| StreamId(uuid::Uuid::from_bytes(bytes))),
                reason: row.get(3)?,
                at: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The projections as sorted lines, for the test that compares them with a rebuild.
    ///
    /// # Errors
    /// A failure to read.
    pub fn projections(&self) -> Result<Vec<String>, StoreError> {
        projections::dump(self.db.level()?)
    }

    /// Whether a record is set apart.
    ///
    /// # Errors
    /// A failure to read.
    pub fn is_set_apart(&self, record: &RecordId) -> Result<bool, StoreError> {
        Ok(self.db.level()?.prepare_cached("SELECT 1 FROM quarantine WHERE record = ?1")?.exists([record.0])?)
    }
}
