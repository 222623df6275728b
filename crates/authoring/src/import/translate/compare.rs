//! `=`, `!=`, `<`, `<=`, `>` and `>=`.

use super::{Cel, Kind, Literal, Operator, Outcome, Refusal, Strength, no_moment, quoted};

/// `=` or `!=`.
pub(super) fn equality(left: Cel, right: Cel, equal: bool) -> Outcome {
    if right.is_empty_text() {
        return emptiness(&left, equal);
    }
    if left.is_empty_text() {
        return emptiness(&right, equal);
    }
    // What is compared with what matters, not on which side it stands.
    if left.literal.is_some() && right.literal.is_none() {
        return equality(right, left, equal);
    }
    match (&left.kind, &right.kind) {
        (Kind::One(codes), Kind::Text | Kind::Number) if right.literal.is_some() => {
            let code = match &right.literal {
                Some(Literal::Text(text)) => codes.of(text).map(str::to_owned),
                _ => numeric_codes(codes, |number| Some(number) == right.as_number()).into_iter().next(),
            };
            let code = code.ok_or_else(|| unknown_code(codes, &right))?;
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &quoted(&code)))
        }
        (Kind::Several(codes), Kind::Text) => match &right.literal {
            Some(Literal::Text(text)) => {
                let code = codes.of(text).ok_or_else(|| unknown_code(codes, &right))?;
                Ok(relation(&left.at_least(Strength::Sum), sign(equal), &format!("[{}]", quoted(code))))
            }
            _ => Err(unlike(&left, &right)),
        },
        (Kind::Truth, Kind::Text) => match &right.literal {
            Some(Literal::Text(text)) if text == "true" || text == "false" => {
                Ok(if (text == "true") == equal { left } else { not(&left) })
            }
            _ => Err(unlike(&left, &right)),
        },
        (Kind::One(a), Kind::One(b)) if a == b || (a.unchanged() && b.unchanged()) => {
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &right.at_least(Strength::Sum)))
        }
        (Kind::One(codes), Kind::Text) | (Kind::Text, Kind::One(codes)) if codes.unchanged() => {
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &right.at_least(Strength::Sum)))
        }
        (Kind::Text, Kind::Text)
        | (Kind::Moment, Kind::Moment)
        | (Kind::Time, Kind::Time)
        | (Kind::DayNumber, Kind::DayNumber)
        | (Kind::Truth, Kind::Truth) => {
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &right.at_least(Strength::Sum)))
        }
        (Kind::Time, Kind::Text) => {
            let time = time(&right).ok_or_else(|| unlike(&left, &right))?;
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &time))
        }
        (Kind::Day, Kind::Day | Kind::Text) => {
            let (shown, other) = (left.clone(), right.clone());
            let (left, right) = days(left, right).ok_or_else(|| unlike(&shown, &other))?;
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &right.at_least(Strength::Sum)))
        }
        (Kind::Number, Kind::Number | Kind::Text) => {
            let (shown, other) = (left.clone(), right.clone());
            let (left, right) = numbers(left, right).ok_or_else(|| unlike(&shown, &other))?;
            Ok(relation(&left.at_least(Strength::Sum), sign(equal), &right.at_least(Strength::Sum)))
        }
        (Kind::Now, _) | (_, Kind::Now) => Err(no_moment()),
        _ => Err(unlike(&left, &right)),
    }
}

/// `<`, `<=`, `>` or `>=`.
pub(super) fn order(left: Cel, operator: Operator, right: Cel) -> Outcome {
    if left.literal.is_some() && right.literal.is_none() {
        return order(right, turned(operator), left);
    }
    let sign = operator.written();
    match (&left.kind, &right.kind) {
        (Kind::One(codes), _) if right.as_number().is_some() => {
            let limit = right.as_number().unwrap_or(f64::NAN);
            if numeric_codes(codes, |_| true).is_empty() {
                return Err(unlike(&left, &right));
            }
            let fits = numeric_codes(codes, |number| holds(number, operator, limit));
            Ok(one_of(&left.at_least(Strength::Sum), &fits))
        }
        (Kind::Number, Kind::Number | Kind::Text) => {
            let (shown, other) = (left.clone(), right.clone());
            let (left, right) = numbers(left, right).ok_or_else(|| unlike(&shown, &other))?;
            Ok(relation(&left.at_least(Strength::Sum), sign, &right.at_least(Strength::Sum)))
        }
        (Kind::Day, Kind::Day | Kind::Text) | (Kind::Text, Kind::Day) => {
            let (shown, other) = (left.clone(), right.clone());
            let (left, right) = days(left, right).ok_or_else(|| unlike(&shown, &other))?;
            Ok(relation(&left.at_least(Strength::Sum), sign, &right.at_least(Strength::Sum)))
        }
        (Kind::Time, Kind::Time) | (Kind::Moment, Kind::Moment) | (Kind::DayNumber, Kind::DayNumber) => {
            Ok(relation(&left.at_least(Strength::Sum), sign, &right.at_least(Strength::Sum)))
        }
        (Kind::Time, Kind::Text) => {
            let time = time(&right).ok_or_else(|| unlike(&left, &right))?;
            Ok(relation(&left.at_least(Strength::Sum), sign, &time))
        }
        // A day begins at midnight: it is at most now when it is at most today.
        (Kind::Day, Kind::Now) => {
            let sign = if matches!(operator, Operator::Less | Operator::AtMost) { "<=" } else { ">" };
            Ok(relation(&left.at_least(Strength::Sum), sign, "vandaag"))
        }
        (Kind::Now, Kind::Day) => order(right, turned(operator), left),
        // A moment is before a day when it lies on an earlier one; "at most" would need midnight itself.
        (Kind::Moment, Kind::Day) if matches!(operator, Operator::Less | Operator::AtLeast) => {
            Ok(relation(&format!("dagen_tussen({}, {})", right.text, left.text), sign, "0"))
        }
        (Kind::Day, Kind::Moment) if matches!(operator, Operator::More | Operator::AtMost) => {
            order(right, turned(operator), left)
        }
        (Kind::Now, _) | (_, Kind::Now) => Err(no_moment()),
        _ => Err(unlike(&left, &right)),
    }
}

