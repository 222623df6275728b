//! The desk's list, folded from the team's stream in the transaction that takes the records.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, FixedOffset};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use veldboek_domain::codes::Regime;
use veldboek_domain::{
    Body, Field, Inspection, InspectionId, Item, ItemId, ObservationKind, OrganisationCode, Record, RegisterKey,
    SetKind, Value,
};

use super::ledger::{contains, read_record};
use super::{Embedded, number_at, uuid_at};
use crate::storage::{ListFilter, ListRow, StorageError};

/// Records kept folded in memory, over all controles.
const MOST_RECORDS: usize = 20_000;

/// The controles that were written last, folded, so that a batch costs what is new in it.
#[derive(Default)]
pub(super) struct Folded {
    kept: HashMap<InspectionId, Fold>,
    touched: Vec<InspectionId>,
    turn: u64,
}

struct Fold {
    inspection: Inspection,
    records: usize,
    closed_at: Option<DateTime<FixedOffset>>,
    turn: u64,
}

impl Folded {
    /// Takes a record of a team stream in. It may be in the database already; a doubled one changes nothing.
    pub(super) fn apply(
        &mut self,
        connection: &Connection,
        id: InspectionId,
        record: &Record,
    ) -> Result<(), StorageError> {
        if !self.touched.contains(&id) {
            self.touched.push(id);
            self.turn += 1;
            if let Entry::Vacant(place) = self.kept.entry(id) {
                place.insert(fold(connection, id)?);
            }
        }
        if let Some(fold) = self.kept.get_mut(&id) {
            fold.turn = self.turn;
            fold.apply(record);
        }
        Ok(())
    }

    /// The fold of a controle; none when nothing of it is known.
    pub(super) fn get(
        &mut self,
        connection: &Connection,
        id: InspectionId,
    ) -> Result<Option<&Inspection>, StorageError> {
        if let Entry::Vacant(place) = self.kept.entry(id) {
            let fold = fold(connection, id)?;
            if fold.records == 0 {
                return Ok(None);
            }
            place.insert(fold);
        }
        Ok(self.kept.get(&id).map(|fold| &fold.inspection))
    }

    /// Writes the rows of the controles that this transaction touched.
    pub(super) fn write_rows(&mut self, connection: &Connection, now: i64) -> Result<(), StorageError> {
        for id in std::mem::take(&mut self.touched) {
            if let Some(fold) = self.kept.get(&id) {
                write_row(connection, id, fold, now)?;
            }
        }
        self.forget_oldest();
        Ok(())
    }

    /// After a transaction that was not committed: nothing of it may stay.
    pub(super) fn forget(&mut self) {
        self.kept.clear();
        self.touched.clear();
    }

    fn forget_oldest(&mut self) {
        let mut records: usize = self.kept.values().map(|fold| fold.records).sum();
        while records > MOST_RECORDS && self.kept.len() > 1 {
            let Some(oldest) = self.kept.iter().min_by_key(|(_, fold)| fold.turn).map(|(id, _)| *id) else { return };
            records -= self.kept.remove(&oldest).map_or(0, |fold| fold.records);
        }
    }
}

impl Fold {
    fn apply(&mut self, record: &Record) {
        self.records += 1;
        self.inspection.apply(record);
        let closes = record.body_bytes().is_some_and(|body| contains(body, b"\"closed\""));
        if closes && matches!(record.body(), Some(Body::Closed { .. })) {
            self.closed_at = self.closed_at.max(Some(record.header().at));
        }
    }
}

fn fold(connection: &Connection, id: InspectionId) -> Result<Fold, StorageError> {
    let mut fold = Fold { inspection: Inspection::default(), records: 0, closed_at: None, turn: 0 };
    let mut statement = connection.prepare_cached(
        "SELECT r.n, r.header, r.body FROM streams s JOIN records r ON r.stream = s.key \
         WHERE s.inspection = ?1 AND s.kind = 'team' ORDER BY r.n",
    )?;
    let rows = statement.query_map([id.0.as_bytes()], |row| Ok((number_at(row, 0)?, row.get(1)?, row.get(2)?)))?;
    for row in rows {
        let (n, header, body) = row?;
        if let Some(record) = read_record(n, header, body) {
            fold.apply(&record);
        }
    }
    Ok(fold)
}

