//! Taking bytes, finishing a photo, and throwing away what nobody came back for.

use axum::body::Body;
use veldboek_domain::Digest;
use veldboek_sync::PhotoReceipt;

use super::super::disk;
use crate::auth::DeviceSession;
use crate::photos::{Checksum, Received, UploadId, receive};
use crate::problem::{Kind, Problem};
use crate::state::{AppState, off_thread};
use crate::storage::{StoredPhoto, Upload};

/// How long an upload is kept for its device, counted from the last time that it went on.
pub(super) const KEPT: chrono::Duration = chrono::Duration::days(7);
/// What must stay free on the disk for the records.
const RESERVED_BYTES: u64 = 256 * 1024 * 1024;

/// A person's upload.
pub(super) async fn find(state: &AppState, session: &DeviceSession, id: &str) -> Result<Upload, Problem> {
    let mut upload = UploadId::default();
    hex::decode_to_slice(id, &mut upload).map_err(|_| Kind::UnreadableAddress)?;
    let found = state.ask(move |storage| storage.upload(upload)).await?;
    let upload = found.filter(|found| found.person == session.peer.person).ok_or(Kind::UnknownUpload)?;
    if upload.expires_at <= state.now().timestamp_millis() {
        sweep(state).await?;
        return Err(Kind::UploadExpired.into());
    }
    Ok(upload)
}

/// Throws expired uploads away.
pub(crate) async fn sweep(state: &AppState) -> Result<(), Problem> {
    let now = state.now().timestamp_millis();
    for upload in state.ask(move |storage| storage.remove_expired_uploads(now)).await? {
        let here = state.clone();
        off_thread(move || here.photos.discard(upload)).await?.map_err(disk)?;
    }
    Ok(())
}

pub(super) async fn room_for(state: &AppState, bytes: u64) -> Result<(), Problem> {
    let here = state.clone();
    let free = off_thread(move || here.photos.free_bytes()).await?.map_err(disk)?;
    if free < bytes + RESERVED_BYTES { Err(Kind::DiskFull.into()) } else { Ok(()) }
}

/// Receives in a task of its own: when the connection dies, what came is still written down.
pub(super) async fn take_bytes(
    state: &AppState,
    upload: Upload,
    body: Body,
    checksum: Option<Checksum>,
    at: Option<u64>,
) -> Result<(u64, Option<PhotoReceipt>), Problem> {
    let state = state.clone();
    let task = tokio::spawn(async move {
        let _room = state.photos.room().acquire_owned().await;
        let mut held = state.photos.take(upload.upload).await;
        let (mut held, here) = off_thread(move || {
            let here = held.progress().map(|progress| progress.offset);
            (held, here)
        })
        .await?;
        let here = here.map_err(disk)?;
        if at.is_some_and(|at| at != here) {
            return Err(Problem::new(Kind::WrongOffset).because(format!("hier staan {here} bytes")));
        }
        let (received, progress, still) =
            receive(held, body.into_data_stream(), upload.bytes, checksum).await.map_err(disk)?;
        held = still;
        match received {
            Received::Damaged => return Err(Kind::ChunkDamaged.into()),
            Received::TooLong => return Err(Problem::new(Kind::PhotoTooLarge).because("meer bytes dan Upload-Length")),
            Received::Whole | Received::Cut => {}
        }
        if progress.offset < upload.bytes {
            return Ok::<_, Problem>((progress.offset, None));
        }
        let found = Digest(sha2::Digest::finalize(progress.hasher).into());
        let receipt = finish(&state, &upload, found).await?;
        drop(held);
        Ok((progress.offset, Some(receipt)))
    });
    task.await.map_err(|error| {
        tracing::error!(%error, "receiving a photo failed");
        Problem::from(Kind::Internal)
    })?
}

/// The last byte came: compares the hash, puts the photo in its place and signs for it.
async fn finish(state: &AppState, upload: &Upload, found: Digest) -> Result<PhotoReceipt, Problem> {
    let (id, sha256, here) = (upload.upload, upload.sha256, state.clone());
    if found != sha256 {
        tracing::warn!(upload = hex::encode(id), "a photo came whole with another hash than its record names");
        off_thread(move || here.photos.discard(id)).await?.map_err(disk)?;
        state.ask(move |storage| storage.remove_upload(id)).await?;
        return Err(Problem::new(Kind::PhotoDamaged).because(format!("verwacht {sha256}, gekregen {found}")));
    }
    #[cfg(feature = "planted")]
    if veldboek_faults::is_planted(veldboek_faults::Bug::ReceiptBeforePhoto) {
        let receipt = PhotoReceipt::sign(sha256, upload.bytes, state.now(), &state.identity.own.key);
        let (photo, person) = (StoredPhoto { receipt, media_type: upload.media_type.clone() }, upload.person);
        let early = state.ask(move |storage| storage.put_photo(&photo, person, id)).await?;
        off_thread(move || here.photos.keep(id, sha256)).await?.map_err(disk)?;
        return Ok(early.receipt);
    }
    off_thread(move || here.photos.keep(id, sha256)).await?.map_err(disk)?;
    let receipt = PhotoReceipt::sign(sha256, upload.bytes, state.now(), &state.identity.own.key);
    let photo = StoredPhoto { receipt, media_type: upload.media_type.clone() };
    let person = upload.person;
    let (receipt, news) = state
        .ask(move |storage| Ok((storage.put_photo(&photo, person, id)?.receipt, storage.photo_news(sha256)?)))
        .await?;
    state.announce(news);
    Ok(receipt)
}
