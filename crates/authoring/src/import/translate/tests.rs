//! Each operator and function, as a checklist says it or with why it can't.

use std::collections::HashMap;
use std::sync::Arc;

use veldboek_checklist::{Checklist, ReadingContext};

use super::super::choices::Codes;
use super::super::remark::Place;
use super::{Kind, Known, Refusal, Scope, Symbol, condition, value};

const ROOM: &str = "kamer";

fn codes(pairs: &[(&str, &str)]) -> Arc<Codes> {
    Arc::new(Codes(pairs.iter().map(|(original, code)| ((*original).to_owned(), (*code).to_owned())).collect()))
}

fn symbols() -> HashMap<String, Symbol> {
    let kleur = codes(&[("rood", "rood"), ("licht_groen", "licht-groen")]);
    let jn = codes(&[("ja", "ja"), ("nee", "nee")]);
    let cijfer = codes(&[("1", "1"), ("2", "2"), ("3", "3"), ("anders", "anders")]);
    let known = |name: &str, kind: Kind| {
        let known = Known { cel: name.to_owned(), kind, group: None, computed: false, parent: 0, conditional: false };
        (name.to_owned(), Symbol::Value(known))
    };
    let in_room = |name: &str, kind: Kind, conditional: bool| {
        let group = Some(ROOM.to_owned());
        let known = Known { cel: name.to_owned(), kind, group, computed: false, parent: 9, conditional };
        (name.to_owned(), Symbol::Value(known))
    };
    let computed = |name: &str, kind: Kind| {
        let known = Known { cel: name.to_owned(), kind, group: None, computed: true, parent: 0, conditional: false };
        (name.to_owned(), Symbol::Value(known))
    };
    HashMap::from([
        known("n", Kind::Number),
        known("m", Kind::Number),
        known("t", Kind::Text),
        known("u", Kind::Text),
        known("dag1", Kind::Day),
        known("dag2", Kind::Day),
        known("tijd1", Kind::Time),
        known("tijd2", Kind::Time),
        known("om1", Kind::Moment),
        known("om2", Kind::Moment),
        known("jn", Kind::One(Arc::clone(&jn))),
        known("jn2", Kind::One(jn)),
        known("kleur", Kind::One(Arc::clone(&kleur))),
        known("kleuren", Kind::Several(kleur)),
        known("cijfer", Kind::One(cijfer)),
        known("foto1", Kind::Files),
        known("plek", Kind::Point),
        computed("som", Kind::Number),
        computed("zin", Kind::Text),
        computed("waar", Kind::Truth),
        in_room("breed", Kind::Number, false),
        in_room("hoog", Kind::Number, true),
        (ROOM.to_owned(), Symbol::Group(ROOM.to_owned())),
        ("blok".to_owned(), Symbol::Section),
        ("geluid".to_owned(), Symbol::LeftOut(Place::cell("survey", 7, 0))),
        ("dubbel".to_owned(), Symbol::Ambiguous),
    ])
}

