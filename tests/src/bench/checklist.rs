//! A checklist of 500 questions with conditions, evaluated again after one answer.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use veldboek_checklist::{Answers, Checklist, Evaluation, Facts};
use veldboek_domain::{ItemId, Slot, Value};

use super::{Row, median, timed};

#[derive(Default)]
struct Given(HashMap<Slot, Value>);

impl Answers for Given {
    fn answer(&self, slot: &Slot) -> Option<&Value> {
        self.0.get(slot)
    }

    fn group_items(&self, _: &str) -> Vec<ItemId> {
        Vec::new()
    }
}

/// 500 questions, 200 of them with a condition on an earlier one: the time after one answer.
pub fn reevaluated() -> Row {
    let text = large();
    let checklist = Checklist::read("groot.toml", &text).expect("the checklist is right");
    let load = median((0..5).map(|_| timed(|| drop(Checklist::read("groot.toml", &text)))).collect());
    let facts = Facts::on(NaiveDate::from_ymd_opt(2026, 11, 19).unwrap_or_default());
    let mut given = Given::default();
    let mut evaluation = Evaluation::of(&checklist, &given, &facts);
    let runs = (0..500).map(|number| {
        let slot = Slot::of(&format!("Q{}", number % 500));
        given.0.insert(slot.clone(), Value::choice(if number % 2 == 0 { "ja" } else { "nee" }));
        timed(|| evaluation.after(&slot, &given, &facts))
    });
    let mut runs: Vec<_> = runs.collect();
    runs.sort_unstable();
    let (middle, slowest) = (runs[runs.len() / 2], runs[runs.len() - 1]);
    Row {
        figure: "a checklist of 500 questions, re-evaluated after one answer".to_owned(),
        measured: format!("{:.3} ms, slowest {:.3} ms", ms(middle), ms(slowest)),
        reference: format!("loading it {:.1} ms", ms(load)),
        ratio: None,
        budget: "1 ms",
    }
}

fn ms(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A checklist of 500 yes-or-no questions in ten sections, 200 of them with a condition.
pub(super) fn large() -> String {
    let mut text = String::from(
        "id = \"groot\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"Groot\"\ngeldig_vanaf = 2026-01-01\n",
    );
    for section in 0..10 {
        let _ = write!(text, "\n[[onderdeel]]\nid = \"S{section}\"\ntitel = \"Onderdeel {section}\"\n");
        for question in section * 50..section * 50 + 50 {
            let _ = write!(
                text,
                "\n[[onderdeel.vraag]]\nid = \"Q{question}\"\ntekst = \"Vraag {question}?\"\nsoort = \"ja-nee\"\nverplicht = true\n"
            );
            if question % 5 < 2 && question > 5 {
                let _ = writeln!(text, "zichtbaar = 'Q{} == \"ja\" || Q{} == \"nee\"'", question - 3, question - 5);
            }
        }
    }
    text
}
