//! Ten thousand controles on one device: list and search.

use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;
use veldboek_app::system::{SystemClock, SystemEntropy};
use veldboek_domain::{
    Author, Body, ChainId, ChainWriter, Clock, DeviceId, InspectionId, PersonCard, PersonId, RegisterKey, Role, Slot,
    StreamId, StreamKind, Value,
};
use veldboek_store::keys::new_identity;
use veldboek_store::{Device, Hardness, KeyFile, Store, Summary};

use super::{Row, in_turn};
use crate::device::copy_folder;

const CONTROLES: u128 = 10_000;

/// List and search against the bare SQL over the same file.
pub fn listed_and_searched() -> Vec<Row> {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let hardness = Hardness { memory_kib: 64, passes: 1 };
    let (_, key) = KeyFile::create(folder.path(), "rode tulpen op de dijk", None, None, hardness, &SystemEntropy)
        .expect("a key can be made");
    let mut store = Store::create(folder.path(), &key, &device()).expect("a store can be made");
    fill(&mut store);
    store.search("opwarmen").expect("the index is built");
    let copy = TempDir::new().expect("a temporary folder can be made");
    copy_folder(folder.path(), copy.path()).expect("the folder can be copied");
    let bare = Connection::open(copy.path().join("veldboek.db")).expect("the file opens");
    bare.execute_batch(&format!("PRAGMA key = \"x'{}'\"; PRAGMA cache_size = -16000;", hex::encode(key.as_slice())))
        .expect("the key fits");
    let (list, bare_list) = in_turn(
        15,
        || assert_eq!(store.list().expect("it lists").len(), usize::try_from(CONTROLES).unwrap_or(0)),
        || rows(&bare, "SELECT * FROM inspections ORDER BY planned_at DESC, number"),
    );
    let (search, bare_search) = in_turn(
        40,
        || assert!(!store.search("kraaienhof 4242").expect("it searches").is_empty()),
        || {
            rows(
                &bare,
                "SELECT i.* FROM search JOIN inspections i ON i.inspection = search.inspection
                 WHERE search MATCH '\"kraaienhof\"* \"4242\"*' ORDER BY rank LIMIT 100",
            );
        },
    );
    vec![
        Row::times("10,000 controles on the device: list", list, "the bare SQL", bare_list, "2 x"),
        Row::times("10,000 controles on the device: search", search, "the bare SQL", bare_search, "2 x"),
    ]
}

fn rows(connection: &Connection, sql: &str) {
    let mut statement = connection.prepare_cached(sql).expect("it is SQL");
    let columns = statement.column_count();
    let mut rows = statement.query([]).expect("it runs");
    while let Some(row) = rows.next().expect("a row is read") {
        for column in 0..columns {
            std::hint::black_box(row.get::<_, rusqlite::types::Value>(column).expect("a column is read"));
        }
    }
}

fn fill(store: &mut Store) {
    let clock = SystemClock;
    for block in 0..CONTROLES / 500 {
        let mut records = Vec::new();
        let mut summaries = Vec::new();
        for number in block * 500..(block + 1) * 500 {
            let (inspection, stream) =
                (InspectionId(Uuid::from_u128(number + 1)), StreamId(Uuid::from_u128(1 << 64 | number)));
            let mut writer = ChainWriter::new(ChainId { stream, device: device_id(), epoch: 0 }, None);
            let opened = Body::StreamOpened { inspection, stream_kind: StreamKind::Team };
            let text = Value::text(&format!("Kraaienhofsweg {number}, een schuur met een droger"));
            let answered = Body::Written { register: RegisterKey::Answer(Slot::of("L1")), value: text };
            for body in [opened, answered] {
                records.push(writer.write(&body, &author(), clock.stamp(), Vec::new()).expect("a record is written"));
            }
            summaries.push((
                inspection,
                Summary {
                    number: format!("VB-2026-{number:05}-K7"),
                    address: format!("Kraaienhofsweg {number}"),
                    planned_at: Some("2026-11-19T09:30:00+01:00".to_owned()),
                    status: "busy".to_owned(),
                    ..Summary::default()
                },
            ));
        }
        store.append(&records, None).expect("they are kept");
        store.keep_summaries(&summaries).expect("they are kept");
    }
}

fn device_id() -> DeviceId {
    DeviceId(Uuid::from_u128(3))
}

fn author() -> Author {
    Author { person: PersonId(Uuid::from_u128(4)), organisation: "gm-alkmaar".into() }
}

fn device() -> Device {
    Device {
        id: device_id(),
        name: "ALK-07".to_owned(),
        person: PersonCard {
            person: author().person,
            name: "M. Dekker".to_owned(),
            organisation: "gm-alkmaar".into(),
            organisation_name: "Gemeente Alkmaar".to_owned(),
            function: "toezichthouder bouw".to_owned(),
            role: Role::Inspector,
            pass_number: "40917".to_owned(),
            partner: String::new(),
        },
        backend_address: "http://127.0.0.1:1".to_owned(),
        backend_name: "NHVeilig".to_owned(),
        backend_key: "00".repeat(32),
        source_organisation: "gm-alkmaar".to_owned(),
        number_suffix: "K7".to_owned(),
        signing_key: "07".repeat(32),
        vault_identity: new_identity().0.to_string(),
        recovery_recipient: None,
        handover_identity: String::new(),
        certificate: None,
    }
}
