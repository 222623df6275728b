//! What several people do in one controle: what they differ about, which signatures stand, who leads and who was asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Inspection, Signed};
use crate::ids::{PersonId, RecordId};
use crate::record::{Header, PersonCard};
use crate::register::{Part, Register, RegisterKey};
use crate::roles::Role;
use crate::value::Value;

/// People wrote, or signed, different things without seeing each other's: a person settles it, and until then the controle
/// can't become final.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference<'a> {
    /// A register holds more than one value.
    Register(&'a RegisterKey, &'a Register),
    /// One side has more than one signature.
    Signature {
        /// Author, or visited party.
        by_author: bool,
        /// The signatures, each with its record.
        signatures: Vec<(RecordId, &'a Signed)>,
    },
    /// Somebody came to the team with more than one card.
    Member {
        /// Who.
        person: PersonId,
        /// The cards, each with the record that added it.
        cards: Vec<(RecordId, &'a PersonCard, &'a Header)>,
    },
}

impl Inspection {
    /// Everything that people must settle before the controle can become final: registers, signatures and members.
    pub fn open_differences(&self) -> Vec<Difference<'_>> {
        let registers = self.differences().map(|(key, register)| Difference::Register(key, register));
        let signatures = [true, false].into_iter().filter_map(|by_author| {
            let signatures = self.standing(by_author);
            (signatures.len() > 1).then_some(Difference::Signature { by_author, signatures })
        });
        registers.chain(signatures).chain(self.member_differences()).collect()
    }

    fn member_differences(&self) -> impl Iterator<Item = Difference<'_>> {
        let mut people: BTreeMap<PersonId, Vec<(RecordId, &PersonCard, &Header)>> = BTreeMap::new();
        for (id, (card, header)) in &self.members {
            let cards = people.entry(card.person).or_default();
            if !self.removed.contains_key(&card.person) && cards.iter().all(|(_, known, _)| *known != card) {
                cards.push((*id, card, header));
            }
        }
        let differing = people.into_iter().filter(|(_, cards)| cards.len() > 1);
        differing.map(|(person, cards)| Difference::Member { person, cards })
    }

    /// The records that the next one about somebody's membership takes the place of.
    pub fn member_parents(&self, person: PersonId) -> Vec<RecordId> {
        let added = self.members.iter().filter(|(_, (card, _))| card.person == person).map(|(id, _)| *id);
        let removed = self.removed.get(&person).into_iter().flatten().map(|(_, id)| *id);
        added.chain(removed).collect()
    }

    /// The signatures that stand, in the order of their making. While people differ about a side, all of its.
    pub fn signatures(&self) -> Vec<&Signed> {
        let mut signatures: Vec<(RecordId, &Signed)> = self.standing(true);
        signatures.extend(self.standing(false));
        signatures.sort_by_key(|(id, signed)| (signed.header.at, *id));
        signatures.into_iter().map(|(_, signed)| signed).collect()
    }

    /// The signatures of a side that stand: the one that was chosen, or each that nobody chose against. Equal ones are one.
    fn standing(&self, by_author: bool) -> Vec<(RecordId, &Signed)> {
        let mut signatures: Vec<(RecordId, &Signed)> = Vec::new();
        for (id, signed) in self.signatures.iter().filter(|(_, signed)| signed.by_author == by_author) {
            if signatures.iter().all(|(_, known)| known.signature != signed.signature) {
                signatures.push((*id, signed));
            }
        }
        let chosen: BTreeSet<RecordId> = self
            .chosen
            .values()
            .filter(|chosen| chosen.by_author == by_author)
            .map(|chosen| chosen.signature)
            .collect();
        let stands: Vec<_> = signatures.iter().filter(|(id, _)| chosen.contains(id)).cloned().collect();
        if stands.len() == 1 { stands } else { signatures }
    }

    /// The choices between signatures of a side that the next one takes the place of.
    pub fn choice_parents(&self, by_author: bool) -> Vec<RecordId> {
        let same = self.chosen.iter().filter(|(_, chosen)| chosen.by_author == by_author);
        same.map(|(id, _)| *id).collect()
    }

    /// The signatures that a new one by the same side takes the place of.
    pub fn signature_parents(&self, by_author: bool) -> Vec<RecordId> {
        let same = self.signatures.iter().filter(|(_, signed)| signed.by_author == by_author);
        same.map(|(id, _)| *id).chain(self.choice_parents(by_author)).collect()
    }

    /// Whom the team leader asked to do a part; none while nobody was asked or people differ.
    pub fn asked_for(&self, part: &Part) -> Option<PersonId> {
        match self.value(&RegisterKey::Section(part.clone())) {
            Some(Value::Person(person)) => Some(*person),
            _ => None,
        }
    }

    /// The parts for which somebody was asked once, each with who is asked now: nobody while people differ about it.
    pub fn parts_asked(&self) -> impl Iterator<Item = (&Part, Option<PersonId>)> {
        let first = RegisterKey::Section(Part { section: String::new(), item: None });
        self.registers.range(first..).filter_map(|(key, register)| {
            let RegisterKey::Section(part) = key else { return None };
            let person = match register.settled() {
                Some(Value::Person(person)) => Some(*person),
                _ => None,
            };
            Some((part, person))
        })
    }

    /// Whether somebody leads the team: a team leader who takes part, and in a team without one whoever opened the controle.
    pub fn is_led_by(&self, person: PersonId) -> bool {
        let members = self.members();
        let leads = |card: &&&PersonCard| card.role == Role::TeamLeader;
        if members.iter().any(|card| leads(&card)) {
            return members.iter().filter(leads).any(|card| card.person == person);
        }
        let opener = self.opened_by().map(|header| header.author.person);
        match members.iter().find(|card| Some(card.person) == opener) {
            Some(opener) => opener.person == person,
            // It was planned at the desk: whoever of the team came first.
            None => members.first().is_some_and(|card| card.person == person),
        }
    }
}
