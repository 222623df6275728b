//! A backend and the tablets of its people.

use std::sync::Arc;

use veldboek_domain::{Clock, InspectionId, RegisterKey, Slot, Value};

use crate::backend::Backend;
use crate::clock::StoryClock;
use crate::desk::Desk;
use crate::device::Device;
use veldboek_app::api::Write;

/// A backend, and a clock for it and for all tablets.
pub struct Region {
    /// The clock.
    pub clock: Arc<StoryClock>,
    /// The backend.
    pub backend: Backend,
}

impl Region {
    /// A backend with demonstration data, on a morning.
    ///
    /// # Panics
    /// When the backend does not start.
    pub fn begin() -> Self {
        let clock = Arc::new(StoryClock::at("2026-11-19T09:00:00+01:00"));
        let backend = Backend::start(clock.clone());
        Self { clock, backend }
    }

    /// The tablet of a person of the demonstration, see [`Backend::code`].
    pub fn tablet(&self, person: usize) -> Device {
        self.tablet_with(self.backend.code(person), &format!("TABLET-{person}"))
    }

    /// A tablet that is enrolled with this code.
    pub fn tablet_with(&self, code: &str, name: &str) -> Device {
        Device::enrolled(self.clock.clone() as Arc<dyn Clock>, &self.backend.url(), code, name)
    }

    /// Both work without a network, and sync afterwards until each has everything.
    pub fn apart(&mut self, tablets: [&Device; 2], work: impl Fn(&Device, usize)) {
        self.backend.stop();
        for (number, tablet) in tablets.into_iter().enumerate() {
            work(tablet, number);
        }
        self.backend.start_again();
        for tablet in [tablets[0], tablets[1], tablets[0]] {
            tablet.sync();
        }
    }

    /// A tablet of an inspector who works with the same backend and is in no team.
    pub fn outsider(&self) -> Device {
        let person = serde_json::json!({
            "name": "B. Veenstra", "organisation": "gm-alkmaar", "organisation_name": "Gemeente Alkmaar",
            "function": "toezichthouder wonen", "role": "inspector", "pass_number": "40990",
        });
        self.tablet_with(&Desk::sign_in_to_manage(&self.backend).add_person(&person), "TABLET-9")
    }
}

/// The first controle of the day.
///
/// # Panics
/// When there is none.
pub fn first(device: &Device) -> InspectionId {
    device.today().first().expect("there is work for today").inspection
}

/// Answers so many questions with one option each.
///
/// # Panics
/// When the checklist asks fewer.
pub fn answer(tablet: &Device, inspection: InspectionId, count: usize) -> Vec<Slot> {
    let choices = tablet.choices(inspection);
    assert!(choices.len() >= count, "the checklist asks {} things", choices.len());
    let mut answered = Vec::new();
    for (slot, options) in choices.into_iter().take(count) {
        tablet.answer(inspection, &slot, Value::choice(options.last().expect("a choice has options")));
        answered.push(slot);
    }
    answered
}

/// Writes a note with a question.
///
/// # Panics
/// When it is not kept.
pub fn note(tablet: &Device, inspection: InspectionId, slot: &Slot, text: &str) {
    let register = RegisterKey::Note(slot.clone());
    tablet.app().write(Write { inspection, register, value: Value::text(text) }).expect("the note is kept");
}

/// How many records a tablet holds; everything of them holds.
///
/// # Panics
/// When something does not.
pub fn held(tablet: &Device) -> usize {
    let check = tablet.app().check().expect("it is open");
    assert!(check.broken.is_empty() && check.projections_equal, "{:?}", check.broken);
    check.records
}
