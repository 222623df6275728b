//! The partner sets: each asks what its own ground allows, and is there only when its partner takes part.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use veldboek_checklist::{Checklist, InReport, Participant, Question, QuestionKind, ReadingContext, Section, StopKind};
use veldboek_domain::Value;

use crate::support::{Visit, including, matrix, observation, shipped, t1, time};

/// Partner, section, and whether its answers stay in its own closed stream.
const SETS: &[(&str, &str, bool)] = &[
    ("gemeente-brp", "PBRP", true),
    ("omgevingsdienst", "POD", false),
    ("brandweer", "PBW", false),
    ("netbeheerder", "PNB", false),
    ("nla", "PNLA", false),
    ("politie", "PPOL", true),
    ("belastingdienst", "PBD", true),
];

/// A checklist that holds the seven sets and nothing else.
fn seven() -> Arc<Checklist> {
    static SEVEN: LazyLock<Arc<Checklist>> = LazyLock::new(|| {
        let names: Vec<_> = SETS.iter().map(|(partner, ..)| format!("{partner}@0.1")).collect();
        let read = Checklist::read_with("zeven.toml", &including(&names), &ReadingContext::bundled());
        Arc::new(read.unwrap_or_else(|error| panic!("{error}")))
    });
    Arc::clone(&SEVEN)
}

fn section(id: &str) -> Section {
    seven().sections().iter().find(|section| section.id == id).cloned().unwrap_or_else(|| panic!("no section {id}"))
}

/// A visit in which these partners take part.
fn with(partners: &[&str]) -> Visit {
    let mut visit = Visit::new(&*seven());
    let takes_part = |partner: &&str| Participant { partner: (*partner).into(), ..Participant::default() };
    visit.facts.participants = partners.iter().map(takes_part).collect();
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    visit
}

#[test]
fn each_set_is_its_partners_own_with_its_own_prefix_and_size() {
    for (partner, id, closed) in SETS {
        let section = section(id);
        let set = section.partner_set.clone().unwrap_or_else(|| panic!("{id} is no partner set"));
        assert_eq!((&*set.partner, set.closed), (*partner, *closed), "{id}");
        assert!((5..=12).contains(&section.questions.len()), "{id} asks {} questions", section.questions.len());
        for question in &section.questions {
            let number = question.id.strip_prefix(id).unwrap_or_else(|| panic!("{} in {id}", question.id));
            assert!(number.starts_with(|first: char| first.is_ascii_digit()), "{}", question.id);
        }
    }
    assert_eq!(seven().sections().len(), SETS.len(), "one section a set");
}

#[test]
fn a_set_is_visible_only_while_its_partner_takes_part() {
    assert!(with(&[]).evaluation.visible().is_empty());
    for (partner, id, _) in SETS {
        let mut visit = with(&[partner]);
        let seen: BTreeSet<_> = visit.evaluation.visible().into_iter().map(|slot| slot.question).collect();
        assert!(seen.contains(&format!("{id}1")), "{partner} does not see {id}");
        assert!(seen.iter().all(|question| section(id).questions.iter().any(|one| one.id == *question)), "{seen:?}");
        visit.facts.participants.clear();
        visit.evaluation.refresh(&visit.sheet, &visit.facts);
        assert!(visit.evaluation.visible().is_empty(), "{partner} went home");
    }
}

#[test]
fn closed_answers_never_stand_in_the_teams_report() {
    for (_, id, closed) in SETS {
        for question in &section(id).questions {
            assert!(!closed || question.in_report == InReport::Never, "{}", question.id);
        }
    }
    assert!(["PNLA6", "PNLA6a"].iter().all(|id| seven().question(id).expect(id).in_report == InReport::Never));
}

