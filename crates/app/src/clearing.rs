//! Clearing controles from this device when the backend has all of them, and fetching them again.
//!
//! When a controle goes is for the retention rules to say; that nothing goes without its receipt is for nobody to change. A
//! cleared controle comes back when somebody asks for it, when the coordinator sends it back, when its person is put into its
//! team anew, or when a colleague hands it over: then there is work in it. Anything else that others write about it is let go.

use chrono::{DateTime, FixedOffset};
use veldboek_checklist::{Clearing, Family, Retention};
use veldboek_domain::inspection::Status;
use veldboek_domain::{Body, InspectionId, PersonId, Record};
use veldboek_store::{Store, Unreceived};
use veldboek_sync::receipt::public_key;
use veldboek_sync::{PhotoReceipt, Receipt};

use crate::api::{ClearedRow, ClearingView, Event, Nothing, OpenInspection, RetentionRuleView, RetentionView};
use crate::app::{App, Session};
use crate::error::AppError;
use crate::library::{Library, family_word, status_word};

/// Controles whose line in the list is brought level before a round of clearing looks for those that are done with.
const MOST_STALE: usize = 50;

/// Why a controle stays on this device. Nothing of it was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClearingError {
    /// It is on this device only.
    #[error("this visit is on this device only and is never cleared")]
    StaysHere,
    /// It is not done with.
    #[error("this controle is not closed yet")]
    NotDone,
    /// The backend is not known to have everything.
    #[error("the backend does not have everything of this controle yet: {0:?}")]
    NotReceived(Unreceived),
}

impl ClearingError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::StaysHere => "clearing_stays_here",
            Self::NotDone => "clearing_not_done",
            Self::NotReceived(_) => "not_received",
        }
    }
}

impl App {
    /// The retention rules of this device.
    ///
    /// # Errors
    /// [`AppError::Checklists`] when the app's own rules can't be read.
    pub fn retention(&self, _: Nothing) -> Result<RetentionView, AppError> {
        let retention = self.library()?.retention();
        Ok(RetentionView {
            version: retention.version.clone(),
            status: status_word(retention.status).to_owned(),
            approved_by: retention.approved_by.clone(),
            rules: [Family::Vb, Family::Btp, Family::Agro].map(|family| rule_view(retention, family)).to_vec(),
        })
    }

    /// Whether a controle can be cleared from this device, and what stands in the way.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or a failure to read.
    pub fn clearing(&self, request: OpenInspection) -> Result<ClearingView, AppError> {
        self.with(|session| {
            let standing = Standing::of(&session.store, self.library()?, request.inspection)?;
            let retention = self.library()?.retention();
            Ok(ClearingView {
                rule: rule_view(retention, standing.family),
                version: retention.version.clone(),
                status: status_word(retention.status).to_owned(),
                may: standing.may().is_ok(),
                done: standing.done,
                stays_here: standing.stays_here,
                records: small(standing.unreceived.records),
                photos: small(standing.unreceived.photos),
                set_apart: small(standing.unreceived.set_apart),
            })
        })
    }

    /// Clears a controle from this device for good: somebody said so.
    ///
    /// # Errors
    /// A [`ClearingError`] that says what stands in the way, [`AppError::NotFound`], or a failure to write; everything is
    /// there then.
    pub fn clear_inspection(&self, request: OpenInspection) -> Result<Nothing, AppError> {
        self.clear(request.inspection, false)?;
        Ok(Nothing {})
    }

    /// The controles that were cleared from this device and have not come back, newest first.
    ///
    /// # Errors
    /// A failure to read.
    pub fn cleared(&self, _: Nothing) -> Result<Vec<ClearedRow>, AppError> {
        self.with(|session| {
            let mut rows: Vec<ClearedRow> = Vec::new();
            for cleared in session.store.clearings()? {
                let known = rows.iter().any(|row| row.inspection == cleared.inspection);
                // Only the last clearing of a controle counts, and that only until the controle is here again.
                if known || !session.store.streams(cleared.inspection)?.is_empty() {
                    continue;
                }
                rows.push(ClearedRow {
                    inspection: cleared.inspection,
                    number: cleared.number,
                    at: cleared.at,
                    by_itself: cleared.by_itself,
                    rule: cleared.rule,
                    asked_at: cleared.back_at,
                });
            }
            Ok(rows)
        })
    }

    /// Asks for a cleared controle again: it comes whole with the next sync, to who may read it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it was not cleared, or a failure to write.
    pub fn fetch_cleared(&self, request: OpenInspection) -> Result<Nothing, AppError> {
        let at = self.config.clock.stamp().at;
        let was_away = self.with(|session| Ok(session.store.call_back(request.inspection, "asked", at)?))?;
        if !was_away {
            return Err(AppError::NotFound("cleared"));
        }
        self.wake.notify_one();
        Ok(Nothing {})
    }

