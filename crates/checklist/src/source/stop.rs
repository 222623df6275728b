//! The STOP text as its author writes it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{At, Text};
use crate::model::Status;

/// De tekst van het STOP-scherm.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "STOP-tekst van Veldboek")]
pub(crate) struct StopTextSource {
    /// Vaste naam.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Versie.
    #[schemars(required)]
    pub(crate) versie: Option<Text>,
    /// `concept` tot een brandweerofficier akkoord gaf.
    #[schemars(required)]
    pub(crate) status: Option<Status>,
    /// Wie akkoord moet geven.
    #[schemars(required)]
    pub(crate) akkoord_door: Option<Text>,
    /// De kop.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// De eerste zin: wat nu meteen te doen.
    #[schemars(required)]
    pub(crate) eerst: Option<Text>,
    /// Afstand tot het gevaar, in meters.
    #[schemars(required)]
    pub(crate) afstand_meter: Option<At<u32>>,
    /// Afstand bij brand, in meters.
    #[schemars(required)]
    pub(crate) afstand_brand_meter: Option<At<u32>>,
    /// Regels onder de eerste zin, in volgorde.
    #[serde(default)]
    pub(crate) regel: Vec<At<StopLineSource>>,
    /// Nummers om te bellen; het eerste is dat bij gevaar.
    #[serde(default)]
    pub(crate) bel: Vec<At<CallSource>>,
    /// Wat aan de meldkamer te zeggen.
    #[serde(default)]
    pub(crate) zeg: Vec<String>,
    /// Wat er na afloop staat.
    pub(crate) daarna: Option<Text>,
    /// Verwijzingen naar `BRONNEN.md`.
    #[serde(default)]
    pub(crate) bronnen: Vec<String>,
}

/// Een regel op het STOP-scherm.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Regel")]
pub(crate) struct StopLineSource {
    /// Vaste code, waaraan het scherm zijn pictogram kiest.
    #[schemars(required)]
    pub(crate) code: Option<Text>,
    /// Wat mensen lezen.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}

/// Een nummer om te bellen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Bel")]
pub(crate) struct CallSource {
    /// Nummer.
    #[schemars(required)]
    pub(crate) nummer: Option<Text>,
    /// Wanneer.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}
