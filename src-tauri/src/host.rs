//! The app behind the window, and what the window passes on to it and from it.

use std::error::Error;
use std::sync::Arc;

use tauri::{AppHandle, Emitter};
use veldboek_app::api::Nothing;
use veldboek_app::{App, AppConfig, AppError, Connection};

use crate::{home, keystore};

/// The one event of the window: something changed.
const CHANGED: &str = "veldboek";

/// The app behind the window.
pub(crate) struct Host {
    app: Arc<App>,
    _guard: home::Guard,
}

impl Host {
    /// Opens the app on this device's folder.
    ///
    /// # Errors
    /// When the folder can't be used, another window works with it, or the app's own checklists can't be read.
    pub(crate) fn open(handle: &AppHandle) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let home = home::folder(handle)?;
        let guard = home::guard(&home)?;
        let connection = connection();
        let app = App::new(AppConfig { secrets: keystore::open(), connection, ..AppConfig::in_folder(home) })?;
        Ok(Self { app, _guard: guard })
    }

    /// Calls the app on a thread that may wait for the disk.
    pub(crate) async fn call<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    {
        let app = self.app.clone();
        let done = tauri::async_runtime::spawn_blocking(move || work(&app)).await;
        done.unwrap_or_else(|error| Err(AppError::Internal(error.to_string())))
    }

    /// The app itself, for bytes that go out raw.
    pub(crate) fn app(&self) -> Arc<App> {
        self.app.clone()
    }

    /// Passes on to the window what changed, and begins to sync by itself.
    pub(crate) fn announce(&self, handle: &AppHandle) {
        #[cfg(target_os = "linux")]
        crate::power::lock_before_sleep(self.app.clone());
        let changes = self.app.subscribe();
        let handle = handle.clone();
        std::thread::spawn(move || {
            for change in changes {
                // A window that is closing hears nothing more.
                let _ = handle.emit_to("field", CHANGED, change);
            }
        });
        self.app.start_background_sync();
    }

    /// Locks the app: its keys leave the memory.
    pub(crate) fn lock(&self) {
        // Locking what is locked, or belongs to nobody yet, is no failure of the window.
        let _ = self.app.lock(Nothing {});
    }
}

/// What the operating system says of the connection.
#[cfg(target_os = "linux")]
fn connection() -> Option<Arc<dyn Connection>> {
    crate::network::open()
}

/// Nothing asks the operating system here yet, so photos go over any connection.
#[cfg(not(target_os = "linux"))]
fn connection() -> Option<Arc<dyn Connection>> {
    None
}
