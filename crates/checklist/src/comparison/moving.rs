//! What happens to the answers of a controle when it would follow a newer version of its checklist.
//!
//! A preview only: the controle stays pinned until somebody decides. Every answer that was written is named, either among those
//! that go along or among those that no longer count.

use serde::Serialize;
use veldboek_domain::{ItemId, Slot, Value};

use crate::answers::Answers;
use crate::checklist::Checklist;
use crate::evaluation::Evaluation;
use crate::model::{Question, QuestionKind};
use crate::words;

/// What would happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MovePreview {
    /// Answers that stand in the new version as they are.
    pub goes_along: Vec<Moved>,
    /// Answers that are kept and no longer count, each with the reason.
    pub no_longer_counts: Vec<Lapse>,
    /// Questions that the old version did not have and that are visible now.
    pub new_questions: Vec<NewQuestion>,
    /// Where something must still be done that was done, or not asked, before.
    #[cfg_attr(feature = "ts", ts(type = "string[]"))]
    pub opens: Vec<Slot>,
}

/// An answer that goes along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Moved {
    /// Where it stands.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub slot: Slot,
    /// Whether it counts: its question is visible. An answer that did not count goes along as such.
    pub counts: bool,
    /// Rows of a matrix that the new version no longer has, in words.
    pub without: Vec<String>,
}

/// An answer that no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Lapse {
    /// Where it stands.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub slot: Slot,
    /// The old question.
    pub question: String,
    /// Why.
    pub reason: LapseReason,
    /// Why, in Dutch words.
    pub words: String,
}

/// Why an answer no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum LapseReason {
    /// The question is gone.
    QuestionGone,
    /// The question takes another kind of answer.
    KindChanged,
    /// The question repeats for another group, or no longer.
    GroupChanged,
    /// The chosen option is gone.
    OptionGone,
    /// The question is no longer there with these answers.
    Hidden,
    /// The answer does not keep to a limit or demand of the new version.
    Unfit,
}

/// A question that is new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewQuestion {
    /// Where it stands.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub slot: Slot,
    /// The question.
    pub question: String,
    /// Whether an answer is needed.
    pub required: bool,
}

impl MovePreview {
    /// Looks ahead. The evaluations are of the same answers and facts, by the old and by the new version.
    pub fn of(
        old: &Checklist,
        new: &Checklist,
        answers: &dyn Answers,
        old_evaluation: &Evaluation,
        new_evaluation: &Evaluation,
    ) -> Self {
        let look = Look { old, new, answers, old_evaluation, new_evaluation };
        let mut preview = Self::default();
        for section in old.sections() {
            for item in items(section.group.as_deref(), answers) {
                for question in &section.questions {
                    look.question(question, item, &mut preview);
                }
            }
        }
        for slot in new_evaluation.visible() {
            if old.question(&slot.question).is_none()
                && let Some(question) = new.question(&slot.question)
            {
                let required = new_evaluation.state(&slot).is_some_and(|state| state.required);
                preview.new_questions.push(NewQuestion { slot, question: question.text.clone(), required });
            }
        }
        let open_before = old_evaluation.open();
        preview.opens = new_evaluation.open().into_iter().filter(|slot| !open_before.contains(slot)).collect();
        preview
    }

    /// The preview in a few Dutch sentences.
    pub fn words(&self) -> String {
        let along = self.goes_along.len();
        let mut lines = vec![match along {
            1 => "1 antwoord gaat mee.".to_owned(),
            _ => format!("{along} antwoorden gaan mee."),
        }];
        lines.extend(match self.new_questions.len() {
            0 => None,
            1 => Some("1 vraag is nieuw.".to_owned()),
            count => Some(format!("{count} vragen zijn nieuw.")),
        });
        lines.extend(match self.no_longer_counts.len() {
            0 => None,
            1 => Some("1 antwoord telt niet meer mee; het blijft bewaard.".to_owned()),
            count => Some(format!("{count} antwoorden tellen niet meer mee; ze blijven bewaard.")),
        });
        lines.join(" ")
    }
}

fn items(group: Option<&str>, answers: &dyn Answers) -> Vec<Option<ItemId>> {
    match group {
        Some(group) => answers.group_items(group).into_iter().map(Some).collect(),
        None => vec![None],
    }
}

