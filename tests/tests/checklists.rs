//! Checklists in the field: each partner its own questions, a newer version while work goes on, and conversations of which
//! only counts go out.

use std::path::Path;
use std::sync::Arc;

use veldboek_app::AppError;
use veldboek_app::api::*;
use veldboek_checklist::{Checklist, ReadingContext};
use veldboek_domain::{Address, Field, InspectionId, SetKind, Slot, Value};
use veldboek_tests::desk::Desk;
use veldboek_tests::device::Device;
use veldboek_tests::region::Region;

fn takes_part(tablet: &Device, inspection: InspectionId, organisation: &str, partner: &str) {
    let participant = AddItem {
        inspection,
        set: SetKind::Participant,
        slot: None,
        parent: None,
        fields: vec![
            (Field::Organisation, Value::text(organisation)),
            (Field::Partner, Value::choice(partner)),
            (Field::LegalBasis, Value::text("Omgevingswet")),
            (Field::Designation, Value::text("aanwijzingsbesluit 2025")),
        ],
        regime: None,
    };
    tablet.app().add_item(participant).expect("a participant is added");
}

fn sections(tablet: &Device, inspection: InspectionId) -> Vec<String> {
    let view = tablet.inspection(inspection);
    let visible = |id: &str| view.slots.iter().any(|slot| slot.slot.question == id && slot.visible);
    let shown = view.sections.iter().filter(|section| section.questions.iter().any(|question| visible(&question.id)));
    shown.map(|section| section.id.clone()).collect()
}

#[test]
fn each_partner_sees_and_answers_its_own_questions_on_the_one_controle() {
    let region = Region::begin();
    let desk = Desk::sign_in(&region.backend);
    let inspection = desk.plan("Kraaienhofsweg 14", "vb-ic", &["M. Dekker", "Ș. Munteanu"]);
    let (building, environment) = (region.tablet(0), region.tablet(1));
    assert!(
        !sections(&environment, inspection).contains(&"POD".to_owned()),
        "nobody of the omgevingsdienst takes part yet"
    );

    takes_part(&building, inspection, "Omgevingsdienst Noord-Holland Noord", "omgevingsdienst");
    building.sync();
    environment.sync();
    assert!(sections(&environment, inspection).contains(&"POD".to_owned()), "its people see its questions");
    assert!(!sections(&building, inspection).contains(&"POD".to_owned()), "others do not");

    let own = environment.choices(inspection).into_iter().find(|(slot, _)| slot.question.starts_with("POD"));
    let (slot, options) = own.expect("the omgevingsdienst has a question with options");
    let answer = Value::choice(&options[0]);
    let refused = building.try_answer(inspection, &slot, answer.clone());
    assert!(matches!(refused, Err(AppError::NotAllowed)), "who has no ground of its own does not answer: {refused:?}");
    environment.answer(inspection, &slot, answer);
    environment.sync();
    building.sync();

    let report = building.app().report_bytes(ReportRequest { inspection, copy: ReportCopy::File });
    let text = pdf_text(&report.expect("a report can be made"));
    assert!(text.contains(&slot.question), "what the partner found stands in the one report:\n{text}");
    let open = building.inspection(inspection).summary.missing;
    assert!(open.iter().all(|missing| !missing.section.starts_with('P')), "nobody waits for another partner's answers");
}

