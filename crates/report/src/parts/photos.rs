//! Photos: each is printed once, whole, with its caption under it.

use crate::model::{Photo, ReportModel};
use crate::page::marks::line_marks;
use crate::page::{Anchor, Band, Entry, Ink, Mark, Owner, Tag, sheet};
use crate::photo::{PhotoFault, Picture};
use crate::text::{Colour, Style, Text};
use crate::words;

use super::{ENTRY_GAP, Part, Report, SMALL_LEADING};

/// A photo of fewer pixels than this per inch is printed smaller instead of coarser.
const FEWEST_PIXELS_PER_INCH: f32 = 96.0;

/// The numbers of the photos that stand beside text.
pub fn photo_references(model: &ReportModel) -> Vec<u32> {
    let findings = model.findings.iter().flat_map(|finding| &finding.photos);
    let assumptions = model.assumptions.iter().flat_map(|assumption| &assumption.photos);
    let statements = model.statements.iter().flat_map(|statement| &statement.photos);
    findings.chain(assumptions).chain(statements).copied().collect()
}

impl Report<'_> {
    /// How many photos no text refers to.
    pub(super) fn loose_photos(&self) -> usize {
        let beside = photo_references(self.model);
        self.model.photos.iter().filter(|photo| !beside.contains(&photo.number)).count()
    }

    /// The part with the photos that no text refers to.
    pub(super) fn further_photos(&mut self) {
        self.part(Part::Photos, |report| {
            if report.printed.iter().any(|printed| *printed) {
                report.remark("De andere foto’s staan bij de tekst die ernaar verwijst.");
            }
            for index in 0..report.model.photos.len() {
                if !report.printed[index] {
                    report.flow.gap(ENTRY_GAP);
                    report.photo(index);
                }
            }
        });
    }

    /// The photos of a text that were not printed before it.
    pub(super) fn photos_of(&mut self, numbers: &[u32]) {
        for number in numbers {
            if let Some((index, _)) = self.photos.get(number).copied()
                && !self.printed[index]
            {
                self.flow.gap(10.0);
                self.photo(index);
            }
        }
    }

    /// Links to photos in the margin of a text. A number that the report has no photo for is said to be missing.
    pub(super) fn photo_links(&mut self, entry: &mut Entry, numbers: &[u32]) {
        for number in numbers {
            let words = format!("Foto {number}");
            let text = Text::of(words.as_str(), Style::MARGIN);
            match self.photos.get(number).copied() {
                Some((_, target)) => self.flow.margin_link(entry, &text, target, &format!("Naar foto {number}")),
                None => self.flow.margin(entry, &Text::of(format!("{words} ontbreekt"), Style::MARGIN)),
            }
        }
    }

    fn photo(&mut self, index: usize) {
        let photo = &self.model.photos[index];
        let anchor = self.photos.get(&photo.number).map(|(_, anchor)| *anchor);
        self.printed[index] = true;
        let visit = self.model.visit.date;
        let first = self.flow.bands.len();
        self.within(Tag::Div, |report| {
            if let Some(anchor) = anchor {
                report.flow.here_is(anchor);
            }
            let mut entry = report.flow.begin_entry();
            report.flow.within(Tag::P, |flow| {
                flow.margin(&mut entry, &Text::of(format!("Foto {}", photo.number), Style::NUMBER));
                if let Some(at) = photo.taken_at {
                    let time = if at.date_naive() == visit {
                        words::exact_time(at)
                    } else {
                        format!("{} {}", words::short_day(at.date_naive()), words::exact_time(at))
                    };
                    flow.margin(&mut entry, &Text::of(time, Style::MARGIN));
                }
                flow.margin(&mut entry, &Text::of(photo.author.as_str(), Style::MARGIN));
            });
            match report.pictures[index] {
                Ok(picture) => report.picture(index, &picture),
                Err(fault) => report.note_of_absence(photo.number, fault),
            }
            report.caption(photo);
            report.flow.keep_together(first);
            report.flow.end_entry(entry);
        });
    }

    fn picture(&mut self, index: usize, picture: &Picture) {
        let photo = &self.model.photos[index];
        let alt = [&photo.alt, &photo.caption].into_iter().find(|words| !words.trim().is_empty());
        let alt = alt.cloned().unwrap_or_else(|| format!("Foto {}, zonder beschrijving", photo.number));
        let (width, height) = size_on_paper(picture);
        self.flow.within_described(Tag::Figure, Some(alt), |flow| {
            let ink = Ink::Photo { index, width, height, orientation: picture.orientation };
            let mark = Mark { owner: flow.owner(), x: sheet::LEFT, y: 0.0, ink };
            flow.push(Band { height, baseline: 10.0, marks: vec![mark], ..Band::default() });
        });
    }

    /// A frame in the place of a photo that can't be shown.
    fn note_of_absence(&mut self, number: u32, fault: PhotoFault) {
        let text = Text::of(format!("Foto {number} ontbreekt in dit exemplaar. "), Style::STRONG)
            .and(reason(fault), Style::BODY);
        const PADDING: f32 = 12.0;
        let lines = self.flow.typesetter.lines(&text, sheet::COLUMN - 2.0 * PADDING);
        let height = lines.len() as f32 * sheet::LEADING + 2.0 * PADDING;
        let baseline = self.flow.baseline(&text, sheet::LEADING) + PADDING;
        self.flow.within(Tag::P, |flow| {
            let ink = Ink::Frame { width: sheet::COLUMN, height, colour: Colour::QUIET };
            let mut marks = vec![Mark { owner: Owner::Artifact, x: sheet::LEFT, y: 0.0, ink }];
            for (index, line) in lines.into_iter().enumerate() {
                let y = baseline + index as f32 * sheet::LEADING;
                marks.extend(line_marks(line, sheet::LEFT + PADDING, y, || flow.owner()));
            }
            flow.push(Band { height, baseline, marks, ..Band::default() });
        });
    }

    fn caption(&mut self, photo: &Photo) {
        let seen = [photo.caption.as_str(), photo.place.as_str(), photo.direction.as_str()]
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .map(|part| words::sentence(&words::capital(part.trim())))
            .collect::<Vec<_>>()
            .join(" ");
        let mut text = Text::of(format!("Foto {}. ", photo.number), Style::SMALL_STRONG).and(seen, Style::SMALL);
        if !photo.edits.trim().is_empty() {
            text = text.and(format!(" {}", words::sentence(&photo.edits)), Style::SMALL);
        }
        text = text.and("\nSHA-256 ", Style::CODE).and(words::abbreviated(&photo.sha256), Style::CODE);
        self.flow.gap(5.0);
        self.flow.within(Tag::Caption, |flow| {
            for paragraph in text.paragraphs() {
                flow.within(Tag::P, |flow| flow.lines(&paragraph, SMALL_LEADING));
            }
        });
    }

    /// The place of a photo by its number.
    pub(super) fn place_of_finding(&self, number: &str) -> Option<Anchor> {
        self.findings.get(number).copied()
    }
}

/// As large as fits in the box for photos, never cropped and never coarser than can be looked at.
fn size_on_paper(picture: &Picture) -> (f32, f32) {
    let (width, height) = picture.shown();
    let (width, height) = (width.max(1) as f32, height.max(1) as f32);
    let scale = (sheet::PHOTO.0 / width).min(sheet::PHOTO.1 / height).min(72.0 / FEWEST_PIXELS_PER_INCH);
    (width * scale, height * scale)
}

/// Why a photo is not there and what to do, for the reader of the report.
fn reason(fault: PhotoFault) -> &'static str {
    match fault {
        PhotoFault::Missing => {
            "Het bestand staat niet op het apparaat waarop dit rapport is gemaakt. Maak het rapport opnieuw als de foto \
             is ontvangen."
        }
        PhotoFault::Unreadable => {
            "Het bestand kon niet worden geopend. Maak het rapport opnieuw, of vraag de foto op bij de organisatie."
        }
        PhotoFault::OtherBytes => {
            "Het bestand heeft een andere SHA-256 dan bij het maken is vastgelegd en is daarom niet afgedrukt."
        }
        PhotoFault::NotAnImage => "Het bestand is geen JPEG of PNG, of het begin ervan is beschadigd.",
    }
}
