//! The small language of conditions: which functions there are and how they treat what nobody answered.
//!
//! | In a checklist | Meaning |
//! |---|---|
//! | `A4` | the answer to question A4: a code, number, text, day `"2026-11-22"`, time `"14:03"`; `null` when unanswered or hidden |
//! | `E1` (`meer-van`) | a list of codes, empty when unanswered: `"aftap" in E1`, `size(E1) >= 1` |
//! | `I3` (`matrix`) | row to option: `I3["angst"] == "gezien"`, `I3.exists(r, I3[r] == "verteld")` |
//! | `foto`, `document` | the number of files beside the question |
//! | `deelnemers` (kind) | the number of participants |
//! | `waarneming` | `.soort`, `.tekst`, `.gewone_verklaring` when answered |
//! | `gebouw` | the items of a group: `gebouw.exists(g, g.G2 == "ja")` |
//! | `vandaag`, `dag` | today; the day of the controle |
//! | `boa` | whether the author is a BOA |
//! | `deelnemers` | list of `naam`, `organisatie`, `partner`, `functie`, `pasnummer`, `grondslag`, `aanwijzing`, `gaat_naar_binnen` |
//! | `dagen_na(d, n)` | the day n days after d |
//! | `dagen_tussen(a, b)` | the number of days from a to b |
//! | `beantwoord(x)` | whether x has an answer |
//!
//! `==` with something unanswered is false and `!=` is true; `<`, `<=`, `>`, `>=` are false; `+ - * / %` and the date functions
//! stay unanswered; `size` is 0; `contains`, `startsWith` and `endsWith` are false.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use cel::common::ast::{EntryExpr, Expr, operators};
use cel::{Context, Env, ExecutionError, IdedExpr, Value};
use chrono::{Days, NaiveDate};

/// Functions that an author may use.
pub(crate) const FUNCTIONS: &[&str] =
    &["size", "contains", "startsWith", "endsWith", "dagen_na", "dagen_tussen", "beantwoord"];

/// Names that stand for a fact which the caller passes in.
pub(crate) const FACTS: &[&str] = &["vandaag", "dag", "boa", "deelnemers"];

/// Words that CEL keeps for itself, so that no question can have them as id.
pub(crate) const RESERVED: &[&str] = &[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
    "size",
    "has",
    "all",
    "exists",
    "map",
    "filter",
    "int",
    "uint",
    "double",
    "bool",
    "string",
    "bytes",
    "list",
    "type",
    "duration",
    "timestamp",
    "dyn",
];

/// Whether a word is one of the conditions themselves: no question, group or calculation can have it as its name.
pub fn is_kept_word(word: &str) -> bool {
    [RESERVED, FUNCTIONS, FACTS].iter().any(|words| words.contains(&word))
}

/// Operators as the parser names them, with those that its macros leave behind.
pub(crate) const OPERATORS: &[&str] = &[
    operators::CONDITIONAL,
    operators::LOGICAL_AND,
    operators::LOGICAL_OR,
    operators::LOGICAL_NOT,
    operators::ADD,
    operators::SUBSTRACT,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::MODULO,
    operators::NEGATE,
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::LESS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::GREATER_EQUALS,
    operators::INDEX,
    operators::IN,
    operators::NOT_STRICTLY_FALSE,
];

/// Operators that make numbers out of numbers.
pub(crate) const ARITHMETIC: &[&str] = &[
    operators::ADD,
    operators::SUBSTRACT,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::MODULO,
    operators::NEGATE,
];

/// Operators that compare.
pub(crate) const COMPARISONS: &[&str] = &[
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::LESS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::GREATER_EQUALS,
];

