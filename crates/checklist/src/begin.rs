//! What a controle begins with, whoever plans it.

use veldboek_domain::{Address, Body, Clock, Entropy, ItemId, RegisterKey, SetKind, Slot, Value};

use crate::checklist::Checklist;
use crate::model::QuestionKind;

/// The first contents of a controle that follows this checklist: the planned address as the answer to the question for
/// it, and an item for every group that must have one, such as the first building.
pub fn first_contents(checklist: &Checklist, address: &Address, clock: &dyn Clock, entropy: &dyn Entropy) -> Vec<Body> {
    let mut bodies = Vec::new();
    if let Some(asked) = checklist.questions().find(|question| question.kind == QuestionKind::Address) {
        let register = RegisterKey::Answer(Slot::of(&asked.id));
        bodies.push(Body::Written { register, value: Value::Address(address.clone()) });
    }
    for group in checklist.groups() {
        for _ in 0..group.minimum {
            let set = SetKind::Group { group: group.id.clone() };
            bodies.push(Body::ItemAdded { item: ItemId::new(clock, entropy), set, slot: None, parent: None });
        }
    }
    bodies
}
