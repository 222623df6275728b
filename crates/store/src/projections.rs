//! The tables that follow from the records: updated in the same transaction, rebuilt at will.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};
use veldboek_domain::chain::continues;
use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, ChainHead, ChainId, InspectionId, ItemId, Record, StreamId, StreamKind};

use crate::branches;
use crate::error::StoreError;
use crate::known::Known;
use crate::records::{Unreadable, chain_head, count, device, digest, number, read_record};

/// Lets new records do their work, in the order of their arrival, within one transaction. Chains' ends are kept in memory
/// until [`Folding::finish`] writes them.
pub(crate) struct Folding<'c, 'k> {
    connection: &'c Connection,
    known: &'k mut Known,
    chains: HashMap<ChainId, End>,
    streams: BTreeSet<StreamId>,
}

/// Where a chain stands.
struct End {
    head: Option<ChainHead>,
    /// Whether something beyond the end may be here already, so that the end can move on over it.
    early: bool,
    moved: bool,
    /// Whether a record came that does not just continue the chain: its branches are looked at.
    may_branch: bool,
}

impl<'c, 'k> Folding<'c, 'k> {
    pub(crate) fn new(connection: &'c Connection, known: &'k mut Known) -> Self {
        Self { connection, known, chains: HashMap::new(), streams: BTreeSet::new() }
    }

    /// Lets one new record, which arrived as number `n`, do its work.
    pub(crate) fn take(&mut self, n: i64, record: &Record) -> Result<(), StoreError> {
        let connection = self.connection;
        let (stream, body) = (record.header().stream, record.body());
        if let Some(Body::StreamOpened { inspection, stream_kind }) = &body {
            open_stream(connection, stream, *inspection, stream_kind)?;
        }
        supersede(connection, n, record)?;
        let counts = match &body {
            Some(body) if !body.is_supersedable() => Counts::Always,
            _ if is_superseded(connection, record)? => Counts::NoLonger,
            _ => Counts::Yes,
        };
        put_entry(connection, n, record, counts)?;
        #[cfg(feature = "planted")]
        crate::planted::last_writer_wins(connection, n, record)?;
        if let Some(Body::PhotoSealed { item, sealed }) = &body {
            note_photo(connection, stream, *item, sealed)?;
        }
        self.streams.insert(stream);
        self.extend_chain(n, record)
    }

    /// Moves the chain's end on, over records that arrived before their turn as well.
    fn extend_chain(&mut self, n: i64, record: &Record) -> Result<(), StoreError> {
        let connection = self.connection;
        let chain = record.header().chain();
        let end = match self.chains.entry(chain) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(match self.known.ends.get(&chain) {
                Some(head) => End { head: Some(*head), early: false, moved: false, may_branch: false },
                None => End::load(connection, &chain, n)?,
            }),
        };
        let seq = record.header().seq;
        if continues(end.head.as_ref(), record.header()).is_ok() {
            let head = ChainHead { seq, record: record.id() };
            end.head = Some(if end.early { furthest(connection, &chain, head, n)? } else { head });
            end.moved = true;
            end.may_branch |= end.early;
            return Ok(());
        }
        end.early |= end.head.is_none_or(|head| seq > head.seq);
        end.may_branch = true;
        Ok(())
    }

    /// Writes the chains' ends, and those of their branches. The search index is behind now for the controles of these
    /// records, and so is the list, unless the caller keeps the controle's summary in the same transaction.
    pub(crate) fn finish(self, list_is_level: bool) -> Result<(), StoreError> {
        for (chain, end) in &self.chains {
            if let (true, Some(head)) = (end.moved, end.head) {
                put_end(self.connection, chain, head)?;
            }
            if end.may_branch {
                branches::put(self.connection, chain, end.head)?;
            }
            match end.head {
                Some(head) if !(end.early || end.may_branch) => self.known.ends.insert(*chain, head),
                _ => self.known.ends.remove(chain),
            };
        }
        if !list_is_level {
            self.known.listed.clear();
        }
        for stream in &self.streams {
            if !(list_is_level && self.known.unsearched.contains(stream)) {
                mark(self.connection, *stream, list_is_level)?;
                self.known.unsearched.insert(*stream);
            }
        }
        Ok(())
    }
}