#[test]
fn nothing_in_a_set_leads_to_a_person() {
    assert!(seven().parts().iter().all(|part| part.without_persons));
    for question in seven().questions() {
        assert!(!matches!(question.kind, QuestionKind::Photo | QuestionKind::Document | QuestionKind::Signature));
        assert!(question.photos.as_ref().is_none_or(|photos| photos.without_persons), "{}", question.id);
        let free = matches!(question.kind, QuestionKind::Text | QuestionKind::Observation);
        assert_eq!(question.about.is_some(), free, "{}", question.id);
    }
}

#[test]
fn every_question_names_its_ground_and_every_first_one_has_a_help_card() {
    for question in seven().questions() {
        assert!(!question.grounds.is_empty(), "{} has no ground", question.id);
        assert!(question.parent.is_some() || question.help.is_some(), "{} has no help card", question.id);
        for ground in question.grounds.iter().filter(|ground| ground.reference.as_deref() == Some("K")) {
            assert!(ground.to_be_checked, "{} rests on general knowledge alone", ground.id);
        }
    }
}

#[test]
fn each_signal_asks_for_its_ordinary_explanation() {
    let signals = |question: &&Question| question.signal;
    let ids: Vec<_> = seven().questions().filter(signals).map(|question| question.id.clone()).collect();
    assert_eq!(ids, ["PNB3", "PNB4", "PNLA6"]);
    let mut visit = with(&["netbeheerder", "nla"]);
    visit.choose("PNB1", "eigen-grond").choose("PNB2", "ja").choose("PNB3", "nee");
    visit.answer("PNB5", observation("Zegel ontbreekt.", ""));
    assert_eq!(visit.state("PNB5").incomplete, ["gewone_verklaring"]);
    visit.answer("PNLA1", Value::Number(3.0)).answer("PNLA6", matrix(&[("angst", "gezien")]));
    assert!(visit.asks("PNLA6a"));
    assert_eq!(visit.evaluation.tasks()[0].id, "overleg-zorgcoordinator-nla");
}

#[test]
fn civil_affairs_count_and_never_look_up_who() {
    for question in &section("PBRP").questions {
        use QuestionKind::{Number, SeveralOf, YesNo, YesNoUnknown};
        let counts = matches!(question.kind, YesNo | YesNoUnknown | Number | SeveralOf);
        assert!(counts && question.photos.is_none(), "{} can hold words or pictures", question.id);
    }
    let mut visit = with(&["gemeente-brp"]);
    visit.answer("PBRP2", Value::Number(4.0));
    assert!(!visit.visible("PBRP2"), "nothing is asked before the own task is sure");
    assert!(visit.choose("PBRP1", "ja").visible("PBRP2"));
    visit.answer("PBRP2a", Value::Number(5.0));
    assert!(visit.state("PBRP2a").violates.is_some(), "more than there are");
    visit.answer("PBRP3", Value::Number(9.0)).choose("PBRP4", "ja");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("verschillend")));
    visit.choose("PBRP4", "nee").choose("PBRP5", "ja");
    assert!(visit.asks("PBRP4a") && visit.evaluation.tasks()[0].title.contains("buiten dit dossier"));
    assert!(!visit.choose("PBRP1", "nee").visible("PBRP2"));
}

#[test]
fn without_an_own_ground_the_other_questions_are_not_there() {
    for (partner, first, none, ground, second) in [
        ("gemeente-brp", "PBRP1", "nee", "ja", "PBRP2"),
        ("belastingdienst", "PBD1", "nee", "ja", "PBD2"),
        ("netbeheerder", "PNB1", "geen", "toestemming", "PNB2"),
    ] {
        let mut visit = with(&[partner]);
        assert!(!visit.visible(second), "{partner}: nothing before the ground is named");
        assert!(!visit.choose(first, none).visible(second), "{partner}");
        assert_eq!(visit.evaluation.notices().len(), 1, "{partner} hears what to do");
        assert!(visit.choose(first, ground).asks(second), "{partner}");
    }
}

