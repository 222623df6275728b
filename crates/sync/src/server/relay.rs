//! Records of one device, brought by another: a hand-over reached a colleague, and the tablet that wrote them may never
//! come back.
//!
//! Such records keep their author and their device, and nothing of them rests on the word of who brings them: the
//! signed head must be of the device that wrote them, and every record must lie on the way back from that head. What can't
//! be shown so, a record that is withheld included, is not taken from somebody else: its own device may still have it.
//! Both people must have the right to the stream: the one who wrote and the one who brings. Who was added to the
//! team in these very records counts as in it.

use std::collections::BTreeMap;

use veldboek_domain::roles::may_use_stream;
use veldboek_domain::{Body, ChainHead, ChainId, StreamKind};

use super::{Incoming, Ledger, Peer, StreamInfo, Taker, opens_team};
use crate::wire::Refusal;

/// The chains of a batch in the order in which they are taken. A controle's closed streams can be opened by whoever takes
/// part in it, so its team stream goes first; and what others wrote may make this person part of it.
pub(super) fn in_order<L: Ledger>(
    ledger: &L,
    peer: &Peer,
    chains: BTreeMap<ChainId, Vec<Incoming>>,
) -> Result<Vec<(ChainId, Vec<Incoming>)>, L::Error> {
    let mut ranked = Vec::with_capacity(chains.len());
    for (chain, incoming) in chains {
        let rank = match (opens_team(&incoming), chain.device == peer.device) {
            (true, _) => 0,
            (false, true) => 3,
            (false, false) => match ledger.stream(chain.stream)? {
                Some(info) if info.kind == StreamKind::Team => 1,
                _ => 2,
            },
        };
        ranked.push((rank, chain, incoming));
    }
    ranked.sort_by_key(|(rank, ..)| *rank);
    Ok(ranked.into_iter().map(|(_, chain, incoming)| (chain, incoming)).collect())
}

impl<L: Ledger> Taker<'_, L> {
    /// Whether another device wrote this chain than the one that brings it.
    pub(super) fn is_relayed(&self) -> bool {
        self.chain.device != self.peer.device
    }

    /// What lies on the way back from the signed head; the rest is refused.
    pub(super) fn only_covered(&mut self, incoming: Vec<Incoming>, head: Option<ChainHead>) -> Vec<Incoming> {
        let mut next = head.map(|head| head.record);
        let mut covered = Vec::with_capacity(incoming.len());
        for one in incoming.into_iter().rev() {
            let is_next = Some(one.id()) == next && matches!(one, Incoming::Whole(_));
            if is_next {
                next = one.prev();
                covered.push(one);
            } else {
                self.refuse(one.id(), Refusal::Signature);
            }
        }
        covered.reverse();
        covered
    }

    /// Whether the person who brings the records may use their stream.
    pub(super) fn may_bring(&self, info: &StreamInfo, incoming: &[Incoming]) -> Result<bool, L::Error> {
        let member = self.ledger.is_member(info.inspection, self.peer.person)?
            || (info.kind == StreamKind::Team && incoming.iter().any(|one| self.adds_who_brings(one)));
        Ok(may_use_stream(&info.kind, self.peer.role, &self.peer.organisation, member))
    }

    fn adds_who_brings(&self, one: &Incoming) -> bool {
        match one {
            Incoming::Whole(record) => {
                matches!(record.body(), Some(Body::MemberAdded { member }) if member.person == self.peer.person)
            }
            Incoming::Withheld(_) => false,
        }
    }
}