/// Whether an item may stand in what everybody with the team's stream sees: it counts, and no investigation took it over.
fn counts(item: &Item) -> bool {
    item.withdrawn.is_none() && item.regime == Regime::AvgToezicht
}

/// How many assumptions and how many findings there are: written as such, or as the observation that answers a question.
/// Without the checklist an answer that no longer counts can't be told apart, so the report may have fewer.
fn observed(inspection: &Inspection, items: &[ItemId]) -> (usize, usize) {
    let written = items.iter().map(|item| inspection.item_text(*item, Field::Kind) == "assumption");
    let answered = inspection.registers().filter_map(|(key, register)| match (key, register.settled()) {
        (RegisterKey::Answer(_), Some(Value::Observation(seen))) if !seen.text.trim().is_empty() => {
            Some(seen.kind == ObservationKind::Assumption)
        }
        _ => None,
    });
    written.chain(answered).fold((0, 0), |(assumptions, findings), is_assumption| {
        if is_assumption { (assumptions + 1, findings) } else { (assumptions, findings + 1) }
    })
}

fn write_row(connection: &Connection, id: InspectionId, fold: &Fold, now: i64) -> Result<(), StorageError> {
    let inspection = &fold.inspection;
    let Some(opening) = inspection.opening() else { return Ok(()) };
    let (line, town) = match inspection.field(Field::Address) {
        Some(Value::Address(address)) => (address.line.clone(), address.town.clone()),
        _ => (String::new(), String::new()),
    };
    let planned = match inspection.field(Field::PlannedAt) {
        Some(Value::DateTime(at)) => Some(at.timestamp_millis()),
        _ => None,
    };
    let of = |set: SetKind| -> Vec<ItemId> {
        inspection.items_of(|kind| *kind == set).filter(counts).map(|item| item.id).collect()
    };
    let (assumptions, findings) = observed(inspection, &of(SetKind::Finding));
    let answers = inspection
        .registers()
        .filter(|(key, register)| {
            matches!(key, RegisterKey::Answer(_)) && register.settled().is_some_and(|value| !value.is_blank())
        })
        .count();
    let mut team: Vec<&str> = inspection.members().iter().map(|card| card.name.as_str()).collect();
    team.sort_unstable();
    let team = team.join("\n");
    let organisations: Vec<&str> = inspection.members().iter().map(|card| card.organisation_name.as_str()).collect();
    let searchable =
        [opening.number.as_str(), &line, &town, &opening.responsible_municipality, &team, &organisations.join("\n")]
            .join("\n")
            .to_lowercase();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO controles (inspection, number, family, address, town, municipality, \
             source_organisation, status, planned_at, submitted_at, received_at, team, answers, findings, assumptions, \
             photos, measures, differences, searchable) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            id.0.as_bytes(),
            opening.number,
            opening.family,
            line,
            town,
            opening.responsible_municipality,
            opening.source_organisation.0,
            inspection.status().word(),
            planned,
            fold.closed_at.map(|at| at.timestamp_millis()),
            now,
            team,
            answers as i64,
            findings as i64,
            assumptions as i64,
            of(SetKind::Photo).len() as i64,
            of(SetKind::Measure).len() as i64,
            inspection.open_differences().len() as i64,
            searchable
        ])?;
    Ok(())
}

const COLUMNS: &str = "inspection, number, family, address, town, municipality, source_organisation, status, planned_at, \
                       submitted_at, received_at, team, answers, findings, assumptions, photos, measures, differences";

/// Photos that the team's records name and whose originals have not arrived.
const PHOTOS_WAITING: &str = "(SELECT count(DISTINCT l.sha256) FROM streams s JOIN photo_links l ON l.stream = s.key \
                               WHERE s.inspection = controles.inspection AND s.kind = 'team' \
                                 AND NOT EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = l.sha256))";

