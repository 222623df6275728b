//! Tables whose rows stay whole and whose head is repeated.

use crate::text::{Colour, Line, Style, Text};

use super::flow::Flow;
use super::marks::{Band, Ink, Mark, Owner, line_marks};
use super::tree::Tag;

const LEADING: f32 = 12.5;
const PADDING: f32 = 3.5;
const GUTTER: f32 = 10.0;
/// A row with more lines than this can't stand on one page and is cut.
const LONGEST_ROW: usize = 48;

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Its head.
    pub title: &'static str,
    /// Its share of the text column's width; the shares of a table add up to 1.
    pub share: f32,
}

impl Flow {
    /// Writes a table. Every row has a cell for each column.
    pub fn table(&mut self, columns: &[Column], rows: &[Vec<Text>]) {
        self.within(Tag::Table, |flow| {
            let heads: Vec<Text> = columns.iter().map(|column| Text::of(column.title, Style::SMALL_STRONG)).collect();
            flow.row(columns, &heads, Tag::Th, None);
            flow.keep_with_next();
            let head = flow.bands.len() - 1;
            for (index, row) in rows.iter().enumerate() {
                flow.row(columns, row, Tag::Td, Some(head));
                // No single row alone under the head or on the next page.
                if rows.len() > 1 && (index == 0 || index + 2 == rows.len()) {
                    flow.keep_with_next();
                }
            }
        });
    }

    fn row(&mut self, columns: &[Column], cells: &[Text], tag: Tag, table_head: Option<usize>) {
        let (left, width) = Self::column();
        let mut set: Vec<(f32, Vec<Line>)> = Vec::new();
        let mut x = left;
        for (column, cell) in columns.iter().zip(cells) {
            let lines = cell
                .paragraphs()
                .iter()
                .flat_map(|text| self.typesetter.lines(text, column.share * width - GUTTER))
                .collect();
            set.push((x, lines));
            x += column.share * width;
        }
        let tall = set.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0).max(1);
        let baseline = self.baseline(&Text::of("", Style::SMALL), LEADING) + PADDING;

        let mut bands: Vec<Band> = (0..tall.div_ceil(LONGEST_ROW))
            .map(|part| {
                let lines = (tall - part * LONGEST_ROW).min(LONGEST_ROW);
                Band { height: lines as f32 * LEADING + 2.0 * PADDING, baseline, table_head, ..Band::default() }
            })
            .collect();
        bands[0].marks.push(Mark {
            owner: Owner::Artifact,
            x: left,
            y: 0.0,
            ink: Ink::Rule { width, height: 0.5, colour: Colour::HAIRLINE },
        });
        self.within(Tag::Tr, |flow| {
            for (x, lines) in set {
                flow.within(tag, |flow| {
                    for (index, line) in lines.into_iter().enumerate() {
                        let y = baseline + (index % LONGEST_ROW) as f32 * LEADING;
                        bands[index / LONGEST_ROW].marks.extend(line_marks(line, x, y, || flow.owner()));
                    }
                });
            }
            for band in bands {
                flow.push(band);
            }
        });
    }
}
