//! A controle for the review screen.

mod fill;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use veldboek_sync::PhotoReceipt;

pub(crate) use fill::{shows, view};

/// Een controle zoals de beoordelaar haar ziet.
#[derive(Serialize, ToSchema)]
pub(crate) struct InspectionView {
    /// The controle.
    inspection: Uuid,
    /// Working number.
    number: String,
    /// Checklist family: `vb`, `btp` or `agro`.
    family: String,
    /// What kind of controle, by the checklist's title.
    title: String,
    /// Where it stands: `planned`, `busy`, `stopped`, `broken_off`, `closed`, `sent_back` or `agreed`.
    status: &'static str,
    /// 1, 2, ...
    version: u32,
    /// What the coordinator wrote when sending it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_back_because: Option<String>,
    /// When the step that counts was taken.
    last_step_at: Option<DateTime<FixedOffset>>,
    /// Where, on one line.
    address: String,
    /// Where on earth: latitude and longitude (WGS84).
    position: Option<(f64, f64)>,
    /// The responsible municipality.
    municipality: String,
    /// The organisation that works.
    source_organisation: String,
    /// When it is planned.
    planned_at: Option<DateTime<FixedOffset>>,
    /// Who is in the team.
    team: Vec<TeamMember>,
    /// Whether the backend has exactly the checklist with which it was made. Without it there are no parts and no report.
    checklist_known: bool,
    /// The checklist's name and version.
    checklist: String,
    /// The answers by part.
    parts: Vec<Part>,
    /// Findings B1, B2, ...
    findings: Vec<Finding>,
    /// Assumptions V1, V2, ..., apart from the facts.
    assumptions: Vec<Finding>,
    /// Photos by number.
    photos: Vec<PhotoView>,
    /// Measures M1, M2, ...
    measures: Vec<MeasureView>,
    /// Who took part, with their own ground.
    participants: Vec<Participant>,
    /// What was signed.
    signatures: Vec<SignatureView>,
    /// What people wrote differently and nobody chose yet.
    differences: Vec<Difference>,
    /// How the visited party reacted: words, or none when nothing was recorded.
    reaction: Option<String>,
    /// The working method.
    method: String,
    /// Records of a newer version that this backend keeps and does not understand.
    from_newer_version: usize,
    /// When the last record arrived.
    received_at: Option<DateTime<Utc>>,
}

/// Iemand uit het team.
#[derive(Serialize, ToSchema)]
struct TeamMember {
    /// The person.
    person: Uuid,
    /// Name.
    name: String,
    /// Organisation.
    organisation: String,
    /// Function.
    function: String,
}

/// Een onderdeel van de checklist.
#[derive(Serialize, ToSchema)]
struct Part {
    /// Code, such as `D`.
    code: String,
    /// Title.
    title: String,
    /// Answers in order.
    answers: Vec<Answer>,
}

/// Een antwoord.
#[derive(Serialize, ToSchema)]
struct Answer {
    /// The question's id.
    question_id: String,
    /// The question as it was asked.
    question: String,
    /// The answer in words; empty when there is none.
    answer: String,
    /// The note beside it.
    note: String,
    /// Who answered.
    author: String,
    /// When.
    answered_at: Option<DateTime<FixedOffset>>,
    /// Whether it counts.
    counts: bool,
}

/// Een bevinding of een vermoeden.
#[derive(Serialize, ToSchema)]
struct Finding {
    /// `B1` or `V1`.
    number: String,
    /// The item, when it was written as a finding.
    item: Option<Uuid>,
    /// The place in the checklist, when it is the observation of an answer.
    slot: Option<String>,
    /// A few words.
    title: String,
    /// `own`, `statement`, `document` or `assumption`.
    kind: &'static str,
    /// The same in words.
    kind_label: &'static str,
    /// What was seen, heard or read.
    text: String,
    /// The norm.
    norm: String,
    /// Where exactly.
    place: String,
    /// The ordinary explanation.
    ordinary_explanation: String,
    /// Who.
    author: String,
    /// When.
    observed_at: Option<DateTime<FixedOffset>>,
    /// Numbers of the photos that show it.
    photos: Vec<u32>,
}

/// Een foto.
#[derive(Serialize, ToSchema)]
struct PhotoView {
    /// `foto 1`, ...
    number: u32,
    /// The item: its bytes are at `/v1/controles/{controle}/fotos/{item}`.
    item: Uuid,
    /// What is seen.
    caption: String,
    /// Who took it.
    author: String,
    /// When it was taken.
    taken_at: Option<DateTime<FixedOffset>>,
    /// SHA-256 of the original.
    sha256: String,
    /// Size in bytes.
    bytes: u64,
    /// Width in pixels.
    width: u32,
    /// Height in pixels.
    height: u32,
    /// Whether the original is here, and under which receipt.
    receipt: Option<ReceiptView>,
    /// Whether a small version is here, which comes ahead of the original.
    preview: bool,
}

/// Het bewijs van ontvangst van een foto.
#[derive(Serialize, ToSchema)]
struct ReceiptView {
    /// To read aloud.
    number: String,
    /// When it was received.
    at: DateTime<FixedOffset>,
}

/// Een voorgestelde maatregel.
#[derive(Serialize, ToSchema)]
struct MeasureView {
    /// `M1`.
    number: String,
    /// Kind in words.
    label: String,
    /// The article on which it rests.
    basis: String,
    /// What has to happen.
    text: String,
    /// Before which day.
    deadline: Option<NaiveDate>,
    /// Who decides.
    decided_by: String,
    /// Findings that it concerns.
    concerns: Vec<String>,
}

/// Een deelnemer.
#[derive(Serialize, ToSchema)]
struct Participant {
    /// Name.
    name: String,
    /// Organisation.
    organisation: String,
    /// Function.
    function: String,
    /// Pass number.
    pass_number: String,
    /// The own law or ordinance.
    legal_basis: String,
    /// The designation decision.
    designation: String,
    /// Whether they go inside.
    goes_inside: bool,
}

/// Een handtekening.
#[derive(Serialize, ToSchema)]
struct SignatureView {
    /// Who.
    name: String,
    /// In which capacity.
    capacity: String,
    /// Whether by the author of the report.
    by_author: bool,
    /// When.
    signed_at: DateTime<FixedOffset>,
    /// Strokes in a box of 1000 by 400.
    strokes: Vec<Vec<(u16, u16)>>,
}

/// Een verschil.
#[derive(Serialize, ToSchema)]
struct Difference {
    /// What it is about, such as `D3`.
    label: String,
    /// The question or field in words.
    subject: String,
    /// The values beside each other.
    values: Vec<DifferentValue>,
}

/// Een van de waarden die verschillen.
#[derive(Serialize, ToSchema)]
struct DifferentValue {
    /// In words.
    text: String,
    /// Who.
    author: String,
    /// When.
    at: Option<DateTime<FixedOffset>>,
}

/// What is here of a photo.
pub(crate) struct KeptPhoto {
    /// The original's receipt.
    pub(crate) receipt: Option<PhotoReceipt>,
    /// Whether there is a small version.
    pub(crate) preview: bool,
}
