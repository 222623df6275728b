//! Each kind of answer as the app shows it. The controls are real, so that an author can try them; nothing is kept.

use veldboek_checklist::{Choice, Question, QuestionKind};
use veldboek_domain::codes::OBSERVATION_KINDS;

use super::html::{element, escape, list};

/// More options than this become a list of rows.
const MOST_SEGMENTS: usize = 4;

/// The answer of a question.
pub(super) fn answer(question: &Question) -> String {
    let name = escape(&question.text);
    match question.kind {
        kind if kind.is_choice() => {
            let short = question.options.len() <= MOST_SEGMENTS
                && question.options.iter().all(|option| {
                    option.heading.is_none() && option.help.is_none() && option.label.chars().count() <= 24
                });
            if short { segments(&question.id, &question.options) } else { rows(question, "radio") }
        }
        QuestionKind::SeveralOf => rows(question, "checkbox"),
        QuestionKind::Matrix => matrix(question),
        QuestionKind::Number => number(question),
        QuestionKind::Text => format!("<textarea rows=\"2\" aria-label=\"{name}\"></textarea>\n"),
        QuestionKind::Date => moment(question, "date", "Vult zich met de dag van vandaag"),
        QuestionKind::Time => moment(question, "time", "Vult zich met de tijd van nu"),
        QuestionKind::DateTime => moment(question, "datetime-local", "Vult zich met nu"),
        QuestionKind::Address => {
            format!(
                "<p class=\"veld\"><input type=\"text\" aria-label=\"{name}\"><small>Adres: straat en nummer, postcode, plaats</small></p>\n"
            )
        }
        QuestionKind::Point => space("Plek op de kaart", "Van de tablet, of aangewezen op de kaart"),
        QuestionKind::Photo => space("Foto’s", "Met de camera, of een bestand"),
        QuestionKind::Document => space("Document", "Toevoegen, of in woorden noemen"),
        QuestionKind::Signature => {
            "<p class=\"handtekening\"><small>Handtekening op het scherm, met naam</small></p>\n".to_owned()
        }
        QuestionKind::Participants => space(
            "Deelnemers",
            "Naam, organisatie, functie, pasnummer, wet en aanwijzingsbesluit; en wie er naar binnen gaat",
        ),
        QuestionKind::Observation => observation(&question.id, question.needs_ordinary_explanation),
        // Every kind above is a choice.
        QuestionKind::YesNo | QuestionKind::YesNoNotApplicable | QuestionKind::YesNoUnknown | QuestionKind::OneOf => {
            String::new()
        }
    }
}

/// What is asked of photos beside the question.
pub(super) fn photos(question: &Question) -> String {
    let Some(hint) = &question.photos else { return String::new() };
    let count = match (hint.minimum, hint.maximum) {
        (0, None) => "Foto’s mogen erbij.".to_owned(),
        (0, Some(most)) => format!("Hoogstens {most} foto’s erbij."),
        (least, None) => format!("Ten minste {least} {} erbij.", if least == 1 { "foto" } else { "foto’s" }),
        (least, Some(most)) if least == most => {
            format!("{least} {} erbij.", if least == 1 { "foto" } else { "foto’s" })
        }
        (least, Some(most)) => format!("{least} tot {most} foto’s erbij."),
    };
    let persons = if hint.without_persons { " Zonder mensen erop." } else { "" };
    let how = hint.instruction.as_deref().map(|how| format!(" {how}")).unwrap_or_default();
    let how = if how.is_empty() || how.ends_with(['.', '!', '?']) { how } else { format!("{how}.") };
    element("p", "fotos", Some(&format!("{count}{how}{persons}")))
}

fn segments(name: &str, options: &[Choice]) -> String {
    let name = escape(name);
    let labels: String = options
        .iter()
        .map(|option| {
            format!(
                "<label><input type=\"radio\" name=\"{name}\" value=\"{}\"><span>{}</span></label>",
                escape(&option.code),
                escape(&option.label)
            )
        })
        .collect();
    format!("<div class=\"segment\">{labels}</div>\n")
}

