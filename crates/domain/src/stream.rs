//! Streams: the unit of access and of sync.

use serde::{Deserialize, Serialize};

use crate::ids::OrganisationCode;

/// What a stream is for, and so who may read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "stream", rename_all = "snake_case")]
pub enum StreamKind {
    /// Shared by the whole team of a controle.
    Team,
    /// One organisation's own notes.
    Partner {
        /// The organisation whose members read and write it.
        organisation: OrganisationCode,
    },
    /// Criminal-investigation data of a BOA: a separate legal regime (Wpg).
    Wpg {
        /// The organisation whose designated officers read and write it.
        organisation: OrganisationCode,
    },
    /// An agro-coach's confidential visit. It never leaves the device.
    Coach,
}

impl StreamKind {
    /// Whether the stream may ever be sent to the backend or another device.
    pub fn leaves_the_device(&self) -> bool {
        !matches!(self, Self::Coach)
    }

    /// Whether its content may stand in a report for the whole team.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Team)
    }

    /// The stable word for storage and lists.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Partner { .. } => "partner",
            Self::Wpg { .. } => "wpg",
            Self::Coach => "coach",
        }
    }

    /// The organisation to which a closed stream belongs.
    pub fn organisation(&self) -> Option<&OrganisationCode> {
        match self {
            Self::Partner { organisation } | Self::Wpg { organisation } => Some(organisation),
            Self::Team | Self::Coach => None,
        }
    }
}