/// A checklist with all these names, in which a condition or a calculation is to be read.
fn reads(condition: Option<&str>, calculation: Option<&str>, group: Option<&str>) {
    let question =
        |id: &str, kind: &str| format!("[[onderdeel.vraag]]\nid = \"{id}\"\ntekst = \"?\"\nsoort = \"{kind}\"\n");
    let options = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| format!("[[onderdeel.vraag.optie]]\ncode = \"{code}\"\ntekst = \"?\"\n"))
            .collect::<String>()
    };
    let colours = options(&["rood", "licht-groen"]);
    let mut text = String::from(
        "id = \"x\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"X\"\ngeldig_vanaf = 2026-01-01\n\
         [[groep]]\nid = \"kamer\"\ntitel = \"Kamers\"\nenkelvoud = \"Kamer\"\n",
    );
    for (name, formula) in [("som", "n + 1"), ("zin", "t + \"\""), ("waar", "n > 1")] {
        text.push_str(&format!("[[berekening]]\nnaam = \"{name}\"\ntitel = \"?\"\nwaarde = '{formula}'\n"));
    }
    if let Some(calculation) = calculation {
        text.push_str(&format!("[[berekening]]\nnaam = \"uitkomst\"\ntitel = \"?\"\nwaarde = '{calculation}'\n"));
        group.into_iter().for_each(|group| text.push_str(&format!("groep = \"{group}\"\n")));
    }
    text.push_str("[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n");
    for (id, kind) in [
        ("n", "getal"),
        ("m", "getal"),
        ("t", "tekst"),
        ("u", "tekst"),
        ("dag1", "datum"),
        ("dag2", "datum"),
        ("tijd1", "tijd"),
        ("tijd2", "tijd"),
        ("om1", "datum-tijd"),
        ("om2", "datum-tijd"),
        ("jn", "ja-nee"),
        ("jn2", "ja-nee"),
        ("foto1", "foto"),
        ("plek", "punt"),
    ] {
        text.push_str(&question(id, kind));
    }
    text.push_str(&format!("{}{colours}", question("kleur", "een-van")));
    text.push_str(&format!("{}{colours}", question("kleuren", "meer-van")));
    text.push_str(&format!("{}{}", question("cijfer", "een-van"), options(&["1", "2", "3", "anders"])));
    text.push_str("[[onderdeel]]\nid = \"B\"\ntitel = \"B\"\ngroep = \"kamer\"\n");
    text.push_str(&question("breed", "getal"));
    text.push_str(&question("hoog", "getal"));
    text.push_str("[[onderdeel]]\nid = \"C\"\ntitel = \"C\"\n");
    if let Some(group) = group {
        text.push_str(&format!("groep = \"{group}\"\n"));
    }
    text.push_str(&question("deze", "ja-nee"));
    if let Some(condition) = condition {
        text.push_str(&format!("zichtbaar = '{condition}'\n"));
    }
    if let Err(error) = Checklist::read_with("x.toml", &text, &ReadingContext::new()) {
        panic!("{condition:?} {calculation:?}: {error}");
    }
}

/// A condition becomes this, and a checklist takes it.
fn check(source: &str, expected: &str) {
    let symbols = symbols();
    let scope = Scope { symbols: &symbols, group: None, parent: 0, current: Some("n") };
    match condition(source, scope) {
        Ok(cel) => assert_eq!(cel.text, expected, "{source}"),
        Err(refusal) => panic!("{source}: {refusal:?}"),
    }
    reads(Some(expected), None, None);
}

/// A value becomes this, and a checklist takes it.
fn computes(source: &str, expected: &str) {
    let symbols = symbols();
    let scope = Scope { symbols: &symbols, group: None, parent: 0, current: Some("n") };
    match value(source, scope) {
        Ok(cel) => assert_eq!(cel.text, expected, "{source}"),
        Err(refusal) => panic!("{source}: {refusal:?}"),
    }
    reads(None, Some(expected), None);
}

/// A condition is refused with this.
fn refuses(source: &str, why: &str) {
    let symbols = symbols();
    let scope = Scope { symbols: &symbols, group: None, parent: 0, current: Some("n") };
    match condition(source, scope) {
        Ok(cel) => panic!("{source} becomes {}", cel.text),
        Err(Refusal { why: said, hint }) => {
            assert_eq!(said, why, "{source}");
            assert!(hint.ends_with('.'), "{source} says what to do: {hint}");
        }
    }
}

#[test]
fn and_or_and_not_keep_their_brackets() {
    check("${jn} = 'ja' and ${n} > 1 or ${m} > 2", "jn == \"ja\" && n > 1 || m > 2");
    check("${jn} = 'ja' and (${n} > 1 or ${m} > 2)", "jn == \"ja\" && (n > 1 || m > 2)");
    check("not(${jn} = 'ja')", "!(jn == \"ja\")");
    check("not(${waar})", "!waar");
    check("not(true())", "false");
    check("true() and false()", "true && false");
    check("boolean(${n} > 1)", "n > 1");
}

#[test]
fn a_number_is_true_when_it_is_neither_zero_nor_missing() {
    check("${n}", "n > 0 || n < 0");
    check("${n} and ${jn} = 'ja'", "(n > 0 || n < 0) && jn == \"ja\"");
    check("1", "true");
    check("0", "false");
    refuses("${t}", "`${t}` is hier geen voorwaarde, het is tekst");
    refuses("${jn}", "`${jn}` is hier geen voorwaarde, het is een keuze");
    refuses("'x'", "`'x'` is hier geen voorwaarde, het is tekst");
}

