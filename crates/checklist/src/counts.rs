//! The only thing that may leave of a checklist with `uitgaand = "tellingen"`: which options were chosen and small whole
//! numbers, without who, where, when or in which order.

use serde::Serialize;
use veldboek_domain::{Slot, Value};

use crate::answers::Answers;
use crate::checklist::Checklist;
use crate::evaluation::Evaluation;
use crate::handling::Outgoing;
use crate::model::Question;

/// One thing to add up with those of other visits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Count {
    /// The question.
    pub question: String,
    /// What was answered.
    pub counted: Counted,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Counted {
    /// The code of an option; several chosen ones are several counts.
    Option(String),
    /// A number between the question's limits.
    Number(f64),
}

impl Checklist {
    /// The counts of one visit, in the order of the checklist: questions with `telt = true` that are visible and answered in
    /// full with something that fits. Empty for a checklist that does not say `uitgaand = "tellingen"`.
    pub fn counts(&self, answers: &dyn Answers, evaluation: &Evaluation) -> Vec<Count> {
        if self.outgoing != Outgoing::Counts {
            return Vec::new();
        }
        let mut counts = Vec::new();
        for section in &self.sections {
            let items = match &section.group {
                Some(group) => answers.group_items(group).into_iter().map(Some).collect(),
                None => vec![None],
            };
            for question in section.questions.iter().filter(|question| question.counted) {
                for item in &items {
                    let slot = Slot::within(&question.id, *item);
                    let state = evaluation.state(&slot);
                    if state.is_some_and(|state| state.visible && state.answered && state.violates.is_none())
                        && let Some(value) = answers.answer(&slot)
                    {
                        counts.extend(
                            counted(question, value)
                                .into_iter()
                                .map(|counted| Count { question: question.id.clone(), counted }),
                        );
                    }
                }
            }
        }
        counts
    }
}

/// Only codes that the question itself has: nothing that somebody typed gets through.
fn counted(question: &Question, value: &Value) -> Vec<Counted> {
    let chosen: Vec<&str> = match value {
        Value::Choice(code) => vec![code],
        Value::Choices(codes) => codes.iter().map(String::as_str).collect(),
        Value::Number(number) => return vec![Counted::Number(*number)],
        _ => Vec::new(),
    };
    let options = question.options.iter().filter(|option| chosen.contains(&option.code.as_str()));
    options.map(|option| Counted::Option(option.code.clone())).collect()
}
