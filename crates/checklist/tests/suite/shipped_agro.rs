//! The agro-coach's conversation (T2): consent first, counts only, and nothing about others.

use veldboek_checklist::{Counted, Outgoing, QuestionKind, ReportPlace};
use veldboek_domain::Value;

use crate::shipped_vb::{checklist, visit};
use crate::support::{Visit, date, shipped};

/// Every id of T2 in the domain.
const IDS: &[&str] =
    &["1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "6.1"];

fn in_the_file(id: &str) -> String {
    format!("Q{}", id.replace('.', "_"))
}

/// A conversation in which notes are allowed and the limits are clear.
fn agreed() -> Visit {
    let mut visit = visit("agro");
    visit.choose("Q1_1", "ja").choose("Q1_2", "ja").choose("Q1_3", "ja");
    visit
}

fn shown(visit: &Visit) -> Vec<String> {
    visit.evaluation.visible().iter().map(|slot| slot.question.clone()).collect()
}

fn counted(visit: &Visit) -> Vec<(String, String)> {
    let counts = checklist("agro").counts(&visit.sheet, &visit.evaluation);
    let text = |counted: &Counted| match counted {
        Counted::Option(code) => code.clone(),
        Counted::Number(number) => number.to_string(),
    };
    counts.iter().map(|one| (one.question.clone(), text(&one.counted))).collect()
}

#[test]
fn t2_holds_every_question_of_the_domain_under_its_name_and_the_table_says_so() {
    let checklist = checklist("agro");
    let table = shipped("AFWIJKINGEN.md");
    for id in IDS {
        let name = in_the_file(id);
        assert!(checklist.question(&name).is_some(), "{name} is missing");
        assert!(table.contains(&format!("| T2 | {id} | {name}")), "{id} does not stand in AFWIJKINGEN.md");
    }
    let sections: Vec<_> = checklist.sections().iter().map(|section| section.id.as_str()).collect();
    assert_eq!(sections, ["1", "2", "3", "4", "5", "6"]);
}

#[test]
fn consent_comes_first_then_notes_and_the_limits_of_secrecy_and_only_then_the_conversation() {
    let mut visit = visit("agro");
    assert_eq!(shown(&visit), ["Q1_1"]);
    visit.choose("Q1_1", "ja");
    assert_eq!(shown(&visit), ["Q1_1", "Q1_1a", "Q1_2", "Q1_3", "Q6_1"]);
    assert!(visit.asks("Q1_1a"), "the time of consent is recorded");
    visit.choose("Q1_2", "ja");
    assert!(!visit.visible("Q2_1") && !visit.visible("Q5_1"), "the limits are not clear yet");
    visit.choose("Q1_3", "nee");
    assert!(!visit.visible("Q2_1") && visit.evaluation.notices().iter().any(|one| one.text.contains("nog eens uit")));
    visit.choose("Q1_3", "ja");
    assert!(["Q2_1", "Q3_1", "Q4_1", "Q5_1"].iter().all(|question| visit.visible(question)));
}

#[test]
fn a_no_stops_the_conversation_erases_it_and_counts_nothing() {
    let mut visit = agreed();
    visit.answer("Q2_1", Value::text("Weinig slaap.")).answer("Q2_2", Value::choices(&["geld"])).choose("Q6_1", "ja");
    visit.answer("Q5_2", Value::choices(&["huisarts"])).choose("Q5_2a", "ja");
    visit.choose("Q1_1", "nee");
    assert_eq!(shown(&visit), ["Q1_1"]);
    assert!(["Q1_2", "Q2_1", "Q2_2", "Q5_2a", "Q6_1"].iter().all(|question| visit.state(question).does_not_count()));
    assert!(counted(&visit).is_empty());
    let tasks = visit.evaluation.tasks();
    assert_eq!((tasks.len(), tasks[0].id.as_str()), (1, "gesprek-wissen"), "no message goes out any more");
    assert_eq!(tasks[0].due, Some(crate::support::day()), "now");
    assert!(visit.evaluation.notices().iter().any(|notice| notice.text.contains("Wis dit gesprek")));
}

#[test]
fn without_notes_only_the_count_of_the_conversation_is_left() {
    let mut visit = agreed();
    visit
        .answer("Q2_2", Value::choices(&["geld"]))
        .choose("Q6_1", "ja")
        .choose("Q6_1a", "langer")
        .choose("Q6_1b", "ja");
    visit.choose("Q1_2", "nee");
    assert_eq!(counted(&visit), [("Q6_1".to_owned(), "ja".to_owned())]);
    assert_eq!(shown(&visit), ["Q1_1", "Q1_1a", "Q1_2", "Q1_3", "Q6_1"]);
    let tasks = visit.evaluation.tasks();
    assert_eq!((tasks.len(), tasks[0].id.as_str()), (1, "aantekeningen-nu-wissen"));
}

#[test]
fn only_themes_and_counters_leave() {
    let checklist = checklist("agro");
    assert_eq!(checklist.outgoing(), Outgoing::Counts);
    let counters: Vec<_> =
        checklist.questions().filter(|question| question.counted).map(|question| question.id.as_str()).collect();
    assert_eq!(counters, ["Q2_2", "Q6_1", "Q6_1a", "Q6_1b"]);
    let mut visit = agreed();
    visit.answer("Q2_1", Value::text("Weinig slaap.")).answer("Q2_2", Value::choices(&["geld", "relatie"]));
    visit.choose("Q3_2", "ja").choose("Q4_2", "ja").choose("Q6_1", "ja").choose("Q6_1a", "tot-een-uur");
    let expected = [("Q2_2", "geld"), ("Q2_2", "relatie"), ("Q6_1", "ja"), ("Q6_1a", "tot-een-uur")];
    assert_eq!(counted(&visit), expected.map(|(question, code)| (question.to_owned(), code.to_owned())));
}

#[test]
fn nothing_of_it_has_a_place_in_a_report_or_asks_who_or_where() {
    let checklist = checklist("agro");
    for place in [ReportPlace::Address, ReportPlace::Statement, ReportPlace::Reaction, ReportPlace::Cause] {
        assert!(checklist.place(place).is_none(), "{place:?}");
    }
    assert!(checklist.parts().is_empty() && checklist.statements().next().is_none());
    for question in checklist.questions() {
        use QuestionKind::{Address, Document, Number, Participants, Photo, Point, Signature};
        let kind = question.kind;
        assert!(!matches!(kind, Address | Point | Photo | Document | Signature | Participants), "{}", question.id);
        assert!(kind != Number, "{} could hold an amount", question.id);
        assert!(question.photos.is_none() && question.measures.is_empty(), "{}", question.id);
    }
    let words = checklist.questions().filter(|question| question.kind == QuestionKind::Text);
    assert_eq!(words.map(|question| question.id.as_str()).collect::<Vec<_>>(), ["Q2_1", "Q3_3", "Q5_1"]);
}

#[test]
fn nothing_is_written_about_others_and_the_farmer_decides() {
    let mut visit = agreed();
    let before = shown(&visit);
    for answer in ["ja", "liever-niet"] {
        visit.choose("Q4_2", answer);
        assert_eq!(shown(&visit), before, "no further question");
        let text = &visit.evaluation.notices().iter().find(|one| one.slot.question == "Q4_2").expect("a notice").text;
        assert!(text.contains("0800-7000") && text.contains("De ander beslist"), "{text}");
    }
    assert!(visit.evaluation.tasks().is_empty(), "nothing goes anywhere by itself");
    visit.choose("Q4_3", "nee");
    assert!(visit.visible("Q4_3a") && !visit.state("Q4_3a").required);
}

#[test]
fn nothing_of_the_conversation_is_required() {
    let visit = agreed();
    let checklist = checklist("agro");
    for section in checklist.sections().iter().filter(|section| ["2", "3", "4"].contains(&section.id.as_str())) {
        for question in &section.questions {
            assert!(!visit.state(&question.id).required, "{} is voluntary", question.id);
        }
    }
}

#[test]
fn each_kind_of_help_has_its_own_consent_and_its_own_message() {
    let mut visit = agreed();
    let help = [
        ("huisarts", "Q5_2a"),
        ("maatschappelijk-werk", "Q5_2b"),
        ("adviseur", "Q5_2c"),
        ("gemeente", "Q5_2d"),
        ("schuldhulp", "Q5_2e"),
    ];
    visit.answer("Q5_2", Value::choices(&help.map(|(code, _)| code)));
    assert!(help.iter().all(|(_, consent)| visit.asks(consent)) && visit.evaluation.tasks().is_empty());
    for (code, consent) in help {
        visit.choose(consent, "nee");
        assert!(visit.evaluation.tasks().is_empty(), "{code}: no means no");
        visit.choose(consent, "ja");
        let ids: Vec<_> = visit.evaluation.tasks().iter().map(|task| task.id.clone()).collect();
        assert_eq!(ids, [format!("bericht-{code}")]);
        visit.choose(consent, "nee");
    }
    visit.answer("Q5_2", Value::choices(&["nee"]));
    assert!(help.iter().all(|(_, consent)| !visit.visible(consent)));
}

#[test]
fn notes_are_erased_on_the_day_that_was_agreed() {
    let mut visit = agreed();
    assert!(visit.asks("Q1_2a"));
    visit.answer("Q1_2a", date("2026-11-18"));
    assert!(visit.state("Q1_2a").violates.is_some(), "that day is past");
    visit.answer("Q1_2a", date("2027-02-01"));
    let tasks = visit.evaluation.tasks();
    assert_eq!(
        (tasks[0].id.as_str(), tasks[0].due),
        ("aantekeningen-wissen", Some("2027-02-01".parse().expect("a day")))
    );
    visit.answer("Q5_3", date("2027-03-01"));
    assert!(visit.state("Q5_3").violates.expect("the notes are gone by then").contains("gewist"));
    assert!(visit.asks("Q5_4"), "the other reads what was written");
}

#[test]
fn debts_bring_help_and_no_amounts() {
    let mut visit = agreed();
    visit.choose("Q3_2", "ja");
    let notice = visit.evaluation.notices().iter().find(|one| one.slot.question == "Q3_2").expect("help").text.clone();
    assert!(notice.contains("Zorg om Boer en Tuinder") && notice.contains("schuldhulp"));
    assert_eq!(checklist("agro").question("Q3_2").expect("3.2").caution.as_deref(), Some("Geen bedragen."));
}

#[test]
fn who_wants_to_stop_farming_is_asked_about_the_buildings() {
    let mut visit = agreed();
    visit.choose("Q3_1", "stoppen");
    assert!(visit.evaluation.notices().iter().any(|one| one.slot.question == "Q3_1" && one.text.contains("3.3")));
    visit.choose("Q4_1", "nee");
    assert_eq!(visit.evaluation.leaflets()[0].leaflet, "veilig-verhuren");
}