#[test]
fn an_empty_text_means_unanswered() {
    check("${t} = ''", "!beantwoord(t)");
    check("${t} != ''", "beantwoord(t)");
    check("'' != ${n}", "beantwoord(n)");
    check("${kleuren} = ''", "!beantwoord(kleuren)");
    check("${foto1} != ''", "beantwoord(foto1)");
    check("${plek} != ''", "beantwoord(plek)");
    check("${dag1} = ''", "!beantwoord(dag1)");
    check("${zin} != ''", "beantwoord(zin) && zin != \"\"");
    check("${zin} = ''", "!(beantwoord(zin) && zin != \"\")");
    check("${som} != ''", "som > 0 || som <= 0");
    refuses("${waar} = ''", "waar of niet waar en tekst zijn niet te vergelijken");
}

#[test]
fn a_choice_is_compared_by_its_code_in_the_checklist() {
    check("${kleur} = 'licht_groen'", "kleur == \"licht-groen\"");
    check("'rood' != ${kleur}", "kleur != \"rood\"");
    check("${cijfer} = 2", "cijfer == \"2\"");
    check("${cijfer} = '2'", "cijfer == \"2\"");
    check("${cijfer} >= 2", "cijfer in [\"2\", \"3\"]");
    check("2 > ${cijfer}", "cijfer == \"1\"");
    check("${cijfer} > 3", "false");
    check("${kleuren} = 'rood'", "kleuren == [\"rood\"]");
    check("${jn} = ${jn2}", "jn == jn2");
    refuses("${kleur} = 'paars'", "de lijst kent de keuze 'paars' niet");
    refuses("${kleuren} = 'rood licht_groen'", "de lijst kent de keuze 'rood licht_groen' niet");
    refuses("${kleur} > 3", "een keuze en een getal zijn niet te vergelijken");
    refuses("${kleur} = ${t}", "een keuze en tekst zijn niet te vergelijken");
}

#[test]
fn numbers_are_compared_with_numbers() {
    check("${n} = 3", "n == 3");
    check("${n} = '3'", "n == 3");
    check("${n} <= ${m} * 2.5", "n <= m * 2.5");
    check(". >= 0 and . <= 120", "n >= 0 && n <= 120");
    check("3 < ${n}", "n > 3");
    check("${n} != -1", "n != -1");
    refuses("${n} = 'veel'", "een getal en tekst zijn niet te vergelijken");
    refuses("${t} = 5", "tekst en een getal zijn niet te vergelijken");
    refuses("${t} > 5", "tekst en een getal zijn niet te vergelijken");
}

#[test]
fn texts_are_compared_with_texts() {
    check("${t} = 'x \"y\" z'", "t == \"x \\\"y\\\" z\"");
    check("${t} != ${u}", "t != u");
    check("contains(${t}, 'x')", "t.contains(\"x\")");
    check("starts-with(${t}, 'x')", "t.startsWith(\"x\")");
    check("ends-with(${t}, 'x')", "t.endsWith(\"x\")");
    check("string-length(${t}) > 3", "size(t) > 3");
    check("string(${t}) = 'x'", "t == \"x\"");
    refuses("string-length(${n}) > 3", "`string-length` vraagt tekst; dit is een getal");
    refuses("string(${n}) = 'x'", "van een getal kan een checklist geen tekst maken");
}

