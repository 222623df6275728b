//! Text: in reading order, whole, in every script that names need, and marked as what it is.

mod common;
#[path = "common/tools.rs"]
mod tools;

use common::Album;
use tools::Pdf;
use veldboek_report::model::*;
use veldboek_report::{Problem, ReportError, render};

/// Whether these words stand in the text, in this order.
fn in_order(text: &str, words: &[&str]) {
    let mut rest = text;
    for word in words {
        let at = rest.find(word).unwrap_or_else(|| panic!("{word:?} comes too early or not at all in:\n{text}"));
        rest = &rest[at + word.len()..];
    }
}

fn without_breaks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_parts_are_read_in_the_order_of_the_report() {
    let (model, album) = common::barn();
    let structure = Pdf::of(&model, &album).structure();
    let contents = structure.find("TOC").unwrap();
    in_order(
        &structure[..contents],
        &["H1", "Controlerapport", "Kern", "Waar", "Wanneer", "Wie", "Grondslag", "Werkwijze"],
    );
    let end = structure.rfind("TOCI").unwrap();
    in_order(
        &structure[end..],
        &[
            "Verschillen die nog open staan",
            "Bevindingen",
            "Vermoedens",
            "Verklaringen",
            "Maatregelen",
            "Reactie",
            "Slot en handtekeningen",
            "Antwoorden per onderdeel",
            "Foto’s",
            "Bijlagen",
            "Verantwoording",
        ],
    );
}

#[test]
fn a_finding_is_read_number_first_and_its_photo_last() {
    let (model, album) = common::barn();
    let structure = Pdf::of(&model, &album).structure();
    let findings = &structure[structure.rfind("TOCI").unwrap()..];
    in_order(findings, &["B2", "Extra ventilatie", "14:03", "M. Dekker", "Foto 3", "Eigen waarneming", "Op het dak"]);
    in_order(findings, &["Op het dak", "Gewone verklaring", "Figure", "Caption", "Zuidgevel", "B3"]);
}

#[test]
fn assumptions_stand_apart_from_findings_with_their_ordinary_explanation() {
    let mut model = common::empty();
    model.assumptions.push(Assumption {
        number: "V1".to_owned(),
        title: "Vermoeden".to_owned(),
        text: "Het kan zijn.".to_owned(),
        observed_at: None,
        author: "M. Dekker".to_owned(),
        ordinary_explanation: String::new(),
        rests_on: Vec::new(),
        photos: Vec::new(),
    });
    let text = Pdf::of(&model, &Album::default()).text();
    assert!(text.contains("Gewone verklaring. Niet gegeven en niet bekend."), "{text}");
    let mut mixed = common::empty();
    mixed.findings.push(Finding {
        kind: veldboek_domain::ObservationKind::Assumption,
        ..common::finding("B1", "Titel", "Tekst.")
    });
    let refused = render(&mixed, &Album::default());
    assert!(matches!(refused, Err(ReportError::AssumptionAmongFindings { number }) if number == "B1"));
}

#[test]
fn a_report_with_open_differences_is_never_final() {
    let (mut model, album) = common::barn();
    model.head.status = ReportStatus::Final;
    let refused = render(&model, &album);
    assert!(matches!(refused, Err(ReportError::OpenDifferences { count: 1 })));
}

#[test]
fn a_concept_says_so_on_every_page_and_a_final_report_does_not() {
    let (mut model, album) = common::barn();
    let pdf = Pdf::of(&model, &album);
    let text = pdf.text();
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert_eq!(pages.len(), pdf.rendered.pages);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("VB-2026-0042-K7, versie 1, concept"), "{page}");
        assert!(page.contains(&format!("Pagina {} van {}", index + 1, pages.len())), "{page}");
        assert!(index == 0 || page.contains("Concept, nog niet vastgesteld"), "{page}");
    }
    model.head.status = ReportStatus::Final;
    model.open_differences.clear();
    model.head.checklist.version = "1".to_owned();
    assert!(!Pdf::of(&model, &album).text().to_lowercase().contains("concept"));
}

#[test]
fn each_copy_says_for_whom_it_is() {
    let mut model = common::empty();
    assert!(Pdf::of(&model, &Album::default()).text().contains("Exemplaar voor het dossier"));
    model.copy = ReportCopy::LeaveBehind;
    assert!(Pdf::of(&model, &Album::default()).text().contains("Exemplaar voor de bezochte partij"));
}

