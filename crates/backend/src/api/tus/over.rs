//! tus lets a client that can't send PATCH or DELETE name the method in a header.

use axum::extract::Request;
use axum::http::Method;

/// Takes a request for an upload by the method that its `X-HTTP-Method-Override` names, and any other one as it is.
pub(crate) fn by_named_method<B>(mut request: Request<B>) -> Request<B> {
    let path = request.uri().path();
    let ours = path == "/v1/fotos" || path.starts_with("/v1/fotos/uploads/");
    let named = request.headers().get("x-http-method-override");
    if let Some(method) = named.filter(|_| ours).and_then(|method| Method::from_bytes(method.as_bytes()).ok()) {
        *request.method_mut() = method;
    }
    request
}
