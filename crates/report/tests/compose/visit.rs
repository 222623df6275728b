//! A controle told as records, for composing a report from.

use chrono::{DateTime, FixedOffset, TimeDelta};
use uuid::Uuid;
use veldboek_domain::record::{ChecklistRef, Opening, Sealed};
use veldboek_domain::{
    Author, Body, DeviceId, Digest, Field, Header, Inspection, InspectionId, ItemId, Observation, ObservationKind,
    OrganisationCode, PersonCard, PersonId, Record, RecordId, RegisterKey, Role, SetKind, Signature, Slot, StreamId,
    StreamKind, Value,
};
use veldboek_report::ChainTip;

/// One device that writes one stream, a minute between records.
pub struct Visit {
    records: Vec<Record>,
    prev: Option<RecordId>,
}

impl Visit {
    pub fn new() -> Self {
        let mut visit = Self { records: Vec::new(), prev: None };
        visit.add(Body::StreamOpened { inspection: InspectionId(id(1)), stream_kind: StreamKind::Team });
        visit.add(Body::InspectionOpened(Opening {
            number: "VB-2026-0042-K7".into(),
            family: "vb".into(),
            checklist: ChecklistRef { id: "vb-ic".into(), version: "0.1".into(), hash: Digest([0; 32]) },
            source_organisation: OrganisationCode::from("alkmaar"),
            responsible_municipality: "Schagen".into(),
        }));
        visit.add(Body::MemberAdded {
            member: PersonCard {
                person: person(),
                name: "M. Dekker".into(),
                organisation: OrganisationCode::from("alkmaar"),
                organisation_name: "Gemeente Alkmaar".into(),
                function: "BOA".into(),
                role: Role::InvestigatingOfficer,
                pass_number: "1042".into(),
            },
        });
        visit
    }

    pub fn add(&mut self, body: Body) -> &mut Self {
        let seq = self.records.len() as u64;
        let header = Header {
            v: 1,
            stream: stream(),
            device: DeviceId(id(3)),
            epoch: 1,
            seq,
            prev: self.prev,
            at: start() + TimeDelta::minutes(i64::try_from(seq).expect("few records")),
            uptime_ms: seq * 60_000,
            author: Author { person: person(), organisation: OrganisationCode::from("alkmaar") },
            supersedes: Vec::new(),
            body_hash: Digest([0; 32]),
        };
        let record = Record::write(header, &body).expect("it is small");
        self.prev = Some(record.id());
        self.records.push(record);
        self
    }

    pub fn write(&mut self, register: RegisterKey, value: Value) -> &mut Self {
        self.add(Body::Written { register, value })
    }

    /// `D4@1` is question D4 in the first building, `E1@1#condens` the observation of that option.
    pub fn answer(&mut self, slot: &str, value: Value) -> &mut Self {
        self.write(RegisterKey::Answer(at(slot)), value)
    }

    pub fn choose(&mut self, slot: &str, code: &str) -> &mut Self {
        self.answer(slot, Value::choice(code))
    }

    pub fn say(&mut self, slot: &str, text: &str) -> &mut Self {
        self.answer(slot, Value::text(text))
    }

    pub fn see(&mut self, slot: &str, kind: ObservationKind, text: &str) -> &mut Self {
        let observation =
            Observation { kind, text: text.into(), ordinary_explanation: "Gewoon.".into(), observed_at: None };
        self.answer(slot, Value::Observation(observation))
    }

    pub fn time(&mut self, slot: &str, time: &str) -> &mut Self {
        self.answer(slot, Value::Time(time.parse().expect("a time")))
    }

    pub fn item(&mut self, number: u128, set: SetKind, slot: Option<&str>) -> &mut Self {
        self.add(Body::ItemAdded { item: ItemId(id(number)), set, slot: slot.map(at), parent: None })
    }

    pub fn field(&mut self, number: u128, field: Field, value: Value) -> &mut Self {
        self.write(RegisterKey::Item(ItemId(id(number)), field), value)
    }

    pub fn photo(&mut self, number: u128, slot: &str) -> &mut Self {
        self.item(number, SetKind::Photo, Some(slot));
        self.add(Body::PhotoSealed {
            item: ItemId(id(number)),
            sealed: Sealed {
                sha256: Digest::of(slot.as_bytes()),
                bytes: 1000,
                media_type: "image/jpeg".into(),
                width: 40,
                height: 30,
                taken_at: None,
                position: None,
            },
        })
    }

    pub fn sign(&mut self) -> &mut Self {
        let signature =
            Signature { name: "M. Dekker".into(), capacity: "steller".into(), strokes: vec![vec![(1, 1), (9, 9)]] };
        self.add(Body::Signed { signature, by_author: true }).add(Body::Closed { version: 1 })
    }

    pub fn inspection(&self) -> Inspection {
        Inspection::from_records(&self.records)
    }

    pub fn tips(&self) -> Vec<ChainTip> {
        self.records.last().map(ChainTip::from).into_iter().collect()
    }
}

pub fn at(text: &str) -> Slot {
    let (head, part) = text.split_once('#').map_or((text, None), |(head, part)| (head, Some(part.to_owned())));
    let (question, group) = head.split_once('@').map_or((head, None), |(question, number)| {
        (question, Some(ItemId(id(number.parse::<u128>().expect("a building's number") + 10))))
    });
    Slot { question: question.to_owned(), group, part }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn stream() -> StreamId {
    StreamId(id(2))
}

fn person() -> PersonId {
    PersonId(id(4))
}

fn start() -> DateTime<FixedOffset> {
    "2026-11-19T13:00:00+01:00".parse().expect("a moment")
}
