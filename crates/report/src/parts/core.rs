//! Kern: where, when, who, on which ground and how.

use crate::model::{HomeEntry, Officer, ReportModel};
use crate::page::{Tag, sheet};
use crate::text::{Style, Text};
use crate::words;

use super::{H2_LEADING, Report};

/// Unicode's left-to-right mark: what follows is set as Dutch text.
const LEFT_TO_RIGHT: char = '\u{200E}';

impl Report<'_> {
    /// The rows of the core, each with its label in the margin.
    pub(super) fn core(&mut self) {
        self.within(Tag::Sect, |report| {
            let anchor = report.flow.reserve();
            report.flow.here_is(anchor);
            report.flow.bookmark(0, "Kern", anchor);
            report.flow.heading(Tag::H2, &Text::of("Kern", Style::H2), H2_LEADING);
            report.within(Tag::L, |report| {
                let model = report.model;
                report.row("Waar", place(model));
                report.row("Wanneer", vec![Text::of(visit(model), Style::BODY)]);
                let mut people = officer(&model.author, "Opsteller");
                for participant in &model.participants {
                    people.extend(officer(participant, ""));
                }
                report.row("Wie", people);
                report.row("Grondslag", legal_basis(model));
                let method = if model.method.trim().is_empty() {
                    Text::of("Niet vastgelegd.", Style::QUIET)
                } else {
                    Text::of(model.method.as_str(), Style::BODY)
                };
                report.row("Werkwijze", vec![method]);
                report.row("Checklist", checklist(model));
            });
        });
    }

    fn row(&mut self, label: &str, texts: Vec<Text>) {
        self.flow.gap(5.0);
        self.flow.within(Tag::Li, |flow| {
            let mut entry = flow.begin_entry();
            flow.within(Tag::Lbl, |flow| flow.margin(&mut entry, &Text::of(label, Style::MARGIN)));
            flow.within(Tag::LBody, |flow| {
                for text in &texts {
                    flow.text(Tag::P, text, sheet::LEADING);
                }
            });
            flow.end_entry(entry);
        });
    }
}

fn place(model: &ReportModel) -> Vec<Text> {
    let address = &model.place.address;
    let municipality = match address.municipality.as_str() {
        "" => String::new(),
        name => format!("gemeente {name}"),
    };
    let town = joined(&[&address.postcode, &address.town], " ");
    let where_it_is = joined(&[&address.line, &town, &municipality], ", ");
    let first = if where_it_is.is_empty() { "Geen adres vastgelegd".to_owned() } else { where_it_is };

    let mut more = Vec::new();
    if !address.part.is_empty() {
        more.push(words::sentence(&words::capital(&address.part)));
    }
    if let Some(point) = model.place.point {
        let accuracy = point.accuracy_m.map(|metres| format!(", tot op {metres:.0}\u{A0}m")).unwrap_or_default();
        more.push(format!("{}{accuracy}.", words::coordinates(point)));
    }
    if let Some(bag) = &address.bag_id {
        more.push(format!("BAG\u{A0}{bag}."));
    }
    let mut texts = vec![Text::of(first, Style::STRONG)];
    if !more.is_empty() {
        texts.push(Text::of(more.join(" "), Style::BODY));
    }
    texts
}

/// The parts that are not empty, with this between them.
fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().copied().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(between)
}

fn visit(model: &ReportModel) -> String {
    let visit = &model.visit;
    let day = words::capital(&words::weekday(visit.date));
    let moment = |at| words::moment(at, visit.date);
    match (visit.arrived_at, visit.left_at) {
        (Some(arrived), Some(left)) => {
            format!("{day}, {} tot {} uur ({})", moment(arrived), moment(left), words::offset(arrived))
        }
        (Some(arrived), None) => {
            format!("{day}, vanaf {} uur ({}). Vertrek niet vastgelegd.", moment(arrived), words::offset(arrived))
        }
        (None, Some(left)) => {
            format!("{day}, tot {} uur ({}). Aankomst niet vastgelegd.", moment(left), words::offset(left))
        }
        (None, None) => format!("{day}. Aankomst en vertrek niet vastgelegd."),
    }
}

