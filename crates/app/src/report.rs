//! The controlerapport, made on the device.

use veldboek_domain::{Digest, Inspection, StreamKind};
use veldboek_report::{ChainTip, PhotoSource, PhotoSourceError, Rendered, ReportModel};
use veldboek_store::{Store, StoreError};

use crate::api::{ReportCopy, ReportMade, ReportRequest};
use crate::app::{App, Session};
use crate::error::AppError;
use crate::items::current;

impl App {
    /// Makes the report and tells about it; the bytes come with [`App::report_bytes`].
    ///
    /// # Errors
    /// [`AppError::Report`] when it can't be made.
    pub fn report(&self, request: ReportRequest) -> Result<ReportMade, AppError> {
        self.with(|session| {
            let (model, rendered) = self.make(session, request)?;
            Ok(ReportMade {
                pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
                bytes: rendered.pdf.len() as u64,
                sha256: Digest::of(&rendered.pdf),
                file_name: file_name(&model),
                problems: rendered.problems.iter().map(ToString::to_string).collect(),
            })
        })
    }

    /// The report's bytes.
    ///
    /// # Errors
    /// As [`App::report`].
    pub fn report_bytes(&self, request: ReportRequest) -> Result<Vec<u8>, AppError> {
        self.with(|session| self.make(session, request).map(|(_, rendered)| rendered.pdf))
    }

    fn make(&self, session: &mut Session, request: ReportRequest) -> Result<(ReportModel, Rendered), AppError> {
        session.open(self.library()?, request.inspection, &*self.config.clock)?;
        let checklist = current(session)?.checklist.clone();
        let (inspection, tips) = team_only(&session.store, request.inspection)?;
        let copy = match request.copy {
            ReportCopy::File => veldboek_report::ReportCopy::File,
            ReportCopy::LeaveBehind => veldboek_report::ReportCopy::LeaveBehind,
        };
        let model = veldboek_report::compose(&inspection, &checklist, &tips, copy);
        let rendered = veldboek_report::render(&model, &Vault(&session.store))
            .map_err(|error| AppError::Report(error.to_string()))?;
        Ok((model, rendered))
    }
}

/// The inspection as the team's stream alone tells it, with the ends of its chains: what is closed is not in it.
fn team_only(store: &Store, id: veldboek_domain::InspectionId) -> Result<(Inspection, Vec<ChainTip>), AppError> {
    let streams = store.streams(id)?;
    let team = streams.iter().find(|row| row.kind == StreamKind::Team).ok_or(AppError::NotFound("stream"))?;
    let records = store.stream_history(team.stream)?;
    let ends = store.ends(team.stream)?;
    let is_end = |record: &&veldboek_domain::Record| ends.iter().any(|(_, head)| head.record == record.id());
    let tips = records.iter().filter(is_end).map(ChainTip::from).collect();
    Ok((Inspection::from_records(&records), tips))
}

/// A name for the file: the number and version, no personal data.
fn file_name(model: &ReportModel) -> String {
    let copy = match model.copy {
        veldboek_report::ReportCopy::File => "dossier",
        veldboek_report::ReportCopy::LeaveBehind => "achterlaten",
    };
    format!("{}-v{}-{copy}.pdf", model.head.report_number, model.head.version)
}

/// The vault as the report asks for photos.
struct Vault<'a>(&'a Store);

impl PhotoSource for Vault<'_> {
    fn bytes(&self, sha256: &Digest) -> Result<Vec<u8>, PhotoSourceError> {
        self.0.photo(sha256).map_err(|error| match error {
            StoreError::PhotoMissing { .. } => PhotoSourceError::Missing,
            other => PhotoSourceError::Unreadable(Box::new(other)),
        })
    }
}
