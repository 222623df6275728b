//! Records go in and out over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use common::{Backend, inspection, problem, stream};
use reqwest::{Method, StatusCode};
use serde_json::json;
use veldboek_domain::{Body, RegisterKey, Role, Slot, Value};
use veldboek_sync::receipt::public_key;
use veldboek_sync::wire::{MAX_BATCH_BYTES, PullRequest, PushPreamble, RECORDS_MEDIA_TYPE, write_frames};

fn answer(question: &str, text: &str) -> Body {
    Body::Written { register: RegisterKey::Answer(Slot::of(question)), value: Value::text(text) }
}

#[tokio::test]
async fn what_one_device_pushes_a_member_of_the_team_pulls() {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let munteanu = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let mut chain = dekker.chain(stream(1));
    chain.begin_inspection(inspection(1));
    chain.write(&answer("A1", "ja"));
    let reply = backend.push(&dekker, &chain.records).await;
    let key = public_key(&backend.running().state().identity.public_key()).unwrap();
    assert_eq!(reply.receipts.len(), 1);
    assert!(reply.receipts[0].verify(&key));
    assert_eq!(reply.receipts[0].head.seq, 2);
    let (cursor, nothing) = backend.pull(&munteanu, None).await;
    assert!(nothing.is_empty(), "who takes no part receives nothing");
    chain.write(&Body::MemberAdded { member: munteanu.person.clone() });
    backend.push(&dekker, &chain.records).await;
    let (_, pulled) = backend.pull(&munteanu, Some(cursor)).await;
    let all: Vec<_> = chain.records.iter().map(|record| record.id()).collect();
    assert_eq!(pulled, all, "a stream granted later comes whole");
}

#[tokio::test]
async fn a_lost_reply_and_a_restart_cost_nothing() {
    let mut backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let mut chain = dekker.chain(stream(1));
    chain.begin_inspection(inspection(1));
    let first = backend.push(&dekker, &chain.records).await;
    backend.restart().await;
    let again = backend.push(&dekker, &chain.records).await;
    assert_eq!(again.receipts[0].head, first.receipts[0].head);
    assert!(again.refused.is_empty() && again.gaps.is_empty());
    let request = PullRequest { include_own: true, ..PullRequest::default() };
    let (_, records, _) = backend.pull_page(&dekker, &request).await;
    assert_eq!(records.len(), 2, "nothing stands twice");
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_or_is_too_large_is_refused_whole() {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let cases: &[(&[u8], u64, &str)] = &[
        (b"", 103, "de bytes eindigen bij 0 in een deel van 4"),
        (b"\x00\x00\x00\x09{}", 103, "de bytes eindigen bij 6 in een deel van 9"),
        (b"\x00\x00\x00\x02[}", 103, "de aanhef is niet te lezen"),
        (b"\x00\x00\x00\x1b{\"protocol\":1,\"heads\":[]}  \x00\x00\x00\x01x", 103, "een kop staat zonder inhoud"),
        (b"\xff\xff\xff\xff", 103, "de bytes eindigen bij 0 in een deel van 4"),
    ];
    for (bytes, number, reason) in cases {
        let reply = backend.push_bytes(&dekker, bytes.to_vec()).await;
        let document: serde_json::Value = reply.json().await.unwrap();
        assert_eq!((document["number"].as_u64(), document["reason"].as_str()), (Some(*number), Some(*reason)));
    }
    let newer = write_frames(&PushPreamble { protocol: 2, ..PushPreamble::default() }, []);
    assert_eq!(problem(backend.push_bytes(&dekker, newer).await).await, 106);
    let large = backend.push_bytes(&dekker, vec![0; MAX_BATCH_BYTES + 1]).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem(large).await, 104);
    let plain = backend.as_device(&dekker, Method::POST, "/v1/records").body("x").send().await.unwrap();
    assert_eq!(problem(plain).await, 105);
    let anonymous = backend.request(Method::POST, "/v1/records").header("content-type", RECORDS_MEDIA_TYPE);
    assert_eq!(problem(anonymous.send().await.unwrap()).await, 201);
}

#[tokio::test]
async fn input_that_cannot_be_read_is_named_by_its_place_and_never_repeated() {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let cases = [
        ("{", "geen geldige JSON, regel 1, teken 1"),
        ("{\"cursor\": 4}", "een veld past niet, regel 1, teken 12"),
        ("[]x", "geen geldige JSON, regel 1, teken 3"),
        ("{\"holds\": \"Jansen\"}", "een veld past niet, regel 1, teken 18"),
    ];
    for (body, reason) in cases {
        let request = backend.as_device(&dekker, Method::POST, "/v1/records/_ophalen");
        let reply = request.header("content-type", "application/json").body(body).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
        let text = reply.text().await.unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["reason"], reason, "{body}");
        assert!(!text.contains("Jansen"));
    }
    let plain = backend.as_device(&dekker, Method::POST, "/v1/records/_vergelijk").body("{}").send().await.unwrap();
    assert_eq!(problem(plain).await, 105);
    assert_eq!(problem(backend.request(Method::GET, "/v1/niets").send().await.unwrap()).await, 107);
    assert_eq!(problem(backend.request(Method::PUT, "/v1/sessies").send().await.unwrap()).await, 108);
    let path = backend.as_device(&dekker, Method::GET, "/v1/fotos/geen-hash").send().await.unwrap();
    assert_eq!(problem(path).await, 102);
}

#[tokio::test]
async fn comparing_sends_what_a_device_lacks() {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let mut chain = dekker.chain(stream(1));
    chain.begin_inspection(inspection(1));
    backend.push(&dekker, &chain.records).await;
    let request = backend.as_device(&dekker, Method::POST, "/v1/records/_vergelijk").json(&json!({ "streams": {} }));
    let bytes = request.send().await.unwrap().bytes().await.unwrap();
    let (preamble, records) = veldboek_sync::wire::read_frames::<veldboek_sync::wire::ComparePreamble>(&bytes).unwrap();
    assert_eq!(records.len(), 2);
    assert!(preamble.differing.contains_key(&stream(1)));
}

#[tokio::test]
async fn who_listens_hears_that_there_is_news_in_their_own_streams_only() {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let munteanu = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let mut heard = backend.as_device(&munteanu, Method::GET, "/v1/gebeurtenissen").send().await.unwrap();
    let mut private = dekker.chain(stream(1));
    private.begin_inspection(inspection(1));
    backend.push(&dekker, &private.records).await;
    let mut shared = dekker.chain(stream(2));
    shared.begin_inspection(inspection(2));
    shared.write(&Body::MemberAdded { member: munteanu.person.clone() });
    backend.push(&dekker, &shared.records).await;
    let event = heard.chunk().await.unwrap().unwrap();
    let text = String::from_utf8(event.to_vec()).unwrap();
    assert!(text.contains("event: nieuw") && text.contains("data: 7"), "the first news is of the second push: {text}");
}
