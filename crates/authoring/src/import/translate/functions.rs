//! The functions of XLSForm (<https://getodk.github.io/xforms-spec/#xpath-functions>).

use std::sync::Arc;

use super::super::choices::Codes;
use super::compare::{answered, not};
use super::compute::{ceiling, floor, negative as below_zero, no_number, rounded, truncated};
use super::refused::refused;
use super::{Cel, Kind, Literal, Node, Outcome, Refusal, Scope, Strength, Symbol, quoted};
use crate::xpath::Expr;

impl Scope<'_> {
    pub(super) fn call(self, name: &str, arguments: &[Node]) -> Outcome {
        match (name, arguments) {
            ("true", []) => Ok(Cel::truth("true", Strength::Whole)),
            ("false", []) => Ok(Cel::truth("false", Strength::Whole)),
            ("not", [value]) => Ok(not(&self.truth(value)?)),
            ("boolean", [value]) => self.truth(value),
            ("today", []) => Ok(Cel::whole("vandaag", Kind::Day)),
            ("now", []) => Ok(Cel::whole("now()", Kind::Now)),
            ("selected", [question, choice]) => self.selected(question, choice),
            ("count-selected", [question]) => self.count_selected(question),
            ("if", [condition, yes, no]) => {
                let condition = self.truth(condition)?;
                let (yes, no) = alike(self.value(yes)?, self.value(no)?)?;
                Ok(choice(&condition, &yes, &no))
            }
            ("coalesce", [first, second]) => {
                let (first, second) = alike(self.value(first)?, self.value(second)?)?;
                let there = answered(&first).ok_or_else(|| Refusal::new("`coalesce` vraagt een antwoord", ""))?;
                Ok(choice(&there, &first, &second))
            }
            ("number", [value]) => self.number(value),
            ("string", [value]) => self.string(value),
            ("int", [value]) => Ok(truncated(&self.numeric(value)?)),
            ("floor", [value]) => Ok(floor(&self.numeric(value)?)),
            ("ceiling", [value]) => Ok(ceiling(&self.numeric(value)?)),
            ("round", [value]) => Ok(rounded(&self.numeric(value)?)),
            ("round", [value, digits]) => self.round_to(value, digits),
            ("abs", [value]) => {
                let value = self.numeric(value)?;
                let negative = Cel::truth(format!("{} < 0", value.at_least(Strength::Sum)), Strength::Relation);
                Ok(choice(&negative, &below_zero(&value), &value))
            }
            ("date", [value]) => self.day_of(value),
            ("decimal-date-time", [value]) => {
                let day = self.day_of(value)?;
                Ok(Cel { kind: Kind::DayNumber, ..day })
            }
            ("string-length", [value]) => {
                let text = self.words(value, "string-length")?;
                Ok(Cel::whole(format!("size({})", text.text), Kind::Number))
            }
            ("contains", [whole, part]) => self.about_text("contains", whole, part),
            ("starts-with", [whole, part]) => self.about_text("startsWith", whole, part),
            ("ends-with", [whole, part]) => self.about_text("endsWith", whole, part),
            ("concat", [_, _, ..]) => self.joined(arguments),
            ("count", [nodes]) => self.count(nodes),
            _ => Err(refused(name, arguments.len())),
        }
    }

    fn numeric(self, node: &Node) -> Outcome {
        let value = self.value(node)?;
        let words = value.kind.words();
        value.numeric().ok_or_else(|| no_number(words))
    }

    fn selected(self, question: &Node, choice: &Node) -> Outcome {
        let question = self.value(question)?;
        let choice = self.value(choice)?;
        let (Kind::One(codes) | Kind::Several(codes)) = &question.kind else {
            return Err(Refusal::new(
                format!("`selected` vraagt een keuzevraag; dit is {}", question.kind.words()),
                "Vergelijk met =, of schrijf de voorwaarde zelf in de checklist.",
            ));
        };
        let code = match &choice.literal {
            Some(Literal::Text(text)) => codes.of(text).map(quoted),
            Some(Literal::Number(_)) => codes.of(&choice.text).map(quoted),
            None if matches!(&choice.kind, Kind::One(other) if other == codes) => Some(choice.text.clone()),
            None => {
                return Err(Refusal::new(
                    "`selected` vraagt een vaste keuze, zoals selected(${naam}, 'ja')",
                    "Schrijf de keuze tussen aanhalingstekens.",
                ));
            }
        };
        let Some(code) = code else {
            let known: Vec<&str> = codes.0.iter().map(|(original, _)| original.as_str()).take(12).collect();
            return Err(Refusal::new(
                format!("de lijst kent de keuze {} niet", choice.text.replace('"', "'")),
                format!("Kies uit: {}.", known.join(", ")),
            ));
        };
        let text = match question.kind {
            Kind::Several(_) => format!("{code} in {}", question.text),
            _ => format!("{} == {code}", question.text),
        };
        Ok(Cel::truth(text, Strength::Relation))
    }

    fn count_selected(self, question: &Node) -> Outcome {
        let question = self.value(question)?;
        match question.kind {
            Kind::Several(_) => Ok(Cel::whole(format!("size({})", question.text), Kind::Number)),
            Kind::One(_) => {
                Ok(Cel::new(format!("beantwoord({}) ? 1 : 0", question.text), Kind::Number, Strength::Choice))
            }
            other => Err(Refusal::new(
                format!("`count-selected` vraagt een keuzevraag; dit is {}", other.words()),
                "Noem een vraag met keuzes.",
            )),
        }
    }

    fn number(self, node: &Node) -> Outcome {
        let value = self.value(node)?;
        match value.kind {
            Kind::Day => Ok(Cel { kind: Kind::DayNumber, ..value }),
            Kind::DayNumber => Ok(value),
            _ => {
                let words = value.kind.words();
                value.numeric().ok_or_else(|| no_number(words))
            }
        }
    }

    fn string(self, node: &Node) -> Outcome {
        let value = self.value(node)?;
        match value.kind {
            Kind::Text | Kind::One(_) => Ok(value),
            other => Err(Refusal::new(
                format!("van {} kan een checklist geen tekst maken", other.words()),
                "Gebruik de waarde zelf.",
            )),
        }
    }

    /// To a number of decimals that is written out.
    fn round_to(self, value: &Node, digits: &Node) -> Outcome {
        let value = self.numeric(value)?;
        let places =
            self.value(digits)?.as_number().filter(|places| places.fract() == 0.0 && (0.0..=9.0).contains(places));
        let Some(places) = places else {
            return Err(Refusal::new(
                "`round` vraagt een vast aantal decimalen",
                "Schrijf een getal van 0 tot en met 9.",
            ));
        };
        if places == 0.0 {
            return Ok(rounded(&value));
        }
        let factor = Cel::number(10_f64.powf(places)).text;
        let larger =
            Cel::new(format!("{} * {factor}", value.at_least(Strength::Product)), Kind::Number, Strength::Product);
        let whole = rounded(&larger).at_least(Strength::Sign);
        Ok(Cel::new(format!("{whole} / {factor}"), Kind::Number, Strength::Product))
    }

    fn day_of(self, node: &Node) -> Outcome {
        let value = self.value(node)?;
        match value.kind {
            Kind::Now => Ok(Cel::whole("vandaag", Kind::Day)),
            Kind::Moment => Ok(Cel::whole(format!("dagen_na({}, 0)", value.text), Kind::Day)),
            _ => {
                let words = value.kind.words();
                value.day().ok_or_else(|| {
                    Refusal::new(
                        format!("van {words} kan een checklist geen dag maken"),
                        "Schrijf een dag als 2026-11-01.",
                    )
                })
            }
        }
    }

    fn words(self, node: &Node, function: &str) -> Outcome {
        let value = self.value(node)?;
        match value.kind {
            Kind::Text => Ok(value),
            other => Err(Refusal::new(
                format!("`{function}` vraagt tekst; dit is {}", other.words()),
                "Gebruik een vraag met tekst.",
            )),
        }
    }

    fn about_text(self, function: &str, whole: &Node, part: &Node) -> Outcome {
        let whole = self.words(whole, function)?;
        let part = self.words(part, function)?;
        Ok(Cel::truth(format!("{}.{function}({})", whole.at_least(Strength::Whole), part.text), Strength::Whole))
    }

    /// Texts one behind the other; what is unanswered adds nothing.
    fn joined(self, arguments: &[Node]) -> Outcome {
        let mut pieces = Vec::new();
        for argument in arguments {
            let value = self.value(argument)?;
            match &value.kind {
                Kind::One(codes) if !codes.unchanged() => {
                    return Err(Refusal::new(
                        "de codes van deze keuze zijn hernoemd, dus de tekst zou anders zijn",
                        "Geef de keuzes in het formulier een naam van kleine letters, cijfers en streepjes.",
                    ));
                }
                Kind::Text | Kind::One(_) | Kind::Day => {}
                other => {
                    return Err(Refusal::new(
                        format!("van {} kan een checklist geen tekst maken", other.words()),
                        "Laat het weg uit de tekst.",
                    ));
                }
            }
            pieces.push(match value.literal {
                Some(_) => value.text,
                None => format!("(beantwoord({0}) ? {0} : \"\")", value.text),
            });
        }
        Ok(Cel::new(pieces.join(" + "), Kind::Text, Strength::Sum))
    }

    fn count(self, nodes: &Node) -> Outcome {
        if let Expr::Reference(name) = &nodes.expr
            && let Some(Symbol::Group(id)) = self.symbols.get(name)
        {
            return Ok(Cel::whole(format!("size({id})"), Kind::Number));
        }
        if let Expr::Reference(name) = &nodes.expr
            && let Some(Symbol::Value(known)) = self.symbols.get(name)
            && let Some(group) = &known.group
        {
            if known.conditional {
                return Err(Refusal::new(
                    "`count` telt alleen vragen die er zijn, en deze heeft een voorwaarde",
                    "Tel de herhaalde groep zelf, of een vraag zonder voorwaarde.",
                ));
            }
            return Ok(Cel::whole(format!("size({group})"), Kind::Number));
        }
        Err(Refusal::new(
            "`count` telt hier iets dat geen herhaalde groep is",
            "Noem de herhaalde groep of een vraag erin: count(${naam}).",
        ))
    }
}