#[test]
fn days_are_compared_and_counted() {
    check("${dag1} <= today()", "dag1 <= vandaag");
    check("${dag1} > '2026-02-01'", "dag1 > \"2026-02-01\"");
    check("${dag1} = date('2026-02-01')", "dag1 == \"2026-02-01\"");
    check("${dag1} < ${dag2}", "dag1 < dag2");
    check("${dag1} > today() + 7", "dag1 > dagen_na(vandaag, 7)");
    check("${dag1} >= today() - 30", "dag1 >= dagen_na(vandaag, -30)");
    check("${dag1} >= today() - ${n}", "dag1 >= dagen_na(vandaag, 0 - n)");
    check("today() - ${dag1} > 365", "dagen_tussen(dag1, vandaag) > 365");
    check("7 + ${dag1} < today()", "dagen_na(dag1, 7) < vandaag");
    check("${dag1} <= now()", "dag1 <= vandaag");
    check("now() < ${dag1}", "dag1 > vandaag");
    check("number(today()) - number(${dag1}) > 1", "dagen_tussen(dag1, vandaag) > 1");
    check("decimal-date-time(${dag1}) < decimal-date-time(today())", "dag1 < vandaag");
    refuses("${dag1} > 'morgen'", "een dag en tekst zijn niet te vergelijken");
    refuses("${dag1} + 0.5 > today()", "een checklist telt hele dagen");
    refuses("${dag1} = now()", "een checklist kent alleen de dag van vandaag, niet de tijd van nu");
    refuses("date(${t}) > today()", "van tekst kan een checklist geen dag maken");
    refuses("${dag1} > 5", "een dag en een getal zijn niet te vergelijken");
}

#[test]
fn moments_and_times_are_compared_where_that_is_exact() {
    check("${om1} < ${om2}", "om1 < om2");
    check("${om1} >= today()", "dagen_tussen(vandaag, om1) >= 0");
    check("today() > ${om1}", "dagen_tussen(vandaag, om1) < 0");
    check("date(${om1}) <= today()", "dagen_na(om1, 0) <= vandaag");
    check("${tijd2} > ${tijd1}", "tijd2 > tijd1");
    check("${tijd1} >= '08:30'", "tijd1 >= \"08:30\"");
    check("${tijd1} = '08:30:00'", "tijd1 == \"08:30\"");
    refuses("${om1} <= today()", "een dag met tijd en een dag zijn niet te vergelijken");
    refuses("${om1} < now()", "een checklist kent alleen de dag van vandaag, niet de tijd van nu");
    refuses("${tijd1} > '08:30:15'", "een tijd en tekst zijn niet te vergelijken");
}

#[test]
fn what_is_chosen_is_asked_by_its_code() {
    check("selected(${kleuren}, 'licht_groen')", "\"licht-groen\" in kleuren");
    check("selected(${kleur}, 'rood')", "kleur == \"rood\"");
    check("selected(${cijfer}, 2)", "cijfer == \"2\"");
    check("selected(${kleuren}, ${kleur})", "kleur in kleuren");
    check(
        "not(selected(${kleuren}, 'rood') and count-selected(${kleuren}) > 1)",
        "!(\"rood\" in kleuren && size(kleuren) > 1)",
    );
    check("count-selected(${kleur}) = 1", "(beantwoord(kleur) ? 1 : 0) == 1");
    refuses("selected(${t}, 'x')", "`selected` vraagt een keuzevraag; dit is tekst");
    refuses("selected(${kleuren}, 'paars')", "de lijst kent de keuze 'paars' niet");
    refuses("selected(${kleuren}, ${t})", "`selected` vraagt een vaste keuze, zoals selected(${naam}, 'ja')");
    refuses("count-selected(${n}) > 1", "`count-selected` vraagt een keuzevraag; dit is een getal");
}

#[test]
fn arithmetic_keeps_its_brackets() {
    computes("${n} + ${m} * 2", "n + m * 2");
    computes("(${n} + ${m}) * 2", "(n + m) * 2");
    computes("${n} - (${m} - 1)", "n - (m - 1)");
    computes("${n} div ${m}", "n / m");
    computes("${n} div (${m} div 2)", "n / (m / 2)");
    computes("${n} mod 2", "n % 2");
    computes("-${n}", "0 - n");
    computes("3 * -2", "3 * -2");
    computes("'4' * ${n}", "4 * n");
    computes("abs(${n})", "n < 0 ? 0 - n : n");
}

