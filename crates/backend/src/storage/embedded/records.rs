//! Records: taken in one transaction, given in pages, and seen at the desk.

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, params};
use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{
    Author, Body, ChainHead, ChainId, ChainWriter, DeviceId, InspectionId, Record, RecordId, SignedHead, Stamp,
    StreamId,
};
use veldboek_sync::server::{self, Peer, StreamInfo};
use veldboek_sync::wire::{
    ComparePreamble, CompareRequest, PagePreamble, PullRequest, PushPreamble, PushReply, RawRecord,
};
use veldboek_sync::{Ledger, Receipt};

use super::ledger::{LedgerTx, read_record};
use super::{Embedded, Writer, commit, digest_at, number_at, signed, uuid_at};
use crate::problem::Problem;
use crate::storage::{
    Decide, Held, ListFilter, ListRow, News, OwnDevice, Planned, RecordStorage, Seen, SeenHead, StorageError,
};

impl Embedded {
    /// Runs `work` on the ledger in one transaction; nothing is kept when it fails.
    pub(super) fn with_ledger<T>(
        &self,
        now: i64,
        work: impl FnOnce(&Connection, &mut LedgerTx<'_>) -> Result<T, StorageError>,
    ) -> Result<(T, News), StorageError> {
        let mut writer = self.writer();
        let Writer { connection, folded } = &mut *writer;
        let result = (|| {
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let mut ledger = LedgerTx::writing(&transaction, folded, now)?;
            let result = work(&transaction, &mut ledger)?;
            let news = ledger.finish()?;
            commit(transaction)?;
            Ok((result, news))
        })();
        if result.is_err() {
            folded.forget();
        }
        result
    }
}

impl RecordStorage for Embedded {
    fn push(
        &self,
        peer: &Peer,
        preamble: &PushPreamble,
        batch: Vec<RawRecord>,
        at: DateTime<FixedOffset>,
        key: &SigningKey,
    ) -> Result<(PushReply, News), StorageError> {
        #[cfg(feature = "planted")]
        if veldboek_faults::is_planted(veldboek_faults::Bug::ReceiptBeforeCommit) {
            return self.push_on_credit(peer, preamble, batch, at, key);
        }
        self.with_ledger(at.timestamp_millis(), |connection, ledger| {
            take_batch(connection, ledger, peer, preamble, batch, at, key)
        })
    }

    fn unchanged(&self, peer: &Peer, request: &PullRequest) -> Option<PagePreamble> {
        self.quiet.answer(peer, request)
    }

    fn pull(&self, peer: &Peer, request: &PullRequest) -> Result<(PagePreamble, Vec<Record>), StorageError> {
        let writes = self.quiet.writes();
        let (page, records) = self.read(|connection| server::pull(&LedgerTx::reading(connection), peer, request))?;
        if records.is_empty() {
            self.quiet.keep(writes, peer, request, &page);
        }
        Ok((page, records))
    }

    fn compare(&self, peer: &Peer, request: &CompareRequest) -> Result<(ComparePreamble, Vec<Record>), StorageError> {
        self.read(|connection| server::compare(&LedgerTx::reading(connection), peer, request))
    }

    fn readable(&self, peer: &Peer) -> Result<Vec<StreamId>, StorageError> {
        self.read(|connection| Ok(LedgerTx::reading(connection).readable(peer)?.into_keys().collect()))
    }

    fn may_read(&self, peer: &Peer, stream: StreamId) -> Result<bool, StorageError> {
        self.read(|connection| may_read(connection, peer, stream))
    }

    fn team_stream(&self, inspection: InspectionId) -> Result<Option<StreamId>, StorageError> {
        self.read(|connection| {
            let sql = "SELECT stream FROM streams WHERE inspection = ?1 AND kind = 'team'";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row([inspection.0.as_bytes()], |row| row.get::<_, [u8; 16]>(0)).optional()?;
            Ok(found.map(|bytes| StreamId(uuid::Uuid::from_bytes(bytes))))
        })
    }

    fn next_number(&self, prefix: &str) -> Result<u64, StorageError> {
        self.transact(|connection| {
            Ok(connection
                .prepare_cached(
                    "INSERT INTO numbers (prefix, last) VALUES (?1, 1) \
                     ON CONFLICT (prefix) DO UPDATE SET last = last + 1 RETURNING last",
                )?
                .query_row([prefix], |row| number_at(row, 0))?)
        })
    }

