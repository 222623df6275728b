//! Several people in one controle: who does which part, what they wrote differently, who looks along, and what is received.

use std::time::Duration;

use serde_json::json;
use veldboek_app::AppError;
use veldboek_app::api::*;
use veldboek_domain::{
    Address, Body, ChainId, Clock, Field, InspectionId, ItemId, RegisterKey, SetKind, Signature, Slot, Value,
};
use veldboek_tests::clock::StoryClock;
use veldboek_tests::controle::Visit;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::Device;
use veldboek_tests::photo::jpeg;
use veldboek_tests::region::{Region, first};
use veldboek_tests::until;

/// The size of a photo in bytes.
const PHOTO: usize = 200_000;

fn differences(tablet: &Device, inspection: InspectionId) -> Vec<DifferenceView> {
    tablet.app().differences(OpenInspection { inspection }).expect("it is open")
}

fn settle(tablet: &Device, inspection: InspectionId, record: veldboek_domain::RecordId, reason: &str) {
    let settled = tablet.app().settle(Settle { inspection, record, reason: reason.to_owned() });
    settled.expect("it is among what people differ about");
}

/// Both tablets show one difference with both values, with who and on which device, and can't close; one of them chooses the
/// second value, and both agree again.
fn both_see_it_and_one_settles(
    tablets: [&Device; 2],
    inspection: InspectionId,
    kind: DifferenceKind,
    title: &str,
) -> Candidate {
    for tablet in tablets {
        let shown = differences(tablet, inspection);
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert_eq!((shown[0].kind, shown[0].title.as_str()), (kind, title));
        let [one, two] = shown[0].candidates.as_slice() else { panic!("two values: {shown:?}") };
        assert_ne!(one.record, two.record);
        assert_ne!((&one.author, &one.device), (&two.author, &two.device), "with who and on which device");
        let view = tablet.inspection(inspection);
        assert_eq!(view.row.differences, 1);
        assert!(view.summary.blocks.contains(&"differences".to_owned()), "it can't become final: {:?}", view.summary);
        let closed = tablet.app().close(CloseInspection { inspection });
        assert!(matches!(closed, Err(AppError::Blocked(codes)) if codes.contains(&"differences".to_owned())));
    }
    let chosen = differences(tablets[1], inspection)[0].candidates[1].clone();
    settle(tablets[1], inspection, chosen.record, "samen bekeken");
    tablets[1].sync();
    tablets[0].sync();
    for tablet in tablets {
        assert_eq!(differences(tablet, inspection), Vec::new(), "the choice settles it on both tablets");
        assert!(!tablet.inspection(inspection).summary.blocks.contains(&"differences".to_owned()));
    }
    chosen
}

fn write(tablet: &Device, inspection: InspectionId, register: RegisterKey, value: Value) {
    tablet.app().write(Write { inspection, register, value }).expect("it is kept");
}

/// Something that differs from tablet to tablet.
fn text(number: usize) -> Value {
    Value::text(["Zes vaten zonder etiket", "Zeven vaten, een met etiket"][number])
}

#[test]
fn different_notes_and_fields_of_the_controle_are_shown_and_settled() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let slot = dekker.choices(inspection).swap_remove(0).0;
    let asked = dekker.inspection(inspection).sections[0].questions[0].clone();
    let title = |slot: &Slot| {
        let view = dekker.inspection(inspection);
        let question = view.sections.iter().flat_map(|section| &section.questions).find(|one| one.id == slot.question);
        format!("{} {}", slot.question, question.unwrap_or(&asked).text)
    };
    for (register, kind, title) in [
        (RegisterKey::Note(slot.clone()), DifferenceKind::Note, title(&slot)),
        (RegisterKey::Inspection(Field::Method), DifferenceKind::Field, "Werkwijze".to_owned()),
    ] {
        region.apart([&dekker, &munteanu], |tablet, number| write(tablet, inspection, register.clone(), text(number)));
        let chosen = both_see_it_and_one_settles([&dekker, &munteanu], inspection, kind, &title);
        assert!([text(0), text(1)].contains(&chosen.value));
        let (state, _) = dekker.store().inspection(inspection).expect("it is here");
        assert_eq!(state.value(&register), Some(&chosen.value), "what was chosen holds");
    }
}

