//! Photos go up by tus, in whatever pieces the network allows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{Backend, Device, inspection, problem, stream};
use futures_util::StreamExt;
use reqwest::{Body as Sent, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value as Json, json};
use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, Clock, Digest, ItemId, Role, SetKind, StreamKind};
use veldboek_sync::PhotoReceipt;
use veldboek_sync::receipt::public_key;

/// A photo's worth of bytes that differ everywhere.
fn photo(length: usize) -> Vec<u8> {
    (0u64..).flat_map(|n| Digest::of(&n.to_be_bytes()).0).take(length).collect()
}

async fn begin() -> (Backend, Device) {
    let backend = Backend::start().await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let mut chain = dekker.chain(stream(1));
    chain.begin_inspection(inspection(1));
    backend.push(&dekker, &chain.records).await;
    (backend, dekker)
}

/// Begins an upload without bytes, and gives its address.
async fn create(backend: &Backend, device: &Device, bytes: &[u8]) -> String {
    let reply = backend.create_upload(device, stream(1), Digest::of(bytes), bytes.len()).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::CREATED);
    let location = reply.url().join(reply.headers()["location"].to_str().unwrap()).unwrap();
    location.path().to_owned()
}

fn patch(backend: &Backend, device: &Device, location: &str, offset: usize) -> RequestBuilder {
    let request = backend.as_device(device, Method::PATCH, location).header("tus-resumable", "1.0.0");
    request.header("upload-offset", offset).header("content-type", "application/offset+octet-stream")
}

async fn offset(backend: &Backend, device: &Device, location: &str) -> usize {
    let request = backend.as_device(device, Method::HEAD, location).header("tus-resumable", "1.0.0");
    let reply = request.send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    reply.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
}

fn receipt(backend: &Backend, reply: &Response) -> PhotoReceipt {
    let json = STANDARD.decode(reply.headers()["veldboek-ontvangst"].as_bytes()).unwrap();
    let receipt: PhotoReceipt = serde_json::from_slice(&json).unwrap();
    assert!(receipt.verify(&public_key(&backend.running().state().identity.public_key()).unwrap()));
    receipt
}

async fn state_of(backend: &Backend, device: &Device, sha256: Digest) -> Json {
    let request = backend.as_device(device, Method::POST, "/v1/fotos/_stand").json(&json!({ "photos": [sha256] }));
    let mut reply: Json = request.send().await.unwrap().json().await.unwrap();
    reply["photos"][sha256.to_string()].take()
}

#[tokio::test]
async fn a_photo_goes_up_in_one_request_and_is_received_with_an_equal_hash() {
    let (backend, dekker) = begin().await;
    let bytes = photo(3 * 1024 * 1024 + 17);
    let sha256 = Digest::of(&bytes);
    let reply = backend.send_photo(&dekker, stream(1), &bytes).await;
    assert_eq!(reply.status(), StatusCode::CREATED);
    assert_eq!(reply.headers()["tus-resumable"], "1.0.0");
    assert_eq!(reply.headers()["upload-offset"], bytes.len().to_string().as_str());
    assert!(!reply.headers().contains_key("upload-expires"), "what is received never expires");
    let receipt = receipt(&backend, &reply);
    assert_eq!((receipt.sha256, receipt.bytes), (sha256, bytes.len() as u64));
    let name = sha256.to_string();
    let path = backend.folder.path().join("data/fotos").join(&name[..2]).join(&name);
    assert_eq!(std::fs::read(path).unwrap(), bytes);
    assert_eq!(state_of(&backend, &dekker, sha256).await["state"], "complete");
}

