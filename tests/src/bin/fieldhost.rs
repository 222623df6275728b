//! Serves the built screens and the app's one list of commands to a browser on loopback, from the same `app` crate as
//! the window, beside a real backend with demonstration data. A test tool: it listens on 127.0.0.1 only, and ends when
//! its standard input is closed.
//!
//! `veldboek-fieldhost [--state new|locked|open] [--person team|boa|partner|coach] [--newer-checklist]` prints one line
//! of JSON with the addresses and then serves:
//!
//! - `POST /opdracht/<command>`: a command as JSON; a failure is `{code, details}` with a status of its own;
//! - `POST /opdracht/photo_add`: a photo's raw bytes, named by the header `veldboek-request` (base64 of `PhotoAdd`);
//! - `POST /opdracht/hand_in`: the raw bytes of a file that somebody brought;
//! - `GET /kaart` and `GET /overdracht/<inspection>?device=<device>`: this tablet's card, and the file for another one;
//! - `GET /foto/<item>?size=thumb|original` and `GET /rapport/<inspection>?copy=file|leave_behind`: raw bytes;
//! - `GET /gebeurtenissen`: what changes, as server-sent events;
//! - `POST /proef/<what>`: what happens outside the tablet, see [`trial`];
//! - `GET /proef/bestand/<what>?inspection=<inspection>`: a file that somebody brings, see [`brought`].
//!
//! The tablet belongs to somebody of the team, to its BOA, to somebody of a partner with closed questions of its own, or to
//! an agro-coach. With `--newer-checklist` it was handed a newer version of the checklist that today's controles follow.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event as Sse, KeepAlive, Sse as Stream};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json_, json};
use tokio::sync::mpsc::unbounded_channel;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;
use veldboek_app::api::*;
use veldboek_app::{App, AppError, Reach};
use veldboek_checklist::{Checklist, ReadingContext};
use veldboek_domain::{Clock, DeviceId, InspectionId, ItemId, RegisterKey, Value};
use veldboek_tests::backend::{Backend, built_screens};
use veldboek_tests::clock::StoryClock;
use veldboek_tests::controle::Visit;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, SECRET, enrol};
use veldboek_tests::photo::jpeg;

/// The header that names a photo.
const REQUEST_HEADER: &str = "veldboek-request";
/// The largest request: a photo.
const LARGEST_BODY: usize = 65 * 1024 * 1024;
/// The moment at which every story in a browser begins.
const BEGIN: &str = "2026-11-19T09:00:00+01:00";

struct Host {
    device: Device,
    backend: Mutex<Backend>,
    colleague: Mutex<Option<Device>>,
    outsider: Mutex<Option<Device>>,
    second: Mutex<Option<Device>>,
    clock: Arc<StoryClock>,
}

/// How a host begins.
struct Begin {
    state: String,
    person: String,
    newer_checklist: bool,
}

impl Begin {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut begin = Self { state: "locked".to_owned(), person: "team".to_owned(), newer_checklist: false };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--newer-checklist" => begin.newer_checklist = true,
                "--state" => begin.state = one_of(arguments.next(), &["new", "locked", "open"]),
                "--person" => begin.person = one_of(arguments.next(), &["team", "boa", "partner", "coach"]),
                other => panic!("there is no argument `{other}`"),
            }
        }
        begin
    }
}

fn one_of(given: Option<String>, known: &[&str]) -> String {
    given.filter(|given| known.contains(&given.as_str())).unwrap_or_else(|| panic!("one of {known:?}"))
}

fn main() {
    let host = Arc::new(Host::begin(&Begin::read(std::env::args().skip(1))));
    veldboek_tests::block_on(serve(host.clone()));
    host.end();
}

