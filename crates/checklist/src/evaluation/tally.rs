//! How far the sections are. After a pass only those are counted anew in which it looked at a question.

use std::collections::BTreeSet;
use std::sync::Arc;

use veldboek_domain::{ItemId, Slot};

use super::instances::Key;
use super::{Evaluation, Instance, Progress, QuestionState};
use crate::model::Question;

/// How far one section is, in one item of its group when it repeats.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    progress: Progress,
    /// The questions of which something must still be done, in their order.
    open: Vec<usize>,
}

impl Evaluation {
    /// How far a section is; in one item of its group, or in all of them.
    pub fn progress(&self, section: &str, item: Option<ItemId>) -> Progress {
        let parts = self.parts(|id| id == section).filter(|(_, at, _)| item.is_none() || *at == item);
        parts.fold(Progress::default(), |sum, (_, _, progress)| sum + progress)
    }

    /// How far each section is of which the id is wanted, and each item of its group when it repeats: the section's id, the
    /// item, the progress. In the order of the sections.
    pub fn parts(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = (&str, Option<ItemId>, Progress)> {
        let sections = self.plan.sections.iter().enumerate().filter(move |(_, section)| wanted(&section.id));
        sections.flat_map(move |(index, section)| {
            let items = self.items_in(section.group);
            items.map(move |item| (section.id.as_str(), item, self.tally((index, item)).progress))
        })
    }

    /// How far the whole checklist is. Missing group items count as open.
    pub fn total(&self) -> Progress {
        self.total_in(|_| true)
    }

    /// How far the sections are of which the id is wanted, such as those that somebody sees
    /// ([`crate::Checklist::sections_for`]). Missing group items count as open.
    pub fn total_in(&self, wanted: impl Fn(&str) -> bool) -> Progress {
        let mut total = self.parts(wanted).fold(Progress::default(), |sum, (_, _, progress)| sum + progress);
        total.required_open += self.missing_items().iter().map(|group| group.missing as usize).sum::<usize>();
        total
    }

    /// Every visible question in the order in which people walk through it: sections of one group that follow each
    /// other are walked item by item.
    pub fn visible(&self) -> Vec<Slot> {
        self.visible_in(|_| true)
    }

    /// The same, in the sections of which the id is wanted.
    pub fn visible_in(&self, wanted: impl Fn(&str) -> bool) -> Vec<Slot> {
        let parts = self.walk(wanted).into_iter();
        let questions = parts.flat_map(|(section, item)| {
            let questions = self.plan.sections[section].questions.iter();
            questions
                .filter(move |question| self.is(**question, item, |state| state.visible))
                .map(move |one| (*one, item))
        });
        questions.map(|(question, item)| Slot::within(&self.plan.questions[question].question.id, item)).collect()
    }

    /// Every question of which something must still be done, in walking order: for "next open question".
    pub fn open(&self) -> Vec<Slot> {
        self.open_in(|_| true)
    }

    /// The same, in the sections of which the id is wanted.
    pub fn open_in(&self, wanted: impl Fn(&str) -> bool) -> Vec<Slot> {
        let open = self.open_questions_in(wanted).into_iter();
        open.map(|(question, item)| Slot::within(&question.id, item)).collect()
    }

    /// The same as questions, each with the item of its group.
    pub fn open_questions_in(&self, wanted: impl Fn(&str) -> bool) -> Vec<(&Question, Option<ItemId>)> {
        let parts = self.walk(wanted).into_iter();
        let open = parts.flat_map(|(section, item)| {
            self.tally((section, item))
                .open
                .iter()
                .map(move |question| (&self.plan.questions[*question].question, item))
        });
        open.collect()
    }

    /// Counts the sections anew in which the last pass looked at a question.
    pub(super) fn count_touched(&mut self) {
        let plan = Arc::clone(&self.plan);
        let sections: BTreeSet<Key> =
            self.touched.iter().map(|(question, item)| (plan.questions[*question].section, *item)).collect();
        for key in sections {
            let tally = self.count(key);
            self.tallies.insert(key, tally);
        }
    }

    fn count(&self, (section, item): Key) -> Tally {
        let mut tally = Tally::default();
        for question in &self.plan.sections[section].questions {
            let Some(Instance { state, .. }) = self.questions.get(&(*question, item)) else { continue };
            tally.progress.visible += usize::from(state.visible);
            tally.progress.answered += usize::from(state.visible && (state.answered || state.excused));
            if state.open() {
                tally.progress.required_open += 1;
                tally.open.push(*question);
            }
        }
        tally
    }

    /// A section without questions was never counted.
    fn tally(&self, key: Key) -> &Tally {
        const NOTHING: &Tally =
            &Tally { progress: Progress { answered: 0, visible: 0, required_open: 0 }, open: Vec::new() };
        self.tallies.get(&key).unwrap_or(NOTHING)
    }

    fn is(&self, question: usize, item: Option<ItemId>, wanted: impl Fn(&QuestionState) -> bool) -> bool {
        self.questions.get(&(question, item)).is_some_and(|instance| wanted(&instance.state))
    }

    /// Sections with the items of their groups, in walking order.
    fn walk(&self, wanted: impl Fn(&str) -> bool) -> Vec<(usize, Option<ItemId>)> {
        let mut parts = Vec::new();
        let mut first = 0;
        for run in self.plan.sections.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
            for item in self.items_in(run[0].group) {
                let sections = run.iter().enumerate().filter(|(_, section)| wanted(&section.id));
                parts.extend(sections.map(|(at, _)| (first + at, item)));
            }
            first += run.len();
        }
        parts
    }
}