#[tokio::test]
async fn a_cut_connection_goes_on_where_it_was_also_after_a_restart() {
    let (mut backend, dekker) = begin().await;
    let bytes = photo(2 * 1024 * 1024);
    let sha256 = Digest::of(&bytes);
    let location = create(&backend, &dekker, &bytes).await;
    let half = 1024 * 1024 + 5;
    let piece = Ok::<_, std::io::Error>(bytes[..half].to_vec());
    let pieces = futures_util::stream::iter([piece]).chain(futures_util::stream::pending());
    let cut = tokio::spawn(patch(&backend, &dekker, &location, 0).body(Sent::wrap_stream(pieces)).send());
    while offset_on_disk(&backend, &location) < half as u64 {
        tokio::task::yield_now().await;
    }
    cut.abort();
    let after = offset(&backend, &dekker, &location).await;
    assert_eq!(after, half);
    let state = state_of(&backend, &dekker, sha256).await;
    let from_base = location.trim_start_matches('/');
    assert_eq!(state, json!({ "state": "partial", "location": from_base, "offset": after }));
    backend.restart().await;
    assert_eq!(offset(&backend, &dekker, &location).await, after);
    let wrong = patch(&backend, &dekker, &location, after + 1).body(bytes[after..].to_vec()).send().await.unwrap();
    assert_eq!(problem(wrong).await, 405);
    let last = patch(&backend, &dekker, &location, after).body(bytes[after..].to_vec()).send().await.unwrap();
    assert_eq!(last.status(), StatusCode::NO_CONTENT);
    assert_eq!(receipt(&backend, &last).sha256, sha256);
    assert_eq!(offset(&backend, &dekker, &location).await, bytes.len());
}

#[tokio::test]
async fn a_dead_upload_is_taken_over() {
    let (backend, dekker) = begin().await;
    let bytes = photo(600 * 1024);
    let location = create(&backend, &dekker, &bytes).await;
    let (first, rest) = bytes.split_at(1000);
    // A connection that never ends and never brings another byte.
    let stalled =
        futures_util::stream::iter([Ok::<_, std::io::Error>(first.to_vec())]).chain(futures_util::stream::pending());
    let stalled = patch(&backend, &dekker, &location, 0).body(Sent::wrap_stream(stalled)).send();
    let stalled = tokio::spawn(stalled);
    while offset_on_disk(&backend, &location) < first.len() as u64 {
        tokio::task::yield_now().await;
    }
    assert_eq!(offset(&backend, &dekker, &location).await, first.len());
    let reply = patch(&backend, &dekker, &location, first.len()).body(rest.to_vec()).send().await.unwrap();
    assert_eq!(receipt(&backend, &reply).bytes, bytes.len() as u64);
    stalled.abort();
}

fn offset_on_disk(backend: &Backend, location: &str) -> u64 {
    let name = location.rsplit('/').next().unwrap();
    let file = backend.folder.path().join("data/uploads").join(name);
    file.metadata().map_or(0, |file| file.len())
}

#[tokio::test]
async fn a_photo_with_another_hash_is_thrown_away_and_named() {
    let (backend, dekker) = begin().await;
    let mut bytes = photo(5000);
    let location = create(&backend, &dekker, &bytes).await;
    bytes[4000] ^= 1;
    let reply = patch(&backend, &dekker, &location, 0).body(bytes).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem(reply).await, 408);
    assert_eq!(offset_on_disk(&backend, &location), 0);
    let gone =
        backend.as_device(&dekker, Method::HEAD, &location).header("tus-resumable", "1.0.0").send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_damaged_piece_is_refused_and_a_whole_one_kept() {
    let (backend, dekker) = begin().await;
    let bytes = photo(5000);
    let location = create(&backend, &dekker, &bytes).await;
    let checksum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(Digest::of(bytes).0));
    let good = patch(&backend, &dekker, &location, 0).header("upload-checksum", checksum(&bytes[..3000]));
    assert_eq!(good.body(bytes[..3000].to_vec()).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let bad = patch(&backend, &dekker, &location, 3000).header("upload-checksum", checksum(b"anders"));
    let bad = bad.body(bytes[3000..].to_vec()).send().await.unwrap();
    assert_eq!(bad.status().as_u16(), 460);
    assert_eq!(problem(bad).await, 407);
    assert_eq!(offset(&backend, &dekker, &location).await, 3000);
    let last = patch(&backend, &dekker, &location, 3000).body(bytes[3000..].to_vec()).send().await.unwrap();
    assert_eq!(receipt(&backend, &last).sha256, Digest::of(&bytes));
}

