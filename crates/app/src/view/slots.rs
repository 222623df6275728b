//! The state of places for answers, and progress.

use std::collections::{BTreeSet, HashMap};

use veldboek_checklist::{Progress, Question, Section, item_name};
use veldboek_domain::{ItemId, RegisterKey, SetKind, Slot, Value};

use super::Viewer;
use crate::api::{GroupItem, PartProgress, SlotView};
use crate::opened::Opened;

/// Every question, for every item of its group.
fn question_slots(opened: &Opened) -> Vec<Slot> {
    let mut slots = Vec::new();
    for section in opened.sections() {
        for item in items_of(opened, section) {
            slots.extend(section.questions.iter().map(|question| Slot::within(&question.id, item)));
        }
    }
    slots
}

fn items_of(opened: &Opened, section: &Section) -> Vec<Option<ItemId>> {
    match &section.group {
        Some(group) => opened.group_items(group).iter().copied().map(Some).collect(),
        None => vec![None],
    }
}

impl Viewer<'_> {
    /// Every place that is visible or holds something, and the options' own observations.
    pub(super) fn slots(&self) -> Vec<SlotView> {
        let photos = self.photo_counts();
        let mut slots: Vec<Slot> = question_slots(self.opened);
        slots.extend(self.option_slots());
        slots.iter().filter_map(|slot| self.slot(slot, &photos)).collect()
    }

    /// The places whose state may have changed by what was written last, that register's own place among them.
    pub(super) fn changed_slots(&self, register: &RegisterKey) -> Vec<SlotView> {
        let photos = self.photo_counts();
        let own = match register {
            RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => Some(slot),
            _ => None,
        };
        let touched = self.opened.touched.iter().filter(|slot| self.opened.may_answer(&slot.question));
        let slots: BTreeSet<&Slot> = touched.chain(own).collect();
        slots.into_iter().map(|slot| self.bare(slot, &photos)).collect()
    }

    fn option_slots(&self) -> BTreeSet<Slot> {
        let registers = self.opened.state.registers();
        let parts = registers.filter_map(|(key, _)| match key {
            RegisterKey::Answer(slot) if slot.part.is_some() => Some(slot.clone()),
            _ => None,
        });
        parts.collect()
    }

    fn slot(&self, slot: &Slot, photos: &HashMap<Slot, u32>) -> Option<SlotView> {
        let view = self.bare(slot, photos);
        let holds =
            view.value.is_some() || view.differs || !view.note.is_empty() || !view.reason.is_empty() || view.photos > 0;
        (view.visible || holds).then_some(view)
    }

    fn bare(&self, slot: &Slot, photos: &HashMap<Slot, u32>) -> SlotView {
        let state = self.opened.evaluation.state(&Slot { part: None, ..slot.clone() });
        let register = self.opened.state.register(&RegisterKey::Answer(slot.clone()));
        let written = register.and_then(|register| register.settled_by()).map(|(_, written)| written);
        SlotView {
            slot: slot.clone(),
            visible: state.is_some_and(|state| state.visible),
            required: state.is_some_and(|state| state.required),
            done: state.is_some_and(|state| state.answered || state.excused) || self.done_elsewhere(slot),
            value: written.map(|written| written.value.clone()).filter(|value| *value != Value::Cleared),
            differs: register.is_some_and(|register| register.differs()),
            violation: state.and_then(|state| state.violates.clone()),
            locked: state.and_then(|state| state.locked.clone()),
            note: self.beside(RegisterKey::Note(slot.clone())),
            reason: self.beside(RegisterKey::Reason(slot.clone())),
            kept_at: written.map(|written| written.header.at.to_rfc3339()),
            author: written.map(|written| self.name(&written.header)).unwrap_or_default(),
            received_at: written.and_then(|written| self.received_at(&written.header)),
            photos: photos.get(slot).copied().unwrap_or(0),
        }
    }

    /// A question about signatures or participants is done by signing and by naming them.
    fn done_elsewhere(&self, slot: &Slot) -> bool {
        use veldboek_checklist::QuestionKind;
        match self.question(slot).map(|question| question.kind) {
            Some(QuestionKind::Signature) => self.opened.state.signatures().iter().any(|signed| signed.by_author),
            Some(QuestionKind::Participants) => self.opened.state.current(&SetKind::Participant).next().is_some(),
            _ => false,
        }
    }

    fn question(&self, slot: &Slot) -> Option<&Question> {
        self.opened.checklist.question(&slot.question)
    }

    fn beside(&self, key: RegisterKey) -> String {
        self.opened.state.value(&key).and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    fn photo_counts(&self) -> HashMap<Slot, u32> {
        let mut counts = HashMap::new();
        let state = &self.opened.state;
        for item in state.current(&SetKind::Photo).chain(state.current(&SetKind::Document)) {
            if let (Some(slot), Some(_)) = (item.slot, item.sealed) {
                *counts.entry(slot).or_insert(0) += 1;
            }
        }
        counts
    }

    /// Progress per section and group item.
    pub(super) fn progress(&self) -> Vec<PartProgress> {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let parts = self.opened.evaluation.parts(|section| self.opened.sees(section));
        let view = |(section, item, progress): (&str, Option<ItemId>, Progress)| PartProgress {
            section: section.to_owned(),
            item,
            done: small(progress.answered),
            questions: small(progress.visible),
            required_open: small(progress.required_open),
        };
        parts.map(view).collect()
    }

    /// The items of all repeated groups, in order.
    pub(super) fn group_items(&self) -> Vec<GroupItem> {
        let groups = self.opened.checklist.groups().iter();
        let items = groups.flat_map(|group| self.opened.group_items(&group.id).iter().map(move |item| (group, *item)));
        items.map(|(group, item)| GroupItem { item, group: group.id.clone(), name: self.group_name(item) }).collect()
    }

    /// The name of a group's item.
    pub(super) fn group_name(&self, item: ItemId) -> String {
        item_name(&self.opened.checklist, &self.opened.state, item)
    }
}
