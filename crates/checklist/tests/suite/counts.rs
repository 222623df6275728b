//! What leaves of a checklist of which only counts may leave.

use veldboek_checklist::{Checklist, Count, Counted};
use veldboek_domain::Value;

use crate::support::{Visit, whole};

fn coach() -> Checklist {
    let text = whole(
        "uitgaand = \"tellingen\"\n\
         [[groep]]\nid = \"gebouw\"\ntitel = \"Gebouwen\"\nenkelvoud = \"Gebouw\"\n\
         [[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n\
         [[onderdeel.vraag]]\nid = \"A1\"\ntekst = \"Is dat goed?\"\nsoort = \"ja-nee\"\ntelt = true\n\
         [[onderdeel.vraag]]\nid = \"A2\"\ntekst = \"Hoe gaat het?\"\nsoort = \"tekst\"\n\
         [[onderdeel.vraag]]\nid = \"A3\"\ntekst = \"Thema's\"\nsoort = \"meer-van\"\ntelt = true\nzichtbaar = 'A1 == \"ja\"'\n\
         optie = [{ code = \"regels\", tekst = \"Regels\" }, { code = \"geld\", tekst = \"Geld\" }]\n\
         [[onderdeel.vraag]]\nid = \"A4\"\ntekst = \"Hoe lang?\"\nsoort = \"getal\"\nheel = true\nminimum = 0\nmaximum = 480\ntelt = true\n\
         [[onderdeel.vraag]]\nid = \"A5\"\ntekst = \"Wat nog?\"\nsoort = \"ja-nee\"\n\
         [[onderdeel]]\nid = \"B\"\ntitel = \"B\"\ngroep = \"gebouw\"\n\
         [[onderdeel.vraag]]\nid = \"B1\"\ntekst = \"Leeg?\"\nsoort = \"ja-nee\"\ntelt = true\n",
    )
    .replace("\"vb\"", "\"agro\"");
    Checklist::read("agro.toml", &text).unwrap_or_else(|error| panic!("{error}"))
}

fn counts(checklist: &Checklist, visit: &Visit) -> Vec<String> {
    let shown = |count: &Count| match &count.counted {
        Counted::Option(code) => format!("{} {code}", count.question),
        Counted::Number(number) => format!("{} {number}", count.question),
    };
    checklist.counts(&visit.sheet, &visit.evaluation).iter().map(shown).collect()
}

#[test]
fn options_and_numbers_are_counted_and_words_stay() {
    let checklist = coach();
    let mut visit = Visit::new(coach());
    visit.choose("A1", "ja").answer("A2", Value::text("De zoon wil niet overnemen.")).choose("A5", "ja");
    visit.answer("A3", Value::choices(&["geld", "regels"])).answer("A4", Value::Number(75.0));
    visit.choose("B1@1", "ja").choose("B1@2", "nee");
    assert_eq!(counts(&checklist, &visit), ["A1 ja", "A3 regels", "A3 geld", "A4 75", "B1 ja", "B1 nee"]);
    let json = serde_json::to_string(&checklist.counts(&visit.sheet, &visit.evaluation)).expect("JSON");
    assert!(json.starts_with(r#"[{"question":"A1","counted":{"option":"ja"}}"#), "{json}");
    for word in ["zoon", "0000", "A5"] {
        assert!(!json.contains(word), "{word} leaves in {json}");
    }
}

#[test]
fn what_is_hidden_unknown_or_out_of_range_is_not_counted() {
    let checklist = coach();
    let mut visit = Visit::new(coach());
    visit.choose("A1", "ja").answer("A3", Value::choices(&["geld"]));
    visit.choose("A1", "nee");
    assert_eq!(counts(&checklist, &visit), ["A1 nee"], "A3 is hidden");
    visit.choose("A1", "Jan Bakker").answer("A4", Value::Number(612_345_678.0));
    assert!(counts(&checklist, &visit).is_empty(), "what was typed by another program does not get through");
    visit.answer("A4", Value::Number(1.5));
    assert!(counts(&checklist, &visit).is_empty());
}

#[test]
fn a_checklist_of_which_everything_leaves_has_no_counts() {
    let mut visit = Visit::new(crate::support::t1());
    visit.choose("B1", "ja");
    assert!(crate::support::t1().counts(&visit.sheet, &visit.evaluation).is_empty());
}
