//! From an inspection and its checklist to the report's model.
//!
//! The device and the desk make the same model from the same records, and so byte for byte the same document. The
//! inspection must be folded from the records of the team's stream alone: what is closed is then not in it at all.

mod answers;
mod basis;
mod numbering;

use chrono::{DateTime, FixedOffset, NaiveDate};
use veldboek_checklist::{Checklist, Evaluation, Facts, InReport, ReportPlace, visit_day, words};
use veldboek_domain::codes::{self, MEASURES};
use veldboek_domain::{
    Address, ChainHead, ChainId, Difference, Field, Header, Inspection, Item, RecordId, RegisterKey, SetKind, Slot,
    Status, Value, Written,
};

use crate::model::{
    Appendix, ChainLine, ChecklistRef, Closing, DifferingValue, Head, Measure, Officer, OpenDifference, Place,
    ReportCopy, ReportModel, ReportStatus, SignedLine,
};

pub use numbering::{Numbering, Observed, Source};

/// The end of a chain, with the moment of its last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainTip {
    /// The chain.
    pub chain: ChainId,
    /// How far it goes.
    pub head: ChainHead,
    /// The wall clock in its last record.
    pub at: DateTime<FixedOffset>,
}

/// Makes the model of a report.
///
/// `inspection` holds the records of the team's stream only. `tips` are the ends of that stream's chains.
pub fn compose(inspection: &Inspection, checklist: &Checklist, tips: &[ChainTip], copy: ReportCopy) -> ReportModel {
    let day = visit_day(inspection).unwrap_or_default();
    let evaluation = Evaluation::of(checklist, inspection, &Facts::of(inspection, day));
    let composer = Composer {
        inspection,
        checklist,
        numbering: Numbering::of(inspection, checklist, &evaluation),
        evaluation,
        day,
        copy,
    };
    composer.model(tips)
}

/// The question of a checklist that asks for the reaction of the visited party, when there is one.
pub fn reaction_question(checklist: &Checklist) -> Option<&str> {
    checklist.place(ReportPlace::Reaction).map(|question| question.id.as_str())
}

struct Composer<'a> {
    inspection: &'a Inspection,
    checklist: &'a Checklist,
    evaluation: Evaluation,
    numbering: Numbering,
    day: NaiveDate,
    copy: ReportCopy,
}

