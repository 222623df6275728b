//! What changed about a checklist as a whole and about one question.

use std::fmt::Write as _;

use super::{Aspect, Change};
use crate::checklist::Checklist;
use crate::handling::{InReport, Outgoing};
use crate::model::{Choice, HelpCard, Question, Status};
use crate::plan::{Due, PlanQuestion};
use crate::words;

/// Things with a stable name, each as people read it: its first line is its title.
type Named = Vec<(String, String)>;

/// What changed, gathered.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    /// Adds a change when two values differ, with the sentence for it.
    fn between(&mut self, aspect: Aspect, old: Option<String>, new: Option<String>, words: &str) {
        let (old, new) = (old.filter(|text| !text.is_empty()), new.filter(|text| !text.is_empty()));
        if old != new {
            self.0.push(Change { aspect, words: words.to_owned(), old, new });
        }
    }

    fn text(&mut self, aspect: Aspect, old: &str, new: &str, words: &str) {
        self.between(aspect, Some(old.to_owned()), Some(new.to_owned()), words);
    }

    /// Compares two lists by their names: what came, what went, and what reads otherwise.
    fn named(&mut self, aspect: Aspect, what: &str, old: &Named, new: &Named) {
        let find = |list: &Named, name: &str| list.iter().find(|(one, _)| one == name).map(|(_, text)| text.clone());
        for (name, text) in old {
            if find(new, name).is_none() {
                let words = format!("{what} \"{}\" is vervallen.", first_line(text));
                self.0.push(Change { aspect, words, old: Some(text.clone()), new: None });
            }
        }
        for (name, text) in new {
            let words = match find(old, name) {
                None => format!("{what} \"{}\" is erbij gekomen.", first_line(text)),
                Some(before) if before != *text => format!("{what} \"{}\" is veranderd.", first_line(text)),
                Some(_) => continue,
            };
            self.0.push(Change { aspect, words, old: find(old, name), new: Some(text.clone()) });
        }
    }

    /// Whether what both have stands in another order.
    fn order(&mut self, aspect: Aspect, old: &[&str], new: &[&str], words: &str) {
        let both = |one: &[&str], other: &[&str]| {
            let both: Vec<&str> = one.iter().filter(|name| other.contains(name)).copied().collect();
            both.join(", ")
        };
        self.text(aspect, &both(old, new), &both(new, old), words);
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

pub(super) fn of_checklist(old: &Checklist, new: &Checklist) -> Vec<Change> {
    let mut changes = Changes::default();
    changes.text(Aspect::Header, &old.title, &new.title, "De titel is veranderd.");
    changes.between(Aspect::Header, old.description.clone(), new.description.clone(), "De omschrijving is veranderd.");
    let status = |checklist: &Checklist| match checklist.status {
        Status::Concept => "concept",
        Status::Approved => "vastgesteld",
    };
    changes.text(Aspect::Header, status(old), status(new), "De status is veranderd.");
    let days = |checklist: &Checklist| match checklist.valid_until {
        None => format!("vanaf {}", checklist.valid_from.format("%d-%m-%Y")),
        Some(until) => {
            format!("van {} tot en met {}", checklist.valid_from.format("%d-%m-%Y"), until.format("%d-%m-%Y"))
        }
    };
    changes.text(Aspect::Header, &days(old), &days(new), "De geldigheid is veranderd.");
    let privacy = |checklist: &Checklist| {
        let outgoing = match checklist.outgoing {
            Outgoing::Everything => "antwoorden naar het dossier",
            Outgoing::Counts => "alleen aantallen",
        };
        let persons = if checklist.without_persons { ", zonder personen" } else { "" };
        format!("{outgoing}{persons}{}", if checklist.anonymous { ", anoniem" } else { "" })
    };
    changes.text(
        Aspect::Privacy,
        &privacy(old),
        &privacy(new),
        "Wat er weg mag of vastgelegd mag worden, is veranderd.",
    );
    parts(old, new, &mut changes);
    sections(old, new, &mut changes);
    declared(old, new, &mut changes);
    changes.0
}

fn parts(old: &Checklist, new: &Checklist, changes: &mut Changes) {
    // Not by their hash: what changed inside is said question by question.
    let named = |checklist: &Checklist| -> Named {
        let shown = |part: &crate::handling::IncludedPart| format!("{} {}", part.title, part.version);
        checklist.parts.iter().map(|part| (part.id.clone(), shown(part))).collect()
    };
    changes.named(Aspect::Part, "Het deel", &named(old), &named(new));
}

fn sections<'a>(old: &'a Checklist, new: &'a Checklist, changes: &mut Changes) {
    let named = |checklist: &Checklist| -> Named {
        let shown = |section: &crate::model::Section| {
            let mut text = section.title.clone();
            let _ = write!(text, "\n{}", section.explanation.as_deref().unwrap_or_default());
            if let Some(group) = &section.group {
                let _ = write!(text, "\nper {group}");
            }
            if let Some(set) = &section.partner_set {
                let _ = write!(text, "\nvan {}{}", set.partner, if set.closed { ", besloten" } else { "" });
            }
            text.trim_end().to_owned()
        };
        checklist.sections.iter().map(|section| (section.id.clone(), shown(section))).collect()
    };
    changes.named(Aspect::Section, "Het onderdeel", &named(old), &named(new));
    let ids =
        |checklist: &'a Checklist| -> Vec<&'a str> { checklist.sections.iter().map(|one| one.id.as_str()).collect() };
    changes.order(Aspect::Section, &ids(old), &ids(new), "De onderdelen staan in een andere volgorde.");
}

