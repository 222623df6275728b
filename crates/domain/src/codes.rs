//! The code lists: what a form offers and a report prints. Codes are stable, labels are Dutch.

use serde::{Deserialize, Serialize};

/// A code with its Dutch label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The article on which it rests; empty where there is none.
    pub basis: &'static str,
}

const fn code(code: &'static str, label: &'static str, basis: &'static str) -> Code {
    Code { code, label, basis }
}

/// Measures that a toezichthouder can propose. The decision, the hearing and the test of proportionality belong to
/// the competent authority.
pub const MEASURES: &[Code] = &[
    code("geen", "Geen maatregel", ""),
    code("voorlichting", "Voorlichting", ""),
    code("afspraak", "Afspraak tot herstel", ""),
    code("mondelinge-waarschuwing", "Mondelinge waarschuwing", ""),
    code("schriftelijke-waarschuwing", "Schriftelijke waarschuwing", ""),
    code("vooraankondiging", "Vooraankondiging", "art. 4:8 Awb"),
    code("last-onder-dwangsom", "Voornemen last onder dwangsom", "art. 5:32 Awb"),
    code("last-onder-bestuursdwang", "Voornemen last onder bestuursdwang", "art. 5:21 Awb"),
    code("spoed-bestuursdwang", "Spoedeisende bestuursdwang", "art. 5:31 Awb"),
    code("invordering", "Invordering dwangsom", "art. 5:37 Awb"),
    code("sluiting-13b", "Sluiting op grond van de Opiumwet", "art. 13b Opiumwet"),
    code("sluiting-apv", "Sluiting op grond van APV of Gemeentewet", "art. 174 en 174a Gemeentewet"),
    code("intrekken-vergunning", "Intrekken vergunning", ""),
    code("bibob-tip", "Bibob-tip", "Wet Bibob"),
    code("doorverwijzing-partner", "Doorverwijzing naar partner", ""),
    code("hulpaanbod", "Hulpaanbod", ""),
    code("dossieronderzoek", "Dossieronderzoek", ""),
    code("hercontrole", "Hercontrole", ""),
];

/// Kinds of observation, by the codes of [`crate::ObservationKind`].
pub const OBSERVATION_KINDS: &[Code] = &[
    code("own", "Zelf gezien", ""),
    code("statement", "Verklaring", ""),
    code("document", "Document", ""),
    code("assumption", "Vermoeden", ""),
];

/// Themes of Veilig Buitengebied and Bestuurlijk Toezicht Prostitutie.
pub const THEMES: &[Code] = &[
    code("drugsproductie", "Productielocaties drugs", ""),
    code("dumping", "Dumping van drugsafval", ""),
    code("gebruik", "Gebruik en omgevingsplan", ""),
    code("bouw", "Bouwen en constructie", ""),
    code("brandveiligheid", "Brandveiligheid", ""),
    code("milieu", "Milieu, opslag en afval", ""),
    code("elektra", "Elektra en energie", ""),
    code("arbeid", "Eerlijk en veilig werk", ""),
    code("wonen", "Wonen en huisvesting", ""),
    code("uitbuiting", "Mensenhandel en uitbuiting", ""),
    code("logies", "Logies en nachtregister", ""),
    code("verhuur", "Veilig verhuren", ""),
    code("overig", "Overig", ""),
];

/// Kinds of location.
pub const LOCATION_TYPES: &[Code] = &[
    code("erf", "Erf", ""),
    code("schuur", "Schuur", ""),
    code("stal", "Stal", ""),
    code("kas", "Kas", ""),
    code("loods", "Loods", ""),
    code("bedrijfshal", "Bedrijfshal", ""),
    code("garagebox", "Garagebox", ""),
    code("woning", "Woning", ""),
    code("hotel", "Hotel of logies", ""),
    code("perceel", "Perceel of berm", ""),
    code("vaartuig", "Vaartuig", ""),
];

/// Organisations' roles in an integrale controle.
pub const PARTNERS: &[Code] = &[
    code("gemeente-bouw", "Gemeente, bouw en ruimte", "art. 5:11 Awb"),
    code("gemeente-boa", "Gemeente, BOA en APV", "art. 5:11 Awb"),
    code("gemeente-brp", "Gemeente, burgerzaken", "Wet BRP"),
    code("omgevingsdienst", "Omgevingsdienst", "Omgevingswet"),
    code("brandweer", "Veiligheidsregio, brandweer", "Wet veiligheidsregio's"),
    code("netbeheerder", "Netbeheerder", "Energiewet"),
    code("politie", "Politie", "Politiewet 2012"),
    code("nla", "Nederlandse Arbeidsinspectie", ""),
    code("belastingdienst", "Belastingdienst", ""),
    code("waterschap", "Waterschap", "Waterschapswet"),
    code("nvwa", "NVWA", ""),
];

/// The legal regime under which something is processed: supervision under the AVG, or investigation under the Wpg.
/// A switch to investigation is one-way and recorded (sfeerovergang).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Regime {
    /// Supervision.
    #[default]
    AvgToezicht,
    /// Criminal investigation by a BOA or the police.
    WpgOpsporing,
}

/// The label of a code in a list, or the code itself when the list does not know it (a newer version wrote it).
pub fn label<'a>(list: &'a [Code], code: &'a str) -> &'a str {
    list.iter().find(|entry| entry.code == code).map_or(code, |entry| entry.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_has_a_label() {
        for list in [MEASURES, OBSERVATION_KINDS, THEMES, LOCATION_TYPES, PARTNERS] {
            let mut codes: Vec<_> = list.iter().map(|entry| entry.code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), list.len(), "a code stands twice");
            assert!(list.iter().all(|entry| !entry.label.is_empty()));
        }
    }

    #[test]
    fn an_unknown_code_is_shown_as_it_is() {
        assert_eq!(label(MEASURES, "voorlichting"), "Voorlichting");
        assert_eq!(label(MEASURES, "iets-nieuws"), "iets-nieuws");
    }
}
