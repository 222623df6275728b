//! The rules of law and of privacy that a checklist must keep as a whole. Each has a file of its own.

use super::{handover, outgoing, persons, places};
use crate::assemble::Assembled;
use crate::context::ReadingContext;
use crate::model::{Question, Section};
use crate::problem::Complaints;
use crate::source::{At, QuestionSource, SectionSource};

/// Checks every rule; problems are added.
pub(super) fn check(
    assembled: &Assembled,
    sections: &[Section],
    context: &ReadingContext,
    complaints: &mut Complaints<'_>,
) {
    places::check(assembled, sections, complaints);
    persons::check(assembled, sections, context, complaints);
    outgoing::check(assembled, sections, complaints);
    handover::check_keys(assembled, complaints);
}

/// A question as it was written and as it was read.
pub(super) struct Both<'a> {
    pub(super) at: &'a At<QuestionSource>,
    pub(super) read: &'a Question,
    pub(super) section: &'a Section,
    pub(super) section_source: &'a SectionSource,
}

impl Both<'_> {
    /// Where its kind stands, or else where it begins.
    pub(super) fn kind_place(&self) -> usize {
        self.at.get().soort.as_ref().map_or(self.at.start(), At::start)
    }
}

/// Every question of which the kind could be read, in order.
pub(super) fn questions<'a>(assembled: &'a Assembled, sections: &'a [Section]) -> impl Iterator<Item = Both<'a>> {
    let pairs = assembled.source.onderdeel.iter().map(At::get).zip(sections);
    pairs.flat_map(|(section_source, section)| {
        let questions = section_source.vraag.iter().zip(&section.questions);
        questions.filter(|(at, _)| at.get().soort.is_some()).map(move |(at, read)| Both {
            at,
            read,
            section,
            section_source,
        })
    })
}
