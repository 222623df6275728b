//! Answers in words, as a report, a time line and a difference show them.

use veldboek_domain::codes::{self, OBSERVATION_KINDS};
use veldboek_domain::{Address, Field, Observation, ObservationKind, Point, Value};

use crate::model::{Choice, Question, QuestionKind, StopKind};

/// A value in Dutch words, with the labels of the question's options where there is a question.
/// A cleared answer is an empty text.
pub fn in_words(value: &Value, question: Option<&Question>) -> String {
    match value {
        Value::Cleared => String::new(),
        Value::Choice(code) => option(question, code),
        Value::Choices(chosen) => {
            let labels: Vec<String> = chosen.iter().map(|code| option(question, code)).collect();
            labels.join("; ")
        }
        Value::Number(number) => match question.and_then(|question| question.unit.as_deref()) {
            Some(unit) => format!("{} {unit}", decimal(*number)),
            None => decimal(*number),
        },
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.format("%d-%m-%Y").to_string(),
        Value::Time(time) => time.format("%H:%M").to_string(),
        Value::DateTime(at) => at.format("%d-%m-%Y %H:%M").to_string(),
        Value::Address(place) => address(place),
        Value::Point(place) => point(place),
        Value::Matrix(rows) => {
            let lines =
                rows.iter().map(|(row, code)| format!("{}: {}", row_label(question, row), option(question, code)));
            lines.collect::<Vec<_>>().join("; ")
        }
        Value::Observation(seen) => observation(seen),
        Value::Signature(signature) => format!("Getekend door {}", signature.name),
        Value::Flag(true) => "Ja".to_owned(),
        Value::Flag(false) => "Nee".to_owned(),
        // Whoever knows the team shows the name instead.
        Value::Person(person) => {
            let digits = person.to_string();
            digits[digits.len().saturating_sub(8)..].to_owned()
        }
        Value::Checklist(followed) => format!("Versie {}", followed.version),
    }
}

/// A field with its value in Dutch words: `Bijschrift: De poort`.
pub fn field_in_words(field: &Field, value: &Value) -> String {
    format!("{}: {}", field_name(field), field_value(field, value))
}

/// A field's name in Dutch.
pub fn field_name(field: &Field) -> &str {
    match field {
        Field::Address => "Adres",
        Field::Position => "Plek op de kaart",
        Field::PlannedAt => "Gepland op",
        Field::OfficialNumber => "Zaaknummer",
        Field::Checklist => "Checklist",
        Field::Method => "Werkwijze",
        Field::DepartedAt => "Vertrek",
        Field::Title => "Titel",
        Field::Text => "Tekst",
        Field::Kind => "Soort waarneming",
        Field::OrdinaryExplanation => "Gewone verklaring",
        Field::ObservedAt => "Waargenomen op",
        Field::Place => "Plaats",
        Field::Theme => "Thema",
        Field::Norm => "Norm",
        Field::Measure => "Maatregel",
        Field::Deadline => "Termijn",
        Field::DecidedBy => "Beslist",
        Field::Caption => "Bijschrift",
        Field::Order => "Volgorde",
        Field::Name => "Naam",
        Field::Organisation => "Organisatie",
        Field::Partner => "Partner",
        Field::Function => "Functie",
        Field::PassNumber => "Pasnummer",
        Field::LegalBasis => "Grondslag",
        Field::Designation => "Aanwijzing",
        Field::GoesInside => "Gaat naar binnen",
        Field::Expertise => "Deskundigheid",
        Field::Other(name) => name,
    }
}

/// A field's value in Dutch words, codes by their labels.
pub fn field_value(field: &Field, value: &Value) -> String {
    match (field, value.as_choice()) {
        (Field::Measure, Some(code)) => codes::label(codes::MEASURES, code).to_owned(),
        (Field::Partner, Some(code)) => codes::label(codes::PARTNERS, code).to_owned(),
        (Field::Theme, Some(code)) => codes::label(codes::THEMES, code).to_owned(),
        (Field::Kind, Some(code)) => codes::label(OBSERVATION_KINDS, code).to_owned(),
        _ => in_words(value, None),
    }
}

