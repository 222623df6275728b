//! Each type of XLSForm.

use veldboek_authoring::import::Outcome;

use crate::support::{Form, lines_of, read, said, whole};

/// One row of this type becomes these lines.
fn check(kind: &str, expected: &str) {
    let form = Form::survey(&format!("type|name|label\n{kind}|a|Vraag?"));
    let done = form.taken();
    whole(&done);
    read(&done);
    assert_eq!(lines_of(&done, "a"), format!("id = \"a\"\ntekst = \"Vraag?\"\n{expected}"), "{kind}");
}

#[test]
fn plain_types_become_their_kind() {
    check("text", "soort = \"tekst\"");
    check("integer", "soort = \"getal\"\nheel = true");
    check("decimal", "soort = \"getal\"");
    check("date", "soort = \"datum\"");
    check("time", "soort = \"tijd\"");
    check("dateTime", "soort = \"datum-tijd\"");
    check("geopoint", "soort = \"punt\"");
    check("image", "soort = \"foto\"");
    check("file", "soort = \"document\"");
    check("barcode", "soort = \"tekst\"");
    check("acknowledge", "soort = \"ja-nee\"");
}

#[test]
fn types_that_change_say_so() {
    let done = Form::survey("type|name|label\nbarcode|b|Code?\nacknowledge|c|Gelezen").taken();
    assert_eq!(
        said(&done, Outcome::Adjusted),
        [
            "survey!A2: `b` leest geen streepjescode; mensen typen haar over.\n  Zet in de toelichting welke code u bedoelt.",
            "survey!A3: `c` is nu een ja-nee-vraag: een checklist kent geen vinkje.\n  Maak van de tekst een vraag.",
        ]
    );
}

#[test]
fn a_range_becomes_a_number_with_its_limits() {
    let form = "type|name|label|parameters\nrange|a|A?|start=0 end=5 step=1\nrange|b|B?|\nrange|c|C?|start=10;end=0.5;step=0.5";
    let done = Form::survey(form).taken();
    whole(&done);
    assert!(lines_of(&done, "a").ends_with("minimum = 0.0\nmaximum = 5.0\nheel = true"), "{}", done.toml);
    assert!(lines_of(&done, "b").ends_with("minimum = 1.0\nmaximum = 10.0\nheel = true"), "{}", done.toml);
    assert!(lines_of(&done, "c").ends_with("minimum = 0.5\nmaximum = 10.0"), "{}", done.toml);
    let adjusted = said(&done, Outcome::Adjusted);
    assert_eq!(adjusted.len(), 1, "{adjusted:?}");
    assert!(adjusted[0].starts_with("survey!D4: `c` neemt nu ook getallen tussen de stappen van 0.5."));
}

#[test]
fn a_range_with_a_wrong_parameter_is_left_out() {
    let done = Form::survey("type|name|label|parameters\nrange|a|A?|start=laag\ntext|b|B?|").taken();
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "survey!D2: De vraag `a` staat er niet in: `start=laag` is geen getal.\n  Schrijf bijvoorbeeld start=1 end=10 step=1."
        ]
    );
}

#[test]
fn types_without_a_kind_are_named_by_their_cell() {
    for (kind, message) in [
        ("audio", "Veldboek neemt geen geluid op"),
        ("video", "Veldboek neemt geen film op"),
        ("geotrace", "Veldboek kent geen lijn of vlak op de kaart"),
        ("geoshape", "Veldboek kent geen lijn of vlak op de kaart"),
        ("rank kleur", "Veldboek kent geen vraag om op volgorde te zetten"),
        ("hidden", "een verborgen veld heeft in een checklist geen plaats"),
        ("osm", "Veldboek tekent niet op OpenStreetMap"),
        ("select_one_from_file dorpen.csv", "de keuzes staan in een ander bestand"),
        ("select_one_external dorpen", "de keuzes staan op het blad external_choices"),
        ("select_one ${kamer}", "de keuzes komen uit een herhaalde groep"),
    ] {
        let done = Form::survey(&format!("type|name|label\ntext|b|B?\n{kind}|a|A?")).taken();
        let left_out = said(&done, Outcome::LeftOut);
        assert_eq!(left_out.len(), 1, "{left_out:?}");
        let expected = format!("survey!A3: De vraag `a` staat er niet in: {message}.");
        assert_eq!(left_out[0].lines().next(), Some(expected.as_str()));
        assert!(done.toml.contains(&format!("#   {expected}")), "it stands in the file as well:\n{}", done.toml);
        assert_eq!(done.questions, 1);
    }
}

#[test]
fn what_the_device_knows_by_itself_is_set_aside() {
    let kinds = ["start", "end", "today", "deviceid", "phonenumber", "username", "simserial", "subscriberid", "audit"];
    let rows: String = kinds.iter().map(|kind| format!("{kind}|m_{kind}|\n")).collect();
    let done = Form::survey(&format!("type|name|label|relevant\n{rows}text|a|A?|${{m_today}} > '2026-01-01'")).taken();
    whole(&done);
    assert_eq!(said(&done, Outcome::Aside).len(), kinds.len());
    assert!(lines_of(&done, "a").contains("zichtbaar = 'dag > \"2026-01-01\"'"), "{}", done.toml);
}

