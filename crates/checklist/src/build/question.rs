//! Questions with their options, help and references.

use veldboek_domain::codes::{MEASURES, PARTNERS, THEMES};

use super::{Lists, coded, is_code, need, optional, says_yes, text_of};
use crate::expression::Known;
use crate::model::{Choice, HelpCard, PhotoHint, Question, QuestionKind};
use crate::problem::{Complaints, suggest};
use crate::source::{At, ChoiceSource, HelpSource, QuestionSource, SectionSource};

/// Reads the questions of a section. One without a readable kind becomes text, so that the rest is checked as well.
pub(super) fn questions(section: &SectionSource, lists: &Lists<'_>, complaints: &mut Complaints<'_>) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for at in &section.vraag {
        let question = question(at, section, &questions, lists, complaints);
        questions.push(question);
    }
    for (at, question) in section.vraag.iter().zip(&questions) {
        check_explanation(at.get(), question, lists, complaints);
    }
    questions
}

/// The codes that an answer can have, for checking conditions.
pub(super) fn codes(question: &QuestionSource) -> Option<Vec<String>> {
    let kind = *question.soort.as_ref()?.get();
    let own = || question.optie.iter().filter_map(|option| Some(option.get().code.as_ref()?.get().clone())).collect();
    match kind {
        QuestionKind::OneOf | QuestionKind::SeveralOf => Some(own()),
        kind if kind.is_choice() => Some(fixed_options(kind).iter().map(|(code, _)| (*code).to_owned()).collect()),
        _ => None,
    }
}

fn fixed_options(kind: QuestionKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        QuestionKind::YesNo => &[("ja", "Ja"), ("nee", "Nee")],
        QuestionKind::YesNoNotApplicable => &[("ja", "Ja"), ("nee", "Nee"), ("nvt", "Niet van toepassing")],
        QuestionKind::YesNoUnknown => &[("ja", "Ja"), ("nee", "Nee"), ("onbekend", "Onbekend")],
        _ => &[],
    }
}

fn question(
    at: &At<QuestionSource>,
    section: &SectionSource,
    earlier: &[Question],
    lists: &Lists<'_>,
    complaints: &mut Complaints<'_>,
) -> Question {
    let source = at.get();
    let id = text_of(&source.id, "id", at.start(), complaints).unwrap_or_default();
    let text = text_of(&source.tekst, "tekst", at.start(), complaints).unwrap_or_default();
    let kind = need(source.soort.as_ref(), "soort", at.start(), complaints).map(|kind| *kind.get());
    if let Some(kind) = kind {
        check_keys(at, kind, complaints);
    }
    let kind = kind.unwrap_or(QuestionKind::Text);
    let mut options: Vec<Choice> = fixed_options(kind)
        .iter()
        .map(|(code, label)| Choice {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
            heading: None,
            exclusive: false,
            help: None,
        })
        .collect();
    options.extend(choices(&source.optie, complaints));
    let parent = source.vervolg_op.as_ref().map(|parent| (parent, earlier.iter().find(|one| one.id == *parent.get())));
    if let Some((text, None)) = parent {
        complaints.add(
            text.start(),
            format!("`{}` staat niet eerder in dit onderdeel.", text.get()),
            "Een vervolgvraag komt na haar hoofdvraag, in hetzelfde onderdeel.",
        );
    }
    let parent = parent.and_then(|(_, parent)| parent);
    let mut grounds = Vec::new();
    for reference in &source.grondslagen {
        match lists.grounds.iter().find(|ground| ground.id == *reference.get()) {
            Some(ground) => grounds.push(ground.clone()),
            None => {
                let known: Vec<&str> = lists.grounds.iter().map(|ground| ground.id.as_str()).collect();
                let message = format!("De grondslag `{}` bestaat niet.", reference.get());
                complaints.add(reference.start(), message, suggest(reference.get(), &known));
            }
        }
    }
    let mut measures: Vec<String> = Vec::new();
    for measure in &source.maatregel {
        need(measure.get().code.as_ref(), "code", measure.start(), complaints);
        if let Some(code) = coded(&measure.get().code, MEASURES, "De maatregel", complaints)
            && !measures.contains(&code)
        {
            measures.push(code);
        }
    }
    Question {
        id,
        text,
        kind,
        explanation: optional(&source.toelichting),
        caution: optional(&source.let_op),
        required: source.verplicht,
        options,
        rows: choices(&source.rij, complaints),
        parent: parent.map(|parent| parent.id.clone()),
        level: parent.map_or(0, |parent| parent.level + 1),
        signal: source.signaal,
        explained_in: optional(&source.gewone_verklaring_in),
        observation_per_option: source.waarneming_per_keuze,
        needs_ordinary_explanation: source.vraagt_gewone_verklaring,
        unit: optional(&source.eenheid),
        minimum: source.minimum,
        maximum: source.maximum,
        whole: source.heel,
        prefill_now: source.nu,
        photos: source.fotos.as_ref().map(At::get).map(|photos| PhotoHint {
            minimum: photos.minimum,
            maximum: photos.maximum,
            instruction: photos.aanwijzing.clone(),
            without_persons: says_yes(&photos.zonder_personen),
        }),
        help: source.hulp.as_ref().map(help),
        grounds,
        partner: coded(&source.partner, PARTNERS, "De partner", complaints).or_else(|| optional(&section.partner)),
        theme: coded(&source.thema, THEMES, "Het thema", complaints).or_else(|| optional(&section.thema)),
        measures,
        may_stop: !source.stop.is_empty(),
        report_place: source.rapport.as_ref().map(|place| *place.get()),
        in_report: source.in_rapport.unwrap_or_default().max(super::in_report(section, lists)),
        about: source.over,
        personal_data: source.persoonsgegeven.as_ref().map(|kind| *kind.get()),
        counted: says_yes(&source.telt),
        handover: says_yes(&source.overdracht),
    }
}

