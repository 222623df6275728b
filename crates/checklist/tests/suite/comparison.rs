//! What differs between two versions, and what that means for answers already given.

use proptest::prelude::*;
use veldboek_checklist::{
    Answers, Aspect, Checklist, Comparison, Evaluation, Facts, LapseReason, MovePreview, ReadingContext, What,
};
use veldboek_domain::{Slot, Value};

use crate::support::{Sheet, Visit, day, item, matrix, observation, shipped, t1, whole};

const OLD: &str = r#"
[[grondslag]]
id = "awb"
artikel = "art. 5:13 Awb"
tekst = "Alleen als het nodig is."
[[groep]]
id = "gebouw"
titel = "Gebouwen"
enkelvoud = "Gebouw"
[[onderdeel]]
id = "A"
titel = "Voorbereiding"
[[onderdeel.vraag]]
id = "A1"
tekst = "Is het veilig?"
soort = "ja-nee"
verplicht = true
grondslagen = ["awb"]
[[onderdeel.vraag]]
id = "A2"
tekst = "Waarvoor wordt het gebruikt?"
soort = "meer-van"
optie = [{ code = "opslag", tekst = "Opslag" }, { code = "vee", tekst = "Vee" }, { code = "leeg", tekst = "Leeg" }]
[[onderdeel.vraag]]
id = "A3"
tekst = "Hoe lang bent u gebleven?"
soort = "getal"
[[onderdeel.vraag]]
id = "A4"
tekst = "Wat viel op?"
soort = "tekst"
[[onderdeel.vraag]]
id = "A5"
tekst = "Hoe is het?"
soort = "matrix"
rij = [{ code = "dak", tekst = "Dak" }, { code = "muur", tekst = "Muur" }]
optie = [{ code = "goed", tekst = "Goed" }, { code = "slecht", tekst = "Slecht" }]
[[onderdeel.vraag]]
id = "A6"
tekst = "Signalen"
soort = "meer-van"
waarneming_per_keuze = true
optie = [{ code = "geur", tekst = "Geur" }, { code = "geluid", tekst = "Geluid" }]
[[onderdeel]]
id = "B"
titel = "Gebouw"
groep = "gebouw"
[[onderdeel.vraag]]
id = "B1"
tekst = "Is het leeg?"
soort = "ja-nee"
"#;

/// The old version and one with pieces of text replaced.
fn versions(edits: &[(&str, &str)]) -> (Checklist, Checklist) {
    let old = whole(OLD);
    let mut new = old.replace("versie = \"1\"", "versie = \"2\"");
    for (piece, instead) in edits {
        assert_eq!(new.matches(piece).count(), 1, "not there once: {piece}");
        new = new.replace(piece, instead);
    }
    let read = |text: &str| Checklist::read("klein.toml", text).unwrap_or_else(|error| panic!("{error}"));
    (read(&old), read(&new))
}

fn words(edits: &[(&str, &str)]) -> Vec<String> {
    let (old, new) = versions(edits);
    Comparison::of(&old, &new).words()
}

const A3: &str = "[[onderdeel.vraag]]\nid = \"A3\"\ntekst = \"Hoe lang bent u gebleven?\"\nsoort = \"getal\"\n";

#[test]
fn the_same_checklist_differs_in_nothing() {
    let comparison = Comparison::of(&t1(), &t1());
    assert!(comparison.is_empty(), "{:?}", comparison.words());
    let (old, new) = versions(&[]);
    let comparison = Comparison::of(&old, &new);
    assert!(comparison.is_empty(), "a version number alone is no change");
    assert_eq!((comparison.old.version.as_str(), comparison.new.version.as_str()), ("1", "2"));
}

#[test]
fn a_new_and_a_gone_question_are_named_where_they_stand() {
    let new =
        "[[onderdeel.vraag]]\nid = \"A7\"\ntekst = \"Wie belde u?\"\nsoort = \"tekst\"\n[[onderdeel]]\nid = \"B\"";
    let (old, new) = versions(&[(A3, ""), ("[[onderdeel]]\nid = \"B\"", new)]);
    let comparison = Comparison::of(&old, &new);
    let listed: Vec<_> =
        comparison.questions.iter().map(|one| (one.question.as_str(), one.what, one.section.as_str())).collect();
    assert_eq!(listed, [("A3", What::Gone, "A"), ("A7", What::New, "A")]);
    assert_eq!(comparison.words(), ["A3 is vervallen: Hoe lang bent u gebleven?", "A7 is nieuw: Wie belde u?"]);
}

