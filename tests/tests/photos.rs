//! Photos and records between a device and a real backend, over a line that cuts, stalls, corrupts and answers for the
//! backend. What the line does costs bytes and time, never a photo.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod field;

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use chrono::TimeDelta;
use field::support::replica::device_key;
use field::support::{note, stream};
use field::{FSYNC_STEP, Field, HEADERS, STREAM, picture};
use veldboek_domain::{DeviceId, Digest};
use veldboek_sync::photos::PhotoRefusal;
use veldboek_sync::wire::MAX_PHOTO_BYTES;
use veldboek_sync::{Backend, HttpError, carry_previews, run_sync};
use veldboek_tests::line::{Fault, Line, Way};

#[tokio::test]
async fn photos_go_up_once_and_come_back_byte_for_byte() {
    let mut field = Field::new().await;
    let photos: Vec<_> = (0..5).map(|number| field.photograph(number, 700_000 + number as usize)).collect();
    field.line.breaks(Fault::None);
    let outcome = field.send().await;
    assert_eq!(outcome.done.len(), 5, "{outcome:?}");
    assert_eq!(field.replica.photo_receipts.len(), 5);
    assert!(field.replica.photos_waiting.is_empty());
    let whole: u64 = photos.iter().map(|photo| photo.bytes).sum();
    assert!(field.line.up() < whole + 12 * HEADERS, "{} bytes for {whole}", field.line.up());

    let before = field.replica.photos.clone();
    let outcome = field.fetch().await;
    assert_eq!(outcome.later.len(), 5, "no record names them yet, so nobody is given them: {outcome:?}");
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    let outcome = field.fetch().await;
    assert_eq!(outcome.done.len(), 5, "{outcome:?}");
    assert_eq!(field.replica.photos, before);
}

#[tokio::test]
async fn a_photo_that_is_there_already_costs_no_bytes() {
    let mut field = Field::new().await;
    let photo = field.photograph(1, 600_000);
    field.send().await;
    field.replica.photos_waiting.push(photo);
    field.line.breaks(Fault::None);
    let outcome = field.send().await;
    assert_eq!(outcome.done.len(), 1);
    assert_eq!(outcome.bytes, 0);
    assert!(field.line.up() < 2 * HEADERS);
}

#[tokio::test]
async fn a_cut_costs_at_most_what_was_not_yet_on_disk() {
    let mut field = Field::new().await;
    for every in [1_500_000, 900_000, 333_333] {
        let photo = field.photograph(every, 6 * 1024 * 1024);
        field.line.breaks(Fault::Cut(Way::Up, every));
        let outcome = field.send().await;
        assert_eq!(outcome.done.len(), 1, "{outcome:?}");
        let (up, cuts) = (field.line.up(), field.line.strikes());
        assert!(cuts >= photo.bytes / every, "{cuts} cuts");
        assert!(up <= photo.bytes + cuts * (FSYNC_STEP + 2 * HEADERS) + 4 * HEADERS, "{up} bytes up with {cuts} cuts");
    }
}

#[tokio::test]
async fn a_line_that_goes_silent_is_left_and_the_photo_goes_on() {
    let mut field = Field::new().await;
    field.photograph(3, 3 * 1024 * 1024);
    field.line.breaks(Fault::Stall(Way::Up, 1_000_000));
    let outcome = field.send().await;
    assert_eq!(outcome.done.len(), 1, "{outcome:?}");
    assert_eq!(field.line.strikes(), 1);
}

#[tokio::test]
async fn bytes_that_changed_on_the_way_are_refused_and_sent_again() {
    let mut field = Field::new().await;
    field.photograph(4, 2 * 1024 * 1024);
    field.line.breaks(Fault::Corrupt(Way::Up, 900_000));
    let outcome = field.send().await;
    assert_eq!(field.line.strikes(), 1);
    assert_eq!(outcome.done.len(), 1, "{outcome:?}");
    assert!(outcome.bytes > 2 * 1024 * 1024, "the damaged part was sent again");
    assert!(outcome.set_apart.is_empty());
}

#[tokio::test]
async fn a_gateway_that_fails_for_a_while_is_outlasted() {
    let mut field = Field::new().await;
    let photo = field.photograph(5, 2 * 1024 * 1024);
    field.line.breaks(Fault::CutThenAnswer(Way::Up, 1_000_000, 3, 502));
    let outcome = field.send().await;
    assert_eq!(outcome.done, [photo.sha256], "{outcome:?}");
    assert_eq!(field.line.strikes(), 4, "one cut and three answers of the gateway");
    assert!(field.waits.waits.load(Ordering::SeqCst) >= 4, "each try waits for its turn");
}

