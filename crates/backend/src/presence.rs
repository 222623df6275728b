//! Who has which controle open now: short leases in memory. Nothing is stored, nothing is logged, and a lease that is not
//! renewed ends by itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, FixedOffset};
use veldboek_domain::{DeviceId, InspectionId};

/// How long a lease holds.
pub const LEASE: Duration = Duration::seconds(60);

/// One controle for each device: what is on its screen.
#[derive(Debug, Default)]
pub struct Leases(Mutex<HashMap<DeviceId, Lease>>);

#[derive(Clone, Copy, Debug)]
struct Lease {
    inspection: InspectionId,
    until: DateTime<FixedOffset>,
}

impl Leases {
    /// Begins or renews a device's lease, and ends the one that it had for another controle. Says whether that is news.
    pub fn renew(&self, device: DeviceId, inspection: InspectionId, now: DateTime<FixedOffset>) -> bool {
        let mut leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        leases.retain(|_, lease| lease.until > now);
        let before = leases.insert(device, Lease { inspection, until: now + LEASE });
        before.is_none_or(|before| before.inspection != inspection)
    }

    /// Ends a device's lease for a controle. Says whether there was one.
    pub fn end(&self, device: DeviceId, inspection: InspectionId) -> bool {
        let mut leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = leases.get(&device).is_some_and(|lease| lease.inspection == inspection);
        held && leases.remove(&device).is_some()
    }

    /// The devices that have a controle open, in the order of their ids.
    pub fn of(&self, inspection: InspectionId, now: DateTime<FixedOffset>) -> Vec<DeviceId> {
        let leases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = leases.iter().filter(|(_, lease)| lease.inspection == inspection && lease.until > now);
        let mut devices: Vec<DeviceId> = open.map(|(device, _)| *device).collect();
        devices.sort_unstable();
        devices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(number)
    }

    #[test]
    fn a_lease_ends_by_itself_by_leaving_and_by_opening_another_controle() {
        let now = DateTime::parse_from_rfc3339("2026-11-19T09:00:00+01:00").unwrap();
        let (leases, barn, hotel) = (Leases::default(), InspectionId(id(1)), InspectionId(id(2)));
        let (one, two) = (DeviceId(id(3)), DeviceId(id(4)));
        assert!(leases.renew(one, barn, now) && leases.renew(two, barn, now));
        assert!(!leases.renew(one, barn, now + Duration::seconds(40)), "renewing is no news");
        let later = now + LEASE;
        assert_eq!(leases.of(barn, later), [one], "the other one was not renewed");
        assert!(leases.renew(one, hotel, later), "one screen shows one controle");
        assert_eq!((leases.of(barn, later), leases.of(hotel, later)), (vec![], vec![one]));
        assert!(!leases.end(one, barn) && leases.end(one, hotel) && !leases.end(one, hotel));
        assert_eq!(leases.of(hotel, later), []);
    }
}
