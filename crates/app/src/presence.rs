//! Which controle is on the screen, and who else has it open. It is told to the backend while there is a network; without one
//! nobody is said to be there, and nothing waits for it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use veldboek_domain::InspectionId;

use crate::api::{Event, LookAt, OtherHere, Presence};
use crate::app::{App, lock};
use crate::error::AppError;

/// The backend's announcement that somebody opened or left a controle.
pub(crate) const EVENT: &str = "aanwezigheid";
/// How often a device says again that a controle is on its screen: well within the backend's minute.
const RENEW: Duration = Duration::from_secs(20);

impl App {
    /// Says which controle is on the screen, and tells who else is known to have it open. Returns at once, with or without a
    /// network.
    ///
    /// # Errors
    /// None.
    pub fn look_at(&self, request: LookAt) -> Result<Presence, AppError> {
        let before = std::mem::replace(&mut *lock(&self.on_screen), request.inspection);
        if before != request.inspection {
            self.attend.notify_one();
            // What may go by itself goes once it is left.
            self.wake.notify_one();
        }
        Ok(self.presence())
    }

    /// Tells the backend from here on which controle is on the screen, as long as the app lives.
    pub fn start_presence(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        self.engine.spawn(attend(app));
    }

    /// Who else is known to have the controle on the screen open.
    fn presence(&self) -> Presence {
        let inspection = *lock(&self.on_screen);
        let others = lock(&self.others).clone();
        let others = others.filter(|(of, _)| Some(*of) == inspection).map(|(_, others)| others).unwrap_or_default();
        Presence { inspection, others }
    }

    /// Tells the backend what is on the screen and hears who else looks at it. What does not succeed is tried again later.
    async fn tell_presence(&self, told: &mut Option<InspectionId>) {
        let wanted = lock(&self.on_screen).filter(|inspection| self.may_be_told(*inspection));
        let before = self.presence();
        let backend = self.backend().ok();
        if let (Some(left), Some(backend)) = (told.take_if(|told| Some(*told) != wanted), &backend) {
            // A lease that can't be ended ends by itself.
            let _ = backend.leave(left).await;
        }
        let mut others = None;
        if let (Some(inspection), Some(backend)) = (wanted, &backend)
            && let Ok(present) = backend.attend(inspection).await
        {
            *told = Some(inspection);
            let named = present.others.into_iter().map(|one| OtherHere { name: one.name, device: one.device });
            others = Some((inspection, named.collect()));
        }
        *lock(&self.others) = others;
        let after = self.presence();
        if after != before {
            self.tell(&Event::Presence { presence: after });
        }
    }

    /// Whether the backend may know of a controle at all: what stays on this device is named nowhere else.
    fn may_be_told(&self, inspection: InspectionId) -> bool {
        let streams = self.with(|session| Ok(session.store.streams(inspection)?)).unwrap_or_default();
        !streams.is_empty() && streams.iter().all(|row| row.kind.leaves_the_device())
    }
}

/// Tells the backend what is on the screen, as long as the app lives.
async fn attend(app: Weak<App>) {
    let mut told = None;
    while let Some(strong) = app.upgrade() {
        strong.tell_presence(&mut told).await;
        tokio::select! {
            () = strong.attend.notified() => {}
            () = tokio::time::sleep(RENEW) => {}
        }
    }
}
