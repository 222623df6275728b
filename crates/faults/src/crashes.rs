//! Dying at a commit, in the words of a database file.

use std::collections::{BTreeMap, HashMap};
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What unwinds out of a database that dies. Not a failure: nothing catches it but the test that armed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash;

/// When at a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// Everything is written, nothing is committed.
    Before,
    /// It is committed, and nobody knows.
    After,
}

/// A commit in the source, and when at it.
pub type Site = (String, Moment);

struct Armed {
    /// Commits to let pass first.
    passes: u32,
    moment: Moment,
    dies: Box<dyn FnOnce() + Send>,
}

#[derive(Default)]
struct State {
    armed: HashMap<PathBuf, Armed>,
    reached: BTreeMap<Site, u64>,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);
/// How many databases are armed: nothing is looked up as long as there are none.
static ARMED: AtomicUsize = AtomicUsize::new(0);

fn state() -> MutexGuard<'static, Option<State>> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets a database die at one of its next commits: `passes` of them go well first. `dies` is called at that moment, and
/// takes the files as they are then.
pub fn arm(database: &Path, passes: u32, moment: Moment, dies: impl FnOnce() + Send + 'static) {
    let armed = Armed { passes, moment, dies: Box::new(dies) };
    if state().get_or_insert_default().armed.insert(database.to_owned(), armed).is_none() {
        ARMED.fetch_add(1, Ordering::SeqCst);
    }
}

/// Lets it live. False when it died.
pub fn disarm(database: &Path) -> bool {
    let was_armed = state().get_or_insert_default().armed.remove(database).is_some();
    if was_armed {
        ARMED.fetch_sub(1, Ordering::SeqCst);
    }
    was_armed
}

/// How often each commit of the source was died at, by file and line.
pub fn reached() -> BTreeMap<Site, u64> {
    state().get_or_insert_default().reached.clone()
}

/// Called at every commit of a database.
#[track_caller]
pub fn reach(database: Option<&str>, moment: Moment) {
    if ARMED.load(Ordering::SeqCst) == 0 {
        return;
    }
    let Some(database) = database.map(Path::new) else { return };
    let caller = Location::caller();
    let dies = {
        let mut state = state();
        let state = state.get_or_insert_default();
        match state.armed.get_mut(database) {
            Some(armed) if armed.moment == moment && armed.passes == 0 => {}
            Some(armed) if armed.moment == moment => {
                armed.passes -= 1;
                return;
            }
            _ => return,
        }
        *state.reached.entry((format!("{}:{}", caller.file(), caller.line()), moment)).or_default() += 1;
        state.armed.remove(database).map(|armed| armed.dies)
    };
    ARMED.fetch_sub(1, Ordering::SeqCst);
    if let Some(dies) = dies {
        dies();
    }
    // Without the panic's own message: it is no failure.
    std::panic::resume_unwind(Box::new(Crash));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn a_database_dies_at_its_commit_once_and_others_live() {
        let (one, other) = (Path::new("one.db"), Path::new("other.db"));
        let died = Arc::new(AtomicBool::new(false));
        let note = Arc::clone(&died);
        arm(one, 1, Moment::After, move || note.store(true, Ordering::SeqCst));
        reach(other.to_str(), Moment::After);
        reach(one.to_str(), Moment::After);
        reach(one.to_str(), Moment::Before);
        assert!(!died.load(Ordering::SeqCst), "the first commit goes well");
        let crash = std::panic::catch_unwind(|| reach(one.to_str(), Moment::After)).expect_err("it dies");
        assert!(crash.is::<Crash>() && died.load(Ordering::SeqCst));
        reach(one.to_str(), Moment::After);
        assert!(!disarm(one), "it died once");
        assert_eq!(reached().values().sum::<u64>(), 1);
    }
}
