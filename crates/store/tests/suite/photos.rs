//! The photo vault.

use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, Clock, Digest, ItemId, SetKind};
use veldboek_store::StoreError;

use crate::support::{STREAM, TestDevice, author, holds};

const PICTURE: &[u8] = b"the bytes of a photo, long enough to be looked for in the files";

fn seal(device: &mut TestDevice, bytes: &[u8]) -> (ItemId, Digest) {
    let item = ItemId(uuid::Uuid::from_u128(77));
    device.write(&Body::ItemAdded { item, set: SetKind::Photo, slot: None, parent: None }, Vec::new());
    let sha256 = Digest::of(bytes);
    let sealed = Sealed {
        sha256,
        bytes: bytes.len() as u64,
        media_type: "image/jpeg".to_owned(),
        width: 4,
        height: 3,
        taken_at: None,
        position: None,
    };
    let mut writer = device.store.writer(STREAM).unwrap();
    let body = Body::PhotoSealed { item, sealed };
    let record = writer.write(&body, &author(), device.clock.stamp(), Vec::new()).unwrap();
    device.store.seal_photo(&sha256, bytes, Some(b"small"), &[record], None).unwrap();
    (item, sha256)
}

fn file_of(device: &TestDevice, sha256: &Digest) -> std::path::PathBuf {
    let digits = sha256.to_string();
    device.folder.path().join("fotos").join(&digits[..2]).join(format!("{digits}.age"))
}

#[test]
fn a_sealed_photo_has_its_exact_bytes_and_they_are_in_no_file() {
    let mut device = TestDevice::new();
    device.open_stream();
    let (item, sha256) = seal(&mut device, PICTURE);
    let device = device.reopen();
    assert_eq!(device.store.photo(&sha256).unwrap(), PICTURE);
    assert_eq!(device.store.thumb(&sha256).unwrap().unwrap(), b"small");
    assert!(device.store.photo_row(item).unwrap().unwrap().here);
    assert!(!holds(&device.bytes(), &PICTURE[..24]));
    assert!(std::fs::read(file_of(&device, &sha256)).unwrap().starts_with(b"age-encryption.org/v1"));
}

#[test]
fn a_flipped_byte_is_found_and_named_and_the_rest_opens() {
    let mut device = TestDevice::new();
    device.open_stream();
    let (_, sha256) = seal(&mut device, PICTURE);
    let path = file_of(&device, &sha256);
    let whole = std::fs::read(&path).unwrap();
    for at in [0, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, flipped).unwrap();
        let read = device.store.photo(&sha256);
        assert!(matches!(read, Err(StoreError::PhotoDamaged { .. })), "byte {at}: {read:?}");
    }
    assert!(device.store.inspection(crate::support::INSPECTION).is_ok());
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(device.store.photo(&sha256), Err(StoreError::PhotoMissing { .. })));
}

#[test]
fn sealing_again_mends_a_damaged_file() {
    let mut device = TestDevice::new();
    device.open_stream();
    let (_, sha256) = seal(&mut device, PICTURE);
    std::fs::write(file_of(&device, &sha256), b"rot").unwrap();
    device.store.receive_photo(&sha256, PICTURE, None).unwrap();
    assert_eq!(device.store.photo(&sha256).unwrap(), PICTURE);
}

#[test]
fn bytes_that_do_not_have_the_hash_are_not_taken() {
    let mut device = TestDevice::new();
    let taken = device.store.receive_photo(&Digest::of(PICTURE), b"something else", None);
    assert!(matches!(taken, Err(StoreError::PhotoDamaged { .. })));
}

#[test]
fn what_a_kill_left_half_written_is_swept_away() {
    let device = TestDevice::new();
    let half = device.folder.path().join("fotos").join("abc.deel");
    std::fs::write(&half, b"half").unwrap();
    let _device = device.reopen();
    assert!(!half.exists());
}
