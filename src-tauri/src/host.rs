//! The app behind the window, or the reason why it could not be opened: then every command gives that reason, and the
//! screen can say in words what is the matter.

use std::sync::Arc;

use tauri::{AppHandle, Emitter};
use veldboek_app::system::{SystemClock, SystemEntropy};
use veldboek_app::{App, AppConfig, AppError};

use crate::{home, keystore};

/// The one event of the window: something changed.
const CHANGED: &str = "veldboek";

/// The app behind the window.
pub(crate) struct Host {
    app: Result<Arc<App>, AppError>,
    _guard: home::Guard,
}

impl Host {
    /// Opens the app on this device's folder.
    pub(crate) fn open(handle: &AppHandle) -> Result<Self, home::HomeError> {
        let home = home::folder(handle)?;
        let guard = home::guard(&home)?;
        let app = App::new(AppConfig {
            data: home,
            clock: Arc::new(SystemClock::default()),
            entropy: Arc::new(SystemEntropy),
            secrets: keystore::open(),
        });
        Ok(Self { app, _guard: guard })
    }

    /// Calls the app on a thread that may wait for the disk.
    pub(crate) async fn call<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    {
        let app = self.app.clone()?;
        let done = tauri::async_runtime::spawn_blocking(move || work(&app)).await;
        done.unwrap_or_else(|_| Err(AppError::internal()))
    }

    /// The app itself, for bytes that go out raw.
    pub(crate) fn app(&self) -> Result<Arc<App>, AppError> {
        self.app.clone()
    }

    /// Passes on to the window what changed, and begins to sync by itself.
    pub(crate) fn announce(&self, handle: &AppHandle) {
        let Ok(app) = self.app.clone() else { return };
        #[cfg(target_os = "linux")]
        crate::power::lock_before_sleep(app.clone());
        let changes = app.subscribe();
        let handle = handle.clone();
        std::thread::spawn(move || {
            for change in changes {
                // A window that is closing hears nothing more.
                let _ = handle.emit_to("field", CHANGED, change);
            }
        });
        app.start_background_sync();
    }

    /// Locks the app: its keys leave the memory.
    pub(crate) fn lock(&self) {
        if let Ok(app) = &self.app {
            // Locking what is locked, or belongs to nobody yet, is no failure of the window.
            let _ = app.lock(veldboek_app::api::Nothing {});
        }
    }
}
