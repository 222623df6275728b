//! The checksum that a request names for its own bytes: tus 1.0, extension checksum. It finds what the line changed; the
//! photo's own SHA-256 decides at the end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The algorithms by their tus names, the preferred one first. `sha1` is the one that every tus server must know.
pub(crate) const ALGORITHMS: &str = "sha256,sha1";

/// What a request says that its bytes hash to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checksum {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Checksum {
    /// Reads the header: the algorithm's name, a space, and the checksum in base64. None when the algorithm is not known
    /// or the checksum has another size.
    pub(crate) fn read(header: &str) -> Option<Self> {
        let (algorithm, digest) = header.split_once(' ')?;
        let digest = STANDARD.decode(digest.trim()).ok()?;
        match algorithm {
            "sha1" => digest.try_into().ok().map(Self::Sha1),
            "sha256" => digest.try_into().ok().map(Self::Sha256),
            _ => None,
        }
    }

    /// Begins to add up by the same algorithm.
    pub(crate) fn sum(self) -> Sum {
        match self {
            Self::Sha1(_) => Sum::Sha1(Sha1::new()),
            Self::Sha256(_) => Sum::Sha256(Sha256::new()),
        }
    }
}

/// A checksum that is being added up.
pub(crate) enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Sum {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn end(self) -> Checksum {
        match self {
            Self::Sha1(hasher) => Checksum::Sha1(hasher.finalize().into()),
            Self::Sha256(hasher) => Checksum::Sha256(hasher.finalize().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, bytes: &[u8], holds: bool) {
        let named = Checksum::read(header).unwrap();
        let mut sum = named.sum();
        bytes.chunks(3).for_each(|piece| sum.add(piece));
        assert_eq!(sum.end() == named, holds, "{header}");
    }

    #[test]
    fn a_checksum_holds_for_its_own_bytes_only() {
        // The protocol's own example.
        check("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", b"hello world", true);
        check("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", b"hello wold", false);
        check("sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=", b"hello world", true);
        check("sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=", b"hello", false);
    }

    #[test]
    fn what_is_no_checksum_is_none() {
        for header in
            ["", "sha1", "sha1 ", "sha1 ???", "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "md5 XrY7u+Ae7tCTyyK7j1rNww=="]
        {
            assert_eq!(Checksum::read(header), None, "{header}");
        }
    }
}
