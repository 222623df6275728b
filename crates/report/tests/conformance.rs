//! The file as others judge it: veraPDF, qpdf and poppler.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[path = "common/tools.rs"]
mod tools;

use std::path::PathBuf;

use common::{Album, shots};
use tools::{Pdf, verapdf};
use veldboek_report::model::*;

/// Names and texts in the scripts of the region's people.
fn scripts() -> ReportModel {
    let mut model = common::empty();
    model.author.name = "Gülşen Yıldız-Öztürk".to_owned();
    let named = |name: &str| Officer { name: name.to_owned(), ..Officer::default() };
    model.participants =
        ["Łukasz Wójcik", "Иван Петренко", "Ђорђе Ђаковић", "Nguyễn Thị Hằng", "محمد الأمين", "Ελένη Παππά"]
            .map(named)
            .to_vec();
    model.statements = vec![Statement {
        role: "bewoner".to_owned(),
        caution: StatementCaution::NotGiven,
        verbatim: true,
        text: "أنا أسكن هنا منذ شهرين، والباب مفتوح (دائمًا) للجميع.".to_owned(),
        taken_at: None,
        author: "محمد الأمين".to_owned(),
        photos: Vec::new(),
    }];
    model
}

fn with_every_kind_of_photo() -> (ReportModel, Album) {
    let mut album = Album::default();
    let mut model = common::empty();
    let upright = common::jpeg(&shots::quarters(400, 300), 90);
    let grey = {
        let mut out = Vec::new();
        image::DynamicImage::from(shots::quarters(300, 200))
            .into_luma8()
            .write_to(&mut std::io::Cursor::new(&mut out), image::ImageFormat::Jpeg)
            .unwrap();
        out
    };
    let png = {
        let mut out = Vec::new();
        let mut picture = image::DynamicImage::from(shots::quarters(300, 200)).into_rgba8();
        picture.pixels_mut().for_each(|pixel| pixel.0[3] = pixel.0[0]);
        picture.write_to(&mut std::io::Cursor::new(&mut out), image::ImageFormat::Png).unwrap();
        out
    };
    let cmyk = include_bytes!("fixtures/cmyk.jpg").to_vec();
    let all = [upright.clone(), shots::with_orientation(&upright, 6), grey, png, cmyk, b"geen foto".to_vec()];
    for (index, bytes) in all.into_iter().enumerate() {
        let number = index as u32 + 1;
        model.photos.push(common::photo(number, "Kwartieren", &bytes, 400, 300));
        album.add(bytes);
    }
    let missing = b"niet in het album";
    model.photos.push(common::photo(7, "Ontbreekt", missing, 400, 300));
    (model, album)
}

#[test]
fn every_report_is_pdf_a_2a_and_pdf_ua_1() {
    let (barn, barn_photos) = common::barn();
    let mut left_behind = barn.clone();
    left_behind.copy = ReportCopy::LeaveBehind;
    left_behind.head.status = ReportStatus::Final;
    left_behind.open_differences.clear();
    let (photos, album) = with_every_kind_of_photo();
    let none = Album::default();
    let pdfs = [
        Pdf::of(&barn, &barn_photos),
        Pdf::of(&left_behind, &barn_photos),
        Pdf::of(&common::empty(), &none),
        Pdf::of(&scripts(), &none),
        Pdf::of(&photos, &album),
    ];
    let paths: Vec<PathBuf> = pdfs.iter().map(Pdf::path).collect();
    let verdict = verapdf(&paths);
    let passed = verdict.lines().filter(|line| line.starts_with("PASS ")).count();
    assert_eq!(passed, 2 * paths.len(), "{verdict}");
}

#[test]
fn qpdf_finds_nothing_wrong() {
    let (model, album) = common::barn();
    let pdf = Pdf::of(&model, &album);
    let said = pdf.stdout("qpdf", &["--check".as_ref(), pdf.path().as_os_str()]);
    assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
}

#[test]
fn every_font_is_embedded_as_a_subset_with_its_signs() {
    let pdf = Pdf::of(&scripts(), &Album::default());
    let fonts = pdf.stdout("pdffonts", &[pdf.path().as_os_str()]);
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(lines.len() >= 5, "{fonts}");
    for line in lines {
        assert!(line.contains("yes yes yes"), "embedded, subset and mapped to Unicode: {line}");
    }
}

#[test]
fn equal_models_give_equal_bytes_and_other_models_another_identity() {
    let (mut model, album) = common::barn();
    let bytes = |model: &ReportModel| veldboek_report::render(model, &album).unwrap().pdf;
    let first = bytes(&model);
    assert!(first == bytes(&model), "rendered twice, it is the same file");
    model.method.push_str(" En nog iets.");
    let other = bytes(&model);
    let identity = |pdf: &[u8]| {
        let pdf = lopdf::Document::load_mem(pdf).unwrap();
        format!("{:?}", pdf.trailer.get(b"ID").unwrap())
    };
    assert_ne!(identity(&first), identity(&other));
}

#[test]
fn title_language_and_date_come_from_the_model() {
    let pdf = Pdf::of(&common::empty(), &Album::default());
    let info = pdf.stdout("pdfinfo", &["-isodates".as_ref(), pdf.path().as_os_str()]);
    assert!(info.contains("Controlerapport VB-2026-0042-K7, versie 1, concept"), "{info}");
    assert!(info.contains("2026-11-20T08:30:00Z") || info.contains("2026-11-20T09:30:00+01"), "{info}");
    assert!(info.contains("Tagged:          yes"), "{info}");
    let document = lopdf::Document::load(pdf.path()).unwrap();
    let language = document.catalog().unwrap().get(b"Lang").unwrap().as_str().unwrap();
    assert_eq!(language, b"nl-NL");
}
