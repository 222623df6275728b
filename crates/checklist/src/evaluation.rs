//! What a checklist says about the answers so far: what is visible, required, open, proposed and to be stopped.
//!
//! After one answer only what depends on it is looked at again. The answer to a hidden question stays where it is and does
//! not count: conditions see it as unanswered. An expression that fails is false and named in [`Evaluation::problems`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use cel::{Context, Value as Cel};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use veldboek_domain::{ItemId, Slot};

use crate::answers::{Answers, Facts};
use crate::checklist::Checklist;
use crate::expression::Compiled;
use crate::language;
use crate::model::StopKind;
use crate::plan::{Due, Node, Plan, PlanQuestion};
use crate::value;

/// The state of a checklist under given answers.
#[derive(Clone, Debug)]
pub struct Evaluation {
    plan: Arc<Plan>,
    items: Vec<Vec<ItemId>>,
    questions: HashMap<(usize, Option<ItemId>), Instance>,
    calculations: HashMap<(usize, Option<ItemId>), Computed>,
    looked_at: usize,
}

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

#[derive(Clone, Debug)]
struct Computed {
    value: Cel,
    problem: Option<EvaluationProblem>,
}

/// What is still to be looked at.
#[derive(Default)]
struct Agenda {
    values: BTreeSet<(usize, Node, Option<ItemId>)>,
    outcomes: BTreeSet<(usize, Option<ItemId>)>,
}

/// What one pass looks at.
struct Pass<'a> {
    context: Context<'static, 'static>,
    answers: &'a dyn Answers,
    facts: &'a Facts,
}

impl Evaluation {
    /// Evaluates everything.
    pub fn of(checklist: &Checklist, answers: &dyn Answers, facts: &Facts) -> Self {
        let plan = Arc::clone(checklist.plan());
        let mut evaluation = Self {
            items: vec![Vec::new(); plan.groups.len()],
            questions: HashMap::new(),
            calculations: HashMap::new(),
            looked_at: 0,
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
        self.calculations.clear();
        let mut agenda = Agenda::default();
        for node in 0..plan.rank.len() {
            for item in self.items_of(node) {
                agenda.values.insert((plan.rank[node], node, item));
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
            && self.items_of(question).contains(&slot.group)
        {
            agenda.values.insert((plan.rank[question], question, slot.group));
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

    /// How far a section is; in one item of its group, or in all of them.
    pub fn progress(&self, section: &str, item: Option<ItemId>) -> Progress {
        let questions = self.plan.sections.iter().filter(|one| one.id == section).flat_map(|one| &one.questions);
        let mut progress = Progress::default();
        for question in questions {
            for at in self.items_of(*question) {
                if item.is_none() || at == item {
                    self.count(*question, at, &mut progress);
                }
            }
        }
        progress
    }

    /// How far the whole checklist is. Missing group items count as open.
    pub fn total(&self) -> Progress {
        let mut progress = Progress::default();
        for (question, _) in self.plan.questions.iter().enumerate() {
            for item in self.items_of(question) {
                self.count(question, item, &mut progress);
            }
        }
        progress.required_open += self.missing_items().iter().map(|group| group.missing as usize).sum::<usize>();
        progress
    }

    /// Every visible question in the order in which people walk through it: sections of one group that follow each
    /// other are walked item by item.
    pub fn visible(&self) -> Vec<Slot> {
        self.walk(|state| state.visible)
    }

    /// Every question of which something must still be done, in walking order: for "next open question".
    pub fn open(&self) -> Vec<Slot> {
        self.walk(QuestionState::open)
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
            .ordered()
            .flat_map(|instance| instance.visibility_problems.iter().chain(&instance.outcome.problems))
            .collect();
        let mut computed: Vec<_> = self.calculations.iter().collect();
        computed.sort_by_key(|(key, _)| **key);
        problems.extend(computed.into_iter().filter_map(|(_, computed)| computed.problem.as_ref()));
        problems
    }

    /// How many values and outcomes the last pass looked at: to see that it stayed small.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    fn items_of(&self, node: Node) -> Vec<Option<ItemId>> {
        match self.plan.group_of(node) {
            Some(group) => self.items[group].iter().copied().map(Some).collect(),
            None => vec![None],
        }
    }

    fn ordered(&self) -> impl Iterator<Item = &Instance> {
        (0..self.plan.questions.len())
            .flat_map(|question| self.items_of(question).into_iter().map(move |item| (question, item)))
            .filter_map(|key| self.questions.get(&key))
    }

    fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.ordered().map(|instance| &instance.outcome)
    }

    fn count(&self, question: usize, item: Option<ItemId>, progress: &mut Progress) {
        let Some(Instance { state, .. }) = self.questions.get(&(question, item)) else { return };
        progress.visible += usize::from(state.visible);
        progress.answered += usize::from(state.visible && (state.answered || state.excused));
        progress.required_open += usize::from(state.open());
    }

    fn walk(&self, wanted: impl Fn(&QuestionState) -> bool) -> Vec<Slot> {
        let mut slots = Vec::new();
        for run in self.plan.sections.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
            let items = match run[0].group {
                Some(group) => self.items[group].iter().copied().map(Some).collect(),
                None => vec![None],
            };
            for item in items {
                for question in run.iter().flat_map(|section| &section.questions) {
                    if self.questions.get(&(*question, item)).is_some_and(|instance| wanted(&instance.state)) {
                        slots.push(Slot::within(&self.plan.questions[*question].question.id, item));
                    }
                }
            }
        }
        slots
    }

    /// Takes over which items the groups have now.
    fn follow_groups(&mut self, pass: &Pass<'_>, agenda: &mut Agenda) {
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
                    if let Some(calculation) = node.checked_sub(plan.questions.len()) {
                        self.calculations.remove(&(calculation, Some(*item)));
                    }
                }
                for item in now.iter().filter(|item| !before.contains(item)) {
                    agenda.values.insert((plan.rank[*node], *node, Some(*item)));
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
            None => self.items_of(node),
        };
        for item in items {
            if value {
                agenda.values.insert((self.plan.rank[node], node, item));
            } else {
                agenda.outcomes.insert((node, item));
            }
        }
    }

    fn work_off(&mut self, mut agenda: Agenda, pass: &Pass<'_>) {
        let plan = Arc::clone(&self.plan);
        self.looked_at = 0;
        while let Some((_, node, item)) = agenda.values.pop_first() {
            self.looked_at += 1;
            let changed = match node.checked_sub(plan.questions.len()) {
                None => {
                    agenda.outcomes.insert((node, item));
                    self.look_at_question(node, item, pass)
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
        for (question, item) in agenda.outcomes {
            self.looked_at += 1;
            self.decide(question, item, pass);
        }
    }

    /// Looks at a question's visibility and value; whether either changed.
    fn look_at_question(&mut self, index: usize, item: Option<ItemId>, pass: &Pass<'_>) -> bool {
        let plan = Arc::clone(&self.plan);
        let planned = &plan.questions[index];
        let slot = Slot::within(&planned.question.id, item);
        let reading = value::read(&planned.question, &slot, pass.answers, pass.facts);
        let mut problems = Vec::new();
        let parent_visible = planned
            .parent
            .is_none_or(|parent| self.questions.get(&(parent, item)).is_some_and(|instance| instance.state.visible));
        let visible = parent_visible
            && planned
                .visible
                .iter()
                .all(|condition| self.holds(condition, item, &slot, "zichtbaar", pass, &mut problems));
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
        instance.state = state;
        instance.outcome = outcome;
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
                outcome.stops.push(FiredStop { slot: slot.clone(), kind: *kind, text: text.clone() });
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
