//! What a screen shows of the open controle.

mod sets;
mod slots;

use std::collections::HashMap;
use std::sync::Arc;

use veldboek_checklist::Question;
use veldboek_domain::{Field, Header, ItemId, Record, RegisterKey, Slot};

use crate::api::{
    FieldView, InspectionRow, InspectionView, Kept, MemberView, Missing, NoticeView, SignatureView, StopView, Summary,
    TaskView,
};
use crate::app::Session;
use crate::closing::blocks_when;
use crate::error::AppError;
use crate::items::current;
use crate::library::{Library, checklist_row};
use crate::opened::Opened;
use crate::version::newer;
use crate::work::row;

/// How far ahead a question that was open before is looked for: over those that were answered since.
const NEAR: usize = 8;

/// The whole open controle.
pub(crate) fn inspection(session: &Session, library: &Library) -> Result<InspectionView, AppError> {
    let opened = current(session)?;
    let photos = session.store.photos_of(opened.id)?;
    let waiting = crate::work::waiting_of(&session.store, opened.id, &photos)?;
    let viewer = Viewer { opened, me: session.store.device().person.person, device: session.store.device().id };
    let numbering = opened.numbering();
    Ok(InspectionView {
        row: viewer.row(&waiting),
        official_number: viewer.text(Field::OfficialNumber),
        version: opened.state.version(),
        closed: opened.state.is_closed(),
        sent_back_because: opened.state.sent_back_because().map(str::to_owned),
        checklist: checklist_row(&opened.checklist),
        newer_version: newer(library, opened).map(|new| checklist_row(&new)),
        sections: opened.sections().cloned().collect(),
        groups: opened.checklist.groups().to_vec(),
        calculations: opened.checklist.calculations().to_vec(),
        leaflets: opened.checklist.leaflets().to_vec(),
        group_items: viewer.group_items(),
        slots: viewer.slots(),
        progress: viewer.progress(),
        findings: viewer.findings(&numbering),
        photos: viewer.photos(&numbering, &photos),
        participants: viewer.participants(),
        measures: viewer.measures(),
        fields: viewer.fields(),
        signatures: viewer.signatures(),
        reaction: veldboek_report::reaction_question(&opened.checklist).map(Slot::of),
        team: viewer.team(),
        leads: opened.state.is_led_by(viewer.me) && !opened.state.is_closed(),
        asked: crate::sections::asked(opened, viewer.me),
        summary: viewer.summary(),
    })
}

/// What changed by writing one register.
pub(crate) fn kept(session: &Session, records: &[Record], register: &RegisterKey) -> Result<Kept, AppError> {
    let opened = current(session)?;
    let viewer = Viewer { opened, me: session.store.device().person.person, device: session.store.device().id };
    let kept_at = records.last().map(|record| record.header().at.to_rfc3339()).unwrap_or_default();
    Ok(Kept { kept_at, slots: viewer.changed_slots(register), progress: viewer.progress(), summary: viewer.summary() })
}

/// Looks at an open controle for one person on one device.
pub(crate) struct Viewer<'a> {
    pub(crate) opened: &'a Opened,
    pub(crate) me: veldboek_domain::PersonId,
    pub(crate) device: veldboek_domain::DeviceId,
}

