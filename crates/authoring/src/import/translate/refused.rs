//! Functions that a checklist does not have, each with why and what to do.

use super::Refusal;

const NO_FORM_DATA: &str = "Vraag het in de checklist, of schrijf de opties uit.";
const NO_SUM: &str = "Laat mensen het aantal invullen, of laat de berekening weg.";
const BY_HAND: &str = "Laat mensen het invullen, of schrijf de voorwaarde zelf in de checklist.";

/// Name, why, what to do.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "regex",
        "een checklist kent geen patronen (`regex`)",
        "Schrijf in de toelichting hoe het antwoord eruitziet, of vraag een getal of een keuze.",
    ),
    (
        "indexed-repeat",
        "een checklist kent geen volgnummer in een herhaalde groep (`indexed-repeat`)",
        "Schrijf in de checklist groep.exists(g, …).",
    ),
    (
        "position",
        "een checklist kent geen volgnummer in een herhaalde groep (`position`)",
        "Geef elk exemplaar een naam; de app nummert zelf.",
    ),
    ("sum", "een checklist telt geen antwoorden op (`sum`)", NO_SUM),
    (
        "count-non-empty",
        "een checklist telt in een herhaalde groep alleen de exemplaren (`count-non-empty`)",
        "Gebruik count(${naam}), of schrijf in de checklist groep.exists(g, beantwoord(g.vraag)).",
    ),
    ("min", "een checklist kent `min` niet", "Schrijf het uit met een vergelijking."),
    ("max", "een checklist kent `max` niet", "Schrijf het uit met een vergelijking."),
    ("pulldata", "een checklist haalt niets uit andere bestanden (`pulldata`)", NO_FORM_DATA),
    ("instance", "een checklist haalt niets uit andere bestanden (`instance`)", NO_FORM_DATA),
    ("lookup", "een checklist haalt niets uit andere bestanden (`lookup`)", NO_FORM_DATA),
    ("search", "een checklist zoekt niet in andere bestanden (`search`)", NO_FORM_DATA),
    (
        "jr:choice-name",
        "een voorwaarde kent alleen de code van een keuze, niet haar tekst (`jr:choice-name`)",
        "Gebruik de code.",
    ),
    ("jr:itext", "een voorwaarde kent geen teksten van het formulier (`jr:itext`)", "Schrijf de tekst uit."),
    ("selected-at", "een lijst van keuzes heeft geen volgorde (`selected-at`)", "Gebruik selected(${naam}, 'code')."),
    ("once", "een berekening wordt steeds opnieuw gedaan (`once`)", "Laat mensen het een keer invullen."),
    ("uuid", "een checklist maakt geen kenmerken (`uuid`); de app doet dat zelf", "Laat het weg."),
    ("random", "een checklist kent geen toeval (`random`)", "Laat het weg."),
    ("randomize", "een checklist kent geen toeval (`randomize`)", "Laat het weg."),
    (
        "format-date",
        "een checklist zet geen dagen om in tekst (`format-date`)",
        "Gebruik de dag zelf; de app schrijft haar op zijn Nederlands.",
    ),
    ("format-date-time", "een checklist zet geen tijden om in tekst (`format-date-time`)", "Gebruik de waarde zelf."),
    ("date-time", "een checklist zet geen tekst om in een tijd (`date-time`)", BY_HAND),
    (
        "decimal-time",
        "een checklist rekent niet met tijden van de dag (`decimal-time`)",
        "Vergelijk de tijden zelf: ${a} < ${b}.",
    ),
    ("substr", "een checklist knipt geen teksten (`substr`)", BY_HAND),
    ("substring", "een checklist knipt geen teksten (`substring`)", BY_HAND),
    ("substring-before", "een checklist knipt geen teksten (`substring-before`)", BY_HAND),
    ("substring-after", "een checklist knipt geen teksten (`substring-after`)", BY_HAND),
    ("translate", "een checklist vervangt geen letters (`translate`)", BY_HAND),
    ("normalize-space", "een checklist verandert geen teksten (`normalize-space`)", BY_HAND),
    ("join", "een checklist voegt geen antwoorden uit een groep samen (`join`)", BY_HAND),
    ("distance", "een checklist meet geen afstanden (`distance`)", BY_HAND),
    ("area", "een checklist meet geen oppervlakten (`area`)", BY_HAND),
    ("geofence", "een checklist rekent niet met gebieden (`geofence`)", BY_HAND),
    (
        "checklist",
        "een checklist telt geen antwoorden bij elkaar (`checklist`)",
        "Noem de antwoorden apart met and en or.",
    ),
    (
        "weighted-checklist",
        "een checklist kent geen gewichten (`weighted-checklist`): zo ontstaat een score",
        "Laat het weg; een checklist legt feiten vast en telt ze niet op.",
    ),
    ("digest", "een checklist versleutelt niets (`digest`)", "Laat het weg."),
    (
        "property",
        "een checklist weet niets van het toestel (`property`)",
        "Laat het weg; de app legt het toestel zelf vast.",
    ),
];

/// The refusal of a function; with the wrong number of arguments, of one that exists.
pub(super) fn refused(name: &str, arguments: usize) -> Refusal {
    if let Some((_, why, hint)) = REFUSED.iter().find(|(known, ..)| *known == name) {
        return Refusal::new(*why, *hint);
    }
    if KNOWN.contains(&name) {
        let count = match arguments {
            0 => "zonder iets tussen de haakjes".to_owned(),
            1 => "met een waarde tussen de haakjes".to_owned(),
            more => format!("met {more} waarden tussen de haakjes"),
        };
        return Refusal::new(
            format!("`{name}` {count} bestaat niet of is niet over te nemen"),
            "Kijk in het formulier na hoe de functie is geschreven.",
        );
    }
    Refusal::new(format!("de functie `{name}` heeft een checklist niet"), BY_HAND)
}

/// Functions that are translated, with the right number of arguments.
const KNOWN: &[&str] = &[
    "true",
    "false",
    "not",
    "boolean",
    "today",
    "now",
    "selected",
    "count-selected",
    "if",
    "coalesce",
    "number",
    "string",
    "int",
    "floor",
    "ceiling",
    "round",
    "abs",
    "date",
    "decimal-date-time",
    "string-length",
    "contains",
    "starts-with",
    "ends-with",
    "concat",
    "count",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_names_its_function_and_says_what_to_do() {
        for (name, why, hint) in REFUSED {
            assert!(why.contains(&format!("`{name}`")), "{name}");
            assert!(hint.ends_with('.') && !why.ends_with('.'), "{name}");
            assert!(!KNOWN.contains(name), "{name} is translated");
        }
    }
}
