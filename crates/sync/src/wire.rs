//! What goes over the line between a device and the backend.
//!
//! Records travel as bytes in frames: a 32-bit big-endian length, then that many bytes. The first frame is a JSON
//! preamble; each record is a header frame and a body frame. The length `0xFFFF_FFFF` stands for a body that was
//! erased. Everything else is JSON.

mod frames;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use veldboek_domain::{
    ChainHead, ChainId, DeviceCertificate, DeviceId, Digest, PersonCard, RecordId, SignedHead, StreamId,
};

use crate::receipt::{PhotoReceipt, Receipt};

pub use frames::{FrameError, RawRecord, framed_size, read_frames, write_frames};

/// The largest push and the largest page, in bytes.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// The largest photo, in bytes.
pub const MAX_PHOTO_BYTES: u64 = 64 * 1024 * 1024;
/// The largest small version of a photo, in bytes.
pub const MAX_PREVIEW_BYTES: usize = 256 * 1024;
/// The media type of framed records.
pub const RECORDS_MEDIA_TYPE: &str = "application/vnd.veldboek.records";
/// The protocol's version; a newer major version is refused in words.
pub const PROTOCOL: u32 = 1;
/// Stands where the length of a body does that was erased.
pub(crate) const ERASED: u32 = u32::MAX;

/// Asks for enrolment of this device with the short code that an administrator gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The short code.
    pub code: String,
    /// The device's own id.
    pub device: DeviceId,
    /// A name that people recognise, such as `ALK-07`.
    pub name: String,
    /// The device's Ed25519 public key, hexadecimal.
    pub public_key: String,
    /// The device's `age` recipient (X25519) for hand-overs; empty from an app that knows none.
    #[serde(default)]
    pub recipient: String,
}

/// Asks for a certificate of the device that asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CertificateRequest {
    /// The device's `age` recipient (X25519) for hand-overs.
    pub recipient: String,
}

/// The devices of the people with whom somebody is in a team. `GET /v1/apparaten/_kaarten`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeamCards {
    /// The backend's word about each device.
    pub cards: Vec<DeviceCertificate>,
    /// Devices that were blocked: nothing is handed over to them any more.
    pub blocked: Vec<DeviceId>,
}

/// Who else has a controle open. `PUT` and `GET /v1/controles/<controle>/aanwezigheid`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentOthers {
    /// The others who have the controle open.
    pub others: Vec<PresentDevice>,
    /// After how many seconds a device is no longer shown, unless it says again that it has the controle open.
    pub seconds: u64,
}

/// A device on whose screen a controle is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentDevice {
    /// The person's name.
    pub name: String,
    /// The device's name, such as `ALK-07`.
    pub device: String,
}

/// What an enrolled device knows of its place in the region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Who works with it.
    pub person: PersonCard,
    /// The backend's name for people, such as `NHVeilig`.
    pub backend: String,
    /// The backend's Ed25519 public key for receipts, hexadecimal.
    pub backend_key: String,
    /// The organisation's recovery recipient (age X25519), for the wrapped database key.
    pub recovery_recipient: String,
    /// Two characters that make working numbers unique: `K7`.
    pub number_suffix: String,
    /// The organisation that works: bronorganisatie.
    pub source_organisation: String,
    /// The backend's word about this device, to show to other devices; none when no recipient was sent.
    #[serde(default)]
    pub certificate: Option<DeviceCertificate>,
}

/// Asks for a challenge to sign.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChallengeRequest {
    /// The device.
    pub device: DeviceId,
}

/// A challenge: sign `veldboek-session-1\n<device>\n<challenge>` with the device's key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Challenge {
    /// Random, valid once and for a short time.
    pub challenge: String,
}

/// The exact text that a device signs to begin a session.
pub fn session_statement(device: DeviceId, challenge: &str) -> String {
    format!("veldboek-session-1\n{device}\n{challenge}")
}

/// The signed challenge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionRequest {
    /// The device.
    pub device: DeviceId,
    /// The challenge as given.
    pub challenge: String,
    /// Ed25519 over [`session_statement`], hexadecimal.
    pub signature: String,
}

/// A session: the token goes in `Authorization: Bearer`.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// The token.
    pub token: String,
    /// Until when, by the backend's clock.
    pub expires_at: DateTime<FixedOffset>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A record that the device can't or won't send: its bytes rotted, or the backend refused it. The chain goes on over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The chain.
    #[serde(flatten)]
    pub chain: ChainId,
    /// The record's number and id, as the next record names it.
    #[serde(flatten)]
    pub head: ChainHead,
    /// Why, by code.
    pub reason: String,
}

/// What stands before the records of a push.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PushPreamble {
    /// The protocol's version.
    pub protocol: u32,
    /// One signed head per chain in the batch: the chain's last record in it.
    pub heads: Vec<SignedHead>,
    /// Records that will not come.
    #[serde(default)]
    pub withheld: Vec<Withheld>,
}

