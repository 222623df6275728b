//! The answers of the checklist: what the form asked, and in ink what people wrote.

use crate::model::{AnswerLine, AnswerSection};
use crate::page::{Tag, sheet};
use crate::text::{Colour, Style, Text};
use crate::words;

use super::{Part, Report};

impl Report<'_> {
    /// Every part of the checklist with its answers.
    pub(super) fn answers(&mut self) {
        self.part(Part::Answers, |report| {
            if report.model.sections.iter().all(|section| section.answers.is_empty()) {
                report.flow.paragraph("Er zijn geen vragen beantwoord.");
                return;
            }
            let author = report.model.author.name.as_str();
            report.remark(&format!("Waar geen naam in de kantlijn staat, antwoordde {author}."));
            for section in &report.model.sections {
                if !section.answers.is_empty() {
                    report.within(Tag::Sect, |report| report.section(section));
                }
            }
        });
    }

    fn section(&mut self, section: &AnswerSection) {
        self.flow.gap(18.0);
        let anchor = self.flow.reserve();
        self.flow.here_is(anchor);
        self.flow.bookmark(1, format!("{} {}", section.code, section.title), anchor);
        let mut entry = self.flow.begin_entry();
        let heading = Text::of(section.title.as_str(), Style::H3);
        self.flow.heading_numbered(Tag::H3, &heading, 18.0, Some((&mut entry, &section.code)));
        self.flow.end_entry(entry);
        self.within(Tag::L, |report| {
            for answer in &section.answers {
                report.flow.gap(7.0);
                report.within(Tag::Li, |report| report.answer(answer));
            }
        });
    }

    fn answer(&mut self, answer: &AnswerLine) {
        let visit = self.model.visit.date;
        let others_name = if answer.author == self.model.author.name { "" } else { answer.author.as_str() };
        let colour = |style: Style| if answer.counts { style } else { Style { colour: Colour::QUIET, ..style } };
        let flow = &mut self.flow;
        let first = flow.bands.len();
        let mut entry = flow.begin_entry();
        let number = Text::of(answer.question_id.as_str(), colour(Style { size: 9.75, ..Style::NUMBER }));
        flow.within(Tag::Lbl, |flow| flow.margin(&mut entry, &number));
        flow.within(Tag::LBody, |flow| {
            flow.text(Tag::P, &Text::of(answer.question.as_str(), colour(Style::BODY)), sheet::LEADING);
            // The question stays with the beginning of its answer.
            flow.keep_together(first);
            flow.keep_with_next();
            let said = if answer.answer.trim().is_empty() {
                Text::of("Niet beantwoord.", Style::QUIET)
            } else {
                let strong = Style { colour: Colour::INK, ..Style::STRONG };
                Text::of(answer.answer.as_str(), colour(strong))
            };
            flow.text(Tag::P, &said, sheet::LEADING);
            flow.text(Tag::P, &Text::of(answer.note.as_str(), colour(Style::ANSWER)), sheet::LEADING);
            if !answer.counts {
                let why = "Telt niet mee: door een ander antwoord is deze vraag niet meer aan de orde.";
                flow.text(Tag::P, &Text::of(why, Style::QUIET), 13.5);
            }
            if answer.answered_at.is_some() || !others_name.trim().is_empty() {
                flow.within(Tag::P, |flow| {
                    if let Some(at) = answer.answered_at {
                        flow.margin(&mut entry, &Text::of(words::moment(at, visit), Style::MARGIN));
                    }
                    flow.margin(&mut entry, &Text::of(others_name, Style::MARGIN));
                });
            }
        });
        flow.end_entry(entry);
    }
}
