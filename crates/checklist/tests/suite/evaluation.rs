//! Evaluation on small checklists.

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use veldboek_checklist::{Checklist, Evaluation, Facts};
use veldboek_domain::{Address, Slot, Value};

use crate::support::{Sheet, Visit, day, item, observation, small, time, whole};

fn question(id: &str, kind: &str, more: &str) -> String {
    format!("[[onderdeel.vraag]]\nid = \"{id}\"\ntekst = \"Vraag {id}?\"\nsoort = \"{kind}\"\n{more}\n")
}

fn section(questions: &[String]) -> String {
    format!("[[onderdeel]]\nid = \"S\"\ntitel = \"S\"\n{}", questions.concat())
}

fn visit(questions: &[String]) -> Visit {
    Visit::new(small(&section(questions)))
}

#[test]
fn a_checklist_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Arc::new(small(&section(&[question("A", "ja-nee", "")]))));
}

#[test]
fn the_hash_is_that_of_the_exact_bytes() {
    let text = whole(&section(&[question("A", "ja-nee", "")]));
    let one = Checklist::read("a.toml", &text).expect("reads");
    let other = Checklist::read("b.toml", &format!("{text}\n")).expect("reads");
    assert_eq!(one.hash(), veldboek_domain::Digest::of(text.as_bytes()));
    assert_ne!(one.hash(), other.hash(), "a blank line more is another checklist");
}

#[test]
fn a_screen_gets_questions_as_json_with_english_names() {
    let checklist = small(&section(&[question("A", "ja-nee-nvt", "verplicht = true")]));
    let shown = serde_json::to_value(&checklist).expect("JSON");
    let first = &shown["sections"][0]["questions"][0];
    assert_eq!(first["kind"], "yes_no_not_applicable");
    assert_eq!(
        first["options"][2],
        json!({"code": "nvt", "label": "Niet van toepassing", "heading": null, "exclusive": false, "help": null})
    );
    assert_eq!(
        (&first["required"], &shown["status"], &shown["family"]),
        (&json!(true), &json!("concept"), &json!("vb"))
    );
}

#[test]
fn an_expression_that_fails_is_false_and_named() {
    let mut visit = visit(&[
        question("A", "tekst", ""),
        question("B", "ja-nee", "zichtbaar = 'A > 1'"),
        question("C", "ja-nee", "verplicht_als = 'A'"),
    ]);
    assert!(visit.evaluation.problems().is_empty(), "nothing is wrong while A is unanswered");
    visit.answer("A", Value::text("twee"));
    assert!(!visit.visible("B") && !visit.state("C").required);
    let problems = visit.evaluation.problems();
    let named: Vec<_> =
        problems.iter().map(|one| (one.slot.to_string(), one.purpose, one.expression.as_str())).collect();
    assert_eq!(named, [("B".into(), "zichtbaar", "A > 1"), ("C".into(), "verplicht_als", "A")]);
    assert!(problems[0].message.contains('>'), "{}", problems[0].message);
}

#[test]
fn a_calculation_that_fails_is_empty_and_named() {
    let text = format!(
        "[[berekening]]\nnaam = \"deel\"\ntitel = \"Deel\"\nwaarde = '10 / A'\n{}",
        section(&[question("A", "getal", ""), question("B", "ja-nee", "zichtbaar = 'deel > 4'")])
    );
    let mut visit = Visit::new(small(&text));
    assert_eq!(visit.evaluation.calculation("deel", None), None);
    visit.answer("A", Value::Number(2.0));
    assert_eq!(visit.evaluation.calculation("deel", None).as_deref(), Some("5"));
    assert!(visit.visible("B"));
    visit.answer("A", Value::Number(0.0));
    assert!(!visit.visible("B"));
    assert_eq!(visit.evaluation.problems()[0].purpose, "waarde");
}

#[test]
fn a_constraint_waits_until_every_question_it_names_is_answered() {
    let rule = "eis = [{ voorwaarde = 'B >= A', tekst = \"Eerder dan A.\" }]";
    let mut visit = visit(&[question("A", "tijd", ""), question("B", "tijd", rule)]);
    visit.answer("B", time("09:00:00"));
    assert_eq!(visit.state("B").violates, None);
    visit.answer("A", time("10:00:00"));
    assert_eq!(visit.state("B").violates.as_deref(), Some("Eerder dan A."));
    assert!(visit.state("B").open(), "also when it is not required");
    visit.clear("A");
    assert_eq!(visit.state("B").violates, None);
}

