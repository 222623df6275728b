//! What people wrote, or signed, differently without seeing each other's: shown side by side, settled by a person, by a record.

use veldboek_checklist::words;
use veldboek_domain::inspection::Signed;
use veldboek_domain::{Body, Difference, Field, Header, PersonCard, Register, RegisterKey, Value};

use crate::api::{Candidate, DifferenceKind, DifferenceView, InspectionView, OpenInspection, Settle};
use crate::app::App;
use crate::error::AppError;
use crate::items::{check_open, current, needed};
use crate::opened::Change;
use crate::timeline::{slot_of, title, told_value};
use crate::view::{Viewer, tail};

impl App {
    /// What people must settle before the controle can become final.
    ///
    /// # Errors
    /// A failure to read.
    pub fn differences(&self, request: OpenInspection) -> Result<Vec<DifferenceView>, AppError> {
        self.with(|session| {
            session.open(self.library()?, request.inspection, &*self.config.clock)?;
            let opened = current(session)?;
            let viewer = Viewer { opened, me: session.store.device().person.person, device: session.store.device().id };
            Ok(opened.state.open_differences().into_iter().map(|one| viewer.difference(one)).collect())
        })
    }

    /// Settles a difference by choosing one of what is there: that is a record again, and everything else stays in the
    /// history. Of signatures the chosen one stands as it was drawn, and the choice has a reason.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not among what people differ about (any more), [`AppError::Closed`],
    /// [`AppError::Invalid`] for signatures without a reason.
    pub fn settle(&self, request: Settle) -> Result<InspectionView, AppError> {
        self.change(request.inspection, |session| {
            let state = &check_open(session)?.state;
            let team = state.team_stream().ok_or(AppError::NotFound("stream"))?;
            for difference in state.open_differences() {
                match difference {
                    Difference::Register(key, register) => {
                        let Some((_, written)) = register.live().find(|(id, _)| **id == request.record) else {
                            continue;
                        };
                        let body = Body::Written { register: key.clone(), value: written.value.clone() };
                        return Ok(vec![Change {
                            stream: written.header.stream,
                            body,
                            supersedes: register.parents(),
                        }]);
                    }
                    Difference::Signature { by_author, signatures } => {
                        if !signatures.iter().any(|(id, _)| *id == request.record) {
                            continue;
                        }
                        let reason = needed(&request.reason)?;
                        let body = Body::SignatureChosen { signature: request.record, by_author, reason };
                        return Ok(vec![Change { stream: team, body, supersedes: state.choice_parents(by_author) }]);
                    }
                    Difference::Member { person, cards } => {
                        let Some((_, card, _)) = cards.iter().find(|(id, ..)| *id == request.record) else { continue };
                        let body = Body::MemberAdded { member: (*card).clone() };
                        return Ok(vec![Change { stream: team, body, supersedes: state.member_parents(person) }]);
                    }
                }
            }
            Err(AppError::NotFound("difference"))
        })
    }
}

impl Viewer<'_> {
    fn difference(&self, difference: Difference<'_>) -> DifferenceView {
        match difference {
            Difference::Register(key, register) => self.register_difference(key, register),
            Difference::Signature { by_author, signatures } => DifferenceView {
                kind: if by_author { DifferenceKind::AuthorSignature } else { DifferenceKind::VisitedSignature },
                register: None,
                slot: None,
                title: String::new(),
                item_name: String::new(),
                candidates: signatures.into_iter().map(|(record, signed)| self.signature(record, signed)).collect(),
            },
            Difference::Member { cards, .. } => DifferenceView {
                kind: DifferenceKind::Member,
                register: None,
                slot: None,
                title: cards.first().map(|(_, card, _)| card.name.clone()).unwrap_or_default(),
                item_name: String::new(),
                candidates: cards.into_iter().map(|(record, card, header)| self.card(record, card, header)).collect(),
            },
        }
    }

    fn register_difference(&self, key: &RegisterKey, register: &Register) -> DifferenceView {
        let slot = slot_of(key);
        let question = slot.and_then(|slot| self.opened.checklist.question(&slot.question));
        let candidates = register.candidates();
        let candidates = candidates.iter().filter_map(|(value, holders)| {
            let (record, written) = holders.iter().min_by_key(|(id, written)| (written.header.at, **id))?;
            let text = match key {
                RegisterKey::Inspection(field) | RegisterKey::Item(_, field) => words::field_value(field, value),
                _ => told_value(self.opened, value, question),
            };
            Some(self.candidate(**record, (*value).clone(), text, &written.header))
        });
        DifferenceView {
            kind: match key {
                RegisterKey::Answer(_) => DifferenceKind::Answer,
                RegisterKey::Note(_) => DifferenceKind::Note,
                RegisterKey::Reason(_) => DifferenceKind::Reason,
                RegisterKey::Inspection(_) => DifferenceKind::Field,
                RegisterKey::Item(..) => DifferenceKind::Item,
                RegisterKey::Section(_) => DifferenceKind::Section,
            },
            register: Some(key.clone()),
            slot: slot.cloned(),
            title: title(self.opened, key),
            item_name: slot
                .and_then(|slot| slot.group)
                .map(|item| self.opened.state.item_text(item, Field::Name).to_owned())
                .unwrap_or_default(),
            candidates: candidates.collect(),
        }
    }

    fn signature(&self, record: veldboek_domain::RecordId, signed: &Signed) -> Candidate {
        let text = signed.signature.name.clone();
        self.candidate(record, Value::Signature(signed.signature.clone()), text, &signed.header)
    }

    fn card(&self, record: veldboek_domain::RecordId, card: &PersonCard, header: &Header) -> Candidate {
        let text = format!("{}, {}", card.function, card.organisation_name);
        self.candidate(record, Value::Person(card.person), text, header)
    }

    fn candidate(&self, record: veldboek_domain::RecordId, value: Value, text: String, header: &Header) -> Candidate {
        let card = self.opened.state.person(header.author.person);
        Candidate {
            record,
            value,
            text,
            author: self.name(header),
            function: card.map(|card| format!("{}, {}", card.function, card.organisation_name)).unwrap_or_default(),
            at: header.at.to_rfc3339(),
            device: tail(&header.device),
        }
    }
}
