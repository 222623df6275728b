//! The checklists of Veilig Buitengebied beside T1: they read, they are whole, and they hold what the law asks.

mod bedrijventerrein;
mod buurtbezoek;
mod hercontrole;
mod references;
mod weerbaarheid;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use veldboek_checklist::{Checklist, Family, Participant, Question, Status, StopKind, bundled, newest};

use crate::support::{Visit, date, item, time};

/// Everything in the program; read once for all tests.
fn everything() -> &'static [Arc<Checklist>] {
    static ALL: LazyLock<Vec<Arc<Checklist>>> = LazyLock::new(|| bundled().unwrap_or_else(|error| panic!("{error}")));
    &ALL
}

/// The newest version in the program.
pub fn checklist(id: &str) -> Arc<Checklist> {
    Arc::clone(newest(everything(), id).unwrap_or_else(|| panic!("no checklist {id}")))
}

/// A visit with two items of each group, numbered 1 and 2.
pub fn visit(id: &str) -> Visit {
    let checklist = checklist(id);
    let mut visit = Visit::new(Arc::clone(&checklist));
    for group in checklist.groups() {
        visit.sheet.groups.insert(group.id.clone(), vec![item(1), item(2)]);
    }
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    visit
}

/// Every checklist of the families that stand here.
fn ours() -> Vec<Arc<Checklist>> {
    let ours = everything().iter().filter(|one| matches!(one.family(), Family::Vb | Family::Agro));
    ours.cloned().collect()
}

/// The questions of a checklist that are its own or of a shared part, without those of partner sets.
fn own_questions(checklist: &Checklist) -> impl Iterator<Item = &Question> {
    let sections = checklist.sections().iter().filter(|section| section.partner_set.is_none());
    sections.flat_map(|section| &section.questions)
}

/// Which section letters a checklist shows.
fn sections(id: &str) -> Vec<String> {
    let checklist = checklist(id);
    let own = checklist.sections().iter().filter(|section| section.partner_set.is_none());
    own.map(|section| section.id.clone()).collect()
}

fn missing<'a>(id: &str, ids: &[&'a str]) -> Vec<&'a str> {
    let checklist = checklist(id);
    ids.iter().copied().filter(|question| checklist.question(question).is_none()).collect()
}

#[test]
fn the_programme_has_its_six_checklists_and_each_is_a_concept() {
    let mut ids: Vec<_> = ours().iter().map(|one| one.id().to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids, ["agro", "vb-bt", "vb-buurt", "vb-her", "vb-ic", "vb-weer"]);
    for one in ours() {
        assert_eq!(one.status(), Status::Concept, "{}", one.id());
    }
}

#[test]
fn every_signal_has_a_help_card_with_ordinary_explanations_and_a_question_that_asks_for_one() {
    for one in ours() {
        let signals: Vec<_> = own_questions(&one).filter(|question| question.signal).collect();
        for question in &signals {
            let name = format!("{} {}", one.id(), question.id);
            let help = question.help.as_ref().unwrap_or_else(|| panic!("{name} has no help card"));
            assert!(!help.ordinary_explanations.is_empty(), "{name} has no ordinary explanation");
            assert!(!help.what_to_do.is_empty(), "{name} does not say what to do");
            let asked = question.explained_in.as_deref().and_then(|id| one.question(id));
            assert!(question.needs_ordinary_explanation || asked.is_some(), "{name} asks for none");
        }
        let seen = matches!(one.id(), "vb-ic" | "vb-her" | "vb-bt" | "vb-buurt");
        assert_eq!(!signals.is_empty(), seen, "{}", one.id());
    }
}

#[test]
fn every_option_that_is_a_signal_says_what_else_it_can_be_what_to_do_and_whom_to_call() {
    for id in WITH_ENTRY {
        let checklist = checklist(id);
        let options = &checklist.question("E1").expect("E1").options;
        for option in options.iter().filter(|option| !option.exclusive) {
            let name = format!("{id} {}", option.code);
            let help = option.help.as_ref().unwrap_or_else(|| panic!("{name} has no help card"));
            assert!(!help.ordinary_explanations.is_empty(), "{name} has no ordinary explanation");
            assert!(!help.look_for.is_empty(), "{name} does not say what to look for");
            assert!(!help.what_to_do.is_empty(), "{name} does not say what to do");
            assert!(!help.whom_to_call.is_empty(), "{name} does not say whom to call");
            assert!(option.heading.is_some(), "{name} stands under no heading");
        }
        assert!(options.iter().any(|option| option.exclusive), "{id}: nothing seen must be an answer");
    }
}

