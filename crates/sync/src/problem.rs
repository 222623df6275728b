//! What can go wrong between the device and the backend, by what the app does next.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;

/// Why a request to the backend gave nothing to work with.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address of the backend is not one to which inspection data may go: https, or http on this machine itself.
    #[error("the backend's address is not an https address: {0}")]
    Address(String),
    /// No connection, or it broke. Normal in the field; trying again later helps.
    #[error("the backend can't be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The connection stands but nothing moved over it for too long.
    #[error("nothing moved over the connection for {0} seconds")]
    Stalled(u64),
    /// The backend does not accept this device's signature, also not after signing in again.
    #[error("the backend does not accept this device's signature")]
    SignedOut,
    /// This device was blocked: lost, or handed in.
    #[error("this device is blocked")]
    Blocked,
    /// The backend no longer speaks this app's protocol: the app is to be updated.
    #[error("this app is too old for the backend")]
    TooOld,
    /// The backend does not speak this app's protocol yet: the backend is to be updated.
    #[error("this app is too new for the backend")]
    TooNew,
    /// A failure from the backend's catalogue.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The answer is not one of the backend's: another program, a portal that wants a sign-in, or a gateway's page.
    #[error("the answer can't be read as one of the backend's (HTTP status {status})")]
    Unreadable {
        /// The HTTP status.
        status: u16,
    },
}

/// A failure from the backend's catalogue (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Its number in the catalogue, to read aloud.
    pub number: u16,
    /// The stable code.
    pub code: String,
    /// The kind in a few words, in Dutch.
    pub title: String,
    /// What happened, what it means and what to do, in Dutch.
    pub detail: String,
    /// Seconds after which it can be tried again, when the backend says so.
    pub retry_after: Option<u64>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "problem {} ({}): {}", self.number, self.code, self.title)
    }
}

impl HttpError {
    /// Whether the same request can succeed later without anybody doing something about it.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Stalled(_) => true,
            Self::Problem(problem) => is_passing(problem.status),
            Self::Unreadable { status } => is_passing(*status),
            Self::Address(_) | Self::SignedOut | Self::Blocked | Self::TooOld | Self::TooNew => false,
        }
    }

    /// The HTTP status of the answer, when there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            Self::Unreadable { status } => Some(*status),
            _ => None,
        }
    }

    /// Reads what an answer that is no success means.
    pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let status = status.as_u16();
        let Ok(document) = serde_json::from_slice::<Document>(body) else {
            return Self::Unreadable { status };
        };
        match document.code.as_str() {
            "apparaat-geblokkeerd" => Self::Blocked,
            "protocol-te-oud" => Self::TooOld,
            "protocol-te-nieuw" => Self::TooNew,
            _ if status == 401 => Self::SignedOut,
            _ => Self::Problem(Box::new(Problem {
                status,
                number: document.number,
                code: document.code,
                title: document.title,
                detail: document.detail,
                retry_after: headers.get(RETRY_AFTER).and_then(|text| text.to_str().ok()?.parse().ok()),
            })),
        }
    }
}

/// Also what a gateway in between says by itself, and a lock that another request still holds (423).
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 423 | 425 | 429 | 500..=599)
}

#[derive(Deserialize)]
struct Document {
    number: u16,
    code: String,
    title: String,
    #[serde(default)]
    detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: &str) {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(HttpError::read(status, &HeaderMap::new(), body.as_bytes()).to_string(), expected);
    }

    #[test]
    fn an_answer_is_read_by_its_code_and_not_by_its_text() {
        let problem = |code: &str| format!(r#"{{"number":1,"code":"{code}","title":"Titel","detail":"Uitleg"}}"#);
        check(403, &problem("apparaat-geblokkeerd"), "this device is blocked");
        check(400, &problem("protocol-te-nieuw"), "this app is too new for the backend");
        check(401, &problem("niet-aangemeld"), "the backend does not accept this device's signature");
        check(507, &problem("schijf-vol"), "problem 1 (schijf-vol): Titel");
        check(
            302,
            "<html>Welkom op de gast-wifi</html>",
            "the answer can't be read as one of the backend's (HTTP status 302)",
        );
        check(502, "Bad Gateway", "the answer can't be read as one of the backend's (HTTP status 502)");
    }

    #[test]
    fn a_gateways_failure_passes_and_a_block_does_not() {
        let status = StatusCode::BAD_GATEWAY;
        assert!(HttpError::read(status, &HeaderMap::new(), b"Bad Gateway").is_passing());
        assert!(!HttpError::Blocked.is_passing());
    }
}
