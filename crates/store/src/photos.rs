//! Photos and documents: the encrypted original beside the database, what is known of it inside.

use rusqlite::{OptionalExtension, Row, params};
use veldboek_domain::{Digest, InspectionId, ItemId, Record, StreamId};

use crate::db::Store;
use crate::error::StoreError;
use crate::inspections::Summary;
use crate::known::Known;
use crate::records::{count, digest, number, uuid};
use crate::vault::SealedPhoto;

/// A photo or document that a record names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoRow {
    /// The item.
    pub item: ItemId,
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// The controle.
    pub inspection: InspectionId,
    /// The stream of the record that names it.
    pub stream: StreamId,
    /// Size in bytes.
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
    /// Whether the original lies in the vault.
    pub here: bool,
    /// Bytes that the backend has on disk.
    pub sent: u64,
    /// The backend's receipt as JSON.
    pub receipt: Option<String>,
    /// Why it was set apart.
    pub set_apart: Option<String>,
    /// Whether its stream never leaves this device.
    pub local: bool,
    /// Whether a small version lies in the database.
    pub thumb: bool,
    /// Whether the backend has that small version.
    pub thumb_sent: bool,
}

const SELECT: &str =
    "SELECT f.item, f.sha256, s.inspection, f.stream, p.bytes, p.media_type, p.here, p.sent, p.receipt,
                             q.reason, s.local, p.thumb IS NOT NULL, p.thumb_sent
                      FROM photo_refs f JOIN photos p ON p.sha256 = f.sha256 JOIN streams s ON s.stream = f.stream
                      LEFT JOIN quarantine q ON q.record = f.sha256";

fn photo_row(row: &Row<'_>) -> rusqlite::Result<PhotoRow> {
    Ok(PhotoRow {
        item: ItemId(uuid(row, 0)?),
        sha256: digest(row, 1)?,
        inspection: InspectionId(uuid(row, 2)?),
        stream: StreamId(uuid(row, 3)?),
        bytes: count(row, 4)?,
        media_type: row.get(5)?,
        here: row.get(6)?,
        sent: count(row, 7)?,
        receipt: row.get(8)?,
        set_apart: row.get(9)?,
        local: row.get(10)?,
        thumb: row.get(11)?,
        thumb_sent: row.get(12)?,
    })
}

impl Store {
    /// Seals an original: the file first, verified and durable, then the records that name its hash, with a small
    /// version for the screen. Killed in between, nothing was called kept and nothing wrong is left.
    ///
    /// # Errors
    /// [`StoreError::Full`] and others; the records are not written then.
    pub fn seal_photo(
        &mut self,
        sha256: &Digest,
        bytes: &[u8],
        thumb: Option<&[u8]>,
        records: &[Record],
        summary: Option<(InspectionId, &Summary)>,
    ) -> Result<(), StoreError> {
        self.vault.write(sha256, bytes)?;
        let transaction = self.db.begin()?;
        crate::records::append_all(&transaction, records, summary.is_some(), &mut Known::default())?;
        if let Some((inspection, summary)) = summary {
            crate::inspections::put(&transaction, inspection, summary)?;
        }
        transaction
            .prepare_cached("UPDATE photos SET here = 1, thumb = COALESCE(?2, thumb) WHERE sha256 = ?1")?
            .execute(params![sha256.0, thumb])?;
        transaction.commit()?;
        Ok(())
    }

    /// Stores an original that came from the backend and that a record names.
    ///
    /// # Errors
    /// [`StoreError::PhotoDamaged`] when the bytes do not have the hash.
    pub fn receive_photo(&mut self, sha256: &Digest, bytes: &[u8], thumb: Option<&[u8]>) -> Result<(), StoreError> {
        if Digest::of(bytes) != *sha256 {
            return Err(StoreError::PhotoDamaged { sha256: sha256.to_string() });
        }
        self.seal_photo(sha256, bytes, thumb, &[], None)
    }

    /// The original's bytes, compared with their hash.
    ///
    /// # Errors
    /// [`StoreError::PhotoMissing`] or [`StoreError::PhotoDamaged`].
    pub fn photo(&self, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        self.vault.read(sha256)
    }

    /// An original for who decrypts it away from the store, and compares it with its hash: the backend does, before it gives a
    /// receipt. What rotted is found by the file's own seals when it is opened.
    ///
    /// # Errors
    /// [`StoreError::PhotoMissing`].
    pub fn sealed_photo(&self, sha256: &Digest) -> Result<SealedPhoto, StoreError> {
        self.vault.sealed(sha256)
    }

    /// Keeps a part of an original that is on its way from the backend: the bytes from this place on. Encrypted as every
    /// original is.
    ///
    /// # Errors
    /// [`StoreError::Full`], or a failure to write.
    pub fn keep_photo_part(&mut self, sha256: &Digest, from: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.vault.keep_part(sha256, from, bytes)
    }

    /// What is here of an original that is on its way, from its first byte on. Nothing vouches for it yet.
    ///
    /// # Errors
    /// A failure to read.
    pub fn photo_parts(&self, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        self.vault.parts(sha256)
    }