    fn plan(&self, own: &OwnDevice, author: &Author, stamp: Stamp, planned: &Planned) -> Result<News, StorageError> {
        let now = stamp.at.timestamp_millis();
        let (_, news) = self.with_ledger(now, |connection, ledger| {
            let info = StreamInfo { inspection: planned.inspection, kind: veldboek_domain::StreamKind::Team };
            ledger.register_stream(planned.stream, &info)?;
            let bodies = planned.bodies.iter().map(|body| (body.clone(), Vec::new())).collect();
            write_own(connection, ledger, own, planned.stream, author, stamp, bodies)
        })?;
        Ok(news)
    }

    fn write(
        &self,
        own: &OwnDevice,
        author: &Author,
        stamp: Stamp,
        inspection: InspectionId,
        decide: Box<Decide<'_, Problem>>,
    ) -> Result<Option<Result<News, Problem>>, StorageError> {
        let mut writer = self.writer();
        let Writer { connection, folded } = &mut *writer;
        let result = (|| {
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let Some(state) = folded.get(&transaction, inspection)? else { return Ok(None) };
            let Some(stream) = state.team_stream() else { return Ok(None) };
            let bodies = match decide(state) {
                Ok(bodies) => bodies,
                Err(refused) => return Ok(Some(Err(refused))),
            };
            let mut ledger = LedgerTx::writing(&transaction, folded, stamp.at.timestamp_millis())?;
            write_own(&transaction, &mut ledger, own, stream, author, stamp, bodies)?;
            let news = ledger.finish()?;
            commit(transaction)?;
            Ok(Some(Ok(news)))
        })();
        if result.is_err() {
            folded.forget();
        }
        result
    }

    fn seen(&self, peer: &Peer, inspection: InspectionId) -> Result<Option<Seen>, StorageError> {
        self.read(|connection| {
            let mut streams = connection.prepare_cached("SELECT stream, key FROM streams WHERE inspection = ?1")?;
            let streams: Vec<(StreamId, i64)> = streams
                .query_map([inspection.0.as_bytes()], |row| Ok((StreamId(uuid_at(row, 0)?), row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut seen = Seen::default();
            let mut readable = false;
            for (stream, key) in streams {
                if may_read(connection, peer, stream)? {
                    readable = true;
                    add_stream(connection, stream, key, &mut seen)?;
                }
            }
            seen.records.sort_by_key(|held| held.n);
            seen.receipts.sort_by_key(|receipt| receipt.head.seq);
            Ok(readable.then_some(seen))
        })
    }

    fn list(&self, filter: &ListFilter) -> Result<(Vec<ListRow>, u64), StorageError> {
        self.list_page(filter)
    }

    fn rebuild_list(&self) -> Result<(), StorageError> {
        self.fold_all_again()
    }
}

/// Takes a batch and keeps what was said of it; the caller commits.
pub(super) fn take_batch(
    connection: &Connection,
    ledger: &mut LedgerTx<'_>,
    peer: &Peer,
    preamble: &PushPreamble,
    batch: Vec<RawRecord>,
    at: DateTime<FixedOffset>,
    key: &SigningKey,
) -> Result<PushReply, StorageError> {
    let reply = server::push(ledger, peer, preamble, batch, at, key)?;
    for receipt in &reply.receipts {
        let signed = preamble.heads.iter().find(|head| head.chain == receipt.chain && head.head == receipt.head);
        keep_receipt(connection, ledger, receipt, signed)?;
    }
    Ok(reply)
}

/// Whether somebody may read a stream: asked for one stream, so that it does not cost all of them.
pub(super) fn may_read(connection: &Connection, peer: &Peer, stream: StreamId) -> Result<bool, StorageError> {
    let ledger = LedgerTx::reading(connection);
    let Some((key, info)) = ledger.stream_row(stream)? else { return Ok(false) };
    let granted: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM grants WHERE person = ?1 AND stream = ?2 AND NOT revoked)")?
        .query_row(params![peer.person.0.as_bytes(), key], |row| row.get(0))?;
    Ok(may_use_stream(&info.kind, peer.role, &peer.organisation, granted))
}

fn keep_receipt(
    connection: &Connection,
    ledger: &LedgerTx<'_>,
    receipt: &Receipt,
    head: Option<&SignedHead>,
) -> Result<(), StorageError> {
    let Some(key) = ledger.chain_key(&receipt.chain)? else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO receipts (chain, seq, record, at, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            key,
            signed(receipt.head.seq),
            receipt.head.record.0,
            receipt.at.to_rfc3339(),
            receipt.signature
        ])?;
    if let Some(head) = head {
        keep_head(connection, key, head)?;
    }
    Ok(())
}

fn keep_head(connection: &Connection, chain: i64, head: &SignedHead) -> Result<(), StorageError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO signed_heads (chain, seq, record, signature) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![chain, signed(head.head.seq), head.head.record.0, head.signature])?;
    Ok(())
}

