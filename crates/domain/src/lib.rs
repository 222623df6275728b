//! What a controle is made of: records, chains, streams, registers and the state that folds out of them.
//!
//! Pure by design: no input or output, no clock, no randomness. Time, ids and randomness come in through
//! [`Clock`] and [`Entropy`]. Storage is in `veldboek-store`, the network in `veldboek-sync`.

pub mod alongside;
pub mod certificate;
pub mod chain;
pub mod codes;
pub mod ids;
pub mod inspection;
pub mod ports;
pub mod record;
pub mod region;
pub mod register;
pub mod roles;
pub mod stream;
pub mod value;

pub use certificate::DeviceCertificate;
pub use chain::{ChainError, ChainHead, ChainId, ChainWriter, SignedHead};
pub use ids::{DeviceId, Digest, InspectionId, ItemId, OrganisationCode, PersonId, RecordId, StreamId};
pub use inspection::{Difference, Inspection, Item, Photo, Status};
pub use ports::{Clock, Entropy, Stamp};
pub use record::{Author, Body, Header, PersonCard, Record, RecordError, SetKind};
pub use register::{Field, Part, Register, RegisterKey, Slot, Written};
pub use roles::Role;
pub use stream::StreamKind;
pub use value::{Address, Observation, ObservationKind, Point, PointSource, Signature, Value};
