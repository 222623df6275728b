//! Stories in the words of the field: tablets without a window and a real backend.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use veldboek_app::api::*;
use veldboek_checklist::words::in_words;
use veldboek_domain::codes::Regime;
use veldboek_domain::{Digest, Field, InspectionId, ItemId, RegisterKey, SetKind, Slot, Value};
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, SECRET};
use veldboek_tests::photo::{jpeg, jpeg_of};
use veldboek_tests::region::{Region, first};

/// A camera's photo.
const FOUR_MEGABYTES: usize = 4 * 1024 * 1024;

#[test]
fn what_was_done_without_a_network_arrives_whole_when_it_is_back() {
    let mut region = Region::begin();
    let tablet = region.tablet(0);
    let colleague = region.tablet(1);
    let inspection = first(&tablet);

    region.backend.stop();
    let answered = answer_fifty(&tablet, inspection);
    let findings: Vec<ItemId> = (1..=3).map(|number| find(&tablet, inspection, number)).collect();
    let photos: Vec<(ItemId, Digest)> = (1..=10)
        .map(|number| {
            let bytes = jpeg_of(number, FOUR_MEGABYTES);
            let sha256 = Digest::of(&bytes);
            (tablet.photograph(inspection, Some(&answered[number as usize].0), bytes), sha256)
        })
        .collect();
    let waiting = tablet.sync();
    assert_eq!(waiting.line.state, SyncPhase::Offline);
    assert_eq!(waiting.line.photos_waiting, 10, "ten photos wait");
    assert_eq!(waiting.line.received_at, None, "nothing is called received while the network is gone");

    region.backend.start_again();
    let sent = tablet.sync();
    assert_eq!(sent.line.state, SyncPhase::Received, "{:?}", sent.problem);
    assert_eq!((sent.records_received, sent.photos_received), (sent.records_total, sent.photos_total));
    assert_eq!((sent.line.records_waiting, sent.line.photos_waiting), (0, 0));
    let receipts = sent.inspections.iter().find(|row| row.inspection == inspection).expect("the controle was synced");
    assert!(receipts.receipt.is_some(), "the controle shows its receipt");
    assert!(receipts.photos.iter().all(|photo| photo.receipt.is_some()), "each photo shows its receipt");

    colleague.sync();
    assert_eq!(colleague.answers(inspection), tablet.answers(inspection), "the colleague sees the same answers");
    let there = colleague.inspection(inspection);
    let found: BTreeSet<ItemId> = there.findings.iter().map(|finding| finding.item).collect();
    assert_eq!(found, findings.into_iter().collect());
    let desk = Desk::sign_in(&region.backend);
    for (item, sha256) in photos {
        assert_eq!(Digest::of(&desk.photo(inspection, item)), sha256, "a photo's bytes are the same at the desk");
        let (_, bytes) = colleague.app().photo_bytes(item, PhotoSize::Original).expect("the photo arrived");
        assert_eq!(Digest::of(&bytes), sha256, "a photo's bytes are the same on the other tablet");
    }
    let request = ReportRequest { inspection, copy: ReportCopy::File };
    let report = tablet.app().report_bytes(request).expect("the report can be made");
    assert!(report.starts_with(b"%PDF-1.7"));
    assert!(report.len() > 10 * FOUR_MEGABYTES, "the photos stand in it as they were taken");
    let theirs = colleague.app().report_bytes(request).expect("the report can be made");
    assert!(theirs == report, "both tablets make the same document, byte for byte");
    assert!(desk.report(inspection) == report, "the desk makes the same document, byte for byte");
    let shown = desk.inspection(inspection).to_string();
    let view = tablet.inspection(inspection);
    for (slot, value) in tablet.answers(inspection) {
        let question =
            view.sections.iter().flat_map(|section| &section.questions).find(|asked| asked.id == slot.question);
        let words = serde_json::to_string(&in_words(&value, question)).expect("words serialise");
        assert!(shown.contains(words.trim_matches('"')), "the desk shows {slot}: {words}");
    }
    let receipt = receipts.receipt.as_deref().expect("the controle shows its receipt");
    assert!(desk.timeline(inspection).to_string().contains(receipt), "the desk shows the same receipt");
}

