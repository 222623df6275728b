//! Every command of the app's one list, and the photo and the file of another device that come as raw bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tauri::State;
use tauri::ipc::{Invoke, InvokeBody, Request};
use veldboek_app::AppError;
use veldboek_app::api::*;

use crate::host::Host;

/// Names the photo whose bytes are the body: [`PhotoAdd`] as JSON, in base64.
const REQUEST_HEADER: &str = "veldboek-request";

macro_rules! handlers {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        $(
            #[tauri::command]
            async fn $name(host: State<'_, Host>, request: $request) -> Result<$response, AppError> {
                host.call(move |app| app.$name(request)).await
            }
        )*

        /// Answers the window's commands.
        pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name,)* photo_add, hand_in]
        }
    };
}

veldboek_app::commands!(handlers);

#[tauri::command]
async fn photo_add(host: State<'_, Host>, request: Request<'_>) -> Result<InspectionView, AppError> {
    let named = request.headers().get(REQUEST_HEADER).and_then(|header| read_header(header.as_bytes()));
    let (Some(photo), InvokeBody::Raw(bytes)) = (named, request.body()) else {
        return Err(AppError::Invalid(format!("a photo comes as raw bytes with the header {REQUEST_HEADER}")));
    };
    let bytes = bytes.clone();
    host.call(move |app| app.photo_add(photo, bytes)).await
}

#[tauri::command]
async fn hand_in(host: State<'_, Host>, request: Request<'_>) -> Result<HandedIn, AppError> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(AppError::Invalid("a file comes as raw bytes".to_owned()));
    };
    let bytes = bytes.clone();
    host.call(move |app| app.hand_in(&bytes)).await
}

fn read_header(header: &[u8]) -> Option<PhotoAdd> {
    serde_json::from_slice(&STANDARD.decode(header).ok()?).ok()
}
