//! What happened to this device as a whole that its user must know: that it came back from a backup, that it was away for
//! long, that its clock is wrong. Nothing of it stands in the way of the work.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use veldboek_domain::InspectionId;
use veldboek_store::Store;
use veldboek_sync::client::Outcome;
use veldboek_sync::http::Backend;

use crate::api::{Event, Nothing, Notice, SyncView};
use crate::app::{App, Session, lock};
use crate::error::AppError;

/// A clock that is less than this beside the backend's is called right: people set clocks by hand.
const CLOCK_MARGIN: TimeDelta = TimeDelta::minutes(3);
/// After this many days without the backend, the first sync says what it brought.
const LONG_AWAY: TimeDelta = TimeDelta::days(14);

/// The day of the last sync that went well, by the backend's clock.
const LAST_DAY: &str = "sync:day";
const RESTORED: &str = "notice:restored";
const AWAY: &str = "notice:away";

/// This device came back from a backup: what it had written since is taken back from the backend as far as it was there.
#[derive(Default, Serialize, Deserialize)]
struct Restored {
    at: String,
    inspections: BTreeSet<InspectionId>,
}

/// This device did not sync for long.
#[derive(Serialize, Deserialize)]
struct Away {
    at: String,
    days: u32,
    sent: u32,
    received: u32,
}

fn kept<T: for<'a> Deserialize<'a>>(store: &Store, name: &str) -> Result<Option<T>, AppError> {
    Ok(store.fact(name)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn keep(store: &mut Store, name: &str, notice: &impl Serialize) -> Result<(), AppError> {
    Ok(store.keep_fact(name, &serde_json::to_string(notice).expect("a notice has only text keys"))?)
}

/// Notes that this device was found to come from a backup, by a chain of this controle.
pub(crate) fn note_restored(
    store: &mut Store,
    inspection: InspectionId,
    at: DateTime<chrono::FixedOffset>,
) -> Result<(), AppError> {
    let mut notice: Restored = kept(store, RESTORED)?.unwrap_or_default();
    notice.at = at.to_rfc3339();
    notice.inspections.insert(inspection);
    keep(store, RESTORED, &notice)
}

/// What is to be told, the weightiest first. `clock_off` is by how many seconds the clock is ahead.
pub(crate) fn notices(store: &Store, clock_off: Option<i64>) -> Result<Vec<Notice>, AppError> {
    let mut notices = Vec::new();
    if let Some(Restored { at, inspections }) = kept(store, RESTORED)? {
        let mut titles = Vec::new();
        for inspection in inspections {
            let summary = store.summary(inspection)?.unwrap_or_default();
            titles
                .push([summary.address, summary.number].into_iter().find(|name| !name.is_empty()).unwrap_or_default());
        }
        notices.push(Notice::Restored { at, titles });
    }
    if let Some(seconds) = clock_off {
        notices.push(Notice::Clock { seconds });
    }
    if let Some(Away { at, days, sent, received }) = kept(store, AWAY)? {
        notices.push(Notice::Away { at, days, sent, received });
    }
    Ok(notices)
}

impl App {
    /// Its user has read what was told about this device.
    ///
    /// # Errors
    /// A failure to write.
    pub fn notices_read(&self, _: Nothing) -> Result<SyncView, AppError> {
        self.with(|session| {
            session.store.drop_fact(RESTORED)?;
            Ok(session.store.drop_fact(AWAY)?)
        })?;
        let view = self.sync_state(Nothing {})?;
        self.tell(&Event::Sync { line: view.line.clone() });
        Ok(view)
    }

    /// After a sync that went well: compares the clocks, and notices a long absence. The days are counted by the backend's
    /// clock, since this device's may be wrong.
    pub(crate) fn note_contact(&self, backend: &Backend, outcome: &Outcome) -> Result<(), AppError> {
        let Some(there) = backend.told_time() else { return Ok(()) };
        let off = self.config.clock.stamp().at.signed_duration_since(there);
        lock(&self.sync).clock_off = (off.abs() > CLOCK_MARGIN).then(|| off.num_seconds());
        self.with(|session| note_day(session, there, outcome))
    }
}

/// Costs a write on the first sync of a day only.
fn note_day(session: &mut Session, there: DateTime<Utc>, outcome: &Outcome) -> Result<(), AppError> {
    let day = there.date_naive();
    let last: Option<NaiveDate> = session.store.fact(LAST_DAY)?.and_then(|text| text.parse().ok());
    if last == Some(day) {
        return Ok(());
    }
    let away = last.map_or(TimeDelta::zero(), |last| day.signed_duration_since(last));
    if away >= LONG_AWAY {
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let days = u32::try_from(away.num_days()).unwrap_or(u32::MAX);
        let (sent, received) = (small(outcome.pushed), small(outcome.received));
        keep(&mut session.store, AWAY, &Away { at: there.to_rfc3339(), days, sent, received })?;
    }
    Ok(session.store.keep_fact(LAST_DAY, &day.to_string())?)
}