fn answer_fifty(tablet: &Device, inspection: InspectionId) -> Vec<(Slot, Value)> {
    let mut given = Vec::new();
    let mut done = BTreeSet::new();
    while given.len() < 50 {
        // Answers open other questions.
        let open: Vec<_> = tablet.choices(inspection).into_iter().filter(|(slot, _)| !done.contains(slot)).collect();
        if open.is_empty() {
            break;
        }
        for (slot, options) in open {
            let value = Value::choice(options.last().expect("a choice has options"));
            tablet.answer(inspection, &slot, value.clone());
            done.insert(slot.clone());
            given.push((slot, value));
        }
    }
    let notes: Vec<Slot> = given.iter().map(|(slot, _)| slot.clone()).collect();
    for number in given.len()..50 {
        let slot = &notes[number % notes.len()];
        let note = Write {
            inspection,
            register: RegisterKey::Note(slot.clone()),
            value: Value::text(&format!("aantekening {number}")),
        };
        tablet.app().write(note).expect("the note is kept");
    }
    assert!(given.len() > 12, "the checklist has choices to make: {}", given.len());
    given
}

fn find(tablet: &Device, inspection: InspectionId, number: u32) -> ItemId {
    let fields = vec![
        (Field::Title, Value::text(&format!("Bevinding {number}"))),
        (Field::Text, Value::text("Op het erf staan zes vaten zonder etiket.")),
        (Field::Kind, Value::choice("own")),
    ];
    let finding = AddItem { inspection, set: SetKind::Finding, slot: None, parent: None, fields, regime: None };
    tablet.app().add_item(finding).expect("the finding is kept").item
}

#[test]
fn two_people_who_answer_differently_both_see_both_answers_until_one_of_them_chooses() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let (slot, options) =
        dekker.choices(inspection).into_iter().find(|(_, options)| options.len() > 1).expect("a choice");

    region.backend.stop();
    dekker.answer(inspection, &slot, Value::choice(&options[0]));
    munteanu.answer(inspection, &slot, Value::choice(&options[1]));
    region.backend.start_again();
    for tablet in [&dekker, &munteanu, &dekker] {
        tablet.sync();
    }

    let differences = |tablet: &Device| tablet.app().differences(OpenInspection { inspection }).expect("it is open");
    for tablet in [&dekker, &munteanu] {
        let shown = differences(tablet);
        assert_eq!(shown.len(), 1, "the difference is shown");
        assert_eq!(shown[0].candidates.len(), 2, "with both answers");
        let authors: BTreeSet<&str> = shown[0].candidates.iter().map(|candidate| candidate.author.as_str()).collect();
        assert_eq!(authors.len(), 2, "and who gave them");
        let view = tablet.inspection(inspection);
        assert!(
            view.summary.blocks.contains(&"differences".to_owned()),
            "an open difference keeps it from being closed"
        );
    }

    munteanu.answer(inspection, &slot, Value::choice(&options[1]));
    munteanu.sync();
    dekker.sync();
    for tablet in [&dekker, &munteanu] {
        assert!(differences(tablet).is_empty(), "the choice settles it on both tablets");
        assert_eq!(tablet.answers(inspection)[&slot], Value::choice(&options[1]));
    }
}

#[test]
fn two_people_who_answer_the_same_without_seeing_each_other_agree() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    let (slot, options) = dekker.choices(inspection).swap_remove(0);
    region.backend.stop();
    for tablet in [&dekker, &munteanu] {
        tablet.answer(inspection, &slot, Value::choice(&options[0]));
    }
    region.backend.start_again();
    for _ in 0..3 {
        dekker.sync();
        munteanu.sync();
    }
    for tablet in [&dekker, &munteanu] {
        assert!(tablet.app().differences(OpenInspection { inspection }).expect("it is open").is_empty());
    }
    let quiet = dekker.sync();
    assert_eq!(quiet.line.records_waiting, 0, "agreement writes no records of its own, again and again");
}

