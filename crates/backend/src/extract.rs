//! Reading requests so that what can't be read is answered with a problem of the catalogue, never with axum's own text.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::{Kind, Problem};

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.and_then(|text| text.split(';').next()).map(str::trim);
        if !media_type.is_some_and(|text| text.eq_ignore_ascii_case("application/json")) {
            return Err(Kind::WrongMediaType.into());
        }
        let Body(bytes) = Body::from_request(request, state).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // Where it went wrong, without what stood there: that may be personal data.
            let what = if error.is_data() { "een veld past niet" } else { "geen geldige JSON" };
            let place = format!("{what}, regel {}, teken {}", error.line(), error.column());
            Problem::new(Kind::UnreadableInput).because(place)
        })
    }
}

fn unreadable_bytes(rejection: &BytesRejection) -> Problem {
    if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Kind::TooLarge.into()
    } else {
        Problem::new(Kind::UnreadableInput).because("het verzoek brak af")
    }
}

/// A body of bytes.
pub struct Body(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) => Err(unreadable_bytes(&rejection)),
        }
    }
}

/// Parts of the path.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path: Result<axum::extract::Path<T>, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Kind::UnreadableAddress.into())
    }
}
