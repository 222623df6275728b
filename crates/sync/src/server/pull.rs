//! What a device receives: pages of the backend's own order, and what a comparison shows that it lacks.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use veldboek_domain::chain::stream_digest;
use veldboek_domain::{ChainHead, ChainId, Digest, Record, RecordId, StreamId};
#[cfg(feature = "planted")]
use veldboek_faults::{Bug, is_planted};

use super::{Bound, Ledger, LogEntry, Peer};
use crate::wire::{
    ChainEnd, ComparePreamble, CompareRequest, MAX_BATCH_BYTES, PagePreamble, PullRequest, framed_size, overall_digest,
};

/// Where a device's reading stands. Opaque to the device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// Everything up to this number was sent.
    n: u64,
    /// Streams granted later that are being sent whole: stream, from, up to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fill: Vec<(StreamId, u64, u64)>,
}

/// Entries read at once from the storage.
const PAGE_ENTRIES: usize = 4096;
/// What is read at once for a page.
const PAGE: Bound = Bound { entries: PAGE_ENTRIES, bytes: MAX_BATCH_BYTES };
/// More records than any chain has.
pub(super) const WHOLE_CHAIN: usize = u32::MAX as usize;

/// Gives the next page for a device: bounded in bytes, in the backend's order, streams granted later whole.
///
/// # Errors
/// The adapter's failures.
pub fn pull<L: Ledger>(
    ledger: &L,
    peer: &Peer,
    request: &PullRequest,
) -> Result<(PagePreamble, Vec<Record>), L::Error> {
    let mut cursor: Cursor =
        request.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let streams = ledger.readable(peer)?;
    let mut page = Page { records: Vec::new(), bytes: 0, peer, include_own: request.include_own };
    cursor.fill.retain(|(stream, ..)| streams.contains_key(stream));
    let mut more = fill(ledger, &mut cursor, &mut page)?;
    if !more {
        more = follow(ledger, &streams, &mut cursor, &mut page)?;
    }
    let mut agrees = None;
    if !more
        && page.records.is_empty()
        && let Some(holds) = request.holds
    {
        agrees = Some(overall(ledger, streams.keys())? == holds);
    }
    let text = serde_json::to_string(&cursor).expect("a cursor serialises");
    Ok((PagePreamble { cursor: text, more, agrees, closed: ledger.revoked(peer, &streams)? }, page.records))
}

struct Page<'a> {
    records: Vec<Record>,
    bytes: usize,
    peer: &'a Peer,
    include_own: bool,
}

impl Page<'_> {
    /// Whether the record went in, or need not; false when the page is full.
    fn add(&mut self, record: Record) -> bool {
        if !self.include_own && record.header().device == self.peer.device {
            return true;
        }
        let size = framed_size(&record);
        if !self.records.is_empty() && self.bytes + size > MAX_BATCH_BYTES {
            return false;
        }
        self.bytes += size;
        self.records.push(record);
        true
    }
}

/// Sends streams that were granted later; true when the page is full.
fn fill<L: Ledger>(ledger: &L, cursor: &mut Cursor, page: &mut Page<'_>) -> Result<bool, L::Error> {
    while let Some((stream, from, upto)) = cursor.fill.first().copied() {
        let part = ledger.stream_records(stream, from, upto, PAGE)?;
        let is_last = part.is_last || part.entries.is_empty();
        for (n, record) in part.entries {
            if !page.add(record) {
                return Ok(true);
            }
            cursor.fill[0].1 = n;
        }
        if is_last {
            cursor.fill.remove(0);
        }
    }
    Ok(false)
}

/// Follows the order from where the device stands; true when more is waiting.
fn follow<L: Ledger>(
    ledger: &L,
    streams: &BTreeMap<StreamId, u64>,
    cursor: &mut Cursor,
    page: &mut Page<'_>,
) -> Result<bool, L::Error> {
    loop {
        let part = ledger.log_after(page.peer, streams, cursor.n, PAGE)?;
        let is_last = part.is_last || part.entries.is_empty();
        for entry in part.entries {
            let n = entry.n();
            match entry {
                LogEntry::Record { record, .. } => {
                    let granted = streams.get(&record.header().stream).copied().unwrap_or(u64::MAX);
                    if n > granted && !page.add(*record) {
                        #[cfg(feature = "planted")]
                        if is_planted(Bug::CursorSkipsARecord) {
                            cursor.n = n;
                        }
                        return Ok(true);
                    }
                }
                #[cfg(feature = "planted")]
                LogEntry::Granted { .. } if is_planted(Bug::LateStreamNotWhole) => {}
                LogEntry::Granted { stream, .. } => cursor.fill.push((stream, 0, n)),
            }
            cursor.n = n;
        }
        if is_last {
            return fill(ledger, cursor, page);
        }
    }
}

