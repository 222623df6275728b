//! The bundled fonts and which of them can show a piece of text.

use std::collections::HashMap;

use rustybuzz::ttf_parser;

use super::shape::{Direction, shape};

/// A way of writing that a part of the report asks for. Each is a chain of faces: the first that can show a piece of
/// text is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Typeface {
    /// Running text.
    Regular,
    /// Headings and what stands out.
    Bold,
    /// Words quoted literally.
    Italic,
    /// Hashes and numbers that are read aloud.
    Mono,
}

/// A font file in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaceId {
    /// Atkinson Hyperlegible Next Regular.
    Regular,
    /// Atkinson Hyperlegible Next Bold.
    Bold,
    /// Atkinson Hyperlegible Next Italic.
    Italic,
    /// Atkinson Hyperlegible Mono Regular.
    Mono,
    /// Source Sans 3 Regular: Cyrillic, Greek, Vietnamese.
    Source,
    /// Source Sans 3 Bold.
    SourceBold,
    /// IBM Plex Sans Arabic Regular. It has every letter as one glyph, so that text can be copied; Noto Sans Arabic
    /// builds letters from shared strokes and dots.
    Arabic,
}

impl FaceId {
    /// All faces, in the order in which they are loaded.
    pub const ALL: [Self; 7] =
        [Self::Regular, Self::Bold, Self::Italic, Self::Mono, Self::Source, Self::SourceBold, Self::Arabic];

    /// The PostScript name under which the face stands in a PDF.
    pub fn postscript_name(self) -> &'static str {
        match self {
            Self::Regular => "AtkinsonHyperlegibleNext-Regular",
            Self::Bold => "AtkinsonHyperlegibleNext-Bold",
            Self::Italic => "AtkinsonHyperlegibleNext-Italic",
            Self::Mono => "AtkinsonHyperlegibleMono-Regular",
            Self::Source => "SourceSans3-Regular",
            Self::SourceBold => "SourceSans3-Bold",
            Self::Arabic => "IBMPlexSansArabic-Regular",
        }
    }

    /// The font file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/AtkinsonHyperlegibleNext_400Regular.ttf"),
            Self::Bold => include_bytes!("../../fonts/AtkinsonHyperlegibleNext_700Bold.ttf"),
            Self::Italic => include_bytes!("../../fonts/AtkinsonHyperlegibleNext_400Regular_Italic.ttf"),
            Self::Mono => include_bytes!("../../fonts/AtkinsonHyperlegibleMono_400Regular.ttf"),
            Self::Source => include_bytes!("../../fonts/SourceSans3-Regular.ttf"),
            Self::SourceBold => include_bytes!("../../fonts/SourceSans3-Bold.ttf"),
            Self::Arabic => include_bytes!("../../fonts/IBMPlexSansArabic_400Regular.ttf"),
        }
    }
}

impl Typeface {
    /// The faces to try, best first. The last resort of mono and italic is a face with more signs.
    fn chain(self) -> &'static [FaceId] {
        match self {
            Self::Regular => &[FaceId::Regular, FaceId::Source, FaceId::Arabic],
            Self::Bold => &[FaceId::Bold, FaceId::SourceBold, FaceId::Arabic],
            Self::Italic => &[FaceId::Italic, FaceId::Source, FaceId::Arabic],
            Self::Mono => &[FaceId::Mono, FaceId::Regular, FaceId::Source, FaceId::Arabic],
        }
    }
}

/// The parsed faces, with a memory of what each can show.
pub struct Fonts {
    faces: Vec<rustybuzz::Face<'static>>,
    known: HashMap<(Typeface, String), Option<FaceId>>,
}

impl Fonts {
    /// Parses the bundled fonts.
    pub fn new() -> Self {
        let faces = FaceId::ALL
            .into_iter()
            .map(|id| rustybuzz::Face::from_slice(id.bytes(), 0).expect("a bundled font is a valid font"))
            .collect();
        Self { faces, known: HashMap::new() }
    }

    /// The parsed face.
    pub fn face(&self, id: FaceId) -> &rustybuzz::Face<'static> {
        &self.faces[id as usize]
    }

    /// Ascent and descent in em; the descent is positive.
    pub fn extent(&self, id: FaceId) -> (f32, f32) {
        let face: &ttf_parser::Face<'_> = self.face(id);
        let em = f32::from(face.units_per_em());
        (f32::from(face.ascender()) / em, -f32::from(face.descender()) / em)
    }

    /// The first face of the chain that shows this grapheme without a missing glyph, or none.
    ///
    /// Shaping decides, not the character map: a letter with an accent that the font only has as one glyph counts.
    pub fn face_for(&mut self, typeface: Typeface, grapheme: &str) -> Option<FaceId> {
        if let Some(found) = self.known.get(&(typeface, grapheme.to_owned())) {
            return *found;
        }
        let found = typeface.chain().iter().copied().find(|&id| {
            let glyphs = shape(self.face(id), grapheme, Direction::of(grapheme));
            glyphs.iter().all(|glyph| glyph.id != 0)
        });
        self.known.insert((typeface, grapheme.to_owned()), found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_region_find_a_face() {
        let mut fonts = Fonts::new();
        for (name, face) in [
            ("Ș", FaceId::Regular),
            ("ğ", FaceId::Regular),
            ("ł", FaceId::Regular),
            ("ķ", FaceId::Regular),
            ("Ж", FaceId::Source),
            ("ї", FaceId::Source),
            ("ή", FaceId::Source),
            ("Ђ", FaceId::Source),
            ("م", FaceId::Arabic),
        ] {
            assert_eq!(fonts.face_for(Typeface::Regular, name), Some(face), "{name}");
        }
    }

    #[test]
    fn a_letter_with_a_loose_accent_counts_as_one() {
        assert_eq!(Fonts::new().face_for(Typeface::Regular, "e\u{301}"), Some(FaceId::Regular));
    }

    #[test]
    fn no_face_claims_what_it_does_not_have() {
        let mut fonts = Fonts::new();
        assert_eq!(fonts.face_for(Typeface::Regular, "\u{1F600}"), None);
        assert_eq!(fonts.face_for(Typeface::Bold, "漢"), None);
    }

    #[test]
    fn no_bundled_font_forbids_embedding() {
        for id in FaceId::ALL {
            let face = ttf_parser::Face::parse(id.bytes(), 0).unwrap();
            assert_eq!(face.permissions(), Some(ttf_parser::Permissions::Installable), "{id:?}");
            assert_eq!(face.units_per_em(), 1000, "{id:?}: widths are written in thousandths");
        }
    }
}