fn declared(old: &Checklist, new: &Checklist, changes: &mut Changes) {
    let groups = |checklist: &Checklist| -> Named {
        checklist
            .groups
            .iter()
            .map(|one| (one.id.clone(), format!("{}\nten minste {}", one.title, one.minimum)))
            .collect()
    };
    changes.named(Aspect::Declared, "De groep", &groups(old), &groups(new));
    let leaflets = |checklist: &Checklist| -> Named {
        checklist.leaflets.iter().map(|one| (one.id.clone(), one.title.clone())).collect()
    };
    changes.named(Aspect::Declared, "De folder", &leaflets(old), &leaflets(new));
    let calculations = |checklist: &Checklist| -> Named {
        let all = checklist.calculations.iter().zip(&checklist.plan.calculations);
        all.map(|(one, planned)| (one.name.clone(), format!("{}\n{}", one.title, planned.value.source))).collect()
    };
    changes.named(Aspect::Declared, "De berekening", &calculations(old), &calculations(new));
}

/// What changed in a question that both versions have.
pub(super) fn of_question(id: &str, old: &Checklist, new: &Checklist) -> Vec<Change> {
    let (Some(before), Some(after)) = (planned(id, old), planned(id, new)) else { return Vec::new() };
    let (a, b) = (&before.question, &after.question);
    let mut changes = Changes::default();
    let kind = |question: &Question| words::question_kind(question.kind);
    changes.text(Aspect::Kind, kind(a), kind(b), "Het soort antwoord is veranderd.");
    let group = |planned: &PlanQuestion, of: &Checklist| match planned.group {
        Some(group) => format!("per {}", of.groups[group].id),
        None => "één keer".to_owned(),
    };
    changes.text(Aspect::Kind, &group(before, old), &group(after, new), "Hoe vaak de vraag terugkomt, is veranderd.");
    changes.text(Aspect::Text, &a.text, &b.text, "De tekst is veranderd.");
    changes.between(Aspect::Text, a.explanation.clone(), b.explanation.clone(), "De toelichting is veranderd.");
    changes.between(Aspect::Text, a.caution.clone(), b.caution.clone(), "De tekst bij \"let op\" is veranderd.");
    changes.between(Aspect::Text, a.help.as_ref().map(help), b.help.as_ref().map(help), "De helpkaart is veranderd.");
    options("De keuze", &a.options, &b.options, &mut changes);
    options("De rij", &a.rows, &b.rows, &mut changes);
    let law = |question: &Question| -> Named {
        question
            .grounds
            .iter()
            .map(|ground| (ground.id.clone(), format!("{}\n{}", ground.article, ground.text)))
            .collect()
    };
    changes.named(Aspect::Law, "De grondslag", &law(a), &law(b));
    required(before, after, &mut changes);
    changes.text(Aspect::Visible, &visible(before, old), &visible(after, new), "Wanneer de vraag er is, is veranderd.");
    changes.text(Aspect::Limits, &limits(before), &limits(after), "Waar het antwoord aan moet voldoen, is veranderd.");
    changes.text(Aspect::Outcome, &outcome(before), &outcome(after), "Wat uit het antwoord volgt, is veranderd.");
    changes.text(Aspect::Report, &report(a), &report(b), "De plaats in het rapport is veranderd.");
    changes.text(
        Aspect::Privacy,
        &privacy(a),
        &privacy(b),
        "Wat het antwoord mag bevatten of of het meetelt, is veranderd.",
    );
    changes.text(
        Aspect::Other,
        &other(a),
        &other(b),
        "Foto's, partner, thema of wat voor signaal het is, is veranderd.",
    );
    let section = |of: &Checklist| of.section_of(id).map(|section| section.title.clone());
    let section_id = |of: &Checklist| of.section_of(id).map(|section| section.id.clone());
    if section_id(old) != section_id(new) {
        changes.between(Aspect::Section, section(old), section(new), "De vraag staat in een ander onderdeel.");
    }
    changes.0
}

