//! What the device's storage offers to its half of the sync.

use std::collections::BTreeMap;

use veldboek_domain::{ChainId, DeviceId, Digest, Record, RecordId, SignedHead, StreamId};

use crate::receipt::{PhotoReceipt, Receipt};
use crate::wire::{ChainEnd, Gap, RawRecord, Refused, Withheld};

/// What is to be sent: records in chain order with their signed heads, within [`crate::wire::MAX_BATCH_BYTES`].
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// The records.
    pub records: Vec<Record>,
    /// One signed head per chain in the batch: the last of its records (or withheld ones) here.
    pub heads: Vec<SignedHead>,
    /// Own records that will not come: rotten on disk, or refused before.
    pub withheld: Vec<Withheld>,
}

/// How far each chain is under way to the backend, with no receipt yet.
pub type UnderWay = BTreeMap<ChainId, u64>;

/// A photo that waits for its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingPhoto {
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
    /// The stream of the record that names it.
    pub stream: StreamId,
}

/// Reads an original and decrypts it. That takes a while, and neither the storage nor the line waits for it: it is run on a
/// thread of its own.
pub type ReadPhoto<E> = Box<dyn FnOnce() -> Result<Vec<u8>, E> + Send>;

/// What the device's storage offers to this half. Each call is one transaction.
pub trait Replica {
    /// The storage's own failure.
    type Error;

    /// This device: whose chains it writes.
    fn device(&self) -> DeviceId;
    /// Whether a failure means that stored bytes are no longer what was written, so that this one thing is set apart
    /// and the others go on. Any other failure ends the sync.
    fn is_rotten(error: &Self::Error) -> bool;

    /// The next batch of records without a receipt, at most `max_bytes` as framed; none when nothing waits. They are this
    /// device's own, and those of others that it got by a hand-over, with heads that the others signed; the latter go first. What
    /// is `under_way`, chains up to these numbers, is passed over. Records of streams that never leave the device are never in
    /// it, and of each chain at most one branch.
    fn outgoing(&mut self, max_bytes: usize, under_way: &UnderWay) -> Result<Option<Outgoing>, Self::Error>;
    /// Keeps receipts: the records that they cover need not be sent again.
    fn acknowledge(&mut self, receipts: &[Receipt]) -> Result<(), Self::Error>;
    /// Sets records apart that the backend refused. One that is refused for its bytes or its place in the chain is
    /// named as withheld in the next batch (unless a receipt covers it), so that its chain goes on. One that is refused
    /// for its right, its signature or its stream stops its chain until a person offers it again: it and what is behind it
    /// are not in [`Replica::outgoing`], [`Replica::digests`] or [`Replica::ends`].
    fn quarantine(&mut self, refused: &[Refused]) -> Result<(), Self::Error>;
    /// Sends these chains again from an earlier number: the backend has less than its receipts said.
    fn rewind(&mut self, gaps: &[Gap]) -> Result<(), Self::Error>;
    /// Begins a new epoch for these chains: the device was restored from a backup. Those of an earlier epoch than the
    /// present one, and those that were told before, change nothing.
    fn fork(&mut self, chains: &[ChainId]) -> Result<(), Self::Error>;

    /// Where the last page ended; none at first.
    fn cursor(&self) -> Result<Option<String>, Self::Error>;
    /// Stores records that came, and the cursor, in one transaction. Records that do not hold are returned, each
    /// with the reason; the others are stored. Known ones change nothing but this: what comes is at the backend, so it is set
    /// apart no more, and its stream may be read again.
    fn receive(&mut self, records: Vec<RawRecord>, cursor: Option<&str>) -> Result<Vec<Refused>, Self::Error>;
    /// Notes records that will never come: where a chain goes on over one, that is no loss. Known ones change nothing.
    fn withhold(&mut self, withheld: &[Withheld]) -> Result<(), Self::Error>;
    /// The person may no longer read these streams: nothing new comes, and the screen says so. They no longer count for
    /// [`Replica::digests`] and [`Replica::ends`], until records of them come again. Comes with every page; streams that are
    /// not held change nothing.
    fn close_streams(&mut self, streams: &[StreamId]) -> Result<(), Self::Error>;
    /// The digest ([`veldboek_domain::chain::stream_digest`]) of every stream that may leave this device and of which
    /// something is held, over the same ends as [`Replica::ends`].
    fn digests(&self) -> Result<BTreeMap<StreamId, Digest>, Self::Error>;
    /// How far every chain of every stream is held that may leave this device: per branch the last record without a gap
    /// before it. A withheld record counts as one that is there.
    fn ends(&self) -> Result<BTreeMap<StreamId, Vec<ChainEnd>>, Self::Error>;

    /// Photos of this device whose small version the backend does not have yet, oldest first.
    fn previews_waiting(&self) -> Result<Vec<Digest>, Self::Error>;
    /// A photo's small version: a JPEG of at most [`crate::wire::MAX_PREVIEW_BYTES`]; none when there is none.
    fn preview(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, Self::Error>;
    /// Notes that a small version need not be sent again.
    fn preview_sent(&mut self, sha256: &Digest) -> Result<(), Self::Error>;
    /// Photos that records name and of which this device has neither the original nor a small version.
    fn previews_missing(&self) -> Result<Vec<Digest>, Self::Error>;
    /// Keeps a small version that came. It is for looking only: nothing vouches for it. What is no image is passed over.
    fn receive_preview(&mut self, sha256: &Digest, jpeg: &[u8]) -> Result<(), Self::Error>;

    /// Photos of this device without a receipt, oldest first.
    fn photos_waiting(&self) -> Result<Vec<WaitingPhoto>, Self::Error>;
    /// Keeps a photo's receipt.
    fn acknowledge_photo(&mut self, receipt: &PhotoReceipt) -> Result<(), Self::Error>;
    /// Sets a photo apart under a reason: its bytes do not have its hash, or the backend refused it.
    fn quarantine_photo(&mut self, sha256: &Digest, reason: &str) -> Result<(), Self::Error>;
    /// How an original is read. What rotted the storage finds by the file's seals, here or while it is read; the hash is the
    /// backend's to compare, before it gives its receipt.
    fn photo(&self, sha256: &Digest) -> Result<ReadPhoto<Self::Error>, Self::Error>;
    /// Photos that records name and that are not on this device.
    fn photos_missing(&self) -> Result<Vec<WaitingPhoto>, Self::Error>;
    /// What is kept of a photo that is on its way, from its first byte on; empty when nothing is.
    fn photo_parts(&self, sha256: &Digest) -> Result<Vec<u8>, Self::Error>;
    /// Keeps a part of a photo that is on its way, the bytes from this place on, so that a kill costs no more than the
    /// last part. Storage that has no room for it may leave it.
    fn keep_photo_part(&mut self, sha256: &Digest, from: u64, bytes: &[u8]) -> Result<(), Self::Error>;
    /// Forgets the parts of a photo: they are not of the photo.
    fn drop_photo_parts(&mut self, sha256: &Digest) -> Result<(), Self::Error>;
    /// Stores a photo that came and forgets its parts; refused when its hash is not the one asked for.
    fn receive_photo(&mut self, sha256: &Digest, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Whether a record is held, or known to be withheld.
    fn holds(&self, record: &RecordId) -> Result<bool, Self::Error>;
}
