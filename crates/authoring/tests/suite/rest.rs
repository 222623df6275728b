//! Expressions in their cells, languages, names, settings and what has no place.

use veldboek_authoring::import::{Family, Outcome};

use crate::support::{Form, lines_of, read, said, whole};

#[test]
fn conditions_stand_in_their_own_keys() {
    let done = Form::survey(
        "type|name|label|relevant|required|constraint|constraint_message|hint|guidance_hint
         integer|a|A?||yes|. >= 0 and . <= 120||Zoals 12|Lang verhaal
         text|b|B?|${a} > 17|${a} > 64||||
         date|c|C?||no|. <= today()|Niet in de toekomst||
         integer|d|D?|||. > 3|||",
    )
    .taken();
    whole(&done);
    assert_eq!(
        lines_of(&done, "a"),
        "id = \"a\"\ntekst = \"A?\"\nsoort = \"getal\"\ntoelichting = \"Zoals 12\"\nverplicht = true\nminimum = 0.0\nmaximum = 120.0\nheel = true\n[onderdeel.vraag.hulp]\nuitleg = \"Lang verhaal\""
    );
    assert!(lines_of(&done, "b").ends_with("zichtbaar = 'a > 17'\nverplicht_als = 'a > 64'"));
    assert!(
        lines_of(&done, "c")
            .ends_with("[[onderdeel.vraag.eis]]\nvoorwaarde = 'c <= vandaag'\ntekst = \"Niet in de toekomst\"")
    );
    assert!(
        lines_of(&done, "d").contains("tekst = \"Dit antwoord past niet bij wat er gevraagd wordt. Kijk het na.\"")
    );
}

#[test]
fn calculations_are_worked_out_in_the_order_in_which_they_need_each_other() {
    let done = Form::survey(
        "type|name|label|calculation|relevant
         calculate|c2||${c1} * 2|
         calculate|c1||${n} + 1|
         integer|n|N?||
         text|t|T?||${c2} > 10
         integer|som|Samen|${n} * 3|",
    )
    .taken();
    whole(&done);
    let checklist = read(&done);
    let names: Vec<&str> = checklist.calculations().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["c2", "c1", "som"]);
    assert!(done.toml.contains("waarde = 'c1 * 2'") && done.toml.contains("titel = \"Samen\"\nwaarde = 'n * 3'"));
    assert!(lines_of(&done, "t").ends_with("zichtbaar = 'c2 > 10'"));
}

#[test]
fn what_can_not_be_said_is_named_by_its_cell_and_what_hangs_on_it_too() {
    let done = Form::survey(
        "type|name|label|relevant|required|constraint|calculation
         text|a|A?||||
         text|b|B?|regex(${a}, '[0-9]+')|selected-at(${a}, 0) = 'x'|regex(., 'x')|
         calculate|c|||||once(${a})
         text|d|D?|${c} = 'x'|||",
    )
    .taken();
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "survey!D3: De voorwaarde `regex(${a}, '[0-9]+')` staat er niet in: een checklist kent geen patronen (`regex`). De vraag is er nu altijd.\n  Schrijf in de toelichting hoe het antwoord eruitziet, of vraag een getal of een keuze.",
            "survey!E3: De voorwaarde voor verplicht `selected-at(${a}, 0) = 'x'` staat er niet in: een lijst van keuzes heeft geen volgorde (`selected-at`). De vraag is nu niet verplicht.\n  Gebruik selected(${naam}, 'code').",
            "survey!F3: De eis `regex(., 'x')` staat er niet in: een checklist kent geen patronen (`regex`). Het antwoord wordt daar nu niet op nagekeken.\n  Schrijf in de toelichting hoe het antwoord eruitziet, of vraag een getal of een keuze.",
            "survey!G4: De berekening `c` staat er niet in: een berekening wordt steeds opnieuw gedaan (`once`).\n  Laat mensen het een keer invullen.",
            "survey!D5: De voorwaarde `${c} = 'x'` staat er niet in: `${c}` is weggelaten (survey!G4). De vraag is er nu altijd.\n  Los eerst op wat daar staat.",
        ]
    );
    assert_eq!(read(&done).questions().count(), 3);
}

#[test]
fn cells_without_a_place_are_named() {
    let done = Form::survey(
        "type|name|label|default|choice_filter|required_message|appearance|trigger|image|vreemd
         select_one l|a|A?|x|land = ${b}|Moet|minimal|${b}|a.jpg|1
         text|b|B?||||||||",
    )
    .choices("list_name|name|label|land|image\nl|x|X|nl|x.jpg\nl|y|Y|be|")
    .taken();
    let places: Vec<String> = done
        .remarks
        .iter()
        .filter(|remark| remark.outcome == Outcome::LeftOut)
        .map(|remark| remark.place.to_string())
        .collect();
    assert_eq!(places, ["survey!I1", "survey!J1", "survey!D2", "survey!E2", "survey!F2", "survey!H2", "choices!E1"]);
    assert_eq!(
        said(&done, Outcome::Aside),
        [
            "survey!G2: De vorm `minimal` is niet nodig: de app kiest zelf hoe een vraag eruitziet.",
            "choices!D1: De kolom `land` (rijen 2, 3) is niet nodig.",
        ]
    );
}

#[test]
fn dutch_is_taken_when_it_is_there_and_the_rest_is_named() {
    let done = Form::survey(
        "type|name|label::English (en)|label::Nederlands (nl)|hint::English (en)|hint::Nederlands (nl)|label::Frysk (fy)
         text|a|How old?|Hoe oud?|In years|In jaren|Hoe âld?
         text|b|Only English|||| ",
    )
    .taken();
    whole(&done);
    assert!(
        lines_of(&done, "a").contains("tekst = \"Hoe oud?\"")
            && lines_of(&done, "a").contains("toelichting = \"In jaren\"")
    );
    assert_eq!(
        said(&done, Outcome::Adjusted),
        [
            "survey!rij 1: De teksten zijn die van Nederlands (nl). Niet overgenomen: English (en), Frysk (fy).",
            "survey!C3: Er is geen tekst in Nederlands (nl); die uit English (en) is genomen.\n  Vertaal hem in de checklist.",
        ]
    );
}

