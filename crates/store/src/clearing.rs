//! Clearing a controle from this device for good, and what is kept so that it can come back whole.
//!
//! Of a cleared controle stay its number and the ends of its chains: ids, numbers and hashes, nothing that a person wrote.
//! With the ends both sides still agree after a sync, so the backend need not know what a tablet let go, and no request grows
//! with it. What others write of it meanwhile moves the ends on and is let go: it does not come back by itself. This device's
//! own ends stay for good, so that no number of a chain is ever given twice.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, params};
use veldboek_domain::{Body, ChainHead, ChainId, DeviceId, Digest, InspectionId, Record, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::kept_ends::{keep_ends, kept, kept_of, move_end};
use crate::meta;
use crate::records::{count, digest, uuid};
use crate::transaction::Transaction;

/// Set while a clearing is not finished on disk: files may still lie in the vault, old pages in the write-ahead log.
const UNFINISHED: &str = "clearing:unfinished";

/// Everything that holds something of a stream, besides records, receipts, photos and the controle's own rows.
const BY_STREAM: [&str; 8] =
    ["withheld", "handed", "heads", "chains", "branches", "superseded", "entries", "photo_refs"];

/// What of a controle the backend is not known to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unreceived {
    /// Records of this device without a receipt, and records that came by a hand-over and are not known to be received.
    pub records: u64,
    /// Originals here without a receipt.
    pub photos: u64,
    /// Records and photos that were set apart.
    pub set_apart: u64,
}

impl Unreceived {
    /// Whether the backend has everything.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A controle that was cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The controle.
    pub inspection: InspectionId,
    /// Its number.
    pub number: String,
    /// When, RFC 3339.
    pub at: String,
    /// Whether the retention rule did it; otherwise a person.
    pub by_itself: bool,
    /// Version of the retention rules.
    pub rule: String,
    /// When it was asked for again, RFC 3339; none while it is away.
    pub back_at: Option<String>,
    /// Why: `asked`, `sent_back`, `assigned` or `handed_over`.
    pub back_why: Option<String>,
}

/// What is in memory of cleared controles.
#[derive(Debug, Default)]
pub(crate) struct Away {
    /// Their streams.
    streams: HashMap<StreamId, InspectionId>,
    /// Where this device's own chains ended, also of those that came back.
    own_ends: HashMap<ChainId, ChainHead>,
}

impl Away {
    pub(crate) fn load(connection: &Connection, own: DeviceId) -> Result<Self, StoreError> {
        let mut away = Self::default();
        let mut statement = connection.prepare("SELECT stream, inspection FROM away")?;
        let rows = statement.query_map([], |row| Ok((StreamId(uuid(row, 0)?), InspectionId(uuid(row, 1)?))))?;
        for row in rows {
            let (stream, inspection) = row?;
            away.streams.insert(stream, inspection);
        }
        for (chain, head) in kept(connection, "device = ?1", params![own.0.as_bytes()])? {
            let end = away.own_ends.entry(chain).or_insert(head);
            *end = (*end).max(head);
        }
        Ok(away)
    }

    /// Where this device's chain ended when its controle was cleared.
    pub(crate) fn own_end(&self, chain: &ChainId) -> Option<ChainHead> {
        self.own_ends.get(chain).copied()
    }

    /// Whether a stream belongs to a cleared controle.
    pub(crate) fn holds(&self, stream: StreamId) -> bool {
        self.streams.contains_key(&stream)
    }

    /// Whether a record belongs to a cleared controle, or opens a stream of one; what follows in that stream belongs to it then.
    fn takes(&mut self, record: &Record) -> bool {
        if self.streams.is_empty() {
            return false;
        }
        let stream = record.header().stream;
        if !self.streams.contains_key(&stream)
            && let Some(Body::StreamOpened { inspection, .. }) = record.body()
            && self.streams.values().any(|away| *away == inspection)
        {
            self.streams.insert(stream, inspection);
        }
        self.streams.contains_key(&stream)
    }
}

