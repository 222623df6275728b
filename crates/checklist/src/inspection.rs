//! An inspection as a checklist sees it.

use chrono::NaiveDate;
use veldboek_domain::{Field, Inspection, Item, ItemId, RegisterKey, Role, SetKind, Slot, Value};

use crate::answers::{Answers, Facts, Participant};
use crate::checklist::Checklist;

impl Answers for Inspection {
    fn answer(&self, slot: &Slot) -> Option<&Value> {
        Inspection::answer(self, slot)
    }

    fn group_items(&self, group: &str) -> Vec<ItemId> {
        let set = SetKind::Group { group: group.to_owned() };
        let mut items: Vec<ItemId> = self.current_ids(|item| item.set == set).collect();
        items.sort_by(|a, b| order(self, *a).total_cmp(&order(self, *b)).then(a.cmp(b)));
        items
    }

    fn reason(&self, slot: &Slot) -> Option<&str> {
        self.value(&RegisterKey::Reason(slot.clone())).and_then(Value::as_text).filter(|text| !text.trim().is_empty())
    }

    fn attachments(&self, slot: &Slot) -> usize {
        Inspection::attachments(self, slot)
    }
}

/// Where an item stands in its set: as somebody ordered it, otherwise behind, by its id and so by its making.
fn order(inspection: &Inspection, item: ItemId) -> f64 {
    match inspection.item_field(item, Field::Order) {
        Some(Value::Number(order)) => *order,
        _ => f64::MAX,
    }
}

impl Facts {
    /// The facts of an inspection that no question asks.
    pub fn of(inspection: &Inspection, today: NaiveDate) -> Self {
        let text = |item: &Item, field| inspection.item_text(item.id, field).to_owned();
        let participants = inspection.current(&SetKind::Participant).map(|item| Participant {
            name: text(&item, Field::Name),
            organisation: text(&item, Field::Organisation),
            partner: text(&item, Field::Partner),
            function: text(&item, Field::Function),
            pass_number: text(&item, Field::PassNumber),
            legal_basis: text(&item, Field::LegalBasis),
            designation: text(&item, Field::Designation),
            goes_inside: inspection.item_field(item.id, Field::GoesInside) == Some(&Value::Flag(true)),
        });
        Self {
            today,
            visit_day: visit_day(inspection),
            special_officer: inspection.members().iter().any(|card| card.role == Role::InvestigatingOfficer),
            participants: participants.collect(),
        }
    }
}

/// The name of an item of a repeated group: as somebody called it, or `Gebouw 2` when nobody did.
pub fn item_name(checklist: &Checklist, inspection: &Inspection, item: ItemId) -> String {
    let name = inspection.item_text(item, Field::Name);
    if !name.is_empty() {
        return name.to_owned();
    }
    let Some(SetKind::Group { group }) = inspection.item(item).map(|item| item.set) else {
        return String::new();
    };
    let title = checklist.groups().iter().find(|known| known.id == group).map(|known| known.item_title.as_str());
    let number = inspection.group_items(&group).iter().position(|other| *other == item).map_or(0, |at| at + 1);
    format!("{} {number}", title.unwrap_or(&group))
}

/// The day of the controle: as planned, otherwise as opened.
pub fn visit_day(inspection: &Inspection) -> Option<NaiveDate> {
    match inspection.field(Field::PlannedAt) {
        Some(Value::DateTime(at)) => Some(at.date_naive()),
        _ => inspection.opened_by().map(|header| header.at.date_naive()),
    }
}
