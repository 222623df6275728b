//! Invented people, controles and codes to show the program with. Passwords and codes are new at every start.

use chrono::{DateTime, Duration, FixedOffset, NaiveTime, TimeZone};
use serde::Serialize;
use veldboek_domain::{Author, InspectionId, PersonCard, PersonId, Role};

use crate::api::{code_hash, enrolment_code};
use crate::desk::plan::{Plan, PlanRequest, open};
use crate::identity::spoken;
use crate::password;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::{Account, ListFilter, StorageError};

/// What was made, for who started the backend to show. It is kept nowhere else.
#[derive(Clone, Serialize)]
pub struct Demo {
    /// Accounts at the desk.
    pub accounts: Vec<NewAccount>,
    /// Enrolment codes, one for each person in the field.
    pub codes: Vec<NewCode>,
}

/// An account at the desk.
#[derive(Clone, Serialize)]
pub struct NewAccount {
    /// The account's name.
    pub name: String,
    /// Its password.
    pub password: String,
    /// Whose it is.
    pub person: String,
    /// What they are.
    pub role: &'static str,
}

/// An enrolment code.
#[derive(Clone, Serialize)]
pub struct NewCode {
    /// To type on the device.
    pub code: String,
    /// For whom.
    pub person: String,
    /// What they are.
    pub function: String,
}

/// Why a demonstration could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A password.
    #[error(transparent)]
    Password(#[from] password::UnusablePassword),
    /// A controle that can't be planned.
    #[error("a controle can't be planned: {}", .0.kind().title())]
    Plan(Problem),
}

impl From<Problem> for DemoError {
    fn from(problem: Problem) -> Self {
        Self::Plan(problem)
    }
}

/// The first account of a backend without any people, so that somebody can add them. None when there are people. Blocks.
///
/// # Errors
/// [`DemoError`].
pub fn first_administrator(state: &AppState) -> Result<Option<NewAccount>, DemoError> {
    if !state.storage.people()?.is_empty() {
        return Ok(None);
    }
    let card = PersonCard {
        person: PersonId::new(state.clock.as_ref(), state.entropy.as_ref()),
        name: "Beheerder".to_owned(),
        organisation: "nhveilig".into(),
        organisation_name: "NHVeilig".to_owned(),
        function: "beheerder".to_owned(),
        role: Role::Administrator,
        pass_number: String::new(),
        partner: String::new(),
    };
    state.storage.put_person(&card)?;
    account(state, &card, "beheerder").map(Some)
}

