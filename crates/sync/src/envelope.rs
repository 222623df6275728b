//! Seals an [`Offer`] with its records and photos into bytes for one device, and opens such bytes.
//!
//! The bytes are in the `age` format, encrypted to the receiver's recipient; another program can open them with its
//! identity. Inside are frames as in [`crate::wire`]: the preamble as JSON; header and body of each record; the original of
//! each photo, or the mark for an erased body when the giver could not read it. The last frame is the giver's Ed25519
//! signature over [`statement`], which names both devices and the SHA-256 of all frames before it.
//!
//! Photos go through one at a time. Bytes are used only after the signature held: opening reads them twice.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use chrono::{DateTime, FixedOffset};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use veldboek_domain::record::MAX_RECORD_BYTES;
use veldboek_domain::{DeviceCertificate, DeviceId, Digest, Record};

use crate::exchange::{Offer, OfferedPhoto};
use crate::wire::{ERASED, MAX_PHOTO_BYTES, RawRecord};

/// The version of the form; a newer one is refused in words.
pub const FORMAT: u32 = 1;
/// The most bytes of a preamble.
const MAX_PREAMBLE_BYTES: u64 = 16 * 1024 * 1024;
/// The most bytes of all records together: far more than a controle has.
const MAX_RECORDS_BYTES: u64 = 128 * 1024 * 1024;
/// Of the preamble, what is needed to tell that a newer app made it.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// What stands before the records and photos.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preamble {
    /// [`FORMAT`].
    pub format: u32,
    /// The backend's word about the giver's device.
    pub giver: DeviceCertificate,
    /// The device for which it is.
    pub receiver: DeviceId,
    /// When it was made, by the giver's clock. Evidence for people; it decides nothing.
    pub at: DateTime<FixedOffset>,
    /// What is given.
    pub offer: Offer,
}

/// Why bytes were not opened, or not made. Nothing of them is used then.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// The bytes are something else.
    #[error("these bytes are no hand-over")]
    NotAHandover,
    /// They are for another device.
    #[error("this hand-over was made for another device")]
    NotForThisDevice,
    /// They were cut or changed on the way.
    #[error("this hand-over is damaged")]
    Damaged,
    /// A newer app made them.
    #[error("this hand-over was made by a newer version of the app")]
    TooNew,
    /// The giver has no certificate of this backend.
    #[error("the device that made this hand-over is not known to this device's backend")]
    Stranger,
    /// The giver's device did not sign them.
    #[error("this hand-over does not carry the signature of the device that it names")]
    Signature,
    /// More than a hand-over may hold.
    #[error("this hand-over is larger than one may be")]
    TooLarge,
    /// The receiver's recipient can't be read.
    #[error("the receiver's key can't be read")]
    Recipient,
    /// The storage failed.
    #[error("the storage failed: {0}")]
    Io(#[source] io::Error),
}

impl From<io::Error> for EnvelopeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

/// The exact text that the giver's device signs.
pub fn statement(giver: DeviceId, receiver: DeviceId, sha256: &Digest) -> String {
    format!("veldboek-handover-1\n{giver}\n{receiver}\n{sha256}")
}

/// A hand-over that is being made.
pub struct Sealing<W: Write> {
    out: age::stream::StreamWriter<W>,
    hasher: Sha256,
    giver: DeviceId,
    receiver: DeviceId,
}

