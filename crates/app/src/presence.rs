//! Which controle is on the screen, and who else looks at it.

use crate::api::{LookAt, Nothing};
use crate::app::{App, lock};
use crate::error::AppError;

impl App {
    /// Says which controle is on the screen. Returns at once, with or without a network.
    ///
    /// # Errors
    /// None.
    pub fn look_at(&self, request: LookAt) -> Result<Nothing, AppError> {
        let before = std::mem::replace(&mut *lock(&self.on_screen), request.inspection);
        if before != request.inspection {
            // What may go by itself goes once it is left.
            self.wake.notify_one();
        }
        Ok(Nothing {})
    }
}
