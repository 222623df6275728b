//! The licensed venue: conditions of the permit, asked of the operator.

use veldboek_checklist::{InReport, StopKind};
use veldboek_domain::Value;

use super::{VENUE, checklist};
use crate::support::{Visit, matrix, time};

fn visit() -> Visit {
    Visit::new(&*checklist(VENUE))
}

#[test]
fn conditions_of_the_permit_are_marked_as_general_knowledge() {
    for id in ["vergunning-seksinrichting", "bedrijfsplan", "hygiene-richtlijn"] {
        let checklist = checklist(VENUE);
        let ground = checklist.grounds().iter().find(|ground| ground.id == id).unwrap_or_else(|| panic!("no {id}"));
        assert_eq!((ground.reference.as_deref(), ground.to_be_checked), (Some("K"), true), "{id}");
    }
}

#[test]
fn whether_the_permit_fits_is_seen_row_by_row() {
    let mut visit = visit();
    let rows = |wrong: &'static str| {
        let rows = ["adres", "exploitant", "indeling", "werkruimten", "looptijd"];
        rows.map(|row| (row, if row == wrong { "klopt-niet" } else { "klopt" }))
    };
    visit.answer("C2", matrix(&rows("niets")));
    assert!(visit.state("C2").answered && !visit.visible("C2a") && visit.measures().is_empty());
    visit.answer("C2", matrix(&rows("werkruimten")));
    assert!(visit.asks("C2a"));
    assert_eq!(visit.measures(), ["vooraankondiging"]);
}

#[test]
fn of_whoever_runs_the_place_only_the_function_is_kept() {
    let mut visit = visit();
    assert!(visit.choose("B3", "beheerder").asks("B3a"));
    visit.choose("B3a", "nee");
    assert_eq!(visit.measures(), ["schriftelijke-waarschuwing"]);
    assert!(!visit.choose("B3", "niemand").visible("B3a"));
    assert_eq!(visit.measures(), ["mondelinge-waarschuwing"]);
}

#[test]
fn independence_is_asked_of_the_operators_rules() {
    let checklist = checklist(VENUE);
    let section = checklist.sections().iter().find(|section| section.id == "E").expect("E");
    assert!(section.explanation.as_deref().is_some_and(|text| text.contains("niet aan een dienstverlener")));
    let mut visit = visit();
    visit.answer("E1", matrix(&[("weigeren", "staat-er-niet-in")]));
    assert_eq!(visit.measures(), ["afspraak"]);
    visit.answer("E1", matrix(&[("eigen-tijden", "andersom")]));
    assert_eq!(visit.measures(), ["schriftelijke-waarschuwing"]);
}

#[test]
fn age_is_a_working_method_and_one_outcome_for_all() {
    let mut visit = visit();
    visit.choose("F2", "voldoet-niet");
    assert_eq!(visit.measures(), ["vooraankondiging"]);
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Beantwoord F3")));
    visit.choose("F3", "onbekend");
    assert_eq!(visit.stops(StopKind::Supervision), ["F3"]);
    assert_eq!(checklist(VENUE).question("F3").expect("F3").in_report, InReport::FileOnly);
}

#[test]
fn a_door_or_an_alarm_that_fails_weighs_more_than_a_towel() {
    let mut visit = visit();
    visit.answer("G1", matrix(&[("beddengoed", "niet-in-orde")]));
    assert!(visit.asks("G1a"));
    assert_eq!(visit.measures(), ["afspraak"]);
    visit.answer("G1", matrix(&[("alarm", "niet-in-orde")]));
    assert_eq!(visit.measures(), ["afspraak", "schriftelijke-waarschuwing"]);
}

#[test]
fn what_the_operator_says_waits_for_the_caution() {
    let mut visit = visit();
    let locked = |visit: &Visit| ["E2", "L1"].map(|id| visit.state(id).locked.is_some());
    assert_eq!(locked(&visit), [true, false], "B5 comes first");
    assert_eq!(locked(visit.choose("B5", "ja")), [true, true]);
    assert_eq!(locked(visit.choose("B5a", "ja").answer("B5b", time("16:10:00"))), [false, false]);
    assert_eq!(locked(visit.choose("B5", "nee")), [false, false]);
}

#[test]
fn a_worry_is_discussed_without_a_name_and_stays_out_of_the_report() {
    let mut visit = visit();
    assert!(visit.choose("J1", "ja").asks("J1a"));
    assert_eq!(visit.evaluation.tasks()[0].id, "overleg-zorgcoordinator");
    visit.choose("J1a", "ja");
    assert!(visit.asks("J1b") && visit.evaluation.tasks().is_empty());
    for id in ["J1", "J1a", "J1b"] {
        assert_eq!(checklist(VENUE).question(id).expect(id).in_report, InReport::Never, "{id}");
    }
}

#[test]
fn danger_and_a_find_stop_it() {
    let mut visit = visit();
    visit.choose("H3", "ja");
    assert_eq!(visit.stops(StopKind::Safety), ["H3"]);
    assert!(visit.answer("J2", Value::choices(&["geld"])).asks("K1"));
    assert!(!visit.answer("J2", Value::choices(&["geen"])).visible("K1"));
}
