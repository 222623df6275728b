//! What a controle begins with, whoever plans it.

use veldboek_domain::{Body, Clock, Entropy, ItemId, SetKind};

use crate::checklist::Checklist;

/// An item for every group that must have one, such as the first building: nobody arrives at a list without a place for
/// what they see.
pub fn first_items(checklist: &Checklist, clock: &dyn Clock, entropy: &dyn Entropy) -> Vec<Body> {
    let mut bodies = Vec::new();
    for group in checklist.groups() {
        for _ in 0..group.minimum {
            let set = SetKind::Group { group: group.id.clone() };
            bodies.push(Body::ItemAdded { item: ItemId::new(clock, entropy), set, slot: None, parent: None });
        }
    }
    bodies
}
