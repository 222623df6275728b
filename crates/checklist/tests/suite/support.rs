//! What the tests share: the shipped files, and answers in memory.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use uuid::Uuid;
use veldboek_checklist::{Answers, Checklist, Evaluation, Facts, FiredStop, QuestionState, ReadingContext, StopKind};
use veldboek_domain::{ItemId, Observation, ObservationKind, Signature, Slot, Value};

/// The folder of the shipped checklists.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../checklists")
}

/// The text of a shipped file.
pub fn shipped(path: &str) -> String {
    let path = folder().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// T1, which must read; read once for all tests.
pub fn t1() -> Arc<Checklist> {
    static T1: LazyLock<Arc<Checklist>> = LazyLock::new(|| {
        let text = shipped("veilig-buitengebied/integrale-controle.toml");
        let checklist = Checklist::read_with("integrale-controle.toml", &text, &ReadingContext::bundled());
        Arc::new(checklist.unwrap_or_else(|error| panic!("{error}")))
    });
    Arc::clone(&T1)
}

/// A small checklist from questions, each with `[[onderdeel.vraag]]`.
pub fn small(sections: &str) -> Checklist {
    Checklist::read("klein.toml", &whole(sections)).unwrap_or_else(|error| panic!("{error}"))
}

/// The text of a small checklist.
pub fn whole(sections: &str) -> String {
    format!(
        "id = \"klein\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"Klein\"\ngeldig_vanaf = 2026-01-01\n{sections}"
    )
}

/// The text of a checklist that holds these partner sets and nothing else.
pub fn including(partner_sets: &[String]) -> String {
    whole(&partner_sets.iter().map(|set| format!("[[onderdeel]]\npartnerset = \"{set}\"\n")).collect::<String>())
}

/// An item whose id is only this number.
pub fn item(number: u128) -> ItemId {
    ItemId(Uuid::from_u128(number))
}

/// The day of every test.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 19).expect("a day")
}

/// Answers in memory.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub answers: HashMap<Slot, Value>,
    pub reasons: HashMap<Slot, String>,
    pub attachments: HashMap<Slot, usize>,
    pub groups: BTreeMap<String, Vec<ItemId>>,
}

impl Answers for Sheet {
    fn answer(&self, slot: &Slot) -> Option<&Value> {
        self.answers.get(slot)
    }
    fn reason(&self, slot: &Slot) -> Option<&str> {
        self.reasons.get(slot).map(String::as_str)
    }
    fn attachments(&self, slot: &Slot) -> usize {
        self.attachments.get(slot).copied().unwrap_or(0)
    }
    fn group_items(&self, group: &str) -> Vec<ItemId> {
        self.groups.get(group).cloned().unwrap_or_default()
    }
}

/// A visit to two buildings, told in the words of the field: every answer is evaluated incrementally.
pub struct Visit {
    pub sheet: Sheet,
    pub facts: Facts,
    pub evaluation: Evaluation,
}

impl Visit {
    pub fn new(checklist: impl Borrow<Checklist>) -> Self {
        let mut sheet = Sheet::default();
        sheet.groups.insert("gebouw".into(), vec![item(1), item(2)]);
        let facts = Facts { visit_day: Some(day()), ..Facts::on(day()) };
        let evaluation = Evaluation::of(checklist.borrow(), &sheet, &facts);
        Self { sheet, facts, evaluation }
    }

    pub fn answer(&mut self, slot: &str, value: Value) -> &mut Self {
        let slot: Slot = self.slot(slot);
        self.sheet.answers.insert(slot.clone(), value);
        self.evaluation.after(&slot, &self.sheet, &self.facts);
        self
    }

    pub fn choose(&mut self, slot: &str, code: &str) -> &mut Self {
        self.answer(slot, Value::choice(code))
    }

    pub fn clear(&mut self, slot: &str) -> &mut Self {
        self.answer(slot, Value::Cleared)
    }

    pub fn excuse(&mut self, slot: &str, reason: &str) -> &mut Self {
        let slot = self.slot(slot);
        self.sheet.reasons.insert(slot.clone(), reason.into());
        self.evaluation.after(&slot, &self.sheet, &self.facts);
        self
    }

    pub fn attach(&mut self, slot: &str) -> &mut Self {
        let slot = self.slot(slot);
        *self.sheet.attachments.entry(slot.clone()).or_default() += 1;
        self.evaluation.after(&slot, &self.sheet, &self.facts);
        self
    }

    /// `F2@1` is question F2 in the first building.
    pub fn slot(&self, text: &str) -> Slot {
        let (head, part) = text.split_once('#').map_or((text, None), |(head, part)| (head, Some(part.to_owned())));
        let (question, group) = head.split_once('@').map_or((head, None), |(question, number)| {
            (question, Some(item(number.parse().expect("a building's number"))))
        });
        Slot { question: question.to_owned(), group, part }
    }

    pub fn state(&self, slot: &str) -> QuestionState {
        let slot = self.slot(slot);
        self.evaluation.state(&slot).unwrap_or_else(|| panic!("{slot} has no state")).clone()
    }

    pub fn visible(&self, slot: &str) -> bool {
        self.state(slot).visible
    }

    /// Whether the question is visible and an answer is needed.
    pub fn asks(&self, slot: &str) -> bool {
        let state = self.state(slot);
        state.visible && state.required
    }

    pub fn stops(&self, kind: StopKind) -> Vec<String> {
        let wanted = |stop: &&&FiredStop| stop.kind == kind;
        self.evaluation.stops().iter().filter(wanted).map(|stop| stop.slot.question.clone()).collect()
    }

    pub fn measures(&self) -> Vec<String> {
        let text = |code: &str, partner: &Option<String>| match partner {
            Some(partner) => format!("{code} {partner}"),
            None => code.to_owned(),
        };
        self.evaluation.measures().iter().map(|measure| text(&measure.code, &measure.partner)).collect()
    }
}

pub fn observation(text: &str, ordinary: &str) -> Value {
    Value::Observation(Observation {
        kind: ObservationKind::Own,
        text: text.into(),
        ordinary_explanation: ordinary.into(),
        observed_at: None,
    })
}

pub fn signature(name: &str) -> Value {
    Value::Signature(Signature { name: name.into(), capacity: "steller".into(), strokes: vec![vec![(1, 1), (9, 9)]] })
}

pub fn time(text: &str) -> Value {
    Value::Time(text.parse().expect("a time"))
}

pub fn date(text: &str) -> Value {
    Value::Date(text.parse().expect("a day"))
}

pub fn matrix(rows: &[(&str, &str)]) -> Value {
    Value::Matrix(rows.iter().map(|(row, code)| ((*row).to_owned(), (*code).to_owned())).collect())
}
