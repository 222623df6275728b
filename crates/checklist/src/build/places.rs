//! Which question fills which place of the report: each place once, with an answer of a kind that fits it.

use super::rules::questions;
use crate::assemble::Assembled;
use crate::handling::{InReport, ReportPlace};
use crate::model::{QuestionKind, Section};
use crate::problem::Complaints;

pub(super) fn check(assembled: &Assembled, sections: &[Section], complaints: &mut Complaints<'_>) {
    let mut taken: Vec<(ReportPlace, &str)> = Vec::new();
    for both in questions(assembled, sections) {
        let (Some(at), Some(place)) = (&both.at.get().rapport, both.read.report_place) else { continue };
        let kinds = kinds(place);
        if !kinds.iter().any(|(kind, _)| *kind == both.read.kind) {
            let kinds: Vec<&str> = kinds.iter().map(|(_, name)| *name).collect();
            let message = "Een antwoord van deze soort past niet op deze plaats in het rapport.";
            complaints.add(at.start(), message, format!("Hier past: {}.", kinds.join(", ")));
        }
        if both.read.in_report == InReport::Never {
            let message = "Deze vraag staat nooit in het rapport, en vult er dan ook geen plaats.";
            complaints.add(at.start(), message, "Haal `rapport` weg, of laat de vraag wel in het rapport staan.");
        }
        if place == ReportPlace::Statement {
            continue;
        }
        if both.section.group.is_some() {
            let message = "Deze vraag komt vaker terug, en het rapport heeft hier plaats voor één antwoord.";
            complaints.add(at.start(), message, "Alleen `verklaring` kan in een onderdeel dat zich herhaalt.");
        }
        match taken.iter().find(|(other, _)| *other == place) {
            Some((_, id)) => {
                let message = format!("Deze plaats in het rapport is al van vraag {id}.");
                complaints.add(at.start(), message, "Elke plaats staat op één vraag; alleen `verklaring` mag vaker.");
            }
            None => taken.push((place, &both.read.id)),
        }
    }
}

/// The kinds that fit a place, with their Dutch names.
fn kinds(place: ReportPlace) -> &'static [(QuestionKind, &'static str)] {
    use QuestionKind as K;
    const CHOICE: &[(K, &str)] = &[
        (K::YesNo, "ja-nee"),
        (K::YesNoNotApplicable, "ja-nee-nvt"),
        (K::YesNoUnknown, "ja-nee-onbekend"),
        (K::OneOf, "een-van"),
    ];
    match place {
        ReportPlace::Address => &[(K::Address, "adres")],
        ReportPlace::Point => &[(K::Point, "punt")],
        ReportPlace::Cause | ReportPlace::SpokenTo => {
            &[(K::OneOf, "een-van"), (K::SeveralOf, "meer-van"), (K::Text, "tekst")]
        }
        ReportPlace::Home
        | ReportPlace::WarrantUsed
        | ReportPlace::PurposeTold
        | ReportPlace::Consent
        | ReportPlace::Oath => CHOICE,
        ReportPlace::WarrantDay => &[(K::Date, "datum")],
        ReportPlace::Arrival | ReportPlace::IdentifiedAt | ReportPlace::ConsentAt | ReportPlace::CautionAt => {
            &[(K::Time, "tijd"), (K::DateTime, "datum-tijd")]
        }
        ReportPlace::ConsentWords | ReportPlace::Statement | ReportPlace::Reaction => &[(K::Text, "tekst")],
    }
}
