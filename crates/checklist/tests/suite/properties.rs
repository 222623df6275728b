//! Incremental evaluation comes out like evaluation from scratch, whatever people answer and in whatever order.

use proptest::prelude::*;
use veldboek_checklist::{Checklist, Evaluation, Facts, Question, QuestionKind, ReadingContext};
use veldboek_domain::{ItemId, Slot, Value};

use crate::support::{Sheet, date, day, item, matrix, observation, signature, t1, time};

/// What somebody does.
#[derive(Clone, Debug)]
enum Deed {
    /// Answers the question with this number, in this building, choosing by this number; 0 takes the answer away.
    Answer(usize, u128, usize),
    Observe(usize, u128, usize),
    Excuse(usize, u128),
    Attach(usize, u128),
    AddBuilding(u128),
    WithdrawBuilding(u128),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        12 => (0..200usize, 1..4u128, 0..6usize).prop_map(|(question, building, choice)| Deed::Answer(question, building, choice)),
        2 => (0..200usize, 1..4u128, 0..6usize).prop_map(|(question, building, choice)| Deed::Observe(question, building, choice)),
        1 => (0..200usize, 1..4u128).prop_map(|(question, building)| Deed::Excuse(question, building)),
        1 => (0..200usize, 1..4u128).prop_map(|(question, building)| Deed::Attach(question, building)),
        1 => (1..4u128).prop_map(Deed::AddBuilding),
        1 => (1..4u128).prop_map(Deed::WithdrawBuilding),
    ]
}

fn value(question: &Question, choice: usize) -> Value {
    if choice == 0 {
        return Value::Cleared;
    }
    let code = |offset: usize| question.options[(choice + offset) % question.options.len()].code.as_str();
    match question.kind {
        kind if kind.is_choice() => Value::choice(code(0)),
        QuestionKind::SeveralOf => Value::choices(&[code(0), code(choice)]),
        QuestionKind::Matrix => {
            let rows: Vec<_> = question.rows.iter().skip(choice % 2).map(|row| (row.code.as_str(), code(0))).collect();
            matrix(&rows)
        }
        QuestionKind::Number => Value::Number(choice as f64 - 2.0),
        QuestionKind::Date => date(["2026-11-10", "2026-11-18", "2026-11-19", "2026-11-25", "2026-12-01"][choice % 5]),
        QuestionKind::Time => time(["08:00:00", "13:15:00", "23:59:00"][choice % 3]),
        QuestionKind::Observation => observation("Gezien.", ["", "Gewoon."][choice % 2]),
        QuestionKind::Signature => signature("M. Dekker"),
        _ => Value::text("tekst"),
    }
}

fn slot_of(checklist: &Checklist, question: usize, building: u128) -> (Slot, &Question) {
    let count = checklist.questions().count();
    let question = checklist.questions().nth(question % count).expect("a question");
    let repeats = checklist.section_of(&question.id).is_some_and(|section| section.group.is_some());
    (Slot::within(&question.id, repeats.then(|| item(building))), question)
}

fn everything(evaluation: &Evaluation, checklist: &Checklist, buildings: &[ItemId]) -> Vec<String> {
    let mut lines = Vec::new();
    for question in checklist.questions() {
        for group in std::iter::once(None).chain(buildings.iter().copied().map(Some)) {
            let slot = Slot::within(&question.id, group);
            lines.push(format!("{slot} {:?}", evaluation.state(&slot)));
        }
    }
    lines.push(format!("{:?} {:?}", evaluation.total(), evaluation.open()));
    lines.push(format!("{:?}", evaluation.measures()));
    lines.push(format!("{:?} {:?}", evaluation.stops(), evaluation.tasks()));
    lines.push(format!("{:?} {:?}", evaluation.notices(), evaluation.leaflets()));
    lines.push(format!("{:?} {:?}", evaluation.problems(), evaluation.calculation("machtiging_geldig_tot", None)));
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn answers_one_by_one_come_out_like_all_at_once(deeds in prop::collection::vec(deed(), 1..60)) {
        let checklist = t1();
        let facts = Facts { visit_day: Some(day()), special_officer: true, ..Facts::on(day()) };
        let mut sheet = Sheet::default();
        sheet.groups.insert("gebouw".into(), vec![item(1)]);
        let mut evaluation = Evaluation::of(&checklist, &sheet, &facts);
        for deed in &deeds {
            let slot = match deed {
                Deed::Answer(question, building, choice) => {
                    let (slot, question) = slot_of(&checklist, *question, *building);
                    sheet.answers.insert(slot.clone(), value(question, *choice));
                    slot
                }
                Deed::Observe(question, building, choice) => {
                    let (slot, question) = slot_of(&checklist, *question, *building);
                    let Some(option) = question.options.get(choice % question.options.len().max(1)) else { continue };
                    let slot = slot.for_part(&option.code);
                    sheet.answers.insert(slot.clone(), observation("Gezien.", ""));
                    slot
                }
                Deed::Excuse(question, building) => {
                    let (slot, _) = slot_of(&checklist, *question, *building);
                    sheet.reasons.insert(slot.clone(), "Kon niet.".into());
                    slot
                }
                Deed::Attach(question, building) => {
                    let (slot, _) = slot_of(&checklist, *question, *building);
                    *sheet.attachments.entry(slot.clone()).or_default() += 1;
                    slot
                }
                Deed::AddBuilding(building) => {
                    let buildings = sheet.groups.entry("gebouw".into()).or_default();
                    if !buildings.contains(&item(*building)) {
                        buildings.push(item(*building));
                    }
                    Slot::of("A2")
                }
                Deed::WithdrawBuilding(building) => {
                    sheet.groups.entry("gebouw".into()).or_default().retain(|one| *one != item(*building));
                    Slot::of("A2")
                }
            };
            evaluation.after(&slot, &sheet, &facts);
        }
        let buildings = [item(1), item(2), item(3)];
        let fresh = Evaluation::of(&checklist, &sheet, &facts);
        prop_assert_eq!(everything(&evaluation, &checklist, &buildings), everything(&fresh, &checklist, &buildings));
        prop_assert!(fresh.problems().is_empty(), "{:?}", fresh.problems());
    }

    #[test]
    fn reading_any_text_ends_in_a_checklist_or_in_problems_with_a_place(text in "\\PC{0,200}") {
        if let Err(error) = Checklist::read("willekeurig.toml", &text) {
            prop_assert!(!error.problems.is_empty());
            prop_assert!(error.problems.iter().all(|problem| problem.line >= 1 && problem.column >= 1));
        }
    }

    #[test]
    fn a_shipped_file_with_a_piece_cut_out_never_panics(start in 0..60_000usize, length in 1..40usize) {
        let text = crate::support::shipped("veilig-buitengebied/integrale-controle.toml");
        let keep = |byte: usize| (0..=byte.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0);
        let cut = format!("{}{}", &text[..keep(start)], &text[keep(start + length)..]);
        let _ = Checklist::read_with("geknipt.toml", &cut, &ReadingContext::bundled());
    }
}
