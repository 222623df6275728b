//! Errors as they cross to a screen: a code and details. The words are the screen's.

use serde::Serialize;
use serde_json::{Value as Json, json};
use veldboek_domain::RecordError;
use veldboek_store::StoreError;
use veldboek_sync::problem::HttpError;

/// A failure of a command.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// What the device keeps failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record could not be written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The backend could not be asked, or said no.
    #[error(transparent)]
    Backend(#[from] HttpError),
    /// The app is locked.
    #[error("the app is locked")]
    Locked,
    /// There is no such controle, item or checklist on this device.
    #[error("there is no such {0} on this device")]
    NotFound(&'static str),
    /// The controle follows a version of its checklist that this app does not have yet.
    #[error("this app does not have version {0} of the checklist")]
    ChecklistMissing(String),
    /// The version is closed: a correction begins with a reason.
    #[error("this version is closed")]
    Closed,
    /// It can't be closed or signed yet; the codes say why.
    #[error("this can't be done yet: {0:?}")]
    Blocked(Vec<String>),
    /// The person's role does not allow it.
    #[error("the role of this person does not allow this")]
    NotAllowed,
    /// The answer's place is locked until something else is answered.
    #[error("{0}")]
    LockedAnswer(String),
    /// What was asked can't be understood.
    #[error("{0}")]
    Invalid(String),
    /// The bytes are no image that a report can show.
    #[error("these bytes are no photo that can be kept")]
    NotAnImage,
    /// More than a photo may have.
    #[error("a photo may have at most {limit} bytes")]
    PhotoTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The report could not be made.
    #[error("the report could not be made: {0}")]
    Report(String),
    /// A hand-over or a card goes no further.
    #[error(transparent)]
    Handover(#[from] crate::handover::HandoverError),
    /// A controle stays on this device.
    #[error(transparent)]
    Clearing(#[from] crate::clearing::ClearingError),
    /// Another device nearby can't be reached, or this one can't listen.
    #[error(transparent)]
    Nearby(#[from] crate::nearby::NearbyError),
    /// The operating system's keystore failed.
    #[error(transparent)]
    Keystore(#[from] crate::secrets::SecretError),
    /// The checklists in the program can't be read.
    #[error("the checklists of this app can't be read: {0}")]
    Checklists(String),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

impl AppError {
    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Store(error) => error.code(),
            Self::Record(RecordError::TooLarge(_)) => "too_large",
            Self::Record(_) => "record",
            Self::Backend(error) => backend_code(error),
            Self::Locked => "locked",
            Self::NotFound(_) => "not_found",
            Self::ChecklistMissing(_) => "checklist_missing",
            Self::Closed => "closed",
            Self::Blocked(_) => "blocked",
            Self::NotAllowed => "not_allowed",
            Self::LockedAnswer(_) => "locked_answer",
            Self::Invalid(_) => "invalid",
            Self::NotAnImage => "not_an_image",
            Self::PhotoTooLarge { .. } => "photo_too_large",
            Self::Report(_) => "report",
            Self::Handover(error) => error.code(),
            Self::Clearing(error) => error.code(),
            Self::Nearby(error) => error.code(),
            Self::Keystore(_) => "keystore",
            Self::Checklists(_) => "checklists",
            Self::Internal(_) => "internal",
        }
    }

    fn details(&self) -> Json {
        match self {
            Self::Store(StoreError::WrongSecret { wait_seconds } | StoreError::MustWait { wait_seconds }) => {
                json!({ "wait_seconds": wait_seconds })
            }
            Self::Store(StoreError::SecretTooShort { minimum }) => json!({ "minimum": minimum }),
            Self::Backend(HttpError::Problem(problem)) => {
                json!({ "title": problem.title, "detail": problem.detail, "problem": problem.code })
            }
            Self::Clearing(crate::clearing::ClearingError::NotReceived(left))
            | Self::Store(StoreError::NotReceived(left)) => {
                json!({ "records": left.records, "photos": left.photos, "set_apart": left.set_apart })
            }
            Self::Blocked(codes) => json!({ "blocks": codes }),
            Self::NotFound(what) => json!({ "what": what }),
            Self::ChecklistMissing(version) => json!({ "version": version }),
            Self::PhotoTooLarge { limit } => json!({ "limit": limit }),
            other => json!({ "message": other.to_string() }),
        }
    }
}

/// The code under which a failure of the network is shown.
pub(crate) fn backend_code(error: &HttpError) -> &str {
    match error {
        HttpError::Unreachable(_) | HttpError::Stalled(_) => "unreachable",
        HttpError::SignedOut => "signed_out",
        HttpError::Blocked => "device_blocked",
        HttpError::TooOld => "app_too_old",
        HttpError::TooNew => "app_too_new",
        HttpError::Address(_) => "address",
        HttpError::Problem(problem) => &problem.code,
        _ => "backend",
    }
}

impl Serialize for AppError {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "code": self.code(), "details": self.details() }).serialize(serializer)
    }
}