fn planned<'a>(id: &str, of: &'a Checklist) -> Option<&'a PlanQuestion> {
    of.plan.index.get(id).map(|index| &of.plan.questions[*index])
}

fn options(what: &str, old: &[Choice], new: &[Choice], changes: &mut Changes) {
    let named = |choices: &[Choice]| -> Named {
        let shown = |choice: &Choice| {
            let alone = if choice.exclusive { "\nsluit de andere uit" } else { "" };
            let heading = choice.heading.as_ref().map(|heading| format!("\nonder {heading}")).unwrap_or_default();
            let help = choice.help.as_ref().map(|card| format!("\n{}", help(card))).unwrap_or_default();
            format!("{}{heading}{alone}{help}", choice.label)
        };
        choices.iter().map(|choice| (choice.code.clone(), shown(choice))).collect()
    };
    changes.named(Aspect::Option, what, &named(old), &named(new));
}

fn required(old: &PlanQuestion, new: &PlanQuestion, changes: &mut Changes) {
    let when = |planned: &PlanQuestion| match (&planned.required_if, planned.question.required) {
        (_, true) => "altijd".to_owned(),
        (Some(condition), false) => format!("als {}", condition.source),
        (None, false) => "nooit".to_owned(),
    };
    let (before, after) = (when(old), when(new));
    let words = match (before.as_str(), after.as_str()) {
        ("nooit", _) => "De vraag is verplicht geworden.",
        (_, "nooit") => "De vraag is niet meer verplicht.",
        _ => "Wanneer de vraag verplicht is, is veranderd.",
    };
    changes.text(Aspect::Required, &before, &after, words);
}

fn visible(planned: &PlanQuestion, of: &Checklist) -> String {
    let mut conditions: Vec<String> = planned.visible.iter().map(|condition| condition.source.clone()).collect();
    conditions.extend(planned.parent.map(|parent| format!("vervolg op {}", of.plan.questions[parent].question.id)));
    conditions.join("\n")
}

