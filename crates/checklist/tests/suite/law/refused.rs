//! Rules that the reader keeps: a text without them is no checklist.

use veldboek_checklist::{Checklist, Outgoing};

use super::{ACCESS, Check, FIND, T1, ask, kept, refused_without};

/// Every signal asks for its ordinary explanation (art. 3:2 Awb).
fn an_ordinary_explanation_each(checklist: &Checklist) -> Result<(), String> {
    let signals: Vec<_> = checklist.questions().filter(|question| question.signal).collect();
    ask(signals.len() >= 5, "the signals are gone")?;
    for signal in signals {
        let asked = signal.explained_in.as_deref().and_then(|id| checklist.question(id));
        ask(asked.is_some() || signal.needs_ordinary_explanation, &format!("{} asks for none", signal.id))?;
    }
    Ok(())
}

#[test]
fn each_signal_asks_for_its_ordinary_explanation() {
    kept(an_ordinary_explanation_each);
}

#[test]
fn a_signal_that_does_not_ask_for_its_ordinary_explanation_is_refused() {
    let line = "waarneming_per_keuze = true\ngewone_verklaring_in = \"E2\"\n";
    refused_without(T1, line, "waarneming_per_keuze = true\n", "Signaalvraag E1 vraagt nergens een gewone verklaring");
    refused_without(T1, "gewone_verklaring_in = \"I3a\"", "", "Signaalvraag I3 vraagt nergens");
}

/// Signals never add up: there is no place for a weight, a sum or a score (domain, 2.1).
const NO_SCORE: Check = |checklist| {
    let json = serde_json::to_string(checklist).map_err(|error| error.to_string())?.to_lowercase();
    for word in ["score", "weight", "gewicht", "punten"] {
        ask(!json.contains(&format!("\"{word}\":")), word)?;
    }
    Ok(())
};

#[test]
fn there_is_no_sum_and_no_score() {
    kept(NO_SCORE);
}

#[test]
fn a_sum_or_a_score_over_signals_is_refused() {
    let stop = r#"als = '"geur-chemisch" in E1 || "geur-zuur" in E1 || "spullen-productie" in E1 || "dumping-vaten" in E1 || "lozing" in E1'"#;
    refused_without(T1, stop, "als = 'size(E1) >= 3'", "mogen niet worden geteld");
    let weighed = "als = '(\"condens\" in E1 ? 1 : 0) + (\"warmte\" in E1 ? 1 : 0) > 1'";
    refused_without(T1, stop, weighed, "mag niet worden gerekend");
    refused_without(
        T1,
        "signaal = true\nwaarneming_per_keuze = true",
        "signaal = true\nwaarneming_per_keuze = true\nscore = 3",
        "De sleutel `score`",
    );
    let calculation = "[[berekening]]\nnaam = \"kans\"\ntitel = \"Kans\"\nwaarde = 'E1'\n\n[[onderdeel]]\nid = \"A\"\n";
    refused_without(
        T1,
        "[[onderdeel]]\nid = \"A\"\n",
        calculation,
        "Een berekening mag signaalvraag E1 niet gebruiken",
    );
}

#[test]
fn a_find_of_which_nothing_asks_for_the_hand_over_is_refused() {
    let time = "soort = \"tijd\"\noverdracht = true\n";
    let receiver = "over = \"organisatie\"\noverdracht = true\n";
    assert!(super::t1_with(FIND, time, "soort = \"tijd\"\n").is_ok(), "the receiver is still asked");
    assert!(super::t1_with(FIND, receiver, "over = \"organisatie\"\n").is_ok(), "the time is still asked");
    refused_without(
        FIND,
        "als = 'K1 == \"ja\"'\nsoort",
        "als = 'K1 == \"nee\"'\nsoort",
        "dan vraagt niets naar de overdracht",
    );
    // Both keys out of the text.
    let both = super::text_of(FIND).replace("overdracht = true\n", "");
    refused_without(FIND, &super::text_of(FIND), &both, "dan vraagt niets naar de overdracht");
}

#[test]
fn a_part_that_names_what_the_checklist_does_not_ask_is_refused() {
    refused_without(
        ACCESS,
        "gebruikt = [\"A4\", \"A5\", \"A5b\"]",
        "gebruikt = [\"A4\", \"A5\"]",
        "`A5b` staat buiten dit deel",
    );
}

