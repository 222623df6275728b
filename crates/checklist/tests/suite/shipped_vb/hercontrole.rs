//! The hercontrole: what was agreed or ordered, point by point, and a next step that is only proposed.

use veldboek_checklist::{QuestionKind, ReportPlace};
use veldboek_domain::Value;

use super::{checklist, missing, sections, visit};
use crate::support::{Visit, date, observation};

const IDS: &[&str] = &[
    "A1", "A1a", "A1b", "A1c", "A1d", "A1e", "A2", "A2a", "A3", "A4", "A5", "A5a", "A5b", "A6", "B1", "B2", "B3", "C1",
    "C2", "C3", "C4", "C5", "C6", "C7", "D1", "D2", "D3", "D3a", "D3b", "D3c", "D4", "D5", "D6", "E1", "E2", "E3",
    "F1", "F1a", "F1b", "F2", "K1", "K2", "K3", "K4", "L1", "L2", "L3", "L4", "L5",
];

/// A visit after a penalty order whose term ended on this day.
fn after_an_order(term: &str) -> Visit {
    let mut visit = visit("vb-her");
    visit.answer("A1b", date("2026-09-01"));
    visit.answer("A1c", Value::choices(&["last-onder-dwangsom"]));
    visit.answer("A1d", date(term));
    visit
}

fn proposed(visit: &Visit, slot: &str) -> Vec<String> {
    let slot = visit.slot(slot);
    visit.evaluation.measures().iter().filter(|one| one.slot == slot).map(|one| one.code.clone()).collect()
}

#[test]
fn it_asks_for_the_earlier_visit_and_for_each_point_of_it() {
    assert_eq!(missing("vb-her", IDS), Vec::<&str>::new());
    assert_eq!(sections("vb-her"), ["A", "B", "C", "D", "E", "F", "K", "L"]);
    let checklist = checklist("vb-her");
    let repeated = checklist.sections().iter().filter(|section| section.group.is_some());
    assert_eq!(repeated.map(|section| section.id.as_str()).collect::<Vec<_>>(), ["D"]);
    let visit = visit("vb-her");
    assert!(["A1a", "A1b", "A1c", "D1@1", "D3@2"].iter().all(|slot| visit.asks(slot)));
}

#[test]
fn every_state_of_a_point_asks_for_what_was_seen_or_why_not() {
    let mut visit = visit("vb-her");
    for (state, asked) in
        [("hersteld", ["D3a"].as_slice()), ("deels", &["D3a", "D3b"]), ("niet", &["D3a"]), ("niet-te-zien", &["D3c"])]
    {
        visit.choose("D3@1", state);
        let there: Vec<_> = ["D3a", "D3b", "D3c"].into_iter().filter(|id| visit.asks(&format!("{id}@1"))).collect();
        assert_eq!(there, asked, "{state}");
        assert!(!visit.visible("D3a@2"), "only of this point");
    }
    let checklist = checklist("vb-her");
    let seen = checklist.question("D3a").expect("D3a");
    assert_eq!((seen.kind, seen.photos.as_ref().map(|photos| photos.minimum)), (QuestionKind::Observation, Some(1)));
}

#[test]
fn collection_is_proposed_only_after_the_term_of_a_penalty_order() {
    let mut visit = after_an_order("2026-11-18");
    visit.choose("D3@1", "niet");
    assert_eq!(proposed(&visit, "D3@1"), ["invordering"]);
    visit.choose("D3@1", "hersteld");
    assert!(proposed(&visit, "D3@1").is_empty());
    visit.choose("D3@1", "niet").answer("A1d", date("2026-11-19"));
    assert_eq!(proposed(&visit, "D3@1"), ["hercontrole"], "the last day of the term is still in it");
    visit.answer("A1d", date("2026-11-18")).answer("A1c", Value::choices(&["schriftelijke-waarschuwing"]));
    assert_eq!(proposed(&visit, "D3@1"), ["vooraankondiging"], "a warning is no order");
    visit.answer("A1c", Value::choices(&["last-onder-bestuursdwang"]));
    assert_eq!(proposed(&visit, "D3@1"), ["last-onder-bestuursdwang"]);
    visit.choose("D3@1", "niet-te-zien");
    assert_eq!(proposed(&visit, "D3@1"), ["hercontrole"], "who sees nothing states nothing");
}

