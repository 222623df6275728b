//! Asking somebody of the team to do a part of the checklist. It is help and no lock: others may answer it all the same.

use veldboek_domain::{Body, Part, PersonId, RegisterKey, Value};

use crate::api::{AskedPart, HandSection, InspectionView};
use crate::app::App;
use crate::error::AppError;
use crate::items::check_open;
use crate::opened::{Change, Opened};

impl App {
    /// Asks somebody of the team to do a part, or nobody any more. Works without a network; two people who asked different
    /// ones without seeing each other see that they differ.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for who does not lead the team, [`AppError::NotFound`] for a part or a person that is not
    /// there, [`AppError::Closed`].
    pub fn hand_section(&self, request: HandSection) -> Result<InspectionView, AppError> {
        self.change(request.inspection, |session| {
            let opened = check_open(session)?;
            if !opened.state.is_led_by(session.store.device().person.person) {
                return Err(AppError::NotAllowed);
            }
            let part = Part { section: request.section, item: request.item };
            if !parts(opened).contains(&part) {
                return Err(AppError::NotFound("section"));
            }
            let is_member = |person| opened.state.members().iter().any(|member| member.person == person);
            let value = match request.to {
                Some(person) if is_member(person) => Value::Person(person),
                Some(_) => return Err(AppError::NotFound("member")),
                None => Value::Cleared,
            };
            let register = RegisterKey::Section(part);
            let held = opened.state.register(&register);
            if held.is_some_and(|held| held.settled() == Some(&value)) {
                return Ok(Vec::new());
            }
            let supersedes = held.map(|held| held.parents()).unwrap_or_default();
            let stream = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            Ok(vec![Change { stream, body: Body::Written { register, value }, supersedes }])
        })
    }
}

/// Every part that the person of this device sees, in order.
fn parts(opened: &Opened) -> Vec<Part> {
    let mut parts = Vec::new();
    for section in opened.sections() {
        let id = || section.id.clone();
        match &section.group {
            Some(group) => {
                parts.extend(opened.group_items(group).iter().map(|item| Part { section: id(), item: Some(*item) }));
            }
            None => parts.push(Part { section: id(), item: None }),
        }
    }
    parts
}

/// The parts for which somebody was asked, or about which people differ.
pub(crate) fn asked(opened: &Opened, me: PersonId) -> Vec<AskedPart> {
    let of = |part: Part| {
        let register = opened.state.register(&RegisterKey::Section(part.clone()))?;
        let person = opened.state.asked_for(&part);
        let name = person.and_then(|person| opened.state.person(person)).map(|card| card.name.clone());
        let asked = AskedPart {
            section: part.section,
            item: part.item,
            person,
            name: name.unwrap_or_default(),
            is_me: person == Some(me),
            differs: register.differs(),
        };
        (asked.person.is_some() || asked.differs).then_some(asked)
    };
    parts(opened).into_iter().filter_map(of).collect()
}

/// How many parts wait for a person: they were asked, and questions in them are open.
pub(crate) fn waiting_for(opened: &Opened, me: PersonId) -> usize {
    let waits = |part: &Part| {
        let progress = opened.evaluation.progress(&part.section, part.item);
        opened.sees(&part.section) && progress.answered < progress.visible
    };
    opened.state.parts_asked().filter(|(part, person)| *person == Some(me) && waits(part)).count()
}
