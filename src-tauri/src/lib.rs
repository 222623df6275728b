//! The window of the field app: it unpacks, calls [`veldboek_app::App`] and maps the answer. Nothing here is worth a
//! test of its own but that it is wired; everything that the app can do lies below it. Nothing else knows Tauri.

mod commands;
mod downloads;
mod home;
mod host;
mod keystore;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod power;
mod raw;

use std::error::Error;
use std::panic::resume_unwind;

use tauri::{Manager, RunEvent, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use host::Host;

/// Opens the window and works until it is closed.
///
/// # Panics
/// When the operating system can't open a window at all.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    tauri::Builder::default()
        .register_asynchronous_uri_scheme_protocol(raw::PROTOCOL, raw::answer)
        .invoke_handler(commands::handler())
        .setup(|app| {
            // Neither waits for the other: the window comes from the operating system, the app from the disk.
            let handle = app.handle().clone();
            let opening = std::thread::spawn(move || Host::open(&handle));
            for window in &app.config().app.windows {
                WebviewWindowBuilder::from_config(app.handle(), window)?
                    .on_navigation(raw::is_own_page)
                    .on_download(downloads::keep)
                    .on_document_title_changed(name_after_page)
                    .build()?;
            }
            // The window's page asks nothing before this function ends.
            let opened = opening.join().unwrap_or_else(|died| resume_unwind(died));
            let host = opened.map_err(|error| -> Box<dyn Error> { error })?;
            host.announce(app.handle());
            app.manage(host);
            Ok(())
        })
        .build(tauri::generate_context!())
        .expect("the operating system opens a window")
        .run(|handle, event| {
            if leaves(&event)
                && let Some(host) = handle.try_state::<Host>()
            {
                host.lock();
            }
        });
}

/// Gives the window the name of the screen that it shows, for the task bar and for who hears the screen read aloud. A
/// screen's name holds nothing of a controle.
fn name_after_page(window: WebviewWindow, title: String) {
    // A window that is closing needs no name any more.
    let _ = window.set_title(&title);
}

/// Whether the app is put away: then it locks, and the keys leave the memory.
fn leaves(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Exit | RunEvent::WindowEvent { event: WindowEvent::CloseRequested { .. }, .. })
}
