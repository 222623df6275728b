//! From XPath to the conditions of a checklist, whole or not at all.
//!
//! Every piece has a [`Kind`], because the two languages differ where kinds mix: XPath turns everything into texts and
//! numbers, a checklist compares like with like. What can't be said exactly is refused, with why and what to do.
//!
//! Unanswered is an empty text in XPath and nothing in a checklist. Both make `<` and `>` false, `!=` true, and arithmetic
//! with it empty, so only `= ''` needs care: it becomes `!beantwoord(…)`.

mod cel;
mod compare;
mod compute;
mod functions;
mod refused;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use cel::{Cel, Strength, both};
use cel::{Literal, quoted};

use super::choices::Codes;
use super::remark::Place;
use crate::xpath::{self, Expr, Node, Operator};

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// True or false.
    Truth,
    Number,
    Text,
    Day,
    /// A day as the number that XPath makes of it: only its distance to another day is known.
    DayNumber,
    Time,
    Moment,
    /// `now()`.
    Now,
    /// One code.
    One(Arc<Codes>),
    /// A list of codes.
    Several(Arc<Codes>),
    /// How many files there are.
    Files,
    Point,
}

impl Kind {
    /// In words, for a sentence.
    fn words(&self) -> &'static str {
        match self {
            Self::Truth => "waar of niet waar",
            Self::Number => "een getal",
            Self::Text => "tekst",
            Self::Day | Self::DayNumber => "een dag",
            Self::Time => "een tijd",
            Self::Moment | Self::Now => "een dag met tijd",
            Self::One(_) => "een keuze",
            Self::Several(_) => "een lijst van keuzes",
            Self::Files => "een bestand",
            Self::Point => "een plek",
        }
    }
}

/// What a name of the form stands for.
#[derive(Clone, Debug)]
pub(crate) enum Symbol {
    /// A question, a row of a matrix or a calculation.
    Value(Known),
    /// A group that repeats, by its id.
    Group(String),
    /// A group that does not repeat: it has no value.
    Section,
    /// Something that is not in the checklist.
    LeftOut(Place),
    /// Two rows have this name.
    Ambiguous,
}

/// Something with a value.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// How a condition names it.
    pub(crate) cel: String,
    pub(crate) kind: Kind,
    /// The group in which it repeats.
    pub(crate) group: Option<String>,
    /// Whether it is worked out instead of answered.
    pub(crate) computed: bool,
    /// The row of the group in the form in which it stands; 0 is the form itself.
    pub(crate) parent: usize,
    /// Whether it has a condition of its own or of a group within the repeat.
    pub(crate) conditional: bool,
}

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) symbols: &'a HashMap<String, Symbol>,
    /// The group in which the expression stands.
    pub(crate) group: Option<&'a str>,
    /// The row of the group in the form in which it stands.
    pub(crate) parent: usize,
    /// What `.` is, by its name in the form.
    pub(crate) current: Option<&'a str>,
}

/// Why an expression is not in the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// What is in the way, without a full stop.
    pub(crate) why: String,
    /// What to do.
    pub(crate) hint: String,
}

impl Refusal {
    fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { why: why.into(), hint: hint.into() }
    }
}

type Outcome = Result<Cel, Refusal>;

/// Translates what must be true or false.
pub(crate) fn condition(source: &str, scope: Scope<'_>) -> Outcome {
    let node = read(source)?;
    scope.truth(&node)
}

/// Translates a value.
pub(crate) fn value(source: &str, scope: Scope<'_>) -> Outcome {
    let node = read(source)?;
    let value = scope.value(&node)?;
    match value.kind {
        Kind::Now => Err(no_moment()),
        Kind::DayNumber => Err(Refusal::new(
            "een dag als getal bestaat in een checklist niet",
            "Bewaar de dag zelf, of reken het aantal dagen uit tussen twee dagen: dagen_tussen(a, b).",
        )),
        _ => Ok(value),
    }
}

fn read(source: &str) -> Result<Node, Refusal> {
    xpath::parse(source).map_err(|error| {
        Refusal::new(format!("de formule is niet te lezen: {error}"), "Verbeter haar in het formulier.")
    })
}

fn no_moment() -> Refusal {
    Refusal::new(
        "een checklist kent alleen de dag van vandaag, niet de tijd van nu",
        "Gebruik today(), of laat de tijd invullen: een vraag met `nu = true`.",
    )
}

