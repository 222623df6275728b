//! A checklist as the rest of Veldboek sees it: read, checked, ready to show.
//!
//! Everything here serialises to JSON with English names, so that a screen can take it as it is.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::handling::{About, InReport, PartnerSet, PersonalData, ReportPlace};

/// Whether an organisation approved a text. A concept may be used, and says on every page that it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Status {
    /// A draft: no lawyer and no privacy officer has approved it.
    #[serde(rename = "concept")]
    Concept,
    /// Approved.
    #[serde(rename = "vastgesteld")]
    Approved,
}

/// Which programme a checklist belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Veilig Buitengebied.
    Vb,
    /// Bestuurlijk Toezicht Prostitutie.
    Btp,
    /// The agro-coach's confidential conversation.
    Agro,
}

/// What kind of answer a question takes. The Dutch codes stand in checklists, the English ones in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum QuestionKind {
    /// `ja`, `nee`: a [`Choice`](veldboek_domain::Value::Choice).
    #[serde(rename(deserialize = "ja-nee", serialize = "yes_no"))]
    #[cfg_attr(feature = "ts", ts(rename = "yes_no"))]
    YesNo,
    /// `ja`, `nee`, `nvt`.
    #[serde(rename(deserialize = "ja-nee-nvt", serialize = "yes_no_not_applicable"))]
    #[cfg_attr(feature = "ts", ts(rename = "yes_no_not_applicable"))]
    YesNoNotApplicable,
    /// `ja`, `nee`, `onbekend`.
    #[serde(rename(deserialize = "ja-nee-onbekend", serialize = "yes_no_unknown"))]
    #[cfg_attr(feature = "ts", ts(rename = "yes_no_unknown"))]
    YesNoUnknown,
    /// One option of the question's own.
    #[serde(rename(deserialize = "een-van", serialize = "one_of"))]
    #[cfg_attr(feature = "ts", ts(rename = "one_of"))]
    OneOf,
    /// Several options: [`Choices`](veldboek_domain::Value::Choices).
    #[serde(rename(deserialize = "meer-van", serialize = "several_of"))]
    #[cfg_attr(feature = "ts", ts(rename = "several_of"))]
    SeveralOf,
    /// A number with the question's unit.
    #[serde(rename(deserialize = "getal", serialize = "number"))]
    #[cfg_attr(feature = "ts", ts(rename = "number"))]
    Number,
    /// Text as typed.
    #[serde(rename(deserialize = "tekst", serialize = "text"))]
    #[cfg_attr(feature = "ts", ts(rename = "text"))]
    Text,
    /// A calendar day.
    #[serde(rename(deserialize = "datum", serialize = "date"))]
    #[cfg_attr(feature = "ts", ts(rename = "date"))]
    Date,
    /// A time of day.
    #[serde(rename(deserialize = "tijd", serialize = "time"))]
    #[cfg_attr(feature = "ts", ts(rename = "time"))]
    Time,
    /// A moment.
    #[serde(rename(deserialize = "datum-tijd", serialize = "date_time"))]
    #[cfg_attr(feature = "ts", ts(rename = "date_time"))]
    DateTime,
    /// An address.
    #[serde(rename(deserialize = "adres", serialize = "address"))]
    #[cfg_attr(feature = "ts", ts(rename = "address"))]
    Address,
    /// A point on earth.
    #[serde(rename(deserialize = "punt", serialize = "point"))]
    #[cfg_attr(feature = "ts", ts(rename = "point"))]
    Point,
    /// One or more photos beside the question; no register of its own.
    #[serde(rename(deserialize = "foto", serialize = "photo"))]
    #[cfg_attr(feature = "ts", ts(rename = "photo"))]
    Photo,
    /// A document: attached, or named in text.
    #[serde(rename(deserialize = "document", serialize = "document"))]
    #[cfg_attr(feature = "ts", ts(rename = "document"))]
    Document,
    /// A signature on glass.
    #[serde(rename(deserialize = "handtekening", serialize = "signature"))]
    #[cfg_attr(feature = "ts", ts(rename = "signature"))]
    Signature,
    /// The list of who takes part; the participants themselves are items of the inspection.
    #[serde(rename(deserialize = "deelnemers", serialize = "participants"))]
    #[cfg_attr(feature = "ts", ts(rename = "participants"))]
    Participants,
    /// One option for each row: [`Matrix`](veldboek_domain::Value::Matrix).
    #[serde(rename(deserialize = "matrix", serialize = "matrix"))]
    #[cfg_attr(feature = "ts", ts(rename = "matrix"))]
    Matrix,
    /// A structured observation.
    #[serde(rename(deserialize = "waarneming", serialize = "observation"))]
    #[cfg_attr(feature = "ts", ts(rename = "observation"))]
    Observation,
}

impl QuestionKind {
    /// Whether an answer is one option by its code.
    pub fn is_choice(self) -> bool {
        matches!(self, Self::YesNo | Self::YesNoNotApplicable | Self::YesNoUnknown | Self::OneOf)
    }
}

/// What must stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum StopKind {
    /// The STOP screen comes: leave, keep distance, call.
    #[serde(rename(deserialize = "veiligheid", serialize = "safety"))]
    Safety,
    /// Supervision ends and is handed over to competent officers.
    #[serde(rename(deserialize = "toezicht", serialize = "supervision"))]
    Supervision,
    /// Nobody goes inside.
    #[serde(rename(deserialize = "niet-binnen", serialize = "stay_outside"))]
    StayOutside,
}

