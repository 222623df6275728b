//! Hand-overs without a network: what this device shows of itself, which others it knows, and files from one to the other.
//!
//! What goes over and what is taken is decided in [`veldboek_sync::exchange`]; here it is read from the store, sealed into a
//! file ([`give`]) and brought back from one ([`take`]).

pub(crate) mod give;
pub(crate) mod take;

use veldboek_domain::{Body, DeviceCertificate, StreamKind};
use veldboek_store::Device;
use veldboek_store::keys::new_identity;
use veldboek_sync::Backend;
use veldboek_sync::envelope::EnvelopeError;
use veldboek_sync::receipt::public_key;

use crate::api::{AddMember, DeviceCard, InspectionView, KnownDevice, KnownDevices, Nothing};
use crate::app::App;
use crate::error::AppError;
use crate::opened::Change;

/// How a file with a device's card ends.
pub(crate) const CARD_ENDING: &str = "veldboek-apparaat";
/// How a hand-over's file ends.
pub(crate) const FILE_ENDING: &str = "veldboek";

/// Why a hand-over, or a device's card, goes no further. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// The bytes can't be opened as a hand-over for this device.
    #[error(transparent)]
    Envelope(EnvelopeError),
    /// The backend did not give this device its certificate yet: one sync is needed.
    #[error("this device has no certificate of its backend yet")]
    NoCertificate,
    /// The bytes are no card.
    #[error("these bytes are no card of a device")]
    NotACard,
    /// The card is not signed by this device's backend, or was changed.
    #[error("this card is not signed by this device's own backend")]
    UntrueCard,
    /// It is this device's own card.
    #[error("this card is of this device itself")]
    OwnCard,
    /// The backend said that this device was blocked.
    #[error("that device was blocked")]
    BlockedDevice,
    /// The receiver is not in the team: nothing is given.
    #[error("the person of that device is not in the team of this controle")]
    NotInTeam,
    /// The giver is not in the team: nothing is taken.
    #[error("the person who gave this is not in the team of this controle")]
    GiverNotInTeam,
    /// The visit never leaves this device.
    #[error("this visit never leaves this device")]
    StaysHere,
}

impl HandoverError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Envelope(EnvelopeError::NotAHandover) => "not_a_handover",
            Self::Envelope(EnvelopeError::NotForThisDevice) => "not_for_this_device",
            Self::Envelope(EnvelopeError::Damaged | EnvelopeError::Recipient | EnvelopeError::Io(_)) => {
                "handover_damaged"
            }
            Self::Envelope(EnvelopeError::TooNew) => "handover_too_new",
            Self::Envelope(EnvelopeError::Stranger) => "handover_stranger",
            Self::Envelope(EnvelopeError::Signature) => "handover_signature",
            Self::Envelope(EnvelopeError::TooLarge) => "handover_too_large",
            Self::NoCertificate => "no_certificate",
            Self::NotACard => "not_a_card",
            Self::UntrueCard => "untrue_card",
            Self::OwnCard => "own_card",
            Self::BlockedDevice => "other_device_blocked",
            Self::NotInTeam => "not_in_team",
            Self::GiverNotInTeam => "giver_not_in_team",
            Self::StaysHere => "stays_here",
        }
    }
}

impl From<EnvelopeError> for AppError {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::Io(error) => veldboek_store::StoreError::from(error).into(),
            error => HandoverError::Envelope(error).into(),
        }
    }
}

/// Whether a certificate is the backend's word about this very device as it is.
pub(crate) fn is_ours(device: &Device, certificate: &DeviceCertificate) -> bool {
    let signing = device.key().map(|key| hex::encode(key.verifying_key().to_bytes()));
    public_key(&device.backend_key).is_some_and(|key| certificate.verify(&key))
        && certificate.device == device.id
        && certificate.person == device.person.person
        && signing.is_ok_and(|key| key == certificate.public_key)
        && recipient(device).is_some_and(|recipient| recipient == certificate.recipient)
}

fn recipient(device: &Device) -> Option<String> {
    veldboek_store::keys::recipient_of(&device.handover_identity)
}

impl App {
    /// What this device shows of itself to another one: facts; the bytes come with [`App::device_card_bytes`].
    ///
    /// # Errors
    /// [`HandoverError::NoCertificate`].
    pub fn device_card(&self, _: Nothing) -> Result<DeviceCard, AppError> {
        let card = self.own_card()?;
        let file_name = format!("{}.{CARD_ENDING}", plain_name(&card.name));
        Ok(DeviceCard { file_name, device: card.name, person: card.person_name })
    }

    /// This device's card as bytes: its certificate as JSON. Nothing in it is secret.
    ///
    /// # Errors
    /// [`HandoverError::NoCertificate`].
    pub fn device_card_bytes(&self) -> Result<Vec<u8>, AppError> {
        Ok(serde_json::to_vec_pretty(&self.own_card()?).expect("a certificate serialises"))
    }

    fn own_card(&self) -> Result<DeviceCertificate, AppError> {
        self.with(|session| Ok(session.store.device().certificate.clone().ok_or(HandoverError::NoCertificate)?))
    }

