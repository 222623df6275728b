//! Registers: where an answer or a field lives, and what it holds when several people wrote it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, RecordId};
use crate::record::Header;
use crate::value::Value;

/// A place for an answer: a question, in a repeated group when it stands in one, for one option of a
/// several-of question when each option has an observation of its own, or for one row of a matrix.
///
/// Written as `F2`, `F2@<group item>` or `E1@<group item>#<option>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub struct Slot {
    /// The question's id in the checklist.
    pub question: String,
    /// The repeated group's item.
    pub group: Option<ItemId>,
    /// An option or a row.
    pub part: Option<String>,
}

impl Slot {
    /// A question outside any group.
    pub fn of(question: &str) -> Self {
        Self { question: question.to_owned(), group: None, part: None }
    }

    /// A question in a repeated group's item.
    pub fn within(question: &str, group: Option<ItemId>) -> Self {
        Self { question: question.to_owned(), group, part: None }
    }

    /// The same place, for one option or row.
    pub fn for_part(&self, part: &str) -> Self {
        Self { part: Some(part.to_owned()), ..self.clone() }
    }
}

/// A part of a checklist: a section, for one item of its group when it repeats.
///
/// Written as `F` or `F@<group item>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub struct Part {
    /// The section's id in the checklist.
    pub section: String,
    /// The repeated group's item.
    pub item: Option<ItemId>,
}

