//! What may happen with an answer: where it stands in the report, whom it may be about, and what of it may leave.
//!
//! In checklists these are Dutch words, in JSON English ones.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use veldboek_domain::Digest;

use crate::model::Status;

/// What of a checklist's answers may leave the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Outgoing {
    /// All answers, to the file of the controle.
    #[default]
    #[serde(rename(deserialize = "dossier", serialize = "everything"))]
    #[cfg_attr(feature = "ts", ts(rename = "everything"))]
    Everything,
    /// Counts only: see [`Checklist::counts`](crate::Checklist::counts).
    #[serde(rename(deserialize = "tellingen", serialize = "counts"))]
    #[cfg_attr(feature = "ts", ts(rename = "counts"))]
    Counts,
}

/// In which copies of the report an answer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum InReport {
    /// In both.
    #[default]
    #[serde(skip_deserializing, rename = "always")]
    #[schemars(skip)]
    Always,
    /// In the copy for the file only, not in the one to leave behind.
    #[serde(rename(deserialize = "dossier", serialize = "file_only"))]
    #[cfg_attr(feature = "ts", ts(rename = "file_only"))]
    FileOnly,
    /// In none.
    #[serde(rename(deserialize = "nooit", serialize = "never"))]
    #[cfg_attr(feature = "ts", ts(rename = "never"))]
    Never,
}

/// A place in the controlerapport that an answer fills (domain: what ABRvS asks of a report).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ReportPlace {
    /// The address.
    #[serde(rename(deserialize = "adres", serialize = "address"))]
    #[cfg_attr(feature = "ts", ts(rename = "address"))]
    Address,
    /// The point on earth.
    #[serde(rename(deserialize = "punt", serialize = "point"))]
    #[cfg_attr(feature = "ts", ts(rename = "point"))]
    Point,
    /// Why the controle was done.
    #[serde(rename(deserialize = "aanleiding", serialize = "cause"))]
    #[cfg_attr(feature = "ts", ts(rename = "cause"))]
    Cause,
    /// Whether the object is a home.
    #[serde(rename(deserialize = "woning", serialize = "home"))]
    #[cfg_attr(feature = "ts", ts(rename = "home"))]
    Home,
    /// The day on which a warrant was issued.
    #[serde(rename(deserialize = "machtiging-dag", serialize = "warrant_day"))]
    #[cfg_attr(feature = "ts", ts(rename = "warrant_day"))]
    WarrantDay,
    /// Whether somebody went in with the warrant.
    #[serde(rename(deserialize = "binnentreden", serialize = "warrant_used"))]
    #[cfg_attr(feature = "ts", ts(rename = "warrant_used"))]
    WarrantUsed,
    /// The time of arrival.
    #[serde(rename(deserialize = "aankomst", serialize = "arrival"))]
    #[cfg_attr(feature = "ts", ts(rename = "arrival"))]
    Arrival,
    /// The time at which the officers showed who they are.
    #[serde(rename(deserialize = "gelegitimeerd-om", serialize = "identified_at"))]
    #[cfg_attr(feature = "ts", ts(rename = "identified_at"))]
    IdentifiedAt,
    /// Whether the purpose was told.
    #[serde(rename(deserialize = "doel-gemeld", serialize = "purpose_told"))]
    #[cfg_attr(feature = "ts", ts(rename = "purpose_told"))]
    PurposeTold,
    /// To whom they spoke, by role.
    #[serde(rename(deserialize = "gesproken-met", serialize = "spoken_to"))]
    #[cfg_attr(feature = "ts", ts(rename = "spoken_to"))]
    SpokenTo,
    /// Whether the resident consented.
    #[serde(rename(deserialize = "toestemming", serialize = "consent"))]
    #[cfg_attr(feature = "ts", ts(rename = "consent"))]
    Consent,
    /// In which words and language.
    #[serde(rename(deserialize = "toestemming-woorden", serialize = "consent_words"))]
    #[cfg_attr(feature = "ts", ts(rename = "consent_words"))]
    ConsentWords,
    /// At what time.
    #[serde(rename(deserialize = "toestemming-tijd", serialize = "consent_at"))]
    #[cfg_attr(feature = "ts", ts(rename = "consent_at"))]
    ConsentAt,
    /// The time of the caution (art. 5:10a Awb).
    #[serde(rename(deserialize = "cautie-tijd", serialize = "caution_at"))]
    #[cfg_attr(feature = "ts", ts(rename = "caution_at"))]
    CautionAt,
    /// A statement; may stand on several questions.
    #[serde(rename(deserialize = "verklaring", serialize = "statement"))]
    #[cfg_attr(feature = "ts", ts(rename = "statement"))]
    Statement,
    /// The reaction of the visited party.
    #[serde(rename(deserialize = "reactie", serialize = "reaction"))]
    #[cfg_attr(feature = "ts", ts(rename = "reaction"))]
    Reaction,
    /// Whether it is made on oath of office.
    #[serde(rename(deserialize = "ambtseed", serialize = "oath"))]
    #[cfg_attr(feature = "ts", ts(rename = "oath"))]
    Oath,
}

