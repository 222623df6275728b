//! Enrolment and sessions of devices.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chrono::Duration;
use common::{Backend, problem};
use reqwest::{Method, StatusCode};
use serde_json::json;
use veldboek_domain::{Clock, DeviceCertificate, Role};
use veldboek_sync::receipt::public_key;

#[tokio::test]
async fn a_device_is_enrolled_once_with_a_code_and_begins_a_session() {
    let backend = Backend::start().await;
    let device = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let reply = backend.as_device(&device, Method::POST, "/v1/records/_ophalen").json(&json!({})).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_code_works_for_one_device_only_and_a_lost_reply_costs_nothing() {
    let backend = Backend::start().await;
    let first = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let mut other = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    backend.code(&first.person, "KEER1234");
    let again = backend.post("/v1/apparaten", &first.enrol_request("keer-1234")).await;
    assert_eq!(again.status(), StatusCode::CREATED, "the same device may ask again");
    let taken = backend.post("/v1/apparaten", &other.enrol_request("KEER1234")).await;
    assert_eq!(problem(taken).await, 204, "another person's device can't be taken over");
    other.id = veldboek_domain::DeviceId::new(backend.clock.as_ref(), backend.entropy.as_ref());
    assert_eq!(backend.post("/v1/apparaten", &other.enrol_request("KEER1234")).await.status(), StatusCode::CREATED);
    other.id = veldboek_domain::DeviceId::new(backend.clock.as_ref(), backend.entropy.as_ref());
    let used = backend.post("/v1/apparaten", &other.enrol_request("KEER1234")).await;
    assert_eq!(problem(used).await, 203);
}

#[tokio::test]
async fn an_expired_or_unknown_code_enrols_nothing_and_guessing_slows_down() {
    let backend = Backend::start().await;
    let mut device = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    backend.code(&device.person, "OUD");
    device.id = veldboek_domain::DeviceId::new(backend.clock.as_ref(), backend.entropy.as_ref());
    backend.clock.forward(Duration::hours(2));
    assert_eq!(problem(backend.post("/v1/apparaten", &device.enrol_request("OUD")).await).await, 203);
    for _ in 1..20 {
        assert_eq!(problem(backend.post("/v1/apparaten", &device.enrol_request("GEGOKT")).await).await, 203);
    }
    let slowed = backend.post("/v1/apparaten", &device.enrol_request("GEGOKT")).await;
    assert_eq!(slowed.headers()["retry-after"], "1");
    assert_eq!(problem(slowed).await, 209);
    backend.clock.forward(Duration::seconds(2));
    assert_eq!(problem(backend.post("/v1/apparaten", &device.enrol_request("GEGOKT")).await).await, 203);
}

#[tokio::test]
async fn a_device_gets_the_backends_word_about_itself_and_about_no_other() {
    let backend = Backend::start().await;
    let device = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let path = "/v1/apparaten/_certificaat";
    let ask = |recipient: &str| {
        backend.as_device(&device, Method::POST, path).json(&json!({ "recipient": recipient })).send()
    };
    let reply = ask(&recipient).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    let certificate: DeviceCertificate = reply.json().await.unwrap();
    let key = public_key(&backend.running().state().identity.public_key()).unwrap();
    assert!(certificate.verify(&key), "signed by this backend");
    assert_eq!((certificate.device, &certificate.recipient), (device.id, &recipient));
    assert_eq!(certificate.public_key, hex::encode(device.key.verifying_key().to_bytes()));
    assert_eq!((certificate.person, certificate.role), (device.person.person, Role::Inspector));
    assert_eq!(problem(ask("niet versleuteld").await.unwrap()).await, 207, "no recipient");
    let nobody = backend.post(path, &json!({ "recipient": recipient })).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_app_from_before_there_were_cards_is_enrolled_without_one() {
    let backend = Backend::start().await;
    let device = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    backend.code(&device.person, "OUDEAPP1");
    let old: serde_json::Value =
        backend.post("/v1/apparaten", &device.enrol_request("OUDEAPP1")).await.json().await.unwrap();
    assert_eq!(old["certificate"], serde_json::Value::Null);
    let mut new = device.enrol_request("OUDEAPP1");
    new["recipient"] = json!(age::x25519::Identity::generate().to_public().to_string());
    let enrolled: serde_json::Value = backend.post("/v1/apparaten", &new).await.json().await.unwrap();
    assert_eq!(enrolled["certificate"]["device"], json!(device.id));
}

#[tokio::test]
async fn a_key_that_is_no_key_is_refused() {
    let backend = Backend::start().await;
    let request = json!({ "code": "X", "device": uuid::Uuid::nil(), "name": "x", "public_key": "zz" });
    assert_eq!(problem(backend.post("/v1/apparaten", &request).await).await, 207);
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_and_with_the_right_key() {
    let backend = Backend::start().await;
    let device = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let challenge = || async {
        let reply = backend.post("/v1/sessies/uitdaging", &json!({ "device": device.id })).await;
        reply.json::<serde_json::Value>().await.unwrap()["challenge"].as_str().unwrap().to_owned()
    };
    let once = challenge().await;
    assert_eq!(backend.post("/v1/sessies", &device.answer(&once)).await.status(), StatusCode::CREATED);
    assert_eq!(problem(backend.post("/v1/sessies", &device.answer(&once)).await).await, 205);
    let late = challenge().await;
    backend.clock.forward(Duration::minutes(3));
    assert_eq!(problem(backend.post("/v1/sessies", &device.answer(&late)).await).await, 205);
    let other = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let forged = challenge().await;
    let mut answer = other.answer(&forged);
    answer["device"] = json!(device.id);
    assert_eq!(problem(backend.post("/v1/sessies", &answer).await).await, 206);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_and_with_a_blocked_device() {
    let backend = Backend::start().await;
    let mut device = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let ask = async |device: &common::Device| {
        let request = backend.as_device(device, Method::POST, "/v1/records/_ophalen").json(&json!({}));
        problem(request.send().await.unwrap()).await
    };
    backend.clock.forward(Duration::hours(12));
    assert_eq!(ask(&device).await, 201);
    device.token = backend.session(&device).await.unwrap();
    assert!(backend.storage().block_device(device.id, backend.clock.stamp().at.timestamp_millis()).unwrap());
    assert_eq!(ask(&device).await, 202);
    assert_eq!(backend.session(&device).await.unwrap_err()["number"], 202);
    device.token = "geraden".to_owned();
    assert_eq!(ask(&device).await, 201);
}
