//! Tells both sides of a disagreement, for who replays a seed.

use std::collections::BTreeMap;

use veldboek_domain::{DeviceId, Digest, Record};

use super::world::World;

impl World {
    /// What a tablet and the backend hold, when somebody replays this seed.
    pub(super) fn tell(&self, who: usize) {
        if !self.talks {
            return;
        }
        let tablets = self.tablets.iter().enumerate();
        let names: BTreeMap<DeviceId, usize> = tablets.map(|(number, tablet)| (tablet.device.id, number)).collect();
        let store = self.tablets[who].store();
        println!("tablet {who} holds:");
        for record in store.all_records().expect("it can be read") {
            self.tell_record(&names, &record);
        }
        for row in store.streams(self.inspection).expect("it can be read") {
            println!("  {row:?}");
            for (chain, head) in store.ends(row.stream).expect("it can be read") {
                println!("  ends {} {}/{} {}", names[&chain.device], chain.epoch, head.seq, short(&head.record));
            }
            for (chain, head, reason) in store.withheld_of(row.stream).expect("it can be read") {
                println!("  withheld {} {} {} {reason}", names[&chain.device], head.seq, short(&head.record));
            }
        }
        for one in store.set_apart_list().expect("it can be read") {
            println!("  set apart {} {}", short(&one.id), one.reason);
        }
        println!("the backend holds:");
        for (_, _, header, body) in self.served.records() {
            self.tell_record(&names, &Record::from_bytes(header, body).expect("it holds"));
        }
        for (_, gone) in self.served.withheld() {
            println!("  withheld {}", short(&gone));
        }
    }

    fn tell_record(&self, names: &BTreeMap<DeviceId, usize>, record: &Record) {
        let header = record.header();
        let stream = if header.stream == self.team { "team" } else { "closed" };
        let (writer, id, prev) = (names[&header.device], short(&record.id()), header.prev.as_ref().map(short));
        println!("  {stream} {writer} {}/{} {id} after {}", header.epoch, header.seq, prev.unwrap_or_default());
    }
}

fn short(digest: &Digest) -> String {
    digest.to_string()[..6].to_owned()
}
