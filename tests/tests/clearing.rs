//! A controle goes from a tablet for good when the backend has all of it, never before, and comes back whole when it is asked
//! for.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use veldboek_app::api::*;
use veldboek_checklist::Clearing;
use veldboek_domain::{Address, Clock, Field, InspectionId, ItemId, RegisterKey, Slot, StreamKind, Value};
use veldboek_tests::controle::Visit;
use veldboek_tests::desk::Desk;
use veldboek_tests::device::{Device, SECRET, open};
use veldboek_tests::process::kill_child;
use veldboek_tests::region::Region;

const PHOTO: usize = 200_000;
const NOTE: &str = "De fietsenrekken staan achter de kastanjelaan";

/// Answers everything, with a note and a finding, and closes.
fn finish(region: &Region, tablet: &Device, inspection: InspectionId) -> ItemId {
    let mut visit = Visit::begin(tablet.app(), inspection, region.clock.stamp().at, PHOTO);
    visit.answer_everything().expect("every answer is kept");
    let slot = tablet.choices(inspection).swap_remove(0).0;
    note(tablet, inspection, &slot, NOTE);
    let photo = visit.photograph(None, None).expect("the photo is kept");
    visit.close().expect("nothing is missing");
    photo
}

/// A new controle of a family on this tablet.
fn plan(tablet: &Device, family: &str) -> InspectionId {
    let checklists = tablet.app().checklists(Nothing {}).expect("it is open");
    let checklist = checklists.iter().find(|one| one.family == family).expect("the family has a checklist").id.clone();
    let address = Address {
        line: "Zwaluwenburg 31".to_owned(),
        town: "Schermerhorn".to_owned(),
        municipality: "Alkmaar".to_owned(),
        ..Address::default()
    };
    let plan = PlanInspection { checklist, address, planned_at: None };
    tablet.app().plan_inspection(plan).expect("a new controle needs no network").inspection
}

fn note(tablet: &Device, inspection: InspectionId, slot: &Slot, text: &str) {
    let register = RegisterKey::Note(slot.clone());
    tablet.app().write(Write { inspection, register, value: Value::text(text) }).expect("the note is kept");
}

fn is_here(tablet: &Device, inspection: InspectionId) -> bool {
    tablet.app().open_inspection(OpenInspection { inspection }).is_ok()
}

fn cleared(tablet: &Device) -> Vec<ClearedRow> {
    tablet.app().cleared(Nothing {}).expect("it is open")
}

fn clear(tablet: &Device, inspection: InspectionId) -> Result<Nothing, veldboek_app::AppError> {
    tablet.app().clear_inspection(OpenInspection { inspection })
}

fn clearing(tablet: &Device, inspection: InspectionId) -> ClearingView {
    tablet.app().clearing(OpenInspection { inspection }).expect("the controle is here")
}

