//! The column `type` of a form: what each row is (<https://xlsform.org/en/#question-types>).

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A question.
    Question(Asked),
    /// A question about which Veldboek has no kind; with why, and what to do.
    Unknown(&'static str, &'static str),
    /// A text on the screen.
    Note,
    /// A value that is worked out.
    Calculate,
    /// What the form's app fills in about itself; a reference to it may mean the day of the visit.
    Metadata { is_day: bool },
    /// `begin group` or `begin repeat`.
    Begin { repeat: bool },
    /// `end group` or `end repeat`.
    End { repeat: bool },
    /// Something that changes the structure in a way that can't be kept.
    Structure(&'static str),
    /// Not a type of XLSForm at all.
    Stray,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    One { list: String, other: bool },
    Several { list: String, other: bool },
    Whole,
    Decimal,
    Range,
    Text,
    Barcode,
    Day,
    Time,
    Moment,
    Point,
    Photo,
    File,
    Acknowledge,
}

const NO_SOUND: &str = "Vraag een document, of schrijf op wat er te horen of te zien is.";

/// Reads a type.
pub(crate) fn read(written: &str) -> RowKind {
    let words: Vec<&str> = written.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    if let Some(kind) = select(&words, &lower) {
        return kind;
    }
    let name = lower.join("_");
    if let Some(kind) = structure(&name) {
        return kind;
    }
    // "rank LIST" is a type with its list behind it.
    let name = if lower.first() == Some(&"rank") { "rank" } else { name.as_str() };
    match name.trim_start_matches("add_").trim_end_matches("_prompt").trim_start_matches("q_") {
        "integer" | "int" => RowKind::Question(Asked::Whole),
        "decimal" => RowKind::Question(Asked::Decimal),
        "range" => RowKind::Question(Asked::Range),
        "text" | "string" => RowKind::Question(Asked::Text),
        "barcode" => RowKind::Question(Asked::Barcode),
        "date" => RowKind::Question(Asked::Day),
        "time" => RowKind::Question(Asked::Time),
        "datetime" | "date_time" => RowKind::Question(Asked::Moment),
        "geopoint" | "gps" | "location" => RowKind::Question(Asked::Point),
        "image" | "photo" | "picture" => RowKind::Question(Asked::Photo),
        "file" => RowKind::Question(Asked::File),
        "acknowledge" | "trigger" => RowKind::Question(Asked::Acknowledge),
        "note" => RowKind::Note,
        "calculate" | "calculation" => RowKind::Calculate,
        "audio" => RowKind::Unknown("Veldboek neemt geen geluid op", NO_SOUND),
        "video" => RowKind::Unknown("Veldboek neemt geen film op", NO_SOUND),
        "geotrace" | "geoshape" => RowKind::Unknown(
            "Veldboek kent geen lijn of vlak op de kaart",
            "Vraag een punt (`punt`), of een schets als foto.",
        ),
        "rank" => RowKind::Unknown(
            "Veldboek kent geen vraag om op volgorde te zetten",
            "Vraag bijvoorbeeld alleen wat het belangrijkste is (`een-van`).",
        ),
        "hidden" => RowKind::Unknown(
            "een verborgen veld heeft in een checklist geen plaats",
            "Neem wat erin stond op als berekening, of laat het weg.",
        ),
        "set_form_title" | "set_form_id" => RowKind::Unknown(
            "titel en naam van het formulier horen op het blad settings",
            "Zet ze daar bij form_title en form_id.",
        ),
        "osm" => RowKind::Unknown("Veldboek tekent niet op OpenStreetMap", "Vraag een punt (`punt`)."),
        "include" => RowKind::Unknown(
            "een ander formulier kan niet worden ingevoegd",
            "Voer dat formulier apart in, of maak er een deel (`deel`) van.",
        ),
        "csv-external" | "xml-external" => RowKind::Unknown(
            "gegevens uit een ander bestand kent Veldboek niet",
            "Neem wat u nodig hebt op als opties.",
        ),
        "today" | "get_today" => RowKind::Metadata { is_day: true },
        "start"
        | "end"
        | "get_start_time"
        | "get_end_time"
        | "deviceid"
        | "device_id"
        | "imei"
        | "get_device_id"
        | "phonenumber"
        | "phone_number"
        | "get_phone_number"
        | "username"
        | "subscriberid"
        | "subscriber_id"
        | "get_subscriber_id"
        | "simserial"
        | "sim_id"
        | "get_sim_id"
        | "email"
        | "uri:deviceid"
        | "uri:subscriberid"
        | "uri:simserial"
        | "uri:phonenumber"
        | "uri:username"
        | "uri:email"
        | "audit"
        | "start-geopoint"
        | "background-audio"
        | "background-geopoint"
        | "last-saved" => RowKind::Metadata { is_day: false },
        _ => RowKind::Stray,
    }
}

