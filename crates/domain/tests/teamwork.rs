//! What several people do in one controle at once: signatures, members, parts, and work side by side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use chrono::DateTime;
use uuid::Uuid;
use veldboek_domain::alongside::alongside;
use veldboek_domain::{
    Author, Body, ChainId, ChainWriter, DeviceId, Difference, Inspection, InspectionId, ItemId, Part, PersonCard,
    PersonId, Record, RecordId, RegisterKey, Role, Signature, Slot, Stamp, StreamId, StreamKind, Value,
};

const STREAM: StreamId = StreamId(Uuid::from_u128(1));

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(100 + number))
}

fn card(number: u128, function: &str, role: Role) -> PersonCard {
    PersonCard {
        person: person(number),
        name: format!("Persoon {number}"),
        organisation: "gm-alkmaar".into(),
        organisation_name: "Gemeente Alkmaar".to_owned(),
        function: function.to_owned(),
        role,
        pass_number: String::new(),
        partner: String::new(),
    }
}

/// A device of a person, by the same number.
struct Writer(ChainWriter, u128);

impl Writer {
    fn of(number: u128) -> Self {
        let chain = ChainId { stream: STREAM, device: DeviceId(Uuid::from_u128(number)), epoch: 0 };
        Self(ChainWriter::new(chain, None), number)
    }

    fn write(&mut self, body: &Body, minute: i64, supersedes: Vec<RecordId>) -> Record {
        let at = DateTime::from_timestamp(1_790_000_000 + minute * 60, 0).unwrap().fixed_offset();
        let author = Author { person: person(self.1), organisation: "gm-alkmaar".into() };
        self.0.write(body, &author, Stamp { at, uptime_ms: 0 }, supersedes).unwrap()
    }
}

fn signed(name: &str) -> Body {
    let signature = Signature { name: name.to_owned(), capacity: "opsteller".to_owned(), strokes: Vec::new() };
    Body::Signed { signature, by_author: true }
}

fn chosen(signature: RecordId) -> Body {
    Body::SignatureChosen { signature, by_author: true, reason: "die was erbij".to_owned() }
}

/// The names of the signatures that stand, and about how many things people differ, in every order of arrival.
fn stands(records: &[Record]) -> (Vec<String>, usize) {
    let told = |state: &Inspection| {
        let names = state.signatures().iter().map(|signed| signed.signature.name.clone()).collect::<Vec<_>>();
        (names, state.open_differences().len())
    };
    let forwards = Inspection::from_records(records);
    let backwards = Inspection::from_records(records.iter().rev());
    assert_eq!(told(&forwards), told(&backwards), "in whatever order they arrive");
    told(&forwards)
}

#[test]
fn of_two_signatures_the_chosen_one_stands_and_two_choices_are_a_difference_again() {
    let (mut one, mut two) = (Writer::of(1), Writer::of(2));
    let mut records = vec![one.write(&signed("A"), 0, vec![]), two.write(&signed("B"), 1, vec![])];
    let both = vec!["A".to_owned(), "B".to_owned()];
    assert_eq!(stands(&records), (both.clone(), 1));
    let (a, b) = (records[0].id(), records[1].id());
    records.push(one.write(&chosen(a), 2, vec![]));
    assert_eq!(stands(&records), (vec!["A".to_owned()], 0));
    records.push(two.write(&chosen(b), 3, vec![]));
    assert_eq!(stands(&records), (both, 1), "no choice wins by its time");
    let choices = Inspection::from_records(&records).choice_parents(true);
    records.push(one.write(&chosen(b), 4, choices));
    assert_eq!(stands(&records), (vec!["B".to_owned()], 0));
    let all = Inspection::from_records(&records).signature_parents(true);
    records.push(two.write(&signed("C"), 5, all));
    assert_eq!(stands(&records), (vec!["C".to_owned()], 0), "who signs anew takes the place of all of it");
}

