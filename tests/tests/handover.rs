//! Two tablets in a barn without a network: a controle goes over in a file, and nothing is lost, doubled or leaked.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use veldboek_app::AppError;
use veldboek_app::api::*;
use veldboek_domain::codes::Regime;
use veldboek_domain::{
    Address, Body, Clock, Digest, Field, InspectionId, Record, RegisterKey, SetKind, StreamKind, Value,
};
use veldboek_sync::envelope::{self, HandedPhoto, Preamble, Receiver, Sealing};
use veldboek_sync::receipt::public_key;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::Device;
use veldboek_tests::photo::{jpeg, jpeg_of};
use veldboek_tests::region::{Region, answer, first, held, note};

/// A controle that begins on this tablet, with no network.
fn plan(tablet: &Device) -> InspectionId {
    let checklist = tablet.app().checklists(Nothing {}).expect("it is open").first().expect("there is one").id.clone();
    let address = Address { line: "Noordervaart 5".to_owned(), town: "Schermerhorn".to_owned(), ..Address::default() };
    let plan = PlanInspection { checklist, address, planned_at: None };
    tablet.app().plan_inspection(plan).expect("a new controle needs no network").inspection
}

fn export(from: &Device, inspection: InspectionId, to: &Device) -> Result<HandoverMade, AppError> {
    let device = from.sees(to);
    from.app().handover_export(HandoverRequest { inspection, device, everything: false })
}

fn code(error: AppError) -> String {
    error.code().to_owned()
}

#[test]
fn a_controle_goes_to_a_colleagues_tablet_in_one_file() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let answered = answer(&dekker, inspection, 12);
    let photos: Vec<_> = (1..=3)
        .map(|number| {
            let bytes = jpeg_of(number, 1024 * 1024);
            (dekker.photograph(inspection, Some(&answered[0]), bytes.clone()), bytes)
        })
        .collect();

    let made = export(&dekker, inspection, &munteanu).expect("both are in the team");
    assert_eq!((made.photos, made.photos_unread, made.only_changes), (3, 0, false));
    assert!(made.file_name.ends_with("-TABLET-1.veldboek"), "{}", made.file_name);
    let heard = munteanu.app().subscribe();
    let received = munteanu.app().handover_import(&dekker.hand_over(inspection, &munteanu)).expect("it is for it");
    assert_eq!((received.answers, received.photos), (12, 3));
    let lines = heard.try_iter().filter_map(|event| match event {
        Event::Sync { line } => Some((line.records_waiting, line.received_at)),
        _ => None,
    });
    assert_eq!(lines.last(), Some((received.records, None)), "the line on top says at once that it waits");
    assert_eq!((received.person.as_str(), received.device.as_str()), ("M. Dekker", "TABLET-0"));
    assert_eq!(received.number, dekker.inspection(inspection).row.number);
    assert!(received.not_taken.is_empty() && !received.has_gaps && !received.is_known);

    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection), "the same answers");
    for (item, bytes) in &photos {
        let (_, there) = munteanu.app().photo_bytes(*item, PhotoSize::Original).expect("the photo came along");
        assert!(there == *bytes, "the same bytes");
    }
    let view = munteanu.inspection(inspection);
    let first_answer = view.slots.iter().find(|state| state.slot == answered[0]).expect("it is asked");
    assert_eq!(first_answer.received_at, None, "what came by a file is not called received");
    assert_eq!(view.row.received_at, None);
    let state = munteanu.app().sync_state(Nothing {}).expect("it is open");
    assert_eq!((state.line.records_waiting, state.line.photos_waiting), (received.records, 3), "it is to be brought");

    region.backend.start_again();
    assert_eq!(munteanu.sync().line.state, SyncPhase::Received);
    assert_eq!(dekker.sync().line.state, SyncPhase::Received);
    munteanu.sync();
    for tablet in [&dekker, &munteanu] {
        let state = tablet.sync();
        assert_eq!((state.line.state, state.line.records_waiting), (SyncPhase::Received, 0), "{:?}", state.problem);
        assert!(state.quarantined.is_empty());
        held(tablet);
    }
    let view = munteanu.inspection(inspection);
    let first_answer = view.slots.iter().find(|state| state.slot == answered[0]).expect("it is asked");
    assert!(first_answer.received_at.is_some(), "now the backend has it");
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
    let desk = Desk::sign_in(&region.backend);
    for (item, bytes) in &photos {
        assert!(desk.photo(inspection, *item) == *bytes);
    }
}

