//! Checklists without persons: no question may hold or ask for what leads to a person.
//!
//! Source: data about a sex worker is special-category data and art. 151a Gemeentewet is no basis for it (State Secretary,
//! 34 193 nr. 12; AP on The Hague). So the format has no word for "about a person", and what asks for one is refused unless
//! the municipality recorded a ground.

use super::asked::{asks_for, in_dutch};
use super::rules::{Both, questions};
use super::says_yes;
use crate::assemble::Assembled;
use crate::context::ReadingContext;
use crate::handling::PersonalData;
use crate::model::{Family, QuestionKind, Section};
use crate::problem::Complaints;
use crate::source::{At, Text};

pub(super) fn check(
    assembled: &Assembled,
    sections: &[Section],
    context: &ReadingContext,
    complaints: &mut Complaints<'_>,
) {
    let source = &assembled.source;
    let anonymous = says_yes(&source.anoniem);
    let whole = says_yes(&source.zonder_personen) || anonymous;
    if let Some(family) = &source.familie
        && *family.get() == Family::Btp
        && !says_yes(&source.zonder_personen)
    {
        let place = source.zonder_personen.as_ref().map_or(family.start(), At::start);
        let message = "Een checklist van de familie `btp` legt van niemand iets vast.";
        complaints.add(place, message, "Zet `zonder_personen = true` bovenin het bestand.");
    }
    for both in questions(assembled, sections) {
        let permitted = ground(&both, anonymous, context, complaints);
        let part = both.section_source.part.map(|part| &assembled.parts[part]);
        if whole || part.is_some_and(|part| part.included.without_persons) {
            question(&both, permitted, anonymous, complaints);
        }
    }
}

/// The kind of data that a question says it asks for, when the municipality recorded a ground.
fn ground(
    both: &Both<'_>,
    anonymous: bool,
    context: &ReadingContext,
    complaints: &mut Complaints<'_>,
) -> Option<PersonalData> {
    let at = both.at.get().persoonsgegeven.as_ref()?;
    let kind = *at.get();
    if anonymous {
        let message = format!("Een anonieme checklist vraagt nooit {}.", in_dutch(kind));
        complaints.add(at.start(), message, "Haal de vraag weg. Geen grondslag verandert dat.");
    } else if !context.permits(kind) {
        complaints.add(
            at.start(),
            format!("Er is geen vastgelegde grondslag van de gemeente om {} te vragen.", in_dutch(kind)),
            "Haal de vraag weg. Is er een besluit van de gemeente? Laat de beheerder de grondslag eerst vastleggen.",
        );
    }
    // Said once: what follows from it is not said again.
    Some(kind)
}

fn question(both: &Both<'_>, permitted: Option<PersonalData>, anonymous: bool, complaints: &mut Complaints<'_>) {
    let source = both.at.get();
    let said = both.read.about.is_some() || permitted.is_some() || complaints.was_set_aside(both.at.start(), "over");
    if holds_words_or_pictures(both) && !said {
        complaints.add(
            both.kind_place(),
            format!("Vraag {} zegt niet waar het antwoord over gaat.", both.read.id),
            "Zet erbij: over = \"plek\", \"organisatie\", \"werkwijze\" of \"team\". Over een persoon legt deze checklist niets vast.",
        );
    }
    if (source.fotos.is_some() || both.read.kind == QuestionKind::Photo)
        && !source.fotos.as_ref().is_some_and(|photos| says_yes(&photos.get().zonder_personen))
        && permitted != Some(PersonalData::Photo)
    {
        let place = source.fotos.as_ref().map_or(both.kind_place(), At::start);
        let message = format!("Bij vraag {} staat niet dat er niemand op de foto's komt.", both.read.id);
        complaints.add(place, message, "Zet `zonder_personen = true` bij `fotos`, en zeg het in de aanwijzing.");
    }
    let free = holds_words_or_pictures(both) || both.read.kind == QuestionKind::Number;
    let own = [&source.tekst, &source.toelichting, &source.eenheid];
    let choices = source.optie.iter().chain(&source.rij).flat_map(|at| [&at.get().tekst, &at.get().kop]);
    let texts = own.into_iter().map(|text| (text, free)).chain(choices.map(|text| (text, false)));
    for (text, free) in texts {
        if let Some(text) = text {
            asked(text, free, permitted, anonymous, complaints);
        }
    }
}

fn asked(text: &Text, free: bool, permitted: Option<PersonalData>, anonymous: bool, complaints: &mut Complaints<'_>) {
    let Some((kind, word)) = asks_for(text.get(), free, permitted) else { return };
    let message = format!("Deze tekst vraagt naar {}: \"{word}\".", in_dutch(kind));
    let hint = match anonymous {
        true => "Vraag naar de plek, de organisatie of de werkwijze: deze checklist is anoniem.".to_owned(),
        false => format!(
            "Vraag naar de plek, de organisatie of de werkwijze. Met een vastgelegde grondslag van de gemeente kan het wel, met persoonsgegeven = \"{}\".",
            kind.code()
        ),
    };
    complaints.add(text.start(), message, hint);
}

/// Whether somebody can write, draw or photograph in the answer.
fn holds_words_or_pictures(both: &Both<'_>) -> bool {
    use QuestionKind::{Address, Document, Observation, Photo, Signature, Text};
    matches!(both.read.kind, Text | Observation | Document | Photo | Address | Signature)
        || both.read.observation_per_option
}
