//! Photos, reports and files for other devices as raw bytes, under the app's own address:
//! `veldboek://localhost/photo/<item>?size=thumb`, `veldboek://localhost/report/<inspection>?copy=file`,
//! `veldboek://localhost/card` and `veldboek://localhost/handover/<inspection>?device=<device>`. They never cross the command
//! bridge.

use serde::de::DeserializeOwned;
use serde_json::Value;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Url, Wry};
use veldboek_app::api::{HandoverRequest, ReportRequest};
use veldboek_app::{App, AppError};

use crate::host::Host;

/// The name of the app's own kind of address.
pub(crate) const PROTOCOL: &str = "veldboek";

/// The media type of a file that only Veldboek reads.
const FILE: &str = "application/octet-stream";

/// The addresses under which the operating systems show the app's own page.
const OWN_PAGES: [&str; 3] = ["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"];

/// Answers a request for bytes, on a thread that may wait for the disk.
pub(crate) fn answer(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let app = context.app_handle().state::<Host>().app();
    tauri::async_runtime::spawn_blocking(move || {
        let found = find(&app, &request.uri().to_string());
        responder.respond(respond(found, request.headers().get(header::ORIGIN)));
    });
}

/// Whether the window stays on its own page: a link or a script never takes it elsewhere. What the page made itself, a
/// report on its way to the downloads, is its own.
pub(crate) fn is_own_page(address: &Url) -> bool {
    if address.scheme() == "blob" {
        return Url::parse(address.path()).is_ok_and(|maker| maker.scheme() != "blob" && is_own_page(&maker));
    }
    // The page's own address may come without a path, as in `tauri://localhost#/vandaag`.
    let own =
        |page: &str| Url::parse(page).is_ok_and(|own| own.scheme() == address.scheme() && own.host() == address.host());
    address.port().is_none() && OWN_PAGES.iter().any(|page| own(page))
}

fn find(app: &App, address: &str) -> Result<(String, Vec<u8>), AppError> {
    let address = Url::parse(address).map_err(|_| unreadable(address))?;
    let asked = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let mut path = address.path_segments().ok_or_else(|| unreadable(address.as_str()))?;
    match (path.next(), path.next(), path.next()) {
        (Some("photo"), Some(item), None) => app.photo_bytes(read(item)?, read(&asked("size").unwrap_or_default())?),
        (Some("report"), Some(inspection), None) => {
            let copy = read(&asked("copy").unwrap_or_default())?;
            let bytes = app.report_bytes(ReportRequest { inspection: read(inspection)?, copy })?;
            Ok(("application/pdf".to_owned(), bytes))
        }
        (Some("card"), None, None) => Ok((FILE.to_owned(), app.device_card_bytes()?)),
        (Some("handover"), Some(inspection), None) => {
            let device = read(&asked("device").unwrap_or_default())?;
            let request = HandoverRequest { inspection: read(inspection)?, device, everything: false };
            Ok((FILE.to_owned(), app.handover_bytes(request)?))
        }
        _ => Err(unreadable(address.as_str())),
    }
}

fn unreadable(word: &str) -> AppError {
    AppError::Invalid(format!("`{word}` names no photo, report or file"))
}

/// An id or a choice out of an address: the same words as in JSON.
fn read<T: DeserializeOwned>(word: &str) -> Result<T, AppError> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|_| unreadable(word))
}

fn respond(found: Result<(String, Vec<u8>), AppError>, origin: Option<&header::HeaderValue>) -> Response<Vec<u8>> {
    let (status, media_type, bytes) = match found {
        Ok((media_type, bytes)) => (StatusCode::OK, media_type, bytes),
        Err(error) => {
            let words = serde_json::to_vec(&error).expect("an error is a code with details");
            (StatusCode::BAD_REQUEST, "application/json".to_owned(), words)
        }
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(origin) = origin.filter(|origin| OWN_PAGES.iter().any(|own| origin.as_bytes() == own.as_bytes())) {
        response = response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response.body(bytes).expect("a media type is a valid header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_never_leaves_its_own_page() {
        let stays = |address: &str| is_own_page(&Url::parse(address).unwrap());
        assert!(stays("tauri://localhost/#/vandaag"));
        assert!(stays("tauri://localhost#/vandaag"), "the page's own address comes without a path");
        assert!(stays("http://tauri.localhost/index.html"));
        assert!(stays("blob:tauri://localhost/5a0e"), "what the page made itself");
        assert!(!stays("blob:https://example.org/5a0e"));
        assert!(!stays("https://example.org/"));
        assert!(!stays("http://tauri.localhost.example.org/"), "a longer host name is another host");
        assert!(!stays("tauri://elsewhere/"));
        assert!(!stays("http://tauri.localhost:8080/"), "another port is another page");
    }

    #[test]
    fn bytes_are_readable_for_the_own_page_only() {
        let own = header::HeaderValue::from_static("tauri://localhost");
        let other = header::HeaderValue::from_static("https://example.org");
        let bytes = || Ok(("image/jpeg".to_owned(), vec![1, 2, 3]));
        let allowed =
            |response: Response<Vec<u8>>| response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        assert!(allowed(respond(bytes(), Some(&own))));
        assert!(!allowed(respond(bytes(), Some(&other))));
        assert!(!allowed(respond(bytes(), None)));
    }
}
