//! The NHVeilig backend: takes records and photos from devices, gives them to who may see them, and serves the
//! coordinators' desk. One binary; without any configuration it keeps everything in one folder.
//!
//! [`start`] runs it in a process, [`router`] gives it to a test without a socket. [`storage`] is the port to a
//! database; what may be taken and given is decided in `veldboek_sync::server`, for every adapter the same.

pub mod api;
mod auth;
mod counts;
pub mod demo;
mod desk;
mod extract;
mod identity;
mod password;
pub mod photos;
pub mod presence;
pub mod problem;
mod serve;
pub mod state;
pub mod storage;
pub mod system;
mod tries;

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use veldboek_domain::{Clock, Entropy};

use crate::identity::Identity;
use crate::photos::Photos;
use crate::state::{AppState, Parts};
use crate::storage::{Embedded, Storage, StorageError};

pub use serve::{Running, router};

/// How to run.
#[derive(Clone)]
pub struct Config {
    /// The folder that holds everything.
    pub data: PathBuf,
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// Where the desk's built files are.
    pub ui: PathBuf,
    /// Whether to put people, controles and codes in for a demonstration.
    pub demo: bool,
    /// Whether the desk is reached over https.
    pub behind_https: bool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Config {
    /// In this folder, on a free loopback port, with the machine's clock and randomness.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            ui: PathBuf::from("ui/dist"),
            demo: false,
            behind_https: false,
            clock: Arc::new(system::SystemClock::new()),
            entropy: Arc::new(system::SystemEntropy),
        }
    }
}

/// Why the backend did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or the address.
    #[error("the backend can't start: {0}. Look at the folder given with --data and the address given with --listen")]
    Io(#[from] io::Error),
    /// The database.
    #[error("the backend can't open its database: {0}. Put the folder back from a backup or give another one")]
    Storage(#[from] StorageError),
    /// A checklist in the program.
    #[error("a checklist in the program can't be read: {0}")]
    Checklist(#[from] veldboek_checklist::CheckError),
    /// What a demonstration needs.
    #[error("the demonstration can't be prepared: {0}")]
    Demo(#[from] demo::DemoError),
}

/// Opens what is in the folder, without listening.
///
/// # Errors
/// [`StartError`].
pub fn open(config: &Config) -> Result<AppState, StartError> {
    fs::create_dir_all(&config.data)?;
    let identity = Identity::open(&config.data, config.clock.as_ref(), config.entropy.as_ref())?;
    let storage = Embedded::open(&config.data)?;
    let photos = Photos::open(&config.data)?;
    discard_strays(&storage, &photos)?;
    Ok(AppState::new(Parts {
        storage: Arc::new(storage),
        photos,
        leases: presence::Leases::default(),
        identity,
        clock: Arc::clone(&config.clock),
        entropy: Arc::clone(&config.entropy),
        checklists: veldboek_checklist::bundled()?,
        ui: config.ui.clone(),
        behind_https: config.behind_https,
    }))
}

/// Throws away the bytes of uploads that a power cut made the database forget: their devices begin again.
fn discard_strays(storage: &dyn Storage, photos: &Photos) -> Result<(), StartError> {
    for upload in photos.partial()? {
        if storage.upload(upload)?.is_none() {
            photos.discard(upload)?;
        }
    }
    Ok(())
}

/// Starts the backend and returns once it listens.
///
/// # Errors
/// [`StartError`].
pub async fn start(config: Config) -> Result<Running, StartError> {
    let listen = config.listen;
    let (state, demo, administrator) = tokio::task::spawn_blocking(move || {
        let state = open(&config)?;
        let demo = if config.demo { Some(demo::fill(&state)?) } else { None };
        let administrator = demo::first_administrator(&state)?;
        Ok::<_, StartError>((state, demo, administrator))
    })
    .await
    .map_err(io::Error::from)??;
    let mut running = serve::serve(listen, state).await?;
    (running.demo, running.administrator) = (demo, administrator);
    Ok(running)
}
