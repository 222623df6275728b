//! Photos: as they were made, the right way up, each once, and a word in its place when one is missing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[path = "common/tools.rs"]
mod tools;

use common::{Album, shots};
use tools::Pdf;
use veldboek_domain::Digest;
use veldboek_report::{PhotoFault, PhotoSource, PhotoSourceError, Problem, ReportModel};

fn with_photo(bytes: Vec<u8>, width: u32, height: u32) -> (ReportModel, Album) {
    let mut model = common::empty();
    model.photos.push(common::photo(1, "Proef", &bytes, width, height));
    let mut album = Album::default();
    album.add(bytes);
    (model, album)
}

#[test]
fn a_jpeg_comes_out_byte_for_byte_as_it_went_in() {
    let (model, album) = common::barn();
    let pdf = Pdf::of(&model, &album);
    let prefix = pdf.folder().join("uit");
    pdf.stdout("pdfimages", &["-all".as_ref(), pdf.path().as_os_str(), prefix.as_os_str()]);
    let mut found: Vec<Digest> = std::fs::read_dir(pdf.folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .map(|path| Digest::of(&std::fs::read(path).unwrap()))
        .collect();
    let mut expected: Vec<Digest> = model.photos.iter().map(|photo| photo.sha256).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "each photo once, under its own hash");
}

#[test]
fn no_photo_is_made_smaller() {
    let (model, album) = common::barn();
    let pdf = Pdf::of(&model, &album);
    let list = pdf.stdout("pdfimages", &["-list".as_ref(), pdf.path().as_os_str()]);
    for photo in &model.photos {
        let size = (photo.width.to_string(), photo.height.to_string());
        assert!(
            list.lines().any(|line| {
                let columns: Vec<&str> = line.split_whitespace().collect();
                columns.len() > 8 && columns[3] == size.0 && columns[4] == size.1 && columns[8] == "jpeg"
            }),
            "{list}"
        );
    }
}

/// The colours in the corners of the only photo on a page.
fn corners(page: &image::RgbImage) -> [char; 4] {
    let colour = |x: u32, y: u32| match page.get_pixel(x, y).0 {
        [200..=255, 0..60, 0..60] => Some('r'),
        [0..60, 150..200, 0..60] => Some('g'),
        [0..60, 0..60, 200..=255] => Some('b'),
        [200..=255, 180..230, 0..60] => Some('y'),
        _ => None,
    };
    let spots: Vec<(u32, u32)> =
        page.enumerate_pixels().map(|(x, y, _)| (x, y)).filter(|(x, y)| colour(*x, *y).is_some()).collect();
    let range = |axis: fn(&(u32, u32)) -> u32| {
        (spots.iter().map(axis).min().unwrap() + 3, spots.iter().map(axis).max().unwrap() - 3)
    };
    let ((left, right), (top, bottom)) = (range(|spot| spot.0), range(|spot| spot.1));
    [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(x, y)| colour(x, y).unwrap())
}

#[test]
fn a_photo_stands_the_way_up_that_its_exif_says() {
    let stored = common::jpeg(&shots::quarters(400, 300), 95);
    let expected = [
        (1, ['r', 'g', 'b', 'y']),
        (2, ['g', 'r', 'y', 'b']),
        (3, ['y', 'b', 'g', 'r']),
        (4, ['b', 'y', 'r', 'g']),
        (5, ['r', 'b', 'g', 'y']),
        (6, ['b', 'r', 'y', 'g']),
        (7, ['y', 'g', 'b', 'r']),
        (8, ['g', 'y', 'r', 'b']),
    ];
    for (orientation, shown) in expected {
        let (model, album) = with_photo(shots::with_orientation(&stored, orientation), 400, 300);
        let pdf = Pdf::of(&model, &album);
        assert_eq!(pdf.rendered.problems, []);
        assert_eq!(corners(&pdf.page(photo_page(&pdf))), shown, "orientation {orientation}");
    }
}

