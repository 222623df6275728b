//! Findings, assumptions, statements, photos and the answers of the checklist.

use veldboek_checklist::{Answers, InReport, Question, ReportPlace, Section, words};
use veldboek_domain::{Field, ItemId, Observation, Record, RegisterKey, SetKind, Slot, Value};

use super::numbering::{Observed, Source, in_order};
use super::{Composer, ReportCopy};
use crate::model::{AnswerLine, AnswerSection, Assumption, Finding, Photo, Statement, StatementCaution};

impl Composer<'_> {
    pub(super) fn findings(&self) -> Vec<Finding> {
        let shown = self.numbering.findings.iter().filter(|observed| self.shows_source(&observed.source));
        shown.map(|observed| self.finding(observed)).collect()
    }

    /// Whether what stands in these copies of the report stands in this one.
    fn shows(&self, in_report: InReport) -> bool {
        match in_report {
            InReport::Always => true,
            InReport::FileOnly => self.copy == ReportCopy::File,
            InReport::Never => false,
        }
    }

    pub(super) fn shows_question(&self, slot: &Slot) -> bool {
        self.checklist.question(&slot.question).is_none_or(|question| self.shows(question.in_report))
    }

    fn shows_source(&self, source: &Source) -> bool {
        match source {
            Source::Item(_) => true,
            Source::Answer(slot) => self.shows_question(slot),
        }
    }

    fn finding(&self, observed: &Observed) -> Finding {
        match &observed.source {
            Source::Item(item) => self.written_finding(observed, *item),
            Source::Answer(slot) => self.answered_finding(observed, slot),
        }
    }

    fn written_finding(&self, observed: &Observed, item: ItemId) -> Finding {
        let text = |field| self.inspection.item_text(item, field).to_owned();
        let added = self.inspection.item(item).map(|item| item.added);
        let observed_at = match self.inspection.item_field(item, Field::ObservedAt) {
            Some(Value::DateTime(at)) => Some(*at),
            _ => added.as_ref().map(|header| header.at),
        };
        Finding {
            number: observed.number.clone(),
            title: text(Field::Title),
            norm: text(Field::Norm),
            kind: observed.kind,
            text: text(Field::Text),
            observed_at,
            place: text(Field::Place),
            author: added.map(|header| self.name(&header)).unwrap_or_default(),
            ordinary_explanation: text(Field::OrdinaryExplanation),
            photos: self.photos_of(|photo| photo.parent == Some(item)),
        }
    }

    fn answered_finding(&self, observed: &Observed, slot: &Slot) -> Finding {
        let register = self.inspection.register(&RegisterKey::Answer(slot.clone()));
        let written = register.and_then(|register| register.settled_by()).map(|(_, written)| written);
        let observation = match written.map(|written| &written.value) {
            Some(Value::Observation(observation)) => Some(observation),
            _ => None,
        };
        let question = self.checklist.question(&slot.question);
        Finding {
            number: observed.number.clone(),
            title: title(question, slot),
            norm: question
                .and_then(|question| question.grounds.first())
                .map(|ground| ground.article.clone())
                .unwrap_or_default(),
            kind: observed.kind,
            text: observation.map(|seen| seen.text.clone()).unwrap_or_default(),
            observed_at: observation.and_then(|seen| seen.observed_at).or(written.map(|written| written.header.at)),
            place: slot.group.map(|item| self.group_name(item)).unwrap_or_default(),
            author: written.map(|written| self.name(&written.header)).unwrap_or_default(),
            ordinary_explanation: self.explanation(observation, question, slot),
            photos: self.photos_of(|photo| photo.slot.as_ref() == Some(slot)),
        }
    }

    /// The explanation of the observation itself, or the answer to the question that asks for it.
    fn explanation(&self, observation: Option<&Observation>, question: Option<&Question>, slot: &Slot) -> String {
        let own = observation.map(|seen| seen.ordinary_explanation.as_str()).unwrap_or_default();
        if !own.is_empty() {
            return own.to_owned();
        }
        let asked = question.and_then(|question| question.explained_in.as_deref());
        let answer = asked.and_then(|id| self.inspection.answer(&Slot::within(id, slot.group)));
        answer.and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    pub(super) fn assumptions(&self) -> Vec<Assumption> {
        let assumption = |observed: &Observed| {
            let finding = self.finding(observed);
            Assumption {
                number: finding.number,
                title: finding.title,
                text: finding.text,
                observed_at: finding.observed_at,
                author: finding.author,
                ordinary_explanation: finding.ordinary_explanation,
                rests_on: Vec::new(),
                photos: finding.photos,
            }
        };
        let shown = self.numbering.assumptions.iter().filter(|observed| self.shows_source(&observed.source));
        shown.map(assumption).collect()
    }

    pub(super) fn statements(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        for question in self.checklist.statements().filter(|question| self.shows(question.in_report)) {
            let id = question.id.as_str();
            let Some(section) = self.checklist.section_of(id) else { continue };
            for group in self.items_of(section) {
                let slot = Slot::within(id, group);
                let register = self.inspection.register(&RegisterKey::Answer(slot.clone()));
                let Some((_, written)) = register.and_then(|register| register.settled_by()) else { continue };
                let Some(text) = written.value.as_text().filter(|text| !text.trim().is_empty()) else { continue };
                statements.push(Statement {
                    role: self.spoken_to(),
                    caution: match self.moment(self.place(ReportPlace::CautionAt)) {
                        Some(at) => StatementCaution::Given { at: Some(at) },
                        None => StatementCaution::NotGiven,
                    },
                    verbatim: false,
                    text: text.to_owned(),
                    taken_at: Some(written.header.at),
                    author: self.name(&written.header),
                    photos: self.photos_of(|photo| photo.slot.as_ref() == Some(&slot)),
                });
            }
        }
        statements
    }

    pub(super) fn photos(&self) -> Vec<Photo> {
        let items = in_order(self.inspection, &SetKind::Photo);
        items
            .into_iter()
            .filter(|item| item.slot.as_ref().is_none_or(|slot| self.shows_question(slot)))
            .filter_map(|item| {
                let sealed = item.sealed.clone()?;
                Some(Photo {
                    number: self.numbering.photos.get(&item.id).copied()?,
                    caption: self.text(&item, Field::Caption),
                    taken_at: sealed.taken_at.or(Some(item.added.at)),
                    author: self.name(&item.added),
                    direction: String::new(),
                    place: item
                        .slot
                        .as_ref()
                        .and_then(|slot| slot.group)
                        .map(|group| self.group_name(group))
                        .unwrap_or_default(),
                    sha256: sealed.sha256,
                    original_sha256: None,
                    edits: String::new(),
                    size_bytes: sealed.bytes,
                    width: sealed.width,
                    height: sealed.height,
                    alt: String::new(),
                })
            })
            .collect()
    }

    fn photos_of(&self, belongs: impl Fn(&veldboek_domain::Item) -> bool) -> Vec<u32> {
        let items = in_order(self.inspection, &SetKind::Photo);
        items
            .iter()
            .filter(|item| belongs(item))
            .filter_map(|item| self.numbering.photos.get(&item.id).copied())
            .collect()
    }

    pub(super) fn sections(&self) -> Vec<AnswerSection> {
        let mut sections = Vec::new();
        for section in self.checklist.sections().iter().filter(|section| self.shows(section.in_report)) {
            for group in self.items_of(section) {
                let answers: Vec<AnswerLine> =
                    section.questions.iter().filter_map(|question| self.answer_line(question, group)).collect();
                if !answers.is_empty() {
                    sections.push(AnswerSection {
                        code: section.id.clone(),
                        title: self.section_title(section, group),
                        answers,
                    });
                }
            }
        }
        sections
    }

    /// The items for which a section repeats; one without an item when it does not.
    fn items_of(&self, section: &Section) -> Vec<Option<ItemId>> {
        match &section.group {
            Some(group) => self.inspection.group_items(group).into_iter().map(Some).collect(),
            None => vec![None],
        }
    }

    fn section_title(&self, section: &Section, group: Option<ItemId>) -> String {
        match group {
            Some(item) => format!("{}, {}", section.title, self.group_name(item)),
            None => section.title.clone(),
        }
    }

    /// A building's name, or `gebouw 2` when nobody named it.
    fn group_name(&self, item: ItemId) -> String {
        let name = self.inspection.item_text(item, Field::Name);
        if !name.is_empty() {
            return name.to_owned();
        }
        let Some(SetKind::Group { group }) = self.inspection.item(item).map(|item| item.set) else {
            return String::new();
        };
        let number = self.inspection.group_items(&group).iter().position(|other| *other == item).map_or(0, |at| at + 1);
        format!("{group} {number}")
    }

    fn answer_line(&self, question: &Question, group: Option<ItemId>) -> Option<AnswerLine> {
        let slot = Slot::within(&question.id, group);
        let state = self.evaluation.state(&slot)?;
        if !self.shows(question.in_report) || !(state.visible || state.does_not_count()) {
            return None;
        }
        let register = self.inspection.register(&RegisterKey::Answer(slot.clone()));
        let written = register.and_then(|register| register.settled_by()).map(|(_, written)| written);
        let mut note = self.beside(RegisterKey::Note(slot.clone()));
        let reason = self.beside(RegisterKey::Reason(slot.clone()));
        if !reason.is_empty() {
            note = [note, format!("Niet beantwoord: {reason}")]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
        }
        let differs = register.is_some_and(|register| register.differs());
        Some(AnswerLine {
            question_id: question.id.clone(),
            question: question.text.clone(),
            answer: match written {
                Some(written) => words::in_words(&written.value, Some(question)),
                None if differs => "Twee antwoorden, nog niet gekozen".to_owned(),
                None => self.attached(&slot),
            },
            note: if self.copy == ReportCopy::File { note } else { String::new() },
            author: written.map(|written| self.name(&written.header)).unwrap_or_default(),
            answered_at: written.map(|written| written.header.at),
            counts: state.visible,
        })
    }

    /// For a question that is answered with photos or documents: how many there are.
    fn attached(&self, slot: &Slot) -> String {
        match self.inspection.attachments(slot) {
            0 => String::new(),
            1 => "1 bijlage".to_owned(),
            count => format!("{count} bijlagen"),
        }
    }

    fn beside(&self, key: RegisterKey) -> String {
        self.inspection.value(&key).and_then(Value::as_text).unwrap_or_default().to_owned()
    }
}

fn title(question: Option<&Question>, slot: &Slot) -> String {
    match (&slot.part, question) {
        (Some(part), _) => words::option(question, part),
        (None, Some(question)) => question.text.clone(),
        (None, None) => slot.question.clone(),
    }
}

/// The end of a chain as a record shows it.
impl From<&Record> for super::ChainTip {
    fn from(record: &Record) -> Self {
        let header = record.header();
        let head = veldboek_domain::ChainHead { seq: header.seq, record: record.id() };
        Self { chain: header.chain(), head, at: header.at }
    }
}
