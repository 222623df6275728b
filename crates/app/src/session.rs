//! Enrolling, unlocking and locking.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use veldboek_domain::DeviceId;
use veldboek_store::keys::new_identity;
use veldboek_store::{Device, KeyFile, SecretKind as StoredKind, Store, StoreError};
use veldboek_sync::wire::{EnrolRequest, Enrolment};
use zeroize::Zeroizing;

use crate::api::{AppStatus, EnrolDevice, Event, Nothing, Phase, SecretKind, StopCard, Unlock};
use crate::app::{App, Session, lock};
use crate::error::AppError;
use crate::handover;

/// The name under which the keystore holds its part of the key.
const KEYSTORE_NAME: &str = "veldboek-database";

impl App {
    /// How far the app is; works in every phase.
    ///
    /// # Errors
    /// When the key file can't be read.
    pub fn status(&self, _: Nothing) -> Result<AppStatus, AppError> {
        let mut status = self.locked_status()?;
        if let Some(session) = lock(&self.open).as_ref() {
            let device = session.store.device();
            status.phase = Phase::Open;
            status.person = device.person.name.clone();
            status.function = device.person.function.clone();
            status.role = device.person.role.word().to_owned();
            status.organisation = device.person.organisation_name.clone();
            status.device = device.name.clone();
            status.backend = device.backend_name.clone();
        }
        if status.phase == Phase::Open {
            status.sync = self.sync_line()?;
        }
        Ok(status)
    }

    fn locked_status(&self) -> Result<AppStatus, AppError> {
        let (phase, secret, wait, wrong_tries) = match KeyFile::load(&self.config.data) {
            Ok(mut keys) => {
                let now = self.config.clock.stamp().at;
                keys.follow_clock(&self.config.data, now)?;
                let wait = keys.wait_seconds(now);
                (Phase::Locked, keys.secret_kind(), wait, keys.wrong_tries())
            }
            Err(StoreError::NotEnrolled) => {
                let kind = if self.config.secrets.is_some() { StoredKind::Pin } else { StoredKind::Passphrase };
                (Phase::NotEnrolled, kind, 0, 0)
            }
            Err(error) => return Err(error.into()),
        };
        Ok(AppStatus {
            phase,
            secret: match secret {
                StoredKind::Pin => SecretKind::Pin,
                StoredKind::Passphrase => SecretKind::Passphrase,
            },
            wait_seconds: u32::try_from(wait).unwrap_or(u32::MAX),
            wrong_tries,
            person: String::new(),
            function: String::new(),
            role: String::new(),
            organisation: String::new(),
            device: String::new(),
            backend: String::new(),
            sync: crate::api::SyncLine::default(),
        })
    }

    /// Enrols this device with the short code: keys are made here and only the public one leaves. Needs the network once.
    ///
    /// # Errors
    /// The backend's refusal in its own words, [`StoreError::SecretTooShort`], or no network.
    pub fn enrol(&self, request: EnrolDevice) -> Result<AppStatus, AppError> {
        if KeyFile::load(&self.config.data).is_ok() {
            return Err(StoreError::AlreadyEnrolled.into());
        }
        self.check_secret(&request.secret)?;
        let mut seed = Zeroizing::new([0u8; 32]);
        self.config.entropy.fill(&mut *seed);
        let signing = ed25519_dalek::SigningKey::from_bytes(&seed);
        let id = DeviceId::new(&*self.config.clock, &*self.config.entropy);
        let (handover_identity, recipient) = new_identity();
        let asked = EnrolRequest {
            code: request.code.trim().to_owned(),
            device: id,
            name: request.device_name.trim().to_owned(),
            public_key: hex::encode(signing.verifying_key().to_bytes()),
            recipient,
        };
        let address = request.address.trim().trim_end_matches('/').to_owned();
        let enrolment = self.engine.block_on(veldboek_sync::http::enrol(&address, &asked))?;
        let keys = Secrets { signing_key: hex::encode(*seed), handover_identity: handover_identity.to_string() };
        let device = device(id, asked.name, address, keys, enrolment);
        self.make_database(&request.secret, &device)?;
        self.status(Nothing {})
    }