/// Says which register: an answer, a note beside it, a reason for its absence, or a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub enum RegisterKey {
    /// The answer to a question.
    Answer(Slot),
    /// A note beside the answer.
    Note(Slot),
    /// Why a required question has no answer.
    Reason(Slot),
    /// A field of the controle as a whole.
    Inspection(Field),
    /// A field of an item of a set.
    Item(ItemId, Field),
    /// Whom the team leader asked to do a part: a [`Value::Person`], or [`Value::Cleared`] for nobody.
    Section(Part),
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// The fields that a controle and its items have. A field that a newer app wrote is kept as [`Field::Other`].
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        pub enum Field {
            $($(#[$doc])* $name,)+
            /// A field of a newer version: kept, synced and shown by its name.
            Other(String),
        }

        impl Field {
            /// The name under which it is written.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$name => $text,)+
                    Self::Other(name) => name,
                }
            }

            /// The field with this name.
            pub fn named(name: &str) -> Self {
                match name {
                    $($text => Self::$name,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

fields! {
    /// Where: a [`Value::Address`].
    Address = "address",
    /// Where on earth: a [`Value::Point`].
    Position = "position",
    /// When it is planned: a [`Value::DateTime`].
    PlannedAt = "planned_at",
    /// The official number, once the backend gave one.
    OfficialNumber = "official_number",
    /// The version of the checklist, once somebody moved the controle to a newer one.
    Checklist = "checklist",
    /// The working method (werkwijze): route, what was and was not inspected, tools, weather and light.
    Method = "method",
    /// The moment of departure.
    DepartedAt = "departed_at",
    /// A title in a few words.
    Title = "title",
    /// Running text.
    Text = "text",
    /// The kind of observation, by the codes of [`crate::ObservationKind`].
    Kind = "kind",
    /// The ordinary explanation (gewone verklaring).
    OrdinaryExplanation = "ordinary_explanation",
    /// When it was observed.
    ObservedAt = "observed_at",
    /// Where on the site, in words.
    Place = "place",
    /// The theme, by code.
    Theme = "theme",
    /// The rule that applies, in words with its article.
    Norm = "norm",
    /// A proposed measure, by code.
    Measure = "measure",
    /// The day by which something must be done.
    Deadline = "deadline",
    /// The body that decides about a measure.
    DecidedBy = "decided_by",
    /// The caption of a photo.
    Caption = "caption",
    /// The order within its set, as a number.
    Order = "order",
    /// A name: of a person who takes part, or of a repeated group.
    Name = "name",
    /// The organisation for which a participant acts.
    Organisation = "organisation",
    /// The partner for which a participant takes part, by code of [`crate::codes::PARTNERS`].
    Partner = "partner",
    /// The function of a participant.
    Function = "function",
    /// The number of the pass that was shown.
    PassNumber = "pass_number",
    /// The law or ordinance under which a participant acts (grondslag).
    LegalBasis = "legal_basis",
    /// The designation decision (aanwijzingsbesluit).
    Designation = "designation",
    /// Whether a participant goes inside.
    GoesInside = "goes_inside",
    /// The expertise of the author.
    Expertise = "expertise",
}

impl FromStr for Field {
    type Err = UnreadableKey;
    fn from_str(text: &str) -> Result<Self, UnreadableKey> {
        Ok(Self::named(text))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.question)?;
        if let Some(group) = &self.group {
            write!(f, "@{group}")?;
        }
        if let Some(part) = &self.part {
            write!(f, "#{part}")?;
        }
        Ok(())
    }
}

/// A register's or slot's text that can't be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("\"{0}\" names no register of this version")]
pub struct UnreadableKey(pub String);

impl FromStr for Slot {
    type Err = UnreadableKey;
    fn from_str(text: &str) -> Result<Self, UnreadableKey> {
        let bad = || UnreadableKey(text.to_owned());
        let (head, part) = match text.split_once('#') {
            Some((head, part)) => (head, Some(part.to_owned())),
            None => (text, None),
        };
        let (question, group) = match head.split_once('@') {
            Some((question, group)) => (question, Some(group.parse().map_err(|_| bad())?)),
            None => (head, None),
        };
        if question.is_empty() || part.as_deref() == Some("") {
            return Err(bad());
        }
        Ok(Self { question: question.to_owned(), group, part })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.section)?;
        match &self.item {
            Some(item) => write!(f, "@{item}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Part {
    type Err = UnreadableKey;
    fn from_str(text: &str) -> Result<Self, UnreadableKey> {
        let bad = || UnreadableKey(text.to_owned());
        let (section, item) = match text.split_once('@') {
            Some((section, item)) => (section, Some(item.parse().map_err(|_| bad())?)),
            None => (text, None),
        };
        if section.is_empty() { Err(bad()) } else { Ok(Self { section: section.to_owned(), item }) }
    }
}

impl fmt::Display for RegisterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(slot) => write!(f, "answer:{slot}"),
            Self::Note(slot) => write!(f, "note:{slot}"),
            Self::Reason(slot) => write!(f, "reason:{slot}"),
            Self::Inspection(field) => write!(f, "inspection:{field}"),
            Self::Item(item, field) => write!(f, "item:{item}:{field}"),
            Self::Section(part) => write!(f, "section:{part}"),
        }
    }
}

impl FromStr for RegisterKey {
    type Err = UnreadableKey;
    fn from_str(text: &str) -> Result<Self, UnreadableKey> {
        let bad = || UnreadableKey(text.to_owned());
        let (kind, rest) = text.split_once(':').ok_or_else(bad)?;
        Ok(match kind {
            "answer" => Self::Answer(rest.parse()?),
            "note" => Self::Note(rest.parse()?),
            "reason" => Self::Reason(rest.parse()?),
            "inspection" => Self::Inspection(Field::named(rest)),
            "item" => {
                let (item, field) = rest.split_once(':').ok_or_else(bad)?;
                Self::Item(item.parse().map_err(|_| bad())?, Field::named(field))
            }
            "section" => Self::Section(rest.parse()?),
            _ => return Err(bad()),
        })
    }
}

macro_rules! serde_as_text {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
serde_as_text!(Slot, Part, RegisterKey, Field);

/// One value that somebody wrote, with the record that proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What was written.
    pub value: Value,
    /// Who, when, on which device.
    pub header: Header,
}

/// What a register holds now: the values that no known record supersedes.
///
/// One distinct value is an answer. Two or more are a difference that a person settles; no clock and no side wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    live: BTreeMap<RecordId, Written>,
}

impl Register {
    /// Adds a live value.
    pub fn insert(&mut self, record: RecordId, written: Written) {
        self.live.insert(record, written);
    }

    /// Takes away a value that another record supersedes.
    pub fn remove(&mut self, record: &RecordId) {
        self.live.remove(record);
    }

    /// Whether nothing live is in it.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// The live values by record, in the order of their ids: the same on every device.
    pub fn live(&self) -> impl Iterator<Item = (&RecordId, &Written)> {
        self.live.iter()
    }

    /// The records that a new value must supersede.
    pub fn parents(&self) -> Vec<RecordId> {
        self.live.keys().copied().collect()
    }

    /// The agreed value; nothing while people differ.
    pub fn settled(&self) -> Option<&Value> {
        let mut values = self.live.values().map(|written| &written.value);
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }

    /// The settled value with the earliest record that holds it, for "who and when".
    pub fn settled_by(&self) -> Option<(&RecordId, &Written)> {
        self.settled()?;
        self.live.iter().min_by_key(|(id, written)| (written.header.at, **id))
    }

    /// Whether people wrote different values without seeing each other's.
    pub fn differs(&self) -> bool {
        !self.live.is_empty() && self.settled().is_none()
    }

    /// The distinct values, each with the records that hold it.
    pub fn candidates(&self) -> Vec<(&Value, Vec<(&RecordId, &Written)>)> {
        let mut candidates: Vec<(&Value, Vec<(&RecordId, &Written)>)> = Vec::new();
        for (id, written) in &self.live {
            match candidates.iter_mut().find(|(value, _)| **value == written.value) {
                Some((_, holders)) => holders.push((id, written)),
                None => candidates.push((&written.value, vec![(id, written)])),
            }
        }
        candidates
    }
}
