//! Two to four devices and a backend in one process under a seeded scheduler: requests and replies lost, doubled,
//! reordered and late, a backend that restarts before it commits, devices that restart, rot and come back from a backup, clocks
//! that are years apart, somebody who joins late and somebody who is removed.
//! In the end all hold the same, nothing is missing and closed streams are where they belong.
//!
//! A run has either devices that come back from a backup or records that rot, never both: which branch a record that
//! nobody can read was on is not known to the others, so such a chain is compared again at every sync.
//!
//! A failing seed is printed; `VELDBOEK_SEED=<seed> cargo test --workspace --test simulation` runs it alone, and
//! `cargo xtask torture --seeds 100000` runs that many.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod support;

use std::collections::BTreeSet;

use chrono::TimeDelta;

use support::dice::Dice;
use support::{
    Answer, MemoryLedger, MemoryReplica, answer, backend, backend_key, card, inspection, note, opened, peer, stream,
    sync, take,
};
use veldboek_domain::{Body, Digest, RecordId, Role, StreamKind};
use veldboek_sync::client::{RecordSync, Step};
use veldboek_sync::server::Ledger;
use veldboek_sync::wire::Refusal;

const TEAM: u64 = 1;
const WPG: u64 = 2;
const SEEDS: u64 = 2_000;
/// Seeds beyond those that once failed: a device that came back from a backup twice went on behind a record in the middle of
/// another branch.
const ONCE_FAILED: [u64; 1] = [2_481];

struct Device {
    replica: MemoryReplica,
    backup: Option<MemoryReplica>,
    sync: Option<RecordSync>,
    /// The request whose reply it waits for.
    asked: Option<u64>,
}

