//! How far the backend has what this device brings: receipts, and the counts that follow from them.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use veldboek_domain::{ChainId, InspectionId, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::handed;
use crate::records::{count, device, number, uuid};

/// How many records this device's chains have, and how many of them have a receipt.
const BROUGHT: &str =
    "COALESCE(SUM(c.seq + 1), 0), COALESCE(SUM(MIN(COALESCE(r.seq, -1), c.seq) + 1), 0) FROM streams s
     JOIN chains c ON c.stream = s.stream AND s.local = 0
     LEFT JOIN receipts r ON r.stream = c.stream AND r.device = c.device AND r.epoch = c.epoch";

/// How far a chain is received by the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipted {
    /// The chain.
    pub chain: ChainId,
    /// Up to this number.
    pub seq: u64,
    /// The receipt as JSON.
    pub receipt: String,
}

impl Store {
    /// How far the backend has a chain, by its receipt.
    ///
    /// # Errors
    /// A failure to read.
    pub fn receipted(&self, chain: &ChainId) -> Result<Option<Receipted>, StoreError> {
        let sql = "SELECT seq, receipt FROM receipts WHERE stream = ?1 AND device = ?2 AND epoch = ?3";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let key = params![chain.stream.0.as_bytes(), chain.device.0.as_bytes(), chain.epoch];
        let found =
            statement.query_row(key, |row| Ok(Receipted { chain: *chain, seq: count(row, 0)?, receipt: row.get(1)? }));
        Ok(found.optional()?)
    }

    /// The receipts of this device's chains in a controle.
    ///
    /// # Errors
    /// A failure to read.
    pub fn receipts_of(&self, inspection: InspectionId) -> Result<Vec<Receipted>, StoreError> {
        let sql = "SELECT r.stream, r.device, r.epoch, r.seq, r.receipt FROM receipts r
                   JOIN streams s ON s.stream = r.stream WHERE s.inspection = ?1";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([inspection.0.as_bytes()], |row| {
            let chain = ChainId { stream: StreamId(uuid(row, 0)?), device: device(row, 1)?, epoch: row.get(2)? };
            Ok(Receipted { chain, seq: count(row, 3)?, receipt: row.get(4)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every receipt of this device as JSON, with its controle.
    ///
    /// # Errors
    /// A failure to read.
    pub fn all_receipts(&self) -> Result<Vec<(InspectionId, String)>, StoreError> {
        let sql = "SELECT s.inspection, r.receipt FROM receipts r JOIN streams s ON s.stream = r.stream";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((InspectionId(uuid(row, 0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps receipts. An older one never takes the place of a newer one.
    ///
    /// # Errors
    /// A failure to write.
    pub fn keep_receipts(&mut self, receipts: &[Receipted]) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        for receipted in receipts {
            let sql = "INSERT INTO receipts (stream, device, epoch, seq, receipt) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (stream, device, epoch) DO UPDATE SET seq = excluded.seq, receipt = excluded.receipt
                       WHERE excluded.seq >= receipts.seq";
            transaction.prepare_cached(sql)?.execute(params![
                receipted.chain.stream.0.as_bytes(),
                receipted.chain.device.0.as_bytes(),
                receipted.chain.epoch,
                number(receipted.seq),
                receipted.receipt
            ])?;
            if receipted.chain.device != self.device.id {
                handed::receipted(&transaction, &receipted.chain, receipted.seq)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Records per controle that this device brings to the backend, its own and those that it got by a hand-over: how many
    /// there are, how many have a receipt.
    ///
    /// # Errors
    /// A failure to read.
    pub fn records_by_inspection(&self) -> Result<BTreeMap<InspectionId, (u64, u64)>, StoreError> {
        let sql = format!("SELECT s.inspection, {BROUGHT} WHERE c.device = ?1 GROUP BY s.inspection");
        let mut statement = self.db.level()?.prepare_cached(&sql)?;
        let rows = statement.query_map([self.device.id.0.as_bytes()], |row| {
            Ok((InspectionId(uuid(row, 0)?), (count(row, 1)?, count(row, 2)?)))
        })?;
        let mut records: BTreeMap<InspectionId, (u64, u64)> = rows.collect::<Result<_, _>>()?;
        for (inspection, handed) in self.handed_by_inspection()? {
            records.entry(inspection).or_default().0 += handed;
        }
        Ok(records)
    }

    /// The same of one controle.
    ///
    /// # Errors
    /// A failure to read.
    pub fn records_of(&self, inspection: InspectionId) -> Result<(u64, u64), StoreError> {
        let sql = format!("SELECT {BROUGHT} WHERE c.device = ?1 AND s.inspection = ?2");
        let mut statement = self.db.level()?.prepare_cached(&sql)?;
        let key = params![self.device.id.0.as_bytes(), inspection.0.as_bytes()];
        let (all, received) = statement.query_row(key, |row| Ok((count(row, 0)?, count(row, 1)?)))?;
        Ok((all + self.handed_in(inspection)?, received))
    }

    /// Whether the backend has a record: by a receipt, or because it came from there.
    ///
    /// # Errors
    /// A failure to read.
    pub fn is_received(&self, chain: &ChainId, seq: u64) -> Result<bool, StoreError> {
        if self.receipted(chain)?.is_some_and(|receipted| receipted.seq >= seq) {
            return Ok(true);
        }
        Ok(chain.device != self.device.id && handed::first(self.db.level()?, chain)?.is_none_or(|first| seq < first))
    }
}