#[test]
fn rounding_is_written_out_with_the_remainder() {
    computes("int(${n} div 3)", "n / 3 - n / 3 % 1");
    computes("floor(${n})", "n - (n % 1 + 1) % 1");
    computes("ceiling(${n})", "n + (1 - n % 1) % 1");
    computes("round(${n})", "n + 0.5 - ((n + 0.5) % 1 + 1) % 1");
    computes("round(${n}, 0)", "n + 0.5 - ((n + 0.5) % 1 + 1) % 1");
    computes("round(${n}, 2)", "(n * 100 + 0.5 - ((n * 100 + 0.5) % 1 + 1) % 1) / 100");
    computes(
        "int((today() - ${dag1}) div 365.25)",
        "dagen_tussen(dag1, vandaag) / 365.25 - dagen_tussen(dag1, vandaag) / 365.25 % 1",
    );
    refuses("round(${n}, ${m}) > 1", "`round` vraagt een vast aantal decimalen");
}

#[test]
fn a_choice_between_values_needs_one_kind() {
    computes("if(${jn} = 'ja', 1, 0)", "jn == \"ja\" ? 1 : 0");
    computes("if(${n} > 1, 'veel', 'weinig')", "n > 1 ? \"veel\" : \"weinig\"");
    computes("if(${n} > 1, ${n}, '')", "n > 1 ? n : null");
    computes("if(${n} > 1, '', ${dag1})", "n > 1 ? null : dag1");
    computes("if(${n} > 1, 1, if(${m} > 1, 2, 3))", "n > 1 ? 1 : m > 1 ? 2 : 3");
    computes("coalesce(${t}, ${u})", "beantwoord(t) ? t : u");
    computes("coalesce(${zin}, 'niets')", "beantwoord(zin) && zin != \"\" ? zin : \"niets\"");
    computes("coalesce(${som}, 0)", "som > 0 || som <= 0 ? som : 0");
    computes("if(${n} > 1, ${kleur}, 'licht_groen')", "n > 1 ? kleur : \"licht-groen\"");
    computes("if(${n} > 1, '', if(${m} > 1, ${kleur}, ${jn}))", "n > 1 ? null : m > 1 ? kleur : jn");
    check("if(${n} > 1, ${kleur}, ${jn}) = 'licht_groen'", "(n > 1 ? kleur : jn) == \"licht-groen\"");
    refuses("if(${n} > 1, ${kleur}, 'paars') = 'x'", "de uitkomsten zijn niet van dezelfde soort: een keuze en tekst");
    refuses("if(${n} > 1, 'x', ${m}) = 'x'", "de uitkomsten zijn niet van dezelfde soort: tekst en een getal");
}

#[test]
fn texts_are_joined_without_what_is_unanswered() {
    computes("concat(${t}, ', ', ${jn})", "(beantwoord(t) ? t : \"\") + \", \" + (beantwoord(jn) ? jn : \"\")");
    computes("concat(${t}, ${dag1})", "(beantwoord(t) ? t : \"\") + (beantwoord(dag1) ? dag1 : \"\")");
    refuses("concat(${t}, ${n}) = 'x'", "van een getal kan een checklist geen tekst maken");
    refuses("concat(${t}, ${kleur}) = 'x'", "de codes van deze keuze zijn hernoemd, dus de tekst zou anders zijn");
}

#[test]
fn repeated_groups_are_counted_from_outside() {
    check("count(${kamer}) > 1", "size(kamer) > 1");
    check("count(${breed}) > 1", "size(kamer) > 1");
    refuses(
        "count-non-empty(${breed}) > 1",
        "een checklist telt in een herhaalde groep alleen de exemplaren (`count-non-empty`)",
    );
    refuses("count(${hoog}) > 1", "`count` telt alleen vragen die er zijn, en deze heeft een voorwaarde");
    refuses("count(${n}) > 1", "`count` telt hier iets dat geen herhaalde groep is");
    refuses("${breed} > 1", "`${breed}` bestaat per kamer; welke is bedoeld?");
    refuses("${kamer} > 1", "`${kamer}` is een herhaalde groep en heeft zelf geen waarde");
    let symbols = symbols();
    let inside = Scope { symbols: &symbols, group: Some(ROOM), parent: 9, current: Some("breed") };
    assert_eq!(
        condition(". > ${n} and ../hoog > 2", inside).expect("it is the same room").text,
        "breed > n && hoog > 2"
    );
    reads(Some("breed > n && hoog > 2"), None, Some(ROOM));
    let refused = condition("../n > 2", inside).expect_err("n stands outside the room");
    assert_eq!(refused.why, "`../n` staat niet in dezelfde groep");
}

