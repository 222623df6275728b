//! T4: unlicensed service that was found. The person who is there stays unknown, and is helped.

use veldboek_checklist::{InReport, Question, QuestionKind, StopKind};
use veldboek_domain::Value;

use super::{T4, checklist};
use crate::support::{Visit, observation, time};

const HEADING: &str = "Leg van de aanwezige persoon niets vast dat herleidbaar is: geen naam, BSN, telefoon, foto, nationaliteit, gezondheid, advertentie.";

fn visit() -> Visit {
    Visit::new(&*checklist(T4))
}

/// A visit to a hotel room of which everything at the door is in order.
fn inside() -> Visit {
    let mut visit = visit();
    visit.choose("A1", "hotelkamer").choose("A2", "melding").choose("A3", "ja").choose("A3b", "ja");
    visit.choose("A3d", "ja-mondeling").choose("A3f", "ja").choose("B2", "nee");
    visit
}

fn signals() -> Vec<String> {
    (1..=12).map(|number| format!("D{number}")).collect()
}

#[test]
fn the_fixed_heading_is_in_sight_wherever_the_person_is() {
    let checklist = checklist(T4);
    let first = checklist.questions().next().expect("a question");
    assert_eq!(first.caution.as_deref(), Some(HEADING));
    for section in checklist.sections().iter().filter(|section| !["H", "K"].contains(&&*section.id)) {
        let above = section.explanation.as_deref().unwrap_or_default();
        assert!(above.contains(HEADING), "section {} does not say it", section.id);
    }
}

#[test]
fn another_way_of_contact_can_not_stand_and_nobody_goes_in() {
    let mut visit = inside();
    assert!(visit.visible("C2") && visit.visible("D1"));
    visit.choose("A2", "anders");
    assert!(visit.state("A2").violates.expect("blocked").contains("niet op de lijst") && visit.state("A2").open());
    assert_eq!(visit.stops(StopKind::StayOutside), ["A2"]);
    assert!(!visit.visible("C2") && !visit.visible("C3") && !visit.visible("D1"));
    visit.choose("A2", "regulier");
    assert!(visit.state("A2").violates.is_none() && visit.stops(StopKind::StayOutside).is_empty());
    let texts: Vec<_> = checklist(T4).question("A2").expect("A2").options.iter().map(|one| one.label.clone()).collect();
    assert!(texts.iter().all(|text| !text.to_lowercase().contains("advertentie") && !text.contains("afspraak")));
}

#[test]
fn one_no_at_the_door_keeps_everybody_outside() {
    let visit = inside();
    assert!(visit.stops(StopKind::StayOutside).is_empty() && visit.asks("C3"));
    for (question, answer) in [("A3", "nee"), ("A3b", "nee"), ("A3d", "nee"), ("A3d", "ingetrokken"), ("A3f", "nee")] {
        let mut visit = inside();
        visit.choose(question, answer);
        assert_eq!(visit.stops(StopKind::StayOutside), [question], "{question} {answer}");
        assert!(!visit.visible("C3"), "{question} {answer}: no facts and no photos of inside");
        visit.clear(question);
        assert!(!visit.visible("C3"), "{question} without an answer is no yes");
    }
}

#[test]
fn each_of_the_four_has_its_time() {
    let visit = inside();
    for time in ["A3a", "A3c", "A3e", "A3g"] {
        assert!(visit.asks(time), "{time}");
        assert_eq!(checklist(T4).question(time).expect(time).kind, QuestionKind::Time);
    }
}

#[test]
fn consent_is_asked_wherever_somebody_may_live() {
    for (place, lives, asked) in [
        ("hotelkamer", None, true),
        ("woning", None, true),
        ("voertuig", Some("nee"), false),
        ("voertuig", Some("onbekend"), true),
        ("massagesalon", Some("ja"), true),
        ("anders", None, false),
    ] {
        let mut visit = visit();
        visit.choose("A1", place);
        assert_eq!(visit.asks("A1a"), !["hotelkamer", "woning"].contains(&place), "{place}");
        if let Some(lives) = lives {
            visit.choose("A1a", lives);
        }
        assert_eq!(visit.visible("A3d"), asked, "{place} {lives:?}");
        visit.choose("A3", "ja").choose("A3b", "ja").choose("A3f", "ja").choose("B2", "nee");
        assert_eq!(visit.visible("C3"), lives == Some("nee"), "{place} {lives:?}: consent, or no home");
    }
}

