//! The controlerapport as an archival (PDF/A-2a) and accessible (PDF/UA-1) document.
//!
//! ```text
//! ReportModel -> parts (what it says) -> page (bands, structure, pages) -> pdf (printpdf, then lopdf)
//! ```
//!
//! Equal models give equal bytes: date and identity come from the model. Photos pass through untouched, one at a time.
//! What a reader may not see, the caller leaves out of the model; nothing is hidden here. That goes for data inside a
//! photo file (EXIF) too: give a copy without it where a reader may not have it.

pub mod compose;
pub mod model;
mod page;
mod parts;
mod pdf;
mod photo;
mod text;
mod words;

use std::fmt;

use veldboek_domain::{Digest, ObservationKind};

pub use compose::{ChainTip, Numbering, Observed, Source, compose, reaction_question};
pub use model::{ReportCopy, ReportModel, ReportStatus};
pub use photo::{PhotoFault, PhotoSource, PhotoSourceError};

use page::furniture::furnish;
use page::paginate::paginate;
use pdf::{Finished, Info, WriteFault};
use photo::Picture;

/// A report.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What is not in it as it should be. The report itself says the same in its place.
    pub problems: Vec<Problem>,
}

/// Something that could not be printed as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A photo is not in the report; a frame in its place says so.
    Photo {
        /// Its number.
        number: u32,
        /// Why.
        fault: PhotoFault,
    },
    /// A text refers to a photo that is not in the model.
    UnknownPhoto {
        /// The number that is referred to.
        number: u32,
    },
    /// No font can show these signs; they were printed as their code, such as `[U+1F600]`.
    Sign {
        /// The signs.
        text: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Photo { number, fault } => write!(f, "Foto {number} staat niet in het rapport: {fault}"),
            Self::UnknownPhoto { number } => {
                write!(f, "Een tekst verwijst naar foto {number}, maar die hoort niet bij dit rapport.")
            }
            Self::Sign { text } => {
                write!(f, "Het teken {text} kan niet worden afgedrukt. In het rapport staat de code ervan.")
            }
        }
    }
}

impl fmt::Display for PhotoFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "het bestand is niet op dit apparaat. Synchroniseer en maak het rapport opnieuw.",
            Self::Unreadable => "het bestand kon niet worden geopend. Probeer het opnieuw.",
            Self::OtherBytes => "de SHA-256 is anders dan bij het maken is vastgelegd.",
            Self::NotAnImage => "het bestand is geen JPEG of PNG, of het begin ervan is beschadigd.",
        })
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A report can't be final while people differ.
    #[error("the report has {count} open differences and can't be final")]
    OpenDifferences {
        /// How many.
        count: usize,
    },
    /// Facts and assumptions are kept apart (ECLI:NL:RBAMS:2012:BW2542).
    #[error("{number} is an assumption and can't stand among the findings")]
    AssumptionAmongFindings {
        /// The finding's number.
        number: String,
    },
    /// Two photos have the same number, so that a reference would be ambiguous.
    #[error("photo {number} stands twice in the report")]
    PhotoTwice {
        /// The number.
        number: u32,
    },
    /// The PDF could not be made.
    #[error("the PDF could not be made")]
    Pdf(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Makes the report as a PDF.
///
/// A photo that can't be read, or a sign that no font has, does not stop the report: see [`Rendered::problems`]. Each
/// photo is asked for twice, once to see its size and once to write it, so that beside the file only one is in memory.
///
/// # Errors
/// [`ReportError`]: when the model contradicts itself, or the PDF can't be made.
pub fn render(model: &ReportModel, photos: &dyn PhotoSource) -> Result<Rendered, ReportError> {
    check(model)?;
    let hashes: Vec<Digest> = model.photos.iter().map(|photo| photo.sha256).collect();
    let mut pictures: Vec<Result<Picture, PhotoFault>> =
        hashes.iter().map(|sha256| Picture::fetch(photos, sha256).map(|(picture, _)| picture)).collect();
    let info = info(model)?;
    loop {
        let mut flow = parts::write(model, &pictures);
        let mut pages = paginate(&flow.bands);
        furnish(&mut pages, &mut flow.typesetter, &parts::furniture(model));
        let finished = Finished { flow: &flow, pages: &pages, info: &info, pictures: &pictures, hashes: &hashes };
        match pdf::write(&finished, photos) {
            Ok(pdf) => {
                let problems = problems(model, &pictures, flow.typesetter.unknown());
                return Ok(Rendered { pdf, pages: pages.pages.len(), problems });
            }
            // It is made anew; the photo gets a frame that says so.
            Err(WriteFault::Photo { index, fault }) => pictures[index] = Err(fault),
            Err(WriteFault::Pdf(error)) => return Err(ReportError::Pdf(Box::new(error))),
            Err(WriteFault::Shape(invariant)) => return Err(ReportError::Pdf(invariant.into())),
        }
    }
}

fn check(model: &ReportModel) -> Result<(), ReportError> {
    let count = model.open_differences.len();
    if model.head.status == ReportStatus::Final && count > 0 {
        return Err(ReportError::OpenDifferences { count });
    }
    if let Some(finding) = model.findings.iter().find(|finding| finding.kind == ObservationKind::Assumption) {
        return Err(ReportError::AssumptionAmongFindings { number: finding.number.clone() });
    }
    let mut numbers = std::collections::BTreeSet::new();
    match model.photos.iter().find(|photo| !numbers.insert(photo.number)) {
        Some(photo) => Err(ReportError::PhotoTwice { number: photo.number }),
        None => Ok(()),
    }
}

fn info(model: &ReportModel) -> Result<Info, ReportError> {
    let head = &model.head;
    let content = serde_json::to_vec(model).map_err(|error| ReportError::Pdf(Box::new(error)))?;
    Ok(Info {
        title: format!(
            "Controlerapport {}, versie {}, {}",
            head.report_number,
            head.version,
            words::status(head.status)
        ),
        made_at: head.made_at,
        identity: Digest::of(&content),
    })
}

fn problems(
    model: &ReportModel,
    pictures: &[Result<Picture, PhotoFault>],
    signs: &std::collections::BTreeSet<String>,
) -> Vec<Problem> {
    let faults = model
        .photos
        .iter()
        .zip(pictures)
        .filter_map(|(photo, picture)| picture.err().map(|fault| Problem::Photo { number: photo.number, fault }));
    let mut unknown: Vec<u32> = parts::photo_references(model);
    unknown.retain(|number| model.photos.iter().all(|photo| photo.number != *number));
    unknown.sort_unstable();
    unknown.dedup();
    let unknown = unknown.into_iter().map(|number| Problem::UnknownPhoto { number });
    let signs = signs.iter().map(|text| Problem::Sign { text: text.clone() });
    faults.chain(unknown).chain(signs).collect()
}