impl ReportPlace {
    /// The word for it in a checklist.
    pub fn code(self) -> &'static str {
        match self {
            Self::Address => "adres",
            Self::Point => "punt",
            Self::Cause => "aanleiding",
            Self::Home => "woning",
            Self::WarrantDay => "machtiging-dag",
            Self::WarrantUsed => "binnentreden",
            Self::Arrival => "aankomst",
            Self::IdentifiedAt => "gelegitimeerd-om",
            Self::PurposeTold => "doel-gemeld",
            Self::SpokenTo => "gesproken-met",
            Self::Consent => "toestemming",
            Self::ConsentWords => "toestemming-woorden",
            Self::ConsentAt => "toestemming-tijd",
            Self::CautionAt => "cautie-tijd",
            Self::Statement => "verklaring",
            Self::Reaction => "reactie",
            Self::Oath => "ambtseed",
        }
    }
}

/// What an answer is about, in a checklist without persons. There is deliberately no word for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum About {
    /// The place.
    #[serde(rename(deserialize = "plek", serialize = "place"))]
    #[cfg_attr(feature = "ts", ts(rename = "place"))]
    Place,
    /// The organisation or the operator.
    #[serde(rename(deserialize = "organisatie", serialize = "organisation"))]
    #[cfg_attr(feature = "ts", ts(rename = "organisation"))]
    Organisation,
    /// How work is done.
    #[serde(rename(deserialize = "werkwijze", serialize = "method"))]
    #[cfg_attr(feature = "ts", ts(rename = "method"))]
    Method,
    /// The team that does the controle.
    #[serde(rename(deserialize = "team", serialize = "team"))]
    #[cfg_attr(feature = "ts", ts(rename = "team"))]
    Team,
}

impl About {
    /// The word for it in a checklist.
    pub fn code(self) -> &'static str {
        match self {
            Self::Place => "plek",
            Self::Organisation => "organisatie",
            Self::Method => "werkwijze",
            Self::Team => "team",
        }
    }
}

/// A kind of data about a person that a checklist without persons may ask only with a recorded ground.
///
/// Source: the State Secretary (34 193 nr. 12) and the AP on The Hague: data about a sex worker is special-category data,
/// and art. 151a Gemeentewet is no basis for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum PersonalData {
    /// A name, or what stands for one.
    #[serde(rename(deserialize = "naam", serialize = "name"), alias = "name")]
    #[cfg_attr(feature = "ts", ts(rename = "name"))]
    Name,
    /// BSN or another number that leads to one person.
    #[serde(rename = "bsn")]
    #[cfg_attr(feature = "ts", ts(rename = "bsn"))]
    Bsn,
    /// A telephone number, or a number bound to a room.
    #[serde(rename(deserialize = "telefoon", serialize = "telephone"), alias = "telephone")]
    #[cfg_attr(feature = "ts", ts(rename = "telephone"))]
    Telephone,
    /// A face or a photo.
    #[serde(rename(deserialize = "foto", serialize = "photo"), alias = "photo")]
    #[cfg_attr(feature = "ts", ts(rename = "photo"))]
    Photo,
    /// Nationality or origin.
    #[serde(rename(deserialize = "nationaliteit", serialize = "nationality"), alias = "nationality")]
    #[cfg_attr(feature = "ts", ts(rename = "nationality"))]
    Nationality,
    /// Health.
    #[serde(rename(deserialize = "gezondheid", serialize = "health"), alias = "health")]
    #[cfg_attr(feature = "ts", ts(rename = "health"))]
    Health,
    /// An advertisement.
    #[serde(rename(deserialize = "advertentie", serialize = "advertisement"), alias = "advertisement")]
    #[cfg_attr(feature = "ts", ts(rename = "advertisement"))]
    Advertisement,
}

impl PersonalData {
    /// The word for it in a checklist.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "naam",
            Self::Bsn => "bsn",
            Self::Telephone => "telefoon",
            Self::Photo => "foto",
            Self::Nationality => "nationaliteit",
            Self::Health => "gezondheid",
            Self::Advertisement => "advertentie",
        }
    }
}

/// A recorded ground of a municipality to ask one kind of data about persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Permission {
    /// The municipality, by its name.
    pub municipality: String,
    /// Which data.
    pub kind: PersonalData,
    /// The decision and the law on which it rests.
    pub decision: String,
    /// First day on which it holds.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// Last day on which it holds.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub until: Option<NaiveDate>,
}

impl Permission {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Whose questions a section holds, when they are one partner's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PartnerSet {
    /// The partner, by code of [`veldboek_domain::codes::PARTNERS`]: only its people see and answer the questions.
    pub partner: String,
    /// Whether the answers stay in the partner's own closed stream, outside the team's report.
    pub closed: bool,
}

/// A part that a checklist includes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IncludedPart {
    /// Stable name, such as `vondst`.
    pub id: String,
    /// Version.
    pub version: String,
    /// Whether it is approved.
    #[cfg_attr(feature = "ts", ts(type = "\"concept\" | \"vastgesteld\""))]
    pub status: Status,
    /// Title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether no question of it may identify a person.
    pub without_persons: bool,
    /// Whose it is, when it is a partner set.
    pub partner_set: Option<PartnerSet>,
    /// The file's name as it was passed in.
    pub file: String,
    /// SHA-256 over the exact bytes of the file.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub hash: Digest,
}