/// The originals in a tablet's vault.
fn originals(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("fotos")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the vault is a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn whole(tablet: &Device) {
    let check = tablet.app().check().expect("it is open");
    assert!(check.broken.is_empty() && check.projections_equal, "{:?}", check.broken);
}

#[test]
fn a_btp_controle_goes_by_itself_once_it_is_closed_and_received_and_leaves_its_number_only() {
    let mut region = Region::begin();
    let mut tablet = region.tablet(0);
    let inspection = plan(&tablet, "btp");
    tablet.sync();
    assert!(is_here(&tablet, inspection), "one that is not closed stays, also when everything is received");
    region.backend.stop();
    finish(&region, &tablet, inspection);
    tablet.app().search(Search { text: "kastanjelaan".to_owned() }).expect("searching works");
    let number = tablet.inspection(inspection).row.number;
    tablet.sync();
    assert!(is_here(&tablet, inspection), "without a receipt nothing goes");
    let pages = tablet.store().raw_pages().expect("the pages can be read");
    for secret in ["Zwaluwenburg", "kastanjelaan", "M. Dekker"] {
        assert!(holds(&pages, secret), "{secret} is on a page before");
    }
    assert!(!originals(tablet.folder()).is_empty());

    region.backend.start_again();
    let heard = tablet.app().subscribe();
    tablet.sync();
    assert!(!is_here(&tablet, inspection), "closed and received, it goes in the same round");
    assert!(tablet.today().iter().all(|row| row.inspection != inspection));
    assert!(tablet.app().search(Search { text: "kastanjelaan".to_owned() }).expect("it works").is_empty());
    assert!(
        heard.try_iter().any(|event| matches!(event, Event::InspectionChanged { inspection: of } if of == inspection))
    );
    let left = cleared(&tablet);
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].number.as_str(), left[0].by_itself, left[0].rule.as_str()), (number.as_str(), true, "0.1"));
    assert_eq!(originals(tablet.folder()), Vec::<PathBuf>::new(), "its photos are gone from the vault");

    // The person of this tablet stands in other controles and in the device's own entry; their note and address do not.
    let pages = tablet.store().raw_pages().expect("the pages can be read");
    for secret in ["Zwaluwenburg", "kastanjelaan", "fietsenrek", "Schermerhorn"] {
        assert!(!holds(&pages, secret), "{secret} is left on a page of the database");
    }
    assert!(holds(&pages, &number), "its number stays");
    let log = fs::metadata(tablet.folder().join("veldboek.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "no old page is left in the write-ahead log");

    let at_the_desk = Desk::sign_in(&region.backend).inspection(inspection).to_string();
    assert!(at_the_desk.contains("Zwaluwenburg"), "the backend has it");
    tablet.restart_and_unlock();
    tablet.sync();
    assert!(!is_here(&tablet, inspection), "it does not come back by itself");
    whole(&tablet);
}

#[test]
fn a_btp_controle_that_is_on_the_screen_goes_when_it_is_left() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "btp");
    tablet.app().look_at(LookAt { inspection: Some(inspection) }).expect("it is here");
    finish(&region, &tablet, inspection);
    tablet.sync();
    assert!(is_here(&tablet, inspection), "who looks at the report is not disturbed");
    tablet.app().look_at(LookAt { inspection: None }).expect("leaving always works");
    tablet.sync();
    assert!(!is_here(&tablet, inspection));
}

#[test]
fn a_vb_controle_stays_until_somebody_confirms() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "vb");
    let refused = clear(&tablet, inspection).expect_err("it is not closed");
    assert_eq!(refused.code(), "clearing_not_done");
    finish(&region, &tablet, inspection);
    tablet.sync();
    assert!(is_here(&tablet, inspection), "received and closed, and it stays all the same");
    let view = clearing(&tablet, inspection);
    assert!(view.may && view.done && !view.stays_here, "{view:?}");
    assert_eq!(
        (view.rule.clearing, view.version.as_str(), view.status.as_str()),
        (Clearing::AfterConfirmation, "0.1", "concept")
    );
    assert!(!view.rule.text.is_empty(), "the user can read what the rule says");

    clear(&tablet, inspection).expect("the backend has everything");
    assert!(!is_here(&tablet, inspection));
    assert!(!cleared(&tablet)[0].by_itself);
    tablet.sync();
    assert!(!is_here(&tablet, inspection), "it does not come back by itself");
    assert_eq!(clear(&tablet, inspection).expect_err("it is gone").code(), "not_found");
}

