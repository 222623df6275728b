//! What holds without a storm, and what a storm would mend before anybody sees it: each is a check by its name.

use veldboek_app::api::{AddMember, Write};
use veldboek_domain::{ChainHead, DeviceCertificate, Record, RegisterKey, SignedHead, Slot, StreamKind, Value};
use veldboek_sync::client::Step;
use veldboek_sync::exchange::{Held, Offer, OfferedStream, Parties, judge};
use veldboek_sync::wire::RawRecord;

use super::world::{INSPECTOR, LATE, OPENER, World};
use super::yard::Yard;

/// Long notes, so that they take several pages.
const NOTES: usize = 40;
const NOTE_BYTES: usize = 50_000;

/// Pages alone bring everything, also to somebody who is added late: comparing is for what went wrong.
///
/// # Panics
/// When a tablet had to compare, or lacks something.
pub fn pages_bring_everything(yard: &Yard) {
    let mut world = World::begin(yard, 0);
    world.sync(OPENER);
    for number in 0..NOTES {
        let (inspection, register) = (world.inspection, RegisterKey::Note(Slot::of("A")));
        let value = Value::text(&format!("{number} {}", "x".repeat(NOTE_BYTES)));
        world.tablets[OPENER].app.write(Write { inspection, register, value }).expect("a note is kept");
    }
    world.sync(OPENER);
    world.comes_without_comparing(INSPECTOR);
    let device = world.tablets[LATE].device.id;
    let add = AddMember { inspection: world.inspection, device };
    world.tablets[OPENER].app.add_member(add).expect("their card is known");
    world.sync(OPENER);
    world.comes_without_comparing(LATE);
}

impl World {
    fn comes_without_comparing(&mut self, who: usize) {
        self.compared = 0;
        let outcome = self.sync(who);
        let held = self.tablets[who].store().all_records().expect("it can be read").len();
        assert!(outcome.agreed && held > NOTES, "tablet {who} has {held} records: {outcome:?}");
        assert_eq!(self.compared, 0, "tablet {who} got everything by pages, without comparing");
    }

    pub(super) fn note_comparison(&mut self, step: &Step) {
        self.compared += usize::from(matches!(step, Step::Compare(_)));
    }
}

/// Of a hand-over nothing is taken that its giver did not sign for.
///
/// # Panics
/// When something is.
pub fn nothing_unsigned_is_taken(yard: &Yard) {
    let world = World::begin(yard, 0);
    let giver: DeviceCertificate = serde_json::from_slice(&yard.kits[OPENER].card).expect("a card");
    let records = world.tablets[OPENER].store().all_records().expect("it can be read");
    let head = |record: &Record| ChainHead { seq: record.header().seq, record: record.id() };
    let (signed, unsigned) = records.split_at(3);
    let last = signed.last().expect("there are three");
    let mut offer = Offer {
        inspection: world.inspection,
        streams: vec![OfferedStream { stream: world.team, kind: StreamKind::Team, ends: Vec::new() }],
        heads: vec![SignedHead::sign(last.header().chain(), head(last), &world.tablets[OPENER].key)],
        receipts: Vec::new(),
        withheld: Vec::new(),
        cards: Vec::new(),
        holds: Vec::new(),
        records: records.len() as u64,
        photos: Vec::new(),
    };
    let parties = Parties { giver: &giver, receiver: &world.people[INSPECTOR] };
    let raw = |record: &Record| RawRecord {
        header: record.header_bytes().to_vec(),
        body: record.body_bytes().map(<[u8]>::to_vec),
    };
    let key = &world.tablets[OPENER].backend_key;
    let all = || records.iter().map(raw).collect();
    let judged = judge(&offer, parties, all(), &Held::default(), key);
    assert_eq!(judged.records, signed, "what lies on the way back from a signed head is taken");
    assert_eq!(judged.refused.len(), unsigned.len(), "and the rest is named");
    // A head that somebody else signed is none.
    offer.heads = vec![SignedHead::sign(last.header().chain(), head(last), &world.tablets[INSPECTOR].key)];
    assert!(judge(&offer, parties, all(), &Held::default(), key).records.is_empty());
}
