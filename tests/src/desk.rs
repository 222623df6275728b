//! People at the desk, over HTTP as the browser does it.

use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Method};
use serde_json::{Value as Json, json};
use veldboek_domain::{InspectionId, ItemId};

use crate::backend::Backend;
use crate::block_on;

/// Somebody who signed in: a coordinator, or who manages people and devices.
pub struct Desk {
    client: Client,
    url: String,
    cookie: String,
}

impl Desk {
    /// Signs in as the coordinator of the demonstration.
    ///
    /// # Panics
    /// When the desk does not let the coordinator in.
    pub fn sign_in(backend: &Backend) -> Self {
        Self::sign_in_at(backend.url(), backend.coordinator())
    }

    /// Signs in as who manages people and devices.
    ///
    /// # Panics
    /// When the desk does not let them in.
    pub fn sign_in_to_manage(backend: &Backend) -> Self {
        Self::sign_in_at(backend.url(), backend.administrator())
    }

    /// Signs in at a backend's address with an account's name and password.
    ///
    /// # Panics
    /// When the desk does not let them in.
    pub fn sign_in_at(url: String, (name, password): (&str, &str)) -> Self {
        let client = Client::new();
        let request = client
            .post(format!("{url}/v1/aanmelden"))
            .header("Veldboek-Client", "story")
            .json(&json!({ "name": name, "password": password }));
        let answer = block_on(request.send()).expect("the desk answers");
        let cookie = answer.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("the desk gives a session").to_owned();
        Self { client, url, cookie }
    }

    /// Everything that the review screen shows of a controle.
    pub fn inspection(&self, inspection: InspectionId) -> Json {
        let bytes = self.get(&format!("/v1/controles/{inspection}"));
        serde_json::from_slice(&bytes).expect("the desk answers in JSON")
    }

    /// The time line of a controle.
    pub fn timeline(&self, inspection: InspectionId) -> Json {
        let bytes = self.get(&format!("/v1/controles/{inspection}/tijdlijn"));
        serde_json::from_slice(&bytes).expect("the desk answers in JSON")
    }

    /// Plans a controle for people of these names, and gives its id.
    ///
    /// # Panics
    /// When the desk does not know them or does not plan it.
    pub fn plan(&self, address: &str, checklist: &str, team: &[&str]) -> InspectionId {
        let people: Json = serde_json::from_slice(&self.get("/v1/mensen")).expect("the desk answers in JSON");
        let id = |name: &&str| {
            let found = people["people"].as_array().expect("a list").iter().find(|card| card["name"] == **name);
            found.unwrap_or_else(|| panic!("{name} works with the backend"))["person"].clone()
        };
        let plan = json!({
            "address": address, "town": "De Rijp", "municipality": "Alkmaar", "checklist": checklist,
            "planned_at": "2026-11-19T10:00:00+01:00", "team": team.iter().map(id).collect::<Vec<_>>()
        });
        let request = self.client.post(format!("{}/v1/controles", self.url)).header(COOKIE, &self.cookie);
        let request = request.header("Veldboek-Client", "story").json(&plan);
        let answer: Json = block_on(async { request.send().await.expect("the desk answers").json().await })
            .expect("the desk answers in JSON");
        serde_json::from_value(answer["inspection"].clone()).unwrap_or_else(|_| panic!("it is planned: {answer}"))
    }

    /// Sends a submitted controle back to its team.
    pub fn send_back(&self, inspection: InspectionId, note: &str) {
        let review = json!({ "agreed": false, "note": note });
        self.send(Method::POST, &format!("/v1/controles/{inspection}/beoordeling"), Some(&review));
    }

    /// The status of the answer when a review is refused.
    ///
    /// # Panics
    /// When the desk does not answer.
    pub fn refusal(&self, inspection: InspectionId, review: &Json) -> u16 {
        let url = format!("{}/v1/controles/{inspection}/beoordeling", self.url);
        let request =
            self.client.post(url).header(COOKIE, &self.cookie).header("Veldboek-Client", "story").json(review);
        block_on(request.send()).expect("the desk answers").status().as_u16()
    }

