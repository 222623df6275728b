//! Conditions in Dutch words, for people who do not read CEL.
//!
//! What has no good words is shown as it is written: a wrong sentence would be worse than a formula.

use cel::IdedExpr;
mod pieces;

use cel::Program;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use veldboek_checklist::{Checklist, Question, QuestionKind};
use veldboek_domain::codes::{self, PARTNERS};

/// A condition in words, to come behind "als:"; nothing when it has no good words.
pub fn condition(source: &str, checklist: &Checklist) -> Option<String> {
    let program = Program::compile(source).ok()?;
    let wording = Wording { checklist, item: None };
    Some(wording.truth(program.expression())?.text)
}

/// A value in words, such as the last day of a task.
pub fn value(source: &str, checklist: &Checklist) -> Option<String> {
    let program = Program::compile(source).ok()?;
    Wording { checklist, item: None }.value(program.expression())
}

/// A piece of a sentence, with how loosely it hangs together.
struct Words {
    text: String,
    loose: Loose,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Loose {
    No,
    And,
    Or,
}

/// How an answer to a question is said.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answered {
    /// One answer.
    Is(String),
    /// One of several that were chosen.
    Chosen(String),
}

impl Answered {
    fn words(&self, yes: bool, codes: &[String]) -> String {
        let not = if yes { "" } else { "niet " };
        match self {
            Self::Is(question) => format!("{question} is {not}{}", listed(codes)),
            Self::Chosen(question) => format!("bij {question} is {not}gekozen {}", listed(codes)),
        }
    }
}

fn one(text: String) -> Option<Words> {
    Some(Words { text, loose: Loose::No })
}

#[derive(Clone, Copy)]
struct Wording<'a> {
    checklist: &'a Checklist,
    /// The variable of a repeated group or of the participants, inside it.
    item: Option<&'a str>,
}

