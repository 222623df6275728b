//! What must hold: of every answer while the faults are on, and of everything once they have ended.

use std::collections::{BTreeMap, BTreeSet};

use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{ChainId, Digest, Inspection, OrganisationCode, Record, RecordId, StreamId, StreamKind};
use veldboek_store::Store;
use veldboek_sync::PhotoReceipt;
use veldboek_sync::client::{Outcome, RecordSync, Step};
use veldboek_sync::wire::{ComparePreamble, PagePreamble, PushReply, RawRecord, read_frames};

use super::served::Answer;
use super::tablet::Kept;
use super::world::{INSPECTOR, LATE, Sent, Withdrawn, World, counts, take};

/// The most requests of one whole sync.
const MOST_REQUESTS: usize = 400;

impl World {
    /// A receipt is about what is committed; a page holds what its reader may read now.
    pub(super) fn check_answer(&self, sent: &Sent, answer: &Answer) {
        if !answer.status.is_success() {
            return;
        }
        match &sent.step {
            Step::Push(_) => {
                let reply: PushReply = serde_json::from_slice(&answer.body).expect("a reply");
                for receipt in &reply.receipts {
                    let record = &receipt.head.record;
                    assert!(self.served.holds(record), "a receipt was given for {record}, which is not committed");
                }
            }
            Step::Pull(_) => {
                let (_, records) = read_frames::<PagePreamble>(&answer.body).expect("a page");
                self.check_readable(sent.who, records);
            }
            Step::Compare(_) => {
                let (_, records) = read_frames::<ComparePreamble>(&answer.body).expect("a comparison");
                self.check_readable(sent.who, records);
            }
            Step::Done(_) => {}
        }
    }

    fn check_readable(&self, who: usize, records: Vec<RawRecord>) {
        let card = self.served.state().storage.person(self.people[who].person).expect("it can be read");
        let card = card.expect("everybody is known");
        let streams: BTreeSet<StreamId> =
            records.into_iter().filter_map(|raw| Record::from_bytes(raw.header, None).ok()).map(stream_of).collect();
        for stream in streams {
            let (kind, organisation, member) = self.served.stream(stream, card.person).expect("it is known");
            let kind = kind_named(&kind, organisation);
            let may = may_use_stream(&kind, card.role, &card.organisation, member);
            assert!(may, "tablet {who} was sent records of a stream that its person may not read: {kind:?}");
        }
    }

    /// A photo's receipt is about bytes that are in their place.
    pub(super) fn check_photo(&self, receipt: &PhotoReceipt) {
        let path = self.served.state().photos.path(receipt.sha256);
        let bytes = std::fs::read(path).unwrap_or_default();
        assert_eq!(Digest::of(&bytes), receipt.sha256, "a receipt was given for a photo that is not in its place");
    }

    /// The faults end, and everybody syncs until there is nothing left.
    pub(super) fn settle(&mut self) {
        for tablet in &mut self.tablets {
            tablet.gives_up();
        }
        // What was under way for long still arrives.
        for sent in std::mem::take(&mut self.requests) {
            let answer = self.asks_as(sent.who, &sent.asked, None).expect("nothing dies here");
            self.check_answer(&sent, &answer);
        }
        for id in self.counts.clone() {
            self.asks_as(0, &counts(&self.served, id), None);
        }
        for round in 0..5 {
            for who in 0..self.tablets.len() {
                let outcome = self.sync(who);
                for _ in 0..MOST_REQUESTS {
                    if !self.carry_photos(who, 6, false) {
                        break;
                    }
                }
                if round == 4 && !outcome.agreed {
                    self.tell(who);
                }
                assert!(round < 4 || outcome.agreed, "tablet {who} and the backend agree in the end: {outcome:?}");
            }
        }
    }

    /// A whole sync over a perfect line.
    pub(super) fn sync(&mut self, who: usize) -> Outcome {
        self.tablets[who].sync = Some(RecordSync::new(self.tablets[who].backend_key));
        for _ in 0..MOST_REQUESTS {
            let tablet = &mut self.tablets[who];
            let app = tablet.app.clone();
            let mut replica = app.replica().expect("the app is open");
            let step = tablet.sync.as_mut().expect("it was just begun").next(&mut replica).expect("the storage works");
            if let Step::Done(outcome) = step {
                return outcome;
            }
            let sent = self.sent(who, step);
            let answer = self.asks_as(who, &sent.asked, None).expect("nothing dies here");
            self.check_answer(&sent, &answer);
            take(&mut self.tablets[who], &sent.step, &answer).unwrap_or_else(|fault| panic!("tablet {who}: {fault}"));
        }
        panic!("tablet {who} syncs without end");
    }

