//! Records pushed and pulled, and a sync with nothing new.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use veldboek_app::api::{Nothing, Write};
use veldboek_app::system::SystemClock;
use veldboek_domain::{Clock, InspectionId, RegisterKey, Slot, Value};

use super::answer::Bench;
use super::{Row, in_turn, median, timed};
use crate::backend::Backend;
use crate::block_on;
use crate::device::Device;

const RECORDS: u32 = 10_000;

/// Ten thousand signed records up and durable, and down to a second device of the team.
pub fn records() -> Vec<Row> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let backend = Backend::start(clock.clone());
    let first = Device::enrolled(clock.clone(), &backend.url(), backend.code(0), "ALK-07");
    let second = Device::enrolled(clock, &backend.url(), backend.code(1), "OD-03");
    let inspection = first.today()[0].inspection;
    write(&first, inspection);
    let up = timed(|| assert!(first.sync().line.records_waiting == 0, "everything is received"));
    let down = timed(|| drop(second.sync()));
    assert_eq!(second.inspection(inspection).row.waiting, 0);
    let raw = median((0..5).map(|_| raw_post(RECORDS as usize * 900)).collect());
    let figure = |way: &str, took: Duration| {
        let rate = f64::from(RECORDS) / took.as_secs_f64();
        let mut row = Row::times(
            &format!("10,000 records {way}, {rate:.0} a second"),
            took,
            "one raw POST of 9 MB, fsynced",
            raw,
            "4 x, and 32,000/s",
        );
        row.measured.push_str(", from the device's database to the other side's");
        row
    };
    vec![figure("pushed", up), figure("pulled", down)]
}

fn write(device: &Device, inspection: InspectionId) {
    for number in 0..RECORDS {
        let register = RegisterKey::Note(Slot::of("A1").for_part(&number.to_string()));
        let value = Value::text(&format!("aantekening {number}"));
        device.app().write(Write { inspection, register, value }).expect("it is kept");
    }
}

/// One POST of this many bytes to a server that writes them to a file and fsyncs it.
fn raw_post(bytes: usize) -> Duration {
    block_on(async {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        let path = folder.path().join("raw");
        let sink = move |body: Bytes| {
            let path = path.clone();
            async move {
                tokio::task::spawn_blocking(move || {
                    use std::io::Write as _;
                    let mut file = std::fs::File::create(path).expect("a file can be made");
                    file.write_all(&body).and_then(|()| file.sync_all()).expect("it is written");
                })
                .await
                .expect("it ends");
            }
        };
        let limit = axum::extract::DefaultBodyLimit::disable();
        let router = Router::new().route("/", post(sink)).layer(limit);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let client = reqwest::Client::new();
        let begun = std::time::Instant::now();
        let sent = client.post(format!("http://{address}/")).body(vec![7u8; bytes]).send().await;
        sent.and_then(reqwest::Response::error_for_status).expect("it is taken");
        let took = begun.elapsed();
        server.abort();
        took
    })
}

/// A sync with nothing new against a bare round trip to the same backend.
pub fn nothing_new() -> Row {
    let bench = Bench::new();
    bench.device.sync();
    let client = reqwest::Client::new();
    let url = format!("{}/gezond", bench.backend.url());
    let (sync, bare) = in_turn(
        200,
        || drop(bench.device.app().sync_now(Nothing {}).expect("it syncs")),
        || drop(block_on(async { client.get(&url).send().await?.bytes().await }).expect("it answers")),
    );
    Row::times("a sync with nothing new", sync, "a bare round trip", bare, "2 x")
}
