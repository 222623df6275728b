//! Another device nearby: listening and looking while somebody has the screen open, the line to one of them, and what a
//! person says on the way. The conversation itself is [`veldboek_sync::nearby`]; what is given and taken is in
//! [`holdings`], and what a screen sees in [`view`].

mod holdings;
mod view;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use veldboek_sync::nearby::carry::{Carried, carry};
use veldboek_sync::nearby::code::NONCE_BYTES;
use veldboek_sync::nearby::finding::{Finder, random_name};
use veldboek_sync::nearby::greeting::{Knowledge, Line, Side};
use veldboek_sync::nearby::message::{Message, Reason};
use veldboek_sync::nearby::tls::{Endpoint, Stream, TlsError};
use veldboek_sync::nearby::{Conversation, Ended};
use veldboek_sync::receipt::public_key;

use self::holdings::AppHoldings;
use crate::api::{Event, NearbyCompare, NearbyConnect, NearbyPause, NearbyStage, NearbyStart, NearbyView, Nothing};
use crate::app::{App, lock};
use crate::error::AppError;
use crate::handover::HandoverError;
use crate::originals::Moving;

/// How long a line may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(8);
/// How often a screen hears how far it is.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// How many may be making a line at the same time.
const LINES_AT_ONCE: usize = 4;

/// Why another device can't be reached, or this one can't listen.
#[derive(Debug, thiserror::Error)]
pub enum NearbyError {
    /// What was typed is no address with a port.
    #[error("this is no address with a port")]
    Address,
    /// Nothing answers there.
    #[error("no device answers there: {0}")]
    Unreachable(String),
    /// What answers there is something else.
    #[error("what answers there is no device with this app: {0}")]
    Foreign(String),
    /// This device can't listen.
    #[error("this device can't listen for others: {0}")]
    CannotListen(String),
    /// Nobody looks for other devices now, or that one is gone.
    #[error("that device is not there any more")]
    NotThere,
    /// This device is talking to another one already.
    #[error("this device is talking to another one")]
    Talking,
}

impl NearbyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address => "nearby_address",
            Self::Unreachable(_) => "nearby_unreachable",
            Self::Foreign(_) => "nearby_foreign",
            Self::CannotListen(_) => "nearby_cannot_listen",
            Self::NotThere => "nearby_not_there",
            Self::Talking => "nearby_talking",
        }
    }
}

impl From<TlsError> for NearbyError {
    fn from(error: TlsError) -> Self {
        match error {
            TlsError::Io(error) => Self::Unreachable(error.to_string()),
            TlsError::Foreign(error) => Self::Foreign(error.to_string()),
            TlsError::Key(error) => Self::CannotListen(error),
        }
    }
}

/// While somebody looks for devices nearby.
pub(crate) struct Nearby {
    name: String,
    addresses: Vec<SocketAddr>,
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
        let addresses = reach.addresses(port);
        Ok(Nearby { name, addresses, endpoint, finder, accepting, connecting: false, partner: None, refused: None })
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

/// The addresses of the device that is meant.
fn addresses_of(nearby: &Nearby, request: NearbyConnect) -> Result<Vec<SocketAddr>, NearbyError> {
    match request {
        NearbyConnect::Name { name } => {
            let found = nearby.finder.as_ref().map(Finder::found).unwrap_or_default();
            let one = found.into_iter().find(|one| one.name == name).ok_or(NearbyError::NotThere)?;
            Ok(one.addresses)
        }
        NearbyConnect::Address { address } => {
            let address: SocketAddr = address.trim().parse().map_err(|_| NearbyError::Address)?;
            Ok(vec![address])
        }
    }
}

/// Makes a line to the first of these addresses that answers.
async fn open_one(endpoint: &Endpoint, addresses: &[SocketAddr]) -> Result<(Stream, Line), NearbyError> {
    let mut last = NearbyError::NotThere;
    for address in addresses {
        last = match timeout(CONNECT_WITHIN, endpoint.open(*address)).await {
            Ok(Ok(line)) => return Ok(line),
            Ok(Err(error)) => error.into(),
            Err(_) => NearbyError::Unreachable("it took too long".to_owned()),
        };
    }
    Err(last)
}

/// Answers who asks for a line, a few at a time, for as long as this device listens.
async fn accept(listener: TcpListener, endpoint: Endpoint, app: Weak<App>) {
    let places = Arc::new(tokio::sync::Semaphore::new(LINES_AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((tcp, _)) = listener.accept().await else {
            // No more files, or the network went: it may pass.
            tokio::time::sleep(TELL_EVERY).await;
            continue;
        };
        let (endpoint, app) = (endpoint.clone(), app.clone());
        tokio::spawn(async move {
            let answered = timeout(CONNECT_WITHIN, endpoint.answer(tcp)).await;
            drop(place);
            let (Ok(Ok((stream, line))), Some(app)) = (answered, app.upgrade()) else { return };
            if app.is_talking() {
                turn_away(stream).await;
            } else {
                // Who is locked or has just begun to talk does not answer.
                let _ = app.talk(stream, line);
            }
        });
    }
}

impl App {
    fn is_talking(&self) -> bool {
        let nearby = lock(&self.nearby);
        let talks = |nearby: &Nearby| nearby.connecting || nearby.partner.as_ref().is_some_and(|one| !one.has_ended());
        nearby.as_ref().is_some_and(talks)
    }
}

/// Says that this device is talking to another one.
async fn turn_away(mut stream: Stream) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let frame = Message::Bye(Reason::Busy).frame().expect("a last word is short");
    let said = async {
        stream.write_all(&frame).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    // Who does not listen misses nothing.
    let _ = timeout(CONNECT_WITHIN, said).await;
}

/// The code of how a conversation ended, when it did not end well.
pub(crate) fn problem(ended: &Ended<AppError>) -> Option<String> {
    let code = match ended {
        Ended::Done | Ended::Here(Reason::Stopped) => return None,
        Ended::Storage(error) => return Some(error.code().to_owned()),
        Ended::Cut => "nearby_cut",
        Ended::Here(reason) => match reason {
            Reason::Stranger => "nearby_stranger",
            Reason::Blocked => "nearby_blocked",
            Reason::OtherCode => "nearby_other_code",
            Reason::Version => "nearby_version",
            _ => "nearby_unreadable",
        },
        Ended::There(reason) => match reason {
            Reason::Stopped => "nearby_stopped_there",
            Reason::OtherCode => "nearby_other_code_there",
            Reason::Stranger => "nearby_stranger_there",
            Reason::Blocked => "nearby_blocked_there",
            Reason::Busy => "nearby_busy",
            Reason::Version => "nearby_version",
            Reason::Unreadable => "nearby_unreadable",
            Reason::Storage => "nearby_storage_there",
        },
    };
    Some(code.to_owned())
}
