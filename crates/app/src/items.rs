//! Items of sets: findings, participants, measures, groups; adding, withdrawing, switching the regime.

use veldboek_domain::codes::Regime;
use veldboek_domain::{Body, ItemId, RegisterKey, Role, SetKind, Slot, StreamId, StreamKind};

use crate::api::{AddItem, InspectionView, ItemAdded, SwitchRegime, WithdrawItem};
use crate::app::{App, Session};
use crate::error::AppError;
use crate::opened::{Change, Opened};

impl App {
    /// Adds an item with its first fields, in one transaction.
    ///
    /// # Errors
    /// [`AppError::Closed`], [`AppError::NotAllowed`] for an investigation by somebody who is no BOA, or a failure to write.
    pub fn add_item(&self, request: AddItem) -> Result<ItemAdded, AppError> {
        let item = ItemId::new(&*self.config.clock, &*self.config.entropy);
        let view = self.change(request.inspection, |session| {
            check_open(session)?;
            let regime = request.regime.unwrap_or_default();
            let (stream, mut changes) = match &request.slot {
                Some(slot) if regime == Regime::AvgToezicht => self.stream_beside(session, slot)?,
                _ => self.stream_for(session, regime)?,
            };
            changes.push(plain(
                stream,
                Body::ItemAdded { item, set: request.set, slot: request.slot, parent: request.parent },
            ));
            changes.extend(request.fields.into_iter().map(|(field, value)| {
                plain(stream, Body::Written { register: RegisterKey::Item(item, field), value })
            }));
            Ok(changes)
        })?;
        Ok(ItemAdded { item, view })
    }

    /// Withdraws an item with a reason; it stays in the history.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Closed`], [`AppError::Invalid`] without a reason.
    pub fn withdraw_item(&self, request: WithdrawItem) -> Result<InspectionView, AppError> {
        let reason = needed(&request.reason)?;
        self.change(request.inspection, |session| {
            let opened = check_open(session)?;
            let found = opened.state.item(request.item).ok_or(AppError::NotFound("item"))?;
            Ok(vec![plain(found.stream, Body::ItemWithdrawn { item: request.item, reason })])
        })
    }

    /// Puts a finding under the regime of investigation (sfeerovergang). One way: what is written about it from here on
    /// goes into a closed stream. The team sees that and why it was switched, and what it knew before.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for somebody who is no BOA, [`AppError::NotFound`], [`AppError::Invalid`] without a reason.
    pub fn switch_regime(&self, request: SwitchRegime) -> Result<InspectionView, AppError> {
        let reason = needed(&request.reason)?;
        self.change(request.inspection, |session| {
            let opened = check_open(session)?;
            let found = opened.state.item(request.item).ok_or(AppError::NotFound("item"))?;
            if found.set != SetKind::Finding {
                return Err(AppError::Invalid("only a finding has a regime".to_owned()));
            }
            if found.regime == Regime::WpgOpsporing {
                return Ok(Vec::new());
            }
            let (_, mut changes) = self.stream_for(session, Regime::WpgOpsporing)?;
            let switched = Body::RegimeSwitched { item: request.item, regime: Regime::WpgOpsporing, reason };
            changes.push(plain(found.stream, switched));
            Ok(changes)
        })
    }

    /// The stream of what stands beside a question, with what opens it when it is not there yet.
    pub(crate) fn stream_beside(&self, session: &Session, slot: &Slot) -> Result<(StreamId, Vec<Change>), AppError> {
        session.stream_at(current(session)?.place_of_slot(slot)?, &*self.config.clock, &*self.config.entropy)
    }

    /// The stream for a regime, with what opens it when it is not there yet.
    fn stream_for(&self, session: &Session, regime: Regime) -> Result<(StreamId, Vec<Change>), AppError> {
        let opened = current(session)?;
        if regime == Regime::AvgToezicht {
            return Ok((opened.state.team_stream().ok_or(AppError::NotFound("stream"))?, Vec::new()));
        }
        let person = &session.store.device().person;
        if person.role != Role::InvestigatingOfficer {
            return Err(AppError::NotAllowed);
        }
        if let Some(stream) = opened.stream_for(regime) {
            return Ok((stream, Vec::new()));
        }
        let stream = StreamId::new(&*self.config.clock, &*self.config.entropy);
        let stream_kind = StreamKind::Wpg { organisation: person.organisation.clone() };
        let opening = plain(stream, Body::StreamOpened { inspection: opened.id, stream_kind });
        Ok((stream, vec![opening]))
    }
}

pub(crate) fn plain(stream: StreamId, body: Body) -> Change {
    Change { stream, body, supersedes: Vec::new() }
}

pub(crate) fn current(session: &Session) -> Result<&Opened, AppError> {
    session.opened.as_ref().ok_or(AppError::NotFound("inspection"))
}

pub(crate) fn check_open(session: &Session) -> Result<&Opened, AppError> {
    let opened = current(session)?;
    if opened.state.is_closed() { Err(AppError::Closed) } else { Ok(opened) }
}

/// A reason is asked for and must say something.
pub(crate) fn needed(reason: &str) -> Result<String, AppError> {
    let reason = reason.trim();
    if reason.is_empty() { Err(AppError::Invalid("a reason is needed".to_owned())) } else { Ok(reason.to_owned()) }
}
