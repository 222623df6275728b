//! The checklists of Bestuurlijk Toezicht Prostitutie: every question of the domain is there, and nothing leads to a person.

mod lodging;
mod service;
mod venue;
mod without_rule;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use veldboek_checklist::{About, Checklist, Family, Question, QuestionKind, Status, bundled};

use crate::support::{Visit, shipped};

const T3: &str = "btp-log";
const T4: &str = "btp-dv";
const VENUE: &str = "btp-verg";

/// Every id of T3 in the domain.
const IDS_T3: &[&str] = &[
    "A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "C5", "D1", "D2", "D3", "D4", "E1", "E2", "F1", "F2", "G1",
    "H1", "H2",
];

/// Every id of T4 in the domain.
const IDS_T4: &[&str] = &[
    "A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "C1", "C2", "C3", "C4", "D1", "D2", "D3", "D4", "D5", "D6", "D7",
    "D8", "D9", "D10", "D11", "D12", "D13", "D14", "E1", "E2", "E3", "F1", "G1", "G2", "H1",
];

/// One of the checklists in the program; all are read once for all tests.
fn checklist(id: &str) -> Arc<Checklist> {
    static ALL: LazyLock<Vec<Arc<Checklist>>> = LazyLock::new(|| bundled().unwrap_or_else(|error| panic!("{error}")));
    let found = ALL.iter().find(|one| one.id() == id);
    Arc::clone(found.unwrap_or_else(|| panic!("no checklist {id}")))
}

fn all() -> [Arc<Checklist>; 3] {
    [T3, T4, VENUE].map(checklist)
}

/// The questions that a checklist holds itself, without those of partners.
fn own(checklist: &Checklist) -> impl Iterator<Item = &Question> {
    checklist.sections().iter().filter(|section| section.partner_set.is_none()).flat_map(|section| &section.questions)
}

/// The rows of the deviations: checklist, ids in the domain, ids in the file.
fn deviations() -> Vec<(String, String, Vec<String>)> {
    let text = shipped("btp/AFWIJKINGEN.md");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = text.lines().filter(|line| line.starts_with("| T")).map(cells);
    let rows = rows.map(|row| (row[0].clone(), row[1].clone(), row[2].split(", ").map(str::to_owned).collect()));
    rows.collect()
}

#[test]
fn every_question_of_the_domain_stands_in_its_file_or_among_the_deviations() {
    let deviations = deviations();
    for (name, id, ids) in [("T3", T3, IDS_T3), ("T4", T4, IDS_T4)] {
        let checklist = checklist(id);
        let told = |wanted: &str| deviations.iter().any(|(list, domain, _)| list == name && domain == wanted);
        let missing: Vec<_> = ids.iter().filter(|id| checklist.question(id).is_none() && !told(id)).collect();
        assert!(missing.is_empty(), "{name} misses {missing:?}");
    }
}

#[test]
fn every_question_that_the_deviations_name_is_there() {
    let deviations = deviations();
    assert!(deviations.len() > 20, "only {} rows were read", deviations.len());
    for (name, domain, ids) in deviations {
        let (checklist, known) = if name == "T3" { (checklist(T3), IDS_T3) } else { (checklist(T4), IDS_T4) };
        assert!(domain == "—" || known.contains(&&*domain), "{name} has no {domain}");
        let missing: Vec<_> = ids.iter().filter(|id| checklist.question(id).is_none()).collect();
        assert!(missing.is_empty(), "{name} {domain}: {missing:?} is no question");
    }
}

#[test]
fn each_is_a_concept_of_its_family_without_persons() {
    for checklist in all() {
        assert_eq!((checklist.status(), checklist.family()), (Status::Concept, Family::Btp), "{}", checklist.id());
        assert!(checklist.without_persons(), "{}", checklist.id());
    }
}

#[test]
fn no_answer_can_hold_something_about_a_person() {
    for checklist in all() {
        for question in checklist.questions() {
            let id = &question.id;
            assert_eq!(question.personal_data, None, "{id} of {}", checklist.id());
            assert!(!matches!(question.kind, QuestionKind::Photo | QuestionKind::Document), "{id} takes any picture");
            let free = matches!(question.kind, QuestionKind::Text | QuestionKind::Observation | QuestionKind::Address)
                || question.kind == QuestionKind::Signature
                || question.observation_per_option;
            assert_eq!(question.about.is_some(), free, "{id} of {} does not say what it is about", checklist.id());
            if let Some(photos) = &question.photos {
                assert!(photos.without_persons, "{id} takes photos of people");
                let instruction = photos.instruction.as_deref().unwrap_or_default().to_lowercase();
                assert!(instruction.contains("zonder"), "{id} does not say who stays off the photo");
            }
        }
    }
}

#[test]
fn no_question_and_no_option_asks_for_what_leads_to_a_person() {
    const WORDS: &[&str] = &[
        "naam",
        "namen",
        "voornaam",
        "achternaam",
        "bsn",
        "telefoon",
        "telefoonnummer",
        "nummer",
        "kamernummer",
        "kamernummers",
        "gezicht",
        "foto",
        "foto's",
        "nationaliteit",
        "herkomst",
        "afkomst",
        "geboorteland",
        "gezondheid",
        "medisch",
        "medische",
        "ziek",
        "klachten",
        "letsel",
        "advertentie",
        "advertenties",
        "website",
        "kenteken",
        "geboortedatum",
        "uiterlijk",
    ];
    let words = |text: &str| -> BTreeSet<String> {
        let parts = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
        parts.map(str::to_lowercase).collect()
    };
    for checklist in all() {
        for question in own(&checklist) {
            let choices = question.options.iter().chain(&question.rows).map(|choice| &choice.label);
            for text in [&question.text].into_iter().chain(choices) {
                let found: Vec<_> = WORDS.iter().filter(|word| words(text).contains(**word)).collect();
                assert!(found.is_empty(), "{} of {} says {found:?}: {text}", question.id, checklist.id());
            }
        }
    }
}

