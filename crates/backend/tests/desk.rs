//! The desk: signing in, the list, one controle, the review, planning, and the log.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chrono::Duration;
use common::{Backend, Device, inspection, problem, stream};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value as Json, json};
use veldboek_backend::storage::{AuditState, ListFilter};
use veldboek_domain::record::{ChecklistRef, Opening, Sealed};
use veldboek_domain::{
    Address, Body, Clock, Digest, Field, InspectionId, ItemId, Observation, ObservationKind, RegisterKey, Role,
    SetKind, Slot, StreamKind, Value,
};
use veldboek_sync::wire::PullRequest;

struct Desk {
    backend: Backend,
    cookie: String,
}

impl Desk {
    async fn start() -> Self {
        let backend = Backend::start_with(true).await;
        let cookie = sign_in(&backend, "j.vankalken").await;
        Self { backend, cookie }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.backend.request(method, path).header("cookie", &self.cookie).header("veldboek-client", "desk")
    }

    async fn get(&self, path: &str) -> Json {
        let reply = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK, "{path}");
        reply.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Json) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    async fn search(&self, search: Json) -> Vec<String> {
        let found: Json = self.post("/v1/controles/_zoek", &search).await.json().await.unwrap();
        assert_eq!(found["total"], found["inspections"].as_array().unwrap().len());
        let rows = found["inspections"].as_array().unwrap().iter();
        rows.map(|row| row["address"].as_str().unwrap().to_owned()).collect()
    }
}

fn password(backend: &Backend, account: &str) -> String {
    let demo = backend.running().demo.as_ref().unwrap();
    demo.accounts.iter().find(|known| known.name == account).unwrap().password.clone()
}

async fn try_sign_in(backend: &Backend, account: &str, password: &str) -> Response {
    let request = backend.request(Method::POST, "/v1/aanmelden").header("veldboek-client", "desk");
    request.json(&json!({ "name": account, "password": password })).send().await.unwrap()
}