fn row_at(row: &Row<'_>) -> rusqlite::Result<ListRow> {
    Ok(ListRow {
        inspection: InspectionId(uuid_at(row, 0)?),
        number: row.get(1)?,
        family: row.get(2)?,
        address: row.get(3)?,
        town: row.get(4)?,
        municipality: row.get(5)?,
        source_organisation: OrganisationCode(row.get(6)?),
        status: row.get(7)?,
        planned_at: row.get(8)?,
        submitted_at: row.get(9)?,
        received_at: row.get(10)?,
        team: row.get::<_, String>(11)?.lines().map(str::to_owned).collect(),
        answers: row.get(12)?,
        findings: row.get(13)?,
        assumptions: row.get(14)?,
        photos: row.get(15)?,
        measures: row.get(16)?,
        differences: row.get(17)?,
        photos_waiting: row.get(18)?,
    })
}

/// The filter as SQL with its values.
fn conditions(filter: &ListFilter) -> (String, Vec<SqlValue>) {
    let mut conditions = vec!["1".to_owned()];
    let mut values: Vec<SqlValue> = Vec::new();
    if !filter.statuses.is_empty() {
        let marks = vec!["?"; filter.statuses.len()].join(", ");
        conditions.push(format!("status IN ({marks})"));
        values.extend(filter.statuses.iter().cloned().map(SqlValue::Text));
    }
    if let Some(municipality) = &filter.municipality {
        conditions.push("municipality = ?".to_owned());
        values.push(SqlValue::Text(municipality.clone()));
    }
    let words = filter.text.iter().chain(&filter.team).flat_map(|text| text.split_whitespace());
    for word in words {
        conditions.push("instr(searchable, ?) > 0".to_owned());
        values.push(SqlValue::Text(word.to_lowercase()));
    }
    if let Some(before) = filter.before {
        conditions.push("coalesce(submitted_at, planned_at, received_at) <= ?".to_owned());
        values.push(SqlValue::Integer(before));
    }
    (conditions.join(" AND "), values)
}

impl Embedded {
    pub(super) fn list_page(&self, filter: &ListFilter) -> Result<(Vec<ListRow>, u64), StorageError> {
        let (conditions, mut values) = conditions(filter);
        self.read(|connection| {
            let total = connection
                .prepare_cached(&format!("SELECT count(*) FROM controles WHERE {conditions}"))?
                .query_row(params_from_iter(&values), |row| number_at(row, 0))?;
            values.push(SqlValue::Integer(super::signed(filter.limit)));
            values.push(SqlValue::Integer(super::signed(filter.offset)));
            let sql = format!(
                "SELECT {COLUMNS}, {PHOTOS_WAITING} FROM controles WHERE {conditions} \
                 ORDER BY coalesce(submitted_at, planned_at, received_at), inspection LIMIT ? OFFSET ?"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params_from_iter(&values), row_at)?;
            Ok((rows.collect::<Result<_, _>>()?, total))
        })
    }

    pub(super) fn fold_all_again(&self) -> Result<(), StorageError> {
        self.transact(|connection| {
            let mut statement = connection.prepare("SELECT DISTINCT inspection FROM streams WHERE kind = 'team'")?;
            let ids: Vec<InspectionId> =
                statement.query_map([], |row| uuid_at(row, 0).map(InspectionId))?.collect::<Result<_, _>>()?;
            connection.execute("DELETE FROM controles", [])?;
            for id in ids {
                let received: Option<i64> = connection
                    .prepare_cached(
                        "SELECT max(r.received_at) FROM streams s JOIN records r ON r.stream = s.key \
                         WHERE s.inspection = ?1 AND s.kind = 'team'",
                    )?
                    .query_row([id.0.as_bytes()], |row| row.get(0))
                    .optional()?
                    .flatten();
                write_row(connection, id, &fold(connection, id)?, received.unwrap_or(0))?;
            }
            Ok(())
        })
    }
}