/// Every operator and function of CEL that would fail on `null`, with the one that takes its place. No author can write
/// a name with an @ in it.
const REPLACED: &[(&str, &str)] = &[
    (operators::ADD, "@plus"),
    (operators::SUBSTRACT, "@minus"),
    (operators::MULTIPLY, "@times"),
    (operators::DIVIDE, "@divided"),
    (operators::MODULO, "@remainder"),
    (operators::EQUALS, "@equal"),
    (operators::NOT_EQUALS, "@unequal"),
    (operators::LESS, "@less"),
    (operators::LESS_EQUALS, "@at_most"),
    (operators::GREATER, "@more"),
    (operators::GREATER_EQUALS, "@at_least"),
    ("size", "@size"),
    ("contains", "@contains"),
    ("startsWith", "@starts_with"),
    ("endsWith", "@ends_with"),
];

/// Replaces the operators that fail on `null`. The bookkeeping of CEL's own macros stays as it is.
pub(crate) fn replace_operators(node: &mut IdedExpr) {
    match &mut node.expr {
        Expr::Call(call) => {
            if let Some(target) = &mut call.target {
                replace_operators(target);
            }
            call.args.iter_mut().for_each(replace_operators);
            let bookkeeping =
                call.args.iter().any(|argument| matches!(&argument.expr, Expr::Ident(name) if name.starts_with('@')));
            if let Some((_, replacement)) = REPLACED.iter().find(|(name, _)| *name == call.func_name)
                && !bookkeeping
            {
                call.func_name = (*replacement).to_owned();
                if let Some(target) = call.target.take() {
                    call.args.insert(0, *target);
                }
            }
        }
        Expr::Comprehension(comprehension) => {
            for part in [
                &mut comprehension.iter_range,
                &mut comprehension.accu_init,
                &mut comprehension.loop_cond,
                &mut comprehension.loop_step,
                &mut comprehension.result,
            ] {
                replace_operators(part);
            }
        }
        Expr::List(list) => list.elements.iter_mut().for_each(replace_operators),
        Expr::Map(map) => map.entries.iter_mut().for_each(|entry| match &mut entry.expr {
            EntryExpr::StructField(field) => replace_operators(&mut field.value),
            EntryExpr::MapEntry(pair) => {
                replace_operators(&mut pair.key);
                replace_operators(&mut pair.value);
            }
        }),
        Expr::Select(select) => replace_operators(&mut select.operand),
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) => {}
    }
}

/// The environment in which conditions run: CEL's own functions and those of this module. Made once.
pub(crate) fn context() -> &'static Context<'static, 'static> {
    static CONTEXT: LazyLock<Context<'static, 'static>> = LazyLock::new(make_context);
    &CONTEXT
}

fn make_context() -> Context<'static, 'static> {
    let mut context = Context::with_env(Arc::new(Env::stdlib()));
    let declare = "none of these names is CEL's own";
    context.add_function("@equal", |a: Value, b: Value| a == b).expect(declare);
    context.add_function("@unequal", |a: Value, b: Value| a != b).expect(declare);
    context.add_function("@less", |a: Value, b: Value| compare("<", &a, &b, |o| o.is_lt())).expect(declare);
    context.add_function("@at_most", |a: Value, b: Value| compare("<=", &a, &b, |o| o.is_le())).expect(declare);
    context.add_function("@more", |a: Value, b: Value| compare(">", &a, &b, |o| o.is_gt())).expect(declare);
    context.add_function("@at_least", |a: Value, b: Value| compare(">=", &a, &b, |o| o.is_ge())).expect(declare);
    context.add_function("@plus", plus).expect(declare);
    context.add_function("@minus", |a: Value, b: Value| number("-", a, b, |a, b| Some(a - b))).expect(declare);
    context.add_function("@times", |a: Value, b: Value| number("*", a, b, |a, b| Some(a * b))).expect(declare);
    context
        .add_function("@divided", |a: Value, b: Value| number("/", a, b, |a, b| (b != 0.0).then(|| a / b)))
        .expect(declare);
    context
        .add_function("@remainder", |a: Value, b: Value| number("%", a, b, |a, b| (b != 0.0).then(|| a % b)))
        .expect(declare);
    context.add_function("@size", size).expect(declare);
    context
        .add_function("@contains", |a: Value, b: Value| texts("contains", a, b, |a, b| a.contains(b)))
        .expect(declare);
    context
        .add_function("@starts_with", |a: Value, b: Value| texts("startsWith", a, b, |a, b| a.starts_with(b)))
        .expect(declare);
    context
        .add_function("@ends_with", |a: Value, b: Value| texts("endsWith", a, b, |a, b| a.ends_with(b)))
        .expect(declare);
    context.add_function("beantwoord", |a: Value| answered(&a)).expect(declare);
    context.add_function("dagen_na", days_after).expect(declare);
    context.add_function("dagen_tussen", days_between).expect(declare);
    context
}