async fn sign_in(backend: &Backend, account: &str) -> String {
    let reply = try_sign_in(backend, account, &password(backend, account)).await;
    assert_eq!(reply.status(), StatusCode::OK);
    let cookie = reply.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

/// A device of somebody of the demonstration, enrolled with the code that the start gave.
async fn device_of(backend: &Backend, name: &str) -> Device {
    let people = veldboek_backend::storage::PeopleStorage::people(backend.storage()).unwrap();
    let person = people.into_iter().find(|card| card.name == name).unwrap();
    backend.device_of(person).await
}

fn field(field: Field, value: Value) -> Body {
    Body::Written { register: RegisterKey::Inspection(field), value }
}

fn bundled() -> ChecklistRef {
    let checklist = veldboek_checklist::bundled().unwrap().remove(0);
    ChecklistRef { id: checklist.id().to_owned(), version: checklist.version().to_owned(), hash: checklist.hash() }
}

/// A controle that was carried out and submitted, with a photo on the backend. Gives its photo's item.
async fn submitted(backend: &Backend, device: &Device, id: InspectionId) -> ItemId {
    let item = || ItemId::new(backend.clock.as_ref(), backend.entropy.as_ref());
    let (finding, photo) = (item(), item());
    let mut chain = device.chain(stream(77));
    chain.open(id, StreamKind::Team);
    chain.write(&Body::InspectionOpened(Opening {
        number: "VB-2026-0042-K7".to_owned(),
        family: "vb".to_owned(),
        checklist: bundled(),
        source_organisation: "gm-alkmaar".into(),
        responsible_municipality: "Alkmaar".to_owned(),
    }));
    chain.write(&Body::MemberAdded { member: device.person.clone() });
    let address = Address { line: "Kraaienhofsweg 12".to_owned(), town: "De Rijp".to_owned(), ..Address::default() };
    chain.write(&field(Field::Address, Value::Address(address)));
    chain.write(&Body::ItemAdded { item: finding, set: SetKind::Finding, slot: None, parent: None });
    let written = |item, field, value| Body::Written { register: RegisterKey::Item(item, field), value };
    chain.write(&written(finding, Field::Title, Value::text("Gebruik past niet bij de functie")));
    chain.write(&written(finding, Field::Text, Value::text("Ik zag een hefbrug en twee gereedschapswagens.")));
    chain.write(&Body::ItemAdded { item: photo, set: SetKind::Photo, slot: None, parent: Some(finding) });
    let bytes = b"not quite a picture".to_vec();
    chain.write(&Body::PhotoSealed {
        item: photo,
        sealed: Sealed {
            sha256: Digest::of(&bytes),
            bytes: bytes.len() as u64,
            media_type: "image/jpeg".to_owned(),
            width: 4,
            height: 3,
            taken_at: Some(backend.clock.stamp().at),
            position: None,
        },
    });
    chain.write(&Body::Closed { version: 1 });
    let reply = backend.push(device, &chain.records).await;
    assert!(reply.refused.is_empty() && reply.receipts.len() == 1);
    assert_eq!(backend.send_photo(device, stream(77), &bytes).await.status(), StatusCode::CREATED);
    photo
}

#[tokio::test]
async fn only_the_right_password_from_the_desk_itself_signs_in() {
    let desk = Desk::start().await;
    let backend = &desk.backend;
    assert_eq!(desk.get("/v1/ik").await["name"], "J. van Kalken");
    assert_eq!(problem(try_sign_in(backend, "j.vankalken", "fout").await).await, 208);
    assert_eq!(problem(try_sign_in(backend, "niemand", "fout").await).await, 208);
    let body = json!({ "name": "j.vankalken", "password": password(backend, "j.vankalken") });
    assert_eq!(problem(backend.post("/v1/aanmelden", &body).await).await, 210);
    let foreign = desk.request(Method::POST, "/v1/afmelden").header("origin", "https://elders.example");
    assert_eq!(problem(foreign.send().await.unwrap()).await, 210);
    assert_eq!(desk.post("/v1/afmelden", &json!({})).await.status(), StatusCode::NO_CONTENT);
    let after = desk.request(Method::GET, "/v1/ik").send().await.unwrap();
    assert_eq!(problem(after).await, 201);
}

#[tokio::test]
async fn guessing_a_password_slows_down() {
    let desk = Desk::start().await;
    for _ in 0..5 {
        assert_eq!(problem(try_sign_in(&desk.backend, "t.oosterling", "gok").await).await, 208);
    }
    let right = password(&desk.backend, "t.oosterling");
    assert_eq!(problem(try_sign_in(&desk.backend, "t.oosterling", &right).await).await, 209);
    desk.backend.clock.forward(Duration::seconds(2));
    assert_eq!(try_sign_in(&desk.backend, "t.oosterling", &right).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_session_at_the_desk_ends_by_itself() {
    let desk = Desk::start().await;
    desk.backend.clock.forward(Duration::hours(10));
    assert_eq!(problem(desk.request(Method::GET, "/v1/ik").send().await.unwrap()).await, 201);
}

#[tokio::test]
async fn the_demonstration_has_six_controles_for_today_in_route_order() {
    let desk = Desk::start().await;
    let all = desk.search(json!({})).await;
    assert_eq!(
        all,
        [
            "Grutterskade 3",
            "Molenkroftweg 27a",
            "Kraaienhofsweg 12",
            "Blauwe Keetweg 21",
            "Westerwiekdijk 9",
            "Lage Haverlandweg 5"
        ]
    );
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    let (_, pulled) = desk.backend.pull(&dekker, None).await;
    assert_eq!(pulled.len(), 6 * 9, "each begins with nine records, and all reach the team");
}

#[tokio::test]
async fn a_second_start_adds_nothing_and_gives_new_passwords() {
    let mut desk = Desk::start().await;
    let before = password(&desk.backend, "j.vankalken");
    desk.backend.running.take().unwrap().stop().await.unwrap();
    desk.backend.begin(true).await;
    assert_ne!(password(&desk.backend, "j.vankalken"), before);
    desk.cookie = sign_in(&desk.backend, "j.vankalken").await;
    assert_eq!(desk.search(json!({})).await.len(), 6);
    assert_eq!(desk.get("/v1/mensen").await["people"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn the_list_is_searched_by_status_municipality_team_age_and_words() {
    let desk = Desk::start().await;
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    submitted(&desk.backend, &dekker, inspection(1)).await;
    assert_eq!(desk.search(json!({ "statuses": ["closed"] })).await, ["Kraaienhofsweg 12"]);
    assert_eq!(desk.search(json!({ "municipality": "Dijk en Waard" })).await, ["Grutterskade 3"]);
    assert_eq!(desk.search(json!({ "text": "ZUIDSCHERMER weste" })).await, ["Westerwiekdijk 9"]);
    assert_eq!(desk.search(json!({ "team": "munteanu" })).await.len(), 6, "the seventh was done alone");
    assert_eq!(desk.search(json!({ "older_than_days": 3 })).await.len(), 0);
    desk.backend.clock.forward(Duration::days(4));
    let desk = Desk { cookie: sign_in(&desk.backend, "j.vankalken").await, ..desk };
    assert_eq!(desk.search(json!({ "older_than_days": 3 })).await.len(), 7);
    let page: Json = desk.post("/v1/controles/_zoek", &json!({ "offset": 5, "limit": 1 })).await.json().await.unwrap();
    assert_eq!((page["total"].as_u64(), page["inspections"].as_array().unwrap().len()), (Some(7), 1));
}

#[tokio::test]
async fn a_submitted_controle_shows_what_was_found_by_whom_and_with_which_receipt() {
    let desk = Desk::start().await;
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    let photo = submitted(&desk.backend, &dekker, inspection(1)).await;
    let path = format!("/v1/controles/{}", inspection(1));
    let view = desk.get(&path).await;
    assert_eq!(view["status"], "closed");
    assert_eq!(view["address"], "Kraaienhofsweg 12, De Rijp");
    assert_eq!(view["findings"][0]["number"], "B1");
    assert_eq!(view["findings"][0]["title"], "Gebruik past niet bij de functie");
    assert_eq!(view["photos"][0]["item"], photo.to_string());
    assert!(view["photos"][0]["receipt"]["number"].as_str().unwrap().starts_with("NHV "));
    assert!(view["parts"].as_array().unwrap().len() > 5, "the checklist's parts are there");
    let timeline = desk.get(&format!("{path}/tijdlijn")).await;
    let lines = timeline["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 10);
    assert_eq!(lines[9]["text"], "Rapport versie 1 afgerond");
    assert_eq!((lines[9]["author"].as_str(), lines[9]["device"].as_str()), (Some("M. Dekker"), Some("ALK-07")));
    assert!(lines[0]["receipt"].as_str().unwrap().starts_with("NHV "));
    let bytes = desk.request(Method::GET, &format!("{path}/fotos/{photo}")).send().await.unwrap();
    assert_eq!(bytes.headers()["content-type"], "image/jpeg");
    assert_eq!(bytes.bytes().await.unwrap(), "not quite a picture");
    let pdf = desk.request(Method::GET, &format!("{path}/rapport")).send().await.unwrap();
    assert_eq!(pdf.headers()["content-type"], "application/pdf");
    assert!(pdf.bytes().await.unwrap().starts_with(b"%PDF-1.7"));
    let unknown = desk.request(Method::GET, &format!("/v1/controles/{}", inspection(9))).send().await.unwrap();
    assert_eq!(problem(unknown).await, 301);
    let unknown = desk.request(Method::GET, &format!("{path}/fotos/{}", inspection(9))).send().await.unwrap();
    assert_eq!(problem(unknown).await, 401);
}

#[tokio::test]
async fn a_review_reaches_the_tablet_and_only_what_was_submitted_can_be_reviewed() {
    let desk = Desk::start().await;
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    submitted(&desk.backend, &dekker, inspection(1)).await;
    let (cursor, _) = desk.backend.pull(&dekker, None).await;
    let path = format!("/v1/controles/{}/beoordeling", inspection(1));
    assert_eq!(problem(desk.post(&path, &json!({ "agreed": false })).await).await, 307);
    let back = json!({ "agreed": false, "note": "Noem het artikel uit het omgevingsplan.", "due": "2026-11-27" });
    assert_eq!(desk.post(&path, &back).await.status(), StatusCode::NO_CONTENT);
    let (_, pulled) = desk.backend.pull(&dekker, Some(cursor)).await;
    assert_eq!(pulled.len(), 1);
    let view = desk.get(&format!("/v1/controles/{}", inspection(1))).await;
    assert_eq!(view["status"], "sent_back");
    assert_eq!(view["sent_back_because"], "Noem het artikel uit het omgevingsplan.");
    assert_eq!(desk.search(json!({ "statuses": ["sent_back"] })).await, ["Kraaienhofsweg 12"]);
    assert_eq!(problem(desk.post(&path, &json!({ "agreed": true })).await).await, 302);
    let elsewhere = format!("/v1/controles/{}/beoordeling", inspection(9));
    assert_eq!(problem(desk.post(&elsewhere, &json!({ "agreed": true })).await).await, 301);
}

#[tokio::test]
async fn agreement_waits_for_differences_to_be_settled() {
    let desk = Desk::start().await;
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    submitted(&desk.backend, &dekker, inspection(1)).await;
    let mut second = device_of(&desk.backend, "M. Dekker").await;
    second.token = desk.backend.session(&second).await.unwrap();
    let mut chain = second.chain(stream(77));
    for answer in ["ja", "nee"] {
        chain.write(&Body::Written { register: RegisterKey::Answer(Slot::of("D1")), value: Value::choice(answer) });
    }
    assert!(desk.backend.push(&second, &chain.records).await.refused.is_empty());
    let path = format!("/v1/controles/{}/beoordeling", inspection(1));
    assert_eq!(problem(desk.post(&path, &json!({ "agreed": true })).await).await, 303);
    let view = desk.get(&format!("/v1/controles/{}", inspection(1))).await;
    assert_eq!(view["differences"][0]["label"], "D1");
    assert_eq!(view["differences"][0]["values"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_planned_controle_reaches_the_team() {
    let desk = Desk::start().await;
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    let (cursor, _) = desk.backend.pull(&dekker, None).await;
    let plan = json!({
        "address": "Noorderkade 8", "town": "De Rijp", "municipality": "alkmaar", "planned_at": "2026-11-20T10:00:00+01:00",
        "checklist": "vb-ic", "team": [dekker.person.person]
    });
    let reply = desk.post("/v1/controles", &plan).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    let planned: Json = reply.json().await.unwrap();
    assert_eq!(planned["number"], "VB-2026-0007-00");
    let after = PullRequest { cursor: Some(cursor), ..PullRequest::default() };
    let (_, pulled, _) = desk.backend.pull_page(&dekker, &after).await;
    let bodies: Vec<Body> = pulled.iter().filter_map(|raw| serde_json::from_slice(raw.body.as_deref()?).ok()).collect();
    assert_eq!(bodies.len(), 6);
    let building =
        |body: &Body| matches!(body, Body::ItemAdded { set: SetKind::Group { group }, .. } if group == "gebouw");
    assert!(bodies.iter().any(building), "a controle that must have a building begins with the first");
    for (name, value, number) in [
        ("address", json!(" "), 304),
        ("municipality", json!("Amsterdam"), 304),
        ("checklist", json!("X"), 304),
        ("team", json!([]), 304),
        ("team", json!([uuid::Uuid::nil()]), 305),
        ("planned_at", json!("morgen"), 101),
    ] {
        let mut wrong = plan.clone();
        wrong[name] = value;
        assert_eq!(problem(desk.post("/v1/controles", &wrong).await).await, number, "{name}");
    }
}

#[tokio::test]
async fn each_role_does_its_own_work_only() {
    let desk = Desk::start().await;
    let administrator = Desk { cookie: sign_in(&desk.backend, "t.oosterling").await, ..desk };
    assert_eq!(problem(administrator.post("/v1/controles/_zoek", &json!({})).await).await, 211);
    let people = administrator.get("/v1/mensen").await;
    let dekker = people["people"].as_array().unwrap().iter().find(|card| card["name"] == "M. Dekker").unwrap();
    let reply = administrator.post("/v1/apparaatcodes", &json!({ "person": dekker["person"] })).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    let code: Json = reply.json().await.unwrap();
    let device = device_of(&administrator.backend, "M. Dekker").await;
    let other = Device { id: veldboek_domain::DeviceId(uuid::Uuid::from_u128(5)), ..device };
    let enrolled =
        administrator.backend.post("/v1/apparaten", &other.enrol_request(code["code"].as_str().unwrap())).await;
    assert_eq!(enrolled.status(), StatusCode::CREATED);
    let block = format!("/v1/apparaten/{}/_blokkeer", other.id);
    assert_eq!(administrator.post(&block, &json!({})).await.status(), StatusCode::NO_CONTENT);
    let devices = administrator.get("/v1/apparaten").await;
    assert_eq!(devices["devices"].as_array().unwrap().iter().filter(|row| row["blocked"] == true).count(), 1);
    let nobody = format!("/v1/apparaten/{}/_blokkeer", uuid::Uuid::nil());
    assert_eq!(problem(administrator.post(&nobody, &json!({})).await).await, 212);
    let wrong = administrator.post("/v1/apparaatcodes", &json!({ "person": uuid::Uuid::nil() })).await;
    assert_eq!(problem(wrong).await, 305);
    let coordinator = sign_in(&administrator.backend, "j.vankalken").await;
    let coordinator = Desk { cookie: coordinator, ..administrator };
    assert_eq!(
        problem(coordinator.post("/v1/apparaatcodes", &json!({ "person": uuid::Uuid::nil() })).await).await,
        211
    );
    assert_eq!(coordinator.get("/v1/checklists").await["checklists"][0]["id"], "vb-ic");
}

#[tokio::test]
async fn a_backend_without_people_begins_with_an_administrator_who_adds_them() {
    let mut backend = Backend::start().await;
    let first = backend.running().administrator.clone().unwrap();
    let reply = try_sign_in(&backend, &first.name, &first.password).await;
    let cookie = reply.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    backend.restart().await;
    assert!(backend.running().administrator.is_none(), "only once");
    let desk = Desk { backend, cookie };
    let person = json!({
        "name": "J. van Kalken", "organisation": "gm-alkmaar", "organisation_name": "Gemeente Alkmaar",
        "function": "coördinator", "role": "coordinator", "account": "j.vankalken"
    });
    let added: Json = desk.post("/v1/mensen", &person).await.json().await.unwrap();
    assert_eq!(added["person"]["name"], "J. van Kalken");
    let password = added["password"].as_str().unwrap();
    assert_eq!(try_sign_in(&desk.backend, "j.vankalken", password).await.status(), StatusCode::OK);
    assert_eq!(problem(desk.post("/v1/mensen", &person).await).await, 308);
    for (name, value, number) in [("name", " ", 309), ("organisation", "GM Alkmaar", 309), ("role", "baas", 101)] {
        let mut wrong = person.clone();
        wrong[name] = json!(value);
        assert_eq!(problem(desk.post("/v1/mensen", &wrong).await).await, number, "{name}");
    }
}

#[tokio::test]
async fn every_look_is_in_the_log_and_a_changed_line_is_found() {
    let desk = Desk::start().await;
    let dekker = device_of(&desk.backend, "M. Dekker").await;
    submitted(&desk.backend, &dekker, inspection(1)).await;
    desk.search(json!({ "text": "Kraaienhofsweg" })).await;
    desk.get(&format!("/v1/controles/{}", inspection(1))).await;
    let lines = desk.backend.storage().audit_lines(None, 10).unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["controle-gezien", "werkvoorraad-gezien", "aangemeld"]);
    assert!(lines.iter().all(|line| !line.object.contains("Kraaienhofsweg")));
    assert_eq!(desk.backend.storage().verify_audit().unwrap(), AuditState::Whole { lines: 3 });
    let path = desk.backend.folder.path().join("data/veldboek.sqlite");
    let file = rusqlite::Connection::open(path).unwrap();
    assert!(file.execute("UPDATE audit SET action = 'niets' WHERE n = 2", []).is_err(), "the log is append-only");
    file.execute_batch("DROP TRIGGER audit_is_never_changed; UPDATE audit SET action = 'niets' WHERE n = 2;").unwrap();
    assert_eq!(desk.backend.storage().verify_audit().unwrap(), AuditState::Broken { at: 2 });
    let administrator = sign_in(&desk.backend, "t.oosterling").await;
    let desk = Desk { cookie: administrator, ..desk };
    assert_eq!(desk.get("/v1/logboek").await["whole"], false);
}

#[tokio::test]
async fn what_is_closed_never_reaches_who_may_not_see_it() {
    const SECRET: &str = "verdachte-Zwanenburg";
    let desk = Desk::start().await;
    let backend = &desk.backend;
    let boa = device_of(backend, "K. de Graaf").await;
    let dekker = device_of(backend, "M. Dekker").await;
    let munteanu = device_of(backend, "Ș. Munteanu").await;
    let mut team = boa.chain(stream(1));
    team.begin_inspection(inspection(1));
    for member in [&dekker, &munteanu] {
        team.write(&Body::MemberAdded { member: member.person.clone() });
    }
    backend.push(&boa, &team.records).await;
    let alkmaar = || "gm-alkmaar".into();
    let mut wpg = boa.chain(stream(2));
    wpg.open(inspection(1), StreamKind::Wpg { organisation: alkmaar() });
    let observation = Observation {
        kind: ObservationKind::Own,
        text: SECRET.to_owned(),
        ordinary_explanation: String::new(),
        observed_at: None,
    };
    wpg.write(&Body::Written { register: RegisterKey::Answer(Slot::of("D1")), value: Value::Observation(observation) });
    assert!(backend.push(&boa, &wpg.records).await.refused.is_empty());
    let mut partner = dekker.chain(stream(3));
    partner.open(inspection(1), StreamKind::Partner { organisation: alkmaar() });
    partner.write(&field(Field::Method, Value::text(SECRET)));
    assert!(backend.push(&dekker, &partner.records).await.refused.is_empty());
    let has = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    let page = async |device: &Device| {
        let request = PullRequest { include_own: true, ..Default::default() };
        backend.pull_page(device, &request).await
    };
    assert!(has(&page(&boa).await.2), "the officer reads their own");
    assert!(has(&page(&dekker).await.2), "a colleague reads the organisation's own");
    let (preamble, records, bytes) = page(&munteanu).await;
    assert!(!has(&bytes));
    let theirs = records.iter().filter(|raw| team.records.iter().any(|record| record.id() == raw.id())).count();
    assert_eq!(theirs, team.records.len());
    assert!(records.iter().all(|raw| wpg.records.iter().chain(&partner.records).all(|record| record.id() != raw.id())));
    assert!(preamble.closed.is_empty(), "that there is something closed is not told");
    let dekkers = page(&dekker).await.1;
    assert!(dekkers.iter().all(|raw| wpg.records.iter().all(|record| record.id() != raw.id())));
    let compared = backend.as_device(&munteanu, Method::POST, "/v1/records/_vergelijk").json(&json!({ "streams": {} }));
    let compared = compared.send().await.unwrap().bytes().await.unwrap();
    assert!(!has(&compared) && !String::from_utf8_lossy(&compared).contains(&stream(2).to_string()));
    let path = format!("/v1/controles/{}", inspection(1));
    for path in [path.clone(), format!("{path}/tijdlijn")] {
        let text = desk.request(Method::GET, &path).send().await.unwrap().text().await.unwrap();
        assert!(!has(text.as_bytes()), "{path}");
        assert!(!text.contains(&stream(2).to_string()), "{path}");
    }
    let (rows, _) = backend.storage().list(&ListFilter { limit: 100, ..ListFilter::default() }).unwrap();
    let row = rows.iter().find(|row| row.inspection == inspection(1)).unwrap();
    assert_eq!((row.answers, row.findings), (0, 0), "closed records are not counted");
    let mut intruder = munteanu.chain(stream(2));
    intruder.write(&field(Field::Method, Value::text("x")));
    let refused = backend.push(&munteanu, &intruder.records).await;
    assert_eq!(refused.refused.len(), 1);
}

#[tokio::test]
async fn a_card_in_a_record_cannot_raise_somebodys_rights() {
    let desk = Desk::start().await;
    let backend = &desk.backend;
    let boa = device_of(backend, "K. de Graaf").await;
    let munteanu = device_of(backend, "Ș. Munteanu").await;
    let mut team = boa.chain(stream(1));
    team.begin_inspection(inspection(1));
    let mut raised = munteanu.person.clone();
    (raised.role, raised.organisation) = (Role::InvestigatingOfficer, "gm-alkmaar".into());
    team.write(&Body::MemberAdded { member: raised });
    backend.push(&boa, &team.records).await;
    let mut wpg = boa.chain(stream(2));
    wpg.open(inspection(1), StreamKind::Wpg { organisation: "gm-alkmaar".into() });
    backend.push(&boa, &wpg.records).await;
    let (_, pulled) = backend.pull(&munteanu, None).await;
    assert!(!pulled.contains(&wpg.records[0].id()));
    assert!(pulled.contains(&team.records[0].id()));
}

#[tokio::test]
async fn a_finding_that_an_investigation_took_over_is_no_longer_shown() {
    let desk = Desk::start().await;
    let boa = device_of(&desk.backend, "K. de Graaf").await;
    let photo = submitted(&desk.backend, &boa, inspection(1)).await;
    let view = desk.get(&format!("/v1/controles/{}", inspection(1))).await;
    let finding: ItemId = view["findings"][0]["item"].as_str().unwrap().parse().unwrap();
    let mut second = device_of(&desk.backend, "K. de Graaf").await;
    second.token = desk.backend.session(&second).await.unwrap();
    let mut chain = second.chain(stream(77));
    for item in [finding, photo] {
        let regime = veldboek_domain::codes::Regime::WpgOpsporing;
        chain.write(&Body::RegimeSwitched { item, regime, reason: "redelijk vermoeden".to_owned() });
    }
    desk.backend.push(&second, &chain.records).await;
    let path = format!("/v1/controles/{}", inspection(1));
    let view = desk.get(&path).await;
    assert!(view["findings"].as_array().unwrap().is_empty() && view["photos"].as_array().unwrap().is_empty());
    let timeline = desk.request(Method::GET, &format!("{path}/tijdlijn")).send().await.unwrap().text().await.unwrap();
    assert!(!timeline.contains("hefbrug"));
    let hidden = desk.request(Method::GET, &format!("{path}/fotos/{photo}")).send().await.unwrap();
    assert_eq!(problem(hidden).await, 401);
}

#[tokio::test]
async fn counts_are_taken_once_and_shown_only_when_five_visits_gave_them() {
    let desk = Desk::start().await;
    let coach = device_of(&desk.backend, "R. Visser").await;
    let version = veldboek_checklist::bundled().unwrap();
    let version = version.iter().find(|checklist| checklist.id() == "agro").unwrap().version().to_owned();
    let counts = |id: u128, lines: Json| json!({ "id": uuid::Uuid::from_u128(id), "checklist": "agro", "version": version, "month": "2026-11", "lines": lines });
    let send = async |body: Json| {
        let request = desk.backend.as_device(&coach, Method::POST, "/v1/tellingen").json(&body);
        request.send().await.unwrap()
    };
    let theme = |code: &str| json!([{ "question": "Q2_2", "option": code }]);
    for id in 0..5 {
        assert_eq!(send(counts(id, theme("bedrijf"))).await.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(
        send(counts(0, theme("bedrijf"))).await.status(),
        StatusCode::NO_CONTENT,
        "sent again it is the same visit"
    );
    let totals = desk.get("/v1/tellingen").await["totals"].clone();
    assert_eq!(totals[0]["visits"], 5, "{totals}");
    for (wrong, why) in [
        (counts(9, json!([{ "question": "Q2_2", "option": "de zoon wil stoppen" }])), "words are no count"),
        (counts(9, json!([{ "question": "Q2_1", "option": "bedrijf" }])), "a question that is not counted"),
        (counts(9, json!([{ "question": "Q2_2", "option": "bedrijf", "number": 1 }])), "two answers in one line"),
        (
            json!({ "id": uuid::Uuid::nil(), "checklist": "vb-ic", "version": "0.1", "month": "2026-11", "lines": [] }),
            "a controle",
        ),
        (
            json!({ "id": uuid::Uuid::nil(), "checklist": "agro", "version": version, "month": "2026-11-19", "lines": [] }),
            "a day",
        ),
    ] {
        assert_eq!(problem(send(wrong).await).await, 101, "{why} is refused");
    }
    assert_eq!(send(counts(7, theme("geld"))).await.status(), StatusCode::NO_CONTENT);
    let totals = desk.get("/v1/tellingen").await["totals"].clone();
    let shown = totals.as_array().unwrap().iter().filter(|total| !total["visits"].is_null()).count();
    assert_eq!(shown, 0, "one visit is hidden, and the other total with it: {totals}");
}
