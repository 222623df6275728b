//! The checklist that an import makes, before it is written.

use super::remark::Place;
use super::translate::{Cel, Strength};

/// A checklist to be written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) groups: Vec<DraftGroup>,
    pub(crate) calculations: Vec<DraftCalculation>,
    pub(crate) sections: Vec<DraftSection>,
}

/// A group that repeats.
#[derive(Clone, Debug)]
pub(crate) struct DraftGroup {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) minimum: u32,
    pub(crate) place: Place,
}

/// A value that is worked out.
#[derive(Clone, Debug)]
pub(crate) struct DraftCalculation {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) value: Condition,
    pub(crate) group: Option<String>,
    pub(crate) place: Place,
}

/// A section.
#[derive(Clone, Debug, Default)]
pub(crate) struct DraftSection {
    pub(crate) title: String,
    pub(crate) explanation: Vec<String>,
    pub(crate) group: Option<String>,
    pub(crate) visible: Vec<Condition>,
    pub(crate) questions: Vec<DraftQuestion>,
}

/// A condition or a value, with the cell from which it comes.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) cel: Cel,
    pub(crate) place: Place,
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct DraftQuestion {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) place: Place,
    pub(crate) explanation: Option<String>,
    pub(crate) caution: Vec<String>,
    pub(crate) required: bool,
    pub(crate) required_if: Option<Condition>,
    pub(crate) visible: Vec<Condition>,
    pub(crate) follows: Option<String>,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) rows: Vec<(String, String)>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) whole: bool,
    pub(crate) now: bool,
    pub(crate) constraints: Vec<(Condition, String)>,
    pub(crate) notices: Vec<(Condition, String)>,
    pub(crate) help: Option<String>,
}

impl DraftQuestion {
    /// A question with nothing but its name, text and kind.
    pub(crate) fn new(id: String, text: String, kind: &'static str, place: Place) -> Self {
        Self {
            id,
            text,
            kind,
            place,
            explanation: None,
            caution: Vec::new(),
            required: false,
            required_if: None,
            visible: Vec::new(),
            follows: None,
            options: Vec::new(),
            rows: Vec::new(),
            minimum: None,
            maximum: None,
            whole: false,
            now: false,
            constraints: Vec::new(),
            notices: Vec::new(),
            help: None,
        }
    }
}

/// Conditions that must all hold, as one.
pub(crate) fn all(conditions: &[Condition]) -> Option<String> {
    match conditions {
        [] => None,
        [only] => Some(only.cel.text.clone()),
        several => {
            let parts: Vec<String> = several.iter().map(|one| one.cel.at_least(Strength::And)).collect();
            Some(parts.join(" && "))
        }
    }
}

impl Draft {
    /// How many questions there are.
    pub(crate) fn questions(&self) -> usize {
        self.sections.iter().map(|section| section.questions.len()).sum()
    }
}
