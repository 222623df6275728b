//! Bugs that are planted here, for the tests that show what finds them.

use rusqlite::{Connection, params};
use veldboek_domain::{Body, Record};
use veldboek_faults::{Bug, is_planted};

use crate::error::StoreError;
use crate::records::{Unreadable, read_record};

/// Commits what [`Bug::KeptBeforeCommit`] left open.
pub(crate) fn commit_what_was_left(connection: &Connection) -> Result<(), StoreError> {
    if is_planted(Bug::KeptBeforeCommit) && !connection.is_autocommit() {
        connection.execute_batch("COMMIT")?;
    }
    Ok(())
}

/// [`Bug::LastWriterWins`]: ends what an earlier clock wrote to the register of this record, and this record when a later
/// clock wrote to it.
pub(crate) fn last_writer_wins(connection: &Connection, n: i64, record: &Record) -> Result<(), StoreError> {
    let Some(Body::Written { register, .. }) = record.body().filter(|_| is_planted(Bug::LastWriterWins)) else {
        return Ok(());
    };
    let stream = record.header().stream.0.as_bytes();
    let sql = "SELECT r.n, r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
               WHERE e.stream = ?1 AND e.counts = 1";
    let mut live = connection.prepare_cached(sql)?;
    let mut rows = live.query([stream])?;
    let mut ended = Vec::new();
    while let Some(row) = rows.next()? {
        let other: i64 = row.get(0)?;
        let held = match read_record(row, 1) {
            Ok(held) => held,
            Err(Unreadable::Rotten(_)) => continue,
            Err(Unreadable::Sql(error)) => return Err(error.into()),
        };
        if matches!(held.body(), Some(Body::Written { register: same, .. }) if same == register) && other != n {
            ended.push(if held.header().at < record.header().at { other } else { n });
        }
    }
    for n in ended {
        connection.execute("UPDATE entries SET counts = 0 WHERE stream = ?1 AND n = ?2", params![stream, n])?;
    }
    Ok(())
}
