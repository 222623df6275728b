//! Two tablets on one hotspot in a yard, without the backend: what one lacks of the other comes over, to whom it may come.

use std::collections::BTreeMap;

use veldboek_app::api::*;
use veldboek_domain::codes::Regime;
use veldboek_domain::{Field, InspectionId, ItemId, SetKind, Slot, Value};
use veldboek_tests::desk::Desk;
use veldboek_tests::device::Device;
use veldboek_tests::nearby::{
    SOON, agree, closes, exchange, exchange_everything, listens, meet, reaches, state, types,
};
use veldboek_tests::photo::{jpeg, jpeg_of};
use veldboek_tests::region::{Region, answer, first, held, note};
use veldboek_tests::until;

fn code(error: &veldboek_app::AppError) -> String {
    error.code().to_owned()
}

/// Takes so many photos of a MiB.
fn photograph(tablet: &Device, inspection: InspectionId, slot: &Slot, numbers: std::ops::Range<u32>) -> Photos {
    let take = |number| {
        let bytes = jpeg_of(number, 1024 * 1024);
        (tablet.photograph(inspection, Some(slot), bytes.clone()), bytes)
    };
    numbers.map(take).collect()
}

type Photos = BTreeMap<ItemId, Vec<u8>>;

fn has(tablet: &Device, photos: &Photos) {
    for (item, bytes) in photos {
        let (_, there) = tablet.app().photo_bytes(*item, PhotoSize::Original).expect("the photo came");
        assert!(there == *bytes, "the same bytes");
    }
}

#[test]
fn both_give_what_the_other_lacks_and_both_converge_with_the_backend() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let answered = answer(&dekker, inspection, 12);
    let from_dekker = photograph(&dekker, inspection, &answered[0], 1..3);
    note(&munteanu, inspection, &answered[2], "Gezien vanaf de weg.");
    let from_munteanu = photograph(&munteanu, inspection, &answered[1], 3..4);

    let (at_dekker, at_munteanu) = meet(dekker.app(), munteanu.app());
    assert_eq!(at_dekker.code, at_munteanu.code, "the same code on both screens");
    let code = at_dekker.code.expect("there is a code");
    assert!(code.len() == 7 && code.chars().filter(char::is_ascii_digit).count() == 6, "{code}");
    let peer = |view: &NearbyView| view.peer.clone().map(|peer| (peer.person, peer.device));
    assert_eq!(peer(&at_munteanu), Some(("M. Dekker".to_owned(), "TABLET-0".to_owned())));
    assert!(at_dekker.inspections.is_empty(), "nothing of a controle is told before both agreed");

    let (choices, there) = agree(dekker.app(), munteanu.app());
    assert_eq!(choices.inspections.len(), 1, "only what differs: {:?}", choices.inspections);
    let (here, there) = (&choices.inspections[0], &there.inspections[0]);
    assert_eq!(here.number, dekker.inspection(inspection).row.number);
    assert_eq!((here.goes.photos, here.goes.bytes, here.comes.photos), (2, 2 * 1024 * 1024, 1));
    assert_eq!((here.goes, here.comes), (there.comes, there.goes), "each sees the other's side of it");

    let heard = munteanu.app().subscribe();
    let (to_dekker, to_munteanu) = exchange(dekker.app(), munteanu.app(), vec![inspection]);
    assert_eq!((to_munteanu.answers, to_munteanu.photos), (12, 2));
    assert_eq!((to_dekker.photos, to_dekker.answers), (1, 0));
    assert_eq!(to_munteanu.records, to_dekker.given.records);
    assert!(to_dekker.not_taken.is_empty() && to_munteanu.not_taken.is_empty() && !to_munteanu.has_gaps);
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
    has(&munteanu, &from_dekker);
    has(&dekker, &from_munteanu);
    until("the line on top says that it waits", SOON, || {
        heard.try_iter().find_map(|event| match event {
            Event::Sync { line } => (line.records_waiting > 0 && line.received_at.is_none()).then_some(()),
            _ => None,
        })
    });
    let view = munteanu.inspection(inspection);
    assert_eq!(view.row.received_at, None, "what came from a tablet is not called received");
    let records = held(&munteanu);
    assert_eq!(records, held(&dekker));

    region.backend.start_again();
    for tablet in [&munteanu, &dekker, &munteanu] {
        let synced = tablet.sync();
        assert_eq!((synced.line.state, synced.line.records_waiting), (SyncPhase::Received, 0), "{:?}", synced.problem);
        assert!(synced.quarantined.is_empty());
    }
    let view = munteanu.inspection(inspection);
    let first_answer = view.slots.iter().find(|state| state.slot == answered[0]).expect("it is asked");
    assert!(first_answer.received_at.is_some(), "now the backend has it");
    assert_eq!((held(&dekker), held(&munteanu)), (records, records), "nothing doubled");
    let desk = Desk::sign_in(&region.backend);
    for (item, bytes) in from_dekker.iter().chain(&from_munteanu) {
        assert!(desk.photo(inspection, *item) == *bytes);
    }
}