#[test]
fn the_police_take_over_under_the_headings_of_an_administrative_report_without_antecedents() {
    let mut visit = with(&["politie"]);
    assert_eq!(visit.evaluation.visible().len(), 1);
    assert!(visit.evaluation.open().is_empty(), "nothing to take over is no gap");
    visit.answer("PPOL1", time("10:25:00")).answer("PPOL3", Value::choices(&["hennep"]));
    let headings =
        ["PPOL2", "PPOL3", "PPOL3a", "PPOL4", "PPOL5", "PPOL6", "PPOL7", "PPOL8", "PPOL9", "PPOL10", "PPOL11"];
    assert!(headings.iter().all(|id| visit.asks(id)));
    assert!(!visit.answer("PPOL3", Value::choices(&["geen"])).visible("PPOL3a"));
    for question in &section("PPOL").questions {
        let choices = question.options.iter().map(|option| &option.label);
        for text in [&question.text].into_iter().chain(choices) {
            let text = text.to_lowercase();
            assert!(
                !["antecedent", "verdachte", "eerder", "bekend bij"].iter().any(|word| text.contains(word)),
                "{text}"
            );
        }
    }
}

#[test]
fn danger_stops_whoever_finds_it() {
    for (partner, answers, stopped) in [
        ("omgevingsdienst", vec![("POD1", "ja")], "POD1"),
        ("brandweer", vec![("PBW9", "ja")], "PBW9"),
        ("netbeheerder", vec![("PNB1", "eigen-grond"), ("PNB2", "nee")], "PNB2"),
    ] {
        let mut visit = with(&[partner]);
        for (question, answer) in answers {
            visit.choose(question, answer);
        }
        assert_eq!(visit.stops(StopKind::Safety), [stopped], "{partner}");
    }
}

#[test]
fn a_partner_advises_and_the_authority_decides() {
    let mut visit = with(&["brandweer", "omgevingsdienst"]);
    visit.choose("PBW10", "niet-gebruiken").choose("POD9", "ja");
    let measures: BTreeSet<_> = visit.measures().into_iter().collect();
    assert_eq!(measures, ["last-onder-bestuursdwang", "spoed-bestuursdwang"].map(str::to_owned).into());
    for measure in visit.evaluation.measures() {
        assert!(measure.note.as_deref().is_some_and(|note| note.contains("het bevoegd gezag beslist")));
    }
}

#[test]
fn electricity_that_is_cut_off_thinks_of_people_and_animals() {
    let mut visit = with(&["netbeheerder"]);
    visit.choose("PNB1", "eigen-grond").choose("PNB2", "ja").choose("PNB6", "afgesloten");
    assert!(visit.asks("PNB6a") && visit.asks("PNB7"));
    visit.choose("PNB7", "onbekend");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("melkrobot")));
    visit.choose("PNB6", "later");
    assert_eq!(visit.evaluation.tasks()[0].id, "aansluiting-veilig-maken");
}

#[test]
fn no_condition_of_a_set_fails_on_an_empty_sheet() {
    let everyone: Vec<_> = SETS.iter().map(|(partner, ..)| *partner).collect();
    let visit = with(&everyone);
    assert!(visit.evaluation.problems().is_empty(), "{:?}", visit.evaluation.problems());
    assert!(visit.evaluation.stops().is_empty() && visit.evaluation.measures().is_empty());
}

#[test]
fn the_integrale_controle_takes_all_seven() {
    let partners: BTreeSet<_> =
        t1().parts().iter().filter_map(|part| Some(part.partner_set.as_ref()?.partner.clone())).collect();
    assert_eq!(partners, SETS.iter().map(|(partner, ..)| (*partner).to_owned()).collect());
}

#[test]
fn every_source_of_a_set_is_listed() {
    let sources = shipped("BRONNEN.md") + &shipped("btp/BRONNEN.md");
    for ground in seven().grounds() {
        for number in ground.reference.as_deref().unwrap_or_default().split(", ").filter(|number| *number != "K") {
            assert!(
                sources.lines().any(|line| line.starts_with(&format!("| {number} |"))),
                "{} names {number}",
                ground.id
            );
        }
    }
}
