//! Locks the app before the device goes to sleep: a closed lid on Linux. On tablets the operating system's own
//! life cycle does it, through the window's events.

use std::sync::Arc;

use veldboek_app::App;
use zbus::blocking::{Connection, MessageIterator};
use zbus::{MatchRule, message};

/// Locks at every `PrepareForSleep` of the login service. Without that service the set time alone locks.
pub(crate) fn lock_before_sleep(app: Arc<App>) {
    std::thread::spawn(move || {
        let Ok(messages) = announcements() else { return };
        for message in messages.flatten() {
            if message.body().deserialize::<bool>() == Ok(true) {
                // Locking what is locked already is no failure.
                let _ = app.lock(veldboek_app::api::Nothing {});
            }
        }
    });
}

fn announcements() -> zbus::Result<MessageIterator> {
    let rule = MatchRule::builder()
        .msg_type(message::Type::Signal)
        .sender("org.freedesktop.login1")?
        .interface("org.freedesktop.login1.Manager")?
        .member("PrepareForSleep")?
        .build();
    MessageIterator::for_match_rule(rule, &Connection::system()?, None)
}
