//! Chains: every device writes one per stream and epoch, so that loss, a fork or a changed record is seen.

use std::fmt;

use ed25519_dalek::{Signature as Ed25519Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, Digest, RecordId, StreamId};
use crate::ports::Stamp;
use crate::record::{Author, Body, Header, Record, RecordError};

/// Names a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChainId {
    /// The stream.
    pub stream: StreamId,
    /// The device.
    pub device: DeviceId,
    /// The device's epoch.
    pub epoch: u32,
}

/// How far a chain goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChainHead {
    /// The last record's number.
    pub seq: u64,
    /// The last record.
    pub record: RecordId,
}

/// Why a record does not continue a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Records in between are missing.
    #[error("record {found} comes where {expected} was expected: records in between are missing")]
    Gap {
        /// The number that would continue the chain.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// The number is taken by another record: a device was restored from a backup, or a record was changed.
    #[error("record {seq} stands twice with different content")]
    Fork {
        /// The number.
        seq: u64,
    },
    /// `prev` does not name the record before.
    #[error("record {seq} does not name the record before it")]
    WrongPrev {
        /// The number.
        seq: u64,
    },
}

/// Checks that a record continues a chain whose head is known.
///
/// # Errors
/// A [`ChainError`] that says how it does not.
pub fn continues(head: Option<&ChainHead>, header: &Header) -> Result<(), ChainError> {
    let expected = head.map_or(0, |head| head.seq + 1);
    if header.seq > expected {
        return Err(ChainError::Gap { expected, found: header.seq });
    }
    if header.seq < expected {
        return Err(ChainError::Fork { seq: header.seq });
    }
    if header.prev != head.map(|head| head.record) {
        return Err(ChainError::WrongPrev { seq: header.seq });
    }
    Ok(())
}

/// Writes the records of one chain.
#[derive(Clone, Debug)]
pub struct ChainWriter {
    chain: ChainId,
    head: Option<ChainHead>,
}

impl ChainWriter {
    /// Goes on from a known head, or begins.
    pub fn new(chain: ChainId, head: Option<ChainHead>) -> Self {
        Self { chain, head }
    }

    /// The chain.
    pub fn chain(&self) -> ChainId {
        self.chain
    }

    /// How far it goes.
    pub fn head(&self) -> Option<ChainHead> {
        self.head
    }

    /// Writes the next record. The chain moves on only when the record could be written.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`].
    pub fn write(
        &mut self,
        body: &Body,
        author: &Author,
        stamp: Stamp,
        supersedes: Vec<RecordId>,
    ) -> Result<Record, RecordError> {
        let header = Header {
            v: 1,
            stream: self.chain.stream,
            device: self.chain.device,
            epoch: self.chain.epoch,
            seq: self.head.map_or(0, |head| head.seq + 1),
            prev: self.head.map(|head| head.record),
            at: stamp.at,
            uptime_ms: stamp.uptime_ms,
            author: author.clone(),
            supersedes,
            body_hash: Digest([0; 32]),
        };
        let record = Record::write(header, body)?;
        self.head = Some(ChainHead { seq: record.header().seq, record: record.id() });
        Ok(record)
    }
}

/// A chain head with its device's signature: it covers every record before it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// The chain.
    #[serde(flatten)]
    pub chain: ChainId,
    /// How far it goes.
    #[serde(flatten)]
    pub head: ChainHead,
    /// Ed25519 (RFC 8032) over [`head_statement`], as hexadecimal digits.
    pub signature: String,
}

impl fmt::Debug for SignedHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedHead").field("chain", &self.chain).field("head", &self.head).finish_non_exhaustive()
    }
}

/// The exact text that a device signs: five lines that an outsider can rebuild from the fields.
pub fn head_statement(chain: &ChainId, head: &ChainHead) -> String {
    format!("veldboek-head-1\n{}\n{}\n{}\n{}\n{}", chain.stream, chain.device, chain.epoch, head.seq, head.record)
}

impl SignedHead {
    /// Signs a head with the device's key.
    pub fn sign(chain: ChainId, head: ChainHead, key: &SigningKey) -> Self {
        let signature = key.sign(head_statement(&chain, &head).as_bytes());
        Self { chain, head, signature: hex::encode(signature.to_bytes()) }
    }

    /// Whether the device with this key signed it.
    pub fn verify(&self, key: &VerifyingKey) -> bool {
        let mut bytes = [0u8; 64];
        hex::decode_to_slice(&self.signature, &mut bytes).is_ok()
            && key
                .verify(head_statement(&self.chain, &self.head).as_bytes(), &Ed25519Signature::from_bytes(&bytes))
                .is_ok()
    }
}

/// What two sides compare after a sync: SHA-256 over the sorted ends of a stream's chains.
/// Chains commit to all that came before, so equal digests mean equal streams.
pub fn stream_digest(ends: impl IntoIterator<Item = (ChainId, ChainHead)>) -> Digest {
    let mut lines: Vec<String> = ends.into_iter().map(|(chain, head)| head_statement(&chain, &head)).collect();
    lines.sort_unstable();
    Digest::of(lines.join("\n\n").as_bytes())
}