    /// Forgets the parts of an original that is on its way.
    ///
    /// # Errors
    /// A failure to remove them.
    pub fn drop_photo_parts(&mut self, sha256: &Digest) -> Result<(), StoreError> {
        self.vault.drop_parts(sha256)
    }

    /// The small version of a photo, when there is one.
    ///
    /// # Errors
    /// A failure to read.
    pub fn thumb(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached("SELECT thumb FROM photos WHERE sha256 = ?1")?;
        Ok(statement.query_row([sha256.0], |row| row.get(0)).optional()?.flatten())
    }

    /// Keeps a small version that came ahead of its original; one that is here already stays.
    ///
    /// # Errors
    /// A failure to write.
    pub fn receive_thumb(&mut self, sha256: &Digest, thumb: &[u8]) -> Result<(), StoreError> {
        self.db
            .level()?
            .prepare_cached("UPDATE photos SET thumb = ?2 WHERE sha256 = ?1 AND thumb IS NULL")?
            .execute(params![sha256.0, thumb])?;
        Ok(())
    }

    /// Notes that the backend has a photo's small version.
    ///
    /// # Errors
    /// A failure to write.
    pub fn note_thumb_sent(&mut self, sha256: &Digest) -> Result<(), StoreError> {
        self.db.level()?.prepare_cached("UPDATE photos SET thumb_sent = 1 WHERE sha256 = ?1")?.execute([sha256.0])?;
        Ok(())
    }

    /// What is known of one photo.
    ///
    /// # Errors
    /// A failure to read.
    pub fn photo_row(&self, item: ItemId) -> Result<Option<PhotoRow>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached(&format!("{SELECT} WHERE f.item = ?1"))?;
        Ok(statement.query_row([item.0.as_bytes()], photo_row).optional()?)
    }

    /// The controles that show a photo.
    ///
    /// # Errors
    /// A failure to read.
    pub fn inspections_of_photo(&self, sha256: &Digest) -> Result<Vec<InspectionId>, StoreError> {
        let sql =
            "SELECT DISTINCT s.inspection FROM photo_refs f JOIN streams s ON s.stream = f.stream WHERE f.sha256 = ?1";
        let mut statement = self.db.level()?.prepare_cached(sql)?;
        let rows = statement.query_map([sha256.0], |row| Ok(InspectionId(uuid(row, 0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The photos of one controle.
    ///
    /// # Errors
    /// A failure to read.
    pub fn photos_of(&self, inspection: InspectionId) -> Result<Vec<PhotoRow>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached(&format!("{SELECT} WHERE s.inspection = ?1"))?;
        let rows = statement.query_map([inspection.0.as_bytes()], photo_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All photos.
    ///
    /// # Errors
    /// A failure to read.
    pub fn all_photos(&self) -> Result<Vec<PhotoRow>, StoreError> {
        let mut statement = self.db.level()?.prepare_cached(&format!("{SELECT} ORDER BY f.item"))?;
        let rows = statement.query_map([], photo_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Those whose original is not here or has no receipt: the others are done with, for the sync.
    ///
    /// # Errors
    /// A failure to read.
    pub fn unsettled_photos(&self) -> Result<Vec<PhotoRow>, StoreError> {
        let sql = format!("{SELECT} WHERE p.here = 0 OR p.receipt IS NULL ORDER BY f.item");
        let mut statement = self.db.level()?.prepare_cached(&sql)?;
        let rows = statement.query_map([], photo_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether there is any such photo.
    ///
    /// # Errors
    /// A failure to read.
    pub fn has_unsettled_photos(&self) -> Result<bool, StoreError> {
        self.remembered.unsettled.or_read(self, (), || {
            let sql = "SELECT 1 FROM photos WHERE here = 0 OR receipt IS NULL";
            Ok(self.db.level()?.prepare_cached(sql)?.exists([])?)
        })
    }

    /// Notes how much of a photo the backend has on disk.
    ///
    /// # Errors
    /// A failure to write.
    pub fn note_sent(&mut self, sha256: &Digest, sent: u64) -> Result<(), StoreError> {
        self.db
            .level()?
            .prepare_cached("UPDATE photos SET sent = ?2 WHERE sha256 = ?1")?
            .execute(params![sha256.0, number(sent)])?;
        Ok(())
    }

    /// Keeps the backend's receipt for a photo, as JSON.
    ///
    /// # Errors
    /// A failure to write.
    pub fn keep_photo_receipt(&mut self, sha256: &Digest, receipt: &str) -> Result<(), StoreError> {
        let transaction = self.db.begin()?;
        transaction
            .prepare_cached("UPDATE photos SET receipt = ?2, sent = bytes WHERE sha256 = ?1")?
            .execute(params![sha256.0, receipt])?;
        transaction.prepare_cached("DELETE FROM quarantine WHERE record = ?1")?.execute([sha256.0])?;
        transaction.commit()?;
        Ok(())
    }

    /// Photos of this size for which there is room.
    ///
    /// # Errors
    /// A failure to ask the file system.
    pub fn room_for_photos(&self, bytes_each: u64) -> Result<u64, StoreError> {
        self.vault.room_for(bytes_each)
    }
}
