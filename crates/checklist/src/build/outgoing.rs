//! Checklists of which only counts may leave: the agro-coach's conversation and the anonymous survey.
//!
//! Source: coaching is voluntary and confidential, and nothing of it flows to enforcement (domain, 0.9 and 2.4). So what is
//! counted can hold no words, no day and no place, and no number that could stand for a person.

use super::rules::{Both, questions};
use super::says_yes;
use crate::assemble::Assembled;
use crate::handling::Outgoing;
use crate::model::{Family, QuestionKind, Section};
use crate::problem::Complaints;
use crate::source::At;

/// The largest number that can be counted: enough for minutes and for animals on a farm, too small to be a telephone number,
/// a postcode or a day.
const LARGEST_COUNT: f64 = 1000.0;

pub(super) fn check(assembled: &Assembled, sections: &[Section], complaints: &mut Complaints<'_>) {
    let source = &assembled.source;
    let counts_only = source.uitgaand.as_ref().is_some_and(|outgoing| *outgoing.get() == Outgoing::Counts);
    let agro = source.familie.as_ref().filter(|family| *family.get() == Family::Agro);
    if let Some(family) = agro
        && !counts_only
        && !complaints.was_set_aside(0, "uitgaand")
    {
        let place = source.uitgaand.as_ref().map_or(family.start(), At::start);
        let message = "Van een gesprek van de agro-coach gaan alleen aantallen weg.";
        complaints.add(place, message, "Zet `uitgaand = \"tellingen\"` bovenin het bestand.");
    }
    if let Some(anonymous) = source.anoniem.as_ref().filter(|anonymous| *anonymous.get())
        && !counts_only
    {
        let message = "Van een anonieme checklist gaan alleen aantallen weg.";
        complaints.add(anonymous.start(), message, "Zet `uitgaand = \"tellingen\"` bovenin het bestand.");
    }
    let nameless = agro.is_some() || says_yes(&source.anoniem);
    for both in questions(assembled, sections) {
        if nameless {
            refuse_who_and_where(&both, complaints);
        }
        if let Some(counted) = both.at.get().telt.as_ref().filter(|counted| *counted.get()) {
            countable(&both, counted.start(), counts_only, complaints);
        }
    }
}

fn refuse_who_and_where(both: &Both<'_>, complaints: &mut Complaints<'_>) {
    use QuestionKind::{Address, Document, Participants, Photo, Point, Signature};
    let kind = match both.read.kind {
        Photo => "een foto",
        Document => "een document",
        Address => "een adres",
        Point => "een plek op de kaart",
        Signature => "een handtekening",
        Participants => "een lijst van deelnemers",
        _ => {
            if let Some(photos) = &both.at.get().fotos {
                let message = "Bij deze checklist worden geen foto's gemaakt.";
                complaints.add(photos.start(), message, "Haal `fotos` weg.");
            }
            return;
        }
    };
    let message = format!("Deze checklist vraagt nooit {kind}: dat zegt wie of waar.");
    complaints.add(both.kind_place(), message, "Haal de vraag weg, of vraag iets dat een aantal of een keuze is.");
}

/// Only a choice or a small whole number can be counted.
fn countable(both: &Both<'_>, place: usize, counts_only: bool, complaints: &mut Complaints<'_>) {
    use QuestionKind::{Number, SeveralOf};
    if !counts_only {
        let hint = "Zet `uitgaand = \"tellingen\"` bovenin de checklist, of haal `telt` weg.";
        complaints.add(place, "`telt` doet iets als alleen aantallen weg mogen.", hint);
        return;
    }
    let question = both.read;
    let fits = question.kind.is_choice() || matches!(question.kind, SeveralOf | Number);
    if !fits || question.observation_per_option {
        let message = format!("Het antwoord op vraag {} kan niet worden geteld.", question.id);
        let hint = "Tellen kan bij ja-nee, ja-nee-nvt, ja-nee-onbekend, een-van, meer-van (zonder waarnemingen) en getal. Woorden, dagen en plekken gaan nooit weg.";
        complaints.add(place, message, hint);
    } else if question.kind == Number
        && !(question.whole
            && question.minimum.is_some_and(|least| least >= 0.0)
            && question.maximum.is_some_and(|most| most <= LARGEST_COUNT))
    {
        let message = format!("Het getal van vraag {} kan te groot worden om te tellen.", question.id);
        let hint = "Zet erbij: heel = true, minimum = 0 en een maximum van hoogstens 1000. Zo past er geen telefoonnummer en geen dag in.";
        complaints.add(place, message, hint);
    }
}
