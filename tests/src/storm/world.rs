//! What happens: one seeded scheduler, one thread.

mod more;
mod pictures;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use axum::http::StatusCode;
use chrono::TimeDelta;
use uuid::Uuid;
use veldboek_app::AppError;
use veldboek_app::api::*;
use veldboek_domain::codes::Regime;
use veldboek_domain::{Address, Field, InspectionId, ItemId, RegisterKey, SetKind, Slot, StreamId, Value};
use veldboek_faults::Moment;
use veldboek_sync::client::{RecordSync, Step};
use veldboek_sync::wire::read_frames;

use super::served::{Answer, Asked, Served};
use super::tablet::{Kept, Tablet};
use super::wire;
use super::yard::Yard;
use crate::dice::Dice;

pub(super) use more::counts;

/// How often each kind of thing happened.
pub type Happened = BTreeMap<&'static str, u64>;

/// What a seed left to look at.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    /// How often each kind of thing happened.
    pub happened: Happened,
    /// What happened, in order, for comparing two runs of one seed.
    pub trace: Vec<String>,
}

/// A request that is under way.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) who: usize,
    pub(super) number: u64,
    pub(super) step: Step,
    pub(super) asked: Asked,
}

/// Ways in which somebody loses a stream in the course of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Withdrawn {
    /// The inspector is removed from the team.
    Removed,
    /// The late BOA is no BOA any more.
    NoOfficer,
}

pub(super) const OPENER: usize = 0;
pub(super) const INSPECTOR: usize = 1;
pub(super) const LATE: usize = 2;

pub(super) struct World {
    pub(super) dice: Dice,
    pub(super) served: Served,
    pub(super) tablets: Vec<Tablet>,
    pub(super) people: Vec<veldboek_domain::PersonCard>,
    pub(super) backend_clock: std::sync::Arc<super::yard::StormClock>,
    /// Whether tablets come back from backups in this run; otherwise records are poisoned. Which branch a record was on that
    /// nobody can read is not known, so never both.
    pub(super) restores: bool,
    /// What will be withdrawn, once the late one is there.
    pub(super) withdraws: Option<Withdrawn>,
    pub(super) withdrawn: Option<Withdrawn>,
    pub(super) requests: Vec<Sent>,
    pub(super) replies: Vec<(Sent, Answer)>,
    numbers: u64,
    /// Whose line is dead.
    cut_off: BTreeSet<usize>,
    pub(super) inspection: InspectionId,
    pub(super) team: StreamId,
    /// The finding in the closed stream.
    finding: Option<ItemId>,
    late_is_there: bool,
    /// The next record of this tablet that leaves it is poisoned.
    poisons_next: Option<usize>,
    /// Words and photos that went with a tablet that came back from a backup.
    pub(super) lost: BTreeSet<String>,
    /// How often somebody compared.
    pub(super) compared: usize,
    /// Visits of which the counts were sent.
    pub(super) counts: BTreeSet<Uuid>,
    photo: Vec<u8>,
    /// Whether what happens is told at once.
    pub(super) talks: bool,
    pub(super) ran: Ran,
}