#[tokio::test]
async fn a_gateway_that_keeps_failing_leaves_the_photos_for_a_next_time() {
    let mut field = Field::new().await;
    field.reconnect();
    let photos: Vec<Digest> = (0..4).map(|number| field.photograph(number, 50_000).sha256).collect();
    field.line.breaks(Fault::Answer(u64::MAX, 502));
    let outcome = field.send().await;
    assert_eq!(outcome.later, photos);
    assert!(matches!(outcome.trouble, Some(HttpError::Unreadable { status: 502 })), "{:?}", outcome.trouble);
    assert!(field.line.strikes() < 20, "tries are bounded: {}", field.line.strikes());
    assert_eq!(field.replica.photos_waiting.len(), 4, "nothing goes away");

    field.line.breaks(Fault::None);
    assert_eq!(field.send().await.done.len(), 4);
}

#[tokio::test]
async fn a_photo_that_rotted_on_the_device_is_set_apart_and_the_others_go_on() {
    let mut field = Field::new().await;
    let good = field.photograph(7, 100_000);
    let mut rotten = picture(8, 100_000);
    rotten[50_000] ^= 1;
    let bad = field.replica.photograph(stream(STREAM), &picture(8, 100_000), rotten);
    let last = field.photograph(9, 100_000);
    let outcome = field.send().await;
    assert_eq!(outcome.set_apart, [(bad.sha256, PhotoRefusal::Rotten)]);
    assert_eq!(field.replica.photos_apart, [(bad.sha256, "rotten".to_owned())]);
    let mut done = outcome.done;
    done.sort_unstable();
    let mut expected = [good.sha256, last.sha256];
    expected.sort_unstable();
    assert_eq!(done, expected);
}

#[tokio::test]
async fn a_photo_of_a_stream_that_the_backend_does_not_know_waits() {
    let mut field = Field::new().await;
    let bytes = picture(10, 50_000);
    let photo = field.replica.photograph(stream(99), &bytes, bytes.clone());
    let outcome = field.send().await;
    assert_eq!(outcome.later, [photo.sha256]);
    assert!(field.replica.photos_apart.is_empty());
}

#[tokio::test]
async fn a_cut_download_goes_on_where_it_stopped() {
    let mut field = Field::new().await;
    let photo = field.photograph(11, 3 * 1024 * 1024);
    field.send().await;
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    field.line.breaks(Fault::Cut(Way::Down, 700_000));
    let outcome = field.fetch().await;
    assert_eq!(outcome.done, [photo.sha256], "{outcome:?}");
    let cuts = field.line.strikes();
    assert!(cuts >= 4, "{cuts} cuts");
    assert!(field.line.down() <= photo.bytes + cuts * (FSYNC_STEP / 4), "{} bytes down", field.line.down());
}

#[tokio::test]
async fn small_versions_go_ahead_of_the_originals() {
    let mut field = Field::new().await;
    let mut photos: Vec<Digest> = (20..24).map(|number| field.photograph(number, 2 * 1024 * 1024).sha256).collect();
    photos.sort_unstable();
    let small = |sha256: &Digest| [&[0xFF, 0xD8, 0xFF][..], &sha256.0].concat();
    field.replica.previews = photos.iter().map(|sha256| (*sha256, small(sha256))).collect();
    field.replica.previews_waiting.clone_from(&photos);
    let outcome = carry_previews(&field.backend, &mut field.replica).await.unwrap();
    assert!(outcome.done.is_empty(), "no record names them yet, so they are not taken: {outcome:?}");
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    field.line.breaks(Fault::None);
    let mut done = carry_previews(&field.backend, &mut field.replica).await.unwrap().done;
    done.sort_unstable();
    assert_eq!(done, photos);
    assert!(field.line.up() < 10 * HEADERS, "{} bytes up", field.line.up());
    assert!(field.replica.previews_waiting.is_empty());

    // Another member has the records and nothing of the photos.
    field.replica.previews.clear();
    field.replica.previews_missing.clone_from(&photos);
    assert_eq!(carry_previews(&field.backend, &mut field.replica).await.unwrap().done.len(), 4);
    assert!(field.replica.previews.iter().all(|(sha256, jpeg)| *jpeg == small(sha256)));
    let outcome = field.fetch_missing(&photos).await;
    assert_eq!(outcome.later, photos, "the originals are not there yet: {outcome:?}");
}

