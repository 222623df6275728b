//! Why there is no conversation with a device nearby, and how one ended, as codes. The words are the screen's.

use veldboek_sync::nearby::Ended;
use veldboek_sync::nearby::message::Reason;
use veldboek_sync::nearby::tls::TlsError;

use crate::error::AppError;

/// Why another device can't be reached, or this one can't listen.
#[derive(Debug, thiserror::Error)]
pub enum NearbyError {
    /// What was typed is no address with a port.
    #[error("this is no address with a port")]
    Address,
    /// Nothing answers there.
    #[error("no device answers there: {0}")]
    Unreachable(String),
    /// What answers there is something else.
    #[error("what answers there is no device with this app: {0}")]
    Foreign(String),
    /// This device can't listen.
    #[error("this device can't listen for others: {0}")]
    CannotListen(String),
    /// Nobody looks for other devices now, or that one is gone.
    #[error("that device is not there any more")]
    NotThere,
    /// This device is talking to another one already.
    #[error("this device is talking to another one")]
    Talking,
}

impl NearbyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address => "nearby_address",
            Self::Unreachable(_) => "nearby_unreachable",
            Self::Foreign(_) => "nearby_foreign",
            Self::CannotListen(_) => "nearby_cannot_listen",
            Self::NotThere => "nearby_not_there",
            Self::Talking => "nearby_talking",
        }
    }
}

impl From<TlsError> for NearbyError {
    fn from(error: TlsError) -> Self {
        match error {
            TlsError::Io(error) => Self::Unreachable(error.to_string()),
            TlsError::Foreign(error) => Self::Foreign(error.to_string()),
            TlsError::Key(error) => Self::CannotListen(error),
        }
    }
}

/// The code of how a conversation ended, when it did not end well.
pub(crate) fn problem(ended: &Ended<AppError>) -> Option<String> {
    let code = match ended {
        Ended::Done | Ended::Here(Reason::Stopped) => return None,
        Ended::Storage(error) => return Some(error.code().to_owned()),
        Ended::Cut => "nearby_cut",
        Ended::Here(reason) => match reason {
            Reason::Stranger => "nearby_stranger",
            Reason::Blocked => "nearby_blocked",
            Reason::OtherCode => "nearby_other_code",
            Reason::Version => "nearby_version",
            _ => "nearby_unreadable",
        },
        Ended::There(reason) => match reason {
            Reason::Stopped => "nearby_stopped_there",
            Reason::OtherCode => "nearby_other_code_there",
            Reason::Stranger => "nearby_stranger_there",
            Reason::Blocked => "nearby_blocked_there",
            Reason::Busy => "nearby_busy",
            Reason::Version => "nearby_version",
            Reason::Unreadable => "nearby_unreadable",
            Reason::Storage => "nearby_storage_there",
        },
    };
    Some(code.to_owned())
}
