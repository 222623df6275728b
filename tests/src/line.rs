//! A loopback line between a device and a backend that cuts, stalls, corrupts and answers for the backend, and counts what
//! went over it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;

/// How much may be on its way to the line without having been read, in bytes: what a mobile link of 2 Mbit/s with 60 ms
/// to and fro holds. A loopback would hold megabytes.
const IN_FLIGHT: u32 = 16 * 1024;

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the device to the backend.
    Up,
    /// From the backend to the device.
    Down,
}

/// What the line does to what goes over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Cuts the connection each time this many bytes went this way.
    Cut(Way, u64),
    /// The same after between half as many and half more, on average this many; the same ones in every run.
    CutAbout(Way, u64),
    /// Goes silent once, after this many bytes this way.
    Stall(Way, u64),
    /// Changes one byte, after this many bytes this way.
    Corrupt(Way, u64),
    /// Answers this many connections by itself, with this status.
    Answer(u64, u16),
    /// Cuts every connection once, after this many bytes this way, and then answers this many new ones by itself, with this
    /// status.
    CutThenAnswer(Way, u64, u64, u16),
}

/// A loopback line between a device and the backend.
pub struct Line {
    address: SocketAddr,
    state: Arc<LineState>,
}

struct LineState {
    backend: SocketAddr,
    fault: Mutex<Fault>,
    /// Bytes that the device and the backend put on the line, those that were lost in a cut included.
    up: AtomicU64,
    down: AtomicU64,
    /// Bytes since the last fault.
    since: AtomicU64,
    /// How often the fault struck.
    strikes: AtomicU64,
    /// Told when every connection breaks at once.
    broke: Notify,
}

impl Line {
    /// A line to a backend that listens here.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn to(backend: SocketAddr) -> Self {
        let socket = socket();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port is free");
        let listener = socket.listen(64).expect("it listens");
        let address = listener.local_addr().expect("it listens");
        let state = Arc::new(LineState {
            backend,
            fault: Mutex::new(Fault::None),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            since: AtomicU64::new(0),
            strikes: AtomicU64::new(0),
            broke: Notify::new(),
        });
        let accepting = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&accepting).carry(device));
            }
        });
        Self { address, state }
    }

    /// Where the line listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The line's address for devices.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the line does from here on; its counts begin anew.
    pub fn breaks(&self, fault: Fault) {
        *lock(&self.state.fault) = fault;
        for counter in [&self.state.up, &self.state.down, &self.state.since, &self.state.strikes] {
            counter.store(0, Ordering::SeqCst);
        }
    }

    /// Bytes that the device put on the line, those that were lost in a cut included.
    pub fn up(&self) -> u64 {
        self.state.up.load(Ordering::SeqCst)
    }

    /// Bytes that the backend put on the line, likewise.
    pub fn down(&self) -> u64 {
        self.state.down.load(Ordering::SeqCst)
    }

    /// How often the fault struck.
    pub fn strikes(&self) -> u64 {
        self.state.strikes.load(Ordering::SeqCst)
    }
}

impl LineState {
    fn fault(&self) -> Fault {
        *lock(&self.fault)
    }

    async fn carry(self: Arc<Self>, mut device: TcpStream) {
        let answers = match self.fault() {
            Fault::Answer(times, status) => Some((0..times, status)),
            Fault::CutThenAnswer(_, _, times, status) => Some((1..times + 1, status)),
            _ => None,
        };
        if let Some((strikes, status)) = answers
            && strikes.contains(&self.strikes())
        {
            self.strikes.fetch_add(1, Ordering::SeqCst);
            // The request is read first, so that closing does not take the answer with it.
            let mut request = [0; 64 * 1024];
            let _ = device.read(&mut request).await;
            let answer = format!("HTTP/1.1 {status} Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = device.write_all(answer.as_bytes()).await;
            return;
        }
        let Ok(backend) = socket().connect(self.backend).await else { return };
        let (device_reads, device_writes) = device.into_split();
        let (backend_reads, backend_writes) = backend.into_split();
        // Whichever side ends first takes the connection with it.
        tokio::select! {
            () = self.copy(device_reads, backend_writes, Way::Up) => {}
            () = self.copy(backend_reads, device_writes, Way::Down) => {}
            () = self.broke.notified() => {}
        }
    }

    async fn copy(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, way: Way) {
        let mut buffer = vec![0; IN_FLIGHT as usize];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            self.count(way, read);
            let bytes = &mut buffer[..read];
            let (keep, cut) = match self.fault() {
                Fault::Cut(cut, every) if cut == way => self.until(every, read),
                Fault::CutAbout(cut, mean) if cut == way => self.until(about(mean, self.strikes()), read),
                Fault::CutThenAnswer(cut, after, ..) if cut == way && self.strikes() == 0 => self.until(after, read),
                Fault::Stall(stall, after) if stall == way && self.strikes() == 0 && self.until(after, read).1 => {
                    self.strikes.fetch_add(1, Ordering::SeqCst);
                    std::future::pending().await
                }
                Fault::Corrupt(bad, after) if bad == way && self.strikes() == 0 && self.until(after, read).1 => {
                    self.strikes.fetch_add(1, Ordering::SeqCst);
                    bytes[read / 2] ^= 1;
                    (read, false)
                }
                _ => (read, false),
            };
            if to.write_all(&bytes[..keep]).await.is_err() {
                return;
            }
            if cut {
                self.strikes.fetch_add(1, Ordering::SeqCst);
                // What was on its way when the line broke is lost, and was paid for: no more than a link holds, since who
                // sends does not know yet and goes on.
                if let Some(Ok(lost)) = from.read(&mut buffer).now_or_never() {
                    self.count(way, lost);
                }
                if matches!(self.fault(), Fault::CutThenAnswer(..)) {
                    self.broke.notify_waiters();
                }
                return;
            }
        }
    }

    fn count(&self, way: Way, bytes: usize) {
        let counter = if way == Way::Up { &self.up } else { &self.down };
        counter.fetch_add(bytes as u64, Ordering::SeqCst);
    }

    fn strikes(&self) -> u64 {
        self.strikes.load(Ordering::SeqCst)
    }

    /// How many of these bytes still go, and whether the fault strikes behind them.
    fn until(&self, limit: u64, bytes: usize) -> (usize, bool) {
        let before = self.since.fetch_add(bytes as u64, Ordering::SeqCst);
        if before + (bytes as u64) < limit {
            return (bytes, false);
        }
        self.since.store(0, Ordering::SeqCst);
        (usize::try_from(limit.saturating_sub(before)).map_or(bytes, |keep| keep.min(bytes)), true)
    }
}

/// A socket that holds as little as a link does.
fn socket() -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("the operating system gives sockets");
    socket.set_recv_buffer_size(IN_FLIGHT).expect("a socket's buffer can be small");
    socket
}

/// Between half of it and half more, by a number (Knuth's multiplicative hash).
fn about(mean: u64, number: u64) -> u64 {
    mean / 2 + number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) % mean.max(1)
}

fn lock(fault: &Mutex<Fault>) -> MutexGuard<'_, Fault> {
    fault.lock().unwrap_or_else(PoisonError::into_inner)
}
