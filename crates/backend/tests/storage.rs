//! The contract of the storage port: one story per promise, run on every adapter. A new adapter is a line in `adapters`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use chrono::DateTime;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use uuid::Uuid;
use veldboek_backend::storage::{
    Account, AuditState, Embedded, Enrolled, ListFilter, NewDevice, OwnDevice, Planned, Storage, StoredPhoto, Upload,
};
use veldboek_domain::record::{ChecklistRef, Opening, Sealed};
use veldboek_domain::{
    Author, Body, ChainHead, ChainId, ChainWriter, DeviceId, Digest, InspectionId, ItemId, PersonCard, PersonId,
    Record, RegisterKey, Role, SetKind, SignedHead, Slot, Stamp, StreamId, StreamKind, Value,
};
use veldboek_sync::PhotoReceipt;
use veldboek_sync::server::Peer;
use veldboek_sync::wire::{CompareRequest, PullRequest, PushPreamble, PushReply, RawRecord, Withheld};

/// A storage, and what must live as long as it.
struct Adapter {
    name: &'static str,
    storage: Box<dyn Storage>,
    _folder: TempDir,
}

fn adapters() -> Vec<Adapter> {
    let folder = TempDir::new().unwrap();
    vec![Adapter { name: "embedded", storage: Box::new(Embedded::open(folder.path()).unwrap()), _folder: folder }]
}

fn on_every_adapter(story: impl Fn(&dyn Storage)) {
    for adapter in adapters() {
        eprintln!("on {}", adapter.name);
        story(adapter.storage.as_ref());
    }
}

fn at() -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-19T14:03:00+01:00").unwrap()
}

fn stamp() -> Stamp {
    Stamp { at: at(), uptime_ms: 0 }
}

fn stream(n: u128) -> StreamId {
    StreamId(Uuid::from_u128(n))
}

fn inspection(n: u128) -> InspectionId {
    InspectionId(Uuid::from_u128(n))
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

/// Somebody with an enrolled device.
struct Officer {
    peer: Peer,
    card: PersonCard,
    key: SigningKey,
}

impl Officer {
    fn enrol(storage: &dyn Storage, n: u8, organisation: &str, role: Role) -> Self {
        let card = PersonCard {
            person: PersonId(Uuid::from_u128(n.into())),
            name: format!("Persoon {n}"),
            organisation: organisation.into(),
            organisation_name: organisation.to_owned(),
            function: role.label().to_owned(),
            role,
            pass_number: String::new(),
            partner: String::new(),
        };
        storage.put_person(&card).unwrap();
        storage.put_code(Digest::of(&[n]), card.person, 1_000).unwrap();
        let device = DeviceId(Uuid::from_u128(1_000 + u128::from(n)));
        let new =
            NewDevice { device, name: format!("T-{n}"), public_key: key(n).verifying_key(), recipient: String::new() };
        assert!(matches!(storage.enrol(Digest::of(&[n]), &new, 0).unwrap(), Enrolled::Done { .. }));
        let peer = Peer { device, person: card.person, organisation: card.organisation.clone(), role };
        Self { peer, card, key: key(n) }
    }

    fn chain(&self, stream: StreamId) -> Chain<'_> {
        let chain = ChainId { stream, device: self.peer.device, epoch: 0 };
        Chain { officer: self, writer: ChainWriter::new(chain, None), records: Vec::new() }
    }

    fn push(&self, storage: &dyn Storage, records: &[Record], withheld: Vec<Withheld>) -> PushReply {
        let last = records.last().unwrap();
        let head = ChainHead { seq: last.header().seq, record: last.id() };
        let heads = vec![SignedHead::sign(last.header().chain(), head, &self.key)];
        let preamble = PushPreamble { protocol: 1, heads, withheld };
        let raw = |record: &Record| RawRecord {
            header: record.header_bytes().to_vec(),
            body: record.body_bytes().map(<[u8]>::to_vec),
        };
        storage.push(&self.peer, &preamble, records.iter().map(raw).collect(), at(), &key(99)).unwrap().0
    }

    fn pull(&self, storage: &dyn Storage) -> Vec<Record> {
        let mut request = PullRequest { include_own: true, ..PullRequest::default() };
        let mut all = Vec::new();
        loop {
            let (preamble, records) = storage.pull(&self.peer, &request).unwrap();
            all.extend(records);
            request.cursor = Some(preamble.cursor);
            if !preamble.more {
                return all;
            }
        }
    }
}

struct Chain<'a> {
    officer: &'a Officer,
    writer: ChainWriter,
    records: Vec<Record>,
}

