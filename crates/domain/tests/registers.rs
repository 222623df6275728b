//! The registers' promise: in any order of arrival, with doubled and missing records, the same records give the same
//! state, and nobody's answer is silently lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;
use veldboek_domain::record::Body;
use veldboek_domain::{
    Author, ChainId, ChainWriter, DeviceId, Inspection, InspectionId, ItemId, PersonId, Record, RegisterKey, SetKind,
    Slot, Stamp, StreamId, StreamKind, Value,
};

const QUESTIONS: [&str; 3] = ["A1", "F2", "L1"];

fn stamp(minute: i64) -> Stamp {
    let at = DateTime::from_timestamp(1_790_000_000 + minute * 60, 0).unwrap().fixed_offset();
    Stamp { at, uptime_ms: 0 }
}

fn author(n: u128) -> Author {
    Author { person: PersonId(Uuid::from_u128(n)), organisation: "gm-alkmaar".into() }
}

/// What a device does: writes an answer over what it knows, adds or withdraws a finding, or hears from another device.
#[derive(Clone, Debug)]
enum Act {
    Answer { device: usize, question: usize, value: u8 },
    Add { device: usize },
    Withdraw { device: usize },
    Hear { from: usize, to: usize },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0..3usize, 0..QUESTIONS.len(), 0..4u8).prop_map(|(device, question, value)| Act::Answer { device, question, value }),
        1 => (0..3usize).prop_map(|device| Act::Add { device }),
        1 => (0..3usize).prop_map(|device| Act::Withdraw { device }),
        2 => (0..3usize, 0..3usize).prop_map(|(from, to)| Act::Hear { from, to }),
    ];
    prop::collection::vec(act, 1..60)
}

struct Device {
    writer: ChainWriter,
    known: Vec<Record>,
    state: Inspection,
    author: Author,
}

impl Device {
    fn learn(&mut self, record: Record) {
        self.state.apply(&record);
        self.known.push(record);
    }

    fn write(&mut self, body: &Body, minute: i64, supersedes: Vec<veldboek_domain::RecordId>) {
        let record = self.writer.write(body, &self.author, stamp(minute), supersedes).unwrap();
        self.learn(record);
    }
}

/// Plays the acts and returns every record that was written, with the last value that each device wrote per question.
fn play(acts: &[Act]) -> Vec<Record> {
    let stream = StreamId(Uuid::from_u128(1));
    let mut devices: Vec<Device> = (0..3u128)
        .map(|n| Device {
            writer: ChainWriter::new(ChainId { stream, device: DeviceId(Uuid::from_u128(10 + n)), epoch: 0 }, None),
            known: Vec::new(),
            state: Inspection::default(),
            author: author(n),
        })
        .collect();
    let opened = Body::StreamOpened { inspection: InspectionId(Uuid::from_u128(2)), stream_kind: StreamKind::Team };
    devices[0].write(&opened, 0, Vec::new());
    for (minute, act) in acts.iter().enumerate() {
        let minute = minute as i64;
        match *act {
            Act::Answer { device, question, value } => {
                let register = RegisterKey::Answer(Slot::of(QUESTIONS[question]));
                let parents = devices[device].state.register(&register).map(|r| r.parents()).unwrap_or_default();
                let value = Value::choice(["ja", "nee", "onbekend", "nvt"][usize::from(value)]);
                devices[device].write(&Body::Written { register, value }, minute, parents);
            }
            Act::Add { device } => {
                let item = ItemId(Uuid::from_u128(1000 + minute as u128));
                let body = Body::ItemAdded { item, set: SetKind::Finding, slot: None, parent: None };
                devices[device].write(&body, minute, Vec::new());
            }
            Act::Withdraw { device } => {
                let Some(item) = devices[device].state.current(&SetKind::Finding).next() else { continue };
                let body = Body::ItemWithdrawn { item: item.id, reason: "dubbel".into() };
                devices[device].write(&body, minute, Vec::new());
            }
            Act::Hear { from, to } => {
                for record in devices[from].known.clone() {
                    devices[to].learn(record);
                }
            }
        }
    }
    let mut all: Vec<Record> = devices.into_iter().flat_map(|device| device.known).collect();
    all.sort_by_key(Record::id);
    all.dedup_by_key(|record| record.id());
    all
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same_state(acts in acts(), seed in any::<u64>()) {
        let records = play(&acts);
        let straight = Inspection::from_records(&records);
        let mut shuffled = records.clone();
        shuffled.sort_by_key(|record| veldboek_domain::Digest::of(&[record.id().0.as_slice(), &seed.to_be_bytes()].concat()));
        prop_assert_eq!(&Inspection::from_records(&shuffled), &straight);
    }

    #[test]
    fn doubled_records_change_nothing(acts in acts()) {
        let records = play(&acts);
        let twice: Vec<&Record> = records.iter().chain(records.iter().rev()).collect();
        prop_assert_eq!(Inspection::from_records(twice), Inspection::from_records(&records));
    }

    #[test]
    fn a_late_record_ends_in_the_same_state_as_one_in_time(acts in acts(), missing in any::<prop::sample::Index>()) {
        let records = play(&acts);
        let late = missing.index(records.len());
        let mut state = Inspection::from_records(records.iter().enumerate().filter(|(n, _)| *n != late).map(|(_, r)| r));
        state.apply(&records[late]);
        prop_assert_eq!(state, Inspection::from_records(&records));
    }

    #[test]
    fn what_nobody_superseded_is_still_there(acts in acts()) {
        let records = play(&acts);
        let state = Inspection::from_records(&records);
        let superseded: std::collections::HashSet<_> = records.iter().flat_map(|r| r.header().supersedes.clone()).collect();
        for record in &records {
            if let Some(Body::Written { register, value }) = record.body() && !superseded.contains(&record.id()) {
                let held = state.register(&register).unwrap();
                prop_assert!(held.live().any(|(id, written)| *id == record.id() && written.value == value));
            }
        }
    }
}

#[test]
fn two_answers_given_without_seeing_each_other_are_both_shown_until_somebody_chooses() {
    let acts = [
        Act::Answer { device: 0, question: 1, value: 0 },
        Act::Answer { device: 1, question: 1, value: 1 },
        Act::Hear { from: 0, to: 1 },
    ];
    let key = RegisterKey::Answer(Slot::of("F2"));
    let state = Inspection::from_records(&play(&acts));
    assert_eq!(state.answer(&Slot::of("F2")), None, "no side wins silently");
    assert_eq!(state.register(&key).unwrap().candidates().len(), 2);

    let mut settled = acts.to_vec();
    settled.push(Act::Answer { device: 1, question: 1, value: 2 });
    let state = Inspection::from_records(&play(&settled));
    assert_eq!(state.answer(&Slot::of("F2")), Some(&Value::choice("onbekend")));
}

#[test]
fn equal_answers_are_agreement_and_no_difference() {
    let acts = [Act::Answer { device: 0, question: 0, value: 0 }, Act::Answer { device: 1, question: 0, value: 0 }];
    let state = Inspection::from_records(&play(&acts));
    assert_eq!(state.differences().count(), 0);
    assert_eq!(state.answer(&Slot::of("A1")), Some(&Value::choice("ja")));
}