impl<'a> Wording<'a> {
    fn truth(self, node: &'a IdedExpr) -> Option<Words> {
        match &node.expr {
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Ident(name) if name == "boa" => one("de steller is BOA".to_owned()),
            Expr::Literal(LiteralValue::Boolean(value)) => {
                one(if *value.inner() { "altijd" } else { "nooit" }.to_owned())
            }
            Expr::Select(select) if self.is_item(&select.operand) => match select.field.as_str() {
                "gaat_naar_binnen" => one("gaat naar binnen".to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    fn call(self, call: &'a CallExpr) -> Option<Words> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => self.both(left, right),
            (operators::LOGICAL_OR, [left, right]) => self.either(left, right),
            (operators::LOGICAL_NOT, [inner]) => self.not(inner),
            (operators::EQUALS, [left, right]) => self.equals(left, right, true),
            (operators::NOT_EQUALS, [left, right]) => self.equals(left, right, false),
            (operators::IN, _) => {
                let (answered, codes) = self.codes_of_call(call)?;
                one(answered.words(true, &codes))
            }
            (operators::LESS, [left, right]) => self.compares(left, right, ["is minder dan", "voor", "minder dan"]),
            (operators::LESS_EQUALS, [left, right]) => {
                self.compares(left, right, ["is ten hoogste", "op of voor", "ten hoogste"])
            }
            (operators::GREATER, [left, right]) => self.compares(left, right, ["is meer dan", "na", "meer dan"]),
            (operators::GREATER_EQUALS, [left, right]) => {
                self.compares(left, right, ["is ten minste", "op of na", "ten minste"])
            }
            ("beantwoord", [value]) => one(format!("{} is beantwoord", self.value(value)?)),
            (function @ ("contains" | "startsWith" | "endsWith"), [part]) => {
                let whole = self.value(call.target.as_deref()?)?;
                let verb = match function {
                    "contains" => "bevat",
                    "startsWith" => "begint met",
                    _ => "eindigt op",
                };
                one(format!("{whole} {verb} {}", self.value(part)?))
            }
            _ => None,
        }
    }

    fn both(self, left: &'a IdedExpr, right: &'a IdedExpr) -> Option<Words> {
        let tight = |words: Words| match words.loose {
            Loose::Or => format!("({})", words.text),
            _ => words.text,
        };
        let (left, right) = (tight(self.truth(left)?), tight(self.truth(right)?));
        Some(Words { text: format!("{left} en {right}"), loose: Loose::And })
    }

    fn either(self, left: &'a IdedExpr, right: &'a IdedExpr) -> Option<Words> {
        // "A4 is Ja" and "A4 is Onbekend" together read as "A4 is Ja of Onbekend".
        if let (Some((answered, mut codes)), Some((same, more))) = (self.codes_of(left), self.codes_of(right))
            && answered == same
        {
            codes.extend(more);
            return one(answered.words(true, &codes));
        }
        let tight = |words: Words| match words.loose {
            Loose::And => format!("({})", words.text),
            _ => words.text,
        };
        let (left, right) = (tight(self.truth(left)?), tight(self.truth(right)?));
        Some(Words { text: format!("{left} of {right}"), loose: Loose::Or })
    }

    fn not(self, inner: &'a IdedExpr) -> Option<Words> {
        if let Expr::Call(call) = &inner.expr {
            match (call.func_name.as_str(), call.args.as_slice()) {
                ("beantwoord", [value]) => return one(format!("{} is niet beantwoord", self.value(value)?)),
                (operators::EQUALS, [left, right]) => return self.equals(left, right, false),
                (operators::LOGICAL_NOT, [twice]) => return self.truth(twice),
                _ => {}
            }
        }
        if let Expr::Select(select) = &inner.expr
            && self.is_item(&select.operand)
            && select.field == "gaat_naar_binnen"
        {
            return one("gaat niet naar binnen".to_owned());
        }
        if let Some((answered, codes)) = self.codes_of(inner) {
            return one(answered.words(false, &codes));
        }
        one(format!("niet ({})", self.truth(inner)?.text))
    }

    /// A question with the answers of which it must have one.
    fn codes_of(self, node: &'a IdedExpr) -> Option<(Answered, Vec<String>)> {
        match &node.expr {
            Expr::Call(call) => self.codes_of_call(call),
            _ => None,
        }
    }

    fn codes_of_call(self, call: &'a CallExpr) -> Option<(Answered, Vec<String>)> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::EQUALS, [left, right]) => {
                let question = self.question(left)?;
                let label = self.label(question, text(right).filter(|code| !code.is_empty())?)?;
                Some((Answered::Is(self.value(left)?), vec![label]))
            }
            (operators::IN, [left, right]) => {
                if let (Some(question), Expr::List(list)) = (self.question(left), &right.expr) {
                    let labels: Option<Vec<String>> =
                        list.elements.iter().map(|element| self.label(question, text(element)?)).collect();
                    return Some((Answered::Is(self.value(left)?), labels?));
                }
                let question = self.question(right)?;
                Some((Answered::Chosen(self.value(right)?), vec![self.label(question, text(left)?)?]))
            }
            (operators::LOGICAL_OR, [left, right]) => {
                let (answered, mut codes) = self.codes_of(left)?;
                let (same, more) = self.codes_of(right)?;
                codes.extend(more);
                (answered == same).then_some((answered, codes))
            }
            _ => None,
        }
    }

    fn equals(self, left: &'a IdedExpr, right: &'a IdedExpr, equal: bool) -> Option<Words> {
        let is = if equal { "is" } else { "is niet" };
        if let Some((row, option)) = self.row(left, right) {
            return one(format!("{row} {is} {option}"));
        }
        if let Some(question) = self.question(left)
            && let Some(code) = text(right)
        {
            let subject = self.value(left)?;
            return match (code, question.kind) {
                ("", _) => one(format!("{subject} {}", if equal { "is leeg" } else { "is ingevuld" })),
                (code, _) => one(format!("{subject} {is} {}", self.label(question, code)?)),
            };
        }
        if let Expr::Select(select) = &left.expr {
            if self.is_item(&select.operand) {
                return self.participant(&select.field, text(right)?, equal);
            }
            if select.field == "soort" {
                let kind = codes::label(codes::OBSERVATION_KINDS, text(right)?);
                return one(format!("{} {is} ‘{kind}’", self.value(&select.operand)?));
            }
        }
        if let (Some(counted), Expr::Literal(LiteralValue::Int(count))) = (self.counted(left), &right.expr) {
            return match (*count.inner(), equal) {
                (0, true) => one(format!("bij {counted} is niets gekozen")),
                (0, false) => one(format!("bij {counted} is iets gekozen")),
                (count, _) => one(format!("het aantal keuzes bij {counted} {is} {count}")),
            };
        }
        one(format!("{} {is} {}", self.value(left)?, self.value(right)?))
    }

    /// `deelnemers`, seen one by one.
    fn participant(self, field: &str, code: &str, equal: bool) -> Option<Words> {
        match (field, code) {
            ("partner", partner) => {
                let label = codes::label(PARTNERS, partner);
                one(if equal { format!("is van ‘{label}’") } else { format!("is niet van ‘{label}’") })
            }
            (field, "") => {
                let field = field.replace('_', " ");
                one(if equal { format!("heeft geen {field}") } else { format!("heeft een {field}") })
            }
            (field, code) => {
                let (field, has) = (field.replace('_', " "), if equal { "heeft" } else { "heeft niet" });
                one(format!("{has} als {field} ‘{code}’"))
            }
        }
    }

    /// `words`: how a number, a day and a count are compared.
    fn compares(self, left: &'a IdedExpr, right: &'a IdedExpr, words: [&str; 3]) -> Option<Words> {
        let [number, day, count] = words;
        if let Some(counted) = self.counted(left) {
            let Expr::Literal(LiteralValue::Int(limit)) = &right.expr else { return None };
            let many = *limit.inner();
            let any = (count == "ten minste" && many == 1) || (count == "meer dan" && many == 0);
            return one(if any {
                format!("bij {counted} is iets gekozen")
            } else {
                format!("bij {counted} zijn {count} {many} keuzes gemaakt")
            });
        }
        let (subject, object) = (self.value(left)?, self.value(right)?);
        if self.is_moment(left) || self.is_moment(right) {
            return one(format!("{subject} ligt {day} {object}"));
        }
        let kind = self.question(left).map(|question| question.kind);
        let unit = self.question(left).and_then(|question| question.unit.clone()).map(|unit| format!(" {unit}"));
        let unit = unit.unwrap_or_default();
        if matches!(kind, Some(QuestionKind::Photo | QuestionKind::Document)) {
            return one(format!(
                "{subject} heeft {count} {object} {}",
                if object == "1" { "bestand" } else { "bestanden" }
            ));
        }
        one(format!("{subject} {number} {object}{unit}"))
    }

    fn comprehension(self, comprehension: &'a ComprehensionExpr) -> Option<Words> {
        let Expr::Call(step) = &comprehension.loop_step.expr else { return None };
        let every = match step.func_name.as_str() {
            operators::LOGICAL_OR => false,
            operators::LOGICAL_AND => true,
            _ => return None,
        };
        let [_, inner] = step.args.as_slice() else { return None };
        if let Expr::List(list) = &comprehension.iter_range.expr {
            let codes = self.codes_of_each(&list.elements, &comprehension.iter_var, inner)?;
            let questions = self.span(&list.elements)?;
            let which = if every { "elk van" } else { "een van" };
            return one(format!("{which} {questions} is {}", listed(&codes)));
        }
        let Expr::Ident(over) = &comprehension.iter_range.expr else { return None };
        let within = Self { item: Some(comprehension.iter_var.as_str()), ..self };
        if over == "deelnemers" {
            // A participant who "does not go in, or has a ground": said as it is checked.
            let words = within.truth(inner)?;
            let who = if every { "iedere deelnemer" } else { "een deelnemer" };
            return one(format!("{who} {}", words.text));
        }
        if let Some(group) = self.checklist.groups().iter().find(|group| group.id == *over) {
            let words = within.truth(inner)?;
            let which = if every {
                format!("in alle {}", group.title.to_lowercase())
            } else {
                format!("in een {}", group.item_title.to_lowercase())
            };
            return one(format!("{which}: {}", words.text));
        }
        let question = self.checklist.question(over).filter(|question| question.kind == QuestionKind::Matrix)?;
        let codes = self.codes_of_rows(question, inner)?;
        let which = if every { "elke regel" } else { "een regel" };
        one(format!("bij {} is {which} {}", question.id, listed(&codes)))
    }

    /// `[D1, D2].exists(d, d in ["gezien", "verteld"])`: the answers that each of the questions can have.
    fn codes_of_each(self, questions: &'a [IdedExpr], item: &str, inner: &'a IdedExpr) -> Option<Vec<String>> {
        let Expr::Call(call) = &inner.expr else { return None };
        let (operator, [left, right]) = (call.func_name.as_str(), call.args.as_slice()) else { return None };
        if !matches!(&left.expr, Expr::Ident(name) if name == item) {
            return None;
        }
        let codes: Vec<&str> = match (operator, &right.expr) {
            (operators::EQUALS, _) => vec![text(right)?],
            (operators::IN, Expr::List(list)) => list.elements.iter().map(text).collect::<Option<_>>()?,
            _ => return None,
        };
        let labels = |question: &IdedExpr| -> Option<Vec<String>> {
            let question = self.question(question)?;
            codes.iter().map(|code| self.label(question, code)).collect()
        };
        let first = labels(questions.first()?)?;
        questions.iter().all(|question| labels(question).as_ref() == Some(&first)).then_some(first)
    }

    /// Questions by their names; a row of them without a gap as "D1 tot en met D12".
    fn span(self, questions: &'a [IdedExpr]) -> Option<String> {
        let ids: Vec<String> =
            questions.iter().map(|one| Some(self.question(one)?.id.clone())).collect::<Option<_>>()?;
        let all: Vec<&str> = self.checklist.questions().map(|question| question.id.as_str()).collect();
        let unbroken = all.windows(ids.len()).any(|window| window.iter().zip(&ids).all(|(one, id)| one == id));
        match ids.as_slice() {
            [first, .., last] if ids.len() > 2 && unbroken => Some(format!("{first} tot en met {last}")),
            _ => Some(ids.join(", ")),
        }
    }

    /// `I3[r] == "gezien" || I3[r] == "verteld"`, inside a macro over the rows of a matrix.
    fn codes_of_rows(self, question: &Question, node: &'a IdedExpr) -> Option<Vec<String>> {
        let Expr::Call(call) = &node.expr else { return None };
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::EQUALS, [row, option]) => {
                let Expr::Call(index) = &row.expr else { return None };
                let ours = index.func_name == operators::INDEX
                    && matches!(index.args.first().map(|one| &one.expr), Some(Expr::Ident(name)) if *name == question.id);
                ours.then(|| Some(vec![self.label(question, text(option)?)?]))?
            }
            (operators::LOGICAL_OR, [left, right]) => {
                let mut codes = self.codes_of_rows(question, left)?;
                codes.extend(self.codes_of_rows(question, right)?);
                Some(codes)
            }
            _ => None,
        }
    }
}

fn text(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

/// `a`, `a of b`, `a, b of c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} of {last}", first.join(", ")),
    }
}
