//! Exchanging controles with a device nearby, over a line of its own and without the backend.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::InspectionId;

use super::NotTaken;

/// Where it is between two devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NearbyStage {
    /// Nobody looks: this device does not listen.
    Closed,
    /// This device listens, and looks for others.
    Looking,
    /// A line is being made.
    Connecting,
    /// Both screens show a code, and this person has not said anything of it.
    Comparing,
    /// This person saw the same code; the other has not said so yet.
    Waiting,
    /// Both agreed: they tell each other what they hold.
    Telling,
    /// What there is to exchange is known: a person chooses.
    Choosing,
    /// Records and photos go over.
    Exchanging,
    /// Both have everything.
    Done,
    /// It ended before that; what came stays.
    Ended,
}

/// Everything between this device and others nearby.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct NearbyView {
    /// Where it is.
    pub stage: NearbyStage,
    /// The random name under which others see this device now; empty when it does not listen.
    pub name: String,
    /// Where this device listens, as `address:port`, to be typed on the other one.
    pub addresses: Vec<String>,
    /// Whether others can find it. Without, only the address helps.
    pub announced: bool,
    /// The random names of the devices that were found.
    pub found: Vec<String>,
    /// Why a device that asked was refused last, by code.
    pub refused: Option<String>,
    /// Who is at the other end, by a certificate that was checked.
    pub peer: Option<NearbyPeer>,
    /// Six digits in two groups, while they are to be compared.
    pub code: Option<String>,
    /// What there is to exchange.
    pub inspections: Vec<NearbyInspection>,
    /// How far it is.
    pub progress: NearbyProgress,
    /// Whether photos wait because a person here wants it so.
    pub paused: bool,
    /// Whether photos wait because the other person wants it so.
    pub paused_there: bool,
    /// What came and what was given, once it ended.
    pub outcome: Option<NearbyOutcome>,
    /// Why it ended, by code; none while it goes on, and when it ended well.
    pub problem: Option<String>,
}

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NearbyPeer {
    /// The person.
    pub person: String,
    /// Their function.
    pub function: String,
    /// Their organisation.
    pub organisation: String,
    /// The device's name.
    pub device: String,
}

/// So much of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct NearbyAmount {
    /// Records.
    pub records: u32,
    /// Originals of photos.
    pub photos: u32,
    /// Bytes of those.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A controle that both may have and of which one has something that the other lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NearbyInspection {
    /// The controle.
    pub inspection: InspectionId,
    /// Its number.
    pub number: String,
    /// Street and number, and town.
    pub title: String,
    /// What would come.
    pub comes: NearbyAmount,
    /// What would be given.
    pub goes: NearbyAmount,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct NearbyProgress {
    /// What came.
    pub came: NearbyAmount,
    /// What is to come in all.
    pub to_come: NearbyAmount,
    /// What was given.
    pub given: NearbyAmount,
    /// What is to be given in all.
    pub to_give: NearbyAmount,
    /// Bytes of photos a second, both ways together, lately.
    #[ts(type = "number")]
    pub bytes_per_second: u64,
}

/// What came of it on this device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct NearbyOutcome {
    /// Records that were new.
    pub records: u32,
    /// How many of those are answers.
    pub answers: u32,
    /// Photos that were new.
    pub photos: u32,
    /// What was given.
    pub given: NearbyAmount,
    /// What was not taken, each with its reason. Everything else was.
    pub not_taken: Vec<NotTaken>,
    /// Whether records from before these are missing here.
    pub has_gaps: bool,
    /// Controles of which nothing was taken, since the other person is not in their team.
    pub not_in_team: u32,
}

/// To which device a line is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum NearbyConnect {
    /// One that was found.
    Name {
        /// Its random name.
        name: String,
    },
    /// One whose address was typed.
    Address {
        /// `address:port`, as its screen shows it.
        address: String,
    },
}

/// What a person saw of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct NearbyCompare {
    /// Whether it is the same on both screens.
    pub same: bool,
}

/// What is to be exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct NearbyStart {
    /// The controles.
    pub inspections: Vec<InspectionId>,
}

/// Whether photos wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct NearbyPause {
    /// Whether they do.
    pub paused: bool,
}