impl Store {
    /// What of a controle the backend is not known to have.
    ///
    /// # Errors
    /// A failure to read.
    pub fn unreceived(&self, inspection: InspectionId) -> Result<Unreceived, StoreError> {
        let key = inspection.0.as_bytes();
        let one = |sql: &str, own: bool| -> Result<u64, StoreError> {
            let mut statement = self.db.level()?.prepare_cached(sql)?;
            let me = self.device.id.0.as_bytes();
            let found = if own {
                statement.query_row(params![key, me], |row| count(row, 0))
            } else {
                statement.query_row(params![key], |row| count(row, 0))
            };
            Ok(found?)
        };
        let own = "SELECT COUNT(*) FROM streams s JOIN entries b ON b.stream = s.stream AND b.device = ?2
                   LEFT JOIN receipts r ON r.stream = b.stream AND r.device = b.device AND r.epoch = b.epoch
                   WHERE s.inspection = ?1 AND b.seq > COALESCE(r.seq, -1)";
        let handed = "SELECT COUNT(*) FROM handed h JOIN streams s ON s.stream = h.stream WHERE s.inspection = ?1";
        let photos = "SELECT COUNT(DISTINCT f.sha256) FROM photo_refs f JOIN photos p ON p.sha256 = f.sha256
                      JOIN streams s ON s.stream = f.stream
                      WHERE s.inspection = ?1 AND p.here = 1 AND p.receipt IS NULL";
        let set_apart =
            "SELECT COUNT(*) FROM quarantine q WHERE q.stream IN (SELECT stream FROM streams WHERE inspection = ?1)
                         OR q.record IN (SELECT f.sha256 FROM photo_refs f JOIN streams s ON s.stream = f.stream
                                         WHERE s.inspection = ?1)";
        // What was cleared before and is not back whole yet would lose the end of its chain.
        let coming = "SELECT COUNT(*) FROM kept_ends k JOIN streams s ON s.stream = k.stream
                      WHERE s.inspection = ?1 AND k.device = ?2 AND k.record NOT IN (SELECT id FROM records)
                        AND k.record NOT IN (SELECT record FROM withheld)";
        Ok(Unreceived {
            records: one(own, true)? + one(coming, true)? + one(handed, false)?,
            photos: one(photos, false)?,
            set_apart: one(set_apart, false)?,
        })
    }