fn limits(planned: &PlanQuestion) -> String {
    let question = &planned.question;
    let mut lines = Vec::new();
    lines.extend(question.unit.as_ref().map(|unit| format!("in {unit}")));
    lines.extend(question.minimum.map(|least| format!("ten minste {least}")));
    lines.extend(question.maximum.map(|most| format!("hoogstens {most}")));
    lines.extend(question.whole.then(|| "een heel getal".to_owned()));
    lines.extend(planned.constraints.iter().map(|(condition, text)| format!("{}: {text}", condition.source)));
    lines.extend(planned.lock.iter().map(|(condition, text)| format!("op slot als {}: {text}", condition.source)));
    lines.join("\n")
}

fn outcome(planned: &PlanQuestion) -> String {
    let mut lines = Vec::new();
    for measure in &planned.measures {
        let to = measure.partner.as_ref().map(|partner| format!(" naar {partner}")).unwrap_or_default();
        let note = measure.note.as_deref().unwrap_or_default();
        lines.push(format!("maatregel {}{to} als {}: {note}", measure.code, measure.condition.source));
    }
    lines.extend(
        planned.stops.iter().map(|(condition, kind, text)| {
            format!("stop ({}) als {}: {text}", words::stop_kind(*kind), condition.source)
        }),
    );
    for task in &planned.tasks {
        let due = match &task.due {
            None => String::new(),
            Some(Due::Computed(due)) => format!(", uiterlijk {}", due.source),
            Some(Due::DaysAfterVisit(days)) => format!(", binnen {days} dagen"),
        };
        lines.push(format!("taak {} als {}{due}", task.title, task.condition.source));
    }
    lines.extend(planned.notices.iter().map(|(condition, text)| format!("melding als {}: {text}", condition.source)));
    lines.extend(
        planned.leaflets.iter().map(|(condition, leaflet)| format!("folder {leaflet} als {}", condition.source)),
    );
    lines.extend(planned.question.handover.then(|| "vraagt naar de overdracht".to_owned()));
    lines.join("\n")
}

fn report(question: &Question) -> String {
    let place = question.report_place.map(|place| format!("vult {}", place.code())).unwrap_or_default();
    let copies = match question.in_report {
        InReport::Always => "in elk exemplaar",
        InReport::FileOnly => "alleen in het exemplaar voor het dossier",
        InReport::Never => "in geen exemplaar",
    };
    format!("{copies}\n{place}").trim_end().to_owned()
}

fn privacy(question: &Question) -> String {
    let mut lines = Vec::new();
    lines.extend(question.about.map(|about| format!("over {}", about.code())));
    lines.extend(question.personal_data.map(|kind| format!("persoonsgegeven {}", kind.code())));
    lines.extend(question.counted.then(|| "telt mee".to_owned()));
    lines.join("\n")
}

fn other(question: &Question) -> String {
    let mut lines = Vec::new();
    lines.extend(question.signal.then(|| "signaal".to_owned()));
    lines.extend(question.explained_in.as_ref().map(|id| format!("gewone verklaring in {id}")));
    lines.extend(question.observation_per_option.then(|| "waarneming per keuze".to_owned()));
    lines.extend(question.needs_ordinary_explanation.then(|| "vraagt een gewone verklaring".to_owned()));
    lines.extend(question.prefill_now.then(|| "ingevuld met nu".to_owned()));
    if let Some(photos) = &question.photos {
        let most = photos.maximum.map(|most| format!(" tot {most}")).unwrap_or_default();
        let nobody = if photos.without_persons { ", zonder personen" } else { "" };
        lines.push(format!(
            "foto's: {}{most}{nobody} {}",
            photos.minimum,
            photos.instruction.as_deref().unwrap_or_default()
        ));
    }
    lines.extend(question.partner.as_ref().map(|partner| format!("partner {partner}")));
    lines.extend(question.theme.as_ref().map(|theme| format!("thema {theme}")));
    lines.join("\n")
}

fn help(card: &HelpCard) -> String {
    let mut lines: Vec<&str> = card.explanation.as_deref().into_iter().collect();
    for list in [&card.look_for, &card.ordinary_explanations, &card.what_to_do, &card.whom_to_call] {
        lines.extend(list.iter().map(String::as_str));
    }
    lines.join("\n")
}
