//! What may happen to the line between two tablets: it is cut, and somebody sits in between.

use std::net::SocketAddr;

use ed25519_dalek::VerifyingKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use veldboek_app::api::*;
use veldboek_domain::{DeviceCertificate, InspectionId};
use veldboek_sync::nearby::greeting::{Greeting, Knowledge};
use veldboek_sync::nearby::message::Frames;
use veldboek_sync::nearby::tls::{Endpoint, Stream};
use veldboek_sync::receipt::public_key;
use veldboek_tests::device::Device;
use veldboek_tests::line::{Fault, Line, Way};
use veldboek_tests::nearby::{SOON, listens, reaches, state, types};
use veldboek_tests::photo::jpeg_of;
use veldboek_tests::region::{Region, answer, first, held, note};
use veldboek_tests::{block_on, until};

/// A line between the two that does something to what goes over it.
fn through(answerer: &Device, fault: Fault) -> (Line, String) {
    let address: SocketAddr = listens(answerer.app()).parse().expect("an address");
    let line = block_on(Line::to(address));
    line.breaks(fault);
    let through = line.address().to_string();
    (line, through)
}

/// Makes a line through this address and exchanges the controle; says whether it came to its end.
fn try_through(opener: &Device, answerer: &Device, address: &str, inspection: InspectionId) -> bool {
    listens(opener.app());
    types(opener.app(), address).expect("the other one listens");
    for tablet in [opener, answerer] {
        reaches(tablet.app(), NearbyStage::Comparing);
    }
    for tablet in [opener, answerer] {
        tablet.app().nearby_compare(NearbyCompare { same: true }).expect("there is somebody");
    }
    let ended = |view: &NearbyView| matches!(view.stage, NearbyStage::Done | NearbyStage::Ended);
    until("there is something to choose", SOON, || {
        let view = state(opener.app());
        (view.stage == NearbyStage::Choosing || ended(&view)).then_some(())
    });
    opener.app().nearby_start(NearbyStart { inspections: vec![inspection] }).expect("there is somebody");
    let mut well = true;
    for tablet in [opener, answerer] {
        let view = until("it is over", SOON, || Some(state(tablet.app())).filter(ended));
        assert!(view.stage == NearbyStage::Done || view.problem.as_deref() == Some("nearby_cut"), "{view:?}");
        well &= view.stage == NearbyStage::Done;
    }
    well
}

#[test]
fn a_cut_among_the_records_leaves_what_came_and_the_next_try_brings_the_rest() {
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let slots = answer(&dekker, inspection, 10);
    for number in 0..40 {
        note(&dekker, inspection, &slots[number % 10], &format!("{number}: {}", "lang verhaal ".repeat(3_000)));
    }
    let (before, all) = (held(&munteanu), held(&dekker));
    let (line, address) = through(&munteanu, Fault::Cut(Way::Up, 900_000));
    assert!(!try_through(&dekker, &munteanu, &address, inspection), "the line was cut");
    let after_cut = held(&munteanu);
    assert!(before < after_cut && after_cut < all, "some came: {before} {after_cut} {all}");
    line.breaks(Fault::None);
    assert!(try_through(&dekker, &munteanu, &address, inspection), "nothing stands in the way");
    assert_eq!(held(&munteanu), all, "the rest came, and nothing twice");
    let outcome = state(munteanu.app()).outcome.expect("it ended");
    assert_eq!(outcome.records as usize, all - after_cut);
    assert!(line.up() < 1_100_000, "only the rest was sent: {}", line.up());
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection));
}

#[test]
fn a_cut_inside_a_photo_costs_no_more_than_a_part() {
    const SIZE: usize = 8 * 1024 * 1024;
    let mut region = Region::begin();
    let (dekker, munteanu) = (region.tablet(0), region.tablet(1));
    let inspection = first(&dekker);
    region.backend.stop();
    let slot = answer(&dekker, inspection, 1).remove(0);
    let bytes = jpeg_of(1, SIZE);
    let photo = dekker.photograph(inspection, Some(&slot), bytes.clone());
    let (line, address) = through(&munteanu, Fault::Cut(Way::Up, 5 * 1024 * 1024));
    assert!(!try_through(&dekker, &munteanu, &address, inspection), "the line was cut");
    let sha256 = veldboek_domain::Digest::of(&bytes);
    let parts = munteanu.look(|store| store.photo_parts(&sha256)).expect("it can be read").len();
    assert!((3 << 20..SIZE).contains(&parts), "parts are kept: {parts}");
    assert_eq!(munteanu.answers(inspection), dekker.answers(inspection), "records go ahead of photos");
    let (_, small) = munteanu.app().photo_bytes(photo, PhotoSize::Thumb).expect("a small version goes ahead");
    assert!(small.len() < 256 * 1024);
    line.breaks(Fault::None);
    assert!(try_through(&dekker, &munteanu, &address, inspection), "nothing stands in the way");
    let sent = usize::try_from(line.up()).expect("it fits");
    assert!(sent < SIZE - parts + 256 * 1024, "only the rest was sent: {sent} of {}", SIZE - parts);
    let (_, there) = munteanu.app().photo_bytes(photo, PhotoSize::Original).expect("the photo came");
    assert!(there == bytes, "the same bytes");
    assert!(munteanu.look(|store| store.photo_parts(&sha256)).expect("it can be read").is_empty());
}

