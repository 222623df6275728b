//! Writing help for authors of checklists: check, preview, compare and import.
//!
//! Stands on the domain and on [`veldboek_checklist`], which alone decides what a checklist is: nothing here has an
//! opinion of its own about what may stand in one. The program is `veldboek-checklist`, reached by
//! `cargo xtask checklist`; start at [`command::run`].

pub mod check;
pub mod command;
pub mod diff;
pub mod files;
pub mod import;
pub mod preview;
pub mod rules;
pub mod wording;
pub mod xpath;