#[test]
fn a_second_time_there_is_nothing_to_exchange() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let answered = answer(&dekker, inspection, 4);
    photograph(&dekker, inspection, &answered[0], 1..2);
    exchange_everything(dekker.app(), munteanu.app());
    let before = (held(&munteanu), munteanu.answers(inspection));
    closes(dekker.app());
    closes(munteanu.app());
    meet(munteanu.app(), dekker.app());
    let (choices, _) = agree(munteanu.app(), dekker.app());
    assert_eq!(choices.inspections, [], "both have everything");
    let (to_munteanu, to_dekker) = exchange(munteanu.app(), dekker.app(), vec![inspection]);
    assert_eq!((to_munteanu, to_dekker), (NearbyOutcome::default(), NearbyOutcome::default()));
    assert_eq!((held(&munteanu), munteanu.answers(inspection)), before);
}

#[test]
fn a_controle_that_one_of_them_planned_in_the_field_comes_over_whole() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    region.backend.stop();
    let checklist = dekker.app().checklists(Nothing {}).expect("it is open").first().expect("there is one").id.clone();
    let plan = PlanInspection { checklist, address: Default::default(), planned_at: None };
    let inspection = dekker.app().plan_inspection(plan).expect("a new controle needs no network").inspection;
    let answered = answer(&dekker, inspection, 5);
    for number in 0..20 {
        note(&dekker, inspection, &answered[number % 5], &format!("{number}: {}", "lang verhaal ".repeat(3_000)));
    }
    // Who is added comes late in the chain: by then more than one batch went over.
    let device = dekker.sees(&munteanu);
    dekker.app().add_member(AddMember { inspection, device }).expect("their card says who they are");
    meet(munteanu.app(), dekker.app());
    let (choices, _) = agree(munteanu.app(), dekker.app());
    assert_eq!(choices.inspections.iter().map(|one| one.inspection).collect::<Vec<_>>(), [inspection]);
    let (to_munteanu, _) = exchange(munteanu.app(), dekker.app(), vec![inspection]);
    assert_eq!((to_munteanu.records, to_munteanu.not_in_team), (to_munteanu.records.max(26), 0));
    assert!(to_munteanu.not_taken.is_empty() && !to_munteanu.has_gaps, "{to_munteanu:?}");
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
    assert_eq!(held(&munteanu), held(&dekker));
    drop(dekker);
    region.backend.start_again();
    let synced = munteanu.sync();
    assert_eq!((synced.line.state, synced.line.records_waiting), (SyncPhase::Received, 0), "{:?}", synced.problem);
    assert!(Desk::sign_in(&region.backend).timeline(inspection).to_string().contains("19: lang verhaal"));
}

#[test]
fn nothing_goes_over_when_one_person_sees_another_code() {
    let region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    answer(&dekker, inspection, 3);
    let before = held(&munteanu);
    meet(dekker.app(), munteanu.app());
    dekker.app().nearby_compare(NearbyCompare { same: true }).expect("there is somebody");
    assert_eq!(reaches(dekker.app(), NearbyStage::Waiting).inspections, [], "one of two is not enough");
    munteanu.app().nearby_compare(NearbyCompare { same: false }).expect("there is somebody");
    let problem = |tablet: &Device| reaches(tablet.app(), NearbyStage::Ended).problem;
    assert_eq!(problem(&munteanu).as_deref(), Some("nearby_other_code"));
    assert_eq!(problem(&dekker).as_deref(), Some("nearby_other_code_there"));
    assert_eq!(held(&munteanu), before);
    // Put away, both can be found again.
    dekker.app().nearby_end(Nothing {}).expect("it is open");
    munteanu.app().nearby_end(Nothing {}).expect("it is open");
    assert_eq!((state(dekker.app()).stage, state(munteanu.app()).stage), (NearbyStage::Looking, NearbyStage::Looking));
    assert!(meet(dekker.app(), munteanu.app()).0.code.is_some());
}