#[test]
fn different_texts_of_a_finding_and_captions_of_a_photo_are_shown_and_a_third_can_be_written() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let fields = vec![(Field::Title, Value::text("Vaten")), (Field::Kind, Value::choice("own"))];
    let add = AddItem { inspection, set: SetKind::Finding, slot: None, parent: None, fields, regime: None };
    let finding = dekker.app().add_item(add).expect("it is kept").item;
    let photo = dekker.photograph(inspection, None, jpeg(4));
    dekker.sync();
    munteanu.sync();
    let register = RegisterKey::Item(finding, Field::Text);
    region.apart([&dekker, &munteanu], |tablet, number| write(tablet, inspection, register.clone(), text(number)));
    both_see_it_and_one_settles([&dekker, &munteanu], inspection, DifferenceKind::Item, "B1 tekst");

    let register = RegisterKey::Item(photo, Field::Caption);
    region.apart([&dekker, &munteanu], |tablet, number| write(tablet, inspection, register.clone(), text(number)));
    assert_eq!(differences(&dekker, inspection)[0].title, "foto 1 bijschrift");
    write(&dekker, inspection, register.clone(), Value::text("De vaten achter de schuur"));
    dekker.sync();
    munteanu.sync();
    for tablet in [&dekker, &munteanu] {
        assert_eq!(differences(tablet, inspection), Vec::new());
        let view = tablet.inspection(inspection);
        assert_eq!(view.photos[0].caption, "De vaten achter de schuur", "a third text settles it as well");
    }
    let told = dekker.app().timeline(OpenInspection { inspection }).expect("it is open");
    let earlier = told.iter().filter(|line| line.superseded && line.subject == "foto 1 bijschrift").count();
    assert_eq!(earlier, 2, "both earlier captions stay in the history");
}

fn signature(name: &str) -> Signature {
    Signature { name: name.to_owned(), capacity: "opsteller".to_owned(), strokes: vec![vec![(10, 20), (30, 40)]] }
}

#[test]
fn of_two_signatures_both_are_shown_and_one_is_chosen_with_a_reason() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let now = region.clock.stamp().at;
    Visit::begin(dekker.app(), inspection, now, PHOTO).answer_everything().expect("every answer is kept");
    dekker.sync();
    munteanu.sync();
    let names = ["M. Dekker", "Ș. Munteanu"];
    region.apart([&dekker, &munteanu], |tablet, number| {
        let sign = Sign { inspection, signature: signature(names[number]), by_author: true };
        tablet.app().sign(sign).expect("nothing is missing");
    });
    assert_eq!(dekker.inspection(inspection).signatures.len(), 2, "both are shown");
    let record = differences(&dekker, inspection)[0].candidates[0].record;
    let bare = dekker.app().settle(Settle { inspection, record, reason: " ".to_owned() });
    assert_eq!(bare.expect_err("a reason is needed").code(), "invalid");

    // Each chooses another one without seeing the other's choice: that is a difference still.
    region.apart([&dekker, &munteanu], |tablet, number| {
        let record = differences(tablet, inspection)[0].candidates[number].record;
        settle(tablet, inspection, record, "die was erbij");
    });
    for tablet in [&dekker, &munteanu] {
        assert_eq!(tablet.inspection(inspection).signatures.len(), 2, "no signature is lost");
    }
    let chosen = both_see_it_and_one_settles([&dekker, &munteanu], inspection, DifferenceKind::AuthorSignature, "");
    for tablet in [&dekker, &munteanu] {
        let stands = tablet.inspection(inspection).signatures;
        assert_eq!(stands.len(), 1, "one stands");
        assert_eq!(Value::Signature(stands[0].signature.clone()), chosen.value, "as it was drawn");
        let told = tablet.app().timeline(OpenInspection { inspection }).expect("it is open");
        assert!(told.iter().any(|line| line.kind == "signature_chosen" && line.value == "samen bekeken"), "and why");
        assert_eq!(told.iter().filter(|line| line.kind == "signed").count(), 2, "both stay in the history");
    }
}