    /// Refuses a secret that is too short before a code is used up.
    fn check_secret(&self, secret: &str) -> Result<(), AppError> {
        let minimum = match self.config.secrets {
            Some(_) => veldboek_store::keys::SHORTEST_PIN,
            None => veldboek_store::keys::SHORTEST_PASSPHRASE,
        };
        let long_enough = secret.chars().count() >= minimum;
        if long_enough { Ok(()) } else { Err(StoreError::SecretTooShort { minimum }.into()) }
    }

    fn make_database(&self, secret: &str, device: &Device) -> Result<(), AppError> {
        let keystore = match &self.config.secrets {
            Some(secrets) => {
                let mut part = Zeroizing::new(vec![0u8; 32]);
                self.config.entropy.fill(&mut part);
                secrets.put(KEYSTORE_NAME, BASE64.encode(&*part).as_bytes())?;
                Some(part)
            }
            None => None,
        };
        let (_, key) = KeyFile::create(
            &self.config.data,
            secret,
            keystore.as_ref().map(|part| part.as_slice()),
            device.recovery_recipient.as_deref(),
            self.config.hardness,
            &*self.config.entropy,
        )?;
        let store = Store::create(&self.config.data, &key, device)?;
        *lock(&self.open) = Some(Session::new(store));
        Ok(())
    }

    /// Opens the device with its PIN or passphrase.
    ///
    /// # Errors
    /// [`StoreError::WrongSecret`] with the wait, [`StoreError::MustWait`], or why it can't be opened; nothing is deleted.
    pub fn unlock(&self, request: Unlock) -> Result<AppStatus, AppError> {
        // Deriving the key takes longer.
        self.load_library();
        let mut keys = KeyFile::load(&self.config.data)?;
        let keystore = match (keys.secret_kind(), &self.config.secrets) {
            (StoredKind::Pin, Some(secrets)) => secrets.get(KEYSTORE_NAME)?.and_then(|part| BASE64.decode(part).ok()),
            _ => None,
        };
        let secret = Zeroizing::new(request.secret);
        let key = keys.unlock(&self.config.data, &secret, keystore.as_deref(), &*self.config.clock)?;
        let store = Store::open(&self.config.data, &key)?;
        *lock(&self.open) = Some(Session::new(store));
        self.wake.notify_one();
        self.status(Nothing {})
    }

    /// Locks the app: the keys leave memory.
    ///
    /// # Errors
    /// As [`App::status`].
    pub fn lock(&self, _: Nothing) -> Result<AppStatus, AppError> {
        self.close_nearby();
        *lock(&self.open) = None;
        *lock(&self.on_screen) = None;
        self.attend.notify_one();
        self.tell(&Event::Locked);
        self.status(Nothing {})
    }

    /// The STOP text; works in every phase.
    ///
    /// # Errors
    /// [`AppError::Checklists`] when the app's own text can't be read.
    pub fn stop_card(&self, _: Nothing) -> Result<StopCard, AppError> {
        Ok(self.library()?.stop_card())
    }
}

/// Secrets of a new device, made before it is enrolled.
struct Secrets {
    signing_key: String,
    handover_identity: String,
}

fn device(id: DeviceId, name: String, address: String, secrets: Secrets, enrolment: Enrolment) -> Device {
    let (vault_identity, _) = new_identity();
    let mut device = Device {
        id,
        name,
        person: enrolment.person,
        backend_address: address,
        backend_name: enrolment.backend,
        backend_key: enrolment.backend_key,
        source_organisation: enrolment.source_organisation,
        number_suffix: enrolment.number_suffix,
        signing_key: secrets.signing_key,
        vault_identity: vault_identity.to_string(),
        recovery_recipient: Some(enrolment.recovery_recipient).filter(|recipient| !recipient.is_empty()),
        handover_identity: secrets.handover_identity,
        certificate: None,
    };
    device.certificate = enrolment.certificate.filter(|certificate| handover::is_ours(&device, certificate));
    device
}
