//! What evaluation needs to know about an inspection: its answers, and facts that no question asks.

use chrono::NaiveDate;
use veldboek_domain::{ItemId, Slot, Value};

/// The answers of one inspection.
pub trait Answers {
    /// The settled answer in a slot. Nothing when unanswered, or while people differ.
    fn answer(&self, slot: &Slot) -> Option<&Value>;

    /// The items of a repeated group in order, without those that were withdrawn.
    fn group_items(&self, group: &str) -> Vec<ItemId>;

    /// Why a required question has no answer, in words.
    fn reason(&self, slot: &Slot) -> Option<&str> {
        let _ = slot;
        None
    }

    /// How many photos or documents hang on a slot.
    fn attachments(&self, slot: &Slot) -> usize {
        let _ = slot;
        0
    }
}

/// Facts that the law needs and no question asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Today; `vandaag` in conditions.
    pub today: NaiveDate,
    /// The day of the controle; `dag` in conditions. Without it, today counts.
    pub visit_day: Option<NaiveDate>,
    /// Whether the author is a BOA; `boa` in conditions.
    pub special_officer: bool,
    /// Who takes part; `deelnemers` in conditions.
    pub participants: Vec<Participant>,
}

impl Facts {
    /// A day without participants.
    pub fn on(today: NaiveDate) -> Self {
        Self { today, visit_day: None, special_officer: false, participants: Vec::new() }
    }

    /// The day from which terms count.
    pub fn day(&self) -> NaiveDate {
        self.visit_day.unwrap_or(self.today)
    }
}

/// Somebody who takes part. Each needs an own ground to go inside (CCV; art. 5:15 Awb).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participant {
    /// `naam`.
    pub name: String,
    /// `organisatie`.
    pub organisation: String,
    /// `partner`: the organisation's role, by code of [`veldboek_domain::codes::PARTNERS`]; empty when nobody said.
    pub partner: String,
    /// `functie`.
    pub function: String,
    /// `pasnummer`.
    pub pass_number: String,
    /// `grondslag`: the law or ordinance.
    pub legal_basis: String,
    /// `aanwijzing`: the designation decision.
    pub designation: String,
    /// `gaat_naar_binnen`.
    pub goes_inside: bool,
}