#[test]
fn somebody_who_came_with_two_cards_is_a_difference_about_the_team() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let manage = Desk::sign_in_to_manage(&region.backend);
    let person = json!({
        "name": "B. Veenstra", "organisation": "gm-alkmaar", "organisation_name": "Gemeente Alkmaar",
        "function": "toezichthouder wonen", "role": "inspector", "pass_number": "40990",
    });
    let veenstra = region.tablet_with(&manage.add_person(&person), "TABLET-9");
    let inspection = first(&dekker);
    let device = dekker.sees(&veenstra);
    let card = dekker.store().card(device).expect("it can be read").expect("it was seen").card.card();
    region.apart([&dekker, &munteanu], |tablet, number| {
        // The card of a device says what its person was when it was made; here the two tablets know different ones.
        let mut member = card.clone();
        member.function = ["toezichthouder wonen", "BOA domein I"][number].to_owned();
        let mut store = tablet.store();
        let stream = store.streams(inspection).expect("it is here")[0].stream;
        let mut writer = store.writer(stream).expect("it can be written");
        let me = store.device().person.clone();
        let author = veldboek_domain::Author { person: me.person, organisation: me.organisation };
        let body = Body::MemberAdded { member };
        let record = writer.write(&body, &author, region_clock().stamp(), Vec::new()).expect("small");
        store.append(&[record], None).expect("it is kept");
    });
    let chosen = both_see_it_and_one_settles([&dekker, &munteanu], inspection, DifferenceKind::Member, "B. Veenstra");
    for tablet in [&dekker, &munteanu] {
        let team = tablet.inspection(inspection).team;
        let found: Vec<_> = team.iter().filter(|member| member.name == "B. Veenstra").collect();
        assert_eq!(found.len(), 1);
        assert!(chosen.text.starts_with(&found[0].function), "{chosen:?} {found:?}");
    }
}

fn region_clock() -> StoryClock {
    StoryClock::at("2026-11-19T10:00:00+01:00")
}

#[test]
fn a_closed_controle_with_a_difference_can_not_be_agreed_to() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let now = region.clock.stamp().at;
    let mut visit = Visit::begin(dekker.app(), inspection, now, PHOTO);
    visit.answer_everything().expect("every answer is kept");
    dekker.sync();
    munteanu.sync();
    let slot = munteanu.choices(inspection).swap_remove(0).0;
    region.apart([&dekker, &munteanu], |tablet, number| {
        write(tablet, inspection, RegisterKey::Note(slot.clone()), text(number));
        if number == 0 {
            Visit::begin(tablet.app(), inspection, now, PHOTO).close().expect("it saw no difference");
        }
    });
    let desk = Desk::sign_in(&region.backend);
    assert_eq!(desk.refusal(inspection, &json!({ "agreed": true })), 409, "the coordinator can't agree");
    let row = desk.row(inspection);
    assert_eq!(row["differences"], 1);
    assert!(!dekker.inspection(inspection).summary.can_close);
}

fn parts_of(view: &InspectionView) -> Vec<(String, Option<ItemId>)> {
    view.progress.iter().map(|part| (part.section.clone(), part.item)).collect()
}

fn hand(
    tablet: &Device,
    inspection: InspectionId,
    section: &str,
    to: Option<&str>,
) -> Result<InspectionView, AppError> {
    let view = tablet.inspection(inspection);
    let person = |name: &str| view.team.iter().find(|member| member.name == name).expect("in the team").person;
    let (section, item) = parts_of(&view).into_iter().find(|(id, _)| id == section).expect("a part");
    tablet.app().hand_section(HandSection { inspection, section, item, to: to.map(person) })
}