struct Look<'a> {
    old: &'a Checklist,
    new: &'a Checklist,
    answers: &'a dyn Answers,
    old_evaluation: &'a Evaluation,
    new_evaluation: &'a Evaluation,
}

impl Look<'_> {
    fn question(&self, question: &Question, item: Option<ItemId>, preview: &mut MovePreview) {
        let slot = Slot::within(&question.id, item);
        let mut places = vec![slot.clone()];
        if question.observation_per_option {
            places.extend(question.options.iter().map(|option| slot.for_part(&option.code)));
        }
        for place in places.into_iter().filter(|place| self.is_written(place)) {
            match self.lapse(question, &place) {
                Some((reason, words)) => {
                    preview.no_longer_counts.push(Lapse { slot: place, question: question.text.clone(), reason, words })
                }
                None => preview.goes_along.push(Moved {
                    counts: self.new_evaluation.state(&place).is_some_and(|state| state.visible),
                    without: self.rows_gone(question, &place),
                    slot: place,
                }),
            }
        }
    }

    /// Whether there is an answer, a file, or a reason why there is no answer.
    fn is_written(&self, slot: &Slot) -> bool {
        self.answers.answer(slot).is_some_and(|value| !value.is_blank())
            || self.answers.attachments(slot) > 0
            || self.answers.reason(slot).is_some_and(|reason| !reason.trim().is_empty())
    }

    fn lapse(&self, question: &Question, slot: &Slot) -> Option<(LapseReason, String)> {
        let Some(now) = self.new.question(&question.id) else {
            return Some((LapseReason::QuestionGone, "De vraag is vervallen.".to_owned()));
        };
        if now.kind != question.kind {
            let (before, after) = (words::question_kind(question.kind), words::question_kind(now.kind));
            return Some((LapseReason::KindChanged, format!("De vraag vroeg {before} en vraagt nu {after}.")));
        }
        let group = |of: &Checklist| of.section_of(&question.id).and_then(|section| section.group.clone());
        if group(self.old) != group(self.new) {
            let words = match group(self.new) {
                Some(group) => format!("De vraag komt nu terug per {group}."),
                None => "De vraag komt nu één keer voor.".to_owned(),
            };
            return Some((LapseReason::GroupChanged, words));
        }
        if let Some(label) = self.option_gone(question, now, slot) {
            return Some((LapseReason::OptionGone, format!("De keuze \"{label}\" is vervallen.")));
        }
        let before = self.old_evaluation.state(slot);
        let after = self.new_evaluation.state(slot);
        let visible = |state: Option<&crate::evaluation::QuestionState>| state.is_some_and(|state| state.visible);
        if visible(before) && !visible(after) {
            return Some((LapseReason::Hidden, "Bij deze antwoorden is de vraag er niet meer.".to_owned()));
        }
        let wrong = |state: Option<&crate::evaluation::QuestionState>| state.and_then(|state| state.violates.clone());
        match (wrong(before), wrong(after)) {
            (None, Some(text)) if slot.part.is_none() => Some((LapseReason::Unfit, text)),
            _ => None,
        }
    }

    /// A chosen option, or the option of an observation, that the new version does not have.
    fn option_gone(&self, question: &Question, now: &Question, slot: &Slot) -> Option<String> {
        let gone = |code: &str| !now.options.iter().any(|option| option.code == code);
        let label = |code: &str| words::option(Some(question), code);
        if let Some(part) = &slot.part {
            return gone(part).then(|| label(part));
        }
        match self.answers.answer(slot)? {
            Value::Choice(code) if question.kind.is_choice() => gone(code).then(|| label(code)),
            Value::Choices(codes) => codes.iter().find(|code| gone(code)).map(|code| label(code)),
            Value::Matrix(rows) => rows.values().find(|code| gone(code)).map(|code| label(code)),
            _ => None,
        }
    }

    fn rows_gone(&self, question: &Question, slot: &Slot) -> Vec<String> {
        let (QuestionKind::Matrix, Some(Value::Matrix(rows)), Some(now)) =
            (question.kind, self.answers.answer(slot), self.new.question(&question.id))
        else {
            return Vec::new();
        };
        let gone = question.rows.iter().filter(|row| rows.contains_key(&row.code));
        gone.filter(|row| !now.rows.iter().any(|one| one.code == row.code)).map(|row| row.label.clone()).collect()
    }
}
