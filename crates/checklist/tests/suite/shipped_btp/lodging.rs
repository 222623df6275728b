//! T3: the lodging provider and the guest register.

use veldboek_checklist::{InReport, Participant, QuestionKind, StopKind};
use veldboek_domain::Value;

use super::{T3, checklist};
use crate::support::{Visit, date, observation, time};

const REGISTER: &[&str] = &["C1", "C2", "C3", "C4", "C5"];

fn visit() -> Visit {
    Visit::new(&*checklist(T3))
}

fn officer(designation: &str) -> Participant {
    Participant {
        legal_basis: "APV".into(),
        designation: designation.into(),
        goes_inside: true,
        ..Participant::default()
    }
}

fn with(participants: Vec<Participant>, supervises: &[&str]) -> Visit {
    let mut visit = visit();
    visit.facts.participants = participants;
    visit.answer("A3a", Value::choices(supervises));
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    visit.choose("C1", "ja");
    visit
}

#[test]
fn without_a_designation_for_the_register_its_section_is_closed() {
    let decision = "Aanwijzing nachtregister";
    for (designation, supervises, open) in [
        ("", vec!["apv"], false),
        ("", vec!["nachtregister"], false),
        (decision, vec!["apv", "brandveiligheid"], false),
        (decision, vec!["geen"], false),
        (decision, vec!["nachtregister", "apv"], true),
    ] {
        let visit = with(vec![officer(designation)], &supervises);
        for question in REGISTER {
            assert_eq!(visit.visible(question), open, "{question} with `{designation}` for {supervises:?}");
        }
        let said = visit.evaluation.notices().iter().any(|notice| notice.text.contains("Onderdeel C blijft dicht"));
        assert_eq!(said, !open, "`{designation}` for {supervises:?}");
    }
}

#[test]
fn a_register_that_was_looked_at_without_a_designation_does_not_count() {
    let mut visit = with(vec![officer("Aanwijzing nachtregister")], &["nachtregister"]);
    visit.choose("C1", "weigert");
    assert_eq!(visit.measures(), ["schriftelijke-waarschuwing"]);
    visit.facts.participants = vec![officer("")];
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(visit.state("C1").does_not_count() && visit.measures().is_empty());
    assert!(visit.state("A3a").violates.expect("no decision").contains("aanwijzingsbesluit"));
}

#[test]
fn the_register_is_checked_by_counts_and_columns_only() {
    let checklist = checklist(T3);
    let section = checklist.sections().iter().find(|section| section.id == "C").expect("section C");
    assert!(section.questions.iter().all(|question| question.photos.is_none()), "no photo of the register");
    let free = |kind| matches!(kind, QuestionKind::Text | QuestionKind::Observation);
    let words: Vec<_> = section.questions.iter().filter(|question| free(question.kind)).map(|one| &*one.id).collect();
    assert_eq!(words, ["C1a", "C1b", "C5a"], "only about refusing, demanding and counts that differ");
    let mut visit = with(vec![officer("Aanwijzing nachtregister")], &["nachtregister"]);
    visit.answer("C3", Value::Number(20.0)).answer("C3a", Value::Number(21.0));
    assert!(visit.state("C3a").violates.expect("more than looked at").contains("meer onvolledige"));
    assert!(visit.answer("C3a", Value::Number(2.0)).asks("C3b"));
    assert_eq!(visit.measures(), ["mondelinge-waarschuwing"]);
    assert!(!visit.answer("C3a", Value::Number(0.0)).visible("C3b"));
}

#[test]
fn a_refusal_is_demanded_once_and_a_boa_hears_that_the_regime_comes_first() {
    let mut visit = with(vec![officer("Aanwijzing nachtregister")], &["nachtregister"]);
    visit.choose("C1", "weigert");
    assert!(["C1a", "C1b", "C1c"].iter().all(|id| visit.asks(id)) && !visit.visible("C3"));
    let regime = |visit: &Visit| visit.evaluation.notices().iter().any(|notice| notice.text.contains("(Wpg)"));
    assert!(!regime(&visit));
    visit.facts.special_officer = true;
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(regime(&visit));
}

#[test]
fn no_question_has_room_for_a_room() {
    for question in checklist(T3).questions() {
        let asks = |text: &str| text.to_lowercase().contains("kamernummer");
        assert!(!asks(&question.text), "{}", question.id);
        assert!(question.options.iter().chain(&question.rows).all(|choice| !asks(&choice.label)), "{}", question.id);
    }
    let signals = checklist(T3).question("D4").cloned().expect("D4");
    assert!(signals.caution.expect("it says so").contains("kamernummer gaat alleen in de overdracht"));
}

#[test]
fn what_staff_tells_goes_to_the_police_and_not_into_the_report_that_stays_behind() {
    let mut visit = visit();
    visit.answer("D4", Value::choices(&["geen"]));
    assert!(visit.evaluation.tasks().is_empty() && !visit.visible("D4a"));
    visit.answer("D4", Value::choices(&["handdoeken"]));
    assert!(visit.asks("D4a") && visit.asks("D4b"));
    assert_eq!(visit.evaluation.tasks()[0].id, "overdracht-signalen-politie");
    assert!(visit.measures().is_empty(), "a signal proposes no measure");
    visit.choose("D4b", "ja");
    assert!(visit.asks("D4c") && visit.evaluation.tasks().is_empty(), "it was handed over");
    for id in ["D4", "D4a", "D4b", "D4c"] {
        assert_eq!(checklist(T3).question(id).expect(id).in_report, InReport::FileOnly, "{id}");
    }
}