/// Why the backend did not take a record. The device sets it apart under this reason; the others go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Header or body can't be read.
    Unreadable,
    /// The body does not have the hash that its header names.
    BodyHash,
    /// Larger than a record may be.
    TooLarge,
    /// The chain's head is not signed by the device that wrote it.
    Signature,
    /// The writer may not write this stream.
    NotAllowed,
    /// The stream does not begin with its opening record, or is of a kind that never leaves its device.
    Stream,
    /// It does not name the record before it.
    BrokenChain,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::BodyHash => "body_hash",
            Self::TooLarge => "too_large",
            Self::Signature => "signature",
            Self::NotAllowed => "not_allowed",
            Self::Stream => "stream",
            Self::BrokenChain => "broken_chain",
        }
    }
}

/// A record that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// SHA-256 of the header bytes as they came.
    pub record: RecordId,
    /// Why.
    pub reason: Refusal,
}

/// How far the backend has a chain from which records in between are missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The chain.
    #[serde(flatten)]
    pub chain: ChainId,
    /// The next number that the backend can take.
    pub next: u64,
}

/// The answer to a push, given after the commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PushReply {
    /// One per chain.
    pub receipts: Vec<Receipt>,
    /// Records that were not taken, each with its reason.
    #[serde(default)]
    pub refused: Vec<Refused>,
    /// Chains to be sent again from an earlier number.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Chains of which the backend holds another branch: the device was restored from a backup and begins a new epoch.
    #[serde(default)]
    pub forks: Vec<ChainId>,
}

/// Asks for what is new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// Where the last page ended; opaque. None at first.
    #[serde(default)]
    pub cursor: Option<String>,
    /// SHA-256 over all streams that the device holds: see [`overall_digest`].
    #[serde(default)]
    pub holds: Option<Digest>,
    /// Whether to send this device's own records too: after a restore from a backup.
    #[serde(default)]
    pub include_own: bool,
}

impl PullRequest {
    /// Whether it asks for the same page, whatever it says of what is held.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.cursor == other.cursor && self.include_own == other.include_own
    }
}

/// What stands before the records of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PagePreamble {
    /// Where this page ends.
    pub cursor: String,
    /// Whether more is waiting.
    pub more: bool,
    /// With nothing more waiting: whether both sides hold the same. None when the request did not ask.
    #[serde(default)]
    pub agrees: Option<bool>,
    /// Streams that this person may no longer read: nothing new comes.
    #[serde(default)]
    pub closed: Vec<StreamId>,
}

/// Compares streams after a mismatch: how far each side has every chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareRequest {
    /// Per stream, its chains' ends on the device.
    pub streams: BTreeMap<StreamId, Vec<ChainEnd>>,
}

/// How far one side has a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChainEnd {
    /// The device.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// The last number without a gap before it.
    pub seq: u64,
    /// The record with that number.
    pub record: RecordId,
}

/// How far the backend has every chain of the streams that differ. What the device lacks follows as records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComparePreamble {
    /// Streams that differ, with the backend's ends.
    pub differing: BTreeMap<StreamId, Vec<ChainEnd>>,
    /// Records of those streams that will never come. Without them a chain that goes on over one looks like a loss.
    #[serde(default)]
    pub withheld: Vec<Withheld>,
    /// Streams of which the device said that it holds something, and that this person may not read: they came by a hand-over,
    /// and the right to them went, or never was. The device knows them already; nothing else is told of them.
    #[serde(default)]
    pub closed: Vec<StreamId>,
    /// Whether more records are missing than fit in this page: compare again after storing them.
    pub more: bool,
}

/// One digest over all streams of a device: SHA-256 over the lines `<stream> <digest>` in order. Streams without any
/// record are left out.
pub fn overall_digest(streams: &BTreeMap<StreamId, Digest>) -> Digest {
    let lines: Vec<String> = streams.iter().map(|(stream, digest)| format!("{stream} {digest}")).collect();
    Digest::of(lines.join("\n").as_bytes())
}

/// Asks how far photos are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PhotoStateRequest {
    /// SHA-256 of the originals.
    pub photos: Vec<Digest>,
}

/// How far a photo is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PhotoState {
    /// Nothing of it is there.
    Absent,
    /// An upload is under way.
    Partial {
        /// Where to go on.
        location: String,
        /// How many bytes are on disk.
        offset: u64,
    },
    /// On disk, hash equal.
    Complete {
        /// The backend's word for it.
        receipt: PhotoReceipt,
    },
}

/// How far each photo is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhotoStateReply {
    /// By SHA-256.
    pub photos: BTreeMap<String, PhotoState>,
    /// Those of which there is a small version for who asks.
    #[serde(default)]
    pub previews: BTreeSet<Digest>,
}

/// What goes out of a visit that stays on its device: no person, no place, no day. `POST /v1/tellingen`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountsSent {
    /// Random, and known to the device alone: sent twice, it counts once.
    pub id: Uuid,
    /// The checklist's id.
    pub checklist: String,
    /// Its version.
    pub version: String,
    /// The month, `2026-11`.
    pub month: String,
    /// What is counted; at most [`MAX_COUNT_LINES`].
    pub lines: Vec<CountLine>,
}

/// The most lines of [`CountsSent`].
pub const MAX_COUNT_LINES: usize = 500;

/// One chosen option, or one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountLine {
    /// The question's id.
    pub question: String,
    /// The code of the chosen option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
}