impl Scope<'_> {
    /// A piece that must be true or false.
    fn truth(self, node: &Node) -> Outcome {
        let value = self.value(node)?;
        match value.kind {
            Kind::Truth => Ok(value),
            Kind::Number => {
                if let Some(number) = value.as_number() {
                    return Ok(Cel::truth(if number == 0.0 { "false" } else { "true" }, Strength::Whole));
                }
                // XPath: a number is true when it is neither 0 nor missing.
                let number = value.at_least(Strength::Sum);
                Ok(Cel::truth(format!("{number} > 0 || {number} < 0"), Strength::Or))
            }
            _ => Err(Refusal::new(
                format!("{} is hier geen voorwaarde, het is {}", self.name_of(node), value.kind.words()),
                "Vergelijk het met iets, zoals ${naam} != ''.",
            )),
        }
    }

    fn name_of(self, node: &Node) -> String {
        match &node.expr {
            Expr::Reference(name) => format!("`${{{name}}}`"),
            Expr::Current => "`.`".to_owned(),
            Expr::Call(name, _) => format!("`{name}(…)`"),
            Expr::Text(text) => format!("`'{text}'`"),
            _ => "dit".to_owned(),
        }
    }

    fn value(self, node: &Node) -> Outcome {
        match &node.expr {
            Expr::Number(number) => Ok(Cel::number(*number)),
            Expr::Text(text) => Ok(Cel::text(text)),
            Expr::Reference(name) => self.reference(name),
            Expr::Sibling(name) => match self.symbols.get(name) {
                Some(Symbol::Value(known)) if known.parent != self.parent => Err(Refusal::new(
                    format!("`../{name}` staat niet in dezelfde groep"),
                    format!("Noem de vraag zelf: ${{{name}}}."),
                )),
                _ => self.reference(name),
            },
            Expr::Current => match self.current {
                Some(name) => self.reference(name),
                None => Err(Refusal::new("`.` noemt hier geen vraag", "Schrijf de vraag met haar naam: ${naam}.")),
            },
            Expr::Call(name, arguments) => self.call(name, arguments),
            Expr::Negate(inner) => self.negative(inner),
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right),
            Expr::Path(path) => Err(Refusal::new(
                format!("`{path}` is een pad door het formulier; een checklist kent alleen namen"),
                "Noem de vraag zelf: ${naam}.",
            )),
        }
    }

    fn reference(self, name: &str) -> Outcome {
        match self.symbols.get(name) {
            Some(Symbol::Value(known)) => {
                if let Some(group) = &known.group
                    && self.group != Some(group.as_str())
                {
                    return Err(Refusal::new(
                        format!("`${{{name}}}` bestaat per {group}; welke is bedoeld?"),
                        format!("Schrijf in de checklist bijvoorbeeld {group}.exists(g, g.{} == …).", known.cel),
                    ));
                }
                Ok(Cel { known: Some(known.clone()), ..Cel::whole(&known.cel, known.kind.clone()) })
            }
            Some(Symbol::Group(id)) => Err(Refusal::new(
                format!("`${{{name}}}` is een herhaalde groep en heeft zelf geen waarde"),
                format!("Gebruik count(${{{name}}}), of schrijf in de checklist {id}.exists(g, …)."),
            )),
            Some(Symbol::Section) => Err(Refusal::new(
                format!("`${{{name}}}` is een groep en heeft zelf geen waarde"),
                "Noem een vraag uit de groep.",
            )),
            Some(Symbol::LeftOut(place)) => {
                Err(Refusal::new(format!("`${{{name}}}` is weggelaten ({place})"), "Los eerst op wat daar staat."))
            }
            Some(Symbol::Ambiguous) => Err(Refusal::new(
                format!("twee rijen heten `{name}`; welke is bedoeld?"),
                "Geef ze in het formulier elk een eigen naam.",
            )),
            None if name.starts_with("last-saved#") => Err(Refusal::new(
                format!("`${{{name}}}` is een antwoord uit een vorig formulier; een controle begint leeg"),
                "Laat de voorwaarde weg.",
            )),
            None => Err(Refusal::new(
                format!("`${{{name}}}` bestaat niet in dit formulier"),
                "Kijk de naam na in de kolom name.",
            )),
        }
    }

    fn binary(self, operator: Operator, left: &Node, right: &Node) -> Outcome {
        match operator {
            Operator::Or | Operator::And => {
                let (word, strength) =
                    if operator == Operator::Or { ("||", Strength::Or) } else { ("&&", Strength::And) };
                let (left, right) = (self.truth(left)?.at_least(strength), self.truth(right)?.at_least(strength));
                Ok(Cel::truth(format!("{left} {word} {right}"), strength))
            }
            Operator::Equal | Operator::Unequal => {
                compare::equality(self.value(left)?, self.value(right)?, operator == Operator::Equal)
            }
            Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => {
                compare::order(self.value(left)?, operator, self.value(right)?)
            }
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Divided | Operator::Remainder => {
                compute::arithmetic(self.value(left)?, operator, self.value(right)?)
            }
            Operator::Union => {
                Err(Refusal::new("`|` voegt verzamelingen samen; dat kent een checklist niet", "Noem de vragen apart."))
            }
        }
    }

    fn negative(self, inner: &Node) -> Outcome {
        let value = self.value(inner)?;
        let shown = value.kind.words();
        let value = value.numeric().ok_or_else(|| compute::no_number(shown))?;
        match value.as_number() {
            Some(number) => Ok(Cel::number(-number)),
            None => Ok(compute::negative(&value)),
        }
    }
}