#[test]
fn every_required_question_of_law_at_the_top_level_explains_itself() {
    let of_law = |id: &str| {
        ["aw", "gw-", "bbl", "bal", "ow-", "omgevingsplan", "avg-toestemming", "meldcode"]
            .iter()
            .any(|start| id.starts_with(start))
    };
    for one in ours() {
        let bare: Vec<_> = own_questions(&one)
            .filter(|question| question.parent.is_none() && question.help.is_none() && question.required)
            .filter(|question| question.grounds.iter().any(|ground| of_law(&ground.id)))
            .map(|question| &question.id)
            .collect();
        assert!(bare.is_empty(), "{} without a help card: {bare:?}", one.id());
    }
}

#[test]
fn questions_are_short_enough_to_read_in_a_yard() {
    for one in ours() {
        for question in own_questions(&one) {
            assert!(question.text.chars().count() <= 130, "{} {} is long: {}", one.id(), question.id, question.text);
        }
    }
}

#[test]
fn a_ground_or_leaflet_says_the_same_in_every_checklist() {
    let mut grounds = HashMap::new();
    let mut leaflets = HashMap::new();
    for one in everything() {
        for ground in one.grounds() {
            let first = grounds.entry(ground.id.clone()).or_insert_with(|| ground.clone());
            assert_eq!(first, ground, "{} in {}", ground.id, one.id());
        }
        for leaflet in one.leaflets() {
            let first = leaflets.entry(leaflet.id.clone()).or_insert_with(|| leaflet.clone());
            assert_eq!(first, leaflet, "{} in {}", leaflet.id, one.id());
        }
    }
}

#[test]
fn grounds_of_general_knowledge_are_marked_for_a_lawyer() {
    for one in ours() {
        for ground in one.grounds().iter().filter(|ground| ground.reference.as_deref() == Some("K")) {
            assert!(ground.to_be_checked, "{} {} rests on general knowledge alone", one.id(), ground.id);
        }
    }
}

#[test]
fn no_condition_fails_on_an_empty_sheet_and_nothing_stops_or_is_proposed() {
    for one in ours() {
        let visit = visit(one.id());
        assert!(visit.evaluation.problems().is_empty(), "{} {:?}", one.id(), visit.evaluation.problems());
        assert!(visit.evaluation.stops().is_empty() && visit.evaluation.measures().is_empty(), "{}", one.id());
        assert!(visit.evaluation.tasks().is_empty() && visit.evaluation.leaflets().is_empty(), "{}", one.id());
    }
}

/// The checklists in which people go inside.
const WITH_ENTRY: &[&str] = &["vb-ic", "vb-her", "vb-bt"];

#[test]
fn a_home_or_a_possible_home_is_not_entered_without_consent_or_a_warrant_that_holds() {
    for id in WITH_ENTRY {
        let mut visit = visit(id);
        for (answer, asked) in [("nee", false), ("onbekend", true), ("ja", true)] {
            visit.choose("A4", answer);
            assert_eq!((visit.asks("C4"), visit.asks("A5")), (asked, asked), "{id}: A4 {answer}");
        }
        visit.choose("C4", "nee");
        assert_eq!(visit.stops(StopKind::StayOutside), ["C4"], "{id}: no consent (art. 1 Awbi)");
        visit.choose("A5", "ja").answer("A5b", date("2026-11-16"));
        assert!(visit.stops(StopKind::StayOutside).is_empty(), "{id}: the third day after issue (art. 6 Awbi)");
        visit.answer("A5b", date("2026-11-15"));
        assert_eq!(visit.stops(StopKind::StayOutside), ["C4"], "{id}: the fourth day");
        assert!(visit.state("A5b").violates.expect("it expired").contains("verlopen"), "{id}");
    }
}

#[test]
fn entry_on_a_warrant_opens_the_report_of_entry_within_four_days() {
    for id in WITH_ENTRY {
        let mut visit = visit(id);
        visit.choose("A4", "ja").choose("A5", "ja").choose("C5", "ja");
        let tasks = visit.evaluation.tasks();
        assert_eq!((tasks.len(), tasks[0].id.as_str()), (1, "verslag-van-binnentreden"), "{id}");
        assert_eq!(tasks[0].due, Some("2026-11-23".parse().expect("a day")), "{id}: art. 11 Awbi");
    }
}

