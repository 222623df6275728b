//! From a paragraph to lines: which face shows what, where a line breaks, and in which order its runs stand.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;

use super::shape::{Direction, Glyph, shape};
use super::{FaceId, Fonts, Style, Text};

/// Glyphs of one face and style, in visual order.
#[derive(Clone, Debug, PartialEq)]
pub struct GlyphRun {
    /// The face.
    pub face: FaceId,
    /// Size and colour.
    pub style: Style,
    /// Distance from the line's left end, in points.
    pub x: f32,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its runs from left to right.
    pub runs: Vec<GlyphRun>,
    /// Its width in points.
    pub width: f32,
    /// Whether it belongs to a paragraph that runs from right to left.
    pub rtl: bool,
}

/// A stretch of a paragraph in one face and style.
struct Piece {
    range: Range<usize>,
    face: FaceId,
    style: Style,
}

/// A paragraph of which every sign has a face.
struct Prepared {
    text: String,
    pieces: Vec<Piece>,
}

/// The smallest thing that a line can end behind: a grapheme with its width in points.
struct Unit {
    range: Range<usize>,
    width: f32,
    blank: bool,
}

/// Sets text in lines.
pub struct Typesetter {
    fonts: Fonts,
    unknown: BTreeSet<String>,
}

impl Typesetter {
    /// A typesetter with the bundled fonts.
    pub fn new() -> Self {
        Self { fonts: Fonts::new(), unknown: BTreeSet::new() }
    }

    /// The fonts.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// The signs that no face can show; they were set as their code, such as `[U+1F600]`.
    pub fn unknown(&self) -> &BTreeSet<String> {
        &self.unknown
    }

    /// Sets a paragraph in lines of at most this width. A word that is wider than a line is cut. No text gives no
    /// lines.
    pub fn lines(&mut self, text: &Text, width: f32) -> Vec<Line> {
        let prepared = self.prepare(text);
        if prepared.text.trim().is_empty() {
            return Vec::new();
        }
        let bidi = BidiInfo::new(&prepared.text, None);
        let units = self.measure(&prepared, &bidi.levels);
        break_lines(&prepared.text, &units, width)
            .into_iter()
            .map(|range| self.set_line(&prepared, &bidi, range))
            .collect()
    }

    /// Sets text on one line, however wide.
    pub fn line(&mut self, text: &Text) -> Line {
        self.lines(text, f32::INFINITY).into_iter().next().unwrap_or_default()
    }

    fn prepare(&mut self, text: &Text) -> Prepared {
        let mut prepared = Prepared { text: String::new(), pieces: Vec::new() };
        for span in &text.0 {
            for grapheme in clean(&span.text).graphemes(true) {
                match self.fonts.face_for(span.style.typeface, grapheme) {
                    Some(face) => prepared.push(grapheme, face, span.style),
                    None => {
                        self.unknown.insert(grapheme.to_owned());
                        for sign in grapheme.chars() {
                            let code = format!("[U+{:04X}]", u32::from(sign));
                            prepared.push(&code, FaceId::Regular, span.style);
                        }
                    }
                }
            }
        }
        prepared
    }

    /// The graphemes with their widths, in logical order.
    fn measure(&self, prepared: &Prepared, levels: &[Level]) -> Vec<Unit> {
        let mut widths = vec![0.0f32; prepared.text.len()];
        for piece in &prepared.pieces {
            for range in same_level(piece.range.clone(), levels) {
                let direction = direction(levels[range.start]);
                for glyph in shape(self.fonts.face(piece.face), &prepared.text[range.clone()], direction) {
                    widths[range.start + glyph.start] += glyph.advance * piece.style.size;
                }
            }
        }
        prepared
            .text
            .grapheme_indices(true)
            .map(|(start, grapheme)| {
                let range = start..start + grapheme.len();
                Unit {
                    width: widths[range.clone()].iter().sum(),
                    blank: grapheme.chars().all(char::is_whitespace),
                    range,
                }
            })
            .collect()
    }

    fn set_line(&self, prepared: &Prepared, bidi: &BidiInfo<'_>, range: Range<usize>) -> Line {
        let paragraph = &bidi.paragraphs[0];
        let (levels, level_runs) = bidi.visual_runs(paragraph, range);
        let mut line = Line { rtl: paragraph.level.is_rtl(), ..Line::default() };
        for level_run in level_runs {
            let direction = direction(levels[level_run.start]);
            let mut pieces: Vec<(Range<usize>, &Piece)> = prepared
                .pieces
                .iter()
                .map(|piece| (piece.range.start.max(level_run.start)..piece.range.end.min(level_run.end), piece))
                .filter(|(range, _)| !range.is_empty())
                .collect();
            if direction == Direction::Rtl {
                pieces.reverse();
            }
            for (range, piece) in pieces {
                let glyphs = shape(self.fonts.face(piece.face), &prepared.text[range], direction);
                let width: f32 = glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * piece.style.size;
                line.runs.push(GlyphRun { face: piece.face, style: piece.style, x: line.width, glyphs });
                line.width += width;
            }
        }
        line
    }
}

