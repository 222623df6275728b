//! The ends of chains: how far the sync says that this device is, and where second and further branches end. Those follow
//! from all records of the chain that are here, in whatever order they came: a stream that is granted late comes with its end
//! first.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, params};
use veldboek_domain::{ChainHead, ChainId, RecordId, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::projections;
use crate::records::{Unreadable, count, device, digest, number, read_record, uuid};

/// Writes the ends of a chain's branches anew. `main` is the end of its first branch.
pub(crate) fn put(connection: &Connection, chain: &ChainId, main: Option<ChainHead>) -> Result<(), StoreError> {
    let (stream, device) = (chain.stream.0.as_bytes(), chain.device.0.as_bytes());
    let key = params![stream, device, chain.epoch];
    let sql = "DELETE FROM branches WHERE stream = ?1 AND device = ?2 AND epoch = ?3";
    connection.prepare_cached(sql)?.execute(key)?;
    // Where no number stands twice, there is one branch only, and nothing needs to be read.
    let sql = "SELECT 1 FROM entries WHERE stream = ?1 AND device = ?2 AND epoch = ?3
               GROUP BY seq HAVING count(*) > 1 LIMIT 1";
    let Some(main) = main else { return Ok(()) };
    if !connection.prepare_cached(sql)?.exists(key)? {
        return Ok(());
    }
    let sql = "INSERT INTO branches (head, stream, device, epoch, seq) VALUES (?1, ?2, ?3, ?4, ?5)";
    for end in Places::read(connection, chain)?.ends(main) {
        connection.prepare_cached(sql)?.execute(params![end.record.0, stream, device, chain.epoch, number(end.seq)])?;
    }
    Ok(())
}

impl Store {
    /// Every end of every chain, of the streams that may leave this device.
    ///
    /// # Errors
    /// A failure to read.
    pub fn all_ends(&self) -> Result<BTreeMap<StreamId, Vec<(ChainId, ChainHead)>>, StoreError> {
        let stopped = self.stopped()?;
        let mut all: BTreeMap<StreamId, Vec<(ChainId, ChainHead)>> = BTreeMap::new();
        for (chain, head) in projections::ends_that_leave(self.db.level()?)? {
            let ends = all.entry(chain.stream).or_default();
            if stopped.get(&chain).is_none_or(|(first, _)| head.seq < *first) {
                ends.push((chain, head));
            }
        }
        // Of a chain that was refused from some record on, the backend has what is before it.
        for (chain, (first, before)) in stopped {
            let Some((ends, record)) = all.get_mut(&chain.stream).zip(before) else { continue };
            let head = ChainHead { seq: first.saturating_sub(1), record };
            if !ends.contains(&(chain, head)) {
                ends.push((chain, head));
            }
        }
        for (chain, head) in self.ends_away()? {
            all.entry(chain.stream).or_default().push((chain, head));
        }
        all.retain(|_, ends| !ends.is_empty());
        Ok(all)
    }

    /// Chains that the backend refused for right, signature or stream: they wait for a person. Each with the number of the
    /// first record that was refused and the record before it.
    fn stopped(&self) -> Result<BTreeMap<ChainId, (u64, Option<RecordId>)>, StoreError> {
        let sql = "SELECT b.stream, b.device, b.epoch, b.seq, b.id, b.header, b.body
                   FROM quarantine q JOIN records b ON b.id = q.record
                   WHERE q.stream = b.stream AND q.reason IN ('not_allowed', 'signature', 'stream') ORDER BY b.seq";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut stopped = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let chain = ChainId { stream: StreamId(uuid(row, 0)?), device: device(row, 1)?, epoch: row.get(2)? };
            let before = read_record(row, 4).ok().and_then(|record| record.header().prev);
            stopped.entry(chain).or_insert((count(row, 3)?, before));
        }
        Ok(stopped)
    }
}

/// Everything that is known of one chain, by number.
struct Places {
    /// Each record with the one before it, in the order of their numbers.
    records: Vec<(ChainHead, Option<RecordId>)>,
    /// What will never come, by number.
    withheld: HashMap<u64, RecordId>,
}

impl Places {
    fn read(connection: &Connection, chain: &ChainId) -> Result<Self, StoreError> {
        let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch];
        let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
                   WHERE e.stream = ?1 AND e.device = ?2 AND e.epoch = ?3 ORDER BY e.seq, e.n";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(key)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            match read_record(row, 0) {
                Ok(record) => {
                    let header = record.header();
                    records.push((ChainHead { seq: header.seq, record: record.id() }, header.prev));
                }
                Err(Unreadable::Rotten(_)) => {}
                Err(Unreadable::Sql(error)) => return Err(error.into()),
            }
        }
        let sql = "SELECT seq, record FROM withheld WHERE stream = ?1 AND device = ?2 AND epoch = ?3";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(key, |row| Ok((count(row, 0)?, digest(row, 1)?)))?;
        Ok(Self { records, withheld: rows.collect::<Result<_, _>>()? })
    }

    /// The ends of all branches but the first one: the last records without a gap before them.
    fn ends(&self, main: ChainHead) -> Vec<ChainHead> {
        let mut whole: HashSet<RecordId> =
            self.withheld.iter().filter(|(seq, _)| **seq <= main.seq).map(|(_, record)| *record).collect();
        let mut followed = self.way_to(main);
        let mut ends = Vec::new();
        for (head, prev) in &self.records {
            if head.seq == 0 || prev.is_some_and(|prev| whole.contains(&prev)) {
                whole.insert(head.record);
                followed.extend(*prev);
                ends.push(*head);
            }
        }
        ends.retain(|head| !followed.contains(&head.record));
        ends
    }

    /// The records of the first branch, over what is withheld.
    fn way_to(&self, main: ChainHead) -> HashSet<RecordId> {
        let before: HashMap<RecordId, Option<RecordId>> =
            self.records.iter().map(|(head, prev)| (head.record, *prev)).collect();
        let at_number = |seq: u64| {
            let record = self.records.iter().find(|(head, _)| head.seq == seq).map(|(head, _)| head.record);
            self.withheld.get(&seq).copied().or(record)
        };
        let mut way = HashSet::new();
        let mut at = Some(main);
        while let Some(head) = at.filter(|head| way.insert(head.record)) {
            let prev = match before.get(&head.record) {
                Some(prev) => *prev,
                None => head.seq.checked_sub(1).and_then(at_number),
            };
            at = prev.map(|record| ChainHead { seq: head.seq.saturating_sub(1), record });
        }
        way
    }
}
