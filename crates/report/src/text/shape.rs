//! From text in one face and one direction to positioned glyphs.

use rustybuzz::{BufferClusterLevel, Face, Feature, UnicodeBuffer, ttf_parser};

/// The direction of a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The direction of the first strong sign; left to right when there is none.
    pub fn of(text: &str) -> Self {
        use unicode_bidi::BidiClass::{AL, L, R};
        let strong = text.chars().map(unicode_bidi::bidi_class).find(|class| matches!(class, L | R | AL));
        if matches!(strong, Some(R | AL)) { Self::Rtl } else { Self::Ltr }
    }
}

/// A glyph with its place. Lengths are in em.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The glyph's number in its face.
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// Shift to the right of the pen.
    pub dx: f32,
    /// Shift upwards.
    pub dy: f32,
    /// Byte offset in the shaped text of the signs that it shows.
    pub start: usize,
    /// The signs that it shows; empty for the further glyphs of one sign.
    pub text: String,
}

/// Shapes text in one face and direction. The glyphs are in visual order.
///
/// Ligatures of style are off, so that every letter can be selected and read out on its own. Marks that only steer
/// direction or joining have done their work and give no glyph.
pub fn shape(face: &Face<'_>, text: &str, direction: Direction) -> Vec<Glyph> {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_cluster_level(BufferClusterLevel::MonotoneCharacters);
    buffer.set_direction(match direction {
        Direction::Ltr => rustybuzz::Direction::LeftToRight,
        Direction::Rtl => rustybuzz::Direction::RightToLeft,
    });
    buffer.guess_segment_properties();
    let no_ligatures = Feature::new(ttf_parser::Tag::from_bytes(b"liga"), 0, ..);
    let shaped = rustybuzz::shape(face, &[no_ligatures], buffer);

    let em = face.units_per_em() as f32;
    let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut last_start = None;
    shaped
        .glyph_infos()
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(info, position)| {
            let start = info.cluster as usize;
            let end = starts.iter().copied().find(|&other| other > start).unwrap_or(text.len());
            let first = last_start.replace(start) != Some(start);
            Glyph {
                id: u16::try_from(info.glyph_id).expect("a TrueType font has at most 65,535 glyphs"),
                advance: position.x_advance as f32 / em,
                dx: position.x_offset as f32 / em,
                dy: position.y_offset as f32 / em,
                start,
                text: if first { text[start..end].to_owned() } else { String::new() },
            }
        })
        .filter(|glyph| glyph.advance != 0.0 || glyph.text.is_empty() || !glyph.text.chars().all(is_steering))
        .collect()
}

/// Zero-width spaces, joiners and marks of direction.
pub fn is_steering(sign: char) -> bool {
    matches!(u32::from(sign), 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F)
}

#[cfg(test)]
mod tests {
    use super::super::fonts::{FaceId, Fonts};
    use super::*;

    #[test]
    fn every_sign_belongs_to_a_glyph() {
        let fonts = Fonts::new();
        let glyphs = shape(fonts.face(FaceId::Regular), "offici\u{eb}el", Direction::Ltr);
        assert_eq!(glyphs.iter().map(|glyph| glyph.text.as_str()).collect::<String>(), "offici\u{eb}el");
        assert_eq!(glyphs.len(), 9, "no ligature swallows a letter");
    }

    #[test]
    fn arabic_is_joined_and_runs_from_right_to_left() {
        let fonts = Fonts::new();
        let glyphs = shape(fonts.face(FaceId::Arabic), "محمد", Direction::Rtl);
        assert_eq!(glyphs.iter().map(|glyph| glyph.text.as_str()).collect::<String>(), "دمحم");
        let alone = shape(fonts.face(FaceId::Arabic), "م", Direction::Rtl);
        assert!(glyphs.iter().all(|glyph| glyph.id != alone[0].id), "the letter has another form when it joins");
    }
}