#[test]
fn a_minor_or_perhaps_a_minor_stops_the_conversation() {
    for answer in ["ja", "onbekend"] {
        let mut visit = inside();
        visit.choose("D11", "verteld").choose("E1", "ja");
        visit.choose("B2", answer);
        assert_eq!(visit.stops(StopKind::Supervision), ["B2"], "{answer}");
        for question in ["C1", "C2", "C3", "D1", "D11", "D14", "E1"] {
            assert!(!visit.visible(question), "{question} is still asked after B2 {answer}");
        }
        assert!(visit.state("D11").does_not_count());
        assert!(visit.evaluation.tasks().is_empty(), "no task rests on what does not count");
        assert!(["B2a", "B2b", "B3", "G2", "H1"].iter().all(|question| visit.asks(question)));
    }
    assert!(!visit().visible("C1") && !visit().visible("D1"), "without an answer to B2 nothing is asked");
}

#[test]
fn an_age_below_eighteen_stops_the_conversation_as_well() {
    let mut visit = inside();
    visit.choose("C1", "jonger");
    assert_eq!(visit.stops(StopKind::Supervision), ["C1"]);
    assert!(visit.asks("C1a") && visit.asks("C1b") && !visit.visible("D1") && !visit.visible("E1"));
    for outcome in ["18-plus", "21-plus", "niet"] {
        visit.choose("C1", outcome);
        assert!(visit.stops(StopKind::Supervision).is_empty() && visit.visible("D1"), "{outcome}");
    }
    assert_eq!(checklist(T4).question("C1").expect("C1").options.len(), 4, "an outcome and nothing more");
}

#[test]
fn one_signal_or_one_worry_makes_the_consultation_obligatory() {
    for signal in signals() {
        for (answer, obligatory) in [("gezien", true), ("verteld", true), ("niet", false)] {
            let mut visit = inside();
            assert!(!visit.choose("D13", "nee").asks("D14"));
            visit.choose(&signal, answer);
            assert_eq!(visit.asks("D14"), obligatory, "{signal} {answer}");
            assert_eq!(visit.asks("D12a"), obligatory, "{signal} {answer}: its ordinary explanation");
            let tasks: Vec<_> = visit.evaluation.tasks().iter().map(|task| task.id.clone()).collect();
            assert_eq!(tasks, if obligatory { vec!["overleg-zorgcoordinator"] } else { vec![] }, "{signal} {answer}");
        }
    }
    let mut visit = inside();
    assert!(visit.choose("D13", "ja").asks("D14"));
    visit.choose("D14", "nee");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Overleg vandaag nog")));
    visit.choose("D14", "ja");
    assert!(visit.asks("D14a") && visit.asks("D14b"));
    let tasks: Vec<_> = visit.evaluation.tasks().iter().map(|task| task.id.clone()).collect();
    assert_eq!(tasks, ["overdrachtsbericht"], "a message of its own, kept apart");
}

#[test]
fn each_signal_is_seen_told_or_neither_and_never_in_a_report() {
    let checklist = checklist(T4);
    let section = checklist.section_of("D1").and_then(|section| section.explanation.as_deref()).unwrap_or_default();
    assert!(section.starts_with("Geen vragenlijst: lees niets voor."), "twelve questions are no interrogation");
    for id in signals() {
        let question = checklist.question(&id).unwrap_or_else(|| panic!("no {id}"));
        let codes: Vec<_> = question.options.iter().map(|option| &*option.code).collect();
        assert_eq!((codes, question.signal), (vec!["gezien", "verteld", "niet"], true), "{id}");
    }
    for question in ["D1", "D12a", "D13", "D14", "D14b", "E1", "E2", "E3", "E3a", "A5a", "G2", "H1"] {
        assert_eq!(checklist.question(question).expect(question).in_report, InReport::Never, "{question}");
    }
    for question in ["A5", "B2", "B3", "C1"] {
        assert_eq!(checklist.question(question).expect(question).in_report, InReport::FileOnly, "{question}");
    }
}