impl Chain<'_> {
    fn write(&mut self, body: &Body) -> Record {
        let author = Author { person: self.officer.card.person, organisation: self.officer.card.organisation.clone() };
        let record = self.writer.write(body, &author, stamp(), Vec::new()).unwrap();
        self.records.push(record.clone());
        record
    }

    fn begin(&mut self, id: InspectionId) {
        self.write(&Body::StreamOpened { inspection: id, stream_kind: StreamKind::Team });
        self.write(&Body::InspectionOpened(opening()));
    }

    fn answer(&mut self, question: &str, text: &str) -> Record {
        self.write(&Body::Written { register: RegisterKey::Answer(Slot::of(question)), value: Value::text(text) })
    }
}

fn opening() -> Opening {
    Opening {
        number: "VB-2026-0042-K7".to_owned(),
        family: "vb".to_owned(),
        checklist: ChecklistRef { id: "VB-IC".to_owned(), version: "0.1".to_owned(), hash: Digest::of(b"x") },
        source_organisation: "gm-alkmaar".into(),
        responsible_municipality: "Alkmaar".to_owned(),
    }
}

#[test]
fn records_come_back_as_they_were_in_the_order_in_which_they_arrived() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let mut chain = dekker.chain(stream(1));
        chain.begin(inspection(1));
        for n in 0..150 {
            chain.answer("L1", &format!("{n} {}", "lang ".repeat(2000)));
        }
        for part in chain.records.chunks(20) {
            assert_eq!(dekker.push(storage, part, Vec::new()).receipts.len(), 1);
        }
        assert_eq!(dekker.pull(storage), chain.records);
        let page = storage.pull(&dekker.peer, &PullRequest { include_own: true, ..PullRequest::default() }).unwrap();
        let bytes: usize = page.1.iter().map(Record::size).sum();
        assert!(page.0.more && bytes <= 1024 * 1024, "a page is bounded");
    });
}

#[test]
fn pushing_again_changes_nothing() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let mut chain = dekker.chain(stream(1));
        chain.begin(inspection(1));
        let first = dekker.push(storage, &chain.records, Vec::new());
        assert_eq!(dekker.push(storage, &chain.records, Vec::new()), first);
        assert_eq!(dekker.pull(storage).len(), 2);
    });
}

#[test]
fn a_gap_is_named_and_a_second_branch_is_kept_beside_the_first() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let mut chain = dekker.chain(stream(1));
        chain.begin(inspection(1));
        let mut restored = dekker.chain(stream(1));
        restored.writer = chain.writer.clone();
        for n in 0..4 {
            chain.answer("A1", &n.to_string());
        }
        let gap = dekker.push(storage, &chain.records[3..], Vec::new());
        assert!(gap.receipts.is_empty());
        dekker.push(storage, &chain.records[..3], Vec::new());
        assert_eq!(dekker.push(storage, &chain.records[4..], Vec::new()).gaps[0].next, 3);
        dekker.push(storage, &chain.records, Vec::new());
        restored.answer("A1", "na het terugzetten");
        restored.answer("A2", "nog een");
        let forked = dekker.push(storage, &restored.records, Vec::new());
        assert_eq!((forked.forks.len(), forked.receipts[0].head.seq), (1, 3));
        restored.answer("A3", "en nog een");
        assert_eq!(dekker.push(storage, &restored.records[2..], Vec::new()).refused, []);
        let (preamble, all) = storage.compare(&dekker.peer, &CompareRequest::default()).unwrap();
        assert_eq!(preamble.differing[&stream(1)].len(), 2, "one end per branch");
        assert_eq!(all.len(), 6 + 3);
    });
}

#[test]
fn a_chain_goes_on_over_a_record_that_will_not_come() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let mut chain = dekker.chain(stream(1));
        chain.begin(inspection(1));
        let rotten = chain.answer("A1", "verrot");
        chain.answer("A2", "goed");
        let withheld = Withheld {
            chain: rotten.header().chain(),
            head: ChainHead { seq: 2, record: rotten.id() },
            reason: "rot".to_owned(),
        };
        let sent = [&chain.records[..2], &chain.records[3..]].concat();
        let reply = dekker.push(storage, &sent, vec![withheld.clone()]);
        assert_eq!(reply.receipts[0].head.seq, 3);
        let (preamble, records) = storage.compare(&dekker.peer, &CompareRequest::default()).unwrap();
        assert_eq!(preamble.withheld, [withheld]);
        assert_eq!(records, sent);
    });
}

