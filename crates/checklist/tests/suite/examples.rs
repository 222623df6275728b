//! The filled-in examples beside the checklists come out as they say.
//!
//! In an example `F2@kapschuur` is question F2 in the building of that name, and `E1@kapschuur#condens` the observation
//! of that option. An example with `partnersets` and without `checklist` fills in those sets alone, whichever checklist
//! includes them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use veldboek_checklist::{
    Checklist, Count, Counted, Evaluation, Facts, InReport, Outgoing, Participant, QuestionKind, ReadingContext,
    Section,
};
use veldboek_domain::{Address, ItemId, Observation, ObservationKind, Point, PointSource, Slot, Value};

use crate::support::{Sheet, folder, including, item, signature};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    checklist: Option<String>,
    #[serde(default)]
    partnersets: Vec<String>,
    dag: toml::value::Datetime,
    #[serde(default)]
    boa: bool,
    #[serde(default)]
    groepen: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    deelnemers: Vec<Person>,
    antwoorden: BTreeMap<String, toml::Value>,
    #[serde(default)]
    redenen: BTreeMap<String, String>,
    #[serde(default)]
    bijlagen: BTreeMap<String, usize>,
    verwacht: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    naam: String,
    organisatie: String,
    #[serde(default)]
    partner: String,
    grondslag: String,
    #[serde(default)]
    aanwijzing: String,
    gaat_naar_binnen: bool,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct Expected {
    zichtbaar: Vec<String>,
    open: Vec<String>,
    telt_niet_mee: Vec<String>,
    maatregelen: Vec<String>,
    stop: Vec<String>,
    taken: Vec<String>,
    folders: Vec<String>,
    /// The sections that stand in the report for the file.
    rapport: Vec<String>,
    /// Those that stand in the copy to leave behind as well.
    achterlaten: Vec<String>,
    /// What goes out of a visit that stays on its device.
    tellingen: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    soort: ObservationKind,
    tekst: String,
    #[serde(default)]
    gewone_verklaring: String,
}

struct Names(BTreeMap<String, ItemId>);

impl Names {
    fn slot(&self, text: &str) -> Slot {
        let (head, part) = text.split_once('#').map_or((text, None), |(head, part)| (head, Some(part.to_owned())));
        let (question, group) = match head.split_once('@') {
            Some((question, name)) => (question, Some(*self.0.get(name).unwrap_or_else(|| panic!("no item {name}")))),
            None => (head, None),
        };
        Slot { question: question.to_owned(), group, part }
    }

    fn show(&self, slot: &Slot) -> String {
        let name = slot.group.map(|id| self.0.iter().find(|(_, other)| **other == id).expect("a named item").0);
        name.map_or_else(|| slot.question.clone(), |name| format!("{}@{name}", slot.question))
    }
}

fn value(checklist: &Checklist, slot: &Slot, written: &toml::Value) -> Value {
    let question = checklist.question(&slot.question).unwrap_or_else(|| panic!("no question {slot}"));
    let text = || written.as_str().unwrap_or_else(|| panic!("{slot} is not a text"));
    let table = || written.clone();
    if slot.part.is_some() || question.kind == QuestionKind::Observation {
        let seen: Seen = table().try_into().unwrap_or_else(|error| panic!("{slot}: {error}"));
        return Value::Observation(Observation {
            kind: seen.soort,
            text: seen.tekst,
            ordinary_explanation: seen.gewone_verklaring,
            observed_at: None,
        });
    }
    match question.kind {
        kind if kind.is_choice() => Value::choice(text()),
        QuestionKind::SeveralOf => {
            let codes: Vec<String> = table().try_into().unwrap_or_else(|error| panic!("{slot}: {error}"));
            Value::choices(&codes)
        }
        QuestionKind::Matrix => Value::Matrix(table().try_into().unwrap_or_else(|error| panic!("{slot}: {error}"))),
        QuestionKind::Number => {
            Value::Number(written.as_integer().unwrap_or_else(|| panic!("{slot}: a number")) as f64)
        }
        QuestionKind::Time => Value::Time(text().parse().expect("a time")),
        QuestionKind::Date => Value::Date(text().parse().expect("a day")),
        QuestionKind::Address => Value::Address(Address { line: text().into(), ..Address::default() }),
        QuestionKind::Point => {
            let [lat, lon]: [f64; 2] = table().try_into().unwrap_or_else(|error| panic!("{slot}: {error}"));
            Value::Point(Point { lat, lon, accuracy_m: None, source: PointSource::Map })
        }
        QuestionKind::Signature => signature(text()),
        _ => Value::text(text()),
    }
}