struct World {
    dice: Dice,
    /// Whether records rot in this run; otherwise devices come back from backups.
    rots: bool,
    ledger: MemoryLedger,
    devices: Vec<Device>,
    requests: Vec<(usize, u64, Step)>,
    replies: Vec<(usize, u64, Answer)>,
    numbers: u64,
    /// Who is not in the team yet.
    late: Option<usize>,
    /// Who is in it no more.
    removed: Option<usize>,
    /// What a device that was restored from a backup had written since and never sent.
    lost: BTreeSet<RecordId>,
    rotten: BTreeSet<RecordId>,
    /// What happened, for comparing two runs of one seed.
    trace: Vec<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let rots = dice.chance(40);
        let count = 2 + dice.below(3);
        let roles = [Role::InvestigatingOfficer, Role::Inspector, Role::InvestigatingOfficer, Role::TeamLeader];
        let peers: Vec<_> = (0..count).map(|number| peer(number as u8 + 1, "gm-alkmaar", roles[number])).collect();
        let ledger = backend(&peers.iter().collect::<Vec<_>>());
        let mut devices: Vec<Device> = peers
            .iter()
            .map(|peer| Device { replica: MemoryReplica::new(peer), backup: None, sync: None, asked: None })
            .collect();
        let opener = &mut devices[0].replica;
        opener.write(stream(TEAM), &opened(1, StreamKind::Team));
        opener.write(stream(WPG), &opened(1, StreamKind::Wpg { organisation: "gm-alkmaar".into() }));
        // Of three or more, the last one comes late.
        let late = (count > 2).then_some(count - 1);
        for peer in &peers[1..late.unwrap_or(count)] {
            opener.write(stream(TEAM), &Body::MemberAdded { member: card(peer) });
        }
        let wrong = [TimeDelta::minutes(4), TimeDelta::hours(-7), TimeDelta::days(-700), TimeDelta::days(1826)];
        devices.iter_mut().zip(wrong).for_each(|(device, ahead)| device.replica.ahead = ahead);
        let (requests, replies, trace) = (Vec::new(), Vec::new(), Vec::new());
        let (lost, rotten) = (BTreeSet::new(), BTreeSet::new());
        Self { dice, rots, ledger, devices, requests, replies, numbers: 0, late, removed: None, lost, rotten, trace }
    }

    fn step(&mut self) {
        let who = self.dice.below(self.devices.len());
        match self.dice.below(100) {
            0..20 => self.write(who),
            20..45 => self.ask(who),
            45..70 => self.deliver_request(),
            70..92 => self.deliver_reply(),
            92..95 => self.give_up(who),
            95..97 => self.devices[who].backup = Some(self.devices[who].replica.clone()),
            97..99 if self.rots => self.rot(who),
            97..99 => self.restore(who),
            _ if self.dice.chance(50) => self.change_team(),
            _ => self.restart_backend(),
        }
    }

    /// A person writes; everybody keeps answering the same question.
    fn write(&mut self, who: usize) {
        let text = format!("{who} zegt {}", self.dice.roll());
        let replica = &mut self.devices[who].replica;
        let knows = |number| replica.records.values().any(|record| record.header().stream == stream(number));
        let streams: Vec<u64> = [TEAM, WPG].into_iter().filter(|number| knows(*number)).collect();
        if streams.is_empty() {
            return;
        }
        let number = streams[self.dice.below(streams.len())];
        let id = self.devices[who].replica.write(stream(number), &note(&text));
        self.trace.push(format!("{who} writes {id}"));
    }

    /// Who comes late is added; after that the second one is removed, when there are four.
    fn change_team(&mut self) {
        let body = match self.late.take() {
            Some(late) => Body::MemberAdded { member: card(&self.devices[late].replica.peer) },
            None if self.devices.len() == 4 && self.removed.is_none() => {
                self.removed = Some(1);
                let person = self.devices[1].replica.peer.person;
                Body::MemberRemoved { person, reason: "andere taak".into() }
            }
            None => return,
        };
        let id = self.devices[0].replica.write(stream(TEAM), &body);
        self.trace.push(format!("0 writes {id}"));
    }

    fn ask(&mut self, who: usize) {
        let device = &mut self.devices[who];
        if device.asked.is_some() {
            return;
        }
        let sync = device.sync.get_or_insert_with(|| RecordSync::new(backend_key().verifying_key()));
        let step = sync.next(&mut device.replica).unwrap();
        if let Step::Done(outcome) = step {
            self.trace.push(format!("{who} done {outcome:?}"));
            device.sync = None;
            return;
        }
        // While it waits, a device may read the batch that comes next.
        if matches!(step, Step::Push(_)) && self.dice.chance(50) {
            sync.prepare(&mut device.replica).unwrap();
        }
        self.numbers += 1;
        device.asked = Some(self.numbers);
        if !self.dice.chance(15) {
            self.requests.push((who, self.numbers, step));
        }
    }

    /// Any of the requests under way arrives, whatever was sent before it; now and then it arrives again later.
    fn deliver_request(&mut self) {
        if self.requests.is_empty() {
            return;
        }
        let at = self.dice.below(self.requests.len());
        let (who, number, step) = self.requests.swap_remove(at);
        if self.dice.chance(15) {
            self.requests.push((who, number, step.clone()));
        }
        if self.dice.chance(5) {
            // The backend dies before it commits: nothing of the request happened.
            answer(&mut self.ledger.clone(), &self.devices[who].replica.peer, &step, &BTreeSet::new());
            return;
        }
        let reply = answer(&mut self.ledger, &self.devices[who].replica.peer, &step, &BTreeSet::new());
        if let Answer::Pushed(reply) = &reply {
            for receipt in &reply.receipts {
                assert!(self.ledger.holds(&receipt.head.record).unwrap(), "a receipt follows on the commit");
            }
        }
        self.trace.push(format!("{who} is answered on {number}"));
        if !self.dice.chance(15) {
            self.replies.push((who, number, reply));
        }
    }

    fn deliver_reply(&mut self) {
        if self.replies.is_empty() {
            return;
        }
        let at = self.dice.below(self.replies.len());
        let (who, number, reply) = self.replies.swap_remove(at);
        let device = &mut self.devices[who];
        if device.asked != Some(number) {
            return;
        }
        device.asked = None;
        let sync = device.sync.as_mut().expect("a device that waits is syncing");
        if let Err(fault) = take(sync, &mut device.replica, &reply) {
            self.trace.push(format!("{who} stops: {fault}"));
            device.sync = None;
        }
    }

    /// No answer in time, or the app was killed.
    fn give_up(&mut self, who: usize) {
        self.devices[who].sync = None;
        self.devices[who].asked = None;
    }

    fn restore(&mut self, who: usize) {
        let Some(backup) = self.devices[who].backup.take() else { return };
        self.give_up(who);
        let before = std::mem::replace(&mut self.devices[who].replica, backup);
        let now = &self.devices[who].replica;
        self.lost.extend(before.records.keys().filter(|id| !now.records.contains_key(*id)).copied());
        self.trace.push(format!("{who} is restored"));
    }

    /// A record that has no receipt yet can no longer be read.
    fn rot(&mut self, who: usize) {
        let replica = &mut self.devices[who].replica;
        let own = replica.records.values().filter(|record| record.header().device == replica.peer.device);
        let ids: Vec<RecordId> =
            own.filter(|record| record.header().seq > 4).map(veldboek_domain::Record::id).collect();
        if ids.is_empty() {
            return;
        }
        let id = ids[self.dice.below(ids.len())];
        if self.ledger.record(&id).is_none() {
            self.devices[who].replica.rot(id);
            self.rotten.insert(id);
        }
    }

    fn restart_backend(&mut self) {
        self.requests.clear();
        self.replies.clear();
    }

    /// The network comes back and everybody syncs until there is nothing left.
    fn settle(&mut self) {
        for who in 0..self.devices.len() {
            self.give_up(who);
        }
        // Requests that were under way for long still arrive.
        for (who, _, step) in std::mem::take(&mut self.requests) {
            answer(&mut self.ledger, &self.devices[who].replica.peer, &step, &BTreeSet::new());
        }
        for _ in 0..4 {
            for device in &mut self.devices {
                sync(&mut self.ledger, &mut device.replica);
            }
        }
        for device in &mut self.devices {
            let outcome = sync(&mut self.ledger, &mut device.replica);
            assert!(outcome.agreed, "all agree in the end: {outcome:?}");
        }
    }

    fn check(&self) {
        for (who, device) in self.devices.iter().enumerate() {
            let replica = &device.replica;
            let investigates = replica.peer.role == Role::InvestigatingOfficer;
            // Also who was to be added by a record that was lost with a backup.
            if !self.ledger.is_member(inspection(1), replica.peer.person).unwrap() {
                let closed = |record: &veldboek_domain::Record| record.header().stream == stream(WPG);
                assert!(investigates || !replica.records.values().any(closed), "device {who} holds a closed stream");
                continue;
            }
            for record in self.ledger.records() {
                let reads = record.header().stream == stream(TEAM) || investigates;
                let gone = replica.withheld.contains_key(&record.id());
                assert_eq!(replica.records.contains_key(&record.id()) || gone && reads, reads, "device {who}");
            }
            for record in replica.records.values() {
                assert!(self.ledger.record(&record.id()).is_some(), "what device {who} wrote is at the backend");
                assert_eq!(Digest::of(record.header_bytes()), record.id());
            }
            assert!(replica.quarantined.values().all(|reason| *reason != Refusal::BrokenChain), "device {who}");
        }
        // What somebody wrote after being removed stays on their device.
        let stays = |id: &RecordId| self.removed.is_some_and(|who| self.devices[who].replica.records.contains_key(id));
        let everywhere = |id: &RecordId| {
            self.ledger.record(id).is_some() || self.lost.contains(id) || self.rotten.contains(id) || stays(id)
        };
        let written = self.trace.iter().filter_map(|line| line.split(" writes ").nth(1));
        for id in written.map(|id| id.parse().unwrap()) {
            assert!(everywhere(&id), "{id} is missing");
        }
    }
}

