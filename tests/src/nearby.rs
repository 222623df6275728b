//! Two tablets side by side: what their people do on the screen for another device nearby.

use std::time::Duration;

use veldboek_app::api::*;
use veldboek_app::{App, AppError};
use veldboek_domain::InspectionId;

use crate::until;

/// How long anything between two tablets may take in a story.
pub const SOON: Duration = Duration::from_secs(120);

/// What the screen shows now.
///
/// # Panics
/// When the app does not say.
pub fn state(app: &App) -> NearbyView {
    app.nearby_state(Nothing {}).expect("it can always be asked")
}

/// Waits until the screen is at a stage.
///
/// # Panics
/// When it does not come there.
pub fn reaches(app: &App, stage: NearbyStage) -> NearbyView {
    until(&format!("{stage:?}"), SOON, || {
        let view = state(app);
        let is_over = view.problem.is_some() && stage != NearbyStage::Ended;
        assert!(!is_over, "waited for {stage:?}: {view:?}");
        (view.stage == stage).then_some(view)
    })
}

/// Opens the screen, and gives the address that it shows.
///
/// # Panics
/// When the tablet can't listen.
pub fn listens(app: &App) -> String {
    let view = app.nearby_open(Nothing {}).expect("an enrolled tablet can listen");
    view.addresses.first().expect("it says where it listens").clone()
}

/// Types the address that another screen shows.
///
/// # Errors
/// What the app says.
pub fn types(app: &App, address: &str) -> Result<NearbyView, AppError> {
    app.nearby_connect(NearbyConnect::Address { address: address.to_owned() })
}

/// Both screens are open, one types the other's address, and both show a code. Gives what they show.
///
/// # Panics
/// When they do not come there.
pub fn meet(opener: &App, answerer: &App) -> (NearbyView, NearbyView) {
    let address = listens(answerer);
    listens(opener);
    types(opener, &address).expect("the other one listens");
    (reaches(opener, NearbyStage::Comparing), reaches(answerer, NearbyStage::Comparing))
}

/// Both people say that the codes are the same. Gives what there is to choose on each side.
///
/// # Panics
/// When they do not come there.
pub fn agree(one: &App, other: &App) -> (NearbyView, NearbyView) {
    one.nearby_compare(NearbyCompare { same: true }).expect("there is somebody");
    other.nearby_compare(NearbyCompare { same: true }).expect("there is somebody");
    (reaches(one, NearbyStage::Choosing), reaches(other, NearbyStage::Choosing))
}

/// One of them starts the exchange, and both end it. Gives what came of it on each side.
///
/// # Panics
/// When they do not come there.
pub fn exchange(one: &App, other: &App, inspections: Vec<InspectionId>) -> (NearbyOutcome, NearbyOutcome) {
    one.nearby_start(NearbyStart { inspections }).expect("there is somebody");
    let outcome = |app| reaches(app, NearbyStage::Done).outcome.expect("it ended");
    (outcome(one), outcome(other))
}

/// All of it, from opening the screen to the end, for everything that both may have.
///
/// # Panics
/// When they do not come there.
pub fn exchange_everything(opener: &App, answerer: &App) -> (NearbyOutcome, NearbyOutcome) {
    meet(opener, answerer);
    let (view, _) = agree(opener, answerer);
    exchange(opener, answerer, view.inspections.iter().map(|one| one.inspection).collect())
}

/// The screen is closed.
///
/// # Panics
/// Never: it can always be closed.
pub fn closes(app: &App) {
    app.nearby_close(Nothing {}).expect("it can always be closed");
}