#[test]
fn who_sits_in_between_with_an_enrolled_tablet_shows_two_different_codes() {
    let region = Region::begin();
    let (dekker, munteanu, thief) = (region.tablet(0), region.tablet(1), region.tablet(2));
    let inspection = first(&dekker);
    answer(&dekker, inspection, 2);
    let (before, target) = (held(&munteanu), listens(munteanu.app()).parse().expect("an address"));
    listens(dekker.app());
    let store = thief.store();
    let between = Between {
        endpoint: Endpoint::of(&store.device().key().expect("it has a key")).expect("it can be used"),
        own: store.device().certificate.clone().expect("it has one"),
        backend_key: public_key(&store.device().backend_key).expect("it has a backend"),
        target,
    };
    let listener = block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
    let address = listener.local_addr().expect("it listens").to_string();
    let sits = std::thread::spawn(move || block_on(between.sit(&listener)));
    types(dekker.app(), &address).expect("somebody answers");
    let (here, there) =
        (reaches(dekker.app(), NearbyStage::Comparing), reaches(munteanu.app(), NearbyStage::Comparing));
    assert_ne!(here.code, there.code, "both people see that it is not the same");
    let shown = sits.join().expect("it does not panic");
    assert_eq!((here.code, there.code), (Some(shown.0), Some(shown.1)), "each is the code of the line with the thief");
    assert_eq!(here.peer.map(|peer| peer.device).as_deref(), Some("TABLET-2"), "and neither shows the other's tablet");
    munteanu.app().nearby_compare(NearbyCompare { same: false }).expect("there is somebody");
    assert_eq!(held(&munteanu), before);
}

/// Somebody between two tablets, who ends the line of each with a tablet that is enrolled as well.
struct Between {
    endpoint: Endpoint,
    own: DeviceCertificate,
    backend_key: VerifyingKey,
    target: SocketAddr,
}

impl Between {
    /// Greets both sides as either would greet the other; gives the codes that the two lines have.
    async fn sit(&self, listener: &TcpListener) -> (String, String) {
        let (tcp, _) = listener.accept().await.expect("somebody comes");
        let (mut here, line_here) = self.endpoint.answer(tcp).await.expect("a tablet");
        let (mut there, line_there) = self.endpoint.open(self.target).await.expect("a tablet");
        let codes = (self.greet(&mut here, line_here).await, self.greet(&mut there, line_there).await);
        // Both lines stand until both people have looked.
        tokio::task::spawn(async move {
            let (mut from_here, mut from_there) = ([0; 64], [0; 64]);
            let _ = tokio::join!(here.read(&mut from_here), there.read(&mut from_there));
        });
        codes
    }

    async fn greet(&self, stream: &mut Stream, line: veldboek_sync::nearby::greeting::Line) -> String {
        let (own, backend_key) = (self.own.clone(), self.backend_key);
        let knowledge = Knowledge { own, backend_key, blocked: Vec::new() };
        let (mut greeting, mut to_say) = Greeting::begin(line, knowledge, [7; 32]);
        let (mut frames, mut buffer) = (Frames::default(), vec![0; 4096]);
        loop {
            for message in to_say.drain(..) {
                stream.write_all(&message.frame().expect("it is small")).await.expect("the line stands");
            }
            stream.flush().await.expect("the line stands");
            if let Some(code) = greeting.code() {
                return code.to_string();
            }
            let read = stream.read(&mut buffer).await.expect("the line stands");
            frames.push(&buffer[..read]);
            while let Some(message) = frames.next_message().expect("it is said well") {
                to_say.extend(greeting.hear(message).expect("it is a tablet"));
            }
        }
    }
}