#[test]
fn a_closed_partner_set_stays_with_its_own_organisation() {
    let region = Region::begin();
    let desk = Desk::sign_in(&region.backend);
    let inspection = desk.plan("Kraaienhofsweg 14", "vb-ic", &["M. Dekker", "E. Kuiper"]);
    let (building, registry) = (region.tablet(0), region.tablet(4));
    takes_part(&building, inspection, "Gemeente Alkmaar, burgerzaken", "gemeente-brp");
    building.sync();
    registry.sync();

    let slots = registry.inspection(inspection).slots;
    let text =
        slots.iter().find(|slot| slot.visible && slot.locked.is_none() && slot.slot.question.starts_with("PBRP"));
    let slot = text.expect("the BRP has a question").slot.clone();
    let note = "alleen voor burgerzaken, kenmerk Q7";
    let register = veldboek_domain::RegisterKey::Note(slot.clone());
    registry.app().write(Write { inspection, register, value: Value::text(note) }).expect("it is kept");
    if let Some((slot, options)) =
        registry.choices(inspection).into_iter().find(|(slot, _)| slot.question.starts_with("PBRP"))
    {
        registry.answer(inspection, &slot, Value::choice(&options[0]));
    }
    let photo = registry.photograph(inspection, Some(&slot), veldboek_tests::photo::jpeg(6));
    let sent = registry.sync();
    assert_eq!(sent.line.state, SyncPhase::Received, "the backend keeps it: {:?}", sent.problem);
    building.sync();

    let seen = building.inspection(inspection);
    let everything = serde_json::to_string(&seen).expect("a view is JSON");
    assert!(!everything.contains(note) && !everything.contains(&photo.to_string()), "the team sees not a word of it");
    assert_eq!(seen.row.photos, 0, "not in a count");
    assert!(building.app().photo_bytes(photo, PhotoSize::Thumb).is_err(), "not through a photo");
    let at_the_desk = desk.inspection(inspection).to_string();
    assert!(!at_the_desk.contains("Q7") && !at_the_desk.contains(&photo.to_string()), "nor does the desk");
    for tablet in [&building, &registry] {
        let report = tablet.app().report_bytes(ReportRequest { inspection, copy: ReportCopy::File });
        let text = pdf_text(&report.expect("a report can be made"));
        assert!(!text.contains("PBRP") && !text.contains("Q7"), "nor does the report of the team:\n{text}");
    }
}

/// A newer version of the checklist: one question reworded, one new.
fn newer() -> Arc<Checklist> {
    let file = "veilig-buitengebied/integrale-controle.toml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checklists").join(file);
    let text = std::fs::read_to_string(path).expect("the checklist is there");
    let replaced = |text: String, old: &str, new: &str| {
        assert!(text.contains(old), "the checklist has `{old}`");
        text.replacen(old, new, 1)
    };
    let text = replaced(text, "versie = \"0.1\"", "versie = \"0.9\"");
    let new = "[[onderdeel.vraag]]\nid = \"B9\"\ntekst = \"Is de omgeving verlicht?\"\nsoort = \"ja-nee\"\nverplicht = true\n\n\
               [[onderdeel.vraag]]\nid = \"B3\"";
    let text = replaced(text, "[[onderdeel.vraag]]\nid = \"B3\"", new);
    let text = replaced(text, "Is het veilig om door te gaan?", "Kunt u veilig door?");
    let read = Checklist::read_with(file, &text, &ReadingContext::bundled());
    Arc::new(read.unwrap_or_else(|problems| panic!("version 0.9 reads: {problems}")))
}

#[test]
fn a_newer_version_is_offered_with_what_it_means_and_nothing_answered_is_dropped() {
    let region = Region::begin();
    let mut tablet = region.tablet(0);
    let inspection = tablet.today()[0].inspection;
    let safe = Slot::of("B1");
    tablet.answer(inspection, &safe, Value::choice("ja"));
    assert!(tablet.inspection(inspection).newer_version.is_none(), "there is none yet");

    tablet.update(&[newer()]);
    let offered = tablet.inspection(inspection).newer_version.expect("it is offered");
    assert_eq!(offered.version, "0.9");
    assert_eq!(
        tablet.inspection(inspection).checklist.version,
        "0.1",
        "the controle stays with its own until somebody moves it"
    );
    let ahead =
        tablet.app().version_move(OpenInspection { inspection }).expect("it can be looked at").expect("it is offered");
    assert!(ahead.preview.new_questions.iter().any(|new| new.slot == Slot::of("B9") && new.required));
    assert!(ahead.preview.goes_along.iter().any(|moved| moved.slot == safe));
    assert!(ahead.changes.words().iter().any(|line| line.contains("B1")), "{:?}", ahead.changes.words());

    let moved = tablet.app().move_version(MoveVersion { inspection, hash: ahead.hash }).expect("it moves");
    assert_eq!(moved.checklist.version, "0.9");
    assert!(moved.newer_version.is_none(), "there is none after it");
    assert_eq!(tablet.answers(inspection)[&safe], Value::choice("ja"), "what was answered stands");
    assert!(moved.summary.missing.iter().any(|missing| missing.slot == Slot::of("B9")), "the new question is asked");
    let told = tablet.app().timeline(OpenInspection { inspection }).expect("there is a history");
    assert!(told.iter().any(|entry| entry.value.contains("0.9")), "the move stands in the history");

    tablet.sync();
    let mut colleague = region.tablet(1);
    let behind = colleague.app().open_inspection(OpenInspection { inspection });
    assert!(
        matches!(behind, Err(AppError::ChecklistMissing(ref version)) if version == "0.9"),
        "who lacks the version is told so: {behind:?}"
    );
    colleague.update(&[newer()]);
    assert_eq!(colleague.inspection(inspection).checklist.version, "0.9", "the move holds for the whole team");
    assert_eq!(colleague.answers(inspection)[&safe], Value::choice("ja"));
}