fn choices(sources: &[At<ChoiceSource>], complaints: &mut Complaints<'_>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for at in sources {
        let source = at.get();
        let code = text_of(&source.code, "code", at.start(), complaints);
        let label = text_of(&source.tekst, "tekst", at.start(), complaints);
        let (Some(code), Some(label), Some(text)) = (code, label, &source.code) else { continue };
        if !is_code(&code) {
            let hint = "Gebruik kleine letters, cijfers en streepjes, zoals ja-mondeling.";
            complaints.add(text.start(), format!("`{code}` is geen goede code."), hint);
        }
        super::unique(&source.code, "Optie", choices.iter().map(|other| other.code.as_str()), complaints);
        choices.push(Choice {
            code,
            label,
            heading: optional(&source.kop),
            exclusive: source.sluit_uit,
            help: source.hulp.as_ref().map(help),
        });
    }
    choices
}

fn help(source: &HelpSource) -> HelpCard {
    HelpCard {
        explanation: source.uitleg.clone(),
        look_for: source.kijk_naar.clone(),
        ordinary_explanations: source.gewone_verklaringen.clone(),
        what_to_do: source.doe.clone(),
        whom_to_call: source.bel.clone(),
    }
}

/// Keys that belong to some kinds of question only.
fn check_keys(at: &At<QuestionSource>, kind: QuestionKind, complaints: &mut Complaints<'_>) {
    use QuestionKind::{Date, DateTime, Matrix, Number, Observation, OneOf, SeveralOf, Time};
    let source = at.get();
    let mut only = |used: bool, key: &str, fits: bool, kinds: &str| {
        if used && !fits {
            let message = format!("`{key}` past niet bij deze soort vraag.");
            complaints.add(
                at.start(),
                message,
                format!("`{key}` hoort bij: {kinds}. Haal het weg of kies een andere soort."),
            );
        }
    };
    let number = kind == Number;
    only(!source.optie.is_empty(), "optie", matches!(kind, OneOf | SeveralOf | Matrix), "een-van, meer-van, matrix");
    only(!source.rij.is_empty(), "rij", kind == Matrix, "matrix");
    only(source.eenheid.is_some(), "eenheid", number, "getal");
    only(source.minimum.is_some(), "minimum", number, "getal");
    only(source.maximum.is_some(), "maximum", number, "getal");
    only(source.heel, "heel", number, "getal");
    only(source.nu, "nu", matches!(kind, Date | Time | DateTime), "datum, tijd, datum-tijd");
    only(source.waarneming_per_keuze, "waarneming_per_keuze", kind == SeveralOf, "meer-van");
    only(
        source.vraagt_gewone_verklaring,
        "vraagt_gewone_verklaring",
        kind == Observation || source.waarneming_per_keuze,
        "waarneming, meer-van met waarneming_per_keuze",
    );
    if matches!(kind, OneOf | SeveralOf | Matrix) && source.optie.len() < 2 {
        complaints.add(
            at.start(),
            "Deze soort vraag heeft ten minste twee opties nodig.",
            "Voeg `optie` toe, een tabel per optie.",
        );
    }
    if kind == Matrix && source.rij.is_empty() {
        complaints.add(at.start(), "Een matrix heeft rijen nodig.", "Voeg `rij` toe, een tabel per rij.");
    }
    if let (Some(least), Some(most)) = (source.minimum, source.maximum)
        && most < least
    {
        complaints.add(at.start(), "`maximum` is kleiner dan `minimum`.", "Draai ze om.");
    }
    if source.verplicht
        && let Some(condition) = &source.verplicht_als
    {
        complaints.add(
            condition.start(),
            "`verplicht_als` doet niets naast `verplicht = true`.",
            "Laat een van beide weg.",
        );
    }
}

/// Every signal has its ordinary explanation somewhere: in its own observation, or in a question beside it.
fn check_explanation(source: &QuestionSource, question: &Question, lists: &Lists<'_>, complaints: &mut Complaints<'_>) {
    match &source.gewone_verklaring_in {
        Some(text) => {
            let known = &lists.names.questions;
            let own = known.iter().find(|one| one.id == question.id);
            let target = known.iter().find(|one| one.id == *text.get());
            let beside = |own: &Known, target: &Known| own.group == target.group && own.closed == target.closed;
            if !own.zip(target).is_some_and(|(own, target)| beside(own, target)) {
                complaints.add(
                    text.start(),
                    format!("Vraag `{}` bestaat niet naast deze vraag.", text.get()),
                    "Noem een vraag uit dezelfde groep die de gewone verklaring vraagt, en niet uit een besloten partnerset.",
                );
            }
        }
        None if question.signal && !question.needs_ordinary_explanation => {
            let place = source.id.as_ref().map_or(0, At::start);
            complaints.add(
                place,
                format!("Signaalvraag {} vraagt nergens een gewone verklaring.", question.id),
                "Zet `gewone_verklaring_in` op de vraag die dat doet, of `vraagt_gewone_verklaring = true` bij een waarneming.",
            );
        }
        None => {}
    }
}
