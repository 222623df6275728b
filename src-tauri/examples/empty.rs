//! A window with an empty page: what the start of the app is measured against.

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &str = "<!doctype html><title>Leeg</title>";

fn main() {
    let address = "leeg://localhost".parse().expect("it is an address");
    tauri::Builder::default()
        .register_uri_scheme_protocol("leeg", |_, _| {
            let page = Response::builder().header("content-type", "text/html");
            page.body(PAGE.as_bytes().to_vec()).expect("the header is right")
        })
        .setup(|app| {
            let window = WebviewWindowBuilder::new(app, "leeg", WebviewUrl::CustomProtocol(address));
            window.title("").on_document_title_changed(veldboek_window::name_after_page).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("the operating system opens a window");
}
