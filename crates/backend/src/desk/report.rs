//! The controlerapport as PDF, byte for byte as a device makes it.

use std::fs;
use std::io;

use veldboek_domain::Digest;
use veldboek_report::{PhotoSource, PhotoSourceError, render};

use super::Folder;
use crate::photos::Photos;
use crate::problem::{Kind, Problem};

impl PhotoSource for Photos {
    fn bytes(&self, sha256: &Digest) -> Result<Vec<u8>, PhotoSourceError> {
        fs::read(self.path(*sha256)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => PhotoSourceError::Missing,
            _ => PhotoSourceError::Unreadable(Box::new(error)),
        })
    }
}

/// Makes the PDF.
pub(crate) fn pdf(folder: &Folder, photos: &Photos) -> Result<Vec<u8>, Problem> {
    let model = folder.report().ok_or(Problem::new(Kind::NoReport).because("de checklist is hier niet bekend"))?;
    let rendered = render(&model, photos).map_err(|error| {
        tracing::error!(%error, "a report can't be made");
        Kind::NoReport
    })?;
    Ok(rendered.pdf)
}
