//! A loopback line between a device and a backend that cuts, stalls, corrupts and answers for the backend, and counts what
//! went over it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the line does to what goes from the device to the backend, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Cuts all connections each time this many bytes went up.
    CutUp(u64),
    /// The same for what comes down.
    CutDown(u64),
    /// Goes silent once, after this many bytes up.
    Stall(u64),
    /// Changes one byte, after this many bytes up.
    Corrupt(u64),
    /// Answers this many connections by itself, with this status.
    Answer(u64, u16),
    /// Cuts once, after this many bytes up, and then answers this many connections by itself, with this status.
    CutThenAnswer(u64, u64, u16),
}

/// A loopback line between a device and the backend.
pub struct Line {
    address: SocketAddr,
    state: Arc<LineState>,
}

struct LineState {
    backend: SocketAddr,
    fault: Mutex<Fault>,
    /// Bytes that went up and down.
    up: AtomicU64,
    down: AtomicU64,
    /// Bytes since the last fault.
    since: AtomicU64,
    /// How often the fault struck.
    strikes: AtomicU64,
}

impl Line {
    /// A line to a backend that listens here.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn to(backend: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let state = Arc::new(LineState {
            backend,
            fault: Mutex::new(Fault::None),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            since: AtomicU64::new(0),
            strikes: AtomicU64::new(0),
        });
        let accepting = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&accepting).carry(device));
            }
        });
        Self { address, state }
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

    /// Bytes that went up.
    pub fn up(&self) -> u64 {
        self.state.up.load(Ordering::SeqCst)
    }

    /// Bytes that came down.
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
            Fault::CutThenAnswer(_, times, status) => Some((1..times + 1, status)),
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
        let Ok(backend) = TcpStream::connect(self.backend).await else { return };
        let (device_reads, device_writes) = device.into_split();
        let (backend_reads, backend_writes) = backend.into_split();
        // Whichever side ends first takes the connection with it.
        tokio::select! {
            () = self.copy(device_reads, backend_writes, true) => {}
            () = self.copy(backend_reads, device_writes, false) => {}
        }
    }

    async fn copy(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, up: bool) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            let bytes = &mut buffer[..read];
            let mut keep = read as u64;
            let mut cut = false;
            match self.fault() {
                Fault::CutUp(every) if up => (keep, cut) = self.until(every, keep),
                Fault::CutThenAnswer(after, ..) if up && self.strikes() == 0 => (keep, cut) = self.until(after, keep),
                Fault::CutDown(every) if !up => (keep, cut) = self.until(every, keep),
                Fault::Stall(after) if up && self.strikes() == 0 && self.until(after, keep).1 => {
                    self.strikes.fetch_add(1, Ordering::SeqCst);
                    std::future::pending::<()>().await;
                }
                Fault::Corrupt(after) if up && self.strikes() == 0 && self.until(after, keep).1 => {
                    self.strikes.fetch_add(1, Ordering::SeqCst);
                    bytes[read / 2] ^= 1;
                }
                _ => {}
            }
            let keep = usize::try_from(keep).expect("it is a part of what was read");
            if to.write_all(&bytes[..keep]).await.is_err() {
                return;
            }
            let counter = if up { &self.up } else { &self.down };
            counter.fetch_add(keep as u64, Ordering::SeqCst);
            if cut {
                self.strikes.fetch_add(1, Ordering::SeqCst);
                return;
            }
        }
    }

    fn strikes(&self) -> u64 {
        self.strikes.load(Ordering::SeqCst)
    }

    /// How much of these bytes still goes, and whether the fault strikes behind them.
    fn until(&self, limit: u64, bytes: u64) -> (u64, bool) {
        let before = self.since.fetch_add(bytes, Ordering::SeqCst);
        if before + bytes < limit {
            return (bytes, false);
        }
        self.since.store(0, Ordering::SeqCst);
        (limit.saturating_sub(before), true)
    }
}

fn lock(fault: &Mutex<Fault>) -> MutexGuard<'_, Fault> {
    fault.lock().unwrap_or_else(PoisonError::into_inner)
}
