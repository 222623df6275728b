//! What two devices say to each other over their line, and how it becomes bytes.
//!
//! A frame is a 32-bit big-endian length, a byte for the kind, and the rest. Every kind has its own limit, and a length
//! above it is refused before anything is kept of it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use veldboek_domain::record::MAX_RECORD_BYTES;
use veldboek_domain::{DeviceCertificate, Digest, InspectionId};

use super::code::{NONCE_BYTES, Nonce};
use crate::exchange::{Offer, PeerHolds};
use crate::wire::{ERASED, MAX_PREVIEW_BYTES, RawRecord};

/// The version of the conversation; another one is refused in words.
pub const FORMAT: u32 = 1;
/// The most bytes of one part of a photo.
pub const MAX_PART_BYTES: usize = 256 * 1024;

const SMALL: usize = 16 * 1024;
const LARGE: usize = 4 * 1024 * 1024;
/// A length and a kind.
const HEAD: usize = 5;

/// How somebody begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// [`FORMAT`].
    pub format: u32,
    /// The backend's word about the device.
    pub certificate: DeviceCertificate,
}

/// A controle that both may have, and what a device holds of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// The controle.
    pub inspection: InspectionId,
    /// Its number.
    pub number: String,
    /// Street and number, and town.
    pub title: String,
    /// How far the device has each chain of the streams that both may have, and which originals.
    pub holds: PeerHolds,
}

/// How much a device has to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Records.
    pub records: u64,
    /// Originals of photos.
    pub photos: u64,
    /// Bytes of those originals.
    pub bytes: u64,
}

impl std::ops::AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.photos += other.photos;
        self.bytes += other.bytes;
    }
}

/// Why a device ends the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its person stopped.
    Stopped,
    /// Its person saw another code.
    OtherCode,
    /// The other device is not known to its backend, or the line has another key than the certificate.
    Stranger,
    /// The other device was blocked.
    Blocked,
    /// It is talking to another device.
    Busy,
    /// The other device speaks another version.
    Version,
    /// Something came that can't be read or was not its turn.
    Unreadable,
    /// Its own storage failed.
    Storage,
}

/// One thing that is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Who somebody is.
    Hello(Box<Hello>),
    /// The answering side's commitment to its number.
    Commitment(Digest),
    /// A side's number.
    Nonce(Nonce),
    /// The person saw the same code.
    Same,
    /// What somebody holds of the controles that both may have.
    Holds(Vec<Shared>),
    /// How much somebody has to give of each.
    Amounts(BTreeMap<InspectionId, Amount>),
    /// These controles are to be exchanged.
    Start(Vec<InspectionId>),
    /// Some records of a controle follow.
    Offer(Box<Batch>),
    /// The next of those records.
    Record(RawRecord),
    /// Asks for a photo's small version.
    AskPreview(Digest),
    /// A photo's small version; empty when there is none.
    Preview(Digest, Vec<u8>),
    /// Asks for a photo's original from a byte on.
    AskPhoto(Digest, u64),
    /// A part of an original.
    Part(Digest, u64, Vec<u8>),
    /// An original that can't be read any more.
    Gone(Digest),
    /// Photos wait, or go on.
    Pause(bool),
    /// Everything that was wanted has come, and everything was given.
    Done,
    /// Nothing; the line still stands.
    Alive,
    /// The end, and why.
    Bye(Reason),
}

/// Some of a controle's records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// What is given, with the number of records that follow.
    pub offer: Offer,
    /// Whether this is the last of this controle.
    pub last: bool,
}

/// Why bytes are no message.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// More than such a message may have.
    #[error("a message of kind {kind} announces {bytes} bytes and may have {limit}")]
    TooLarge {
        /// The kind.
        kind: u8,
        /// What was announced.
        bytes: usize,
        /// What it may have.
        limit: usize,
    },
    /// A kind that is not known.
    #[error("there is no message of kind {0}")]
    Unknown(u8),
    /// The bytes do not say what their kind says.
    #[error("a message of kind {0} can't be read")]
    Unreadable(u8),
    /// The line ended inside a message.
    #[error("the line ended after {0} bytes of a message")]
    Cut(usize),
}

