//! The page: head, contents, sections and questions.

use chrono::NaiveDate;
use veldboek_checklist::{Checklist, Family, Ground, HelpCard, InReport, Outgoing, Question, Section, Status};
use veldboek_domain::codes::{self, PARTNERS, THEMES};

use super::answers;
use super::html::{element, escape, list};
use super::outcomes::{Page, outcomes};
use crate::rules::Rules;

/// Writes the whole page.
pub(super) fn page(checklist: &Checklist, rules: &Rules) -> String {
    let page = Page { checklist, rules };
    let title = escape(checklist.title());
    let sections: String = checklist.sections().iter().map(|one| section(&page, one)).collect();
    format!(
        "<!doctype html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">\n\
         <title>{title} (voorbeeld)</title>\n<style>\n{}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#vragen\">Naar de vragen</a>\n<div class=\"blad\">\n{}\n{}\n<main id=\"vragen\">\n{sections}</main>\n{}</div>\n</body>\n</html>\n",
        super::styles(),
        head(checklist),
        contents(checklist),
        end(checklist),
    )
}

fn head(checklist: &Checklist) -> String {
    let all = checklist.questions().count();
    let required = checklist.questions().filter(|question| question.required).count();
    let concept = match checklist.status() {
        Status::Concept => {
            "<p class=\"concept\"><strong>Concept</strong> Een jurist en een privacyfunctionaris hebben deze teksten nog niet goedgekeurd.</p>\n"
        }
        Status::Approved => "<p class=\"vastgesteld\"><strong>Vastgesteld</strong></p>\n",
    };
    let mut facts = vec![
        ("Naam", format!("{}, versie {}", checklist.id(), checklist.version())),
        ("Hoort bij", family(checklist.family()).to_owned()),
        ("Geldig", valid(Some(checklist.valid_from()), checklist.valid_until())),
        ("Vragen", format!("{all}, waarvan {required} altijd verplicht")),
    ];
    if checklist.without_persons() {
        facts.push(("Personen", "Geen vraag maakt iemand herkenbaar".to_owned()));
    }
    if checklist.outgoing() == Outgoing::Counts {
        facts.push(("Wat weggaat", "Alleen aantallen".to_owned()));
    }
    if checklist.anonymous() {
        facts.push(("Anoniem", "Niets zegt wie of waar".to_owned()));
    }
    let facts: String =
        facts.iter().map(|(name, text)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escape(text))).collect();
    let parts: Vec<String> =
        checklist.parts().iter().map(|part| format!("{} ({}, versie {})", part.title, part.id, part.version)).collect();
    let parts = if parts.is_empty() {
        String::new()
    } else {
        format!("<p class=\"delen\">Met de delen: {}.</p>", escape(&parts.join("; ")))
    };
    format!(
        "<header class=\"kop\">\n{concept}<h1>{}</h1>\n{}<dl class=\"feiten\">{facts}</dl>\n{parts}\
         <p class=\"schakel\"><label><input type=\"checkbox\" id=\"kaarten\" checked> Helpkaarten helemaal tonen</label></p>\n</header>",
        escape(checklist.title()),
        element("p", "omschrijving", checklist.description()),
    )
}

fn contents(checklist: &Checklist) -> String {
    let items: String = checklist
        .sections()
        .iter()
        .map(|section| {
            let count = section.questions.len();
            let ticks = "<i></i>".repeat(count.min(40));
            format!(
                "<li><a href=\"#onderdeel-{id}\"><span>{id}. {}</span><small>{count}</small></a><span class=\"stok\" aria-hidden=\"true\">{ticks}</span></li>\n",
                escape(&section.title),
                id = escape(&section.id),
            )
        })
        .collect();
    format!("<nav class=\"inhoud\" aria-label=\"Onderdelen\">\n<h2>Onderdelen</h2>\n<ol>\n{items}</ol>\n</nav>")
}