impl<W: Write> Sealing<W> {
    /// Begins to write for the device with this `age` recipient.
    ///
    /// # Errors
    /// [`EnvelopeError::Recipient`], or a failure to write.
    pub fn begin(out: W, preamble: &Preamble, recipient: &str) -> Result<Self, EnvelopeError> {
        let recipient: age::x25519::Recipient = recipient.parse().map_err(|_| EnvelopeError::Recipient)?;
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|_| EnvelopeError::Recipient)?;
        let out = encryptor.wrap_output(out)?;
        let (giver, receiver) = (preamble.giver.device, preamble.receiver);
        let mut sealing = Self { out, hasher: Sha256::new(), giver, receiver };
        sealing.frame(Some(&serde_json::to_vec(preamble).expect("a preamble serialises")))?;
        Ok(sealing)
    }

    /// Writes the next record of the offer.
    ///
    /// # Errors
    /// A failure to write.
    pub fn record(&mut self, record: &Record) -> Result<(), EnvelopeError> {
        self.raw(record.header_bytes(), record.body_bytes())
    }

    /// Writes a record as bytes, whether they hold or not.
    ///
    /// # Errors
    /// A failure to write.
    pub fn raw(&mut self, header: &[u8], body: Option<&[u8]>) -> Result<(), EnvelopeError> {
        self.frame(Some(header))?;
        self.frame(body)
    }

    /// Writes the next photo of the offer; none when it can't be read any more.
    ///
    /// # Errors
    /// A failure to write.
    pub fn photo(&mut self, bytes: Option<&[u8]>) -> Result<(), EnvelopeError> {
        self.frame(bytes)
    }

    /// Signs what was written and ends it. The caller makes it durable.
    ///
    /// # Errors
    /// A failure to write.
    pub fn finish(mut self, key: &SigningKey) -> Result<W, EnvelopeError> {
        let sha256 = Digest(self.hasher.clone().finalize().into());
        let signature = key.sign(statement(self.giver, self.receiver, &sha256).as_bytes());
        self.frame(Some(&signature.to_bytes()))?;
        Ok(self.out.finish()?)
    }

    fn frame(&mut self, frame: Option<&[u8]>) -> Result<(), EnvelopeError> {
        let length = match frame {
            Some(bytes) => u32::try_from(bytes.len()).map_err(|_| EnvelopeError::TooLarge)?,
            None => ERASED,
        };
        self.put(&length.to_be_bytes())?;
        self.put(frame.unwrap_or_default())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), EnvelopeError> {
        self.hasher.update(bytes);
        Ok(self.out.write_all(bytes)?)
    }
}

/// Who opens.
#[derive(Clone, Copy)]
pub struct Receiver<'a> {
    /// The device.
    pub device: DeviceId,
    /// Its `age` identity for hand-overs.
    pub identity: &'a str,
    /// The key of its backend.
    pub backend_key: &'a VerifyingKey,
}

/// A hand-over whose signature held.
pub struct Envelope<R> {
    source: R,
    identity: age::x25519::Identity,
    preamble: Preamble,
}

/// Opens bytes: decrypts and reads them to the end, and checks for whom they are, who gives them, and the signature.
///
/// # Errors
/// An [`EnvelopeError`] that says what does not hold.
pub fn open<R: BufRead + Seek>(mut source: R, receiver: Receiver<'_>) -> Result<Envelope<R>, EnvelopeError> {
    let identity: age::x25519::Identity = receiver.identity.parse().map_err(|_| EnvelopeError::NotForThisDevice)?;
    let mut frames = Frames::begin(&mut source, &identity)?;
    let preamble = frames.preamble()?;
    if preamble.receiver != receiver.device {
        return Err(EnvelopeError::NotForThisDevice);
    }
    if !preamble.giver.verify(receiver.backend_key) {
        return Err(EnvelopeError::Stranger);
    }
    let mut records_bytes = 0;
    for _ in 0..preamble.offer.records.saturating_mul(2) {
        records_bytes += frames.pass_over(MAX_RECORD_BYTES as u64)?;
        if records_bytes > MAX_RECORDS_BYTES {
            return Err(EnvelopeError::TooLarge);
        }
    }
    for _ in &preamble.offer.photos {
        frames.pass_over(MAX_PHOTO_BYTES)?;
    }
    frames.check_signature(&preamble)?;
    Ok(Envelope { source, identity, preamble })
}

impl<R: BufRead + Seek> Envelope<R> {
    /// What stands before the records.
    pub fn preamble(&self) -> &Preamble {
        &self.preamble
    }

    /// Reads the records, and gives the photos one by one.
    ///
    /// # Errors
    /// A failure to read.
    pub fn contents(&mut self) -> Result<(Vec<RawRecord>, Photos<'_, R>), EnvelopeError> {
        let mut frames = Frames::begin(&mut self.source, &self.identity)?;
        frames.preamble()?;
        let mut records = Vec::new();
        for _ in 0..self.preamble.offer.records {
            let header = frames.next(MAX_RECORD_BYTES as u64)?.ok_or(EnvelopeError::Damaged)?;
            records.push(RawRecord { header, body: frames.next(MAX_RECORD_BYTES as u64)? });
        }
        Ok((records, Photos { frames, left: self.preamble.offer.photos.iter() }))
    }
}

/// A photo of a hand-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedPhoto {
    /// What the giver says that it is.
    pub photo: OfferedPhoto,
    /// The bytes as they came; none when the giver could not read them.
    pub bytes: Option<Vec<u8>>,
}

