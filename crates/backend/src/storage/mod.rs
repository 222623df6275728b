//! The port to storage: what the backend asks of a database. One story of tests (`tests/storage.rs`) runs on every
//! adapter. The calls block; the edge makes them off the async threads.
//!
//! The port offers operations, not handles: each one is a transaction of its own that is durable when it returns.

mod audit;
mod counts;
mod embedded;
mod people;
mod photos;
mod records;

use veldboek_domain::{DeviceId, PersonCard, Role};
use veldboek_sync::server::Peer;

pub use audit::*;
pub use counts::*;
pub use embedded::Embedded;
pub use people::*;
pub use photos::*;
pub use records::*;

/// Storage that can't do what was asked. Nothing of the operation is kept then.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No room is left.
    #[error("the disk is full")]
    Full,
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something in the database can't be read back.
    #[error("{0} in the database can't be read")]
    Unreadable(&'static str),
}

/// The whole port.
pub trait Storage:
    RecordStorage + PeopleStorage + PhotoStorage + CountStorage + AuditStorage + Send + Sync + 'static
{
    /// Whether something can be written now.
    ///
    /// # Errors
    /// [`StorageError`] that says why not.
    fn check_writable(&self) -> Result<(), StorageError>;
}

/// Who somebody at the desk is, as the sync's rules see them.
pub(crate) fn desk_peer(person: &PersonCard, own: DeviceId) -> Peer {
    Peer { device: own, person: person.person, organisation: person.organisation.clone(), role: person.role }
}

/// The word of a role in storage.
pub(crate) fn role_word(role: Role) -> &'static str {
    role.word()
}

/// The role with this word.
pub(crate) fn role_named(word: &str) -> Option<Role> {
    [
        Role::Inspector,
        Role::InvestigatingOfficer,
        Role::TeamLeader,
        Role::AgriCoach,
        Role::Coordinator,
        Role::TemplateOwner,
        Role::RegionalReader,
        Role::Administrator,
    ]
    .into_iter()
    .find(|role| role_word(*role) == word)
}
