//! What the author proposes and what the visited party answered.

use crate::model::{Measure, Response};
use crate::page::{Tag, sheet};
use crate::text::{Style, Text};
use crate::words;

use super::{ENTRY_GAP, Part, Report};

impl Report<'_> {
    /// Proposed measures, each with its deadline and who decides.
    pub(super) fn measures(&mut self) {
        self.part(Part::Measures, |report| {
            if report.model.measures.is_empty() {
                report.flow.paragraph("Er worden geen maatregelen voorgesteld.");
                return;
            }
            report.remark("De opsteller stelt maatregelen voor. Het bevoegd gezag hoort de betrokkene en besluit.");
            for measure in &report.model.measures {
                report.within(Tag::Sect, |report| report.measure(measure));
            }
        });
    }

    fn measure(&mut self, measure: &Measure) {
        self.flow.gap(ENTRY_GAP);
        let anchor = self.flow.reserve();
        self.flow.here_is(anchor);
        self.flow.bookmark(1, format!("{} {}", measure.number, measure.label), anchor);
        let mut entry = self.flow.begin_entry();
        let heading = Text::of(measure.label.as_str(), Style::H3);
        self.flow.heading_numbered(Tag::H3, &heading, sheet::LEADING, Some((&mut entry, &measure.number)));
        let concerns: Vec<(&String, Option<crate::page::Anchor>)> =
            measure.concerns.iter().map(|number| (number, self.place_of_finding(number))).collect();
        if !concerns.is_empty() {
            self.flow.within(Tag::P, |flow| {
                for (number, target) in concerns {
                    let text = Text::of(format!("bij {number}"), Style::MARGIN);
                    match target {
                        Some(target) => {
                            flow.margin_link(&mut entry, &text, target, &format!("Naar bevinding {number}"));
                        }
                        None => flow.margin(&mut entry, &text),
                    }
                }
            });
        }
        if !measure.basis.trim().is_empty() {
            let basis = words::sentence(&words::capital(&measure.basis));
            self.flow.text(Tag::P, &Text::of(basis, Style::QUIET), 13.5);
            self.flow.gap(3.0);
        }
        self.flow.text(Tag::P, &Text::of(measure.text.as_str(), Style::BODY), sheet::LEADING);
        let deadline = measure.deadline.map_or("Geen termijn".to_owned(), words::day);
        let decides = if measure.decided_by.trim().is_empty() { "niet vastgelegd" } else { &measure.decided_by };
        let text = Text::of("Termijn: ", Style::STRONG)
            .and(words::sentence(&deadline), Style::BODY)
            .and(" Besluit: ", Style::STRONG)
            .and(words::sentence(decides), Style::BODY);
        self.flow.text(Tag::P, &text, sheet::LEADING);
        self.flow.end_entry(entry);
    }

    /// What the visited party answered, or that there was no answer.
    pub(super) fn response(&mut self) {
        self.part(Part::Response, |report| match &report.model.response {
            Response::Given { role, text, at } => {
                report.flow.gap(ENTRY_GAP);
                let mut entry = report.flow.begin_entry();
                report.flow.heading(Tag::H3, &Text::of(words::capital(role), Style::H3), sheet::LEADING);
                if let Some(at) = at {
                    let moment = Text::of(words::moment(*at, report.model.visit.date), Style::MARGIN);
                    report.flow.within(Tag::P, |flow| flow.margin(&mut entry, &moment));
                }
                report.flow.text(Tag::P, &Text::of(text.as_str(), Style::BODY), sheet::LEADING);
                report.flow.end_entry(entry);
            }
            Response::None => {
                report.flow.paragraph("De bezochte partij is om een reactie gevraagd en gaf geen reactie.")
            }
            Response::NobodyPresent => report.flow.paragraph("Er was niemand aanwezig om een reactie te geven."),
            Response::NotRecorded => report.flow.paragraph("Er is nog geen reactie vastgelegd."),
        });
    }
}
