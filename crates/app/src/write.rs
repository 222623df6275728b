//! Writing registers: answers, notes, reasons and fields.

use veldboek_domain::{Body, RegisterKey, Value};

use crate::api::{InspectionView, Kept, OpenInspection, Write};
use crate::app::{App, Session};
use crate::error::AppError;
use crate::opened::{Change, Opened};
use crate::view;

impl App {
    /// Opens a controle: everything that is known of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a failure to read.
    pub fn open_inspection(&self, request: OpenInspection) -> Result<InspectionView, AppError> {
        self.with(|session| {
            session.open(self.library()?, request.inspection, &*self.config.clock)?;
            view::inspection(session, self.library()?)
        })
    }

    /// Writes a register. When this returns it is on disk, in the encrypted database, and the screen may say so.
    ///
    /// # Errors
    /// [`AppError::Closed`], [`AppError::LockedAnswer`], [`AppError::NotAllowed`], or why it could not be kept.
    pub fn write(&self, request: Write) -> Result<Kept, AppError> {
        let clock = &*self.config.clock;
        let kept = self.with(|session| {
            let opened = session.open(self.library()?, request.inspection, clock)?;
            check_open(opened, &request.register)?;
            let place = opened.place_of(&request.register)?;
            let supersedes = opened.state.register(&request.register).map(|held| held.parents()).unwrap_or_default();
            let value = tidy(request.value);
            let body = Body::Written { register: request.register.clone(), value };
            let (stream, mut changes) = session.stream_at(place, clock, &*self.config.entropy)?;
            changes.push(Change { stream, body, supersedes });
            let records = session.commit(changes, clock)?;
            view::kept(session, &records, &request.register)
        })?;
        self.wake.notify_one();
        Ok(kept)
    }

    /// Changes that show the whole controle afterwards.
    pub(crate) fn change(
        &self,
        inspection: veldboek_domain::InspectionId,
        changes: impl FnOnce(&mut Session) -> Result<Vec<Change>, AppError>,
    ) -> Result<InspectionView, AppError> {
        let clock = &*self.config.clock;
        let view = self.with(|session| {
            session.open(self.library()?, inspection, clock)?;
            let changes = changes(session)?;
            session.commit(changes, clock)?;
            view::inspection(session, self.library()?)
        })?;
        self.wake.notify_one();
        Ok(view)
    }
}

/// A closed version can't be written; a locked answer waits for what unlocks it.
fn check_open(opened: &Opened, register: &RegisterKey) -> Result<(), AppError> {
    if opened.state.is_closed() {
        return Err(AppError::Closed);
    }
    // Asking people to do parts has a command of its own.
    if matches!(register, RegisterKey::Section(_)) {
        return Err(AppError::NotAllowed);
    }
    if let RegisterKey::Answer(slot) = register
        && let Some(state) = opened.evaluation.state(&veldboek_domain::Slot { part: None, ..slot.clone() })
        && let Some(locked) = &state.locked
    {
        return Err(AppError::LockedAnswer(locked.clone()));
    }
    Ok(())
}

/// Equal answers are equal bytes: choices are sorted and without doubles.
fn tidy(value: Value) -> Value {
    match value {
        Value::Choices(codes) => Value::choices(&codes),
        other => other,
    }
}
