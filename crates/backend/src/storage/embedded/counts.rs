//! Counts of visits that stay on their device.

use rusqlite::params;
use veldboek_sync::wire::CountsSent;

use super::{Embedded, number_at, signed};
use crate::storage::{CountStorage, CountTotal, StorageError};

impl CountStorage for Embedded {
    fn put_counts(&self, sent: &CountsSent) -> Result<(), StorageError> {
        #[cfg(feature = "planted")]
        let sent = &super::planted::counted_again(sent);
        self.transact(|connection| {
            connection.prepare_cached("DELETE FROM counts WHERE id = ?1")?.execute([sent.id.as_bytes()])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO counts (id, line, checklist, month, question, option, number) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for (line, count) in (0u64..).zip(&sent.lines) {
                insert.execute(params![
                    sent.id.as_bytes(),
                    signed(line),
                    sent.checklist,
                    sent.month,
                    count.question,
                    count.option,
                    count.number
                ])?;
            }
            Ok(())
        })
    }

    fn count_totals(&self) -> Result<Vec<CountTotal>, StorageError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT checklist, question, option, count(DISTINCT id), total(number) FROM counts \
                 GROUP BY checklist, question, option ORDER BY checklist, question, option",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(CountTotal {
                    checklist: row.get(0)?,
                    question: row.get(1)?,
                    option: row.get(2)?,
                    visits: number_at(row, 3)?,
                    sum: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