impl Host {
    fn begin(begin: &Begin) -> Self {
        let clock = Arc::new(StoryClock::at(BEGIN));
        let backend = Backend::start(clock.clone());
        let handed_out = if begin.newer_checklist { vec![Arc::new(newer_checklist())] } else { Vec::new() };
        let device = Device::with_checklists(clock.clone() as Arc<dyn Clock>, handed_out).reaching(Reach::Loopback);
        if begin.state != "new" {
            let (code, name) = match begin.person.as_str() {
                "boa" => (backend.code(2).to_owned(), "ALK-09"),
                "partner" => (Desk::sign_in_to_manage(&backend).add_person(&partner()), "BRP-01"),
                "coach" => (Desk::sign_in_to_manage(&backend).add_person(&coach()), "LTO-03"),
                _ => (backend.code(0).to_owned(), "ALK-07"),
            };
            enrol(device.app(), &backend.url(), &code, name).expect("the code is good");
            device.sync();
        }
        if begin.state == "locked" {
            device.app().lock(Nothing {}).expect("an open app can be locked");
        }
        Self {
            device,
            backend: Mutex::new(backend),
            colleague: Mutex::default(),
            outsider: Mutex::default(),
            second: Mutex::default(),
            clock,
        }
    }

    /// Stops what runs and leaves nothing behind; a browser that still listens may hold the rest until the process ends.
    fn end(&self) {
        self.backend.lock().expect("nobody panics while holding it").end();
        drop(self.colleague.lock().expect("nobody panics while holding it").take());
        drop(self.second.lock().expect("nobody panics while holding it").take());
        drop(self.outsider.lock().expect("nobody panics while holding it").take());
        // What can't be removed lies among the temporary files, where it is found by whoever tidies them up.
        let _ = std::fs::remove_dir_all(self.device.folder());
    }
}

async fn serve(host: Arc<Host>) {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let facts = {
        let backend = host.backend.lock().expect("nobody panics while holding it");
        let (name, password) = backend.coordinator();
        json!({
            "host": format!("http://{address}"),
            "backend": backend.url(),
            "desk": { "address": backend.url(), "name": name, "password": password },
            "enrolment_codes": backend.codes(),
            "secret": SECRET,
        })
    };
    println!("{facts}");
    let service = axum::serve(listener, router(host));
    tokio::select! {
        ended = async { service.await } => ended.expect("it serves until it is told to end"),
        () = input_closed() => {}
    }
}

/// Returns when whoever started this is gone.
async fn input_closed() {
    let (gone, parent) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        // An input that can't be read is a parent that is gone, too.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(gone);
    });
    // It is never sent anything: its end is the news.
    let _ = parent.await;
}

fn router(host: Arc<Host>) -> Router {
    let screens = built_screens();
    commands(Router::new())
        .route("/opdracht/photo_add", post(photo_add))
        .route("/opdracht/hand_in", post(hand_in))
        .route("/kaart", get(card))
        .route("/overdracht/{inspection}", get(handover))
        .route("/proef/bestand/{what}", get(brought))
        .route("/foto/{item}", get(photo))
        .route("/rapport/{inspection}", get(report))
        .route("/gebeurtenissen", get(events))
        .route("/proef/{what}", post(trial))
        .route_service("/", ServeFile::new(screens.join("index.html")))
        .nest_service("/assets", ServeDir::new(screens.join("assets")))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy()))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(host)
}

macro_rules! routes {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        fn commands(router: Router<Arc<Host>>) -> Router<Arc<Host>> {
            router$(.route(
                concat!("/opdracht/", stringify!($name)),
                post(async |State(host): State<Arc<Host>>, body: Bytes| {
                    run::<$request, $response>(host, &body, App::$name).await
                }),
            ))*
        }
    };
}
veldboek_app::commands!(routes);

macro_rules! named {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        /// Runs a command by its name.
        fn by_name(app: &App, name: &str, request: Json_) -> Result<Json_, AppError> {
            let unreadable = |error: serde_json::Error| AppError::Invalid(error.to_string());
            match name {
                $(stringify!($name) => {
                    let request: $request = serde_json::from_value(request).map_err(unreadable)?;
                    serde_json::to_value(app.$name(request)?).map_err(unreadable)
                })*
                other => Err(AppError::Invalid(format!("there is no command `{other}`"))),
            }
        }
    };
}
veldboek_app::commands!(named);

async fn run<Q, A>(host: Arc<Host>, body: &[u8], command: fn(&App, Q) -> Result<A, AppError>) -> Response
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
{
    let request = serde_json::from_slice(body).map_err(|error| AppError::Invalid(error.to_string()));
    answer(host, move |app| command(app, request?)).await
}