#[test]
fn no_answer_but_a_chosen_warning_proposes_a_measure_and_never_against_the_service_provider() {
    let checklist = checklist(T4);
    let proposing: Vec<_> = checklist.questions().filter(|one| !one.measures.is_empty()).map(|one| &*one.id).collect();
    assert_eq!(proposing, ["G1"]);
    let mut visit = inside();
    for (told, measures) in [
        ("dienstverlener-informatie", vec![]),
        ("exploitant-informatie", vec!["voorlichting"]),
        ("exploitant-waarschuwing", vec!["mondelinge-waarschuwing"]),
        ("verhuurder-waarschuwing", vec!["mondelinge-waarschuwing"]),
        ("niets", vec![]),
    ] {
        visit.answer("G1", Value::choices(&[told]));
        assert_eq!(visit.measures(), measures, "{told}");
        for measure in visit.evaluation.measures() {
            assert!(measure.note.as_deref().is_some_and(|note| note.starts_with("Gericht aan de ")), "{told}");
        }
    }
    let options = &checklist.question("G1").expect("G1").options;
    let warned = |code: &str| code.ends_with("waarschuwing") && code.starts_with("dienstverlener");
    assert!(!options.iter().any(|option| warned(&option.code)));
}

#[test]
fn help_is_offered_and_its_contact_stays_outside() {
    let mut visit = inside();
    assert!(visit.choose("E1", "nee").asks("E1a") && !visit.visible("E3"));
    visit.choose("E1", "ja").choose("E3", "denkt-na");
    assert!(visit.asks("E2") && !visit.visible("E3a"));
    assert!(visit.choose("E3", "aanvaard").asks("E3a"));
    assert!(visit.evaluation.tasks().is_empty(), "nothing is passed on without consent");
    visit.choose("E3a", "ja");
    assert!(visit.evaluation.tasks()[0].title.contains("versleuteld bericht, buiten dit dossier"));
    let words = |question: &Question| !matches!(question.kind, QuestionKind::Text | QuestionKind::Observation);
    let section = checklist(T4).sections().iter().find(|section| section.id == "E").cloned().expect("E");
    assert!(section.questions.iter().all(words), "no field for how to reach somebody");
}

#[test]
fn only_an_organisation_is_named_as_the_one_that_offers_the_place() {
    for (offers, named) in
        [("hotel", true), ("rechtspersoon", true), ("natuurlijk-persoon", false), ("niet-vastgesteld", false)]
    {
        let mut visit = inside();
        visit.choose("C4", offers);
        assert_eq!((visit.visible("C4a"), visit.visible("C6")), (named, named), "{offers}");
        let regime = visit.evaluation.notices().iter().any(|notice| notice.text.contains("kies dan eerst het regime"));
        assert_eq!(regime, offers == "natuurlijk-persoon", "{offers}");
    }
}

#[test]
fn what_the_operator_says_waits_for_the_caution() {
    let mut visit = inside();
    let locked = |visit: &Visit| visit.state("C6").locked.is_some();
    visit.choose("C4", "hotel");
    assert!(locked(&visit), "C5 comes first");
    assert!(!locked(visit.choose("C5", "nee")));
    assert!(locked(visit.choose("C5", "ja").choose("C5a", "ja")), "the time is missing");
    assert!(visit.state("S1").locked.is_some());
    assert!(!locked(visit.answer("C5b", time("21:10:00"))) && visit.state("S1").locked.is_none());
}

#[test]
fn each_fact_of_the_place_has_its_observation_and_its_ordinary_explanation() {
    let mut visit = inside();
    visit.answer("C3", Value::choices(&["inrichting"])).answer("C3#inrichting", observation("Rode lamp.", ""));
    assert_eq!(visit.state("C3").incomplete, ["inrichting"]);
    visit.answer("C3#inrichting", observation("Rode lamp.", "Smaak van de verhuurder."));
    assert!(visit.state("C3").answered);
    assert!(visit.answer("C3", Value::choices(&["geen"])).state("C3").answered);
}

#[test]
fn danger_children_and_leaving_safely_say_at_once_what_to_do() {
    let mut visit = inside();
    visit.choose("B1", "ja");
    assert_eq!(visit.stops(StopKind::Safety), ["B1"]);
    visit.choose("B1", "nee").choose("B3", "ja");
    assert_eq!(visit.evaluation.tasks()[0].id, "advies-veilig-thuis");
    visit.choose("G2", "nee");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Ga terug naar B1")));
    assert!(visit.choose("A5", "nee").asks("A5a"));
    visit.choose("A4", "niet-beschikbaar");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Zonder tolk geen gesprek")));
}

#[test]
fn a_find_opens_the_shared_section_and_aftercare_stays_outside_the_report() {
    for found in ["drugs", "wapens", "geld"] {
        assert!(visit().answer("F1", Value::choices(&[found])).asks("K1"), "{found}");
    }
    assert!(!visit().answer("F1", Value::choices(&["geen"])).visible("K1"));
    let mut visit = visit();
    visit.choose("H1", "ja");
    assert!(visit.evaluation.tasks()[0].title.contains("buiten dit dossier"));
}
