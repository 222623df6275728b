//! What can be done in one controle.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::codes::Regime;
use veldboek_domain::{
    Field, InspectionId, ItemId, PersonId, Point, RecordId, RegisterKey, SetKind, Signature, Slot, Value,
};

use super::{InspectionView, PartProgress, SlotView, Summary};

/// Writes a register: an answer, a note, a reason, a field.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Write {
    /// The controle.
    pub inspection: InspectionId,
    /// Which register, such as `answer:F2@<item>` or `item:<item>:caption`.
    pub register: RegisterKey,
    /// The value.
    pub value: Value,
}

/// It is on disk, in the encrypted database.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Kept {
    /// When, RFC 3339.
    pub kept_at: String,
    /// The places whose state changed.
    pub slots: Vec<SlotView>,
    /// All progress.
    pub progress: Vec<PartProgress>,
    /// What is missing now.
    pub summary: Summary,
}

/// Adds an item to a set, with its first fields.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct AddItem {
    /// The controle.
    pub inspection: InspectionId,
    /// The set.
    pub set: SetKind,
    /// The question to which it belongs.
    pub slot: Option<Slot>,
    /// The item to which it belongs.
    pub parent: Option<ItemId>,
    /// Its first fields.
    pub fields: Vec<(Field, Value)>,
    /// The regime of a finding; supervision when absent. Under investigation it is kept in a closed stream.
    pub regime: Option<Regime>,
}

/// An item was added.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ItemAdded {
    /// The new item.
    pub item: ItemId,
    /// The controle afterwards.
    pub view: InspectionView,
}

/// Withdraws an item; it stays in the history.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct WithdrawItem {
    /// The controle.
    pub inspection: InspectionId,
    /// The item.
    pub item: ItemId,
    /// Why.
    pub reason: String,
}

/// Puts a finding under the regime of investigation: one way, recorded (sfeerovergang).
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SwitchRegime {
    /// The controle.
    pub inspection: InspectionId,
    /// The finding.
    pub item: ItemId,
    /// Why.
    pub reason: String,
}

/// Says that a photo is about to be taken, before the camera opens.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PhotoPending {
    /// The controle.
    pub inspection: InspectionId,
    /// The question.
    pub slot: Option<Slot>,
    /// The finding.
    pub parent: Option<ItemId>,
    /// Whether it is a document and no photo.
    pub document: bool,
}

/// Brings the bytes of a pending photo. The bytes themselves come raw beside it.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PhotoAdd {
    /// The controle.
    pub inspection: InspectionId,
    /// The pending photo.
    pub item: ItemId,
    /// Where it was taken, when known.
    pub position: Option<Point>,
}

/// Asks somebody of the team to do a part of the checklist.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct HandSection {
    /// The controle.
    pub inspection: InspectionId,
    /// The section.
    pub section: String,
    /// The group's item, when the section repeats.
    pub item: Option<ItemId>,
    /// Who; none for nobody in particular.
    pub to: Option<PersonId>,
}

/// Settles a difference by choosing one of what is there.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Settle {
    /// The controle.
    pub inspection: InspectionId,
    /// The record of the candidate that was chosen.
    #[ts(type = "string")]
    pub record: RecordId,
    /// Why; needed for signatures.
    pub reason: String,
}

/// Signs what is there.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Sign {
    /// The controle.
    pub inspection: InspectionId,
    /// As drawn; without strokes the typed name counts.
    pub signature: Signature,
    /// Whether by the author of the report.
    pub by_author: bool,
}

/// Closes this version: it is final on this device and goes to the coordinator with the next sync.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct CloseInspection {
    /// The controle.
    pub inspection: InspectionId,
}

/// Begins a correction: a new version with a reason.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Reopen {
    /// The controle.
    pub inspection: InspectionId,
    /// Why.
    pub reason: String,
}

/// STOP was pressed.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PressStop {
    /// The open controle, if any.
    pub inspection: Option<InspectionId>,
    /// Where, when the device knows.
    pub position: Option<Point>,
}

/// What is known to read aloud.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Stopped {
    /// RFC 3339.
    pub at: String,
    /// The address of the controle, or empty.
    pub place: String,
    /// Coordinates to read aloud, or empty.
    pub coordinates: String,
}

/// What was decided after STOP.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct EndStop {
    /// The controle.
    pub inspection: InspectionId,
    /// Whether the visit is broken off.
    pub broken_off: bool,
    /// What was decided.
    pub note: String,
}
