//! Hand-overs between devices without a network. Files never cross as JSON: hosts carry their bytes raw.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::{DeviceId, InspectionId, PersonId};

/// This device's card, with which others encrypt for it. The bytes come raw beside it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DeviceCard {
    /// A name for the file.
    pub file_name: String,
    /// The device's name.
    pub device: String,
    /// Whose it is.
    pub person: String,
}

/// Asks which devices this one has seen.
#[derive(Clone, Copy, Debug, Default, Deserialize, TS)]
pub struct KnownDevices {
    /// The controle that is to be handed over, to tell whose people are in its team.
    pub inspection: Option<InspectionId>,
}

/// A device that this one has seen.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct KnownDevice {
    /// The device.
    pub device: DeviceId,
    /// Its name, such as `ODN-02`.
    pub name: String,
    /// Whose it is.
    pub person: String,
    /// The person's id.
    pub card_person: PersonId,
    /// The person's function.
    pub function: String,
    /// The person's organisation.
    pub organisation: String,
    /// When its card was seen last, RFC 3339.
    pub seen_at: String,
    /// Whether the person is in the team of the controle; none when no controle was asked about.
    pub in_team: Option<bool>,
}

/// Adds the person of a known device to the team.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct AddMember {
    /// The controle.
    pub inspection: InspectionId,
    /// The device.
    pub device: DeviceId,
}

/// Asks for the file with which a controle goes to another device. The bytes come raw beside it.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct HandoverRequest {
    /// The controle.
    pub inspection: InspectionId,
    /// The device that gets it.
    pub device: DeviceId,
    /// Whether everything goes, also what the other device said to hold.
    pub everything: bool,
}

/// A file was made.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HandoverMade {
    /// A name for the file, without personal data: the controle's number and the receiving device.
    pub file_name: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many records are in it.
    pub records: u32,
    /// How many photos are in it.
    pub photos: u32,
    /// Photos that this device can't read any more.
    pub photos_unread: u32,
    /// Whether what the other device said to hold was left out.
    pub only_changes: bool,
    /// The receiving device's name.
    pub device: String,
    /// Whose that is.
    pub person: String,
}

/// What a file that somebody brought turned out to be.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HandedIn {
    /// Another device's card.
    Card {
        /// The device.
        device: KnownDevice,
    },
    /// A hand-over.
    Handover {
        /// What came.
        received: HandoverReceived,
    },
}

/// What came with a hand-over.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HandoverReceived {
    /// The controle.
    pub inspection: InspectionId,
    /// Its number.
    pub number: String,
    /// Street and number, and town.
    pub title: String,
    /// Who gave it.
    pub person: String,
    /// Their organisation.
    pub organisation: String,
    /// Their device.
    pub device: String,
    /// When the file was made, RFC 3339, by that device's clock.
    pub made_at: String,
    /// Records that were new.
    pub records: u32,
    /// How many of those are answers.
    pub answers: u32,
    /// Photos that were new.
    pub photos: u32,
    /// What was not taken, each with its reason. Everything else was.
    pub not_taken: Vec<NotTaken>,
    /// Whether records from before these are missing here: a file with everything brings them.
    pub has_gaps: bool,
    /// Whether everything was here already.
    pub is_known: bool,
}

/// Something of a hand-over that does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct NotTaken {
    /// `record` or `photo`.
    pub what: String,
    /// The first digits of its hash.
    pub id: String,
    /// Why, by code.
    pub reason: String,
}
