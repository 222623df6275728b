//! The ends of the chains of cleared controles: how far each was held when it was cleared, moved on over what came since.

use rusqlite::{Connection, params};
use veldboek_domain::{ChainHead, ChainId, Digest, StreamId};

use crate::error::StoreError;
use crate::projections;
use crate::records::{count, device, digest, number, uuid};

/// Moves a kept end on over a record: the end before it when it is known, otherwise it begins another branch. One that lies
/// below an end is known already.
pub(crate) fn move_end(
    connection: &Connection,
    chain: &ChainId,
    prev: Option<Digest>,
    to: ChainHead,
) -> Result<(), StoreError> {
    let ends = kept_of(connection, chain)?;
    let before = ends.iter().find(|end| Some(end.record) == prev);
    if before.is_none() && ends.iter().any(|end| to.seq <= end.seq) {
        return Ok(());
    }
    if let Some(before) = before {
        connection.execute(
            "DELETE FROM kept_ends WHERE stream = ?1 AND record = ?2",
            params![chain.stream.0.as_bytes(), before.record.0],
        )?;
    }
    put_end(connection, chain, to)
}

/// Moves a kept end on over a record that will never come.
pub(crate) fn pass_over(connection: &Connection, chain: &ChainId, gone: ChainHead) -> Result<(), StoreError> {
    let before = kept_of(connection, chain)?.into_iter().find(|end| end.seq + 1 == gone.seq);
    move_end(connection, chain, before.map(|end| end.record), gone)
}

fn put_end(connection: &Connection, chain: &ChainId, end: ChainHead) -> Result<(), StoreError> {
    let sql = "INSERT INTO kept_ends (stream, device, epoch, seq, record) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![
        chain.stream.0.as_bytes(),
        chain.device.0.as_bytes(),
        chain.epoch,
        number(end.seq),
        end.record.0
    ])?;
    Ok(())
}

/// Keeps the ends of a stream's chains; those from an earlier clearing have had their time.
pub(crate) fn keep_ends(connection: &Connection, stream: StreamId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM kept_ends WHERE stream = ?1", [stream.0.as_bytes()])?;
    for (chain, end) in projections::ends(connection, stream)? {
        put_end(connection, &chain, end)?;
    }
    Ok(())
}

/// The kept ends of a chain.
pub(crate) fn kept_of(connection: &Connection, chain: &ChainId) -> Result<Vec<ChainHead>, StoreError> {
    let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch];
    let ends = kept(connection, "stream = ?1 AND device = ?2 AND epoch = ?3", key)?;
    Ok(ends.into_iter().map(|(_, end)| end).collect())
}

/// The kept ends of the chains that a condition names.
pub(crate) fn kept(
    connection: &Connection,
    which: &str,
    key: impl rusqlite::Params,
) -> Result<Vec<(ChainId, ChainHead)>, StoreError> {
    let sql = format!("SELECT stream, device, epoch, seq, record FROM kept_ends WHERE {which}");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(key, |row| {
        let chain = ChainId { stream: StreamId(uuid(row, 0)?), device: device(row, 1)?, epoch: row.get(2)? };
        Ok((chain, ChainHead { seq: count(row, 3)?, record: digest(row, 4)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
