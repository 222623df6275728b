//! Enrolling, unlocking, settings, reference data and the STOP card.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// No fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// How far the app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The device belongs to nobody yet: enrol it.
    NotEnrolled,
    /// Locked: PIN or passphrase.
    Locked,
    /// Open: work.
    Open,
}

/// What unlocks this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// Six digits or more, together with the operating system's keystore.
    Pin,
    /// A passphrase: where there is no keystore a PIN alone would fall in hours.
    Passphrase,
}

/// How far the app is, and for whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AppStatus {
    /// How far.
    pub phase: Phase,
    /// What unlocks it.
    pub secret: SecretKind,
    /// Seconds to wait before the next try, after wrong ones; 0 when a try is welcome.
    pub wait_seconds: u32,
    /// Wrong tries since the last right one.
    pub wrong_tries: u32,
    /// Name of the person of this device; empty before enrolment and while locked.
    pub person: String,
    /// The person's function.
    pub function: String,
    /// What the person is: `inspector`, `investigating_officer`, `team_leader`, `agri_coach`, `coordinator` or another; empty
    /// before enrolment and while locked.
    pub role: String,
    /// The organisation's name.
    pub organisation: String,
    /// The device's name, such as `ALK-07`.
    pub device: String,
    /// The backend's name for people.
    pub backend: String,
    /// One line about the network and what waits.
    pub sync: SyncLine,
}

/// The plain sentence of the top bar, as facts; the words are the screen's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncLine {
    /// What is going on.
    pub state: SyncPhase,
    /// Records that wait for a receipt.
    pub records_waiting: u32,
    /// Photos that wait for a receipt.
    pub photos_waiting: u32,
    /// Bytes of those photos that are not sent yet.
    #[ts(type = "number")]
    pub bytes_waiting: u64,
    /// When everything was received, RFC 3339; none while something waits.
    pub received_at: Option<String>,
    /// Things set apart that a person must look at.
    pub quarantined: u32,
    /// Photos for which there is still room, when storage is nearly full.
    pub room_for_photos: Option<u32>,
    /// How much there is to be told about this device.
    pub notices: u32,
}

/// What the sync is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nobody tried yet.
    #[default]
    Idle,
    /// The backend can't be reached: everything is on this device.
    Offline,
    /// Sending or receiving.
    Busy,
    /// Everything is received.
    Received,
    /// The backend no longer knows this device or its session: work goes on, sending waits.
    SignedOut,
    /// Something went wrong that trying again will not mend by itself.
    Failed,
}

/// Enrols this device.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct EnrolDevice {
    /// The backend's address, such as `https://nhveilig.example`.
    pub address: String,
    /// The short code from the administrator.
    pub code: String,
    /// A name that people recognise.
    pub device_name: String,
    /// The PIN or passphrase that will unlock it.
    pub secret: String,
}

/// Unlocks the device.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Unlock {
    /// PIN or passphrase.
    pub secret: String,
}

/// The STOP text: data with a status, as a checklist is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StopCard {
    /// `concept` until a fire officer approved it.
    pub status: String,
    /// Version of the text.
    pub version: String,
    /// The head, such as `Ga nu weg`.
    pub title: String,
    /// What to do, in order, each a short sentence.
    pub steps: Vec<String>,
    /// Distance in metres.
    pub distance_m: u32,
    /// Distance in metres when something burns.
    pub distance_fire_m: u32,
    /// What to tell the police.
    pub say: Vec<String>,
    /// The number to call.
    pub emergency_number: String,
    /// The number without haste.
    pub non_urgent_number: String,
    /// What stands there afterwards.
    pub afterwards: String,
}

/// Settings of this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// `nl` or `en`.
    pub language: String,
    /// `system`, `light`, `dark`, `contrast` or `contrast-dark`.
    pub theme: String,
    /// Text size in percent: 100, 125, 150 or 200.
    pub text_size: u32,
    /// Minutes without touch after which the app locks itself.
    pub lock_after_minutes: u32,
    /// Whether photos may go over mobile data.
    pub photos_on_mobile_data: bool,
    /// Whether photos wait: records go on.
    #[serde(default)]
    pub photos_paused: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "nl".to_owned(),
            theme: "system".to_owned(),
            text_size: 100,
            lock_after_minutes: 10,
            photos_on_mobile_data: true,
            photos_paused: false,
        }
    }
}

/// Code lists and the region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Reference {
    /// Measures.
    pub measures: Vec<CodeLabel>,
    /// Kinds of observation.
    pub observation_kinds: Vec<CodeLabel>,
    /// Themes.
    pub themes: Vec<CodeLabel>,
    /// Kinds of location.
    pub location_types: Vec<CodeLabel>,
    /// Kinds of partner.
    pub partners: Vec<CodeLabel>,
    /// Municipalities, in the order of the districts.
    pub municipalities: Vec<String>,
}

/// A code with its label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CodeLabel {
    /// The stable code.
    pub code: String,
    /// What people read.
    pub label: String,
    /// The article on which it rests; may be empty.
    pub basis: String,
}
