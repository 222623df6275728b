//! The one list of commands that every host of the field app offers, and the types that cross.
//!
//! A command takes one request and gives one response, or an [`crate::AppError`] as a code with details. Photo and
//! report bytes never cross as JSON: hosts carry them raw (see [`PhotoAdd`] and [`ReportRequest`]).

mod inspection;
mod session;
mod sync;
mod work;

pub use inspection::*;
pub use session::*;
pub use sync::*;
pub use work::*;

/// Calls the given macro with every command: `name: Request => Response`.
///
/// A host that implements this list implements all of it, or does not compile.
#[macro_export]
macro_rules! commands {
    ($host:ident) => {
        $host! {
            status: Nothing => AppStatus,
            enrol: EnrolDevice => AppStatus,
            unlock: Unlock => AppStatus,
            lock: Nothing => AppStatus,
            stop_card: Nothing => StopCard,
            settings: Nothing => Settings,
            change_settings: Settings => Settings,
            reference: Nothing => Reference,
            today: Nothing => Today,
            search: Search => Vec<InspectionRow>,
            checklists: Nothing => Vec<ChecklistRow>,
            plan_inspection: PlanInspection => Opened,
            open_inspection: OpenInspection => InspectionView,
            write: Write => Kept,
            add_item: AddItem => ItemAdded,
            withdraw_item: WithdrawItem => InspectionView,
            switch_regime: SwitchRegime => InspectionView,
            photo_pending: PhotoPending => ItemAdded,
            sign: Sign => InspectionView,
            close: CloseInspection => InspectionView,
            reopen: Reopen => InspectionView,
            press_stop: PressStop => Stopped,
            end_stop: EndStop => Nothing,
            report: ReportRequest => ReportMade,
            timeline: OpenInspection => Vec<TimelineEntry>,
            differences: OpenInspection => Vec<DifferenceView>,
            sync_now: Nothing => SyncView,
            sync_state: Nothing => SyncView,
        }
    };
}
