//! The checklists that are shipped: they read, and they hold what the law asks.

use crate::support::{Visit, date, matrix, observation, shipped, signature, t1, time};
use veldboek_checklist::{Participant, QuestionKind, Status, StopKind, StopText};
use veldboek_domain::Value;

/// Every id of checklist T1 in the domain, section by section.
const IDS: &[&str] = &[
    "A1", "A1a", "A2", "A3", "A4", "A5", "A5a", "A5b", "A6", "B1", "B2", "B3", "C1", "C2", "C3", "C4", "C5", "C6",
    "C7", "D1", "D2", "D3", "D4", "E1", "E2", "E3", "F1", "F2", "F3", "G1", "G2", "G3", "H1", "H2", "H3", "I1", "I2",
    "I3", "I4", "I5", "J1", "J2", "J3", "J4", "J5", "J6", "K1", "K2", "K3", "K4", "L1", "L2", "L3", "L4", "L5",
];

#[test]
fn t1_holds_every_question_of_the_domain() {
    let checklist = t1();
    let missing: Vec<_> = IDS.iter().filter(|id| checklist.question(id).is_none()).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    let own = checklist.sections().iter().filter(|section| section.partner_set.is_none());
    let sections: Vec<_> = own.map(|section| section.id.as_str()).collect();
    assert_eq!(sections, ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"]);
}

#[test]
fn t1_is_a_concept_and_so_is_the_stop_text() {
    assert_eq!(t1().status(), Status::Concept);
    let stop = StopText::read("stop.toml", &shipped("veiligheid/stop.toml")).expect("the STOP text reads");
    assert_eq!((stop.status, stop.distance_m, stop.fire_distance_m), (Status::Concept, 25, 100));
    assert!(stop.lines.iter().any(|line| line.text.contains("wind in de rug, gezicht naar het pand")));
    assert_eq!(stop.calls[0].number, "112");
}

#[test]
fn the_sections_about_buildings_repeat_per_building_and_the_others_do_not() {
    for section in t1().sections() {
        let repeats = "DEFGHI".contains(&section.id);
        assert_eq!(section.group.as_deref(), repeats.then_some("gebouw"), "section {}", section.id);
    }
}

#[test]
fn every_signal_has_a_help_card_and_a_question_for_its_ordinary_explanation() {
    let checklist = t1();
    for question in checklist.questions().filter(|question| question.signal) {
        assert!(question.help.is_some(), "{} has no help card", question.id);
        let explained = question.explained_in.as_deref().and_then(|id| checklist.question(id));
        assert!(question.needs_ordinary_explanation || explained.is_some(), "{} asks for none", question.id);
    }
    let signals = &checklist.question("E1").expect("E1").options;
    for option in signals.iter().filter(|option| !option.exclusive) {
        let help = option.help.as_ref().unwrap_or_else(|| panic!("{} has no help card", option.code));
        assert!(!help.ordinary_explanations.is_empty(), "{} has no ordinary explanation", option.code);
        assert!(option.heading.is_some(), "{} stands under no heading", option.code);
    }
}

#[test]
fn every_question_of_law_that_stands_at_the_top_level_explains_itself() {
    let checklist = t1();
    let bare: Vec<_> = checklist
        .questions()
        .filter(|question| question.parent.is_none() && question.help.is_none())
        .filter(|question| question.grounds.iter().any(|ground| ground.id.starts_with("aw") || ground.id == "bbl"))
        .map(|question| &question.id)
        .collect();
    assert!(bare.is_empty(), "without a help card: {bare:?}");
}

#[test]
fn grounds_that_were_not_looked_up_are_marked_for_a_lawyer() {
    for ground in t1().grounds().iter().filter(|ground| ground.reference.as_deref() == Some("K")) {
        assert!(ground.to_be_checked, "{} rests on general knowledge alone", ground.id);
    }
}

#[test]
fn texts_are_short_enough_to_read_in_a_yard() {
    for question in t1().questions() {
        assert!(question.text.chars().count() <= 130, "{} is long: {}", question.id, question.text);
    }
}

#[test]
fn a_list_of_addresses_asks_for_its_ground() {
    let mut visit = Visit::new(t1());
    assert!(!visit.visible("A1a"));
    assert!(visit.choose("A1", "adressenlijst").asks("A1a"));
    assert!(!visit.choose("A1", "melding").visible("A1a"));
}

#[test]
fn a_home_or_a_possible_home_asks_for_consent_and_for_a_warrant() {
    let mut visit = Visit::new(t1());
    for (answer, asked) in [("nee", false), ("onbekend", true), ("ja", true)] {
        visit.choose("A4", answer);
        assert_eq!((visit.asks("C4"), visit.asks("A5")), (asked, asked), "A4 {answer}");
    }
}

#[test]
fn a_warrant_asks_for_its_document_and_day_and_shows_until_when_it_holds() {
    let mut visit = Visit::new(t1());
    visit.choose("A4", "ja").choose("A5", "ja");
    assert!(visit.asks("A5a") && visit.asks("A5b") && visit.asks("C5"));
    assert!(visit.state("A5a").open() && !visit.attach("A5a").state("A5a").open());
    visit.answer("A5b", date("2026-11-16"));
    assert_eq!(visit.evaluation.calculation("machtiging_geldig_tot", None).as_deref(), Some("2026-11-19"));
    assert_eq!(visit.state("A5b").violates, None, "the third day after issue still counts (art. 6 Awbi)");
    visit.answer("A5b", date("2026-11-15"));
    assert!(visit.state("A5b").violates.expect("it expired").contains("verlopen"));
    visit.answer("A5b", date("2026-11-20"));
    assert!(visit.state("A5b").violates.expect("it is of tomorrow").contains("na de controle"));
}

#[test]
fn without_consent_nobody_goes_in_unless_a_warrant_holds() {
    let mut visit = Visit::new(t1());
    visit.choose("A4", "ja");
    for answer in ["nee", "ingetrokken"] {
        visit.choose("C4", answer);
        assert_eq!(visit.stops(StopKind::StayOutside), ["C4"], "C4 {answer}");
    }
    visit.choose("A5", "ja");
    assert_eq!(visit.stops(StopKind::StayOutside), ["C4"], "a warrant without a day proves nothing");
    visit.answer("A5b", date("2026-11-18"));
    assert!(visit.stops(StopKind::StayOutside).is_empty());
    visit.answer("A5b", date("2026-11-10"));
    assert_eq!(visit.stops(StopKind::StayOutside), ["C4"], "an expired warrant does not help");
    visit.choose("C4", "ja-mondeling");
    assert!(visit.stops(StopKind::StayOutside).is_empty());
}

#[test]
fn entry_on_a_warrant_opens_the_report_of_entry_within_four_days() {
    let mut visit = Visit::new(t1());
    visit.choose("A4", "ja").choose("A5", "ja").choose("C5", "ja");
    let tasks = visit.evaluation.tasks();
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].id, "verslag-van-binnentreden");
    assert_eq!(tasks[0].due, Some("2026-11-23".parse().expect("a day")), "art. 11 Awbi");
    assert!(["C5a", "C5b", "C5c", "C5d", "C5e"].iter().all(|part| visit.asks(part)));
    visit.answer("C5a", time("14:10:00")).answer("C5b", time("14:02:00"));
    assert!(visit.state("C5b").violates.is_some());
    visit.choose("C5", "nee");
    assert!(visit.evaluation.tasks().is_empty());
}