#[test]
fn a_tablet_of_another_backend_is_refused_in_words() {
    let (region, elsewhere) = (Region::begin(), Region::begin());
    let (dekker, stranger) = (region.tablet(0), elsewhere.tablet(1));
    let address = listens(dekker.app());
    listens(stranger.app());
    types(stranger.app(), &address).expect("the line stands");
    let ended = reaches(stranger.app(), NearbyStage::Ended);
    assert_eq!(ended.problem.as_deref(), Some("nearby_stranger_there"));
    assert_eq!(ended.peer, None, "it does not hear whose tablet it asked");
    let refused = until("it was turned away", SOON, || state(dekker.app()).refused);
    assert_eq!(refused, "nearby_stranger");
    assert_eq!(state(dekker.app()).stage, NearbyStage::Looking, "and the screen goes on looking");
    // The other way round it is the one who asks that finds out.
    let address = listens(stranger.app());
    stranger.app().nearby_end(Nothing {}).expect("it is open");
    types(dekker.app(), &address).expect("the line stands");
    assert_eq!(reaches(dekker.app(), NearbyStage::Ended).problem.as_deref(), Some("nearby_stranger_there"));
}

#[test]
fn a_blocked_tablet_is_refused_in_words_by_who_heard_of_it() {
    let region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    Desk::sign_in_to_manage(&region.backend).block_device("TABLET-1");
    answer(&dekker, first(&dekker), 1);
    dekker.sync();
    let card = munteanu.app().device_card_bytes().expect("it has a card");
    let refused = dekker.app().add_device_card(&card).expect_err("it was blocked");
    assert_eq!(code(&refused), "other_device_blocked");
    let address = listens(dekker.app());
    listens(munteanu.app());
    types(munteanu.app(), &address).expect("the line stands");
    assert_eq!(reaches(munteanu.app(), NearbyStage::Ended).problem.as_deref(), Some("nearby_blocked_there"));
    assert_eq!(until("it was turned away", SOON, || state(dekker.app()).refused), "nearby_blocked");
    let address = listens(munteanu.app());
    munteanu.app().nearby_end(Nothing {}).expect("it is open");
    types(dekker.app(), &address).expect("the line stands");
    assert_eq!(reaches(dekker.app(), NearbyStage::Ended).problem.as_deref(), Some("nearby_blocked"));
}

#[test]
fn what_is_not_theirs_never_crosses() {
    let region = Region::begin();
    let (dekker, boa, outsider) = (region.tablet(0), region.tablet(2), region.outsider());
    let inspection = first(&boa);
    let secret = "Achter de dubbele wand staan zakken kunstmest.";
    let finding = AddItem {
        inspection,
        set: SetKind::Finding,
        slot: None,
        parent: None,
        fields: vec![(Field::Title, Value::text("Dubbele wand")), (Field::Text, Value::text(secret))],
        regime: Some(Regime::WpgOpsporing),
    };
    let finding = boa.app().add_item(finding).expect("a BOA may investigate").item;
    let pending = PhotoPending { inspection, slot: None, parent: Some(finding), document: false };
    let photo = boa.app().photo_pending(pending).expect("the photo is announced").item;
    boa.app().photo_add(PhotoAdd { inspection, item: photo, position: None }, jpeg(5)).expect("the photo is kept");
    note(&boa, inspection, &boa.choices(inspection)[0].0, "Iedereen mag dit lezen.");
    let before = boa.store().streams(inspection).expect("it has streams").len();

    meet(dekker.app(), boa.app());
    let (choices, _) = agree(dekker.app(), boa.app());
    assert_eq!(choices.inspections[0].comes, NearbyAmount { records: 1, photos: 0, bytes: 0 }, "not even in a count");
    let (to_dekker, _) = exchange(dekker.app(), boa.app(), vec![inspection]);
    assert_eq!((to_dekker.records, to_dekker.photos), (1, 0));
    assert!(dekker.inspection(inspection).findings.is_empty());
    let there = dekker.store().streams(inspection).expect("it has streams");
    assert!(before > 1 && there.len() == 1, "only the team's stream is known there");
    closes(dekker.app());
    closes(boa.app());

    // Who is in no team is told of nothing, and told nothing.
    meet(outsider.app(), boa.app());
    let (choices, there) = agree(outsider.app(), boa.app());
    assert_eq!((choices.inspections, there.inspections), (Vec::new(), Vec::new()));
    exchange(outsider.app(), boa.app(), vec![inspection]);
    assert!(outsider.store().streams(inspection).expect("it can be asked").is_empty());
}