#[tokio::test]
async fn a_piece_is_compared_by_either_algorithm_and_nothing_of_a_damaged_one_is_kept() {
    let (backend, dekker) = begin().await;
    let bytes = photo(1024 * 1024);
    let sums: [fn(&[u8]) -> String; 2] = [
        |bytes| format!("sha1 {}", STANDARD.encode(<sha1::Sha1 as sha1::Digest>::digest(bytes))),
        |bytes| format!("sha256 {}", STANDARD.encode(Digest::of(bytes).0)),
    ];
    for sum in sums {
        let location = create(&backend, &dekker, &bytes).await;
        let (first, rest) = bytes.split_at(700_000);
        let mut damaged = first.to_vec();
        damaged[600_000] ^= 1;
        let bad = patch(&backend, &dekker, &location, 0).header("upload-checksum", sum(first));
        let bad = bad.body(damaged).send().await.unwrap();
        assert_eq!(bad.status().as_u16(), 460);
        assert_eq!(offset_on_disk(&backend, &location), 0);
        let unknown = patch(&backend, &dekker, &location, 0).header("upload-checksum", "crc32 AAAAAA==");
        assert_eq!(unknown.body(first.to_vec()).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
        assert_eq!(offset(&backend, &dekker, &location).await, 0);
        for (at, piece) in [(0, first), (first.len(), rest)] {
            let good = patch(&backend, &dekker, &location, at).header("upload-checksum", sum(piece));
            assert_eq!(good.body(piece.to_vec()).send().await.unwrap().status(), StatusCode::NO_CONTENT);
        }
        assert_eq!(offset(&backend, &dekker, &location).await, bytes.len());
        let name = Digest::of(&bytes).to_string();
        std::fs::remove_file(backend.folder.path().join("data/fotos").join(&name[..2]).join(&name)).unwrap();
        forget(&backend, Digest::of(&bytes));
    }
}

/// Makes the backend forget a photo, so that it can be sent again.
fn forget(backend: &Backend, sha256: Digest) {
    let database = rusqlite::Connection::open(backend.folder.path().join("data/veldboek.sqlite")).unwrap();
    database.execute("DELETE FROM photos WHERE sha256 = ?1", [sha256.0]).unwrap();
}

#[tokio::test]
async fn what_a_client_said_of_an_upload_is_given_back_with_how_long_it_is_kept() {
    let (backend, dekker) = begin().await;
    let bytes = photo(5000);
    let said = format!("filename c2NodXVyLmpwZw==,is_klein,{}", common::metadata(stream(1), Digest::of(&bytes)));
    let request = backend.as_device(&dekker, Method::POST, "/v1/fotos").header("tus-resumable", "1.0.0");
    let created = request.header("upload-length", 5000).header("upload-metadata", &said).send().await.unwrap();
    assert_eq!(created.headers()["upload-expires"], "Thu, 26 Nov 2026 08:00:00 GMT");
    let location = created.url().join(created.headers()["location"].to_str().unwrap()).unwrap().path().to_owned();
    backend.clock.forward(chrono::Duration::days(1));
    let mut dekker = dekker;
    dekker.token = backend.session(&dekker).await.unwrap();
    let part = patch(&backend, &dekker, &location, 0).body(bytes[..10].to_vec()).send().await.unwrap();
    assert_eq!(part.headers()["upload-expires"], "Fri, 27 Nov 2026 08:00:00 GMT", "what goes on is kept for longer");
    let head = backend.as_device(&dekker, Method::HEAD, &location).header("tus-resumable", "1.0.0");
    let head = head.send().await.unwrap();
    assert_eq!(head.headers()["upload-metadata"], said.as_str());
    assert_eq!(head.headers()["upload-expires"], "Fri, 27 Nov 2026 08:00:00 GMT");
    assert_eq!(head.headers()["cache-control"], "no-store");
    let last = patch(&backend, &dekker, &location, 10).body(bytes[10..].to_vec()).send().await.unwrap();
    assert!(!last.headers().contains_key("upload-expires"));
}

#[tokio::test]
async fn an_expired_upload_goes_away_without_anybody_asking_for_it() {
    let (mut backend, dekker) = begin().await;
    let location = create(&backend, &dekker, &photo(5000)).await;
    patch(&backend, &dekker, &location, 0).body(photo(10)).send().await.unwrap();
    backend.clock.forward(chrono::Duration::days(6));
    backend.restart().await;
    assert_eq!(offset_on_disk(&backend, &location), 10);
    backend.clock.forward(chrono::Duration::days(1));
    backend.restart().await;
    let gone = async {
        while offset_on_disk(&backend, &location) > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), gone).await.expect("the bytes are thrown away");
}