#[test]
fn a_participant_without_a_ground_may_not_go_inside() {
    let mut visit = Visit::new(t1());
    let participant = |legal_basis: &str, goes_inside| Participant {
        name: "Ș. Munteanu".into(),
        legal_basis: legal_basis.into(),
        goes_inside,
        ..Participant::default()
    };
    visit.facts.participants = vec![participant("Omgevingswet", true), participant("", true)];
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(visit.state("A3").violates.expect("no ground").contains("niet mee naar binnen"));
    visit.facts.participants[1].goes_inside = false;
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert_eq!(visit.state("A3").violates, None);
    assert_eq!(visit.evaluation.notices().len(), 1, "who has no ground waits outside, and that is said");
    assert!(visit.evaluation.problems().is_empty());
}

#[test]
fn questions_for_a_fine_lock_every_statement_until_the_caution_was_given_at_a_time() {
    let mut visit = Visit::new(t1());
    let locked = |visit: &Visit| ["D4@1", "D4@2", "L1"].map(|slot| visit.state(slot).locked.is_some());
    assert_eq!(locked(&visit), [false; 3]);
    assert_eq!(locked(visit.choose("C7", "ja")), [true; 3], "art. 5:10a Awb");
    assert!(visit.asks("C7a"));
    assert_eq!(locked(visit.choose("C7a", "ja")), [true; 3], "the time is missing");
    assert_eq!(locked(visit.answer("C7b", time("13:45:00"))), [false; 3]);
    assert_eq!(locked(visit.choose("C7a", "nee")), [true; 3], "a hidden time does not count");
    assert_eq!(locked(visit.choose("C7", "nee")), [false; 3]);
}