#[test]
fn a_hidden_chain_hides_to_its_end_and_comes_back_with_its_answers() {
    let mut visit = visit(&[
        question("A", "ja-nee", ""),
        question("B", "ja-nee", "zichtbaar = 'A == \"ja\"'"),
        question("C", "ja-nee", "zichtbaar = 'B == \"ja\"'"),
        question("D", "tekst", "vervolg_op = \"C\""),
    ]);
    visit.choose("A", "ja").choose("B", "ja").choose("C", "ja").answer("D", Value::text("ja"));
    assert_eq!(visit.evaluation.total().visible, 4);
    visit.choose("A", "nee");
    assert_eq!((visit.evaluation.total().visible, visit.evaluation.total().answered), (1, 1));
    assert!(["B", "C", "D"].iter().all(|slot| visit.state(slot).does_not_count()));
    visit.choose("A", "ja");
    assert_eq!(visit.evaluation.total().answered, 4);
}

#[test]
fn an_answer_of_another_kind_or_with_an_unknown_code_does_not_count() {
    let mut visit = visit(&[question("A", "ja-nee", ""), question("B", "ja-nee", "zichtbaar = 'A != null'")]);
    for value in [Value::text("ja"), Value::choice("misschien")] {
        visit.answer("A", value);
        let state = visit.state("A");
        assert!(!state.answered && state.written && state.violates.is_some());
        assert!(!visit.visible("B"));
    }
}

#[test]
fn numbers_keep_to_their_limits() {
    let mut visit = visit(&[question("A", "getal", "eenheid = \"personen\"\nminimum = 0\nmaximum = 10\nheel = true")]);
    let mut says = |number| visit.answer("A", Value::Number(number)).state("A").violates;
    assert_eq!(says(-1.0).as_deref(), Some("Vul 0 personen of meer in."));
    assert_eq!(says(11.0).as_deref(), Some("Vul 10 personen of minder in."));
    assert_eq!(says(1.5).as_deref(), Some("Vul een heel getal in."));
    assert_eq!(says(f64::NAN).as_deref(), Some("Dit is geen getal."));
    assert_eq!(says(10.0), None);
}

#[test]
fn a_photo_question_is_answered_by_its_photos_and_a_document_also_by_a_name() {
    let mut visit = visit(&[
        question("A", "foto", ""),
        question("B", "document", ""),
        question("C", "ja-nee", "zichtbaar = 'A >= 2'"),
        question("D", "ja-nee", "zichtbaar = 'beantwoord(A) && !beantwoord(B)'"),
    ]);
    assert!(!visit.visible("D"));
    assert!(!visit.state("A").answered);
    assert!(visit.attach("A").state("A").answered && !visit.visible("C"));
    assert!(visit.attach("A").visible("C"));
    assert!(visit.visible("D"));
    assert!(visit.answer("B", Value::text("Machtiging 12")).state("B").answered);
    assert!(!visit.visible("D"));
}

#[test]
fn an_address_and_an_observation_can_be_asked_about() {
    let mut visit = visit(&[
        question("A", "adres", ""),
        question("B", "waarneming", ""),
        question(
            "C",
            "ja-nee",
            "zichtbaar = 'A.contains(\"weg\") && B.soort == \"own\" && B.tekst.startsWith(\"Rook\")'",
        ),
    ]);
    visit.answer("A", Value::Address(Address { line: "Kraaienhofsweg 12".into(), ..Address::default() }));
    visit.answer("B", observation("Rook uit de pijp.", ""));
    assert!(visit.visible("C"), "{:?}", visit.evaluation.problems());
}

#[test]
fn a_new_building_gets_its_questions_and_a_withdrawn_one_loses_them() {
    let text = format!(
        "[[groep]]\nid = \"gebouw\"\ntitel = \"Gebouwen\"\nenkelvoud = \"Gebouw\"\nminimum = 1\n{}{}",
        section(&[question("A", "ja-nee", "zichtbaar = 'gebouw.exists(g, g.B == \"ja\")'")]),
        "[[onderdeel]]\nid = \"T\"\ntitel = \"T\"\ngroep = \"gebouw\"\n".to_owned() + &question("B", "ja-nee", ""),
    );
    let mut visit = Visit::new(small(&text));
    visit.choose("B@2", "ja");
    assert!(visit.visible("A"));
    visit.sheet.groups.insert("gebouw".into(), vec![item(1), item(3)]);
    visit.evaluation.after(&Slot::of("A"), &visit.sheet, &visit.facts);
    assert!(!visit.visible("A"), "the building that had it is withdrawn");
    assert!(visit.evaluation.state(&visit.slot("B@2")).is_none());
    assert!(visit.visible("B@3"));
    assert!(visit.choose("B@3", "ja").visible("A"));
}

