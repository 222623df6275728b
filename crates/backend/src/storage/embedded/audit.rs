//! The audit log: append-only, each line chained to the one before.

use chrono::{DateTime, FixedOffset};
use rusqlite::{OptionalExtension, Row, params};
use veldboek_domain::{Digest, PersonId};

use super::{Embedded, digest_at, number_at, signed, uuid_at};
use crate::storage::{AuditLine, AuditState, AuditStorage, StorageError};

const BEGINNING: Digest = Digest([0; 32]);

/// The exact text whose SHA-256 a line holds: an outsider can rebuild it from the columns.
fn statement(n: u64, at: &str, person: PersonId, action: &str, object: &str, prev: Digest) -> String {
    format!("veldboek-audit-1\n{n}\n{at}\n{person}\n{action}\n{object}\n{prev}")
}

fn line_at(row: &Row<'_>) -> rusqlite::Result<AuditLine> {
    Ok(AuditLine {
        n: number_at(row, 0)?,
        at: row.get(1)?,
        person: PersonId(uuid_at(row, 2)?),
        action: row.get(3)?,
        object: row.get(4)?,
        hash: digest_at(row, 5)?,
    })
}

impl AuditStorage for Embedded {
    fn note(
        &self,
        at: DateTime<FixedOffset>,
        person: PersonId,
        action: &str,
        object: &str,
    ) -> Result<(), StorageError> {
        self.transact(|connection| {
            let last = connection
                .prepare_cached("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1")?
                .query_row([], |row| Ok((number_at(row, 0)?, digest_at(row, 1)?)))
                .optional()?;
            let (last, prev) = last.unwrap_or((0, BEGINNING));
            let (n, at) = (last + 1, at.to_rfc3339());
            let hash = Digest::of(statement(n, &at, person, action, object, prev).as_bytes());
            connection
                .prepare_cached(
                    "INSERT INTO audit (n, at, person, action, object, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![signed(n), at, person.0.as_bytes(), action, object, prev.0, hash.0])?;
            Ok(())
        })
    }

    fn audit_lines(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, StorageError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT n, at, person, action, object, hash FROM audit WHERE n < ?1 ORDER BY n DESC LIMIT ?2",
            )?;
            let rows = statement.query_map(params![before.map_or(i64::MAX, signed), limit], line_at)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn verify_audit(&self) -> Result<AuditState, StorageError> {
        self.read(|connection| {
            let mut rows =
                connection.prepare("SELECT n, at, person, action, object, hash, prev FROM audit ORDER BY n")?;
            let mut prev = BEGINNING;
            let mut lines = 0;
            for row in rows.query_map([], |row| Ok((line_at(row)?, digest_at(row, 6)?)))? {
                let (line, named) = row?;
                let text = statement(line.n, &line.at, line.person, &line.action, &line.object, prev);
                if line.n != lines + 1 || named != prev || Digest::of(text.as_bytes()) != line.hash {
                    return Ok(AuditState::Broken { at: line.n });
                }
                prev = line.hash;
                lines = line.n;
            }
            Ok(AuditState::Whole { lines })
        })
    }
}