async fn answer<A: Serialize + Send + 'static>(
    host: Arc<Host>,
    work: impl FnOnce(&App) -> Result<A, AppError> + Send + 'static,
) -> Response {
    match on_thread(host, work).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error),
    }
}

async fn on_thread<A: Send + 'static>(
    host: Arc<Host>,
    work: impl FnOnce(&App) -> Result<A, AppError> + Send + 'static,
) -> Result<A, AppError> {
    let done = tokio::task::spawn_blocking(move || work(host.device.app())).await;
    done.unwrap_or_else(|error| Err(AppError::Internal(error.to_string())))
}

fn refused(error: &AppError) -> Response {
    let status = match error.code() {
        "locked" => StatusCode::LOCKED,
        "not_found" => StatusCode::NOT_FOUND,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, Json(error)).into_response()
}

async fn photo_add(State(host): State<Arc<Host>>, headers: HeaderMap, body: Bytes) -> Response {
    let named = headers.get(REQUEST_HEADER).and_then(|header| STANDARD.decode(header).ok());
    let photo = named.and_then(|json| serde_json::from_slice::<PhotoAdd>(&json).ok());
    let photo = photo.ok_or_else(|| AppError::Invalid(format!("a photo comes with the header {REQUEST_HEADER}")));
    answer(host, move |app| app.photo_add(photo?, body.to_vec())).await
}

async fn hand_in(State(host): State<Arc<Host>>, body: Bytes) -> Response {
    answer(host, move |app| app.hand_in(&body)).await
}

async fn card(State(host): State<Arc<Host>>) -> Response {
    file(on_thread(host, App::device_card_bytes).await)
}

#[derive(Deserialize)]
struct Receiver {
    device: DeviceId,
}

async fn handover(
    State(host): State<Arc<Host>>,
    Path(inspection): Path<InspectionId>,
    Query(Receiver { device }): Query<Receiver>,
) -> Response {
    let request = HandoverRequest { inspection, device, everything: false };
    file(on_thread(host, move |app| app.handover_bytes(request)).await)
}

fn file(bytes: Result<Vec<u8>, AppError>) -> Response {
    match bytes {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Err(error) => refused(&error),
    }
}

#[derive(Deserialize)]
struct Brought {
    inspection: Option<InspectionId>,
}

/// A file that somebody brings on a stick, without a network between the tablets:
///
/// - `kaart`: the card of a colleague of the team; `kaart-buiten`: of somebody who is in no team;
/// - `overdracht?inspection=`: the colleague answers three questions, takes a photo and hands the controle over to this tablet;
/// - `voor-ander?inspection=`: a hand-over for another tablet.
async fn brought(
    State(host): State<Arc<Host>>,
    Path(what): Path<String>,
    Query(Brought { inspection }): Query<Brought>,
) -> Response {
    let made = tokio::task::spawn_blocking(move || host.bring(&what, inspection)).await;
    file(made.expect("a trial does not panic"))
}

#[derive(Deserialize)]
struct Size {
    size: PhotoSize,
}

async fn photo(State(host): State<Arc<Host>>, Path(item): Path<ItemId>, Query(asked): Query<Size>) -> Response {
    match on_thread(host, move |app| app.photo_bytes(item, asked.size)).await {
        Ok((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(error) => refused(&error),
    }
}

#[derive(Deserialize)]
struct Copy {
    copy: ReportCopy,
}

async fn report(
    State(host): State<Arc<Host>>,
    Path(inspection): Path<InspectionId>,
    Query(asked): Query<Copy>,
) -> Response {
    let request = ReportRequest { inspection, copy: asked.copy };
    match on_thread(host, move |app| app.report_bytes(request)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response(),
        Err(error) => refused(&error),
    }
}

async fn events(State(host): State<Arc<Host>>) -> impl IntoResponse {
    let changes = host.device.app().subscribe();
    let (sender, mut receiver) = unbounded_channel();
    std::thread::spawn(move || changes.iter().try_for_each(|change| sender.send(change)));
    let stream = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context)).map(|change| {
        Ok::<_, Infallible>(Sse::default().data(serde_json::to_string(&change).expect("an event is JSON")))
    });
    Stream::new(stream).keep_alive(KeepAlive::default())
}

