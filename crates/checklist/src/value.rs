//! From answers to values in conditions, and whether an answer is complete and fits its question.

use cel::Value as Cel;
use veldboek_domain::{Observation, ObservationKind, Slot, Value};

use crate::answers::{Answers, Facts};
use crate::language::{map, text};
use crate::model::{Question, QuestionKind};

/// How an answer looks to a question.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// What conditions see.
    pub(crate) seen: Cel,
    /// Whether the question is answered in full.
    pub(crate) answered: bool,
    /// Whether anything at all was written.
    pub(crate) started: bool,
    /// Options or rows that miss something.
    pub(crate) incomplete: Vec<String>,
    /// What does not fit, in words for the person who answers.
    pub(crate) violates: Option<String>,
}

/// What conditions see of a question that is unanswered or hidden.
pub(crate) fn unanswered(question: &Question) -> Cel {
    match question.kind {
        QuestionKind::SeveralOf => Cel::List(Vec::new().into()),
        QuestionKind::Matrix => map(question.rows.iter().map(|row| (row.code.clone(), Cel::Null))),
        QuestionKind::Photo | QuestionKind::Document | QuestionKind::Participants => Cel::Int(0),
        _ => Cel::Null,
    }
}

/// Reads a question's answer.
pub(crate) fn read(question: &Question, slot: &Slot, answers: &dyn Answers, facts: &Facts) -> Reading {
    let mut reading =
        Reading { seen: unanswered(question), answered: false, started: false, incomplete: Vec::new(), violates: None };
    match question.kind {
        QuestionKind::Participants => {
            reading.count(facts.participants.len());
            return reading;
        }
        QuestionKind::Photo => {
            reading.count(answers.attachments(slot));
            return reading;
        }
        QuestionKind::Document => reading.count(answers.attachments(slot)),
        _ => {}
    }
    let Some(value) = answers.answer(slot).filter(|value| !value.is_blank()) else { return reading };
    reading.started = true;
    match (question.kind, value) {
        (kind, Value::Choice(code)) if kind.is_choice() => {
            if question.options.iter().any(|option| option.code == *code) {
                reading.answer(text(code));
            } else {
                reading.violates = Some(unknown_option(code));
            }
        }
        (QuestionKind::SeveralOf, Value::Choices(codes)) => reading.several(question, codes, slot, answers),
        (QuestionKind::Matrix, Value::Matrix(rows)) => {
            reading.seen = map(question.rows.iter().map(|row| {
                let chosen = rows.get(&row.code).filter(|code| has_option(question, code));
                (row.code.clone(), chosen.map_or(Cel::Null, text))
            }));
            reading.violates = rows.values().find(|code| !has_option(question, code)).map(|code| unknown_option(code));
            reading.incomplete =
                question.rows.iter().filter(|row| !rows.contains_key(&row.code)).map(|row| row.code.clone()).collect();
            reading.answered = reading.incomplete.is_empty() && reading.violates.is_none();
        }
        (QuestionKind::Number, Value::Number(number)) => {
            reading.violates = out_of_range(question, *number);
            reading.answer(Cel::Float(*number));
        }
        (QuestionKind::Text, Value::Text(words)) => reading.answer(text(words)),
        // A document that is named instead of attached counts as one.
        (QuestionKind::Document, Value::Text(_)) if !reading.answered => reading.count(1),
        (QuestionKind::Document, Value::Text(_)) => {}
        (QuestionKind::Date, Value::Date(day)) => reading.answer(crate::language::day(*day)),
        (QuestionKind::Time, Value::Time(time)) => reading.answer(text(time.format("%H:%M").to_string())),
        (QuestionKind::DateTime, Value::DateTime(moment)) => reading.answer(Cel::Timestamp(*moment)),
        (QuestionKind::Address, Value::Address(address)) => reading.answer(text(&address.line)),
        (QuestionKind::Point, Value::Point(point)) => {
            reading.answer(map([("lat".into(), Cel::Float(point.lat)), ("lon".into(), Cel::Float(point.lon))]));
        }
        (QuestionKind::Signature, Value::Signature(signature)) => {
            if signature.strokes.iter().any(|stroke| !stroke.is_empty()) {
                reading.answer(text(&signature.name));
            }
        }
        (QuestionKind::Observation, Value::Observation(observation)) => {
            reading.answer(seen_observation(observation));
            if question.needs_ordinary_explanation && observation.ordinary_explanation.trim().is_empty() {
                reading.answered = false;
                reading.incomplete = vec!["gewone_verklaring".to_owned()];
            }
        }
        _ => reading.violates = Some("Dit antwoord past niet bij de vraag. Beantwoord haar opnieuw.".to_owned()),
    }
    reading
}