#[test]
fn each_change_is_said_in_words_with_what_was_and_what_becomes() {
    assert_eq!(
        words(&[("tekst = \"Wat viel op?\"\nsoort = \"tekst\"", "tekst = \"Wat viel op?\"\nsoort = \"waarneming\"")]),
        ["A4: Het soort antwoord is veranderd."]
    );
    assert_eq!(
        words(&[("tekst = \"Is het veilig?\"", "tekst = \"Is het hier veilig?\"")]),
        ["A1: De tekst is veranderd."]
    );
    assert_eq!(
        words(&[("{ code = \"leeg\", tekst = \"Leeg\" }", "{ code = \"verhuurd\", tekst = \"Verhuurd\" }")]),
        ["A2: De keuze \"Leeg\" is vervallen.", "A2: De keuze \"Verhuurd\" is erbij gekomen."]
    );
    assert_eq!(
        words(&[("tekst = \"Alleen als het nodig is.\"", "tekst = \"Alleen als dat nodig is.\"")]),
        ["A1: De grondslag \"art. 5:13 Awb\" is veranderd."]
    );
    assert_eq!(words(&[("verplicht = true\n", "")]), ["A1: De vraag is niet meer verplicht."]);
    assert_eq!(
        words(&[("tekst = \"Is het leeg?\"", "verplicht = true\ntekst = \"Is het leeg?\"")]),
        ["B1: De vraag is verplicht geworden."]
    );
    assert_eq!(
        words(&[("soort = \"getal\"", "soort = \"getal\"\nmaximum = 9")]),
        ["A3: Waar het antwoord aan moet voldoen, is veranderd."]
    );
    assert_eq!(
        words(&[("soort = \"getal\"", "soort = \"getal\"\nzichtbaar = 'A1 == \"ja\"'")]),
        ["A3: Wanneer de vraag er is, is veranderd."]
    );
    assert_eq!(
        words(&[("soort = \"getal\"", "soort = \"getal\"\nin_rapport = \"nooit\"")]),
        ["A3: De plaats in het rapport is veranderd."]
    );
    assert_eq!(
        words(&[("titel = \"Gebouw\"\ngroep = \"gebouw\"", "titel = \"Gebouw\"")]),
        ["Het onderdeel \"Gebouw\" is veranderd.", "B1: Hoe vaak de vraag terugkomt, is veranderd."]
    );
    assert_eq!(words(&[("status = \"concept\"", "status = \"vastgesteld\"")]), ["De status is veranderd."]);
    let stop = "soort = \"getal\"\nmelding = [{ als = 'A3 > 4', tekst = \"Lang.\" }]";
    assert_eq!(words(&[("soort = \"getal\"", stop)]), ["A3: Wat uit het antwoord volgt, is veranderd."]);
    let (old, new) = versions(&[("soort = \"getal\"", stop)]);
    let change = &Comparison::of(&old, &new).questions[0].changes[0];
    assert_eq!(
        (change.aspect, change.old.as_deref(), change.new.as_deref()),
        (Aspect::Outcome, None, Some("melding als A3 > 4: Lang."))
    );
}

#[test]
fn a_question_that_moves_to_a_part_with_the_same_words_is_not_changed() {
    let part = format!(
        "id = \"duur\"\nversie = \"0.1\"\nstatus = \"concept\"\ntitel = \"Duur\"\n[[onderdeel]]\nid = \"D\"\ntitel = \"Duur\"\n{A3}"
    );
    let (old, _) = versions(&[]);
    let text = whole(OLD).replace(A3, "") + "[[onderdeel]]\ndeel = \"duur@0.1\"\n";
    let context = ReadingContext::new().with_part("delen/duur.toml", part);
    let new = Checklist::read_with("klein.toml", &text, &context).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        Comparison::of(&old, &new).words(),
        [
            "Het deel \"Duur 0.1\" is erbij gekomen.",
            "Het onderdeel \"Duur\" is erbij gekomen.",
            "A3: De vraag staat in een ander onderdeel."
        ]
    );
}

fn preview(edits: &[(&str, &str)], answer: impl Fn(&mut Visit)) -> MovePreview {
    let (old, new) = versions(edits);
    let mut visit = Visit::new(&old);
    answer(&mut visit);
    let ahead = Evaluation::of(&new, &visit.sheet, &visit.facts);
    MovePreview::of(&old, &new, &visit.sheet, &visit.evaluation, &ahead)
}

fn lapses(preview: &MovePreview) -> Vec<(String, LapseReason)> {
    preview.no_longer_counts.iter().map(|lapse| (lapse.slot.to_string(), lapse.reason)).collect()
}

#[test]
fn answers_go_along_and_new_questions_are_named() {
    let new = "[[onderdeel.vraag]]\nid = \"A7\"\ntekst = \"Wie belde u?\"\nsoort = \"tekst\"\nverplicht = true\n[[onderdeel]]\nid = \"B\"";
    let preview = preview(&[("[[onderdeel]]\nid = \"B\"", new)], |visit| {
        visit.choose("A1", "ja").answer("A4", Value::text("Niets.")).choose("B1@2", "nee");
    });
    let along: Vec<_> = preview.goes_along.iter().map(|moved| (moved.slot.question.as_str(), moved.counts)).collect();
    assert_eq!(along, [("A1", true), ("A4", true), ("B1", true)]);
    assert!(preview.no_longer_counts.is_empty());
    assert_eq!(preview.new_questions.len(), 1);
    assert!(preview.new_questions[0].required);
    assert_eq!(preview.opens, [Slot::of("A7")]);
    assert_eq!(preview.words(), "3 antwoorden gaan mee. 1 vraag is nieuw.");
}

