//! A question as its author writes it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{At, Text};
use crate::handling::{About, InReport, PersonalData, ReportPlace};
use crate::model::{QuestionKind, StopKind};

/// Een vraag.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Vraag")]
pub(crate) struct QuestionSource {
    /// Naam in voorwaarden, zoals `A1` of `A5a`.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// De vraag, in eenvoudig Nederlands.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
    /// Soort antwoord.
    #[schemars(required)]
    pub(crate) soort: Option<At<QuestionKind>>,
    /// Uitleg onder de vraag, in een zin.
    pub(crate) toelichting: Option<Text>,
    /// Tekst die boven de vraag moet staan, zoals wat niet mag worden vastgelegd.
    pub(crate) let_op: Option<Text>,
    /// Of een antwoord (of een reden waarom niet) nodig is.
    #[serde(default)]
    pub(crate) verplicht: bool,
    /// Voorwaarde (CEL): alleen dan is de vraag verplicht.
    pub(crate) verplicht_als: Option<Text>,
    /// Voorwaarde (CEL): alleen dan is de vraag er en telt het antwoord mee.
    pub(crate) zichtbaar: Option<Text>,
    /// Vraag waarvan dit een vervolg is; die staat eerder in hetzelfde onderdeel.
    pub(crate) vervolg_op: Option<Text>,
    /// Of de vraag een signaal betreft: nooit in een berekening, altijd met een gewone verklaring.
    #[serde(default)]
    pub(crate) signaal: bool,
    /// Vraag die de gewone verklaring bij dit signaal vraagt.
    pub(crate) gewone_verklaring_in: Option<Text>,
    /// Of elke gekozen optie een eigen waarneming krijgt (bij `meer-van`).
    #[serde(default)]
    pub(crate) waarneming_per_keuze: bool,
    /// Of de waarneming een gewone verklaring moet hebben.
    #[serde(default)]
    pub(crate) vraagt_gewone_verklaring: bool,
    /// Opties, bij `een-van`, `meer-van` en `matrix`.
    #[serde(default)]
    pub(crate) optie: Vec<At<ChoiceSource>>,
    /// Rijen, bij `matrix`.
    #[serde(default)]
    pub(crate) rij: Vec<At<ChoiceSource>>,
    /// Eenheid, bij `getal`, zoals `personen`.
    pub(crate) eenheid: Option<Text>,
    /// Kleinste getal dat mag.
    pub(crate) minimum: Option<f64>,
    /// Grootste getal dat mag.
    pub(crate) maximum: Option<f64>,
    /// Of alleen hele getallen mogen.
    #[serde(default)]
    pub(crate) heel: bool,
    /// Of de app tijd of datum alvast invult met nu.
    #[serde(default)]
    pub(crate) nu: bool,
    /// Voorwaarden waaraan het antwoord moet voldoen.
    #[serde(default)]
    pub(crate) eis: Vec<At<ConstraintSource>>,
    /// Wanneer de vraag op slot zit, en waarom.
    pub(crate) slot: Option<At<LockSource>>,
    /// Foto's bij de vraag.
    pub(crate) fotos: Option<At<PhotosSource>>,
    /// Welke plaats in het controlerapport het antwoord vult, zoals `aankomst`.
    pub(crate) rapport: Option<At<ReportPlace>>,
    /// Waar de vraag in het rapport staat: `dossier` (alleen in het exemplaar voor het dossier) of `nooit`.
    pub(crate) in_rapport: Option<InReport>,
    /// Waar het antwoord over gaat, in een checklist zonder personen.
    pub(crate) over: Option<About>,
    /// Welk gegeven over een persoon de vraag vraagt. Mag alleen als de gemeente er een vastgelegde grondslag voor heeft.
    pub(crate) persoonsgegeven: Option<At<PersonalData>>,
    /// Of het antwoord meetelt in de aantallen die weg mogen (bij `uitgaand = "tellingen"`).
    pub(crate) telt: Option<At<bool>>,
    /// Of de vraag naar de overdracht vraagt nadat het toezicht is gestopt.
    pub(crate) overdracht: Option<At<bool>>,
    /// Helpkaart.
    pub(crate) hulp: Option<HelpSource>,
    /// Grondslagen, bij naam.
    #[serde(default)]
    pub(crate) grondslagen: Vec<Text>,
    /// Partner (code), anders die van het onderdeel.
    pub(crate) partner: Option<Text>,
    /// Thema (code), anders dat van het onderdeel.
    pub(crate) thema: Option<Text>,
    /// Maatregelen om voor te stellen; besluiten doet het bevoegd gezag.
    #[serde(default)]
    pub(crate) maatregel: Vec<At<MeasureSource>>,
    /// Wanneer gestopt moet worden.
    #[serde(default)]
    pub(crate) stop: Vec<At<StopSource>>,
    /// Taken die uit het antwoord volgen.
    #[serde(default)]
    pub(crate) taak: Vec<At<TaskSource>>,
    /// Meldingen in beeld: wat nu te doen.
    #[serde(default)]
    pub(crate) melding: Vec<At<NoticeSource>>,
    /// Folders om uit te reiken.
    #[serde(default)]
    pub(crate) folder: Vec<At<HandOutSource>>,
}

