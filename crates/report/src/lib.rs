//! The controlerapport as an archival (PDF/A-2a) and accessible (PDF/UA-1) document.

pub mod model;

pub use model::ReportModel;
