//! A thousand enrolled devices at one backend: two hundred and fifty teams of four work on a controle each, all at once.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

#[path = "../../crates/sync/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use support::replica::device_key;
use support::{MemoryReplica, card, note, opened, stream as stream_id};
use uuid::Uuid;
use veldboek_app::system::SystemClock;
use veldboek_domain::{Body, Clock, DeviceId, StreamKind};
use veldboek_sync::server::Peer;
use veldboek_sync::wire::EnrolRequest;
use veldboek_sync::{Backend, http, receipt, run_sync};
use veldboek_tests::backend::Backend as Process;
use veldboek_tests::block_on;
use veldboek_tests::desk::Desk;

const DEVICES: usize = 1_000;
const TEAM: usize = 4;
const ROUNDS: usize = 3;
const NOTES: usize = 5;
/// How many devices sync at the same moment.
const AT_ONCE: usize = 64;

struct Tablet {
    number: usize,
    backend: Arc<Backend>,
    replica: MemoryReplica,
    agreed: bool,
}

impl Tablet {
    async fn enrol(url: &str, code: &str, number: usize) -> Self {
        let device = DeviceId(Uuid::from_u64_pair(0x0197_0000_0000_7000, (1 << 63) | number as u64));
        let key = device_key(device);
        let request = EnrolRequest {
            code: code.to_owned(),
            device,
            name: format!("ALK-{number}"),
            public_key: hex::encode(key.verifying_key().to_bytes()),
            recipient: String::new(),
        };
        let enrolment = http::enrol(url, &request).await.expect("the code is good");
        let backend_key = receipt::public_key(&enrolment.backend_key).expect("the backend has a key");
        let backend = Backend::new(url, device, key, backend_key).expect("the address is right");
        let person = enrolment.person;
        let peer = Peer { device, person: person.person, organisation: person.organisation, role: person.role };
        Self { number, backend: Arc::new(backend), replica: MemoryReplica::new(&peer), agreed: false }
    }

    fn team(&self) -> u64 {
        (self.number / TEAM) as u64
    }

    async fn sync(&mut self) {
        let outcome = run_sync(&self.backend, &mut self.replica).await.expect("the backend answers");
        assert!(outcome.refused.is_empty() && outcome.set_apart.is_empty(), "{outcome:?}");
        self.agreed = outcome.agreed;
    }
}

async fn all_sync(tablets: &mut [Tablet]) {
    stream::iter(tablets).for_each_concurrent(AT_ONCE, Tablet::sync).await;
}

#[test]
fn a_thousand_devices_sync_at_one_backend_and_each_team_has_all_of_its_own_and_nothing_else() {
    // Each device has a connection, and here both ends of it are in one process.
    let files = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum }).expect("it is allowed");
    let backend = Process::start(Arc::new(SystemClock) as Arc<dyn Clock>);
    let desk = Desk::sign_in_to_manage(&backend);
    let person = |number: usize| {
        json!({
            "name": format!("Toezichthouder {number}"), "organisation": "gm-alkmaar",
            "organisation_name": "Gemeente Alkmaar", "function": "toezichthouder", "role": "inspector",
            "pass_number": format!("{number}"), "partner": ""
        })
    };
    let codes: Vec<String> = (0..DEVICES).map(|number| desk.add_person(&person(number))).collect();
    let url = backend.url();
    block_on(async {
        let enrolled = stream::iter(codes.iter().enumerate()).map(|(number, code)| Tablet::enrol(&url, code, number));
        let mut tablets: Vec<Tablet> = enrolled.buffered(AT_ONCE).collect().await;
        for team in tablets.chunks_mut(TEAM) {
            let (number, cards) = (team[0].team(), team[1..].iter().map(|tablet| card(&tablet.replica.peer)));
            let (cards, opener): (Vec<_>, _) = (cards.collect(), &mut team[0].replica);
            opener.write(stream_id(number), &opened(number, StreamKind::Team));
            for member in cards {
                opener.write(stream_id(number), &Body::MemberAdded { member });
            }
        }
        all_sync(&mut tablets).await;
        all_sync(&mut tablets).await;
        for round in 0..ROUNDS {
            for tablet in &mut tablets {
                for number in 0..NOTES {
                    let text = format!("{} schrijft {round}.{number}", tablet.number);
                    tablet.replica.write(stream_id(tablet.team()), &note(&text));
                }
            }
            all_sync(&mut tablets).await;
        }
        all_sync(&mut tablets).await;
        let written = TEAM + TEAM * ROUNDS * NOTES;
        for tablet in &tablets {
            assert!(tablet.agreed, "tablet {} and the backend hold the same", tablet.number);
            assert_eq!(tablet.replica.records.len(), written, "tablet {} has all of its team", tablet.number);
            let own = stream_id(tablet.team());
            assert!(tablet.replica.records.values().all(|record| record.header().stream == own), "and nothing else");
        }
    });
}
