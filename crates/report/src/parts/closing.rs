//! Slot: place, date, the oath where there is one, and the signatures.

use crate::model::SignedLine;
use crate::page::{Band, Ink, Mark, Owner, Tag, sheet};
use crate::text::{Colour, Style, Text};
use crate::words;

use super::{Part, Report};

/// The box of a signature: 1000 by 400 units of the glass.
const BOX: (f32, f32) = (190.0, 76.0);
const UNIT: f32 = BOX.0 / 1000.0;

impl Report<'_> {
    /// The end of the report.
    pub(super) fn closing(&mut self) {
        self.part(Part::Closing, |report| {
            let closing = &report.model.closing;
            let drawn_up = match (closing.place.trim(), closing.date) {
                ("", None) => "Plaats en dag van opmaken zijn nog niet vastgelegd.".to_owned(),
                ("", Some(date)) => format!("Opgemaakt op {}.", words::weekday(date)),
                (place, None) => format!("Opgemaakt te {place}. De dag is nog niet vastgelegd."),
                (place, Some(date)) => format!("Opgemaakt te {place} op {}.", words::weekday(date)),
            };
            report.flow.paragraph(drawn_up);
            let oath = closing.oath.as_deref().unwrap_or("Dit rapport is niet op ambtseed of ambtsbelofte opgemaakt.");
            report.flow.paragraph(words::sentence(oath));
            if closing.signatures.is_empty() {
                report.flow.gap(4.0);
                report.flow.paragraph("Dit exemplaar is niet ondertekend.");
            }
            for signed in &closing.signatures {
                report.signature(signed);
            }
        });
    }

    fn signature(&mut self, signed: &SignedLine) {
        let signature = &signed.signature;
        let first = self.flow.bands.len();
        self.flow.gap(16.0);
        self.within(Tag::Div, |report| {
            let mut entry = report.flow.begin_entry();
            report.flow.within(Tag::P, |flow| {
                let at = signed.signed_at;
                flow.margin(&mut entry, &Text::of(words::short_day(at.date_naive()), Style::MARGIN));
                flow.margin(&mut entry, &Text::of(words::time(at), Style::MARGIN));
            });
            let drawn = signature.strokes.iter().any(|stroke| !stroke.is_empty());
            if drawn {
                report.drawing(signed);
            }
            report.flow.gap(2.0);
            report.flow.within(Tag::P, |flow| {
                let name = Text::of(signature.name.as_str(), Style::STRONG);
                flow.lines(&name, sheet::LEADING);
                let mut words = words::capital(&signature.capacity);
                if !drawn {
                    words.push_str(". Vastgesteld met het eigen account, zonder handtekening op het scherm.");
                }
                flow.lines(&Text::of(words, Style::QUIET), 13.5);
            });
            report.flow.keep_together(first);
            report.flow.end_entry(entry);
        });
    }

    fn drawing(&mut self, signed: &SignedLine) {
        let signature = &signed.signature;
        let strokes = signature
            .strokes
            .iter()
            .map(|stroke| {
                stroke
                    .iter()
                    .map(|(x, y)| (f32::from(*x).min(1000.0) * UNIT, f32::from(*y).min(400.0) * UNIT))
                    .collect()
            })
            .collect();
        let alt = format!("Handtekening van {}", signature.name);
        self.flow.within_described(Tag::Figure, Some(alt), |flow| {
            let ink = Ink::Strokes { strokes, width: BOX.0, height: BOX.1, colour: Colour::INK };
            let drawing = Mark { owner: flow.owner(), x: sheet::LEFT, y: 0.0, ink };
            let rule = Ink::Rule { width: BOX.0, height: 0.6, colour: Colour::HAIRLINE };
            let under = Mark { owner: Owner::Artifact, x: sheet::LEFT, y: BOX.1 + 3.0, ink: rule };
            let marks = vec![drawing, under];
            flow.push(Band { height: BOX.1 + 4.0, baseline: 12.0, marks, ..Band::default() });
        });
    }

    /// What belongs to the report and is kept apart.
    pub(super) fn appendices(&mut self) {
        self.part(Part::Appendices, |report| {
            if report.model.appendices.is_empty() {
                report.flow.paragraph("Er zijn geen bijlagen.");
                return;
            }
            report.within(Tag::L, |report| {
                for (index, appendix) in report.model.appendices.iter().enumerate() {
                    report.flow.gap(5.0);
                    report.within(Tag::Li, |report| {
                        let flow = &mut report.flow;
                        let mut entry = flow.begin_entry();
                        let number = Text::of((index + 1).to_string(), Style::NUMBER);
                        flow.within(Tag::Lbl, |flow| flow.margin(&mut entry, &number));
                        flow.within(Tag::LBody, |flow| {
                            flow.text(Tag::P, &Text::of(appendix.title.as_str(), Style::STRONG), sheet::LEADING);
                            flow.text(Tag::P, &Text::of(appendix.description.as_str(), Style::BODY), sheet::LEADING);
                            if let Some(sha256) = &appendix.sha256 {
                                let hash = Text::of(words::grouped(sha256), Style::CODE);
                                flow.text(Tag::P, &hash, super::SMALL_LEADING);
                            }
                        });
                        flow.end_entry(entry);
                    });
                }
            });
        });
    }
}