fn officer(officer: &Officer, role: &str) -> Vec<Text> {
    let pass = if officer.pass_number.is_empty() { String::new() } else { format!("pas {}", officer.pass_number) };
    let parts = joined(&[&officer.name, &officer.function, &officer.organisation, &pass], ", ");
    // The list is Dutch, also where a name in it is not.
    let mut first = Text::of(format!("{LEFT_TO_RIGHT}{}", words::capital(&parts)), Style::BODY);
    if !role.is_empty() {
        first = first.and(format!(" ({})", role.to_lowercase()), Style::QUIET);
    }
    let mut texts = vec![first];
    let more: Vec<String> = [("Deskundigheid", &officer.expertise), ("Eigen grondslag", &officer.basis)]
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(label, value)| format!("{label}: {}", words::sentence(value)))
        .collect();
    if !more.is_empty() {
        texts.push(Text::of(more.join(" "), Style::QUIET));
    }
    texts
}

fn legal_basis(model: &ReportModel) -> Vec<Text> {
    let basis = &model.legal_basis;
    let moment = |at| words::moment(at, model.visit.date);
    let law = joined(&[&basis.law, &basis.designation], "; ");
    let mut lines = Vec::new();
    lines.push(if law.is_empty() {
        "Grondslag niet vastgelegd.".to_owned()
    } else {
        words::sentence(&words::capital(&law))
    });
    if !basis.purpose.trim().is_empty() {
        lines.push(format!("Gemeld doel: {}", words::sentence(&basis.purpose)));
    }
    let mut acts = Vec::new();
    acts.push(match basis.identified_at {
        Some(at) => format!("Gelegitimeerd om {} uur.", moment(at)),
        None => "Geen legitimatie vastgelegd.".to_owned(),
    });
    acts.push(match &basis.home {
        None => "Over het betreden van een woning is niets vastgelegd.".to_owned(),
        Some(HomeEntry::NotEntered) => "Geen woning betreden.".to_owned(),
        Some(HomeEntry::Consent { given_by, words: said, at }) => {
            let when = at.map(|at| format!(" om {} uur", moment(at))).unwrap_or_default();
            let said =
                if said.trim().is_empty() { String::new() } else { format!(" Woorden: {}", words::sentence(said)) };
            format!("Woning betreden met toestemming{}, vooraf gegeven{when}.{said}", prefixed(" van ", given_by))
        }
        Some(HomeEntry::Warrant { given_by, purpose, issued_on }) => {
            let day = words::day(*issued_on);
            let purpose = match purpose.trim() {
                "" => String::new(),
                purpose => format!(" Doel van de machtiging: {}", words::sentence(purpose)),
            };
            format!("Woning betreden met een machtiging{}, afgegeven op {day}.{purpose}", prefixed(" van ", given_by))
        }
    });
    acts.push(match &basis.caution {
        Some(caution) => {
            format!("Cautie gegeven{} om {} uur.", prefixed(" aan ", &caution.given_to), moment(caution.at))
        }
        None => "Geen cautie gegeven.".to_owned(),
    });
    lines.push(acts.join(" "));
    lines.into_iter().map(|line| Text::of(line, Style::BODY)).collect()
}

/// Who, behind a word; nothing when nobody is named, as in a checklist without persons.
fn prefixed(word: &str, who: &str) -> String {
    if who.trim().is_empty() { String::new() } else { format!("{word}{who}") }
}

fn checklist(model: &ReportModel) -> Vec<Text> {
    let checklist = &model.head.checklist;
    let mut texts = vec![Text::of(format!("{}, versie {}", checklist.name, checklist.version), Style::BODY)];
    texts.push(Text::of("SHA-256 ", Style::CODE).and(words::abbreviated(&checklist.sha256), Style::CODE));
    texts
}