impl World {
    pub(super) fn begin(yard: &Yard, seed: u64) -> Self {
        let mut dice = Dice(seed);
        yard.begin_again();
        yard.entropy.set(2 * seed + 1);
        yard.clock.set(TimeDelta::zero());
        let served = Served::start(Rc::clone(&yard.runtime), yard.config.clone(), yard.aside("backend.aside"));
        // Nobody's clock is right: hours off, two years behind, and one in 2031.
        let wrong = [TimeDelta::minutes(7), TimeDelta::hours(-5), TimeDelta::days(-730), TimeDelta::days(1826)];
        let tablets = yard.kits.iter().zip(wrong).enumerate().map(|(number, (kit, ahead))| {
            kit.clock.set(ahead);
            kit.entropy.set(seed * 8 + number as u64 + 100_000);
            Tablet::new(kit, yard.aside(&format!("{number}.aside")))
        });
        let withdraws = match dice.below(3) {
            0 => Some(Withdrawn::Removed),
            1 => Some(Withdrawn::NoOfficer),
            _ => None,
        };
        let mut world = Self {
            restores: dice.chance(50),
            withdraws,
            withdrawn: None,
            served,
            tablets: tablets.collect(),
            people: yard.people.clone(),
            backend_clock: yard.clock.clone(),
            requests: Vec::new(),
            replies: Vec::new(),
            numbers: 0,
            cut_off: BTreeSet::new(),
            inspection: InspectionId(Uuid::nil()),
            team: StreamId(Uuid::nil()),
            finding: None,
            late_is_there: false,
            poisons_next: None,
            lost: BTreeSet::new(),
            compared: 0,
            counts: BTreeSet::new(),
            photo: pictures::small_photo(),
            talks: yard.talks,
            ran: Ran::default(),
            dice,
        };
        world.open_controle();
        world
    }

    fn open_controle(&mut self) {
        let app = &self.tablets[OPENER].app;
        let address = Address { line: "Noordervaart 5".to_owned(), ..Address::default() };
        let plan = PlanInspection { checklist: "storm".to_owned(), address, planned_at: None };
        self.inspection = app.plan_inspection(plan).expect("a new controle needs no network").inspection;
        for who in [INSPECTOR, 3] {
            let device = self.tablets[who].device.id;
            app.add_member(AddMember { inspection: self.inspection, device }).expect("their card is known");
        }
        let streams = self.tablets[OPENER].store().streams(self.inspection).expect("it can be read");
        self.team = streams.first().expect("a controle has a stream").stream;
        // In most runs the day begins with a network, so that everybody who is in the team has the controle.
        if self.dice.chance(75) {
            for who in [OPENER, INSPECTOR, 3] {
                self.sync(who);
            }
        }
    }

    pub(super) fn end(self) -> Ran {
        self.ran
    }

    pub(super) fn notes(&mut self, kind: &'static str, words: impl std::fmt::Display) {
        *self.ran.happened.entry(kind).or_default() += 1;
        let line = format!("{kind}: {words}");
        if self.talks {
            println!("{line}");
        }
        self.ran.trace.push(line);
    }

    fn dies(&mut self) -> Option<(u32, Moment)> {
        // Most things have one commit, some have several.
        let passes = u32::try_from([0, 0, 1, 2][self.dice.below(4)]).expect("a small number");
        let moment = if self.dice.chance(50) { Moment::Before } else { Moment::After };
        self.dice.chance(20).then_some((passes, moment))
    }

    pub(super) fn step(&mut self) {
        let who = self.dice.below(self.tablets.len());
        match self.dice.below(100) {
            0..18 => self.write(who),
            18..41 => self.ask(who),
            41..60 => self.deliver_request(),
            60..77 => self.deliver_reply(),
            77..79 => self.tablets[who].gives_up(),
            79..81 => self.kill(who),
            81..83 => self.back_up(who),
            83..85 if self.restores => self.restore(who),
            83..85 => self.poisons_next = Some(who),
            85..88 => self.photograph(who),
            88..93 => self.photo_round(who),
            93..95 => self.hand_over(who),
            95 => self.restart_backend(),
            96 => self.forge(who),
            97 => self.count(who),
            98 => self.change_team(),
            _ => self.other_weather(who),
        }
    }