/// Name, organisation and its name, function, role, pass number, partner, and the account's name for who works at the desk.
type Person =
    (&'static str, &'static str, &'static str, &'static str, Role, &'static str, &'static str, Option<&'static str>);

const PEOPLE: &[Person] = &[
    (
        "M. Dekker",
        "gm-alkmaar",
        "Gemeente Alkmaar",
        "toezichthouder bouw",
        Role::Inspector,
        "40917",
        "gemeente-bouw",
        None,
    ),
    (
        "Ș. Munteanu",
        "od-nhn",
        "Omgevingsdienst Noord-Holland Noord",
        "inspecteur milieu",
        Role::Inspector,
        "21186",
        "omgevingsdienst",
        None,
    ),
    (
        "K. de Graaf",
        "gm-alkmaar",
        "Gemeente Alkmaar",
        "BOA domein I",
        Role::InvestigatingOfficer,
        "40355",
        "gemeente-boa",
        None,
    ),
    ("J. van Kalken", "gm-alkmaar", "Gemeente Alkmaar", "coördinator", Role::Coordinator, "", "", Some("j.vankalken")),
    ("T. Oosterling", "gm-alkmaar", "Gemeente Alkmaar", "beheerder", Role::Administrator, "", "", Some("t.oosterling")),
    ("R. Visser", "agro-coaches", "Agro-coaches Noord-Holland", "agro-coach", Role::AgriCoach, "", "", None),
    (
        "E. Kuiper",
        "gm-alkmaar-bz",
        "Gemeente Alkmaar, burgerzaken",
        "adresonderzoek",
        Role::Inspector,
        "40881",
        "gemeente-brp",
        None,
    ),
];

/// Time, street and number, town, municipality, latitude and longitude: invented streets in route order.
type Stop = ((u32, u32), &'static str, &'static str, &'static str, (f64, f64));

const ROUTE: &[Stop] = &[
    ((9, 30), "Grutterskade 3", "Oterleek", "Dijk en Waard", (52.6342, 4.8271)),
    ((11, 15), "Molenkroftweg 27a", "Stompetoren", "Alkmaar", (52.6138, 4.8219)),
    ((13, 30), "Kraaienhofsweg 12", "De Rijp", "Alkmaar", (52.5581, 4.8364)),
    ((15, 0), "Blauwe Keetweg 21", "Grootschermer", "Alkmaar", (52.5873, 4.8642)),
    ((16, 0), "Westerwiekdijk 9", "Zuidschermer", "Alkmaar", (52.5762, 4.7951)),
    ((16, 45), "Lage Haverlandweg 5", "Driehuizen", "Alkmaar", (52.5694, 4.8077)),
];

/// How long the codes can be used.
const CODE: Duration = Duration::days(2);
const CHECKLIST: &str = "vb-ic";
/// So many of the people go on today's controles.
const TEAM: usize = 3;

/// Puts people, today's controles and codes in. Blocks. What is there from an earlier start stays.
///
/// # Errors
/// [`DemoError`].
pub fn fill(state: &AppState) -> Result<Demo, DemoError> {
    let storage = state.storage.as_ref();
    let known = storage.people()?;
    let mut people = Vec::new();
    let mut demo = Demo { accounts: Vec::new(), codes: Vec::new() };
    for person in PEOPLE {
        let card = card(state, &known, person);
        storage.put_person(&card)?;
        match person.7 {
            Some(name) => demo.accounts.push(account(state, &card, name)?),
            None => demo.codes.push(code(state, &card)?),
        }
        people.push(card);
    }
    plan_today(state, &people)?;
    Ok(demo)
}

fn card(state: &AppState, known: &[PersonCard], person: &Person) -> PersonCard {
    let (name, organisation, organisation_name, function, role, pass_number, partner, _) = *person;
    let before = known.iter().find(|card| card.name == name).map(|card| card.person);
    PersonCard {
        person: before.unwrap_or_else(|| PersonId::new(state.clock.as_ref(), state.entropy.as_ref())),
        name: name.to_owned(),
        organisation: organisation.into(),
        organisation_name: organisation_name.to_owned(),
        function: function.to_owned(),
        role,
        pass_number: pass_number.to_owned(),
        partner: partner.to_owned(),
    }
}

/// Gives a person an account with a random password.
pub(crate) fn account(state: &AppState, card: &PersonCard, name: &str) -> Result<NewAccount, DemoError> {
    let password = spoken(state.entropy.as_ref(), 12);
    let hash = password::hash(&password, state.entropy.as_ref())?;
    state.storage.put_account(name, &Account { person: card.person, password: hash })?;
    Ok(NewAccount { name: name.to_owned(), password, person: card.name.clone(), role: card.role.label() })
}

fn code(state: &AppState, card: &PersonCard) -> Result<NewCode, DemoError> {
    let code = enrolment_code(state);
    let until = (state.now() + CODE).timestamp_millis();
    state.storage.put_code(code_hash(&code), card.person, until)?;
    Ok(NewCode { code, person: card.name.clone(), function: card.function.clone() })
}

fn plan_today(state: &AppState, people: &[PersonCard]) -> Result<Vec<InspectionId>, DemoError> {
    let now = state.now();
    let (rows, _) = state.storage.list(&ListFilter { limit: u64::from(u32::MAX), ..ListFilter::default() })?;
    let is_today = |ms: i64| {
        DateTime::from_timestamp_millis(ms)
            .is_some_and(|at| at.with_timezone(now.offset()).date_naive() == now.date_naive())
    };
    if rows.iter().any(|row| row.planned_at.is_some_and(is_today)) {
        return Ok(Vec::new());
    }
    let coordinator = people.iter().find(|card| card.role.reviews()).expect("the demonstration has a coordinator");
    let author = Author { person: coordinator.person, organisation: coordinator.organisation.clone() };
    let team = people.iter().filter(|card| card.role.inspects()).take(TEAM);
    let team: Vec<_> = team.map(|card| card.person.0).collect();
    let mut planned = Vec::new();
    for (time, line, town, municipality, position) in ROUTE {
        let request = PlanRequest {
            address: (*line).to_owned(),
            postcode: String::new(),
            town: (*town).to_owned(),
            municipality: (*municipality).to_owned(),
            position: Some(*position),
            planned_at: at(now, *time),
            checklist: CHECKLIST.to_owned(),
            team: team.clone(),
        };
        let plan = Plan::check(request, &state.checklists, people, coordinator.organisation.clone())?;
        planned.push(open(state, &plan, &author)?.0);
    }
    Ok(planned)
}

/// This time of today; now, in the hour that a change of summer time skips.
fn at(now: DateTime<FixedOffset>, (hour, minute): (u32, u32)) -> DateTime<FixedOffset> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).expect("the route has times of a day");
    now.offset().from_local_datetime(&now.date_naive().and_time(time)).single().unwrap_or(now)
}