/// A question's answer is one of these codes.
fn one_of(question: &str, codes: &[String]) -> Cel {
    match codes {
        [] => Cel::truth("false", Strength::Whole),
        [code] => relation(question, "==", &quoted(code)),
        codes => {
            let list: Vec<String> = codes.iter().map(|code| quoted(code)).collect();
            relation(question, "in", &format!("[{}]", list.join(", ")))
        }
    }
}

/// Not this.
pub(super) fn not(value: &Cel) -> Cel {
    match value.text.as_str() {
        "true" => Cel::truth("false", Strength::Whole),
        "false" => Cel::truth("true", Strength::Whole),
        _ => Cel::truth(format!("!{}", value.at_least(Strength::Whole)), Strength::Sign),
    }
}

/// Whether something is answered, or computed to more than an empty text.
pub(super) fn answered(value: &Cel) -> Option<Cel> {
    let text = &value.text;
    let computed = value.known.as_ref().is_none_or(|known| known.computed);
    match value.kind {
        Kind::Truth | Kind::Now => None,
        Kind::Text if computed => {
            let text = value.at_least(Strength::Sum);
            Some(Cel::truth(format!("beantwoord({}) && {text} != \"\"", value.text), Strength::And))
        }
        // A computed 0 is a value, while a count of 0 files is none.
        Kind::Number if computed => {
            let text = value.at_least(Strength::Sum);
            Some(Cel::truth(format!("{text} > 0 || {text} <= 0"), Strength::Or))
        }
        _ => Some(Cel::truth(format!("beantwoord({text})"), Strength::Whole)),
    }
}

fn emptiness(value: &Cel, equal: bool) -> Outcome {
    if let Some(Literal::Text(text)) = &value.literal {
        return Ok(Cel::truth(if text.is_empty() == equal { "true" } else { "false" }, Strength::Whole));
    }
    let there = answered(value).ok_or_else(|| unlike(value, &Cel::text("")))?;
    Ok(if equal { not(&there) } else { there })
}

fn relation(left: &str, sign: &str, right: &str) -> Cel {
    Cel::truth(format!("{left} {sign} {right}"), Strength::Relation)
}

fn sign(equal: bool) -> &'static str {
    if equal { "==" } else { "!=" }
}

fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::More,
        Operator::AtMost => Operator::AtLeast,
        Operator::More => Operator::Less,
        Operator::AtLeast => Operator::AtMost,
        same => same,
    }
}

fn holds(number: f64, operator: Operator, limit: f64) -> bool {
    match operator {
        Operator::Less => number < limit,
        Operator::AtMost => number <= limit,
        Operator::More => number > limit,
        Operator::AtLeast => number >= limit,
        _ => false,
    }
}

fn numeric_codes(codes: &super::Codes, fits: impl Fn(f64) -> bool) -> Vec<String> {
    let numeric = |original: &str| original.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    codes.0.iter().filter(|(original, _)| numeric(original).is_some_and(&fits)).map(|(_, code)| code.clone()).collect()
}

fn numbers(left: Cel, right: Cel) -> Option<(Cel, Cel)> {
    left.numeric().zip(right.numeric())
}

fn days(left: Cel, right: Cel) -> Option<(Cel, Cel)> {
    left.day().zip(right.day())
}

/// A time such as `14:30`, when a text names one to the minute.
fn time(text: &Cel) -> Option<String> {
    let Some(Literal::Text(text)) = &text.literal else { return None };
    let time: chrono::NaiveTime =
        text.parse().ok().or_else(|| chrono::NaiveTime::parse_from_str(text, "%H:%M").ok())?;
    let written = time.format("%H:%M").to_string();
    let to_the_minute = time.format("%S%.f").to_string() == "00";
    to_the_minute.then(|| quoted(&written))
}

fn unknown_code(codes: &super::Codes, literal: &Cel) -> Refusal {
    let known: Vec<&str> = codes.0.iter().map(|(original, _)| original.as_str()).take(12).collect();
    Refusal::new(
        format!("de lijst kent de keuze {} niet", literal.text.replace('"', "'")),
        format!("Kies uit: {}.", known.join(", ")),
    )
}

fn unlike(left: &Cel, right: &Cel) -> Refusal {
    Refusal::new(
        format!("{} en {} zijn niet te vergelijken", left.kind.words(), right.kind.words()),
        "Vergelijk gelijke soorten met elkaar, of schrijf de voorwaarde zelf in de checklist.",
    )
}