/// Whether a value counts as an answer.
pub(crate) fn answered(value: &Value) -> bool {
    match value {
        // Answers are never whole numbers of this kind: it is a count of files or participants.
        Value::Null | Value::Int(0) => false,
        Value::List(items) => !items.is_empty(),
        Value::Map(map) => map.map.values().any(|value| !matches!(value, Value::Null)),
        _ => true,
    }
}

/// A map with text keys.
pub(crate) fn map(entries: impl IntoIterator<Item = (String, Value)>) -> Value {
    let entries: HashMap<String, Value> = entries.into_iter().collect();
    Value::from(entries)
}

/// A text.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::String(Arc::new(text.into()))
}

/// A day.
pub(crate) fn day(day: NaiveDate) -> Value {
    text(day.format("%Y-%m-%d").to_string())
}

/// The day that a value names; nothing when it names none.
pub(crate) fn as_day(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Timestamp(moment) => Some(moment.date_naive()),
        _ => None,
    }
}

type Outcome = Result<Value, ExecutionError>;

fn is_null(a: &Value, b: &Value) -> bool {
    matches!(a, Value::Null) || matches!(b, Value::Null)
}

fn kinds(function: &str, values: &[&Value]) -> ExecutionError {
    ExecutionError::no_such_overload(function, values.iter().map(|value| value.type_of().to_string()).collect())
}

fn compare(operator: &str, a: &Value, b: &Value, holds: fn(std::cmp::Ordering) -> bool) -> Outcome {
    if is_null(a, b) {
        return Ok(false.into());
    }
    a.partial_cmp(b).map(|ordering| holds(ordering).into()).ok_or_else(|| kinds(operator, &[a, b]))
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        Value::UInt(number) => Some(*number as f64),
        _ => None,
    }
}

fn number(operator: &str, a: Value, b: Value, compute: fn(f64, f64) -> Option<f64>) -> Outcome {
    if is_null(&a, &b) {
        return Ok(Value::Null);
    }
    let (Some(left), Some(right)) = (as_number(&a), as_number(&b)) else { return Err(kinds(operator, &[&a, &b])) };
    compute(left, right).map(Value::Float).ok_or(ExecutionError::DivisionByZero(a))
}

fn plus(a: Value, b: Value) -> Outcome {
    match (&a, &b) {
        (Value::String(left), Value::String(right)) => Ok(text(format!("{left}{right}"))),
        _ => number("+", a, b, |a, b| Some(a + b)),
    }
}

