//! Who has a controle open: for the people of its team, for a minute, and nowhere else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chrono::Duration;
use common::{Backend, Device, inspection, problem, stream};
use reqwest::{Method, StatusCode};
use serde_json::Value as Json;
use veldboek_domain::{Body, Role};

const PATH: &str = "/v1/controles/00000000-0000-0000-0000-000000000007/aanwezigheid";

/// A controle with two people in its team, and somebody who is not.
async fn team() -> (Backend, [Device; 3]) {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let munteanu = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let outsider = backend.device("B. Veenstra", "gm-alkmaar", Role::Inspector).await;
    let mut chain = dekker.chain(stream(1));
    chain.begin_inspection(inspection(7));
    chain.write(&Body::MemberAdded { member: dekker.person.clone() });
    chain.write(&Body::MemberAdded { member: munteanu.person.clone() });
    let reply = backend.push(&dekker, &chain.records).await;
    assert!(reply.refused.is_empty());
    (backend, [dekker, munteanu, outsider])
}

async fn names(backend: &Backend, device: &Device, method: Method) -> Vec<String> {
    let reply = backend.as_device(device, method, PATH).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    let present: Json = reply.json().await.unwrap();
    assert_eq!(present["seconds"], 60);
    present["others"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_team_sees_who_is_there_until_they_leave_or_a_minute_is_over() {
    let (backend, [dekker, munteanu, _]) = team().await;
    assert!(names(&backend, &dekker, Method::PUT).await.is_empty(), "nobody else is there, and oneself is not named");
    assert_eq!(names(&backend, &munteanu, Method::PUT).await, ["M. Dekker"]);
    assert_eq!(names(&backend, &dekker, Method::GET).await, ["Ș. Munteanu"], "looking is no presence of its own");
    backend.clock.forward(Duration::seconds(40));
    assert_eq!(names(&backend, &dekker, Method::PUT).await, ["Ș. Munteanu"]);
    backend.clock.forward(Duration::seconds(30));
    assert!(names(&backend, &dekker, Method::GET).await.is_empty(), "a lease that is not renewed ends by itself");
    assert_eq!(names(&backend, &munteanu, Method::GET).await, ["M. Dekker"], "a renewed one goes on");
    let left = backend.as_device(&dekker, Method::DELETE, PATH).send().await.unwrap();
    assert_eq!(left.status(), StatusCode::NO_CONTENT);
    assert!(names(&backend, &munteanu, Method::GET).await.is_empty());
}

#[tokio::test]
async fn who_may_not_read_the_teams_stream_learns_nothing_and_tells_nothing() {
    let (backend, [dekker, _, outsider]) = team().await;
    names(&backend, &dekker, Method::PUT).await;
    for method in [Method::PUT, Method::GET, Method::DELETE] {
        let reply = backend.as_device(&outsider, method.clone(), PATH).send().await.unwrap();
        assert_eq!(problem(reply).await, 301, "{method}: for them there is no such controle");
    }
    assert!(names(&backend, &dekker, Method::GET).await.is_empty());
    let nobody = backend.request(Method::GET, PATH).send().await.unwrap();
    assert_eq!(problem(nobody).await, 201);
    let unreadable = backend.as_device(&dekker, Method::GET, "/v1/controles/zeven/aanwezigheid").send().await.unwrap();
    assert_eq!(problem(unreadable).await, 102);
}

#[tokio::test]
async fn nothing_of_it_is_stored_and_a_restart_forgets_it() {
    let (mut backend, [dekker, munteanu, _]) = team().await;
    names(&backend, &munteanu, Method::PUT).await;
    assert_eq!(names(&backend, &dekker, Method::GET).await, ["Ș. Munteanu"]);
    backend.restart().await;
    assert!(names(&backend, &dekker, Method::GET).await.is_empty());
}
