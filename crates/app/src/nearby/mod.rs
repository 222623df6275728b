//! Another device nearby: listening and looking while somebody has the screen open, the line to one of them, and what a
//! person says on the way. The conversation itself is [`veldboek_sync::nearby`]; what is given and taken is in
//! [`holdings`], how lines are made in [`lines`], and what a screen sees in [`view`].

mod error;
mod holdings;
mod lines;
mod view;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use veldboek_sync::nearby::Conversation;
use veldboek_sync::nearby::carry::{Carried, carry};
use veldboek_sync::nearby::code::NONCE_BYTES;
use veldboek_sync::nearby::finding::{Finder, Reach, random_name};
use veldboek_sync::nearby::greeting::{Knowledge, Line, Side};
use veldboek_sync::nearby::message::Reason;
use veldboek_sync::nearby::tls::{Endpoint, Stream};
use veldboek_sync::receipt::public_key;

pub use self::error::NearbyError;
use self::holdings::AppHoldings;
use self::lines::{accept, addresses_of, open_one};
use crate::api::{Event, NearbyCompare, NearbyConnect, NearbyPause, NearbyStage, NearbyStart, NearbyView, Nothing};
use crate::app::{App, lock};
use crate::error::AppError;
use crate::handover::HandoverError;
use crate::originals::Moving;

/// How often a screen hears how far it is.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// While somebody looks for devices nearby.
pub(crate) struct Nearby {
    name: String,
    port: u16,
    reach: Reach,
    endpoint: Endpoint,
    finder: Option<Finder>,
    accepting: JoinHandle<()>,
    /// Whether this device is making a line to another.
    connecting: bool,
    partner: Option<Arc<Partner>>,
    /// Why a device that asked was refused last.
    refused: Option<String>,
}

impl Drop for Nearby {
    fn drop(&mut self) {
        self.accepting.abort();
        if let Some(partner) = &self.partner {
            partner.carried.with(|conversation| conversation.end(Reason::Stopped));
        }
    }
}

/// The device at the other end.
pub(crate) struct Partner {
    carried: Carried<AppHoldings>,
    side: Side,
    moving: Mutex<Moving>,
    /// What a screen heard last, and when.
    told: Mutex<(NearbyStage, Instant)>,
}

impl Partner {
    fn has_ended(&self) -> bool {
        self.carried.look(|conversation| conversation.ended().is_some())
    }

    /// Whether somebody asked who was not let in, and of whom nothing is known: no reason to take a screen over.
    fn was_turned_away(&self) -> bool {
        let unknown =
            |conversation: &Conversation<AppHoldings>| conversation.peer().is_none() && conversation.ended().is_some();
        self.side == Side::Answerer && self.carried.look(unknown)
    }
}

impl App {
    /// Listens for devices nearby and looks for them, until [`App::nearby_close`] or the app locks.
    ///
    /// # Errors
    /// [`HandoverError::NoCertificate`], [`NearbyError::CannotListen`], [`AppError::Locked`].
    pub fn nearby_open(&self, _: Nothing) -> Result<NearbyView, AppError> {
        let mut nearby = lock(&self.nearby);
        if nearby.is_none() {
            *nearby = Some(self.listen()?);
        }
        drop(nearby);
        self.nearby_state(Nothing {})
    }

    fn listen(&self) -> Result<Nearby, AppError> {
        let device = self.with(|session| Ok(session.store.device().clone()))?;
        if device.certificate.is_none() {
            return Err(HandoverError::NoCertificate.into());
        }
        let endpoint = Endpoint::of(&device.key()?).map_err(NearbyError::from)?;
        let (reach, unable) = (self.config.reach, |error: std::io::Error| NearbyError::CannotListen(error.to_string()));
        let listener = self.engine.block_on(TcpListener::bind(reach.listen_on())).map_err(unable)?;
        let port = listener.local_addr().map_err(unable)?.port();
        let name = random_name(&*self.config.entropy);
        let this = self.this.clone();
        let changed = move || {
            if let Some(app) = this.upgrade() {
                app.tell(&Event::Nearby);
            }
        };
        // A network without mDNS leaves the address to type.
        let finder = reach.is_announced().then(|| Finder::begin(&name, port, reach, changed).ok()).flatten();
        let accepting = self.engine.handle().spawn(accept(listener, endpoint.clone(), self.this.clone()));
        Ok(Nearby { name, port, reach, endpoint, finder, accepting, connecting: false, partner: None, refused: None })
    }

    /// Stops listening; a conversation that goes on ends, and what came stays.
    ///
    /// # Errors
    /// None.
    pub fn nearby_close(&self, _: Nothing) -> Result<Nothing, AppError> {
        self.close_nearby();
        Ok(Nothing {})
    }

    pub(crate) fn close_nearby(&self) {
        // Dropped outside the lock: saying goodbye takes a moment.
        let nearby = lock(&self.nearby).take();
        drop(nearby);
    }

    /// Makes a line to a device that was found, or to an address that its screen shows.
    ///
    /// # Errors
    /// A [`NearbyError`]; looking goes on.
    pub fn nearby_connect(&self, request: NearbyConnect) -> Result<NearbyView, AppError> {
        let (addresses, endpoint) = {
            let mut nearby = lock(&self.nearby);
            let nearby = nearby.as_mut().ok_or(NearbyError::NotThere)?;
            let addresses = addresses_of(nearby, request)?;
            if nearby.connecting || nearby.partner.as_ref().is_some_and(|partner| !partner.has_ended()) {
                return Err(NearbyError::Talking.into());
            }
            (nearby.connecting, nearby.partner, nearby.refused) = (true, None, None);
            (addresses, nearby.endpoint.clone())
        };
        self.tell(&Event::Nearby);
        let made = self.engine.block_on(open_one(&endpoint, &addresses));
        let talking = match made {
            Ok((stream, line)) => self.talk(stream, line),
            Err(error) => Err(error.into()),
        };
        if let Some(nearby) = lock(&self.nearby).as_mut() {
            nearby.connecting = false;
        }
        talking?;
        self.nearby_state(Nothing {})
    }

