//! How an evaluation is worked out: values first, in the order in which they depend on each other, then what follows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::{Context, Value as Cel};
use chrono::{Days, NaiveDate};
use veldboek_domain::{ItemId, Slot};

use super::{
    Computed, Evaluation, EvaluationProblem, FiredStop, HandOut, Instance, Notice, OpenedTask, Outcome,
    ProposedMeasure, QuestionState,
};
use crate::answers::{Answers, Facts};
use crate::expression::Compiled;
use crate::language;
use crate::model::StopKind;
use crate::plan::{Due, Node, PlanQuestion};
use crate::value;

/// What is still to be looked at.
#[derive(Default)]
pub(super) struct Agenda {
    values: BTreeMap<(usize, Node, Option<ItemId>), Why>,
    outcomes: BTreeSet<(usize, Option<ItemId>)>,
}

/// Why a node is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// Somebody wrote in it: its own conditions say what they said.
    Written,
    /// It is new, or something on which it depends changed.
    Dependent,
}

impl Agenda {
    /// Somebody wrote in a question.
    pub(super) fn written(&mut self, rank: usize, node: Node, item: Option<ItemId>) {
        self.values.entry((rank, node, item)).or_insert(Why::Written);
    }

    /// A node is new, or something on which it depends changed.
    pub(super) fn dependent(&mut self, rank: usize, node: Node, item: Option<ItemId>) {
        self.values.insert((rank, node, item), Why::Dependent);
    }
}

/// What one pass looks at.
pub(super) struct Pass<'a> {
    pub(super) context: &'static Context<'static, 'static>,
    pub(super) answers: &'a dyn Answers,
    pub(super) facts: &'a Facts,
}

impl Evaluation {
    /// Takes over which items the groups have now.
    pub(super) fn follow_groups(&mut self, pass: &Pass<'_>, agenda: &mut Agenda) {
        let plan = Arc::clone(&self.plan);
        for (index, group) in plan.groups.iter().enumerate() {
            let now = pass.answers.group_items(&group.id);
            if now == self.items[index] {
                continue;
            }
            let before = std::mem::replace(&mut self.items[index], now.clone());
            for node in &group.nodes {
                for item in before.iter().filter(|item| !now.contains(item)) {
                    self.questions.remove(&(*node, Some(*item)));
                    self.eventful.remove(&(*node, Some(*item)));
                    if let Some(calculation) = node.checked_sub(plan.questions.len()) {
                        self.calculations.remove(&(calculation, Some(*item)));
                    }
                }
                for item in now.iter().filter(|item| !before.contains(item)) {
                    agenda.dependent(plan.rank[*node], *node, Some(*item));
                }
            }
            for dependent in &plan.group_dependents[index] {
                self.enlist(agenda, dependent.node, dependent.value, None);
            }
        }
    }

    /// Puts a node on the agenda: in one item, or everywhere.
    fn enlist(&self, agenda: &mut Agenda, node: Node, value: bool, item: Option<ItemId>) {
        let items = match item {
            Some(_) => vec![item],
            None => self.items_of(node).collect(),
        };
        for item in items {
            if value {
                agenda.dependent(self.plan.rank[node], node, item);
            } else {
                agenda.outcomes.insert((node, item));
            }
        }
    }

    pub(super) fn work_off(&mut self, mut agenda: Agenda, pass: &Pass<'_>) {
        let plan = Arc::clone(&self.plan);
        self.looked_at = 0;
        while let Some(((_, node, item), why)) = agenda.values.pop_first() {
            self.looked_at += 1;
            let changed = match node.checked_sub(plan.questions.len()) {
                None => {
                    agenda.outcomes.insert((node, item));
                    self.look_at_question(node, item, why, pass)
                }
                Some(calculation) => self.look_at_calculation(calculation, item, pass),
            };
            if changed {
                for dependent in &plan.dependents[node] {
                    let same = if dependent.across || plan.group_of(dependent.node).is_none() { None } else { item };
                    self.enlist(&mut agenda, dependent.node, dependent.value, same);
                }
            }
        }
        self.touched = agenda.outcomes.into_iter().collect();
        for (question, item) in self.touched.clone() {
            self.looked_at += 1;
            self.decide(question, item, pass);
        }
        self.count_touched();
    }

