//! What is known of photos.

use chrono::DateTime;
use rusqlite::{Connection, OptionalExtension, Row, params};
use veldboek_domain::{Digest, InspectionId, ItemId, PersonId, StreamId};
use veldboek_sync::PhotoReceipt;
use veldboek_sync::server::Peer;

use super::ledger::LedgerTx;
use super::records::may_read;
use super::{Embedded, digest_at, number_at, signed, uuid_at};
use crate::storage::{News, PhotoStorage, StorageError, StoredPhoto, Upload};

const UPLOAD: &str = "upload, person, sha256, bytes, media_type, metadata, expires_at, finished";

fn upload_at(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        upload: row.get(0)?,
        person: PersonId(uuid_at(row, 1)?),
        sha256: digest_at(row, 2)?,
        bytes: number_at(row, 3)?,
        media_type: row.get(4)?,
        metadata: row.get(5)?,
        expires_at: row.get(6)?,
        finished: row.get(7)?,
    })
}

fn photo_of(connection: &Connection, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError> {
    let found = connection
        .prepare_cached("SELECT bytes, media_type, at, signature FROM photos WHERE sha256 = ?1")?
        .query_row([sha256.0], |row| {
            Ok((number_at(row, 0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
        })
        .optional()?;
    let Some((bytes, media_type, at, signature)) = found else { return Ok(None) };
    let at = DateTime::parse_from_rfc3339(&at).map_err(|_| StorageError::Unreadable("a photo's moment"))?;
    Ok(Some(StoredPhoto { receipt: PhotoReceipt { sha256, bytes, at, signature }, media_type }))
}

/// The streams that show a photo.
fn streams_of(connection: &Connection, sha256: Digest) -> Result<Vec<StreamId>, StorageError> {
    let mut streams = connection.prepare_cached(
        "SELECT DISTINCT s.stream FROM photo_links l JOIN streams s ON s.key = l.stream WHERE l.sha256 = ?1",
    )?;
    let streams = streams.query_map([sha256.0], |row| Ok(StreamId(uuid_at(row, 0)?)))?;
    Ok(streams.collect::<Result<_, _>>()?)
}

/// Whether a stream that somebody may read shows a photo.
fn is_shown(connection: &Connection, peer: &Peer, sha256: Digest) -> Result<bool, StorageError> {
    for stream in streams_of(connection, sha256)? {
        if may_read(connection, peer, stream)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl PhotoStorage for Embedded {
    fn put_upload(&self, upload: &Upload) -> Result<(), StorageError> {
        self.transact_lazily(|connection| {
            connection
                .prepare_cached(&format!("INSERT INTO uploads ({UPLOAD}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"))?
                .execute(params![
                    upload.upload,
                    upload.person.0.as_bytes(),
                    upload.sha256.0,
                    signed(upload.bytes),
                    upload.media_type,
                    upload.metadata,
                    upload.expires_at,
                    upload.finished
                ])?;
            Ok(())
        })
    }

    fn extend_upload(&self, upload: [u8; 16], expires_at: i64) -> Result<(), StorageError> {
        self.transact_lazily(|connection| {
            connection
                .prepare_cached("UPDATE uploads SET expires_at = ?2 WHERE upload = ?1")?
                .execute(params![upload, expires_at])?;
            Ok(())
        })
    }

    fn upload(&self, upload: [u8; 16]) -> Result<Option<Upload>, StorageError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(&format!("SELECT {UPLOAD} FROM uploads WHERE upload = ?1"))?
                .query_row([upload], upload_at)
                .optional()?)
        })
    }

    fn upload_of(&self, person: PersonId, sha256: Digest, now: i64) -> Result<Option<Upload>, StorageError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(&format!(
                    "SELECT {UPLOAD} FROM uploads WHERE sha256 = ?1 AND person = ?2 AND NOT finished AND expires_at > ?3 \
                     ORDER BY expires_at DESC LIMIT 1"
                ))?
                .query_row(params![sha256.0, person.0.as_bytes(), now], upload_at)
                .optional()?)
        })
    }

    fn remove_upload(&self, upload: [u8; 16]) -> Result<(), StorageError> {
        self.transact_lazily(|connection| {
            connection.prepare_cached("DELETE FROM uploads WHERE upload = ?1")?.execute([upload])?;
            Ok(())
        })
    }

    fn remove_expired_uploads(&self, now: i64) -> Result<Vec<[u8; 16]>, StorageError> {
        let any: bool = self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM uploads WHERE expires_at <= ?1)")?
                .query_row([now], |row| row.get(0))?)
        })?;
        if !any {
            return Ok(Vec::new());
        }
        self.transact_lazily(|connection| {
            let mut statement =
                connection.prepare_cached("DELETE FROM uploads WHERE expires_at <= ?1 RETURNING upload")?;
            let gone = statement.query_map([now], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(gone)
        })
    }

    fn put_photo(&self, photo: &StoredPhoto, sender: PersonId, upload: [u8; 16]) -> Result<StoredPhoto, StorageError> {
        self.transact(|connection| {
            let receipt = &photo.receipt;
            connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO photos (sha256, bytes, media_type, at, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    receipt.sha256.0,
                    signed(receipt.bytes),
                    photo.media_type,
                    receipt.at.to_rfc3339(),
                    receipt.signature
                ])?;
            connection
                .prepare_cached("INSERT OR IGNORE INTO photo_senders (sha256, person) VALUES (?1, ?2)")?
                .execute(params![receipt.sha256.0, sender.0.as_bytes()])?;
            connection.prepare_cached("UPDATE uploads SET finished = 1 WHERE upload = ?1")?.execute([upload])?;
            photo_of(connection, receipt.sha256)?.ok_or(StorageError::Unreadable("a photo"))
        })
    }

    fn photo_known(&self, peer: &Peer, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError> {
        self.read(|connection| {
            let sent: bool = connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM photo_senders WHERE sha256 = ?1 AND person = ?2)")?
                .query_row(params![sha256.0, peer.person.0.as_bytes()], |row| row.get(0))?;
            if sent || is_shown(connection, peer, sha256)? { photo_of(connection, sha256) } else { Ok(None) }
        })
    }

    fn photo_shown(&self, peer: &Peer, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError> {
        self.read(
            |connection| {
                if is_shown(connection, peer, sha256)? { photo_of(connection, sha256) } else { Ok(None) }
            },
        )
    }

    fn photo_visible(&self, peer: &Peer, sha256: Digest) -> Result<bool, StorageError> {
        self.read(|connection| is_shown(connection, peer, sha256))
    }

    fn photo_news(&self, sha256: Digest) -> Result<News, StorageError> {
        self.read(|connection| {
            let ledger = LedgerTx::reading(connection);
            let mut news = News::default();
            for stream in streams_of(connection, sha256)? {
                if let Some((_, info)) = ledger.stream_row(stream)? {
                    news.streams.push((stream, info.kind, 0));
                }
            }
            Ok(news)
        })
    }

    fn photo_of_item(
        &self,
        peer: &Peer,
        inspection: InspectionId,
        item: ItemId,
    ) -> Result<Option<StoredPhoto>, StorageError> {
        self.read(|connection| {
            let mut links = connection.prepare_cached(
                "SELECT l.sha256, s.stream FROM photo_links l JOIN streams s ON s.key = l.stream \
                 WHERE l.item = ?1 AND s.inspection = ?2 ORDER BY l.sha256",
            )?;
            let rows = links.query_map([item.0.as_bytes(), inspection.0.as_bytes()], |row| {
                Ok((digest_at(row, 0)?, StreamId(uuid_at(row, 1)?)))
            })?;
            for row in rows {
                let (sha256, stream) = row?;
                if may_read(connection, peer, stream)? {
                    return photo_of(connection, sha256);
                }
            }
            Ok(None)
        })
    }

    fn photo_receipt(&self, sha256: Digest) -> Result<Option<PhotoReceipt>, StorageError> {
        self.read(|connection| Ok(photo_of(connection, sha256)?.map(|photo| photo.receipt)))
    }
}
