//! What was observed, what is inferred from it, and what people said: three parts, never mixed.

use crate::model::{Assumption, Finding, OpenDifference, Statement, StatementCaution};
use crate::page::{Entry, Tag, sheet};
use crate::text::{Style, Text};
use crate::words;

use super::{ENTRY_GAP, Part, Report};

const QUIET_LEADING: f32 = 13.5;

impl Report<'_> {
    /// Where people differ and nobody has chosen; only a concept has this part.
    pub(super) fn differences(&mut self) {
        self.part(Part::Differences, |report| {
            report.remark(
                "Op deze punten schreven mensen iets anders, zonder elkaars antwoord te kennen. Zolang niemand heeft \
                 gekozen, kan het rapport niet definitief worden.",
            );
            for difference in &report.model.open_differences {
                report.difference(difference);
            }
        });
    }

    fn difference(&mut self, difference: &OpenDifference) {
        self.flow.gap(ENTRY_GAP);
        let mut entry = self.flow.begin_entry();
        let subject = Text::of(difference.subject.as_str(), Style::H3);
        self.flow.heading_numbered(Tag::H3, &subject, sheet::LEADING, Some((&mut entry, &difference.label)));
        for value in &difference.values {
            let when = value.at.map(|at| format!(", {}", words::moment(at, self.model.visit.date))).unwrap_or_default();
            let text =
                Text::of(value.text.as_str(), Style::ANSWER).and(format!(" ({}{when})", value.author), Style::QUIET);
            self.flow.text(Tag::P, &text, sheet::LEADING);
        }
        self.flow.end_entry(entry);
    }

    /// What was observed.
    pub(super) fn findings(&mut self) {
        self.part(Part::Findings, |report| {
            if report.model.findings.is_empty() {
                report.flow.paragraph("Er zijn geen bevindingen vastgelegd.");
            }
            for finding in &report.model.findings {
                report.within(Tag::Sect, |report| report.finding(finding));
            }
        });
    }

    fn finding(&mut self, finding: &Finding) {
        self.flow.gap(ENTRY_GAP);
        let title = match finding.title.trim() {
            "" => format!("Bevinding {}", finding.number),
            title => title.to_owned(),
        };
        if let Some(anchor) = self.place_of_finding(&finding.number) {
            self.flow.here_is(anchor);
            self.flow.bookmark(1, format!("{} {title}", finding.number), anchor);
        }
        let mut entry = self.flow.begin_entry();
        let heading = Text::of(title, Style::H3);
        self.flow.heading_numbered(Tag::H3, &heading, sheet::LEADING, Some((&mut entry, &finding.number)));
        self.by(&mut entry, finding.observed_at, &finding.author, &finding.photos);

        let norm = if finding.norm.trim().is_empty() { String::new() } else { format!("Norm: {}", finding.norm) };
        self.circumstances(&[words::kind(finding.kind), &norm, &finding.place]);
        self.flow.gap(3.0);
        self.flow.text(Tag::P, &Text::of(finding.text.as_str(), Style::BODY), sheet::LEADING);
        self.ordinary_explanation(&finding.ordinary_explanation, None);
        self.flow.end_entry(entry);
        self.photos_of(&finding.photos);
    }

    /// What the author infers, apart from the facts.
    pub(super) fn assumptions(&mut self) {
        self.part(Part::Assumptions, |report| {
            if report.model.assumptions.is_empty() {
                report.flow.paragraph("Er zijn geen vermoedens vastgelegd.");
                return;
            }
            report.remark(
                "Een vermoeden is een gevolgtrekking van de opsteller en geen feit. Bij elk vermoeden staat welke gewone \
                 verklaring er is.",
            );
            for assumption in &report.model.assumptions {
                report.within(Tag::Sect, |report| report.assumption(assumption));
            }
        });
    }

    fn assumption(&mut self, assumption: &Assumption) {
        self.flow.gap(ENTRY_GAP);
        let title = match assumption.title.trim() {
            "" => format!("Vermoeden {}", assumption.number),
            title => title.to_owned(),
        };
        let anchor = self.flow.reserve();
        self.flow.here_is(anchor);
        self.flow.bookmark(1, format!("{} {title}", assumption.number), anchor);
        let mut entry = self.flow.begin_entry();
        let heading = Text::of(title, Style::H3);
        self.flow.heading_numbered(Tag::H3, &heading, sheet::LEADING, Some((&mut entry, &assumption.number)));
        self.by(&mut entry, assumption.observed_at, &assumption.author, &assumption.photos);
        if !assumption.rests_on.is_empty() {
            self.circumstances(&[&format!("Steunt op {}", words::list(&assumption.rests_on))]);
            self.flow.gap(3.0);
        }
        self.flow.text(Tag::P, &Text::of(assumption.text.as_str(), Style::BODY), sheet::LEADING);
        self.ordinary_explanation(&assumption.ordinary_explanation, Some("Niet gegeven en niet bekend."));
        self.flow.end_entry(entry);
        self.photos_of(&assumption.photos);
    }

    /// What people said, after the caution or not, literally or in short.
    pub(super) fn statements(&mut self) {
        self.part(Part::Statements, |report| {
            if report.model.statements.is_empty() {
                report.flow.paragraph("Er zijn geen verklaringen opgenomen.");
            }
            for statement in &report.model.statements {
                report.within(Tag::Sect, |report| report.statement(statement));
            }
        });
    }

    fn statement(&mut self, statement: &Statement) {
        self.flow.gap(ENTRY_GAP);
        let mut entry = self.flow.begin_entry();
        let heading = Text::of(words::capital(&statement.role), Style::H3);
        self.flow.heading(Tag::H3, &heading, sheet::LEADING);
        self.by(&mut entry, statement.taken_at, &statement.author, &statement.photos);
        let caution = match statement.caution {
            StatementCaution::Given { at: Some(at) } => {
                format!("Na de cautie van {} uur", words::moment(at, self.model.visit.date))
            }
            StatementCaution::Given { at: None } => "Na de cautie".to_owned(),
            StatementCaution::NotGiven => "Zonder cautie".to_owned(),
        };
        let form = if statement.verbatim { "Letterlijk weergegeven" } else { "Kort weergegeven" };
        self.circumstances(&[&caution, form]);
        self.flow.gap(3.0);
        if statement.verbatim {
            let text = Text::of(format!("“{}”", statement.text.trim()), Style::QUOTE);
            self.flow.within(Tag::BlockQuote, |flow| flow.text(Tag::P, &text, sheet::LEADING));
        } else {
            self.flow.text(Tag::P, &Text::of(statement.text.as_str(), Style::BODY), sheet::LEADING);
        }
        self.flow.end_entry(entry);
        self.photos_of(&statement.photos);
    }

    /// In the margin: when, by whom, and which photos show it.
    fn by(
        &mut self,
        entry: &mut Entry,
        at: Option<chrono::DateTime<chrono::FixedOffset>>,
        author: &str,
        photos: &[u32],
    ) {
        if at.is_none() && author.trim().is_empty() && photos.is_empty() {
            return;
        }
        let visit = self.model.visit.date;
        self.within(Tag::P, |report| {
            if let Some(at) = at {
                report.flow.margin(entry, &Text::of(words::moment(at, visit), Style::MARGIN));
            }
            report.flow.margin(entry, &Text::of(author, Style::MARGIN));
            report.photo_links(entry, photos);
        });
    }

    /// One quiet line of short sentences; empty ones are left out.
    fn circumstances(&mut self, parts: &[&str]) {
        let text = parts
            .iter()
            .filter(|part| !part.trim().is_empty())
            .map(|part| words::sentence(&words::capital(part.trim())))
            .collect::<Vec<_>>()
            .join(" ");
        self.flow.text(Tag::P, &Text::of(text, Style::QUIET), QUIET_LEADING);
        self.flow.keep_with_next();
    }

    fn ordinary_explanation(&mut self, explanation: &str, otherwise: Option<&str>) {
        let explanation = if explanation.trim().is_empty() { otherwise } else { Some(explanation) };
        if let Some(explanation) = explanation {
            let text = Text::of("Gewone verklaring. ", Style::STRONG).and(explanation, Style::BODY);
            self.flow.gap(4.0);
            self.flow.text(Tag::P, &text, sheet::LEADING);
        }
    }
}