    /// Somebody writes: mostly everybody answers the same question.
    fn write(&mut self, who: usize) {
        let words = format!("{who} zegt {:x}", self.dice.roll());
        let is_closed = (who == OPENER || who == LATE) && self.dice.chance(35);
        let slot = Slot::of("A");
        let register = match self.finding {
            Some(finding) if is_closed => RegisterKey::Item(finding, Field::Text),
            None if is_closed && who == OPENER => return self.open_finding(),
            _ if self.dice.chance(70) => RegisterKey::Answer(slot),
            _ => RegisterKey::Note(slot),
        };
        let is_closed = matches!(register, RegisterKey::Item(..));
        let (inspection, dies, value) = (self.inspection, self.dies(), Value::text(&words));
        let wrote = self.tablets[who].does(dies, |tablet| tablet.app.write(Write { inspection, register, value }));
        match wrote {
            Some(Ok(_)) => {
                self.tablets[who].kept.push(Kept::Words(words.clone(), is_closed));
                self.notes("writes", words);
            }
            Some(Err(error)) => self.refused(who, &error),
            None => self.notes("dies while writing", who),
        }
    }

    /// The BOA begins a finding under investigation: from then on there is a closed stream.
    fn open_finding(&mut self) {
        let (inspection, dies) = (self.inspection, self.dies());
        let added = self.tablets[OPENER].does(dies, |tablet| {
            let fields = vec![(Field::Title, Value::text("besloten bevinding"))];
            let (set, regime) = (SetKind::Finding, Some(Regime::WpgOpsporing));
            tablet.app.add_item(AddItem { inspection, set, slot: None, parent: None, fields, regime })
        });
        match added {
            Some(added) => {
                self.finding = Some(added.expect("a BOA may investigate").item);
                self.notes("opens a closed stream", OPENER);
            }
            None => self.notes("dies while writing", OPENER),
        }
    }

    fn refused(&mut self, who: usize, error: &AppError) {
        let code = error.code();
        assert!(["not_found", "not_allowed"].contains(&code), "tablet {who} refuses: {error}");
        self.notes("refuses", format!("{who} {code}"));
    }

    fn ask(&mut self, who: usize) {
        if self.tablets[who].waits_for.is_some() {
            return;
        }
        let (dies, reads_ahead) = (self.dies(), self.dice.chance(50));
        let asked = self.tablets[who].does(dies, |tablet| {
            let app = tablet.app.clone();
            let mut replica = app.replica().expect("the app is open");
            let sync = tablet.sync.get_or_insert_with(|| RecordSync::new(tablet.backend_key));
            let step = sync.next(&mut replica).expect("the storage works");
            // While it waits, a device may read the batch that comes next.
            if matches!(step, Step::Push(_)) && reads_ahead {
                sync.prepare(&mut replica).expect("the storage works");
            }
            step
        });
        let step = match asked {
            Some(Step::Done(outcome)) => {
                self.tablets[who].sync = None;
                return self.notes("is through", format!("{who} {outcome:?}"));
            }
            Some(step) => step,
            None => return self.notes("dies while asking", who),
        };
        self.numbers += 1;
        self.tablets[who].waits_for = Some(self.numbers);
        let sent = self.sent(who, step);
        if self.dice.chance(12) {
            self.notes("request lost", sent.number);
        } else {
            self.requests.push(sent);
        }
    }

    /// A request as it leaves the tablet: what is poisoned is changed on its way.
    pub(super) fn sent(&mut self, who: usize, step: Step) -> Sent {
        self.note_comparison(&step);
        let mut asked = wire::asked(&step);
        if let Step::Push(framed) = &step {
            let tablet = &mut self.tablets[who];
            if self.poisons_next == Some(who)
                && let Some(record) = wire::last_words(framed, tablet.device.id)
            {
                self.poisons_next = None;
                tablet.poisoned.insert(record);
            }
            let poisoned = tablet.poisoned.clone();
            asked = wire::push(wire::poisoned(framed, &poisoned));
        }
        Sent { who, number: self.numbers, step, asked }
    }

