//! Newer versions of checklists, and what of a visit goes out as counts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_checklist::{Comparison, MovePreview};
use veldboek_domain::{Digest, InspectionId};

/// A newer version of a controle's checklist, and what following it means.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VersionMove {
    /// The version that it follows.
    pub from: super::ChecklistRow,
    /// The newest version.
    pub to: super::ChecklistRow,
    /// The newest version's hash: names it in [`MoveVersion`].
    #[ts(type = "string")]
    pub hash: Digest,
    /// What would happen, in a few Dutch sentences.
    pub words: String,
    /// What differs between the two.
    pub changes: Comparison,
    /// What happens to the answers.
    pub preview: MovePreview,
}

/// Lets a controle follow a newer version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MoveVersion {
    /// The controle.
    pub inspection: InspectionId,
    /// The version's hash, as [`VersionMove`] names it.
    #[ts(type = "string")]
    pub hash: Digest,
}

/// One thing that goes out of a visit that stays on the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CountRow {
    /// The question.
    pub question: String,
    /// The chosen option, or the number.
    pub answer: String,
}
