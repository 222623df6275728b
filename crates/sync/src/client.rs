//! The device's half of the records' sync, without sockets, files or clock: what to ask next, and what to do with the
//! answer. The same machine runs in the app and under the simulator.

mod outcome;
mod replica;

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use veldboek_domain::{ChainHead, ChainId, Digest, Record, RecordId, StreamId};

use crate::receipt::Receipt;
use crate::wire::{
    ChainEnd, ComparePreamble, CompareRequest, Gap, MAX_BATCH_BYTES, PROTOCOL, PagePreamble, PullRequest, PushPreamble,
    PushReply, RawRecord, Refused, overall_digest, write_frames,
};

pub use outcome::{Outcome, ReplyError, ReplyFault};
pub use replica::{Outgoing, ReadPhoto, Replica, UnderWay, WaitingPhoto};

/// What the machine asks its driver to do next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send these framed records and give the answer to [`RecordSync::on_pushed`].
    Push(Vec<u8>),
    /// Ask for a page and give it to [`RecordSync::on_pulled`].
    Pull(PullRequest),
    /// Ask for a comparison and give it to [`RecordSync::on_compared`].
    Compare(CompareRequest),
    /// The sync is over.
    Done(Outcome),
}

/// How often a sync compares both sides before it leaves the rest to the next one.
const MAX_ROUNDS: u32 = 8;
/// How often a chain is sent again within one sync.
const MAX_REWINDS: u32 = 3;
/// Below this, a batch is sent as it is.
const SMALLEST_BATCH: usize = 128 * 1024;

/// The device's half of a sync, from the first batch to agreement. Make one per sync; a lost answer needs nothing but a
/// new one, since every request can be repeated.
#[derive(Debug)]
pub struct RecordSync {
    backend_key: VerifyingKey,
    phase: Phase,
    batch: Batch,
    /// The batch that comes next if the one under way is received whole.
    prepared: Option<Batch>,
    /// How far receipts went in this sync.
    receipted: BTreeMap<ChainId, u64>,
    rewinds: BTreeMap<ChainId, u32>,
    /// Nothing that can still be sent would be taken.
    stuck: bool,
    cursor: Option<String>,
    asked: Option<Digest>,
    compared: Option<CompareRequest>,
    rounds: u32,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Pull,
    Compare,
    Done,
}

/// What is under way to the backend.
#[derive(Debug, Default)]
struct Batch {
    /// Where each chain ends in it.
    ends: BTreeMap<ChainId, ChainHead>,
    records: BTreeSet<RecordId>,
    framed: Vec<u8>,
    count: usize,
}

impl Batch {
    fn new(outgoing: Outgoing) -> Self {
        let Outgoing { records, heads, withheld } = outgoing;
        let ends = heads.iter().map(|head| (head.chain, head.head)).collect();
        let ids = records.iter().map(Record::id).chain(withheld.iter().map(|one| one.head.record)).collect();
        let framed = write_frames(&PushPreamble { protocol: PROTOCOL, heads, withheld }, &records);
        Self { ends, records: ids, framed, count: records.len() }
    }

    /// Whether the backend has all of it, so that what was prepared behind it continues its chains.
    fn is_received(&self, reply: &PushReply) -> bool {
        let received = |(chain, end): (&ChainId, &ChainHead)| {
            reply.receipts.iter().any(|receipt| receipt.chain == *chain && receipt.head == *end)
        };
        reply.refused.is_empty() && reply.gaps.is_empty() && reply.forks.is_empty() && self.ends.iter().all(received)
    }
}

impl RecordSync {
    /// Begins a sync with the backend that has this public key.
    pub fn new(backend_key: VerifyingKey) -> Self {
        Self {
            backend_key,
            phase: Phase::Pull,
            batch: Batch::default(),
            prepared: None,
            receipted: BTreeMap::new(),
            rewinds: BTreeMap::new(),
            stuck: false,
            cursor: None,
            asked: None,
            compared: None,
            rounds: 0,
            outcome: Outcome::default(),
        }
    }

    /// What to do next: push while anything waits, pull while there is more, then compare until both sides agree.
    ///
    /// # Errors
    /// The storage's failures.
    pub fn next<R: Replica>(&mut self, replica: &mut R) -> Result<Step, R::Error> {
        if self.phase != Phase::Done
            && !self.stuck
            && let Some(framed) = self.next_batch(replica)?
        {
            return Ok(Step::Push(framed));
        }
        if self.phase == Phase::Compare {
            let request = CompareRequest { streams: replica.ends()? };
            if self.compared.as_ref() != Some(&request) {
                self.compared = Some(request.clone());
                return Ok(Step::Compare(request));
            }
            self.finish(false);
        }
        if self.phase == Phase::Pull {
            self.cursor = replica.cursor()?;
            self.asked = Some(overall_digest(&replica.digests()?));
            return Ok(Step::Pull(PullRequest { cursor: self.cursor.clone(), holds: self.asked, include_own: false }));
        }
        Ok(Step::Done(self.outcome.clone()))
    }

