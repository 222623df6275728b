//! What a checklist declares before its sections: grounds, groups, leaflets and calculations.

use super::names::all_questions;
use super::{in_order, optional, read_day, text_of, unique};
use crate::model::{Calculation, Ground, Group, Leaflet};
use crate::problem::{Complaints, suggest};
use crate::source::ChecklistSource;

pub(super) fn grounds(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Ground> {
    let mut grounds: Vec<Ground> = Vec::new();
    for at in &source.grondslag {
        let ground = at.get();
        let id = text_of(&ground.id, "id", at.start(), complaints);
        unique(&ground.id, "Grondslag", grounds.iter().map(|other| other.id.as_str()), complaints);
        let article = text_of(&ground.artikel, "artikel", at.start(), complaints);
        let text = text_of(&ground.tekst, "tekst", at.start(), complaints);
        let valid_from = ground.geldig_vanaf.as_ref().and_then(|day| read_day(day, complaints));
        let valid_until = ground.geldig_tot.as_ref().and_then(|day| read_day(day, complaints));
        in_order(valid_from, valid_until, ground.geldig_tot.as_ref(), complaints);
        let Some(id) = id else { continue };
        grounds.push(Ground {
            id,
            article: article.unwrap_or_default(),
            text: text.unwrap_or_default(),
            valid_from,
            valid_until,
            to_be_checked: ground.te_toetsen,
            reference: optional(&ground.bron),
        });
    }
    grounds
}

pub(super) fn groups(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Group> {
    let mut groups = Vec::new();
    for at in &source.groep {
        let group = at.get();
        let id = text_of(&group.id, "id", at.start(), complaints);
        let title = text_of(&group.titel, "titel", at.start(), complaints);
        let item_title = text_of(&group.enkelvoud, "enkelvoud", at.start(), complaints);
        groups.push(Group {
            id: id.unwrap_or_default(),
            title: title.unwrap_or_default(),
            item_title: item_title.unwrap_or_default(),
            minimum: group.minimum,
        });
    }
    groups
}

pub(super) fn leaflets(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Leaflet> {
    let mut leaflets: Vec<Leaflet> = Vec::new();
    for at in &source.folder {
        let leaflet = at.get();
        let id = text_of(&leaflet.id, "id", at.start(), complaints);
        unique(&leaflet.id, "Folder", leaflets.iter().map(|other| other.id.as_str()), complaints);
        let title = text_of(&leaflet.titel, "titel", at.start(), complaints);
        leaflets.extend(id.zip(title).map(|(id, title)| Leaflet { id, title }));
    }
    leaflets
}

pub(super) fn calculations(source: &ChecklistSource, complaints: &mut Complaints<'_>) -> Vec<Calculation> {
    let known: Vec<&str> =
        source.groep.iter().filter_map(|group| Some(group.get().id.as_ref()?.get().as_str())).collect();
    let questions: Vec<&str> = all_questions(source).map(|(_, id)| id.get().as_str()).collect();
    let mut calculations = Vec::new();
    for at in &source.berekening {
        let calculation = at.get();
        let name = text_of(&calculation.naam, "naam", at.start(), complaints);
        let title = text_of(&calculation.titel, "titel", at.start(), complaints);
        text_of(&calculation.waarde, "waarde", at.start(), complaints);
        if let Some(group) = &calculation.groep
            && !known.contains(&group.get().as_str())
        {
            let message = format!("De groep `{}` bestaat niet.", group.get());
            complaints.add(group.start(), message, suggest(group.get(), &known));
        }
        if let Some(question) = &calculation.bij
            && !questions.contains(&question.get().as_str())
        {
            let message = format!("Vraag `{}` bestaat niet.", question.get());
            complaints.add(question.start(), message, suggest(question.get(), &questions));
        }
        calculations.push(Calculation {
            name: name.unwrap_or_default(),
            title: title.unwrap_or_default(),
            group: optional(&calculation.groep),
            beside: optional(&calculation.bij),
        });
    }
    calculations
}