#[tokio::test]
async fn a_client_that_knows_only_get_and_post_names_the_method_in_a_header() {
    let (backend, dekker) = begin().await;
    let bytes = photo(5000);
    let location = create(&backend, &dekker, &bytes).await;
    let post = |method| {
        let request = backend.as_device(&dekker, Method::POST, &location).header("tus-resumable", "1.0.0");
        request.header("x-http-method-override", method)
    };
    let part = post("PATCH").header("upload-offset", 0).header("content-type", "application/offset+octet-stream");
    let part = part.body(bytes[..3000].to_vec()).send().await.unwrap();
    assert_eq!((part.status(), &part.headers()["upload-offset"]), (StatusCode::NO_CONTENT, &"3000".parse().unwrap()));
    assert_eq!(post("DELETE").send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(offset_on_disk(&backend, &location), 0);
    let elsewhere = backend.as_device(&dekker, Method::POST, "/v1/fotos/_stand").json(&json!({ "photos": [] }));
    let elsewhere = elsewhere.header("x-http-method-override", "DELETE").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::OK, "only uploads are taken by another name");
}

#[tokio::test]
async fn a_server_says_what_it_speaks_to_anybody_who_asks() {
    let (backend, dekker) = begin().await;
    let options = backend.request(Method::OPTIONS, "/v1/fotos").send().await.unwrap();
    assert_eq!(options.status(), StatusCode::NO_CONTENT);
    let said = [
        ("tus-version", "1.0.0"),
        ("tus-extension", "creation,creation-with-upload,checksum,termination,expiration"),
        ("tus-checksum-algorithm", "sha256,sha1"),
        ("tus-max-size", "67108864"),
        ("tus-resumable", "1.0.0"),
    ];
    for (name, value) in said {
        assert_eq!(options.headers()[name], value, "{name}");
    }
    let old = backend.as_device(&dekker, Method::POST, "/v1/fotos").header("tus-resumable", "0.2.2");
    let old = old.send().await.unwrap();
    assert_eq!(
        (old.status(), &old.headers()["tus-version"]),
        (StatusCode::PRECONDITION_FAILED, &"1.0.0".parse().unwrap())
    );
}

#[tokio::test]
async fn a_photo_that_is_there_is_complete_at_once_for_who_may_know() {
    let (backend, dekker) = begin().await;
    let bytes = photo(5000);
    let sha256 = Digest::of(&bytes);
    backend.send_photo(&dekker, stream(1), &bytes).await;
    let reply = backend.create_upload(&dekker, stream(1), sha256, bytes.len()).send().await.unwrap();
    assert_eq!(reply.headers()["upload-offset"], "5000");
    assert_eq!(receipt(&backend, &reply).sha256, sha256);
    let stranger = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let mut own = stranger.chain(stream(2));
    own.begin_inspection(inspection(2));
    backend.push(&stranger, &own.records).await;
    assert_eq!(state_of(&backend, &stranger, sha256).await["state"], "absent");
    let reply = backend.create_upload(&stranger, stream(2), sha256, bytes.len()).send().await.unwrap();
    assert_eq!(reply.headers()["upload-offset"], "0", "that the photo is there is not told to strangers");
    let reply = backend.send_photo(&stranger, stream(2), &bytes).await;
    assert_eq!(receipt(&backend, &reply).sha256, sha256);
}