#[test]
fn what_a_tablet_that_is_gone_handed_over_reaches_the_desk_under_its_own_name() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    region.backend.stop();
    let inspection = plan(&dekker);
    let answered = answer(&dekker, inspection, 8);
    note(&dekker, inspection, &answered[0], "Achter de stal ligt een sleuf van twaalf meter.");
    let photo = dekker.photograph(inspection, Some(&answered[1]), jpeg(7));
    assert_eq!(code(export(&dekker, inspection, &munteanu).expect_err("nobody added them")), "not_in_team");
    let device = dekker.sees(&munteanu);
    dekker.app().add_member(AddMember { inspection, device }).expect("their card says who they are");
    let file = dekker.hand_over(inspection, &munteanu);
    let answers = dekker.answers(inspection);
    let written = dekker.app().timeline(OpenInspection { inspection }).expect("it is open").len();
    drop(dekker);

    munteanu.app().handover_import(&file).expect("it is for this tablet");
    let open = munteanu.choices(inspection).into_iter().find(|(slot, _)| !answered.contains(slot));
    let (slot, options) = open.expect("there is more to answer");
    munteanu.answer(inspection, &slot, Value::choice(&options[0]));
    region.backend.start_again();
    let synced = munteanu.sync();
    assert_eq!(
        (synced.line.state, synced.line.records_waiting, synced.line.photos_waiting),
        (SyncPhase::Received, 0, 0)
    );
    assert!(synced.quarantined.is_empty(), "{:?}", synced.quarantined);

    let desk = Desk::sign_in(&region.backend);
    let timeline = desk.timeline(inspection).to_string();
    assert!(timeline.contains("sleuf van twaalf meter"), "every word of it is there");
    assert_eq!(timeline.matches("TABLET-0").count(), written, "each record under the tablet that wrote it");
    assert!(timeline.contains("M. Dekker") && timeline.contains("TABLET-1"));
    assert!(desk.photo(inspection, photo) == jpeg(7), "and the photo");
    let colleague = region.tablet_with(&new_code(&region, "M. Dekker"), "TABLET-0B");
    let there = colleague.answers(inspection);
    assert!(answers.iter().all(|(slot, value)| there.get(slot) == Some(value)), "the author's new tablet has it all");
    let entries = munteanu.app().timeline(OpenInspection { inspection }).expect("it is open");
    assert!(entries.iter().all(|entry| entry.receipt.is_some()), "with a receipt for each record");
}

#[test]
fn a_long_chain_is_brought_to_the_backend_in_parts() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let slots = answer(&dekker, inspection, 10);
    for number in 0..50 {
        note(&dekker, inspection, &slots[number % 10], &format!("{number}: {}", "lang verhaal ".repeat(4_000)));
    }
    let own = dekker.store().waiting_chains().expect("it can be read").len();
    assert_eq!(own, 1);
    let received = munteanu.app().handover_import(&dekker.hand_over(inspection, &munteanu)).expect("it is for it");
    assert!(received.not_taken.is_empty() && received.records >= 60, "{received:?}");
    drop(dekker);
    region.backend.start_again();
    let synced = munteanu.sync();
    assert_eq!((synced.line.state, synced.line.records_waiting), (SyncPhase::Received, 0), "{:?}", synced.problem);
    assert!(synced.quarantined.is_empty());
    let timeline = Desk::sign_in(&region.backend).timeline(inspection).to_string();
    assert!((0..50).all(|number| timeline.contains(&format!("{number}: lang verhaal"))), "two and a half megabytes");
}

