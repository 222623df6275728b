//! The top of the first page.

use crate::model::ReportStatus;
use crate::page::marks::line_marks;
use crate::page::{Band, Tag, sheet};
use crate::text::{Colour, Line, Style, Text, Typeface};
use crate::words;

use super::Report;

const TITLE_LEADING: f32 = 30.0;
const SUBTITLE_LEADING: f32 = 17.0;
const BLOCK_LEADING: f32 = 14.0;
/// Space between the title and the block on the right.
const GUTTER: f32 = 18.0;

impl Report<'_> {
    /// The title on the left; number, version and confidentiality on the right, ending on the same line.
    pub(super) fn head(&mut self) {
        let head = &self.model.head;
        let number = Style { typeface: Typeface::Mono, size: 10.5, colour: Colour::TEXT };
        let small = Style { size: 9.75, ..Style::BODY };
        let mut block = vec![Text::of(head.report_number.as_str(), number)];
        if let Some(official) = &head.official_number {
            block.push(Text::of(format!("Zaaknummer {official}"), small));
        }
        block.push(Text::of(format!("Versie {}, {}", head.version, words::status(head.status)), small));
        block.push(Text::of(head.confidentiality.as_str(), small));
        block.push(Text::of(words::copy(self.model.copy), small));

        let flow = &mut self.flow;
        let lines: Vec<Line> = block.iter().flat_map(|text| flow.typesetter.lines(text, sheet::COLUMN * 0.5)).collect();
        let block_width = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        let room = sheet::RIGHT - sheet::LEFT - block_width - GUTTER;
        let title = flow.typesetter.lines(&Text::of("Controlerapport", Style::TITLE), room);
        let subtitle = flow.typesetter.lines(&Text::of(head.title.as_str(), Style::SUBTITLE), room);

        let title_height = title.len() as f32 * TITLE_LEADING;
        let left_height = title_height + subtitle.len() as f32 * SUBTITLE_LEADING;
        let block_height = lines.len() as f32 * BLOCK_LEADING;
        let height = left_height.max(block_height);
        let mut band = Band { height, ..Band::default() };
        let top = height - left_height;
        flow.within(Tag::H1, |flow| {
            for (index, line) in title.into_iter().enumerate() {
                let y = top + (index + 1) as f32 * TITLE_LEADING - 5.0;
                band.marks.extend(line_marks(line, sheet::LEFT, y, || flow.owner()));
            }
        });
        flow.within(Tag::P, |flow| {
            for (index, line) in subtitle.into_iter().enumerate() {
                let y = top + title_height + (index + 1) as f32 * SUBTITLE_LEADING - 4.0;
                band.marks.extend(line_marks(line, sheet::LEFT, y, || flow.owner()));
            }
        });
        flow.within(Tag::P, |flow| {
            for (index, line) in lines.into_iter().enumerate() {
                let y = height - block_height + (index + 1) as f32 * BLOCK_LEADING - 4.0;
                let x = sheet::RIGHT - line.width;
                band.marks.extend(line_marks(line, x, y, || flow.owner()));
            }
        });
        flow.push(band);
        flow.gap(18.0);
        self.standing();
    }

    /// What a reader must know before anything else: that it is a concept, or why there is a newer version.
    fn standing(&mut self) {
        let head = &self.model.head;
        let mut sentences = Vec::new();
        if head.status == ReportStatus::Concept {
            sentences.push("Dit is een concept. Het rapport is nog niet vastgesteld en kan nog veranderen.".to_owned());
        }
        if !head.version_reason.trim().is_empty() {
            let reason = words::sentence(&head.version_reason);
            sentences.push(format!("Waarom er een versie {} is: {reason}", head.version));
        }
        if !sentences.is_empty() {
            self.flow.text(Tag::P, &Text::of(sentences.join(" "), Style::STRONG), sheet::LEADING);
            self.flow.gap(18.0);
        }
    }
}
