//! What this device holds, for an exchange with one nearby: given and taken by the same code as a file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};

use veldboek_domain::{DeviceCertificate, Digest, InspectionId};
use veldboek_store::{Store, StoreError};
use veldboek_sync::envelope::{FORMAT, Preamble};
use veldboek_sync::exchange::{Offer, OfferedPhoto, PeerHolds};
use veldboek_sync::nearby::Signing;
use veldboek_sync::nearby::message::Shared;
use veldboek_sync::nearby::talk::{Gift, Holdings, Taken};
use veldboek_sync::receipt::public_key;
use veldboek_sync::wire::{MAX_PREVIEW_BYTES, RawRecord};

use crate::api::{Event, HandoverReceived, HandoverRequest, NearbyOutcome};
use crate::app::App;
use crate::error::AppError;
use crate::handover::HandoverError;
use crate::handover::give::{offer, photos, shared};
use crate::handover::take::{take_records, title, unreadable_photo, wanted_photos};
use crate::replica::chain_end;

/// How many controles are compared at most: with what is held of each, they fit in one message.
const MOST_SHARED: usize = 300;

/// Gives the conversation the app's storage, call by call, so that a screen never waits for the line.
#[derive(Debug)]
pub(crate) struct AppHoldings {
    app: Weak<App>,
    outcome: NearbyOutcome,
    /// Controles of which nothing was taken so far, since the giver is not in their team.
    not_in_team: BTreeSet<InspectionId>,
}

impl AppHoldings {
    pub(crate) fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::downgrade(app), outcome: NearbyOutcome::default(), not_in_team: BTreeSet::new() }
    }

    /// What came so far.
    pub(crate) fn outcome(&self) -> NearbyOutcome {
        NearbyOutcome { not_in_team: u32::try_from(self.not_in_team.len()).unwrap_or(u32::MAX), ..self.outcome.clone() }
    }

    /// An app that is gone is as good as a locked one.
    fn app(&self) -> Result<Arc<App>, AppError> {
        self.app.upgrade().ok_or(AppError::Locked)
    }

    fn note(&mut self, received: HandoverReceived) {
        self.outcome.records += received.records;
        self.outcome.answers += received.answers;
        self.outcome.has_gaps |= received.has_gaps;
        self.outcome.not_taken.extend(received.not_taken);
    }
}

impl Holdings for AppHoldings {
    type Error = AppError;

    fn shared(&mut self, peer: &DeviceCertificate) -> Result<Vec<Shared>, AppError> {
        let app = self.app()?;
        let today = app.now().format("%Y-%m-%d").to_string();
        let likely = app.with(|session| likely(&session.store, &peer.person_name, &today))?;
        let mut both = Vec::new();
        for inspection in likely {
            both.extend(app.with(|session| held(&session.store, inspection, peer))?);
            if both.len() == MOST_SHARED {
                break;
            }
        }
        Ok(both)
    }

    fn gift(
        &mut self,
        peer: &DeviceCertificate,
        inspection: InspectionId,
        holds: &PeerHolds,
    ) -> Result<Gift, AppError> {
        self.app()?.with(|session| {
            let store = &session.store;
            let (state, _) = store.inspection(inspection)?;
            let streams = shared(store, inspection, &state, peer)?;
            let request = HandoverRequest { inspection, device: peer.device, everything: false };
            let (offer, records) = offer(store, request, &streams, &state, Some(holds))?;
            let signing = Signing { device: store.device().id, key: store.device().key()? };
            Ok(Gift { offer, records, signing: Some(signing) })
        })
    }

    fn take(&mut self, peer: &DeviceCertificate, offer: &Offer, raw: Vec<RawRecord>) -> Result<Taken, AppError> {
        let app = self.app()?;
        let (inspection, now) = (offer.inspection, app.now());
        let taken = app.with(|session| {
            let device = session.store.device();
            let backend_key = public_key(&device.backend_key)
                .ok_or_else(|| AppError::Internal("the backend's key can't be read".to_owned()))?;
            let (giver, receiver) = (peer.clone(), device.id);
            let preamble = Preamble { format: FORMAT, giver, receiver, at: now, offer: offer.clone() };
            take_records(session, &preamble, raw, &backend_key, now)
        });
        match taken {
            Ok(received) => {
                self.not_in_team.remove(&inspection);
                self.note(received);
                app.tell(&Event::InspectionChanged { inspection });
                Ok(Taken::Kept)
            }
            Err(AppError::Handover(HandoverError::GiverNotInTeam)) => {
                self.not_in_team.insert(inspection);
                Ok(Taken::NotYet)
            }
            Err(error) => Err(error),
        }
    }