impl Prepared {
    fn push(&mut self, text: &str, face: FaceId, style: Style) {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.pieces.last_mut() {
            Some(last) if last.face == face && last.style == style => last.range.end = end,
            _ => self.pieces.push(Piece { range: start..end, face, style }),
        }
    }
}

/// What can't be printed goes: control signs and soft hyphens; tabs and line ends become spaces.
fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|sign| match sign {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some(' '),
            '\u{AD}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => None,
            sign if sign.is_control() => None,
            sign => Some(sign),
        })
        .collect()
}

fn direction(level: Level) -> Direction {
    if level.is_rtl() { Direction::Rtl } else { Direction::Ltr }
}

/// Cuts a range where the direction changes.
fn same_level(range: Range<usize>, levels: &[Level]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = range.start;
    for index in range.start + 1..=range.end {
        if index == range.end || levels[index] != levels[start] {
            out.push(start..index);
            start = index;
        }
    }
    out
}

/// The byte ranges of the lines, without the blanks at their ends.
fn break_lines(text: &str, units: &[Unit], width: f32) -> Vec<Range<usize>> {
    let may_end: BTreeSet<usize> = linebreaks(text).map(|(position, _)| position).collect();
    let mut lines = Vec::new();
    let mut line_start = 0;
    let mut last_chance = None;
    let mut index = 0;
    let mut used = 0.0;
    while index < units.len() {
        let unit = &units[index];
        // Blanks may hang over the edge: they are cut off at the end of a line.
        if used + unit.width > width + 0.01 && !unit.blank && index > line_start {
            let end = last_chance.unwrap_or(index);
            lines.push(line_start..end);
            line_start = end;
            index = end;
            last_chance = None;
            used = 0.0;
            continue;
        }
        used += unit.width;
        index += 1;
        if may_end.contains(&unit.range.end) && index < units.len() {
            last_chance = Some(index);
        }
    }
    lines.push(line_start..units.len());
    lines
        .into_iter()
        .filter_map(|line| {
            let units = &units[line];
            let first = units.iter().position(|unit| !unit.blank)?;
            let last = units.iter().rposition(|unit| !unit.blank)?;
            Some(units[first].range.start..units[last].range.end)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, width: f32) -> Vec<String> {
        let mut typesetter = Typesetter::new();
        typesetter
            .lines(&Text::of(text, Style::BODY), width)
            .iter()
            .map(|line| {
                line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.text.as_str()).collect::<String>()
            })
            .collect()
    }

    #[test]
    fn lines_end_at_words_and_lose_nothing() {
        let text = "Op het dak staan twee ventilatiepijpen die niet op de bouwtekening staan.";
        let lines = texts(text, 120.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn no_line_is_wider_than_its_column() {
        let mut typesetter = Typesetter::new();
        let text = format!("kort {} en dan nog wat", "x".repeat(120));
        for line in typesetter.lines(&Text::of(text, Style::BODY), 100.0) {
            assert!(line.width <= 100.1, "{}", line.width);
        }
    }

    #[test]
    fn a_word_wider_than_the_column_is_cut_and_kept_whole() {
        let word = "kapschuurventilatiepijpbevestigingsbeugel".repeat(3);
        assert_eq!(texts(&word, 90.0).concat(), word);
    }

    #[test]
    fn a_column_narrower_than_a_letter_still_ends() {
        assert_eq!(texts("abc", 1.0).concat(), "abc");
    }

    #[test]
    fn a_sign_without_a_glyph_is_named_and_remembered() {
        let mut typesetter = Typesetter::new();
        let line = typesetter.line(&Text::of("goed \u{1F600}", Style::BODY));
        let text: String =
            line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.text.as_str()).collect::<String>();
        assert_eq!(text, "goed [U+1F600]");
        assert!(line.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.id != 0));
        assert_eq!(typesetter.unknown().len(), 1);
    }

    #[test]
    fn arabic_in_a_dutch_sentence_stands_in_reading_order() {
        let mut typesetter = Typesetter::new();
        let line = typesetter.line(&Text::of("De heer محمد علي tekende.", Style::BODY));
        assert!(!line.rtl);
        let text: String =
            line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.text.as_str()).collect::<String>();
        assert_eq!(text, "De heer يلع دمحم tekende.", "left to right on paper, the Arabic words mirrored");
    }

    #[test]
    fn a_mark_of_direction_steers_and_leaves_no_trace() {
        let mut typesetter = Typesetter::new();
        let mut read = |text: &str| -> String {
            let line = typesetter.line(&Text::of(text, Style::BODY));
            line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.text.as_str()).collect()
        };
        assert_eq!(read("محمد, arts"), "arts ,دمحم", "as Arabic, from the right");
        assert_eq!(read("\u{200E}محمد, arts"), "دمحم, arts", "as Dutch, from the left");
        assert!(typesetter.unknown().is_empty());
    }

    #[test]
    fn blank_text_gives_no_lines() {
        assert!(texts(" \t ", 100.0).is_empty());
        assert!(texts("", 100.0).is_empty());
    }
}
