//! Finding each other by mDNS (RFC 6762) and DNS-SD (RFC 6763), for as long as somebody looks.
//!
//! What is announced says nothing of a person, an organisation, a device or a controle: a random name that changes every
//! time, an address and a port.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mdns_sd::{IfKind, ResolvedService, ServiceDaemon, ServiceEvent, ServiceInfo};
use veldboek_domain::Entropy;

/// The service by which devices find each other.
const SERVICE: &str = "_veldboek._tcp.local.";
/// Letters and digits that can't be taken for each other, also when they are read aloud.
const SIGNS: &[u8; 20] = b"ACDEFHJKLMNPRTVX3479";
/// How long the news that a device stops listening may take.
const GOODBYE: Duration = Duration::from_millis(500);

/// Where a device listens and looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// On every network that the device is on.
    #[default]
    Network,
    /// On the device itself alone.
    Loopback,
    /// On the device itself alone, and nothing is announced: others come by the address.
    Unannounced,
}

impl Reach {
    /// Whether others can find the device by mDNS.
    pub fn is_announced(self) -> bool {
        self != Self::Unannounced
    }

    /// The address to listen on, with a port that is free.
    pub fn listen_on(self) -> SocketAddr {
        match self {
            Self::Network => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            Self::Loopback | Self::Unannounced => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        }
    }

    /// The addresses under which others reach this port.
    pub fn addresses(self, port: u16) -> Vec<SocketAddr> {
        if self != Self::Network {
            return vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))];
        }
        let interfaces = if_addrs::get_if_addrs().unwrap_or_default().into_iter();
        let ours = interfaces.filter(|interface| !interface.is_loopback() && !interface.is_link_local());
        ours.filter(|interface| interface.ip().is_ipv4()).map(|one| SocketAddr::new(one.ip(), port)).collect()
    }
}

/// A random name for one time that a device listens: two groups of three signs. It is no secret.
pub fn random_name(entropy: &dyn Entropy) -> String {
    let mut random = [0; 6];
    entropy.fill(&mut random);
    let signs = random.map(|byte| char::from(SIGNS[usize::from(byte) % SIGNS.len()]));
    let (first, second) = signs.split_at(3);
    format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
}

/// A device that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name for this time.
    pub name: String,
    /// Where it listens, the likeliest first.
    pub addresses: Vec<SocketAddr>,
}

/// Announces this device and looks for others until it is dropped.
pub struct Finder {
    daemon: ServiceDaemon,
    announced: String,
    found: Arc<Mutex<BTreeMap<String, Found>>>,
}

impl Finder {
    /// Begins, under this name and port. `changed` is called when another device comes or goes.
    ///
    /// # Errors
    /// The operating system or the network does not let it, in words.
    pub fn begin(
        name: &str,
        port: u16,
        reach: Reach,
        changed: impl Fn() + Send + 'static,
    ) -> Result<Self, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let wanted = if reach == Reach::Network { IfKind::IPv4 } else { IfKind::LoopbackV4 };
        daemon.disable_interface(IfKind::All)?;
        daemon.enable_interface(wanted.clone())?;
        if reach == Reach::Network {
            daemon.disable_interface(IfKind::LoopbackV4)?;
        }
        let host = format!("vb-{}.local.", name.to_lowercase());
        let addresses: Vec<IpAddr> = reach.addresses(port).iter().map(SocketAddr::ip).collect();
        let mut service = ServiceInfo::new(SERVICE, name, &host, &addresses[..], port, &[("v", "1")][..])?;
        service.set_interfaces(vec![wanted]);
        if reach == Reach::Network {
            service = service.enable_addr_auto();
        }
        let announced = service.get_fullname().to_owned();
        let found = Arc::<Mutex<BTreeMap<String, Found>>>::default();
        let events = daemon.browse(SERVICE)?;
        daemon.register(service)?;
        let (own, seen) = (announced.clone(), Arc::clone(&found));
        std::thread::Builder::new()
            .name("veldboek-finding".to_owned())
            .spawn(move || {
                // It ends with the daemon.
                while let Ok(event) = events.recv() {
                    if note(&seen, &own, event) {
                        changed();
                    }
                }
            })
            .map_err(|error| mdns_sd::Error::Msg(error.to_string()))?;
        Ok(Self { daemon, announced, found })
    }

    /// The other devices that listen now.
    pub fn found(&self) -> Vec<Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl Drop for Finder {
    fn drop(&mut self) {
        // Others forget this device at once; if that fails they do so when its announcement has run out.
        if let Ok(goodbye) = self.daemon.unregister(&self.announced) {
            let _ = goodbye.recv_timeout(GOODBYE);
        }
        let _ = self.daemon.shutdown();
    }
}

/// Notes what was heard; returns whether anything changed.
fn note(found: &Mutex<BTreeMap<String, Found>>, own: &str, event: ServiceEvent) -> bool {
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    match event {
        ServiceEvent::ServiceResolved(service) if service.get_fullname() != own => {
            let one = seen(&service);
            let known = found.get(service.get_fullname()) == Some(&one);
            if !known && !one.addresses.is_empty() {
                found.insert(service.get_fullname().to_owned(), one);
            }
            !known
        }
        ServiceEvent::ServiceRemoved(_, name) => found.remove(&name).is_some(),
        _ => false,
    }
}

fn seen(service: &ResolvedService) -> Found {
    let mut addresses: Vec<SocketAddr> =
        service.get_addresses_v4().into_iter().map(|ip| SocketAddr::from((ip, service.get_port()))).collect();
    // A private network's address before one that a device gave itself.
    addresses.sort_by_key(|address| (matches!(address.ip(), IpAddr::V4(ip) if ip.is_link_local()), *address));
    let name = service.get_fullname().strip_suffix(SERVICE).unwrap_or_default().trim_end_matches('.');
    Found { name: name.to_owned(), addresses }
}
