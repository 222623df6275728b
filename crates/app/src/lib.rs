//! What the field app can do, without a window: use cases over store, sync and report.
//!
//! A host makes an [`App`], calls the commands of [`commands!`] on it, and listens to its [`api::Event`]s. Nothing here
//! waits for the network but [`App::sync_now`], [`App::fetch_photo`], [`App::nearby_connect`] and [`App::enrol`].

pub mod api;
mod app;
mod clearing;
mod closing;
mod counts;
mod differences;
mod error;
mod handover;
mod items;
mod library;
mod nearby;
mod network;
mod notices;
mod opened;
mod originals;
mod photos;
mod presence;
mod replica;
mod report;
mod secrets;
mod sections;
mod session;
mod settings;
mod shelf;
mod stop;
mod sync;
mod sync_view;
pub mod system;
mod timeline;
mod version;
mod view;
mod work;
mod write;

pub use app::{App, AppConfig, Check};
pub use clearing::ClearingError;
pub use error::AppError;
pub use handover::HandoverError;
pub use nearby::NearbyError;
pub use network::Connection;
pub use replica::AppReplica;
pub use secrets::{SecretError, SecretStore};
pub use veldboek_sync::nearby::finding::Reach;
