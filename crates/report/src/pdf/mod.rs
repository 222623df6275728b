//! From pages to a PDF file that is archival (PDF/A-2a, ISO 19005-2) and accessible (PDF/UA-1, ISO 14289-1).
//!
//! `printpdf` writes the drawing operations and the fonts; a finishing pass over `lopdf` adds what it does not know:
//! the structure tree, links, outline, metadata, colour intent and the photos' own bytes.

mod draw;
mod fonts;
mod metadata;
mod navigation;
mod photos;
mod structure;

use lopdf::{Object, StringFormat};
use printpdf::{PdfDocument, PdfFont, PdfSaveOptions};

use crate::page::{Flow, Pages};
use crate::photo::{PhotoFault, PhotoSource, Picture};

pub use metadata::Info;

/// Why no file was made.
#[derive(Debug)]
pub enum WriteFault {
    /// A photo that could be read before could not be read now.
    Photo {
        /// Its index.
        index: usize,
        /// Why.
        fault: PhotoFault,
    },
    /// The PDF library refused.
    Pdf(lopdf::Error),
    /// The structure of the document is not what the library is known to make.
    Shape(&'static str),
}

impl From<lopdf::Error> for WriteFault {
    fn from(error: lopdf::Error) -> Self {
        Self::Pdf(error)
    }
}

/// A laid-out document that is ready to be written.
pub struct Finished<'a> {
    /// Its structure, outline and fonts.
    pub flow: &'a Flow,
    /// Its pages.
    pub pages: &'a Pages,
    /// Title, date and identity.
    pub info: &'a Info,
    /// For each photo how it is stored, or why it is missing.
    pub pictures: &'a [Result<Picture, PhotoFault>],
    /// The SHA-256 of each photo.
    pub hashes: &'a [veldboek_domain::Digest],
}

/// Makes the file. Photos are asked for one at a time, while it is written.
///
/// # Errors
/// [`WriteFault`].
pub fn write(finished: &Finished<'_>, source: &dyn PhotoSource) -> Result<Vec<u8>, WriteFault> {
    let faces = fonts::embed(finished.flow.typesetter.fonts(), finished.pages);
    let drawn = draw::draw(finished.pages, &faces);

    let mut document = PdfDocument::new(&finished.info.title);
    for (face, embedded) in faces {
        document.resources.fonts.map.insert(fonts::resource(face), PdfFont::new(embedded.parsed));
    }
    photos::reserve(&mut document, finished.pictures);
    document.with_pages(drawn.pages);
    let mut warnings = Vec::new();
    let mut pdf = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    drop(document);

    pdf.version = "1.7".to_owned();
    let places = structure::Places { pages: pdf.get_pages().values().copied().collect(), spots: &finished.pages.spots };
    structure::add(&mut pdf, &finished.flow.tree, &drawn.placed, &places)?;
    navigation::add_outline(&mut pdf, &finished.flow.outline, &places)?;
    metadata::add(&mut pdf, finished.info)?;
    pdf.prune_objects();
    pdf.compress();
    photos::place(&mut pdf, finished, source)?;
    let mut filling = photos::Filling::new(finished, source);
    let written = pdf.save_to(&mut filling);
    filling.end(written)
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// A text string that any reader shows rightly: UTF-16 with a byte order mark.
fn text(text: &str) -> Object {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}