#[test]
fn each_signal_that_staff_may_name_has_its_ordinary_explanation() {
    let checklist = checklist(T3);
    for option in checklist.question("D4").expect("D4").options.iter().filter(|option| !option.exclusive) {
        let help = option.help.as_ref().unwrap_or_else(|| panic!("{} has no help card", option.code));
        assert!(!help.ordinary_explanations.is_empty() && option.heading.is_some(), "{}", option.code);
    }
}

#[test]
fn every_statement_waits_for_the_caution_when_questions_aim_at_a_penalty() {
    let mut visit = with(vec![officer("Aanwijzing nachtregister")], &["nachtregister"]);
    visit.choose("C5", "nee").choose("F1", "ja").answer("G1", Value::choices(&["overbewoning"]));
    let statements = ["C5a", "F2", "G1c", "H2"];
    let locked = |visit: &Visit| statements.map(|id| visit.state(id).locked.is_some());
    assert_eq!(locked(&visit), [false, true, false, false], "what the operator knew waits for B3 itself");
    assert_eq!(locked(visit.choose("B3", "ja")), [true; 4], "art. 5:10a Awb");
    assert_eq!(locked(visit.choose("B3a", "ja")), [true; 4], "the time is missing");
    assert_eq!(locked(visit.answer("B3b", time("20:15:00"))), [false; 4]);
    assert_eq!(locked(visit.choose("B3a", "nee")), [true; 4], "a hidden time does not count");
    assert_eq!(locked(visit.choose("B3", "nee")), [false; 4]);
}

#[test]
fn a_find_opens_the_shared_section_and_that_stops_the_supervision() {
    for (found, opens) in [("drugs", true), ("wapens", true), ("overbewoning", false), ("arbeidsuitbuiting", false)] {
        let mut visit = visit();
        visit.answer("G1", Value::choices(&[found]));
        assert_eq!(visit.asks("K1"), opens, "{found}");
    }
    let mut visit = visit();
    visit.answer("G1", Value::choices(&["wapens"])).choose("K1", "ja").answer("K3", observation("Op de tafel.", ""));
    assert_eq!(visit.stops(StopKind::Supervision), ["K1"]);
    assert!(visit.asks("K2") && visit.asks("K2a"));
    visit.choose("K1", "nee");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Een van beide klopt niet")));
    visit.answer("G1", Value::choices(&["geen"]));
    assert!(!visit.visible("K1"));
}

#[test]
fn overcrowding_and_bad_work_go_to_whose_task_it_is_without_names() {
    let mut visit = visit();
    visit.answer("G1", Value::choices(&["overbewoning", "arbeidsuitbuiting"]));
    assert!(visit.asks("G1a") && visit.asks("G1b") && visit.asks("G1c"));
    assert_eq!(
        visit.measures(),
        ["doorverwijzing-partner gemeente-bouw", "doorverwijzing-partner brandweer", "doorverwijzing-partner nla"]
    );
    assert_eq!(visit.evaluation.tasks()[0].id, "overleg-zorgcoordinator");
}

#[test]
fn service_that_was_found_is_a_count_and_a_checklist_of_its_own() {
    let mut visit = visit();
    assert!(visit.choose("F1", "ja").asks("F1a") && visit.visible("F2"));
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("een eigen controle")));
    assert!(!visit.choose("F1", "nee").visible("F2"));
}

#[test]
fn every_measure_is_for_the_operator_and_the_authority_decides() {
    let mut visit = visit();
    for (answer, measures) in [
        ("geen", vec![]),
        ("voorlichting", vec!["voorlichting"]),
        ("waarschuwing", vec!["schriftelijke-waarschuwing"]),
        ("voornemen-last", vec!["last-onder-dwangsom"]),
        ("sluitingsadvies", vec!["sluiting-apv"]),
    ] {
        assert_eq!(visit.choose("H1", answer).measures(), measures, "{answer}");
    }
    assert!(checklist(T3).question("H1").expect("H1").caution.as_deref().is_some_and(|text| text.contains("gast")));
}

#[test]
fn alone_is_warned_and_a_repeat_visit_comes_later() {
    let mut visit = visit();
    visit.choose("A2", "nee");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Ga niet alleen")));
    visit.answer("H1a", date("2026-11-18"));
    assert!(visit.state("H1a").violates.is_some());
}

#[test]
fn a_hotel_takes_the_sets_of_four_partners() {
    let checklist = checklist(T3);
    let partners = checklist.parts().iter().filter_map(|part| Some(&*part.partner_set.as_ref()?.partner));
    assert_eq!(partners.collect::<Vec<_>>(), ["brandweer", "nla", "gemeente-brp", "politie"]);
}