#[test]
fn somebody_with_two_cards_is_a_difference_and_with_two_equal_ones_is_none() {
    let (mut one, mut two) = (Writer::of(1), Writer::of(2));
    let added = |function: &str| Body::MemberAdded { member: card(3, function, Role::Inspector) };
    let mut records = vec![one.write(&added("bouw"), 0, vec![]), two.write(&added("bouw"), 1, vec![])];
    assert_eq!(Inspection::from_records(&records).open_differences(), []);
    records.push(two.write(&added("wonen"), 2, vec![]));
    let state = Inspection::from_records(&records);
    let [Difference::Member { person: who, cards }] = &state.open_differences()[..] else { panic!("one difference") };
    assert_eq!((*who, cards.len()), (person(3), 2));
    assert_eq!(state.members().len(), 1, "they are in the team once");
    records.push(one.write(&added("wonen"), 3, state.member_parents(person(3))));
    let settled = Inspection::from_records(&records);
    assert_eq!(settled.open_differences(), []);
    assert_eq!(settled.members()[0].function, "wonen");
}

#[test]
fn who_left_comes_back_when_they_are_added_anew() {
    let mut one = Writer::of(1);
    let added = Body::MemberAdded { member: card(3, "bouw", Role::Inspector) };
    let removed = Body::MemberRemoved { person: person(3), reason: "andere dienst".to_owned() };
    let mut records = vec![one.write(&added, 0, vec![]), one.write(&removed, 1, vec![])];
    let state = Inspection::from_records(&records);
    assert!(state.members().is_empty());
    records.push(one.write(&added, 2, state.member_parents(person(3))));
    assert_eq!(Inspection::from_records(&records).members().len(), 1);
}

#[test]
fn a_team_is_led_by_its_leader_and_without_one_by_who_opened_it() {
    let mut one = Writer::of(1);
    let opening = Body::StreamOpened { inspection: InspectionId(Uuid::from_u128(9)), stream_kind: StreamKind::Team };
    let mut records = vec![one.write(&opening, 0, vec![])];
    for number in [1, 2] {
        let member = card(number, "bouw", Role::Inspector);
        records.push(one.write(&Body::MemberAdded { member }, number as i64, vec![]));
    }
    let state = Inspection::from_records(&records);
    assert!(state.is_led_by(person(1)) && !state.is_led_by(person(2)));
    let member = card(3, "teamleider", Role::TeamLeader);
    records.push(one.write(&Body::MemberAdded { member }, 3, vec![]));
    let state = Inspection::from_records(&records);
    assert!(state.is_led_by(person(3)) && !state.is_led_by(person(1)) && !state.is_led_by(person(4)));
}

#[test]
fn a_part_is_named_by_its_section_and_its_item() {
    let item = ItemId(Uuid::from_u128(5));
    for part in [Part { section: "F".to_owned(), item: None }, Part { section: "F".to_owned(), item: Some(item) }] {
        let key = RegisterKey::Section(part.clone());
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let body = Body::Written { register: key, value: Value::Person(person(2)) };
        let record = Writer::of(1).write(&body, 0, vec![]);
        assert!(!record.is_from_newer_version());
        assert_eq!(Inspection::from_records([&record]).asked_for(&part), Some(person(2)));
    }
    assert!("section:".parse::<RegisterKey>().is_err());
    assert!("section:F@geen-item".parse::<RegisterKey>().is_err());
}

#[test]
fn work_on_one_part_is_side_by_side_only_when_nobody_built_on_the_others() {
    let (mut one, mut two) = (Writer::of(1), Writer::of(2));
    let answer = |question: &str| Body::Written {
        register: RegisterKey::Answer(Slot::of(question)),
        value: Value::choice("ja"),
    };
    let part = |record: &Record| match record.body() {
        Some(Body::Written { register: RegisterKey::Answer(slot), .. }) => {
            Some(Part { section: slot.question[..1].to_owned(), item: None })
        }
        _ => None,
    };
    let mut records = vec![
        one.write(&answer("F1"), 0, vec![]),
        two.write(&answer("F2"), 10, vec![]),
        two.write(&answer("G1"), 11, vec![]),
        one.write(&answer("F3"), 40, vec![]),
    ];
    let found = alongside(&records, part);
    assert_eq!(found.get(&records[0].id()), Some(&person(2)));
    assert_eq!(found.get(&records[1].id()), Some(&person(1)));
    assert_eq!(found.len(), 2, "another part, and another time, are not beside it");
    // The second one goes on from what the first wrote: from there on they had seen it.
    records.push(two.write(&answer("F1"), 12, vec![records[0].id()]));
    let found = alongside(&records, part);
    assert_eq!(found.get(&records[4].id()), None);
    assert_eq!(found.get(&records[1].id()), Some(&person(1)), "what was written before that was not");
}
