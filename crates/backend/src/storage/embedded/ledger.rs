//! The sync's half of the backend on a transaction of this adapter.
//!
//! - `port`: what that half asks of it.

mod port;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{
    Body, ChainHead, ChainId, InspectionId, OrganisationCode, PersonId, Record, Role, StreamId, StreamKind,
};
use veldboek_sync::server::{LogEntry, Peer, StreamInfo};

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