fn section(page: &Page<'_>, section: &Section) -> String {
    let id = escape(&section.id);
    let mut about: Vec<String> = Vec::new();
    if let Some(group) = section.group.as_ref().and_then(|id| page.checklist.groups().iter().find(|one| one.id == *id))
    {
        let least = if group.minimum > 0 { format!(", ten minste {}", group.minimum) } else { String::new() };
        about.push(format!("Komt terug per {}{least}", group.item_title.to_lowercase()));
    }
    if let Some(set) = &section.partner_set {
        let who = codes::label(PARTNERS, &set.partner);
        about.push(if set.closed { format!("Alleen voor {who}; besloten") } else { format!("Alleen voor {who}") });
    }
    about.extend(section.partner.as_ref().map(|partner| format!("Partner: {}", codes::label(PARTNERS, partner))));
    about.extend(section.theme.as_ref().map(|theme| format!("Thema: {}", codes::label(THEMES, theme))));
    about.extend(report(section.in_report));
    let visible = page.rules.sections.get(&section.id).cloned().unwrap_or_default();
    let conditions: String = visible.iter().map(|when| page.shown_if("Dit onderdeel is er als", when)).collect();
    let questions: String = section.questions.iter().map(|one| question(page, section, one)).collect();
    format!(
        "<section class=\"onderdeel\" id=\"onderdeel-{id}\" aria-labelledby=\"kop-{id}\">\n<header>\n<h2 id=\"kop-{id}\">{id}. {}</h2>\n{}{}{conditions}</header>\n<ol class=\"vragen\">\n{questions}</ol>\n</section>\n",
        escape(&section.title),
        element("p", "uitleg", section.explanation.as_deref()),
        tags(&about),
    )
}

fn question(page: &Page<'_>, section: &Section, question: &Question) -> String {
    let id = escape(&question.id);
    let rules = page.rules.question(&question.id);
    let required = match (question.required, &rules.required_if) {
        (true, _) => "<span class=\"plicht\">verplicht</span>".to_owned(),
        (false, Some(_)) => "<span class=\"plicht\">soms verplicht</span>".to_owned(),
        (false, None) => String::new(),
    };
    let node = if question.required { "punt vol" } else { "punt" };
    let level = question.level.min(3);
    let condition = rules.visible.as_deref().map(|when| page.shown_if("Alleen als", when)).unwrap_or_default();
    let condition = match (&question.parent, condition.is_empty()) {
        (Some(parent), true) => format!("<p class=\"als\">Vervolg op {}</p>\n", escape(parent)),
        _ => condition,
    };
    let mut about: Vec<String> = Vec::new();
    if question.signal {
        about.push("Signaal: een feit met een gewone verklaring".to_owned());
    }
    let differs = |own: &Option<String>, around: &Option<String>| own.as_ref().filter(|_| own != around).cloned();
    about.extend(
        differs(&question.partner, &section.partner).map(|one| format!("Partner: {}", codes::label(PARTNERS, &one))),
    );
    about.extend(differs(&question.theme, &section.theme).map(|one| format!("Thema: {}", codes::label(THEMES, &one))));
    about.extend(question.about.map(|about| format!("Gaat over: {}", about.code())));
    about.extend(question.personal_data.map(|data| format!("Persoonsgegeven: {}", data.code())));
    about.extend(question.counted.then(|| "Telt mee in de aantallen".to_owned()));
    about.extend(rules.report_place.as_ref().map(|place| format!("Vult in het rapport: {}", place.replace('-', " "))));
    about.extend(question.handover.then(|| "Vraagt naar de overdracht".to_owned()));
    about.extend(report(question.in_report).filter(|_| question.in_report != section.in_report));
    format!(
        "<li class=\"vraag diep-{level}\" id=\"vraag-{id}\">\n<p class=\"kantlijn\"><b>{id}</b>{required}<span class=\"{node}\" aria-hidden=\"true\"></span></p>\n\
         <div class=\"werk\">\n<fieldset>\n<legend>{}</legend>\n{condition}{}{}{}{}</fieldset>\n{}{}</div>\n{}</li>\n",
        escape(&question.text),
        element("p", "uitleg", question.explanation.as_deref()),
        element("p", "let-op", question.caution.as_deref()),
        answers::answer(question),
        answers::photos(question),
        tags(&about),
        outcomes(page, question, &rules),
        card(question),
    )
}