    /// Looks at a question's visibility and value; whether either changed.
    fn look_at_question(&mut self, index: usize, item: Option<ItemId>, why: Why, pass: &Pass<'_>) -> bool {
        let plan = Arc::clone(&self.plan);
        let planned = &plan.questions[index];
        let slot = Slot::within(&planned.question.id, item);
        let reading = value::read(&planned.question, &slot, pass.answers, pass.facts);
        let (visible, problems) = self.visibility(index, item, &slot, why, pass);
        let seen = if visible { reading.seen } else { value::unanswered(&planned.question) };
        let excused = pass.answers.reason(&slot).is_some_and(|reason| !reason.trim().is_empty());
        let state = QuestionState {
            visible,
            answered: reading.answered,
            excused,
            written: reading.started,
            incomplete: reading.incomplete,
            ..QuestionState::default()
        };
        let before = self.questions.get(&(index, item));
        let changed = before.is_none_or(|before| before.state.visible != visible || before.seen != seen);
        let outcome = Outcome::default();
        self.questions.insert(
            (index, item),
            Instance { seen, state, unfit: reading.violates, outcome, visibility_problems: problems },
        );
        changed
    }

    /// Whether a question is visible, and which of its conditions could not be evaluated.
    fn visibility(
        &self,
        index: usize,
        item: Option<ItemId>,
        slot: &Slot,
        why: Why,
        pass: &Pass<'_>,
    ) -> (bool, Vec<EvaluationProblem>) {
        if let (Why::Written, Some(before)) = (why, self.questions.get(&(index, item))) {
            return (before.state.visible, before.visibility_problems.clone());
        }
        let planned = &self.plan.questions[index];
        let is_visible = |parent| self.questions.get(&(parent, item)).is_some_and(|instance| instance.state.visible);
        let mut problems = Vec::new();
        let mut holds = |condition: &Arc<Compiled>| self.holds(condition, item, slot, "zichtbaar", pass, &mut problems);
        let visible = planned.parent.is_none_or(is_visible) && planned.visible.iter().all(&mut holds);
        (visible, problems)
    }

    fn look_at_calculation(&mut self, index: usize, item: Option<ItemId>, pass: &Pass<'_>) -> bool {
        let plan = Arc::clone(&self.plan);
        let planned = &plan.calculations[index];
        let slot = Slot::within(&planned.name, item);
        let (value, problem) = match self.run(&planned.value, item, pass) {
            Ok(value) => (value, None),
            Err(message) => (Cel::Null, Some(problem(&slot, "waarde", &planned.value, message))),
        };
        let changed = self.calculations.get(&(index, item)).is_none_or(|before| before.value != value);
        self.calculations.insert((index, item), Computed { value, problem });
        changed
    }

    /// Decides what a question requires, locks, proposes and stops, now that every value is known.
    fn decide(&mut self, index: usize, item: Option<ItemId>, pass: &Pass<'_>) {
        let plan = Arc::clone(&self.plan);
        let planned = &plan.questions[index];
        let slot = Slot::within(&planned.question.id, item);
        let Some(instance) = self.questions.get(&(index, item)) else { return };
        let mut state = instance.state.clone();
        let mut outcome = Outcome::default();
        state.required = false;
        state.locked = None;
        state.violates = None;
        if state.visible {
            state.violates = instance.unfit.clone();
            outcome = self.outcome_of(planned, item, &slot, &mut state, pass);
        }
        let instance = self.questions.get_mut(&(index, item)).expect("it was read above");
        let is_eventful = !outcome.is_empty() || !instance.visibility_problems.is_empty();
        instance.state = state;
        instance.outcome = outcome;
        if is_eventful {
            self.eventful.insert((index, item));
        } else {
            self.eventful.remove(&(index, item));
        }
    }