/// The page with the photo.
fn photo_page(pdf: &Pdf) -> usize {
    let list = pdf.stdout("pdfimages", &["-list".as_ref(), pdf.path().as_os_str()]);
    list.lines().nth(2).unwrap().split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn printing_colours_are_shown_and_not_inverted() {
    let (model, album) = with_photo(include_bytes!("fixtures/cmyk.jpg").to_vec(), 96, 64);
    let pdf = Pdf::of(&model, &album);
    assert_eq!(pdf.rendered.problems, []);
    let page = pdf.page(photo_page(&pdf));
    let near = |wanted: [u8; 3]| {
        page.pixels().any(|pixel| pixel.0.iter().zip(wanted).all(|(part, wanted)| part.abs_diff(wanted) < 40))
    };
    assert!(near([0, 255, 255]), "cyan");
    assert!(near([255, 0, 255]), "magenta");
    assert!(near([255, 255, 0]), "yellow");
}

#[test]
fn a_png_keeps_every_pixel() {
    let picture = shots::quarters(40, 30);
    let mut png = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let (model, album) = with_photo(png, 40, 30);
    let pdf = Pdf::of(&model, &album);
    let prefix = pdf.folder().join("uit");
    pdf.stdout("pdfimages", &["-png".as_ref(), pdf.path().as_os_str(), prefix.as_os_str()]);
    let out = image::open(pdf.folder().join("uit-000.png")).unwrap().into_rgb8();
    assert_eq!(out, picture);
}

fn fault_of(bytes: &[u8], album: &dyn PhotoSource) -> (Pdf, PhotoFault) {
    let mut model = common::empty();
    model.photos.push(common::photo(1, "Proef", bytes, 400, 300));
    let pdf = Pdf::of(&model, album);
    let Some(Problem::Photo { number: 1, fault }) = pdf.rendered.problems.first().cloned() else {
        panic!("{:?}", pdf.rendered.problems)
    };
    (pdf, fault)
}

#[test]
fn a_missing_photo_leaves_a_word_in_its_place_and_a_report() {
    let (pdf, fault) = fault_of(b"weg", &Album::default());
    assert_eq!(fault, PhotoFault::Missing);
    assert!(pdf.text().contains("Foto 1 ontbreekt in dit exemplaar."));
}

#[test]
fn what_is_no_photo_is_said_to_be_none() {
    let mut album = Album::default();
    album.add(b"geen foto".to_vec());
    assert_eq!(fault_of(b"geen foto", &album).1, PhotoFault::NotAnImage);
    let broken = &common::jpeg(&shots::quarters(40, 30), 80)[..40];
    album.add(broken.to_vec());
    assert_eq!(fault_of(broken, &album).1, PhotoFault::NotAnImage);
}

#[test]
fn bytes_that_changed_are_not_printed_as_the_photo() {
    let original = common::jpeg(&shots::quarters(40, 30), 80);
    let mut album = Album::default();
    album.0.insert(Digest::of(&original), shots::with_comment(&original, "anders"));
    let (pdf, fault) = fault_of(&original, &album);
    assert_eq!(fault, PhotoFault::OtherBytes);
    assert!(pdf.text().contains("Het bestand heeft een"));
}

/// A source that loses its photo between the first and the second time that it is asked.
struct Forgetful {
    album: Album,
    asked: std::sync::atomic::AtomicUsize,
}

impl PhotoSource for Forgetful {
    fn bytes(&self, sha256: &Digest) -> Result<Vec<u8>, PhotoSourceError> {
        if self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            self.album.bytes(sha256)
        } else {
            Err(PhotoSourceError::Unreadable("the disk is gone".into()))
        }
    }
}

#[test]
fn a_photo_that_is_lost_halfway_is_said_to_be_missing() {
    let bytes = common::jpeg(&shots::quarters(40, 30), 80);
    let mut album = Album::default();
    album.add(bytes.clone());
    let source = Forgetful { album, asked: 0.into() };
    let (pdf, fault) = fault_of(&bytes, &source);
    assert_eq!(fault, PhotoFault::Unreadable);
    assert!(pdf.text().contains("Foto 1 ontbreekt in dit exemplaar."));
}

#[test]
fn a_reference_to_no_photo_is_reported() {
    let mut model = common::empty();
    let mut finding = common::finding("B1", "Titel", "Tekst.");
    finding.photos = vec![9];
    model.findings.push(finding);
    let pdf = Pdf::of(&model, &Album::default());
    assert_eq!(pdf.rendered.problems, [Problem::UnknownPhoto { number: 9 }]);
    assert!(pdf.text().contains("Foto 9"));
}

#[test]
fn fifty_photos_make_thirty_pages_and_a_file_hardly_larger_than_they_are() {
    let mut model = common::empty();
    let mut album = Album::default();
    let base = shots::noise(1600, 1200, 68);
    let mut total = 0;
    for number in 1..=50 {
        let bytes = shots::with_comment(&base, &format!("foto {number}"));
        total += bytes.len() as u64;
        model.photos.push(common::photo(number, &format!("Vak {number}"), &bytes, 1600, 1200));
        album.add(bytes);
        let mut finding = common::finding(&format!("B{number}"), "Waarneming", &"Wat er te zien was. ".repeat(6));
        finding.photos = vec![number];
        model.findings.push(finding);
    }
    assert!((550_000..750_000).contains(&(total / 50)), "the photos are of the size that is promised: {}", total / 50);
    let pdf = Pdf::of(&model, &album);
    assert_eq!(pdf.rendered.problems, []);
    assert!((28..=36).contains(&pdf.rendered.pages), "{} pages", pdf.rendered.pages);
    assert!(pdf.rendered.pdf.len() as f64 <= total as f64 * 1.05, "{} of {total}", pdf.rendered.pdf.len());
}
