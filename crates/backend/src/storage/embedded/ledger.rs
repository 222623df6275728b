//! The sync's half of the backend on a transaction of this adapter.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, params};
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{
    Body, ChainHead, ChainId, DeviceId, InspectionId, OrganisationCode, PersonCard, PersonId, Record, RecordId, Role,
    StreamId, StreamKind,
};
use veldboek_sync::Ledger;
use veldboek_sync::server::{Bound, EnrolledDevice, LogEntry, Part, Peer, StreamInfo};
use veldboek_sync::wire::Withheld;

use super::list::Folded;
use super::{digest_at, number_at, signed, uuid_at};
use crate::storage::{News, StorageError, role_named, role_word};

/// A transaction, with what it looked up already.
pub(super) struct LedgerTx<'c> {
    connection: &'c Connection,
    /// When it began, in milliseconds since 1970: the moment at which its records arrive.
    now: i64,
    next: u64,
    streams: RefCell<HashMap<StreamId, (i64, StreamInfo)>>,
    chains: RefCell<HashMap<ChainId, ChainRow>>,
    news: News,
    folded: Option<&'c mut Folded>,
}

/// A chain with the ends of its branches.
#[derive(Clone, Debug)]
struct ChainRow {
    key: i64,
    ends: Vec<ChainHead>,
    changed: bool,
}

impl ChainRow {
    /// Which branch a record continues: the first whose end it names, or a new one.
    fn branch_of(&self, record: &Record, forked: bool) -> usize {
        if !forked {
            return 0;
        }
        let prev = record.header().prev;
        (1..self.ends.len()).find(|branch| Some(self.ends[*branch].record) == prev).unwrap_or(self.ends.len().max(1))
    }

    fn set_end(&mut self, branch: usize, head: ChainHead) {
        self.changed = true;
        match self.ends.get_mut(branch) {
            Some(end) => *end = head,
            None => self.ends.push(head),
        }
    }
}

impl<'c> LedgerTx<'c> {
    /// For reading only.
    pub(super) fn reading(connection: &'c Connection) -> Self {
        Self {
            connection,
            now: 0,
            next: 0,
            streams: RefCell::default(),
            chains: RefCell::default(),
            news: News::default(),
            folded: None,
        }
    }

    /// For writing: the caller finishes and commits.
    pub(super) fn writing(connection: &'c Connection, folded: &'c mut Folded, now: i64) -> Result<Self, StorageError> {
        let last: i64 = connection
            .prepare_cached(
                "SELECT max(coalesce((SELECT max(n) FROM records), 0), coalesce((SELECT max(n) FROM grants), 0))",
            )?
            .query_row([], |row| row.get(0))?;
        Ok(Self { now, next: last.cast_unsigned() + 1, folded: Some(folded), ..Self::reading(connection) })
    }

    /// Writes what was gathered: chains' ends and the list's rows.
    pub(super) fn finish(mut self) -> Result<News, StorageError> {
        self.write_ends()?;
        if let Some(folded) = self.folded.take() {
            folded.write_rows(self.connection, self.now)?;
        }
        Ok(self.news)
    }

    /// Writes the ends that moved; they are kept in memory as long as nobody asks for them by stream.
    fn write_ends(&self) -> Result<(), StorageError> {
        for row in self.chains.borrow_mut().values_mut().filter(|row| row.changed) {
            for (branch, head) in row.ends.iter().enumerate() {
                self.connection
                    .prepare_cached("INSERT OR REPLACE INTO ends (chain, branch, seq, record) VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![row.key, branch as i64, signed(head.seq), head.record.0])?;
            }
            row.changed = false;
        }
        Ok(())
    }

    /// Registers a stream without making anybody a member.
    pub(super) fn register_stream(&mut self, stream: StreamId, info: &StreamInfo) -> Result<(), StorageError> {
        self.connection
            .prepare_cached("INSERT INTO streams (stream, inspection, kind, organisation) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                stream.0.as_bytes(),
                info.inspection.0.as_bytes(),
                info.kind.word(),
                info.kind.organisation().map(|code| &code.0)
            ])?;
        let key = self.connection.last_insert_rowid();
        self.streams.get_mut().insert(stream, (key, info.clone()));
        Ok(())
    }

    /// The key and description of a stream.
    pub(super) fn stream_row(&self, stream: StreamId) -> Result<Option<(i64, StreamInfo)>, StorageError> {
        if let Some(found) = self.streams.borrow().get(&stream) {
            return Ok(Some(found.clone()));
        }
        let found = self
            .connection
            .prepare_cached("SELECT key, inspection, kind, organisation FROM streams WHERE stream = ?1")?
            .query_row([stream.0.as_bytes()], |row| {
                Ok((row.get(0)?, uuid_at(row, 1)?, row.get::<_, String>(2)?, row.get::<_, Option<String>>(3)?))
            })
            .optional()?;
        let Some((key, inspection, word, organisation)) = found else { return Ok(None) };
        let info = StreamInfo { inspection: InspectionId(inspection), kind: stream_kind(&word, organisation)? };
        self.streams.borrow_mut().insert(stream, (key, info.clone()));
        Ok(Some((key, info)))
    }