impl End {
    fn load(connection: &Connection, chain: &ChainId, n: i64) -> Result<Self, StoreError> {
        let head = chain_head(connection, chain)?;
        let next = number(head.map_or(0, |head| head.seq + 1));
        let sql = "SELECT 1 FROM entries WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq >= ?4 AND n < ?5
                   UNION ALL SELECT 1 FROM withheld WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq >= ?4";
        let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch, next, n];
        let early = connection.prepare_cached(sql)?.exists(key)?;
        Ok(Self { head, early, moved: false, may_branch: false })
    }
}

fn note_photo(connection: &Connection, stream: StreamId, item: ItemId, sealed: &Sealed) -> Result<(), StoreError> {
    let sql = "INSERT INTO photo_refs (item, sha256, stream) VALUES (?1, ?2, ?3) ON CONFLICT (item) DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![item.0.as_bytes(), sealed.sha256.0, stream.0.as_bytes()])?;
    let sql = "INSERT INTO photos (sha256, bytes, media_type, here) VALUES (?1, ?2, ?3, 0)
               ON CONFLICT (sha256) DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![sealed.sha256.0, number(sealed.bytes), sealed.media_type])?;
    Ok(())
}

fn open_stream(
    connection: &Connection,
    stream: StreamId,
    inspection: InspectionId,
    kind: &StreamKind,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO streams (stream, inspection, kind, local) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (stream) DO NOTHING";
    let words = serde_json::to_string(kind).expect("a stream's kind serialises");
    connection.prepare_cached(sql)?.execute(params![
        stream.0.as_bytes(),
        inspection.0.as_bytes(),
        words,
        !kind.leaves_the_device()
    ])?;
    let sql = "INSERT INTO inspections (inspection) VALUES (?1) ON CONFLICT (inspection) DO NOTHING";
    connection.prepare_cached(sql)?.execute([inspection.0.as_bytes()])?;
    Ok(())
}

