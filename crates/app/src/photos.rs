//! Photos and documents: said beforehand, sealed, shown.

use std::io::Cursor;

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone};
use image::{ImageFormat, ImageReader, Limits};
use veldboek_domain::record::Sealed;
use veldboek_domain::{Body, Digest, ItemId, SetKind};
use veldboek_sync::wire::MAX_PHOTO_BYTES;

use crate::api::{InspectionView, ItemAdded, PhotoAdd, PhotoPending, PhotoSize};
use crate::app::App;
use crate::error::AppError;
use crate::items::{check_open, plain};
use crate::view;

/// Longest side of a small version in pixels: sharp on a tablet's photo strip.
const THUMB_SIDE: u32 = 480;
/// Largest image in pixels a side; a file that claims more is refused before decoding.
const MAX_SIDE: u32 = 20_000;
/// Memory that decoding may take, in bytes.
const MAX_DECODE_BYTES: u64 = 512 * 1024 * 1024;

impl App {
    /// Says that a photo is about to be taken. The record stands before the camera opens, since a tablet may kill the
    /// app while the camera is up.
    ///
    /// # Errors
    /// [`AppError::Closed`], or a failure to write.
    pub fn photo_pending(&self, request: PhotoPending) -> Result<ItemAdded, AppError> {
        let item = ItemId::new(&*self.config.clock, &*self.config.entropy);
        let view = self.change(request.inspection, |session| {
            let opened = check_open(session)?;
            let (stream, mut changes) =
                match (request.parent.and_then(|parent| opened.state.item(parent)), &request.slot) {
                    (Some(parent), _) => (opened.stream_for(parent.regime).unwrap_or(parent.stream), Vec::new()),
                    (None, Some(slot)) => self.stream_beside(session, slot)?,
                    (None, None) => (opened.state.team_stream().ok_or(AppError::NotFound("stream"))?, Vec::new()),
                };
            let set = if request.document { SetKind::Document } else { SetKind::Photo };
            changes.push(plain(stream, Body::ItemAdded { item, set, slot: request.slot, parent: request.parent }));
            Ok(changes)
        })?;
        Ok(ItemAdded { item, view })
    }

    /// Seals the bytes of a pending photo: the encrypted file first, verified and durable, then the record.
    ///
    /// # Errors
    /// [`AppError::NotAnImage`], [`AppError::PhotoTooLarge`], a full storage; the photo stays pending then.
    pub fn photo_add(&self, request: PhotoAdd, bytes: Vec<u8>) -> Result<InspectionView, AppError> {
        if bytes.len() as u64 > MAX_PHOTO_BYTES {
            return Err(AppError::PhotoTooLarge { limit: MAX_PHOTO_BYTES });
        }
        let clock = &*self.config.clock;
        let now = clock.stamp().at;
        let looked = look(&bytes, *now.offset())?;
        let sha256 = Digest::of(&bytes);
        let sealed = Sealed {
            sha256,
            bytes: bytes.len() as u64,
            media_type: looked.media_type.to_owned(),
            width: looked.width,
            height: looked.height,
            taken_at: looked.taken_at.or(Some(now)),
            position: request.position.filter(|point| point.lat != 0.0 || point.lon != 0.0),
        };
        let view = self.with(|session| {
            session.open(self.library()?, request.inspection, clock)?;
            let opened = check_open(session)?;
            let item = opened.state.item(request.item).ok_or(AppError::NotFound("photo"))?;
            if item.set == SetKind::Photo && looked.thumb.is_none() {
                return Err(AppError::NotAnImage);
            }
            if item.sealed.is_some() {
                return Err(AppError::Invalid("this photo has its bytes already".to_owned()));
            }
            let change = plain(item.stream, Body::PhotoSealed { item: request.item, sealed });
            session.seal(vec![change], clock, |store, records, summary| {
                store.seal_photo(&sha256, &bytes, looked.thumb.as_deref(), records, Some(summary))
            })?;
            view::inspection(session, self.library()?)
        })?;
        self.wake.notify_one();
        Ok(view)
    }

    /// A photo's bytes with their media type: a small version for the screen, or the original, compared with its hash.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or that the file is missing or damaged.
    pub fn photo_bytes(&self, item: ItemId, size: PhotoSize) -> Result<(String, Vec<u8>), AppError> {
        self.with(|session| {
            let row = session.store.photo_row(item)?.ok_or(AppError::NotFound("photo"))?;
            if size == PhotoSize::Thumb
                && let Some(thumb) = session.store.thumb(&row.sha256)?
            {
                return Ok(("image/jpeg".to_owned(), thumb));
            }
            Ok((row.media_type, session.store.photo(&row.sha256)?))
        })
    }
}

/// A small version of bytes that came from elsewhere; none when they are no image.
pub(crate) fn thumb(bytes: &[u8]) -> Option<Vec<u8>> {
    look(bytes, FixedOffset::east_opt(0)?).ok()?.thumb
}

/// What a look at bytes tells.
struct Looked {
    media_type: &'static str,
    width: u32,
    height: u32,
    taken_at: Option<DateTime<FixedOffset>>,
    /// A small JPEG; none for a document.
    thumb: Option<Vec<u8>>,
}

fn look(bytes: &[u8], offset: FixedOffset) -> Result<Looked, AppError> {
    if bytes.starts_with(b"%PDF-") {
        return Ok(Looked { media_type: "application/pdf", width: 0, height: 0, taken_at: None, thumb: None });
    }
    let media_type = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => "image/jpeg",
        Ok(ImageFormat::Png) => "image/png",
        _ => return Err(AppError::NotAnImage),
    };
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| AppError::NotAnImage)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| AppError::NotAnImage)?;
    Ok(Looked {
        media_type,
        width: picture.width(),
        height: picture.height(),
        taken_at: taken_at(bytes, offset),
        thumb: Some(small(picture, bytes)?),
    })
}

/// The small version, upright.
fn small(picture: image::DynamicImage, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut picture = picture.thumbnail(THUMB_SIDE, THUMB_SIDE);
    if let Some(orientation) = exif_of(bytes).and_then(|exif| number(&exif, exif::Tag::Orientation))
        && let Some(orientation) = u8::try_from(orientation).ok().and_then(image::metadata::Orientation::from_exif)
    {
        picture.apply_orientation(orientation);
    }
    let mut jpeg = Vec::new();
    picture
        .into_rgb8()
        .write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg)
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(jpeg)
}

fn exif_of(bytes: &[u8]) -> Option<exif::Exif> {
    exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()
}

fn number(exif: &exif::Exif, tag: exif::Tag) -> Option<u32> {
    exif.get_field(tag, exif::In::PRIMARY)?.value.get_uint(0)
}

/// When the camera says that it was taken. Cameras write local time, mostly without an offset.
fn taken_at(bytes: &[u8], offset: FixedOffset) -> Option<DateTime<FixedOffset>> {
    let exif = exif_of(bytes)?;
    let field = exif.get_field(exif::Tag::DateTimeOriginal, exif::In::PRIMARY)?;
    let exif::Value::Ascii(texts) = &field.value else { return None };
    let text = std::str::from_utf8(texts.first()?).ok()?;
    let local = NaiveDateTime::parse_from_str(text, "%Y:%m:%d %H:%M:%S").ok()?;
    offset.from_local_datetime(&local).single()
}
