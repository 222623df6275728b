//! An empty window, called "Leeg" once its page is there: what the start of the app is measured against.

use tauri::http::Response;
use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    tauri::Builder::default()
        .register_uri_scheme_protocol("leeg", |_, _| {
            let page = Response::builder().header("content-type", "text/html");
            page.body(b"<!doctype html><title>Leeg</title>".to_vec()).expect("a page is a response")
        })
        .setup(|app| {
            WebviewWindowBuilder::new(app, "field", WebviewUrl::CustomProtocol("leeg://localhost/".parse()?))
                .inner_size(1280.0, 800.0)
                .on_page_load(|window, load| {
                    if load.event() == PageLoadEvent::Finished {
                        // A window that is closing needs no name any more.
                        let _ = window.set_title("Leeg");
                    }
                })
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("the operating system opens a window");
}