#[test]
fn danger_brings_the_stop_screen() {
    for (slot, answer) in [("B1", "nee"), ("B2", "ja"), ("E3@1", "ja"), ("H2@2", "ja")] {
        let mut visit = Visit::new(t1());
        visit.choose(slot, answer);
        assert_eq!(visit.stops(StopKind::Safety).len(), 1, "{slot} {answer}");
        assert!(!visit.evaluation.stops()[0].offers_regime_switch, "danger is no investigation");
        visit.clear(slot);
        assert!(visit.stops(StopKind::Safety).is_empty(), "{slot} cleared");
    }
    let mut visit = Visit::new(t1());
    visit.choose("H1@1", "ja");
    assert!(visit.stops(StopKind::Safety).is_empty(), "a known label is no danger yet");
    visit.choose("H1a@1", "nee");
    assert_eq!(visit.stops(StopKind::Safety), ["H1a"]);
    visit.answer("E1@2", Value::choices(&["geur-chemisch"]));
    assert_eq!(visit.stops(StopKind::Safety), ["E1", "H1a"]);
}

#[test]
fn each_signal_needs_its_observation_and_the_ordinary_explanation_is_asked() {
    let mut visit = Visit::new(t1());
    assert!(!visit.visible("E2@1"));
    visit.answer("E1@1", Value::choices(&["condens", "slang-raam"]));
    assert_eq!(visit.state("E1@1").incomplete, ["slang-raam", "condens"]);
    assert!(visit.state("E1@1").open());
    assert!(visit.asks("E2@1") && !visit.visible("E2@2"), "only of the building where it was seen");
    visit.answer("E1@1#condens", observation("Ramen aan de noordkant zijn beslagen.", ""));
    visit.answer("E1@1#slang-raam", observation("Zwarte slang uit het raam.", ""));
    assert!(visit.state("E1@1").answered);
    visit.answer("E2@1", Value::text("De slang hoort bij de graandroger."));
    assert!(!visit.state("E2@1").open());
}

#[test]
fn no_signals_needs_no_explanation_and_excludes_the_others() {
    let mut visit = Visit::new(t1());
    visit.answer("E1@1", Value::choices(&["geen"]));
    assert!(visit.state("E1@1").answered && !visit.visible("E2@1"));
    visit.answer("E1@1", Value::choices(&["geen", "condens"]));
    assert!(visit.state("E1@1").violates.expect("both").contains("niet samen"));
}

#[test]
fn a_meter_cupboard_that_cannot_be_seen_takes_its_question_away_and_keeps_the_answer() {
    let mut visit = Visit::new(t1());
    visit.choose("F1@1", "ja").choose("F2@1", "ja");
    assert!(visit.asks("F2a@1"));
    assert_eq!(visit.measures(), ["doorverwijzing-partner netbeheerder"]);
    visit.choose("F1@1", "nee");
    assert!(visit.state("F2@1").does_not_count());
    assert!(!visit.visible("F2a@1") && visit.measures().is_empty());
    visit.choose("F1@1", "ja");
    assert_eq!(visit.measures(), ["doorverwijzing-partner netbeheerder"], "the kept answer counts again");
}

#[test]
fn an_abnormal_cable_needs_its_ordinary_explanation() {
    let mut visit = Visit::new(t1());
    visit.choose("F1@1", "ja").choose("F2@1", "ja").answer("F2a@1", observation("Twee losse grijze kabels.", " "));
    assert_eq!(visit.state("F2a@1").incomplete, ["gewone_verklaring"]);
    assert!(visit.state("F2a@1").open());
    visit.answer("F2a@1", observation("Twee losse grijze kabels.", "Tijdelijk, voor de graandroger."));
    assert!(!visit.state("F2a@1").open());
}

#[test]
fn use_against_the_plan_asks_for_facts_and_proposes_measures() {
    let mut visit = Visit::new(t1());
    visit.choose("D2@2", "nee");
    assert!(visit.asks("D2a@2") && !visit.visible("D2a@1"));
    assert_eq!(visit.measures(), ["schriftelijke-waarschuwing", "last-onder-dwangsom"]);
}