#[test]
fn a_condition_may_gather_the_buildings_for_which_something_holds() {
    let gathered = "zichtbaar = 'size(gebouw.filter(g, g.B == \"ja\")) >= 2'";
    let text = format!(
        "[[groep]]\nid = \"gebouw\"\ntitel = \"Gebouwen\"\nenkelvoud = \"Gebouw\"\n{}[[onderdeel]]\nid = \"T\"\ntitel = \"T\"\ngroep = \"gebouw\"\n{}",
        section(&[question("A", "ja-nee", gathered)]),
        question("B", "ja-nee", ""),
    );
    let mut visit = Visit::new(small(&text));
    visit.sheet.groups.insert("gebouw".into(), vec![item(1), item(2)]);
    visit.evaluation.after(&Slot::of("A"), &visit.sheet, &visit.facts);
    assert!(!visit.choose("B@1", "ja").visible("A"), "{:?}", visit.evaluation.problems());
    assert!(visit.choose("B@2", "ja").visible("A"), "{:?}", visit.evaluation.problems());
}

#[test]
fn people_walk_through_one_building_after_the_other() {
    let group = "[[groep]]\nid = \"gebouw\"\ntitel = \"Gebouwen\"\nenkelvoud = \"Gebouw\"\n";
    let repeated = |id: &str, question_id: &str| {
        format!(
            "[[onderdeel]]\nid = \"{id}\"\ntitel = \"{id}\"\ngroep = \"gebouw\"\n{}",
            question(question_id, "ja-nee", "verplicht = true")
        )
    };
    let text = format!(
        "{group}{}{}{}",
        repeated("D", "D1"),
        repeated("E", "E1"),
        section(&[question("Z", "ja-nee", "verplicht = true")])
    );
    let mut visit = Visit::new(small(&text));
    let open = |visit: &Visit| -> Vec<String> {
        visit
            .evaluation
            .open()
            .iter()
            .map(|slot| {
                format!("{}{}", slot.question, slot.group.map_or(String::new(), |id| format!("@{}", id.0.as_u128())))
            })
            .collect()
    };
    assert_eq!(open(&visit), ["D1@1", "E1@1", "D1@2", "E1@2", "Z"]);
    visit.choose("E1@1", "ja");
    assert_eq!(open(&visit), ["D1@1", "D1@2", "E1@2", "Z"]);
    let (all, first) = (visit.evaluation.progress("E", None), visit.evaluation.progress("E", Some(item(1))));
    assert_eq!((all.answered, all.visible, all.required_open), (1, 2, 1));
    assert_eq!((first.answered, first.visible, first.required_open), (1, 1, 0));
}

#[test]
fn a_task_counts_its_days_from_the_day_of_the_visit_and_not_from_today() {
    let task = "taak = [{ id = \"bel\", titel = \"Bel\", als = 'A == \"ja\"', dagen = 2 }]";
    let mut visit = visit(&[question("A", "ja-nee", task)]);
    visit.facts.today = "2026-12-24".parse().expect("a day");
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    visit.choose("A", "ja");
    assert_eq!(visit.evaluation.tasks()[0].due, Some("2026-11-21".parse().expect("a day")));
}

/// 500 questions of which 200 have conditions: what is looked at stays small. The times are printed for people and
/// decide nothing; `Q0` is the worst case, on which all 200 conditions depend.
#[test]
fn one_answer_among_five_hundred_questions_looks_only_at_what_depends_on_it() {
    let questions: Vec<String> = (0..500)
        .map(|number| match number {
            0 => question("Q0", "ja-nee", ""),
            number if (1..=2).contains(&(number % 5)) => {
                let on = number - number % 5;
                question(&format!("Q{number}"), "ja-nee", &format!("zichtbaar = 'Q{on} == \"ja\" || Q0 == \"ja\"'"))
            }
            number => question(&format!("Q{number}"), "ja-nee", "verplicht = true"),
        })
        .collect();
    let checklist = small(&section(&questions));
    let mut sheet = Sheet::default();
    let facts = Facts::on(day());
    let mut evaluation = Evaluation::of(&checklist, &sheet, &facts);
    for (slot, code, most) in [("Q5", "ja", 6), ("Q495", "ja", 6), ("Q499", "nee", 2), ("Q0", "ja", 410)] {
        sheet.answers.insert(Slot::of(slot), Value::choice(code));
        let start = Instant::now();
        evaluation.after(&Slot::of(slot), &sheet, &facts);
        println!("{slot}: {:?}, looked at {}", start.elapsed(), evaluation.looked_at());
        assert!(evaluation.looked_at() <= most, "{slot} looked at {}", evaluation.looked_at());
    }
}