    /// Any of the requests under way arrives, whatever was sent before it; now and then it arrives again later.
    fn deliver_request(&mut self) {
        if self.requests.is_empty() {
            return;
        }
        let at = self.dice.below(self.requests.len());
        let sent = self.requests.swap_remove(at);
        if self.cut_off.contains(&sent.who) {
            return self.notes("request lost", sent.number);
        }
        if self.dice.chance(15) {
            self.requests.push(sent.clone());
            self.notes("request doubled", sent.number);
        }
        let dies = self.dies();
        let Some(mut answer) = self.asks_as(sent.who, &sent.asked, dies) else {
            return self.notes("backend dies", sent.number);
        };
        self.check_answer(&sent, &answer);
        self.notes("is answered", format!("{} on {}", sent.who, sent.number));
        if self.dice.chance(4) && wire::spoil(&sent.step, &mut answer.body) {
            self.notes("record spoiled on the line", sent.number);
        }
        if self.dice.chance(15) {
            self.notes("reply lost", sent.number);
        } else {
            self.replies.push((sent, answer));
        }
    }

    /// Asks in the name of a tablet, with a session that holds.
    pub(super) fn asks_as(&mut self, who: usize, asked: &Asked, dies: Option<(u32, Moment)>) -> Option<Answer> {
        let tablet = &mut self.tablets[who];
        let token = match &tablet.token {
            Some(token) => token.clone(),
            None => wire::sign_in(&mut self.served, tablet.device.id, &tablet.key),
        };
        tablet.token = Some(token.clone());
        let answer = self.served.ask(asked, Some(&token), dies)?;
        if answer.status != StatusCode::UNAUTHORIZED {
            let words = String::from_utf8_lossy(&answer.body);
            assert!(!answer.status.is_server_error(), "the backend fails on {}: {words}", asked.path);
            return Some(answer);
        }
        tablet.token = None;
        self.notes("session over", who);
        self.asks_as(who, asked, None)
    }

    fn deliver_reply(&mut self) {
        if self.replies.is_empty() {
            return;
        }
        let at = self.dice.below(self.replies.len());
        let (sent, answer) = self.replies.swap_remove(at);
        if self.cut_off.contains(&sent.who) || self.tablets[sent.who].waits_for != Some(sent.number) {
            return;
        }
        let dies = self.dies();
        let (who, number) = (sent.who, sent.number);
        match self.tablets[who].does(dies, |tablet| take(tablet, &sent.step, &answer)) {
            Some(Ok(())) => {}
            Some(Err(fault)) => {
                self.notes("stops", format!("{who}: {fault}"));
                self.tablets[who].gives_up();
            }
            None => self.notes("dies while taking", format!("{who} on {number}")),
        }
    }

    fn restart_backend(&mut self) {
        self.requests.clear();
        self.replies.clear();
        self.served.restart();
        self.notes("backend restarts", "");
    }
}

/// Takes a reply, as the app's own client does.
pub(super) fn take(tablet: &mut Tablet, step: &Step, answer: &Answer) -> Result<(), String> {
    tablet.waits_for = None;
    if !answer.status.is_success() {
        return Err(format!("answered with {}", answer.status));
    }
    let app = tablet.app.clone();
    let mut replica = app.replica().expect("the app is open");
    let sync = tablet.sync.as_mut().expect("a tablet that waits is syncing");
    let taken = match step {
        Step::Push(_) => {
            let reply = serde_json::from_slice(&answer.body).expect("a reply");
            sync.on_pushed(&mut replica, &reply)
        }
        Step::Pull(_) => {
            let (page, records) = read_frames(&answer.body).expect("a page");
            sync.on_pulled(&mut replica, page, records)
        }
        Step::Compare(_) => {
            let (compared, records) = read_frames(&answer.body).expect("a comparison");
            sync.on_compared(&mut replica, compared, records)
        }
        Step::Done(_) => unreachable!("nothing was asked"),
    };
    match taken {
        Ok(()) => Ok(()),
        Err(veldboek_sync::client::ReplyError::Fault(fault)) => Err(fault.to_string()),
        Err(veldboek_sync::client::ReplyError::Replica(error)) => panic!("the storage fails: {error}"),
    }
}