    /// Clears what the rules let go by itself: closed, received whole, and not on the screen.
    pub(crate) fn clear_what_may_go(&self) -> Result<(), AppError> {
        let at = self.config.clock.stamp().at;
        for family in [Family::Vb, Family::Btp] {
            if self.library()?.retention().rule(family).clearing != Clearing::AfterReceipt {
                continue;
            }
            let done = self.with(|session| {
                if session.store.stale()?.len() <= MOST_STALE {
                    self.refresh_list(session)?;
                }
                let mut done = Vec::new();
                for inspection in session.store.done_of(family_word(family))? {
                    if !rests(&session.store, inspection, at)? {
                        done.push(inspection);
                    }
                }
                Ok(done)
            })?;
            for inspection in done {
                if self.is_on_screen(inspection) {
                    continue;
                }
                match self.clear(inspection, true) {
                    Ok(()) | Err(AppError::Clearing(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    fn clear(&self, inspection: InspectionId, by_itself: bool) -> Result<(), AppError> {
        let at = self.config.clock.stamp().at;
        self.with(|session| {
            Standing::of(&session.store, self.library()?, inspection)?.may()?;
            session.forget(inspection);
            Ok(session.store.clear(inspection, by_itself, &self.library()?.retention().version, at)?)
        })?;
        self.forget_handovers(inspection);
        self.tell(&Event::InspectionChanged { inspection });
        self.tell(&Event::Sync { line: self.sync_line()? });
        Ok(())
    }
}

/// Whether a controle that came back rests until the end of that day, so that who asked for it can look at it; unless it was
/// closed anew since.
fn rests(store: &Store, inspection: InspectionId, now: DateTime<FixedOffset>) -> Result<bool, AppError> {
    let Some(back_at) = store.clearings_of(inspection)?.pop().and_then(|cleared| cleared.back_at) else {
        return Ok(false);
    };
    let Ok(back_at) = DateTime::parse_from_rfc3339(&back_at) else { return Ok(false) };
    let (state, _) = store.inspection(inspection)?;
    let closed_since = state.last_step().is_some_and(|step| step.at > back_at);
    Ok(!closed_since && back_at.date_naive() == now.date_naive())
}

/// How a controle stands for being cleared.
struct Standing {
    family: Family,
    done: bool,
    stays_here: bool,
    rule: Clearing,
    unreceived: Unreceived,
}

impl Standing {
    fn of(store: &Store, library: &Library, inspection: InspectionId) -> Result<Self, AppError> {
        let streams = store.streams(inspection)?;
        let (state, rotten) = store.inspection(inspection)?;
        let family = state.opening().and_then(|opening| library.family(&opening.family));
        let family = family.ok_or(AppError::NotFound("inspection"))?;
        let is_done = matches!(state.status(), Status::Closed | Status::Agreed | Status::BrokenOff);
        let is_over = streams.iter().any(|row| row.kind.is_shared() && row.closed);
        let mut unreceived = store.unreceived(inspection)?;
        unreceived.set_apart += rotten.len() as u64;
        add_untrue(store, inspection, &mut unreceived)?;
        Ok(Self {
            family,
            done: is_done || is_over,
            stays_here: streams.iter().any(|row| !row.kind.leaves_the_device()),
            rule: library.retention().rule(family).clearing,
            unreceived,
        })
    }

    fn may(&self) -> Result<(), AppError> {
        if self.stays_here || self.rule == Clearing::Never {
            return Err(ClearingError::StaysHere.into());
        }
        if !self.done {
            return Err(ClearingError::NotDone.into());
        }
        if !self.unreceived.is_nothing() {
            return Err(ClearingError::NotReceived(self.unreceived).into());
        }
        Ok(())
    }
}

/// Counts receipts that do not hold as none: each must carry the backend's signature and name what lies here.
fn add_untrue(store: &Store, inspection: InspectionId, unreceived: &mut Unreceived) -> Result<(), AppError> {
    let key = public_key(&store.device().backend_key)
        .ok_or_else(|| AppError::Internal("the backend's key can't be read".to_owned()))?;
    let own = store.device().id;
    for kept in store.receipts_of(inspection)?.into_iter().filter(|kept| kept.chain.device == own) {
        let holds = match serde_json::from_str::<Receipt>(&kept.receipt) {
            Ok(receipt) => {
                let seq = receipt.head.seq >= kept.seq && receipt.chain == kept.chain;
                seq && receipt.verify(&key) && store.holds(&receipt.head.record)?
            }
            Err(_) => false,
        };
        unreceived.records += u64::from(!holds);
    }
    for photo in store.photos_of(inspection)?.into_iter().filter(|photo| photo.here) {
        let Some(text) = &photo.receipt else { continue };
        let holds = serde_json::from_str::<PhotoReceipt>(text)
            .is_ok_and(|receipt| receipt.sha256 == photo.sha256 && receipt.verify(&key));
        unreceived.photos += u64::from(!holds);
    }
    Ok(())
}

/// Why a record of a cleared controle calls it back; none when it does not.
pub(crate) fn calls_back(record: &Record, me: PersonId) -> Option<&'static str> {
    match record.body()? {
        Body::Reviewed { agreed: false, .. } => Some("sent_back"),
        Body::MemberAdded { member } if member.person == me => Some("assigned"),
        _ => None,
    }
}

impl Session {
    /// Calls back the cleared controles for which something came that asks for work.
    pub(crate) fn call_back(&mut self, records: &[Record], at: DateTime<FixedOffset>) -> Result<(), AppError> {
        let me = self.store.device().person.person;
        for record in records {
            if let Some(inspection) = self.store.away_with(record)?
                && let Some(why) = calls_back(record, me)
            {
                self.store.call_back(inspection, why, at)?;
            }
        }
        Ok(())
    }
}

fn rule_view(retention: &Retention, family: Family) -> RetentionRuleView {
    let rule = retention.rule(family);
    RetentionRuleView { family: family_word(family).to_owned(), clearing: rule.clearing, text: rule.text.clone() }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
