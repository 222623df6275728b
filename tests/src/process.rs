//! Processes that the story started, by their ids.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Ends a process as a dead battery would: it gets no chance to tidy up.
pub fn kill(process: Pid) {
    // One that is gone already is what was wanted.
    let _ = kill_process(process, Signal::KILL);
}

/// Ends a child and everything that it started, in the group that it leads.
pub fn end_group(leader: &mut Child) {
    let group = i32::try_from(leader.id()).ok().and_then(Pid::from_raw).expect("a child has an id");
    let _ = kill_process_group(group, Signal::TERM);
    // How it ended adds nothing.
    let _ = leader.wait();
    let _ = kill_process_group(group, Signal::KILL);
}

/// Kills a child and says whether it was the kill that ended it.
///
/// # Panics
/// When the operating system does not let its parent wait for it.
pub fn kill_child(child: &mut Child) -> bool {
    // A child that ended by itself a moment before is reported below.
    let _ = child.kill();
    let status = child.wait().expect("a parent can wait for its child");
    status.signal() == Some(Signal::KILL.as_raw())
}

/// The processes that run this program with this folder for their data.
pub fn running(program: &Path, data: &Path) -> Vec<Pid> {
    let wanted = format!("VELDBOEK_DATA={}", data.display());
    let processes = fs::read_dir("/proc").expect("this is Linux").flatten();
    processes
        .filter(|process| fs::read_link(process.path().join("exe")).is_ok_and(|exe| exe == program))
        .filter(|process| {
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
        })
        .filter_map(|process| process.file_name().to_str()?.parse().ok().and_then(Pid::from_raw))
        .collect()
}