#[tokio::test]
async fn a_photo_that_is_not_there_yet_costs_a_question_and_no_try() {
    let mut field = Field::new().await;
    let photos: Vec<Digest> = (30..60).map(|number| field.photograph(number, 1000).sha256).collect();
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    field.line.breaks(Fault::None);
    assert_eq!(field.fetch_missing(&photos).await.later.len(), 30);
    assert!(field.line.up() < 2 * HEADERS, "{} bytes up", field.line.up());
}

#[tokio::test]
async fn requests_become_smaller_on_a_line_that_is_cut_and_a_good_line_gets_whole_photos() {
    let mut field = Field::new().await;
    field.photograph(61, 8 * 1024 * 1024);
    field.line.breaks(Fault::Cut(Way::Up, 600_000));
    let bad = field.send_watching().await;
    field.line.breaks(Fault::None);
    for number in 62..67 {
        field.photograph(number, 4 * 1024 * 1024);
    }
    let good = field.send_watching().await;
    println!("bytes in a request over a bad line: {bad:?}; then over a good one: {good:?}");
    assert_eq!(bad.first(), Some(&MAX_PHOTO_BYTES), "at first a request carries a whole photo");
    assert_eq!(bad.iter().min(), Some(&FSYNC_STEP), "the smallest are the backend's own step");
    assert!(good.last().is_some_and(|size| *size >= 4 * 1024 * 1024), "and on a good line whole photos again");
}

/// A gateway before a backend that takes no request above a limit, and says so in a page of its own.
async fn gateway(backend: std::net::SocketAddr, limit: u64) -> std::net::SocketAddr {
    let client = reqwest::Client::new();
    let pass_on = async move |request: axum::extract::Request| {
        let length = request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > limit) {
            return (StatusCode::PAYLOAD_TOO_LARGE, "<html>413 Request Entity Too Large</html>").into_response();
        }
        let (head, body) = request.into_parts();
        let url = format!("http://{backend}{}", head.uri.path_and_query().unwrap());
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let answer = client.request(head.method, url).headers(head.headers).body(body).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.bytes().await.unwrap()).into_response()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(pass_on)).await });
    address
}

#[tokio::test]
async fn a_gateway_that_takes_only_small_requests_gets_small_ones() {
    let mut field = Field::new().await;
    let photo = field.photograph(70, 5 * 1024 * 1024);
    let gateway = gateway(field.running.address(), 1024 * 1024).await;
    field.line = Line::to(gateway).await;
    field.reconnect();
    let sizes = field.send_watching().await;
    println!("bytes in a request: {sizes:?}");
    assert_eq!(field.replica.photo_receipts.last().map(|receipt| receipt.sha256), Some(photo.sha256));
    assert!(field.replica.photos_apart.is_empty(), "the photo is not called too large");
}

#[tokio::test]
async fn a_session_that_ended_is_begun_anew_without_anybody_noticing() {
    let mut field = Field::new().await;
    field.clock.forward(TimeDelta::days(30));
    field.replica.write(stream(STREAM), &note("na het einde van de sessie"));
    assert!(run_sync(&field.backend, &mut field.replica).await.unwrap().agreed);
}

#[tokio::test]
async fn a_device_with_another_key_gets_no_session() {
    let field = Field::new().await;
    let address = field.line.url();
    let other_key = device_key(DeviceId(uuid::Uuid::nil()));
    let device = field.replica.peer.device;
    let stranger = Backend::new(&address, device, other_key, *field.backend.backend_key()).unwrap();
    assert!(matches!(stranger.session().await, Err(HttpError::SignedOut)));
}

#[tokio::test]
async fn records_sync_over_a_line_that_is_cut_again_and_again() {
    let mut field = Field::new().await;
    for number in 0..40 {
        field.replica.write(stream(STREAM), &note(&format!("{number}{}", "x".repeat(40_000))));
    }
    let written = field.replica.records.len();
    for every in [400_000, 900_000, 2_000_000] {
        field.line.breaks(Fault::Cut(Way::Up, every));
        let _ = run_sync(&field.backend, &mut field.replica).await;
    }
    field.line.breaks(Fault::None);
    let outcome = run_sync(&field.backend, &mut field.replica).await.unwrap();
    assert!(outcome.agreed, "{outcome:?}");
    assert_eq!(field.replica.records.len(), written);
}

#[tokio::test]
async fn a_device_hears_that_there_is_something_new() {
    let mut field = Field::new().await;
    let mut news = field.backend.events().await.unwrap();
    field.replica.write(stream(STREAM), &note("hoor je mij"));
    run_sync(&field.backend, &mut field.replica).await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(20), news.recv()).await.unwrap().unwrap();
    assert_eq!(heard.event, "nieuw");
    field.running.stop().await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(20), async { while news.recv().await.is_some() {} });
    ended.await.expect("the listener is told that the line ended");
}