    fn missing(&mut self, offer: &Offer) -> Result<Vec<OfferedPhoto>, AppError> {
        let mut wanted = self.app()?.with(|session| wanted_photos(&session.store, offer.inspection))?;
        Ok(offer.photos.iter().copied().filter(|photo| wanted.remove(&photo.sha256)).collect())
    }

    fn has_preview(&mut self, photo: &Digest) -> Result<bool, AppError> {
        self.app()?.with(|session| Ok(session.store.thumb(photo)?.is_some()))
    }

    fn preview(&mut self, photo: &Digest) -> Result<Vec<u8>, AppError> {
        let jpeg = self.app()?.with(|session| Ok(session.store.thumb(photo)?))?;
        Ok(jpeg.filter(|jpeg| jpeg.len() <= MAX_PREVIEW_BYTES).unwrap_or_default())
    }

    fn keep_preview(&mut self, photo: &Digest, jpeg: &[u8]) -> Result<(), AppError> {
        let app = self.app()?;
        // Made anew from its pixels: what somebody else's device sent is shown, not kept as it came.
        let Some(thumb) = crate::photos::thumb(jpeg) else { return Ok(()) };
        app.with(|session| Ok(session.store.receive_thumb(photo, &thumb)?))?;
        app.photo_changed(photo)
    }

    fn photo(&mut self, photo: &Digest) -> Result<Option<Vec<u8>>, AppError> {
        self.app()?.with(|session| match session.store.photo(photo) {
            Err(StoreError::PhotoMissing { .. } | StoreError::PhotoDamaged { .. }) => Ok(None),
            bytes => Ok(Some(bytes?)),
        })
    }

    fn parts(&mut self, photo: &Digest) -> Result<Vec<u8>, AppError> {
        self.app()?.with(|session| Ok(session.store.photo_parts(photo)?))
    }

    fn keep_part(&mut self, photo: &Digest, from: u64, bytes: &[u8]) -> Result<(), AppError> {
        self.app()?.with(|session| match session.store.keep_photo_part(photo, from, bytes) {
            // A part saves bytes after a cut; without room for it the photo may still come whole.
            Err(StoreError::Full) => Ok(()),
            kept => Ok(kept?),
        })
    }

    fn keep_photo(&mut self, photo: &Digest, bytes: &[u8]) -> Result<bool, AppError> {
        let app = self.app()?;
        if !app.keep_handed_photo(photo, bytes)? {
            app.with(|session| Ok(session.store.drop_photo_parts(photo)?))?;
            self.gone(photo)?;
            return Ok(false);
        }
        self.outcome.photos += 1;
        app.photo_changed(photo)?;
        Ok(true)
    }

    fn gone(&mut self, photo: &Digest) -> Result<(), AppError> {
        self.outcome.not_taken.push(unreadable_photo(photo));
        Ok(())
    }
}

impl App {
    /// Something of a photo came: who looks at its controle sees it.
    fn photo_changed(&self, photo: &Digest) -> Result<(), AppError> {
        for inspection in self.with(|session| Ok(session.store.inspections_of_photo(photo)?))? {
            self.tell(&Event::InspectionChanged { inspection });
        }
        Ok(())
    }
}

/// Controles in whose team somebody may be, the likeliest first: the day's work, those whose line in the list is behind,
/// and those with the name in the list. Whether they are, their records say.
fn likely(store: &Store, name: &str, today: &str) -> Result<Vec<InspectionId>, AppError> {
    let named = store.list()?.into_iter().filter(|(_, summary)| summary.team.iter().any(|member| member == name));
    let todays = store.work_until(today)?.into_iter();
    let in_order = todays.map(|(inspection, _)| inspection).chain(store.stale()?).chain(named.map(|(one, _)| one));
    let mut known = BTreeSet::new();
    Ok(in_order.filter(|inspection| known.insert(*inspection)).collect())
}

/// What is held here of a controle that both may have; none when the other may not have it.
fn held(store: &Store, inspection: InspectionId, peer: &DeviceCertificate) -> Result<Option<Shared>, AppError> {
    let (state, _) = store.inspection(inspection)?;
    let streams = match shared(store, inspection, &state, peer) {
        Ok(streams) => streams,
        Err(AppError::Handover(_) | AppError::NotAllowed | AppError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut holds = PeerHolds { ends: BTreeMap::new(), photos: Vec::new() };
    for row in &streams {
        let mut ends: Vec<_> = store.ends(row.stream)?.iter().map(chain_end).collect();
        ends.sort_by_key(|end| (end.device, end.epoch, end.seq, end.record));
        holds.ends.insert(row.stream, ends);
    }
    holds.photos = photos(store, inspection, &streams)?.into_iter().map(|photo| photo.sha256).collect();
    holds.photos.sort();
    let number = state.opening().map(|opening| opening.number.clone()).unwrap_or_default();
    Ok(Some(Shared { inspection, number, title: title(&state), holds }))
}
