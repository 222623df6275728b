//! Who worked on the same part at about the same time, without a sign that they saw each other's work. It is told and nothing
//! else: nobody has to settle anything, and no clock decides.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;

use crate::chain::ChainId;
use crate::ids::{PersonId, RecordId};
use crate::record::{Header, Record};
use crate::register::Part;

/// Within this much by the devices' clocks, work is at about the same time.
const ABOUT: TimeDelta = TimeDelta::minutes(15);

/// For each record about a part, by its id: somebody else whose record about the same part was written at about the same time
/// on another device, while neither of the two builds on the other's chain as far as that.
pub fn alongside<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    part_of: impl Fn(&Record) -> Option<Part>,
) -> HashMap<RecordId, PersonId> {
    let records: Vec<&Record> = records.into_iter().collect();
    let seen = Seen::of(&records);
    let mut parts: BTreeMap<Part, Vec<&Record>> = BTreeMap::new();
    for record in &records {
        if let Some(part) = part_of(record) {
            parts.entry(part).or_default().push(record);
        }
    }
    let mut found = HashMap::new();
    for mut about in parts.into_values() {
        about.sort_by_key(|record| (record.header().at, record.id()));
        for (index, record) in about.iter().enumerate() {
            let near = about[index + 1..].iter().take_while(|other| other.header().at - record.header().at <= ABOUT);
            for other in near {
                let (one, two) = (record.header(), other.header());
                let apart = one.author.person != two.author.person && one.device != two.device;
                if apart && !seen.has(one, two) && !seen.has(two, one) {
                    found.entry(record.id()).or_insert(two.author.person);
                    found.entry(other.id()).or_insert(one.author.person);
                }
            }
        }
    }
    found
}

/// How far each chain is known to have seen the others: by the records that its own supersede.
struct Seen(HashMap<ChainId, Vec<(u64, ChainId, u64)>>);

impl Seen {
    fn of(records: &[&Record]) -> Self {
        let places: HashMap<RecordId, &Header> = records.iter().map(|record| (record.id(), record.header())).collect();
        let mut seen: HashMap<ChainId, Vec<(u64, ChainId, u64)>> = HashMap::new();
        for record in records {
            let header = record.header();
            for parent in header.supersedes.iter().filter_map(|parent| places.get(parent)) {
                seen.entry(header.chain()).or_default().push((header.seq, parent.chain(), parent.seq));
            }
        }
        Self(seen)
    }

    /// Whether the writer of one record had seen the other.
    fn has(&self, writer: &Header, other: &Header) -> bool {
        let steps = self.0.get(&writer.chain()).into_iter().flatten();
        steps.into_iter().any(|(at, chain, seq)| *at <= writer.seq && *chain == other.chain() && *seq >= other.seq)
    }
}