#[test]
fn codes_of_choices_are_never_added_up() {
    for sum in ["${cijfer} + ${cijfer} > 3", "${cijfer} * 2 > 3", "${n} + ${cijfer} > 2"] {
        refuses(sum, "met de code van een keuze kan een checklist niet rekenen: zo ontstaat een score");
    }
    refuses("number(${cijfer}) > 2", "met een keuze kan een checklist niet rekenen");
    refuses("sum(${breed}) > 2", "een checklist telt geen antwoorden op (`sum`)");
    refuses(
        "weighted-checklist(1, 2) > 2",
        "een checklist kent geen gewichten (`weighted-checklist`): zo ontstaat een score",
    );
    refuses("${t} + 1 > 2", "met tekst kan een checklist niet rekenen");
}

#[test]
fn names_that_stand_for_nothing_say_why() {
    refuses("${weg} = 'x'", "`${weg}` bestaat niet in dit formulier");
    refuses("${geluid} = 'x'", "`${geluid}` is weggelaten (survey!A7)");
    refuses("${dubbel} = 'x'", "twee rijen heten `dubbel`; welke is bedoeld?");
    refuses("${blok} = 'x'", "`${blok}` is een groep en heeft zelf geen waarde");
    refuses(
        "${last-saved#n} > 1",
        "`${last-saved#n}` is een antwoord uit een vorig formulier; een controle begint leeg",
    );
    refuses("/data/n > 1", "`/data/n` is een pad door het formulier; een checklist kent alleen namen");
    refuses("${n} | ${m}", "`|` voegt verzamelingen samen; dat kent een checklist niet");
}

#[test]
fn functions_that_a_checklist_lacks_are_refused_by_name() {
    for (source, why) in [
        ("regex(., '[0-9]+')", "een checklist kent geen patronen (`regex`)"),
        (
            "indexed-repeat(${breed}, ${kamer}, 1) > 1",
            "een checklist kent geen volgnummer in een herhaalde groep (`indexed-repeat`)",
        ),
        ("position(..) = 1", "een checklist kent geen volgnummer in een herhaalde groep (`position`)"),
        ("pulldata('a', 'b', 'c', ${t}) = 'x'", "een checklist haalt niets uit andere bestanden (`pulldata`)"),
        (
            "jr:choice-name(${kleur}, '${kleur}') = 'x'",
            "een voorwaarde kent alleen de code van een keuze, niet haar tekst (`jr:choice-name`)",
        ),
        ("once(${n}) > 1", "een berekening wordt steeds opnieuw gedaan (`once`)"),
        ("random() > 0.5", "een checklist kent geen toeval (`random`)"),
        ("format-date(${dag1}, '%Y') = '2026'", "een checklist zet geen dagen om in tekst (`format-date`)"),
        ("substr(${t}, 0, 2) = 'ab'", "een checklist knipt geen teksten (`substr`)"),
        ("max(${n}, ${m}) > 1", "een checklist kent `max` niet"),
        ("toverstaf(${n})", "de functie `toverstaf` heeft een checklist niet"),
        ("not()", "`not` zonder iets tussen de haakjes bestaat niet of is niet over te nemen"),
        ("selected(${kleuren})", "`selected` met een waarde tussen de haakjes bestaat niet of is niet over te nemen"),
        ("today(1) > 2", "`today` met een waarde tussen de haakjes bestaat niet of is niet over te nemen"),
        ("if(1, 2, 3, 4)", "`if` met 4 waarden tussen de haakjes bestaat niet of is niet over te nemen"),
        ("${n} = ", "de formule is niet te lezen: zij houdt te vroeg op (teken 8)"),
    ] {
        refuses(source, why);
    }
    let symbols = symbols();
    let scope = Scope { symbols: &symbols, group: None, parent: 0, current: None };
    for (source, why) in [
        ("now()", "een checklist kent alleen de dag van vandaag, niet de tijd van nu"),
        ("decimal-date-time(${dag1})", "een dag als getal bestaat in een checklist niet"),
        (". + 1", "`.` noemt hier geen vraag"),
    ] {
        assert_eq!(value(source, scope).expect_err("it can't be said").why, why, "{source}");
    }
}