#[test]
fn people_who_work_or_sleep_here_bring_the_questions_about_them() {
    let mut visit = Visit::new(t1());
    visit.answer("I1@1", Value::Number(0.0));
    assert!(!visit.visible("I2@1"));
    visit.answer("I1@1", Value::Number(4.0));
    assert!(["I2@1", "I3@1", "I4@1", "I5@1"].iter().all(|slot| visit.asks(slot)));
    let all = [
        "geen-eigen-papieren",
        "ander-spreekt",
        "slaapt-op-werkplek",
        "schuld-bij-baas",
        "angst",
        "geen-loonstrook",
        "mag-niet-weg",
    ];
    let nothing: Vec<_> = all.iter().map(|row| (*row, "niet")).collect();
    visit.answer("I3@1", matrix(&nothing));
    assert!(visit.state("I3@1").answered && visit.evaluation.tasks().is_empty());
    visit.answer("I3@1", matrix(&[("ander-spreekt", "gezien")]));
    assert_eq!(visit.state("I3@1").incomplete.len(), 6);
    let tasks = visit.evaluation.tasks();
    assert_eq!((tasks.len(), tasks[0].id.as_str()), (1, "overleg-zorgcoordinator"));
    assert!(visit.asks("I3a@1"));
    visit.answer("I1@1", Value::Number(2.5));
    assert!(visit.state("I1@1").violates.expect("half a person").contains("heel getal"));
}

#[test]
fn a_find_ends_the_supervision_and_asks_for_the_hand_over() {
    let mut visit = Visit::new(t1());
    assert!(!visit.visible("K2"));
    visit.choose("K1", "ja");
    assert_eq!(visit.stops(StopKind::Supervision), ["K1"]);
    assert!(visit.evaluation.stops()[0].offers_regime_switch, "whoever goes on as BOA chooses the other regime");
    assert!(["K2", "K2a", "K3", "K4"].iter().all(|slot| visit.asks(slot)));
}

#[test]
fn the_voluntary_part_requires_nothing_and_keeps_names_out() {
    let mut visit = Visit::new(t1());
    visit.choose("J1", "ja");
    for question in ["J1", "J2", "J3", "J3a", "J4", "J5", "J6"] {
        assert!(!visit.state(question).required, "{question} is voluntary");
    }
    visit.choose("J4", "wil-niet-zeggen");
    assert_eq!(visit.evaluation.leaflets()[0].leaflet, "meld-misdaad-anoniem");
    let checklist = t1();
    let section = checklist.sections().iter().find(|section| section.id == "J").expect("J");
    assert!(section.questions.iter().all(|question| question.kind != QuestionKind::Text), "no free text about others");
}

#[test]
fn a_rented_building_is_mentioned_when_the_owner_says_that_he_rents_nothing_out() {
    let mut visit = Visit::new(t1());
    visit.answer("D1@2", Value::choices(&["verhuurd"])).choose("J1", "nee");
    let about: Vec<_> = visit.evaluation.notices().iter().map(|notice| notice.slot.question.clone()).collect();
    assert_eq!(about, ["D1", "J1"]);
}

#[test]
fn only_a_boa_is_asked_for_the_oath_of_office() {
    let mut visit = Visit::new(t1());
    assert!(!visit.visible("L5"));
    visit.facts.special_officer = true;
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(visit.asks("L5"));
}

#[test]
fn a_refusal_is_recorded_in_full_and_may_be_enforced() {
    let mut visit = Visit::new(t1());
    visit.choose("C6", "ja");
    assert!(["C6a", "C6b", "C6c"].iter().all(|slot| visit.asks(slot)));
    assert_eq!(visit.measures(), ["last-onder-bestuursdwang", "doorverwijzing-partner politie"]);
}

#[test]
fn a_written_reason_closes_a_required_question() {
    let mut visit = Visit::new(t1());
    let before = visit.evaluation.total().required_open;
    assert!(visit.state("L4").open());
    visit.excuse("L4", "Tablet leeg; getekend op papier.");
    assert!(!visit.state("L4").open());
    assert_eq!(visit.evaluation.total().required_open, before - 1);
    visit.answer("L4", signature("M. Dekker"));
    assert!(visit.state("L4").answered);
}

#[test]
fn a_follow_up_visit_is_not_before_this_one() {
    let mut visit = Visit::new(t1());
    visit.answer("L3", date("2026-11-18"));
    assert!(visit.state("L3").violates.is_some());
    visit.answer("L3", date("2026-12-18"));
    assert_eq!(visit.evaluation.tasks()[0].due, Some("2026-12-18".parse().expect("a day")));
}

#[test]
fn no_condition_of_t1_fails_on_an_empty_sheet() {
    let visit = Visit::new(t1());
    assert!(visit.evaluation.problems().is_empty(), "{:?}", visit.evaluation.problems());
    assert!(visit.evaluation.stops().is_empty() && visit.evaluation.measures().is_empty());
}

#[test]
fn t1_without_a_building_says_that_one_is_missing() {
    let mut visit = Visit::new(t1());
    visit.sheet.groups.clear();
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert_eq!(visit.evaluation.missing_items()[0].missing, 1);
}
