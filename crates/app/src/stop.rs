//! STOP: time and place only, and never one more photo.

use veldboek_checklist::words;
use veldboek_domain::{Body, Field, Value};

use crate::api::{EndStop, Nothing, PressStop, Stopped};
use crate::app::App;
use crate::error::AppError;
use crate::items::current;
use crate::opened::Change;

impl App {
    /// STOP was pressed. Works in every phase: locked or without a controle it tells what is known and keeps nothing.
    /// Called again with a position, it completes the first one.
    ///
    /// # Errors
    /// A failure to write; the screen is there all the same.
    pub fn press_stop(&self, request: PressStop) -> Result<Stopped, AppError> {
        let clock = &*self.config.clock;
        let coordinates = request.position.as_ref().map(words::point).unwrap_or_default();
        let at = clock.stamp().at.to_rfc3339();
        let Some(inspection) = request.inspection else { return Ok(Stopped { at, place: String::new(), coordinates }) };
        let stopped = self.with(|session| {
            session.open(self.library()?, inspection, clock)?;
            let opened = current(session)?;
            let place = words::address(&opened.address());
            let known = match opened.state.field(Field::Position) {
                Some(Value::Point(point)) => words::point(point),
                _ => String::new(),
            };
            let stream = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            let body = Body::Stopped { place: place.clone(), position: request.position };
            let change = Change { stream, body, supersedes: opened.state.milestone_parents() };
            session.commit(vec![change], clock)?;
            let coordinates = if coordinates.is_empty() { known } else { coordinates.clone() };
            Ok(Stopped { at: at.clone(), place, coordinates })
        });
        self.wake.notify_one();
        match stopped {
            // STOP matters more than the record of it.
            Err(AppError::Locked | AppError::NotFound(_)) => Ok(Stopped { at, place: String::new(), coordinates }),
            other => other,
        }
    }

    /// Says what was decided after STOP: the visit goes on, or is broken off.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a failure to write.
    pub fn end_stop(&self, request: EndStop) -> Result<Nothing, AppError> {
        self.change(request.inspection, |session| {
            let opened = current(session)?;
            let stream = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            let body = Body::StopEnded { broken_off: request.broken_off, note: request.note.trim().to_owned() };
            Ok(vec![Change { stream, body, supersedes: opened.state.milestone_parents() }])
        })?;
        Ok(Nothing {})
    }
}