#[test]
fn dutch_goes_before_the_default_language() {
    let form = "type|name|label::English (en)|label::nl|label\ntext|a|How old?|Hoe oud?|Alter?";
    let done = Form::survey(form).settings("default_language\nEnglish (en)").taken();
    assert!(lines_of(&done, "a").contains("tekst = \"Hoe oud?\""));
}

#[test]
fn without_dutch_the_default_language_is_taken() {
    let form = "type|name|label::French|label::English\ntext|a|Quel âge?|How old?";
    let done = Form::survey(form).settings("default_language\nEnglish").taken();
    assert!(lines_of(&done, "a").contains("tekst = \"How old?\""));
    let done = Form::survey("type|name|label|label::English\ntext|a|Leeftijd?|How old?")
        .settings("default_language\nnl")
        .taken();
    assert!(lines_of(&done, "a").contains("tekst = \"Leeftijd?\""), "what has no language is in the default one");
}

#[test]
fn names_that_a_checklist_does_not_take_are_changed_and_listed() {
    let done = Form::survey(
        "type|name|label|relevant
         text|één-vraag|A?|
         text|list|B?|${één-vraag} != ''
         text|a.b|C?|${list} = 'x'
         text|a_b|D?|${a.b} = 'x'
         text||E?|",
    )
    .taken();
    whole(&done);
    assert_eq!(
        said(&done, Outcome::Renamed),
        [
            "survey!B2: `één-vraag` heet nu `een_vraag`.",
            "survey!B3: `list` heet nu `v_list`.",
            "survey!B4: `a.b` heet nu `a_b`.",
            "survey!B5: `a_b` heet nu `a_b_2`.",
            "survey!B6: Deze rij heeft geen naam en heet nu `vraag`.",
        ]
    );
    assert!(lines_of(&done, "a_b_2").ends_with("zichtbaar = 'a_b == \"x\"'"));
}

#[test]
fn two_rows_with_one_name_are_both_kept_but_nobody_can_name_them() {
    let done = Form::survey("type|name|label|relevant\ntext|a|A?|\ntext|a|B?|\ntext|c|C?|${a} = 'x'").taken();
    assert_eq!(said(&done, Outcome::Renamed), ["survey!B3: `a` heet nu `a_2`."]);
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "survey!D4: De voorwaarde `${a} = 'x'` staat er niet in: twee rijen heten `a`; welke is bedoeld? De vraag is er nu altijd.\n  Geef ze in het formulier elk een eigen naam."
        ]
    );
}

#[test]
fn the_settings_name_the_checklist() {
    let done = Form::survey("type|name|label\ntext|a|A?")
        .settings("form_title|form_id|version|public_key|onbekend\nMijn formulier|Mijn_Form v2|3|abc|x")
        .taken();
    let checklist = read(&done);
    assert_eq!((checklist.title(), checklist.id(), checklist.version()), ("Mijn formulier", "mijn-form-v2", "3"));
    assert!(done.toml.contains("status = \"concept\"\nfamilie = \"vb\""));
    assert_eq!(said(&done, Outcome::Aside), ["settings!D2: De instelling `public_key` is niet nodig."]);
    assert_eq!(
        said(&done, Outcome::LeftOut),
        ["settings!E2: De instelling `onbekend` kent een checklist niet.\n  Kijk of u haar nodig hebt."]
    );
    let plain = Form::survey("type|name|label\ntext|a|A?").taken();
    assert_eq!(read(&plain).id(), "formulier", "without settings the file gives the name");
}

#[test]
fn the_reader_decides_what_a_programme_may_ask() {
    let form = Form::survey("type|name|label\nselect_one jn|a|Is de deur open?\ntext|b|Wat is de naam van de bewoner?\nimage|c|Foto van het gezicht")
        .choices("list_name|name|label\njn|ja|Ja\njn|nee|Nee");
    let done = form.taken_for(Family::Btp).unwrap_or_else(|error| panic!("{error}"));
    let checklist = read(&done);
    assert!(checklist.without_persons());
    assert_eq!(checklist.questions().map(|question| question.id.as_str()).collect::<Vec<_>>(), ["a"]);
    let left_out = said(&done, Outcome::LeftOut);
    assert!(
        left_out.iter().any(|one| one.starts_with("survey!rij 3: De vraag `b` staat er niet in: ")),
        "{left_out:?}"
    );
    assert!(
        left_out.iter().any(|one| one.starts_with("survey!rij 4: De vraag `c` staat er niet in: ")),
        "{left_out:?}"
    );
    let done = form.taken_for(Family::Agro).unwrap_or_else(|error| panic!("{error}"));
    assert!(read(&done).question("c").is_none(), "an agro-coach takes no photos");
}

#[test]
fn texts_of_a_form_can_not_break_out_of_the_file() {
    let done =
        Form::survey("type|name|label|hint\ntext|a|Zeg \"ja\" \\ 'nee' # x|]] id = \"b\"\ntext|b|<b>Vet</b> **dik**|")
            .sheet("notes", "iets\nanders")
            .taken();
    whole(&done);
    let checklist = read(&done);
    assert_eq!(checklist.question("a").expect("a").text, "Zeg \"ja\" \\ 'nee' # x");
    assert_eq!(checklist.question("b").expect("b").text, "Vet dik");
}