/// `condition ? yes : no`.
fn choice(condition: &Cel, yes: &Cel, no: &Cel) -> Cel {
    let kind = if yes.text == "null" { no.kind.clone() } else { yes.kind.clone() };
    let text = format!(
        "{} ? {} : {}",
        condition.at_least(Strength::Or),
        yes.at_least(Strength::Or),
        no.at_least(Strength::Choice)
    );
    Cel::new(text, kind, Strength::Choice)
}

/// A text that is a choice of a list, as its code.
fn of_list(codes: &Arc<Codes>, value: &Cel) -> Option<Cel> {
    match &value.literal {
        Some(Literal::Text(text)) => Some(Cel::whole(quoted(codes.of(text)?), Kind::One(Arc::clone(codes)))),
        _ => None,
    }
}

/// Two outcomes of one kind; an empty text beside another kind is "nothing".
fn alike(a: Cel, b: Cel) -> Result<(Cel, Cel), Refusal> {
    let nothing = |kind: &Kind| Cel::whole("null", kind.clone());
    match (&a.kind, &b.kind) {
        (x, y) if x == y => Ok((a, b)),
        (_, Kind::Text) if b.is_empty_text() => Ok((a.clone(), nothing(&a.kind))),
        (Kind::Text, _) if a.is_empty_text() => Ok((nothing(&b.kind), b)),
        (Kind::Number, Kind::Text) if b.as_number().is_some() => {
            Ok((a, b.numeric().unwrap_or_else(|| Cel::number(0.0))))
        }
        (Kind::Text, Kind::Number) if a.as_number().is_some() => {
            Ok((a.numeric().unwrap_or_else(|| Cel::number(0.0)), b))
        }
        (Kind::One(codes), Kind::Text) if of_list(codes, &b).is_some() => {
            let code = of_list(codes, &b).unwrap_or(b);
            Ok((a, code))
        }
        (Kind::Text, Kind::One(codes)) if of_list(codes, &a).is_some() => {
            let code = of_list(codes, &a).unwrap_or(a);
            Ok((code, b))
        }
        (Kind::One(ours), Kind::One(theirs)) if ours.with(theirs).is_some() => {
            let kind = Kind::One(Arc::new(ours.with(theirs).unwrap_or_default()));
            Ok((Cel { kind: kind.clone(), known: None, ..a }, Cel { kind, known: None, ..b }))
        }
        (Kind::One(codes), Kind::Text) | (Kind::Text, Kind::One(codes)) if codes.unchanged() => {
            Ok((Cel { kind: Kind::Text, known: None, ..a }, Cel { kind: Kind::Text, known: None, ..b }))
        }
        (x, y) => Err(Refusal::new(
            format!("de uitkomsten zijn niet van dezelfde soort: {} en {}", x.words(), y.words()),
            "Maak beide uitkomsten gelijk van soort.",
        )),
    }
}
