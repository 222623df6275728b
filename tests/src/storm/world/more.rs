//! What happens less often: kills and backups, files between tablets, forgers, counts, the team, the weather.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use uuid::Uuid;
use veldboek_app::api::{AddMember, HandoverRequest, Nothing};
use veldboek_checklist::Outgoing;
use veldboek_domain::{Author, Body, Digest, PersonCard, Role};
use veldboek_sync::wire::{CountLine, CountsSent, PushReply};

use super::super::served::{Asked, Served};
use super::super::wire;
use super::{INSPECTOR, LATE, OPENER, Withdrawn, World};

impl World {
    pub(super) fn kill(&mut self, who: usize) {
        self.tablets[who].is_killed();
        self.notes("is killed", who);
    }

    pub(super) fn back_up(&mut self, who: usize) {
        self.tablets[who].is_backed_up();
    }

    pub(super) fn restore(&mut self, who: usize) {
        if !self.tablets[who].has_backup {
            return;
        }
        let before = self.tablets[who].store().all_records().expect("it can be read");
        self.tablets[who].is_restored();
        let now: BTreeSet<Digest> =
            self.tablets[who].store().all_records().expect("it can be read").iter().map(|record| record.id()).collect();
        for gone in before.iter().filter(|record| !now.contains(&record.id())) {
            self.lost.insert(String::from_utf8_lossy(gone.body_bytes().unwrap_or_default()).into_owned());
        }
        self.notes("is restored", who);
    }

    /// A file from one tablet to another; some are damaged on the stick, some are read twice.
    pub(super) fn hand_over(&mut self, from: usize) {
        let to = (from + 1 + self.dice.below(self.tablets.len() - 1)) % self.tablets.len();
        let device = self.tablets[to].device.id;
        let request = HandoverRequest { inspection: self.inspection, device, everything: self.dice.chance(50) };
        let made = self.tablets[from].app.handover_export(request);
        let made = made.and_then(|_| self.tablets[from].app.handover_bytes(request));
        let mut bytes = match made {
            Ok(bytes) => bytes,
            Err(error) => return self.notes("gives nothing", format!("{from} to {to}: {}", error.code())),
        };
        let times = if self.dice.chance(20) { 2 } else { 1 };
        let is_damaged = self.dice.chance(12);
        if is_damaged {
            let at = self.dice.below(bytes.len());
            bytes[at] ^= 1 << self.dice.below(8);
        }
        for _ in 0..times {
            let dies = self.dies();
            let taken = self.tablets[to].does(dies, |tablet| tablet.app.handover_import(&bytes));
            match taken {
                Some(Ok(received)) => {
                    assert!(!is_damaged, "a damaged file was taken");
                    self.notes("handed over", format!("{from} to {to}: {} {}", received.records, received.photos));
                }
                Some(Err(error)) => self.notes("takes nothing", format!("{from} to {to}: {}", error.code())),
                None => self.notes("dies while taking a file", to),
            }
        }
    }

    /// A tablet sends a record that it made up in the name of somebody else.
    pub(super) fn forge(&mut self, who: usize) {
        let other = (who + 1) % self.tablets.len();
        let words = format!("vervalst {:x}", self.dice.roll());
        let victim = &self.tablets[other].device;
        let author = Author { person: victim.person.person, organisation: victim.person.organisation.clone() };
        let framed = wire::forged(self.team, victim.id, &author, &words, &self.tablets[who].key);
        let dies = self.dies();
        let Some(answer) = self.asks_as(who, &wire::push(framed), dies) else {
            return self.notes("backend dies", "at a forgery");
        };
        let reply: PushReply = serde_json::from_slice(&answer.body).expect("a reply");
        assert!(reply.receipts.is_empty() && reply.refused.len() == 1, "a forged record was taken: {reply:?}");
        self.notes("forges", who);
    }