/// The largest of a kind, in bytes without its head; none for a kind that does not exist.
fn limit(kind: u8) -> Option<usize> {
    Some(match kind {
        1 => SMALL,
        2 => 32,
        3 => NONCE_BYTES,
        4 | 16 | 17 => 0,
        5 | 6 | 8 => LARGE,
        7 => LARGE / 4,
        9 => 2 * MAX_RECORD_BYTES + 8,
        10 | 14 => 32,
        11 => 32 + MAX_PREVIEW_BYTES,
        12 => 40,
        13 => 40 + MAX_PART_BYTES,
        15 => 1,
        18 => 64,
        _ => return None,
    })
}

impl Message {
    fn kind(&self) -> u8 {
        match self {
            Self::Hello(_) => 1,
            Self::Commitment(_) => 2,
            Self::Nonce(_) => 3,
            Self::Same => 4,
            Self::Holds(_) => 5,
            Self::Amounts(_) => 6,
            Self::Start(_) => 7,
            Self::Offer(_) => 8,
            Self::Record(_) => 9,
            Self::AskPreview(_) => 10,
            Self::Preview(..) => 11,
            Self::AskPhoto(..) => 12,
            Self::Part(..) => 13,
            Self::Gone(_) => 14,
            Self::Pause(_) => 15,
            Self::Done => 16,
            Self::Alive => 17,
            Self::Bye(_) => 18,
        }
    }

    /// The message as a frame.
    ///
    /// # Errors
    /// [`FrameError::TooLarge`]: the other side would refuse it.
    pub fn frame(&self) -> Result<Vec<u8>, FrameError> {
        let kind = self.kind();
        let mut frame = vec![0, 0, 0, 0, kind];
        self.put(&mut frame);
        let (bytes, limit) = (frame.len() - HEAD, limit(kind).expect("every kind has a limit"));
        if bytes > limit {
            return Err(FrameError::TooLarge { kind, bytes, limit });
        }
        let length = u32::try_from(bytes).expect("every limit fits").to_be_bytes();
        frame[..4].copy_from_slice(&length);
        Ok(frame)
    }

    fn put(&self, frame: &mut Vec<u8>) {
        match self {
            Self::Hello(hello) => put_json(frame, hello),
            Self::Holds(holds) => put_json(frame, holds),
            Self::Amounts(amounts) => put_json(frame, amounts),
            Self::Start(inspections) => put_json(frame, inspections),
            Self::Offer(batch) => put_json(frame, batch),
            Self::Bye(reason) => put_json(frame, reason),
            Self::Nonce(nonce) => frame.extend_from_slice(nonce),
            Self::Commitment(digest) | Self::AskPreview(digest) | Self::Gone(digest) => {
                frame.extend_from_slice(&digest.0);
            }
            Self::Record(RawRecord { header, body }) => {
                put_part(frame, Some(header));
                put_part(frame, body.as_deref());
            }
            Self::Preview(digest, jpeg) => {
                frame.extend_from_slice(&digest.0);
                frame.extend_from_slice(jpeg);
            }
            Self::AskPhoto(digest, from) => put_place(frame, digest, *from),
            Self::Part(digest, from, bytes) => {
                put_place(frame, digest, *from);
                frame.extend_from_slice(bytes);
            }
            Self::Pause(paused) => frame.push(u8::from(*paused)),
            Self::Same | Self::Done | Self::Alive => {}
        }
    }