#[test]
fn of_a_coachs_conversation_only_counts_leave_the_tablet() {
    let region = Region::begin();
    let coach = region.tablet(3);
    let offered = coach.app().checklists(Nothing {}).expect("checklists are listed");
    assert_eq!(offered.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["agro"], "a coach does no controles");
    assert!(offered[0].stays_here);
    let address = Address { line: "Noorderkade 8".to_owned(), ..Address::default() };
    let plan = PlanInspection { checklist: "agro".to_owned(), address, planned_at: None };
    let refused = region.tablet(0).app().plan_inspection(plan.clone());
    assert!(matches!(refused, Err(AppError::NotAllowed)), "nobody else has a coach's conversations");

    let inspection = coach.app().plan_inspection(plan).expect("a conversation begins").inspection;
    for _ in 0..6 {
        for (slot, options) in coach.choices(inspection) {
            coach.answer(inspection, &slot, Value::choice(&options[0]));
        }
    }
    let secret = "De oudste zoon wil niet verder met het bedrijf";
    let texts = coach.inspection(inspection).slots;
    let asked: Vec<_> =
        coach.inspection(inspection).sections.into_iter().flat_map(|section| section.questions).collect();
    let is_text = |slot: &&SlotView| {
        asked.iter().any(|question| {
            question.id == slot.slot.question && question.kind == veldboek_checklist::QuestionKind::Text
        })
    };
    let open = texts.iter().filter(|slot| slot.visible && slot.locked.is_none()).find(is_text);
    coach.answer(inspection, &open.expect("there is room for words").slot.clone(), Value::text(secret));
    let counts = coach.app().counts(OpenInspection { inspection }).expect("the counts can be seen beforehand");
    assert!(!counts.is_empty(), "the coach sees what will go out");
    assert!(counts.iter().all(|row| !row.answer.contains("zoon")), "never a word that was typed: {counts:?}");
    assert!(
        coach.app().press_stop(PressStop { inspection: Some(inspection), position: None }).is_ok(),
        "STOP works here too"
    );
    coach
        .app()
        .end_stop(EndStop { inspection, broken_off: false, note: String::new() })
        .expect("the conversation goes on");
    coach.app().close(CloseInspection { inspection }).expect("it ends");
    assert!(matches!(
        coach.app().reopen(Reopen { inspection, reason: "nog iets".to_owned() }),
        Err(AppError::NotAllowed)
    ));

    let sent = coach.sync();
    assert_eq!(sent.line.state, SyncPhase::Received, "{:?}", sent.problem);
    coach.sync();
    let kept = region.backend.everything_kept();
    for word in [secret.as_bytes(), b"Noorderkade", inspection.to_string().as_bytes(), inspection.0.as_bytes()] {
        assert!(!kept.windows(word.len()).any(|window| window == word), "the backend holds nothing of it");
    }
    let desk = Desk::sign_in(&region.backend);
    let totals = desk.counts()["totals"].as_array().expect("totals").clone();
    assert!(!totals.is_empty(), "the counts arrived");
    assert!(totals.iter().all(|total| total["visits"].is_null()), "one visit is too few to show: {totals:?}");
}

/// The text of a report, as a reader of the PDF copies it.
fn pdf_text(bytes: &[u8]) -> String {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let file = folder.path().join("rapport.pdf");
    std::fs::write(&file, bytes).expect("the report can be written");
    let told = std::process::Command::new("pdftotext").arg(&file).arg("-").output();
    String::from_utf8_lossy(&told.expect("poppler is installed: cargo xtask test does it").stdout).into_owned()
}
