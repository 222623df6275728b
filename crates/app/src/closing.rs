//! Signing, closing and correcting.

use veldboek_domain::{Body, Field, SetKind, Value};

use crate::api::{CloseInspection, InspectionView, Reopen, Sign};
use crate::app::App;
use crate::counts::stays;
use crate::error::AppError;
use crate::items::{check_open, current, needed};
use crate::opened::{Change, Opened};

impl App {
    /// Signs what is there. The author can sign only when every required answer is in or has a reason.
    ///
    /// # Errors
    /// [`AppError::Blocked`] with what is missing, [`AppError::Closed`], [`AppError::Invalid`] without a name.
    pub fn sign(&self, request: Sign) -> Result<InspectionView, AppError> {
        if request.signature.name.trim().is_empty() {
            return Err(AppError::Invalid("a signature needs a name".to_owned()));
        }
        self.change(request.inspection, |session| {
            let opened = check_open(session)?;
            if request.by_author && !opened.open_questions().is_empty() {
                return Err(AppError::Blocked(vec!["missing".to_owned()]));
            }
            let stream = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            let earlier = opened.state.signature_parents(request.by_author);
            let body = Body::Signed { signature: request.signature, by_author: request.by_author };
            Ok(vec![Change { stream, body, supersedes: earlier }])
        })
    }

    /// Closes this version: nothing can be written until it is reopened, and the coordinator gets it with the next sync.
    ///
    /// # Errors
    /// [`AppError::Blocked`] with every code that keeps it open.
    pub fn close(&self, request: CloseInspection) -> Result<InspectionView, AppError> {
        self.change(request.inspection, |session| {
            let blocks = blocks(check_open(session)?);
            if !blocks.is_empty() {
                return Err(AppError::Blocked(blocks));
            }
            session.lay_counts_ready(request.inspection, &*self.config.entropy)?;
            let opened = current(session)?;
            let stream = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            let body = Body::Closed { version: opened.state.version() };
            Ok(vec![Change { stream, body, supersedes: opened.state.milestone_parents() }])
        })
    }

    /// Begins a correction: a new version with a reason. The closed one stays.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason or when nothing is closed.
    pub fn reopen(&self, request: Reopen) -> Result<InspectionView, AppError> {
        let reason = needed(&request.reason)?;
        self.change(request.inspection, |session| {
            let opened = current(session)?;
            if !opened.state.is_closed() {
                return Err(AppError::Invalid("this version is still open".to_owned()));
            }
            if stays(&opened.checklist) {
                return Err(AppError::NotAllowed);
            }
            let stream = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            let body = Body::Reopened { version: opened.state.version() + 1, reason };
            let mut supersedes = opened.state.milestone_parents();
            supersedes.extend(opened.state.signature_parents(true));
            supersedes.extend(opened.state.signature_parents(false));
            Ok(vec![Change { stream, body, supersedes }])
        })
    }
}

/// What keeps a version from being closed, by code.
pub(crate) fn blocks(opened: &Opened) -> Vec<String> {
    blocks_when(opened, !opened.open_questions().is_empty())
}

/// The same, when it is known whether required questions are open.
pub(crate) fn blocks_when(opened: &Opened, questions_are_open: bool) -> Vec<String> {
    // A conversation is voluntary from its first to its last question: it can end at any of them.
    if stays(&opened.checklist) {
        return Vec::new();
    }
    let state = &opened.state;
    let text = |field| matches!(state.field(field), Some(Value::Text(text)) if !text.trim().is_empty());
    let ungrounded = state.current(&SetKind::Participant).any(|item| {
        let empty = |field| state.item_text(item.id, field).trim().is_empty();
        let inside = state.item_field(item.id, Field::GoesInside) == Some(&Value::Flag(true));
        inside && (empty(Field::LegalBasis) || empty(Field::Designation))
    });
    let pending = state.current(&SetKind::Photo).any(|item| item.sealed.is_none());
    let checks = [
        ("missing", questions_are_open || !opened.evaluation.missing_items().is_empty()),
        ("differences", !state.open_differences().is_empty()),
        ("method", !text(Field::Method)),
        ("participant_without_ground", ungrounded),
        ("photo_pending", pending),
        ("author_signature", !state.signatures().iter().any(|signed| signed.by_author)),
        ("damaged_records", !opened.rotten.is_empty()),
    ];
    checks.into_iter().filter(|(_, blocked)| *blocked).map(|(code, _)| code.to_owned()).collect()
}