/// The size of a photo that a trial takes.
const PHOTO_BYTES: usize = 200_000;
/// Which photo a colleague takes.
const COLLEAGUES_PHOTO: u32 = 77;

/// What happens outside the tablet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// `network`: whether the backend can be reached. `mobile`: whether the connection is a mobile one. `colleague_photo`:
    /// whether originals go.
    #[serde(default)]
    up: bool,
    /// `clock`: how many seconds go by.
    #[serde(default)]
    seconds: i64,
    /// `colleague`: on the second tablet, what is written where. Without a register that tablet only syncs.
    inspection: Option<InspectionId>,
    register: Option<RegisterKey>,
    value: Option<Value>,
    /// `command`: what the other tablet does, with its request; `second`: it is another tablet of the same person.
    command: Option<String>,
    request: Option<Json_>,
    #[serde(default)]
    second: bool,
    /// `neighbour`: what the colleague does with the screen for devices nearby.
    step: Option<String>,
}

/// - `network {"up": false}`: the backend is gone; `{"up": true}`: it is back at the same address;
/// - `mobile {"up": true}`: the tablet's connection is a mobile one; `{"up": false}`: no longer;
/// - `clock {"seconds": 60}`: time goes by, for the tablet and the backend;
/// - `colleague {"inspection", "register", "value"}`: a colleague writes on another tablet that has not seen this one's
///   latest work, and syncs;
/// - `colleague_photo {"inspection", "up": false}`: a colleague takes a photo, of which only the small version goes; without
///   `inspection` and with `"up": true` the originals follow;
/// - `command {"command", "request", "second"}`: the colleague's tablet, or another one of this person, does what its screen would
///   do and syncs;
/// - `finish {"inspection", "up"}`: everything is answered on this tablet, with a photo; with `up` it is signed and closed as
///   well;
/// - `presence {}`: this tablet and the other one tell the backend from here on what is on their screens;
/// - `neighbour {"step": …}`: a colleague beside this tablet works (`work`, on `inspection`), opens the screen for devices
///   nearby (`open`), types this tablet's address (`connect`), sees the `same` or an `other` code, lets photos wait (`pause`, `up`), puts
///   it away (`end`) or closes the screen (`close`); or nothing (`look`). The answer is what that screen shows then.
async fn trial(State(host): State<Arc<Host>>, Path(what): Path<String>, Json(trial): Json<Trial>) -> Response {
    let done = tokio::task::spawn_blocking(move || host.try_out(&what, trial)).await.expect("a trial does not panic");
    match done {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error),
    }
}

impl Host {
    fn try_out(&self, what: &str, trial: Trial) -> Result<Json_, AppError> {
        let mut backend = self.backend.lock().expect("nobody panics while holding it");
        match what {
            "network" if trial.up => backend.start_again(),
            "network" => backend.stop(),
            "mobile" => self.device.goes_mobile(trial.up),
            "clock" => self.clock.forward(TimeDelta::seconds(trial.seconds)),
            "colleague" => self.write_as_colleague(&backend, trial)?,
            "command" => self.command_elsewhere(&backend, trial)?,
            "finish" => self.finish(&trial)?,
            "presence" => self.begin_presence(&backend)?,
            "colleague_photo" => self.photograph_as_colleague(&backend, &trial)?,
            "neighbour" => return self.as_colleague(&backend, |colleague| self.beside(colleague, &trial)),
            _ => return Err(AppError::Invalid(format!("there is no trial `{what}`"))),
        }
        Ok(json!({}))
    }

    /// Works with the colleague's tablet, which is enrolled when it is first needed.
    fn as_colleague<T>(
        &self,
        backend: &Backend,
        work: impl FnOnce(&Device) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let mut colleague = self.colleague.lock().expect("nobody panics while holding it");
        let colleague = colleague.get_or_insert_with(|| self.enrol(backend, backend.code(1), "ODN-02"));
        work(colleague)
    }

    fn write_as_colleague(&self, backend: &Backend, trial: Trial) -> Result<(), AppError> {
        self.as_colleague(backend, |colleague| {
            if let (Some(inspection), Some(register), Some(value)) = (trial.inspection, trial.register, trial.value) {
                colleague.app().write(Write { inspection, register, value })?;
            }
            colleague.app().sync_now(Nothing {}).map(drop)
        })
    }

