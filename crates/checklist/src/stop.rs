//! The text of the STOP screen: data with a status, like a checklist, since a fire officer must approve it.

use serde::Serialize;
use veldboek_domain::Digest;

use crate::build::{self, need, text_of};
use crate::model::Status;
use crate::problem::{CheckError, Complaints};
use crate::read;
use crate::source::StopTextSource;

/// What the STOP screen says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StopText {
    /// Stable name.
    pub id: String,
    /// Version.
    pub version: String,
    /// Whether it is approved.
    pub status: Status,
    /// Who must approve it.
    pub approved_by: String,
    /// The one word on top.
    pub title: String,
    /// What to do at once.
    pub first: String,
    /// Distance to keep, in metres.
    pub distance_m: u32,
    /// Distance to keep when something burns, in metres.
    pub fire_distance_m: u32,
    /// The lines below, in order.
    pub lines: Vec<StopLine>,
    /// Numbers to call; the first is the one in danger.
    pub calls: Vec<Call>,
    /// What to say to the control room.
    pub say: Vec<String>,
    /// What stands there afterwards.
    pub afterwards: Option<String>,
    /// References into `checklists/BRONNEN.md`.
    pub references: Vec<String>,
    /// SHA-256 over the exact bytes of the file.
    pub hash: Digest,
}

/// A line of the STOP screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StopLine {
    /// Stable code, by which the screen chooses its icon.
    pub code: String,
    /// The text.
    pub text: String,
}

/// A number to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The number.
    pub number: String,
    /// When.
    pub text: String,
}

impl StopText {
    /// Reads the STOP text from the text of a file; `file` is its name, for messages only.
    ///
    /// # Errors
    /// Every problem in the file, each with its line, its column and a hint for the author.
    pub fn read(file: &str, text: &str) -> Result<Self, CheckError> {
        let mut complaints = Complaints::new(file, text);
        let source: Option<StopTextSource> = read::document(0, &mut complaints);
        match source.and_then(|source| stop_text(&source, text, &mut complaints)) {
            Some(stop) if complaints.is_empty() => Ok(stop),
            _ => Err(complaints.into_error()),
        }
    }
}

fn stop_text(source: &StopTextSource, text: &str, complaints: &mut Complaints<'_>) -> Option<StopText> {
    let id = text_of(&source.id, "id", 0, complaints);
    let version = text_of(&source.versie, "versie", 0, complaints);
    let status = need(source.status, "status", 0, complaints);
    let approved_by = text_of(&source.akkoord_door, "akkoord_door", 0, complaints);
    let title = text_of(&source.titel, "titel", 0, complaints);
    let first = text_of(&source.eerst, "eerst", 0, complaints);
    let distance = need(source.afstand_meter.as_ref(), "afstand_meter", 0, complaints);
    let fire_distance = need(source.afstand_brand_meter.as_ref(), "afstand_brand_meter", 0, complaints);
    if let (Some(distance), Some(fire)) = (distance, fire_distance)
        && fire.get() < distance.get()
    {
        complaints.add(
            fire.start(),
            "De afstand bij brand is kleiner dan de gewone afstand.",
            "Bij brand moet de afstand ten minste zo groot zijn.",
        );
    }
    let mut lines = Vec::new();
    for line in &source.regel {
        let code = text_of(&line.get().code, "code", line.start(), complaints);
        let text = text_of(&line.get().tekst, "tekst", line.start(), complaints);
        lines.extend(code.zip(text).map(|(code, text)| StopLine { code, text }));
    }
    let mut calls = Vec::new();
    for call in &source.bel {
        let number = text_of(&call.get().nummer, "nummer", call.start(), complaints);
        let text = text_of(&call.get().tekst, "tekst", call.start(), complaints);
        calls.extend(number.zip(text).map(|(number, text)| Call { number, text }));
    }
    if source.bel.is_empty() {
        complaints.add(0, "Er staat geen nummer om te bellen.", "Voeg een tabel [[bel]] toe met nummer = \"112\".");
    }
    Some(StopText {
        id: id?,
        version: version?,
        status: status?,
        approved_by: approved_by?,
        title: title?,
        first: first?,
        distance_m: *distance?.get(),
        fire_distance_m: *fire_distance?.get(),
        lines,
        calls,
        say: source.zeg.clone(),
        afterwards: build::optional(&source.daarna),
        references: source.bronnen.clone(),
        hash: Digest::of(text.as_bytes()),
    })
}