    /// Counts of a visit that stays on its tablet: some are sent again, since the answer was lost.
    pub(super) fn count(&mut self, who: usize) {
        let again = self.counts.iter().copied().nth(self.dice.below(self.counts.len() + 1));
        let id = again.unwrap_or_else(|| self.dice.uuid());
        self.counts.insert(id);
        let dies = self.dies();
        match self.asks_as(who, &counts(&self.served, id), dies) {
            Some(answer) => assert!(answer.status.is_success(), "counts are taken: {}", answer.status),
            None => self.notes("backend dies", "at counts"),
        }
        self.notes("counts", id);
    }

    /// The late BOA is added; after that somebody may lose a stream.
    pub(super) fn change_team(&mut self) {
        if !self.late_is_there {
            let device = self.tablets[LATE].device.id;
            let add = AddMember { inspection: self.inspection, device };
            let dies = self.dies();
            let added = self.tablets[OPENER].does(dies, |tablet| tablet.app.add_member(add));
            match added {
                Some(added) => {
                    added.expect("their card is known");
                    self.late_is_there = true;
                    self.notes("is added late", LATE);
                }
                None => self.notes("dies while writing", OPENER),
            }
            return;
        }
        match self.withdraws.take() {
            Some(Withdrawn::Removed) => self.remove(INSPECTOR),
            Some(Withdrawn::NoOfficer) => {
                let card = PersonCard { role: Role::Inspector, ..self.people[LATE].clone() };
                self.served.state().storage.put_person(&card).expect("a person is changed");
                self.withdrawn = Some(Withdrawn::NoOfficer);
                self.notes("loses the closed stream", LATE);
            }
            None => {}
        }
    }

    fn remove(&mut self, who: usize) {
        let person = self.people[who].person;
        let opener = &mut self.tablets[OPENER];
        opener.app.lock(Nothing {}).expect("an app can be locked");
        let mut store = opener.store();
        let author = &opener.device.person;
        let author = Author { person: author.person, organisation: author.organisation.clone() };
        let stamp = veldboek_domain::Clock::stamp(&*opener.clock);
        let body = Body::MemberRemoved { person, reason: "andere taak".to_owned() };
        let mut writer = store.writer(self.team).expect("it can be read");
        let record = writer.write(&body, &author, stamp, Vec::new()).expect("a small record");
        store.append(&[record], None).expect("it can be written");
        drop(store);
        opener.unlocks();
        opener.gives_up();
        self.withdrawn = Some(Withdrawn::Removed);
        self.notes("is removed", who);
    }

    /// Lines die and come back; clocks are set.
    pub(super) fn other_weather(&mut self, who: usize) {
        match self.dice.below(3) {
            0 if self.cut_off.insert(who) => self.notes("is cut off", who),
            0 => {
                self.cut_off.remove(&who);
            }
            1 => {
                let hours = i64::try_from(self.dice.below(60)).expect("a small number") - 30;
                self.tablets[who].clock.forward(TimeDelta::hours(hours));
                self.notes("clock set", who);
            }
            _ => {
                self.backend_clock.forward(TimeDelta::hours(7));
                self.notes("hours go by", "");
            }
        }
    }
}

/// The counts of one visit: one answer to a question that is counted.
pub(in crate::storm) fn counts(served: &Served, id: Uuid) -> Asked {
    let checklists = &served.state().checklists;
    let counted =
        checklists.iter().filter(|checklist| checklist.outgoing() == Outgoing::Counts).find_map(|checklist| {
            let question = checklist.questions().find(|question| question.counted && !question.options.is_empty())?;
            Some((checklist, question))
        });
    let (checklist, question) = counted.expect("a checklist of which only counts go out");
    let option = question.options.first().map(|option| option.code.clone());
    let sent = CountsSent {
        id,
        checklist: checklist.id().to_owned(),
        version: checklist.version().to_owned(),
        month: "2026-03".to_owned(),
        lines: vec![CountLine { question: question.id.clone(), option, number: None }],
    };
    Asked::json("/v1/tellingen", &sent)
}