#[tokio::test]
async fn an_upload_can_be_broken_off_and_expires() {
    let (backend, dekker) = begin().await;
    let bytes = photo(5000);
    let location = create(&backend, &dekker, &bytes).await;
    patch(&backend, &dekker, &location, 0).body(bytes[..10].to_vec()).send().await.unwrap();
    let stranger = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let head = |device| backend.as_device(device, Method::HEAD, &location).header("tus-resumable", "1.0.0").send();
    assert_eq!(head(&stranger).await.unwrap().status(), StatusCode::NOT_FOUND);
    let delete = backend.as_device(&dekker, Method::DELETE, &location).header("tus-resumable", "1.0.0");
    assert_eq!(delete.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(offset_on_disk(&backend, &location), 0);
    assert_eq!(head(&dekker).await.unwrap().status(), StatusCode::NOT_FOUND);
    let location = create(&backend, &dekker, &bytes).await;
    patch(&backend, &dekker, &location, 0).body(bytes[..10].to_vec()).send().await.unwrap();
    backend.clock.forward(chrono::Duration::days(7));
    let mut later = dekker;
    later.token = backend.session(&later).await.unwrap();
    let expired = patch(&backend, &later, &location, 10).body(bytes[10..].to_vec()).send().await.unwrap();
    assert_eq!(problem(expired).await, 411);
    assert_eq!(offset_on_disk(&backend, &location), 0, "an expired upload leaves no bytes");
}

#[tokio::test]
async fn bytes_that_nobody_knows_of_are_thrown_away_at_the_start_and_no_others() {
    let (mut backend, dekker) = begin().await;
    let bytes = photo(5000);
    let location = create(&backend, &dekker, &bytes).await;
    patch(&backend, &dekker, &location, 0).body(bytes[..10].to_vec()).send().await.unwrap();
    let stray = backend.folder.path().join("data/uploads").join("ab".repeat(16));
    std::fs::write(&stray, "x").unwrap();
    backend.restart().await;
    assert!(!stray.exists());
    assert_eq!(offset(&backend, &dekker, &location).await, 10);
}

#[tokio::test]
async fn heads_that_cannot_be_read_are_named() {
    let (backend, dekker) = begin().await;
    let good = common::metadata(stream(1), Digest::of(b"x"));
    let cases = [
        (None, Some("1"), good.as_str(), 403, None),
        (Some("0.2.2"), Some("1"), &good, 403, None),
        (Some("1.0.0"), None, &good, 404, Some("upload-length ontbreekt of is geen getal")),
        (Some("1.0.0"), Some("-4"), &good, 404, Some("upload-length ontbreekt of is geen getal")),
        (Some("1.0.0"), Some("0"), &good, 404, Some("Upload-Length is 0")),
        (Some("1.0.0"), Some("67108865"), &good, 402, None),
        (Some("1.0.0"), Some("9"), "", 404, Some("sha256 in Upload-Metadata ontbreekt of is niet te lezen")),
        (Some("1.0.0"), Some("9"), "sha256 ???", 404, Some("sha256 in Upload-Metadata ontbreekt of is niet te lezen")),
        (
            Some("1.0.0"),
            Some("9"),
            &good.replace("media_type ", "media_type_ "),
            404,
            Some("media_type in Upload-Metadata ontbreekt of is niet te lezen"),
        ),
        (
            Some("1.0.0"),
            Some("9"),
            &good.replace("stream ", "x "),
            404,
            Some("stream in Upload-Metadata ontbreekt of is niet te lezen"),
        ),
    ];
    for (version, length, metadata, number, reason) in cases {
        let mut request = backend.as_device(&dekker, Method::POST, "/v1/fotos").header("upload-metadata", metadata);
        if let Some(version) = version {
            request = request.header("tus-resumable", version);
        }
        if let Some(length) = length {
            request = request.header("upload-length", length);
        }
        let document: Json = request.send().await.unwrap().json().await.unwrap();
        assert_eq!((document["number"].as_u64(), document["reason"].as_str()), (Some(number), reason), "{metadata}");
    }
    let foreign = backend.create_upload(&dekker, stream(9), Digest::of(b"x"), 1).send().await.unwrap();
    assert_eq!(problem(foreign).await, 410);
    let location = create(&backend, &dekker, b"x").await;
    let json = backend.as_device(&dekker, Method::PATCH, &location).header("tus-resumable", "1.0.0");
    let json = json.header("upload-offset", "0").header("content-type", "application/json").body("x");
    assert_eq!(problem(json.send().await.unwrap()).await, 409);
    let sum = patch(&backend, &dekker, &location, 0).header("upload-checksum", "md5 eA==").body("x");
    assert_eq!(problem(sum.send().await.unwrap()).await, 404);
    let options = backend.request(Method::OPTIONS, "/v1/fotos").send().await.unwrap();
    assert_eq!(options.headers()["tus-max-size"], "67108864");
}

#[tokio::test]
async fn more_bytes_than_announced_are_refused() {
    let (backend, dekker) = begin().await;
    let location = create(&backend, &dekker, b"abc").await;
    let reply = patch(&backend, &dekker, &location, 0).body("abcdef").send().await.unwrap();
    assert_eq!(problem(reply).await, 402);
}

#[tokio::test]
async fn a_photo_is_given_in_parts_to_who_reads_its_stream_and_nobody_else() {
    let backend = Backend::start().await;
    let boa = backend.device("K. Boa", "gm-alkmaar", Role::InvestigatingOfficer).await;
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let mut team = boa.chain(stream(1));
    team.begin_inspection(inspection(1));
    team.write(&Body::MemberAdded { member: dekker.person.clone() });
    backend.push(&boa, &team.records).await;
    let mut closed = boa.chain(stream(2));
    closed.open(inspection(1), StreamKind::Wpg { organisation: "gm-alkmaar".into() });
    let bytes = photo(5000);
    let sha256 = Digest::of(&bytes);
    let item = ItemId::new(backend.clock.as_ref(), backend.entropy.as_ref());
    closed.write(&Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None });
    let sealed = Sealed {
        sha256,
        bytes: 5000,
        media_type: "image/jpeg".to_owned(),
        width: 1,
        height: 1,
        taken_at: Some(backend.clock.stamp().at),
        position: None,
    };
    closed.write(&Body::PhotoSealed { item, sealed });
    backend.push(&boa, &closed.records).await;
    assert_eq!(backend.send_photo(&boa, stream(2), &bytes).await.status(), StatusCode::CREATED);
    let get = |device| backend.as_device(device, Method::GET, &format!("/v1/fotos/{sha256}"));
    let part = get(&boa).header("range", "bytes=100-199").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes().await.unwrap(), bytes[100..200]);
    let whole = get(&boa).send().await.unwrap();
    assert_eq!(whole.headers()["content-type"], "image/jpeg");
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    assert_eq!(problem(get(&dekker).send().await.unwrap()).await, 401);
    assert_eq!(state_of(&backend, &dekker, sha256).await["state"], "absent");
}