#[test]
fn what_has_no_receipt_is_named_and_nothing_is_removed() {
    let mut region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "vb");
    tablet.sync();
    region.backend.stop();
    let photo = finish(&region, &tablet, inspection);
    let before = tablet.inspection(inspection);
    let refused = clear(&tablet, inspection).expect_err("the backend has almost nothing");
    assert_eq!(refused.code(), "not_received");
    let details = serde_json::to_value(&refused).expect("an error is JSON")["details"].clone();
    let state = tablet.app().sync_state(Nothing {}).expect("it is open");
    assert_eq!(details["records"], state.line.records_waiting, "as many as the line on top says");
    assert_eq!(details["photos"], state.line.photos_waiting);
    assert!(state.line.photos_waiting > 1 && state.line.records_waiting > 50);
    assert_eq!(tablet.inspection(inspection), before, "nothing is removed");
    tablet.app().photo_bytes(photo, PhotoSize::Original).expect("the photo is there");

    // Records go, originals wait.
    let settings = Settings { photos_paused: true, ..Settings::default() };
    tablet.app().change_settings(settings.clone()).expect("a setting that is offered");
    region.backend.start_again();
    tablet.sync();
    let view = clearing(&tablet, inspection);
    assert_eq!((view.may, view.records), (false, 0));
    assert_eq!(view.photos, state.line.photos_waiting, "photos alone keep it as well");
    tablet.app().change_settings(Settings { photos_paused: false, ..settings }).expect("offered");
    tablet.sync();
    assert!(clearing(&tablet, inspection).may);
}

#[test]
fn a_receipt_that_does_not_hold_counts_as_none() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "vb");
    finish(&region, &tablet, inspection);
    tablet.sync();
    assert!(clearing(&tablet, inspection).may);
    let mut store = tablet.store();
    let photo = store.photos_of(inspection).expect("it has photos").swap_remove(0);
    let receipt = photo.receipt.expect("it was received");
    store
        .keep_photo_receipt(&photo.sha256, &receipt.replace(&photo.sha256.to_string(), &"0".repeat(64)))
        .expect("kept");
    drop(store);
    let view = clearing(&tablet, inspection);
    assert_eq!((view.may, view.photos), (false, 1), "a receipt for another hash is none");
    tablet.store().keep_photo_receipt(&photo.sha256, &receipt).expect("kept");
    assert!(clearing(&tablet, inspection).may);
    let mut store = tablet.store();
    let mut kept = store.receipts_of(inspection).expect("it has receipts").swap_remove(0);
    kept.receipt = kept.receipt.replace("\"signature\":\"", "\"signature\":\"00");
    store.keep_receipts(&[kept]).expect("kept");
    drop(store);
    assert_eq!(clear(&tablet, inspection).expect_err("the signature does not hold").code(), "not_received");
}

#[test]
fn what_was_set_apart_keeps_a_controle_here() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "vb");
    finish(&region, &tablet, inspection);
    tablet.sync();
    let mut store = tablet.store();
    let record = store.history(inspection).expect("it has records").swap_remove(7).id();
    store.set_apart(&record, "record", None, "too_large", region.clock.stamp().at).expect("it is set apart");
    drop(store);
    let view = clearing(&tablet, inspection);
    assert_eq!((view.may, view.set_apart), (false, 1));
    assert_eq!(clear(&tablet, inspection).expect_err("somebody must look at it").code(), "not_received");
    assert!(is_here(&tablet, inspection));
}

#[test]
fn a_coach_s_visit_is_never_cleared() {
    let region = Region::begin();
    let coach = region.tablet(3);
    let inspection = plan(&coach, "agro");
    coach.app().close(CloseInspection { inspection }).expect("a conversation can end at any question");
    coach.sync();
    assert!(is_here(&coach, inspection), "the sync leaves it alone");
    assert!(clearing(&coach, inspection).stays_here);
    assert_eq!(clear(&coach, inspection).expect_err("it is nowhere else").code(), "clearing_stays_here");
    assert!(is_here(&coach, inspection));
}

