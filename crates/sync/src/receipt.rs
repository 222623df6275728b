//! Receipts: the backend's signed statement of what it holds on disk. Nothing local is removed without one.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use veldboek_domain::{ChainHead, ChainId, Digest};

/// "Of stream S I hold device D's records up to number N, and the last of them is H."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The chain.
    #[serde(flatten)]
    pub chain: ChainId,
    /// How far it is held.
    #[serde(flatten)]
    pub head: ChainHead,
    /// When, by the backend's clock.
    pub at: DateTime<FixedOffset>,
    /// Ed25519 over [`Receipt::statement`], hexadecimal.
    pub signature: String,
}

impl Receipt {
    /// Signs a receipt with the backend's key.
    pub fn sign(chain: ChainId, head: ChainHead, at: DateTime<FixedOffset>, key: &SigningKey) -> Self {
        let mut receipt = Self { chain, head, at, signature: String::new() };
        receipt.signature = sign(&receipt.statement(), key);
        receipt
    }

    /// The exact text that is signed.
    pub fn statement(&self) -> String {
        format!(
            "veldboek-receipt-1\n{}\n{}\n{}\n{}\n{}\n{}",
            self.chain.stream,
            self.chain.device,
            self.chain.epoch,
            self.head.seq,
            self.head.record,
            moment(&self.at)
        )
    }

    /// Whether the backend with this key gave it.
    pub fn verify(&self, key: &VerifyingKey) -> bool {
        verify(&self.statement(), &self.signature, key)
    }

    /// A short number to read aloud: `NHV 5d1a-90ce`.
    pub fn number(&self) -> String {
        number(&self.signature)
    }
}

/// "Photo P is on disk and its hash is equal."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoReceipt {
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// When, by the backend's clock.
    pub at: DateTime<FixedOffset>,
    /// Ed25519 over [`PhotoReceipt::statement`], hexadecimal.
    pub signature: String,
}

impl PhotoReceipt {
    /// Signs a receipt with the backend's key.
    pub fn sign(sha256: Digest, bytes: u64, at: DateTime<FixedOffset>, key: &SigningKey) -> Self {
        let mut receipt = Self { sha256, bytes, at, signature: String::new() };
        receipt.signature = sign(&receipt.statement(), key);
        receipt
    }

    /// The exact text that is signed.
    pub fn statement(&self) -> String {
        format!("veldboek-photo-receipt-1\n{}\n{}\n{}", self.sha256, self.bytes, moment(&self.at))
    }

    /// Whether the backend with this key gave it.
    pub fn verify(&self, key: &VerifyingKey) -> bool {
        verify(&self.statement(), &self.signature, key)
    }

    /// A short number to read aloud.
    pub fn number(&self) -> String {
        number(&self.signature)
    }
}

fn moment(at: &DateTime<FixedOffset>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, false)
}

fn sign(statement: &str, key: &SigningKey) -> String {
    hex::encode(key.sign(statement.as_bytes()).to_bytes())
}

fn verify(statement: &str, signature: &str, key: &VerifyingKey) -> bool {
    let mut bytes = [0u8; 64];
    hex::decode_to_slice(signature, &mut bytes).is_ok()
        && key.verify(statement.as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
}

fn number(signature: &str) -> String {
    let digits = Digest::of(signature.as_bytes()).short();
    format!("NHV {}-{}", &digits[..4], &digits[4..])
}

/// Reads a public key from 64 hexadecimal digits.
pub fn public_key(digits: &str) -> Option<VerifyingKey> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}