#[test]
fn the_leader_asks_people_to_do_parts_and_everybody_may_still_answer() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let section = dekker.inspection(inspection).sections[2].id.clone();
    let title = dekker.inspection(inspection).sections[2].title.clone();
    assert!(dekker.inspection(inspection).leads && !munteanu.inspection(inspection).leads);
    let refused = hand(&munteanu, inspection, &section, Some("M. Dekker"));
    assert!(matches!(refused, Err(AppError::NotAllowed)), "who does not lead asks nobody: {refused:?}");

    region.backend.stop();
    hand(&dekker, inspection, &section, Some("Ș. Munteanu")).expect("it needs no network");
    region.backend.start_again();
    dekker.sync();
    munteanu.sync();
    let asked = munteanu.inspection(inspection).asked;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].section.as_str(), asked[0].name.as_str(), asked[0].is_me),
        (section.as_str(), "Ș. Munteanu", true)
    );
    assert!(!dekker.inspection(inspection).asked[0].is_me);
    let mine = |tablet: &Device| tablet.today().iter().find(|row| row.inspection == inspection).expect("today").mine;
    assert_eq!((mine(&munteanu), mine(&dekker)), (1, 0), "the list says it to who was asked");

    let in_part = |slot: &Slot| {
        let view = dekker.inspection(inspection);
        view.sections[2].questions.iter().any(|question| question.id == slot.question)
    };
    let (slot, options) = dekker.choices(inspection).into_iter().find(|(slot, _)| in_part(slot)).expect("it asks");
    dekker.answer(inspection, &slot, Value::choice(&options[0]));

    let told = munteanu.app().timeline(OpenInspection { inspection }).expect("it is open");
    assert!(
        told.iter().any(|line| line.kind == "section_asked" && line.subject == title && line.value == "Ș. Munteanu"),
        "the time line tells it"
    );
    let desk = Desk::sign_in(&region.backend).timeline(inspection).to_string();
    assert!(desk.contains(&format!("{title} gevraagd aan Ș. Munteanu")), "the desk's as well: {desk}");

    hand(&dekker, inspection, &section, None).expect("back to nobody");
    dekker.sync();
    munteanu.sync();
    assert_eq!(munteanu.inspection(inspection).asked, []);
    assert_eq!(mine(&munteanu), 0);
}

#[test]
fn two_hand_overs_without_a_network_are_a_difference_that_anybody_settles() {
    let mut region = Region::begin();
    let dekker = region.tablet(0);
    let second = region.tablet_with(&Desk::sign_in_to_manage(&region.backend).device_code("M. Dekker"), "TABLET-0B");
    let munteanu = region.tablet(1);
    let inspection = first(&dekker);
    let section = dekker.inspection(inspection).sections[1].clone();
    region.apart([&dekker, &second], |tablet, number| {
        let to = ["Ș. Munteanu", "K. de Graaf"][number];
        hand(tablet, inspection, &section.id, Some(to)).expect("it needs no network");
    });
    munteanu.sync();
    assert!(munteanu.inspection(inspection).asked[0].differs, "nobody is asked while they differ");
    let shown = differences(&munteanu, inspection);
    let names: Vec<&str> = shown[0].candidates.iter().map(|one| one.text.as_str()).collect();
    assert!(names.contains(&"Ș. Munteanu") && names.contains(&"K. de Graaf"), "by their names: {names:?}");
    let chosen = both_see_it_and_one_settles([&dekker, &munteanu], inspection, DifferenceKind::Section, &section.title);
    assert_eq!(dekker.inspection(inspection).asked[0].name, chosen.text);
}