#[test]
fn a_participant_without_a_ground_may_not_go_inside() {
    for id in WITH_ENTRY {
        let mut visit = visit(id);
        visit.facts.participants = vec![Participant { goes_inside: true, ..Participant::default() }];
        visit.evaluation.refresh(&visit.sheet, &visit.facts);
        assert!(visit.state("A3").violates.expect("no ground").contains("niet mee naar binnen"), "{id}");
        visit.facts.participants[0].legal_basis = "Omgevingswet".into();
        visit.evaluation.refresh(&visit.sheet, &visit.facts);
        assert_eq!(visit.state("A3").violates, None, "{id}");
    }
}

#[test]
fn what_the_visited_party_says_stays_closed_until_the_caution_was_given_at_a_time() {
    let fields: &[(&str, &[&str])] = &[
        ("vb-ic", &["D4@1", "E2@1", "I3a@1", "L1"]),
        ("vb-her", &["D4@1", "D4@2", "E2", "L1"]),
        ("vb-bt", &["D4@1", "E2@1", "I3a@1", "L1"]),
    ];
    for (id, fields) in fields {
        let mut visit = visit(id);
        let locked = |visit: &Visit| fields.iter().map(|slot| closed(visit, slot)).collect::<Vec<_>>();
        visit.answer("I1@1", veldboek_domain::Value::Number(1.0));
        visit.answer("I3@1", crate::support::matrix(&[("angst", "gezien")]));
        visit.answer(
            if *id == "vb-her" { "E1" } else { "E1@1" },
            veldboek_domain::Value::choices(&["milieu", "condens"]),
        );
        assert_eq!(locked(&visit), vec![false; fields.len()], "{id}");
        assert_eq!(locked(visit.choose("C7", "ja")), vec![true; fields.len()], "{id}: art. 5:10a Awb");
        assert_eq!(locked(visit.choose("C7a", "ja")), vec![true; fields.len()], "{id}: the time is missing");
        assert_eq!(locked(visit.answer("C7b", time("13:45:00"))), vec![false; fields.len()], "{id}");
    }
}

fn closed(visit: &Visit, slot: &str) -> bool {
    let state = visit.state(slot);
    assert!(state.visible, "{slot} is not there");
    state.locked.is_some()
}

#[test]
fn a_find_ends_the_supervision_asks_for_the_hand_over_and_offers_the_other_regime() {
    for id in WITH_ENTRY {
        let mut visit = visit(id);
        assert!(!visit.visible("K2"), "{id}");
        visit.choose("K1", "ja");
        let stops = visit.evaluation.stops();
        assert_eq!((stops[0].kind, stops[0].offers_regime_switch), (StopKind::Supervision, true), "{id}");
        assert!(["K2", "K2a", "K3", "K4"].iter().all(|slot| visit.asks(slot)), "{id}");
    }
}

#[test]
fn danger_brings_the_stop_screen_in_every_checklist_in_which_people_go_somewhere() {
    for (id, slot, answer) in [
        ("vb-her", "B1", "nee"),
        ("vb-her", "B2", "ja"),
        ("vb-bt", "B1", "nee"),
        ("vb-bt", "B2", "ja"),
        ("vb-bt", "E3@1", "ja"),
        ("vb-bt", "H2@2", "ja"),
        ("vb-buurt", "A4", "nee"),
    ] {
        let mut visit = visit(id);
        visit.choose(slot, answer);
        assert_eq!(visit.stops(StopKind::Safety).len(), 1, "{id}: {slot} {answer}");
        visit.clear(slot);
        assert!(visit.stops(StopKind::Safety).is_empty(), "{id}: {slot} cleared");
    }
}

#[test]
fn every_safety_stop_says_to_keep_away_and_to_call() {
    for one in ours() {
        let mut visit = visit(one.id());
        for question in own_questions(&one).filter(|question| question.may_stop) {
            let group = one.section_of(&question.id).and_then(|section| section.group.as_deref());
            let slot = group.map_or_else(|| question.id.clone(), |_| format!("{}@1", question.id));
            for option in &question.options {
                let several = question.kind == veldboek_checklist::QuestionKind::SeveralOf;
                let chosen = if several {
                    veldboek_domain::Value::choices(&[option.code.as_str()])
                } else {
                    veldboek_domain::Value::choice(&option.code)
                };
                visit.answer(&slot, chosen);
                for stop in visit.evaluation.stops().iter().filter(|stop| stop.kind == StopKind::Safety) {
                    assert!(stop.text.contains("112"), "{} {}: {}", one.id(), question.id, stop.text);
                    assert!(stop.text.contains("Ga "), "{} {}: {}", one.id(), question.id, stop.text);
                }
            }
            visit.clear(&slot);
        }
    }
}
