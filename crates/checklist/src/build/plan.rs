//! Compiles every condition and ties questions to what they depend on.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Lists, coded, need, text_of};
use crate::expression::{Compiled, Name, Place, Purpose, compile};
use crate::model::{Calculation, Question, Section};
use crate::plan::{Due, Plan, PlanCalculation, PlanGroup, PlanMeasure, PlanQuestion, PlanSection, PlanTask};
use crate::problem::{Complaints, suggest};
use crate::source::{At, ChecklistSource, QuestionSource, Text};

/// Makes the plan; nothing when a condition could not be compiled or questions wait for each other. What could be compiled
/// is looked at all the same, so that an author sees every problem at once.
pub(super) fn plan(
    source: &ChecklistSource,
    sections: &[Section],
    calculations: &[Calculation],
    lists: &Lists<'_>,
    complaints: &mut Complaints<'_>,
) -> Option<Plan> {
    let mut plan = Plan::default();
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut sound = true;
    for (section_source, section) in source.onderdeel.iter().map(At::get).zip(sections) {
        let group = lists.group(&section_source.groep);
        let mut compiler = Compiler { group, part: section_source.part, lists, complaints, sound: true };
        let mut section_visible: Vec<Arc<Compiled>> =
            compiler.optional(&section_source.zichtbaar).map(Arc::new).into_iter().collect();
        // The condition at the place of inclusion is the checklist's own: it may name anything of it.
        compiler.part = None;
        for condition in &section_source.also_visible {
            section_visible.extend(compiler.condition(condition).map(Arc::new));
        }
        compiler.part = section_source.part;
        let first = plan.questions.len();
        for (at, question) in section_source.vraag.iter().zip(&section.questions) {
            let index = plan.questions.len();
            let place = at.get().zichtbaar.as_ref().or(section_source.zichtbaar.as_ref());
            places.insert(index, place.map_or(at.start(), At::start));
            let mut planned = compiler.question(at.get(), question);
            planned.visible.extend(section_visible.iter().cloned());
            planned.section = plan.sections.len();
            planned.parent = question
                .parent
                .as_ref()
                .and_then(|parent| section.questions.iter().position(|one| one.id == *parent))
                .map(|position| first + position);
            plan.questions.push(planned);
        }
        sound &= compiler.sound;
        plan.sections.push(PlanSection {
            id: section.id.clone(),
            group,
            questions: (first..plan.questions.len()).collect(),
        });
    }
    for (index, (at, calculation)) in source.berekening.iter().zip(calculations).enumerate() {
        let group = lists.group(&at.get().groep);
        let place = Place { group, part: lists.brought_by[index] };
        places.insert(plan.questions.len() + index, at.get().waarde.as_ref().map_or(at.start(), At::start));
        let value = at.get().waarde.as_ref();
        let value = value.and_then(|value| compile(value, place, Purpose::Calculation, lists.names, complaints));
        sound &= value.is_some();
        let value = value.unwrap_or_else(Compiled::nothing);
        plan.calculations.push(PlanCalculation { name: calculation.name.clone(), group, value });
    }
    plan.groups = lists
        .groups
        .iter()
        .enumerate()
        .map(|(index, group)| PlanGroup {
            id: group.id.clone(),
            minimum: group.minimum,
            nodes: (0..plan.questions.len() + plan.calculations.len())
                .filter(|node| plan.group_of(*node) == Some(index))
                .collect(),
        })
        .collect();
    plan.index = lists
        .names
        .names
        .iter()
        .filter_map(|(name, what)| match what {
            Name::Question(index) => Some((name.clone(), *index)),
            _ => None,
        })
        .collect();
    super::handover::check(source, &plan, lists.names, complaints);
    if let Err(cycles) = plan.connect() {
        for cycle in cycles {
            let mut path: Vec<&str> = cycle.0.iter().map(|node| plan.name_of(*node)).collect();
            path.push(path[0]);
            complaints.add(
                places.get(&cycle.0[0]).copied().unwrap_or(0),
                format!("Deze vragen wachten op elkaar: {}.", path.join(" hangt af van ")),
                "Haal uit een van de voorwaarden de verwijzing weg die de kring sluit.",
            );
        }
        return None;
    }
    sound.then_some(plan)
}

struct Compiler<'a, 't> {
    group: Option<usize>,
    part: Option<usize>,
    lists: &'a Lists<'a>,
    complaints: &'a mut Complaints<'t>,
    sound: bool,
}

