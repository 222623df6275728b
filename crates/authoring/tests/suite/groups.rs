//! Groups, repeats, tables and the texts between questions.

use veldboek_authoring::import::Outcome;
use veldboek_checklist::QuestionKind;

use crate::support::{Form, lines_of, read, said, whole};

#[test]
fn a_group_with_a_title_becomes_a_section_with_its_condition() {
    let done = Form::survey(
        "type|name|label|relevant
         text|a|A?|
         begin group|g|Woning|${a} != ''
         text|b|B?|
         begin group|h|Keuken|${b} = 'x'
         text|c|C?|
         end group|||
         text|d|D?|
         end group|||
         text|e|E?|",
    )
    .taken();
    whole(&done);
    let checklist = read(&done);
    let shown: Vec<(String, String, Vec<String>)> = checklist
        .sections()
        .iter()
        .map(|section| {
            let ids = section.questions.iter().map(|question| question.id.clone()).collect();
            (section.id.clone(), section.title.clone(), ids)
        })
        .collect();
    let row = |id: &str, title: &str, question: &str| (id.to_owned(), title.to_owned(), vec![question.to_owned()]);
    assert_eq!(
        shown,
        [
            row("A", "Vragen", "a"),
            row("B", "Woning", "b"),
            row("C", "Woning: Keuken", "c"),
            row("D", "Woning (vervolg)", "d"),
            row("E", "Vragen (vervolg)", "e"),
        ]
    );
    assert!(
        done.toml.contains("titel = \"Woning: Keuken\"\nzichtbaar = 'beantwoord(a) && b == \"x\"'"),
        "{}",
        done.toml
    );
}

#[test]
fn a_group_without_a_title_gives_its_condition_to_its_questions() {
    let done = Form::survey(
        "type|name|label|relevant
         text|a|A?|
         begin_group|g||${a} = 'x' or ${a} = 'y'
         text|b|B?|
         text|c|C?|${b} != ''
         end_group|||",
    )
    .taken();
    whole(&done);
    assert_eq!(read(&done).sections().len(), 1);
    assert!(lines_of(&done, "b").ends_with("zichtbaar = 'a == \"x\" || a == \"y\"'"));
    assert!(lines_of(&done, "c").ends_with("zichtbaar = '(a == \"x\" || a == \"y\") && beantwoord(b)'"));
}

#[test]
fn a_condition_around_a_titled_group_becomes_its_own() {
    let done = Form::survey(
        "type|name|label|relevant
         text|a|A?|
         begin group|g||${a} = 'x'
         begin group|h|Keuken|
         text|b|B?|
         end group|||
         end group|||",
    )
    .taken();
    whole(&done);
    assert!(done.toml.contains("titel = \"Keuken\"\nzichtbaar = 'a == \"x\"'"), "{}", done.toml);
    assert!(!lines_of(&done, "b").contains("zichtbaar"), "the section has it already");
}

#[test]
fn a_repeat_becomes_a_group_that_repeats() {
    let done = Form::survey(
        "type|name|label|relevant|repeat_count
         begin repeat|kamer|Kamer||2
         integer|breed|Hoe breed?||
         text|b|B?|${breed} > 3|
         end repeat||||
         text|c|C?|count(${kamer}) > 1|",
    )
    .taken();
    whole(&done);
    let checklist = read(&done);
    assert_eq!(checklist.groups()[0].minimum, 2);
    assert_eq!(checklist.sections()[0].group.as_deref(), Some("kamer"));
    assert!(lines_of(&done, "b").ends_with("zichtbaar = 'breed > 3'"));
    assert!(lines_of(&done, "c").ends_with("zichtbaar = 'size(kamer) > 1'"));
    let adjusted = said(&done, Outcome::Adjusted);
    assert_eq!(adjusted, ["survey!E2: Van `kamer` zijn er ten minste 2; mensen kunnen er toevoegen."]);
}

#[test]
fn a_repeat_that_counts_beforehand_says_so() {
    let done = Form::survey(
        "type|name|label|repeat_count\ninteger|n|Hoeveel?|\nbegin repeat|kamer|Kamer|${n}\ntext|b|B?|\nend repeat|||",
    )
    .taken();
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "survey!D3: Het aantal `${n}` van `kamer` staat er niet in: een checklist telt niet vooraf hoeveel het er zijn.\n  Mensen voegen er zo veel toe als er zijn. Zet dat in de toelichting."
        ]
    );
}