impl Viewer<'_> {
    fn row(&self, waiting: &crate::work::Waiting) -> InspectionRow {
        row(self.opened.id, self.opened.summary(), waiting)
    }

    fn text(&self, field: Field) -> Option<String> {
        self.opened.state.field(field).and_then(|value| value.as_text()).map(str::to_owned)
    }

    /// The name of a record's author, or a few digits when the team does not know them.
    pub(crate) fn name(&self, header: &Header) -> String {
        author_name(self.opened, header)
    }

    /// When the backend gave its receipt for a record. One of another device came from the backend, unless it came by a
    /// hand-over: then it takes a receipt, or that the backend shows it too.
    pub(crate) fn received_at(&self, header: &Header) -> Option<String> {
        let chain = header.chain();
        if let Some((_, at)) = self.opened.receipts.get(&chain).filter(|(seq, _)| *seq >= header.seq) {
            return Some(at.clone());
        }
        let is_handed = self.opened.handed.get(&chain).is_some_and(|first| header.seq >= *first);
        (header.device != self.device && !is_handed).then(|| header.at.to_rfc3339())
    }

    fn fields(&self) -> Vec<FieldView> {
        let registers = self.opened.state.registers();
        registers
            .filter_map(|(key, register)| {
                let RegisterKey::Inspection(field) = key else { return None };
                Some(FieldView {
                    field: field.name().to_owned(),
                    value: register.settled().cloned(),
                    differs: register.differs(),
                    kept_at: register.settled_by().map(|(_, written)| written.header.at.to_rfc3339()),
                })
            })
            .collect()
    }

    fn signatures(&self) -> Vec<SignatureView> {
        let signatures = self.opened.state.signatures();
        let view = |signed: &veldboek_domain::inspection::Signed| SignatureView {
            signature: signed.signature.clone(),
            by_author: signed.by_author,
            at: signed.header.at.to_rfc3339(),
        };
        signatures.into_iter().map(view).collect()
    }

    fn team(&self) -> Vec<MemberView> {
        let members = self.opened.state.members();
        let view = |card: &veldboek_domain::PersonCard| MemberView {
            person: card.person,
            name: card.name.clone(),
            function: card.function.clone(),
            organisation: card.organisation_name.clone(),
            is_me: card.person == self.me,
        };
        members.into_iter().map(view).collect()
    }

    fn summary(&self) -> Summary {
        let evaluation = &self.opened.evaluation;
        let missing = self.missing();
        let blocks = blocks_when(self.opened, !missing.is_empty());
        Summary {
            can_sign: missing.is_empty() && !self.opened.state.is_closed(),
            can_close: blocks.is_empty() && !self.opened.state.is_closed(),
            missing,
            blocks,
            stops: evaluation.stops().into_iter().map(stop_view).collect(),
            tasks: evaluation
                .tasks()
                .into_iter()
                .map(|task| TaskView {
                    slot: task.slot.clone(),
                    title: task.title.clone(),
                    due: task.due.map(|day| day.to_string()),
                })
                .collect(),
            notices: evaluation.notices().into_iter().map(|one| notice(&one.slot, &one.text)).collect(),
            hand_outs: self.hand_outs(),
            problems: evaluation.problems().into_iter().map(|problem| problem.message.clone()).collect(),
            from_newer_version: u32::try_from(self.opened.state.from_newer_version()).unwrap_or(u32::MAX),
        }
    }

    fn hand_outs(&self) -> Vec<NoticeView> {
        let leaflets = self.opened.checklist.leaflets();
        let title = |id: &str| leaflets.iter().find(|one| one.id == id).map_or(id, |one| one.title.as_str()).to_owned();
        self.opened.evaluation.leaflets().into_iter().map(|one| notice(&one.slot, &title(&one.leaflet))).collect()
    }

    /// The required questions that are open, each item's name worked out once. Those that were open when a screen asked last are
    /// not made anew.
    fn missing(&self) -> Arc<Vec<Arc<Missing>>> {
        let mut names: HashMap<ItemId, String> = HashMap::new();
        let (mut last, mut at) = (self.opened.missing.borrow_mut(), 0);
        let open = self.opened.open_questions().into_iter().map(|(question, item)| {
            let item_name = match item {
                Some(item) => names.entry(item).or_insert_with(|| self.group_name(item)).as_str(),
                None => "",
            };
            let is_it = |one: &Arc<Missing>| {
                one.slot.question == question.id && one.slot.group == item && one.item_name == item_name
            };
            // Both stand in the order in which people walk through them.
            match last.iter().skip(at).take(NEAR).position(is_it) {
                Some(ahead) => {
                    at += ahead + 1;
                    Arc::clone(&last[at - 1])
                }
                None => Arc::new(self.missing_at(question, item, item_name)),
            }
        });
        let open = Arc::new(open.collect());
        *last = Arc::clone(&open);
        open
    }

    fn missing_at(&self, question: &Question, item: Option<ItemId>, item_name: &str) -> Missing {
        let section = self.opened.checklist.section_of(&question.id);
        Missing {
            section: section.map(|section| section.id.clone()).unwrap_or_default(),
            text: question.text.clone(),
            item_name: item_name.to_owned(),
            slot: Slot::within(&question.id, item),
        }
    }
}

/// The name of a record's author, or a few digits when the team does not know them.
pub(crate) fn author_name(opened: &Opened, header: &Header) -> String {
    match opened.state.person(header.author.person) {
        Some(card) => card.name.clone(),
        None => tail(&header.author.person),
    }
}

/// The last digits of an id: the random ones, which people can tell apart.
pub(crate) fn tail(id: &dyn std::fmt::Display) -> String {
    let digits = id.to_string();
    digits[digits.len().saturating_sub(8)..].to_owned()
}

fn notice(slot: &Slot, text: &str) -> NoticeView {
    NoticeView { slot: slot.clone(), text: text.to_owned() }
}

fn stop_view(stop: &veldboek_checklist::FiredStop) -> StopView {
    let kind = match stop.kind {
        veldboek_checklist::StopKind::Safety => "safety",
        veldboek_checklist::StopKind::Supervision => "supervision",
        veldboek_checklist::StopKind::StayOutside => "stay_outside",
    };
    StopView {
        slot: stop.slot.clone(),
        kind: kind.to_owned(),
        text: stop.text.clone(),
        offers_regime_switch: stop.offers_regime_switch,
    }
}
