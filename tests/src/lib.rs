//! What the stories share: a backend, devices, a clock that moves when it is told to, photos, processes and the real
//! window. Everything is the real thing; only the clock is held by the test.

pub mod backend;
pub mod bench;
pub mod clock;
pub mod contract;
pub mod controle;
pub mod desk;
pub mod device;
#[cfg(feature = "planted")]
#[path = "../../crates/sync/tests/support/dice.rs"]
mod dice;
#[cfg(feature = "planted")]
mod files;
pub mod kept;
pub mod line;
pub mod nearby;
pub mod network;
pub mod photo;
#[cfg(feature = "planted")]
pub mod power;
pub mod process;
pub mod region;
pub mod small_disk;
#[cfg(feature = "planted")]
pub mod storm;
pub mod webdriver;

use std::future::Future;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::time::{MissedTickBehavior, interval};

/// Runs the asynchronous half of a story: the backend and the HTTP of its clients.
pub fn block_on<F: Future>(work: F) -> F::Output {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("the operating system gives threads")).block_on(work)
}

/// Waits until a condition gives something.
///
/// # Panics
/// When it does not within the given time.
pub fn until<T>(what: &str, within: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    block_on(async {
        let mut ticks = interval(Duration::from_millis(50));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Some(found) = tokio::task::block_in_place(&mut condition) {
                return found;
            }
            assert!(begun.elapsed() < within, "waited {within:?} until {what}");
        }
    })
}