    /// Reads the batch that comes next while one is under way, so that this device and the backend work at the same time.
    /// It is sent only if the one before it is received whole.
    ///
    /// # Errors
    /// The storage's failures.
    pub fn prepare<R: Replica>(&mut self, replica: &mut R) -> Result<(), R::Error> {
        let under_way = self.batch.ends.iter().map(|(chain, end)| (*chain, end.seq)).collect();
        self.prepared = read_batch(replica, &under_way)?;
        Ok(())
    }

    fn next_batch<R: Replica>(&mut self, replica: &mut R) -> Result<Option<Vec<u8>>, R::Error> {
        let batch = match self.prepared.take() {
            Some(batch) => Some(batch),
            None => read_batch(replica, &UnderWay::new())?,
        };
        let Some(mut batch) = batch else { return Ok(None) };
        let framed = std::mem::take(&mut batch.framed);
        self.outcome.pushed += batch.count;
        self.batch = batch;
        Ok(Some(framed))
    }

    /// Takes the answer to a push. Receipts are checked before any of the answer is used.
    ///
    /// # Errors
    /// [`ReplyFault`] for a receipt that does not hold; the storage's failures.
    pub fn on_pushed<R: Replica>(&mut self, replica: &mut R, reply: &PushReply) -> Result<(), ReplyError<R::Error>> {
        let batch = std::mem::take(&mut self.batch);
        let prepared = self.prepared.take().filter(|_| batch.is_received(reply));
        self.check_receipts(replica, &batch, &reply.receipts)?;

        let refused: Vec<Refused> =
            reply.refused.iter().filter(|one| batch.records.contains(&one.record)).cloned().collect();
        if !refused.is_empty() {
            replica.quarantine(&refused).map_err(ReplyError::Replica)?;
        }
        if !reply.receipts.is_empty() {
            replica.acknowledge(&reply.receipts).map_err(ReplyError::Replica)?;
            self.outcome.receipts += reply.receipts.len();
        }
        let mut progress = add_new(&mut self.outcome.refused, refused);
        for receipt in &reply.receipts {
            let before = self.receipted.insert(receipt.chain, receipt.head.seq);
            progress |= before.is_none_or(|before| before < receipt.head.seq);
        }
        let gaps = reply.gaps.iter().filter(|gap| batch.ends.contains_key(&gap.chain)).cloned().collect();
        progress |= self.rewind(replica, gaps)?;
        let forks = reply.forks.iter().filter(|chain| batch.ends.contains_key(*chain)).copied().collect();
        progress |= self.fork(replica, forks)?;

        self.stuck = !progress;
        if progress {
            self.compared = None;
            self.prepared = prepared;
        }
        Ok(())
    }

    fn check_receipts<R: Replica>(
        &self,
        replica: &R,
        batch: &Batch,
        receipts: &[Receipt],
    ) -> Result<(), ReplyError<R::Error>> {
        for receipt in receipts {
            let stream = receipt.chain.stream;
            if !batch.ends.contains_key(&receipt.chain) {
                return Err(ReplyFault::ReceiptForOther(stream).into());
            }
            if !receipt.verify(&self.backend_key) {
                return Err(ReplyFault::ReceiptSignature(stream).into());
            }
            if !replica.holds(&receipt.head.record).map_err(ReplyError::Replica)? {
                return Err(ReplyFault::ReceiptUnknown(receipt.head.record).into());
            }
        }
        Ok(())
    }

    /// Takes a page.
    ///
    /// # Errors
    /// [`ReplyFault::Endless`]; the storage's failures.
    pub fn on_pulled<R: Replica>(
        &mut self,
        replica: &mut R,
        page: PagePreamble,
        records: Vec<RawRecord>,
    ) -> Result<(), ReplyError<R::Error>> {
        let came = records.len();
        if page.more && came == 0 && self.cursor.as_ref() == Some(&page.cursor) {
            return Err(ReplyFault::Endless.into());
        }
        if !page.closed.is_empty() {
            replica.close_streams(&page.closed).map_err(ReplyError::Replica)?;
            self.outcome.closed.clone_from(&page.closed);
        }
        self.receive(replica, records, Some(&page.cursor))?;
        if page.more || came > 0 {
            return Ok(());
        }
        if page.agrees == Some(true) {
            self.finish(true);
        } else {
            self.disagree(replica)?;
        }
        Ok(())
    }

    /// A mismatch may only mean that the device holds something else now than when it asked: then it asks again.
    fn disagree<R: Replica>(&mut self, replica: &R) -> Result<(), ReplyError<R::Error>> {
        let holds = overall_digest(&replica.digests().map_err(ReplyError::Replica)?);
        self.next_round(if self.asked == Some(holds) { Phase::Compare } else { Phase::Pull });
        Ok(())
    }