    fn outcome_of(
        &self,
        planned: &PlanQuestion,
        item: Option<ItemId>,
        slot: &Slot,
        state: &mut QuestionState,
        pass: &Pass<'_>,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let mut problems = Vec::new();
        let mut holds = |condition: &Compiled, purpose: &'static str| {
            self.holds(condition, item, slot, purpose, pass, &mut problems)
        };
        state.required = planned.question.required
            || planned.required_if.as_ref().is_some_and(|condition| holds(condition, "verplicht_als"));
        state.locked =
            planned.lock.iter().find(|(condition, _)| holds(condition, "slot")).map(|(_, text)| text.clone());
        for measure in &planned.measures {
            if holds(&measure.condition, "maatregel") {
                outcome.measures.push(ProposedMeasure {
                    slot: slot.clone(),
                    code: measure.code.clone(),
                    note: measure.note.clone(),
                    partner: measure.partner.clone(),
                });
            }
        }
        for (condition, kind, text) in &planned.stops {
            if holds(condition, "stop") {
                outcome.stops.push(FiredStop {
                    slot: slot.clone(),
                    kind: *kind,
                    text: text.clone(),
                    offers_regime_switch: *kind == StopKind::Supervision,
                });
            }
        }
        for (condition, text) in &planned.notices {
            if holds(condition, "melding") {
                outcome.notices.push(Notice { slot: slot.clone(), text: text.clone() });
            }
        }
        for (condition, leaflet) in &planned.leaflets {
            if holds(condition, "folder") {
                outcome.leaflets.push(HandOut { slot: slot.clone(), leaflet: leaflet.clone() });
            }
        }
        let tasks: Vec<_> = planned.tasks.iter().filter(|task| holds(&task.condition, "taak")).collect();
        for task in tasks {
            let due = match &task.due {
                None => None,
                Some(Due::DaysAfterVisit(days)) => pass.facts.day().checked_add_days(Days::new(u64::from(*days))),
                Some(Due::Computed(expression)) => self.due(expression, item, slot, pass, &mut problems),
            };
            outcome.tasks.push(OpenedTask { slot: slot.clone(), id: task.id.clone(), title: task.title.clone(), due });
        }
        for (condition, text) in &planned.constraints {
            if state.violates.is_none()
                && self.all_answered(condition, item)
                && !self.holds_or_fails(condition, item, slot, "eis", pass, &mut problems)
            {
                state.violates = Some(text.clone());
            }
        }
        outcome.problems = problems;
        outcome
    }

    fn due(
        &self,
        expression: &Compiled,
        item: Option<ItemId>,
        slot: &Slot,
        pass: &Pass<'_>,
        problems: &mut Vec<EvaluationProblem>,
    ) -> Option<NaiveDate> {
        match self.run(expression, item, pass) {
            Ok(Cel::Null) => None,
            Ok(value) => {
                let day = language::as_day(&value);
                if day.is_none() {
                    problems.push(problem(slot, "termijn", expression, "de uitkomst is geen dag".to_owned()));
                }
                day
            }
            Err(message) => {
                problems.push(problem(slot, "termijn", expression, message));
                None
            }
        }
    }

    /// Whether every question that the expression names directly has an answer.
    fn all_answered(&self, expression: &Compiled, item: Option<ItemId>) -> bool {
        expression.questions.iter().all(|question| language::answered(&self.seen(*question, item)))
    }

    /// Whether a constraint holds; one that fails is named as a problem and does not accuse the answer.
    fn holds_or_fails(
        &self,
        condition: &Compiled,
        item: Option<ItemId>,
        slot: &Slot,
        purpose: &'static str,
        pass: &Pass<'_>,
        problems: &mut Vec<EvaluationProblem>,
    ) -> bool {
        let before = problems.len();
        self.holds(condition, item, slot, purpose, pass, problems) || problems.len() > before
    }

    /// Whether a condition holds. What is unanswered is false; what fails is false and named.
    fn holds(
        &self,
        condition: &Compiled,
        item: Option<ItemId>,
        slot: &Slot,
        purpose: &'static str,
        pass: &Pass<'_>,
        problems: &mut Vec<EvaluationProblem>,
    ) -> bool {
        let message = match self.run(condition, item, pass) {
            Ok(Cel::Bool(holds)) => return holds,
            Ok(Cel::Null) => return false,
            Ok(other) => format!("de uitkomst is geen ja of nee maar {}", other.type_of()),
            Err(message) => message,
        };
        problems.push(problem(slot, purpose, condition, message));
        false
    }

    /// What conditions in an item see of a question.
    fn seen(&self, question: usize, item: Option<ItemId>) -> Cel {
        let item = self.plan.questions[question].group.and(item);
        match self.questions.get(&(question, item)) {
            Some(instance) => instance.seen.clone(),
            None => value::unanswered(&self.plan.questions[question].question),
        }
    }

    fn run(&self, expression: &Compiled, item: Option<ItemId>, pass: &Pass<'_>) -> Result<Cel, String> {
        let mut scope = pass.context.new_inner_scope();
        for question in &expression.questions {
            scope.add_variable_from_value(&*self.plan.questions[*question].question.id, self.seen(*question, item));
        }
        for index in &expression.calculations {
            let planned = &self.plan.calculations[*index];
            let value =
                self.calculations.get(&(*index, planned.group.and(item))).map(|computed| computed.value.clone());
            scope.add_variable_from_value(&*planned.name, value.unwrap_or(Cel::Null));
        }
        for (group, questions) in &expression.groups {
            let items: Vec<Cel> = self.items[*group]
                .iter()
                .map(|item| {
                    let fields: BTreeMap<String, Cel> = questions
                        .iter()
                        .map(|question| {
                            (self.plan.questions[*question].question.id.clone(), self.seen(*question, Some(*item)))
                        })
                        .collect();
                    language::map(fields)
                })
                .collect();
            scope.add_variable_from_value(&*self.plan.groups[*group].id, Cel::List(items.into()));
        }
        for name in &expression.facts {
            scope.add_variable_from_value(name.as_str(), value::fact(name, pass.facts));
        }
        Cel::resolve(&expression.root, &scope).map_err(|error| error.to_string())
    }
}

fn problem(slot: &Slot, purpose: &'static str, expression: &Compiled, message: String) -> EvaluationProblem {
    EvaluationProblem { slot: slot.clone(), purpose, expression: expression.source.clone(), message }
}