/// Een optie of een rij.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Optie")]
pub(crate) struct ChoiceSource {
    /// Vaste code: kleine letters, cijfers en streepjes.
    #[schemars(required)]
    pub(crate) code: Option<Text>,
    /// Wat mensen lezen.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
    /// Kopje waaronder de optie staat.
    pub(crate) kop: Option<Text>,
    /// Of de optie alle andere uitsluit, zoals "niets van dit alles".
    #[serde(default)]
    pub(crate) sluit_uit: bool,
    /// Helpkaart bij de optie.
    pub(crate) hulp: Option<HelpSource>,
}

/// Helpkaart: een tik ver, ook zonder netwerk.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Hulp")]
pub(crate) struct HelpSource {
    /// Waarom deze vraag er is, en wat de wet zegt.
    pub(crate) uitleg: Option<String>,
    /// Waar u op let.
    #[serde(default)]
    pub(crate) kijk_naar: Vec<String>,
    /// Gewone verklaringen.
    #[serde(default)]
    pub(crate) gewone_verklaringen: Vec<String>,
    /// Wat u doet.
    #[serde(default)]
    pub(crate) doe: Vec<String>,
    /// Wie u belt.
    #[serde(default)]
    pub(crate) bel: Vec<String>,
}

/// Een eis aan het antwoord.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Eis")]
pub(crate) struct ConstraintSource {
    /// Voorwaarde (CEL) die waar moet zijn. Wordt bekeken zodra alle genoemde vragen beantwoord zijn.
    #[schemars(required)]
    pub(crate) voorwaarde: Option<Text>,
    /// Wat mensen lezen als het niet klopt.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}

/// Wanneer een vraag op slot zit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Slot")]
pub(crate) struct LockSource {
    /// Voorwaarde (CEL).
    #[schemars(required)]
    pub(crate) als: Option<Text>,
    /// Waarom, en wat eerst moet.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}

/// Foto's bij een vraag.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Fotos")]
pub(crate) struct PhotosSource {
    /// Hoeveel foto's er ten minste horen te zijn.
    #[serde(default)]
    pub(crate) minimum: u32,
    /// Hoeveel foto's er hoogstens mogen zijn.
    pub(crate) maximum: Option<u32>,
    /// Hoe te fotograferen, zoals `Van afstand`.
    pub(crate) aanwijzing: Option<String>,
    /// Of er geen mensen op staan. Verplicht in een checklist zonder personen.
    pub(crate) zonder_personen: Option<At<bool>>,
}

/// Een maatregel om voor te stellen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Maatregel")]
pub(crate) struct MeasureSource {
    /// Code uit de lijst van maatregelen.
    #[schemars(required)]
    pub(crate) code: Option<Text>,
    /// Voorwaarde (CEL).
    #[schemars(required)]
    pub(crate) als: Option<Text>,
    /// Toelichting, zoals welke partner.
    pub(crate) tekst: Option<Text>,
    /// Partner (code) naar wie het gaat.
    pub(crate) partner: Option<Text>,
}

/// Wanneer gestopt moet worden.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stop")]
pub(crate) struct StopSource {
    /// Voorwaarde (CEL).
    #[schemars(required)]
    pub(crate) als: Option<Text>,
    /// `veiligheid`: het STOP-scherm. `toezicht`: het toezicht stopt en er wordt overgedragen. `niet-binnen`: niet naar binnen.
    #[schemars(required)]
    pub(crate) soort: Option<StopKind>,
    /// Waarom, en wat nu te doen.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}

/// Een taak die uit het antwoord volgt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Taak")]
pub(crate) struct TaskSource {
    /// Vaste naam, zoals `verslag-van-binnentreden`.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Titel zoals mensen hem lezen.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// Voorwaarde (CEL).
    #[schemars(required)]
    pub(crate) als: Option<Text>,
    /// Uiterste dag als uitdrukking (CEL), zoals `dagen_na(dag, 4)`.
    pub(crate) termijn: Option<Text>,
    /// Uiterste dag in dagen na de dag van de controle.
    pub(crate) dagen: Option<At<u32>>,
}

/// Een melding in beeld.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Melding")]
pub(crate) struct NoticeSource {
    /// Voorwaarde (CEL).
    #[schemars(required)]
    pub(crate) als: Option<Text>,
    /// Wat mensen lezen.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
}

/// Een folder om uit te reiken.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Uitreiken")]
pub(crate) struct HandOutSource {
    /// Naam van de folder.
    #[schemars(required)]
    pub(crate) folder: Option<Text>,
    /// Voorwaarde (CEL).
    #[schemars(required)]
    pub(crate) als: Option<Text>,
}
