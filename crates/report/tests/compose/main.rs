//! From records and a checklist to the report's model.

mod visit;

use std::path::Path;
use std::sync::Arc;

use veldboek_checklist::{Checklist, ReadingContext};
use veldboek_domain::{Address, Digest, Field, ObservationKind, Point, PointSource, RegisterKey, SetKind, Value};
use veldboek_report::model::HomeEntry;
use veldboek_report::{ReportCopy, ReportModel, compose};
use visit::{Visit, at};

fn t1() -> Arc<Checklist> {
    let all = veldboek_checklist::bundled().expect("the checklists read");
    all.into_iter().find(|checklist| checklist.id() == "vb-ic").expect("T1")
}

/// Two buildings, nearly every kind of answer, and answers that must stay out.
fn a_full_visit() -> Visit {
    let mut visit = Visit::new();
    for (number, name) in [(11, "Kapschuur"), (12, "")] {
        visit.item(number, SetKind::Group { group: "gebouw".into() }, None);
        visit.field(number, Field::Name, Value::text(name));
    }
    visit.item(21, SetKind::Participant, None).field(21, Field::Name, Value::text("M. Dekker"));
    visit.field(21, Field::LegalBasis, Value::text("APV")).field(21, Field::Designation, Value::text("Besluit 12"));
    visit.item(22, SetKind::Participant, None).field(22, Field::Name, Value::text("R. Bos"));
    visit.field(22, Field::LegalBasis, Value::text("Omgevingswet")).field(22, Field::GoesInside, Value::Flag(true));
    let address = Address { line: "Kraaienhofsweg 12".into(), town: "Schagen".into(), ..Address::default() };
    let point = Point { lat: 52.79, lon: 4.8, accuracy_m: None, source: PointSource::Map };
    visit.choose("A1", "adressenlijst").say("A1a", "Lijst van de actiedag").answer("A2", Value::Address(address));
    visit.answer("A2a", Value::Point(point)).choose("A4", "ja").choose("A5", "nee").say("A6", "Een hond.");
    visit.choose("B1", "ja").choose("B2", "nee").time("B3", "13:05:00");
    visit.choose("C1", "ja").time("C1a", "13:07:00").choose("C2", "ja").choose("C3", "bewoner");
    visit.choose("C4", "ja-mondeling").say("C4a", "Mag ik binnenkomen? Ja hoor.").time("C4b", "13:08:00");
    visit.choose("C6", "nee").choose("C7", "ja").choose("C7a", "ja").time("C7b", "13:20:00");
    visit.answer("D1@1", Value::choices(&["verhuurd", "agrarisch"])).choose("D2@1", "nee");
    visit.see("D2a@1", ObservationKind::Own, "Een werkplaats voor auto's.").photo(31, "D2a@1");
    visit.say("D4@1", "Mijn neef gebruikt de schuur.").say("D4@2", "Niemand.").choose("D2@2", "onbekend");
    visit.answer("E1@1", Value::choices(&["condens", "slang-raam"]));
    visit.see("E1@1#condens", ObservationKind::Own, "Ramen beslagen.");
    visit.see("E1@1#slang-raam", ObservationKind::Statement, "De slang is van de droger.");
    visit.say("E2@1", "Graandroger.").choose("F1@1", "ja").choose("F2@1", "ja");
    visit.see("F2a@1", ObservationKind::Assumption, "Er is stroom afgetapt.").photo(32, "F2@1");
    visit.answer("I1@1", Value::Number(2.0)).choose("J1", "ja").choose("J4", "ja").choose("J5", "ja");
    visit.choose("J5a", "ja").choose("K1", "nee").say("K2a", "Dit telt niet mee.");
    visit.say("L1", "Ik ga het opruimen.").choose("L2", "voorlichting").choose("L5", "ja");
    visit.write(RegisterKey::Note(at("D2@1")), Value::text("Nagaan bij de gemeente."));
    visit.write(RegisterKey::Reason(at("A3")), Value::text("Staat op papier."));
    visit.item(41, SetKind::Finding, None).field(41, Field::Title, Value::text("Losse trede"));
    visit.field(41, Field::Text, Value::text("De trap heeft een losse trede."));
    visit.item(51, SetKind::Measure, None).field(51, Field::Measure, Value::choice("hercontrole"));
    visit
}