const SATISFIED: &str = "list_name|name|label\n t|goed|Goed\n t|slecht|Slecht";

#[test]
fn a_table_of_choices_becomes_a_matrix() {
    let done = Form::survey(
        "type|name|label|appearance|required|relevant
         begin group|hoe|Hoe is het?|table-list||
         select_one t|licht|Licht||yes|
         select_one t|lucht|Lucht||yes|
         end group|||||
         text|b|Waarom?|||${lucht} = 'slecht'",
    )
    .choices(SATISFIED)
    .taken();
    whole(&done);
    let checklist = read(&done);
    let matrix = checklist.question("hoe").expect("the table is a question");
    assert_eq!(matrix.kind, QuestionKind::Matrix);
    assert!(matrix.required);
    let rows: Vec<&str> = matrix.rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(rows, ["Licht", "Lucht"]);
    assert!(lines_of(&done, "b").ends_with("zichtbaar = 'hoe[\"lucht\"] == \"slecht\"'"));
}

#[test]
fn a_table_written_with_a_row_of_headings_is_one_too() {
    let done = Form::survey(
        "type|name|label|appearance
         begin group|g||field-list
         select_one t|kop|Hoe is het?|label
         select_one t|licht|Licht|list-nolabel
         select_one t|lucht|Lucht|list-nolabel
         end group|||",
    )
    .choices(SATISFIED)
    .taken();
    whole(&done);
    let checklist = read(&done);
    let matrix = checklist.question("g").expect("the table is a question");
    assert_eq!((matrix.text.as_str(), matrix.rows.len()), ("Hoe is het?", 2));
}

#[test]
fn a_table_of_which_one_row_has_a_condition_stays_apart() {
    let done = Form::survey(
        "type|name|label|appearance|relevant
         begin group|g|G|table-list|
         select_one t|a|A?||
         select_one t|b|B?||${a} = 'goed'
         end group||||",
    )
    .choices(SATISFIED)
    .taken();
    whole(&done);
    assert_eq!(read(&done).questions().map(|question| question.kind).collect::<Vec<_>>(), [QuestionKind::OneOf; 2]);
}

#[test]
fn a_text_on_the_screen_finds_its_place() {
    let done = Form::survey(
        "type|name|label|relevant
         note|n1|Welkom.|
         text|a|A?|
         note|n2|Let op de hond.|
         text|b|B?|
         note|n3|Bel de eigenaar.|${a} = 'x'
         text|c|C?|${b} = 'y'
         note|n4|Klaar.|",
    )
    .taken();
    whole(&done);
    let checklist = read(&done);
    let section = &checklist.sections()[0];
    assert_eq!(section.explanation.as_deref(), Some("Welkom. Klaar."));
    assert_eq!(section.questions[1].caution.as_deref(), Some("Let op de hond."));
    assert!(
        lines_of(&done, "b").contains("[[onderdeel.vraag.melding]]\nals = 'a == \"x\"'\ntekst = \"Bel de eigenaar.\""),
        "{}",
        done.toml
    );
    assert_eq!(said(&done, Outcome::Adjusted).len(), 4);
}

#[test]
fn a_text_that_finds_no_question_is_named() {
    let done = Form::survey("type|name|label|relevant\ntext|a|A?|${b} = 'y'\nnote|n|Let op.|${a} = 'x'\ntext|b|B?|${c} = 'z'\nbegin group|g|G|\ntext|c|C?|\nend group|||").taken();
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "survey!rij 3: Deze tekst staat er niet in: er is geen vraag die er altijd is en waar hij bij kan staan.\n  Zet hem als `melding` of `let_op` bij de vraag waar hij bij hoort."
        ]
    );
}

#[test]
fn an_answer_in_a_text_becomes_a_name() {
    let done = Form::survey("type|name|label\ntext|naam|Hoe heet het?\ntext|b|Hoe oud is ${naam}?").taken();
    whole(&done);
    assert!(lines_of(&done, "b").contains("tekst = \"Hoe oud is [antwoord op naam]?\""));
    assert_eq!(
        said(&done, Outcome::Adjusted),
        [
            "survey!C3: Een checklist zet geen antwoorden in een tekst; er staat nu welk antwoord bedoeld is.\n  Herschrijf de tekst zonder dat antwoord."
        ]
    );
}
