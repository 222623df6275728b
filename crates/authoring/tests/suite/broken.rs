//! Broken forms, each with its exact words.

use veldboek_authoring::import::{Family, Outcome, import};

use crate::support::{Form, options, said};

#[test]
fn a_file_that_is_no_spreadsheet_is_refused() {
    for bytes in [&b"dit is geen zip"[..], b"", b"PK\x03\x04 en dan niets", b"type,name,label\ntext,a,A?\n"] {
        let error = import("formulier.xlsx", bytes, &options(Family::Vb)).expect_err("it is no spreadsheet");
        assert_eq!(
            error.to_string(),
            "Dit bestand is geen rekenblad dat te lezen is.\n  Bewaar het formulier als .xlsx en probeer het opnieuw."
        );
    }
}

#[test]
fn half_a_spreadsheet_never_panics() {
    let whole = Form::survey("type|name|label\ntext|a|A?").bytes();
    for length in (0..whole.len()).step_by(97) {
        let _ = import("formulier.xlsx", &whole[..length], &options(Family::Vb));
        let mut spoilt = whole.clone();
        spoilt[length] ^= 0x55;
        let _ = import("formulier.xlsx", &spoilt, &options(Family::Vb));
    }
}

#[test]
fn a_form_without_a_survey_is_refused() {
    assert_eq!(
        Form::default().sheet("Blad1", "type|name\ntext|a").sheet("choices", "list_name|name|label").refused(),
        "survey!rij 1: Er is geen blad `survey`.\n  Het blad met vragen heet `survey`. In dit bestand staan: Blad1, choices."
    );
    assert_eq!(
        Form::survey("soort|naam\ntext|a").refused(),
        "survey!rij 1: Er is geen kolom `type`.\n  De eerste rij noemt de kolommen; `type` en `name` horen erbij."
    );
}

#[test]
fn groups_that_do_not_fit_are_all_named() {
    assert_eq!(
        Form::survey(
            "type|name|label
             end group||
             begin group|g|G
             text|a|A?
             end repeat||
             begin repeat|r|R
             begin repeat|s|S
             text|b|B?
             end repeat||"
        )
        .refused(),
        "survey!A2: Hier sluit een groep, maar er is geen open.\n  Haal deze rij weg, of zet er een begin boven.\n\
         survey!A5: Hier sluit een herhaalde groep, maar open is een groep `g`.\n  Zet begin en end van dezelfde soort om de rijen heen.\n\
         survey!A7: De herhaalde groep `s` staat in de herhaalde groep `r`.\n  Een checklist herhaalt een groep maar een keer diep. Haal de binnenste groep eruit, of maak er vragen van.\n\
         survey!A6: De groep `r` wordt nergens gesloten.\n  Zet er een rij onder met end group of end repeat."
    );
}

#[test]
fn a_loop_over_a_list_is_refused() {
    assert_eq!(
        Form::survey("type|name|label\nbegin loop over kleur|l|L\ntext|a|A?\nend loop||").refused(),
        "survey!A2: Een checklist kent geen lus over een lijst (`begin loop`).\n  Schrijf de vragen uit, of gebruik een herhaalde groep.\n\
         survey!A4: Een checklist kent geen lus over een lijst (`begin loop`).\n  Schrijf de vragen uit, of gebruik een herhaalde groep."
    );
}

#[test]
fn rows_that_wait_for_each_other_are_refused() {
    assert_eq!(
        Form::survey("type|name|label|relevant\ntext|a|A?|${c} = 'x'\ntext|b|B?|${a} = 'x'\ntext|c|C?|../b = 'x'")
            .refused(),
        "survey!D2: Deze rijen wachten op elkaar: `a` (survey!D2) hangt af van `c` (survey!D4) hangt af van `b` (survey!D3) hangt af van `a`.\n  Haal uit een van de formules de verwijzing weg die de kring sluit."
    );
    assert_eq!(
        Form::survey("type|name|label|calculation\ncalculate|a||${a} + 1\ntext|b|B?|").refused(),
        "survey!D2: `a` (survey!D2) hangt af van zichzelf.\n  Haal uit een van de formules de verwijzing weg die de kring sluit."
    );
    assert_eq!(
        Form::survey("type|name|label|relevant\nbegin group|g|G|${a} = 'x'\ntext|a|A?|\nend group|||").refused(),
        "survey!B3: `a` (survey!B3) hangt af van zichzelf.\n  Haal uit een van de formules de verwijzing weg die de kring sluit."
    );
}

#[test]
fn a_type_that_does_not_exist_is_named() {
    let done = Form::survey("type|name|label\ntekst|a|A?\ntext|b|B?\n|c|C?\nselect_one|d|D?").taken();
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "survey!A2: De soort `tekst` kent XLSForm niet.\n  Kijk de kolom type na; voorbeelden: text, integer, select_one LIJST, note.",
            "survey!B4: De rij `c` heeft geen soort.\n  Vul de kolom type in, of haal de rij weg.",
            "survey!A5: De soort `select_one` kent XLSForm niet.\n  Kijk de kolom type na; voorbeelden: text, integer, select_one LIJST, note.",
        ]
    );
}

#[test]
fn choices_that_are_broken_are_named() {
    let done = Form::survey("type|name|label\nselect_one l|a|A?")
        .choices("list_name|name|label\nl|x|X\nl|y|\nl|x|Nog eens\n|z|Z\nl||Zonder naam")
        .taken();
    assert_eq!(
        said(&done, Outcome::LeftOut),
        [
            "choices!B4: De keuze `x` staat twee keer in de lijst `l`.\n  Geef een van beide een andere naam.",
            "choices!B5: De keuze `z` hoort bij geen lijst.\n  Vul de kolom list_name in.",
            "choices!B6: Deze keuze van de lijst `l` heeft geen naam.\n  Vul de kolom name in.",
        ]
    );
    assert_eq!(
        said(&done, Outcome::Adjusted),
        ["choices!C3: De keuze `y` heeft geen tekst; haar naam staat er nu.\n  Schrijf wat mensen moeten lezen."]
    );
}

#[test]
fn a_form_of_which_nothing_is_left_says_what_was_in_the_way() {
    assert_eq!(
        Form::survey("type|name|label\naudio|a|A?\nnote|n|Welkom.").refused(),
        "survey!rij 1: Er blijft geen enkele vraag over.\n  Hieronder staat wat er in de weg zat.\n\
         survey!A2: De vraag `a` staat er niet in: Veldboek neemt geen geluid op.\n  Vraag een document, of schrijf op wat er te horen of te zien is."
    );
}
