//! What is shown of one controle.

use std::sync::Arc;

use serde::Serialize;
use ts_rs::TS;
use veldboek_checklist::{Calculation, Group, Leaflet, Section};
use veldboek_domain::codes::Regime;
use veldboek_domain::{Digest, ItemId, PersonId, Point, Signature, Slot, Value};

use super::{ChecklistRow, InspectionRow};

/// A controle as the screen shows it: the checklist's text, and the state of everything.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct InspectionView {
    /// Number, address, status.
    pub row: InspectionRow,
    /// The official number, once there is one.
    pub official_number: Option<String>,
    /// The version of the report that is being made.
    pub version: u32,
    /// Whether this version is closed: nothing can be written until it is reopened.
    pub closed: bool,
    /// What the coordinator wrote when sending it back.
    pub sent_back_because: Option<String>,
    /// The checklist.
    pub checklist: ChecklistRow,
    /// The newer version of it that the controle can follow.
    pub newer_version: Option<ChecklistRow>,
    /// Its sections with their questions.
    pub sections: Vec<Section>,
    /// Its repeated groups.
    pub groups: Vec<Group>,
    /// Its computed values.
    pub calculations: Vec<Calculation>,
    /// What can be handed out.
    pub leaflets: Vec<Leaflet>,
    /// The items of the repeated groups, in order.
    pub group_items: Vec<GroupItem>,
    /// The state of every place for an answer that is visible or holds something.
    pub slots: Vec<SlotView>,
    /// Progress per section and group item.
    pub progress: Vec<PartProgress>,
    /// Findings and assumptions, in the order of their making.
    pub findings: Vec<FindingView>,
    /// Photos and documents, numbered.
    pub photos: Vec<PhotoView>,
    /// Participants with their own grounds.
    pub participants: Vec<ParticipantView>,
    /// Proposed measures.
    pub measures: Vec<MeasureView>,
    /// Fields of the controle itself: address, position, planned_at, method, departed_at, expertise.
    pub fields: Vec<FieldView>,
    /// Signatures.
    pub signatures: Vec<SignatureView>,
    /// The place for the reaction of the visited party, when the checklist asks for it.
    pub reaction: Option<Slot>,
    /// The people in the team.
    pub team: Vec<MemberView>,
    /// Whether the person of this device leads the team, and so asks people to do parts.
    pub leads: bool,
    /// The parts for which somebody was asked.
    pub asked: Vec<AskedPart>,
    /// What is missing, what stops and what can be done.
    pub summary: Summary,
}

/// An item of a repeated group.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GroupItem {
    /// The item.
    pub item: ItemId,
    /// The group's id.
    pub group: String,
    /// Its name, or a number when nobody named it.
    pub name: String,
}

/// The state of a place for an answer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SlotView {
    /// The place.
    pub slot: Slot,
    /// Whether its condition holds.
    pub visible: bool,
    /// Whether an answer or a reason is needed.
    pub required: bool,
    /// Whether it is done: answered, or excused with a reason.
    pub done: bool,
    /// The settled answer; none while open, cleared, or while people differ.
    pub value: Option<Value>,
    /// Whether people differ.
    pub differs: bool,
    /// Why the answer can't be right, in words.
    pub violation: Option<String>,
    /// What must happen before an answer can be given, in words: the cautie before a statement.
    pub locked: Option<String>,
    /// A note beside it.
    pub note: String,
    /// Why it has no answer.
    pub reason: String,
    /// When the answer was kept, RFC 3339.
    pub kept_at: Option<String>,
    /// Who gave it.
    pub author: String,
    /// When the backend gave its receipt for it, RFC 3339; none while it waits.
    pub received_at: Option<String>,
    /// How many photos belong to it.
    pub photos: u32,
}

/// Progress of a section, for one item of its group when it repeats.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PartProgress {
    /// The section.
    pub section: String,
    /// The group's item.
    pub item: Option<ItemId>,
    /// Questions that are done.
    pub done: u32,
    /// Questions that count.
    pub questions: u32,
    /// Required questions that are open.
    pub required_open: u32,
}

/// A part of the checklist for which the team leader asked somebody.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct AskedPart {
    /// The section.
    pub section: String,
    /// The group's item.
    pub item: Option<ItemId>,
    /// Who was asked; none while people differ.
    pub person: Option<PersonId>,
    /// Their name.
    pub name: String,
    /// Whether it is the person of this device.
    pub is_me: bool,
    /// Whether two people asked different ones.
    pub differs: bool,
}

/// A finding or an assumption.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FindingView {
    /// The item.
    pub item: ItemId,
    /// `B1` for a finding, `V1` for an assumption.
    pub number: String,
    /// A few words.
    pub title: String,
    /// `own`, `statement`, `document` or `assumption`.
    pub kind: String,
    /// What was observed.
    pub text: String,
    /// The ordinary explanation.
    pub ordinary_explanation: String,
    /// Where on the site.
    pub place: String,
    /// The theme's code.
    pub theme: String,
    /// The rule with its article.
    pub norm: String,
    /// When it was observed, RFC 3339.
    pub observed_at: Option<String>,
    /// The regime under which it stands.
    pub regime: Regime,
    /// Who made it, and when.
    pub author: String,
    /// RFC 3339.
    pub made_at: String,
    /// Its photos.
    pub photos: Vec<ItemId>,
    /// Fields about which people differ.
    pub differing: Vec<String>,
    /// Why it was withdrawn; none while it counts.
    pub withdrawn: Option<String>,
}