    /// The row of a controle in the list.
    ///
    /// # Panics
    /// When it is not among the first hundred.
    pub fn row(&self, inspection: InspectionId) -> Json {
        let found = self.post("/v1/controles/_zoek", &json!({}));
        let rows = found["inspections"].as_array().expect("a list").iter();
        rows.clone().find(|row| row["inspection"] == inspection.to_string()).expect("it is in the list").clone()
    }

    /// Who has a controle open.
    pub fn present(&self, inspection: InspectionId) -> Json {
        let bytes = self.get(&format!("/v1/controles/{inspection}/aanwezigheid"));
        serde_json::from_slice(&bytes).expect("the desk answers in JSON")
    }

    /// The log of who saw or changed what.
    pub fn log(&self) -> Json {
        serde_json::from_slice(&self.get("/v1/logboek")).expect("the desk answers in JSON")
    }

    /// The counts of visits that stay on their device, as far as they may be shown.
    pub fn counts(&self) -> Json {
        serde_json::from_slice(&self.get("/v1/tellingen")).expect("the desk answers in JSON")
    }

    /// A photo's original bytes.
    pub fn photo(&self, inspection: InspectionId, photo: ItemId) -> Vec<u8> {
        self.get(&format!("/v1/controles/{inspection}/fotos/{photo}"))
    }

    /// The controlerapport.
    pub fn report(&self, inspection: InspectionId) -> Vec<u8> {
        self.get(&format!("/v1/controles/{inspection}/rapport"))
    }

    /// Adds a person, as the desk's own request describes one, and gives the code that enrols their device.
    ///
    /// # Panics
    /// When the desk refuses.
    pub fn add_person(&self, person: &Json) -> String {
        let added = self.post("/v1/mensen", person);
        let code = self.post("/v1/apparaatcodes", &json!({ "person": added["person"]["person"] }));
        code["code"].as_str().expect("a code is a text").to_owned()
    }

    /// Blocks the device with this name: it was lost.
    ///
    /// # Panics
    /// When the desk does not know it.
    pub fn block_device(&self, name: &str) {
        let devices: Json = serde_json::from_slice(&self.get("/v1/apparaten")).expect("the desk answers in JSON");
        let found = devices["devices"].as_array().expect("a list").iter().find(|device| device["name"] == name);
        let device =
            found.unwrap_or_else(|| panic!("{name} is enrolled"))["device"].as_str().expect("an id").to_owned();
        self.send(Method::POST, &format!("/v1/apparaten/{device}/_blokkeer"), None);
    }

    /// A code that enrols another device of somebody.
    ///
    /// # Panics
    /// When the desk does not know them.
    pub fn device_code(&self, name: &str) -> String {
        let people: Json = serde_json::from_slice(&self.get("/v1/mensen")).expect("the desk answers in JSON");
        let found = people["people"].as_array().expect("a list").iter().find(|card| card["name"] == name);
        let person = found.unwrap_or_else(|| panic!("{name} works with the backend"))["person"].clone();
        let code = self.post("/v1/apparaatcodes", &json!({ "person": person }));
        code["code"].as_str().expect("a code is a text").to_owned()
    }

    fn post(&self, path: &str, body: &Json) -> Json {
        let bytes = self.send(Method::POST, path, Some(body));
        serde_json::from_slice(&bytes).expect("the desk answers in JSON")
    }

    fn get(&self, path: &str) -> Vec<u8> {
        self.send(Method::GET, path, None)
    }

    fn send(&self, method: Method, path: &str, body: Option<&Json>) -> Vec<u8> {
        block_on(async {
            let request = self.client.request(method, format!("{}{path}", self.url));
            let mut request = request.header(COOKIE, &self.cookie).header("Veldboek-Client", "story");
            if let Some(body) = body {
                request = request.json(body);
            }
            let answer = request.send().await.expect("the desk answers");
            let status = answer.status();
            let bytes = answer.bytes().await.expect("the answer comes whole").to_vec();
            assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&bytes));
            bytes
        })
    }
}
