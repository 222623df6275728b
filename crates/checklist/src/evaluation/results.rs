//! What an evaluation finds.

use chrono::NaiveDate;
use serde::Serialize;
use veldboek_domain::Slot;

use crate::model::StopKind;

/// How one question stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QuestionState {
    /// Whether it is shown and counted.
    pub visible: bool,
    /// Whether an answer or a reason is needed.
    pub required: bool,
    /// Whether it is answered in full.
    pub answered: bool,
    /// Whether a reason was written why it is not answered.
    pub excused: bool,
    /// Whether something was written, also when it is hidden now: then it is kept and does not count.
    pub written: bool,
    /// Why it is locked, in words; nothing when it is not.
    pub locked: Option<String>,
    /// What is wrong with the answer, in words.
    pub violates: Option<String>,
    /// Options or rows that still miss something.
    pub incomplete: Vec<String>,
}

impl QuestionState {
    /// Whether something must still be done here before a report can become final.
    pub fn open(&self) -> bool {
        self.visible && (self.required && !self.answered && !self.excused || self.violates.is_some())
    }

    /// An answer that was written and does not count, since its question is hidden ("telt niet mee").
    pub fn does_not_count(&self) -> bool {
        self.written && !self.visible
    }
}

/// How far a section or a checklist is. Only what is visible counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Questions answered or excused.
    pub answered: usize,
    /// Questions visible.
    pub visible: usize,
    /// Questions of which something must still be done.
    pub required_open: usize,
}

impl std::ops::Add for Progress {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            answered: self.answered + other.answered,
            visible: self.visible + other.visible,
            required_open: self.required_open + other.required_open,
        }
    }
}

/// A measure that an answer proposes. The decision belongs to the competent authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposedMeasure {
    /// The question that proposes it.
    pub slot: Slot,
    /// Code of [`veldboek_domain::codes::MEASURES`].
    pub code: String,
    /// Note for the reader.
    pub note: Option<String>,
    /// Partner to whom it goes, by code.
    pub partner: Option<String>,
}

/// A reason to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiredStop {
    /// The question that says so.
    pub slot: Slot,
    /// What must stop.
    pub kind: StopKind,
    /// Why, and what to do now.
    pub text: String,
    /// Whether a BOA may now choose the other regime: one way, recorded with time and reason (sfeerovergang). Supervision
    /// never turns into investigation by itself.
    pub offers_regime_switch: bool,
}

/// A task that follows from an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenedTask {
    /// The question that opens it.
    pub slot: Slot,
    /// Stable name.
    pub id: String,
    /// Title.
    pub title: String,
    /// Last day; nothing when it has none, or not yet.
    pub due: Option<NaiveDate>,
}

/// Something to tell the person who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The question beside which it stands.
    pub slot: Slot,
    /// The text.
    pub text: String,
}

/// A leaflet to hand out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandOut {
    /// The question that proposes it.
    pub slot: Slot,
    /// Name of the leaflet.
    pub leaflet: String,
}

/// An expression that could not be evaluated; it counted as false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluationProblem {
    /// The question, or the calculation by its name.
    pub slot: Slot,
    /// What the expression is for.
    pub purpose: &'static str,
    /// The expression as written.
    pub expression: String,
    /// What went wrong.
    pub message: String,
}

/// A group with fewer items than it must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingItems {
    /// The group.
    pub group: String,
    /// How many are missing.
    pub missing: u32,
}
