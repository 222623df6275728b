//! A find stops supervision and is handed over: where a question stops it, a question of the same file asks for the
//! hand-over.
//!
//! Source: each participant has an own power, and at an offence competent officers take over (CCV; art. 5:13 Awb).

use std::sync::Arc;

use cel::Value as Cel;
use chrono::NaiveDate;

use super::says_yes;
use crate::answers::Facts;
use crate::assemble::Assembled;
use crate::expression::{Compiled, Names};
use crate::language;
use crate::model::{QuestionKind, StopKind};
use crate::plan::{Plan, PlanQuestion};
use crate::problem::Complaints;
use crate::source::{At, ChecklistSource, QuestionSource};
use crate::value;

/// A question that asks for the hand-over must be answered.
pub(super) fn check_keys(assembled: &Assembled, complaints: &mut Complaints<'_>) {
    for question in every_question(&assembled.source) {
        let source = question.get();
        if let Some(handover) = source.overdracht.as_ref().filter(|yes| *yes.get())
            && !source.verplicht
            && source.verplicht_als.is_none()
        {
            let message = "Een vraag naar de overdracht mag niet worden overgeslagen.";
            complaints.add(handover.start(), message, "Zet `verplicht = true` bij deze vraag.");
        }
    }
}

/// Each answer that stops supervision must bring a question for the hand-over, in the same file.
pub(super) fn check(source: &ChecklistSource, plan: &Plan, names: &Names, complaints: &mut Complaints<'_>) {
    for (index, at) in every_question(source).enumerate() {
        let Some(planned) = plan.questions.get(index) else { continue };
        let stops = || planned.stops.iter().filter(|(_, kind, _)| *kind == StopKind::Supervision);
        if stops().next().is_none() {
            continue;
        }
        let same_file = |other: usize| names.questions[other].part == names.questions[index].part;
        let asking: Vec<usize> = every_question(source)
            .enumerate()
            .filter(|(other, at)| says_yes(&at.get().overdracht) && same_file(*other))
            .map(|(other, _)| other)
            .collect();
        if !stops().all(|(stop, ..)| asked_after(stop, index, &asking, plan, names)) {
            let stop = at.get().stop.iter().find(|stop| stop.get().soort == Some(StopKind::Supervision));
            let message =
                format!("Vraag {} stopt het toezicht, en dan vraagt niets naar de overdracht.", planned.question.id);
            let hint = "Zet in ditzelfde bestand `overdracht = true` op de vraag die vraagt aan wie en hoe laat is overgedragen, zichtbaar bij dit antwoord.";
            complaints.add(stop.map_or(at.start(), At::start), message, hint);
        }
    }
}

/// Whether one of the questions for the hand-over is visible after every answer that brings this stop.
fn asked_after(stop: &Compiled, index: usize, asking: &[usize], plan: &Plan, names: &Names) -> bool {
    let codes = names.questions[index].codes.as_deref().unwrap_or_default();
    let stopping: Vec<&String> = codes.iter().filter(|code| holds(stop, index, code, plan)).collect();
    if stopping.is_empty() {
        // Not one answer alone brings it: then it is enough that the question for the hand-over looks at this one.
        return asking.iter().any(|other| {
            let mut conditions = chain(*other, plan).into_iter().flat_map(|planned| &planned.visible);
            conditions.any(|condition| names_question(condition, index)) || chain_has(*other, index, plan)
        });
    }
    let shared: Vec<&Arc<Compiled>> = chain(index, plan).into_iter().flat_map(|planned| &planned.visible).collect();
    stopping.iter().all(|code| {
        asking.iter().any(|other| {
            let mut conditions = chain(*other, plan).into_iter().flat_map(|planned| &planned.visible);
            conditions.all(|condition| {
                shared.iter().any(|one| Arc::ptr_eq(one, condition)) || holds(condition, index, code, plan)
            })
        })
    })
}

/// A question with those of which it is a follow-up.
fn chain(index: usize, plan: &Plan) -> Vec<&PlanQuestion> {
    let mut chain = vec![&plan.questions[index]];
    while let Some(parent) = chain[chain.len() - 1].parent {
        chain.push(&plan.questions[parent]);
    }
    chain
}

fn chain_has(index: usize, wanted: usize, plan: &Plan) -> bool {
    chain(index, plan).iter().any(|planned| planned.parent == Some(wanted))
}

fn names_question(condition: &Compiled, question: usize) -> bool {
    condition.questions.contains(&question) || condition.groups.values().any(|members| members.contains(&question))
}

/// Whether a condition holds when only this question is answered, with this code.
fn holds(condition: &Compiled, question: usize, code: &str, plan: &Plan) -> bool {
    let seen = |index: usize| {
        let asked = &plan.questions[index].question;
        match asked.kind {
            _ if index != question => value::unanswered(asked),
            QuestionKind::SeveralOf => Cel::List(vec![language::text(code)].into()),
            _ => language::text(code),
        }
    };
    let context = language::context();
    let mut scope = context.new_inner_scope();
    for index in &condition.questions {
        scope.add_variable_from_value(&*plan.questions[*index].question.id, seen(*index));
    }
    for calculation in &condition.calculations {
        scope.add_variable_from_value(&*plan.calculations[*calculation].name, Cel::Null);
    }
    for (group, members) in &condition.groups {
        let item = members.iter().map(|member| (plan.questions[*member].question.id.clone(), seen(*member)));
        let items = vec![language::map(item)];
        scope.add_variable_from_value(&*plan.groups[*group].id, Cel::List(items.into()));
    }
    let facts = Facts::on(NaiveDate::default());
    for name in &condition.facts {
        scope.add_variable_from_value(name.as_str(), value::fact(name, &facts));
    }
    Cel::resolve(&condition.root, &scope) == Ok(Cel::Bool(true))
}

fn every_question(source: &ChecklistSource) -> impl Iterator<Item = &At<QuestionSource>> {
    source.onderdeel.iter().flat_map(|section| &section.get().vraag)
}