#[test]
fn what_a_boa_writes_under_investigation_never_reaches_a_supervisor() {
    let region = Region::begin();
    let (dekker, boa) = (region.tablet(0), region.tablet(2));
    let inspection = first(&boa);
    let secret = "Achter de dubbele wand staan zakken kunstmest.";
    let fields = vec![(Field::Title, Value::text("Dubbele wand")), (Field::Text, Value::text(secret))];
    let finding = AddItem {
        inspection,
        set: SetKind::Finding,
        slot: None,
        parent: None,
        fields,
        regime: Some(Regime::WpgOpsporing),
    };
    let finding = boa.app().add_item(finding).expect("a BOA may investigate").item;
    let pending = PhotoPending { inspection, slot: None, parent: Some(finding), document: false };
    let photo = boa.app().photo_pending(pending).expect("the photo is announced").item;
    boa.app().photo_add(PhotoAdd { inspection, item: photo, position: None }, jpeg(5)).expect("the photo is kept");
    boa.sync();
    dekker.sync();

    let seen = dekker.inspection(inspection);
    let everything = serde_json::to_string(&seen).expect("a view is JSON");
    assert!(!everything.contains("Dubbele wand") && !everything.contains("kunstmest"), "not a word of it is there");
    assert!(!everything.contains(&finding.to_string()) && !everything.contains(&photo.to_string()), "not an id");
    assert_eq!((seen.row.findings, seen.row.photos), (0, 0), "not in a count");
    assert!(dekker.app().photo_bytes(photo, PhotoSize::Thumb).is_err(), "not through a photo");
    let found = dekker.app().search(Search { text: "kunstmest".to_owned() }).expect("searching works");
    assert!(found.is_empty(), "not in a search");
    let report = dekker.app().report_bytes(ReportRequest { inspection, copy: ReportCopy::File }).expect("a report");
    assert!(report.len() < jpeg(5).len(), "not in the PDF");
    assert_eq!(boa.inspection(inspection).findings.len(), 1, "the BOA sees it");
}

#[test]
fn a_wrong_passphrase_makes_the_next_try_wait_and_nothing_is_erased() {
    let region = Region::begin();
    let mut tablet = region.tablet(0);
    let before = tablet.today();
    tablet.restart();
    let mut waits = Vec::new();
    for _ in 0..6 {
        assert!(tablet.app().unlock(Unlock { secret: "geraden".to_owned() }).is_err());
        let status = tablet.app().status(Nothing {}).expect("a locked app has a status");
        waits.push(status.wait_seconds);
        region.clock.forward(TimeDelta::seconds(i64::from(status.wait_seconds) + 1));
    }
    assert!(
        waits.windows(2).all(|pair| pair[0] <= pair[1]),
        "each wait is as long as the one before or longer: {waits:?}"
    );
    assert!(*waits.last().expect("six tries") > waits[0], "guessing slows down: {waits:?}");
    tablet.restart();
    assert_eq!(tablet.app().status(Nothing {}).expect("a status").wrong_tries, 6, "a restart forgets no wrong try");
    tablet.app().unlock(Unlock { secret: SECRET.to_owned() }).expect("the right one opens it still");
    assert_eq!(tablet.today(), before);
}

#[test]
fn a_try_while_waiting_is_refused_even_with_the_right_passphrase() {
    let region = Region::begin();
    let mut tablet = region.tablet(0);
    tablet.restart();
    for _ in 0..20 {
        let refused = tablet.app().unlock(Unlock { secret: "geraden".to_owned() });
        if refused.is_err_and(|error| error.code() == "must_wait") {
            let right = tablet.app().unlock(Unlock { secret: SECRET.to_owned() });
            assert_eq!(right.expect_err("the wait holds for everybody").code(), "must_wait");
            return;
        }
    }
    panic!("twenty wrong tries at once made nobody wait");
}

#[test]
fn nothing_typed_or_photographed_can_be_read_in_the_folder() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = first(&tablet);
    let (slot, _) = tablet.choices(inspection).swap_remove(0);
    let typed = "Meneer Van der Zwaluwenburg woont achter de stal";
    let note = Write { inspection, register: RegisterKey::Note(slot.clone()), value: Value::text(typed) };
    tablet.app().write(note).expect("the note is kept");
    let photo = jpeg(9);
    tablet.photograph(inspection, Some(&slot), photo.clone());
    tablet.app().search(Search { text: "Zwaluwenburg".to_owned() }).expect("searching works");
    tablet.app().report_bytes(ReportRequest { inspection, copy: ReportCopy::File }).expect("the report can be made");

    let files = files(tablet.folder());
    assert!(files.len() >= 3, "a database, a key file and a photo: {files:?}");
    let secrets: [&[u8]; 7] = [
        typed.as_bytes(),
        b"Zwaluwenburg",
        b"Grutterskade",
        b"SQLite format 3",
        SECRET.as_bytes(),
        &photo[photo.len() / 2..photo.len() / 2 + 24],
        b"%PDF",
    ];
    for file in files {
        let bytes = std::fs::read(&file).expect("a file can be read");
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{} holds {:?}", file.display(), String::from_utf8_lossy(secret));
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder can be read").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