#[test]
fn a_third_tablet_brings_what_two_that_are_gone_handed_on() {
    let mut region = Region::begin();
    let (dekker, munteanu, boa) = (region.tablet(0), region.tablet(1), region.tablet(2));
    let inspection = first(&dekker);
    region.backend.stop();
    let slots = answer(&dekker, inspection, 4);
    note(&dekker, inspection, &slots[0], "Van de eerste tablet.");
    munteanu.app().handover_import(&dekker.hand_over(inspection, &munteanu)).expect("it is for it");
    note(&munteanu, inspection, &slots[1], "Van de tweede tablet.");
    let received = boa.app().handover_import(&munteanu.hand_over(inspection, &boa)).expect("it is for it");
    assert_eq!((received.answers, received.person.as_str()), (4, "Ș. Munteanu"));
    let known = boa.app().known_devices(KnownDevices::default()).expect("it is open");
    assert!(known.iter().any(|device| device.name == "TABLET-0"), "the first one's card came along");
    drop((dekker, munteanu));
    region.backend.start_again();
    let synced = boa.sync();
    assert_eq!((synced.line.state, synced.line.records_waiting), (SyncPhase::Received, 0), "{:?}", synced.problem);
    let timeline = Desk::sign_in(&region.backend).timeline(inspection).to_string();
    assert!(timeline.contains("Van de eerste tablet.") && timeline.contains("Van de tweede tablet."));
}

#[test]
fn a_team_that_synced_before_needs_no_cards_from_a_stick() {
    let mut region = Region::begin();
    let (dekker, munteanu, outsider) = (region.tablet(0), region.tablet(1), region.outsider());
    let inspection = first(&dekker);
    answer(&munteanu, inspection, 1);
    munteanu.sync();
    dekker.sync();
    let known = || dekker.app().known_devices(KnownDevices { inspection: Some(inspection) }).expect("it is open");
    let names: Vec<String> = known().into_iter().map(|device| device.name).collect();
    assert_eq!(names, ["TABLET-1"], "the team's, and nobody else's");
    region.backend.stop();
    answer(&dekker, inspection, 3);
    let request = HandoverRequest { inspection, device: known()[0].device, everything: false };
    dekker.app().handover_export(request).expect("its card came with a sync");
    let file = dekker.app().handover_bytes(request).expect("it was just made");
    munteanu.app().handover_import(&file).expect("it is for it");

    region.backend.start_again();
    Desk::sign_in_to_manage(&region.backend).block_device("TABLET-1");
    dekker.app().handover_export(request).expect("it can't know yet that the tablet was lost");
    dekker.sync();
    assert_eq!(known(), [], "nothing more is handed over to a lost tablet");
    assert_eq!(code(dekker.app().handover_export(request).expect_err("it is blocked")), "not_found");
    drop(outsider);
}

fn new_code(region: &Region, name: &str) -> String {
    Desk::sign_in_to_manage(&region.backend).device_code(name)
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let answered = answer(&dekker, inspection, 3);
    dekker.photograph(inspection, Some(&answered[0]), jpeg(1));
    let file = dekker.hand_over(inspection, &munteanu);
    munteanu.app().handover_import(&file).expect("it is for this tablet");
    let before = (held(&munteanu), munteanu.answers(inspection), munteanu.app().sync_state(Nothing {}).expect("open"));
    let again = munteanu.app().handover_import(&file).expect("the same file is no failure");
    assert!(again.is_known, "everything was here already");
    assert_eq!((again.records, again.answers, again.photos), (0, 0, 0));
    let after = (held(&munteanu), munteanu.answers(inspection), munteanu.app().sync_state(Nothing {}).expect("open"));
    assert_eq!(before, after);
}

#[test]
fn the_way_back_carries_only_what_the_other_lacks() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let answered = answer(&dekker, inspection, 6);
    dekker.photograph(inspection, Some(&answered[0]), jpeg_of(1, 1024 * 1024));
    munteanu.app().handover_import(&dekker.hand_over(inspection, &munteanu)).expect("it is for this tablet");
    note(&munteanu, inspection, &answered[2], "Gezien, klopt.");
    let made = export(&munteanu, inspection, &dekker).expect("both are in the team");
    assert_eq!((made.records, made.photos, made.only_changes), (1, 0, true));
    let back = dekker.app().handover_import(&munteanu.hand_over(inspection, &dekker)).expect("it is for this tablet");
    assert_eq!((back.records, back.has_gaps, back.is_known), (1, false, false));
    let device = munteanu.sees(&dekker);
    let whole = HandoverRequest { inspection, device, everything: true };
    let made = munteanu.app().handover_export(whole).expect("everything can always be given");
    assert!(made.records > 10 && made.photos == 1 && !made.only_changes);
    let bytes = munteanu.app().handover_bytes(whole).expect("it was just made");
    assert!(dekker.app().handover_import(&bytes).expect("it is for this tablet").is_known);
}

