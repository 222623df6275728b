//! Who has a controle open.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::InspectionId;

/// Who else has a controle open, as far as this device knows: nobody while there is no network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Presence {
    /// The controle that is on the screen.
    pub inspection: Option<InspectionId>,
    /// The others.
    pub others: Vec<OtherHere>,
}

/// Somebody who has the same controle open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherHere {
    /// Name.
    pub name: String,
    /// The device's name, such as `ALK-07`.
    pub device: String,
}

/// Says which controle is on the screen, so that the team can see it and nothing of it is cleared meanwhile.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct LookAt {
    /// The controle; none when it was left.
    pub inspection: Option<InspectionId>,
}
