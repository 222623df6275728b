//! People beside those of the demonstration, and a newer version of its checklist.

use serde_json::{Value, json};
use veldboek_checklist::{Checklist, ReadingContext};

/// Somebody of a partner with closed questions of its own.
pub(crate) fn partner() -> Value {
    json!({
        "name": "A. Visser", "organisation": "gm-alkmaar", "organisation_name": "Gemeente Alkmaar",
        "function": "medewerker burgerzaken", "role": "inspector", "pass_number": "40622", "partner": "gemeente-brp",
    })
}

/// Somebody who is in no team.
pub(crate) fn outsider() -> Value {
    json!({
        "name": "B. Veenstra", "organisation": "waterschap-hhnk", "organisation_name": "Waterschap",
        "function": "toezichthouder water", "role": "inspector", "pass_number": "50117",
    })
}

/// An agro-coach.
pub(crate) fn coach() -> Value {
    json!({
        "name": "F. Ruiter", "organisation": "lto-noord", "organisation_name": "LTO Noord",
        "function": "agro-coach", "role": "agri_coach",
    })
}

/// The checklist of today's controles, with one question put in other words, one option gone and one question more.
pub(crate) fn newer_checklist() -> Checklist {
    let shipped = include_str!("../../../../checklists/veilig-buitengebied/integrale-controle.toml");
    let new_question = format!("{NEW_QUESTION}{ARRIVAL}");
    let changes = [
        ("versie = \"0.1\"", "versie = \"0.2\""),
        ("Waarvoor wordt het gebouw nu gebruikt?", "Waarvoor wordt dit gebouw vandaag gebruikt?"),
        ("    { code = \"verzoek-partner\", tekst = \"Verzoek van een partner\" },\n", ""),
        (ARRIVAL, new_question.as_str()),
    ];
    let text = changes.iter().fold(shipped.to_owned(), |text, (before, after)| {
        assert!(text.contains(before), "the shipped checklist says `{before}`");
        text.replacen(before, after, 1)
    });
    let read = Checklist::read_with("integrale-controle-0.2.toml", &text, &ReadingContext::bundled());
    read.unwrap_or_else(|error| panic!("{error}"))
}

/// The question before which a new one comes.
const ARRIVAL: &str = "[[onderdeel.vraag]]\nid = \"B3\"\n";

const NEW_QUESTION: &str = r#"[[onderdeel.vraag]]
id = "B4"
tekst = "Zijn er loslopende honden op het erf?"
soort = "ja-nee-onbekend"
verplicht = true
grondslagen = ["awb-5-13"]

"#;
