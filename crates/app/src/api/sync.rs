//! What the sync did and what waits.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::{InspectionId, ItemId, Slot};

use super::SyncLine;

/// Everything about the sync.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SyncView {
    /// In one line.
    pub line: SyncLine,
    /// Records that the backend has, of all that may leave this device.
    pub records_received: u32,
    /// All records that may leave this device.
    pub records_total: u32,
    /// Photos that the backend has.
    pub photos_received: u32,
    /// All photos of this device.
    pub photos_total: u32,
    /// Bytes of photos that the backend has.
    #[ts(type = "number")]
    pub bytes_received: u64,
    /// Bytes of all photos of this device.
    #[ts(type = "number")]
    pub bytes_total: u64,
    /// Bytes a second, lately.
    #[ts(type = "number")]
    pub bytes_per_second: u64,
    /// Why originals of photos wait; none when they may go.
    pub photos_held: Option<PhotosHeld>,
    /// Per controle, what waits first.
    pub inspections: Vec<InspectionSync>,
    /// Set apart, each with its reason.
    pub quarantined: Vec<Quarantined>,
    /// What happened to this device as a whole, until its user has read it.
    pub notices: Vec<Notice>,
    /// What went wrong last; none when the last try went well.
    pub problem: Option<SyncProblem>,
    /// The backend's address.
    pub address: String,
    /// When the last try was, RFC 3339.
    pub tried_at: Option<String>,
}

/// What stood in the way of a sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SyncProblem {
    /// The stable code.
    pub code: String,
    /// In the backend's own words, in Dutch: the kind, when it gave one.
    pub title: Option<String>,
    /// Likewise: what happened, what it means and what to do.
    pub detail: Option<String>,
}

/// What happened to this device that its user must know. Nothing of it stands in the way of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// It came back from a backup. What the backend had of it since then is here again; what was never sent is not.
    Restored {
        /// When that was found, RFC 3339.
        at: String,
        /// Of which controles: addresses, or numbers.
        titles: Vec<String>,
    },
    /// Its clock is not the backend's. It goes when the clock is right.
    Clock {
        /// By how many seconds it is ahead; negative when behind.
        #[ts(type = "number")]
        seconds: i64,
    },
    /// It was without the backend for long.
    Away {
        /// When it was back, RFC 3339.
        at: String,
        /// For how many days.
        days: u32,
        /// How many records it then sent.
        sent: u32,
        /// How many came from others.
        received: u32,
    },
}

/// Why originals of photos wait. Records always go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhotosHeld {
    /// Somebody paused them. Small versions wait as well.
    Paused,
    /// The connection is a mobile one, and photos may not go over it. Small versions go.
    Metered,
}

/// Asks for the original of a photo that another member took, ahead of all others.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct FetchPhoto {
    /// The photo.
    pub item: ItemId,
}

/// Where the original of a photo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhotoArrival {
    /// On this device.
    Here,
    /// On its way: an event tells when it is here.
    Coming,
    /// Not at the backend yet: it comes by itself later.
    NotYet,
}

/// The sync of one controle.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct InspectionSync {
    /// The controle.
    pub inspection: InspectionId,
    /// Street and number, and town.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Of those records, how many the backend has.
    pub records_received: u32,
    /// Records that this device brings: its own, and those that came by a hand-over and are not known to be received.
    pub records_total: u32,
    /// The photos of this device.
    pub photos: Vec<PhotoSync>,
    /// The newest receipt's number.
    pub receipt: Option<String>,
    /// Its time, RFC 3339.
    pub received_at: Option<String>,
}

/// The sync of one photo.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PhotoSync {
    /// The photo.
    pub item: ItemId,
    /// Its number.
    pub number: u32,
    /// Its caption.
    pub caption: String,
    /// Bytes that the backend has on disk.
    #[ts(type = "number")]
    pub sent: u64,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes a second, while it moves; 0 otherwise.
    #[ts(type = "number")]
    pub bytes_per_second: u64,
    /// The receipt's number; none while it waits.
    pub receipt: Option<String>,
    /// When the backend gave it, RFC 3339.
    pub received_at: Option<String>,
}

/// Something set apart: the rest goes on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Quarantined {
    /// `record` or `photo`.
    pub what: String,
    /// The controle, when known.
    pub inspection: Option<InspectionId>,
    /// The controle's title.
    pub title: String,
    /// What it was about: a question, a photo's number.
    pub subject: String,
    /// The question to go to, when it is about one.
    pub slot: Option<Slot>,
    /// The photo to take again, when it is about one.
    pub item: Option<ItemId>,
    /// Why, by code.
    pub reason: String,
    /// RFC 3339.
    pub at: String,
}

/// Tells listeners that something changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The sync went on: ask for its state.
    Sync {
        /// In one line.
        line: SyncLine,
    },
    /// Something arrived for a controle: open it anew.
    InspectionChanged {
        /// The controle.
        inspection: InspectionId,
    },
    /// Who else has the controle on the screen open.
    Presence {
        /// Who.
        presence: super::Presence,
    },
    /// Something changed between this device and one nearby: ask for its state.
    Nearby,
    /// The app locked itself.
    Locked,
}