impl Reading {
    fn answer(&mut self, seen: Cel) {
        self.seen = seen;
        self.answered = true;
    }

    fn count(&mut self, files: usize) {
        self.seen = Cel::Int(i64::try_from(files).unwrap_or(i64::MAX));
        self.answered = files > 0;
        self.started = files > 0;
    }

    fn several(&mut self, question: &Question, codes: &[String], slot: &Slot, answers: &dyn Answers) {
        self.seen = Cel::List(codes.iter().map(text).collect::<Vec<_>>().into());
        self.violates = codes.iter().find(|code| !has_option(question, code)).map(|code| unknown_option(code));
        let chosen = || question.options.iter().filter(|option| codes.contains(&option.code));
        if let Some(alone) = chosen().find(|option| option.exclusive)
            && codes.len() > 1
        {
            self.violates = Some(format!("\"{}\" kan niet samen met een andere keuze.", alone.label));
        }
        if question.observation_per_option {
            let lacks = |code: &str| match answers.answer(&slot.for_part(code)) {
                Some(Value::Observation(observation)) => {
                    observation.text.trim().is_empty()
                        || question.needs_ordinary_explanation && observation.ordinary_explanation.trim().is_empty()
                }
                _ => true,
            };
            self.incomplete = chosen()
                .filter(|option| !option.exclusive && lacks(&option.code))
                .map(|option| option.code.clone())
                .collect();
        }
        self.answered = self.incomplete.is_empty() && self.violates.is_none();
    }
}

fn has_option(question: &Question, code: &str) -> bool {
    question.options.iter().any(|option| option.code == code)
}

fn unknown_option(code: &str) -> String {
    format!("Deze checklist kent het antwoord \"{code}\" niet. Kies opnieuw.")
}

fn out_of_range(question: &Question, number: f64) -> Option<String> {
    let unit = question.unit.as_deref().unwrap_or_default();
    if !number.is_finite() {
        return Some("Dit is geen getal.".to_owned());
    }
    if question.whole && number.fract() != 0.0 {
        return Some("Vul een heel getal in.".to_owned());
    }
    if let Some(least) = question.minimum.filter(|least| number < *least) {
        return Some(format!("Vul {least} {unit} of meer in.").replace("  ", " "));
    }
    let most = question.maximum.filter(|most| number > *most)?;
    Some(format!("Vul {most} {unit} of minder in.").replace("  ", " "))
}

fn seen_observation(observation: &Observation) -> Cel {
    let kind = match observation.kind {
        ObservationKind::Own => "own",
        ObservationKind::Statement => "statement",
        ObservationKind::Document => "document",
        ObservationKind::Assumption => "assumption",
    };
    map([
        ("soort".into(), text(kind)),
        ("tekst".into(), text(&observation.text)),
        ("gewone_verklaring".into(), text(&observation.ordinary_explanation)),
    ])
}

/// What conditions see of a fact.
pub(crate) fn fact(name: &str, facts: &Facts) -> Cel {
    match name {
        "vandaag" => crate::language::day(facts.today),
        "dag" => crate::language::day(facts.day()),
        "boa" => Cel::Bool(facts.special_officer),
        "deelnemers" => {
            let participants: Vec<Cel> = facts
                .participants
                .iter()
                .map(|one| {
                    map([
                        ("naam".into(), text(&one.name)),
                        ("organisatie".into(), text(&one.organisation)),
                        ("partner".into(), text(&one.partner)),
                        ("functie".into(), text(&one.function)),
                        ("pasnummer".into(), text(&one.pass_number)),
                        ("grondslag".into(), text(&one.legal_basis)),
                        ("aanwijzing".into(), text(&one.designation)),
                        ("gaat_naar_binnen".into(), Cel::Bool(one.goes_inside)),
                    ])
                })
                .collect();
            Cel::List(participants.into())
        }
        _ => Cel::Null,
    }
}
