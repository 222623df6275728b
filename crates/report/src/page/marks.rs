//! What is drawn, and the bands of it that a page is filled with.

use crate::photo::Orientation;
use crate::text::{Colour, GlyphRun, Line};

use super::tree::{MarkId, NodeId};

/// A place in the document that a link or a page number points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor(pub usize);

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    /// Text; the mark's place is its baseline's left end.
    Text(GlyphRun),
    /// A filled rectangle; the mark's place is its top left corner, as for all that follow.
    Rule {
        /// Width in points.
        width: f32,
        /// Height in points.
        height: f32,
        /// Colour.
        colour: Colour,
    },
    /// The outline of a rectangle.
    Frame {
        /// Width in points.
        width: f32,
        /// Height in points.
        height: f32,
        /// Colour.
        colour: Colour,
    },
    /// A photo.
    Photo {
        /// Its index among the model's photos.
        index: usize,
        /// Width on paper in points.
        width: f32,
        /// Height on paper in points.
        height: f32,
        /// Which way up.
        orientation: Orientation,
    },
    /// Lines drawn by hand, in points from the mark's place, y downwards.
    Strokes {
        /// The strokes.
        strokes: Vec<Vec<(f32, f32)>>,
        /// Width of the box that they stand in.
        width: f32,
        /// Height of the box that they stand in.
        height: f32,
        /// Colour.
        colour: Colour,
    },
    /// An area that leads elsewhere in the document.
    Link {
        /// Width in points.
        width: f32,
        /// Height in points.
        height: f32,
        /// Where it leads.
        target: Anchor,
        /// What it leads to, in words.
        words: String,
    },
    /// The number of the page on which a place stands. The mark's place is the right end of its baseline; the text
    /// is made when the pages are known.
    PageNumber {
        /// The place.
        target: Anchor,
    },
}

/// To which element something drawn belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Content.
    Node(NodeId, MarkId),
    /// Furniture of the page, which is not read out.
    Artifact,
}

/// Something drawn at a place. In a band the place is measured from the page's left edge and the band's top; on a
/// page from the page's left edge and top. Points, y downwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Whose it is.
    pub owner: Owner,
    /// From the left edge of the page.
    pub x: f32,
    /// Downwards.
    pub y: f32,
    /// What is drawn.
    pub ink: Ink,
}

/// A strip of a page that is never cut.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Space above it; dropped at the top of a page.
    pub before: f32,
    /// Its height.
    pub height: f32,
    /// Where its text stands, from its top.
    pub baseline: f32,
    /// Whether it stays on one page with the band behind it.
    pub keep_with_next: bool,
    /// Whether it begins a new page.
    pub new_page: bool,
    /// What is drawn in it.
    pub marks: Vec<Mark>,
    /// The places that it holds.
    pub anchors: Vec<Anchor>,
    /// For a row of a table: the index of the band with the table's head, repeated when the row begins a page.
    pub table_head: Option<usize>,
}

/// The marks of a line that begins at this place, all of one owner.
pub fn line_marks(line: Line, x: f32, y: f32, mut owner: impl FnMut() -> Owner) -> Vec<Mark> {
    line.runs.into_iter().map(|run| Mark { owner: owner(), x: x + run.x, y, ink: Ink::Text(run) }).collect()
}
