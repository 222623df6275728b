//! What a screen sees of a device nearby.

use veldboek_sync::nearby::finding::Finder;
use veldboek_sync::nearby::message::Amount;
use veldboek_sync::nearby::talk::{Progress, Talk};
use veldboek_sync::nearby::{Conversation, Ended};

use super::error::problem;
use super::holdings::AppHoldings;
use super::{Nearby, Partner};
use crate::api::{
    NearbyAmount, NearbyInspection, NearbyOutcome, NearbyPeer, NearbyProgress, NearbyStage, NearbyView, Nothing,
};
use crate::app::{App, lock};
use crate::error::AppError;

impl App {
    /// Everything between this device and others nearby.
    ///
    /// # Errors
    /// None.
    pub fn nearby_state(&self, _: Nothing) -> Result<NearbyView, AppError> {
        let nearby = lock(&self.nearby);
        let Some(nearby) = nearby.as_ref() else { return Ok(nothing()) };
        let mut view = looking(nearby);
        if let Some(partner) = &nearby.partner
            && !partner.was_turned_away()
        {
            show(partner, &mut view);
        }
        Ok(view)
    }
}

fn nothing() -> NearbyView {
    NearbyView {
        stage: NearbyStage::Closed,
        name: String::new(),
        addresses: Vec::new(),
        announced: false,
        found: Vec::new(),
        refused: None,
        peer: None,
        code: None,
        inspections: Vec::new(),
        progress: NearbyProgress::default(),
        paused: false,
        paused_there: false,
        outcome: None,
        problem: None,
    }
}

fn looking(nearby: &Nearby) -> NearbyView {
    let found = nearby.finder.as_ref().map(Finder::found).unwrap_or_default();
    NearbyView {
        stage: if nearby.connecting { NearbyStage::Connecting } else { NearbyStage::Looking },
        name: nearby.name.clone(),
        addresses: nearby.reach.addresses(nearby.port).iter().map(ToString::to_string).collect(),
        announced: nearby.finder.is_some(),
        found: found.into_iter().map(|one| one.name).collect(),
        refused: nearby.refused.clone(),
        ..nothing()
    }
}

fn show(partner: &Partner, view: &mut NearbyView) {
    partner.carried.look(|conversation| {
        view.stage = stage(conversation);
        view.peer = conversation.peer().map(|card| NearbyPeer {
            person: card.person_name.clone(),
            function: card.function.clone(),
            organisation: card.organisation_name.clone(),
            device: card.name.clone(),
        });
        view.code = conversation.code().map(|code| code.to_string());
        if let Some(talk) = conversation.talk() {
            show_talk(talk, view);
        }
        if let Some(ended) = conversation.ended() {
            view.outcome = Some(outcome(conversation));
            view.problem = problem(ended);
        }
    });
    view.progress.bytes_per_second = lock(&partner.moving).per_second;
}

fn show_talk(talk: &Talk, view: &mut NearbyView) {
    let choices = talk.choices().into_iter();
    view.inspections = choices
        .map(|(one, comes, goes)| NearbyInspection {
            inspection: one.inspection,
            number: one.number.clone(),
            title: one.title.clone(),
            comes: amount(comes),
            goes: amount(goes),
        })
        .collect();
    let Progress { to_come, came, to_give, given } = talk.progress();
    let (came, to_come, given, to_give) = (amount(came), amount(to_come), amount(given), amount(to_give));
    view.progress = NearbyProgress { came, to_come, given, to_give, bytes_per_second: 0 };
    view.paused = talk.paused_here();
    view.paused_there = talk.is_paused() && !talk.paused_here();
}

fn outcome(conversation: &Conversation<AppHoldings>) -> NearbyOutcome {
    let given = conversation.talk().map(|talk| talk.progress().given).unwrap_or_default();
    NearbyOutcome { given: amount(given), ..conversation.holdings().outcome() }
}

/// Where a conversation is.
pub(super) fn stage(conversation: &Conversation<AppHoldings>) -> NearbyStage {
    match (conversation.ended(), conversation.talk()) {
        (Some(Ended::Done), _) => NearbyStage::Done,
        (Some(_), _) => NearbyStage::Ended,
        (None, Some(talk)) if talk.is_under_way() => NearbyStage::Exchanging,
        (None, Some(talk)) if talk.can_start() => NearbyStage::Choosing,
        (None, Some(_)) => NearbyStage::Telling,
        (None, None) if conversation.said_same() => NearbyStage::Waiting,
        (None, None) if conversation.code().is_some() => NearbyStage::Comparing,
        (None, None) => NearbyStage::Connecting,
    }
}

/// Why somebody was turned away, by code; none for a line that broke before anything was said.
pub(super) fn refusal(ended: Option<&Ended<AppError>>) -> Option<String> {
    ended.filter(|ended| matches!(ended, Ended::Here(_))).and_then(problem)
}

fn amount(of: Amount) -> NearbyAmount {
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    NearbyAmount { records: small(of.records), photos: small(of.photos), bytes: of.bytes }
}