fn structure(name: &str) -> Option<RowKind> {
    let kind = match name {
        "begin_group" | "begin_lgroup" => RowKind::Begin { repeat: false },
        "end_group" | "end_lgroup" => RowKind::End { repeat: false },
        "begin_repeat" | "begin_looped_group" => RowKind::Begin { repeat: true },
        "end_repeat" | "end_looped_group" => RowKind::End { repeat: true },
        "end_loop" => RowKind::Structure("een lus over een lijst (`begin loop`)"),
        _ if name.starts_with("begin_loop") => RowKind::Structure("een lus over een lijst (`begin loop`)"),
        _ if name.starts_with("begin_cascade") || name.starts_with("cascading_select") => {
            return Some(RowKind::Unknown(
                "trapsgewijs kiezen op de oude manier (`cascading_select`) kent Veldboek niet",
                "Maak er gewone keuzevragen van, elk met een eigen voorwaarde (`zichtbaar`).",
            ));
        }
        _ => return None,
    };
    Some(kind)
}

/// The ways in which XLSForm has written "one of a list" over the years.
const ONE: &[&[&str]] = &[
    &["select_one"],
    &["select1"],
    &["select", "one"],
    &["select", "one", "from"],
    &["add", "select", "one", "prompt", "using"],
    &["q", "select1"],
];

/// The same for "several of a list".
const SEVERAL: &[&[&str]] = &[
    &["select_multiple"],
    &["select"],
    &["select", "multiple"],
    &["select", "multiple", "from"],
    &["select", "all", "that", "apply"],
    &["select", "all", "that", "apply", "from"],
    &["add", "select", "multiple", "prompt", "using"],
    &["q", "select"],
];

const ELSEWHERE: &[(&str, &str)] = &[
    ("select_one_external", "de keuzes staan op het blad external_choices"),
    ("select_one_from_file", "de keuzes staan in een ander bestand"),
    ("select_multiple_from_file", "de keuzes staan in een ander bestand"),
];