/// Ends what this record takes the place of. What has not arrived yet is noted, so that it never begins to count.
fn supersede(connection: &Connection, n: i64, record: &Record) -> Result<(), StoreError> {
    let stream = record.header().stream;
    for parent in &record.header().supersedes {
        let sql = "SELECT device, epoch, seq, n FROM records WHERE id = ?1 AND n < ?2";
        let place = |row: &Row<'_>| Ok((device(row, 0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?, row.get(3)?));
        let arrived: Option<(_, _, _, i64)> =
            connection.prepare_cached(sql)?.query_row(params![parent.0, n], place).optional()?;
        let stream = stream.0.as_bytes();
        // A record supersedes only in its own stream: who can't write a stream can't silence it.
        match arrived {
            Some((device, epoch, seq, n)) => connection
                .prepare_cached(
                    "UPDATE entries SET counts = 0
                     WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq = ?4 AND n = ?5 AND counts = 1",
                )?
                .execute(params![stream, device.0.as_bytes(), epoch, seq, n])?,
            None => connection
                .prepare_cached("INSERT INTO superseded (id, stream) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute(params![parent.0, stream])?,
        };
    }
    Ok(())
}

/// Whether a record counts, as the table of entries has it.
#[derive(Clone, Copy)]
enum Counts {
    NoLonger = 0,
    Yes = 1,
    /// No later record can take its place.
    Always = 2,
}

fn put_entry(connection: &Connection, n: i64, record: &Record, counts: Counts) -> Result<(), StoreError> {
    let sql = "INSERT INTO entries (stream, device, epoch, seq, n, counts) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let header = record.header();
    let (stream, device) = (header.stream.0.as_bytes(), header.device.0.as_bytes());
    let row = params![stream, device, header.epoch, number(header.seq), n, counts as i64];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// A record that can't be read any more keeps its place in its chain, and says nothing.
pub(crate) fn put_rotten_entry(connection: &Connection, n: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO entries (stream, device, epoch, seq, n, counts)
               SELECT stream, device, epoch, seq, n, 0 FROM records WHERE n = ?1";
    connection.prepare_cached(sql)?.execute([n])?;
    Ok(())
}

fn is_superseded(connection: &Connection, record: &Record) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM superseded WHERE id = ?1 AND stream = ?2")?;
    Ok(statement.exists(params![record.id().0, record.header().stream.0.as_bytes()])?)
}

/// How far a chain goes from `end` on, over what had arrived by number `upto`: a rebuild walks the same way as the
/// arrivals did.
fn furthest(connection: &Connection, chain: &ChainId, mut end: ChainHead, upto: i64) -> Result<ChainHead, StoreError> {
    while let Some(next) = child(connection, chain, &end, upto)? {
        end = next;
    }
    Ok(end)
}

fn put_end(connection: &Connection, chain: &ChainId, end: ChainHead) -> Result<(), StoreError> {
    let sql = "INSERT INTO chains (stream, device, epoch, seq, head) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (stream, device, epoch) DO UPDATE SET seq = excluded.seq, head = excluded.head";
    connection.prepare_cached(sql)?.execute(params![
        chain.stream.0.as_bytes(),
        chain.device.0.as_bytes(),
        chain.epoch,
        number(end.seq),
        end.record.0
    ])?;
    Ok(())
}

/// Lets a chain go on over a record that will never come, when it stands there now.
pub(crate) fn pass_over(connection: &Connection, chain: &ChainId, gone: ChainHead) -> Result<(), StoreError> {
    let head = chain_head(connection, chain)?;
    if gone.seq != head.map_or(0, |head| head.seq + 1) {
        return Ok(());
    }
    let end = furthest(connection, chain, gone, i64::MAX)?;
    put_end(connection, chain, end)?;
    branches::put(connection, chain, Some(end))
}

fn child(
    connection: &Connection,
    chain: &ChainId,
    end: &ChainHead,
    upto: i64,
) -> Result<Option<ChainHead>, StoreError> {
    let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
               WHERE e.stream = ?1 AND e.device = ?2 AND e.epoch = ?3 AND e.seq = ?4 AND e.n <= ?5 ORDER BY e.n";
    let mut statement = connection.prepare_cached(sql)?;
    let (stream, device) = (chain.stream.0.as_bytes(), chain.device.0.as_bytes());
    let mut rows = statement.query(params![stream, device, chain.epoch, number(end.seq + 1), upto])?;
    while let Some(row) = rows.next()? {
        if let Ok(record) = read_record(row, 0)
            && record.header().prev == Some(end.record)
        {
            return Ok(Some(ChainHead { seq: record.header().seq, record: record.id() }));
        }
    }
    let sql = "SELECT record FROM withheld WHERE stream = ?1 AND device = ?2 AND epoch = ?3 AND seq = ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let key = params![stream, device, chain.epoch, number(end.seq + 1)];
    let gone = statement.query_row(key, |row| digest(row, 0)).optional()?;
    Ok(gone.map(|record| ChainHead { seq: end.seq + 1, record }))
}

/// The search index is behind now, for the controle of this stream; so is the list, unless it is level.
fn mark(connection: &Connection, stream: StreamId, list_is_level: bool) -> Result<(), StoreError> {
    let sql = if list_is_level {
        "UPDATE inspections SET unsearched = 1
         WHERE inspection = (SELECT inspection FROM streams WHERE stream = ?1) AND unsearched = 0"
    } else {
        "UPDATE inspections SET stale = 1, unsearched = 1
         WHERE inspection = (SELECT inspection FROM streams WHERE stream = ?1) AND (stale = 0 OR unsearched = 0)"
    };
    connection.prepare_cached(sql)?.execute([stream.0.as_bytes()])?;
    Ok(())
}

/// Every end of every chain of a stream, branches too.
pub(crate) fn ends(connection: &Connection, stream: StreamId) -> Result<Vec<(ChainId, ChainHead)>, StoreError> {
    let sql = "SELECT device, epoch, seq, head FROM chains WHERE stream = ?1
               UNION ALL SELECT device, epoch, seq, head FROM branches WHERE stream = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([stream.0.as_bytes()], |row| {
        let chain = ChainId { stream, device: device(row, 0)?, epoch: row.get(1)? };
        Ok((chain, ChainHead { seq: count(row, 2)?, record: digest(row, 3)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The same, of every stream that may leave this device and that its person may still read.
pub(crate) fn ends_that_leave(connection: &Connection) -> Result<Vec<(ChainId, ChainHead)>, StoreError> {
    let sql = "SELECT e.stream, e.device, e.epoch, e.seq, e.head FROM streams s JOIN chains e ON e.stream = s.stream
               WHERE s.local = 0 AND s.closed = 0
               UNION ALL
               SELECT e.stream, e.device, e.epoch, e.seq, e.head FROM branches e JOIN streams s ON s.stream = e.stream
               WHERE s.local = 0 AND s.closed = 0";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let stream = StreamId(crate::records::uuid(row, 0)?);
        let chain = ChainId { stream, device: device(row, 1)?, epoch: row.get(2)? };
        Ok((chain, ChainHead { seq: count(row, 3)?, record: digest(row, 4)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Drops every projection and lets every record do its work again, in the order of arrival.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), StoreError> {
    let closed: Vec<Vec<u8>> = connection
        .prepare("SELECT stream FROM streams WHERE closed = 1")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    connection.execute_batch(
        "DELETE FROM streams; DELETE FROM chains; DELETE FROM branches; DELETE FROM superseded; DELETE FROM entries;
         DELETE FROM photo_refs; DELETE FROM inspections; DELETE FROM search;",
    )?;
    let mut known = Known::default();
    let mut folding = Folding::new(connection, &mut known);
    let mut statement = connection.prepare("SELECT n, id, header, body FROM records ORDER BY n")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let n: i64 = row.get(0)?;
        match read_record(row, 1) {
            Ok(record) => folding.take(n, &record)?,
            Err(Unreadable::Rotten(_)) => put_rotten_entry(connection, n)?,
            Err(Unreadable::Sql(error)) => return Err(error.into()),
        }
    }
    folding.finish(false)?;
    pass_over_first(connection)?;
    for stream in closed {
        connection.execute("UPDATE streams SET closed = 1 WHERE stream = ?1", [stream])?;
    }
    Ok(())
}

/// Chains whose very first record is withheld begin behind it.
fn pass_over_first(connection: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT stream, device, epoch, record FROM withheld WHERE seq = 0";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let stream = StreamId(crate::records::uuid(row, 0)?);
        let chain = ChainId { stream, device: device(row, 1)?, epoch: row.get(2)? };
        Ok((chain, ChainHead { seq: 0, record: digest(row, 3)? }))
    })?;
    for row in rows {
        let (chain, gone) = row?;
        pass_over(connection, &chain, gone)?;
    }
    Ok(())
}

/// A line per row of every projection that follows from the records alone, sorted: what the rebuild test compares.
pub(crate) fn dump(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for (table, columns) in [
        ("streams", "hex(stream) || hex(inspection) || kind || local || closed"),
        ("chains", "hex(stream) || hex(device) || epoch || '/' || seq || hex(head)"),
        ("branches", "hex(stream) || hex(device) || epoch || '/' || seq || hex(head)"),
        ("superseded", "hex(id) || hex(stream)"),
        ("entries", "hex(stream) || hex(device) || epoch || '/' || seq || '/' || n || counts"),
        ("photo_refs", "hex(item) || hex(sha256) || hex(stream)"),
        ("inspections", "hex(inspection)"),
    ] {
        let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table}"))?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        for row in rows {
            lines.push(format!("{table} {}", row?));
        }
    }
    lines.sort_unstable();
    Ok(lines)
}
