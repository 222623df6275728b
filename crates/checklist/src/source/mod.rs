//! The file as its author writes it: one struct per table, with the place of everything that can be wrong.
//!
//! The keys are Dutch, since the authors are; the JSON Schema for editors is generated from these structs. There is no
//! key for a score, a weight or a sum over signals, and there must never be one: signals are facts to observe, each with
//! its ordinary explanation.

mod question;
mod retention;
mod stop;

use std::borrow::Cow;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::value::Datetime;

use crate::handling::{InReport, Outgoing};
use crate::model::{Family, Status};

pub(crate) use question::{ChoiceSource, HandOutSource, HelpSource, QuestionSource, TaskSource};
pub(crate) use retention::{RetentionRuleSource, RetentionSource};
pub(crate) use stop::StopTextSource;

/// A value with its place. Two are equal when their values are, wherever they stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At<T>(pub(crate) Spanned<T>);

impl<T> At<T> {
    pub(crate) fn new(span: Range<usize>, value: T) -> Self {
        Self(Spanned::new(span, value))
    }

    pub(crate) fn get(&self) -> &T {
        self.0.get_ref()
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner()
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
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    pub(crate) familie: Option<At<Family>>,
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
    /// Of geen vraag iemand herkenbaar maakt. Verplicht bij de familie `btp`.
    pub(crate) zonder_personen: Option<At<bool>>,
    /// Wat er weg mag: `dossier` (alles, naar het dossier van de controle) of `tellingen` (alleen aantallen).
    pub(crate) uitgaand: Option<At<Outgoing>>,
    /// Of niets mag zeggen wie of waar: geen adres, geen plek, geen foto, geen handtekening. Alleen bij `tellingen`.
    pub(crate) anoniem: Option<At<bool>>,
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
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
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

/// Een deel dat meer checklists opnemen, of de vragen van een partner.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Deel van een checklist van Veldboek")]
pub(crate) struct PartSource {
    /// Vaste naam, zoals `vondst`; bij een partnerset de code van de partner.
    #[schemars(required)]
    pub(crate) id: Option<Text>,
    /// Versie, zoals `0.1`.
    #[schemars(required)]
    pub(crate) versie: Option<Text>,
    /// `concept` tot een jurist en een privacyfunctionaris akkoord gaven; daarna `vastgesteld`.
    #[schemars(required)]
    pub(crate) status: Option<Status>,
    /// Titel zoals mensen hem lezen.
    #[schemars(required)]
    pub(crate) titel: Option<Text>,
    /// Waar het deel voor is, in een of twee zinnen.
    pub(crate) omschrijving: Option<Text>,
    /// Partner (code): dan is dit een partnerset, en zien alleen zijn mensen de vragen.
    pub(crate) partner: Option<Text>,
    /// Of de antwoorden bij de partner blijven, buiten het rapport van het team. Alleen bij een partnerset.
    pub(crate) besloten: Option<At<bool>>,
    /// Of geen vraag iemand herkenbaar maakt.
    pub(crate) zonder_personen: Option<At<bool>>,
    /// Vragen, groepen en berekeningen die de checklist zelf moet hebben.
    #[serde(default)]
    pub(crate) gebruikt: Vec<Text>,
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

/// Een onderdeel met vragen, of de plaats waar een deel of een partnerset komt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Onderdeel", transform = questions_or_part)]
pub(crate) struct SectionSource {
    /// Deel dat hier komt, zoals `vondst@0.1`. Ernaast mag alleen `zichtbaar` staan.
    pub(crate) deel: Option<Text>,
    /// Partnerset die hier komt, zoals `brandweer@0.1`. Ernaast mag alleen `zichtbaar` staan.
    pub(crate) partnerset: Option<Text>,
    /// Letter of naam, zoals `A`.
    pub(crate) id: Option<Text>,
    /// Titel zoals mensen hem lezen.
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
    /// Waar het in het rapport staat: `dossier` (alleen in het exemplaar voor het dossier) of `nooit`.
    pub(crate) in_rapport: Option<InReport>,
    /// Vragen, in volgorde.
    #[serde(default)]
    pub(crate) vraag: Vec<At<QuestionSource>>,
    /// The part out of which it came, by its place among the parts.
    #[serde(skip)]
    pub(crate) part: Option<usize>,
    /// Conditions of the place where its part was included; all must hold.
    #[serde(skip)]
    pub(crate) also_visible: Vec<Text>,
}

/// A section has an id and a title, or names what is included.
fn questions_or_part(schema: &mut Schema) {
    let either = serde_json::json!([
        { "required": ["id", "titel"] },
        { "required": ["deel"] },
        { "required": ["partnerset"] },
    ]);
    schema.insert("anyOf".to_owned(), either);
}
