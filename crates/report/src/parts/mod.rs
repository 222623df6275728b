//! What a controlerapport says, part by part, in Dutch.
//!
//! Order: the core on the first page with the list of contents, then findings, assumptions (apart from the facts),
//! statements, measures, response, closing, answers, further photos, appendices and the account of hashes.

mod account;
mod answers;
mod closing;
mod contents;
mod core;
mod facts;
mod head;
mod outcome;
mod photos;

use std::collections::BTreeMap;

use crate::model::ReportModel;
use crate::page::furniture::Furniture;
use crate::page::{Anchor, Flow, Tag};
use crate::photo::{PhotoFault, Picture};
use crate::text::{Style, Text};
use crate::words;

pub use photos::photo_references;

/// Space above a part.
const PART_GAP: f32 = 24.0;
/// Space between entries.
const ENTRY_GAP: f32 = 12.0;
/// Height of a part's heading.
const H2_LEADING: f32 = 22.0;
/// Height of the lines in captions and small print.
const SMALL_LEADING: f32 = 12.5;

/// A part of the report, in the order of the list of contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Differences,
    Findings,
    Assumptions,
    Statements,
    Measures,
    Response,
    Closing,
    Answers,
    Photos,
    Appendices,
    Account,
}

impl Part {
    const ALL: [Self; 11] = [
        Self::Differences,
        Self::Findings,
        Self::Assumptions,
        Self::Statements,
        Self::Measures,
        Self::Response,
        Self::Closing,
        Self::Answers,
        Self::Photos,
        Self::Appendices,
        Self::Account,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Differences => "Verschillen die nog open staan",
            Self::Findings => "Bevindingen",
            Self::Assumptions => "Vermoedens",
            Self::Statements => "Verklaringen",
            Self::Measures => "Maatregelen",
            Self::Response => "Reactie",
            Self::Closing => "Slot en handtekeningen",
            Self::Answers => "Antwoorden per onderdeel",
            Self::Photos => "Foto’s",
            Self::Appendices => "Bijlagen",
            Self::Account => "Verantwoording",
        }
    }
}

/// A report that is being written.
struct Report<'a> {
    model: &'a ReportModel,
    pictures: &'a [Result<Picture, PhotoFault>],
    flow: Flow,
    /// The parts that this report has, with their places.
    parts: BTreeMap<Part, Anchor>,
    /// The places of the findings by number.
    findings: BTreeMap<&'a str, Anchor>,
    /// The photos by number: index in the model and place.
    photos: BTreeMap<u32, (usize, Anchor)>,
    /// Which photos have been printed, by index.
    printed: Vec<bool>,
}

/// Writes the report. There is a picture, or the reason why there is none, for each of the model's photos.
pub fn write(model: &ReportModel, pictures: &[Result<Picture, PhotoFault>]) -> Flow {
    let mut flow = Flow::new();
    let beside = photo_references(model);
    let loose = model.photos.iter().any(|photo| !beside.contains(&photo.number));
    let parts = Part::ALL
        .into_iter()
        .filter(|part| match part {
            Part::Differences => !model.open_differences.is_empty(),
            Part::Photos => loose,
            _ => true,
        })
        .map(|part| (part, flow.reserve()))
        .collect();
    let findings = model.findings.iter().map(|finding| (finding.number.as_str(), flow.reserve())).collect();
    let photos =
        model.photos.iter().enumerate().map(|(index, photo)| (photo.number, (index, flow.reserve()))).collect();
    let mut report =
        Report { model, pictures, flow, parts, findings, photos, printed: vec![false; model.photos.len()] };
    report.head();
    report.core();
    report.contents();
    // The first page is the core and the list of contents.
    report.flow.new_page();
    report.differences();
    report.findings();
    report.assumptions();
    report.statements();
    report.measures();
    report.response();
    report.closing();
    report.answers();
    report.further_photos();
    report.appendices();
    report.account();
    report.flow
}

/// The words at the head and foot of the pages.
pub fn furniture(model: &ReportModel) -> Furniture {
    let head = &model.head;
    let status = match head.status {
        crate::model::ReportStatus::Concept => "Concept, nog niet vastgesteld",
        crate::model::ReportStatus::Final => "Definitief",
    };
    Furniture {
        head_left: format!("Controlerapport. {}", words::copy(model.copy)),
        head_right: status.to_owned(),
        foot_left: format!("{}, versie {}, {}", head.report_number, head.version, words::status(head.status)),
    }
}

impl<'a> Report<'a> {
    /// A part under its heading. A part that this report does not have is not written.
    fn part(&mut self, part: Part, write: impl FnOnce(&mut Self)) {
        let Some(anchor) = self.parts.get(&part).copied() else { return };
        self.flow.gap(PART_GAP);
        self.within(Tag::Sect, |report| {
            report.flow.here_is(anchor);
            report.flow.bookmark(0, part.title(), anchor);
            report.flow.heading(Tag::H2, &Text::of(part.title(), Style::H2), H2_LEADING);
            write(report);
        });
    }

    /// Writes within an element; as [`Flow::within`] for what needs the whole report.
    fn within<R>(&mut self, tag: Tag, write: impl FnOnce(&mut Self) -> R) -> R {
        self.flow.open(tag, None);
        let out = write(self);
        self.flow.close();
        out
    }

    /// A quiet line of explanation; stays with what it explains.
    fn remark(&mut self, text: &str) {
        let first = self.flow.bands.len();
        self.flow.text(Tag::P, &Text::of(text, Style::QUIET), 13.5);
        self.flow.keep_together(first);
        self.flow.keep_with_next();
    }
}
