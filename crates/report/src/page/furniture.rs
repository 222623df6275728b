//! What stands on every page and is not read out: the margin line, the running head and the foot. Also the page
//! numbers in the list of contents, which are known only now.

use crate::text::{Colour, Style, Text, Typesetter};

use super::marks::{Ink, Mark, Owner, line_marks};
use super::paginate::Pages;
use super::sheet;

/// The words at the head and foot of the pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Furniture {
    /// Head of every page but the first, left.
    pub head_left: String,
    /// Head of every page but the first, right.
    pub head_right: String,
    /// Foot of every page, left.
    pub foot_left: String,
}

/// Draws the furniture and fills in the page numbers.
pub fn furnish(pages: &mut Pages, typesetter: &mut Typesetter, furniture: &Furniture) {
    let total = pages.pages.len();
    let spots = pages.spots.clone();
    for (index, page) in pages.pages.iter_mut().enumerate() {
        let mut marks = vec![Mark {
            owner: Owner::Artifact,
            x: sheet::MARGIN_LINE - sheet::MARGIN_LINE_WIDTH / 2.0,
            y: 0.0,
            ink: Ink::Rule { width: sheet::MARGIN_LINE_WIDTH, height: sheet::HEIGHT, colour: Colour::INK_LINE },
        }];
        if index > 0 {
            marks.extend(across(typesetter, &furniture.head_left, &furniture.head_right, sheet::HEAD_BASELINE));
        }
        for mark in std::mem::take(&mut page.marks) {
            match mark.ink {
                Ink::PageNumber { target } => {
                    let number = spots.get(&target).map_or(0, |spot| spot.page) + 1;
                    let line = typesetter.line(&Text::of(format!("blz. {number}"), Style::MARGIN));
                    let x = mark.x - line.width;
                    marks.extend(line_marks(line, x, mark.y, || mark.owner));
                }
                _ => marks.push(mark),
            }
        }
        let pagina = format!("Pagina {} van {total}", index + 1);
        marks.extend(across(typesetter, &furniture.foot_left, &pagina, sheet::FOOT_BASELINE));
        page.marks = marks;
    }
}

/// A line of furniture: one text from the left, one to the right. The left one gives way.
fn across(typesetter: &mut Typesetter, left: &str, right: &str, y: f32) -> Vec<Mark> {
    let right = typesetter.line(&Text::of(right, Style::SMALL));
    let room = sheet::RIGHT - sheet::LEFT - right.width - 12.0;
    let left = typesetter.lines(&Text::of(left, Style::SMALL), room).into_iter().next().unwrap_or_default();
    let x = sheet::RIGHT - right.width;
    let mut marks = line_marks(left, sheet::LEFT, y, || Owner::Artifact);
    marks.extend(line_marks(right, x, y, || Owner::Artifact));
    marks
}
