//! How the sync's wire types look in the OpenAPI document. The types themselves are in `veldboek-sync`; a test compares
//! the fields, so that the two can't drift.

#![expect(dead_code, reason = "these describe types of another crate and are never made")]

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use utoipa::ToSchema;
use uuid::Uuid;

/// See `veldboek_domain::PersonCard`.
#[derive(ToSchema)]
pub struct PersonCard {
    /// The person.
    person: Uuid,
    /// Name as it stands in a report.
    name: String,
    /// The organisation's code.
    organisation: String,
    /// The organisation's name.
    organisation_name: String,
    /// The function, such as `toezichthouder bouw`.
    function: String,
    /// The role.
    role: Role,
    /// The number of the pass.
    #[schema(required = false)]
    pass_number: String,
    /// For which partner they work, by its code; empty for none.
    #[schema(required = false)]
    partner: String,
}

/// See `veldboek_domain::Role`.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Role {
    /// Toezichthouder.
    Inspector,
    /// BOA.
    InvestigatingOfficer,
    /// Teamleider.
    TeamLeader,
    /// Agro-coach.
    AgriCoach,
    /// Coördinator.
    Coordinator,
    /// Checklistbeheerder.
    TemplateOwner,
    /// Regionale lezer.
    RegionalReader,
    /// Beheerder.
    Administrator,
}

/// See `veldboek_sync::wire::EnrolRequest`.
#[derive(ToSchema)]
pub struct EnrolRequest {
    /// The short code.
    code: String,
    /// The device's own id.
    device: Uuid,
    /// A name that people recognise, such as `ALK-07`.
    name: String,
    /// The device's Ed25519 public key, hexadecimal.
    public_key: String,
    /// The device's age recipient (X25519) for hand-overs; empty from an app that knows none.
    #[schema(required = false)]
    recipient: String,
}

/// See `veldboek_sync::wire::CertificateRequest`.
#[derive(ToSchema)]
pub struct CertificateRequest {
    /// The device's age recipient (X25519) for hand-overs.
    recipient: String,
}

/// See `veldboek_sync::wire::TeamCards`.
#[derive(ToSchema)]
pub struct TeamCards {
    /// The backend's word about each device.
    cards: Vec<DeviceCertificate>,
    /// Devices that were blocked: nothing is handed over to them any more.
    blocked: Vec<Uuid>,
}

/// See `veldboek_sync::wire::PresentOthers`.
#[derive(ToSchema)]
pub struct PresentOthers {
    /// The others who have the controle open.
    others: Vec<PresentDevice>,
    /// After how many seconds a device is no longer shown, unless it says again that it has the controle open.
    seconds: u64,
}

/// See `veldboek_sync::wire::PresentDevice`.
#[derive(ToSchema)]
pub struct PresentDevice {
    /// The person's name.
    name: String,
    /// The device's name, such as `ALK-07`.
    device: String,
}

/// See `veldboek_domain::DeviceCertificate`.
#[derive(ToSchema)]
pub struct DeviceCertificate {
    /// The device.
    device: Uuid,
    /// Its name, such as `ALK-07`.
    name: String,
    /// Its Ed25519 public key, hexadecimal.
    public_key: String,
    /// Its age recipient (X25519).
    recipient: String,
    /// To whom it was given.
    person: Uuid,
    /// The person's name.
    person_name: String,
    /// The person's function.
    function: String,
    /// The code of the person's organisation.
    organisation: String,
    /// The organisation's name.
    organisation_name: String,
    /// The person's role.
    role: Role,
    /// When it was given.
    at: DateTime<FixedOffset>,
    /// Ed25519 of the backend over `veldboek-device-1` and the fields above, each on a line of its own, hexadecimal.
    signature: String,
}

/// See `veldboek_sync::wire::Enrolment`.
#[derive(ToSchema)]
pub struct Enrolment {
    /// Who works with it.
    person: PersonCard,
    /// The backend's name for people.
    backend: String,
    /// The backend's Ed25519 public key for receipts, hexadecimal.
    backend_key: String,
    /// The organisation's recovery recipient (age X25519).
    recovery_recipient: String,
    /// Two characters that make working numbers unique.
    number_suffix: String,
    /// The organisation that works: bronorganisatie.
    source_organisation: String,
    /// The backend's word about this device, to show to other devices.
    #[schema(required = false)]
    certificate: Option<DeviceCertificate>,
}

/// See `veldboek_sync::wire::ChallengeRequest`.
#[derive(ToSchema)]
pub struct ChallengeRequest {
    /// The device.
    device: Uuid,
}

/// See `veldboek_sync::wire::Challenge`.
#[derive(ToSchema)]
pub struct Challenge {
    /// Random, valid once and for a short time.
    challenge: String,
}

/// See `veldboek_sync::wire::SessionRequest`.
#[derive(ToSchema)]
pub struct SessionRequest {
    /// The device.
    device: Uuid,
    /// The challenge as given.
    challenge: String,
    /// Ed25519 over `veldboek-session-1`, device and challenge on lines of their own, hexadecimal.
    signature: String,
}

