//! Text as it is set: styles, styled text, and lines of positioned glyphs.
//!
//! What is not here: where the lines go (see `page`), and how glyphs become PDF (see `pdf`).

pub mod fonts;
pub mod lines;
pub mod shape;

pub use fonts::{FaceId, Fonts, Typeface};
pub use lines::{GlyphRun, Line, Typesetter};

/// A colour in sRGB, each channel 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// What the form says.
    pub const TEXT: Self = Self(0x13, 0x19, 0x17);
    /// What is said beside it: the margin and captions.
    pub const QUIET: Self = Self(0x47, 0x52, 0x4D);
    /// Headings and what people wrote.
    pub const INK: Self = Self(0x0A, 0x52, 0x60);
    /// The margin line.
    pub const INK_LINE: Self = Self(0x5E, 0x9A, 0xA6);
    /// Hairlines in tables and frames.
    pub const HAIRLINE: Self = Self(0xC3, 0xC9, 0xC4);
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The typeface.
    pub typeface: Typeface,
    /// Size in points.
    pub size: f32,
    /// Colour.
    pub colour: Colour,
}

impl Style {
    /// Running text, 10.5 pt.
    pub const BODY: Self = Self { typeface: Typeface::Regular, size: 10.5, colour: Colour::TEXT };
    /// What stands out in running text.
    pub const STRONG: Self = Self { typeface: Typeface::Bold, ..Self::BODY };
    /// Literal words.
    pub const QUOTE: Self = Self { typeface: Typeface::Italic, ..Self::BODY };
    /// What people wrote as an answer.
    pub const ANSWER: Self = Self { colour: Colour::INK, ..Self::BODY };
    /// The margin.
    pub const MARGIN: Self = Self { size: 9.75, colour: Colour::QUIET, ..Self::BODY };
    /// A number in the margin, such as B1.
    pub const NUMBER: Self = Self { typeface: Typeface::Bold, ..Self::BODY };
    /// Beside the point: kind of observation, norm.
    pub const QUIET: Self = Self { size: 9.75, colour: Colour::QUIET, ..Self::BODY };
    /// Captions and tables.
    pub const SMALL: Self = Self { size: 9.0, colour: Colour::QUIET, ..Self::BODY };
    /// The number in a caption, heads of tables.
    pub const SMALL_STRONG: Self = Self { typeface: Typeface::Bold, colour: Colour::TEXT, ..Self::SMALL };
    /// Hashes.
    pub const CODE: Self = Self { typeface: Typeface::Mono, size: 8.0, colour: Colour::QUIET };
    /// The report's title.
    pub const TITLE: Self = Self { typeface: Typeface::Bold, size: 25.5, colour: Colour::TEXT };
    /// The line under the title.
    pub const SUBTITLE: Self = Self { size: 12.75, ..Self::BODY };
    /// A part's heading.
    pub const H2: Self = Self { typeface: Typeface::Bold, size: 14.25, colour: Colour::INK };
    /// A finding's heading.
    pub const H3: Self = Self { typeface: Typeface::Bold, size: 11.25, colour: Colour::TEXT };
}

/// A piece of text in one style.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

/// A paragraph's text: pieces in different styles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text(pub Vec<Span>);

impl Text {
    /// Text in one style.
    pub fn of(text: impl Into<String>, style: Style) -> Self {
        Self(vec![Span { text: text.into(), style }])
    }

    /// The same with more behind it.
    pub fn and(mut self, text: impl Into<String>, style: Style) -> Self {
        self.0.push(Span { text: text.into(), style });
        self
    }

    /// The text without its styles.
    pub fn plain(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// Cut at line feeds: one text for each line that is not blank.
    pub fn paragraphs(&self) -> Vec<Self> {
        let mut out = vec![Self::default()];
        for span in &self.0 {
            for (index, part) in span.text.split(['\n', '\u{2028}', '\u{2029}']).enumerate() {
                if index > 0 {
                    out.push(Self::default());
                }
                if !part.is_empty()
                    && let Some(last) = out.last_mut()
                {
                    last.0.push(Span { text: part.to_owned(), style: span.style });
                }
            }
        }
        out.retain(|text| !text.plain().trim().is_empty());
        out
    }
}
