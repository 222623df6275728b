//! Controles that were read lately, so that going to and fro between them reads nothing again. What comes for one of them
//! from elsewhere takes it off the shelf.

use veldboek_domain::{Clock, InspectionId};

use crate::app::{App, Session};
use crate::error::AppError;
use crate::library::Library;
use crate::opened::Opened;

/// The most that are kept beside the one on the screen: a day's work. A large controle takes about a megabyte.
const PLACES: usize = 8;

/// Controles beside the one on the screen, the one that was used last at the end.
#[derive(Default)]
pub(crate) struct Shelf(Vec<Opened>);

impl Shelf {
    fn take(&mut self, id: InspectionId) -> Option<Opened> {
        let at = self.0.iter().position(|opened| opened.id == id)?;
        Some(self.0.remove(at))
    }

    fn put(&mut self, opened: Opened) {
        if self.0.len() == PLACES {
            self.0.remove(0);
        }
        self.0.push(opened);
    }

    fn holds(&self, id: InspectionId) -> bool {
        self.0.iter().any(|opened| opened.id == id)
    }
}

impl Session {
    /// The controle with this id, from memory when it is there, and as it is on the present day.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a failure to read.
    pub(crate) fn open(
        &mut self,
        library: &Library,
        id: InspectionId,
        clock: &dyn Clock,
    ) -> Result<&mut Opened, AppError> {
        if self.opened.as_ref().is_none_or(|opened| opened.id != id) {
            let next = match self.shelf.take(id) {
                Some(opened) => opened,
                None => Opened::load(&self.store, library, id, clock)?,
            };
            if let Some(before) = self.opened.replace(next) {
                self.shelf.put(before);
            }
        }
        let opened = self.opened.as_mut().ok_or(AppError::NotFound("inspection"))?;
        opened.reach(clock.stamp().at.date_naive());
        Ok(opened)
    }

    /// Reads a controle from disk when it is needed next: what is in memory is behind, or may be.
    pub(crate) fn forget(&mut self, id: InspectionId) {
        self.shelf.take(id);
        if self.opened.as_ref().is_some_and(|opened| opened.id == id) {
            self.opened = None;
        }
    }

    /// As [`Session::forget`], of every controle.
    pub(crate) fn forget_all(&mut self) {
        self.opened = None;
        self.shelf = Shelf::default();
    }
}

impl App {
    /// Reads the day's work into memory, one controle at a time so that no screen waits for it: the touch that opens one then
    /// finds it there. What can't be read says so when it is opened.
    pub(crate) fn read_ahead(&self) -> Result<(), AppError> {
        let clock = &*self.config.clock;
        let date = clock.stamp().at.date_naive().to_string();
        let work = self.with(|session| session.store.work_until(&date).map_err(AppError::from))?;
        for (id, _) in work.into_iter().take(PLACES) {
            self.with(|session| {
                let is_here = session.opened.as_ref().is_some_and(|opened| opened.id == id) || session.shelf.holds(id);
                if !is_here && let Ok(opened) = Opened::load(&session.store, self.library()?, id, clock) {
                    session.shelf.put(opened);
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
