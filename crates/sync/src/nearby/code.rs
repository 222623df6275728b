//! The six digits that two people compare: they come out of the keys of both devices, the TLS session, and one random
//! number of each side.
//!
//! The side that answers commits itself to its number before it has seen the other's; so nobody in between can try
//! numbers until two codes are equal. Who sits in between has one guess in a million, and a wrong one is seen by both
//! people. This is the numeric comparison of Bluetooth's secure simple pairing (Core Specification 5.4, volume 2, part H,
//! 7.2.1) with the TLS exporter (RFC 8446, 7.5; RFC 9266) in the place of its Diffie-Hellman keys; ZRTP does the same
//! (RFC 6189, 4.4.1.1). Why a commitment of one side is enough: S. Vaudenay, Secure Communications over Insecure
//! Channels Based on Short Authenticated Strings, CRYPTO 2005.

use std::fmt;

use sha2::{Digest as _, Sha256};
use veldboek_domain::Digest;

/// How many bytes of randomness each side brings.
pub const NONCE_BYTES: usize = 32;
/// A side's random number.
pub type Nonce = [u8; NONCE_BYTES];

/// What both ends of one line know of it, and nobody in between does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// From the TLS session's exporter.
    pub exporter: [u8; 32],
    /// The Ed25519 key of the side that opened the line.
    pub opener: [u8; 32],
    /// The Ed25519 key of the side that answered.
    pub answerer: [u8; 32],
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binding").finish_non_exhaustive()
    }
}

impl Binding {
    /// What the answering side shows first: it can't take another number afterwards.
    pub fn commitment(&self, answerer: &Nonce) -> Digest {
        Digest(self.hash(b"veldboek-nearby-commitment-1", &[answerer]).into())
    }

    /// The code, once both numbers are known.
    pub fn code(&self, opener: &Nonce, answerer: &Nonce) -> Code {
        let hash = self.hash(b"veldboek-nearby-code-1", &[opener, answerer]);
        let (eight, _) = hash.split_first_chunk::<8>().expect("SHA-256 has 32 bytes");
        Code(u32::try_from(u64::from_be_bytes(*eight) % 1_000_000).expect("six digits fit"))
    }

    /// Every part has a fixed length, so that no two inputs give the same bytes.
    fn hash(&self, purpose: &[u8], nonces: &[&Nonce]) -> sha2::digest::Output<Sha256> {
        let mut hasher = Sha256::new();
        hasher.update(Sha256::digest(purpose));
        for part in [&self.exporter, &self.opener, &self.answerer] {
            hasher.update(part);
        }
        for nonce in nonces {
            hasher.update(nonce);
        }
        hasher.finalize()
    }
}

/// Six digits to compare, in two groups of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(u32);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:03}", self.0 / 1000, self.0 % 1000)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BINDING: Binding = Binding { exporter: [1; 32], opener: [2; 32], answerer: [3; 32] };

    #[test]
    fn the_code_is_two_groups_of_three_digits() {
        assert_eq!(Code(7).to_string(), "000 007");
        assert_eq!(Code(42_913).to_string(), "042 913");
        assert_eq!(Code(999_999).to_string(), "999 999");
    }

    /// Worked out with Python's `hashlib`.
    #[test]
    fn commitment_and_code_are_as_an_outsider_computes_them() {
        let (opener, answerer) = ([4; 32], [5; 32]);
        assert_eq!(
            BINDING.commitment(&answerer).to_string(),
            "3c829819d4327bab6708c911fdbc5548a4fe26ce28f807989d719010a7b827e8"
        );
        assert_eq!(BINDING.code(&opener, &answerer).to_string(), "904 279");
    }

    #[test]
    fn each_part_that_differs_gives_another_commitment() {
        let commitment = BINDING.commitment(&[5; 32]);
        let others = [
            Binding { exporter: [9; 32], ..BINDING },
            Binding { opener: [9; 32], ..BINDING },
            Binding { answerer: [9; 32], ..BINDING },
            Binding { opener: BINDING.answerer, answerer: BINDING.opener, ..BINDING },
        ];
        for other in others {
            assert_ne!(other.commitment(&[5; 32]), commitment, "a commitment of one line says nothing on another");
        }
        assert_ne!(BINDING.commitment(&[6; 32]), commitment);
    }

    proptest! {
        /// A byte that differs anywhere gives another code, but for one in a million.
        #[test]
        fn whatever_differs_gives_another_code(opener: [u8; 32], answerer: [u8; 32], at in 0usize..160, flip in 1u8..) {
            let mut parts = [BINDING.exporter, BINDING.opener, BINDING.answerer, opener, answerer];
            parts[at / 32][at % 32] ^= flip;
            let [exporter, key, other_key, other_opener, other_answerer] = parts;
            let other = Binding { exporter, opener: key, answerer: other_key };
            let hashes = |binding: &Binding, opener: &Nonce, answerer: &Nonce| {
                binding.hash(b"veldboek-nearby-code-1", &[opener, answerer])
            };
            prop_assert_ne!(hashes(&other, &other_opener, &other_answerer), hashes(&BINDING, &opener, &answerer));
        }

        #[test]
        fn every_code_has_six_digits(opener: [u8; 32], answerer: [u8; 32]) {
            let text = BINDING.code(&opener, &answerer).to_string();
            prop_assert_eq!(text.len(), 7);
            let (first, second) = text.split_once(' ').unwrap();
            for group in [first, second] {
                prop_assert!(group.len() == 3 && group.bytes().all(|sign| sign.is_ascii_digit()));
            }
        }
    }

    #[test]
    fn codes_are_spread_over_all_six_digits() {
        let mut firsts = [0u32; 10];
        for number in 0..2_000u32 {
            let mut nonce = [0; 32];
            nonce[..4].copy_from_slice(&number.to_be_bytes());
            let text = BINDING.code(&nonce, &[5; 32]).to_string();
            firsts[text.as_bytes()[0] as usize - usize::from(b'0')] += 1;
        }
        assert!(firsts.iter().all(|count| (140..260).contains(count)), "{firsts:?}");
    }
}
