//! What a checklist says about the answers so far: what is visible, required, open, proposed and to be stopped.
//!
//! After one answer only what depends on it is looked at again. The answer to a hidden question stays where it is and does
//! not count: conditions see it as unanswered. An expression that fails is false and named in [`Evaluation::problems`].

mod instances;
mod results;
mod tally;
mod work;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use cel::Value as Cel;
use veldboek_domain::{ItemId, Slot};

use crate::answers::{Answers, Facts};
use crate::checklist::Checklist;
use crate::language;
use crate::plan::{Node, Plan};
use instances::{Instances, Key};
use tally::Tally;
use work::{Agenda, Pass};

pub use results::{
    EvaluationProblem, FiredStop, HandOut, MissingItems, Notice, OpenedTask, Progress, ProposedMeasure, QuestionState,
};

/// The state of a checklist under given answers.
#[derive(Clone, Debug)]
pub struct Evaluation {
    plan: Arc<Plan>,
    items: Vec<Vec<ItemId>>,
    questions: Instances<Instance>,
    /// How far the sections are, by their places.
    tallies: Instances<Tally>,
    calculations: HashMap<(usize, Option<ItemId>), Computed>,
    /// The questions that propose, stop, ask, tell or fail something: few, so that what follows from all is found at once.
    eventful: BTreeSet<Key>,
    looked_at: usize,
    /// The questions of the last pass.
    touched: Vec<Key>,
}

#[derive(Clone, Debug)]
struct Instance {
    seen: Cel,
    state: QuestionState,
    /// What is wrong with the answer by itself, apart from constraints.
    unfit: Option<String>,
    outcome: Outcome,
    visibility_problems: Vec<EvaluationProblem>,
}

#[derive(Clone, Debug, Default)]
struct Outcome {
    measures: Vec<ProposedMeasure>,
    stops: Vec<FiredStop>,
    tasks: Vec<OpenedTask>,
    notices: Vec<Notice>,
    leaflets: Vec<HandOut>,
    problems: Vec<EvaluationProblem>,
}

impl Outcome {
    fn is_empty(&self) -> bool {
        self.measures.is_empty()
            && self.stops.is_empty()
            && self.tasks.is_empty()
            && self.notices.is_empty()
            && self.leaflets.is_empty()
            && self.problems.is_empty()
    }
}

#[derive(Clone, Debug)]
struct Computed {
    value: Cel,
    problem: Option<EvaluationProblem>,
}

impl Evaluation {
    /// Evaluates everything.
    pub fn of(checklist: &Checklist, answers: &dyn Answers, facts: &Facts) -> Self {
        let plan = Arc::clone(checklist.plan());
        let mut evaluation = Self {
            items: vec![Vec::new(); plan.groups.len()],
            questions: Instances::new(plan.questions.len()),
            tallies: Instances::new(plan.sections.len()),
            calculations: HashMap::new(),
            eventful: BTreeSet::new(),
            looked_at: 0,
            touched: Vec::new(),
            plan,
        };
        evaluation.refresh(answers, facts);
        evaluation
    }

    /// Evaluates everything again: when a fact changed, such as the day or the participants.
    pub fn refresh(&mut self, answers: &dyn Answers, facts: &Facts) {
        let plan = Arc::clone(&self.plan);
        let pass = Pass { context: language::context(), answers, facts };
        self.items = plan.groups.iter().map(|group| answers.group_items(&group.id)).collect();
        self.questions.clear();
        self.tallies.clear();
        self.eventful.clear();
        self.calculations.clear();
        let mut agenda = Agenda::default();
        for node in 0..plan.rank.len() {
            for item in self.items_of(node) {
                agenda.dependent(plan.rank[node], node, item);
            }
        }
        self.work_off(agenda, &pass);
    }

    /// Evaluates what depends on the answer, the reason or the attachments in one slot, and on groups that changed.
    ///
    /// The facts must be those of the last time; when they changed, use [`Evaluation::refresh`].
    pub fn after(&mut self, slot: &Slot, answers: &dyn Answers, facts: &Facts) {
        let plan = Arc::clone(&self.plan);
        let pass = Pass { context: language::context(), answers, facts };
        let mut agenda = Agenda::default();
        self.follow_groups(&pass, &mut agenda);
        if let Some(question) = plan.question_of(slot)
            && self.items_of(question).any(|item| item == slot.group)
        {
            agenda.written(plan.rank[question], question, slot.group);
        }
        self.work_off(agenda, &pass);
    }

