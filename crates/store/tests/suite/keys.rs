//! Keys: wrong tries slow down, short secrets are refused, and nothing is deleted.

use tempfile::TempDir;
use veldboek_store::keys::new_identity;
use veldboek_store::{KeyFile, SecretKind, StoreError};

use crate::support::{Counting, SECRET, SOFT, TestClock};

#[test]
fn the_right_secret_gives_the_same_key_and_a_wrong_one_none() {
    let folder = TempDir::new().unwrap();
    let clock = TestClock::new();
    let (_, key) = KeyFile::create(folder.path(), SECRET, None, None, SOFT, &Counting::default()).unwrap();
    let mut file = KeyFile::load(folder.path()).unwrap();
    assert_eq!(*file.unlock(folder.path(), SECRET, None, &clock).unwrap(), *key);
    let wrong = file.unlock(folder.path(), "een andere wachtzin", None, &clock);
    assert!(matches!(wrong, Err(StoreError::WrongSecret { wait_seconds: 0 })));
}

#[test]
fn after_three_wrong_tries_every_next_one_waits_longer_also_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let clock = TestClock::new();
    KeyFile::create(folder.path(), SECRET, None, None, SOFT, &Counting::default()).unwrap();
    let mut waits = Vec::new();
    for _ in 0..5 {
        let mut file = KeyFile::load(folder.path()).unwrap();
        let Err(StoreError::WrongSecret { wait_seconds }) = file.unlock(folder.path(), "fout", None, &clock) else {
            panic!("a wrong secret is taken")
        };
        waits.push(wait_seconds);
        let again = KeyFile::load(folder.path()).unwrap();
        assert_eq!(again.wait_seconds(clock.0.lock().unwrap().to_owned()), wait_seconds, "the wait survives a restart");
        clock.pass(i64::try_from(wait_seconds).unwrap());
    }
    assert_eq!(waits, [0, 0, 30, 60, 120]);
}

#[test]
fn the_right_secret_is_not_taken_during_a_wait_and_setting_the_clock_back_does_not_help() {
    let folder = TempDir::new().unwrap();
    let clock = TestClock::new();
    KeyFile::create(folder.path(), SECRET, None, None, SOFT, &Counting::default()).unwrap();
    let mut file = KeyFile::load(folder.path()).unwrap();
    for _ in 0..3 {
        let _ = file.unlock(folder.path(), "fout", None, &clock);
    }
    clock.pass(-86_400);
    let early = file.unlock(folder.path(), SECRET, None, &clock);
    assert!(matches!(early, Err(StoreError::MustWait { wait_seconds: 30 })));
    clock.pass(29);
    let early = KeyFile::load(folder.path()).unwrap().unlock(folder.path(), SECRET, None, &clock);
    assert!(
        matches!(early, Err(StoreError::MustWait { wait_seconds: 1 })),
        "the wait goes on by the clock as it is now"
    );
    clock.pass(1);
    assert!(file.unlock(folder.path(), SECRET, None, &clock).is_ok());
    assert_eq!(file.wrong_tries(), 0);
}

#[test]
fn a_pin_is_enough_only_with_a_keystore_and_opens_only_with_its_part() {
    let folder = TempDir::new().unwrap();
    let clock = TestClock::new();
    let alone = KeyFile::create(folder.path(), "482913", None, None, SOFT, &Counting::default());
    assert!(matches!(alone, Err(StoreError::SecretTooShort { minimum: 12 })));
    let keystore = [9u8; 32];
    KeyFile::create(folder.path(), "482913", Some(&keystore), None, SOFT, &Counting::default()).unwrap();
    let mut file = KeyFile::load(folder.path()).unwrap();
    assert_eq!(file.secret_kind(), SecretKind::Pin);
    assert!(file.unlock(folder.path(), "482913", Some(&keystore), &clock).is_ok());
    assert!(file.unlock(folder.path(), "482913", Some(&[8u8; 32]), &clock).is_err(), "a copied folder does not open");
}

#[test]
fn the_organisation_can_recover_the_key() {
    let folder = TempDir::new().unwrap();
    let (identity, recipient) = new_identity();
    let (file, key) =
        KeyFile::create(folder.path(), SECRET, None, Some(&recipient), SOFT, &Counting::default()).unwrap();
    let identity: age::x25519::Identity = identity.parse().unwrap();
    assert_eq!(age::decrypt(&identity, &file.recovery_copy().unwrap()).unwrap(), key.as_slice());
}

#[test]
fn a_key_file_of_a_newer_app_or_with_garbage_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    KeyFile::create(folder.path(), SECRET, None, None, SOFT, &Counting::default()).unwrap();
    let path = folder.path().join("sleutel.json");
    let newer = std::fs::read_to_string(&path).unwrap().replace("\"oldest_reader\": 1", "\"oldest_reader\": 2");
    std::fs::write(&path, &newer).unwrap();
    assert!(matches!(KeyFile::load(folder.path()), Err(StoreError::TooNew)));
    std::fs::write(&path, "{").unwrap();
    assert!(matches!(KeyFile::load(folder.path()), Err(StoreError::KeyFile(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{");
}