#[test]
fn a_member_who_leaves_receives_nothing_new_and_one_who_comes_back_all() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let munteanu = Officer::enrol(storage, 2, "od-nhn", Role::Inspector);
        let mut chain = dekker.chain(stream(1));
        chain.begin(inspection(1));
        let added = Body::MemberAdded { member: munteanu.card.clone() };
        chain.write(&added);
        dekker.push(storage, &chain.records, Vec::new());
        assert_eq!(munteanu.pull(storage).len(), 3);
        chain.write(&Body::MemberRemoved { person: munteanu.card.person, reason: "klaar".to_owned() });
        chain.answer("A1", "geheim voor wie weg is");
        dekker.push(storage, &chain.records, Vec::new());
        assert!(munteanu.pull(storage).is_empty());
        let (preamble, _) = storage.pull(&munteanu.peer, &PullRequest::default()).unwrap();
        assert_eq!(preamble.closed, [stream(1)]);
        assert!(!storage.may_read(&munteanu.peer, stream(1)).unwrap());
        chain.write(&added);
        dekker.push(storage, &chain.records, Vec::new());
        assert_eq!(munteanu.pull(storage), chain.records);
    });
}

#[test]
fn the_list_is_what_a_rebuild_makes_of_the_records() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        for n in 0..5u128 {
            let mut chain = dekker.chain(stream(n));
            chain.begin(inspection(n));
            chain.write(&Body::MemberAdded { member: dekker.card.clone() });
            for answer in 0..n {
                chain.answer(&format!("A{answer}"), "ja");
            }
            dekker.push(storage, &chain.records, Vec::new());
            chain.write(&Body::Closed { version: 1 });
            dekker.push(storage, &chain.records, Vec::new());
        }
        let all = ListFilter { limit: 100, ..ListFilter::default() };
        let kept = storage.list(&all).unwrap();
        assert_eq!(kept.1, 5);
        let row = kept.0.iter().find(|row| row.inspection == inspection(4)).unwrap();
        assert_eq!((row.answers, row.status.as_str(), row.submitted_at), (4, "closed", Some(at().timestamp_millis())));
        storage.rebuild_list().unwrap();
        assert_eq!(storage.list(&all).unwrap(), kept);
    });
}

#[test]
fn the_backends_own_records_are_a_chain_with_a_signed_head() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let own = OwnDevice { device: DeviceId(Uuid::from_u128(7)), key: key(7) };
        let author = Author { person: dekker.card.person, organisation: dekker.card.organisation.clone() };
        let bodies = vec![
            Body::StreamOpened { inspection: inspection(1), stream_kind: StreamKind::Team },
            Body::InspectionOpened(opening()),
            Body::MemberAdded { member: dekker.card.clone() },
        ];
        let planned = Planned { inspection: inspection(1), stream: stream(1), bodies };
        storage.plan(&own, &author, stamp(), &planned).unwrap();
        let decide = |_: &veldboek_domain::Inspection| Ok(vec![(Body::Closed { version: 1 }, Vec::new())]);
        storage.write(&own, &author, stamp(), inspection(1), Box::new(decide)).unwrap().unwrap().unwrap();
        let mut pulled = dekker.pull(storage);
        pulled.sort_by_key(|record| record.header().seq);
        let seqs: Vec<u64> = pulled.iter().map(|record| record.header().seq).collect();
        assert_eq!(seqs, [0, 1, 2, 3]);
        let seen = storage.seen(&dekker.peer, inspection(1)).unwrap().unwrap();
        let head = &seen.heads[0];
        let signed = SignedHead {
            chain: head.chain,
            head: ChainHead { seq: head.seq, record: head.record },
            signature: head.signature.clone(),
        };
        assert!(signed.verify(&own.key.verifying_key()));
        assert_eq!((head.seq, head.record), (3, pulled[3].id()));
        assert!(storage.write(&own, &author, stamp(), inspection(2), Box::new(|_| Ok(Vec::new()))).unwrap().is_none());
    });
}

