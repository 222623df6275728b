//! What a hand-over needs of the store: cards of other devices, the records of a controle in their chains, and what is to be
//! brought to the backend for somebody else.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, FixedOffset};
use rusqlite::{OptionalExtension, params};
use veldboek_domain::{
    ChainHead, ChainId, DeviceCertificate, DeviceId, InspectionId, Record, RecordId, SignedHead, StreamId,
};

use crate::db::Store;
use crate::error::StoreError;
use crate::known;
use crate::received::Receipted;
use crate::records::{StreamRow, Unreadable, append_all, count, device, digest, number, read_record, uuid};
use crate::{handed, projections};

/// Another device that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its certificate.
    pub card: DeviceCertificate,
    /// When it was seen last, RFC 3339.
    pub seen: String,
}

/// Everything of a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamContents {
    /// Every record that holds, in the order of arrival.
    pub records: Vec<Record>,
    /// The places of those whose bytes do not hold any more.
    pub rotten: Vec<(ChainId, ChainHead)>,
}

/// A chain of another device that is to be brought to the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// The chain.
    pub chain: ChainId,
    /// The first number that is not known to be at the backend.
    pub from: u64,
    /// Heads from there on that its device signed, in order.
    pub heads: Vec<SignedHead>,
}

impl Store {
    /// Keeps the certificate of another device; an older one never takes the place of a newer one, and that of a blocked
    /// device is not kept.
    ///
    /// # Errors
    /// A failure to write.
    pub fn keep_card(&mut self, card: &DeviceCertificate, at: DateTime<FixedOffset>) -> Result<(), StoreError> {
        let is_older = self.card(card.device)?.is_some_and(|known| known.card.at > card.at);
        if is_older || self.blocked()?.contains(&card.device) {
            return Ok(());
        }
        let sql = "INSERT INTO cards (device, card, seen) VALUES (?1, ?2, ?3)
                   ON CONFLICT (device) DO UPDATE SET card = excluded.card, seen = excluded.seen";
        let text = serde_json::to_string(card).expect("a certificate serialises");
        let transaction = self.db.begin()?;
        transaction.prepare_cached(sql)?.execute(params![card.device.0.as_bytes(), text, at.to_rfc3339()])?;
        transaction.commit()
    }