    /// Runs `work` on a chain's row; `make` says whether to make it.
    fn with_chain<T>(
        &self,
        chain: &ChainId,
        make: bool,
        work: impl FnOnce(&mut ChainRow) -> T,
    ) -> Result<Option<T>, StorageError> {
        if let Some(row) = self.chains.borrow_mut().get_mut(chain) {
            return Ok(Some(work(row)));
        }
        let Some((stream, _)) = self.stream_row(chain.stream)? else { return Ok(None) };
        let device = chain.device.0;
        let key: Option<i64> = self
            .connection
            .prepare_cached("SELECT key FROM chains WHERE stream = ?1 AND device = ?2 AND epoch = ?3")?
            .query_row(params![stream, device.as_bytes(), chain.epoch], |row| row.get(0))
            .optional()?;
        let mut row = match key {
            Some(key) => ChainRow { key, ends: ends_of(self.connection, key)?, changed: false },
            None if make => {
                self.connection
                    .prepare_cached("INSERT INTO chains (stream, device, epoch) VALUES (?1, ?2, ?3)")?
                    .execute(params![stream, device.as_bytes(), chain.epoch])?;
                ChainRow { key: self.connection.last_insert_rowid(), ends: Vec::new(), changed: false }
            }
            None => return Ok(None),
        };
        let result = work(&mut row);
        self.chains.borrow_mut().insert(*chain, row);
        Ok(Some(result))
    }

    /// The key of a chain that exists.
    pub(super) fn chain_key(&self, chain: &ChainId) -> Result<Option<i64>, StorageError> {
        self.with_chain(chain, false, |row| row.key)
    }

    fn take_number(&mut self) -> u64 {
        let n = self.next;
        self.next += 1;
        n
    }

