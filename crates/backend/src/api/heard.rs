//! Hearing a request out that is refused before its bytes were read. Without that the connection ends under the device's hands
//! while it still sends, and it believes that the line broke instead of reading what was the matter.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use veldboek_sync::wire::MAX_PHOTO_BYTES;

/// How long nothing may come of what is only heard out.
const STALL: Duration = Duration::from_secs(10);

/// A body that is still there when its reader has let go of it.
#[derive(Clone)]
struct Shared(Arc<Mutex<BodyDataStream>>);

impl Stream for Shared {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).poll_next_unpin(context)
    }
}

/// Reads what is left of a request that was refused, and lets the answer go after that.
pub(crate) async fn heard_out(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = Shared(Arc::new(Mutex::new(body.into_data_stream())));
    let response = next.run(Request::from_parts(parts, Body::from_stream(body.clone()))).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        let mut left = MAX_PHOTO_BYTES;
        // One that stops coming, or has no end, is left to itself.
        while let Ok(Some(Ok(piece))) = timeout(STALL, body.next()).await {
            left = left.saturating_sub(piece.len() as u64);
            if left == 0 {
                break;
            }
        }
    }
    response
}