    /// A device was blocked: its card is forgotten, and nothing more is to be exchanged with it.
    ///
    /// # Errors
    /// A failure to write.
    pub fn block(&mut self, device: DeviceId) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        let key = [device.0.as_bytes()];
        transaction.prepare_cached("DELETE FROM cards WHERE device = ?1")?.execute(key)?;
        transaction.prepare_cached("INSERT INTO blocked (device) VALUES (?1) ON CONFLICT DO NOTHING")?.execute(key)?;
        transaction.commit()?;
        Ok(())
    }

    /// A device is not blocked, or no longer.
    ///
    /// # Errors
    /// A failure to write.
    pub fn unblock(&mut self, device: DeviceId) -> Result<(), StoreError> {
        if self.blocked()?.contains(&device) {
            let key = [device.0.as_bytes()];
            self.db.level()?.prepare_cached("DELETE FROM blocked WHERE device = ?1")?.execute(key)?;
        }
        Ok(())
    }

    /// Devices of which the backend said that they were blocked.
    ///
    /// # Errors
    /// A failure to read.
    pub fn blocked(&self) -> Result<Vec<DeviceId>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached("SELECT device FROM blocked")?;
        let rows = statement.query_map([], |row| device(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A device that was seen.
    ///
    /// # Errors
    /// A failure to read.
    pub fn card(&self, device: DeviceId) -> Result<Option<Known>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached("SELECT card, seen FROM cards WHERE device = ?1")?;
        let row = statement.query_row([device.0.as_bytes()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)));
        Ok(row.optional()?.and_then(|(card, seen)| Some(Known { card: serde_json::from_str(&card).ok()?, seen })))
    }

    /// Every device that was seen.
    ///
    /// # Errors
    /// A failure to read.
    pub fn cards(&self) -> Result<Vec<Known>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached("SELECT card, seen FROM cards ORDER BY seen DESC")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let rows: Vec<(String, String)> = rows.collect::<Result<_, _>>()?;
        let known =
            rows.into_iter().filter_map(|(card, seen)| Some(Known { card: serde_json::from_str(&card).ok()?, seen }));
        Ok(known.collect())
    }

    /// Stores records that came by a hand-over, with heads that other devices signed, in one transaction: as a page from the
    /// backend, but those of other devices are not called received. Heads are kept as long as something of their chains is to be
    /// brought to the backend: without them it can't be. Returns the records that were new.
    ///
    /// # Errors
    /// A failure to write; nothing is kept then.
    pub fn receive_handed(&mut self, records: &[Record], heads: &[SignedHead]) -> Result<Vec<RecordId>, StoreError> {
        let mut new = Vec::new();
        for record in records {
            if !self.holds_record(&record.id())? {
                new.push(record);
            }
        }
        let transaction = self.db.begin()?;
        append_all(&transaction, records, false, &mut known::Known::default())?;
        let others: Vec<&Record> =
            new.iter().copied().filter(|record| record.header().device != self.device.id).collect();
        handed::note(&transaction, &others)?;
        for head in heads.iter().filter(|head| head.chain.device != self.device.id) {
            if handed::first(&transaction, &head.chain)?.is_some_and(|first| head.head.seq >= first) {
                handed::keep_head(&transaction, head)?;
            }
        }
        transaction.commit()?;
        Ok(new.iter().map(|record| record.id()).collect())
    }

    fn holds_record(&self, record: &RecordId) -> Result<bool, StoreError> {
        Ok(self.db.level()?.prepare_cached("SELECT 1 FROM records WHERE id = ?1")?.exists([record.0])?)
    }

    /// Heads of other devices in a stream, in order.
    ///
    /// # Errors
    /// A failure to read.
    pub fn heads(&self, stream: StreamId) -> Result<Vec<SignedHead>, StoreError> {
        let sql =
            "SELECT device, epoch, seq, record, signature FROM heads WHERE stream = ?1 ORDER BY device, epoch, seq";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([stream.0.as_bytes()], |row| {
            Ok(SignedHead {
                chain: ChainId { stream, device: device(row, 0)?, epoch: row.get(1)? },
                head: ChainHead { seq: count(row, 2)?, record: digest(row, 3)? },
                signature: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Chains of other devices that are to be brought to the backend: they came by a hand-over, their streams leave this
    /// device, and the backend did not refuse them.
    ///
    /// # Errors
    /// A failure to read.
    pub fn relays(&self) -> Result<Vec<Relay>, StoreError> {
        self.remembered.relays.or_read(self, (), || self.read_relays())
    }

    fn read_relays(&self) -> Result<Vec<Relay>, StoreError> {
        let sql = "SELECT h.stream, h.device, h.epoch, MIN(h.seq) FROM handed h
                   JOIN streams s ON s.stream = h.stream AND s.local = 0 AND s.closed = 0
                   WHERE NOT EXISTS (SELECT 1 FROM quarantine q JOIN records b ON b.id = q.record
                       WHERE q.stream = h.stream AND b.device = h.device AND b.epoch = h.epoch
                         AND q.reason IN ('not_allowed', 'signature', 'stream'))
                   GROUP BY h.stream, h.device, h.epoch ORDER BY json_extract(s.kind, '$.stream') <> 'team', h.stream";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let chain = ChainId { stream: StreamId(uuid(row, 0)?), device: device(row, 1)?, epoch: row.get(2)? };
            Ok((chain, count(row, 3)?))
        })?;
        let chains: Vec<(ChainId, u64)> = rows.collect::<Result<_, _>>()?;
        let mut relays = Vec::new();
        for (chain, from) in chains {
            let mut heads = self.heads(chain.stream)?;
            heads.retain(|head| head.chain == chain && head.head.seq >= from);
            if !heads.is_empty() {
                relays.push(Relay { chain, from, heads });
            }
        }
        Ok(relays)
    }

    /// The records of a chain on the way back from one of them to number `from`, in order. None when one of them is missing
    /// or does not hold: then nothing behind it can be shown to belong to the chain.
    ///
    /// # Errors
    /// A failure to read.
    pub fn way_back(&self, chain: &ChainId, end: &ChainHead, from: u64) -> Result<Option<Vec<Record>>, StoreError> {
        let sql = "SELECT r.id, r.header, r.body FROM entries e JOIN records r ON r.n = e.n
                   WHERE e.stream = ?1 AND e.device = ?2 AND e.epoch = ?3 AND e.seq >= ?4 AND e.seq <= ?5";
        let (stream, device) = (chain.stream.0.as_bytes(), chain.device.0.as_bytes());
        let found = self.collect(sql, params![stream, device, chain.epoch, number(from), number(end.seq)])?;
        let mut found: BTreeMap<RecordId, Record> = found.into_iter().map(|record| (record.id(), record)).collect();
        let mut way = Vec::new();
        let mut at = Some(end.record);
        while let Some(id) = at {
            let Some(record) = found.remove(&id) else { return Ok(None) };
            at = record.header().prev.filter(|_| record.header().seq > from);
            way.push(record);
        }
        way.reverse();
        Ok(Some(way))
    }

    /// Every record of a stream in the order of arrival, and the places of those whose bytes do not hold any more.
    ///
    /// # Errors
    /// A failure to read.
    pub fn stream_contents(&self, stream: StreamId) -> Result<StreamContents, StoreError> {
        let sql = "SELECT r.id, r.header, r.body, e.device, e.epoch, e.seq FROM entries e JOIN records r ON r.n = e.n
                   WHERE e.stream = ?1 ORDER BY e.n";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let mut rows = statement.query([stream.0.as_bytes()])?;
        let mut contents = StreamContents::default();
        while let Some(row) = rows.next()? {
            match read_record(row, 0) {
                Ok(record) => contents.records.push(record),
                Err(Unreadable::Rotten(record)) => {
                    let chain = ChainId { stream, device: device(row, 3)?, epoch: row.get(4)? };
                    contents.rotten.push((chain, ChainHead { seq: count(row, 5)?, record }));
                }
                Err(Unreadable::Sql(error)) => return Err(error.into()),
            }
        }
        Ok(contents)
    }

    /// What will never come of a stream's chains.
    ///
    /// # Errors
    /// A failure to read.
    pub fn withheld_of(&self, stream: StreamId) -> Result<Vec<(ChainId, ChainHead, String)>, StoreError> {
        let sql = "SELECT device, epoch, seq, record, reason FROM withheld WHERE stream = ?1";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([stream.0.as_bytes()], |row| {
            let chain = ChainId { stream, device: device(row, 0)?, epoch: row.get(1)? };
            Ok((chain, ChainHead { seq: count(row, 2)?, record: digest(row, 3)? }, row.get(4)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what another device said that it holds of a controle, as JSON.
    ///
    /// # Errors
    /// A failure to write.
    pub fn keep_peer(&mut self, device: DeviceId, inspection: InspectionId, holds: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO peers (device, inspection, holds) VALUES (?1, ?2, ?3)
                   ON CONFLICT (device, inspection) DO UPDATE SET holds = excluded.holds";
        let key = params![device.0.as_bytes(), inspection.0.as_bytes(), holds];
        let transaction = self.db.begin()?;
        transaction.prepare_cached(sql)?.execute(key)?;
        transaction.commit()
    }

    /// What another device said last that it holds of a controle.
    ///
    /// # Errors
    /// A failure to read.
    pub fn peer(&self, device: DeviceId, inspection: InspectionId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT holds FROM peers WHERE device = ?1 AND inspection = ?2";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let key = params![device.0.as_bytes(), inspection.0.as_bytes()];
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    /// The receipts of a stream's chains.
    ///
    /// # Errors
    /// A failure to read.
    pub fn stream_receipts(&self, stream: StreamId) -> Result<Vec<Receipted>, StoreError> {
        let ends = projections::ends(self.db.level()?, stream)?;
        let chains: BTreeSet<ChainId> = ends.into_iter().map(|(chain, _)| chain).collect();
        let mut receipts = Vec::new();
        for chain in chains {
            receipts.extend(self.receipted(&chain)?);
        }
        Ok(receipts)
    }

    /// The ids of every record of a stream.
    ///
    /// # Errors
    /// A failure to read.
    pub fn record_ids(&self, stream: StreamId) -> Result<HashSet<RecordId>, StoreError> {
        let sql = "SELECT r.id FROM entries e JOIN records r ON r.n = e.n WHERE e.stream = ?1";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([stream.0.as_bytes()], |row| digest(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A stream that this device holds.
    ///
    /// # Errors
    /// A failure to read.
    pub fn stream(&self, stream: StreamId) -> Result<Option<StreamRow>, StoreError> {
        let Some(inspection) = self.inspection_of(stream)? else { return Ok(None) };
        Ok(self.streams(inspection)?.into_iter().find(|row| row.stream == stream))
    }
}