/// A law, ordinance, judgment or other source, with the days on which it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Ground {
    /// Stable name, such as `awb-5-15`.
    pub id: String,
    /// How a report cites it, such as `art. 5:15 Awb`.
    pub article: String,
    /// What it says, in plain Dutch.
    pub text: String,
    /// First day on which it holds.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it holds.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub valid_until: Option<NaiveDate>,
    /// Whether a lawyer has yet to check article and text.
    pub to_be_checked: bool,
    /// Reference into `checklists/BRONNEN.md`.
    pub reference: Option<String>,
}

impl Ground {
    /// Whether it holds on a day; a ground without days always does.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_until.is_none_or(|until| day <= until)
    }
}

/// A group that repeats, such as the buildings on a yard. Its items are items of the inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Group {
    /// Name in conditions, such as `gebouw`.
    pub id: String,
    /// Plural.
    pub title: String,
    /// Singular.
    pub item_title: String,
    /// How many items there must be at least.
    pub minimum: u32,
}

/// Something to hand out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Leaflet {
    /// Stable name.
    pub id: String,
    /// Title.
    pub title: String,
}

/// A computed value that people can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Calculation {
    /// Name in conditions.
    pub name: String,
    /// Title.
    pub title: String,
    /// The group for whose items it is computed.
    pub group: Option<String>,
    /// The question beside which it stands.
    pub beside: Option<String>,
}

/// A part of a checklist.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Section {
    /// Letter or name, such as `F`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Explanation above it.
    pub explanation: Option<String>,
    /// The group for whose items it repeats.
    pub group: Option<String>,
    /// The partner who mostly does it, by code of [`veldboek_domain::codes::PARTNERS`].
    pub partner: Option<String>,
    /// Theme, by code of [`veldboek_domain::codes::THEMES`].
    pub theme: Option<String>,
    /// Whose questions these are, when they are one partner's own.
    pub partner_set: Option<PartnerSet>,
    /// In which copies of the report it stands.
    pub in_report: InReport,
    /// The questions in order.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Question {
    /// Name in conditions and in slots, such as `A5a`.
    pub id: String,
    /// The question.
    pub text: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// Explanation in a sentence.
    pub explanation: Option<String>,
    /// What must stand above the question, such as what may not be written down.
    pub caution: Option<String>,
    /// Whether an answer or a reason is always needed; the state of the day is in the evaluation.
    pub required: bool,
    /// Options: of the kind itself (`ja`, `nee`) or of the question.
    pub options: Vec<Choice>,
    /// Rows of a matrix.
    pub rows: Vec<Choice>,
    /// The question of which this is a follow-up.
    pub parent: Option<String>,
    /// How deep it stands: 0, or 1 more than its parent.
    pub level: u32,
    /// Whether it is about a signal: a fact to observe, never to count.
    pub signal: bool,
    /// The question that asks for the ordinary explanation of this signal.
    pub explained_in: Option<String>,
    /// Whether each chosen option has an observation of its own, in [`veldboek_domain::Slot::for_part`].
    pub observation_per_option: bool,
    /// Whether an observation needs its ordinary explanation.
    pub needs_ordinary_explanation: bool,
    /// Unit of a number.
    pub unit: Option<String>,
    /// Smallest number.
    pub minimum: Option<f64>,
    /// Largest number.
    pub maximum: Option<f64>,
    /// Whether only whole numbers are taken.
    pub whole: bool,
    /// Whether the app fills in the present time or day.
    pub prefill_now: bool,
    /// Photos beside the question.
    pub photos: Option<PhotoHint>,
    /// Help card.
    pub help: Option<HelpCard>,
    /// Legal grounds.
    pub grounds: Vec<Ground>,
    /// Partner, by code.
    pub partner: Option<String>,
    /// Theme, by code.
    pub theme: Option<String>,
    /// Measures that an answer may propose, for an overview; which ones do is in the evaluation.
    pub measures: Vec<String>,
    /// Whether an answer can bring a stop; which one does is in the evaluation.
    pub may_stop: bool,
    /// Which place of the report it fills.
    pub report_place: Option<ReportPlace>,
    /// In which copies of the report it stands: the stricter of its own and its section's.
    pub in_report: InReport,
    /// What the answer is about, where a checklist says so.
    pub about: Option<About>,
    /// Which data about a person it asks, with a recorded ground.
    pub personal_data: Option<PersonalData>,
    /// Whether the answer is among the counts that may leave.
    pub counted: bool,
    /// Whether it asks for the hand-over after supervision stopped.
    pub handover: bool,
}

/// An option or a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Choice {
    /// Stable code.
    pub code: String,
    /// What people read.
    pub label: String,
    /// The heading under which it stands.
    pub heading: Option<String>,
    /// Whether it excludes all others.
    pub exclusive: bool,
    /// Help card of this option.
    pub help: Option<HelpCard>,
}

/// Photos beside a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoHint {
    /// How many there should be at least; asked for, never enforced.
    pub minimum: u32,
    /// How many there may be at most.
    pub maximum: Option<u32>,
    /// How to take them.
    pub instruction: Option<String>,
    /// Whether nobody may be on them.
    pub without_persons: bool,
}

/// What stands one tap away from a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HelpCard {
    /// Why the question is there.
    pub explanation: Option<String>,
    /// What to look for.
    pub look_for: Vec<String>,
    /// Ordinary explanations.
    pub ordinary_explanations: Vec<String>,
    /// What to do.
    pub what_to_do: Vec<String>,
    /// Whom to call.
    pub whom_to_call: Vec<String>,
}
