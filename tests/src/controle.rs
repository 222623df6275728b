//! One controle from arrival to report, filled in by somebody who knows nothing but the checklist: whatever the
//! checklist asks gets a plausible answer.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use veldboek_app::api::*;
use veldboek_app::{App, AppError};
use veldboek_checklist::{Question, QuestionKind};
use veldboek_domain::{
    Address, Field, InspectionId, ItemId, Observation, ObservationKind, Point, PointSource, RegisterKey, SetKind,
    Signature, Slot, Value,
};

use crate::photo::jpeg_of;

/// How often the open questions are gone through: an answer may open others.
const ROUNDS: usize = 40;

/// Somebody at work in one controle.
pub struct Visit<'a> {
    app: &'a App,
    inspection: InspectionId,
    now: DateTime<FixedOffset>,
    photos: u32,
    photo_bytes: usize,
}

impl<'a> Visit<'a> {
    /// Begins; photos will have this many bytes.
    pub fn begin(app: &'a App, inspection: InspectionId, now: DateTime<FixedOffset>, photo_bytes: usize) -> Self {
        Self { app, inspection, now, photos: 0, photo_bytes }
    }

    /// Answers every required question until nothing is missing, and says how the controle stands then.
    ///
    /// # Errors
    /// What the app says.
    pub fn answer_everything(&mut self) -> Result<InspectionView, AppError> {
        let mut view = self.view()?;
        self.fill_groups(&view)?;
        for _ in 0..ROUNDS {
            let questions: BTreeMap<&str, &Question> = view
                .sections
                .iter()
                .flat_map(|section| &section.questions)
                .map(|asked| (asked.id.as_str(), asked))
                .collect();
            let before = view.summary.missing.len();
            for missing in view.summary.missing.iter() {
                self.answer(questions[missing.slot.question.as_str()], &missing.slot)?;
            }
            view = self.view()?;
            if view.summary.missing.is_empty() || (view.summary.missing.len() == before && before == 0) {
                break;
            }
        }
        Ok(view)
    }

    /// Adds a finding with a photo.
    ///
    /// # Errors
    /// What the app says.
    pub fn find(&mut self, title: &str, text: &str) -> Result<ItemId, AppError> {
        let fields = vec![
            (Field::Title, Value::text(title)),
            (Field::Text, Value::text(text)),
            (Field::Kind, Value::choice("own")),
            (Field::OrdinaryExplanation, Value::text("De gebruiker zegt dat dit van de vorige huurder is.")),
        ];
        let finding = self.add(SetKind::Finding, fields)?;
        self.photograph(None, Some(finding))?;
        Ok(finding)
    }

    /// Takes a photo.
    ///
    /// # Errors
    /// What the app says.
    pub fn photograph(&mut self, slot: Option<&Slot>, parent: Option<ItemId>) -> Result<ItemId, AppError> {
        let pending = PhotoPending { inspection: self.inspection, slot: slot.cloned(), parent, document: false };
        let item = self.app.photo_pending(pending)?.item;
        self.photos += 1;
        let photo = PhotoAdd { inspection: self.inspection, item, position: Some(position()) };
        self.app.photo_add(photo, jpeg_of(self.photos, self.photo_bytes))?;
        Ok(item)
    }

    /// Writes down how the work was done, signs and closes.
    ///
    /// # Errors
    /// What the app says, such as what is still missing.
    pub fn close(&mut self) -> Result<InspectionView, AppError> {
        let method =
            "Erf en schuur bekeken bij daglicht en droog weer, vanaf vloerniveau. Niets geopend of verplaatst.";
        self.write(RegisterKey::Inspection(Field::Method), Value::text(method))?;
        self.write(RegisterKey::Inspection(Field::DepartedAt), Value::DateTime(self.now))?;
        let person = self.app.status(Nothing {})?.person;
        let signature = signature(&person, "opsteller");
        self.app.sign(Sign { inspection: self.inspection, signature, by_author: true })?;
        self.app.close(CloseInspection { inspection: self.inspection })
    }

    fn view(&self) -> Result<InspectionView, AppError> {
        self.app.open_inspection(OpenInspection { inspection: self.inspection })
    }

    fn write(&self, register: RegisterKey, value: Value) -> Result<Kept, AppError> {
        self.app.write(Write { inspection: self.inspection, register, value })
    }

    fn add(&self, set: SetKind, fields: Vec<(Field, Value)>) -> Result<ItemId, AppError> {
        let item = AddItem { inspection: self.inspection, set, slot: None, parent: None, fields, regime: None };
        Ok(self.app.add_item(item)?.item)
    }

    fn fill_groups(&self, view: &InspectionView) -> Result<(), AppError> {
        for group in &view.groups {
            let there = view.group_items.iter().filter(|item| item.group == group.id).count();
            for number in there..group.minimum as usize {
                let name = format!("{} {}", group.item_title, number + 1);
                self.add(SetKind::Group { group: group.id.clone() }, vec![(Field::Name, Value::text(&name))])?;
            }
        }
        Ok(())
    }