fn select(words: &[&str], lower: &[&str]) -> Option<RowKind> {
    if let Some((_, why)) = ELSEWHERE.iter().find(|(name, _)| lower.first() == Some(name)) {
        return Some(RowKind::Unknown(
            why,
            "Zet de keuzes op het blad choices, of schrijf ze als opties in de checklist.",
        ));
    }
    let other = match lower {
        [.., "or_other"] => 1,
        [.., "or", "other"] | [.., "or", "specify_other"] => 2,
        [.., "or", "specify", "other"] => 3,
        _ => 0,
    };
    let (words, lower) = (&words[..words.len() - other], &lower[..lower.len() - other]);
    // The longest beginning counts, so that "select one from x" is not the list "one" of "select".
    let fits = |ways: &[&[&str]]| ways.iter().filter(|way| lower.starts_with(way)).map(|way| way.len()).max();
    let (one, several) = (fits(ONE), fits(SEVERAL));
    let (length, is_one) = match (one, several) {
        (None, None) => return None,
        (Some(one), several) if several.is_none_or(|several| one >= several) => (one, true),
        (_, several) => (several?, false),
    };
    let [list] = words[length..] else { return Some(RowKind::Stray) };
    if list.starts_with("${") {
        return Some(RowKind::Unknown(
            "de keuzes komen uit een herhaalde groep",
            "Schrijf de opties uit, of vraag het binnen de groep.",
        ));
    }
    let (list, other) = (list.to_owned(), other > 0);
    Some(RowKind::Question(if is_one { Asked::One { list, other } } else { Asked::Several { list, other } }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(list: &str, other: bool) -> RowKind {
        RowKind::Question(Asked::One { list: list.to_owned(), other })
    }

    fn several(list: &str, other: bool) -> RowKind {
        RowKind::Question(Asked::Several { list: list.to_owned(), other })
    }

    #[test]
    fn a_choice_is_known_in_all_its_spellings() {
        for written in ["select_one jn", "select one jn", "select one from jn", "select1 jn", "Select_One jn"] {
            assert_eq!(read(written), one("jn", false), "{written}");
        }
        for written in [
            "select_multiple jn",
            "select multiple jn",
            "select all that apply from jn",
            "select all that apply jn",
            "add select multiple prompt using jn",
        ] {
            assert_eq!(read(written), several("jn", false), "{written}");
        }
        assert_eq!(read("select_one jn or_other"), one("jn", true));
        assert_eq!(read("select all that apply from JN or specify other"), several("JN", true));
        assert_eq!(read("select_one"), RowKind::Stray, "without a list it is nothing");
        assert_eq!(read("select_one a b"), RowKind::Stray);
        assert!(matches!(read("select_one ${kamer}"), RowKind::Unknown(..)));
        assert!(matches!(read("select_one_from_file dorpen.csv"), RowKind::Unknown(..)));
        assert!(matches!(read("select_one_external dorpen"), RowKind::Unknown(..)));
    }

    #[test]
    fn every_other_type_is_known() {
        for (written, kind) in [
            ("integer", RowKind::Question(Asked::Whole)),
            ("decimal", RowKind::Question(Asked::Decimal)),
            ("range", RowKind::Question(Asked::Range)),
            ("text", RowKind::Question(Asked::Text)),
            ("barcode", RowKind::Question(Asked::Barcode)),
            ("date", RowKind::Question(Asked::Day)),
            ("time", RowKind::Question(Asked::Time)),
            ("dateTime", RowKind::Question(Asked::Moment)),
            ("geopoint", RowKind::Question(Asked::Point)),
            ("image", RowKind::Question(Asked::Photo)),
            ("file", RowKind::Question(Asked::File)),
            ("acknowledge", RowKind::Question(Asked::Acknowledge)),
            ("trigger", RowKind::Question(Asked::Acknowledge)),
            ("note", RowKind::Note),
            ("add note prompt", RowKind::Note),
            ("calculate", RowKind::Calculate),
            ("today", RowKind::Metadata { is_day: true }),
            ("begin group", RowKind::Begin { repeat: false }),
            ("begin_group", RowKind::Begin { repeat: false }),
            ("end group", RowKind::End { repeat: false }),
            ("begin repeat", RowKind::Begin { repeat: true }),
            ("end_repeat", RowKind::End { repeat: true }),
            ("plaatje", RowKind::Stray),
        ] {
            assert_eq!(read(written), kind, "{written}");
        }
        for metadata in ["start", "end", "deviceid", "phonenumber", "username", "simserial", "audit", "start-geopoint"]
        {
            assert_eq!(read(metadata), RowKind::Metadata { is_day: false }, "{metadata}");
        }
        for unknown in ["audio", "video", "rank lijst", "geotrace", "geoshape", "hidden", "osm", "csv-external"] {
            assert!(matches!(read(unknown), RowKind::Unknown(..)), "{unknown}");
        }
        assert!(matches!(read("begin loop over lijst"), RowKind::Structure(_)));
    }
}
