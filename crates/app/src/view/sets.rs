//! Findings, photos, participants and measures.

use std::collections::HashMap;

use veldboek_domain::codes::{self, MEASURES};
use veldboek_domain::{Field, Item, ItemId, RegisterKey, SetKind, Value};
use veldboek_report::Numbering;
use veldboek_store::PhotoRow;
use veldboek_sync::PhotoReceipt;

use super::Viewer;
use crate::api::{FindingView, MeasureView, ParticipantView, PhotoView};

impl Viewer<'_> {
    fn in_order(&self, set: &SetKind) -> Vec<Item> {
        let mut items: Vec<Item> = self.opened.state.items_of(|kind| kind == set).collect();
        items.sort_by_key(|item| (item.added.at, item.id));
        items
    }

    fn item_text(&self, item: &Item, field: Field) -> String {
        self.opened.state.item_text(item.id, field).to_owned()
    }

    fn moment(&self, item: ItemId, field: Field) -> Option<String> {
        match self.opened.state.item_field(item, field) {
            Some(Value::DateTime(at)) => Some(at.to_rfc3339()),
            _ => None,
        }
    }

    fn withdrawn(&self, item: &Item) -> Option<String> {
        item.withdrawn.as_ref().map(|(reason, _)| reason.clone())
    }

    /// Findings and assumptions that were written as such, in the order of their making.
    pub(super) fn findings(&self, numbering: &Numbering) -> Vec<FindingView> {
        let photos = self.in_order(&SetKind::Photo);
        let view = |item: Item| FindingView {
            number: numbering.item(item.id).unwrap_or_default(),
            title: self.item_text(&item, Field::Title),
            kind: self.item_text(&item, Field::Kind),
            text: self.item_text(&item, Field::Text),
            ordinary_explanation: self.item_text(&item, Field::OrdinaryExplanation),
            place: self.item_text(&item, Field::Place),
            theme: self.item_text(&item, Field::Theme),
            norm: self.item_text(&item, Field::Norm),
            observed_at: self.moment(item.id, Field::ObservedAt),
            regime: item.regime,
            author: self.name(&item.added),
            made_at: item.added.at.to_rfc3339(),
            photos: photos.iter().filter(|photo| photo.parent == Some(item.id)).map(|photo| photo.id).collect(),
            differing: self.differing(item.id),
            withdrawn: self.withdrawn(&item),
            item: item.id,
        };
        self.in_order(&SetKind::Finding).into_iter().map(view).collect()
    }

    fn differing(&self, item: ItemId) -> Vec<String> {
        let differences = self.opened.state.differences();
        let fields = differences.filter_map(|(key, _)| match key {
            RegisterKey::Item(of, field) if *of == item => Some(field.name().to_owned()),
            _ => None,
        });
        fields.collect()
    }

    /// Photos and documents, numbered as in the report.
    pub(super) fn photos(&self, numbering: &Numbering, rows: &[PhotoRow]) -> Vec<PhotoView> {
        let rows: HashMap<ItemId, &PhotoRow> = rows.iter().map(|row| (row.item, row)).collect();
        let items = self.in_order(&SetKind::Photo).into_iter().chain(self.in_order(&SetKind::Document));
        items.map(|item| self.photo(&item, numbering, rows.get(&item.id).copied())).collect()
    }

    fn photo(&self, item: &Item, numbering: &Numbering, row: Option<&PhotoRow>) -> PhotoView {
        let sealed = item.sealed.as_ref();
        // Only a receipt for these very bytes says that the backend has them.
        let receipt = row.and_then(|row| row.receipt.as_deref());
        let receipt: Option<PhotoReceipt> = receipt.and_then(|text| serde_json::from_str(text).ok());
        let receipt = receipt.filter(|receipt| sealed.is_some_and(|sealed| sealed.sha256 == receipt.sha256));
        PhotoView {
            item: item.id,
            number: numbering.photos.get(&item.id).copied().unwrap_or(0),
            document: item.set == SetKind::Document,
            slot: item.slot.clone(),
            finding: item.parent,
            caption: self.item_text(item, Field::Caption),
            sha256: sealed.map(|sealed| sealed.sha256),
            bytes: sealed.map_or(0, |sealed| sealed.bytes),
            media_type: sealed.map(|sealed| sealed.media_type.clone()).unwrap_or_default(),
            width: sealed.map_or(0, |sealed| sealed.width),
            height: sealed.map_or(0, |sealed| sealed.height),
            taken_at: sealed.and_then(|sealed| sealed.taken_at).or(Some(item.added.at)).map(|at| at.to_rfc3339()),
            position: sealed.and_then(|sealed| sealed.position),
            author: self.name(&item.added),
            here: row.is_some_and(|row| row.here),
            preview: row.is_some_and(|row| row.thumb),
            received: receipt.is_some(),
            received_at: receipt.as_ref().map(|receipt| receipt.at.to_rfc3339()),
            receipt: receipt.as_ref().map(PhotoReceipt::number),
            own: item.added.device == self.device,
            withdrawn: self.withdrawn(item),
        }
    }

    /// Participants with their own grounds.
    pub(super) fn participants(&self) -> Vec<ParticipantView> {
        let view = |item: Item| {
            let legal_basis = self.item_text(&item, Field::LegalBasis);
            let designation = self.item_text(&item, Field::Designation);
            ParticipantView {
                name: self.item_text(&item, Field::Name),
                organisation: self.item_text(&item, Field::Organisation),
                partner: self.item_text(&item, Field::Partner),
                function: self.item_text(&item, Field::Function),
                pass_number: self.item_text(&item, Field::PassNumber),
                goes_inside: self.opened.state.item_field(item.id, Field::GoesInside) == Some(&Value::Flag(true)),
                has_ground: !legal_basis.trim().is_empty() && !designation.trim().is_empty(),
                legal_basis,
                designation,
                withdrawn: self.withdrawn(&item),
                item: item.id,
            }
        };
        self.in_order(&SetKind::Participant).into_iter().map(view).collect()
    }

    /// Measures that people took over, then those that answers propose and nobody has taken over yet.
    pub(super) fn measures(&self) -> Vec<MeasureView> {
        let items = self.in_order(&SetKind::Measure);
        let mut number = 0;
        let mut views: Vec<MeasureView> = Vec::new();
        for item in &items {
            if item.withdrawn.is_none() {
                number += 1;
            }
            views.push(self.measure(item, number));
        }
        for proposed in self.opened.evaluation.measures() {
            let taken = views.iter().any(|view| view.measure == proposed.code && view.withdrawn.is_none());
            if !taken {
                views.push(MeasureView {
                    item: None,
                    number: String::new(),
                    measure: proposed.code.clone(),
                    label: codes::label(MEASURES, &proposed.code).to_owned(),
                    text: proposed.note.clone().unwrap_or_default(),
                    deadline: None,
                    decided_by: String::new(),
                    proposed_by: Some(proposed.slot.clone()),
                    finding: None,
                    withdrawn: None,
                });
            }
        }
        views
    }

    fn measure(&self, item: &Item, number: usize) -> MeasureView {
        let code = self.item_text(item, Field::Measure);
        MeasureView {
            item: Some(item.id),
            number: if item.withdrawn.is_none() { format!("M{number}") } else { String::new() },
            label: codes::label(MEASURES, &code).to_owned(),
            measure: code,
            text: self.item_text(item, Field::Text),
            deadline: match self.opened.state.item_field(item.id, Field::Deadline) {
                Some(Value::Date(day)) => Some(day.to_string()),
                _ => None,
            },
            decided_by: self.item_text(item, Field::DecidedBy),
            proposed_by: item.slot.clone(),
            finding: item.parent,
            withdrawn: self.withdrawn(item),
        }
    }
}