#[test]
fn photos_are_known_to_their_sender_and_shown_to_who_reads_the_stream() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let munteanu = Officer::enrol(storage, 2, "od-nhn", Role::Inspector);
        let sha256 = Digest::of(b"foto");
        let upload = Upload {
            upload: [3; 16],
            person: dekker.card.person,
            sha256,
            bytes: 4,
            media_type: "image/jpeg".to_owned(),
            metadata: "media_type aW1hZ2UvanBlZw==".to_owned(),
            expires_at: 500,
            finished: false,
        };
        storage.put_upload(&upload).unwrap();
        assert_eq!(storage.upload([3; 16]).unwrap(), Some(upload.clone()));
        assert_eq!(storage.upload_of(dekker.card.person, sha256, 499).unwrap(), Some(upload));
        assert_eq!(storage.upload_of(dekker.card.person, sha256, 500).unwrap(), None);
        assert_eq!(storage.upload_of(munteanu.card.person, sha256, 0).unwrap(), None);
        let photo = |key: &SigningKey| StoredPhoto {
            receipt: PhotoReceipt::sign(sha256, 4, at(), key),
            media_type: "image/jpeg".to_owned(),
        };
        let first = storage.put_photo(&photo(&key(99)), dekker.card.person, [3; 16]).unwrap();
        let second = storage.put_photo(&photo(&key(98)), dekker.card.person, [3; 16]).unwrap();
        assert_eq!(second, first, "the first receipt stands");
        assert!(storage.upload([3; 16]).unwrap().unwrap().finished);
        assert_eq!(storage.photo_known(&dekker.peer, sha256).unwrap(), Some(first.clone()));
        assert_eq!(storage.photo_shown(&dekker.peer, sha256).unwrap(), None);
        assert_eq!(storage.photo_known(&munteanu.peer, sha256).unwrap(), None);
        let item = ItemId(Uuid::from_u128(5));
        let mut chain = dekker.chain(stream(1));
        chain.begin(inspection(1));
        chain.write(&Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None });
        let sealed = Sealed {
            sha256,
            bytes: 4,
            media_type: "image/jpeg".to_owned(),
            width: 1,
            height: 1,
            taken_at: None,
            position: None,
        };
        chain.write(&Body::PhotoSealed { item, sealed });
        dekker.push(storage, &chain.records, Vec::new());
        assert_eq!(storage.photo_shown(&dekker.peer, sha256).unwrap(), Some(first.clone()));
        assert_eq!(storage.photo_of_item(&dekker.peer, inspection(1), item).unwrap(), Some(first));
        assert_eq!(storage.photo_of_item(&dekker.peer, inspection(2), item).unwrap(), None);
        assert_eq!(storage.photo_of_item(&munteanu.peer, inspection(1), item).unwrap(), None);
        assert_eq!(storage.remove_expired_uploads(499).unwrap(), Vec::<[u8; 16]>::new());
        assert_eq!(storage.remove_expired_uploads(500).unwrap(), [[3; 16]]);
    });
}

#[test]
fn challenges_and_sessions_are_used_up_and_expire() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let (challenge, token, device) = (Digest::of(b"c"), Digest::of(b"t"), dekker.peer.device);
        storage.put_challenge(challenge, device, 100, 0).unwrap();
        assert!(!storage.take_challenge(challenge, DeviceId(Uuid::nil()), 50).unwrap());
        assert!(!storage.take_challenge(challenge, device, 100).unwrap());
        assert!(storage.take_challenge(challenge, device, 99).unwrap());
        assert!(!storage.take_challenge(challenge, device, 99).unwrap());
        storage.put_session(token, dekker.card.person, Some(device), 100, 0).unwrap();
        assert_eq!(storage.session(token, 99).unwrap().unwrap().person, dekker.card);
        assert!(storage.session(token, 100).unwrap().is_none());
        storage.block_device(device, 1).unwrap();
        assert!(storage.session(token, 99).unwrap().unwrap().blocked);
        assert!(storage.device(device).unwrap().unwrap().blocked);
        storage.end_session(token).unwrap();
        assert!(storage.session(token, 99).unwrap().is_none());
    });
}

#[test]
fn accounts_tries_and_numbers_are_kept() {
    on_every_adapter(|storage| {
        let dekker = Officer::enrol(storage, 1, "gm-alkmaar", Role::Inspector);
        let account = Account { person: dekker.card.person, password: "phc".to_owned() };
        storage.put_account("m.dekker", &account).unwrap();
        assert_eq!(storage.account("m.dekker").unwrap().unwrap().password, "phc");
        assert!(storage.account("M.Dekker").unwrap().is_none());
        let subject = Digest::of(b"s");
        for now in [1, 2] {
            storage.count_try(subject, now).unwrap();
        }
        let tries = storage.tries(subject).unwrap();
        assert_eq!((tries.wrong, tries.last_at), (2, 2));
        storage.forget_tries(subject).unwrap();
        assert_eq!(storage.tries(subject).unwrap().wrong, 0);
        assert_eq!([storage.next_number("VB-2026").unwrap(), storage.next_number("VB-2026").unwrap()], [1, 2]);
        assert_eq!(storage.next_number("BTP-2026").unwrap(), 1);
    });
}

#[test]
fn the_audit_log_is_a_chain() {
    on_every_adapter(|storage| {
        let person = PersonId(Uuid::from_u128(1));
        assert_eq!(storage.verify_audit().unwrap(), AuditState::Whole { lines: 0 });
        for object in ["a", "b", "c"] {
            storage.note(at(), person, "gezien", object).unwrap();
        }
        assert_eq!(storage.verify_audit().unwrap(), AuditState::Whole { lines: 3 });
        let lines = storage.audit_lines(Some(3), 1).unwrap();
        assert_eq!((lines.len(), lines[0].n, lines[0].object.as_str()), (1, 2, "b"));
        storage.check_writable().unwrap();
    });
}
