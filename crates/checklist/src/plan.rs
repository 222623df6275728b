//! What evaluation runs on: compiled expressions and who depends on whom.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use veldboek_domain::Slot;

use crate::expression::Compiled;
use crate::model::{Question, StopKind};

/// A question or a calculation: questions first, then calculations.
pub(crate) type Node = usize;

/// A checklist made ready to evaluate.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) sections: Vec<PlanSection>,
    pub(crate) questions: Vec<PlanQuestion>,
    pub(crate) calculations: Vec<PlanCalculation>,
    pub(crate) groups: Vec<PlanGroup>,
    /// Question ids to their index.
    pub(crate) index: HashMap<String, usize>,
    /// Every node's place in an order in which each stands behind what its value depends on.
    pub(crate) rank: Vec<usize>,
    /// Who is to be looked at again when a node's value or visibility changes.
    pub(crate) dependents: Vec<Vec<Dependent>>,
    /// Who is to be looked at again when a group gains or loses an item.
    pub(crate) group_dependents: Vec<Vec<Dependent>>,
}

/// Somebody who reads a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dependent {
    pub(crate) node: Node,
    /// Whether its value or visibility follows (else only what it proposes, requires or locks).
    pub(crate) value: bool,
    /// Whether it reads all items of the group.
    pub(crate) across: bool,
}

#[derive(Debug)]
pub(crate) struct PlanSection {
    pub(crate) id: String,
    pub(crate) group: Option<usize>,
    pub(crate) questions: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct PlanGroup {
    pub(crate) id: String,
    pub(crate) minimum: u32,
    /// Questions and calculations that exist once per item.
    pub(crate) nodes: Vec<Node>,
}

#[derive(Debug)]
pub(crate) struct PlanCalculation {
    pub(crate) name: String,
    pub(crate) group: Option<usize>,
    pub(crate) value: Compiled,
}

#[derive(Debug)]
pub(crate) struct PlanQuestion {
    pub(crate) question: Question,
    pub(crate) section: usize,
    pub(crate) group: Option<usize>,
    pub(crate) parent: Option<usize>,
    /// The section's condition and the question's own; both must hold.
    pub(crate) visible: Vec<Arc<Compiled>>,
    pub(crate) required_if: Option<Compiled>,
    pub(crate) constraints: Vec<(Compiled, String)>,
    pub(crate) lock: Option<(Compiled, String)>,
    pub(crate) measures: Vec<PlanMeasure>,
    pub(crate) stops: Vec<(Compiled, StopKind, String)>,
    pub(crate) tasks: Vec<PlanTask>,
    pub(crate) notices: Vec<(Compiled, String)>,
    pub(crate) leaflets: Vec<(Compiled, String)>,
}

#[derive(Debug)]
pub(crate) struct PlanMeasure {
    pub(crate) condition: Compiled,
    pub(crate) code: String,
    pub(crate) note: Option<String>,
    pub(crate) partner: Option<String>,
}

#[derive(Debug)]
pub(crate) struct PlanTask {
    pub(crate) condition: Compiled,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) due: Option<Due>,
}

/// How a task's last day is found.
#[derive(Debug)]
pub(crate) enum Due {
    Computed(Compiled),
    /// Days after the day of the controle.
    DaysAfterVisit(u32),
}

/// A group of questions that wait for each other, by node.
pub(crate) struct Cycle(pub(crate) Vec<Node>);

impl Plan {
    pub(crate) fn group_of(&self, node: Node) -> Option<usize> {
        match node.checked_sub(self.questions.len()) {
            None => self.questions[node].group,
            Some(calculation) => self.calculations[calculation].group,
        }
    }

    pub(crate) fn name_of(&self, node: Node) -> &str {
        match node.checked_sub(self.questions.len()) {
            None => &self.questions[node].question.id,
            Some(calculation) => &self.calculations[calculation].name,
        }
    }

    /// The question that a slot names.
    pub(crate) fn question_of(&self, slot: &Slot) -> Option<usize> {
        self.index.get(&slot.question).copied()
    }