    /// What the person saw of the code. Nothing of a controle goes over before both people saw the same one.
    ///
    /// # Errors
    /// [`NearbyError::NotThere`].
    pub fn nearby_compare(&self, request: NearbyCompare) -> Result<NearbyView, AppError> {
        self.partner()?.carried.with(|conversation| conversation.compared(request.same));
        self.nearby_state(Nothing {})
    }

    /// Begins the exchange of these controles, and of those that the other person chooses.
    ///
    /// # Errors
    /// [`NearbyError::NotThere`].
    pub fn nearby_start(&self, request: NearbyStart) -> Result<NearbyView, AppError> {
        self.partner()?.carried.with(|conversation| conversation.start(request.inspections));
        self.nearby_state(Nothing {})
    }

    /// Lets photos wait, or go on.
    ///
    /// # Errors
    /// [`NearbyError::NotThere`].
    pub fn nearby_pause(&self, request: NearbyPause) -> Result<NearbyView, AppError> {
        self.partner()?.carried.with(|conversation| conversation.pause(request.paused));
        self.nearby_state(Nothing {})
    }

    /// Ends the conversation, or puts away how it ended, and looks on. What came stays.
    ///
    /// # Errors
    /// [`AppError::Locked`].
    pub fn nearby_end(&self, _: Nothing) -> Result<NearbyView, AppError> {
        let partner = lock(&self.nearby).as_mut().and_then(|nearby| {
            nearby.refused = None;
            nearby.partner.take()
        });
        if let Some(partner) = partner {
            partner.carried.with(|conversation| conversation.end(Reason::Stopped));
        }
        self.nearby_state(Nothing {})
    }

    fn partner(&self) -> Result<Arc<Partner>, AppError> {
        let nearby = lock(&self.nearby);
        let partner = nearby.as_ref().and_then(|nearby| nearby.partner.clone());
        Ok(partner.ok_or(NearbyError::NotThere)?)
    }

    /// Begins a conversation on a line that stands, and carries it on a thread of its own: it reads and writes photos.
    fn talk(&self, stream: Stream, line: Line) -> Result<(), AppError> {
        let app = self.this.upgrade().ok_or(AppError::Locked)?;
        let side = line.side;
        let mut nonce = [0; NONCE_BYTES];
        self.config.entropy.fill(&mut nonce);
        let conversation = Conversation::begin(line, self.knowledge()?, nonce, AppHoldings::new(&app));
        let now = Instant::now();
        let partner = Arc::new(Partner {
            carried: Carried::new(conversation),
            side,
            moving: Mutex::new(Moving::begun(0, now)),
            told: Mutex::new((NearbyStage::Connecting, now)),
        });
        {
            let mut nearby = lock(&self.nearby);
            let nearby = nearby.as_mut().ok_or(NearbyError::NotThere)?;
            if nearby.partner.as_ref().is_some_and(|partner| !partner.has_ended()) {
                return Err(NearbyError::Talking.into());
            }
            nearby.partner = Some(Arc::clone(&partner));
        }
        let handle = self.engine.handle();
        let thread = std::thread::Builder::new().name("veldboek-nearby".to_owned());
        let spawned = thread.spawn(move || {
            handle.block_on(carry(stream, &partner.carried, || app.note_moved(&partner)));
            app.note_ended(&partner);
        });
        spawned.map(drop).map_err(|error| AppError::Internal(error.to_string()))
    }

    fn knowledge(&self) -> Result<Knowledge, AppError> {
        self.with(|session| {
            let device = session.store.device();
            let own = device.certificate.clone().ok_or(HandoverError::NoCertificate)?;
            let backend_key = public_key(&device.backend_key)
                .ok_or_else(|| AppError::Internal("the backend's key can't be read".to_owned()))?;
            Ok(Knowledge { own, backend_key, blocked: session.store.blocked()? })
        })
    }

    /// Tells screens what changed: a new stage at once, and how far it is a few times a second.
    fn note_moved(&self, partner: &Partner) {
        let (stage, moved) = partner.carried.look(|conversation| {
            let progress = conversation.talk().map(|talk| talk.progress()).unwrap_or_default();
            (view::stage(conversation), progress.came.bytes + progress.given.bytes)
        });
        let now = Instant::now();
        lock(&partner.moving).at(moved, now);
        let mut told = lock(&partner.told);
        if told.0 != stage || now.duration_since(told.1) >= TELL_EVERY {
            *told = (stage, now);
            drop(told);
            self.tell(&Event::Nearby);
        }
    }

    /// A conversation is over: who was not let in leaves the screen as it was, and what came waits to be brought to the
    /// backend.
    fn note_ended(&self, partner: &Arc<Partner>) {
        if let Some(nearby) = lock(&self.nearby).as_mut()
            && nearby.partner.as_ref().is_some_and(|present| Arc::ptr_eq(present, partner))
            && partner.was_turned_away()
        {
            nearby.partner = None;
            nearby.refused = partner.carried.look(|conversation| view::refusal(conversation.ended()));
        }
        self.tell(&Event::Nearby);
        if let Ok(line) = self.sync_line() {
            self.tell(&Event::Sync { line });
        }
        self.wake.notify_one();
    }
}
