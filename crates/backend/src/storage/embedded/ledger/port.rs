//! What the sync's half of the backend asks of the transaction.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use rusqlite::{OptionalExtension, params};
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{
    ChainHead, ChainId, DeviceId, InspectionId, OrganisationCode, PersonCard, PersonId, Record, RecordId, Role,
    StreamId, StreamKind,
};
use veldboek_sync::Ledger;
use veldboek_sync::server::{Bound, EnrolledDevice, LogEntry, Part, Peer, StreamInfo};
use veldboek_sync::wire::Withheld;

use super::super::{digest_at, number_at, signed, uuid_at};
use super::{LedgerTx, entry_of, read_record, size_of, stream_kind};
use crate::storage::{StorageError, role_named};

impl Ledger for LedgerTx<'_> {
    type Error = StorageError;

    fn device(&self, device: DeviceId) -> Result<Option<EnrolledDevice>, StorageError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT d.public_key, d.person, p.organisation, p.role FROM devices d \
                 JOIN people p ON p.person = d.person WHERE d.device = ?1",
            )?
            .query_row([device.0.as_bytes()], |row| {
                Ok((row.get::<_, [u8; 32]>(0)?, uuid_at(row, 1)?, row.get(2)?, row.get::<_, String>(3)?))
            })
            .optional()?;
        found
            .map(|(key, owner, organisation, role)| {
                let key = VerifyingKey::from_bytes(&key).map_err(|_| StorageError::Unreadable("a device's key"))?;
                let role = role_named(&role).ok_or(StorageError::Unreadable("a role"))?;
                Ok(EnrolledDevice { key, owner: PersonId(owner), organisation: OrganisationCode(organisation), role })
            })
            .transpose()
    }

    fn stream(&self, stream: StreamId) -> Result<Option<StreamInfo>, StorageError> {
        Ok(self.stream_row(stream)?.map(|(_, info)| info))
    }

    fn is_member(&self, inspection: InspectionId, person: PersonId) -> Result<bool, StorageError> {
        Ok(self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM members WHERE inspection = ?1 AND person = ?2 AND active)")?
            .query_row([inspection.0.as_bytes(), person.0.as_bytes()], |row| row.get(0))?)
    }

    fn inspection_exists(&self, inspection: InspectionId) -> Result<bool, StorageError> {
        Ok(self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM streams WHERE inspection = ?1)")?
            .query_row([inspection.0.as_bytes()], |row| row.get(0))?)
    }

    fn head(&self, chain: &ChainId) -> Result<Option<ChainHead>, StorageError> {
        Ok(self.with_chain(chain, false, |row| row.ends.first().copied())?.flatten())
    }

    fn holds(&self, record: &RecordId) -> Result<bool, StorageError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM records WHERE id = ?1) OR EXISTS (SELECT 1 FROM withheld WHERE record = ?1)",
            )?
            .query_row([record.0], |row| row.get(0))?)
    }

    fn open_stream(&mut self, stream: StreamId, info: &StreamInfo, opener: PersonId) -> Result<(), StorageError> {
        self.register_stream(stream, info)?;
        if info.kind == StreamKind::Team {
            self.put_member(info.inspection, opener, &OrganisationCode::from(""), Role::RegionalReader)?;
        }
        self.grant_to_members(stream)
    }

    fn append(&mut self, record: &Record, forked: bool) -> Result<(), StorageError> {
        let header = record.header();
        let chain = header.chain();
        let Some((stream, info)) = self.stream_row(header.stream)? else {
            return Err(StorageError::Unreadable("a stream"));
        };
        let head = ChainHead { seq: header.seq, record: record.id() };
        let placed = self.with_chain(&chain, true, |row| {
            let branch = row.branch_of(record, forked);
            row.set_end(branch, head);
            (row.key, branch as i64)
        })?;
        let (key, branch) = placed.ok_or(StorageError::Unreadable("a chain"))?;
        let n = self.take_number();
        self.connection
            .prepare_cached(
                "INSERT INTO records (n, id, stream, chain, branch, seq, received_at, header, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                signed(n),
                record.id().0,
                stream,
                key,
                branch,
                signed(header.seq),
                self.now,
                record.header_bytes(),
                record.body_bytes()
            ])?;
        self.note_photo(stream, record)?;
        self.note_news(header.stream, &info.kind, n);
        if info.kind == StreamKind::Team
            && let Some(folded) = &mut self.folded
        {
            folded.apply(self.connection, info.inspection, record)?;
        }
        Ok(())
    }

    fn withhold(&mut self, withheld: &Withheld, forked: bool) -> Result<(), StorageError> {
        let key = self.with_chain(&withheld.chain, true, |row| {
            let fits = |branch: &usize| row.ends[*branch].seq + 1 == withheld.head.seq;
            let branch = if forked { (1..row.ends.len()).find(fits).unwrap_or(row.ends.len().max(1)) } else { 0 };
            row.set_end(branch, withheld.head);
            row.key
        })?;
        let key = key.ok_or(StorageError::Unreadable("a chain"))?;
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO withheld (record, chain, seq, reason) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![withheld.head.record.0, key, signed(withheld.head.seq), withheld.reason])?;
        Ok(())
    }

    fn withheld(&self, stream: StreamId) -> Result<Vec<Withheld>, StorageError> {
        let Some((key, _)) = self.stream_row(stream)? else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare_cached(
            "SELECT c.device, c.epoch, w.seq, w.record, w.reason FROM chains c JOIN withheld w ON w.chain = c.key \
             WHERE c.stream = ?1 ORDER BY c.key, w.seq, w.record",
        )?;
        let rows = statement.query_map([key], |row| {
            Ok(Withheld {
                chain: ChainId { stream, device: DeviceId(uuid_at(row, 0)?), epoch: row.get(1)? },
                head: ChainHead { seq: number_at(row, 2)?, record: digest_at(row, 3)? },
                reason: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn add_member(&mut self, inspection: InspectionId, member: &PersonCard) -> Result<(), StorageError> {
        self.put_member(inspection, member.person, &member.organisation, member.role)
    }

    fn remove_member(&mut self, inspection: InspectionId, person: PersonId) -> Result<(), StorageError> {
        self.connection
            .prepare_cached("UPDATE members SET active = 0 WHERE inspection = ?1 AND person = ?2")?
            .execute([inspection.0.as_bytes(), person.0.as_bytes()])?;
        self.connection
            .prepare_cached(
                "UPDATE grants SET revoked = 1 WHERE person = ?1 \
                 AND stream IN (SELECT key FROM streams WHERE inspection = ?2)",
            )?
            .execute([person.0.as_bytes(), inspection.0.as_bytes()])?;
        self.news.people.push(person);
        Ok(())
    }

    fn readable(&self, peer: &Peer) -> Result<BTreeMap<StreamId, u64>, StorageError> {
        let mut readable = BTreeMap::new();
        if peer.role.reviews() {
            let mut statement = self.connection.prepare_cached("SELECT stream FROM streams WHERE kind = 'team'")?;
            for stream in statement.query_map([], |row| uuid_at(row, 0))? {
                readable.insert(StreamId(stream?), 0);
            }
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT s.stream, s.kind, s.organisation, max(g.n) FROM grants g JOIN streams s ON s.key = g.stream \
             WHERE g.person = ?1 AND NOT g.revoked GROUP BY s.key",
        )?;
        let rows = statement.query_map([peer.person.0.as_bytes()], |row| {
            Ok((uuid_at(row, 0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?, number_at(row, 3)?))
        })?;
        for row in rows {
            let (stream, word, organisation, n) = row?;
            if may_use_stream(&stream_kind(&word, organisation)?, peer.role, &peer.organisation, true) {
                readable.entry(StreamId(stream)).or_insert(n);
            }
        }
        #[cfg(feature = "planted")]
        if veldboek_faults::is_planted(veldboek_faults::Bug::ClosedStreamSent) {
            let sql =
                "SELECT s.stream FROM streams s JOIN members m USING (inspection) WHERE m.person = ?1 AND m.active";
            let mut statement = self.connection.prepare_cached(sql)?;
            for stream in statement.query_map([peer.person.0.as_bytes()], |row| uuid_at(row, 0))? {
                readable.entry(StreamId(stream?)).or_insert(0);
            }
        }
        Ok(readable)
    }

    fn revoked(&self, peer: &Peer, readable: &BTreeMap<StreamId, u64>) -> Result<Vec<StreamId>, StorageError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT s.stream FROM grants g JOIN streams s ON s.key = g.stream WHERE g.person = ?1",
        )?;
        let rows = statement.query_map([peer.person.0.as_bytes()], |row| uuid_at(row, 0))?;
        let streams: Vec<StreamId> = rows.map(|row| row.map(StreamId)).collect::<Result<_, _>>()?;
        Ok(streams.into_iter().filter(|stream| !readable.contains_key(stream)).collect())
    }

    fn log_after(
        &self,
        peer: &Peer,
        streams: &BTreeMap<StreamId, u64>,
        after: u64,
        bound: Bound,
    ) -> Result<Part<LogEntry>, StorageError> {
        let mut numbers = self.numbers_after(streams, after, bound.entries)?;
        numbers.extend(self.grants_after(peer, streams, after)?);
        numbers.sort_unstable_by_key(|(n, _)| *n);
        // Behind these, records of a stream may stand that were not asked for.
        let is_cut = numbers.len() > bound.entries;
        numbers.truncate(bound.entries);
        let mut by_number = self.connection.prepare_cached("SELECT header, body FROM records WHERE n = ?1")?;
        let entries = numbers.into_iter().filter_map(|(n, granted)| {
            if let Some(stream) = granted {
                return Some(Ok(LogEntry::Granted { n, stream }));
            }
            let found = by_number.query_row([signed(n)], |row| Ok((row.get(0)?, row.get(1)?)));
            found.map(|(header, body)| entry_of(n, header, body)).map_err(StorageError::from).transpose()
        });
        let mut part = bound.read(entries, size_of)?;
        part.is_last &= !is_cut;
        Ok(part)
    }

    fn stream_records(
        &self,
        stream: StreamId,
        after: u64,
        upto: u64,
        bound: Bound,
    ) -> Result<Part<(u64, Record)>, StorageError> {
        let Some((key, _)) = self.stream_row(stream)? else {
            return Ok(Part { entries: Vec::new(), is_last: true });
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT n, header, body FROM records WHERE stream = ?1 AND n > ?2 AND n <= ?3 ORDER BY n",
        )?;
        let rows = statement.query_map(params![key, signed(after), signed(upto)], |row| {
            Ok((number_at(row, 0)?, row.get(1)?, row.get(2)?))
        })?;
        let records = rows.filter_map(|row| {
            let read = row.map(|(n, header, body)| read_record(n, header, body).map(|record| (n, record)));
            read.map_err(StorageError::from).transpose()
        });
        bound.read(records, |(_, record)| record.size())
    }

    fn ends(&self, stream: StreamId) -> Result<Vec<(ChainId, ChainHead)>, StorageError> {
        self.write_ends()?;
        let mut statement = self.connection.prepare_cached(
            "SELECT c.device, c.epoch, e.seq, e.record FROM streams s JOIN chains c ON c.stream = s.key \
             JOIN ends e ON e.chain = c.key WHERE s.stream = ?1",
        )?;
        let rows = statement.query_map([stream.0.as_bytes()], |row| {
            let chain = ChainId { stream, device: DeviceId(uuid_at(row, 0)?), epoch: row.get(1)? };
            Ok((chain, ChainHead { seq: number_at(row, 2)?, record: digest_at(row, 3)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn chain_records(&self, chain: &ChainId, from: u64, limit: usize) -> Result<Vec<Record>, StorageError> {
        let Some(key) = self.chain_key(chain)? else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare_cached(
            "SELECT n, header, body FROM records WHERE chain = ?1 AND (seq >= ?2 OR branch > 0) ORDER BY n LIMIT ?3",
        )?;
        let rows = statement.query_map(params![key, signed(from), limit as i64], |row| {
            Ok((number_at(row, 0)?, row.get(1)?, row.get(2)?))
        })?;
        let mut records = Vec::new();
        for row in rows {
            let (n, header, body) = row?;
            records.extend(read_record(n, header, body));
        }
        Ok(records)
    }
}