#[test]
fn a_register_of_a_newer_version_is_kept_and_synced_and_shown_as_such() {
    let region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let mut store = dekker.store();
    let stream = store.streams(inspection).expect("it is here")[0].stream;
    let head = store.writer(stream).expect("it can be written").head();
    let chain = ChainId { stream, device: store.device().id, epoch: 0 };
    // What an app that does not know sections sees of a hand-over: a register whose kind it does not know.
    let body = br#"{"kind":"written","register":"ploeg:F","value":{"type":"text","value":"S. de Boer"}}"#;
    let me = store.device().person.clone();
    let header = json!({
        "v": 1, "stream": chain.stream, "device": chain.device, "epoch": 0, "seq": head.map_or(0, |head| head.seq + 1),
        "prev": head.map(|head| head.record), "at": "2026-11-19T09:30:00+01:00", "uptime_ms": 5,
        "author": { "person": me.person, "organisation": me.organisation },
        "body_hash": veldboek_domain::Digest::of(body),
    });
    let record =
        veldboek_domain::Record::from_bytes(header.to_string().into_bytes(), Some(body.to_vec())).expect("it holds");
    store.append(&[record], None).expect("it is kept");
    drop(store);
    assert_eq!(dekker.sync().line.records_waiting, 0, "it goes to the backend");
    munteanu.sync();
    assert_eq!(munteanu.inspection(inspection).summary.from_newer_version, 1);
    let told = munteanu.app().timeline(OpenInspection { inspection }).expect("it is open");
    assert!(told.iter().any(|line| line.kind == "newer"), "the time line says that it is from a newer version");
    assert!(munteanu.app().check().expect("it is open").broken.is_empty());
}

#[test]
fn work_on_one_part_at_the_same_time_is_told_and_asks_nothing() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let view = dekker.inspection(inspection);
    let choices = dekker.choices(inspection);
    let in_section = |id: &str| {
        let section = view.sections.iter().find(|section| section.id == id).expect("a section");
        let asks = |slot: &Slot| section.questions.iter().any(|question| question.id == slot.question);
        choices.iter().filter(|(slot, _)| asks(slot)).cloned().collect::<Vec<_>>()
    };
    let section =
        view.sections.iter().find(|one| in_section(&one.id).len() > 1).expect("one with two choices").id.clone();
    let two = in_section(&section);
    region.apart([&dekker, &munteanu], |tablet, number| {
        let (slot, options) = &two[number];
        tablet.answer(inspection, slot, Value::choice(options.last().expect("an option")));
    });
    for (tablet, other) in [(&dekker, "Ș. Munteanu"), (&munteanu, "M. Dekker")] {
        assert_eq!(differences(tablet, inspection), Vec::new(), "nobody is asked anything");
        let told = tablet.app().timeline(OpenInspection { inspection }).expect("it is open");
        assert!(told.iter().any(|line| line.alongside.as_deref() == Some(other)), "{told:?}");
    }
    let desk = Desk::sign_in(&region.backend).timeline(inspection);
    let lines = desk["lines"].as_array().expect("a list");
    assert_eq!(lines.iter().filter(|line| line["alongside"].is_string()).count(), 2, "the desk tells it too");

    // Who goes on from what the other wrote did not work beside them.
    let (slot, options) = &two[0];
    munteanu.answer(inspection, slot, Value::choice(&options[0]));
    munteanu.sync();
    dekker.sync();
    let told = dekker.app().timeline(OpenInspection { inspection }).expect("it is open");
    assert_eq!(told.last().expect("lines").alongside, None, "{:?}", told.last());
}

#[test]
fn who_has_the_controle_open_is_seen_by_the_team_and_forgotten_when_they_leave() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let heard = dekker.app().subscribe();
    for tablet in [&dekker, &munteanu] {
        tablet.shared().start_background_sync();
    }
    assert_eq!(dekker.app().look_at(LookAt { inspection: Some(inspection) }).expect("at once").others, []);
    munteanu.app().look_at(LookAt { inspection: Some(inspection) }).expect("at once");
    let others = || {
        let last = heard.try_iter().filter_map(|event| match event {
            Event::Presence { presence } => Some(presence),
            _ => None,
        });
        last.last().map(|presence| presence.others)
    };
    let seen =
        until("the other tablet is seen", Duration::from_secs(60), || others().filter(|others| !others.is_empty()));
    assert_eq!(seen, [OtherHere { name: "Ș. Munteanu".to_owned(), device: "TABLET-1".to_owned() }]);
    let desk = Desk::sign_in(&region.backend);
    assert_eq!(desk.present(inspection)["others"].as_array().map(Vec::len), Some(2), "the desk sees both");
    let log = Desk::sign_in_to_manage(&region.backend).log().to_string();
    assert!(!log.contains("aanwezig"), "and nothing of it is in the log");

    munteanu.app().look_at(LookAt { inspection: None }).expect("at once");
    until("the other tablet is gone", Duration::from_secs(60), || others().filter(Vec::is_empty));

    region.backend.stop();
    let began = std::time::Instant::now();
    let presence = munteanu.app().look_at(LookAt { inspection: Some(inspection) }).expect("without a network as well");
    assert!(presence.others.is_empty() && began.elapsed() < Duration::from_secs(2), "nothing waits for the network");
}