fn run(seed: u64) -> World {
    let mut world = World::new(seed);
    for _ in 0..250 {
        world.step();
    }
    world.settle();
    world.check();
    world
}

/// How often each fault occurred.
#[derive(Default)]
struct Faults {
    forks: usize,
    rotten: usize,
    lost: usize,
}

/// Runs every `step`th seed from `first` on.
fn run_some(first: u64, seeds: u64, step: u64) -> Faults {
    let mut faults = Faults::default();
    for seed in (first..seeds).step_by(usize::try_from(step).unwrap()) {
        let world = std::panic::catch_unwind(|| run(seed));
        let world = world.unwrap_or_else(|_| panic!("seed {seed} fails: VELDBOEK_SEED={seed} runs it alone"));
        faults.forks += world.devices.iter().filter(|device| !device.replica.forks.is_empty()).count();
        faults.rotten += world.rotten.len();
        faults.lost += world.lost.len();
    }
    faults
}

#[test]
fn all_devices_end_equal_whatever_the_network_does() {
    if let Ok(seed) = std::env::var("VELDBOEK_SEED") {
        run(seed.parse().unwrap());
        return;
    }
    for seed in ONCE_FAILED {
        run(seed);
    }
    let seeds = std::env::var("VELDBOEK_SEEDS").map_or(SEEDS, |count| count.parse().unwrap());
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let faults: Vec<Faults> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|first| scope.spawn(move || run_some(first, seeds, threads))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let sum = |of: fn(&Faults) -> usize| faults.iter().map(of).sum::<usize>();
    let (forks, rotten, lost) = (sum(|one| one.forks), sum(|one| one.rotten), sum(|one| one.lost));
    assert!(forks > 0 && rotten > 0 && lost > 0, "the faults occur: {forks} forks, {rotten} rotten, {lost} lost");
    println!(
        "{seeds} seeds, none diverged: {forks} devices with a fork, {rotten} records rotten, {lost} lost with a backup"
    );
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in [3, 42] {
        assert_eq!(run(seed).trace, run(seed).trace);
    }
}
