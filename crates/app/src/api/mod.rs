//! The one list of commands that every host of the field app offers, and the types that cross.
//!
//! A command takes one request and gives one response, or an [`crate::AppError`] as a code with details. Photo and
//! report bytes never cross as JSON: hosts carry them raw (see [`PhotoAdd`] and [`ReportRequest`]).

mod clearing;
mod commands;
mod handover;
mod history;
mod inspection;
mod nearby;
mod presence;
mod report;
mod session;
mod sync;
mod version;
mod work;
mod writing;

pub use clearing::*;
pub use handover::*;
pub use history::*;
pub use inspection::*;
pub use nearby::*;
pub use presence::*;
pub use report::*;
pub use session::*;
pub use sync::*;
pub use version::*;
pub use work::*;
pub use writing::*;