#[test]
fn a_file_is_for_one_tablet_and_no_other() {
    let region = Region::begin();
    let (dekker, munteanu, boa) = (region.tablet(0), region.tablet(1), region.tablet(2));
    let inspection = first(&dekker);
    let file = dekker.hand_over(inspection, &munteanu);
    let before = held(&boa);
    assert_eq!(code(boa.app().handover_import(&file).expect_err("it is for another")), "not_for_this_device");
    assert_eq!(
        code(dekker.app().handover_import(&file).expect_err("who made it can't read it")),
        "not_for_this_device"
    );
    assert_eq!(held(&boa), before);
}

#[test]
fn a_changed_or_cut_file_is_refused_in_words_and_changes_nothing() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    answer(&dekker, inspection, 2);
    let file = dekker.hand_over(inspection, &munteanu);
    let before = held(&munteanu);
    let known =
        ["not_a_handover", "not_for_this_device", "handover_damaged", "handover_signature", "handover_stranger"];
    let step = file.len() / 150;
    for at in (0..file.len()).step_by(step).chain(file.len() - 20..file.len()) {
        let mut changed = file.clone();
        changed[at] ^= 1 << (at % 8);
        let refused = code(munteanu.app().handover_import(&changed).expect_err("a byte was changed"));
        assert!(known.contains(&refused.as_str()), "byte {at}: {refused}");
    }
    for length in (0..file.len()).step_by(step).chain([file.len() - 1]) {
        let refused = code(munteanu.app().handover_import(&file[..length]).expect_err("its end is missing"));
        assert!(known.contains(&refused.as_str()), "{length} bytes: {refused}");
    }
    let mut longer = file.clone();
    longer.extend(b"meer");
    assert_eq!(code(munteanu.app().handover_import(&longer).expect_err("there is more")), "handover_damaged");
    assert_eq!(held(&munteanu), before);
    munteanu.app().handover_import(&file).expect("the file itself is good");
}

#[test]
fn who_is_not_in_the_team_gets_nothing_until_they_are_added() {
    let region = Region::begin();
    let (dekker, outsider) = (region.tablet(0), region.outsider());
    let inspection = first(&dekker);
    assert_eq!(code(export(&dekker, inspection, &outsider).expect_err("not in the team")), "not_in_team");
    let known = dekker.app().known_devices(KnownDevices { inspection: Some(inspection) }).expect("it is open");
    assert_eq!((known[0].person.as_str(), known[0].in_team), ("B. Veenstra", Some(false)));
    dekker.app().add_member(AddMember { inspection, device: known[0].device }).expect("their card says who they are");
    export(&dekker, inspection, &outsider).expect("now they are in the team");
    let members = dekker.inspection(inspection).team.len();
    dekker.app().add_member(AddMember { inspection, device: known[0].device }).expect("again is no failure");
    assert_eq!(dekker.inspection(inspection).team.len(), members, "and adds nobody twice");
}

#[test]
fn nothing_is_taken_from_who_only_added_themselves() {
    let region = Region::begin();
    let (dekker, munteanu, outsider) = (region.tablet(0), region.tablet(1), region.outsider());
    let inspection = first(&dekker);
    // The outsider got hold of the records somehow and wrote themselves into the team.
    let mut store = outsider.store();
    let row = dekker.store().streams(inspection).expect("it has streams").remove(0);
    store.receive(&dekker.store().stream_history(row.stream).expect("it has records"), None).expect("there is room");
    let device = store.device().clone();
    let author =
        veldboek_domain::Author { person: device.person.person, organisation: device.person.organisation.clone() };
    let mut writer = store.writer(row.stream).expect("a chain of its own begins");
    let body = Body::MemberAdded { member: device.person.clone() };
    let record = writer.write(&body, &author, region.clock.stamp(), Vec::new()).expect("it is small");
    store.append(&[record], None).expect("there is room");
    drop(store);
    let before = held(&munteanu);
    let file = outsider.hand_over(inspection, &munteanu);
    assert_eq!(code(munteanu.app().handover_import(&file).expect_err("nobody added them")), "giver_not_in_team");
    assert_eq!(held(&munteanu), before);
}

