//! A table of what lines do to photos, in both directions: each row with what it cost in bytes, and the bound on that.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod field;

use field::{FSYNC_STEP, Field, HEADERS};
use veldboek_domain::Digest;
use veldboek_sync::PhotoOutcome;
use veldboek_sync::run_sync;
use veldboek_tests::line::{Fault, Way};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
/// What a link and its two ends may lose in one cut: what is on its way, and what the line has in its hands.
const LOST: u64 = 64 * KIB;

/// A row: what the line does, to a photo of which size, and what may be sent again for each time that it did.
struct Case {
    fault: Fault,
    photo: u64,
    again: u64,
    strikes: std::ops::RangeInclusive<u64>,
}

/// Cuts after so many bytes, again and again.
fn cuts(way: Way, every: u64, photo: u64) -> Case {
    Case { fault: Fault::Cut(way, every), photo, again: LOST, strikes: photo / every..=photo / every * 4 + 4 }
}

fn cases(way: Way) -> Vec<Case> {
    let once = |fault, again| Case { fault, photo: 4 * MIB, again, strikes: 1..=1 };
    vec![
        cuts(way, 64 * KIB, 2 * MIB),
        cuts(way, 256 * KIB, 6 * MIB),
        cuts(way, MIB, 8 * MIB),
        cuts(way, 3 * MIB, 16 * MIB),
        once(Fault::Stall(way, 256 * KIB), FSYNC_STEP),
        once(Fault::Stall(way, 3 * MIB), FSYNC_STEP),
        // A gateway's answers cost their requests' headers.
        Case { fault: Fault::CutThenAnswer(way, MIB, 3, 502), photo: 4 * MIB, again: LOST, strikes: 4..=4 },
        // Of what was damaged nothing is kept: a whole request upwards, a whole photo downwards.
        once(Fault::Corrupt(way, MIB), 4 * MIB),
        once(Fault::Corrupt(way, 3 * MIB), 4 * MIB),
    ]
}

fn check(way: Way, case: &Case, outcome: &PhotoOutcome, sha256: Digest, bytes: u64, strikes: u64) {
    let Case { fault, photo, again, .. } = case;
    let bound = photo + strikes * (again + HEADERS) + 4 * HEADERS;
    let over = bytes.saturating_sub(*photo);
    let each = over / strikes.max(1);
    println!("| {way:?} | {fault:?} | {photo} | {strikes} | {bytes} | {over} | {each} | {bound} |");
    assert_eq!(outcome.done, [sha256], "{fault:?}: {outcome:?}");
    assert!(case.strikes.contains(&strikes), "{fault:?} struck {strikes} times");
    assert!(bytes <= bound, "{fault:?}: {bytes} bytes with {strikes} strikes, at most {bound}");
}

fn heading() {
    println!("| way | fault | photo | strikes | bytes | sent again | for each strike | bound |");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_line_does_on_the_way_up_costs_little() {
    heading();
    for (number, case) in cases(Way::Up).iter().enumerate() {
        let mut field = Field::new().await;
        let photo = field.photograph(100 + number as u64, usize::try_from(case.photo).unwrap());
        field.reconnect();
        field.line.breaks(case.fault);
        let outcome = field.send().await;
        check(Way::Up, case, &outcome, photo.sha256, field.line.up(), field.line.strikes());
        let kept = std::fs::read(field.kept(photo.sha256)).unwrap();
        assert!(Digest::of(&kept) == photo.sha256, "byte for byte");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_line_does_on_the_way_down_costs_little() {
    heading();
    for (number, case) in cases(Way::Down).iter().enumerate() {
        let mut field = Field::new().await;
        let photo = field.photograph(200 + number as u64, usize::try_from(case.photo).unwrap());
        field.send().await;
        run_sync(&field.backend, &mut field.replica).await.unwrap();
        let before = field.replica.photos.clone();
        field.reconnect();
        field.line.breaks(case.fault);
        let outcome = field.fetch().await;
        check(Way::Down, case, &outcome, photo.sha256, field.line.down(), field.line.strikes());
        assert!(field.replica.photos == before, "byte for byte");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_mebibytes_over_a_line_that_is_cut_every_mebibyte_cost_at_most_six_more() {
    for way in [Way::Up, Way::Down] {
        let mut field = Field::new().await;
        for number in 0..20 {
            field.photograph(300 + number, 5 * 1024 * 1024);
        }
        if way == Way::Down {
            field.send().await;
            run_sync(&field.backend, &mut field.replica).await.unwrap();
        }
        field.line.breaks(Fault::CutAbout(way, MIB));
        let (outcome, bytes) = match way {
            Way::Up => (field.send().await, field.line.up()),
            Way::Down => (field.fetch().await, field.line.down()),
        };
        let cuts = field.line.strikes();
        println!("{way:?}: {bytes} bytes for {} with {cuts} cuts", 100 * MIB);
        assert_eq!(outcome.done.len(), 20, "{outcome:?}");
        assert!(cuts >= 90, "{cuts} cuts");
        assert!(bytes <= 106 * MIB, "{way:?}: {bytes} bytes with {cuts} cuts");
    }
}
