//! What differs between two versions of a checklist, in words, and what that means for answers already given.
//!
//! Questions are the same when their id is: ids are stable, and a question that means something else gets a new id. Nothing is
//! ever dropped: an answer that no longer counts stays in the records, and is named.

mod changes;
mod moving;

use serde::Serialize;
use veldboek_domain::Digest;

use crate::checklist::Checklist;
use crate::model::Question;

pub use moving::{Lapse, LapseReason, MovePreview, Moved, NewQuestion};

/// One version of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VersionRef {
    /// Stable name, such as `vb-ic`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// Its hash.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub hash: Digest,
}

/// What differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Comparison {
    /// The version that there was.
    pub old: VersionRef,
    /// The version that comes.
    pub new: VersionRef,
    /// What changed about the checklist as a whole: title, status, days, parts, sections, groups, leaflets, calculations.
    pub whole: Vec<Change>,
    /// Questions that are new, changed or gone: in the order of the new version, the gone ones where they stood.
    pub questions: Vec<QuestionChange>,
}

/// A question that is new, changed or gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QuestionChange {
    /// The question.
    pub question: String,
    /// The section in which it stands, or stood.
    pub section: String,
    /// Its text: the new one when it has one.
    pub text: String,
    /// What happened.
    pub what: What,
    /// What changed in it; empty when it is new or gone.
    pub changes: Vec<Change>,
}

/// What happened to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum What {
    /// It was not there.
    New,
    /// It is there in both, and not the same.
    Changed,
    /// It is no longer there.
    Gone,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Change {
    /// What it is about.
    pub aspect: Aspect,
    /// In Dutch words, such as `De keuze "Verhuurd" is erbij gekomen.`
    pub words: String,
    /// As it was; nothing when there was nothing.
    pub old: Option<String>,
    /// As it becomes; nothing when it is gone.
    pub new: Option<String>,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Aspect {
    /// Title, description, status or days of the checklist.
    Header,
    /// What may leave, and whether anybody may be identified.
    Privacy,
    /// A part or partner set.
    Part,
    /// A section.
    Section,
    /// A group, leaflet or calculation.
    Declared,
    /// The kind of answer: old answers do not fit.
    Kind,
    /// The question's own words: text, explanation, caution, help.
    Text,
    /// An option or row.
    Option,
    /// The law on which it rests.
    Law,
    /// Whether an answer is required, and when.
    Required,
    /// When it is there.
    Visible,
    /// What the answer must keep to: limits, demands, lock.
    Limits,
    /// What follows: measures, stops, tasks, notices, leaflets.
    Outcome,
    /// Where it stands in the report.
    Report,
    /// Everything else: signal, photos, partner, theme.
    Other,
}

impl Comparison {
    /// Compares two versions.
    pub fn of(old: &Checklist, new: &Checklist) -> Self {
        Self {
            old: version(old),
            new: version(new),
            whole: changes::of_checklist(old, new),
            questions: questions(old, new),
        }
    }

    /// Whether nothing differs that people would see or that the law asks.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.questions.is_empty()
    }

    /// The changes in Dutch, one a line: first of the whole, then question by question.
    pub fn words(&self) -> Vec<String> {
        let whole = self.whole.iter().map(|change| change.words.clone());
        let questions = self.questions.iter().flat_map(|one| match one.what {
            What::New => vec![format!("{} is nieuw: {}", one.question, one.text)],
            What::Gone => vec![format!("{} is vervallen: {}", one.question, one.text)],
            What::Changed => one.changes.iter().map(|change| format!("{}: {}", one.question, change.words)).collect(),
        });
        whole.chain(questions).collect()
    }
}

fn version(checklist: &Checklist) -> VersionRef {
    VersionRef {
        id: checklist.id.clone(),
        title: checklist.title.clone(),
        version: checklist.version.clone(),
        hash: checklist.hash,
    }
}

fn questions(old: &Checklist, new: &Checklist) -> Vec<QuestionChange> {
    let mut changes: Vec<QuestionChange> = Vec::new();
    for question in new.questions() {
        let found = match old.question(&question.id) {
            None => Some((What::New, Vec::new())),
            Some(_) => Some((What::Changed, changes::of_question(&question.id, old, new)))
                .filter(|(_, changes)| !changes.is_empty()),
        };
        changes.extend(found.map(|(what, changes)| change(question, new, what, changes)));
    }
    // A gone question stands behind the last one before it that is listed, or that still exists.
    let mut behind: Option<usize> = None;
    for question in old.questions() {
        match changes.iter().position(|one| one.question == question.id && one.what != What::Gone) {
            Some(place) => behind = Some(place),
            None if new.question(&question.id).is_none() => {
                let place = behind.map_or(0, |place| place + 1);
                changes.insert(place, change(question, old, What::Gone, Vec::new()));
                behind = Some(place);
            }
            None => {}
        }
    }
    changes
}

fn change(question: &Question, of: &Checklist, what: What, changes: Vec<Change>) -> QuestionChange {
    QuestionChange {
        question: question.id.clone(),
        section: of.section_of(&question.id).map(|section| section.id.clone()).unwrap_or_default(),
        text: question.text.clone(),
        what,
        changes,
    }
}
