//! What the desk sees of a controle. Everything is folded from the records of the team's stream alone, so that nothing of
//! a closed stream can come here, whoever looks.

pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod timeline;
pub(crate) mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use veldboek_checklist::{Checklist, Evaluation, Facts, visit_day};
use veldboek_domain::record::ChecklistRef;
use veldboek_domain::{ChainHead, DeviceId, Inspection, PersonCard, PersonId, RecordId};
use veldboek_report::{ChainTip, Numbering, ReportCopy, ReportModel, compose};

use crate::storage::{Held, Seen};

/// A controle as the desk knows it.
pub(crate) struct Folder {
    /// Its state.
    pub(crate) inspection: Inspection,
    /// Its records in the backend's order.
    pub(crate) records: Vec<Held>,
    /// Everything around the records.
    pub(crate) seen: Seen,
    /// The checklist with which it was made; none when the backend does not have exactly that one.
    pub(crate) checklist: Option<Arc<Checklist>>,
    /// Who works with the backend, for the names of those who are not in the team.
    pub(crate) people: Vec<PersonCard>,
}

impl Folder {
    /// Folds what somebody may see; none when the team's stream is not in it.
    pub(crate) fn of(mut seen: Seen, checklists: &[Arc<Checklist>], people: Vec<PersonCard>) -> Option<Self> {
        let all = std::mem::take(&mut seen.records);
        let team = Inspection::from_records(all.iter().map(|held| &held.record)).team_stream()?;
        let records: Vec<Held> = all.into_iter().filter(|held| held.record.header().stream == team).collect();
        let inspection = Inspection::from_records(records.iter().map(|held| &held.record));
        let checklist = inspection.checklist().and_then(|followed| exactly(checklists, followed));
        Some(Self { inspection, records, seen, checklist, people })
    }

    /// The name of a person.
    pub(crate) fn person(&self, person: PersonId) -> String {
        let card = self.inspection.person(person);
        let card = card.or_else(|| self.people.iter().find(|card| card.person == person));
        card.map_or_else(|| "Onbekend".to_owned(), |card| card.name.clone())
    }

    /// The name of a device, or the beginning of its id.
    pub(crate) fn device(&self, device: DeviceId) -> String {
        let named = self.seen.devices.iter().find(|(known, _)| *known == device);
        named.map_or_else(|| device.to_string()[..8].to_owned(), |(_, name)| name.clone())
    }

    /// The ends of the team's chains.
    fn tips(&self) -> Vec<ChainTip> {
        let continued: std::collections::HashSet<RecordId> =
            self.records.iter().filter_map(|held| held.record.header().prev).collect();
        let ends = self.records.iter().map(|held| &held.record).filter(|record| !continued.contains(&record.id()));
        ends.map(|record| ChainTip {
            chain: record.header().chain(),
            head: ChainHead { seq: record.header().seq, record: record.id() },
            at: record.header().at,
        })
        .collect()
    }

    /// The report as it will be; none without the checklist.
    pub(crate) fn report(&self) -> Option<ReportModel> {
        Some(compose(&self.inspection, self.checklist.as_deref()?, &self.tips(), ReportCopy::File))
    }

    /// The numbers of findings and photos; none without the checklist.
    pub(crate) fn numbering(&self) -> Option<Numbering> {
        let checklist = self.checklist.as_deref()?;
        let facts = Facts::of(&self.inspection, visit_day(&self.inspection).unwrap_or_default());
        Some(Numbering::of(&self.inspection, checklist, &Evaluation::of(checklist, &self.inspection, &facts)))
    }

    /// The receipt number under which each record stands with its device: the first receipt that covers it.
    pub(crate) fn receipt_numbers(&self) -> BTreeMap<RecordId, String> {
        let mut numbers = BTreeMap::new();
        for held in &self.records {
            let header = held.record.header();
            let covers =
                |receipt: &&veldboek_sync::Receipt| receipt.chain == header.chain() && receipt.head.seq >= header.seq;
            if let Some(receipt) = self.seen.receipts.iter().find(covers) {
                numbers.insert(held.record.id(), receipt.number());
            }
        }
        numbers
    }
}

/// The checklist of which a controle names the hash. Another version's texts would show other questions than were asked.
pub(crate) fn exactly(checklists: &[Arc<Checklist>], wanted: &ChecklistRef) -> Option<Arc<Checklist>> {
    checklists.iter().find(|checklist| checklist.hash() == wanted.hash).cloned()
}
