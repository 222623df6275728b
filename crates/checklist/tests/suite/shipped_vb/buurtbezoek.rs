//! A visit to neighbours: voluntary, at the door, and without anything that leads to a person.

use veldboek_checklist::{Participant, QuestionKind, StopKind};
use veldboek_domain::{Observation, ObservationKind, Value};

use super::{checklist, missing, sections, visit};
use crate::support::{Visit, observation};

const IDS: &[&str] = &[
    "A1", "A2", "A2a", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5", "B5a", "B6", "C1", "C2", "C2a", "C3", "D1",
    "D2", "D3", "E1", "E2", "E3", "E4",
];

/// Somebody opened, heard who we are, and wants to talk; notes are allowed or not.
fn talking(notes: &str) -> Visit {
    let mut visit = visit("vb-buurt");
    visit.choose("B1@1", "ja").choose("B2@1", "ja").choose("B3@1", "ja").choose("B4@1", notes);
    visit
}

#[test]
fn it_is_short_and_whole() {
    assert_eq!(missing("vb-buurt", IDS), Vec::<&str>::new());
    assert_eq!(checklist("vb-buurt").questions().count(), IDS.len());
    assert_eq!(sections("vb-buurt"), ["A", "B", "C", "D", "E"]);
}

#[test]
fn it_holds_nothing_about_persons() {
    let checklist = checklist("vb-buurt");
    assert!(checklist.without_persons());
    for question in checklist.questions() {
        let who_or_where = matches!(
            question.kind,
            QuestionKind::Address | QuestionKind::Point | QuestionKind::Photo | QuestionKind::Document
        );
        assert!(!who_or_where && question.photos.is_none(), "{} asks who or where", question.id);
        let free = matches!(question.kind, QuestionKind::Text | QuestionKind::Observation | QuestionKind::Signature);
        assert_eq!(free, question.about.is_some(), "{} says what it is about when it holds words", question.id);
    }
}

#[test]
fn consent_comes_first_and_only_then_is_anything_asked() {
    let mut visit = visit("vb-buurt");
    let open = |visit: &Visit| ["C1@1", "C2@1", "C3@1", "D3@1"].map(|slot| visit.visible(slot));
    assert_eq!(open(&visit), [false; 4]);
    visit.choose("B1@1", "ja");
    assert!(!visit.visible("B3@1"), "first who we are and that it is voluntary");
    visit.choose("B2@1", "ja");
    assert!(visit.asks("B3@1") && open(&visit) == [false; 4]);
    visit.choose("B3@1", "nee");
    assert_eq!((open(&visit), visit.visible("B4@1")), ([false; 4], false));
    visit.choose("B3@1", "ja").choose("B4@1", "nee");
    assert_eq!(open(&visit), [false, false, true, true], "talking without notes");
    visit.choose("B4@1", "ja");
    assert_eq!((open(&visit), visit.visible("C1@2")), ([true; 4], false));
}

#[test]
fn what_stood_there_no_longer_counts_when_somebody_changes_his_mind() {
    let mut visit = talking("ja");
    visit.choose("C2@1", "ja").answer("C2a@1", observation("Damp bij de sloot.", "Mest."));
    visit.choose("B3@1", "nee");
    assert!(["B4@1", "C2@1", "C2a@1"].iter().all(|slot| visit.state(slot).does_not_count()));
    assert!(visit.evaluation.leaflets().is_empty());
}

#[test]
fn nothing_of_the_conversation_is_required() {
    let mut visit = talking("ja");
    visit.choose("C2@1", "ja");
    for question in ["C1", "C2", "C2a", "C3", "D3"] {
        assert!(!visit.state(&format!("{question}@1")).required, "{question} is voluntary");
    }
}

#[test]
fn nobody_goes_inside() {
    let mut visit = visit("vb-buurt");
    visit.facts.participants =
        vec![Participant { goes_inside: true, legal_basis: "APV".into(), ..Participant::default() }];
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(visit.state("A3").violates.expect("even with a ground").contains("gaat niemand naar binnen"));
    visit.choose("B1@1", "ja").choose("B5@1", "nee");
    assert_eq!(visit.stops(StopKind::StayOutside), ["B5"]);
    assert!(visit.asks("B5a@1"));
    let checklist = checklist("vb-buurt");
    assert!(checklist.parts().is_empty(), "no part about entry: there is none");
}

#[test]
fn what_a_neighbour_noticed_is_a_statement_with_its_ordinary_explanation() {
    let mut visit = talking("ja");
    visit.choose("C2@1", "ja").answer("C2a@1", observation("Het rook naar aceton.", "Een schilder."));
    assert!(visit.state("C2a@1").violates.expect("not seen by us").contains("verklaring"));
    let said = |ordinary: &str| {
        Value::Observation(Observation {
            kind: ObservationKind::Statement,
            text: "Het rook naar aceton.".into(),
            ordinary_explanation: ordinary.into(),
            observed_at: None,
        })
    };
    visit.answer("C2a@1", said(""));
    assert_eq!(visit.state("C2a@1").incomplete, ["gewone_verklaring"]);
    visit.answer("C2a@1", said("Een schilder."));
    assert_eq!((visit.state("C2a@1").violates, visit.state("C2a@1").incomplete.len()), (None, 0));
}

#[test]
fn who_wants_to_tell_about_others_is_sent_on_and_nothing_is_written() {
    let mut visit = talking("ja");
    visit.choose("C3@1", "ja");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Vraag niet door")));
    assert_eq!(visit.evaluation.leaflets()[0].leaflet, "meld-misdaad-anoniem");
    let checklist = checklist("vb-buurt");
    let children: Vec<_> = checklist.questions().filter(|question| question.parent.as_deref() == Some("C3")).collect();
    assert!(children.is_empty());
    let asking: Vec<_> =
        checklist.questions().filter(|one| one.text.contains("wie ") || one.text.starts_with("Wie ")).collect();
    let ids: Vec<_> = asking.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids, ["A3", "B2", "B4"], "who is asked only of the team, and that nobody can be recognised");
}

#[test]
fn danger_that_a_neighbour_points_out_stops_the_visit() {
    let mut visit = visit("vb-buurt");
    visit.choose("B1@2", "ja").choose("B6@2", "ja");
    assert_eq!(visit.stops(StopKind::Safety), ["B6"]);
}
