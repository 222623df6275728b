//! Arithmetic, with numbers and with days.

use super::{Cel, Kind, Literal, Operator, Outcome, Refusal, Strength};

/// `+`, `-`, `*`, `div` or `mod`.
pub(super) fn arithmetic(left: Cel, operator: Operator, right: Cel) -> Outcome {
    match (&left.kind, operator, &right.kind) {
        (Kind::One(_) | Kind::Several(_), ..) | (_, _, Kind::One(_) | Kind::Several(_)) => return Err(no_scores()),
        (Kind::Day, Operator::Minus, Kind::Day) | (Kind::DayNumber, Operator::Minus, Kind::DayNumber) => {
            return Ok(Cel::whole(format!("dagen_tussen({}, {})", right.text, left.text), Kind::Number));
        }
        (Kind::Day, Operator::Plus | Operator::Minus, _) => return days_on(&left, operator, right),
        (_, Operator::Plus, Kind::Day) => return days_on(&right, operator, left),
        _ => {}
    }
    let shown = [&left, &right].into_iter().find(|side| side.kind != Kind::Number).map_or("", |side| side.kind.words());
    let (Some(left), Some(right)) = (left.numeric(), right.numeric()) else { return Err(no_number(shown)) };
    let (sign, strength) = match operator {
        Operator::Plus => ("+", Strength::Sum),
        Operator::Minus => ("-", Strength::Sum),
        Operator::Times => ("*", Strength::Product),
        Operator::Divided => ("/", Strength::Product),
        _ => ("%", Strength::Product),
    };
    // Operators of one strength go from left to right, so the right side must bind stronger.
    let tighter = if strength == Strength::Sum { Strength::Product } else { Strength::Sign };
    let text = format!("{} {sign} {}", left.at_least(strength), right.at_least(tighter));
    Ok(Cel::new(text, Kind::Number, strength))
}

fn days_on(day: &Cel, operator: Operator, number: Cel) -> Outcome {
    let shown = number.kind.words();
    let number = number.numeric().ok_or_else(|| no_number(shown))?;
    if number.as_number().is_some_and(|number| number.fract() != 0.0) {
        return Err(Refusal::new("een checklist telt hele dagen", "Gebruik een heel getal."));
    }
    let text = match (operator, &number.literal) {
        (Operator::Minus, Some(Literal::Number(count))) => Cel::number(-count).text,
        (Operator::Minus, _) => negative(&number).text,
        _ => number.text,
    };
    Ok(Cel::whole(format!("dagen_na({}, {text})", day.text), Kind::Day))
}

/// The number below zero. A minus in front would fail on what is unanswered; a subtraction stays unanswered.
pub(super) fn negative(number: &Cel) -> Cel {
    Cel::new(format!("0 - {}", number.at_least(Strength::Product)), Kind::Number, Strength::Sum)
}

/// Towards zero, as `int` does: what is behind the point goes.
pub(super) fn truncated(number: &Cel) -> Cel {
    let (whole, part) = (number.at_least(Strength::Sum), number.at_least(Strength::Product));
    Cel::new(format!("{whole} - {part} % 1"), Kind::Number, Strength::Sum)
}

/// Down to a whole number.
pub(super) fn floor(number: &Cel) -> Cel {
    let (whole, part) = (number.at_least(Strength::Sum), number.at_least(Strength::Product));
    Cel::new(format!("{whole} - ({part} % 1 + 1) % 1"), Kind::Number, Strength::Sum)
}

/// Up to a whole number.
pub(super) fn ceiling(number: &Cel) -> Cel {
    let (whole, part) = (number.at_least(Strength::Sum), number.at_least(Strength::Product));
    Cel::new(format!("{whole} + (1 - {part} % 1) % 1"), Kind::Number, Strength::Sum)
}

/// To the nearest whole number, halves up (XPath 1.0, 4.4).
pub(super) fn rounded(number: &Cel) -> Cel {
    floor(&Cel::new(format!("{} + 0.5", number.at_least(Strength::Sum)), Kind::Number, Strength::Sum))
}

/// What is not a number.
pub(super) fn no_number(words: &str) -> Refusal {
    Refusal::new(
        format!("met {words} kan een checklist niet rekenen"),
        "Vraag een getal, of schrijf de berekening zelf in de checklist.",
    )
}

fn no_scores() -> Refusal {
    Refusal::new(
        "met de code van een keuze kan een checklist niet rekenen: zo ontstaat een score",
        "Laat de berekening weg; een checklist legt feiten vast en telt ze niet op.",
    )
}