/// Nobody spoke, a warrant was used, and people differ about one answer.
fn a_visit_with_a_warrant() -> Visit {
    let mut visit = Visit::new();
    visit.item(11, SetKind::Group { group: "gebouw".into() }, None);
    visit.choose("A1", "melding").choose("A4", "onbekend").choose("A5", "ja");
    visit.answer("A5b", Value::Date("2026-11-17".parse().expect("a day")));
    visit.choose("C2", "nee").choose("C3", "niemand").choose("C4", "nee").choose("C5", "ja").time("C5a", "14:00:00");
    visit.choose("G1@1", "ja").choose("G1@1", "nee");
    visit
}

/// A checklist with its places under names of its own, one part for the file only, and a partner's closed set.
fn another(closed: bool) -> Checklist {
    let set = format!("besloten = {closed}\n{SET}");
    let context = ReadingContext::new().with_part("brandweer.toml", set);
    Checklist::read_with("ander.toml", ANOTHER, &context).unwrap_or_else(|error| panic!("{error}"))
}

const SET: &str = r#"
id = "brandweer"
versie = "0.1"
status = "concept"
titel = "Brandweer"
partner = "brandweer"
[[onderdeel]]
id = "PBW"
titel = "Brandweer"
[[onderdeel.vraag]]
id = "PBW1"
tekst = "Wat zag u?"
soort = "waarneming"
"#;
const ANOTHER: &str = r#"
id = "ander"
versie = "1"
status = "concept"
familie = "vb"
titel = "Ander"
geldig_vanaf = 2026-01-01
[[onderdeel]]
id = "X"
titel = "X"
[[onderdeel.vraag]]
id = "X1"
tekst = "Hoe laat kwam u aan?"
soort = "tijd"
rapport = "aankomst"
[[onderdeel.vraag]]
id = "X2"
tekst = "Mocht u binnen?"
soort = "ja-nee"
rapport = "toestemming"
[[onderdeel.vraag]]
id = "X3"
tekst = "Is het een woning?"
soort = "ja-nee"
rapport = "woning"
[[onderdeel.vraag]]
id = "X4"
tekst = "Wat zei de beheerder?"
soort = "tekst"
rapport = "verklaring"
[[onderdeel.vraag]]
id = "X5"
tekst = "Wat zei de eigenaar?"
soort = "tekst"
rapport = "verklaring"
in_rapport = "dossier"
[[onderdeel.vraag]]
id = "X6"
tekst = "Wat zag u?"
soort = "waarneming"
in_rapport = "dossier"
[[onderdeel.vraag]]
id = "X7"
tekst = "Wat zag u verder?"
soort = "waarneming"
[[onderdeel.vraag]]
id = "X8"
tekst = "Overlegd met de zorgcoördinator?"
soort = "tekst"
in_rapport = "nooit"
[[onderdeel]]
partnerset = "brandweer@0.1"
"#;

fn by_another(copy: ReportCopy) -> ReportModel {
    let mut visit = Visit::new();
    visit.item(21, SetKind::Participant, None).field(21, Field::Partner, Value::choice("brandweer"));
    visit.time("X1", "10:00:00").choose("X2", "ja").choose("X3", "ja");
    visit.say("X4", "Het is van mijn broer.").say("X5", "Ik verhuur het.").say("X8", "Ja, gisteren.");
    visit.see("X6", ObservationKind::Own, "Een bed.").photo(31, "X6");
    visit.see("X7", ObservationKind::Own, "Een kraan.").photo(32, "X7");
    visit.see("PBW1", ObservationKind::Own, "Een blusser zonder keuring.").photo(33, "PBW1");
    compose(&visit.inspection(), &another(true), &visit.tips(), copy)
}

