//! What is held per question, and per item of its group.

use std::collections::BTreeMap;

use veldboek_domain::ItemId;

/// One value for each question (or section) outside a group, and one for each item of the group for one within. Found by its
/// place, since a screen asks for all of them after every answer.
#[derive(Clone, Debug)]
pub(super) struct Instances<T>(Vec<BTreeMap<Option<ItemId>, T>>);

/// A question's (or section's) place in the plan, and the item of its group.
pub(super) type Key = (usize, Option<ItemId>);

impl<T> Instances<T> {
    /// None yet, of this many.
    pub(super) fn new(places: usize) -> Self {
        Self((0..places).map(|_| BTreeMap::new()).collect())
    }

    pub(super) fn get(&self, (question, item): &Key) -> Option<&T> {
        self.0.get(*question)?.get(item)
    }

    pub(super) fn get_mut(&mut self, (question, item): &Key) -> Option<&mut T> {
        self.0.get_mut(*question)?.get_mut(item)
    }

    pub(super) fn insert(&mut self, (question, item): Key, value: T) {
        if let Some(items) = self.0.get_mut(question) {
            items.insert(item, value);
        }
    }

    pub(super) fn remove(&mut self, (question, item): &Key) {
        if let Some(items) = self.0.get_mut(*question) {
            items.remove(item);
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.iter_mut().for_each(BTreeMap::clear);
    }
}
