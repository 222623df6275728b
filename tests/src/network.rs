//! Two networks of their own on one machine, with a cable between them: what is in one reaches the other by that cable
//! alone, multicast included.

use std::path::Path;
use std::process::{Command, Output};

/// Two network namespaces with a cable between them; both are gone when this is dropped.
pub struct Cable {
    ends: [String; 2],
}

impl Cable {
    /// Lays a cable between two new namespaces.
    ///
    /// # Panics
    /// When this machine does not let it; with what is missing.
    pub fn lay() -> Self {
        // Names of this process alone: other runs on the same machine have their own.
        let ends = ["a", "b"].map(|end| format!("vb{}{end}", std::process::id()));
        let cable = Self { ends };
        let [one, other] = &cable.ends;
        for end in &cable.ends {
            ip(&["netns", "add", end]);
        }
        // An interface has the name of its namespace.
        ip(&["link", "add", one, "netns", one, "type", "veth", "peer", "name", other, "netns", other]);
        for (end, address) in [(one, "10.77.0.1/24"), (other, "10.77.0.2/24")] {
            ip(&["-n", end, "addr", "add", address, "dev", end]);
            ip(&["-n", end, "link", "set", end, "up"]);
            ip(&["-n", end, "route", "add", "224.0.0.0/4", "dev", end]);
        }
        cable
    }

    /// A program at one end of the cable: 0 or 1.
    pub fn at(&self, end: usize, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.ends[end]]).arg(program);
        command
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for end in &self.ends {
            // The cable goes with its ends. One that was never made is gone already.
            let _ = Command::new("ip").args(["netns", "del", end]).output();
        }
    }
}

fn ip(arguments: &[&str]) {
    let run = Command::new("ip").args(arguments).output();
    let Ok(Output { status, stderr, .. }) = run else {
        panic!("the program `ip` is missing: apt-get install --no-install-recommends iproute2")
    };
    assert!(
        status.success(),
        "`ip {}` failed, which needs root and a kernel with network namespaces and veth: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&stderr).trim()
    );
}
