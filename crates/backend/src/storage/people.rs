//! People, their devices, accounts and sessions.

use ed25519_dalek::VerifyingKey;
use veldboek_domain::{DeviceId, Digest, PersonCard, PersonId};

use super::StorageError;

/// A new device, as it asks to be enrolled.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Its id.
    pub device: DeviceId,
    /// A name that people recognise.
    pub name: String,
    /// Its key.
    pub public_key: VerifyingKey,
    /// The `age` recipient to which hand-overs for it are encrypted; empty when it sent none.
    pub recipient: String,
}

/// A device of somebody with whom a person works in a team.
#[derive(Clone, Debug)]
pub struct TeamDevice {
    /// The device as it was enrolled.
    pub device: NewDevice,
    /// Its owner.
    pub person: PersonCard,
    /// Whether it was blocked.
    pub blocked: bool,
}

/// How an enrolment went.
#[derive(Clone, Debug)]
pub enum Enrolled {
    /// The device belongs to this person now.
    Done {
        /// The owner.
        person: PersonCard,
        /// The device's two characters.
        suffix: String,
    },
    /// The code is unknown, used or expired.
    WrongCode,
    /// A device with this id but another key or owner is enrolled already.
    Taken,
}

/// An enrolled device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub person: PersonId,
    /// Its key.
    pub public_key: VerifyingKey,
    /// When it was enrolled, in milliseconds since 1970.
    pub enrolled_at: i64,
    /// Whether it was blocked.
    pub blocked: bool,
}

/// Whose session a token is.
#[derive(Clone, Debug)]
pub struct SessionOf {
    /// The person.
    pub person: PersonCard,
    /// The device; none at the desk.
    pub device: Option<DeviceId>,
    /// Whether that device was blocked since.
    pub blocked: bool,
}

/// A desk account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The person.
    pub person: PersonId,
    /// The password's Argon2id hash as a PHC string.
    pub password: String,
}

/// Wrong tries at one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How many in a row.
    pub wrong: u32,
    /// When the last one was, in milliseconds since 1970.
    pub last_at: i64,
}

/// People, devices, accounts and sessions.
pub trait PeopleStorage {
    /// Adds or changes an organisation and a person in it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_person(&self, person: &PersonCard) -> Result<(), StorageError>;
    /// A person.
    ///
    /// # Errors
    /// [`StorageError`].
    fn person(&self, person: PersonId) -> Result<Option<PersonCard>, StorageError>;
    /// Everybody, by name.
    ///
    /// # Errors
    /// [`StorageError`].
    fn people(&self) -> Result<Vec<PersonCard>, StorageError>;
    /// Everybody's devices.
    ///
    /// # Errors
    /// [`StorageError`].
    fn devices(&self) -> Result<Vec<Device>, StorageError>;
    /// Gives a person an account at the desk, or another password.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_account(&self, name: &str, account: &Account) -> Result<(), StorageError>;
    /// An account by its name.
    ///
    /// # Errors
    /// [`StorageError`].
    fn account(&self, name: &str) -> Result<Option<Account>, StorageError>;
    /// Keeps an enrolment code, by its hash.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_code(&self, code: Digest, person: PersonId, expires_at: i64) -> Result<(), StorageError>;
    /// Uses a code up and enrols a device. The same device with the same key is enrolled again by the same code, so that
    /// a lost reply costs nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    fn enrol(&self, code: Digest, device: &NewDevice, now: i64) -> Result<Enrolled, StorageError>;
    /// A device.
    ///
    /// # Errors
    /// [`StorageError`].
    fn device(&self, device: DeviceId) -> Result<Option<Device>, StorageError>;
    /// Keeps the recipient of a device.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_recipient(&self, device: DeviceId, recipient: &str) -> Result<(), StorageError>;
    /// The devices with a recipient of everybody with whom a person is in a team now, blocked ones too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn team_devices(&self, person: PersonId) -> Result<Vec<TeamDevice>, StorageError>;
    /// Blocks a device and ends its sessions; false when it is unknown.
    ///
    /// # Errors
    /// [`StorageError`].
    fn block_device(&self, device: DeviceId, now: i64) -> Result<bool, StorageError>;
    /// Keeps a challenge, by its hash.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_challenge(&self, challenge: Digest, device: DeviceId, expires_at: i64, now: i64)
    -> Result<(), StorageError>;
    /// Uses a challenge up; false when it is unknown, expired or another device's.
    ///
    /// # Errors
    /// [`StorageError`].
    fn take_challenge(&self, challenge: Digest, device: DeviceId, now: i64) -> Result<bool, StorageError>;
    /// Begins a session, by its token's hash.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_session(
        &self,
        token: Digest,
        person: PersonId,
        device: Option<DeviceId>,
        expires_at: i64,
        now: i64,
    ) -> Result<(), StorageError>;
    /// Whose session this is; none when it is unknown or expired.
    ///
    /// # Errors
    /// [`StorageError`].
    fn session(&self, token: Digest, now: i64) -> Result<Option<SessionOf>, StorageError>;
    /// The same from memory, without waiting for anything; none when it has to be looked up.
    fn remembered_session(&self, token: Digest, now: i64) -> Option<SessionOf>;
    /// Ends a session.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_session(&self, token: Digest) -> Result<(), StorageError>;
    /// Wrong tries at something.
    ///
    /// # Errors
    /// [`StorageError`].
    fn tries(&self, subject: Digest) -> Result<Tries, StorageError>;
    /// Counts a wrong try.
    ///
    /// # Errors
    /// [`StorageError`].
    fn count_try(&self, subject: Digest, now: i64) -> Result<(), StorageError>;
    /// Forgets the wrong tries.
    ///
    /// # Errors
    /// [`StorageError`].
    fn forget_tries(&self, subject: Digest) -> Result<(), StorageError>;
}
