//! The taking half of an exchange: batches of records judged as they are whole, then small versions of photos, then
//! originals from the byte on that is missing.

use std::collections::{BTreeSet, VecDeque};

use veldboek_domain::{DeviceCertificate, Digest, InspectionId};

use super::message::{Batch, Message, Reason};
use super::talk::{Holdings, Progress, Taken, Trouble};
use crate::exchange::OfferedPhoto;
use crate::wire::{MAX_PHOTO_BYTES, RawRecord};

/// How many small versions are asked for ahead.
const PREVIEWS_AHEAD: usize = 16;
/// How many originals are asked for ahead: while one is sealed here, the next is on its way.
const PHOTOS_AHEAD: usize = 2;
/// How much of an original is in memory alone before it is kept: what a cut costs at most, in bytes.
const PART: usize = 1024 * 1024;
/// The most bytes of records that wait for the one that shows the giver to be in the team; as of a file.
const MAX_RECORDS_BYTES: usize = 128 * 1024 * 1024;

/// Records and photos on their way in.
#[derive(Debug, Default)]
pub(super) struct Taking {
    /// Controles of which the last batch has not come.
    expected: BTreeSet<InspectionId>,
    batch: Option<Batch>,
    raw: Vec<RawRecord>,
    /// Bytes of those.
    raw_bytes: usize,
    /// Records of the present batch that have not come.
    left: u64,
    previews: VecDeque<Digest>,
    previews_asked: BTreeSet<Digest>,
    photos: VecDeque<OfferedPhoto>,
    coming: VecDeque<Coming>,
    /// What was asked for once is not asked for again.
    known: BTreeSet<Digest>,
}

/// An original on its way in.
#[derive(Debug)]
struct Coming {
    photo: OfferedPhoto,
    bytes: Vec<u8>,
    /// How many of them are kept as parts.
    kept: usize,
}

impl Taking {
    pub(super) fn expect(&mut self, inspection: InspectionId) {
        self.expected.insert(inspection);
    }

    /// Whether every record that was announced has come.
    pub(super) fn has_all_records(&self) -> bool {
        self.expected.is_empty() && self.batch.is_none()
    }

    pub(super) fn is_done(&self) -> bool {
        self.has_all_records()
            && self.previews.is_empty()
            && self.previews_asked.is_empty()
            && self.photos.is_empty()
            && self.coming.is_empty()
    }

    pub(super) fn hear<H: Holdings>(
        &mut self,
        message: Message,
        peer: &DeviceCertificate,
        progress: &mut Progress,
        holdings: &mut H,
    ) -> Result<(), Trouble<H::Error>> {
        match message {
            Message::Offer(batch) => self.hear_offer(*batch, peer, holdings),
            Message::Record(record) if self.left > 0 => {
                self.left -= 1;
                progress.came.records += 1;
                self.raw_bytes += record.header.len() + record.body.as_ref().map_or(0, Vec::len);
                if self.raw_bytes > MAX_RECORDS_BYTES {
                    return Err(Reason::Unreadable.into());
                }
                self.raw.push(record);
                self.take_if_whole(peer, holdings)
            }
            Message::Preview(photo, jpeg) if self.previews_asked.remove(&photo) => {
                if jpeg.is_empty() {
                    Ok(())
                } else {
                    holdings.keep_preview(&photo, &jpeg).map_err(Trouble::Storage)
                }
            }
            Message::Part(photo, from, bytes) => self.hear_part(photo, from, &bytes, progress, holdings),
            Message::Gone(photo) => {
                let at = self.coming.iter().position(|one| one.photo.sha256 == photo).ok_or(Reason::Unreadable)?;
                self.coming.remove(at);
                holdings.gone(&photo).map_err(Trouble::Storage)
            }
            _ => Err(Reason::Unreadable.into()),
        }
    }

    fn hear_offer<H: Holdings>(
        &mut self,
        batch: Batch,
        peer: &DeviceCertificate,
        holdings: &mut H,
    ) -> Result<(), Trouble<H::Error>> {
        let inspection = batch.offer.inspection;
        let goes_on = self.batch.as_ref().is_none_or(|open| open.offer.inspection == inspection);
        if self.left > 0 || !goes_on || !self.expected.contains(&inspection) {
            return Err(Reason::Unreadable.into());
        }
        self.left = batch.offer.records;
        // Heads of batches that wait are needed when they are judged with this one.
        let mut batch = batch;
        if let Some(open) = self.batch.take() {
            batch.offer.heads.extend(open.offer.heads);
        }
        self.batch = Some(batch);
        self.take_if_whole(peer, holdings)
    }