/// The help card with the law; what stands one tap away in the app.
fn card(question: &Question) -> String {
    let empty = HelpCard::default();
    let help = question.help.as_ref().unwrap_or(&empty);
    if question.grounds.is_empty() && *help == empty {
        return String::new();
    }
    let grounds: String = question.grounds.iter().map(ground).collect();
    let grounds = if grounds.is_empty() { String::new() } else { format!("<h4>Grondslag</h4>\n{grounds}") };
    let part = |heading: &str, texts: &[String]| {
        if texts.is_empty() { String::new() } else { format!("<h4>{heading}</h4>\n{}", list(texts)) }
    };
    let id = escape(&question.id);
    format!(
        "<div class=\"kaart\">\n<h3>Waarom {id}?</h3>\n{}{grounds}<div class=\"lang\">{}{}{}{}</div></div>\n",
        element("p", "lang", help.explanation.as_deref()),
        part("Waar let u op", &help.look_for),
        part("Gewone verklaringen", &help.ordinary_explanations),
        part("Wat doet u", &help.what_to_do),
        part("Wie belt u", &help.whom_to_call),
    )
}

fn ground(ground: &Ground) -> String {
    let days = valid(ground.valid_from, ground.valid_until);
    let days = if ground.valid_from.is_some() || ground.valid_until.is_some() {
        format!("Geldt {days}. ")
    } else {
        String::new()
    };
    let checked = if ground.to_be_checked { "<span class=\"toetsen\">Nog te toetsen</span>" } else { "" };
    let source = ground.reference.as_ref().map(|source| format!("Bron {}. ", source)).unwrap_or_default();
    format!(
        "<p class=\"wet\">{}</p>\n<p class=\"lang\">{}</p>\n<p class=\"geldt\">{}{checked}</p>\n",
        escape(&ground.article),
        escape(&ground.text),
        escape(&format!("{days}{source}")),
    )
}

fn end(checklist: &Checklist) -> String {
    let leaflets: Vec<String> = checklist.leaflets().iter().map(|leaflet| leaflet.title.clone()).collect();
    let leaflets = if leaflets.is_empty() {
        String::new()
    } else {
        format!("<h2>Materiaal om uit te reiken</h2>\n{}", list(&leaflets))
    };
    format!(
        "<footer class=\"slot\">\n{leaflets}<p>Voorbeeld van {} {}. Wat u hier kiest, wordt nergens bewaard.</p>\n<p class=\"hash\">SHA-256 <code>{}</code></p>\n</footer>\n",
        escape(checklist.id()),
        escape(checklist.version()),
        checklist.hash(),
    )
}

fn tags(texts: &[String]) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let items: String = texts.iter().map(|text| format!("<li>{}</li>", escape(text))).collect();
    format!("<ul class=\"kenmerken\">{items}</ul>\n")
}

fn report(place: InReport) -> Option<String> {
    match place {
        InReport::Always => None,
        InReport::FileOnly => Some("Alleen in het rapport voor het dossier".to_owned()),
        InReport::Never => Some("Nooit in het rapport".to_owned()),
    }
}

fn family(family: Family) -> &'static str {
    match family {
        Family::Vb => "Veilig Buitengebied",
        Family::Btp => "Bestuurlijk Toezicht Prostitutie",
        Family::Agro => "Agro-coach",
    }
}

fn valid(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!("van {} tot en met {}", day(from), day(until)),
        (Some(from), None) => format!("vanaf {}", day(from)),
        (None, Some(until)) => format!("tot en met {}", day(until)),
        (None, None) => "altijd".to_owned(),
    }
}

/// A day in words: `1 november 2026`.
fn day(day: NaiveDate) -> String {
    use chrono::Datelike;
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let month = usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"");
    format!("{} {month} {}", day.day(), day.year())
}