fn size(value: Value) -> Outcome {
    let size = match &value {
        Value::Null => 0,
        Value::List(items) => items.len(),
        Value::Map(map) => map.map.len(),
        Value::String(text) => text.chars().count(),
        _ => return Err(kinds("size", &[&value])),
    };
    Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn texts(function: &str, a: Value, b: Value, holds: fn(&str, &str) -> bool) -> Outcome {
    match (&a, &b) {
        (Value::Null, _) | (_, Value::Null) => Ok(false.into()),
        (Value::String(left), Value::String(right)) => Ok(holds(left, right).into()),
        _ => Err(kinds(function, &[&a, &b])),
    }
}

fn days_after(from: Value, days: Value) -> Outcome {
    if is_null(&from, &days) {
        return Ok(Value::Null);
    }
    let (Some(start), Some(count)) = (as_day(&from), as_number(&days)) else {
        return Err(kinds("dagen_na", &[&from, &days]));
    };
    let count = count.trunc();
    let moved = if count >= 0.0 {
        start.checked_add_days(Days::new(count as u64))
    } else {
        start.checked_sub_days(Days::new(-count as u64))
    };
    moved.map(day).ok_or_else(|| ExecutionError::function_error("dagen_na", "deze dag bestaat niet"))
}

fn days_between(from: Value, to: Value) -> Outcome {
    if is_null(&from, &to) {
        return Ok(Value::Null);
    }
    match (as_day(&from), as_day(&to)) {
        (Some(from), Some(to)) => Ok(Value::Int((to - from).num_days())),
        _ => Err(kinds("dagen_tussen", &[&from, &to])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(source: &str, variables: &[(&str, Value)]) -> Outcome {
        let mut root = cel::Program::compile(source).expect("the test writes good CEL").expression().clone();
        replace_operators(&mut root);
        let base = context();
        let mut scope = base.new_inner_scope();
        for (name, value) in variables {
            scope.add_variable_from_value(*name, value.clone());
        }
        Value::resolve(&root, &scope)
    }

    #[test]
    fn what_is_unanswered_makes_comparisons_false_and_never_fails() {
        for source in [
            "a == \"ja\"",
            "a > 0",
            "0 > a",
            "a <= 3",
            "size(a) >= 1",
            "a.contains(\"x\")",
            "a in [\"ja\"]",
            "beantwoord(a)",
            "a + 1 > 0",
            "dagen_na(a, 4) >= \"2026-01-01\"",
        ] {
            assert_eq!(evaluate(source, &[("a", Value::Null)]), Ok(false.into()), "{source}");
        }
        assert_eq!(evaluate("a != \"ja\"", &[("a", Value::Null)]), Ok(true.into()));
        assert_eq!(evaluate("a * 2 - 1", &[("a", Value::Null)]), Ok(Value::Null));
    }

    #[test]
    fn whole_and_broken_numbers_compare_and_compute_together() {
        assert_eq!(
            evaluate("n == 3 && n > 2 && n + 1 == 4 && n / 2 == 1.5", &[("n", Value::Float(3.0))]),
            Ok(true.into())
        );
    }

    #[test]
    fn days_are_counted_over_the_end_of_a_month_and_back() {
        assert_eq!(evaluate("dagen_na(\"2028-02-27\", 3)", &[]), Ok(text("2028-03-01")));
        assert_eq!(evaluate("dagen_na(\"2026-03-01\", -1)", &[]), Ok(text("2026-02-28")));
        assert_eq!(evaluate("dagen_tussen(\"2026-11-22\", \"2026-11-26\") == 4", &[]), Ok(true.into()));
    }

    #[test]
    fn kinds_that_do_not_fit_are_an_error_and_division_by_zero_too() {
        for source in ["\"a\" > 1", "\"a\" - 1", "size(3)", "dagen_na(\"morgen\", 1)", "1 / 0", "3 % 0"] {
            assert!(evaluate(source, &[]).is_err(), "{source}");
        }
    }

    #[test]
    fn macros_over_lists_still_work_after_the_replacement() {
        assert_eq!(evaluate("[1, 2, 3].filter(x, x > 1).size() == 2", &[]), Ok(true.into()));
        assert_eq!(evaluate("[1, 2].exists(x, x == 2) && [1, 2].all(x, x > 0)", &[]), Ok(true.into()));
        assert_eq!(evaluate("[1, 2, 2].exists_one(x, x == 1)", &[]), Ok(true.into()));
        assert_eq!(evaluate("[1, 2].map(x, x + 1) == [2, 3]", &[]), Ok(true.into()));
    }
}
