//! The list of controles and the search over them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use veldboek_domain::{Body, InspectionId, Value};

use crate::db::Store;
use crate::error::StoreError;
use crate::records::{read_record, uuid};

/// What a list shows of a controle, kept beside the records so that ten thousand are listed at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Its working number.
    pub number: String,
    /// Street and number.
    pub address: String,
    /// Town.
    pub town: String,
    /// Municipality.
    pub municipality: String,
    /// The checklist's title.
    pub kind: String,
    /// `vb`, `btp` or `agro`.
    pub family: String,
    /// When it is planned, RFC 3339.
    pub planned_at: Option<String>,
    /// The status in a word.
    pub status: String,
    /// Questions that are done.
    pub answered: u32,
    /// Questions that count.
    pub questions: u32,
    /// Findings and assumptions.
    pub findings: u32,
    /// Photos.
    pub photos: u32,
    /// Open differences.
    pub differences: u32,
    /// Parts that wait for the person of this device.
    pub mine: u32,
    /// The team's names.
    pub team: Vec<String>,
}

const COLUMNS: &str = "inspection, number, address, town, municipality, kind, family, planned_at, status, answered,
                       questions, findings, photos, differences, team, mine";

/// Keeps a controle's summary: the list is level with the records from here on, the search index is not. Only what
/// changed is written, since every page that is written is encrypted and sealed anew.
pub(crate) fn put(connection: &Connection, inspection: InspectionId, summary: &Summary) -> Result<(), StoreError> {
    let key = inspection.0.as_bytes();
    let sql = format!("SELECT {COLUMNS}, stale FROM inspections WHERE inspection = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let kept = statement.query_row([key], |kept| Ok((row(kept)?.1, kept.get::<_, bool>(16)?))).optional()?;
    let Some((kept, stale)) = kept else { return Ok(()) };
    if kept != *summary {
        put_columns(connection, inspection, summary)?;
    }
    // These two stand in an index of their own.
    if kept.planned_at != summary.planned_at {
        let sql = "UPDATE inspections SET planned_at = ?2 WHERE inspection = ?1";
        connection.prepare_cached(sql)?.execute(params![key, summary.planned_at])?;
    }
    if stale {
        connection.prepare_cached("UPDATE inspections SET stale = 0 WHERE inspection = ?1")?.execute([key])?;
    }
    Ok(())
}

fn put_columns(connection: &Connection, inspection: InspectionId, summary: &Summary) -> Result<(), StoreError> {
    let sql = "UPDATE inspections SET number = ?2, address = ?3, town = ?4, municipality = ?5, kind = ?6, family = ?7,
                      status = ?8, answered = ?9, questions = ?10, findings = ?11, photos = ?12, differences = ?13,
                      team = ?14, mine = ?15
               WHERE inspection = ?1";
    let team = serde_json::to_string(&summary.team).expect("names serialise");
    connection.prepare_cached(sql)?.execute(params![
        inspection.0.as_bytes(),
        summary.number,
        summary.address,
        summary.town,
        summary.municipality,
        summary.kind,
        summary.family,
        summary.status,
        summary.answered,
        summary.questions,
        summary.findings,
        summary.photos,
        summary.differences,
        team,
        summary.mine
    ])?;
    Ok(())
}

fn row(row: &Row<'_>) -> rusqlite::Result<(InspectionId, Summary)> {
    let team: String = row.get(14)?;
    let summary = Summary {
        number: row.get(1)?,
        address: row.get(2)?,
        town: row.get(3)?,
        municipality: row.get(4)?,
        kind: row.get(5)?,
        family: row.get(6)?,
        planned_at: row.get(7)?,
        status: row.get(8)?,
        answered: row.get(9)?,
        questions: row.get(10)?,
        findings: row.get(11)?,
        photos: row.get(12)?,
        differences: row.get(13)?,
        mine: row.get(15)?,
        team: serde_json::from_str(&team).unwrap_or_default(),
    };
    Ok((InspectionId(uuid(row, 0)?), summary))
}

impl Store {
    /// Keeps summaries of controles whose records came from elsewhere.
    ///
    /// # Errors
    /// A failure to write.
    pub fn keep_summaries(&mut self, summaries: &[(InspectionId, Summary)]) -> Result<(), StoreError> {
        if summaries.is_empty() {
            return Ok(());
        }
        let transaction = self.db.begin()?;
        for (inspection, summary) in summaries {
            put(&transaction, *inspection, summary)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Controles whose summary is behind their records.
    ///
    /// # Errors
    /// A failure to read.
    pub fn stale(&self) -> Result<Vec<InspectionId>, StoreError> {
        self.remembered.stale.or_read(self, (), || {
            let mut statement =
                self.db.level()?.prepare_cached("SELECT inspection FROM inspections WHERE stale = 1")?;
            let rows = statement.query_map([], |row| uuid(row, 0).map(InspectionId))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The controles planned before a moment (RFC 3339 of one offset sorts as text) that are not done with, and those
    /// of that day whatever their status, in the order of the plan.
    ///
    /// # Errors
    /// A failure to read.
    pub fn work_until(&self, day: &str) -> Result<Vec<(InspectionId, Summary)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM inspections
             WHERE substr(planned_at, 1, 10) = ?1
                OR ((planned_at IS NULL OR substr(planned_at, 1, 10) < ?1)
                    AND status NOT IN ('closed', 'agreed', 'broken_off'))
             ORDER BY substr(planned_at, 1, 10) = ?1 DESC, planned_at, number LIMIT 200"
        );
        self.rows(&sql, params![day])
    }

    /// One controle's summary.
    ///
    /// # Errors
    /// A failure to read.
    pub fn summary(&self, inspection: InspectionId) -> Result<Option<Summary>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM inspections WHERE inspection = ?1");
        Ok(self.rows(&sql, params![inspection.0.as_bytes()])?.pop().map(|(_, summary)| summary))
    }

    /// All controles, newest plan first.
    ///
    /// # Errors
    /// A failure to read.
    pub fn list(&self) -> Result<Vec<(InspectionId, Summary)>, StoreError> {
        self.rows(&format!("SELECT {COLUMNS} FROM inspections ORDER BY planned_at DESC, number"), params![])
    }

    /// Full-text search over numbers, addresses and everything that was written: every word must occur, as the
    /// beginning of a word; accents do not matter. At most 100, best first.
    ///
    /// # Errors
    /// A failure to read or to bring the index level.
    pub fn search(&mut self, text: &str) -> Result<Vec<(InspectionId, Summary)>, StoreError> {
        self.index()?;
        let words: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\"*"))
            .collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {} FROM search JOIN inspections i ON i.inspection = search.inspection
             WHERE search MATCH ?1 ORDER BY rank LIMIT 100",
            COLUMNS.replace("inspection,", "i.inspection,")
        );
        self.rows(&sql, params![words.join(" ")])
    }

    fn rows(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<(InspectionId, Summary)>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map(params, row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Brings the search index level with the records, for the controles that changed since the last search.
    fn index(&mut self) -> Result<(), StoreError> {
        let behind: Vec<InspectionId> = {
            let sql = "SELECT inspection FROM inspections WHERE unsearched = 1";
            let mut statement = self.db.level()?.prepare_cached(sql)?;
            statement.query_map([], |row| uuid(row, 0).map(InspectionId))?.collect::<Result<_, _>>()?
        };
        if behind.is_empty() {
            return Ok(());
        }
        let transaction = self.db.begin()?;
        for inspection in behind {
            let text = words_of(&transaction, inspection)?;
            let key = inspection.0.as_bytes();
            transaction.prepare_cached("DELETE FROM search WHERE inspection = ?1")?.execute([key])?;
            transaction
                .prepare_cached("INSERT INTO search (inspection, text) VALUES (?1, ?2)")?
                .execute(params![key, text])?;
            transaction
                .prepare_cached("UPDATE inspections SET unsearched = 0 WHERE inspection = ?1")?
                .execute([key])?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn words_of(connection: &Connection, inspection: InspectionId) -> Result<String, StoreError> {
    let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
               WHERE e.stream IN (SELECT stream FROM streams WHERE inspection = ?1) AND e.counts > 0";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([inspection.0.as_bytes()])?;
    let mut words = Vec::new();
    while let Some(row) = rows.next()? {
        let Ok(record) = read_record(row, 0) else { continue };
        match record.body() {
            Some(Body::Written { value, .. }) => words.extend(words_in(&value)),
            Some(Body::InspectionOpened(opening)) => {
                words.push(opening.number);
                words.push(opening.responsible_municipality);
            }
            Some(Body::MemberAdded { member }) => words.push(member.name),
            _ => {}
        }
    }
    Ok(words.join("\n"))
}

fn words_in(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::Address(address) => {
            vec![address.line.clone(), address.postcode.clone(), address.town.clone(), address.municipality.clone()]
        }
        Value::Observation(observation) => vec![observation.text.clone(), observation.ordinary_explanation.clone()],
        _ => Vec::new(),
    }
}