impl Composer<'_> {
    fn model(&self, tips: &[ChainTip]) -> ReportModel {
        ReportModel {
            copy: self.copy,
            head: self.head(tips),
            author: self.author(),
            participants: self.participants(),
            place: Place { address: self.address(), point: self.point() },
            visit: self.visit(),
            legal_basis: self.legal_basis(),
            method: self.field_text(Field::Method),
            findings: self.findings(),
            assumptions: self.assumptions(),
            statements: self.statements(),
            measures: self.measures(),
            response: self.response(),
            closing: self.closing(),
            sections: self.sections(),
            photos: self.photos(),
            appendices: self.appendices(),
            chain_heads: self.chain_lines(tips),
            open_differences: self.open_differences(),
        }
    }

    fn head(&self, tips: &[ChainTip]) -> Head {
        let opening = self.inspection.opening();
        let status = match self.inspection.status() {
            Status::Closed | Status::Agreed if self.inspection.open_differences().is_empty() => ReportStatus::Final,
            _ => ReportStatus::Concept,
        };
        let made_at = match (status, self.inspection.last_step()) {
            (ReportStatus::Final, Some(step)) => step.at,
            _ => tips.iter().map(|tip| tip.at).max().unwrap_or_default(),
        };
        let official = self.field_text(Field::OfficialNumber);
        Head {
            report_number: opening.map(|opening| opening.number.clone()).unwrap_or_default(),
            official_number: (!official.is_empty()).then_some(official),
            version: self.inspection.version(),
            version_reason: self.inspection.reopened_because().unwrap_or_default().to_owned(),
            status,
            confidentiality: "Vertrouwelijk".to_owned(),
            title: self.checklist.title().to_owned(),
            checklist: ChecklistRef {
                name: self.checklist.title().to_owned(),
                version: format!("{} ({})", self.checklist.version(), status_word(self.checklist)),
                sha256: self.checklist.hash(),
            },
            made_at,
        }
    }

    /// The author: who signed as such, otherwise the first of the team who inspects.
    fn author(&self) -> Officer {
        let signer = self.inspection.signatures().into_iter().rev().find(|signed| signed.by_author);
        let card = match signer {
            Some(signed) => self.inspection.person(signed.header.author.person),
            None => self.inspection.members().into_iter().find(|card| card.role.inspects()),
        };
        let Some(card) = card else { return Officer::default() };
        let own = self.inspection.current(&SetKind::Participant).find(|item| self.text(item, Field::Name) == card.name);
        Officer {
            name: card.name.clone(),
            function: card.function.clone(),
            organisation: card.organisation_name.clone(),
            pass_number: card.pass_number.clone(),
            expertise: self.field_text(Field::Expertise),
            basis: own.map(|item| self.basis(&item)).unwrap_or_default(),
        }
    }

    fn participants(&self) -> Vec<Officer> {
        let author = self.author().name;
        let items = self.inspection.current(&SetKind::Participant);
        items
            .filter(|item| self.text(item, Field::Name) != author)
            .map(|item| Officer {
                name: self.text(&item, Field::Name),
                function: self.text(&item, Field::Function),
                organisation: self.text(&item, Field::Organisation),
                pass_number: self.text(&item, Field::PassNumber),
                expertise: String::new(),
                basis: self.basis(&item),
            })
            .collect()
    }

    fn basis(&self, participant: &Item) -> String {
        let parts = [self.text(participant, Field::LegalBasis), self.text(participant, Field::Designation)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    fn address(&self) -> Address {
        let asked = self.place(ReportPlace::Address).and_then(|question| self.answer(question));
        match asked.or_else(|| self.inspection.field(Field::Address)) {
            Some(Value::Address(address)) => address.clone(),
            _ => Address::default(),
        }
    }

    fn point(&self) -> Option<veldboek_domain::Point> {
        let asked = self.place(ReportPlace::Point).and_then(|question| self.answer(question));
        match asked.or_else(|| self.inspection.field(Field::Position)) {
            Some(Value::Point(point)) => Some(*point),
            _ => None,
        }
    }

    fn measures(&self) -> Vec<Measure> {
        let items = self.inspection.current(&SetKind::Measure).enumerate();
        items
            .map(|(index, item)| {
                let code = self.text(&item, Field::Measure);
                let known = MEASURES.iter().find(|entry| entry.code == code);
                Measure {
                    number: format!("M{}", index + 1),
                    label: codes::label(MEASURES, &code).to_owned(),
                    basis: known.map(|entry| entry.basis.to_owned()).unwrap_or_default(),
                    text: self.text(&item, Field::Text),
                    deadline: match self.inspection.item_field(item.id, Field::Deadline) {
                        Some(Value::Date(day)) => Some(*day),
                        _ => None,
                    },
                    decided_by: self.text(&item, Field::DecidedBy),
                    concerns: item.parent.and_then(|finding| self.numbering.item(finding)).into_iter().collect(),
                }
            })
            .collect()
    }

    fn closing(&self) -> Closing {
        let signatures = self.inspection.signatures();
        let sworn = self.place(ReportPlace::Oath).and_then(|question| self.choice(question)) == Some("ja");
        let author = signatures.iter().rev().find(|signed| signed.by_author);
        Closing {
            place: self.address().town,
            date: author.map(|signed| signed.header.at.date_naive()),
            oath: sworn.then(|| OATH.to_owned()),
            signatures: signatures
                .iter()
                .map(|signed| SignedLine { signature: signed.signature.clone(), signed_at: signed.header.at })
                .collect(),
        }
    }

    fn appendices(&self) -> Vec<Appendix> {
        let never = |slot: &Slot| {
            self.checklist.question(&slot.question).is_some_and(|question| question.in_report == InReport::Never)
        };
        let documents = self.inspection.current(&SetKind::Document);
        let documents = documents.filter(|item| item.sealed.is_some() && !item.slot.as_ref().is_some_and(&never));
        documents
            .map(|item| Appendix {
                title: self.text(&item, Field::Caption),
                description: String::new(),
                sha256: item.sealed.map(|sealed| sealed.sha256),
            })
            .collect()
    }

    fn chain_lines(&self, tips: &[ChainTip]) -> Vec<ChainLine> {
        let mut tips: Vec<&ChainTip> = tips.iter().collect();
        tips.sort_by_key(|tip| (tip.chain, tip.head));
        let line = |tip: &ChainTip| ChainLine {
            stream: "Team".to_owned(),
            device: format!("Apparaat {}", short(&tip.chain.device)),
            chain: tip.chain,
            head: tip.head,
            // The signatures are with the backend's receipts: the device that makes a report does not have the others'.
            public_key: String::new(),
            signature: String::new(),
        };
        tips.into_iter().map(line).collect()
    }

    fn open_differences(&self) -> Vec<OpenDifference> {
        let differences = self.inspection.differences().filter(|(key, _)| match key {
            RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => {
                self.shows_question(slot)
            }
            _ => true,
        });
        differences
            .map(|(key, register)| OpenDifference {
                label: self.label(key),
                subject: self.asked(key).map(|question| question.text.clone()).unwrap_or_default(),
                values: register
                    .candidates()
                    .iter()
                    .map(|(value, holders)| self.differing(key, value, holders))
                    .collect(),
            })
            .chain(self.other_differences())
            .collect()
    }

    /// Differences about signatures and members.
    fn other_differences(&self) -> Vec<OpenDifference> {
        let open = self.inspection.open_differences().into_iter();
        open.filter_map(|difference| match difference {
            Difference::Register(..) => None,
            Difference::Signature { by_author, signatures } => Some(OpenDifference {
                label: "Handtekening".to_owned(),
                subject: if by_author { "Opsteller" } else { "Bezochte" }.to_owned(),
                values: signatures
                    .into_iter()
                    .map(|(_, signed)| DifferingValue {
                        text: signed.signature.name.clone(),
                        author: self.name(&signed.header),
                        at: Some(signed.header.at),
                    })
                    .collect(),
            }),
            Difference::Member { cards, .. } => Some(OpenDifference {
                label: "Team".to_owned(),
                subject: cards.first().map(|(_, card, _)| card.name.clone()).unwrap_or_default(),
                values: cards
                    .into_iter()
                    .map(|(_, card, header)| DifferingValue {
                        text: format!("{}, {}", card.function, card.organisation_name),
                        author: self.name(header),
                        at: Some(header.at),
                    })
                    .collect(),
            }),
        })
        .collect()
    }

    fn asked(&self, key: &RegisterKey) -> Option<&veldboek_checklist::Question> {
        match key {
            RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => {
                self.checklist.question(&slot.question)
            }
            _ => None,
        }
    }

    fn differing(&self, key: &RegisterKey, value: &Value, holders: &[(&RecordId, &Written)]) -> DifferingValue {
        let first = holders.iter().min_by_key(|(id, written)| (written.header.at, **id));
        DifferingValue {
            text: match value {
                Value::Person(person) => {
                    self.inspection.person(*person).map_or_else(String::new, |card| card.name.clone())
                }
                other => words::in_words(other, self.asked(key)),
            },
            author: first.map(|(_, written)| self.name(&written.header)).unwrap_or_default(),
            at: first.map(|(_, written)| written.header.at),
        }
    }

    fn label(&self, key: &RegisterKey) -> String {
        match key {
            RegisterKey::Answer(slot) | RegisterKey::Note(slot) | RegisterKey::Reason(slot) => slot.question.clone(),
            RegisterKey::Item(item, _) => self.numbering.item(*item).unwrap_or_default(),
            RegisterKey::Inspection(field) => field.to_string(),
            RegisterKey::Section(part) => format!("Onderdeel {}", part.section),
        }
    }

    /// The name of a record's author, or the first digits of the person's id when the team does not know them.
    fn name(&self, header: &Header) -> String {
        match self.inspection.person(header.author.person) {
            Some(card) => card.name.clone(),
            None => format!("Persoon {}", short(&header.author.person)),
        }
    }

    fn text(&self, item: &Item, field: Field) -> String {
        self.inspection.item_text(item.id, field).to_owned()
    }

    fn field_text(&self, field: Field) -> String {
        self.inspection.field(field).and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    /// The question that fills a place of the report.
    fn place(&self, place: ReportPlace) -> Option<&str> {
        self.checklist.place(place).map(|question| question.id.as_str())
    }

    fn answer(&self, question: &str) -> Option<&Value> {
        self.inspection.answer(&Slot::of(question))
    }

    fn choice(&self, question: &str) -> Option<&str> {
        self.answer(question).and_then(Value::as_choice)
    }

    fn in_words(&self, question: &str) -> String {
        let value = self.answer(question);
        value.map(|value| words::in_words(value, self.checklist.question(question))).unwrap_or_default()
    }

    fn spoken_to(&self) -> String {
        self.place(ReportPlace::SpokenTo).map(|question| self.in_words(question).to_lowercase()).unwrap_or_default()
    }
}

/// The closing sentence of a special investigating officer (art. 152 and 153 Sv). To be approved by a lawyer.
const OATH: &str = "Dit rapport heb ik naar waarheid op ambtseed of ambtsbelofte opgemaakt.";

/// The last eight digits of an id: the random ones, which people can tell apart.
fn short(id: &dyn std::fmt::Display) -> String {
    let digits = id.to_string();
    digits[digits.len().saturating_sub(8)..].to_owned()
}

fn status_word(checklist: &Checklist) -> &'static str {
    match checklist.status() {
        veldboek_checklist::Status::Concept => "concept",
        veldboek_checklist::Status::Approved => "vastgesteld",
    }
}