/// Compares how far both sides are, and sends what the device lacks.
///
/// # Errors
/// The adapter's failures.
pub fn compare<L: Ledger>(
    ledger: &L,
    peer: &Peer,
    request: &CompareRequest,
) -> Result<(ComparePreamble, Vec<Record>), L::Error> {
    let mut preamble = ComparePreamble::default();
    let mut page = Page { records: Vec::new(), bytes: 0, peer, include_own: true };
    let readable = ledger.readable(peer)?;
    for stream in request.streams.keys().filter(|stream| !readable.contains_key(*stream)) {
        // One that is not known here may be on its way.
        if ledger.stream(*stream)?.is_some() {
            preamble.closed.push(*stream);
        }
    }
    for stream in readable.into_keys() {
        let ours = ledger.ends(stream)?;
        let theirs = request.streams.get(&stream).cloned().unwrap_or_default();
        let mut ours_sorted: Vec<ChainEnd> = ours.iter().map(|(chain, head)| chain_end(chain, head)).collect();
        ours_sorted.sort_unstable();
        let mut theirs_sorted = theirs.clone();
        theirs_sorted.sort_unstable();
        if ours_sorted == theirs_sorted {
            continue;
        }
        preamble.differing.insert(stream, ours_sorted);
        preamble.withheld.extend(ledger.withheld(stream)?);
        let mut chains: BTreeMap<ChainId, Vec<ChainHead>> = BTreeMap::new();
        for (chain, head) in ours {
            chains.entry(chain).or_default().push(head);
        }
        for (chain, heads) in chains {
            let known: Vec<ChainEnd> =
                theirs.iter().filter(|end| (end.device, end.epoch) == (chain.device, chain.epoch)).copied().collect();
            if heads.iter().all(|head| known.iter().any(|end| end.record == head.record)) {
                continue;
            }
            let records = missing(ledger, &chain, &heads, &known)?;
            preamble.more |= records.len() == PAGE_ENTRIES;
            for record in records {
                if !page.add(record) {
                    preamble.more = true;
                    return Ok((preamble, page.records));
                }
            }
        }
    }
    Ok((preamble, page.records))
}

/// What a device lacks of a chain, in order. A chain without branches costs only what is missing; one with branches is
/// read whole, since a number alone does not say on which branch it stands.
fn missing<L: Ledger>(
    ledger: &L,
    chain: &ChainId,
    ours: &[ChainHead],
    theirs: &[ChainEnd],
) -> Result<Vec<Record>, L::Error> {
    if let ([ours], [theirs]) = (ours, theirs) {
        if ledger.holds(&theirs.record)? {
            return ledger.chain_records(chain, theirs.seq + 1, PAGE_ENTRIES);
        }
        // The device is further than the backend: its writer sends what is missing here.
        if theirs.seq > ours.seq {
            return Ok(Vec::new());
        }
    }
    let all = ledger.chain_records(chain, 0, WHOLE_CHAIN)?;
    let parents: HashMap<RecordId, Option<RecordId>> =
        all.iter().map(|record| (record.id(), record.header().prev)).collect();
    let mut known = HashSet::new();
    for end in theirs {
        let mut at = Some(end.record);
        while let Some(record) = at.filter(|record| known.insert(*record)) {
            at = parents.get(&record).copied().flatten();
        }
    }
    Ok(all.into_iter().filter(|record| !known.contains(&record.id())).collect())
}

fn chain_end(chain: &ChainId, head: &ChainHead) -> ChainEnd {
    ChainEnd { device: chain.device, epoch: chain.epoch, seq: head.seq, record: head.record }
}

fn overall<'a, L: Ledger>(ledger: &L, streams: impl Iterator<Item = &'a StreamId>) -> Result<Digest, L::Error> {
    let mut digests = BTreeMap::new();
    for stream in streams {
        let ends = ledger.ends(*stream)?;
        if !ends.is_empty() {
            digests.insert(*stream, stream_digest(ends));
        }
    }
    Ok(overall_digest(&digests))
}
