//! Conditions in words.

use veldboek_authoring::wording;
use veldboek_checklist::{Checklist, ReadingContext};

const CHECKLIST: &str = r#"
id = "klein"
versie = "1"
status = "concept"
familie = "vb"
titel = "Klein"
geldig_vanaf = 2026-01-01
[[groep]]
id = "schuur"
titel = "Schuren"
enkelvoud = "Schuur"
[[berekening]]
naam = "tot"
titel = "Geldig tot"
waarde = 'dagen_na(D, 3)'
[[onderdeel]]
id = "A"
titel = "A"
vraag = [
    { id = "J", tekst = "J?", soort = "ja-nee-onbekend" },
    { id = "K", tekst = "K?", soort = "ja-nee-onbekend" },
    { id = "L", tekst = "L?", soort = "ja-nee-onbekend" },
    { id = "N", tekst = "N?", soort = "getal", eenheid = "personen" },
    { id = "M", tekst = "M?", soort = "meer-van", optie = [{ code = "a", tekst = "Aap" }, { code = "b", tekst = "Beer" }] },
    { id = "T", tekst = "T?", soort = "tekst" },
    { id = "D", tekst = "D?", soort = "datum" },
    { id = "U", tekst = "U?", soort = "tijd" },
    { id = "F", tekst = "F?", soort = "foto" },
    { id = "W", tekst = "W?", soort = "waarneming" },
    { id = "X", tekst = "X?", soort = "matrix", rij = [{ code = "r", tekst = "Rij" }], optie = [{ code = "goed", tekst = "Goed" }, { code = "slecht", tekst = "Slecht" }] },
]
[[onderdeel]]
id = "B"
titel = "B"
groep = "schuur"
vraag = [{ id = "S", tekst = "S?", soort = "ja-nee" }]
"#;

fn checklist() -> Checklist {
    Checklist::read_with("klein.toml", CHECKLIST, &ReadingContext::new()).unwrap_or_else(|error| panic!("{error}"))
}

fn check(condition: &str, words: &str) {
    assert_eq!(wording::condition(condition, &checklist()).as_deref(), Some(words), "{condition}");
}

#[test]
fn answers_are_named_by_what_people_read() {
    check("J == \"ja\"", "J is ‘Ja’");
    check("J != \"ja\"", "J is niet ‘Ja’");
    check("J == \"ja\" || J == \"onbekend\"", "J is ‘Ja’ of ‘Onbekend’");
    check("J in [\"ja\", \"nee\", \"onbekend\"]", "J is ‘Ja’, ‘Nee’ of ‘Onbekend’");
    check("!(J in [\"ja\", \"nee\"])", "J is niet ‘Ja’ of ‘Nee’");
    check("!(J == \"ja\")", "J is niet ‘Ja’");
    check("\"a\" in M", "bij M is gekozen ‘Aap’");
    check("!(\"a\" in M)", "bij M is niet gekozen ‘Aap’");
    check("\"a\" in M || \"b\" in M", "bij M is gekozen ‘Aap’ of ‘Beer’");
    check("T == \"\"", "T is leeg");
    check("W.soort == \"own\"", "W is ‘Zelf gezien’");
}

#[test]
fn parts_of_a_sentence_keep_together() {
    check("J == \"ja\" && K == \"nee\"", "J is ‘Ja’ en K is ‘Nee’");
    check("J == \"ja\" && (K == \"nee\" || N > 3)", "J is ‘Ja’ en (K is ‘Nee’ of N is meer dan 3 personen)");
    check("(J == \"ja\" && K == \"nee\") || N > 3", "(J is ‘Ja’ en K is ‘Nee’) of N is meer dan 3 personen");
    check("!(J == \"ja\" && K == \"nee\")", "niet (J is ‘Ja’ en K is ‘Nee’)");
    check("boa", "de steller is BOA");
}

#[test]
fn numbers_days_and_counts_have_their_own_words() {
    check("N >= 1", "N is ten minste 1 personen");
    check("N < 2.5", "N is minder dan 2,5 personen");
    check("beantwoord(T)", "T is beantwoord");
    check("!beantwoord(T)", "T is niet beantwoord");
    check("size(M) >= 1", "bij M is iets gekozen");
    check("size(M) == 0", "bij M is niets gekozen");
    check("size(M) > 2", "bij M zijn meer dan 2 keuzes gemaakt");
    check("D <= dag", "D ligt op of voor de dag van de controle");
    check("D > vandaag", "D ligt na vandaag");
    check("U >= U", "U ligt op of na U");
    check("tot >= dag", "‘Geldig tot’ ligt op of na de dag van de controle");
    check("F >= 1", "F heeft ten minste 1 bestand");
    check("dagen_tussen(D, dag) > 4", "het aantal dagen van D tot de dag van de controle is meer dan 4");
}

#[test]
fn groups_tables_and_people_are_looked_at_one_by_one() {
    check("schuur.exists(s, s.S == \"ja\")", "in een schuur: S is ‘Ja’");
    check("schuur.all(s, s.S == \"ja\")", "in alle schuren: S is ‘Ja’");
    check("X[\"r\"] == \"goed\"", "X, ‘Rij’, is ‘Goed’");
    check("X.exists(r, X[r] == \"goed\" || X[r] == \"slecht\")", "bij X is een regel ‘Goed’ of ‘Slecht’");
    check("[J, K, L].exists(q, q in [\"ja\", \"onbekend\"])", "een van J tot en met L is ‘Ja’ of ‘Onbekend’");
    check("[J, L].all(q, q == \"ja\")", "elk van J, L is ‘Ja’");
    check("deelnemers.exists(d, d.partner == \"politie\")", "een deelnemer is van ‘Politie’");
    check("deelnemers.all(d, d.grondslag != \"\")", "iedere deelnemer heeft een grondslag");
    check("deelnemers.exists(d, !d.gaat_naar_binnen)", "een deelnemer gaat niet naar binnen");
}

#[test]
fn what_has_no_good_words_gets_none() {
    for condition in [
        "(N > 1 ? N : 2) < 3",
        "J == K + \"x\" + J + (N > 1 ? \"a\" : \"b\")",
        "X.exists(r, T == \"x\")",
        "dit is geen",
    ] {
        assert_eq!(wording::condition(condition, &checklist()), None, "{condition}");
    }
}
