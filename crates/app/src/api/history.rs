//! What was written in a controle, and about what people differ.

use serde::Serialize;
use ts_rs::TS;
use veldboek_domain::{RecordId, RegisterKey, Slot, Value};

/// A record in the time line.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TimelineEntry {
    /// RFC 3339.
    pub at: String,
    /// Who.
    pub author: String,
    /// On which device: the first digits of its id.
    pub device: String,
    /// What happened, as a code: the record's kind.
    pub kind: String,
    /// What it was about: a question's id and text, an item's number, a field.
    pub subject: String,
    /// The value in words.
    pub value: String,
    /// The first digits of the record's id.
    pub record: String,
    /// The receipt's number; none while it waits.
    pub receipt: Option<String>,
    /// Whether the backend is known to have it: by a receipt, or because it came from there.
    pub received: bool,
    /// Whether a later record took its place.
    pub superseded: bool,
    /// Who worked on the same part at about the same time, without a sign that they saw each other's.
    pub alongside: Option<String>,
}

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// An answer to a question.
    Answer,
    /// A note beside an answer.
    Note,
    /// A reason why there is no answer.
    Reason,
    /// A field of the controle itself.
    Field,
    /// A field of a finding, a photo, a participant or another item.
    Item,
    /// Who was asked to do a part.
    Section,
    /// Which signature of the author stands.
    AuthorSignature,
    /// Which signature of the visited party stands.
    VisitedSignature,
    /// How somebody stands in the team.
    Member,
}

/// People wrote different values without seeing each other's.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DifferenceView {
    /// About what.
    pub kind: DifferenceKind,
    /// The register; none for signatures and members.
    pub register: Option<RegisterKey>,
    /// The question, for an answer.
    pub slot: Option<Slot>,
    /// What it is about, in words.
    pub title: String,
    /// The group item's name; empty outside groups.
    pub item_name: String,
    /// The values, with who and when.
    pub candidates: Vec<Candidate>,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Candidate {
    /// Its record: names it in [`Settle`].
    #[ts(type = "string")]
    pub record: RecordId,
    /// The value.
    pub value: Value,
    /// The value in words.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// Function and organisation.
    pub function: String,
    /// RFC 3339.
    pub at: String,
    /// On which device.
    pub device: String,
}
