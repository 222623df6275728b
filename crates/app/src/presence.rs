//! Which controle is on the screen, and who else looks at it.

use crate::api::{LookAt, Presence};
use crate::app::{App, lock};
use crate::error::AppError;

impl App {
    /// Says which controle is on the screen, and tells who else is known to have it open. Returns at once, with or without a
    /// network.
    ///
    /// # Errors
    /// None.
    pub fn look_at(&self, request: LookAt) -> Result<Presence, AppError> {
        let before = std::mem::replace(&mut *lock(&self.on_screen), request.inspection);
        if before != request.inspection {
            // What may go by itself goes once it is left.
            self.wake.notify_one();
        }
        Ok(self.presence())
    }

    /// Who else is known to have the controle on the screen open.
    pub(crate) fn presence(&self) -> Presence {
        let inspection = *lock(&self.on_screen);
        let others = lock(&self.others).clone();
        let others = others.filter(|(of, _)| Some(*of) == inspection).map(|(_, others)| others).unwrap_or_default();
        Presence { inspection, others }
    }
}
