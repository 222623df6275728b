//! Units and garageboxes: T1 per unit, with who rents what, and a landlord who is no supervisor.

use veldboek_checklist::{InReport, QuestionKind};
use veldboek_domain::Value;

use super::{checklist, missing, own_questions, sections, visit};
use crate::support::observation;

const IDS: &[&str] = &[
    "A1", "A1a", "A2", "A2a", "A3", "A4", "A5", "A5a", "A5b", "A6", "A7", "B1", "B2", "B3", "C1", "C2", "C3", "C4",
    "C5", "C6", "C7", "D0", "D0a", "D1", "D2", "D2a", "D3", "D3a", "D3b", "D4", "D5", "D6", "D6a", "D7", "D7a", "D8",
    "D8a", "E1", "E2", "E3", "F1", "F2", "F2a", "F3", "F3a", "F4", "F4a", "G1", "G1a", "G2", "G2a", "G3", "G3a", "G4",
    "G4a", "H1", "H1a", "H1b", "H2", "H2a", "H3", "H4", "H4a", "I1", "I2", "I3", "I3a", "I4", "I4a", "I5", "J1", "J2",
    "J3", "J3a", "J3b", "J4", "J5", "J6", "J7", "K1", "K2", "K3", "K4", "L1", "L2", "L3", "L4", "L5",
];

#[test]
fn it_holds_every_subject_and_repeats_per_unit() {
    assert_eq!(missing("vb-bt", IDS), Vec::<&str>::new());
    assert_eq!(sections("vb-bt"), ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"]);
    for section in checklist("vb-bt").sections().iter().filter(|section| section.partner_set.is_none()) {
        let repeats = "DEFGHI".contains(&section.id);
        assert_eq!(section.group.as_deref(), repeats.then_some("unit"), "section {}", section.id);
    }
}

#[test]
fn each_partner_brings_its_own_questions_and_t1_does_the_same() {
    let all = ["brandweer", "omgevingsdienst", "netbeheerder", "nla", "gemeente-brp", "politie", "belastingdienst"];
    for id in ["vb-bt", "vb-ic"] {
        let checklist = checklist(id);
        let sets = checklist.sections().iter().filter_map(|section| section.partner_set.as_ref());
        let mut partners: Vec<_> = sets.map(|set| set.partner.as_str()).collect();
        partners.dedup();
        assert_eq!(partners, all, "{id}");
        let closed = checklist.sections().iter().filter_map(|section| section.partner_set.as_ref());
        let mut closed: Vec<_> = closed.filter(|set| set.closed).map(|set| set.partner.as_str()).collect();
        closed.dedup();
        assert_eq!(closed, ["gemeente-brp", "politie", "belastingdienst"], "{id}");
    }
    let mut visit = visit("vb-bt");
    assert!(!visit.visible("PBW1"));
    visit.facts.participants =
        vec![veldboek_checklist::Participant { partner: "brandweer".into(), ..Default::default() }];
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(visit.visible("PBW1") && !visit.visible("PNLA1"));
}

#[test]
fn a_landlord_or_park_manager_gives_no_power_and_stays_outside() {
    let mut visit = visit("vb-bt");
    let said = |visit: &crate::support::Visit, slot: &str, part: &str| {
        let slot = visit.slot(slot);
        visit.evaluation.notices().iter().any(|notice| notice.slot == slot && notice.text.contains(part))
    };
    visit.answer("A7", Value::choices(&["parkmanager"]));
    assert!(said(&visit, "A7", "geen toezichthouders"));
    visit.choose("D0a@1", "beheerder");
    assert!(said(&visit, "D0a@1", "uw eigen bevoegdheid"), "his key is not the supervisor's power (art. 5:15 Awb)");
    visit.choose("D0a@1", "buiten");
    assert!(said(&visit, "D0a@1", "Forceer niets"));
    visit.choose("A1", "verzoek-beheerder");
    assert!(said(&visit, "A1", "geen bevoegdheid"));
}

#[test]
fn a_unit_in_which_people_live_is_treated_as_a_home() {
    let mut visit = visit("vb-bt");
    visit.choose("A4", "nee").answer("D1@2", Value::choices(&["bewoning"]));
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Vraag eerst toestemming")));
}

#[test]
fn a_difference_with_the_register_is_a_fact_with_its_ordinary_explanation() {
    for (question, seen) in [("D6@1", "D6a@1"), ("D7@1", "D7a@1")] {
        let mut visit = visit("vb-bt");
        assert!(!visit.choose(question, "ja").visible(seen));
        assert!(!visit.choose(question, "onbekend").visible(seen), "not looked up is no fact");
        assert!(visit.choose(question, "nee").asks(seen));
        visit.answer(seen, observation("Het overzicht noemt stalling; er wordt gelast.", " "));
        assert_eq!(visit.state(seen).incomplete, ["gewone_verklaring"], "{seen}");
        visit.answer(seen, observation("Het overzicht noemt stalling.", "De box is een maand uitgeleend."));
        assert!(!visit.state(seen).open(), "{seen}");
    }
}

#[test]
fn signals_need_their_observation_and_an_explanation_of_the_same_unit() {
    let mut visit = visit("vb-bt");
    visit.answer("E1@1", Value::choices(&["condens", "bus-tegen-pand"]));
    assert_eq!(visit.state("E1@1").incomplete.len(), 2);
    assert!(visit.asks("E2@1") && !visit.visible("E2@2"));
    visit.answer("E1@1", Value::choices(&["geen"]));
    assert!(visit.state("E1@1").answered && !visit.visible("E2@1"));
}

#[test]
fn talking_with_the_landlord_is_voluntary_and_holds_no_words_about_others() {
    let mut visit = visit("vb-bt");
    visit.choose("J1", "verhuurder");
    let checklist = checklist("vb-bt");
    let section = checklist.sections().iter().find(|section| section.id == "J").expect("J");
    for question in &section.questions {
        assert!(!visit.state(&question.id).required, "{} is voluntary", question.id);
        let words = matches!(question.kind, QuestionKind::Text | QuestionKind::Observation | QuestionKind::Document);
        assert!(!words, "{} can hold words about others", question.id);
    }
    assert_eq!(section.in_report, InReport::FileOnly);
    assert_eq!(checklist.question("J4").expect("J4").in_report, InReport::Never);
    visit.choose("J4", "ja");
    assert!(visit.evaluation.leaflets().iter().any(|one| one.leaflet == "meld-misdaad-anoniem"));
}

#[test]
fn names_and_faces_of_renters_are_asked_nowhere() {
    let checklist = checklist("vb-bt");
    let asking: Vec<_> = own_questions(&checklist)
        .filter(|question| question.text.to_lowercase().contains("naam") || question.text.contains("identiteitsbewijs"))
        .map(|question| question.id.as_str())
        .collect();
    assert_eq!(asking, ["C3a"], "the name of the person spoken to, when the report needs it");
    let open = own_questions(&checklist).filter_map(|question| question.photos.as_ref());
    let instructions: Vec<_> = open.filter_map(|photos| photos.instruction.as_deref()).collect();
    assert!(instructions.iter().filter(|text| text.contains("mensen") || text.contains("personen")).count() >= 5);
}
