//! The list of contents: the page numbers stand in the margin.

use crate::page::marks::line_marks;
use crate::page::{Band, Ink, Mark, Tag, sheet};
use crate::text::{Style, Text};
use crate::words::count;

use super::{H2_LEADING, PART_GAP, Part, Report};

const LEADING: f32 = 16.0;

impl Report<'_> {
    /// Every part with its page and what is in it, as links.
    pub(super) fn contents(&mut self) {
        self.flow.gap(PART_GAP);
        self.within(Tag::Sect, |report| {
            report.flow.heading(Tag::H2, &Text::of("Inhoud", Style::H2), H2_LEADING);
            let first = report.flow.bands.len();
            report.within(Tag::Toc, |report| {
                for (part, target) in report.parts.clone() {
                    let note = report.note(part);
                    report.line(part.title(), &note, target);
                }
            });
            report.flow.keep_together(first);
        });
    }

    fn line(&mut self, title: &str, note: &str, target: crate::page::Anchor) {
        let flow = &mut self.flow;
        let baseline = flow.baseline(&Text::of(title, Style::BODY), LEADING);
        let mut band = Band { height: LEADING, baseline, ..Band::default() };
        let words = format!("Naar {title}");
        flow.within(Tag::Toci, |flow| {
            flow.within(Tag::Reference, |flow| {
                let line = flow.typesetter.line(&Text::of(title, Style::BODY));
                let width = line.width;
                flow.within(Tag::Link, |flow| {
                    band.marks.extend(line_marks(line, sheet::LEFT, baseline, || flow.owner()));
                    let ink = Ink::Link { width, height: LEADING, target, words };
                    band.marks.push(Mark { owner: flow.owner(), x: sheet::LEFT, y: 0.0, ink });
                });
                let note = flow.typesetter.line(&Text::of(note, Style::QUIET));
                band.marks.extend(line_marks(note, sheet::LEFT + width + 9.0, baseline, || flow.owner()));
                let owner = flow.owner();
                band.marks.push(Mark { owner, x: sheet::MARGIN_RIGHT, y: baseline, ink: Ink::PageNumber { target } });
            });
        });
        flow.push(band);
    }

    /// What is in a part, in a few words.
    fn note(&self, part: Part) -> String {
        let model = self.model;
        match part {
            Part::Differences => count(model.open_differences.len(), "verschil", "verschillen"),
            Part::Findings => numbers(model.findings.iter().map(|finding| finding.number.as_str())),
            Part::Assumptions => numbers(model.assumptions.iter().map(|assumption| assumption.number.as_str())),
            Part::Statements => count_or_none(model.statements.len(), "verklaring", "verklaringen"),
            Part::Measures => numbers(model.measures.iter().map(|measure| measure.number.as_str())),
            Part::Answers => {
                let answers = model.sections.iter().map(|section| section.answers.len()).sum();
                count_or_none(answers, "vraag", "vragen")
            }
            Part::Photos => count(self.loose_photos(), "foto", "foto’s"),
            Part::Appendices => count_or_none(model.appendices.len(), "bijlage", "bijlagen"),
            Part::Response | Part::Closing | Part::Account => String::new(),
        }
    }
}

fn count_or_none(number: usize, one: &str, more: &str) -> String {
    if number == 0 { "geen".to_owned() } else { count(number, one, more) }
}

/// `B1 tot en met B4`, `B1`, `geen`
fn numbers<'a>(mut numbers: impl Iterator<Item = &'a str>) -> String {
    match (numbers.next(), numbers.last()) {
        (None, _) => "geen".to_owned(),
        (Some(only), None) => only.to_owned(),
        (Some(first), Some(last)) => format!("{first} tot en met {last}"),
    }
}