#[test]
fn what_is_chosen_against_the_term_or_without_an_order_is_refused_and_proposes_nothing() {
    let mut visit = after_an_order("2026-12-01");
    visit.choose("F1", "invordering");
    assert!(visit.state("F1").violates.expect("too early").contains("loopt nog"));
    assert!(proposed(&visit, "F1").is_empty() && visit.evaluation.tasks().is_empty());
    visit.answer("A1d", date("2026-11-01"));
    assert_eq!((visit.state("F1").violates, proposed(&visit, "F1")), (None, vec!["invordering".to_owned()]));
    visit.answer("A1c", Value::choices(&["afspraak"]));
    assert!(visit.state("F1").violates.expect("no order").contains("Zonder last"));
    visit.choose("F1", "bestuursdwang-uitvoeren");
    assert!(visit.state("F1").violates.is_some() && proposed(&visit, "F1").is_empty());
}

#[test]
fn who_collects_and_who_decides_is_said_with_every_proposal() {
    let mut visit = after_an_order("2026-11-01");
    visit.choose("D3@1", "niet").choose("F1", "invordering");
    let notes: Vec<_> = visit.evaluation.measures().iter().map(|one| one.note.clone().unwrap_or_default()).collect();
    assert_eq!(notes.len(), 2);
    assert!(notes.iter().all(|note| note.contains("voorstel") && note.contains("bevoegd gezag beslist")), "{notes:?}");
    assert!(
        visit.evaluation.notices().iter().any(|notice| notice.text.contains("Zeg niet dat er betaald moet worden"))
    );
    let grounds = &checklist("vb-her").question("F1").expect("F1").grounds.clone();
    assert!(grounds.iter().any(|ground| ground.article == "art. 5:37 Awb"));
}

#[test]
fn it_is_closed_only_when_every_point_is_mended() {
    let mut visit = after_an_order("2026-11-18");
    visit.choose("D3@1", "hersteld").choose("D3@2", "deels").choose("F1", "afsluiten");
    assert!(visit.state("F1").violates.expect("one is not").contains("Niet elk punt"));
    visit.choose("D3@2", "hersteld");
    assert_eq!(visit.state("F1").violates, None);
}

#[test]
fn a_new_term_lies_ahead_says_why_it_can_be_met_and_brings_another_visit_after_it() {
    let mut visit = after_an_order("2026-11-18");
    visit.choose("F1", "meer-tijd");
    assert!(visit.asks("F1a") && visit.asks("F1b"));
    visit.answer("F1a", date("2026-11-19"));
    assert!(visit.state("F1a").violates.is_some());
    visit.answer("F1a", date("2026-12-31"));
    assert_eq!(visit.state("F1a").violates, None);
    let tasks = visit.evaluation.tasks();
    let again = tasks.iter().find(|task| task.id == "hercontrole-na-termijn").expect("another visit");
    assert_eq!(again.due, Some("2027-01-01".parse().expect("a day")));
}

#[test]
fn the_end_of_the_term_is_shown_and_nothing_is_shown_without_one() {
    let mut visit = after_an_order("2026-11-18");
    let over = |visit: &Visit| visit.evaluation.calculation("termijn_voorbij", None);
    assert_eq!(over(&visit).as_deref(), Some("ja"));
    assert_eq!(over(visit.answer("A1d", date("2026-11-19"))).as_deref(), Some("nee"));
    assert_eq!(over(visit.clear("A1d")), None);
    assert!(visit.asks("A1d"), "an order has a term");
    assert!(!visit.answer("A1c", Value::choices(&["afspraak"])).asks("A1d"));
}

#[test]
fn a_new_fact_asks_for_its_observation_and_ordinary_explanation_and_dumping_stops() {
    let mut visit = visit("vb-her");
    assert!(!visit.visible("E2"));
    visit.answer("E1", Value::choices(&["bouw"]));
    assert!(visit.asks("E2") && visit.asks("E3") && visit.state("E1").open());
    visit.answer("E1#bouw", observation("Een nieuwe wand van hout.", ""));
    assert!(visit.state("E1").answered);
    visit.answer("E1", Value::choices(&["dumping"]));
    assert_eq!(visit.stops(veldboek_checklist::StopKind::Safety), ["E1"]);
    visit.answer("E1", Value::choices(&["geen"]));
    assert!(!visit.visible("E2") && !visit.visible("E3"));
}

#[test]
fn what_the_visited_party_says_about_a_point_stands_in_the_report_as_a_statement() {
    let checklist = checklist("vb-her");
    assert_eq!(checklist.statements().map(|question| question.id.as_str()).collect::<Vec<_>>(), ["D4"]);
    for (place, id) in [
        (ReportPlace::Cause, "A1"),
        (ReportPlace::Address, "A2"),
        (ReportPlace::Arrival, "B3"),
        (ReportPlace::WarrantUsed, "C5"),
        (ReportPlace::CautionAt, "C7b"),
        (ReportPlace::Reaction, "L1"),
        (ReportPlace::Oath, "L5"),
    ] {
        assert_eq!(checklist.place(place).map(|question| question.id.as_str()), Some(id), "{place:?}");
    }
}
