//! Pieces of conditions, as they are written in CEL.

use super::{Kind, Known};

/// A piece of a condition.
#[derive(Clone, Debug)]
pub(crate) struct Cel {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    pub(super) strength: Strength,
    pub(super) literal: Option<Literal>,
    /// The question or calculation that it is, and nothing more.
    pub(super) known: Option<Known>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Number(f64),
}

/// How strongly the outermost operator of a piece binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    Choice,
    Or,
    And,
    Relation,
    Sum,
    Product,
    Sign,
    Whole,
}

impl Cel {
    pub(super) fn new(text: impl Into<String>, kind: Kind, strength: Strength) -> Self {
        Self { text: text.into(), kind, strength, literal: None, known: None }
    }

    pub(super) fn whole(text: impl Into<String>, kind: Kind) -> Self {
        Self::new(text, kind, Strength::Whole)
    }

    pub(super) fn truth(text: impl Into<String>, strength: Strength) -> Self {
        Self::new(text, Kind::Truth, strength)
    }

    pub(super) fn text(text: &str) -> Self {
        let literal = Some(Literal::Text(text.to_owned()));
        Self { literal, ..Self::whole(quoted(text), Kind::Text) }
    }

    pub(super) fn number(number: f64) -> Self {
        let text =
            if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number:?}") };
        let strength = if number < 0.0 { Strength::Sign } else { Strength::Whole };
        Self { literal: Some(Literal::Number(number)), ..Self::new(text, Kind::Number, strength) }
    }

    /// The text, between brackets when it binds weaker than its place asks.
    pub(crate) fn at_least(&self, strength: Strength) -> String {
        if self.strength < strength { format!("({})", self.text) } else { self.text.clone() }
    }

    pub(super) fn is_empty_text(&self) -> bool {
        self.literal == Some(Literal::Text(String::new()))
    }

    /// The number that it is, also when it is written as a text.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self.literal.as_ref()? {
            Literal::Number(number) => Some(*number),
            Literal::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        }
    }

    /// The same as a number when it is one, or a text that is one.
    pub(super) fn numeric(self) -> Option<Self> {
        match (&self.kind, self.as_number()) {
            (Kind::Number, _) => Some(self),
            (Kind::Text, Some(number)) => Some(Self::number(number)),
            _ => None,
        }
    }

    /// The same as a day when it is one, or a text that is one.
    pub(super) fn day(self) -> Option<Self> {
        match (&self.kind, &self.literal) {
            (Kind::Day, _) => Some(self),
            (Kind::Text, Some(Literal::Text(text))) => {
                let day: chrono::NaiveDate = text.parse().ok()?;
                Some(Self::whole(quoted(&day.format("%Y-%m-%d").to_string()), Kind::Day))
            }
            _ => None,
        }
    }
}

/// A text between quotes, as CEL writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Both must hold.
pub(crate) fn both(a: &Cel, b: &Cel) -> Cel {
    Cel::truth(format!("{} && {}", a.at_least(Strength::And), b.at_least(Strength::And)), Strength::And)
}
