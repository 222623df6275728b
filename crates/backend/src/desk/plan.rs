//! Planning a controle from the desk: the records with which it begins.

use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use veldboek_checklist::{Checklist, Family, Outgoing, first_items, newest};
use veldboek_domain::record::{ChecklistRef, Opening};
use veldboek_domain::region::municipality;
use veldboek_domain::{
    Address, Author, Body, Clock, Entropy, Field, InspectionId, OrganisationCode, PersonCard, Point, PointSource,
    RegisterKey, StreamId, StreamKind, Value,
};

use crate::problem::{Kind, Problem};
use crate::state::AppState;
use crate::storage::Planned;

/// Behind the numbers that the backend gives; never a device's two characters.
const SUFFIX: &str = "00";

/// Een controle om te plannen.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct PlanRequest {
    /// Street and number, or another description of the place.
    pub(crate) address: String,
    /// Postcode.
    #[serde(default)]
    pub(crate) postcode: String,
    /// Town.
    #[serde(default)]
    pub(crate) town: String,
    /// The responsible municipality, by name.
    pub(crate) municipality: String,
    /// Latitude and longitude (WGS84), when pointed at on a map.
    #[serde(default)]
    pub(crate) position: Option<(f64, f64)>,
    /// When.
    pub(crate) planned_at: DateTime<FixedOffset>,
    /// The checklist's id, such as `vb-ic`.
    pub(crate) checklist: String,
    /// Who goes.
    pub(crate) team: Vec<Uuid>,
}

/// A controle to be opened, with the people already looked up.
pub(crate) struct Plan {
    pub(crate) request: PlanRequest,
    pub(crate) checklist: Arc<Checklist>,
    pub(crate) municipality: &'static str,
    pub(crate) team: Vec<PersonCard>,
    pub(crate) source: OrganisationCode,
}

impl Plan {
    /// Checks a request against what the backend knows.
    ///
    /// # Errors
    /// [`Kind::IncompletePlan`] or [`Kind::UnknownPerson`].
    pub(crate) fn check(
        request: PlanRequest,
        checklists: &[Arc<Checklist>],
        people: &[PersonCard],
        source: OrganisationCode,
    ) -> Result<Self, Problem> {
        let incomplete = |reason: &'static str| Problem::new(Kind::IncompletePlan).because(reason);
        if request.address.trim().is_empty() {
            return Err(incomplete("het adres ontbreekt"));
        }
        let known = municipality(&request.municipality).ok_or_else(|| incomplete("de gemeente is onbekend"))?;
        let checklist = newest(checklists, &request.checklist).filter(|checklist| is_planned_here(checklist));
        let checklist = checklist.cloned().ok_or_else(|| incomplete("de checklist is onbekend"))?;
        if request.team.is_empty() {
            return Err(incomplete("er is niemand gekozen"));
        }
        let find = |id: &Uuid| people.iter().find(|card| card.person.0 == *id && card.role.inspects()).cloned();
        let team: Option<Vec<PersonCard>> = request.team.iter().map(find).collect();
        let team = team.ok_or(Kind::UnknownPerson)?;
        Ok(Self { municipality: known.name, request, checklist, team, source })
    }

    /// The records with which the controle begins.
    pub(crate) fn bodies(
        &self,
        inspection: InspectionId,
        number: String,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Vec<Body> {
        let request = &self.request;
        let address = Address {
            line: request.address.trim().to_owned(),
            postcode: request.postcode.clone(),
            town: request.town.clone(),
            municipality: self.municipality.to_owned(),
            ..Address::default()
        };
        let field = |field, value| Body::Written { register: RegisterKey::Inspection(field), value };
        let mut bodies = vec![
            Body::StreamOpened { inspection, stream_kind: StreamKind::Team },
            Body::InspectionOpened(Opening {
                number,
                family: family(&self.checklist).to_owned(),
                checklist: ChecklistRef {
                    id: self.checklist.id().to_owned(),
                    version: self.checklist.version().to_owned(),
                    hash: self.checklist.hash(),
                },
                source_organisation: self.source.clone(),
                responsible_municipality: self.municipality.to_owned(),
            }),
            field(Field::Address, Value::Address(address)),
            field(Field::PlannedAt, Value::DateTime(request.planned_at)),
        ];
        if let Some((lat, lon)) = request.position {
            let point = Point { lat, lon, accuracy_m: None, source: PointSource::Map };
            bodies.push(field(Field::Position, Value::Point(point)));
        }
        bodies.extend(first_items(&self.checklist, clock, entropy));
        bodies.extend(self.team.iter().map(|member| Body::MemberAdded { member: member.clone() }));
        bodies
    }
}

/// Opens a planned controle: blocks.
pub(crate) fn open(state: &AppState, plan: &Plan, author: &Author) -> Result<(InspectionId, String), Problem> {
    let stamp = state.stamp();
    let inspection = InspectionId::new(state.clock.as_ref(), state.entropy.as_ref());
    let stream = StreamId::new(state.clock.as_ref(), state.entropy.as_ref());
    let prefix = format!("{}-{}", family(&plan.checklist).to_uppercase(), stamp.at.year());
    let number = format!("{prefix}-{:04}-{SUFFIX}", state.storage.next_number(&prefix)?);
    let bodies = plan.bodies(inspection, number.clone(), state.clock.as_ref(), state.entropy.as_ref());
    let news = state.storage.plan(&state.identity.own, author, stamp, &Planned { inspection, stream, bodies })?;
    state.announce(news);
    Ok((inspection, number))
}

/// A visit that stays on its device begins there: the desk never knows of it.
pub(crate) fn is_planned_here(checklist: &Checklist) -> bool {
    checklist.outgoing() == Outgoing::Everything
}

pub(crate) fn family(checklist: &Checklist) -> &'static str {
    match checklist.family() {
        Family::Vb => "vb",
        Family::Btp => "btp",
        Family::Agro => "agro",
    }
}
