//! The steps of a controle as a whole: closed, corrected, stopped, reviewed; and where it stands after them.

use super::Inspection;
use crate::ids::RecordId;
use crate::record::Header;
use crate::register::RegisterKey;

/// Where a controle stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Planned; nobody wrote an answer yet.
    #[default]
    Planned,
    /// Somebody is working on it.
    Busy,
    /// STOP was pressed and nothing was decided since.
    Stopped,
    /// Broken off after STOP.
    BrokenOff,
    /// Closed by its author: the report of this version is final on the device.
    Closed,
    /// The coordinator sent it back.
    SentBack,
    /// The coordinator agreed.
    Agreed,
}

impl Status {
    /// The stable word for storage and lists.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Busy => "busy",
            Self::Stopped => "stopped",
            Self::BrokenOff => "broken_off",
            Self::Closed => "closed",
            Self::SentBack => "sent_back",
            Self::Agreed => "agreed",
        }
    }
}

/// A step of a controle as a whole.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Milestone {
    Closed(u32),
    Reopened(u32, String),
    Stopped,
    StopEnded { broken_off: bool },
    Reviewed { agreed: bool, note: String },
}

impl Milestone {
    /// Of two steps that were taken without seeing each other, the one with more care counts.
    fn care(&self) -> u8 {
        match self {
            Self::Stopped => 6,
            Self::StopEnded { broken_off: true } => 5,
            Self::Reviewed { agreed: false, .. } => 4,
            Self::Reopened(..) | Self::StopEnded { broken_off: false } => 3,
            Self::Closed(_) => 2,
            Self::Reviewed { agreed: true, .. } => 1,
        }
    }
}

impl Inspection {
    /// The version that is being made: 1, or one more than the last closed one that was reopened.
    pub fn version(&self) -> u32 {
        let mut version = 1;
        for (milestone, _) in self.milestones.values() {
            match milestone {
                Milestone::Closed(of) | Milestone::Reopened(of, _) => version = version.max(*of),
                _ => {}
            }
        }
        version
    }

    /// Whether this version is closed.
    pub fn is_closed(&self) -> bool {
        matches!(self.status(), Status::Closed | Status::Agreed)
    }

    /// What the coordinator wrote when sending it back; none otherwise.
    pub fn sent_back_because(&self) -> Option<&str> {
        match self.last_milestone() {
            Some((Milestone::Reviewed { agreed: false, note }, _)) => Some(note),
            _ => None,
        }
    }

    /// Why a correction was begun; none for the first version, and once the correction is closed.
    pub fn reopened_because(&self) -> Option<&str> {
        match self.last_milestone() {
            Some((Milestone::Reopened(_, reason), _)) => Some(reason),
            _ => None,
        }
    }

    /// When it was closed, or what else came last.
    pub fn last_step(&self) -> Option<&Header> {
        self.last_milestone().map(|(_, header)| header)
    }

    /// The steps that the next one supersedes.
    pub fn milestone_parents(&self) -> Vec<RecordId> {
        self.milestones.keys().copied().collect()
    }

    /// Each step supersedes those that its writer knew, so that mostly one is live. When people took a step without
    /// seeing each other's, the most careful one counts; no clock decides.
    fn last_milestone(&self) -> Option<&(Milestone, Header)> {
        self.milestones.iter().max_by_key(|(id, (milestone, _))| (milestone.care(), **id)).map(|(_, step)| step)
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        match self.last_milestone().map(|(milestone, _)| milestone) {
            Some(Milestone::Closed(_)) => Status::Closed,
            Some(Milestone::Reviewed { agreed: true, .. }) => Status::Agreed,
            Some(Milestone::Reviewed { agreed: false, .. }) => Status::SentBack,
            Some(Milestone::Stopped) => Status::Stopped,
            Some(Milestone::StopEnded { broken_off: true }) => Status::BrokenOff,
            Some(Milestone::Reopened(..) | Milestone::StopEnded { .. }) => Status::Busy,
            None if self.registers.keys().any(|key| matches!(key, RegisterKey::Answer(_))) => Status::Busy,
            None => Status::Planned,
        }
    }
}
