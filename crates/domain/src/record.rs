//! The record: everything that happens in a controle is one of these. Small, immutable, chained, never deleted by a
//! user's action.
//!
//! A record travels and is stored as two byte strings, its header and its body, exactly as the device wrote them. Its
//! id is the SHA-256 of the header bytes; the header names the SHA-256 of the body. Nothing is re-serialised to check a
//! hash, and a body can be erased under the privacy law while the chain stays provable.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::chain::ChainId;
use crate::codes::Regime;
use crate::ids::{DeviceId, Digest, InspectionId, ItemId, OrganisationCode, PersonId, RecordId, StreamId};
use crate::register::{RegisterKey, Slot};
use crate::roles::Role;
use crate::stream::StreamKind;
use crate::value::{Point, Signature, Value};

/// The largest record, header and body together, in bytes.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;

/// The person who wrote a record and the organisation for which they act.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Author {
    /// The person.
    pub person: PersonId,
    /// The organisation on whose legal ground they act.
    pub organisation: OrganisationCode,
}

/// What proves a record: its place in the chain, its moment, its author and its body's hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of this header's form: 1.
    pub v: u8,
    /// The stream to which it belongs.
    pub stream: StreamId,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The device's epoch: a new one after a restore from a backup.
    pub epoch: u32,
    /// 0, 1, 2, ... per stream, device and epoch, without gaps.
    pub seq: u64,
    /// This device's previous record in this stream and epoch.
    pub prev: Option<RecordId>,
    /// The device's wall clock with its UTC offset. Evidence for people; it decides nothing.
    pub at: DateTime<FixedOffset>,
    /// Milliseconds since the device started.
    pub uptime_ms: u64,
    /// Who wrote it.
    pub author: Author,
    /// The records that this one replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<RecordId>,
    /// SHA-256 of the exact body bytes.
    pub body_hash: Digest,
}

impl Header {
    /// The chain to which it belongs.
    pub fn chain(&self) -> ChainId {
        ChainId { stream: self.stream, device: self.device, epoch: self.epoch }
    }
}

/// A person as a team sees them. Kept in bodies, never in headers, so that it can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// The person.
    pub person: PersonId,
    /// Name as it stands in a report.
    pub name: String,
    /// The organisation.
    pub organisation: OrganisationCode,
    /// The organisation's name.
    pub organisation_name: String,
    /// The function, such as `toezichthouder bouw`.
    pub function: String,
    /// The role.
    pub role: Role,
    /// The number of the pass; a report may name this instead of the person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pass_number: String,
    /// For which partner they work, by code of [`crate::codes::PARTNERS`]; empty for none. Says which partner's own questions
    /// they see and answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub partner: String,
}

/// Which checklist a controle follows: pinned by content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChecklistRef {
    /// The checklist's id.
    pub id: String,
    /// Its version in words.
    pub version: String,
    /// SHA-256 over the exact bytes of its file.
    pub hash: Digest,
}

/// The opening of a controle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The working number, unique per device: `VB-2026-0042-K7`.
    pub number: String,
    /// The checklist family: `vb`, `btp` or `agro`.
    pub family: String,
    /// The checklist.
    pub checklist: ChecklistRef,
    /// The organisation that works: bronorganisatie.
    pub source_organisation: OrganisationCode,
    /// The municipality that is responsible: verantwoordelijkeOrganisatie.
    pub responsible_municipality: String,
}

/// The kinds of sets. A set grows by adding an item; an item is withdrawn by a record with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "set")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum SetKind {
    /// A finding (bevinding), or with kind `assumption` a vermoeden.
    Finding,
    /// A photo, of a question or of a finding.
    Photo,
    /// A document, of a question.
    Document,
    /// A participant (deelnemer).
    Participant,
    /// A proposed measure.
    Measure,
    /// An item of a repeated group, such as a building.
    Group {
        /// The group's id in the checklist.
        group: String,
    },
}

/// What a photo is, once its bytes are sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    /// SHA-256 over the original's bytes: the photo's identity.
    pub sha256: Digest,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// Media type, such as `image/jpeg`.
    pub media_type: String,
    /// Width in pixels as stored; 0 for a document.
    pub width: u32,
    /// Height in pixels as stored; 0 for a document.
    pub height: u32,
    /// When it was taken according to the camera or the device.
    pub taken_at: Option<DateTime<FixedOffset>>,
    /// Where it was taken, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Point>,
}

