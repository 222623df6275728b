//! Photos and what is on its way of them.

use veldboek_domain::{Digest, InspectionId, ItemId, PersonId};
use veldboek_sync::PhotoReceipt;
use veldboek_sync::server::Peer;

use super::{News, StorageError};

/// An upload that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id: 16 random bytes.
    pub upload: [u8; 16],
    /// Who began it.
    pub person: PersonId,
    /// SHA-256 that the bytes must have.
    pub sha256: Digest,
    /// How many bytes there will be.
    pub bytes: u64,
    /// Media type as announced.
    pub media_type: String,
    /// What the client said of it, as tus writes it down.
    pub metadata: String,
    /// When it may be thrown away, in milliseconds since 1970.
    pub expires_at: i64,
    /// Whether the photo is there.
    pub finished: bool,
}

/// A photo on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPhoto {
    /// The backend's word for it.
    pub receipt: PhotoReceipt,
    /// Media type as announced.
    pub media_type: String,
}

/// What is known of photos; their bytes are files.
pub trait PhotoStorage {
    /// Notes an upload. It need not survive a power cut: the device begins again then.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_upload(&self, upload: &Upload) -> Result<(), StorageError>;
    /// Keeps an upload for longer. It need not survive a power cut either.
    ///
    /// # Errors
    /// [`StorageError`].
    fn extend_upload(&self, upload: [u8; 16], expires_at: i64) -> Result<(), StorageError>;
    /// An upload.
    ///
    /// # Errors
    /// [`StorageError`].
    fn upload(&self, upload: [u8; 16]) -> Result<Option<Upload>, StorageError>;
    /// This person's running upload of a photo.
    ///
    /// # Errors
    /// [`StorageError`].
    fn upload_of(&self, person: PersonId, sha256: Digest, now: i64) -> Result<Option<Upload>, StorageError>;
    /// Forgets an upload.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove_upload(&self, upload: [u8; 16]) -> Result<(), StorageError>;
    /// Forgets the uploads that expired, and names them.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove_expired_uploads(&self, now: i64) -> Result<Vec<[u8; 16]>, StorageError>;
    /// Notes that a photo is on disk, that this person sent it, and that the upload is finished. Gives the receipt that
    /// stands: the first one when the photo was there already.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_photo(&self, photo: &StoredPhoto, sender: PersonId, upload: [u8; 16]) -> Result<StoredPhoto, StorageError>;
    /// A photo that this person may know of: they sent it, or a stream that they may read shows it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_known(&self, peer: &Peer, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError>;
    /// A photo that this person may look at: a stream that they may read shows it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_shown(&self, peer: &Peer, sha256: Digest) -> Result<Option<StoredPhoto>, StorageError>;
    /// Whether a stream that this person may read shows a photo, which need not be here yet.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_visible(&self, peer: &Peer, sha256: Digest) -> Result<bool, StorageError>;
    /// For the people whose streams show a photo: something of it came.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_news(&self, sha256: Digest) -> Result<News, StorageError>;
    /// A photo by its item in a controle, when a stream that this person may read shows it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_of_item(
        &self,
        peer: &Peer,
        inspection: InspectionId,
        item: ItemId,
    ) -> Result<Option<StoredPhoto>, StorageError>;
    /// The receipt of a photo, for who may already see the record that names it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn photo_receipt(&self, sha256: Digest) -> Result<Option<PhotoReceipt>, StorageError>;
}