#[test]
fn nothing_recorded_is_said_in_words() {
    let text = without_breaks(&Pdf::of(&common::empty(), &Album::default()).text());
    for sentence in [
        "Er zijn geen bevindingen vastgelegd.",
        "Er zijn geen vermoedens vastgelegd.",
        "Er zijn geen verklaringen opgenomen.",
        "Er worden geen maatregelen voorgesteld.",
        "Er is nog geen reactie vastgelegd.",
        "Dit exemplaar is niet ondertekend.",
        "Er zijn geen vragen beantwoord.",
        "Er zijn geen bijlagen.",
        "Geen adres vastgelegd",
    ] {
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
}

#[test]
fn no_answer_is_silence_and_is_printed_as_such() {
    let mut model = common::empty();
    model.response = Response::None;
    assert!(Pdf::of(&model, &Album::default()).text().contains("gaf geen reactie"));
}

#[test]
fn names_in_other_scripts_can_be_copied_from_the_report() {
    let names = ["Gülşen Yıldız", "Łukasz Wójcik", "Иван Петренко", "Nguyễn Thị Hằng", "Ελένη Παππά", "محمد علي"];
    let mut model = common::empty();
    model.participants = names.iter().map(|name| Officer { name: (*name).to_owned(), ..Officer::default() }).collect();
    let pdf = Pdf::of(&model, &Album::default());
    assert_eq!(pdf.rendered.problems, []);
    let text = pdf.text();
    for name in names {
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn a_sign_that_no_font_has_is_printed_as_its_code_and_reported() {
    let mut model = common::empty();
    model.method = "Gezien \u{1F600} en 漢.".to_owned();
    let pdf = Pdf::of(&model, &Album::default());
    assert!(pdf.text().contains("Gezien [U+1F600] en [U+6F22]."));
    assert_eq!(
        pdf.rendered.problems,
        [Problem::Sign { text: "漢".to_owned() }, Problem::Sign { text: "\u{1F600}".to_owned() }]
    );
}

#[test]
fn a_very_long_word_and_a_very_long_text_stay_on_the_paper_and_whole() {
    let word = "ventilatiepijpbevestigingsbeugel".repeat(4);
    assert!(word.len() >= 120);
    let long = "De kap van de schuur is aan de zuidkant over de hele lengte vervangen. ".repeat(220);
    let mut model = common::empty();
    model.findings.push(common::finding("B1", &word, &format!("{word} {long}")));
    model.place.address.line.clone_from(&word);
    model.author.name.clone_from(&word);
    let pdf = Pdf::of(&model, &Album::default());
    let boxes = pdf.stdout("pdftotext", &["-bbox".as_ref(), pdf.path().as_os_str(), "-".as_ref()]);
    let limit = |line: &str, name: &str| -> Option<f64> { line.split(name).nth(1)?.split('"').nth(1)?.parse().ok() };
    for line in boxes.lines().filter(|line| line.contains("<word")) {
        assert!(limit(line, "xMax=").unwrap() <= 550.0, "{line}");
        assert!(limit(line, "xMin=").unwrap() >= 25.0, "{line}");
        assert!(limit(line, "yMax=").unwrap() <= 825.0, "{line}");
    }
    let whole: String = pdf.structure().chars().filter(|sign| sign.is_alphanumeric()).collect();
    assert_eq!(whole.matches("schuurisaandezuidkantoverdehelelengtevervangen").count(), 220);
}

#[test]
fn the_list_of_contents_names_the_page_on_which_a_part_stands() {
    let (model, album) = common::barn();
    let text = Pdf::of(&model, &album).text();
    let pages: Vec<&str> = text.split('\u{c}').collect();
    for title in ["Bevindingen", "Vermoedens", "Maatregelen", "Verantwoording"] {
        let entry = pages[0].lines().find(|line| line.contains(title)).unwrap();
        let number: usize = entry.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!(pages[number - 1].lines().any(|line| line.trim() == title), "{entry}");
    }
}

#[test]
fn an_answer_that_does_not_count_is_marked() {
    let (model, album) = common::barn();
    let text = Pdf::of(&model, &album).text();
    in_order(&text, &["kamergewijze verhuur", "Telt niet mee"]);
}

#[test]
fn a_photo_number_that_stands_twice_is_refused() {
    let (mut model, album) = common::barn();
    model.photos[1].number = 1;
    assert!(matches!(render(&model, &album), Err(ReportError::PhotoTwice { number: 1 })));
}
