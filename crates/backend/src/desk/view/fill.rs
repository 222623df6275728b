//! Filling in what the review screen shows.

use chrono::DateTime;
use uuid::Uuid;
use veldboek_checklist::words;
use veldboek_domain::codes::Regime;
use veldboek_domain::{Field, ItemId, SetKind, StreamId, Value};
use veldboek_report::model;
use veldboek_report::{Numbering, Observed, ReportModel, Source};

use super::{
    Answer, Difference, DifferentValue, Finding, InspectionView, KeptPhoto, MeasureView, Part, Participant, PhotoView,
    ReceiptView, SignatureView, TeamMember,
};
use crate::desk::Folder;

/// Builds the view. `kept` knows what is here of each photo.
pub(crate) fn view(folder: &Folder, id: Uuid, kept: impl Fn(&veldboek_domain::Digest) -> KeptPhoto) -> InspectionView {
    let inspection = &folder.inspection;
    let opening = inspection.opening();
    let report = folder.report();
    let numbering = folder.numbering().unwrap_or_default();
    let report = report.as_ref();
    let address = match inspection.field(Field::Address) {
        Some(Value::Address(address)) => words::address(address),
        _ => String::new(),
    };
    let position = match inspection.field(Field::Position) {
        Some(Value::Point(point)) => Some((point.lat, point.lon)),
        _ => None,
    };
    let planned_at = match inspection.field(Field::PlannedAt) {
        Some(Value::DateTime(at)) => Some(*at),
        _ => None,
    };
    InspectionView {
        inspection: id,
        number: opening.map(|opening| opening.number.clone()).unwrap_or_default(),
        family: opening.map(|opening| opening.family.clone()).unwrap_or_default(),
        title: report.map(|report| report.head.title.clone()).unwrap_or_default(),
        status: inspection.status().word(),
        version: inspection.version(),
        sent_back_because: inspection.sent_back_because().map(str::to_owned),
        last_step_at: inspection.last_step().map(|step| step.at),
        address: report
            .map(|report| words::address(&report.place.address))
            .filter(|line| !line.is_empty())
            .unwrap_or(address),
        position,
        municipality: opening.map(|opening| opening.responsible_municipality.clone()).unwrap_or_default(),
        source_organisation: opening.map(|opening| opening.source_organisation.to_string()).unwrap_or_default(),
        planned_at,
        team: team(folder),
        checklist_known: report.is_some(),
        checklist: opening
            .map(|opening| format!("{} {}", opening.checklist.id, opening.checklist.version))
            .unwrap_or_default(),
        parts: report.map(parts).unwrap_or_default(),
        findings: report.map(|report| findings(report, &numbering)).unwrap_or_default(),
        assumptions: report.map(|report| assumptions(report, &numbering)).unwrap_or_default(),
        photos: photos(folder, report, &numbering, kept),
        measures: report.map(measures).unwrap_or_default(),
        participants: participants(folder),
        signatures: signatures(folder),
        differences: report.map(differences).unwrap_or_default(),
        reaction: report.and_then(reaction),
        method: report.map(|report| report.method.clone()).unwrap_or_default(),
        from_newer_version: inspection.from_newer_version(),
        received_at: folder.records.iter().map(|held| held.received_at).max().and_then(DateTime::from_timestamp_millis),
    }
}

fn team(folder: &Folder) -> Vec<TeamMember> {
    let members = folder.inspection.members().into_iter();
    members
        .map(|card| TeamMember {
            person: card.person.0,
            name: card.name.clone(),
            organisation: card.organisation_name.clone(),
            function: card.function.clone(),
        })
        .collect()
}

fn parts(report: &ReportModel) -> Vec<Part> {
    let answer = |line: &model::AnswerLine| Answer {
        question_id: line.question_id.clone(),
        question: line.question.clone(),
        answer: line.answer.clone(),
        note: line.note.clone(),
        author: line.author.clone(),
        answered_at: line.answered_at,
        counts: line.counts,
    };
    let sections = report.sections.iter();
    sections
        .map(|section| Part {
            code: section.code.clone(),
            title: section.title.clone(),
            answers: section.answers.iter().map(answer).collect(),
        })
        .collect()
}

/// Where a numbered observation comes from.
fn source(all: &[Observed], number: &str) -> (Option<Uuid>, Option<String>) {
    match all.iter().find(|observed| observed.number == number).map(|observed| &observed.source) {
        Some(Source::Item(item)) => (Some(item.0), None),
        Some(Source::Answer(slot)) => (None, Some(slot.to_string())),
        None => (None, None),
    }
}

fn kind_word(kind: veldboek_domain::ObservationKind) -> &'static str {
    use veldboek_domain::ObservationKind;
    match kind {
        ObservationKind::Own => "own",
        ObservationKind::Statement => "statement",
        ObservationKind::Document => "document",
        ObservationKind::Assumption => "assumption",
    }
}

fn findings(report: &ReportModel, numbering: &Numbering) -> Vec<Finding> {
    let view = |finding: &model::Finding| {
        let (item, slot) = source(&numbering.findings, &finding.number);
        Finding {
            number: finding.number.clone(),
            item,
            slot,
            title: finding.title.clone(),
            kind: kind_word(finding.kind),
            kind_label: words::observation_kind(finding.kind),
            text: finding.text.clone(),
            norm: finding.norm.clone(),
            place: finding.place.clone(),
            ordinary_explanation: finding.ordinary_explanation.clone(),
            author: finding.author.clone(),
            observed_at: finding.observed_at,
            photos: finding.photos.clone(),
        }
    };
    report.findings.iter().map(view).collect()
}

