//! Receiving a part of a photo: the network, the disk and the hash at the same time. While one thread writes and hashes,
//! another lets what was written reach the disk, every 256 to 512 KiB.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::Digest as _;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::checksum::{Checksum, Sum};
use super::{Held, Progress, Slot};

/// How much may be written before it must be on its way to the disk.
const SYNC_EVERY: u64 = 256 * 1024;
/// How much may be written and not yet on disk before writing waits.
const MOST_UNSYNCED: u64 = 2 * SYNC_EVERY;
/// How long nothing may come before the connection counts as dead.
const STALL: Duration = Duration::from_secs(60);
/// Pieces between the network and the writer.
const PIECES: usize = 16;

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// Everything that the request held is on disk.
    Whole,
    /// The connection broke, or a later request took over; what came is on disk.
    Cut,
    /// More came than the photo has; what came of it is on disk.
    TooLong,
    /// The bytes did not have the checksum that the request named; they were thrown away.
    Damaged,
}

/// Receives bytes from where the upload is. Gives what came of it, and how far the upload is now.
///
/// # Errors
/// When writing fails; the upload is read again from disk the next time.
pub(crate) async fn receive<E>(
    mut held: Held,
    mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    length: u64,
    checksum: Option<Checksum>,
) -> io::Result<(Received, Progress, Held)> {
    let (mut held, start) = tokio::task::spawn_blocking(move || {
        let start = held.progress()?;
        Ok::<_, io::Error>((held, start))
    })
    .await??;
    // As long as the writer has it, what stands here is not true.
    *held.state = None;
    let (pieces, written) = mpsc::channel(PIECES);
    let (path, slot, begin) = (held.path.clone(), std::sync::Arc::clone(&held.slot), start.clone());
    let writer = tokio::task::spawn_blocking(move || {
        let file = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(&path)?;
        if begin.offset == 0 {
            // The file's name must be on disk as well before anybody hears how far it is.
            path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())?;
        }
        write(&file, begin, written, &slot, checksum.map(Checksum::sum))
    });
    let received = forward(&held, &mut body, pieces, length - start.offset).await;
    let (progress, own) = writer.await??;
    // Bytes of a request that broke can't be compared. They stay, since the photo's own hash judges them at the end.
    let damaged = received == Received::Whole && checksum.is_some() && own != checksum;
    let (received, progress) = if damaged {
        let (path, back) = (held.path.clone(), start.offset);
        tokio::task::spawn_blocking(move || {
            let file = OpenOptions::new().write(true).open(path)?;
            file.set_len(back)?;
            file.sync_all()
        })
        .await??;
        (Received::Damaged, start)
    } else {
        (received, progress)
    };
    held.slot.synced.store(progress.offset, Ordering::Release);
    *held.state = Some(progress.clone());
    Ok((received, progress, held))
}

/// Hands the network's pieces to the writer until the request ends, breaks or holds too much.
async fn forward<E>(
    held: &Held,
    body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    pieces: mpsc::Sender<Bytes>,
    mut left: u64,
) -> Received {
    let elsewhere = held.wanted_elsewhere();
    tokio::pin!(elsewhere);
    loop {
        let piece = tokio::select! {
            biased;
            () = &mut elsewhere => return Received::Cut,
            piece = timeout(STALL, body.next()) => piece,
        };
        let Ok(piece) = piece else { return Received::Cut };
        match piece {
            None => return Received::Whole,
            Some(Err(_)) => return Received::Cut,
            Some(Ok(piece)) => {
                let fits = piece.slice(..piece.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
                let too_long = fits.len() < piece.len();
                left -= fits.len() as u64;
                // A writer that failed says so when it is waited for.
                if pieces.send(fits).await.is_err() {
                    return Received::Cut;
                }
                if too_long {
                    return Received::TooLong;
                }
            }
        }
    }
}

/// Writes and hashes pieces until there are no more; everything is on disk afterwards. Gives the checksum of what this
/// request brought when it is to be added up.
fn write(
    file: &File,
    mut progress: Progress,
    mut pieces: mpsc::Receiver<Bytes>,
    slot: &Slot,
    mut own: Option<Sum>,
) -> io::Result<(Progress, Option<Checksum>)> {
    let mut writer = file;
    writer.seek(SeekFrom::Start(progress.offset))?;
    let begin = progress.offset;
    // From the beginning of the photo on, a request's SHA-256 is the photo's.
    let same = begin == 0 && matches!(own, Some(Sum::Sha256(_)));
    if same {
        own = None;
    }
    let report = |offset: u64| slot.synced.store(offset, Ordering::Release);
    std::thread::scope(|scope| {
        let mut syncing: Option<Syncing<'_>> = None;
        let mut asked = begin;
        while let Some(piece) = pieces.blocking_recv() {
            writer.write_all(&piece)?;
            progress.hasher.update(&piece);
            if let Some(own) = &mut own {
                own.add(&piece);
            }
            progress.offset += piece.len() as u64;
            if progress.offset - asked >= SYNC_EVERY {
                let syncing = syncing.get_or_insert_with(|| Syncing::begin(scope, file, &report));
                if syncing.ask(progress.offset, progress.offset - asked >= MOST_UNSYNCED) {
                    asked = progress.offset;
                }
            }
        }
        if let Some(syncing) = syncing {
            syncing.end()?;
        }
        Ok::<_, io::Error>(())
    })?;
    if progress.offset > begin {
        sync(file)?;
    }
    report(progress.offset);
    let own = if same { Some(Sum::Sha256(progress.hasher.clone())) } else { own };
    Ok((progress, own.map(Sum::end)))
}

/// Lets written bytes reach the disk.
fn sync(file: &File) -> io::Result<()> {
    #[cfg(feature = "planted")]
    if veldboek_faults::is_planted(veldboek_faults::Bug::OffsetBeforeFsync) {
        return Ok(());
    }
    file.sync_data()
}

/// A thread that lets written bytes reach the disk.
struct Syncing<'scope> {
    offsets: SyncSender<u64>,
    thread: ScopedJoinHandle<'scope, io::Result<()>>,
}

impl<'scope> Syncing<'scope> {
    fn begin<'env>(scope: &'scope Scope<'scope, 'env>, file: &'env File, report: &'env (impl Fn(u64) + Sync)) -> Self {
        // Without a buffer a request is taken only by a thread that is idle.
        let (offsets, asked) = sync_channel::<u64>(0);
        let thread = scope.spawn(move || {
            for offset in asked {
                sync(file)?;
                report(offset);
            }
            Ok(())
        });
        Self { offsets, thread }
    }

    /// Asks that everything up to this offset reaches the disk. False when the thread is busy and need not be waited for.
    fn ask(&self, offset: u64, wait: bool) -> bool {
        if wait {
            // A thread that failed says so at the end.
            return self.offsets.send(offset).is_ok();
        }
        match self.offsets.try_send(offset) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        }
    }

    fn end(self) -> io::Result<()> {
        drop(self.offsets);
        self.thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that syncs failed")))
    }
}