#[test]
fn a_checklist_says_itself_which_question_fills_which_place() {
    let model = by_another(ReportCopy::File);
    assert_eq!(model.visit.arrived_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-19T10:00:00+01:00"));
    assert!(matches!(model.legal_basis.home, Some(HomeEntry::Consent { .. })), "{:?}", model.legal_basis.home);
    let statements: Vec<_> = model.statements.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(statements, ["Het is van mijn broer.", "Ik verhuur het."]);
    assert_eq!(veldboek_report::reaction_question(&another(true)), None);
    assert_eq!(veldboek_report::reaction_question(&t1()), Some("L1"));
}

#[test]
fn what_is_for_the_file_only_is_left_out_of_the_copy_that_stays_behind_and_keeps_its_number() {
    let shown = |model: &ReportModel| {
        let findings = model.findings.iter().map(|finding| finding.number.clone());
        let photos = model.photos.iter().map(|photo| format!("foto {}", photo.number));
        let statements = model.statements.iter().map(|one| one.text.clone());
        let lines = model.sections.iter().flat_map(|section| &section.answers).map(|line| line.question_id.clone());
        findings.chain(photos).chain(statements).chain(lines).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        shown(&by_another(ReportCopy::File)),
        "B1, B2, foto 1, foto 2, Het is van mijn broer., Ik verhuur het., X1, X2, X3, X4, X5, X6, X7"
    );
    assert_eq!(shown(&by_another(ReportCopy::LeaveBehind)), "B2, foto 2, Het is van mijn broer., X1, X2, X3, X4, X7");
}

#[test]
fn what_never_stands_in_a_report_and_what_a_partner_keeps_closed_are_nowhere_in_it() {
    for copy in [ReportCopy::File, ReportCopy::LeaveBehind] {
        let text = serde_json::to_string(&by_another(copy)).expect("a model is JSON");
        for word in ["gisteren", "zorgcoördinator", "blusser", "PBW", "Brandweer"] {
            assert!(!text.contains(word), "{copy:?} holds {word}");
        }
    }
}

#[test]
fn a_partners_open_set_stands_in_the_report_once_the_partner_takes_part() {
    let lines = |partner: Option<&str>| {
        let mut visit = Visit::new();
        visit.item(21, SetKind::Participant, None);
        if let Some(partner) = partner {
            visit.field(21, Field::Partner, Value::text(partner));
        }
        let model = compose(&visit.inspection(), &another(false), &visit.tips(), ReportCopy::File);
        model.sections.iter().filter(|section| section.code == "PBW").count()
    };
    assert_eq!((lines(None), lines(Some("politie")), lines(Some("brandweer"))), (0, 0, 1));
}

/// The model without the checklist's hash, which changes with every letter of it.
fn model(visit: &Visit, copy: ReportCopy) -> ReportModel {
    let mut model = compose(&visit.inspection(), &t1(), &visit.tips(), copy);
    model.head.checklist.sha256 = Digest([0; 32]);
    model
}

#[test]
fn a_visit_by_the_integrale_controle_comes_out_as_it_always_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose");
    let mut signed = a_full_visit();
    signed.sign();
    let cases = [
        ("dossier", model(&signed, ReportCopy::File)),
        ("achterlaten", model(&signed, ReportCopy::LeaveBehind)),
        ("machtiging", model(&a_visit_with_a_warrant(), ReportCopy::File)),
    ];
    for (name, model) in cases {
        let path = folder.join(format!("{name}.json"));
        let fresh = format!("{}\n", serde_json::to_string_pretty(&model).expect("a model is JSON"));
        if std::env::var_os("VELDBOEK_WRITE_MODELS").is_some() {
            std::fs::write(&path, &fresh).expect("the folder can be written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = kept.lines().zip(fresh.lines()).enumerate().find(|(_, (kept, fresh))| kept != fresh);
        assert!(
            kept == fresh,
            "{name}: the model differs from tests/compose/{name}.json, first at {differs:?}. When that is meant:\n  VELDBOEK_WRITE_MODELS=1 cargo test -p veldboek-report --test compose"
        );
    }
}