/// The label of an option of a question, or the code itself when the question does not know it.
pub fn option(question: Option<&Question>, code: &str) -> String {
    let label = question.and_then(|question| find(&question.options, code));
    label
        .unwrap_or(match code {
            "ja" => "Ja",
            "nee" => "Nee",
            "onbekend" => "Onbekend",
            "nvt" => "N.v.t.",
            other => other,
        })
        .to_owned()
}

fn row_label(question: Option<&Question>, code: &str) -> String {
    question.and_then(|question| find(&question.rows, code)).unwrap_or(code).to_owned()
}

fn find<'a>(choices: &'a [Choice], code: &str) -> Option<&'a str> {
    choices.iter().find(|choice| choice.code == code).map(|choice| choice.label.as_str())
}

/// The Dutch word for a kind of observation.
pub fn observation_kind(kind: ObservationKind) -> &'static str {
    codes::label(
        OBSERVATION_KINDS,
        match kind {
            ObservationKind::Own => "own",
            ObservationKind::Statement => "statement",
            ObservationKind::Document => "document",
            ObservationKind::Assumption => "assumption",
        },
    )
}

/// What kind of answer a question takes, in Dutch.
pub fn question_kind(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::YesNo => "ja of nee",
        QuestionKind::YesNoNotApplicable => "ja, nee of niet van toepassing",
        QuestionKind::YesNoUnknown => "ja, nee of onbekend",
        QuestionKind::OneOf => "één keuze",
        QuestionKind::SeveralOf => "meer keuzes",
        QuestionKind::Number => "een getal",
        QuestionKind::Text => "tekst",
        QuestionKind::Date => "een dag",
        QuestionKind::Time => "een tijd",
        QuestionKind::DateTime => "een dag en tijd",
        QuestionKind::Address => "een adres",
        QuestionKind::Point => "een plek op de kaart",
        QuestionKind::Photo => "foto's",
        QuestionKind::Document => "een document",
        QuestionKind::Signature => "een handtekening",
        QuestionKind::Participants => "de deelnemers",
        QuestionKind::Matrix => "een keuze per rij",
        QuestionKind::Observation => "een waarneming",
    }
}

/// What must stop, in Dutch.
pub fn stop_kind(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Safety => "veiligheid",
        StopKind::Supervision => "toezicht",
        StopKind::StayOutside => "niet naar binnen",
    }
}

fn observation(seen: &Observation) -> String {
    let mut words = format!("{}: {}", observation_kind(seen.kind), seen.text);
    if !seen.ordinary_explanation.is_empty() {
        words.push_str(&format!(" Gewone verklaring: {}", seen.ordinary_explanation));
    }
    words
}

/// An address on one line.
pub fn address(place: &Address) -> String {
    let town = [place.postcode.as_str(), place.town.as_str()].join(" ");
    [place.line.as_str(), town.trim(), place.part.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A position as people read it aloud, with five decimals: about a metre.
pub fn point(place: &Point) -> String {
    let north = if place.lat < 0.0 { 'Z' } else { 'N' };
    let east = if place.lon < 0.0 { 'W' } else { 'O' };
    let degrees = |value: f64| format!("{:.5}", value.abs()).replace('.', ",");
    format!("{} {north} {} {east}", degrees(place.lat), degrees(place.lon))
}

fn decimal(number: f64) -> String {
    format!("{number}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use veldboek_domain::PointSource;

    #[test]
    fn numbers_and_positions_are_written_the_dutch_way() {
        assert_eq!(in_words(&Value::Number(12.5), None), "12,5");
        let place = Point { lat: 52.5581, lon: 4.8364, accuracy_m: None, source: PointSource::Typed };
        assert_eq!(point(&place), "52,55810 N 4,83640 O");
    }

    #[test]
    fn an_unknown_code_is_shown_as_it_is() {
        assert_eq!(in_words(&Value::choice("ja"), None), "Ja");
        assert_eq!(in_words(&Value::choice("iets"), None), "iets");
    }
}