/// A photo or document.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PhotoView {
    /// The item.
    pub item: ItemId,
    /// `foto 3`: its number; 0 for a document.
    pub number: u32,
    /// Whether it is a document.
    pub document: bool,
    /// The question to which it belongs.
    pub slot: Option<Slot>,
    /// The finding to which it belongs.
    pub finding: Option<ItemId>,
    /// The caption.
    pub caption: String,
    /// Once sealed: SHA-256 of the original.
    pub sha256: Option<Digest>,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// RFC 3339.
    pub taken_at: Option<String>,
    /// Where, when known.
    pub position: Option<Point>,
    /// Who took it.
    pub author: String,
    /// Whether the original lies on this device.
    pub here: bool,
    /// Whether a small version lies on this device: of another member's photo it comes ahead of the original.
    pub preview: bool,
    /// Whether the backend gave its receipt for it, with an equal hash.
    pub received: bool,
    /// When, RFC 3339.
    pub received_at: Option<String>,
    /// The receipt's number.
    pub receipt: Option<String>,
    /// Whether it was taken on this device.
    pub own: bool,
    /// Why it was withdrawn; none while it counts.
    pub withdrawn: Option<String>,
}

/// A participant with an own ground.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ParticipantView {
    /// The item.
    pub item: ItemId,
    /// Name.
    pub name: String,
    /// Organisation.
    pub organisation: String,
    /// For which partner they come, by code; empty when nobody said. That partner's own questions are added then.
    pub partner: String,
    /// Function.
    pub function: String,
    /// Number of the pass.
    pub pass_number: String,
    /// Law or ordinance.
    pub legal_basis: String,
    /// Designation decision.
    pub designation: String,
    /// Whether this participant goes inside.
    pub goes_inside: bool,
    /// Whether there is an own ground of entry: a law and a designation.
    pub has_ground: bool,
    /// Why it was withdrawn; none while it counts.
    pub withdrawn: Option<String>,
}

/// A proposed measure.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MeasureView {
    /// The item; none for one that an answer proposes and nobody has taken over yet.
    pub item: Option<ItemId>,
    /// `M1`, or empty while only proposed.
    pub number: String,
    /// The measure's code.
    pub measure: String,
    /// The measure in words.
    pub label: String,
    /// What it says.
    pub text: String,
    /// The day by which, `2026-12-17`.
    pub deadline: Option<String>,
    /// Who decides.
    pub decided_by: String,
    /// The question that proposes it.
    pub proposed_by: Option<Slot>,
    /// The finding to which it belongs.
    pub finding: Option<ItemId>,
    /// Why it was withdrawn; none while it counts.
    pub withdrawn: Option<String>,
}

/// A field of the controle.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FieldView {
    /// Its name, such as `method`.
    pub field: String,
    /// Its settled value.
    pub value: Option<Value>,
    /// Whether people differ.
    pub differs: bool,
    /// When it was kept, RFC 3339.
    pub kept_at: Option<String>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SignatureView {
    /// As drawn.
    pub signature: Signature,
    /// Whether by the author.
    pub by_author: bool,
    /// RFC 3339.
    pub at: String,
}

/// Somebody in the team.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MemberView {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Function.
    pub function: String,
    /// Organisation.
    pub organisation: String,
    /// Whether it is the person of this device.
    pub is_me: bool,
}

/// What is missing, what stops and what can be done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct Summary {
    /// Required questions that are open.
    pub missing: Arc<Vec<Arc<Missing>>>,
    /// What else keeps the controle from being closed, by code: `differences`, `method`, `author_signature`,
    /// `participant_without_ground`, `photo_pending`.
    pub blocks: Vec<String>,
    /// Whether the author can sign.
    pub can_sign: bool,
    /// Whether it can be closed.
    pub can_close: bool,
    /// Stops that answers brought about.
    pub stops: Vec<StopView>,
    /// Tasks that answers opened.
    pub tasks: Vec<TaskView>,
    /// What answers ask to do now.
    pub notices: Vec<NoticeView>,
    /// What answers propose to hand out: titles, beside their question.
    pub hand_outs: Vec<NoticeView>,
    /// Conditions that could not be worked out, in words.
    pub problems: Vec<String>,
    /// Records of a newer version.
    pub from_newer_version: u32,
}

/// A required question that is open.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Missing {
    /// The place.
    pub slot: Slot,
    /// The section.
    pub section: String,
    /// The question.
    pub text: String,
    /// The group item's name; empty outside groups.
    pub item_name: String,
}

/// A stop that an answer brought about.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StopView {
    /// The question.
    pub slot: Slot,
    /// `safety`, `supervision` or `stay_outside`.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Whether what was found may be written down under investigation from here on (sfeerovergang), by who is a BOA.
    pub offers_regime_switch: bool,
}

/// What an answer asks to do now, beside its question.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct NoticeView {
    /// The question.
    pub slot: Slot,
    /// What it says.
    pub text: String,
}

/// A task that an answer opened.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TaskView {
    /// The question.
    pub slot: Slot,
    /// What must be done.
    pub title: String,
    /// The last day, `2026-11-23`; none when there is no limit.
    pub due: Option<String>,
}