fn come_out(path: &PathBuf) -> (Expected, Expected) {
    let text = std::fs::read_to_string(path).expect("text");
    let example: Example = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (name, text) = match &example.checklist {
        Some(file) => {
            let beside = path.parent().expect("a folder").join(file);
            (file.clone(), std::fs::read_to_string(beside).expect("the checklist"))
        }
        None => ("partnersets".to_owned(), including(&example.partnersets)),
    };
    let checklist =
        Checklist::read_with(&name, &text, &ReadingContext::bundled()).unwrap_or_else(|error| panic!("{error}"));
    let mut sheet = Sheet::default();
    let mut names = BTreeMap::new();
    for (group, items) in &example.groepen {
        for name in items {
            let id = item(names.len() as u128 + 1);
            names.insert(name.clone(), id);
            sheet.groups.entry(group.clone()).or_default().push(id);
        }
    }
    let names = Names(names);
    for (slot, written) in &example.antwoorden {
        let slot = names.slot(slot);
        let value = value(&checklist, &slot, written);
        sheet.answers.insert(slot, value);
    }
    sheet.reasons = example.redenen.iter().map(|(slot, reason)| (names.slot(slot), reason.clone())).collect();
    sheet.attachments = example.bijlagen.iter().map(|(slot, count)| (names.slot(slot), *count)).collect();
    let day: chrono::NaiveDate = example.dag.to_string().parse().expect("a day");
    let facts = Facts {
        special_officer: example.boa,
        visit_day: Some(day),
        participants: example
            .deelnemers
            .iter()
            .map(|person| Participant {
                name: person.naam.clone(),
                organisation: person.organisatie.clone(),
                partner: person.partner.clone(),
                legal_basis: person.grondslag.clone(),
                designation: person.aanwijzing.clone(),
                goes_inside: person.gaat_naar_binnen,
                ..Participant::default()
            })
            .collect(),
        ..Facts::on(day)
    };
    let evaluation = Evaluation::of(&checklist, &sheet, &facts);
    assert!(evaluation.problems().is_empty(), "{:?}", evaluation.problems());
    let show = |slots: Vec<Slot>| slots.iter().map(|slot| names.show(slot)).collect();
    let mut ignored: Vec<Slot> = sheet.answers.keys().cloned().collect();
    ignored.retain(|slot| evaluation.state(slot).is_some_and(|state| state.does_not_count()));
    ignored.sort();
    let out = Expected {
        zichtbaar: show(evaluation.visible()),
        open: show(evaluation.open()),
        telt_niet_mee: show(ignored),
        maatregelen: evaluation
            .measures()
            .iter()
            .map(|one| {
                format!("{}: {} {}", names.show(&one.slot), one.code, one.partner.as_deref().unwrap_or(""))
                    .trim()
                    .to_owned()
            })
            .collect(),
        stop: evaluation
            .stops()
            .iter()
            .map(|one| {
                format!(
                    "{}: {}",
                    names.show(&one.slot),
                    serde_json::to_value(one.kind).expect("JSON").as_str().expect("text")
                )
            })
            .collect(),
        taken: evaluation
            .tasks()
            .iter()
            .map(|one| {
                format!(
                    "{}: {} {}",
                    names.show(&one.slot),
                    one.id,
                    one.due.map(|day| day.to_string()).unwrap_or_default()
                )
            })
            .collect(),
        folders: evaluation
            .leaflets()
            .iter()
            .map(|one| format!("{}: {}", names.show(&one.slot), one.leaflet))
            .collect(),
        rapport: sections_in(&checklist, &evaluation, &[InReport::Always, InReport::FileOnly]),
        achterlaten: sections_in(&checklist, &evaluation, &[InReport::Always]),
        tellingen: checklist.counts(&sheet, &evaluation).iter().map(counted).collect(),
    };
    (example.verwacht, out)
}

/// The sections with something in a copy of the report: visible questions that may stand in it.
fn sections_in(checklist: &Checklist, evaluation: &Evaluation, copy: &[InReport]) -> Vec<String> {
    if checklist.outgoing() == Outgoing::Counts {
        return Vec::new();
    }
    let visible: BTreeSet<String> = evaluation.visible().into_iter().map(|slot| slot.question).collect();
    let stands = |section: &&Section| {
        copy.contains(&section.in_report)
            && section.questions.iter().any(|one| copy.contains(&one.in_report) && visible.contains(&one.id))
    };
    checklist.sections().iter().filter(stands).map(|section| section.id.clone()).collect()
}

fn counted(count: &Count) -> String {
    match &count.counted {
        Counted::Option(code) => format!("{}: {code}", count.question),
        Counted::Number(number) => format!("{}: {number}", count.question),
    }
}

#[test]
fn every_example_comes_out_as_it_says() {
    let mut examples = 0;
    for family in std::fs::read_dir(folder()).expect("the checklists").map(|entry| entry.expect("listed").path()) {
        let Ok(files) = std::fs::read_dir(family.join("voorbeelden")) else { continue };
        for path in files.map(|entry| entry.expect("listed").path()) {
            let (expected, found) = come_out(&path);
            assert_eq!(expected, found, "{}", path.display());
            examples += 1;
        }
    }
    assert!(examples >= 2, "only {examples} examples");
}
