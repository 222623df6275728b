//! Bits that flip on the disk: found and named, never taken for what was written, and the rest opens.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, Clock, Digest, ItemId, Record, SetKind};
use veldboek_store::{DatabaseKey, Store, StoreError};

use crate::support::{STREAM, TestDevice, author};

const SEEDS: u64 = 240;
const PHOTOS: u128 = 3;

/// A number for a seed and a purpose; the same ones in every run.
fn number(seed: u64, purpose: &str, below: usize) -> usize {
    let digest = Digest::of(format!("{seed} {purpose}").as_bytes());
    let bytes: [u8; 8] = digest.0[..8].try_into().unwrap();
    (u64::from_be_bytes(bytes) % below as u64) as usize
}

fn photograph(device: &mut TestDevice, number: u128) -> Digest {
    let bytes = format!("the bytes of photo {number} ").repeat(400).into_bytes();
    let item = ItemId(uuid::Uuid::from_u128(number));
    device.write(&Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None }, Vec::new());
    let sha256 = Digest::of(&bytes);
    let media_type = "image/jpeg".to_owned();
    let sealed =
        Sealed { sha256, bytes: bytes.len() as u64, media_type, width: 4, height: 3, taken_at: None, position: None };
    let mut writer = device.store.writer(STREAM).unwrap();
    let record =
        writer.write(&Body::PhotoSealed { item, sealed }, &author(), device.clock.stamp(), Vec::new()).unwrap();
    device.store.seal_photo(&sha256, &bytes, Some(b"small"), &[record], None).unwrap();
    sha256
}

/// Every file of the database and of the photos, by its path below the folder.
fn files(folder: &Path, below: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder.join(below)).unwrap().flatten() {
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            files(folder, &path, into);
        } else if path.extension().is_some_and(|kind| kind == "db" || kind == "age") {
            into.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// What a look at everything gives: the records and the photos, or what was found.
fn look(folder: &Path, key: &DatabaseKey, photos: &[Digest]) -> Result<(Vec<Record>, Vec<bool>), StoreError> {
    let store = Store::open(folder, key)?;
    store.check()?;
    let opens = photos.iter().map(|photo| match store.photo(photo) {
        Ok(bytes) => Ok(Digest::of(&bytes) == *photo),
        Err(StoreError::PhotoDamaged { sha256 }) if sha256 == photo.to_string() => Ok(false),
        Err(error) => Err(error),
    });
    let opens = opens.collect::<Result<_, _>>()?;
    Ok((store.all_records()?, opens))
}

#[test]
fn flipped_bits_are_found_and_named_and_the_rest_opens() {
    let mut device = TestDevice::new();
    device.open_stream();
    for round in 0..12 {
        device.answer("A1", &format!("antwoord {round} {}", "lang ".repeat(200)));
    }
    let photos: Vec<Digest> = (1..=PHOTOS).map(|number| photograph(&mut device, number)).collect();
    let records = device.store.all_records().unwrap();
    let TestDevice { folder, key, store, .. } = device;
    drop(store);
    let mut whole = BTreeMap::new();
    files(folder.path(), Path::new(""), &mut whole);
    assert_eq!(whole.len(), 1 + photos.len(), "one database and the photos");

    let (mut in_the_database, mut in_photos) = (0, 0);
    for seed in 0..SEEDS {
        let (path, bytes) = whole.iter().nth(number(seed, "file", whole.len())).unwrap();
        let mut rotten = bytes.clone();
        for flip in 0..=number(seed, "flips", 3) {
            let at = number(seed, &format!("place {flip}"), rotten.len());
            rotten[at] ^= 1 << number(seed, &format!("bit {flip}"), 8);
        }
        fs::write(folder.path().join(path), &rotten).unwrap();
        let found = look(folder.path(), &key, &photos);
        if path.extension().is_some_and(|kind| kind == "db") {
            in_the_database += 1;
            assert!(matches!(found, Err(StoreError::Damaged(_))), "seed {seed}: {found:?}");
            assert_eq!(fs::read(folder.path().join(path)).unwrap(), rotten, "seed {seed}: it is left as it is");
        } else {
            in_photos += 1;
            let (held, opens) = found.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(held, records, "seed {seed}: the records are there");
            let named = path.file_stem().unwrap().to_string_lossy().into_owned();
            let expected: Vec<bool> = photos.iter().map(|photo| photo.to_string() != named).collect();
            assert_eq!(opens, expected, "seed {seed}: this photo is damaged and the others open");
        }
        fs::write(folder.path().join(path), bytes).unwrap();
    }
    assert!(in_the_database > 20 && in_photos > 60, "{in_the_database} and {in_photos}");
    let (held, opens) = look(folder.path(), &key, &photos).unwrap();
    assert!(held == records && opens.iter().all(|opens| *opens), "put back, all of it opens");
}