/// The photos of a hand-over, one by one.
pub struct Photos<'a, R> {
    frames: Frames<'a, R>,
    left: std::slice::Iter<'a, OfferedPhoto>,
}

impl<R: BufRead + Seek> Photos<'_, R> {
    /// The next photo; none after the last.
    ///
    /// # Errors
    /// A failure to read.
    pub fn next_photo(&mut self) -> Result<Option<HandedPhoto>, EnvelopeError> {
        let Some(photo) = self.left.next() else { return Ok(None) };
        Ok(Some(HandedPhoto { photo: *photo, bytes: self.frames.next(MAX_PHOTO_BYTES)? }))
    }
}

/// Reads frames out of encrypted bytes.
struct Frames<'a, R> {
    input: age::stream::StreamReader<&'a mut R>,
    hasher: Sha256,
}

impl<'a, R: BufRead + Seek> Frames<'a, R> {
    fn begin(source: &'a mut R, identity: &age::x25519::Identity) -> Result<Self, EnvelopeError> {
        source.seek(SeekFrom::Start(0))?;
        let decryptor = age::Decryptor::new_buffered(source).map_err(|_| EnvelopeError::NotAHandover)?;
        let input =
            decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).map_err(|error| match error {
                age::DecryptError::NoMatchingKeys => EnvelopeError::NotForThisDevice,
                age::DecryptError::Io(error) => error.into(),
                _ => EnvelopeError::Damaged,
            })?;
        Ok(Self { input, hasher: Sha256::new() })
    }

    fn preamble(&mut self) -> Result<Preamble, EnvelopeError> {
        let bytes = self.next(MAX_PREAMBLE_BYTES)?.ok_or(EnvelopeError::Damaged)?;
        let version: Version = serde_json::from_slice(&bytes).map_err(|_| EnvelopeError::NotAHandover)?;
        if version.format > FORMAT {
            return Err(EnvelopeError::TooNew);
        }
        serde_json::from_slice(&bytes).map_err(|_| EnvelopeError::Damaged)
    }

    /// The length of the next frame; none for the mark of an erased body.
    fn length(&mut self, limit: u64) -> Result<Option<u64>, EnvelopeError> {
        let mut length = [0u8; 4];
        self.input.read_exact(&mut length)?;
        self.hasher.update(length);
        match u32::from_be_bytes(length) {
            ERASED => Ok(None),
            length if u64::from(length) > limit => Err(EnvelopeError::TooLarge),
            length => Ok(Some(u64::from(length))),
        }
    }

    fn next(&mut self, limit: u64) -> Result<Option<Vec<u8>>, EnvelopeError> {
        let Some(length) = self.length(limit)? else { return Ok(None) };
        let mut bytes = Vec::new();
        // As many bytes as there are: an announced length alone takes no memory.
        let read = (&mut self.input).take(length).read_to_end(&mut bytes)?;
        if read as u64 != length {
            return Err(EnvelopeError::Damaged);
        }
        self.hasher.update(&bytes);
        Ok(Some(bytes))
    }

    /// Reads a frame and keeps nothing of it but its hash; returns its length.
    fn pass_over(&mut self, limit: u64) -> Result<u64, EnvelopeError> {
        let Some(length) = self.length(limit)? else { return Ok(0) };
        let copied = io::copy(&mut (&mut self.input).take(length), &mut Hashing(&mut self.hasher))?;
        if copied == length { Ok(length) } else { Err(EnvelopeError::Damaged) }
    }

    /// The last frame is the giver's signature over everything before it, and nothing comes after it.
    fn check_signature(mut self, preamble: &Preamble) -> Result<(), EnvelopeError> {
        let sha256 = Digest(self.hasher.clone().finalize().into());
        let signature =
            self.next(64)?.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok()).ok_or(EnvelopeError::Signature)?;
        let key = preamble.giver.key().ok_or(EnvelopeError::Signature)?;
        let text = statement(preamble.giver.device, preamble.receiver, &sha256);
        key.verify(text.as_bytes(), &Signature::from_bytes(&signature)).map_err(|_| EnvelopeError::Signature)?;
        match self.input.read(&mut [0u8; 1])? {
            0 => Ok(()),
            _ => Err(EnvelopeError::Damaged),
        }
    }
}

struct Hashing<'a>(&'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