/// A team's photo whose record the backend has, of which nothing came yet: who took it, a member, a stranger, its name.
async fn announced(backend: &Backend) -> (Device, Device, Device, Digest) {
    let dekker = backend.device("M. Dekker", "gm-alkmaar", Role::Inspector).await;
    let member = backend.device("K. Visser", "gm-alkmaar", Role::Inspector).await;
    let stranger = backend.device("Ș. Munteanu", "od-nhn", Role::Inspector).await;
    let sha256 = Digest::of(b"foto");
    let mut team = dekker.chain(stream(1));
    team.begin_inspection(inspection(1));
    team.write(&Body::MemberAdded { member: member.person.clone() });
    let item = ItemId::new(backend.clock.as_ref(), backend.entropy.as_ref());
    team.write(&Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None });
    let media_type = "image/jpeg".to_owned();
    let sealed = Sealed { sha256, bytes: 4, media_type, width: 1, height: 1, taken_at: None, position: None };
    team.write(&Body::PhotoSealed { item, sealed });
    backend.push(&dekker, &team.records).await;
    (dekker, member, stranger, sha256)
}

const SMALL: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

fn put_small(backend: &Backend, device: &Device, sha256: Digest, jpeg: &[u8]) -> RequestBuilder {
    let request = backend.as_device(device, Method::PUT, &format!("/v1/fotos/{sha256}/voorbeeld"));
    request.header("content-type", "image/jpeg").body(jpeg.to_vec())
}