/// See `veldboek_sync::wire::Session`.
#[derive(ToSchema)]
pub struct Session {
    /// The token.
    token: String,
    /// Until when.
    expires_at: DateTime<FixedOffset>,
}

/// See `veldboek_sync::Receipt`.
#[derive(ToSchema)]
pub struct Receipt {
    /// The stream.
    stream: Uuid,
    /// The device.
    device: Uuid,
    /// Its epoch.
    epoch: u32,
    /// The last number held.
    seq: u64,
    /// The last record held, SHA-256.
    record: String,
    /// When.
    at: DateTime<FixedOffset>,
    /// The backend's Ed25519 signature, hexadecimal.
    signature: String,
}

/// See `veldboek_sync::wire::PushReply`.
#[derive(ToSchema)]
pub struct PushReply {
    /// One per chain.
    receipts: Vec<Receipt>,
    /// Records that were not taken.
    #[schema(required = false)]
    refused: Vec<Refused>,
    /// Chains to be sent again from an earlier number.
    #[schema(required = false)]
    gaps: Vec<Gap>,
    /// Chains of which the backend holds another branch.
    #[schema(required = false)]
    forks: Vec<Chain>,
}

/// See `veldboek_sync::wire::Refused`.
#[derive(ToSchema)]
pub struct Refused {
    /// SHA-256 of the header bytes.
    record: String,
    /// `unreadable`, `body_hash`, `too_large`, `signature`, `not_allowed`, `stream` or `broken_chain`.
    reason: String,
}

/// See `veldboek_sync::wire::Gap`.
#[derive(ToSchema)]
pub struct Gap {
    /// The stream.
    stream: Uuid,
    /// The device.
    device: Uuid,
    /// Its epoch.
    epoch: u32,
    /// The next number that the backend can take.
    next: u64,
}

/// See `veldboek_domain::ChainId`.
#[derive(ToSchema)]
pub struct Chain {
    /// The stream.
    stream: Uuid,
    /// The device.
    device: Uuid,
    /// Its epoch.
    epoch: u32,
}

/// See `veldboek_sync::wire::PullRequest`.
#[derive(ToSchema)]
pub struct PullRequest {
    /// Where the last page ended; opaque.
    #[schema(required = false)]
    cursor: Option<String>,
    /// SHA-256 over all streams that the device holds.
    #[schema(required = false)]
    holds: Option<String>,
    /// Whether to send the device's own records too.
    #[schema(required = false)]
    include_own: bool,
}

/// See `veldboek_sync::wire::CompareRequest`.
#[derive(ToSchema)]
pub struct CompareRequest {
    /// Per stream, its chains' ends on the device.
    streams: BTreeMap<String, Vec<ChainEnd>>,
}

/// See `veldboek_sync::wire::ChainEnd`.
#[derive(ToSchema)]
pub struct ChainEnd {
    /// The device.
    device: Uuid,
    /// Its epoch.
    epoch: u32,
    /// The last number.
    seq: u64,
    /// The record with that number, SHA-256.
    record: String,
}

/// See `veldboek_sync::wire::PhotoStateRequest`.
#[derive(ToSchema)]
pub struct PhotoStateRequest {
    /// SHA-256 of the originals.
    photos: Vec<String>,
}

/// See `veldboek_sync::wire::PhotoStateReply`.
#[derive(ToSchema)]
pub struct PhotoStateReply {
    /// By SHA-256.
    photos: BTreeMap<String, PhotoState>,
    /// Those of which there is a small version for who asks.
    previews: Vec<String>,
}

/// See `veldboek_sync::wire::PhotoState`.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[derive(serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PhotoState {
    /// Nothing of it is there.
    Absent,
    /// An upload is under way.
    Partial {
        /// Where to go on.
        location: String,
        /// How many bytes are on disk.
        offset: u64,
    },
    /// On disk, hash equal.
    Complete {
        /// The backend's word for it.
        receipt: PhotoReceipt,
    },
}

/// See `veldboek_sync::PhotoReceipt`.
#[derive(ToSchema, serde::Serialize)]
pub struct PhotoReceipt {
    /// SHA-256 of the original.
    sha256: String,
    /// Its size in bytes.
    bytes: u64,
    /// When.
    at: DateTime<FixedOffset>,
    /// The backend's Ed25519 signature, hexadecimal.
    signature: String,
}

/// See `veldboek_sync::wire::CountsSent`.
#[derive(ToSchema)]
pub struct CountsSent {
    /// Random: sent twice, it counts once.
    id: Uuid,
    /// The checklist's id.
    checklist: String,
    /// Its version.
    version: String,
    /// The month, `2026-11`.
    month: String,
    /// What is counted.
    lines: Vec<CountLine>,
}

/// See `veldboek_sync::wire::CountLine`.
#[derive(ToSchema)]
pub struct CountLine {
    /// The question's id.
    question: String,
    /// The code of the chosen option.
    option: Option<String>,
    /// The number.
    number: Option<f64>,
}
