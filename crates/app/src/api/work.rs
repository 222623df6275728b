//! Today's work, search and opening a controle.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::{Address, InspectionId};

/// Today's controles in route order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Today {
    /// The day, `2026-11-19`.
    pub date: String,
    /// The controles of today, then those that are open from earlier days.
    pub rows: Vec<InspectionRow>,
}

/// A controle in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InspectionRow {
    /// The controle.
    pub inspection: InspectionId,
    /// Its working number, `VB-2026-0042-K7`.
    pub number: String,
    /// Street and number.
    pub address: String,
    /// Town.
    pub town: String,
    /// Municipality.
    pub municipality: String,
    /// The checklist's title, such as `Integrale controle buitengebied`.
    pub kind: String,
    /// `vb`, `btp` or `agro`.
    pub family: String,
    /// When it is planned, RFC 3339.
    pub planned_at: Option<String>,
    /// `planned`, `busy`, `stopped`, `broken_off`, `closed`, `sent_back` or `agreed`.
    pub status: String,
    /// Answered questions.
    pub answered: u32,
    /// Questions that count.
    pub questions: u32,
    /// Findings.
    pub findings: u32,
    /// Photos.
    pub photos: u32,
    /// Open differences.
    pub differences: u32,
    /// Records and photos that wait for a receipt.
    pub waiting: u32,
    /// Records that wait for a receipt.
    pub records_waiting: u32,
    /// Photos that wait for a receipt.
    pub photos_waiting: u32,
    /// The newest receipt's number; none while something waits or nothing was sent.
    pub receipt: Option<String>,
    /// Parts for which the person of this device was asked and in which questions are open.
    pub mine: u32,
    /// When all of it was last received, RFC 3339; none while something waits or nothing was sent.
    pub received_at: Option<String>,
    /// Names of the team.
    pub team: Vec<String>,
}

/// Searches everything on this device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Search {
    /// Words; all must occur.
    pub text: String,
}

/// A checklist that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ChecklistRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// `concept` or `vastgesteld`.
    pub status: String,
    /// `vb`, `btp` or `agro`.
    pub family: String,
    /// From which day it holds, `2026-11-01`.
    pub valid_from: String,
    /// The first digits of its hash.
    pub hash: String,
    /// Whether a visit by it stays on this device: only counts go out, and nothing leads back to it.
    pub stays_here: bool,
    /// Whether nobody in it may be identified.
    pub without_persons: bool,
}

/// Makes a new controle.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlanInspection {
    /// The checklist's id.
    pub checklist: String,
    /// Where; empty for a visit that stays on this device.
    pub address: Address,
    /// When, RFC 3339; none for now.
    pub planned_at: Option<String>,
}

/// A controle was made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Opened {
    /// The controle.
    pub inspection: InspectionId,
}

/// Names a controle.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct OpenInspection {
    /// The controle.
    pub inspection: InspectionId,
}