    /// Lets a person read a stream from the next number on, unless they may already.
    fn grant(&mut self, person: PersonId, stream: i64) -> Result<(), StorageError> {
        let held: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM grants WHERE person = ?1 AND stream = ?2 AND NOT revoked)")?
            .query_row(params![person.0.as_bytes(), stream], |row| row.get(0))?;
        if held {
            return Ok(());
        }
        let n = self.take_number();
        self.connection
            .prepare_cached("INSERT INTO grants (n, person, stream) VALUES (?1, ?2, ?3)")?
            .execute(params![signed(n), person.0.as_bytes(), stream])?;
        self.news.people.push(person);
        Ok(())
    }

    /// Grants a new stream to everybody in the controle who may use it.
    fn grant_to_members(&mut self, stream: StreamId) -> Result<(), StorageError> {
        let Some((key, info)) = self.stream_row(stream)? else { return Ok(()) };
        for (person, organisation, role) in self.members(info.inspection)? {
            if may_use_stream(&info.kind, role, &organisation, true) {
                self.grant(person, key)?;
            }
        }
        Ok(())
    }

    fn members(&self, inspection: InspectionId) -> Result<Vec<(PersonId, OrganisationCode, Role)>, StorageError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT person, organisation, role FROM members WHERE inspection = ?1 AND active")?;
        let rows = statement.query_map([inspection.0.as_bytes()], |row| {
            Ok((PersonId(uuid_at(row, 0)?), OrganisationCode(row.get(1)?), row.get::<_, String>(2)?))
        })?;
        rows.map(|row| {
            let (person, organisation, role) = row?;
            Ok((person, organisation, role_named(&role).ok_or(StorageError::Unreadable("a role"))?))
        })
        .collect()
    }

    fn put_member(
        &mut self,
        inspection: InspectionId,
        person: PersonId,
        organisation: &OrganisationCode,
        role: Role,
    ) -> Result<(), StorageError> {
        // What the backend knows of a person counts above what a record says of them: a card can't raise anybody's rights.
        let known = self
            .connection
            .prepare_cached("SELECT organisation, role FROM people WHERE person = ?1")?
            .query_row([person.0.as_bytes()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        let (organisation, role) = match known {
            Some((code, word)) => {
                (OrganisationCode(code), role_named(&word).ok_or(StorageError::Unreadable("a role"))?)
            }
            None => (organisation.clone(), role),
        };
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO members (inspection, person, organisation, role, active) VALUES (?1, ?2, ?3, ?4, 1)",
            )?
            .execute(params![inspection.0.as_bytes(), person.0.as_bytes(), organisation.0, role_word(role)])?;
        for (stream, kind) in self.streams_of(inspection)? {
            if may_use_stream(&kind, role, &organisation, true) {
                self.grant(person, stream)?;
            }
        }
        Ok(())
    }

    fn streams_of(&self, inspection: InspectionId) -> Result<Vec<(i64, StreamKind)>, StorageError> {
        let mut statement =
            self.connection.prepare_cached("SELECT key, kind, organisation FROM streams WHERE inspection = ?1")?;
        let rows = statement.query_map([inspection.0.as_bytes()], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        rows.map(|row| {
            let (key, word, organisation) = row?;
            Ok((key, stream_kind(&word, organisation)?))
        })
        .collect()
    }

    fn note_news(&mut self, stream: StreamId, kind: &StreamKind, n: u64) {
        match self.news.streams.iter_mut().find(|(known, ..)| *known == stream) {
            Some((_, _, last)) => *last = n,
            None => self.news.streams.push((stream, kind.clone(), n)),
        }
    }

    /// The numbers of records of these streams behind `after`, at most `limit` of each.
    fn numbers_after(
        &self,
        streams: &BTreeMap<StreamId, u64>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Option<StreamId>)>, StorageError> {
        let mut numbers = Vec::new();
        let newest: Option<i64> =
            self.connection.prepare_cached("SELECT max(n) FROM records")?.query_row([], |row| row.get(0))?;
        if newest.is_none_or(|newest| newest <= signed(after)) {
            return Ok(numbers);
        }
        // One more than the limit, so that the end of the order is seen as such.
        let sql = "SELECT n FROM records WHERE stream = ?1 AND n > ?2 ORDER BY n LIMIT ?3";
        let mut of_stream = self.connection.prepare_cached(sql)?;
        for stream in streams.keys() {
            let Some((key, _)) = self.stream_row(*stream)? else { continue };
            let rows = of_stream.query_map(params![key, signed(after), limit as i64 + 1], |row| number_at(row, 0))?;
            for n in rows {
                numbers.push((n?, None));
            }
        }
        Ok(numbers)
    }

    fn grants_after(
        &self,
        peer: &Peer,
        streams: &BTreeMap<StreamId, u64>,
        after: u64,
    ) -> Result<Vec<(u64, Option<StreamId>)>, StorageError> {
        let mut grants = self.connection.prepare_cached(
            "SELECT g.n, s.stream FROM grants g JOIN streams s ON s.key = g.stream \
             WHERE g.person = ?1 AND g.n > ?2 AND NOT g.revoked",
        )?;
        let granted = grants.query_map(params![peer.person.0.as_bytes(), signed(after)], |row| {
            Ok((number_at(row, 0)?, StreamId(uuid_at(row, 1)?)))
        })?;
        let readable = granted.filter(|row| !matches!(row, Ok((_, stream)) if !streams.contains_key(stream)));
        Ok(readable.map(|row| row.map(|(n, stream)| (n, Some(stream)))).collect::<Result<_, _>>()?)
    }

    fn note_photo(&self, stream: i64, record: &Record) -> Result<(), StorageError> {
        let names_photo = record.body_bytes().is_some_and(|body| contains(body, b"photo_sealed"));
        if names_photo && let Some(Body::PhotoSealed { item, sealed }) = record.body() {
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO photo_links (sha256, stream, item) VALUES (?1, ?2, ?3)")?
                .execute(params![sealed.sha256.0, stream, item.0.as_bytes()])?;
        }
        Ok(())
    }
}

/// Whether `needle` occurs: most bodies name no photo, and this is much cheaper than reading them.
pub(super) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

pub(super) fn stream_kind(word: &str, organisation: Option<String>) -> Result<StreamKind, StorageError> {
    match (word, organisation.map(OrganisationCode)) {
        ("team", _) => Ok(StreamKind::Team),
        ("partner", Some(organisation)) => Ok(StreamKind::Partner { organisation }),
        ("wpg", Some(organisation)) => Ok(StreamKind::Wpg { organisation }),
        _ => Err(StorageError::Unreadable("a stream's kind")),
    }
}

fn ends_of(connection: &Connection, chain: i64) -> Result<Vec<ChainHead>, StorageError> {
    let mut statement = connection.prepare_cached("SELECT seq, record FROM ends WHERE chain = ?1 ORDER BY branch")?;
    let ends =
        statement.query_map([chain], |row| Ok(ChainHead { seq: number_at(row, 0)?, record: digest_at(row, 1)? }))?;
    Ok(ends.collect::<Result<_, _>>()?)
}

/// Reads a record back. One that rotted is named in the log and passed over; the others go on.
pub(super) fn read_record(n: u64, header: Vec<u8>, body: Option<Vec<u8>>) -> Option<Record> {
    match Record::from_bytes(header, body) {
        Ok(record) => Some(record),
        Err(error) => {
            tracing::error!(n, %error, "a stored record does not hold together and is set apart");
            None
        }
    }
}

fn entry_of(n: u64, header: Vec<u8>, body: Option<Vec<u8>>) -> Option<LogEntry> {
    read_record(n, header, body).map(|record| LogEntry::Record { n, record: Box::new(record) })
}

fn size_of(entry: &LogEntry) -> usize {
    match entry {
        LogEntry::Record { record, .. } => record.size(),
        LogEntry::Granted { .. } => 0,
    }
}

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
