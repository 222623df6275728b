//! How long to wait before trying again.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use veldboek_domain::Entropy;

/// Waits between tries. The policy is the caller's; tests do not sleep.
pub trait Waiter: Sync {
    /// Waits before try number `again` (1, 2, ...) that follows on tries by which nothing more arrived.
    fn wait(&self, again: u32) -> impl Future<Output = ()> + Send;
}

/// Waits twice as long each time, up to a limit, less a random part so that tablets that lost the same network do not
/// all come back at the same moment.
pub struct Backoff {
    /// The first wait.
    pub first: Duration,
    /// The longest.
    pub longest: Duration,
    /// Randomness for the part that is left off: up to a half.
    pub entropy: Arc<dyn Entropy>,
}

impl Backoff {
    /// From one second up to one minute.
    pub fn polite(entropy: Arc<dyn Entropy>) -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(60), entropy }
    }

    /// How long to wait before try number `again`.
    pub fn duration(&self, again: u32) -> Duration {
        let doubled = 2u32.saturating_pow(again.saturating_sub(1));
        let whole = self.first.saturating_mul(doubled).min(self.longest);
        let mut random = [0u8; 1];
        self.entropy.fill(&mut random);
        whole - whole.mul_f64(f64::from(random[0]) / 512.0)
    }
}

impl Waiter for Backoff {
    async fn wait(&self, again: u32) {
        tokio::time::sleep(self.duration(again)).await;
    }
}
