//! The resilience survey: anonymous, voluntary, and nothing but counts.

use veldboek_checklist::{Counted, Outgoing, QuestionKind};
use veldboek_domain::Value;

use super::{checklist, missing, sections, visit};

const IDS: &[&str] = &[
    "A1", "A2", "B1", "B2", "B3", "B4", "B5", "B6", "C1", "C2", "C3", "C3a", "D1", "D2", "D3", "D4", "D5", "D6", "E1",
    "E2", "E2a", "F1", "F2",
];

#[test]
fn it_is_anonymous_and_lets_counts_out_only() {
    assert_eq!(missing("vb-weer", IDS), Vec::<&str>::new());
    assert_eq!(sections("vb-weer"), ["A", "B", "C", "D", "E", "F"]);
    let checklist = checklist("vb-weer");
    assert!(checklist.anonymous() && checklist.without_persons());
    assert_eq!(checklist.outgoing(), Outgoing::Counts);
}

#[test]
fn there_is_no_place_for_words_an_address_or_a_name() {
    for question in checklist("vb-weer").questions() {
        let choice = question.kind.is_choice() || question.kind == QuestionKind::SeveralOf;
        assert!(choice && question.photos.is_none(), "{} is no choice", question.id);
        assert_eq!(
            question.counted,
            question.id != "A1",
            "{}: what is asked is counted, and consent is not",
            question.id
        );
    }
}

#[test]
fn consent_comes_first_and_who_stops_is_not_counted() {
    let mut visit = visit("vb-weer");
    assert_eq!(visit.evaluation.visible().len(), 1);
    visit.choose("A1", "ja");
    assert_eq!(visit.evaluation.visible().len(), IDS.len() - 2, "two are follow-ups");
    visit.choose("A2", "wonen").choose("B1", "ja").answer("F1", Value::choices(&["voorlichting", "melden"]));
    let checklist = checklist("vb-weer");
    let counts = checklist.counts(&visit.sheet, &visit.evaluation);
    let counted: Vec<_> = counts.iter().map(|one| one.question.as_str()).collect();
    assert_eq!(counted, ["A2", "B1", "F1", "F1"]);
    assert!(counts.iter().all(|one| matches!(one.counted, Counted::Option(_))));
    visit.choose("A1", "nee");
    assert!(checklist.counts(&visit.sheet, &visit.evaluation).is_empty());
    assert_eq!(visit.evaluation.visible().len(), 1);
}

#[test]
fn every_question_may_be_skipped() {
    let mut visit = visit("vb-weer");
    visit.choose("A1", "ja").choose("C3", "zeker-niet").choose("E2", "ja");
    for question in IDS.iter().filter(|id| **id != "A1") {
        assert!(!visit.state(question).required, "{question} is voluntary");
    }
}

#[test]
fn who_was_approached_is_told_where_to_go_and_asked_nothing_more() {
    let mut visit = visit("vb-weer");
    visit.choose("A1", "ja");
    let before = visit.evaluation.visible().len();
    for answer in ["ja", "wil-niet-zeggen"] {
        visit.choose("E1", answer);
        assert_eq!(visit.evaluation.visible().len(), before);
        assert_eq!(visit.evaluation.leaflets()[0].leaflet, "meld-misdaad-anoniem");
    }
    assert!(visit.evaluation.tasks().is_empty() && visit.evaluation.measures().is_empty());
}