    /// Everything that must hold after the storm.
    pub(super) fn check(&mut self) {
        let backend = AtBackend::read(self);
        let stores: Vec<Store> = self.tablets.iter().map(|tablet| tablet.store()).collect();
        for (who, store) in stores.iter().enumerate() {
            self.check_tablet(who, store, &backend);
        }
        drop(stores);
        for who in 0..self.tablets.len() {
            let mut store = self.tablets[who].store();
            let before = store.projections().expect("it can be read");
            store.rebuild().expect("projections can be folded again");
            let after = store.projections().expect("it can be read");
            let gone: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
            let new: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
            let equal = gone.is_empty() && new.is_empty();
            assert!(equal, "tablet {who}: projections are not equal to a rebuild: {gone:#?} became {new:#?}");
        }
        self.check_kept(&backend);
        let visits: u64 =
            self.served.state().storage.count_totals().expect("it can be read").iter().map(|total| total.visits).sum();
        assert_eq!(visits, self.counts.len() as u64, "every visit counts once, however often its counts came");
        assert!(!backend.text.contains("vervalst"), "a forged record is at the backend");
        self.served.state().storage.rebuild_list().expect("the backend's list can be folded again");
    }

    fn check_tablet(&self, who: usize, store: &Store, backend: &AtBackend) {
        let records = store.all_records().expect("it can be read");
        let (state, rotten) = store.inspection(self.inspection).expect("it can be read");
        assert!(rotten.is_empty(), "tablet {who} holds records that do not hold: {rotten:?}");
        let history = store.history(self.inspection).expect("it can be read");
        let folded = Inspection::from_records(&history);
        let registers = |state: &Inspection| state.registers().map(|(k, r)| (k.clone(), r.clone())).collect::<Vec<_>>();
        assert_eq!(registers(&state), registers(&folded), "tablet {who}: what counts is the fold over all records");

        let apart: BTreeMap<Digest, String> =
            store.set_apart_list().expect("it can be read").into_iter().map(|one| (one.id, one.reason)).collect();
        let stops = |reason: &String| ["not_allowed", "signature", "stream"].contains(&reason.as_str());
        let stopped: BTreeSet<ChainId> = records
            .iter()
            .filter(|record| apart.get(&record.id()).is_some_and(stops))
            .map(|record| record.header().chain())
            .collect();
        let held: BTreeSet<RecordId> = records.iter().map(Record::id).collect();
        for record in &records {
            let id = record.id();
            match backend.records.get(&id) {
                Some((header, body)) => {
                    let same = header == record.header_bytes() && body.as_deref() == record.body_bytes();
                    assert!(same, "tablet {who} holds other bytes of {id} than the backend");
                }
                None => {
                    let excused = stopped.contains(&record.header().chain()) || backend.withheld.contains(&id);
                    let closed = self.may_not_read(who, record.header().stream);
                    assert!(excused || closed, "tablet {who} holds {id}, which the backend lacks");
                }
            }
            if let Some(prev) = record.header().prev {
                let there = held.contains(&prev) || store.holds(&prev).expect("it can be read");
                let reads = !self.may_not_read(who, record.header().stream);
                assert!(there || !reads, "tablet {who}: the chain before {id} is not whole");
            }
        }
        for (stream, id) in &backend.order {
            if self.may_not_read(who, *stream) {
                let closed = self.is_closed_to(who, *stream);
                assert!(!closed || !held.contains(id), "tablet {who} holds {id} of a stream that was never its own");
            } else {
                assert!(held.contains(id) || store.holds(id).expect("it can be read"), "tablet {who} lacks {id}");
            }
        }
        for receipted in store.receipts_of(self.inspection).expect("it can be read") {
            let ChainId { stream, device, epoch } = receipted.chain;
            let furthest = self.served.furthest(stream, device, epoch);
            let sound = furthest.is_some_and(|furthest| furthest >= receipted.seq);
            assert!(sound, "tablet {who} has a receipt up to {} of {furthest:?}", receipted.seq);
        }
    }

