//! The file as its author writes it: one struct per table, with the place of everything that can be wrong.
//!
//! The keys are Dutch, since the authors are; the JSON Schema for editors is generated from these structs. There is no
//! key for a score, a weight or a sum over signals, and there must never be one: signals are facts to observe, each with
//! its ordinary explanation.

use std::borrow::Cow;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::value::Datetime;

use crate::model::{Family, QuestionKind, Status, StopKind};

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct At<T>(pub(crate) Spanned<T>);

impl<T> At<T> {
    pub(crate) fn get(&self) -> &T {
        self.0.get_ref()
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.0.span()
    }

    pub(crate) fn start(&self) -> usize {
        self.0.span().start
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Self)
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
    fn inline_schema() -> bool {
        T::inline_schema()
    }
}

/// A text, with its place.
pub(crate) type Text = At<String>;

/// A TOML date such as `2026-11-01`.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Day(pub(crate) Datetime);

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Dag".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

/// Een checklist van Veldboek.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Checklist van Veldboek")]
pub(crate) struct ChecklistSource {
    /// Vaste naam, zoals `vb-ic`: kleine letters, cijfers en streepjes.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Versie, zoals `0.1`.
    #[schemars(required)]
    pub(crate) versie: Option<Text>,
    /// `concept` tot een jurist en een privacyfunctionaris akkoord gaven; daarna `vastgesteld`.
    #[schemars(required)]
    pub(crate) status: Option<Status>,
    /// Waar de checklist bij hoort.
    #[schemars(required)]
    pub(crate) familie: Option<Family>,
    /// Titel zoals mensen hem lezen.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// Waar de checklist voor is, in een of twee zinnen.
    pub(crate) omschrijving: Option<Text>,
    /// Vanaf welke dag de checklist geldt.
    #[schemars(required)]
    pub(crate) geldig_vanaf: Option<At<Day>>,
    /// Tot en met welke dag de checklist geldt.
    pub(crate) geldig_tot: Option<At<Day>>,
    /// Wetten en andere bronnen waarop vragen rusten.
    #[serde(default)]
    pub(crate) grondslag: Vec<At<GroundSource>>,
    /// Groepen die zich herhalen, zoals gebouwen.
    #[serde(default)]
    pub(crate) groep: Vec<At<GroupSource>>,
    /// Materiaal dat uitgereikt kan worden.
    #[serde(default)]
    pub(crate) folder: Vec<At<LeafletSource>>,
    /// Waarden die worden uitgerekend.
    #[serde(default)]
    pub(crate) berekening: Vec<At<CalculationSource>>,
    /// Onderdelen, in volgorde.
    #[serde(default)]
    pub(crate) onderdeel: Vec<At<SectionSource>>,
}

/// Een wet, verordening, uitspraak of andere bron.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Grondslag")]
pub(crate) struct GroundSource {
    /// Vaste naam, zoals `awb-5-15`.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Aanduiding zoals in het rapport, zoals `art. 5:15 Awb`.
    #[schemars(required)]
    pub(crate) artikel: Option<Text>,
    /// Wat de bron zegt, in eenvoudig Nederlands.
    #[schemars(required)]
    pub(crate) tekst: Option<Text>,
    /// Vanaf welke dag de bron geldt.
    pub(crate) geldig_vanaf: Option<At<Day>>,
    /// Tot en met welke dag de bron geldt.
    pub(crate) geldig_tot: Option<At<Day>>,
    /// Of een jurist de tekst en het artikel nog moet nakijken.
    #[serde(default)]
    pub(crate) te_toetsen: bool,
    /// Verwijzing naar `BRONNEN.md`.
    pub(crate) bron: Option<Text>,
}

/// Een groep die zich herhaalt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Groep")]
pub(crate) struct GroupSource {
    /// Naam in voorwaarden, zoals `gebouw`.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Meervoud, zoals `Gebouwen`.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// Enkelvoud, zoals `Gebouw`.
    #[schemars(required)]
    pub(crate) enkelvoud: Option<Text>,
    /// Hoeveel er ten minste moeten zijn.
    #[serde(default)]
    pub(crate) minimum: u32,
}

/// Materiaal dat uitgereikt kan worden.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Folder")]
pub(crate) struct LeafletSource {
    /// Vaste naam, zoals `veilig-verhuren`.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Titel zoals mensen hem lezen.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
}

/// Een waarde die wordt uitgerekend. Een berekening mag geen signaalvraag gebruiken.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Berekening")]
pub(crate) struct CalculationSource {
    /// Naam in voorwaarden, zoals `machtiging_geldig_tot`.
    #[schemars(required)]
    pub(crate) naam: Option<Text>,
    /// Titel zoals mensen hem lezen.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// Uitdrukking (CEL).
    #[schemars(required)]
    pub(crate) waarde: Option<Text>,
    /// Groep, wanneer de waarde per exemplaar wordt uitgerekend.
    pub(crate) groep: Option<Text>,
    /// Vraag waarbij de waarde in beeld staat.
    pub(crate) bij: Option<Text>,
}

/// Een onderdeel met vragen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Onderdeel")]
pub(crate) struct SectionSource {
    /// Letter of naam, zoals `A`.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Titel zoals mensen hem lezen.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// Uitleg boven het onderdeel.
    pub(crate) toelichting: Option<Text>,
    /// Groep waarvoor het onderdeel zich herhaalt.
    pub(crate) groep: Option<Text>,
    /// Partner die het onderdeel meestal doet (code).
    pub(crate) partner: Option<Text>,
    /// Thema (code).
    pub(crate) thema: Option<Text>,
    /// Voorwaarde (CEL): alleen dan is het onderdeel er.
    pub(crate) zichtbaar: Option<Text>,
    /// Vragen, in volgorde.
    #[serde(default)]
    pub(crate) vraag: Vec<At<QuestionSource>>,
}

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