    /// The devices that this one has seen, last seen first; with a controle also whether their people are in its team.
    ///
    /// # Errors
    /// A failure to read.
    pub fn known_devices(&self, request: KnownDevices) -> Result<Vec<KnownDevice>, AppError> {
        self.with(|session| {
            let team = match request.inspection {
                Some(inspection) => Some(session.store.inspection(inspection)?.0),
                None => None,
            };
            let known = session.store.cards()?.into_iter().map(|known| {
                let mut device = known_device(known.card, known.seen);
                device.in_team = team.as_ref().map(|state| is_member(state, device.card_person));
                device
            });
            Ok(known.collect())
        })
    }

    /// Keeps the card of another device, after a look whether this device's backend signed it.
    ///
    /// # Errors
    /// [`HandoverError::NotACard`], [`HandoverError::UntrueCard`], [`HandoverError::OwnCard`],
    /// [`HandoverError::BlockedDevice`].
    pub fn add_device_card(&self, bytes: &[u8]) -> Result<KnownDevice, AppError> {
        let card: DeviceCertificate = serde_json::from_slice(bytes).map_err(|_| HandoverError::NotACard)?;
        let at = self.config.clock.stamp().at;
        self.with(|session| {
            let own = session.store.device();
            if !public_key(&own.backend_key).is_some_and(|key| card.verify(&key)) {
                return Err(HandoverError::UntrueCard.into());
            }
            if card.device == own.id {
                return Err(HandoverError::OwnCard.into());
            }
            if session.store.blocked()?.contains(&card.device) {
                return Err(HandoverError::BlockedDevice.into());
            }
            session.store.keep_card(&card, at)?;
            Ok(known_device(card.clone(), at.to_rfc3339()))
        })
    }

    /// Adds the person of a known device to the team of a controle.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Closed`], [`HandoverError::StaysHere`], or a failure to write.
    pub fn add_member(&self, request: AddMember) -> Result<InspectionView, AppError> {
        self.change(request.inspection, |session| {
            let known = session.store.card(request.device)?.ok_or(AppError::NotFound("device"))?;
            let opened = crate::items::check_open(session)?;
            let team = opened.state.team_stream().ok_or(AppError::NotFound("stream"))?;
            if opened.state.streams().get(&team) != Some(&StreamKind::Team) {
                return Err(HandoverError::StaysHere.into());
            }
            if is_member(&opened.state, known.card.person) {
                return Ok(Vec::new());
            }
            // Who left before comes back.
            let supersedes = opened.state.member_parents(known.card.person);
            let body = Body::MemberAdded { member: known.card.card() };
            Ok(vec![Change { stream: team, body, supersedes }])
        })
    }

    /// Asks the backend for this device's certificate when there is none yet. It is asked again at the next sync when that
    /// does not succeed, and nothing else waits for it.
    pub(crate) async fn certify(&self, backend: &Backend) -> Result<(), AppError> {
        let device = self.with(|session| Ok(session.store.device().clone()))?;
        if device.certificate.is_some() {
            return Ok(());
        }
        let mut device = device;
        if device.handover_identity.is_empty() {
            device.handover_identity = new_identity().0.to_string();
            self.with(|session| Ok(session.store.keep_device(device.clone())?))?;
        }
        let Some(recipient) = recipient(&device) else { return Ok(()) };
        if let Ok(certificate) = backend.certificate(&recipient).await
            && is_ours(&device, &certificate)
        {
            device.certificate = Some(certificate);
            self.with(|session| Ok(session.store.keep_device(device)?))?;
        }
        Ok(())
    }
}

impl App {
    /// Learns the cards of the team's devices from the backend, so that a hand-over needs no card from a stick; those of blocked
    /// devices are forgotten. Nothing waits for it: what does not succeed is asked at a later sync.
    pub(crate) async fn learn_cards(&self, backend: &Backend) -> Result<(), AppError> {
        let Ok(team) = backend.team_cards().await else { return Ok(()) };
        let at = self.config.clock.stamp().at;
        self.with(|session| {
            let Some(key) = public_key(&session.store.device().backend_key) else { return Ok(()) };
            for card in team.cards.iter().filter(|card| card.verify(&key)) {
                session.store.unblock(card.device)?;
                session.store.keep_card(card, at)?;
            }
            for device in team.blocked {
                session.store.block(device)?;
            }
            Ok(())
        })
    }
}

fn is_member(state: &veldboek_domain::Inspection, person: veldboek_domain::PersonId) -> bool {
    state.members().iter().any(|member| member.person == person)
}

fn known_device(card: DeviceCertificate, seen_at: String) -> KnownDevice {
    KnownDevice {
        device: card.device,
        name: card.name,
        person: card.person_name,
        card_person: card.person,
        function: card.function,
        organisation: card.organisation_name,
        seen_at,
        in_team: None,
    }
}

/// A name as a file can bear it everywhere: letters, digits and hyphens.
fn plain_name(name: &str) -> String {
    let plain: String = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "apparaat".to_owned() } else { plain.to_owned() }
}