#[test]
fn a_cleared_controle_comes_back_whole_when_it_is_asked_for_and_its_chain_goes_on() {
    let region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = dekker.today()[0].inspection;
    let photo = finish(&region, &dekker, inspection);
    dekker.sync();
    munteanu.sync();
    let before = dekker.inspection(inspection);
    clear(&dekker, inspection).expect("the backend has everything");

    // Others go on meanwhile: none of it comes.
    munteanu.app().reopen(Reopen { inspection, reason: "een nummer klopte niet".to_owned() }).expect("it was closed");
    let slot = munteanu.choices(inspection).swap_remove(0).0;
    note(&munteanu, inspection, &slot, "Door de collega aangevuld");
    munteanu.sync();
    for _ in 0..2 {
        let state = dekker.sync();
        assert_eq!((state.line.state, state.problem), (SyncPhase::Received, None));
    }
    assert!(!is_here(&dekker, inspection), "what others write does not bring it back");
    assert!(!holds(&dekker.store().raw_pages().expect("pages"), "Door de collega"), "and is not kept");
    let stream = |tablet: &Device| tablet.store().digests().expect("it can be read");
    assert_eq!(stream(&dekker), stream(&munteanu), "both sides agree all the same, without the records");

    dekker.app().fetch_cleared(OpenInspection { inspection }).expect("it was cleared");
    assert!(cleared(&dekker)[0].asked_at.is_some(), "asked for, and not here yet");
    dekker.sync();
    assert_eq!(cleared(&dekker), Vec::new());
    let after = dekker.inspection(inspection);
    assert_eq!(after.findings, before.findings);
    assert!(!after.closed && after.version == 2, "with what others wrote since");
    assert!(after.slots.iter().any(|state| state.note == "Door de collega aangevuld"));
    dekker.sync();
    let (_, bytes) = dekker.app().photo_bytes(photo, PhotoSize::Original).expect("the original came back");
    assert!(bytes.len() >= PHOTO);
    let told: Vec<String> = timeline(&dekker, inspection);
    assert!(told.contains(&"cleared".to_owned()) && told.contains(&"fetched_again".to_owned()), "{told:?}");

    note(&dekker, inspection, &slot, "Verder gewerkt");
    dekker.sync();
    munteanu.sync();
    for tablet in [&dekker, &munteanu] {
        whole(tablet);
        assert!(tablet.inspection(inspection).slots.iter().any(|state| state.note == "Verder gewerkt"));
    }
    assert_eq!(dekker.store().digests().expect("read"), munteanu.store().digests().expect("read"));
    let own = dekker.store().device().id;
    let chains: Vec<u32> = dekker
        .store()
        .history(inspection)
        .expect("it can be read")
        .iter()
        .filter(|record| record.header().device == own)
        .map(|record| record.header().epoch)
        .collect();
    assert!(chains.iter().all(|epoch| *epoch == 0), "no fork: the chain went on where it was");
}

fn timeline(tablet: &Device, inspection: InspectionId) -> Vec<String> {
    let lines = tablet.app().timeline(OpenInspection { inspection }).expect("it is here");
    lines.into_iter().map(|line| line.kind).collect()
}

#[test]
fn what_the_coordinator_sends_back_comes_back_by_itself() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "btp");
    finish(&region, &tablet, inspection);
    tablet.sync();
    assert!(!is_here(&tablet, inspection));
    Desk::sign_in(&region.backend).send_back(inspection, "Vul de openingstijden aan.");
    tablet.sync();
    let view = tablet.inspection(inspection);
    assert_eq!(view.sent_back_because.as_deref(), Some("Vul de openingstijden aan."), "there is work in it");

    let slot = tablet.choices(inspection).swap_remove(0).0;
    note(&tablet, inspection, &slot, "Open van tien tot zes");
    Visit::begin(tablet.app(), inspection, region.clock.stamp().at, PHOTO).close().expect("nothing is missing");
    tablet.sync();
    assert!(!is_here(&tablet, inspection), "closed again and received again, it goes again");
    whole(&tablet);
}