    /// The state of a question in a group's item or outside any group; the slot's part is ignored. Nothing when the
    /// checklist has no such question or the group no such item.
    pub fn state(&self, slot: &Slot) -> Option<&QuestionState> {
        self.questions.get(&(self.plan.question_of(slot)?, slot.group)).map(|instance| &instance.state)
    }

    /// The computed value of a calculation, as people read it; nothing while it is unanswered.
    pub fn calculation(&self, name: &str, item: Option<ItemId>) -> Option<String> {
        let index = self.plan.calculations.iter().position(|calculation| calculation.name == name)?;
        match &self.calculations.get(&(index, item))?.value {
            Cel::Null => None,
            Cel::String(text) => Some(text.to_string()),
            Cel::Float(number) => Some(number.to_string()),
            Cel::Int(number) => Some(number.to_string()),
            Cel::Bool(yes) => Some(if *yes { "ja" } else { "nee" }.to_owned()),
            other => Some(format!("{other:?}")),
        }
    }

    /// The items of a group, in order, as they were at the last pass; none when the checklist has no such group.
    pub fn group_items(&self, group: &str) -> &[ItemId] {
        let index = self.plan.groups.iter().position(|one| one.id == group);
        index.map_or(&[], |index| &self.items[index])
    }

    /// Groups with fewer items than they must have.
    pub fn missing_items(&self) -> Vec<MissingItems> {
        let groups = self.plan.groups.iter().zip(&self.items);
        groups
            .filter_map(|(group, items)| {
                let missing = group.minimum.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
                (missing > 0).then(|| MissingItems { group: group.id.clone(), missing })
            })
            .collect()
    }

    /// Proposed measures, in the order of the questions.
    pub fn measures(&self) -> Vec<&ProposedMeasure> {
        self.outcomes().flat_map(|outcome| &outcome.measures).collect()
    }

    /// Reasons to stop, in the order of the questions.
    pub fn stops(&self) -> Vec<&FiredStop> {
        self.outcomes().flat_map(|outcome| &outcome.stops).collect()
    }

    /// Tasks, in the order of the questions.
    pub fn tasks(&self) -> Vec<&OpenedTask> {
        self.outcomes().flat_map(|outcome| &outcome.tasks).collect()
    }

    /// Notices, in the order of the questions.
    pub fn notices(&self) -> Vec<&Notice> {
        self.outcomes().flat_map(|outcome| &outcome.notices).collect()
    }

    /// Leaflets to hand out, in the order of the questions.
    pub fn leaflets(&self) -> Vec<&HandOut> {
        self.outcomes().flat_map(|outcome| &outcome.leaflets).collect()
    }

    /// Expressions that could not be evaluated.
    pub fn problems(&self) -> Vec<&EvaluationProblem> {
        let mut problems: Vec<&EvaluationProblem> = self
            .eventful()
            .flat_map(|instance| instance.visibility_problems.iter().chain(&instance.outcome.problems))
            .collect();
        let mut computed: Vec<_> = self.calculations.iter().collect();
        computed.sort_by_key(|(key, _)| **key);
        problems.extend(computed.into_iter().filter_map(|(_, computed)| computed.problem.as_ref()));
        problems
    }

    /// The questions whose state the last pass worked out: all that may have changed by it, and perhaps more.
    pub fn touched(&self) -> impl Iterator<Item = Slot> {
        self.touched.iter().map(|(question, item)| Slot::within(&self.plan.questions[*question].question.id, *item))
    }

    /// How many values and outcomes the last pass looked at: to see that it stayed small.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    fn items_of(&self, node: Node) -> impl Iterator<Item = Option<ItemId>> + use<'_> {
        self.items_in(self.plan.group_of(node))
    }

    /// Where something stands: in each item of its group, or once when it is in none.
    fn items_in(&self, group: Option<usize>) -> impl Iterator<Item = Option<ItemId>> + use<'_> {
        let items = group.map(|group| self.items[group].iter().copied().map(Some));
        items.into_iter().flatten().chain(group.is_none().then_some(None))
    }

    /// Those that matter for what follows, in the order of the questions and of the groups' items.
    fn eventful(&self) -> impl Iterator<Item = &Instance> {
        let place = |(question, item): &Key| {
            let group = self.plan.questions[*question].group;
            (*question, group.and_then(|group| self.items[group].iter().position(|one| Some(*one) == *item)))
        };
        let mut keys: Vec<_> = self.eventful.iter().collect();
        keys.sort_by_key(|key| place(key));
        keys.into_iter().filter_map(|key| self.questions.get(key))
    }

    fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.eventful().map(|instance| &instance.outcome)
    }
}
