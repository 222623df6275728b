//! Writing help for authors of checklists: check, preview, compare and import.
//!
//! Stands on the domain and on [`veldboek_checklist`], which alone decides what a checklist is: nothing here has an
//! opinion of its own about what may stand in one. The program is `veldboek-checklist`, reached by
//! `cargo xtask checklist`.

pub mod import;
pub mod xpath;
