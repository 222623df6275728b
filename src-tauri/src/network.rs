//! Whether the connection is a mobile one, as NetworkManager says on Linux. Elsewhere, and without NetworkManager, nobody
//! says so, and photos go.

use std::sync::Arc;

use veldboek_app::Connection;
use zbus::blocking::Connection as Bus;
use zbus::blocking::fdo::PropertiesProxy;

const NETWORK_MANAGER: &str = "org.freedesktop.NetworkManager";
const PATH: &str = "/org/freedesktop/NetworkManager";
/// `NMMetered`: 1 is yes, 3 is a guess that it is; 0 is unknown, 2 and 4 are no.
const METERED: [u32; 2] = [1, 3];

/// The system's NetworkManager, when there is a system bus.
pub(crate) fn open() -> Option<Arc<dyn Connection>> {
    Bus::system().ok().map(|bus| Arc::new(NetworkManager { bus }) as Arc<dyn Connection>)
}

struct NetworkManager {
    bus: Bus,
}

impl NetworkManager {
    fn metered(&self) -> zbus::Result<u32> {
        let properties = PropertiesProxy::builder(&self.bus).destination(NETWORK_MANAGER)?.path(PATH)?.build()?;
        let value = properties.get(NETWORK_MANAGER.try_into()?, "Metered")?;
        Ok(value.downcast_ref::<u32>()?)
    }
}

impl Connection for NetworkManager {
    fn is_metered(&self) -> bool {
        self.metered().is_ok_and(|metered| METERED.contains(&metered))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::sync::atomic::{AtomicU32, Ordering};

    use zbus::blocking::connection::Builder;
    use zbus::interface;

    use super::*;

    /// A bus of the test's own.
    struct Daemon {
        process: Child,
        address: String,
    }

    impl Daemon {
        fn start() -> Self {
            let mut command = Command::new("dbus-daemon");
            command.args(["--session", "--nofork", "--print-address", "--nosyslog"]).stdout(Stdio::piped());
            let mut process = command.spawn().expect("dbus-daemon is there: `cargo xtask prepare` installs it");
            let mut address = String::new();
            BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
            Self { process, address: address.trim().to_owned() }
        }

        fn bus(&self) -> Builder<'_> {
            Builder::address(self.address.as_str()).unwrap()
        }
    }

    impl Drop for Daemon {
        fn drop(&mut self) {
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }

    /// Says what the test wants, as NetworkManager does.
    struct Says(Arc<AtomicU32>);

    #[interface(name = "org.freedesktop.NetworkManager")]
    impl Says {
        #[zbus(property)]
        fn metered(&self) -> u32 {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_mobile_connection_is_what_network_manager_calls_metered() {
        let daemon = Daemon::start();
        let here = NetworkManager { bus: daemon.bus().build().unwrap() };
        assert!(!here.is_metered(), "nobody says so");
        let says = Arc::new(AtomicU32::new(0));
        let service = daemon.bus().name(NETWORK_MANAGER).unwrap().serve_at(PATH, Says(Arc::clone(&says))).unwrap();
        let _service = service.build().unwrap();
        for (word, metered) in [(0, false), (1, true), (2, false), (3, true), (4, false)] {
            says.store(word, Ordering::SeqCst);
            assert_eq!(here.is_metered(), metered, "{word}");
        }
    }
}
