//! What a question leads to, with each condition in words.

use veldboek_checklist::{Checklist, Question, StopKind};
use veldboek_domain::codes::{self, MEASURES, PARTNERS};

use super::html::escape;
use crate::rules::{Due, Follows, QuestionRules, Rule, Rules};
use crate::wording;

/// What the page is made of.
pub(super) struct Page<'a> {
    pub(super) checklist: &'a Checklist,
    pub(super) rules: &'a Rules,
}

impl Page<'_> {
    /// "Alleen als: A4 is ‘Ja’", or the condition as it is written when it has no good words.
    pub(super) fn shown_if(&self, start: &str, when: &str) -> String {
        format!("<p class=\"als\">{start}: {}</p>\n", self.condition(when))
    }

    fn condition(&self, when: &str) -> String {
        match wording::condition(when, self.checklist) {
            Some(words) => escape(&words),
            None => format!("<code>{}</code>", escape(when)),
        }
    }
}

/// The list of what follows; nothing when nothing does.
pub(super) fn outcomes(page: &Page<'_>, question: &Question, rules: &QuestionRules) -> String {
    let mut items = String::new();
    let mut item = |class: &str, what: &str, rule: &Rule, more: &str| {
        let text = if rule.text.is_empty() { String::new() } else { format!("<p>{}</p>", escape(&rule.text)) };
        items.push_str(&format!(
            "<li class=\"{class}\"><p class=\"wat\"><b>{}</b> als: {}</p>{text}{more}</li>\n",
            escape(what),
            page.condition(&rule.when)
        ));
    };
    for (follows, rule) in rules.outcomes.iter().filter(|(follows, _)| matches!(follows, Follows::Stop(_))) {
        let Follows::Stop(kind) = follows else { continue };
        item("stop", stop(*kind), rule, "");
    }
    if let Some(lock) = &rules.lock {
        item("slot", "Op slot", lock, "");
    }
    if let Some(when) = &rules.required_if {
        item("eis", "Verplicht", &Rule { when: when.clone(), text: String::new() }, "");
    }
    for (follows, rule) in &rules.outcomes {
        match follows {
            Follows::Stop(_) => {}
            Follows::Notice => item("melding", "Melding", rule, ""),
            Follows::Measure { code, partner } => {
                let to = partner.as_ref().map(|partner| format!(" ({})", codes::label(PARTNERS, partner)));
                let what = format!("Maatregel: {}{}", codes::label(MEASURES, code), to.unwrap_or_default());
                item("maatregel", &what, rule, "");
            }
            Follows::Task { due } => {
                let due = due.as_ref().map(|due| format!("<p>Uiterlijk {}.</p>", escape(&page.due(due))));
                item("taak", "Taak", rule, &due.unwrap_or_default());
            }
            Follows::Leaflet => item("folder", "Uitreiken", rule, ""),
        }
    }
    for demand in &rules.demands {
        items.push_str(&format!(
            "<li class=\"eis\"><p class=\"wat\"><b>Klopt alleen</b> als: {}</p><p>Anders: {}</p></li>\n",
            page.condition(&demand.when),
            escape(&demand.text)
        ));
    }
    for calculation in page.checklist.calculations().iter().filter(|one| one.beside.as_ref() == Some(&question.id)) {
        let value = page.rules.calculations.get(&calculation.name).map(String::as_str).unwrap_or_default();
        let value = match wording::value(value, page.checklist) {
            Some(words) => escape(&words),
            None => format!("<code>{}</code>", escape(value)),
        };
        items.push_str(&format!(
            "<li class=\"eis\"><p class=\"wat\"><b>In beeld</b> {}: {value}</p></li>\n",
            escape(&calculation.title)
        ));
    }
    if items.is_empty() {
        String::new()
    } else {
        format!("<ul class=\"gevolgen\" aria-label=\"Wat volgt\">\n{items}</ul>\n")
    }
}

impl Page<'_> {
    fn due(&self, due: &Due) -> String {
        match due {
            Due::Days(1) => "1 dag na de controle".to_owned(),
            Due::Days(days) => format!("{days} dagen na de controle"),
            Due::Computed(source) => wording::value(source, self.checklist).unwrap_or_else(|| source.clone()),
        }
    }
}

fn stop(kind: StopKind) -> &'static str {
    match kind {
        StopKind::Safety => "STOP-scherm",
        StopKind::Supervision => "Toezicht stopt",
        StopKind::StayOutside => "Niet naar binnen",
    }
}
