//! What happens outside the tablet while somebody looks at its screens.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Json, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value as Json_, json};
use veldboek_app::api::*;
use veldboek_app::{AppError, Reach};
use veldboek_domain::{Clock, InspectionId, RegisterKey, Value};
use veldboek_tests::backend::Backend;
use veldboek_tests::controle::Visit;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, enrol};
use veldboek_tests::photo::jpeg;

use crate::routes::{by_name, file, refused};
use crate::{Host, demonstration};

/// The size of a photo that a trial takes.
const PHOTO_BYTES: usize = 200_000;
/// Which photo a colleague takes.
const COLLEAGUES_PHOTO: u32 = 77;

/// What happens outside the tablet:
///
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
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

/// Lets it happen.
pub(crate) async fn trial(
    State(host): State<Arc<Host>>,
    Path(what): Path<String>,
    Json(trial): Json<Trial>,
) -> Response {
    let done = tokio::task::spawn_blocking(move || host.try_out(&what, trial)).await.expect("a trial does not panic");
    match done {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&error),
    }
}

/// A file that somebody brings on a stick, without a network between the tablets:
///
/// - `kaart`: the card of a colleague of the team; `kaart-buiten`: of somebody who is in no team;
/// - `overdracht?inspection=`: the colleague answers three questions, takes a photo and hands the controle over to this tablet;
/// - `voor-ander?inspection=`: a hand-over for another tablet.
#[derive(Deserialize)]
pub(crate) struct Brought {
    inspection: Option<InspectionId>,
}

/// Answers with the file.
pub(crate) async fn brought(
    State(host): State<Arc<Host>>,
    Path(what): Path<String>,
    Query(Brought { inspection }): Query<Brought>,
) -> Response {
    let made = tokio::task::spawn_blocking(move || host.bring(&what, inspection)).await;
    file(made.expect("a trial does not panic"))
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
            let code = Desk::sign_in_to_manage(&backend).add_person(&demonstration::outsider());
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