/// Writes records as the backend's own device, and signs where its chain ends.
fn write_own(
    connection: &Connection,
    ledger: &mut LedgerTx<'_>,
    own: &OwnDevice,
    stream: StreamId,
    author: &Author,
    stamp: Stamp,
    bodies: Vec<(Body, Vec<RecordId>)>,
) -> Result<(), StorageError> {
    let chain = ChainId { stream, device: own.device, epoch: 0 };
    let mut writer = ChainWriter::new(chain, ledger.head(&chain)?);
    for (body, supersedes) in bodies {
        let record =
            writer.write(&body, author, stamp, supersedes).map_err(|error| StorageError::Failed(Box::new(error)))?;
        ledger.append(&record, false)?;
        if let (Body::MemberAdded { member }, Some(info)) = (&body, ledger.stream(stream)?) {
            ledger.add_member(info.inspection, member)?;
        }
    }
    if let (Some(head), Some(key)) = (writer.head(), ledger.chain_key(&chain)?) {
        keep_head(connection, key, &SignedHead::sign(chain, head, &own.key))?;
    }
    Ok(())
}

fn add_stream(connection: &Connection, stream: StreamId, key: i64, seen: &mut Seen) -> Result<(), StorageError> {
    let mut records =
        connection.prepare_cached("SELECT n, received_at, header, body FROM records WHERE stream = ?1 ORDER BY n")?;
    let rows =
        records.query_map([key], |row| Ok((number_at(row, 0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?)))?;
    for row in rows {
        let (n, received_at, header, body) = row?;
        seen.records.extend(read_record(n, header, body).map(|record| Held { n, record, received_at }));
    }
    let chain_at = |row: &rusqlite::Row<'_>| -> rusqlite::Result<ChainId> {
        Ok(ChainId { stream, device: DeviceId(uuid_at(row, 0)?), epoch: row.get(1)? })
    };
    let mut receipts = connection.prepare_cached(
        "SELECT c.device, c.epoch, r.seq, r.record, r.at, r.signature FROM chains c JOIN receipts r ON r.chain = c.key \
         WHERE c.stream = ?1",
    )?;
    let rows = receipts.query_map([key], |row| {
        let head = ChainHead { seq: number_at(row, 2)?, record: digest_at(row, 3)? };
        Ok((chain_at(row)?, head, row.get::<_, String>(4)?, row.get::<_, String>(5)?))
    })?;
    for row in rows {
        let (chain, head, at, signature) = row?;
        let at = DateTime::parse_from_rfc3339(&at).map_err(|_| StorageError::Unreadable("a receipt's moment"))?;
        seen.receipts.push(Receipt { chain, head, at, signature });
    }
    let mut heads = connection.prepare_cached(
        "SELECT c.device, c.epoch, h.seq, h.record, h.signature, d.public_key, d.name FROM chains c \
         JOIN signed_heads h ON h.chain = c.key LEFT JOIN devices d ON d.device = c.device WHERE c.stream = ?1",
    )?;
    let rows = heads.query_map([key], |row| {
        let chain = chain_at(row)?;
        let name: Option<String> = row.get(6)?;
        let public_key = row.get::<_, Option<Vec<u8>>>(5)?.map(hex::encode).unwrap_or_default();
        let head =
            SeenHead { chain, seq: number_at(row, 2)?, record: digest_at(row, 3)?, signature: row.get(4)?, public_key };
        Ok((head, name))
    })?;
    for row in rows {
        let (head, name) = row?;
        let device = head.chain.device;
        if let Some(name) = name
            && seen.devices.iter().all(|(known, _)| *known != device)
        {
            seen.devices.push((device, name));
        }
        seen.heads.push(head);
    }
    Ok(())
}