#[test]
fn a_btp_controle_that_was_fetched_again_rests_that_day_and_goes_the_next() {
    let region = Region::begin();
    let tablet = region.tablet(0);
    let inspection = plan(&tablet, "btp");
    finish(&region, &tablet, inspection);
    tablet.sync();
    tablet.app().fetch_cleared(OpenInspection { inspection }).expect("it was cleared");
    tablet.sync();
    tablet.sync();
    assert!(is_here(&tablet, inspection), "who asked for it can look at it");
    region.clock.forward(TimeDelta::days(1));
    tablet.sync();
    assert!(!is_here(&tablet, inspection));
}

#[test]
fn a_hand_over_brings_a_cleared_controle_back() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = dekker.today()[0].inspection;
    finish(&region, &dekker, inspection);
    dekker.sync();
    munteanu.sync();
    clear(&dekker, inspection).expect("the backend has everything");
    munteanu.app().reopen(Reopen { inspection, reason: "aanvulling".to_owned() }).expect("it was closed");
    let slot = munteanu.choices(inspection).swap_remove(0).0;
    region.backend.stop();
    note(&munteanu, inspection, &slot, "Zonder netwerk aangevuld");
    let file = munteanu.hand_over(inspection, &dekker);
    dekker.app().handover_import(&file).expect("it is for this tablet");
    note(&dekker, inspection, &slot, "Verder gewerkt na de overdracht");
    region.backend.start_again();
    for tablet in [&dekker, &munteanu, &dekker] {
        tablet.sync();
    }
    let noted =
        |tablet: &Device, text: &str| tablet.inspection(inspection).slots.iter().any(|state| state.note == text);
    for tablet in [&dekker, &munteanu] {
        whole(tablet);
        assert!(noted(tablet, "Verder gewerkt na de overdracht"));
    }
    note(&munteanu, inspection, &slot, "Daarna weer met netwerk");
    munteanu.sync();
    dekker.sync();
    assert!(noted(&dekker, "Daarna weer met netwerk"), "it is here to stay: what others write comes again");
    assert_eq!(cleared(&dekker), []);
}

#[test]
fn somebody_elses_closed_stream_of_a_cleared_controle_does_not_bring_it_back() {
    let region = Region::begin();
    let desk = Desk::sign_in(&region.backend);
    let code = desk_code(&region);
    let inspection = desk.plan("Kraaienhofsweg 14", "vb-ic", &["M. Dekker", "E. Kuiper"]);
    let (building, registry) = (region.tablet(0), region.tablet(4));
    let second = Device::enrolled(region.clock.clone() as Arc<dyn Clock>, &region.backend.url(), &code, "TABLET-4B");
    let participant = AddItem {
        inspection,
        set: veldboek_domain::SetKind::Participant,
        slot: None,
        parent: None,
        fields: vec![
            (Field::Organisation, Value::text("Burgerzaken")),
            (Field::Partner, Value::choice("gemeente-brp")),
        ],
        regime: None,
    };
    building.app().add_item(participant).expect("a participant is added");
    building.app().press_stop(PressStop { inspection: Some(inspection), position: None }).expect("STOP");
    building
        .app()
        .end_stop(EndStop { inspection, broken_off: true, note: "Afgebroken".to_owned() })
        .expect("it is broken off");
    building.sync();
    registry.sync();
    second.sync();
    clear(&second, inspection).expect("nothing of it waits");

    let slots = registry.inspection(inspection).slots;
    let open = slots.iter().find(|slot| slot.visible && slot.slot.question.starts_with("PBRP")).expect("it has one");
    note(&registry, inspection, &open.slot, "Alleen voor burgerzaken");
    registry.sync();
    second.sync();
    let kinds: Vec<StreamKind> =
        second.store().streams(inspection).expect("it can be read").into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [], "no part of a cleared controle lies here");
    assert!(!holds(&second.store().raw_pages().expect("pages"), "Alleen voor burgerzaken"));
    assert_eq!(second.sync().problem, None);
    second.app().fetch_cleared(OpenInspection { inspection }).expect("it was cleared");
    second.sync();
    assert_eq!(second.store().streams(inspection).expect("it can be read").len(), 2, "asked for, both streams come");
}