/// A checklist of a home or hotel room where somebody offers services: nothing about that person.
const WITHOUT_PERSONS: &str = r#"
id = "klein"
versie = "1"
status = "concept"
familie = "btp"
titel = "Klein"
geldig_vanaf = 2026-01-01
zonder_personen = true
[[onderdeel]]
id = "C"
titel = "C"
[[onderdeel.vraag]]
id = "C2"
tekst = "Hoeveel personen zijn aanwezig?"
let_op = "Geen naam, BSN, telefoonnummer, foto, nationaliteit, gezondheid of advertentie."
soort = "getal"
[[onderdeel.vraag]]
id = "C3"
tekst = "Welke feiten wijzen op bedrijfsmatig aanbod op deze plek?"
soort = "waarneming"
over = "plek"
fotos = { zonder_personen = true, aanwijzing = "Alleen de ruimte." }
"#;

fn small(text: &str, piece: &str, instead: &str) -> Result<Checklist, String> {
    assert_eq!(text.matches(piece).count(), 1, "it does not hold this once: {piece}");
    Checklist::read("klein.toml", &text.replace(piece, instead)).map_err(|error| error.to_string())
}

#[test]
fn a_checklist_about_services_holds_no_question_that_identifies_anybody() {
    let checklist = small(WITHOUT_PERSONS, "familie", "familie").unwrap_or_else(|error| panic!("{error}"));
    assert!(checklist.without_persons());
    assert!(checklist.questions().all(|question| question.personal_data.is_none()));
}

#[test]
fn a_question_that_could_identify_somebody_is_refused() {
    for (piece, instead, message) in [
        ("zonder_personen = true\n[[", "[[", "legt van niemand iets vast"),
        ("Hoeveel personen zijn aanwezig?", "Wat is de nationaliteit?", "vraagt naar nationaliteit"),
        ("Hoeveel personen zijn aanwezig?", "Kamernummer", "vraagt naar een telefoon- of kamernummer"),
        ("over = \"plek\"\n", "", "zegt niet waar het antwoord over gaat"),
        ("zonder_personen = true, aanwijzing", "aanwijzing", "niet dat er niemand op de foto's komt"),
        ("soort = \"getal\"", "soort = \"getal\"\npersoonsgegeven = \"bsn\"", "geen vastgelegde grondslag"),
    ] {
        let error = small(WITHOUT_PERSONS, piece, instead).expect_err(message);
        assert!(error.contains(message), "{error}");
    }
}

/// A conversation at the kitchen table.
const CONVERSATION: &str = r#"
id = "klein"
versie = "1"
status = "concept"
familie = "agro"
titel = "Klein"
geldig_vanaf = 2026-01-01
uitgaand = "tellingen"
[[onderdeel]]
id = "G"
titel = "G"
[[onderdeel.vraag]]
id = "G1"
tekst = "Is dat goed?"
soort = "ja-nee"
telt = true
[[onderdeel.vraag]]
id = "G2"
tekst = "Hoe gaat het met u?"
soort = "tekst"
"#;

#[test]
fn of_a_conversation_only_counts_leave() {
    let checklist = small(CONVERSATION, "familie", "familie").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(checklist.outgoing(), Outgoing::Counts);
    let counted: Vec<_> = checklist.questions().filter(|question| question.counted).map(|one| &one.id).collect();
    assert_eq!(counted, ["G1"]);
}

#[test]
fn a_conversation_of_which_more_could_leave_is_refused() {
    for (piece, instead, message) in [
        ("uitgaand = \"tellingen\"\n", "", "gaan alleen aantallen weg"),
        ("uitgaand = \"tellingen\"", "uitgaand = \"dossier\"", "gaan alleen aantallen weg"),
        ("soort = \"tekst\"", "soort = \"tekst\"\ntelt = true", "kan niet worden geteld"),
        ("soort = \"tekst\"", "soort = \"adres\"", "vraagt nooit een adres"),
        ("soort = \"tekst\"", "soort = \"foto\"", "vraagt nooit een foto"),
        ("soort = \"tekst\"", "soort = \"handtekening\"", "vraagt nooit een handtekening"),
    ] {
        let error = small(CONVERSATION, piece, instead).expect_err(message);
        assert!(error.contains(message), "{error}");
    }
}