fn assumptions(report: &ReportModel, numbering: &Numbering) -> Vec<Finding> {
    let kind = veldboek_domain::ObservationKind::Assumption;
    let view = |assumption: &model::Assumption| {
        let (item, slot) = source(&numbering.assumptions, &assumption.number);
        Finding {
            number: assumption.number.clone(),
            item,
            slot,
            title: assumption.title.clone(),
            kind: kind_word(kind),
            kind_label: words::observation_kind(kind),
            text: assumption.text.clone(),
            norm: String::new(),
            place: String::new(),
            ordinary_explanation: assumption.ordinary_explanation.clone(),
            author: assumption.author.clone(),
            observed_at: assumption.observed_at,
            photos: assumption.photos.clone(),
        }
    };
    report.assumptions.iter().map(view).collect()
}

fn photos(
    folder: &Folder,
    report: Option<&ReportModel>,
    numbering: &Numbering,
    kept: impl Fn(&veldboek_domain::Digest) -> KeptPhoto,
) -> Vec<PhotoView> {
    let items = folder.inspection.current(&SetKind::Photo).filter(|item| item.regime == Regime::AvgToezicht);
    let number = |item: ItemId| numbering.photos.get(&item).copied().unwrap_or_default();
    let mut photos: Vec<PhotoView> = items
        .filter_map(|item| {
            let sealed = item.sealed.clone()?;
            let number = number(item.id);
            let line = report.and_then(|report| report.photos.iter().find(|photo| photo.number == number));
            let kept = kept(&sealed.sha256);
            Some(PhotoView {
                number,
                item: item.id.0,
                caption: folder.inspection.item_text(item.id, Field::Caption).to_owned(),
                author: line.map(|line| line.author.clone()).unwrap_or_default(),
                taken_at: sealed.taken_at,
                sha256: sealed.sha256.to_string(),
                bytes: sealed.bytes,
                width: sealed.width,
                height: sealed.height,
                receipt: kept.receipt.map(|receipt| ReceiptView { number: receipt.number(), at: receipt.at }),
                preview: kept.preview,
            })
        })
        .collect();
    photos.sort_by_key(|photo| photo.number);
    photos
}

fn measures(report: &ReportModel) -> Vec<MeasureView> {
    let view = |measure: &model::Measure| MeasureView {
        number: measure.number.clone(),
        label: measure.label.clone(),
        basis: measure.basis.clone(),
        text: measure.text.clone(),
        deadline: measure.deadline,
        decided_by: measure.decided_by.clone(),
        concerns: measure.concerns.clone(),
    };
    report.measures.iter().map(view).collect()
}

fn participants(folder: &Folder) -> Vec<Participant> {
    let inspection = &folder.inspection;
    let text = |item: ItemId, field| inspection.item_text(item, field).to_owned();
    let items = inspection.current(&SetKind::Participant);
    items
        .map(|item| Participant {
            name: text(item.id, Field::Name),
            organisation: text(item.id, Field::Organisation),
            function: text(item.id, Field::Function),
            pass_number: text(item.id, Field::PassNumber),
            legal_basis: text(item.id, Field::LegalBasis),
            designation: text(item.id, Field::Designation),
            goes_inside: inspection.item_field(item.id, Field::GoesInside) == Some(&Value::Flag(true)),
        })
        .collect()
}

fn signatures(folder: &Folder) -> Vec<SignatureView> {
    let signed = folder.inspection.signatures().into_iter();
    signed
        .map(|signed| SignatureView {
            name: signed.signature.name.clone(),
            capacity: signed.signature.capacity.clone(),
            by_author: signed.by_author,
            signed_at: signed.header.at,
            strokes: signed.signature.strokes.clone(),
        })
        .collect()
}

fn differences(report: &ReportModel) -> Vec<Difference> {
    let value = |value: &model::DifferingValue| DifferentValue {
        text: value.text.clone(),
        author: value.author.clone(),
        at: value.at,
    };
    let view = |difference: &model::OpenDifference| Difference {
        label: difference.label.clone(),
        subject: difference.subject.clone(),
        values: difference.values.iter().map(value).collect(),
    };
    report.open_differences.iter().map(view).collect()
}

fn reaction(report: &ReportModel) -> Option<String> {
    match &report.response {
        model::Response::Given { role, text, .. } => Some(format!("{role}: {text}")),
        model::Response::None => Some("Gevraagd en niet gegeven.".to_owned()),
        model::Response::NobodyPresent => Some("Er was niemand aanwezig.".to_owned()),
        model::Response::NotRecorded => None,
    }
}

/// Whether a photo's item may be looked at here: it is the team's, it counts, and no investigation took it over.
pub(crate) fn shows(folder: &Folder, item: ItemId, team: Option<StreamId>) -> bool {
    let found = folder.inspection.item(item);
    found.is_some_and(|item| Some(item.stream) == team && item.regime == Regime::AvgToezicht)
}