#[test]
fn both_answers_to_one_question_stand_on_both_tablets() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let (slot, options) = dekker.choices(inspection).into_iter().find(|(_, options)| options.len() > 1).expect("one");
    dekker.answer(inspection, &slot, Value::choice(&options[0]));
    munteanu.answer(inspection, &slot, Value::choice(&options[1]));
    exchange_everything(dekker.app(), munteanu.app());
    let seen = |tablet: &Device| {
        let differences = tablet.app().differences(OpenInspection { inspection }).expect("it is open");
        let one = differences.into_iter().find(|one| one.slot.as_ref() == Some(&slot)).expect("both are shown");
        let mut values: Vec<String> = one.candidates.iter().map(|candidate| format!("{:?}", candidate.value)).collect();
        values.sort();
        values
    };
    assert_eq!(seen(&dekker), seen(&munteanu));
    assert_eq!(seen(&dekker).len(), 2);
}

#[test]
fn photos_wait_when_a_person_wants_it_and_go_on() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let slot = answer(&dekker, inspection, 1).remove(0);
    let photos = photograph(&dekker, inspection, &slot, 1..4);
    meet(dekker.app(), munteanu.app());
    agree(dekker.app(), munteanu.app());
    // The other person's pause counts on both sides.
    munteanu.app().nearby_pause(NearbyPause { paused: true }).expect("there is somebody");
    until("the pause is heard", SOON, || state(dekker.app()).paused_there.then_some(()));
    dekker.app().nearby_start(NearbyStart { inspections: vec![inspection] }).expect("there is somebody");
    until("the records are there", SOON, || (munteanu.answers(inspection) == dekker.answers(inspection)).then_some(()));
    let view = state(munteanu.app());
    assert_eq!((view.stage, view.progress.came.photos, view.paused), (NearbyStage::Exchanging, 0, true));
    munteanu.app().nearby_pause(NearbyPause { paused: false }).expect("there is somebody");
    reaches(munteanu.app(), NearbyStage::Done);
    has(&munteanu, &photos);
}

#[test]
fn who_stops_leaves_what_came_and_the_other_hears_it() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let slot = answer(&dekker, inspection, 6).remove(0);
    photograph(&dekker, inspection, &slot, 1..3);
    meet(dekker.app(), munteanu.app());
    agree(dekker.app(), munteanu.app());
    munteanu.app().nearby_pause(NearbyPause { paused: true }).expect("there is somebody");
    until("the pause is heard", SOON, || state(dekker.app()).paused_there.then_some(()));
    dekker.app().nearby_start(NearbyStart { inspections: vec![inspection] }).expect("there is somebody");
    until("the records are there", SOON, || (munteanu.answers(inspection) == dekker.answers(inspection)).then_some(()));
    munteanu.app().lock(Nothing {}).expect("an open app can be locked");
    assert_eq!(reaches(dekker.app(), NearbyStage::Ended).problem.as_deref(), Some("nearby_stopped_there"));
    assert_eq!(state(munteanu.app()).stage, NearbyStage::Closed, "a locked app does not listen");
    munteanu.app().unlock(Unlock { secret: veldboek_tests::device::SECRET.to_owned() }).expect("it is right");
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
}

#[test]
fn nobody_listens_before_the_screen_is_open_or_after_it_was_closed() {
    let region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    assert_eq!(state(munteanu.app()).stage, NearbyStage::Closed);
    let address = listens(munteanu.app());
    closes(munteanu.app());
    until("nobody listens", SOON, || std::net::TcpStream::connect(&address).is_err().then_some(()));
    listens(dekker.app());
    let error = types(dekker.app(), &address).expect_err("nobody is there");
    assert_eq!(code(&error), "nearby_unreachable");
    assert_eq!(code(&types(dekker.app(), "schuur 3").expect_err("no address")), "nearby_address");
    let unknown = NearbyConnect::Name { name: "AAA-AAA".to_owned() };
    assert_eq!(code(&dekker.app().nearby_connect(unknown).expect_err("nobody has that name")), "nearby_not_there");
    assert_eq!(state(dekker.app()).stage, NearbyStage::Looking);
}

#[test]
fn a_third_tablet_hears_that_two_are_talking() {
    let region = Region::begin();
    let (dekker, munteanu, boa) = (region.tablet(0), region.tablet(1), region.tablet(2));
    let (_, at_munteanu) = meet(dekker.app(), munteanu.app());
    listens(boa.app());
    types(boa.app(), &listens(munteanu.app())).expect("the line stands");
    assert_eq!(reaches(boa.app(), NearbyStage::Ended).problem.as_deref(), Some("nearby_busy"));
    assert_eq!(state(munteanu.app()).code, at_munteanu.code, "the two are not disturbed");
    let again = types(dekker.app(), &listens(boa.app())).expect_err("it talks to somebody");
    assert_eq!(code(&again), "nearby_talking");
}
