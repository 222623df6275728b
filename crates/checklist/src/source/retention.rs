//! The retention configuration as its author writes it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{At, Text};
use crate::model::{Family, Status};
use crate::retention::Clearing;

/// Hoe lang een controle op een tablet blijft.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Bewaarregels van Veldboek")]
pub(crate) struct RetentionSource {
    /// Vaste naam.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Versie.
    #[schemars(required)]
    pub(crate) versie: Option<Text>,
    /// `concept` tot de verwerkingsverantwoordelijke akkoord gaf.
    #[schemars(required)]
    pub(crate) status: Option<Status>,
    /// Wie akkoord moet geven.
    #[schemars(required)]
    pub(crate) akkoord_door: Option<Text>,
    /// Een regel voor elke familie.
    #[serde(default)]
    pub(crate) bewaarregel: Vec<At<RetentionRuleSource>>,
}

/// De regel voor een familie van checklists.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Bewaarregel")]
pub(crate) struct RetentionRuleSource {
    /// De familie.
    #[schemars(required)]
    pub(crate) familie: Option<At<Family>>,
    /// Wanneer een controle van de tablet gaat.
    #[schemars(required)]
    pub(crate) opruimen: Option<At<Clearing>>,
    /// Wat mensen erover lezen.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}