    /// Whether somebody may not read a stream now.
    fn may_not_read(&self, who: usize, stream: StreamId) -> bool {
        let card = self.served.state().storage.person(self.people[who].person).expect("it can be read");
        let card = card.expect("everybody is known");
        match self.served.stream(stream, card.person) {
            Some((kind, organisation, member)) => {
                !may_use_stream(&kind_named(&kind, organisation), card.role, &card.organisation, member)
            }
            None => false,
        }
    }

    /// Whether a stream was closed to somebody from the beginning.
    fn is_closed_to(&self, who: usize, stream: StreamId) -> bool {
        let is_officers = self.served.stream(stream, self.people[who].person).is_some_and(|(kind, ..)| kind == "wpg");
        is_officers && (who == INSPECTOR || who == 3)
    }

    /// Nothing that an app called kept is missing, unless it went with a backup or was set apart with a reason.
    fn check_kept(&mut self, backend: &AtBackend) {
        for who in 0..self.tablets.len() {
            let store = self.tablets[who].store();
            let own = store.all_records().expect("it can be read");
            for kept in self.tablets[who].kept.clone() {
                let (words, closed) = match &kept {
                    Kept::Words(words, closed) => (words.clone(), *closed),
                    Kept::Photo(sha256) => (sha256.to_string(), false),
                };
                let there = backend.text.contains(&words);
                let lost = self.lost.iter().any(|body| body.contains(&words));
                let says = |record: &&Record| {
                    String::from_utf8_lossy(record.body_bytes().unwrap_or_default()).contains(&words)
                };
                let here = own.iter().find(says);
                assert!(there || lost || here.is_some(), "tablet {who} called `{words}` kept, and it is nowhere");
                assert!(
                    !closed || !backend.open_text.contains(&words),
                    "`{words}` is closed and stands in an open stream"
                );
                let excused = here.is_some_and(|record| {
                    let withheld = backend.withheld.contains(&record.id());
                    let set_apart = store.is_set_apart(&record.id()).expect("it can be read");
                    withheld || set_apart || self.has_lost_rights(who)
                });
                assert!(there || lost || excused, "tablet {who} called `{words}` kept, and the backend lacks it");
                if let (Kept::Photo(sha256), true, false) = (&kept, there, lost) {
                    assert!(self.has_photo(who, *sha256), "photo {sha256} of tablet {who} is not at the backend");
                }
            }
        }
    }

    fn has_lost_rights(&self, who: usize) -> bool {
        match self.withdrawn {
            Some(Withdrawn::Removed) => who == INSPECTOR,
            Some(Withdrawn::NoOfficer) => who == LATE,
            None => false,
        }
    }

    fn has_photo(&self, who: usize, sha256: Digest) -> bool {
        let whole =
            std::fs::read(self.served.state().photos.path(sha256)).is_ok_and(|bytes| Digest::of(&bytes) == sha256);
        let opens = self.tablets[who].original(&sha256).is_ok();
        opens && (whole || self.has_lost_rights(who))
    }
}

/// What the backend holds in the end.
struct AtBackend {
    records: BTreeMap<RecordId, (Vec<u8>, Option<Vec<u8>>)>,
    withheld: BTreeSet<RecordId>,
    /// Every record and every mark that one will not come, with its stream.
    order: Vec<(StreamId, RecordId)>,
    /// All bodies, one behind the other.
    text: String,
    /// Those of the team's streams.
    open_text: String,
}

impl AtBackend {
    fn read(world: &World) -> Self {
        let (mut records, mut order) = (BTreeMap::new(), Vec::new());
        let (mut text, mut open_text) = (String::new(), String::new());
        for (stream, id, header, body) in world.served.records() {
            assert_eq!(Digest::of(&header), id, "a record's name is the hash of its header");
            let words = String::from_utf8_lossy(body.as_deref().unwrap_or_default()).into_owned();
            text.push_str(&words);
            if stream == world.team {
                open_text.push_str(&words);
            }
            order.push((stream, id));
            records.insert(id, (header, body));
        }
        let withheld = world.served.withheld();
        order.extend(withheld.iter().copied());
        Self { records, withheld: withheld.into_iter().map(|(_, id)| id).collect(), order, text, open_text }
    }
}

fn stream_of(record: Record) -> StreamId {
    record.header().stream
}

fn kind_named(word: &str, organisation: Option<String>) -> StreamKind {
    let organisation = OrganisationCode(organisation.unwrap_or_default());
    match word {
        "team" => StreamKind::Team,
        "wpg" => StreamKind::Wpg { organisation },
        _ => StreamKind::Partner { organisation },
    }
}