    fn command_elsewhere(&self, backend: &Backend, trial: Trial) -> Result<(), AppError> {
        let (Some(command), Some(request)) = (trial.command, trial.request) else {
            return Err(AppError::Invalid("a command has a name and a request".to_owned()));
        };
        let work = |tablet: &Device| {
            by_name(tablet.app(), &command, request)?;
            tablet.app().sync_now(Nothing {}).map(drop)
        };
        if !trial.second {
            return self.as_colleague(backend, work);
        }
        let mut second = self.second.lock().expect("nobody panics while holding it");
        let second = second.get_or_insert_with(|| {
            let code = Desk::sign_in_to_manage(backend).device_code("M. Dekker");
            self.enrol(backend, &code, "ALK-08")
        });
        work(second)
    }

    fn finish(&self, trial: &Trial) -> Result<(), AppError> {
        let inspection = trial.inspection.ok_or(AppError::NotFound("inspection"))?;
        let mut visit = Visit::begin(self.device.app(), inspection, self.clock.stamp().at, PHOTO_BYTES);
        visit.answer_everything()?;
        visit.photograph(None, None)?;
        if trial.up {
            visit.close()?;
        }
        Ok(())
    }

    fn begin_presence(&self, backend: &Backend) -> Result<(), AppError> {
        self.device.shared().start_presence();
        self.as_colleague(backend, |colleague| {
            colleague.shared().start_presence();
            Ok(())
        })
    }

    fn photograph_as_colleague(&self, backend: &Backend, trial: &Trial) -> Result<(), AppError> {
        self.as_colleague(backend, |colleague| {
            let settings = colleague.app().settings(Nothing {})?;
            colleague.app().change_settings(Settings { photos_on_mobile_data: false, ..settings })?;
            colleague.goes_mobile(!trial.up);
            if let Some(inspection) = trial.inspection {
                colleague.try_photograph(inspection, None, jpeg(COLLEAGUES_PHOTO))?;
            }
            colleague.app().sync_now(Nothing {}).map(drop)
        })
    }

    /// What a colleague beside this tablet does, and what that screen shows then.
    fn beside(&self, colleague: &Device, trial: &Trial) -> Result<Json_, AppError> {
        let app = colleague.app();
        let view = match (trial.step.as_deref(), trial.inspection) {
            (Some("work"), Some(inspection)) => {
                for (slot, options) in colleague.choices(inspection).into_iter().take(3) {
                    colleague.answer(inspection, &slot, Value::choice(options.last().expect("a choice has options")));
                }
                colleague.photograph(inspection, None, jpeg(COLLEAGUES_PHOTO));
                app.nearby_state(Nothing {})
            }
            (Some("open"), None) => app.nearby_open(Nothing {}),
            (Some("connect"), None) => {
                let address = self.device.app().nearby_state(Nothing {})?.addresses.first().cloned();
                app.nearby_connect(NearbyConnect::Address { address: address.unwrap_or_default() })
            }
            (Some("same"), None) => app.nearby_compare(NearbyCompare { same: true }),
            (Some("other"), None) => app.nearby_compare(NearbyCompare { same: false }),
            (Some("pause"), None) => app.nearby_pause(NearbyPause { paused: trial.up }),
            (Some("end"), None) => app.nearby_end(Nothing {}),
            (Some("close"), None) => app.nearby_close(Nothing {}).and_then(|_| app.nearby_state(Nothing {})),
            (Some("look"), None) => app.nearby_state(Nothing {}),
            (step, _) => Err(AppError::Invalid(format!("nobody does `{}`", step.unwrap_or_default()))),
        };
        Ok(serde_json::to_value(view?).expect("a view is JSON"))
    }

