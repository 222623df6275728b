//! Slowing down who guesses: passwords and enrolment codes.

use veldboek_domain::Digest;

use crate::problem::{Kind, Problem};
use crate::state::AppState;
use crate::storage::Tries;

/// What is being guessed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    hash: Digest,
    /// Wrong tries before waiting begins.
    free: u32,
    /// The longest wait, in seconds.
    longest: u64,
}

impl Subject {
    /// A desk account: also one that does not exist, so that an answer does not say which do.
    pub(crate) fn account(name: &str) -> Self {
        Self { hash: Digest::of(format!("account {name}").as_bytes()), free: 5, longest: 900 }
    }

    /// All enrolment codes together; a short wait, since a stranger's guesses must not keep a team from its work.
    pub(crate) fn enrolment() -> Self {
        Self { hash: Digest::of(b"enrolment"), free: 20, longest: 30 }
    }
}

/// Seconds to wait yet: 1, 2, 4, ... after each wrong try past the free ones.
fn wait(subject: &Subject, tries: Tries, now: i64) -> u64 {
    let Some(past) = tries.wrong.checked_sub(subject.free) else { return 0 };
    let seconds = 1u64.checked_shl(past.min(32)).unwrap_or(u64::MAX).min(subject.longest);
    let since = u64::try_from(now - tries.last_at).unwrap_or(0) / 1000;
    seconds.saturating_sub(since)
}

/// Lets a try through, or says how long to wait.
pub(crate) async fn allow(state: &AppState, subject: Subject) -> Result<(), Problem> {
    let tries = state.ask(move |storage| storage.tries(subject.hash)).await?;
    match wait(&subject, tries, state.now().timestamp_millis()) {
        0 => Ok(()),
        seconds => Err(Problem::new(Kind::TooManyTries).retry_after(seconds)),
    }
}

/// Counts a wrong try.
pub(crate) async fn count(state: &AppState, subject: Subject) -> Result<(), Problem> {
    let now = state.now().timestamp_millis();
    state.ask(move |storage| storage.count_try(subject.hash, now)).await
}

/// Forgets the wrong tries after a right one.
pub(crate) async fn forget(state: &AppState, subject: Subject) -> Result<(), Problem> {
    state.ask(move |storage| storage.forget_tries(subject.hash)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_after_the_free_tries_and_stays_bounded() {
        let subject = Subject::account("j.kalken");
        let after = |wrong| wait(&subject, Tries { wrong, last_at: 0 }, 0);
        assert_eq!([after(0), after(4), after(5), after(6), after(7)], [0, 0, 1, 2, 4]);
        assert_eq!(after(60), 900);
        assert_eq!(wait(&subject, Tries { wrong: 7, last_at: 0 }, 3_000), 1);
        assert_eq!(wait(&subject, Tries { wrong: 7, last_at: 0 }, 4_000), 0);
    }
}
