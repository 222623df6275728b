//! What was observed, inferred, said and proposed, and what was answered to it.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use veldboek_domain::ObservationKind;

/// Something that was observed (bevinding).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `B1`, `B2`, ...
    pub number: String,
    /// A few words; empty when the author gave none.
    pub title: String,
    /// The norm against which it was looked at; empty when there is none.
    pub norm: String,
    /// Own observation, statement or document.
    pub kind: ObservationKind,
    /// What was seen, heard or read.
    pub text: String,
    /// When it was observed.
    pub observed_at: Option<DateTime<FixedOffset>>,
    /// Where exactly, or from where it was seen; empty when not recorded.
    pub place: String,
    /// Who observed it.
    pub author: String,
    /// The ordinary explanation that there is or that was given; empty when none was recorded.
    pub ordinary_explanation: String,
    /// Numbers of the photos that show it.
    pub photos: Vec<u32>,
}

/// Something that the author infers (vermoeden).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// `V1`, `V2`, ...
    pub number: String,
    /// A few words; empty when the author gave none.
    pub title: String,
    /// The inference and what it rests on.
    pub text: String,
    /// When it was written.
    pub observed_at: Option<DateTime<FixedOffset>>,
    /// Who infers it.
    pub author: String,
    /// The ordinary explanation; empty when none was recorded, which the report says.
    pub ordinary_explanation: String,
    /// Numbers of the findings on which it rests, such as `B2`.
    pub rests_on: Vec<String>,
    /// Numbers of the photos that belong to it.
    pub photos: Vec<u32>,
}

/// What somebody said (verklaring).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Who said it, as a role, such as `gebruiker van de schuur`.
    pub role: String,
    /// Whether the caution was given before.
    pub caution: StatementCaution,
    /// Word for word, or a summary.
    pub verbatim: bool,
    /// What was said.
    pub text: String,
    /// When.
    pub taken_at: Option<DateTime<FixedOffset>>,
    /// Who wrote it down.
    pub author: String,
    /// Numbers of the photos that belong to it.
    pub photos: Vec<u32>,
}

/// Whether the caution (cautie, art. 5:10a Awb) came before a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StatementCaution {
    /// Given before the statement.
    Given {
        /// When.
        at: Option<DateTime<FixedOffset>>,
    },
    /// Not given.
    NotGiven,
}

/// A proposed measure. The decision belongs to the competent authority.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// `M1`, `M2`, ...
    pub number: String,
    /// The kind, as people read it, such as `Schriftelijke waarschuwing`.
    pub label: String,
    /// The article on which it rests; empty when there is none.
    pub basis: String,
    /// What has to happen.
    pub text: String,
    /// Before which day.
    pub deadline: Option<NaiveDate>,
    /// Who decides.
    pub decided_by: String,
    /// Numbers of the findings that it concerns, such as `B1`.
    pub concerns: Vec<String>,
}

/// What the visited party answered (reactie, zienswijze).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Response {
    /// They answered.
    Given {
        /// Who, as a role.
        role: String,
        /// What they said.
        text: String,
        /// When.
        at: Option<DateTime<FixedOffset>>,
    },
    /// They were asked and did not answer.
    None,
    /// Nobody was present to be asked.
    NobodyPresent,
    /// Nothing has been recorded yet.
    NotRecorded,
}
