//! The rules of BTP as tests: the shipped text keeps each, and the same text with the rule taken out does not.

use veldboek_checklist::{Checklist, Participant, ReadingContext, StopKind};
use veldboek_domain::Value;

use crate::support::{Visit, shipped};

const LODGING: &str = "btp/logiesverstrekker.toml";
const SERVICE: &str = "btp/onvergunde-dienstverlening.toml";

/// What a rule asks of a checklist.
type Keeps = fn(&Checklist) -> bool;

fn read(file: &str, text: &str) -> Checklist {
    Checklist::read_with(file, text, &ReadingContext::bundled()).unwrap_or_else(|error| panic!("{error}"))
}

/// The shipped text keeps the rule; without this piece, which must be there once, it does not.
#[track_caller]
fn kept_by(keeps: Keeps, file: &str, piece: &str, instead: &str) {
    let text = shipped(file);
    assert_eq!(text.matches(piece).count(), 1, "{file} does not hold this once:\n{piece}");
    assert!(keeps(&read(file, &text)), "the shipped text does not keep the rule");
    assert!(!keeps(&read(file, &text.replace(piece, instead))), "the check does not see that the rule is gone");
}

/// The reader refuses the text when this piece, which must be there once, is replaced.
#[track_caller]
fn refused(file: &str, piece: &str, instead: &str, message: &str) {
    let text = shipped(file);
    assert_eq!(text.matches(piece).count(), 1, "{file} does not hold this once:\n{piece}");
    let text = text.replace(piece, instead);
    let error = Checklist::read_with(file, &text, &ReadingContext::bundled()).expect_err("it should be refused");
    assert!(error.problems.iter().any(|problem| problem.message.contains(message)), "{error}");
}

#[test]
fn without_its_condition_the_register_would_be_open_to_everybody() {
    let keeps: Keeps = |checklist| {
        let mut visit = Visit::new(checklist);
        visit.facts.participants = vec![Participant { legal_basis: "APV".into(), ..Participant::default() }];
        visit.evaluation.refresh(&visit.sheet, &visit.facts);
        !visit.answer("A3a", Value::choices(&["nachtregister"])).visible("C1")
    };
    let condition = "zichtbaar = '\"nachtregister\" in A3a && deelnemers.exists(d, d.aanwijzing != \"\")'";
    kept_by(keeps, LODGING, condition, "");
    kept_by(keeps, LODGING, condition, "zichtbaar = '\"nachtregister\" in A3a'");
}

#[test]
fn without_its_lock_what_the_operator_knew_would_be_written_before_the_caution() {
    let keeps: Keeps = |checklist| Visit::new(checklist).choose("F1", "ja").state("F2").locked.is_some();
    kept_by(keeps, LODGING, "als = '!(B3 == \"nee\" || B3a == \"ja\" && beantwoord(B3b))'", "als = 'B3 == \"ja\"'");
}

#[test]
fn without_its_stop_a_room_would_be_entered_after_a_refusal() {
    let keeps: Keeps = |checklist| {
        let mut visit = Visit::new(checklist);
        visit.choose("A1", "woning").choose("A3d", "ingetrokken");
        visit.stops(StopKind::StayOutside) == ["A3d"]
    };
    kept_by(keeps, SERVICE, "als = 'A3d in [\"nee\", \"ingetrokken\"]'", "als = 'A3d == \"nee\"'");
}

#[test]
fn without_the_four_the_inside_could_be_photographed_from_the_corridor() {
    let keeps: Keeps = |checklist| {
        let mut visit = Visit::new(checklist);
        visit.choose("A1", "woning").choose("A3", "ja").choose("A3b", "ja").choose("A3f", "ja").choose("B2", "nee");
        !visit.visible("C3")
    };
    kept_by(keeps, SERVICE, " && (A3d == \"ja-mondeling\" || A1a == \"nee\")'", "'");
}

#[test]
fn without_unknown_a_conversation_with_a_child_would_go_on() {
    let keeps: Keeps = |checklist| {
        let mut visit = Visit::new(checklist);
        visit.choose("B2", "onbekend");
        visit.stops(StopKind::Supervision) == ["B2"] && !visit.visible("D1") && !visit.visible("C2")
    };
    kept_by(keeps, SERVICE, "als = 'B2 in [\"ja\", \"onbekend\"]'\nsoort", "als = 'B2 == \"ja\"'\nsoort");
    let section = "zichtbaar = 'B2 == \"nee\" && A2 != \"anders\" && C1 != \"jonger\"'";
    kept_by(keeps, SERVICE, section, "zichtbaar = 'B2 != \"ja\"'");
}

#[test]
fn without_its_demand_another_way_of_contact_would_stand() {
    let keeps: Keeps = |checklist| Visit::new(checklist).choose("A2", "anders").state("A2").violates.is_some();
    kept_by(keeps, SERVICE, "voorwaarde = 'A2 != \"anders\"'", "voorwaarde = 'A2 != \"regulier\"'");
}

#[test]
fn without_the_worry_in_it_the_consultation_could_be_left_out() {
    let keeps: Keeps = |checklist| Visit::new(checklist).choose("B2", "nee").choose("D13", "ja").asks("D14");
    kept_by(keeps, SERVICE, " || D13 == \"ja\"'\ngrondslagen", "'\ngrondslagen");
}

#[test]
fn a_sum_over_the_signals_is_refused() {
    refused(
        SERVICE,
        "[[onderdeel]]\nid = \"V\"",
        "[[berekening]]\nnaam = \"totaal\"\ntitel = \"Totaal\"\nwaarde = 'size([D1, D2].filter(d, d == \"gezien\"))'\n\n[[onderdeel]]\nid = \"V\"",
        "mag signaalvraag D1 niet gebruiken",
    );
}

#[test]
fn a_question_for_a_name_a_room_or_an_advertisement_is_refused() {
    let question = "tekst = \"Welke organisatie is dat?\"";
    for (asked, kind) in [
        ("Wat is haar naam?", "een naam"),
        ("Welk kamernummer?", "een telefoon- of kamernummer"),
        ("Wat staat er in de advertentie?", "een advertentie"),
        ("Welke nationaliteit?", "nationaliteit"),
    ] {
        refused(SERVICE, question, &format!("tekst = \"{asked}\""), &format!("vraagt naar {kind}"));
    }
    refused(SERVICE, "zonder_personen = true\naanwijzing", "aanwijzing", "niemand op de foto's");
    refused(SERVICE, "over = \"team\"\nvervolg_op = \"A4\"", "vervolg_op = \"A4\"", "zegt niet waar");
    refused(SERVICE, "geldig_vanaf = 2026-11-01\nzonder_personen = true", "geldig_vanaf = 2026-11-01", "van niemand");
}

#[test]
fn a_stop_for_a_minor_without_its_hand_over_is_refused() {
    let piece = "overdracht = true\nvervolg_op = \"C1\"";
    let text = shipped(SERVICE).replace(piece, "vervolg_op = \"C1\"");
    let error = Checklist::read_with(SERVICE, &text, &ReadingContext::bundled()).expect_err("it should be refused");
    assert!(error.problems.iter().any(|problem| problem.message.contains("Vraag C1 stopt het toezicht")), "{error}");
}
