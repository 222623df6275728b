//! The checklists on this device.

use std::sync::Arc;

use veldboek_checklist::{
    CheckError, Checklist, Family, Retention, Status, StopText, bundled, bundled_retention, bundled_stop, current,
    newest,
};
use veldboek_domain::{Digest, Role};

use crate::api::{ChecklistRow, StopCard};

/// The checklists, the STOP text and the retention rules that come with the app.
pub(crate) struct Library {
    checklists: Vec<Arc<Checklist>>,
    stop: StopText,
    retention: Retention,
}

impl Library {
    /// The checklists that come with the app, and those that were handed out besides.
    pub(crate) fn with(handed_out: &[Arc<Checklist>]) -> Result<Self, CheckError> {
        let mut checklists = bundled()?;
        checklists.extend_from_slice(handed_out);
        Ok(Self { checklists, stop: bundled_stop()?, retention: bundled_retention()? })
    }

    /// The newest version of every checklist that somebody with this role carries out.
    pub(crate) fn for_role(&self, role: Role) -> Vec<Arc<Checklist>> {
        current(&self.checklists).into_iter().filter(|checklist| may_carry_out(role, checklist)).collect()
    }

    /// The newest version under an id: for a new controle.
    pub(crate) fn by_id(&self, id: &str) -> Option<Arc<Checklist>> {
        newest(&self.checklists, id).cloned()
    }

    /// Exactly the version to which a controle is pinned.
    pub(crate) fn by_hash(&self, hash: &Digest) -> Option<Arc<Checklist>> {
        self.checklists.iter().find(|checklist| checklist.hash() == *hash).cloned()
    }

    /// When controles go from this device.
    pub(crate) fn retention(&self) -> &Retention {
        &self.retention
    }

    /// The family under a word, as [`family_word`] gives it.
    pub(crate) fn family(&self, word: &str) -> Option<Family> {
        [Family::Vb, Family::Btp, Family::Agro].into_iter().find(|family| family_word(*family) == word)
    }

    pub(crate) fn stop_card(&self) -> StopCard {
        let stop = &self.stop;
        let number = |index: usize| stop.calls.get(index).map(|call| call.number.clone()).unwrap_or_default();
        StopCard {
            status: status_word(stop.status).to_owned(),
            version: stop.version.clone(),
            title: stop.first.clone(),
            steps: stop.lines.iter().map(|line| line.text.clone()).collect(),
            distance_m: stop.distance_m,
            distance_fire_m: stop.fire_distance_m,
            say: stop.say.clone(),
            emergency_number: number(0),
            non_urgent_number: number(1),
            afterwards: stop.afterwards.clone().unwrap_or_default(),
        }
    }
}

/// A coach has conversations and does no controles; nobody else has a coach's conversations.
pub(crate) fn may_carry_out(role: Role, checklist: &Checklist) -> bool {
    match checklist.family() {
        Family::Agro => role == Role::AgriCoach,
        Family::Vb | Family::Btp => role.inspects() || role == Role::Coordinator,
    }
}

pub(crate) fn checklist_row(checklist: &Checklist) -> ChecklistRow {
    ChecklistRow {
        id: checklist.id().to_owned(),
        title: checklist.title().to_owned(),
        version: checklist.version().to_owned(),
        status: status_word(checklist.status()).to_owned(),
        family: family_word(checklist.family()).to_owned(),
        valid_from: checklist.valid_from().to_string(),
        hash: checklist.hash().short(),
        stays_here: crate::counts::stays(checklist),
        without_persons: checklist.without_persons(),
    }
}

pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Concept => "concept",
        Status::Approved => "vastgesteld",
    }
}

pub(crate) fn family_word(family: Family) -> &'static str {
    match family {
        Family::Vb => "vb",
        Family::Btp => "btp",
        Family::Agro => "agro",
    }
}
