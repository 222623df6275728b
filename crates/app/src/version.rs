//! Moving an open controle to a newer version of its checklist: offered with what it means, done by a person, a record.

use std::sync::Arc;

use veldboek_checklist::{Checklist, Comparison, Evaluation, MovePreview};
use veldboek_domain::record::ChecklistRef;
use veldboek_domain::{Body, Digest, Field, RegisterKey, Value};

use crate::api::{InspectionView, MoveVersion, OpenInspection, VersionMove};
use crate::app::App;
use crate::error::AppError;
use crate::items::{check_open, current};
use crate::library::{Library, checklist_row};
use crate::opened::{Change, Opened};

impl App {
    /// The newer version of a controle's checklist, with what moves along, what is new and what no longer counts; none when
    /// the controle follows the newest.
    ///
    /// # Errors
    /// A failure to read.
    pub fn version_move(&self, request: OpenInspection) -> Result<Option<VersionMove>, AppError> {
        self.with(|session| {
            let opened = session.open(self.library()?, request.inspection, &*self.config.clock)?;
            Ok(newer(self.library()?, opened).map(|new| look_ahead(opened, &new)))
        })
    }

    /// Lets the controle follow the version with this hash. Nothing that was answered is dropped; the move is a record, and
    /// two people who move to different versions see that they differ.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no newer version with this hash, [`AppError::Closed`].
    pub fn move_version(&self, request: MoveVersion) -> Result<InspectionView, AppError> {
        let view = self.change(request.inspection, |session| {
            let opened = check_open(session)?;
            let new = newer(self.library()?, opened).filter(|new| new.hash() == request.hash);
            let new = new.ok_or(AppError::NotFound("checklist"))?;
            Ok(vec![to_follow(opened, &new)?])
        })?;
        // What the checklist says is another text now: the controle is read anew.
        self.with(|session| {
            session.forget(request.inspection);
            session.open(self.library()?, request.inspection, &*self.config.clock)?;
            let summary = current(session)?.summary();
            session.store.keep_summaries(&[(request.inspection, summary)])?;
            crate::view::inspection(session, self.library()?)
        })
        .or(Ok(view))
    }
}

/// The newest version, when it is another one than the controle follows and this version can still be written.
pub(crate) fn newer(library: &Library, opened: &Opened) -> Option<Arc<Checklist>> {
    let newest = library.by_id(opened.checklist.id())?;
    (newest.hash() != opened.checklist.hash() && !opened.state.is_closed()).then_some(newest)
}

fn look_ahead(opened: &Opened, new: &Checklist) -> VersionMove {
    let after = Evaluation::of(new, &opened.state, &opened.facts);
    let preview = MovePreview::of(&opened.checklist, new, &opened.state, &opened.evaluation, &after);
    VersionMove {
        from: checklist_row(&opened.checklist),
        to: checklist_row(new),
        hash: new.hash(),
        words: preview.words(),
        changes: Comparison::of(&opened.checklist, new),
        preview,
    }
}

fn to_follow(opened: &Opened, new: &Checklist) -> Result<Change, AppError> {
    let register = RegisterKey::Inspection(Field::Checklist);
    let followed =
        ChecklistRef { id: new.id().to_owned(), version: new.version().to_owned(), hash: Digest(new.hash().0) };
    Ok(Change {
        stream: opened.state.team_stream().ok_or(AppError::NotFound("stream"))?,
        supersedes: opened.state.register(&register).map(|held| held.parents()).unwrap_or_default(),
        body: Body::Written { register, value: Value::Checklist(followed) },
    })
}
