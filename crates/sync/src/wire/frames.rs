//! Records in one body, each in frames of its own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use veldboek_domain::{Digest, Record, RecordId};

use super::ERASED;

/// Framed bytes that can't be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FrameError {
    /// The bytes end inside a frame.
    #[error("the bytes end at {at} inside a frame of {wanted}")]
    Short {
        /// Where they end.
        at: usize,
        /// How many were announced.
        wanted: usize,
    },
    /// The preamble is not the JSON that was expected.
    #[error("the preamble can't be read: {0}")]
    Preamble(String),
    /// A header frame without its body frame.
    #[error("a header stands without its body")]
    Unpaired,
}

/// A record's bytes as they came, before any check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRecord {
    /// The header bytes.
    pub header: Vec<u8>,
    /// The body bytes; none when erased.
    pub body: Option<Vec<u8>>,
}

impl RawRecord {
    /// SHA-256 of the header bytes: the id of the record, if it is one.
    pub fn id(&self) -> RecordId {
        Digest::of(&self.header)
    }
}

/// Writes a preamble and records as frames.
pub fn write_frames<'a, P: Serialize>(preamble: &P, records: impl IntoIterator<Item = &'a Record>) -> Vec<u8> {
    let preamble = serde_json::to_vec(preamble).expect("wire types serialise");
    let mut bytes = Vec::with_capacity(preamble.len() + 4096);
    push_frame(&mut bytes, Some(&preamble));
    for record in records {
        push_frame(&mut bytes, Some(record.header_bytes()));
        push_frame(&mut bytes, record.body_bytes());
    }
    bytes
}

/// How many bytes a record takes in frames.
pub fn framed_size(record: &Record) -> usize {
    record.size() + 8
}

fn push_frame(bytes: &mut Vec<u8>, frame: Option<&[u8]>) {
    match frame {
        Some(frame) => {
            let length = u32::try_from(frame.len()).expect("a frame is far below 4 GiB");
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(frame);
        }
        None => bytes.extend_from_slice(&ERASED.to_be_bytes()),
    }
}

/// Reads a preamble and raw records from frames.
///
/// # Errors
/// A [`FrameError`]; nothing of the bytes is used then.
pub fn read_frames<P: DeserializeOwned>(bytes: &[u8]) -> Result<(P, Vec<RawRecord>), FrameError> {
    let mut frames = Frames { bytes, at: 0 };
    let preamble = frames.next()?.flatten().ok_or(FrameError::Short { at: 0, wanted: 4 })?;
    let preamble = serde_json::from_slice(preamble).map_err(|error| FrameError::Preamble(error.to_string()))?;
    let mut records = Vec::new();
    while let Some(header) = frames.next()? {
        let header = header.ok_or(FrameError::Unpaired)?.to_vec();
        let body = frames.next()?.ok_or(FrameError::Unpaired)?.map(<[u8]>::to_vec);
        records.push(RawRecord { header, body });
    }
    Ok((preamble, records))
}

struct Frames<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Frames<'a> {
    /// The next frame; `Some(None)` for an erased body.
    fn next(&mut self) -> Result<Option<Option<&'a [u8]>>, FrameError> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let length = self.take(4)?;
        let length = u32::from_be_bytes(length.try_into().expect("four bytes were taken"));
        if length == ERASED {
            return Ok(Some(None));
        }
        self.take(length as usize).map(|frame| Some(Some(frame)))
    }

    fn take(&mut self, wanted: usize) -> Result<&'a [u8], FrameError> {
        let end = self.at.checked_add(wanted).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(FrameError::Short { at: self.bytes.len(), wanted })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }
}