#[test]
fn an_answer_that_no_longer_counts_is_named_with_its_reason() {
    let check = |edit: (&str, &str), answer: fn(&mut Visit), slot: &str, reason: LapseReason| {
        let preview = preview(&[edit], answer);
        assert_eq!(lapses(&preview), [(slot.to_owned(), reason)], "{edit:?}");
        assert!(!preview.no_longer_counts[0].words.is_empty());
        assert!(preview.words().contains("1 antwoord telt niet meer mee"), "{}", preview.words());
    };
    let number = |visit: &mut Visit| drop(visit.answer("A3", Value::Number(30.0)).state("A3"));
    check((A3, ""), number, "A3", LapseReason::QuestionGone);
    check(("soort = \"getal\"", "soort = \"tekst\""), number, "A3", LapseReason::KindChanged);
    check(("soort = \"getal\"", "soort = \"getal\"\nmaximum = 9"), number, "A3", LapseReason::Unfit);
    check(("soort = \"getal\"", "soort = \"getal\"\nzichtbaar = 'A1 == \"ja\"'"), number, "A3", LapseReason::Hidden);
    let use_of = |visit: &mut Visit| drop(visit.answer("A2", Value::choices(&["vee", "leeg"])).state("A2"));
    check((", { code = \"leeg\", tekst = \"Leeg\" }", ""), use_of, "A2", LapseReason::OptionGone);
    let building = |visit: &mut Visit| drop(visit.choose("B1@1", "ja").state("B1@1"));
    let slot = Slot::within("B1", Some(item(1))).to_string();
    check(("titel = \"Gebouw\"\ngroep = \"gebouw\"", "titel = \"Gebouw\""), building, &slot, LapseReason::GroupChanged);
}

#[test]
fn an_observation_of_an_option_that_is_gone_is_named_and_the_other_goes_along() {
    let preview =
        preview(&[("{ code = \"geluid\", tekst = \"Geluid\" }", "{ code = \"licht\", tekst = \"Licht\" }")], |visit| {
            visit.answer("A6", Value::choices(&["geur"]));
            visit.answer("A6#geur", observation("Hooi.", "")).answer("A6#geluid", observation("Gezoem.", ""));
        });
    assert_eq!(lapses(&preview), [("A6#geluid".to_owned(), LapseReason::OptionGone)]);
    assert_eq!(preview.goes_along.len(), 2);
}

#[test]
fn a_row_that_is_gone_is_said_beside_the_answer_that_goes_along() {
    let preview = preview(&[(", { code = \"muur\", tekst = \"Muur\" }", "")], |visit| {
        visit.answer("A5", matrix(&[("dak", "goed"), ("muur", "slecht")]));
    });
    assert_eq!(
        (preview.goes_along.len(), preview.goes_along[0].without.as_slice()),
        (1, ["Muur".to_owned()].as_slice())
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Nothing is dropped: every answer to the integrale controle is either among those that go along or among those that
    /// no longer count, whatever questions the next version lacks.
    #[test]
    fn every_answer_is_named_once(gone in prop::collection::vec(0..200usize, 0..8), answered in prop::collection::vec((0..200usize, 1..3u128), 1..40)) {
        let old = t1();
        let questions: Vec<_> = old.questions().collect();
        let text = shipped("veilig-buitengebied/integrale-controle.toml");
        // A question that nobody refers to can be taken out by giving it another id.
        let mut new_text = text.clone();
        for number in &gone {
            let id = &questions[number % questions.len()].id;
            let renamed = new_text.replacen(&format!("id = \"{id}\"\n"), &format!("id = \"{id}_nieuw\"\n"), 1);
            if Checklist::read_with("t1.toml", &renamed, &ReadingContext::bundled()).is_ok() {
                new_text = renamed;
            }
        }
        let new = Checklist::read_with("t1.toml", &new_text, &ReadingContext::bundled()).expect("it was read above");
        let mut sheet = Sheet::default();
        sheet.groups.insert("gebouw".into(), vec![item(1), item(2)]);
        for (number, building) in &answered {
            let question = questions[number % questions.len()];
            let repeats = old.section_of(&question.id).is_some_and(|section| section.group.is_some());
            let value = question.options.first().map_or(Value::text("tekst"), |option| Value::choice(&option.code));
            sheet.answers.insert(Slot::within(&question.id, repeats.then(|| item(*building))), value);
        }
        let facts = Facts::on(day());
        let (before, after) = (Evaluation::of(&old, &sheet, &facts), Evaluation::of(&new, &sheet, &facts));
        let preview = MovePreview::of(&old, &new, &sheet, &before, &after);
        let along = preview.goes_along.iter().map(|moved| moved.slot.clone());
        let mut named: Vec<Slot> = along.chain(preview.no_longer_counts.iter().map(|lapse| lapse.slot.clone())).collect();
        named.sort();
        let mut written: Vec<Slot> = sheet.answers.keys().filter(|slot| sheet.answer(slot).is_some()).cloned().collect();
        written.sort();
        prop_assert_eq!(named, written);
    }
}