#[test]
fn what_a_boa_investigates_is_not_in_a_supervisors_file() {
    let region = Region::begin();
    let (dekker, boa, other) = (region.tablet(0), region.tablet(2), region.outsider());
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
    let closed = boa.store().streams(inspection).expect("it has streams");
    let closed = closed.iter().find(|row| matches!(row.kind, StreamKind::Wpg { .. })).expect("there is one").stream;

    let file = boa.hand_over(inspection, &dekker);
    let identity: age::x25519::Identity = dekker.store().device().handover_identity.parse().expect("it has one");
    let mut inside = Vec::new();
    let decryptor = age::Decryptor::new(&file[..]).expect("it is an age file");
    let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).expect("it is for them");
    reader.read_to_end(&mut inside).expect("it is whole");
    assert!(contains(&inside, b"Iedereen mag dit lezen."), "the team's records are inside");
    for word in [secret, "Dubbele wand", &closed.to_string(), &finding.to_string(), &photo.to_string(), "\"wpg\""] {
        assert!(!contains(&inside, word.as_bytes()), "{word} is not inside");
    }
    assert!(!contains(&inside, &jpeg(5)[..200]) && !contains(&inside, Digest::of(&jpeg(5)).to_string().as_bytes()));
    dekker.app().handover_import(&file).expect("it is for this tablet");
    assert!(dekker.inspection(inspection).findings.is_empty());
    drop(other);
}

#[test]
fn nothing_that_was_typed_can_be_read_in_the_file() {
    let region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let slots = answer(&dekker, inspection, 2);
    note(&dekker, inspection, &slots[0], "De sleutel ligt onder de derde tegel.");
    dekker.photograph(inspection, Some(&slots[0]), jpeg(3));
    let file = dekker.hand_over(inspection, &munteanu);
    let number = dekker.inspection(inspection).row.number;
    for word in ["sleutel", "tegel", "Dekker", "TABLET", "alkmaar", "kind", "stream", &number, "JFIF"] {
        assert!(!contains(&file, word.as_bytes()), "`{word}` is not in the file");
    }
}

#[test]
fn a_card_of_another_backend_or_with_another_role_is_refused() {
    let (region, elsewhere) = (Region::begin(), Region::begin());
    let (dekker, stranger) = (region.tablet(0), elsewhere.tablet(1));
    let card = stranger.app().device_card_bytes().expect("it has a card");
    assert_eq!(code(dekker.app().add_device_card(&card).expect_err("another backend")), "untrue_card");
    let own = region.tablet(1).app().device_card_bytes().expect("it has a card");
    let raised =
        String::from_utf8(own.clone()).expect("it is text").replace("\"inspector\"", "\"investigating_officer\"");
    assert_eq!(code(dekker.app().add_device_card(raised.as_bytes()).expect_err("changed")), "untrue_card");
    assert_eq!(code(dekker.app().add_device_card(b"boodschappen").expect_err("no card")), "not_a_card");
    assert_eq!(code(dekker.app().hand_in(b"boodschappen").expect_err("nothing of ours")), "not_a_handover");
    let mine = dekker.app().device_card_bytes().expect("it has a card");
    assert_eq!(code(dekker.app().add_device_card(&mine).expect_err("its own")), "own_card");
    assert!(matches!(dekker.app().hand_in(&own), Ok(HandedIn::Card { .. })));
}