    fn bring(&self, what: &str, inspection: Option<InspectionId>) -> Result<Vec<u8>, AppError> {
        let backend = self.backend.lock().expect("nobody panics while holding it");
        let mut colleague = self.colleague.lock().expect("nobody panics while holding it");
        let colleague = colleague.get_or_insert_with(|| self.enrol(&backend, backend.code(1), "ODN-02"));
        let mut outsider = self.outsider.lock().expect("nobody panics while holding it");
        let outsider = outsider.get_or_insert_with(|| {
            let code = Desk::sign_in_to_manage(&backend).add_person(&outsider_person());
            self.enrol(&backend, &code, "HHN-04")
        });
        match (what, inspection) {
            ("kaart", None) => colleague.app().device_card_bytes(),
            ("kaart-buiten", None) => outsider.app().device_card_bytes(),
            ("overdracht", Some(inspection)) => {
                for (slot, options) in colleague.choices(inspection).into_iter().take(3) {
                    colleague.answer(inspection, &slot, Value::choice(options.last().expect("a choice has options")));
                }
                colleague.photograph(inspection, None, jpeg(3));
                Ok(colleague.hand_over(inspection, &self.device))
            }
            ("voor-ander", Some(inspection)) => {
                let device = colleague.sees(outsider);
                colleague.app().add_member(AddMember { inspection, device })?;
                Ok(colleague.hand_over(inspection, outsider))
            }
            _ => Err(AppError::Invalid(format!("nobody brings `{what}`"))),
        }
    }

    fn enrol(&self, backend: &Backend, code: &str, name: &str) -> Device {
        let device = Device::new(self.clock.clone() as Arc<dyn Clock>).reaching(Reach::Loopback);
        enrol(device.app(), &backend.url(), code, name).expect("the code is good");
        device.sync();
        device
    }
}

/// The window's own content security policy, without what only a window has.
fn policy() -> HeaderValue {
    let config: Json_ = serde_json::from_str(include_str!("../../../src-tauri/tauri.conf.json")).expect("it is JSON");
    let policy = config["app"]["security"]["csp"].as_object().expect("the policy is a map").iter();
    let lines = policy.map(|(directive, sources)| format!("{directive} {}", sources.as_str().expect("a text")));
    HeaderValue::from_str(&lines.collect::<Vec<_>>().join("; ")).expect("a policy is a header")
}

fn partner() -> Json_ {
    json!({
        "name": "A. Visser", "organisation": "gm-alkmaar", "organisation_name": "Gemeente Alkmaar",
        "function": "medewerker burgerzaken", "role": "inspector", "pass_number": "40622", "partner": "gemeente-brp",
    })
}

fn outsider_person() -> Json_ {
    json!({
        "name": "B. Veenstra", "organisation": "waterschap-hhnk", "organisation_name": "Waterschap",
        "function": "toezichthouder water", "role": "inspector", "pass_number": "50117",
    })
}

fn coach() -> Json_ {
    json!({
        "name": "F. Ruiter", "organisation": "lto-noord", "organisation_name": "LTO Noord",
        "function": "agro-coach", "role": "agri_coach",
    })
}

/// The checklist of today's controles, with one question put in other words, one option gone and one question more.
fn newer_checklist() -> Checklist {
    let shipped = include_str!("../../../checklists/veilig-buitengebied/integrale-controle.toml");
    let new_question = format!("{NEW_QUESTION}{ARRIVAL}");
    let changes = [
        ("versie = \"0.1\"", "versie = \"0.2\""),
        ("Waarvoor wordt het gebouw nu gebruikt?", "Waarvoor wordt dit gebouw vandaag gebruikt?"),
        ("    { code = \"verzoek-partner\", tekst = \"Verzoek van een partner\" },\n", ""),
        (ARRIVAL, new_question.as_str()),
    ];
    let text = changes.iter().fold(shipped.to_owned(), |text, (before, after)| {
        assert!(text.contains(before), "the shipped checklist says `{before}`");
        text.replacen(before, after, 1)
    });
    let read = Checklist::read_with("integrale-controle-0.2.toml", &text, &ReadingContext::bundled());
    read.unwrap_or_else(|error| panic!("{error}"))
}

/// The question before which a new one comes.
const ARRIVAL: &str = "[[onderdeel.vraag]]\nid = \"B3\"\n";

const NEW_QUESTION: &str = r#"[[onderdeel.vraag]]
id = "B4"
tekst = "Zijn er loslopende honden op het erf?"
soort = "ja-nee-onbekend"
verplicht = true
grondslagen = ["awb-5-13"]

"#;