#[tokio::test]
async fn a_small_version_goes_to_the_team_before_the_photo_and_to_nobody_else() {
    let mut backend = Backend::start().await;
    let (dekker, member, stranger, sha256) = announced(&backend).await;
    let get = async |backend: &Backend, device: &Device| {
        let address = format!("/v1/fotos/{sha256}/voorbeeld");
        backend.as_device(device, Method::GET, &address).send().await.unwrap()
    };
    assert_eq!(problem(get(&backend, &member).await).await, 401);
    let kept = put_small(&backend, &dekker, sha256, SMALL).send().await.unwrap();
    assert_eq!(kept.status(), StatusCode::NO_CONTENT);
    let again = put_small(&backend, &member, sha256, &[SMALL, b"anders"].concat()).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NO_CONTENT);
    backend.restart().await;
    let small = get(&backend, &member).await;
    assert_eq!(small.headers()["content-type"], "image/jpeg");
    assert_eq!(small.bytes().await.unwrap(), SMALL, "the first one stays");
    assert_eq!(problem(get(&backend, &stranger).await).await, 401);
    let refused = put_small(&backend, &stranger, Digest::of(b"elders"), SMALL).send().await.unwrap();
    assert_eq!(problem(refused).await, 401, "of a photo that nobody named");
    let asked = async |device: &Device| -> Json {
        let request = backend.as_device(device, Method::POST, "/v1/fotos/_stand").json(&json!({ "photos": [sha256] }));
        request.send().await.unwrap().json().await.unwrap()
    };
    let told = asked(&member).await;
    assert_eq!(told["previews"], json!([sha256]));
    assert_eq!(told["photos"][sha256.to_string()]["state"], "absent", "a small version is not the photo");
    assert_eq!(asked(&stranger).await["previews"], json!([]));
    let whole = backend.as_device(&member, Method::GET, &format!("/v1/fotos/{sha256}")).send().await.unwrap();
    assert_eq!(problem(whole).await, 401);
}

#[tokio::test]
async fn what_is_no_small_version_is_refused() {
    let backend = Backend::start().await;
    let (dekker, _, _, sha256) = announced(&backend).await;
    let large = [SMALL, &[0; 256 * 1024]].concat();
    for wrong in [&b"GIF89a"[..], b"", &large] {
        let refused = put_small(&backend, &dekker, sha256, wrong).send().await.unwrap();
        assert_eq!(problem(refused).await, 412);
    }
    let address = format!("/v1/fotos/{sha256}/voorbeeld");
    let named = backend.as_device(&dekker, Method::PUT, &address).header("content-type", "image/png").body(SMALL);
    assert_eq!(problem(named.send().await.unwrap()).await, 412);
}

#[tokio::test]
async fn the_team_hears_of_a_small_version_and_of_the_photo() {
    let backend = Backend::start().await;
    let (dekker, member, _, sha256) = announced(&backend).await;
    let mut news = backend.as_device(&member, Method::GET, "/v1/gebeurtenissen").send().await.unwrap();
    let mut hears = async || {
        let heard = tokio::time::timeout(std::time::Duration::from_secs(20), news.chunk()).await;
        String::from_utf8_lossy(&heard.expect("it is told").unwrap().unwrap()).into_owned()
    };
    put_small(&backend, &dekker, sha256, SMALL).send().await.unwrap();
    assert!(hears().await.contains("nieuw"));
    backend.send_photo(&dekker, stream(1), b"foto").await;
    assert!(hears().await.contains("nieuw"));
}
