//! Mistakes that somebody could make, to be put in on purpose.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The environment's name for the bug of a process that a test starts.
pub const PLANTED: &str = "VELDBOEK_PLANTED";

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $bug:ident = $name:literal,)+) => {
        /// A mistake that can be planted, one at a time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Bug {
            $($(#[doc = $doc])+ $bug,)+
        }

        impl Bug {
            /// Every bug there is.
            pub const ALL: &[Self] = &[$(Self::$bug),+];

            /// Its name in documents and in the environment.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$bug => $name,)+
                }
            }

            /// What is wrong, in one line.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$bug => concat!($($doc),+).trim_ascii_start(),)+
                }
            }
        }
    };
}

bugs! {
    /// The backend answers with receipts before it has committed the batch.
    ReceiptBeforeCommit = "receipt-before-commit",
    /// The backend's cursor passes over the record with which a page is full.
    CursorSkipsARecord = "cursor-skips-a-record",
    /// A stream that was granted late comes from then on only, not whole.
    LateStreamNotWhole = "late-stream-not-whole",
    /// Of two different answers to one question the one with the later clock stays, and the other one goes.
    LastWriterWins = "last-writer-wins",
    /// An answer is called kept before its transaction is committed.
    KeptBeforeCommit = "kept-before-commit",
    /// A photo is renamed into its place without being fsynced first.
    RenameBeforeFsync = "rename-before-fsync",
    /// The backend names an offset of an upload that it has not fsynced.
    OffsetBeforeFsync = "offset-before-fsync",
    /// Counts that come twice, since their answer was lost, count twice.
    RequestCountedTwice = "request-counted-twice",
    /// A record of a page is stored without comparing its body with its hash.
    HashNotCheckedOnPull = "hash-not-checked-on-pull",
    /// The second branch of a chain is thrown away instead of being kept.
    ForkThrownAway = "fork-thrown-away",
    /// A page holds records of a stream that the person may not read.
    ClosedStreamSent = "closed-stream-sent",
    /// A photo has its receipt before its bytes are in their place.
    ReceiptBeforePhoto = "receipt-before-photo",
    /// A chain's signed head is believed without looking at the signature.
    SignatureNotChecked = "signature-not-checked",
    /// Records of a hand-over are taken without the way back from a signed head.
    HandOverNotCovered = "hand-over-not-covered",
}

/// 0 for none, otherwise one more than the place in [`Bug::ALL`].
static NOW: AtomicUsize = AtomicUsize::new(0);

/// Puts a bug into this process, or takes it out. Tests that do so run alone in their process.
pub fn plant(bug: Option<Bug>) {
    let place = bug.and_then(|bug| Bug::ALL.iter().position(|one| *one == bug));
    NOW.store(place.map_or(0, |place| place + 1), Ordering::SeqCst);
}

/// Whether a bug is in this process.
pub fn is_planted(bug: Bug) -> bool {
    planted() == Some(bug)
}

/// The bug in this process: planted here, or named by [`PLANTED`].
pub fn planted() -> Option<Bug> {
    static STARTED_WITH: OnceLock<Option<Bug>> = OnceLock::new();
    let named = || {
        let name = std::env::var(PLANTED).ok()?;
        Bug::ALL.iter().find(|one| one.name() == name).copied()
    };
    let now = NOW.load(Ordering::SeqCst).checked_sub(1).and_then(|place| Bug::ALL.get(place).copied());
    now.or(*STARTED_WITH.get_or_init(named))
}
