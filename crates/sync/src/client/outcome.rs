//! How a sync ends, and what is wrong with an answer.

use veldboek_domain::{ChainId, Digest, RecordId, StreamId};

use crate::wire::Refused;

/// How a sync ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether both sides hold the same records of every stream that this person may read.
    pub agreed: bool,
    /// How many records were sent, those sent again included.
    pub pushed: usize,
    /// How many records came, those that were known included.
    pub received: usize,
    /// How many receipts were kept.
    pub receipts: usize,
    /// Records of this device that the backend refused, each with its reason.
    pub refused: Vec<Refused>,
    /// Records that came and do not hold, each with its reason. The others were stored.
    pub set_apart: Vec<Refused>,
    /// Chains of this device that have more than one branch: it was restored from a backup.
    pub forks: Vec<ChainId>,
    /// Streams that this person may no longer read.
    pub closed: Vec<StreamId>,
}

/// A reply that an honest backend does not give. Nothing of it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyFault {
    /// A receipt is not signed by the backend with which this device was enrolled.
    #[error("a receipt of stream {0} does not carry the backend's signature")]
    ReceiptSignature(StreamId),
    /// A receipt is about a chain that was not sent.
    #[error("a receipt of stream {0} is about a chain that was not sent")]
    ReceiptForOther(StreamId),
    /// A receipt names a record that this device does not hold.
    #[error("a receipt names record {0}, which this device does not hold")]
    ReceiptUnknown(RecordId),
    /// More is said to be waiting, but nothing comes and the cursor stands still.
    #[error("the backend says that more is waiting and gives nothing")]
    Endless,
    /// A photo's receipt is not signed by the backend, or names another photo or size.
    #[error("the receipt of photo {0} does not hold")]
    PhotoReceipt(Digest),
}

/// Why an answer could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError<E> {
    /// The device's own storage failed.
    #[error("the device's storage failed")]
    Replica(#[source] E),
    /// The answer does not hold.
    #[error(transparent)]
    Fault(#[from] ReplyFault),
}
