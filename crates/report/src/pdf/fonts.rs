//! The fonts in the file: only the glyphs that are used, and which signs they stand for.

use std::collections::BTreeMap;

use printpdf::{FontId, FontMetrics, ParsedFont, PdfFontMetricsStub};
use rustybuzz::ttf_parser;
use veldboek_domain::Digest;

use crate::page::{Ink, Pages};
use crate::text::shape::is_steering;
use crate::text::{FaceId, Fonts};

/// A face as it is embedded.
pub struct Embedded {
    /// For printpdf.
    pub parsed: ParsedFont,
    /// From the face's glyphs to those in the file.
    pub glyphs: BTreeMap<u16, EmbeddedGlyph>,
}

/// A glyph as it is embedded.
pub struct EmbeddedGlyph {
    /// Its number in the file.
    pub id: u16,
    /// Its width in thousandths of an em.
    pub width: f32,
    /// The signs that it stands for when text is copied or read out.
    pub text: String,
}

/// The name under which the pages use a face.
pub fn resource(face: FaceId) -> FontId {
    FontId(format!("F{}", face as usize))
}

/// Every face that the pages use.
pub fn embed(fonts: &Fonts, pages: &Pages) -> BTreeMap<FaceId, Embedded> {
    usage(pages).into_iter().map(|(face, used)| (face, embed_face(fonts.face(face), face, used))).collect()
}

type Usage = BTreeMap<u16, BTreeMap<String, usize>>;

/// For each glyph how often it stands for which signs.
fn usage(pages: &Pages) -> BTreeMap<FaceId, Usage> {
    let mut usage: BTreeMap<FaceId, Usage> = BTreeMap::new();
    for mark in pages.pages.iter().flat_map(|page| &page.marks) {
        if let Ink::Text(run) = &mark.ink {
            let glyphs = usage.entry(run.face).or_default();
            for glyph in &run.glyphs {
                *glyphs.entry(glyph.id).or_default().entry(readable(&glyph.text)).or_default() += 1;
            }
        }
    }
    usage
}

/// The signs of a glyph without those that are never seen, which fonts draw with the glyph of a space.
fn readable(text: &str) -> String {
    text.chars()
        .filter(|sign| !is_steering(*sign))
        .map(|sign| if sign == '\u{A0}' || sign == '\u{202F}' { ' ' } else { sign })
        .collect()
}

fn embed_face(face: &ttf_parser::Face<'_>, id: FaceId, used: Usage) -> Embedded {
    let mut remapper = subsetter::GlyphRemapper::new();
    let em = f32::from(face.units_per_em());
    let glyphs: BTreeMap<u16, EmbeddedGlyph> = used
        .into_iter()
        .map(|(glyph, texts)| {
            let advance = face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
            let text = texts
                .into_iter()
                .filter(|(text, _)| !text.is_empty())
                .max_by(|(text, times), (other, other_times)| times.cmp(other_times).then(other.cmp(text)))
                // A glyph that never stands for a sign of its own still needs one (ISO 19005-2, 6.2.11.7.2).
                .map_or_else(|| " ".to_owned(), |(text, _)| text);
            let embedded =
                EmbeddedGlyph { id: remapper.remap(glyph), width: (f32::from(advance) * 1000.0 / em).trunc(), text };
            (glyph, embedded)
        })
        .collect();
    let bytes = subsetter::subset(id.bytes(), 0, &remapper).expect("a bundled font can be cut down to some glyphs");
    let widths = glyphs
        .iter()
        .map(|(glyph, embedded)| (embedded.id, face.glyph_hor_advance(ttf_parser::GlyphId(*glyph)).unwrap_or(0)))
        .collect();
    let name = format!("{}+{}", subset_tag(&bytes), id.postscript_name());
    let metrics = FontMetrics { ascent: face.ascender(), descent: face.descender() };
    let mut parsed =
        ParsedFont::with_glyph_data(bytes, 0, Some(name), BTreeMap::new(), widths, face.units_per_em(), metrics);
    let outline = face.global_bounding_box();
    let slope = face.italic_angle().to_radians().tan();
    parsed.pdf_font_metrics = PdfFontMetricsStub {
        units_per_em: face.units_per_em(),
        x_min: outline.x_min,
        y_min: outline.y_min,
        x_max: outline.x_max,
        y_max: outline.y_max,
        caret_slope_rise: 1000,
        caret_slope_run: (-slope * 1000.0).round() as i16,
        us_weight_class: face.weight().to_number(),
    };
    Embedded { parsed, glyphs }
}

/// Six capitals that differ between subsets (ISO 32000-1, 9.6.4).
fn subset_tag(bytes: &[u8]) -> String {
    Digest::of(bytes).0.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}