const LISTS: &str = "list_name|name|label
    kleur|rood|Rood
    kleur|licht_groen|Lichtgroen
    jn|yes|Ja
    jn|no|Nee
    jno|1|Ja
    jno|2|Nee
    jno|9|Onbekend
    een|alleen|Alleen
    engels|yes|Yes
    engels|no|No";

#[test]
fn choices_become_one_of_or_several_of() {
    let form = Form::survey("type|name|label\nselect_one kleur|a|A?\nselect_multiple kleur|b|B?").choices(LISTS);
    let done = form.taken();
    whole(&done);
    let options = "optie = [\n    { code = \"rood\", tekst = \"Rood\" },\n    { code = \"licht-groen\", tekst = \"Lichtgroen\" },\n]";
    assert_eq!(lines_of(&done, "a"), format!("id = \"a\"\ntekst = \"A?\"\nsoort = \"een-van\"\n{options}"));
    assert_eq!(lines_of(&done, "b"), format!("id = \"b\"\ntekst = \"B?\"\nsoort = \"meer-van\"\n{options}"));
    assert_eq!(said(&done, Outcome::Renamed), ["choices!B3: In de lijst `kleur` heet `licht_groen` nu `licht-groen`."]);
}

#[test]
fn a_list_of_yes_and_no_becomes_the_kind_with_those_answers() {
    let form = Form::survey(
        "type|name|label|relevant
         select_one jn|a|A?|
         select_one jno|b|B?|${a} = 'yes'
         select_one engels|c|C?|${b} = 9
         select_multiple jn|d|D?|",
    );
    let done = form.choices(LISTS).taken();
    whole(&done);
    assert!(lines_of(&done, "a").ends_with("soort = \"ja-nee\""));
    assert!(lines_of(&done, "b").ends_with("soort = \"ja-nee-onbekend\"\nzichtbaar = 'a == \"ja\"'"));
    assert!(lines_of(&done, "c").contains("soort = \"een-van\""), "its words are not Dutch, so they stay");
    assert!(lines_of(&done, "c").contains("zichtbaar = 'b == \"onbekend\"'"));
    assert!(lines_of(&done, "d").contains("soort = \"meer-van\""), "several answers have no fixed kind");
}

#[test]
fn or_other_becomes_an_option_with_a_question_behind_it() {
    let form = Form::survey(
        "type|name|label|relevant
         select_one kleur or_other|a|A?|
         select_multiple kleur or_other|b|B?|
         text|c|C?|${a_other} != ''",
    );
    let done = form.choices(LISTS).taken();
    whole(&done);
    assert!(lines_of(&done, "a").contains("{ code = \"other\", tekst = \"Anders\" }"));
    assert_eq!(
        lines_of(&done, "a_other"),
        "id = \"a_other\"\ntekst = \"Anders, namelijk\"\nsoort = \"tekst\"\nvervolg_op = \"a\"\nzichtbaar = 'a == \"other\"'"
    );
    assert!(lines_of(&done, "b_other").ends_with("zichtbaar = '\"other\" in b'"));
    assert!(lines_of(&done, "c").ends_with("zichtbaar = 'beantwoord(a_other)'"));
}

#[test]
fn a_list_that_is_missing_or_too_short_leaves_its_question_out() {
    let form = Form::survey("type|name|label\nselect_one blauw|a|A?\nselect_one een|b|B?\ntext|c|C?").choices(LISTS);
    assert_eq!(
        said(&form.taken(), Outcome::LeftOut),
        [
            "survey!A2: De vraag `a` staat er niet in: de lijst `blauw` staat niet op het blad choices.\n  Zet de lijst op het blad choices. Daar staan nu: een, engels, jn, jno, kleur.",
            "survey!A3: De vraag `b` staat er niet in: de lijst `een` heeft maar een keuze.\n  Geef de lijst een tweede keuze, of maak er een ja-nee-vraag van.",
        ]
    );
}

#[test]
fn a_photo_can_be_a_signature_and_a_day_can_begin_with_now() {
    let form = "type|name|label|appearance|default
        image|a|A?|signature|
        date|b|B?||today()
        time|c|C?||now()
        dateTime|d|D?||now()
        date|e|E?|month-year|
        image|f|F?|draw|";
    let done = Form::survey(form).taken();
    whole(&done);
    assert!(lines_of(&done, "a").ends_with("soort = \"handtekening\""));
    for id in ["b", "c", "d"] {
        assert!(lines_of(&done, id).ends_with("nu = true"), "{id}");
    }
    assert!(lines_of(&done, "f").ends_with("soort = \"foto\""));
    let adjusted: Vec<String> = done
        .remarks
        .iter()
        .filter(|remark| remark.outcome == Outcome::Adjusted)
        .map(|remark| remark.place.to_string())
        .collect();
    assert_eq!(adjusted, ["survey!D6", "survey!D7"]);
}