    fn answer(&mut self, question: &Question, slot: &Slot) -> Result<(), AppError> {
        match question.kind {
            QuestionKind::Photo => self.photograph(Some(slot), None).map(|_| ()),
            QuestionKind::Participants => self.add(SetKind::Participant, participant()).map(|_| ()),
            _ => self.answer_in_words(question, slot),
        }
    }

    fn answer_in_words(&self, question: &Question, slot: &Slot) -> Result<(), AppError> {
        for value in self.plausible(question) {
            let kept = match self.write(RegisterKey::Answer(slot.clone()), value) {
                // It waits for another answer, such as the caution; the next round comes back to it.
                Err(AppError::LockedAnswer(_)) => return Ok(()),
                kept => kept?,
            };
            let stops = kept.summary.stops.iter().any(|stop| stop.slot.question == slot.question);
            let wrong = kept.slots.iter().any(|state| state.slot == *slot && state.violation.is_some());
            if !stops && !wrong {
                break;
            }
        }
        if question.observation_per_option {
            self.observe_options(question)?;
        }
        Ok(())
    }

    fn observe_options(&self, question: &Question) -> Result<(), AppError> {
        let view = self.view()?;
        let open = view.summary.missing.iter().filter(|missing| missing.slot.question == question.id);
        for part in open.filter(|missing| missing.slot.part.is_some()) {
            self.write(RegisterKey::Answer(part.slot.clone()), self.observation())?;
        }
        Ok(())
    }

    /// Answers that fit the question, the likeliest first.
    fn plausible(&self, question: &Question) -> Vec<Value> {
        let codes = || question.options.iter().map(|option| option.code.as_str());
        match question.kind {
            kind if kind.is_choice() => {
                let quiet = question.signal || question.may_stop;
                let mut answers: Vec<Value> = codes().map(Value::choice).collect();
                if quiet {
                    answers.sort_by_key(|answer| answer.as_choice() != Some("nee"));
                }
                answers
            }
            QuestionKind::SeveralOf => {
                let exclusive =
                    question.options.iter().find(|option| option.exclusive).map(|option| option.code.as_str());
                exclusive.into_iter().chain(codes()).map(|code| Value::choices(&[code])).collect()
            }
            QuestionKind::Number => {
                let smallest = question.minimum.unwrap_or(1.0);
                vec![Value::Number(
                    question.maximum.map_or(smallest.max(1.0), |largest| smallest.max(1.0).min(largest)),
                )]
            }
            QuestionKind::Date => vec![Value::Date(self.now.date_naive())],
            QuestionKind::Time => vec![Value::Time(self.now.time())],
            QuestionKind::DateTime => vec![Value::DateTime(self.now)],
            QuestionKind::Address => vec![Value::Address(address())],
            QuestionKind::Point => vec![Value::Point(position())],
            QuestionKind::Signature => vec![Value::Signature(signature("J. Bakker", "gebruiker"))],
            QuestionKind::Observation => vec![self.observation()],
            QuestionKind::Matrix => {
                let first = codes().next().unwrap_or("ja");
                vec![Value::Matrix(question.rows.iter().map(|row| (row.code.clone(), first.to_owned())).collect())]
            }
            _ => vec![Value::text("Zoals aangetroffen; geen bijzonderheden.")],
        }
    }

    fn observation(&self) -> Value {
        Value::Observation(Observation {
            kind: ObservationKind::Own,
            text: "In de schuur staan een trekker en twee aanhangers.".to_owned(),
            ordinary_explanation: "Stalling van eigen materieel.".to_owned(),
            observed_at: Some(self.now),
        })
    }
}

fn participant() -> Vec<(Field, Value)> {
    vec![
        (Field::Name, Value::text("S. de Boer")),
        (Field::Organisation, Value::text("gemeente Alkmaar")),
        (Field::Function, Value::text("toezichthouder bouw")),
        (Field::PassNumber, Value::text("40917")),
        (Field::LegalBasis, Value::text("art. 5:11 Awb")),
        (Field::Designation, Value::text("aanwijzingsbesluit 2025")),
        (Field::GoesInside, Value::Flag(true)),
    ]
}

/// An invented address.
pub fn address() -> Address {
    Address {
        line: "Kraaienhofsweg 12".to_owned(),
        postcode: "1483XX".to_owned(),
        town: "De Rijp".to_owned(),
        municipality: "Alkmaar".to_owned(),
        ..Address::default()
    }
}

fn position() -> Point {
    Point { lat: 52.5581, lon: 4.8364, accuracy_m: Some(6.0), source: PointSource::Device }
}

fn signature(name: &str, capacity: &str) -> Signature {
    let stroke = (0..30u16).map(|step| (100 + step * 24, 200 + (step % 6) * 20)).collect();
    Signature { name: name.to_owned(), capacity: capacity.to_owned(), strokes: vec![stroke] }
}