#[test]
fn whoever_adds_a_field_for_words_to_t4_is_seen() {
    let checklist = checklist(T4);
    let words = |question: &&Question| matches!(question.kind, QuestionKind::Text | QuestionKind::Observation);
    let free: Vec<_> = checklist.questions().filter(words).map(|question| (&*question.id, question.about)).collect();
    let (method, organisation) = (Some(About::Method), Some(About::Organisation));
    assert_eq!(
        free,
        [
            ("A4a", Some(About::Team)),
            ("A5a", method),
            ("B2b", organisation),
            ("C1b", organisation),
            ("C4a", organisation),
            ("C6", organisation),
            ("K2a", organisation),
            ("K3", Some(About::Place)),
            ("S1", organisation),
        ]
    );
}

#[test]
fn nothing_is_added_up() {
    for checklist in all() {
        assert!(checklist.calculations().is_empty(), "{} computes something", checklist.id());
    }
    let service = checklist(T4);
    let signals = service.sections().iter().find(|section| section.id == "D").expect("section D");
    assert!(signals.questions.iter().all(|question| question.kind != QuestionKind::Number));
    for file in ["logiesverstrekker", "onvergunde-dienstverlening", "vergunde-inrichting"] {
        let text = shipped(&format!("btp/{file}.toml")).to_lowercase();
        for word in ["score", "totaal", "punten", "risico"] {
            assert!(!text.contains(word), "{file} speaks of {word}");
        }
    }
}

#[test]
fn every_signal_has_a_help_card_and_asks_for_its_ordinary_explanation() {
    let mut signals = 0;
    for checklist in all() {
        for question in checklist.questions().filter(|question| question.signal) {
            signals += 1;
            let help = question.help.as_ref().unwrap_or_else(|| panic!("{} has no help card", question.id));
            assert!(!help.ordinary_explanations.is_empty(), "{} has no ordinary explanation", question.id);
            assert!(!help.look_for.is_empty() && !help.what_to_do.is_empty(), "{} leaves one alone", question.id);
            assert!(!help.whom_to_call.is_empty(), "{} does not say whom to call", question.id);
            let asked = question.explained_in.as_deref().and_then(|id| checklist.question(id));
            assert!(question.needs_ordinary_explanation || asked.is_some(), "{} asks for none", question.id);
        }
    }
    assert!(signals >= 14, "only {signals} signals");
}

#[test]
fn every_question_of_law_that_stands_at_the_top_level_explains_itself() {
    for checklist in all() {
        let plain = |question: &&Question| {
            use QuestionKind::{Address, Date, Signature, Time};
            question.parent.is_none() && !matches!(question.kind, Address | Date | Signature | Time)
        };
        let bare: Vec<_> = checklist.questions().filter(plain).filter(|question| question.help.is_none()).collect();
        let bare: Vec<_> = bare.iter().map(|question| &question.id).collect();
        assert!(bare.is_empty(), "{} without a help card: {bare:?}", checklist.id());
    }
}

#[test]
fn every_ground_names_a_source_that_is_listed_and_general_knowledge_is_marked() {
    let sources = shipped("BRONNEN.md") + &shipped("btp/BRONNEN.md");
    let listed: BTreeSet<&str> = sources
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .collect();
    for checklist in all() {
        for ground in checklist.grounds() {
            let reference = ground.reference.as_deref().unwrap_or_else(|| panic!("{} has no source", ground.id));
            if reference == "K" {
                assert!(ground.to_be_checked, "{} rests on general knowledge alone", ground.id);
                continue;
            }
            for number in reference.split(", ") {
                assert!(listed.contains(number), "{} rests on {number}, which is not listed", ground.id);
            }
        }
    }
}

#[test]
fn no_condition_fails_on_an_empty_sheet() {
    for checklist in all() {
        let visit = Visit::new(&*checklist);
        assert!(visit.evaluation.problems().is_empty(), "{:?}", visit.evaluation.problems());
        assert!(visit.evaluation.stops().is_empty() && visit.evaluation.measures().is_empty());
        assert!(visit.evaluation.tasks().is_empty(), "{}", checklist.id());
    }
}

#[test]
fn every_stop_of_supervision_asks_at_once_for_time_and_receiver_of_the_hand_over() {
    for (id, question, answer, handover) in [
        (T4, "B2", "ja", ["B2a", "B2b"]),
        (T4, "B2", "onbekend", ["B2a", "B2b"]),
        (VENUE, "F3", "ja", ["F3a", "F3b"]),
        (VENUE, "F3", "onbekend", ["F3a", "F3b"]),
    ] {
        let mut visit = Visit::new(&*checklist(id));
        visit.choose(question, answer);
        assert!(handover.iter().all(|id| visit.asks(id)), "{id} {question} {answer}");
        assert!(visit.evaluation.stops().iter().all(|stop| stop.offers_regime_switch));
        visit.choose(question, "nee");
        assert!(visit.evaluation.stops().is_empty() && !visit.visible(handover[0]));
    }
}
