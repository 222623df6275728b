//! Forty photos of 5 MiB up, fsynced and hash-verified; and what a line that is cut again and again costs.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::put;
use veldboek_app::system::SystemClock;

use super::answer::Bench;
use super::{Row, median, timed};
use crate::block_on;
use crate::device::Device;
use crate::line::{Fault, Line, Way};
use crate::photo::jpeg_of;

const PHOTOS: u32 = 40;
/// A disk that is busy with something else for a moment decides neither.
const ROUNDS: u32 = 5;
const SIZE: usize = 5 * 1024 * 1024;
const CUT_PHOTOS: u32 = 20;
const MIB: u64 = 1024 * 1024;

/// Through the app, from the vault to the backend's folder, against plain PUTs of the same bytes, fsynced.
pub fn sent() -> Row {
    let bench = Bench::new();
    let mut taken = 0..PHOTOS * ROUNDS;
    let rounds = (0..ROUNDS).map(|_| {
        let photos: Vec<Vec<u8>> = taken.by_ref().take(PHOTOS as usize).map(|number| jpeg_of(number, SIZE)).collect();
        for photo in &photos {
            bench.device.photograph(bench.inspection, None, photo.clone());
        }
        let sent = timed(|| {
            let view = bench.device.sync();
            assert_eq!(view.photos_received, view.photos_total, "every photo has its receipt");
        });
        (sent, plain_puts(photos))
    });
    let (sent, bare): (Vec<Duration>, Vec<Duration>) = rounds.unzip();
    let (sent, bare) = (median(sent), median(bare));
    Row::times("40 photos of 5 MiB up, fsynced and hash-verified", sent, "plain PUT, fsynced", bare, "1.25 x")
}

/// Twenty photos of 5 MiB through the app, over a line that is cut every MiB on average: bytes that the device put on it.
pub fn cut() -> Row {
    let bench = Bench::new();
    let line = block_on(Line::to(bench.backend.address()));
    let device = Device::enrolled(Arc::new(SystemClock), &line.url(), bench.backend.code(1), "ODN-02");
    let inspection = device.today().first().expect("there is work for today").inspection;
    for number in 0..CUT_PHOTOS {
        device.photograph(inspection, None, jpeg_of(number, SIZE));
    }
    line.breaks(Fault::CutAbout(Way::Up, MIB));
    loop {
        let view = device.sync();
        if view.photos_received == view.photos_total {
            break;
        }
    }
    let (bytes, wanted) = (line.up(), u64::from(CUT_PHOTOS) * SIZE as u64);
    Row {
        figure: format!("bytes on the wire for 100 MiB when the link is cut every 1 MiB ({} cuts)", line.strikes()),
        measured: format!("{bytes} bytes"),
        reference: format!("100 MiB {wanted} bytes"),
        ratio: Some(bytes as f64 / wanted as f64),
        budget: "1.06 x",
    }
}

fn plain_puts(photos: Vec<Vec<u8>>) -> Duration {
    block_on(async {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        let root = folder.path().to_owned();
        let sink = move |Path(name): Path<String>, body: Bytes| {
            let path = root.join(name);
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
        let router = Router::new().route("/{name}", put(sink)).layer(limit);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let client = reqwest::Client::new();
        let begun = std::time::Instant::now();
        for (number, photo) in photos.into_iter().enumerate() {
            let sent = client.put(format!("http://{address}/{number}")).body(photo).send().await;
            sent.and_then(reqwest::Response::error_for_status).expect("it is taken");
        }
        let took = begun.elapsed();
        server.abort();
        took
    })
}