    /// Controles of a family that were closed or agreed to, by what the list says.
    ///
    /// # Errors
    /// A failure to read.
    pub fn done_of(&self, family: &str) -> Result<Vec<InspectionId>, StoreError> {
        self.remembered.done.or_read(self, family.to_owned(), || {
            let sql = "SELECT inspection FROM inspections
                       WHERE family = ?1 AND status IN ('closed', 'agreed') AND stale = 0";
            let mut statement = self.db.level()?.prepare_cached(sql)?;
            let rows = statement.query_map([family], |row| uuid(row, 0).map(InspectionId))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Removes a controle from this device for good: records, projections, words in the search index, small versions and
    /// originals. All of it or nothing; killed afterwards, the next start finishes what is left to do with files.
    ///
    /// # Errors
    /// [`StoreError::NotReceived`] while the backend is not known to have everything, or a failure to write; everything is
    /// there then.
    pub fn clear(
        &mut self,
        inspection: InspectionId,
        by_itself: bool,
        rule: &str,
        at: DateTime<FixedOffset>,
    ) -> Result<(), StoreError> {
        let unreceived = self.unreceived(inspection)?;
        let streams = self.streams(inspection)?;
        let stays = streams.iter().any(|row| !row.kind.leaves_the_device());
        if !unreceived.is_nothing() || stays || streams.is_empty() {
            return Err(StoreError::NotReceived(unreceived));
        }
        let summary = self.summary(inspection)?.unwrap_or_default();
        let own = self.device.id.0.as_bytes();
        let transaction = self.db.begin()?;
        unlink_photos(&transaction, inspection)?;
        for row in &streams {
            keep_ends(&transaction, row.stream)?;
            let stream = row.stream.0.as_bytes();
            let records = "DELETE FROM records WHERE n IN (SELECT n FROM entries WHERE stream = ?1)";
            transaction.execute(records, [stream])?;
            for table in BY_STREAM {
                transaction.execute(&format!("DELETE FROM {table} WHERE stream = ?1"), [stream])?;
            }
            transaction.execute("DELETE FROM receipts WHERE stream = ?1 AND device <> ?2", params![stream, own])?;
            let sql = "INSERT INTO away (stream, inspection, closed) VALUES (?1, ?2, ?3)
                       ON CONFLICT (stream) DO UPDATE SET closed = excluded.closed";
            transaction.execute(sql, params![stream, inspection.0.as_bytes(), row.closed])?;
        }
        for table in ["streams", "inspections", "search", "peers"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE inspection = ?1"), [inspection.0.as_bytes()])?;
        }
        let sql = "INSERT INTO clearings (inspection, number, at, by_itself, rule) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![inspection.0.as_bytes(), summary.number, at.to_rfc3339(), by_itself, rule];
        transaction.execute(sql, row)?;
        meta::put(&transaction, UNFINISHED, "1")?;
        transaction.commit()?;
        self.away = Away::load(self.db.level()?, self.device.id)?;
        self.finish_clearing()
    }

    /// Does what is left of a clearing once its rows are gone: the files, and the write-ahead log that still holds old pages.
    pub(crate) fn finish_clearing(&mut self) -> Result<(), StoreError> {
        if meta::get(self.db.level()?, UNFINISHED)?.is_none() {
            return Ok(());
        }
        let gone: Vec<Digest> = {
            // What came again meanwhile stays.
            let sql = "SELECT sha256 FROM unlinked WHERE sha256 NOT IN (SELECT sha256 FROM photos WHERE here = 1)";
            let mut statement = self.db.level()?.prepare(sql)?;
            statement.query_map([], |row| digest(row, 0))?.collect::<Result<_, _>>()?
        };
        for sha256 in &gone {
            self.vault.remove(sha256)?;
        }
        let transaction = self.db.begin()?;
        transaction.execute("DELETE FROM unlinked", [])?;
        transaction.execute("DELETE FROM meta WHERE key = ?1", [UNFINISHED])?;
        transaction.commit()?;
        // Pages as they were before lie in the log until it is emptied.
        self.db.empty_log()?;
        Ok(())
    }

    /// Lets a cleared controle come back with the next sync, whole. One that is not away changes nothing; returns whether it
    /// was.
    ///
    /// # Errors
    /// A failure to write.
    pub fn call_back(
        &mut self,
        inspection: InspectionId,
        why: &str,
        at: DateTime<FixedOffset>,
    ) -> Result<bool, StoreError> {
        if !self.away.streams.values().any(|away| *away == inspection) {
            return Ok(false);
        }
        let key = inspection.0.as_bytes();
        let transaction = self.db.begin()?;
        let sql =
            "DELETE FROM kept_ends WHERE device <> ?2 AND stream IN (SELECT stream FROM away WHERE inspection = ?1)";
        transaction.execute(sql, params![key, self.device.id.0.as_bytes()])?;
        transaction.execute("DELETE FROM away WHERE inspection = ?1", [key])?;
        let sql = "UPDATE clearings SET back_at = ?2, back_why = ?3 WHERE inspection = ?1 AND back_at IS NULL";
        transaction.execute(sql, params![key, at.to_rfc3339(), why])?;
        transaction.commit()?;
        self.away = Away::load(self.db.level()?, self.device.id)?;
        Ok(true)
    }

    /// The cleared controle to which a record belongs, when the record is new to this device.
    ///
    /// # Errors
    /// A failure to read.
    pub fn away_with(&self, record: &Record) -> Result<Option<InspectionId>, StoreError> {
        let Some(inspection) = self.away.streams.get(&record.header().stream) else { return Ok(None) };
        let ends = kept_of(self.db.level()?, &record.header().chain())?;
        let known = ends.iter().any(|end| record.header().seq <= end.seq);
        Ok((!known).then_some(*inspection))
    }

    /// Every clearing of this device, newest first.
    ///
    /// # Errors
    /// A failure to read.
    pub fn clearings(&self) -> Result<Vec<Cleared>, StoreError> {
        self.clearings_where("1 ORDER BY n DESC", params![])
    }

    /// The clearings of one controle, oldest first.
    ///
    /// # Errors
    /// A failure to read.
    pub fn clearings_of(&self, inspection: InspectionId) -> Result<Vec<Cleared>, StoreError> {
        self.clearings_where("inspection = ?1 ORDER BY n", params![inspection.0.as_bytes()])
    }

    fn clearings_where(&self, which: &str, key: impl rusqlite::Params) -> Result<Vec<Cleared>, StoreError> {
        let sql =
            format!("SELECT inspection, number, at, by_itself, rule, back_at, back_why FROM clearings WHERE {which}");
        let mut statement = self.db.level()?.prepare_cached(&sql)?;
        let rows = statement.query_map(key, |row| {
            Ok(Cleared {
                inspection: InspectionId(uuid(row, 0)?),
                number: row.get(1)?,
                at: row.get(2)?,
                by_itself: row.get(3)?,
                rule: row.get(4)?,
                back_at: row.get(5)?,
                back_why: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every database page as it is once decrypted, free ones too: for the test that nothing of a cleared controle is left.
    ///
    /// # Errors
    /// A failure to read.
    pub fn raw_pages(&mut self) -> Result<Vec<u8>, StoreError> {
        Ok(self.db.level_mut()?.serialize("main")?.to_vec())
    }

    /// The ends of the chains of cleared controles, of streams that the person may still read.
    pub(crate) fn ends_away(&self) -> Result<Vec<(ChainId, ChainHead)>, StoreError> {
        if self.away.streams.is_empty() {
            return Ok(Vec::new());
        }
        kept(self.db.level()?, "stream IN (SELECT stream FROM away WHERE closed = 0)", params![])
    }

    /// Whether a stream belongs to a cleared controle.
    pub(crate) fn is_away(&self, stream: StreamId) -> bool {
        self.away.holds(stream)
    }
}

/// Divides what came into what is stored and what belongs to cleared controles.
pub(crate) fn divide<'r>(away: &mut Away, records: &'r [Record]) -> (Vec<&'r Record>, Vec<&'r Record>) {
    records.iter().partition(|record| !away.takes(record))
}

/// Lets records of cleared controles go: only the ends of their chains move on.
pub(crate) fn let_go(transaction: &Transaction<'_>, records: &[&Record]) -> Result<(), StoreError> {
    for record in records {
        let header = record.header();
        if let Some(Body::StreamOpened { inspection, .. }) = record.body() {
            let sql = "INSERT INTO away (stream, inspection) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            transaction.execute(sql, params![header.stream.0.as_bytes(), inspection.0.as_bytes()])?;
        }
        move_end(transaction, &header.chain(), header.prev, ChainHead { seq: header.seq, record: record.id() })?;
    }
    Ok(())
}

/// Forgets the photos of a controle that no other one shows, and notes their files.
fn unlink_photos(connection: &Connection, inspection: InspectionId) -> Result<(), StoreError> {
    let only_here = "SELECT f.sha256 FROM photo_refs f JOIN streams s ON s.stream = f.stream WHERE s.inspection = ?1
                     EXCEPT
                     SELECT f.sha256 FROM photo_refs f JOIN streams s ON s.stream = f.stream WHERE s.inspection <> ?1";
    let key = [inspection.0.as_bytes()];
    connection.execute(&format!("INSERT OR IGNORE INTO unlinked (sha256) {only_here}"), key)?;
    connection.execute(&format!("DELETE FROM photos WHERE sha256 IN ({only_here})"), key)?;
    Ok(())
}