fn desk_code(region: &Region) -> String {
    Desk::sign_in_to_manage(&region.backend).device_code("E. Kuiper")
}

const KILLS: u32 = 24;

#[test]
fn a_kill_while_clearing_leaves_all_of_it_or_nothing() {
    let region = Region::begin();
    let mut tablet = region.tablet(0);
    let inspection = plan(&tablet, "vb");
    finish(&region, &tablet, inspection);
    tablet.sync();
    tablet.app().lock(Nothing {}).expect("an open app can be locked");
    let photos = originals(tablet.folder()).len();
    assert!(photos > 1);
    let clock: Arc<dyn Clock> = region.clock.clone();

    // One that lives says how long it takes.
    let whole_way = copy(tablet.folder());
    let began = clear_and_die(whole_way.path(), inspection, Duration::from_secs(60));
    assert!(began.cleared);
    let (mut kept, mut gone) = (0, 0);
    for kill in 0..KILLS {
        let folder = copy(tablet.folder());
        // Close together at first, and the last ones behind the end: a machine is not as quick each time.
        let after = began.took.mul_f64(1.6 * (f64::from(kill) / f64::from(KILLS)).powi(3));
        let died = clear_and_die(folder.path(), inspection, after);
        let app = open(folder.path(), &clock);
        app.unlock(Unlock { secret: SECRET.to_owned() }).unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        let check = app.check().expect("the check reads everything");
        assert!(check.broken.is_empty() && check.projections_equal, "kill {kill}: {:?}", check.broken);
        if let Ok(view) = app.open_inspection(OpenInspection { inspection }) {
            assert!(!died.cleared, "kill {kill}: what was called cleared is here");
            kept += 1;
            assert_eq!(originals(folder.path()).len(), photos, "kill {kill}: every original is here");
            for photo in view.photos {
                app.photo_bytes(photo.item, PhotoSize::Original).unwrap_or_else(|error| panic!("kill {kill}: {error}"));
            }
        } else {
            gone += 1;
            assert_eq!(originals(folder.path()), Vec::<PathBuf>::new(), "kill {kill}: no original without a row");
            assert_eq!(app.cleared(Nothing {}).expect("it is open").len(), 1, "kill {kill}: the line is there");
            let log = fs::metadata(folder.path().join("veldboek.db-wal")).map_or(0, |log| log.len());
            let pages = fs::metadata(folder.path().join("veldboek.db")).map_or(0, |pages| pages.len());
            assert!(log < pages, "kill {kill}: old pages are not left in the log");
        }
    }
    println!("{kept} times all of it was left, {gone} times nothing");
    assert!(kept > 0 && gone > 0, "kills fell on both sides: {kept} and {gone}");
    tablet.restart_and_unlock();
}

struct Died {
    cleared: bool,
    took: Duration,
}

/// Lets a process clear the controle and kills it so long after it began.
fn clear_and_die(folder: &Path, inspection: InspectionId, after: Duration) -> Died {
    let mut clearer = Command::new(env!("CARGO_BIN_EXE_veldboek-clearer"))
        .args([folder.as_os_str(), inspection.to_string().as_ref()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(clearer.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
    assert_eq!(lines.next().as_deref(), Some("ready"));
    let began = Instant::now();
    if after >= Duration::from_secs(60) {
        let cleared = lines.next().as_deref() == Some("cleared");
        let took = began.elapsed();
        clearer.wait().expect("it ends");
        return Died { cleared, took };
    }
    while began.elapsed() < after {
        std::thread::yield_now();
    }
    kill_child(&mut clearer);
    Died { cleared: lines.any(|line| line == "cleared"), took: began.elapsed() }
}

fn copy(folder: &Path) -> tempfile::TempDir {
    let copied = tempfile::TempDir::new().expect("a temporary folder can be made");
    copy_into(folder, copied.path());
    copied
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder can be made");
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
