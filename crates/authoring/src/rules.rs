//! What a checklist's questions do, as their author wrote it: conditions and what follows from them.
//!
//! [`Checklist`] holds these compiled, to be evaluated; a preview and a table of contents want them in words. So they are
//! taken from the same text, which the checklist's own reader has already found good.

use std::collections::HashMap;

use toml::Table;
use veldboek_checklist::{Checklist, StopKind};

/// The rules of a checklist and of the parts in it.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// When each section is there; all must hold.
    pub sections: HashMap<String, Vec<String>>,
    /// By question.
    pub questions: HashMap<String, QuestionRules>,
    /// How each calculation is worked out.
    pub calculations: HashMap<String, String>,
}

/// What a question does.
#[derive(Clone, Debug, Default)]
pub struct QuestionRules {
    /// When it is there.
    pub visible: Option<String>,
    /// When an answer is required.
    pub required_if: Option<String>,
    /// The place in the report that the answer fills.
    pub report_place: Option<String>,
    /// When it is locked, and why.
    pub lock: Option<Rule>,
    /// What the answer must keep to.
    pub demands: Vec<Rule>,
    /// What follows, in the order in which people must see it: stops, notices, measures, tasks, leaflets.
    pub outcomes: Vec<(Follows, Rule)>,
}

/// A condition with its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The condition, in CEL.
    pub when: String,
    /// What people read.
    pub text: String,
}

/// What an answer leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Work stops.
    Stop(StopKind),
    /// A message on the screen.
    Notice,
    /// A proposed measure.
    Measure {
        /// Its code.
        code: String,
        /// The partner to whom it goes.
        partner: Option<String>,
    },
    /// A task.
    Task {
        /// Its last day.
        due: Option<Due>,
    },
    /// A leaflet.
    Leaflet,
}

/// A task's last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Worked out by an expression.
    Computed(String),
    /// Days after the day of the controle.
    Days(i64),
}

impl Rules {
    /// The rules of a checklist: of its own text and of the texts of the parts that it includes, by the names under which
    /// they were given to the reader.
    pub fn of(checklist: &Checklist, text: &str, parts: &[(String, String)]) -> Self {
        let mut rules = Self::default();
        let Ok(own) = text.parse::<Table>() else { return rules };
        rules.take(&own, &[]);
        for section in tables(&own, "onderdeel") {
            let Some(name) = string(section, "deel").or_else(|| string(section, "partnerset")) else { continue };
            let included = checklist.parts().iter().find(|part| format!("{}@{}", part.id, part.version) == name);
            let text = included.and_then(|part| parts.iter().find(|(file, _)| *file == part.file));
            let Some(part) = text.and_then(|(_, text)| text.parse::<Table>().ok()) else { continue };
            let mut around: Vec<String> = string(section, "zichtbaar").into_iter().collect();
            if let Some(partner) = string(&part, "partner") {
                around.push(format!("deelnemers.exists(d, d.partner == \"{partner}\")"));
            }
            rules.take(&part, &around);
        }
        rules
    }

    /// The rules of a question; none when nothing is said.
    pub fn question(&self, id: &str) -> QuestionRules {
        self.questions.get(id).cloned().unwrap_or_default()
    }

    fn take(&mut self, file: &Table, around: &[String]) {
        for calculation in tables(file, "berekening") {
            let name = string(calculation, "naam").zip(string(calculation, "waarde"));
            self.calculations.extend(name);
        }
        let leaflets: HashMap<String, String> =
            tables(file, "folder").filter_map(|leaflet| string(leaflet, "id").zip(string(leaflet, "titel"))).collect();
        for section in tables(file, "onderdeel") {
            let Some(id) = string(section, "id") else { continue };
            let visible = string(section, "zichtbaar").into_iter().chain(around.iter().cloned());
            self.sections.insert(id, visible.collect());
            for question in tables(section, "vraag") {
                let Some(id) = string(question, "id") else { continue };
                self.questions.insert(id, question_rules(question, &leaflets));
            }
        }
    }
}

fn question_rules(question: &Table, leaflets: &HashMap<String, String>) -> QuestionRules {
    let rule = |table: &Table, when: &str| Rule {
        when: string(table, when).unwrap_or_default(),
        text: string(table, "tekst").unwrap_or_default(),
    };
    let mut outcomes = Vec::new();
    for stop in tables(question, "stop") {
        let kind = match string(stop, "soort").as_deref() {
            Some("veiligheid") => StopKind::Safety,
            Some("toezicht") => StopKind::Supervision,
            _ => StopKind::StayOutside,
        };
        outcomes.push((Follows::Stop(kind), rule(stop, "als")));
    }
    outcomes.extend(tables(question, "melding").map(|notice| (Follows::Notice, rule(notice, "als"))));
    for measure in tables(question, "maatregel") {
        let code = string(measure, "code").unwrap_or_default();
        outcomes.push((Follows::Measure { code, partner: string(measure, "partner") }, rule(measure, "als")));
    }
    for task in tables(question, "taak") {
        let computed = string(task, "termijn").map(Due::Computed);
        let due = computed.or_else(|| task.get("dagen").and_then(toml::Value::as_integer).map(Due::Days));
        let text = string(task, "titel").unwrap_or_default();
        outcomes.push((Follows::Task { due }, Rule { text, ..rule(task, "als") }));
    }
    for leaflet in tables(question, "folder") {
        let id = string(leaflet, "folder").unwrap_or_default();
        let text = leaflets.get(&id).cloned().unwrap_or(id);
        outcomes.push((Follows::Leaflet, Rule { text, ..rule(leaflet, "als") }));
    }
    QuestionRules {
        visible: string(question, "zichtbaar"),
        required_if: string(question, "verplicht_als"),
        report_place: string(question, "rapport"),
        lock: question.get("slot").and_then(toml::Value::as_table).map(|lock| rule(lock, "als")),
        demands: tables(question, "eis").map(|demand| rule(demand, "voorwaarde")).collect(),
        outcomes,
    }
}

fn tables<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t Table> {
    table.get(key).and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_table)
}

fn string(table: &Table, key: &str) -> Option<String> {
    Some(table.get(key)?.as_str()?.trim().to_owned()).filter(|text| !text.is_empty())
}
