//! Who may do what, apart from the ground of entry that each participant needs.

use serde::{Deserialize, Serialize};

use crate::ids::OrganisationCode;
use crate::stream::StreamKind;

/// A person's role in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Toezichthouder: supervises under the AVG.
    Inspector,
    /// BOA: supervises, and investigates under the Wpg.
    InvestigatingOfficer,
    /// Leads the team on site.
    TeamLeader,
    /// Agro-coach: confidential visits only.
    AgriCoach,
    /// Reviews controles at the desk.
    Coordinator,
    /// Owns the checklists.
    TemplateOwner,
    /// Sees totals only.
    RegionalReader,
    /// Manages people and devices.
    Administrator,
}

impl Role {
    /// The Dutch word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Inspector => "toezichthouder",
            Self::InvestigatingOfficer => "BOA",
            Self::TeamLeader => "teamleider",
            Self::AgriCoach => "agro-coach",
            Self::Coordinator => "coördinator",
            Self::TemplateOwner => "checklistbeheerder",
            Self::RegionalReader => "regionale lezer",
            Self::Administrator => "beheerder",
        }
    }

    /// The stable word, as records and signed texts write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::InvestigatingOfficer => "investigating_officer",
            Self::TeamLeader => "team_leader",
            Self::AgriCoach => "agri_coach",
            Self::Coordinator => "coordinator",
            Self::TemplateOwner => "template_owner",
            Self::RegionalReader => "regional_reader",
            Self::Administrator => "administrator",
        }
    }

    /// Whether this role reviews submitted controles at the desk.
    pub fn reviews(self) -> bool {
        matches!(self, Self::Coordinator)
    }

    /// Whether this role carries out controles in the field.
    pub fn inspects(self) -> bool {
        matches!(self, Self::Inspector | Self::InvestigatingOfficer | Self::TeamLeader)
    }
}

/// Whether somebody may read and write a stream of a controle.
///
/// `member` says whether the person takes part in this controle (or reviews it for the responsible organisation).
/// A closed stream is for its own organisation; a Wpg stream for its investigating officers only (art. 6 Wpg);
/// a coach stream for nobody but its own device.
pub fn may_use_stream(kind: &StreamKind, role: Role, organisation: &OrganisationCode, member: bool) -> bool {
    match kind {
        StreamKind::Team => member || role.reviews(),
        StreamKind::Partner { organisation: own } => member && own == organisation,
        StreamKind::Wpg { organisation: own } => member && own == organisation && role == Role::InvestigatingOfficer,
        StreamKind::Coach => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wpg_stream_is_for_investigating_officers_of_its_own_organisation() {
        let alkmaar = OrganisationCode::from("gm-alkmaar");
        let wpg = StreamKind::Wpg { organisation: alkmaar.clone() };
        assert!(may_use_stream(&wpg, Role::InvestigatingOfficer, &alkmaar, true));
        assert!(!may_use_stream(&wpg, Role::InvestigatingOfficer, &"od-nhn".into(), true));
        assert!(!may_use_stream(&wpg, Role::Inspector, &alkmaar, true));
        assert!(!may_use_stream(&wpg, Role::Coordinator, &alkmaar, true));
    }

    #[test]
    fn nobody_else_reads_a_coach_stream() {
        for role in [Role::AgriCoach, Role::Coordinator, Role::Administrator] {
            assert!(!may_use_stream(&StreamKind::Coach, role, &"lto".into(), true));
        }
        assert!(!StreamKind::Coach.leaves_the_device());
    }
}