/// What happened. Kinds of a newer version are kept, synced and shown as such.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// The first record of a stream.
    StreamOpened {
        /// The controle to which the stream belongs.
        inspection: InspectionId,
        /// What the stream is for.
        #[serde(flatten)]
        stream_kind: StreamKind,
    },
    /// The controle was opened.
    InspectionOpened(Opening),
    /// A register was written: an answer, a note, a field.
    Written {
        /// Which register.
        register: RegisterKey,
        /// The value.
        value: Value,
    },
    /// An item was added to a set.
    ItemAdded {
        /// The item.
        item: ItemId,
        /// The set.
        #[serde(flatten)]
        set: SetKind,
        /// The question to which it belongs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slot: Option<Slot>,
        /// The item to which it belongs: a photo's finding, a room's building.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<ItemId>,
    },
    /// An item was withdrawn; it stays in the history.
    ItemWithdrawn {
        /// The item.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// The bytes of a photo or document are stored and verified.
    PhotoSealed {
        /// The photo's item.
        item: ItemId,
        /// What it is.
        #[serde(flatten)]
        sealed: Sealed,
    },
    /// Somebody joined the team.
    MemberAdded {
        /// Who.
        member: PersonCard,
    },
    /// Somebody left the team: from here on they receive nothing new.
    MemberRemoved {
        /// Who.
        person: PersonId,
        /// Why.
        reason: String,
    },
    /// From here on this finding falls under another regime (sfeerovergang). One way: from supervision to investigation.
    RegimeSwitched {
        /// The finding.
        item: ItemId,
        /// The new regime.
        regime: Regime,
        /// Why.
        reason: String,
    },
    /// Somebody signed what the named chains hold.
    Signed {
        /// The signature as drawn.
        signature: Signature,
        /// Author, or visited party.
        by_author: bool,
    },
    /// Several people signed for the same side without seeing each other's: this says which signature stands.
    SignatureChosen {
        /// The record of the signature that stands.
        signature: RecordId,
        /// Author, or visited party.
        by_author: bool,
        /// Why this one.
        reason: String,
    },
    /// The controle was closed by its author, as this version of the report.
    Closed {
        /// 1, 2, ...
        version: u32,
    },
    /// A correction began: the reason stands with it, and the closed version stays.
    Reopened {
        /// The version that comes next.
        version: u32,
        /// Why.
        reason: String,
    },
    /// STOP was pressed: time and place only.
    Stopped {
        /// Where, in words.
        place: String,
        /// Where on earth, when known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<Point>,
    },
    /// The flow went on after STOP, or the visit was broken off.
    StopEnded {
        /// Whether the visit was broken off.
        broken_off: bool,
        /// What was decided, in words.
        note: String,
    },
    /// A coordinator sent the controle back, or agreed.
    Reviewed {
        /// Whether it was agreed to.
        agreed: bool,
        /// What the team must do, or an empty text.
        note: String,
        /// The day by which, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<NaiveDate>,
    },
}

impl Body {
    /// Whether a later record can take its place. What was added or sealed stays; it can only be withdrawn.
    pub fn is_supersedable(&self) -> bool {
        !matches!(
            self,
            Self::StreamOpened { .. }
                | Self::InspectionOpened(_)
                | Self::ItemAdded { .. }
                | Self::ItemWithdrawn { .. }
                | Self::PhotoSealed { .. }
                | Self::RegimeSwitched { .. }
        )
    }
}

/// A record that can't be read or does not hold together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RecordError {
    /// The header is not readable as a header of version 1.
    #[error("the header can't be read: {0}")]
    UnreadableHeader(String),
    /// The body's bytes do not have the hash that the header names.
    #[error("the body does not match its hash")]
    BodyHash,
    /// Header and body together are larger than [`MAX_RECORD_BYTES`].
    #[error("{0} bytes is more than a record may have")]
    TooLarge(usize),
}

/// A record as it was written: exact bytes, with the header read.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    id: RecordId,
    header: Header,
    header_bytes: Vec<u8>,
    body_bytes: Option<Vec<u8>>,
}

impl Record {
    /// Writes a record: the body is hashed, the header built around it, both serialised once and for all.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] when it would be over the limit.
    pub fn write(mut header: Header, body: &Body) -> Result<Self, RecordError> {
        let body_bytes = serde_json::to_vec(body).expect("a body has no maps with keys that are not text");
        header.body_hash = Digest::of(&body_bytes);
        let header_bytes = serde_json::to_vec(&header).expect("a header has only text keys");
        let size = header_bytes.len() + body_bytes.len();
        if size > MAX_RECORD_BYTES {
            return Err(RecordError::TooLarge(size));
        }
        Ok(Self { id: Digest::of(&header_bytes), header, header_bytes, body_bytes: Some(body_bytes) })
    }

    /// Takes bytes from outside: checks size, reads the header and compares the body with its hash.
    ///
    /// # Errors
    /// A [`RecordError`] that names what does not hold.
    pub fn from_bytes(header_bytes: Vec<u8>, body_bytes: Option<Vec<u8>>) -> Result<Self, RecordError> {
        let size = header_bytes.len() + body_bytes.as_ref().map_or(0, Vec::len);
        if size > MAX_RECORD_BYTES {
            return Err(RecordError::TooLarge(size));
        }
        let header: Header =
            serde_json::from_slice(&header_bytes).map_err(|error| RecordError::UnreadableHeader(error.to_string()))?;
        if header.v != 1 {
            return Err(RecordError::UnreadableHeader(format!("version {}", header.v)));
        }
        if let Some(body) = &body_bytes
            && Digest::of(body) != header.body_hash
        {
            return Err(RecordError::BodyHash);
        }
        Ok(Self { id: Digest::of(&header_bytes), header, header_bytes, body_bytes })
    }

    /// The record's name: SHA-256 of its header bytes.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// The header as read.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The exact header bytes.
    pub fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// The exact body bytes; none after erasure.
    pub fn body_bytes(&self) -> Option<&[u8]> {
        self.body_bytes.as_deref()
    }

    /// The body as this version understands it; none when erased, or of a kind that a newer version wrote.
    pub fn body(&self) -> Option<Body> {
        serde_json::from_slice(self.body_bytes.as_deref()?).ok()
    }

    /// Whether the body is of a kind that only a newer version knows.
    pub fn is_from_newer_version(&self) -> bool {
        self.body_bytes.is_some() && self.body().is_none()
    }

    /// Size of header and body in bytes.
    pub fn size(&self) -> usize {
        self.header_bytes.len() + self.body_bytes.as_ref().map_or(0, Vec::len)
    }
}
