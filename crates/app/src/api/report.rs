//! The report, and the sizes of its photos.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use veldboek_domain::{Digest, InspectionId};

/// Asks for the report. The bytes come raw beside it.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ReportRequest {
    /// The controle.
    pub inspection: InspectionId,
    /// For the file, or to leave behind without closed parts.
    pub copy: ReportCopy,
}

/// Which version of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSize {
    /// Small, for the screen.
    Thumb,
    /// The original's exact bytes.
    Original,
}

/// For whom a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportCopy {
    /// Voor het dossier.
    File,
    /// Om achter te laten.
    LeaveBehind,
}

/// A report was made on this device.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ReportMade {
    /// Pages.
    pub pages: u32,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// A name for the file, without personal data.
    pub file_name: String,
    /// What could not be printed as it should, in words.
    pub problems: Vec<String>,
}