    /// Takes the batch when its last record is there.
    fn take_if_whole<H: Holdings>(
        &mut self,
        peer: &DeviceCertificate,
        holdings: &mut H,
    ) -> Result<(), Trouble<H::Error>> {
        if self.left > 0 {
            return Ok(());
        }
        let Some(batch) = self.batch.take() else { return Ok(()) };
        let waiting = if batch.last { std::mem::take(&mut self.raw) } else { self.raw.clone() };
        let taken = holdings.take(peer, &batch.offer, waiting).map_err(Trouble::Storage)?;
        if taken == Taken::Kept || batch.last {
            self.raw.clear();
            self.raw_bytes = 0;
        }
        if !batch.last {
            // A batch that waits stays open: its heads and records are judged with the next one.
            self.batch = (taken == Taken::NotYet).then_some(batch);
            return Ok(());
        }
        self.expected.remove(&batch.offer.inspection);
        if taken == Taken::Kept {
            for photo in holdings.missing(&batch.offer).map_err(Trouble::Storage)? {
                self.want(photo, holdings)?;
            }
        }
        Ok(())
    }

    fn want<H: Holdings>(&mut self, photo: OfferedPhoto, holdings: &mut H) -> Result<(), Trouble<H::Error>> {
        let has_size = (1..=MAX_PHOTO_BYTES).contains(&photo.bytes);
        if !has_size || !self.known.insert(photo.sha256) {
            return Ok(());
        }
        if !holdings.has_preview(&photo.sha256).map_err(Trouble::Storage)? {
            self.previews.push_back(photo.sha256);
        }
        self.photos.push_back(photo);
        Ok(())
    }

    /// What to ask for next: small versions go ahead of originals.
    pub(super) fn ask<H: Holdings>(
        &mut self,
        progress: &mut Progress,
        holdings: &mut H,
    ) -> Result<Option<Message>, Trouble<H::Error>> {
        if !self.has_all_records() {
            return Ok(None);
        }
        if self.previews_asked.len() < PREVIEWS_AHEAD
            && let Some(photo) = self.previews.pop_front()
        {
            self.previews_asked.insert(photo);
            return Ok(Some(Message::AskPreview(photo)));
        }
        if !self.previews_asked.is_empty() || self.coming.len() >= PHOTOS_AHEAD {
            return Ok(None);
        }
        let Some(photo) = self.photos.pop_front() else { return Ok(None) };
        let mut bytes = holdings.parts(&photo.sha256).map_err(Trouble::Storage)?;
        if bytes.len() as u64 >= photo.bytes {
            // As many as the whole, and not it: nothing vouches for them.
            bytes.clear();
        }
        let (kept, from) = (bytes.len(), bytes.len() as u64);
        progress.came.bytes += from;
        self.coming.push_back(Coming { photo, bytes, kept });
        Ok(Some(Message::AskPhoto(photo.sha256, from)))
    }

    fn hear_part<H: Holdings>(
        &mut self,
        photo: Digest,
        from: u64,
        part: &[u8],
        progress: &mut Progress,
        holdings: &mut H,
    ) -> Result<(), Trouble<H::Error>> {
        let at = self.coming.iter().position(|one| one.photo.sha256 == photo).ok_or(Reason::Unreadable)?;
        let coming = &mut self.coming[at];
        let fits = coming.bytes.len() as u64 == from && from + part.len() as u64 <= coming.photo.bytes;
        if part.is_empty() || !fits {
            return Err(Reason::Unreadable.into());
        }
        coming.bytes.extend_from_slice(part);
        progress.came.bytes += part.len() as u64;
        let is_whole = coming.bytes.len() as u64 == coming.photo.bytes;
        if !is_whole {
            return coming.keep(holdings);
        }
        let coming = self.coming.remove(at).expect("it was found there");
        if holdings.keep_photo(&photo, &coming.bytes).map_err(Trouble::Storage)? {
            progress.came.photos += 1;
        }
        Ok(())
    }
}

impl Coming {
    /// Keeps what is in memory alone once it is a part's worth.
    fn keep<H: Holdings>(&mut self, holdings: &mut H) -> Result<(), Trouble<H::Error>> {
        if self.bytes.len() - self.kept >= PART {
            holdings
                .keep_part(&self.photo.sha256, self.kept as u64, &self.bytes[self.kept..])
                .map_err(Trouble::Storage)?;
            self.kept = self.bytes.len();
        }
        Ok(())
    }
}