fn rows(question: &Question, control: &str) -> String {
    let name = escape(&question.id);
    let mut html = String::new();
    let mut heading: Option<&str> = None;
    let mut open = false;
    for option in &question.options {
        if option.heading.as_deref() != heading || !open {
            if open {
                html.push_str("</ul>\n");
            }
            heading = option.heading.as_deref();
            html.push_str(&element("h3", "keuzekop", heading));
            html.push_str("<ul class=\"keuzes\">\n");
            open = true;
        }
        let alone = if option.exclusive { "<small>Sluit de andere keuzes uit</small>" } else { "" };
        html.push_str(&format!(
            "<li><label><input type=\"{control}\" name=\"{name}\" value=\"{}\"><span>{}{alone}</span></label>{}</li>\n",
            escape(&option.code),
            escape(&option.label),
            option_help(option),
        ));
    }
    if open {
        html.push_str("</ul>\n");
    }
    if question.observation_per_option {
        html.push_str("<p class=\"fotos\">Bij elke keuze komt een eigen waarneming: zelf gezien, verklaring, document of vermoeden.</p>\n");
    }
    html
}

fn option_help(option: &Choice) -> String {
    let Some(help) = &option.help else { return String::new() };
    let part = |heading: &str, texts: &[String]| {
        if texts.is_empty() { String::new() } else { format!("<h4>{heading}</h4>\n{}", list(texts)) }
    };
    format!(
        "<details><summary>Hulp<span class=\"verborgen\"> bij ‘{}’</span></summary>\n{}{}{}{}{}</details>",
        escape(&option.label),
        element("p", "", help.explanation.as_deref()),
        part("Waar let u op", &help.look_for),
        part("Gewone verklaringen", &help.ordinary_explanations),
        part("Wat doet u", &help.what_to_do),
        part("Wie belt u", &help.whom_to_call),
    )
}

fn matrix(question: &Question) -> String {
    let heads: String =
        question.options.iter().map(|option| format!("<th scope=\"col\">{}</th>", escape(&option.label))).collect();
    let rows: String = question
        .rows
        .iter()
        .map(|row| {
            let cells: String = question
                .options
                .iter()
                .map(|option| {
                    format!(
                        "<td><label><input type=\"radio\" name=\"{}-{}\" aria-label=\"{}: {}\"></label></td>",
                        escape(&question.id),
                        escape(&row.code),
                        escape(&row.label),
                        escape(&option.label),
                    )
                })
                .collect();
            format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escape(&row.label))
        })
        .collect();
    format!(
        "<div class=\"tabel\"><table>\n<thead><tr><th scope=\"col\"><span class=\"verborgen\">Regel</span></th>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

fn number(question: &Question) -> String {
    let unit = element("span", "eenheid", question.unit.as_deref());
    let written = |number: f64| number.to_string().replace('.', ",");
    let kind = if question.whole { "Een heel getal" } else { "Een getal" };
    let limits = match (question.minimum, question.maximum) {
        (Some(least), Some(most)) => format!("{kind} van {} tot en met {}", written(least), written(most)),
        (Some(least), None) => format!("{kind}, {} of meer", written(least)),
        (None, Some(most)) => format!("{kind}, {} of minder", written(most)),
        (None, None) => kind.to_owned(),
    };
    let name = escape(&question.text);
    format!(
        "<p class=\"veld getal\"><input type=\"text\" inputmode=\"decimal\" aria-label=\"{name}\">{unit}<small>{limits}</small></p>\n"
    )
}

fn moment(question: &Question, control: &str, now: &str) -> String {
    let now = if question.prefill_now { format!("<small>{now}</small>") } else { String::new() };
    format!("<p class=\"veld\"><input type=\"{control}\" aria-label=\"{}\">{now}</p>\n", escape(&question.text))
}

fn space(what: &str, how: &str) -> String {
    format!("<p class=\"ruimte\"><strong>{}</strong> <small>{}</small></p>\n", escape(what), escape(how))
}

fn observation(id: &str, explained: bool) -> String {
    let id = escape(id);
    let kinds: String = OBSERVATION_KINDS
        .iter()
        .map(|kind| {
            format!(
                "<label><input type=\"radio\" name=\"{id}-soort\" value=\"{}\"><span>{}</span></label>",
                kind.code, kind.label
            )
        })
        .collect();
    let needed = if explained { "" } else { " <small>als die er is</small>" };
    format!(
        "<div class=\"waarneming\"><div class=\"segment klein\">{kinds}</div>\n\
         <textarea rows=\"2\" aria-label=\"Wat is er waargenomen?\"></textarea>\n\
         <label class=\"gewoon\"><span>Welke gewone verklaring is er, of gaf de gebruiker?{needed}</span><textarea rows=\"2\"></textarea></label></div>\n"
    )
}
