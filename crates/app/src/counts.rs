//! Visits that never leave the device: an agro-coach's conversation, an anonymous survey. Only counts go out.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use veldboek_checklist::{Checklist, Counted, Outgoing};
use veldboek_domain::{Entropy, InspectionId};
use veldboek_store::Store;
use veldboek_sync::wire::{CountLine, CountsSent};

use crate::api::{CountRow, OpenInspection};
use crate::app::{App, Session};
use crate::error::AppError;
use crate::opened::Opened;

/// Where the counts wait that were not received yet.
const WAITING: &str = "counts";

/// Whether a visit by this checklist stays on the device.
pub(crate) fn stays(checklist: &Checklist) -> bool {
    checklist.outgoing() == Outgoing::Counts
}

impl App {
    /// The counts of a visit, exactly as they go out when it is closed; empty for a controle that is sent whole.
    ///
    /// # Errors
    /// A failure to read.
    pub fn counts(&self, request: OpenInspection) -> Result<Vec<CountRow>, AppError> {
        self.with(|session| {
            let opened = session.open(self.library()?, request.inspection, &*self.config.clock)?;
            Ok(lines(opened).iter().map(|line| row(&opened.checklist, line)).collect())
        })
    }
}

impl Session {
    /// Lays the counts of a visit that is being closed ready to be sent: under an id of their own, so that outside this
    /// device they lead back to nothing. Laid ready twice, they count once.
    pub(crate) fn lay_counts_ready(&mut self, inspection: InspectionId, entropy: &dyn Entropy) -> Result<(), AppError> {
        let Some(opened) = self.opened.as_ref().filter(|opened| stays(&opened.checklist)) else { return Ok(()) };
        let name = format!("counts:{inspection}");
        let id = match self.store.fact(&name)?.and_then(|text| text.parse().ok()) {
            Some(id) => id,
            None => unlinked(entropy),
        };
        let sent = CountsSent {
            id,
            checklist: opened.checklist.id().to_owned(),
            version: opened.checklist.version().to_owned(),
            month: opened.facts.day().format("%Y-%m").to_string(),
            lines: lines(opened),
        };
        let mut waiting = waiting(&self.store)?;
        waiting.0.retain(|other| other.id != sent.id);
        waiting.0.push(sent);
        self.store.keep_fact(&name, &id.to_string())?;
        keep(&mut self.store, &waiting)
    }
}

/// A random id: unlike others it holds no moment.
fn unlinked(entropy: &dyn Entropy) -> Uuid {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Counts that wait.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct WaitingCounts(pub(crate) Vec<CountsSent>);

/// What waits to be received.
pub(crate) fn waiting(store: &Store) -> Result<WaitingCounts, AppError> {
    let text = store.fact(WAITING)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Forgets what was received.
pub(crate) fn received(store: &mut Store, sent: &CountsSent) -> Result<(), AppError> {
    let mut waiting = waiting(store)?;
    waiting.0.retain(|other| other.id != sent.id);
    keep(store, &waiting)
}

fn keep(store: &mut Store, waiting: &WaitingCounts) -> Result<(), AppError> {
    Ok(store.keep_fact(WAITING, &serde_json::to_string(waiting).expect("counts serialise"))?)
}

fn lines(opened: &Opened) -> Vec<CountLine> {
    let counts = opened.checklist.counts(&opened.state, &opened.evaluation);
    let line = |count: veldboek_checklist::Count| match count.counted {
        Counted::Option(option) => CountLine { question: count.question, option: Some(option), number: None },
        Counted::Number(number) => CountLine { question: count.question, option: None, number: Some(number) },
    };
    counts.into_iter().map(line).collect()
}

fn row(checklist: &Checklist, line: &CountLine) -> CountRow {
    let question = checklist.question(&line.question);
    let label = |code: &String| {
        let known = question.and_then(|question| question.options.iter().find(|option| option.code == *code));
        known.map_or_else(|| code.clone(), |option| option.label.clone())
    };
    CountRow {
        question: question.map(|question| question.text.clone()).unwrap_or_default(),
        answer: line.option.as_ref().map(label).or(line.number.map(|number| number.to_string())).unwrap_or_default(),
    }
}