    /// Finds out who depends on whom and in which order to look; the cycles, when there are any.
    pub(crate) fn connect(&mut self) -> Result<(), Vec<Cycle>> {
        let count = self.questions.len() + self.calculations.len();
        let mut dependents: Vec<BTreeSet<Dependent>> = vec![BTreeSet::new(); count];
        let mut group_dependents: Vec<BTreeSet<Dependent>> = vec![BTreeSet::new(); self.groups.len()];
        let first_calculation = self.questions.len();
        let mut add = |node: Node, value: bool, expression: &Compiled| {
            for question in &expression.questions {
                dependents[*question].insert(Dependent { node, value, across: false });
            }
            for calculation in &expression.calculations {
                dependents[first_calculation + calculation].insert(Dependent { node, value, across: false });
            }
            for (group, questions) in &expression.groups {
                group_dependents[*group].insert(Dependent { node, value, across: true });
                for question in questions {
                    dependents[*question].insert(Dependent { node, value, across: true });
                }
            }
        };
        for (node, question) in self.questions.iter().enumerate() {
            question.visible.iter().for_each(|expression| add(node, true, expression));
            question.leaves().for_each(|expression| add(node, false, expression));
        }
        for (index, calculation) in self.calculations.iter().enumerate() {
            add(first_calculation + index, true, &calculation.value);
        }
        for (node, question) in self.questions.iter().enumerate() {
            if let Some(parent) = question.parent {
                dependents[parent].insert(Dependent { node, value: true, across: false });
            }
        }
        self.dependents = dependents.into_iter().map(|set| set.into_iter().collect()).collect();
        self.group_dependents = group_dependents.into_iter().map(|set| set.into_iter().collect()).collect();
        self.put_in_order()
    }

    /// Kahn's algorithm, taking the smallest node first so that the order is the same everywhere.
    fn put_in_order(&mut self) -> Result<(), Vec<Cycle>> {
        let mut waiting = vec![0usize; self.dependents.len()];
        for dependents in &self.dependents {
            for node in value_nodes(dependents) {
                waiting[node] += 1;
            }
        }
        let mut ready: BTreeSet<Node> = (0..waiting.len()).filter(|node| waiting[*node] == 0).collect();
        self.rank = vec![usize::MAX; waiting.len()];
        let mut next = 0;
        while let Some(node) = ready.pop_first() {
            self.rank[node] = next;
            next += 1;
            for dependent in value_nodes(&self.dependents[node]) {
                waiting[dependent] -= 1;
                if waiting[dependent] == 0 {
                    ready.insert(dependent);
                }
            }
        }
        let stuck: BTreeSet<Node> = (0..self.rank.len()).filter(|node| self.rank[*node] == usize::MAX).collect();
        if stuck.is_empty() { Ok(()) } else { Err(self.cycles(stuck)) }
    }

    /// One cycle out of each knot among the nodes that never became ready.
    fn cycles(&self, mut stuck: BTreeSet<Node>) -> Vec<Cycle> {
        let mut cycles = Vec::new();
        while let Some(start) = stuck.pop_first() {
            let mut path = vec![start];
            loop {
                let here = path[path.len() - 1];
                // Walking against the arrows: from a node to something it waits for.
                let before = (0..self.dependents.len()).find(|other| {
                    self.rank[*other] == usize::MAX && value_nodes(&self.dependents[*other]).any(|node| node == here)
                });
                let Some(before) = before else { break };
                if let Some(first) = path.iter().position(|node| *node == before) {
                    let cycle = path.split_off(first);
                    if cycle.iter().all(|node| *node == start || stuck.contains(node)) {
                        cycles.push(Cycle(cycle.clone()));
                    }
                    path.extend(cycle);
                    break;
                }
                path.push(before);
            }
            for node in path {
                stuck.remove(&node);
            }
        }
        cycles
    }
}

/// The nodes whose value follows, each once.
fn value_nodes(dependents: &[Dependent]) -> impl Iterator<Item = Node> {
    let nodes: BTreeSet<Node> = dependents.iter().filter(|one| one.value).map(|one| one.node).collect();
    nodes.into_iter()
}

impl PlanQuestion {
    /// The expressions on which nothing else depends.
    fn leaves(&self) -> impl Iterator<Item = &Compiled> {
        self.required_if
            .iter()
            .chain(self.constraints.iter().map(|(condition, _)| condition))
            .chain(self.lock.iter().map(|(condition, _)| condition))
            .chain(self.measures.iter().map(|measure| &measure.condition))
            .chain(self.stops.iter().map(|(condition, _, _)| condition))
            .chain(self.tasks.iter().map(|task| &task.condition))
            .chain(self.tasks.iter().filter_map(|task| match &task.due {
                Some(Due::Computed(due)) => Some(due),
                _ => None,
            }))
            .chain(self.notices.iter().map(|(condition, _)| condition))
            .chain(self.leaflets.iter().map(|(condition, _)| condition))
    }
}