impl Compiler<'_, '_> {
    fn question(&mut self, source: &QuestionSource, question: &Question) -> PlanQuestion {
        PlanQuestion {
            question: question.clone(),
            section: 0,
            group: self.group,
            parent: None,
            visible: self.optional(&source.zichtbaar).map(Arc::new).into_iter().collect(),
            required_if: self.optional(&source.verplicht_als),
            constraints: source
                .eis
                .iter()
                .filter_map(|at| {
                    self.condition_and_text(at.start(), "voorwaarde", &at.get().voorwaarde, &at.get().tekst)
                })
                .collect(),
            lock: source
                .slot
                .as_ref()
                .and_then(|at| self.condition_and_text(at.start(), "als", &at.get().als, &at.get().tekst)),
            measures: source
                .maatregel
                .iter()
                .filter_map(|at| {
                    let measure = at.get();
                    let condition = self.needed("als", &measure.als, at.start());
                    let partner =
                        coded(&measure.partner, veldboek_domain::codes::PARTNERS, "De partner", self.complaints);
                    Some(PlanMeasure {
                        condition: condition?,
                        code: measure.code.as_ref()?.get().clone(),
                        note: super::optional(&measure.tekst),
                        partner,
                    })
                })
                .collect(),
            stops: source
                .stop
                .iter()
                .filter_map(|at| {
                    let kind = need(at.get().soort, "soort", at.start(), self.complaints);
                    let (condition, text) =
                        self.condition_and_text(at.start(), "als", &at.get().als, &at.get().tekst)?;
                    Some((condition, kind?, text))
                })
                .collect(),
            tasks: source.taak.iter().filter_map(|at| self.task(at)).collect(),
            notices: source
                .melding
                .iter()
                .filter_map(|at| self.condition_and_text(at.start(), "als", &at.get().als, &at.get().tekst))
                .collect(),
            leaflets: source.folder.iter().filter_map(|at| self.leaflet(at)).collect(),
        }
    }

    fn task(&mut self, at: &At<crate::source::TaskSource>) -> Option<PlanTask> {
        let task = at.get();
        let id = text_of(&task.id, "id", at.start(), self.complaints);
        let title = text_of(&task.titel, "titel", at.start(), self.complaints);
        let condition = self.needed("als", &task.als, at.start());
        let due = match (&task.termijn, &task.dagen) {
            (Some(_), Some(days)) => {
                self.complaints.add(
                    days.start(),
                    "Een taak heeft `termijn` of `dagen`, niet allebei.",
                    "Haal een van beide weg.",
                );
                None
            }
            (Some(_), None) => self.optional(&task.termijn).map(Due::Computed),
            (None, Some(days)) => Some(Due::DaysAfterVisit(*days.get())),
            (None, None) => None,
        };
        Some(PlanTask { condition: condition?, id: id?, title: title?, due })
    }

    fn leaflet(&mut self, at: &At<crate::source::HandOutSource>) -> Option<(Compiled, String)> {
        let hand_out = at.get();
        let condition = self.needed("als", &hand_out.als, at.start());
        let leaflet = need(hand_out.folder.as_ref(), "folder", at.start(), self.complaints)?;
        if !self.lists.leaflets.iter().any(|one| one.id == *leaflet.get()) {
            let known: Vec<&str> = self.lists.leaflets.iter().map(|one| one.id.as_str()).collect();
            let message = format!("De folder `{}` bestaat niet.", leaflet.get());
            self.complaints.add(leaflet.start(), message, suggest(leaflet.get(), &known));
        }
        Some((condition?, leaflet.get().clone()))
    }

    fn condition_and_text(
        &mut self,
        place: usize,
        key: &str,
        condition: &Option<Text>,
        text: &Option<Text>,
    ) -> Option<(Compiled, String)> {
        let text = text_of(text, "tekst", place, self.complaints);
        let condition = self.needed(key, condition, place);
        condition.zip(text)
    }

    fn needed(&mut self, key: &str, condition: &Option<Text>, place: usize) -> Option<Compiled> {
        need(condition.as_ref(), key, place, self.complaints);
        self.optional(condition)
    }

    fn optional(&mut self, condition: &Option<Text>) -> Option<Compiled> {
        self.condition(condition.as_ref()?)
    }

    fn condition(&mut self, text: &Text) -> Option<Compiled> {
        let place = Place { group: self.group, part: self.part };
        let compiled = compile(text, place, Purpose::Condition, self.lists.names, self.complaints);
        self.sound &= compiled.is_some();
        compiled
    }
}
