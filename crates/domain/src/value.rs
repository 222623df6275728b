//! What a register can hold: an answer to a question or a field of an item.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::record::ChecklistRef;

/// An answer or a field's value. Written as `{"type": "...", "value": ...}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Value {
    /// Somebody took the answer away. The earlier answer stays in the history.
    Cleared,
    /// One option by its code: `ja`, `nee`, `onbekend`, `nvt`, or a code of the checklist.
    Choice(String),
    /// Several options by code, sorted and without doubles.
    Choices(Vec<String>),
    /// A number; the unit is the question's.
    Number(f64),
    /// Text as typed.
    Text(String),
    /// A calendar day.
    Date(#[cfg_attr(feature = "ts", ts(type = "string"))] NaiveDate),
    /// A time of day at the place of the controle.
    Time(#[cfg_attr(feature = "ts", ts(type = "string"))] NaiveTime),
    /// A moment with its UTC offset.
    DateTime(#[cfg_attr(feature = "ts", ts(type = "string"))] DateTime<FixedOffset>),
    /// An address.
    Address(Address),
    /// A point on earth.
    Point(Point),
    /// One option per row of a matrix: row code to option code.
    Matrix(BTreeMap<String, String>),
    /// A structured observation (`waarn`).
    Observation(Observation),
    /// A signature on glass.
    Signature(Signature),
    /// Yes or no about an item, such as "goes inside".
    Flag(bool),
    /// The version of the checklist that a controle follows.
    Checklist(ChecklistRef),
    /// Somebody of the team.
    Person(PersonId),
}

impl Value {
    /// A choice by its code.
    pub fn choice(code: &str) -> Self {
        Self::Choice(code.to_owned())
    }

    /// Text as typed.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Several choices; order and doubles carry no meaning and are removed, so that equal answers are equal bytes.
    pub fn choices<S: AsRef<str>>(codes: &[S]) -> Self {
        let mut codes: Vec<String> = codes.iter().map(|code| code.as_ref().to_owned()).collect();
        codes.sort();
        codes.dedup();
        Self::Choices(codes)
    }

    /// Whether there is nothing in it: cleared, or an empty text or selection.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Cleared => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Choices(codes) => codes.is_empty(),
            Self::Matrix(rows) => rows.is_empty(),
            Self::Observation(observation) => observation.text.trim().is_empty(),
            _ => false,
        }
    }

    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The single option, when it is one.
    pub fn as_choice(&self) -> Option<&str> {
        match self {
            Self::Choice(code) => Some(code),
            _ => None,
        }
    }
}

/// An address; barns often have none of their own, so free text is always allowed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Address {
    /// Street and number as read on the spot, such as `Kraaienhofsweg 12`.
    pub line: String,
    /// Postcode without a space, such as `1483AB`; empty when unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postcode: String,
    /// Town or village.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub town: String,
    /// Municipality by name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub municipality: String,
    /// BAG nummeraanduiding id (16 digits) when looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bag_id: Option<String>,
    /// Which part: a building, a room, "achter de stal".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
}

/// A WGS84 position in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Point {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
    /// Radius in metres within which the device believes to be; none when a person pointed or typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// How the position came about.
    pub source: PointSource,
}

/// How a position came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum PointSource {
    /// The device's own positioning.
    Device,
    /// Pointed at on a map.
    Map,
    /// Typed in.
    Typed,
}

/// What was observed, of which kind, and which ordinary explanation there is.
/// The kinds keep facts and assumptions apart (ECLI:NL:RBAMS:2012:BW2542).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Observation {
    /// Own observation, statement, document or assumption.
    pub kind: ObservationKind,
    /// What was seen, heard, said or read.
    pub text: String,
    /// The ordinary explanation that there is or that was given; every signal asks for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ordinary_explanation: String,
    /// When it was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub observed_at: Option<DateTime<FixedOffset>>,
}

/// The kind of an observation. An assumption never stands among the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ObservationKind {
    /// Eigen waarneming: seen, heard or smelled by the author.
    Own,
    /// Verklaring: said by somebody.
    Statement,
    /// Document: read in a document.
    Document,
    /// Vermoeden: an inference of the author.
    Assumption,
}

/// A signature drawn on glass: strokes in a box of 1000 by 400 units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Signature {
    /// The name of who signed, as typed or known.
    pub name: String,
    /// In which capacity: author, visited party.
    pub capacity: String,
    /// Strokes of x, y pairs; x 0 to 1000, y 0 to 400 downwards.
    pub strokes: Vec<Vec<(u16, u16)>>,
}
