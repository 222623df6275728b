//! A region in one thread under a seeded scheduler, on real parts: tablets with the real app over real encrypted
//! databases, and the backend's own router over its real database and files, called without a socket.
//!
//! Requests and replies get lost, doubled, late and out of order; tablets and the backend die before and after each of
//! their commits and come back with the files as they were at that moment; tablets come back from old backups; streams
//! are granted late and withdrawn; records are changed on the line, forged, and handed over in files. Then the faults
//! end, everybody syncs, and [`check`] looks whether all holds.
//!
//! - `yard`: enrolled tablets and a backend, made once and copied for every seed. `served`: the backend without a socket.
//!   `tablet`: one device. `world`: what happens. `check`: what must hold then. `quiet`: what a storm would mend unseen.
//!   `receive`: a backend that says what it gave its word for. `tell`: both sides of a disagreement, in words.

mod check;
mod photos;
mod quiet;
mod receive;
mod served;
mod tablet;
mod tell;
mod wire;
mod world;
mod yard;

use std::panic::{AssertUnwindSafe, catch_unwind};

use veldboek_faults::Crash;

pub use quiet::{nothing_unsigned_is_taken, pages_bring_everything};
pub use receive::receive;
pub use world::{Happened, Ran};
pub use yard::{Yard, memory_folder};

/// How many things happen in one seed.
pub const STEPS: usize = 200;

/// Runs one seed. The same seed gives the same run.
///
/// # Panics
/// When something does not hold.
pub fn run(yard: &mut Yard, seed: u64) -> Ran {
    let mut world = world::World::begin(yard, seed);
    for _ in 0..STEPS {
        world.step();
    }
    world.settle();
    world.check();
    world.end()
}

/// Runs one seed and gives what did not hold, if anything.
///
/// # Errors
/// The words of the first thing that did not hold.
pub fn try_run(yard: &mut Yard, seed: u64) -> Result<Ran, String> {
    catch_unwind(AssertUnwindSafe(|| run(yard, seed))).map_err(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_default()
    })
}

/// Does something with a database that may die of it. None when it did.
fn unless_it_dies<T>(work: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => Some(done),
        Err(end) if end.is::<Crash>() => None,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
