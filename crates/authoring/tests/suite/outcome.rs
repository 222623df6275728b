//! What a form worked out, its checklist works out as well.

use std::collections::HashMap;

use veldboek_checklist::{Answers, Evaluation, Facts};
use veldboek_domain::{ItemId, Slot, Value};

use crate::support::{Form, read, whole};

#[derive(Default)]
struct Sheet(HashMap<Slot, Value>);

impl Answers for Sheet {
    fn answer(&self, slot: &Slot) -> Option<&Value> {
        self.0.get(slot)
    }

    fn group_items(&self, _: &str) -> Vec<ItemId> {
        Vec::new()
    }
}

/// What the formula gives in the checklist when question `n` has this answer.
fn worked_out(formula: &str, n: Option<f64>) -> Option<String> {
    let done = Form::survey(&format!("type|name|label|calculation\ndecimal|n|N?|\ncalculate|uit||{formula}")).taken();
    whole(&done);
    let mut sheet = Sheet::default();
    sheet.0.extend(n.map(|n| (Slot::of("n"), Value::Number(n))));
    let evaluation = Evaluation::of(&read(&done), &sheet, &Facts::on("2026-11-25".parse().expect("a day")));
    assert!(evaluation.problems().is_empty(), "{formula} with {n:?}");
    evaluation.calculation("uit", None)
}

#[test]
fn rounding_comes_out_as_in_xpath() {
    for (formula, n, expected) in [
        ("int(${n})", 2.7, "2"),
        ("int(${n})", -2.7, "-2"),
        ("floor(${n})", 2.7, "2"),
        ("floor(${n})", -2.7, "-3"),
        ("floor(${n})", 3.0, "3"),
        ("ceiling(${n})", 2.2, "3"),
        ("ceiling(${n})", -2.2, "-2"),
        ("ceiling(${n})", 3.0, "3"),
        ("round(${n})", 2.5, "3"),
        ("round(${n})", -2.5, "-2"),
        ("round(${n})", 2.4, "2"),
        ("round(${n}, 1)", 2.25, "2.3"),
        ("abs(${n})", -4.0, "4"),
        ("abs(${n})", 4.0, "4"),
        ("-${n} + 1", 4.0, "-3"),
        ("${n} div 4 - 1", 2.0, "-0.5"),
        ("${n} mod 3", 7.0, "1"),
        ("10 - (${n} - 2)", 3.0, "9"),
        ("if(${n} > 3, 1, 2)", 4.0, "1"),
    ] {
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let found = worked_out(formula, Some(n)).unwrap_or_else(|| panic!("{formula} with {n} gives nothing"));
        assert!((number(&found) - number(expected)).abs() < 1e-9, "{formula} with {n} gives {found}");
    }
}

#[test]
fn what_is_unanswered_stays_unanswered() {
    for formula in ["int(${n})", "round(${n}, 2)", "abs(${n})", "-${n}", "${n} * 2 + 1", "ceiling(${n})"] {
        assert_eq!(worked_out(formula, None), None, "{formula}");
    }
    assert_eq!(worked_out("coalesce(${n}, 7)", None).as_deref(), Some("7"));
    assert_eq!(worked_out("if(${n} = '', 1, 2)", None).as_deref(), Some("1"));
    assert_eq!(worked_out("if(not(${n} > 3), 1, 2)", None).as_deref(), Some("1"));
}