#[test]
fn a_receipt_is_said_per_controle_and_per_photo_and_never_before_it_is_there() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let checklist = dekker.app().checklists(Nothing {}).expect("open").into_iter().find(|one| one.family == "vb");
    let checklist = checklist.expect("a checklist").id;
    let address = Address { line: "Noordervaart 5".to_owned(), ..Address::default() };
    let plan = PlanInspection { checklist, address, planned_at: None };
    let inspection = dekker.app().plan_inspection(plan).expect("planned").inspection;
    let device = dekker.sees(&munteanu);
    dekker.app().add_member(AddMember { inspection, device }).expect("a colleague joins");
    dekker.sync();
    let row = |tablet: &Device| tablet.inspection(inspection).row;
    assert!(row(&dekker).received_at.is_some() && row(&dekker).receipt.is_some());

    region.backend.stop();
    let photo = dekker.photograph(inspection, None, jpeg(3));
    write(&dekker, inspection, RegisterKey::Item(photo, Field::Caption), Value::text("De poort"));
    let waits = row(&dekker);
    assert_eq!((waits.records_waiting, waits.photos_waiting), (3, 1), "three changes and a photo");
    assert_eq!((waits.received_at, waits.receipt), (None, None));
    let shown = |tablet: &Device| tablet.inspection(inspection).photos[0].clone();
    assert!(shown(&dekker).own && !shown(&dekker).received && shown(&dekker).receipt.is_none());

    let settings = Settings { photos_paused: true, ..Settings::default() };
    dekker.app().change_settings(settings.clone()).expect("offered");
    region.backend.start_again();
    dekker.sync();
    munteanu.sync();
    assert_eq!((row(&dekker).records_waiting, row(&dekker).photos_waiting), (0, 1), "the photo alone still waits");
    assert_eq!(row(&dekker).received_at, None, "so the controle is not called received");
    let theirs = shown(&munteanu);
    assert!(!theirs.own && !theirs.received, "nobody knows of a photo that only its own tablet has");
    let desk = Desk::sign_in(&region.backend);
    assert_eq!(desk.row(inspection)["photos_waiting"], 1, "the desk says how many are still on a tablet");

    dekker.app().change_settings(Settings { photos_paused: false, ..settings }).expect("offered");
    dekker.sync();
    let received = shown(&dekker);
    assert!(received.received && received.received_at.is_some() && received.receipt.is_some());
    assert!(row(&dekker).received_at.is_some());
    assert_eq!(desk.row(inspection)["photos_waiting"], 0);
    let state = dekker.app().sync_state(Nothing {}).expect("open");
    let line = state.inspections.iter().find(|one| one.inspection == inspection).expect("it was synced");
    assert_eq!(line.photos[0].receipt, received.receipt, "the same receipt everywhere");
    assert_eq!(line.photos[0].received_at, received.received_at);

    // A receipt for other bytes is none.
    let mut store = dekker.store();
    let kept = store.photos_of(inspection).expect("read").swap_remove(0);
    let text = kept.receipt.expect("a receipt").replace(&kept.sha256.to_string(), &"0".repeat(64));
    store.keep_photo_receipt(&kept.sha256, &text).expect("kept");
    drop(store);
    assert!(!shown(&dekker).received);
}