    /// Takes a comparison: stores what came, and sends again what the backend lacks.
    ///
    /// # Errors
    /// The storage's failures.
    pub fn on_compared<R: Replica>(
        &mut self,
        replica: &mut R,
        compared: ComparePreamble,
        records: Vec<RawRecord>,
    ) -> Result<(), ReplyError<R::Error>> {
        if !compared.closed.is_empty() {
            replica.close_streams(&compared.closed).map_err(ReplyError::Replica)?;
            self.outcome.closed.extend_from_slice(&compared.closed);
        }
        if !compared.withheld.is_empty() {
            replica.withhold(&compared.withheld).map_err(ReplyError::Replica)?;
        }
        self.receive(replica, records, None)?;
        let ends = replica.ends().map_err(ReplyError::Replica)?;
        let Lacking { gaps, forks } = lacking(replica, &compared.differing, &ends).map_err(ReplyError::Replica)?;
        self.fork(replica, forks)?;
        let rewound = self.rewind(replica, gaps)?;
        if compared.more {
            self.phase = Phase::Compare;
        } else if rewound || self.compared.as_ref().is_some_and(|asked| asked.streams != ends) {
            self.next_round(Phase::Pull);
        } else {
            self.finish(false);
        }
        Ok(())
    }

    fn receive<R: Replica>(
        &mut self,
        replica: &mut R,
        records: Vec<RawRecord>,
        cursor: Option<&str>,
    ) -> Result<(), ReplyError<R::Error>> {
        self.outcome.received += records.len();
        let refused = replica.receive(records, cursor).map_err(ReplyError::Replica)?;
        add_new(&mut self.outcome.set_apart, refused);
        Ok(())
    }

    /// Sends chains again; false when none was left that may be.
    fn rewind<R: Replica>(&mut self, replica: &mut R, mut gaps: Vec<Gap>) -> Result<bool, ReplyError<R::Error>> {
        gaps.retain(|gap| {
            let times = self.rewinds.entry(gap.chain).or_default();
            *times += 1;
            *times <= MAX_REWINDS
        });
        if gaps.is_empty() {
            return Ok(false);
        }
        for gap in &gaps {
            self.receipted.remove(&gap.chain);
        }
        replica.rewind(&gaps).map_err(ReplyError::Replica)?;
        self.stuck = false;
        Ok(true)
    }

    /// Tells the storage of branches that were not told before in this sync.
    fn fork<R: Replica>(&mut self, replica: &mut R, mut forks: Vec<ChainId>) -> Result<bool, ReplyError<R::Error>> {
        forks.retain(|chain| !self.outcome.forks.contains(chain));
        if forks.is_empty() {
            return Ok(false);
        }
        replica.fork(&forks).map_err(ReplyError::Replica)?;
        self.outcome.forks.extend(forks);
        Ok(true)
    }

    fn next_round(&mut self, phase: Phase) {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            self.finish(false);
        } else {
            self.phase = phase;
        }
    }

    fn finish(&mut self, agreed: bool) {
        self.phase = Phase::Done;
        self.outcome.agreed = agreed;
    }
}

/// Reads a batch that fits, heads of many short chains included.
fn read_batch<R: Replica>(replica: &mut R, under_way: &UnderWay) -> Result<Option<Batch>, R::Error> {
    let mut limit = MAX_BATCH_BYTES;
    loop {
        let Some(outgoing) = replica.outgoing(limit, under_way)? else { return Ok(None) };
        let batch = Batch::new(outgoing);
        if batch.framed.len() <= MAX_BATCH_BYTES || limit <= SMALLEST_BATCH {
            return Ok(Some(batch));
        }
        limit /= 2;
    }
}

/// What a comparison says of this device's own chains.
#[derive(Debug, Default)]
struct Lacking {
    /// Those of which the backend lacks the end.
    gaps: Vec<Gap>,
    /// Those that have branches.
    forks: Vec<ChainId>,
}

fn lacking<R: Replica>(
    replica: &R,
    differing: &BTreeMap<StreamId, Vec<ChainEnd>>,
    ends: &BTreeMap<StreamId, Vec<ChainEnd>>,
) -> Result<Lacking, R::Error> {
    let device = replica.device();
    let mut lacking = Lacking::default();
    for (stream, theirs) in differing {
        let mut chains: BTreeMap<ChainId, Vec<ChainEnd>> = BTreeMap::new();
        for end in ends.get(stream).into_iter().flatten().filter(|end| end.device == device) {
            let chain = ChainId { stream: *stream, device, epoch: end.epoch };
            chains.entry(chain).or_default().push(*end);
        }
        for (chain, ours) in chains {
            if ours.len() > 1 {
                lacking.forks.push(chain);
            }
            let theirs: Vec<&ChainEnd> =
                theirs.iter().filter(|end| end.device == device && end.epoch == chain.epoch).collect();
            if ours.iter().all(|end| theirs.contains(&end)) {
                continue;
            }
            // Where there are branches a number alone does not say which one is meant, so the chain is sent whole.
            let next = match (&ours[..], &theirs[..]) {
                ([_], [theirs]) if replica.holds(&theirs.record)? => theirs.seq + 1,
                _ => 0,
            };
            lacking.gaps.push(Gap { chain, next });
        }
    }
    Ok(lacking)
}

/// Adds what is not yet named; whether there was any.
fn add_new(named: &mut Vec<Refused>, found: Vec<Refused>) -> bool {
    let before = named.len();
    for one in found {
        if !named.contains(&one) {
            named.push(one);
        }
    }
    named.len() > before
}