#[test]
fn a_tablet_from_before_there_were_cards_gets_one_at_its_next_sync() {
    let region = Region::begin();
    let mut dekker = region.tablet(0);
    let mut store = dekker.store();
    let mut device = store.device().clone();
    (device.handover_identity, device.certificate) = (String::new(), None);
    store.keep_device(device).expect("there is room");
    drop(store);
    dekker.restart_and_unlock();
    assert_eq!(code(dekker.app().device_card(Nothing {}).expect_err("not yet")), "no_certificate");
    dekker.sync();
    assert_eq!(dekker.app().device_card(Nothing {}).expect("now it has one").file_name, "TABLET-0.veldboek-apparaat");
    let munteanu = region.tablet(1);
    let inspection = first(&dekker);
    dekker.app().handover_import(&munteanu.hand_over(inspection, &dekker)).expect("files for it can be made");
}

#[test]
fn one_record_that_does_not_hold_is_named_and_the_others_are_kept() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    answer(&dekker, inspection, 4);
    let file = dekker.hand_over(inspection, &munteanu);
    // A tablet with a fault: one record has another body, and one was never in its chain.
    let (preamble, mut records, photos) = open(&munteanu, &file);
    let own: Vec<usize> =
        (0..records.len()).filter(|at| records[*at].header().device == preamble.giver.device).collect();
    let spoilt = records[own[1]].clone();
    let stray = {
        let last = records[own[0]].header().clone();
        let body = Body::Written { register: RegisterKey::Inspection(Field::Title), value: Value::text("ertussen") };
        Record::write(last, &body).expect("it is small")
    };
    records.push(stray.clone());
    let sealed = seal(&dekker, &munteanu, preamble, &records, &photos, spoilt.id());
    let received = munteanu.app().handover_import(&sealed).expect("the rest is good");
    let named: BTreeSet<(String, String)> =
        received.not_taken.iter().map(|one| (one.id.clone(), one.reason.clone())).collect();
    let expected = [(spoilt.id().short(), "body_hash".to_owned()), (stray.id().short(), "broken_chain".to_owned())];
    assert_eq!(named, BTreeSet::from(expected));
    assert_eq!(received.answers, 3, "the other answers are kept");
    held_with_a_gap(&munteanu);
    let whole = munteanu.app().handover_import(&file).expect("the file as it was");
    assert_eq!((whole.records, whole.answers), (1, 1), "brings what was missing");
    held(&munteanu);
    region.backend.start_again();
    munteanu.sync();
    dekker.sync();
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
}

fn held_with_a_gap(tablet: &Device) {
    let check = tablet.app().check().expect("it is open");
    assert!(check.projections_equal && check.broken.len() == 1, "{:?}", check.broken);
}

/// What is inside a file, as its receiver sees it.
fn open(tablet: &Device, file: &[u8]) -> (Preamble, Vec<Record>, Vec<HandedPhoto>) {
    let device = tablet.store().device().clone();
    let backend_key = public_key(&device.backend_key).expect("it has a backend");
    let receiver = Receiver { device: device.id, identity: &device.handover_identity, backend_key: &backend_key };
    let mut envelope = envelope::open(Cursor::new(file), receiver).expect("it is for this tablet");
    let preamble = envelope.preamble().clone();
    let (raw, mut photos) = envelope.contents().expect("it can be read");
    let records = raw.into_iter().map(|raw| Record::from_bytes(raw.header, raw.body).expect("it holds"));
    let came = std::iter::from_fn(|| photos.next_photo().expect("it can be read"));
    (preamble, records.collect(), came.collect())
}

/// Seals it again with the giver's own key; one record gets another body than its header says.
fn seal(
    giver: &Device,
    receiver: &Device,
    mut preamble: Preamble,
    records: &[Record],
    photos: &[HandedPhoto],
    spoilt: Digest,
) -> Vec<u8> {
    let key = giver.store().device().key().expect("it has a key");
    let card = receiver.store().device().certificate.clone().expect("it has a card");
    preamble.offer.records = records.len() as u64;
    let mut sealing = Sealing::begin(Vec::new(), &preamble, &card.recipient).expect("it can be written");
    for record in records {
        if record.id() == spoilt {
            sealing.raw(record.header_bytes(), Some(b"{}")).expect("it can be written");
        } else {
            sealing.record(record).expect("it can be written");
        }
    }
    for photo in photos {
        sealing.photo(photo.bytes.as_deref()).expect("it can be written");
    }
    sealing.finish(&key).expect("it can be written")
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