    fn read(kind: u8, bytes: &[u8]) -> Option<Self> {
        let empty = |message| bytes.is_empty().then_some(message);
        match kind {
            1 => json(bytes).map(Self::Hello),
            2 => digest(bytes).map(Self::Commitment),
            3 => bytes.try_into().ok().map(Self::Nonce),
            4 => empty(Self::Same),
            5 => json(bytes).map(Self::Holds),
            6 => json(bytes).map(Self::Amounts),
            7 => json(bytes).map(Self::Start),
            8 => json(bytes).map(Self::Offer),
            9 => {
                let (header, rest) = part(bytes)?;
                let (body, rest) = part(rest)?;
                let record = RawRecord { header: header?, body };
                rest.is_empty().then_some(Self::Record(record))
            }
            10 => digest(bytes).map(Self::AskPreview),
            11 => {
                let (name, jpeg) = bytes.split_at_checked(32)?;
                Some(Self::Preview(digest(name)?, jpeg.to_vec()))
            }
            12 => {
                let (name, from, rest) = place(bytes)?;
                rest.is_empty().then_some(Self::AskPhoto(name, from))
            }
            13 => {
                let (name, from, rest) = place(bytes)?;
                Some(Self::Part(name, from, rest.to_vec()))
            }
            14 => digest(bytes).map(Self::Gone),
            15 => match bytes {
                [0] => Some(Self::Pause(false)),
                [1] => Some(Self::Pause(true)),
                _ => None,
            },
            16 => empty(Self::Done),
            17 => empty(Self::Alive),
            18 => json(bytes).map(Self::Bye),
            _ => None,
        }
    }
}

fn put_json<T: Serialize>(frame: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(frame, value).expect("what is said serialises");
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

fn digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok().map(Digest)
}

fn put_place(frame: &mut Vec<u8>, digest: &Digest, from: u64) {
    frame.extend_from_slice(&digest.0);
    frame.extend_from_slice(&from.to_be_bytes());
}

fn place(bytes: &[u8]) -> Option<(Digest, u64, &[u8])> {
    let (name, rest) = bytes.split_at_checked(32)?;
    let (from, rest) = rest.split_first_chunk::<8>()?;
    Some((digest(name)?, u64::from_be_bytes(*from), rest))
}

/// A part of a record with its length, or the mark for an erased body.
fn put_part(frame: &mut Vec<u8>, part: Option<&[u8]>) {
    let length = part.map_or(ERASED, |part| u32::try_from(part.len()).unwrap_or(ERASED - 1));
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(part.unwrap_or_default());
}

fn part(bytes: &[u8]) -> Option<(Option<Vec<u8>>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    match u32::from_be_bytes(*length) {
        ERASED => Some((None, rest)),
        length => {
            let (part, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (part.len() <= MAX_RECORD_BYTES).then(|| (Some(part.to_vec()), rest))
        }
    }
}

/// Makes messages out of bytes as they come.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// How many of them were read already.
    read: usize,
}

impl Frames {
    /// More bytes came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..std::mem::take(&mut self.read));
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message; none until more bytes come.
    ///
    /// # Errors
    /// [`FrameError`]; nothing after it can be read.
    pub fn next_message(&mut self) -> Result<Option<Message>, FrameError> {
        let left = &self.bytes[self.read..];
        let Some(([a, b, c, d, kind], rest)) = left.split_first_chunk::<HEAD>() else { return Ok(None) };
        let (kind, bytes) = (*kind, u32::from_be_bytes([*a, *b, *c, *d]));
        let limit = limit(kind).ok_or(FrameError::Unknown(kind))?;
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        if bytes > limit {
            return Err(FrameError::TooLarge { kind, bytes, limit });
        }
        let Some(body) = rest.get(..bytes) else { return Ok(None) };
        let message = Message::read(kind, body).ok_or(FrameError::Unreadable(kind))?;
        self.read += HEAD + bytes;
        Ok(Some(message))
    }

    /// The line ended.
    ///
    /// # Errors
    /// [`FrameError::Cut`] when it ended inside a message.
    pub fn end(&self) -> Result<(), FrameError> {
        match self.bytes.len() - self.read {
            0 => Ok(()),
            left => Err(FrameError::Cut(left)),
        }
    }
}
